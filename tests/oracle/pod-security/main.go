// Command pod-security says what Pod Security Admission's own checks say of pods.
//
// It reads pods from standard input, one JSON object a line, and writes one JSON object a line: level, then
// version, then the id of each failing check with its detail. A version whose verdicts are those of the version
// before it is left out.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"reflect"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

const newest = 37

// Verdicts are the details of the failing checks, by check id.
type verdicts map[policy.CheckID]string

func main() {
	checks := policy.DefaultChecks()
	if len(policy.ExperimentalChecks()) > 0 {
		log.Fatal("there are checks that belong to no version yet")
	}
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	decoder := json.NewDecoder(in)
	encoder := json.NewEncoder(out)
	for decoder.More() {
		var pod corev1.Pod
		if err := decoder.Decode(&pod); err != nil {
			log.Fatal(err)
		}
		defaultVolumes(&pod.Spec)
		answer := map[api.Level]map[string]verdicts{}
		for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
			answer[level] = map[string]verdicts{}
			var last verdicts
			for minor := 0; minor <= newest; minor++ {
				found := evaluate(checks, level, api.MajorMinorVersion(1, minor), &pod)
				if last == nil || !reflect.DeepEqual(found, last) {
					answer[level][fmt.Sprintf("v1.%d", minor)] = found
				}
				last = found
			}
		}
		if err := encoder.Encode(answer); err != nil {
			log.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

// Evaluate tells the failing checks. The registry forgets ids, so each check is asked alone; which checks count,
// and that none is missed, is held against the registry's own answer.
func evaluate(checks []policy.Check, level api.Level, version api.Version, pod *corev1.Pod) verdicts {
	active := map[policy.CheckID]policy.VersionedCheck{}
	overridden := map[policy.CheckID]bool{}
	for _, check := range checks {
		if check.Level == api.LevelRestricted && level == api.LevelBaseline {
			continue
		}
		for _, versioned := range check.Versions {
			if !version.Older(versioned.MinimumVersion) {
				active[check.ID] = versioned
			}
		}
		for _, id := range active[check.ID].OverrideCheckIDs {
			overridden[id] = true
		}
	}
	found := verdicts{}
	for id, check := range active {
		if result := check.CheckPod(&pod.ObjectMeta, &pod.Spec); !overridden[id] && !result.Allowed {
			found[id] = result.ForbiddenDetail
		}
	}
	refused := 0
	for _, result := range whole.EvaluatePod(api.LevelVersion{Level: level, Version: version}, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			refused++
		}
	}
	if refused != len(found) {
		log.Fatalf("%s at %s: %d checks fail, the registry says %d", level, version.String(), len(found), refused)
	}
	return found
}

var whole = registry()

func registry() policy.Evaluator {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		log.Fatal(err)
	}
	return evaluator
}

// The API server makes a volume without a source an emptyDir before admission sees it.
func defaultVolumes(spec *corev1.PodSpec) {
	for i := range spec.Volumes {
		if reflect.DeepEqual(spec.Volumes[i].VolumeSource, corev1.VolumeSource{}) {
			spec.Volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
}

// Command bench says how long others take for a verdict on the pods that podgate's own benchmark judges.
//
//	go run . [-rounds N] BUNDLE… -- POD.json…
//
// A bundle is a directory that `podgate export opa-bundle` wrote; OPA's Go SDK evaluates it, prepared once, on input
// that is parsed already. After the bundles comes the evaluator of Pod Security Admission. It prints the least time
// of one evaluation in microseconds.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type candidate struct {
	name string
	run  func() (findings int)
}

func main() {
	rounds := flag.Int("rounds", 2000, "how often each is tried")
	flag.Parse()
	at := slices.Index(flag.Args(), "--")
	if at < 0 {
		log.Fatal("no `--` between the bundles and the pods")
	}
	candidates := candidates(flag.Args()[:at], flag.Args()[at+1:])
	least := make([]time.Duration, len(candidates))
	findings := make([]int, len(candidates))
	for round := range *rounds {
		for i, candidate := range candidates {
			start := time.Now()
			findings[i] = candidate.run()
			if took := time.Since(start); round == 0 || took < least[i] {
				least[i] = took
			}
		}
	}
	for i, candidate := range candidates {
		fmt.Printf("%10.1f µs  %3d findings  %s\n", float64(least[i].Nanoseconds())/1000, findings[i], candidate.name)
	}
}

func candidates(bundles, pods []string) (all []candidate) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, file := range pods {
		text, err := os.ReadFile(file)
		if err != nil {
			log.Fatal(err)
		}
		for _, bundle := range bundles {
			all = append(all, candidate{fmt.Sprintf("OPA, %v, %v", bundle, file), opa(bundle, text)})
		}
		var pod corev1.Pod
		if err := json.Unmarshal(text, &pod); err != nil {
			log.Fatal(err)
		}
		for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
			asked := api.LevelVersion{Level: level, Version: api.LatestVersion()}
			run := func() (failing int) {
				for _, result := range evaluator.EvaluatePod(asked, &pod.ObjectMeta, &pod.Spec) {
					if !result.Allowed {
						failing++
					}
				}
				return failing
			}
			all = append(all, candidate{fmt.Sprintf("Pod Security Admission, %v, %v", level, file), run})
		}
	}
	return all
}

func opa(bundle string, pod []byte) func() int {
	ctx := context.Background()
	query, err := rego.New(rego.Query("data.podgate.main.violations"), rego.LoadBundle(bundle)).PrepareForEval(ctx)
	if err != nil {
		log.Fatal(err)
	}
	var object any
	if err := json.Unmarshal(pod, &object); err != nil {
		log.Fatal(err)
	}
	input := ast.MustInterfaceToValue(object)
	return func() int {
		results, err := query.Eval(ctx, rego.EvalParsedInput(input))
		if err != nil {
			log.Fatal(err)
		}
		found, _ := results[0].Expressions[0].Value.([]any)
		return len(found)
	}
}

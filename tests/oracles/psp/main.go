// The admission plugin PodSecurityPolicy of Kubernetes 1.24, asked about one pod at a time.
//
// Each line of standard input is an object with a PodSecurityPolicy (`psp`) and a pod (`pod`). Each line of
// standard output says whether the plugin would have admitted the pod under that policy alone, after setting the
// fields that the policy sets, and if not, why.
//
// `go build -o psp-oracle .` here makes it, and with PODGATE_PSP_ORACLE set to its path the tests in
// `tests/tests/psp.rs` ask it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	policyv1beta1 "k8s.io/api/policy/v1beta1"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/apis/core/install"
	corev1defaults "k8s.io/kubernetes/pkg/apis/core/v1"
	policydefaults "k8s.io/kubernetes/pkg/apis/policy/v1beta1"
	"k8s.io/kubernetes/pkg/security/podsecuritypolicy"

	"k8s.io/apimachinery/pkg/runtime"
)

type question struct {
	PSP policyv1beta1.PodSecurityPolicy `json:"psp"`
	Pod corev1.Pod                      `json:"pod"`
}

type answer struct {
	Admitted bool     `json:"admitted"`
	Reasons  []string `json:"reasons"`
}

func ask(scheme *runtime.Scheme, line []byte) (answer, error) {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{}, err
	}
	policydefaults.SetDefaults_PodSecurityPolicySpec(&asked.PSP.Spec)
	corev1defaults.SetObjectDefaults_Pod(&asked.Pod)
	var pod core.Pod
	if err := scheme.Convert(&asked.Pod, &pod, nil); err != nil {
		return answer{}, err
	}
	factory := podsecuritypolicy.NewSimpleStrategyFactory()
	provider, err := podsecuritypolicy.NewSimpleProvider(&asked.PSP, pod.Namespace, factory)
	if err != nil {
		return answer{Reasons: []string{err.Error()}}, nil
	}
	if err := provider.MutatePod(&pod); err != nil {
		return answer{Reasons: []string{err.Error()}}, nil
	}
	said := answer{Reasons: []string{}}
	for _, reason := range provider.ValidatePod(&pod) {
		said.Reasons = append(said.Reasons, reason.Error())
	}
	said.Admitted = len(said.Reasons) == 0
	return said, nil
}

func main() {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		said, err := ask(scheme, lines.Bytes())
		if err == nil {
			err = out.Encode(said)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

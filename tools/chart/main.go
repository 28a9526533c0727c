// Reads manifests from stdin by the types of Kubernetes: a field that they do not have is an error. `npm run chart` calls it.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

var makers = map[string]func() any{
	"apps/v1 Deployment":                     func() any { return &appsv1.Deployment{} },
	"autoscaling/v2 HorizontalPodAutoscaler": func() any { return &autoscalingv2.HorizontalPodAutoscaler{} },
	"batch/v1 Job":                           func() any { return &batchv1.Job{} },
	"networking.k8s.io/v1 Ingress":           func() any { return &networkingv1.Ingress{} },
	"networking.k8s.io/v1 NetworkPolicy":     func() any { return &networkingv1.NetworkPolicy{} },
	"policy/v1 PodDisruptionBudget":          func() any { return &policyv1.PodDisruptionBudget{} },
	"v1 Service":                             func() any { return &corev1.Service{} },
}

// Of Prometheus' operator, which is not part of Kubernetes.
const unread = "monitoring.coreos.com/v1 ServiceMonitor"

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	problems := 0
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		name, err := read(document)
		if err != nil {
			fmt.Printf("%s: %v\n", name, err)
			problems++
		} else if name != "" {
			fmt.Println(name)
		}
	}
	if problems > 0 {
		os.Exit(1)
	}
}

// What it is, or nothing for a document without content.
func read(document []byte) (string, error) {
	var head struct {
		APIVersion string
		Kind       string
		Metadata   struct{ Name string }
	}
	if err := yaml.Unmarshal(document, &head); err != nil {
		return string(document), err
	}
	if head.Kind == "" {
		return "", nil
	}
	kind := head.APIVersion + " " + head.Kind
	name := head.Kind + " " + head.Metadata.Name
	if kind == unread {
		return name + " (not read)", nil
	}
	makeOne, isKnown := makers[kind]
	if !isKnown {
		return name, fmt.Errorf("%s is not known to tools/chart", kind)
	}
	return name, yaml.UnmarshalStrict(document, makeOne())
}

// Judges pods the way an API server does at admission: by Kubernetes' own evaluator of Pod Security levels, and by the CEL
// expressions of a ValidatingAdmissionPolicy. Reads one JSON document, writes one.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"github.com/google/cel-go/cel"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type pod struct {
	Name string          `json:"name"`
	Spec json.RawMessage `json:"spec"`
}

type rule struct {
	Expression string `json:"expression"`
	Message    string `json:"message"`
}

type question struct {
	Version   string            `json:"version"`
	Level     string            `json:"level"`
	Variables map[string]string `json:"variables"`
	Rules     []rule            `json:"rules"`
	Pods      []pod             `json:"pods"`
}

// refusals maps the name of a pod to why it is refused.
type answer struct {
	PodSecurity map[string][]string `json:"podSecurity"`
	Policy      map[string][]string `json:"policy"`
}

func main() {
	if err := judge(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func judge() error {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		return err
	}
	found := answer{PodSecurity: map[string][]string{}, Policy: map[string][]string{}}
	for _, each := range asked.Pods {
		reasons, err := podSecurity(asked, each)
		if err != nil {
			return fmt.Errorf("%s: %w", each.Name, err)
		}
		found.PodSecurity[each.Name] = reasons
		if found.Policy[each.Name], err = admission(asked, each); err != nil {
			return fmt.Errorf("%s: %w", each.Name, err)
		}
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

func podSecurity(asked question, each pod) ([]string, error) {
	level, err := api.ParseLevel(asked.Level)
	if err != nil {
		return nil, err
	}
	version, err := api.ParseVersion(asked.Version)
	if err != nil {
		return nil, err
	}
	var spec corev1.PodSpec
	if err := json.Unmarshal(each.Spec, &spec); err != nil {
		return nil, err
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return nil, err
	}
	reasons := []string{}
	for _, result := range evaluator.EvaluatePod(api.LevelVersion{Level: level, Version: version}, &metav1.ObjectMeta{Name: each.Name}, &spec) {
		if !result.Allowed {
			reasons = append(reasons, result.ForbiddenReason+": "+result.ForbiddenDetail)
		}
	}
	return reasons, nil
}

func admission(asked question, each pod) ([]string, error) {
	environment, err := cel.NewEnv(cel.Variable("object", cel.DynType), cel.Variable("variables", cel.DynType))
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(each.Spec))
	decoder.UseNumber()
	var spec any
	if err := decoder.Decode(&spec); err != nil {
		return nil, err
	}
	spec = wholeNumbers(spec)
	known := map[string]any{"object": map[string]any{"spec": spec}, "variables": map[string]any{}}
	variables := map[string]any{}
	for name, expression := range asked.Variables {
		value, err := evaluate(environment, expression, known)
		if err != nil {
			return nil, err
		}
		variables[name] = value
	}
	known["variables"] = variables
	reasons := []string{}
	for _, each := range asked.Rules {
		value, err := evaluate(environment, each.Expression, known)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", each.Expression, err)
		}
		if value != true {
			reasons = append(reasons, each.Message)
		}
	}
	return reasons, nil
}

// wholeNumbers gives CEL integers where JSON knows only numbers, as the API server does from the schema.
func wholeNumbers(value any) any {
	switch typed := value.(type) {
	case json.Number:
		whole, err := typed.Int64()
		if err != nil {
			return typed.String()
		}
		return whole
	case []any:
		for index, item := range typed {
			typed[index] = wholeNumbers(item)
		}
	case map[string]any:
		for key, item := range typed {
			typed[key] = wholeNumbers(item)
		}
	}
	return value
}

func evaluate(environment *cel.Env, expression string, known map[string]any) (any, error) {
	ast, issues := environment.Compile(expression)
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	program, err := environment.Program(ast)
	if err != nil {
		return nil, err
	}
	value, _, err := program.Eval(known)
	if err != nil {
		return nil, err
	}
	return value.Value(), nil
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

// field says what is known of one field of a type; only fields that matter are listed.
type field struct {
	// Type is the type of the value, of a list's items or of a map's values: an own type, or "quantity".
	Type string `json:"type,omitempty"`
	// Lost is the value with which the field vanishes: "zero", or "empty" for a list or map.
	Lost string `json:"lost,omitempty"`
	// Keys are those by which server-side apply tells the items of a list apart.
	Keys []string `json:"keys,omitempty"`
}

type table struct {
	Source string                      `json:"source"`
	Kinds  map[string]string           `json:"kinds"`
	Types  map[string]map[string]field `json:"types"`
}

func tableOf(kinds []string) (*table, error) {
	keys, err := listKeys()
	if err != nil {
		return nil, err
	}
	made := &table{Source: "k8s.io/api v0.35.4", Kinds: map[string]string{}, Types: map[string]map[string]field{}}
	for _, kind := range kinds {
		parts := strings.Split(kind, "/")
		gvk := schema.GroupVersionKind{Version: parts[len(parts)-2], Kind: parts[len(parts)-1]}
		if len(parts) == 3 {
			gvk.Group = parts[0]
		}
		object, err := scheme.Scheme.New(gvk)
		if err != nil {
			return nil, err
		}
		made.Kinds[kind] = made.add(reflect.TypeOf(object).Elem(), keys)
	}
	made.prune()
	return made, nil
}

// add lists a struct and everything in it, and returns its name.
func (t *table) add(structure reflect.Type, keys map[string][]string) string {
	name := nameOf(structure)
	if _, known := t.Types[name]; known {
		return name
	}
	fields := map[string]field{}
	t.Types[name] = fields
	t.addFields(structure, name, fields, keys)
	return name
}

func (t *table) addFields(structure reflect.Type, owner string, fields map[string]field, keys map[string][]string) {
	for index := range structure.NumField() {
		member := structure.Field(index)
		tag, options, _ := strings.Cut(member.Tag.Get("json"), ",")
		if member.Anonymous && (tag == "" || strings.Contains(options, "inline")) {
			t.addFields(member.Type, owner, fields, keys)
			continue
		}
		if tag == "-" || tag == "status" || tag == "managedFields" {
			continue
		}
		found := t.describe(member.Type, keys)
		found.Keys = keys[owner+" "+tag]
		if member.Type.Kind() != reflect.Slice && member.Type.Kind() != reflect.Map && strings.Contains(options, "omitempty") && isScalar(member.Type) {
			found.Lost = "zero"
		}
		fields[tag] = found
	}
}

func (t *table) describe(given reflect.Type, keys map[string][]string) field {
	switch given.Kind() {
	case reflect.Pointer:
		return t.describe(given.Elem(), keys)
	case reflect.Slice, reflect.Map:
		// Bytes are one text, and protobuf does not tell an empty list or map from none.
		if given.Kind() == reflect.Slice && given.Elem().Kind() == reflect.Uint8 {
			return field{}
		}
		return field{Type: t.describe(given.Elem(), keys).Type, Lost: "empty"}
	case reflect.Struct:
		if given == reflect.TypeOf(resource.Quantity{}) {
			return field{Type: "quantity"}
		}
		// Times, durations and IntOrString are scalars in JSON.
		if _, custom := reflect.New(given).Interface().(interface{ UnmarshalJSON([]byte) error }); custom {
			return field{}
		}
		return field{Type: t.add(given, keys)}
	}
	return field{}
}

func isScalar(given reflect.Type) bool {
	switch given.Kind() {
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int32, reflect.Int64:
		return true
	}
	return false
}

// prune leaves out fields of which nothing has to be known, and types without any.
func (t *table) prune() {
	for again := true; again; {
		again = false
		for name, fields := range t.Types {
			for key, found := range fields {
				if _, listed := t.Types[found.Type]; found.Type != "quantity" && !listed {
					found.Type = ""
				}
				fields[key] = found
				if found.Type == "" && found.Lost == "" && len(found.Keys) == 0 {
					delete(fields, key)
					again = true
				}
			}
			if len(fields) == 0 {
				delete(t.Types, name)
				again = true
			}
		}
	}
}

// write prints the table with a line for each kind and type, so that a difference is read in its place.
func (t *table) write(out io.Writer) error {
	kinds, err := lines(t.Kinds)
	if err != nil {
		return err
	}
	types, err := lines(t.Types)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "{\n\"source\": %q,\n\"kinds\": {\n%s\n},\n\"types\": {\n%s\n}\n}\n", t.Source, kinds, types)
	return err
}

func lines[V any](entries map[string]V) (string, error) {
	printed := []string{}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		value, err := json.Marshal(entries[key])
		if err != nil {
			return "", err
		}
		printed = append(printed, fmt.Sprintf("%q: %s", key, value))
	}
	return strings.Join(printed, ",\n"), nil
}

func nameOf(given reflect.Type) string {
	path := strings.TrimPrefix(given.PkgPath(), "k8s.io/")
	path = strings.ReplaceAll(strings.TrimPrefix(path, "apimachinery/pkg/apis/"), "/", ".")
	return path + "." + given.Name()
}

// listKeys reads the schema of server-side apply, which client-go carries as YAML in its source: keys of lists by "type field".
func listKeys() (map[string][]string, error) {
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/client-go").Output()
	if err != nil {
		return nil, fmt.Errorf("where the source of client-go is: run this in its own folder: %w", err)
	}
	source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(folder)), "applyconfigurations/internal/internal.go"))
	if err != nil {
		return nil, err
	}
	text := regexp.MustCompile("(?s)YAMLObject\\(`(.*?)`\\)").FindSubmatch(source)
	if text == nil {
		return nil, fmt.Errorf("applyconfigurations/internal/internal.go has no schema in it")
	}
	var schema struct {
		Types []struct {
			Name string
			Map  struct {
				Fields []struct {
					Name string
					Type struct{ List struct{ Keys []string } }
				}
			}
		}
	}
	if err := yaml.Unmarshal(text[1], &schema); err != nil {
		return nil, err
	}
	keys := map[string][]string{}
	for _, each := range schema.Types {
		for _, member := range each.Map.Fields {
			if len(member.Type.List.Keys) > 0 {
				owner := strings.TrimPrefix(strings.TrimPrefix(each.Name, "io.k8s."), "apimachinery.pkg.apis.")
				keys[owner+" "+member.Name] = member.Type.List.Keys
			}
		}
	}
	return keys, nil
}

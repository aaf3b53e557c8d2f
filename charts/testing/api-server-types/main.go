// Says what Kubernetes' own types make of objects. `echo` reads a JSON list of objects and writes, for each, what is left when it has
// gone through the API server's type and etcd's encoding, or why it is refused; `table` writes the fields that get lost on this way, for the
// kinds named on the command line as group/version/Kind.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
)

type echo struct {
	// Known is false for kinds of custom resources, which the API server keeps as they are sent.
	Known  bool            `json:"known"`
	Object json.RawMessage `json:"object,omitempty"`
	Error  string          `json:"error,omitempty"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) == 0 {
		return fmt.Errorf("usage: echo | table <group/version/Kind>...")
	}
	if arguments[0] == "table" {
		table, err := tableOf(arguments[1:])
		if err != nil {
			return err
		}
		return table.write(os.Stdout)
	}
	var objects []json.RawMessage
	if err := json.NewDecoder(os.Stdin).Decode(&objects); err != nil {
		return err
	}
	echoes := make([]echo, len(objects))
	for index, object := range objects {
		echoes[index] = echoOf(object)
	}
	return json.NewEncoder(os.Stdout).Encode(echoes)
}

func echoOf(sent []byte) echo {
	strict := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	object, kind, err := strict.Decode(sent, nil, nil)
	if runtime.IsNotRegisteredError(err) {
		return echo{}
	}
	if err != nil {
		return echo{Known: true, Error: err.Error()}
	}
	// Server-side apply reads lists by their keys and refuses a key that occurs twice.
	if _, err := applyconfigurations.NewTypeConverter(scheme.Scheme).ObjectToTyped(object); err != nil {
		return echo{Known: true, Error: err.Error()}
	}
	answer, err := stored(object, *kind)
	if err != nil {
		return echo{Known: true, Error: err.Error()}
	}
	return echo{Known: true, Object: answer}
}

// stored is the JSON of an object that has been in etcd.
func stored(object runtime.Object, kind schema.GroupVersionKind) ([]byte, error) {
	etcd := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme)
	bytes, err := runtime.Encode(etcd, object)
	if err != nil {
		return nil, err
	}
	read, _, err := etcd.Decode(bytes, &kind, nil)
	if err != nil {
		return nil, err
	}
	read.GetObjectKind().SetGroupVersionKind(kind)
	return json.Marshal(read)
}

"""Makes a folder of Kubernetes' JSON schemas refer to each other by file instead of by web address."""

import pathlib
import sys

for path in pathlib.Path(sys.argv[1]).glob("*.json"):
    text = path.read_text()
    text = text.replace('"$ref": "/api/_definitions.json', '"$ref": "_definitions.json')
    text = text.replace('"$id": "https://kubernetes.io/api/', '"$comment": "https://kubernetes.io/api/')
    path.write_text(text)

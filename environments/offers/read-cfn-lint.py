#!/usr/bin/env python3
"""Prints what AWS offers, out of the data that comes with cfn-lint, as offers.json keeps it.

  PYTHONPATH=<where install.sh has put cfn-lint> python3 read-cfn-lint.py > offers.json

cfn-lint asks AWS's own interfaces for this data every week; a new release of it is the way to newer offers.
"""
import ast
import importlib.metadata
import importlib.util
import json
import pathlib
import re

FOLDER = pathlib.Path(importlib.util.find_spec("cfnlint").origin).parent
SCHEMAS = FOLDER / "data" / "schemas"
# Partitions whose ARNs the platform does not write.
ELSEWHERE = re.compile(r"^(cn|us-gov|us-iso|eu-iso|eusc)")


def schema(resource, name):
    return json.loads((SCHEMAS / "extensions" / resource / f"{name}.json").read_text())


def offered(rule, field, engine):
    """Values of a field that a rule allows for an engine."""
    condition = rule.get("if", {}).get("properties", {}).get("Engine", {})
    if engine not in [condition.get("const"), *condition.get("enum", [])]:
        return []
    return rule["then"]["properties"].get(field, {}).get("enum", [])


def versions(resource, engine):
    rules = schema(resource, "engine_version")["allOf"]
    found = {value for rule in rules for value in offered(rule, "EngineVersion", engine)}
    numbers = [value for value in found if re.fullmatch(r"\d+\.\d+", value)]
    return " ".join(sorted(numbers, key=lambda value: [int(part) for part in value.split(".")]))


def by_family(types):
    families = {}
    for name in types:
        prefix, family, size = name.split(".")
        families.setdefault(f"{prefix}.{family}", []).append(size)
    return {family: " ".join(sorted(sizes)) for family, sizes in sorted(families.items())}


def zones():
    source = (FOLDER / "helpers.py").read_text()
    table = re.search(r"^AVAILABILITY_ZONES = (\{.*?^\})", source, re.M | re.S).group(1)
    return {
        region: "".join(sorted(zone[-1] for zone in names))
        for region, names in sorted(ast.literal_eval(table).items())
        if not ELSEWHERE.match(region)
    }


regions = zones()
database = schema("aws_rds_dbinstance", "dbinstanceclass_enum")
cache = schema("aws_elasticache_cachecluster", "cachenodetype_enum")
print(
    json.dumps(
        {
            "source": f"cfn-lint {importlib.metadata.version('cfn-lint')}",
            "date": json.loads((SCHEMAS / "version.json").read_text())["schema_date"][:10],
            "zones": regions,
            "postgresql": {
                "versions": versions("aws_rds_dbinstance", "postgres"),
                "classes": by_family(
                    {
                        name
                        for region in regions
                        for rule in database.get(region, {}).get("allOf", [])
                        for name in offered(rule, "DBInstanceClass", "postgres")
                    }
                ),
            },
            "valkey": {
                "versions": versions("aws_elasticache_cachecluster", "valkey"),
                "nodeTypes": by_family({name for region in regions for name in cache.get(region, {}).get("enum", [])}),
            },
        },
        indent=2,
    )
)

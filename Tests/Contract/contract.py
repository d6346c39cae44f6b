"""The contract as the checks read it: operations, parameters, schemas."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).resolve().parents[2]
CONTRACT_PATH = ROOT / "Sources" / "Composition" / "Contract" / "openapi.yaml"
METHODS = ("get", "put", "post", "patch", "delete")
PROBLEM_TYPE = "urn:problem-type:plateau:"
BASE = "urn:plateau:contract"


class ContractLoader(yaml.CSafeLoader):
    """YAML without implicit dates, whose mappings refuse a key that is there twice."""


ContractLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader, node):
    seen = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"'{key}' is there twice", key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


ContractLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def pointer(*parts):
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


@dataclass
class Operation:
    """One method of one path."""

    id: str
    method: str
    template: str
    node: dict
    at: str
    parameters: list = field(default_factory=list)

    @property
    def roles(self):
        return self.node.get("x-roles")

    @property
    def is_open(self):
        return self.node.get("security") == []

    @property
    def segments(self):
        return self.template.strip("/").split("/")

    def fits(self, path):
        parts = path.strip("/").split("/")
        return len(parts) == len(self.segments) and all(
            segment.startswith("{") or segment == part for segment, part in zip(self.segments, parts))

    def path_values(self, path):
        return {
            segment[1:-1]: part
            for segment, part in zip(self.segments, path.strip("/").split("/")) if segment.startswith("{")}


class Contract:
    """Reads the contract and validates values against its schemas."""

    def __init__(self, document):
        self.document = document
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self.registry = Registry().with_resource(BASE, resource)
        self.operations = [
            self._operation(template, method, item)
            for template, item in document.get("paths", {}).items() for method in METHODS if method in item]

    @classmethod
    def load(cls, path=CONTRACT_PATH):
        with open(path, encoding="utf-8") as file:
            return cls(yaml.load(file, ContractLoader))

    def _operation(self, template, method, item):
        node = item[method]
        at = pointer("paths", template, method)
        parameters = [
            self.located(f"{where}/parameters{pointer(index)}")
            for where, holder in ((pointer("paths", template), item), (at, node))
            for index in range(len(holder.get("parameters", [])))]
        return Operation(node.get("operationId", ""), method.upper(), template, node, at, parameters)

    def operation(self, operation_id):
        return next((operation for operation in self.operations if operation.id == operation_id), None)

    def match(self, method, path):
        """The operation of a request; a path with more literal parts wins."""
        wanted = "GET" if method == "HEAD" else method
        fitting = [operation for operation in self.operations if operation.method == wanted and operation.fits(path)]
        return max(fitting, key=lambda o: sum(not s.startswith("{") for s in o.segments), default=None)

    def at(self, where):
        """The node at a JSON pointer."""
        node = self.document
        for part in where.split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            node = node[int(part)] if isinstance(node, list) else node[part]
        return node

    def located(self, where):
        """(pointer, node) at a pointer, after following references; schemas keep theirs."""
        node = self.at(where)
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            where = node["$ref"].removeprefix("#")
            node = self.at(where)
        return where, node

    def response(self, operation, status):
        """(pointer, node) of the response for a status, or of the default; nil when neither is declared."""
        responses = operation.node.get("responses", {})
        key = str(status) if str(status) in responses else "default" if "default" in responses and status >= 400 else None
        return None if key is None else self.located(f"{operation.at}/responses/{key}")

    def faults(self, schema_pointer, value):
        """What is wrong with a value, as readable lines; empty when it is valid."""
        schema = {"$ref": f"{BASE}#{quote(schema_pointer, safe='/~$')}"}
        validator = Draft202012Validator(
            schema, registry=self.registry, format_checker=Draft202012Validator.FORMAT_CHECKER)
        return [f"{error.json_path}: {shortened(explained(error))}"
                for error in sorted(validator.iter_errors(value), key=lambda e: e.json_path)]

    @property
    def problem_statuses(self):
        return self.document["components"]["schemas"]["ProblemCode"]["x-status"]


def explained(error):
    """The message; of several ways that all fail, the one whose constants fit, then the one with the fewest faults."""
    if not error.context:
        return error.message
    ways = {}
    for inner in error.context:
        ways.setdefault(inner.schema_path[0], []).append(inner)
    nearest = min(ways.values(), key=lambda way: (sum(inner.validator == "const" for inner in way), len(way)))
    return "fits no form; the nearest: " + "; ".join(f"{inner.json_path}: {explained(inner)}" for inner in nearest)


def shortened(text, limit=300):
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"

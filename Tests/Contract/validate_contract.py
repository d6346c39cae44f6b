#!/usr/bin/env python3
"""Validates the contract itself: the OpenAPI specification, and the rules of this house."""

import argparse
import re
import sys

from openapi_spec_validator import OpenAPIV31SpecValidator

from contract import CONTRACT_PATH, PROBLEM_TYPE, Contract, pointer
from placeholders import PATTERN, PlaceholderError, filled, plausible

ROLES = {
    "member", "booker", "organisationAdmin", "instructor", "centreStaff", "centreManager", "networkAuditor", "networkManager",
    "labelAuthority"}
EXAMPLE_ROLES = {"trainingOrganisation", "company", "centreManager", "networkManager", "labelAuthority"}
#: POSTs that write nothing, and so ignore Idempotency-Key.
READING_POSTS = {"decideAccess", "getAvailability", "searchResources", "suggestSlots"}
SCHEMA_KEYWORDS = {
    "$ref", "type", "description", "format", "pattern", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "minItems",
    "maxItems", "uniqueItems", "minProperties", "items", "properties", "required", "additionalProperties", "oneOf", "not", "default",
    "examples", "dependentRequired", "x-status"}
LINE_LIMIT = 140


def faults_of(contract):
    """Everything that breaks a rule, as readable lines. The rules of this house only make sense of what is OpenAPI."""
    return specification_faults(contract) or house_faults(contract)


def specification_faults(contract):
    return [f"OpenAPI: {error.message} at {'/'.join(map(str, error.absolute_path))}"
            for error in OpenAPIV31SpecValidator(contract.document).iter_errors()]


def house_faults(contract):
    faults = []
    seen = set()
    for operation in contract.operations:
        name = f"{operation.method} {operation.template}"
        faults += [f"{name}: {fault}" for fault in operation_faults(contract, operation, seen)]
    faults += schema_faults(contract)
    faults += code_faults(contract)
    faults += unused_components(contract)
    faults += [f"{template}: a part is not kebab-case" for template in contract.document["paths"]
               if not re.fullmatch(r"(/([a-z0-9.-]+|\{[a-z][A-Za-z]*\}))+", template)]
    return faults


def operation_faults(contract, operation, seen):
    node = operation.node
    faults = []
    if not re.fullmatch(r"[a-z][A-Za-z]*", operation.id) or operation.id in seen:
        faults.append(f"operationId '{operation.id}' is missing, malformed or taken")
    seen.add(operation.id)
    tags = {tag["name"] for tag in contract.document.get("tags", [])}
    if len(node.get("tags", [])) != 1 or not set(node["tags"]) <= tags:
        faults.append("needs one tag of the list")
    if not re.fullmatch(r"[A-Z][^\n]*\.", node.get("summary", "")):
        faults.append("needs a summary: one line that ends with a full stop")
    roles = operation.roles
    if roles is None or not set(roles) <= ROLES or (roles == []) != operation.is_open:
        faults.append("needs x-roles: roles, or none at all for an open operation")
    faults += response_faults(contract, operation)
    faults += consistency_faults(contract, operation)
    faults += example_request_faults(contract, operation)
    if "requestBody" in node:
        at, body = contract.located(f"{operation.at}/requestBody")
        # What is absent is read as an empty object: that has to be one of those that the schema allows.
        if not body.get("required") and contract.faults(f"{at}/content{pointer('application/json')}/schema", {}):
            faults.append("the request body may be absent, although its schema refuses an empty object")
        faults += content_faults(contract, at, body, "request body")
    return faults


def response_faults(contract, operation):
    faults, succeeds = [], False
    for status in operation.node["responses"]:
        at, response = contract.located(f"{operation.at}/responses/{status}")
        if "X-Request-Id" not in response.get("headers", {}):
            faults.append(f"{status}: has no header X-Request-Id")
        faults += content_faults(contract, at, response, status)
        if status.startswith("2"):
            succeeds = True
            if status not in ("202", "204") and not response.get("content"):
                faults.append(f"{status}: has no content")
        elif status[0] in "45d" and response.get("content", {}).keys() == {"application/problem+json"}:
            faults += [f"{status}: {fault}" for fault in problem_faults(contract, at, response, status)]
        elif status[0] in "45d" and operation.id != "getReadiness":
            faults.append(f"{status}: is not application/problem+json")
    if not succeeds:
        faults.append("has no 2xx")
    if "default" not in operation.node["responses"]:
        faults.append("has no default response")
    return faults


def content_faults(contract, at, holder, what):
    faults = []
    for media_type in holder.get("content", {}):
        where = f"{at}/content{pointer(media_type)}"
        examples = list(examples_at(contract, where))
        if not examples:
            faults.append(f"{what}: {media_type} has no example")
        for value in examples:
            faults += [f"{what}: example {fault}" for fault in contract.faults(f"{where}/schema", value)]
    return faults


def examples_at(contract, where):
    media = contract.at(where)
    if "example" in media:
        yield media["example"]
    for name in media.get("examples", {}):
        _, example = contract.located(f"{where}/examples{pointer(name)}")
        yield example["value"]


def problem_faults(contract, at, response, status):
    codes = response.get("x-problem-codes", [])
    known = contract.problem_statuses
    faults = [] if codes else ["has no x-problem-codes"]
    faults += [f"code {code} is not in ProblemCode" for code in codes if code not in known]
    faults += [f"code {code} goes with {known[code]}" for code in codes
               if status != "default" and code in known and str(known[code]) != status]
    for value in examples_at(contract, f"{at}/content/application~1problem+json"):
        code = value.get("type", "").removeprefix(PROBLEM_TYPE)
        if code not in codes or value.get("status") != known.get(code):
            faults.append(f"the example's code {code} is not of this response, or its status is another")
    return faults


def consistency_faults(contract, operation):
    """What an operation is obliges it to some parameters and responses."""
    responses = operation.node["responses"]
    headers = {p["name"] for _, p in operation.parameters if p["in"] == "header"}
    names = {p["name"] for _, p in operation.parameters}
    wanted = {}
    if not operation.is_open:
        wanted |= {"400": "is private", "401": "is private", "503": "is private"}
    if "requestBody" in operation.node:
        wanted |= {"413": "has a body", "415": "has a body"}
    if "{" in operation.template:
        wanted |= {"404": "has an id in its path"}
    if operation.roles and "member" not in operation.roles:
        wanted |= {"403": "needs a role"}
    if "If-Match" in headers:
        wanted |= {"412": "needs If-Match", "428": "needs If-Match"}
    if "If-None-Match" in headers:
        wanted |= {"304": "takes If-None-Match"}
    if "Idempotency-Key" in headers:
        wanted |= {"409": "takes Idempotency-Key", "422": "takes Idempotency-Key"}
    faults = [f"{why}, but has no {status}" for status, why in wanted.items() if status not in responses]
    writes = operation.method == "POST" and operation.id not in READING_POSTS
    if writes != ("Idempotency-Key" in headers):
        faults.append("takes Idempotency-Key exactly when it is a POST that writes")
    templated = set(re.findall(r"\{(\w+)\}", operation.template))
    if templated != {p["name"] for _, p in operation.parameters if p["in"] == "path"}:
        faults.append("its path parameters are not those of its path")
    if ("cursor" in names) != ("pageSize" in names):
        faults.append("cursor and pageSize go together")
    for status, codes in (("409", "idempotencyInFlight"), ("422", "idempotencyKeyReused")):
        if writes and status in responses:
            _, response = contract.located(f"{operation.at}/responses/{status}")
            if codes not in response.get("x-problem-codes", []):
                faults.append(f"{status}: lacks {codes}")
    return faults


def example_request_faults(contract, operation):
    example = operation.node.get("x-example-request")
    if not example:
        return ["has no x-example-request"]
    faults = [f"x-example-request: {key} is not known" for key in example
              if key not in {"role", "path", "query", "headers", "body", "document", "expect", "after"}]
    role = example.get("role")
    if (role is None) != operation.is_open or role not in EXAMPLE_ROLES | {None}:
        faults.append("x-example-request: needs a role of the demo, or none for an open operation")
    if str(example.get("expect")) not in operation.node["responses"] or not 200 <= example.get("expect", 0) < 300:
        faults.append("x-example-request: expects a status that is not a declared 2xx")
    try:
        example = filled(example, plausible)
    except PlaceholderError as error:
        return [*faults, f"x-example-request: {error}"]
    if PATTERN.search(str(example)):
        faults.append("x-example-request: a placeholder is left")
    for place, key in (("path", "path"), ("query", "query"), ("header", "headers")):
        given = example.get(key, {})
        declared = {p["name"]: (at, p) for at, p in operation.parameters if p["in"] == place}
        faults += [f"x-example-request: {place} {name} is not declared" for name in given if name not in declared]
        faults += [f"x-example-request: {place} {name} is missing" for name, (_, p) in declared.items()
                   if p.get("required") and name not in given]
        faults += [f"x-example-request: {place} {name} {fault}" for name, (at, p) in declared.items()
                   if name in given and p.get("style") is None for fault in contract.faults(f"{at}/schema", given[name])]
    if "document" in example:
        _, body = contract.located(f"{operation.at}/requestBody")
        if example["document"].get("mediaType") not in body["content"]:
            faults.append("x-example-request: the document's type is not declared")
    elif ("body" in example) != ("requestBody" in operation.node):
        faults.append("x-example-request: has a body exactly when the operation takes one")
    elif "body" in example:
        at, _ = contract.located(f"{operation.at}/requestBody")
        faults += [f"x-example-request: body {fault}"
                   for fault in contract.faults(f"{at}/content/application~1json/schema", example["body"])]
    return faults


def schemas_in(node, where):
    """(pointer, schema) of every schema below a node of the document."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from schemas_in(item, f"{where}{pointer(index)}")
    elif isinstance(node, dict):
        for key, item in node.items():
            below = f"{where}{pointer(key)}"
            if where == "/components/schemas" or key == "schema":
                yield from subschemas(item, below)
            elif key not in ("example", "examples", "x-example-request"):
                yield from schemas_in(item, below)


def subschemas(schema, where):
    yield where, schema
    for key in ("items", "not"):
        if isinstance(schema.get(key), dict):
            yield from subschemas(schema[key], f"{where}/{key}")
    for index, item in enumerate(schema.get("oneOf", [])):
        yield from subschemas(item, f"{where}/oneOf/{index}")
    for name, item in schema.get("properties", {}).items():
        yield from subschemas(item, f"{where}/properties{pointer(name)}")


def schema_faults(contract):
    faults = []
    for where, schema in schemas_in(contract.document, ""):
        unknown = set(schema) - SCHEMA_KEYWORDS
        if unknown:
            faults.append(f"{where}: unknown keyword {', '.join(sorted(map(str, unknown)))}")
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
            faults.append(f"{where}: the object is not closed (additionalProperties: false)")
        if "properties" in schema and "$ref" not in schema and schema.get("type") != "object":
            faults.append(f"{where}: has properties and is not an object")
        if "null" in str(schema.get("type")):
            faults.append(f"{where}: null is not a value here")
        if "$ref" not in schema:
            known = set(schema.get("properties", {}))
            if schema.get("type") == "object" and not set(schema.get("required", [])) <= known:
                faults.append(f"{where}: requires what it does not have")
        faults += [f"{where}: {name} is not lowerCamelCase" for name in schema.get("properties", {})
                   if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name)]
    return faults


def code_faults(contract):
    codes = contract.document["components"]["schemas"]["ProblemCode"]
    faults = [] if list(codes["x-status"]) == codes["enum"] else ["ProblemCode: x-status and enum differ"]
    used = {code for operation in contract.operations for status in operation.node["responses"]
            for code in contract.located(f"{operation.at}/responses/{status}")[1].get("x-problem-codes", [])}
    faults += [f"ProblemCode: no response carries {code}" for code in codes["enum"] if code not in used]
    reasons = contract.document["components"]["schemas"]["ReasonCode"]
    told = set(re.findall(r"`(\w+)`", reasons["description"])) - {"companyProduction"}
    faults += [f"ReasonCode: {code} is not explained, or not in the list" for code in told ^ set(reasons["enum"])]
    return faults


def unused_components(contract):
    used = set()

    def walk(node):
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                used.add(node["$ref"].removeprefix("#"))
            for item in node.values():
                walk(item)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(contract.document)
    return [f"#/components/{kind}/{name} is not used" for kind, group in contract.document["components"].items()
            if kind != "securitySchemes" for name in group
            if f"/components/{kind}/{name}" not in used and name != "ProblemCode"]


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", default=CONTRACT_PATH)
    options = parser.parse_args(arguments)
    contract = Contract.load(options.file)
    faults = faults_of(contract)
    with open(options.file, encoding="utf-8") as file:
        faults += [f"line {number}: longer than {LINE_LIMIT} columns" for number, line in enumerate(file, 1)
                   if len(line.rstrip("\n")) > LINE_LIMIT]
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(contract.operations)} operations, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

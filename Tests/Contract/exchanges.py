"""One recorded exchange against the contract."""

import json
from urllib.parse import parse_qsl, unquote, urlsplit

from contract import PROBLEM_TYPE


class Exchange:
    """A line of a recording. Bodies are JSON values or their text; header names in any case."""

    def __init__(self, record):
        self.record = record
        self.method = record["method"].upper()
        parts = urlsplit(record["path"])
        self.path = unquote(parts.path)
        self.query = parse_qsl(parts.query, keep_blank_values=True)
        self.status = int(record["status"])
        self.request_headers = headers_of(record.get("requestHeaders"))
        self.response_headers = headers_of(record.get("responseHeaders"))

    def __str__(self):
        return f"{self.method} {self.record['path']} → {self.status}"

    @property
    def media_type(self):
        return self.response_headers.get("content-type", "").split(";")[0].strip().lower()


def headers_of(given):
    pairs = given.items() if isinstance(given, dict) else given or []
    return {name.lower(): value for name, value in pairs}


def is_empty(body):
    return body is None or body == ""


def parsed(body, media_type):
    """A body as the value that its schema describes; raises ValueError for text that is not JSON."""
    if isinstance(body, str) and (media_type.endswith("json")):
        return json.loads(body)
    return body


def faults_of(exchange, contract):
    """What the contract does not allow in this exchange, as readable lines, and the operation that it belongs to."""
    operation = contract.match(exchange.method, exchange.path)
    given = exchange.record.get("operation")
    if operation is None:
        return undeclared(exchange, contract), None
    faults = []
    if given and given != operation.id:
        faults.append(f"recorded as {given}, the contract says {operation.id}")
    found = contract.response(operation, exchange.status)
    if found is None:
        return [*faults, f"status {exchange.status} is not declared for {operation.id}"], operation
    where, response = found
    faults += header_faults(exchange, contract, where, response)
    faults += body_faults(exchange, contract, where, response)
    if exchange.status < 300:
        faults += [f"was accepted, but the contract refuses it: {fault}"
                   for fault in request_faults(exchange, contract, operation)]
    return faults, operation


def undeclared(exchange, contract):
    """An address or method that the contract does not know is answered by a problem, OPTIONS by `Allow`."""
    if exchange.method == "OPTIONS" and exchange.status < 300:
        return [] if "allow" in exchange.response_headers else ["an answer to OPTIONS needs Allow"]
    if exchange.status < 400:
        return ["the contract has no such operation"]
    faults = [] if "x-request-id" in exchange.response_headers else ["header X-Request-Id is missing"]
    if exchange.status == 405 and "allow" not in exchange.response_headers:
        faults.append("a 405 needs Allow")
    if exchange.method == "HEAD":
        return faults
    body, more = json_body(exchange)
    if not more:
        more = contract.faults("/components/schemas/Problem", body)
        more += problem_faults(body, exchange.status, list(contract.problem_statuses), contract)
    return faults + more


def json_body(exchange):
    try:
        return parsed(exchange.record.get("responseBody"), "json"), []
    except ValueError:
        return None, ["the body is not JSON"]


def header_faults(exchange, contract, where, response):
    faults = []
    for name in response.get("headers", {}):
        at, header = contract.located(f"{where}/headers/{name}")
        value = exchange.response_headers.get(name.lower())
        if value is None:
            if header.get("required"):
                faults.append(f"header {name} is missing")
        else:
            faults += [f"header {name} {fault}" for fault in contract.faults(f"{at}/schema", value)]
    return faults


def body_faults(exchange, contract, where, response):
    body = exchange.record.get("responseBody")
    content = response.get("content")
    if exchange.method == "HEAD" or not content:
        return [] if is_empty(body) else ["a body where none belongs"]
    if exchange.media_type not in content:
        return [f"media type {exchange.media_type or 'none'} is not declared, {', '.join(content)} is"]
    try:
        value = parsed(body, exchange.media_type)
    except ValueError:
        return ["the body is not JSON"]
    media = exchange.media_type.replace("/", "~1")
    faults = [f"body {fault}" for fault in contract.faults(f"{where}/content/{media}/schema", value)]
    if "x-problem-codes" in response:
        faults += problem_faults(value, exchange.status, response["x-problem-codes"], contract)
    return faults


def problem_faults(body, status, codes, contract):
    """The code is one that this answer may carry, and goes with the status of the line and of the body."""
    if not isinstance(body, dict):
        return []
    code = str(body.get("type", "")).removeprefix(PROBLEM_TYPE)
    faults = [] if code in codes else [f"code {code} is not one of {', '.join(codes)}"]
    if code in contract.problem_statuses and contract.problem_statuses[code] != status:
        faults.append(f"code {code} goes with {contract.problem_statuses[code]}, not {status}")
    if body.get("status") != status:
        faults.append(f"the body says status {body.get('status')}")
    return faults


def request_faults(exchange, contract, operation):
    faults = []
    query = dict(exchange.query)
    path = operation.path_values(exchange.path)
    known = {parameter["name"] for _, parameter in operation.parameters if parameter["in"] == "query"}
    faults += [f"query parameter {name} is not known" for name in query if name not in known]
    for at, parameter in operation.parameters:
        name = parameter["name"]
        holder = {"query": query, "path": path, "header": exchange.request_headers}[parameter["in"]]
        text = holder.get(name.lower() if parameter["in"] == "header" else name)
        if text is None:
            if parameter.get("required"):
                faults.append(f"{parameter['in']} parameter {name} is missing")
            continue
        value = typed(text, parameter, contract, at)
        faults += [f"{parameter['in']} parameter {name} {fault}" for fault in contract.faults(f"{at}/schema", value)]
    if "requestBody" in operation.node and exchange.record.get("requestBody") is not None:
        at, _ = contract.located(f"{operation.at}/requestBody")
        try:
            body = parsed(exchange.record["requestBody"], "application/json")
            faults += [f"request body {fault}" for fault in contract.faults(f"{at}/content/application~1json/schema", body)]
        except ValueError:
            faults.append("the request body is not JSON")
    return faults


def typed(text, parameter, contract, at):
    """The value of a parameter's text, by the type of its schema."""
    _, schema = contract.located(f"{at}/schema")
    kind = schema.get("type")
    if kind == "array":
        return str(text).split(",")
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind in ("integer", "number"):
        try:
            return int(text) if kind == "integer" else float(text)
        except ValueError:
            return text
    return text

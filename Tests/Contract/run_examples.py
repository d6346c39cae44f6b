#!/usr/bin/env python3
"""Runs every `x-example-request` of the contract against a running demo server and validates the answers."""

import argparse
import json
import secrets
import sys
import urllib.error
import urllib.request
from urllib.parse import quote, urlencode

from contract import Contract
from exchanges import Exchange, faults_of, headers_of
from files import NOTES, steps
import moments
from placeholders import FIRST, MAKERS, NAMED, OWN, SITE_OF, PlaceholderError, day_of, filled, moment_of, today

#: How many weeks to look further when the demo network has no room, or is closed, on an example's day.
WEEKS_TO_TRY = 26
COLLECTIONS = {"centre": "/v1/centres", "platform": "/v1/platforms", "site": "/v1/sites", "equipment": "/v1/equipment",
               "booking": "/v1/bookings", "hold": "/v1/bookings", "organisation": "/v1/organisations", "decision": "/v1/label-decisions"}
EVERYBODY = "networkManager"


class Answer:
    """What came back."""

    def __init__(self, status, headers, text):
        self.status = status
        self.headers = headers_of(headers)
        self.text = text

    @property
    def json(self):
        try:
            return json.loads(self.text)
        except ValueError:
            raise PlaceholderError(f"the answer is not JSON: {self.text[:80]!r}") from None

    def needed(self, what):
        if not 200 <= self.status < 300:
            raise PlaceholderError(f"{what}: {self.status} {self.text[:200]}")
        return self


def http_sender(base_url):
    """Sends over HTTP; never follows a redirection, never raises for a status."""
    class Still(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments):
            return None

    opener = urllib.request.build_opener(Still, urllib.request.ProxyHandler({}))

    def send(method, target, headers, body):
        request = urllib.request.Request(base_url.rstrip("/") + target, method=method, headers=headers, data=body)
        try:
            with opener.open(request, timeout=30) as response:
                return Answer(response.status, list(response.headers.items()), response.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, list(error.headers.items()), error.read().decode())

    return send


class Runner:
    """Fills the examples in from the server itself, sends them, and cleans up the bookings that it made."""

    def __init__(self, contract, keys, send):
        self.contract = contract
        self.keys = keys
        self.send_raw = send
        self.today = today()
        self.names = {}
        self.made = []

    # Requests

    def send(self, role, method, target, headers=None, body=None, document=None):
        headers = {"Accept": "*/*", **(headers or {})}
        if role is not None:
            if role not in self.keys:
                raise PlaceholderError(f"the demo file has no key for {role}")
            headers["Authorization"] = f"Bearer {self.keys[role]}"
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, ensure_ascii=False).encode()
        elif document is not None:
            headers["Content-Type"] = document["mediaType"]
            data = document["text"].encode()
        return self.send_raw(method, target, headers, data)

    def perform(self, operation, scope):
        """Sends the example of an operation: the answer, and the exchange as the checks read it."""
        for week in range(WEEKS_TO_TRY):
            answer, exchange = self.perform_once(operation, scope, week)
            refused = answer.status == 409 and ("bookingRefused" in answer.text or "seriesRefused" in answer.text)
            if not refused:
                break
        if operation.id == "createBookingSeries":
            # What is then said of its occurrences has their dates.
            scope["weeks"] = week
        if operation.id in ("createBooking", "createHold") and answer.status == 201:
            self.made.append((operation.node["x-example-request"]["role"], answer.json["id"]))
        if operation.id == "createBookingSeries" and answer.status == 201:
            role = operation.node["x-example-request"]["role"]
            self.made += [(role, made["bookingId"]) for made in answer.json["occurrences"] if "bookingId" in made]
        return answer, exchange

    def perform_once(self, operation, scope, week):
        example = operation.node["x-example-request"]
        role = example.get("role")
        asked = filled({k: v for k, v in example.items() if k not in ("role", "expect", "after")},
                       lambda name: self.value(name, role, scope, week))
        target = operation.template
        for name, value in asked.get("path", {}).items():
            target = target.replace(f"{{{name}}}", quote(str(value), safe=""))
        if asked.get("query"):
            target += "?" + urlencode({k: v if isinstance(v, str) else json.dumps(v) for k, v in asked["query"].items()})
        answer = self.send(role, operation.method, target, asked.get("headers"), asked.get("body"), asked.get("document"))
        return answer, Exchange({
            "operation": operation.id, "method": operation.method, "path": target, "status": answer.status,
            "requestHeaders": asked.get("headers", {}), "requestBody": asked.get("body"),
            "responseHeaders": answer.headers, "responseBody": answer.text})

    # Placeholders

    def value(self, name, role, scope, week):
        """What a placeholder stands for. `scope` keeps what was made for one example, `names` what never changes."""
        if (day := day_of(name, self.today, week + scope.get("weeks", 0))) is not None:
            return day.isoformat()
        if (moment := moment_of(name)) is not None:
            return moment
        if name == "unique":
            return secrets.token_hex(6)
        if match := OWN.fullmatch(name):
            return self.own(match[1], role)
        bare = name.removesuffix(".etag")
        if bare in MAKERS:
            if bare not in scope:
                scope[bare] = self.make(bare, scope)
            identifier, tag = scope[bare]
            if not name.endswith(".etag"):
                return identifier
            if tag is not None:
                return tag
        else:
            if bare not in self.names:
                self.names[bare] = self.find(bare)
            identifier = self.names[bare]
        if not name.endswith(".etag"):
            return identifier
        kind = bare.split(":")[0]
        answer = self.send(role or EVERYBODY, "GET", f"{COLLECTIONS[kind]}/{identifier}").needed(name)
        return answer.headers.get("etag") or self.missing(name)

    def own(self, what, role):
        me = self.send(role, "GET", "/v1/me").needed("/v1/me").json
        if what == "centreId":
            return next((g["centreId"] for g in me["roles"] if "centreId" in g), None) or self.missing("a role at a centre")
        return me["keyId"] if what == "keyId" else me["organisation"]["id"]

    def make(self, name, scope):
        if name == "booking:displaced":
            return self.displaced()
        if name == "equipment:mobile":
            return self.mobile()
        operation = self.contract.operation(MAKERS[name])
        if name == "booking:requested":
            return self.make_requested(operation, scope)
        if name in moments.KINDS:
            return self.make_of_today(name)
        answer, _ = self.perform(operation, scope)
        if name == "file:complete":
            role = operation.node["x-example-request"]["role"]
            for method, target, body, text in steps(answer.needed(name).json["id"]):
                document = {"mediaType": "text/plain", "text": text} if text else None
                self.send(role, method, target, {"If-Match": "*"} if method == "PUT" else {}, body, document).needed(name)
        made = answer.needed(f"{name} through {operation.id}").json
        if name == "application:complete":
            file, _ = self.make("file:submitted", scope)
            target = f"/v1/centres/{made['centreId']}/label-applications/{made['id']}/file"
            self.send(operation.node["x-example-request"]["role"], "PUT", target, {}, {"fileId": file}).needed(name)
        if name == "evaluation:noted":
            target = f"/v1/label-evaluations/{made['id']}/notes"
            self.send("labelAuthority", "PUT", target, {"If-Match": "*"}, NOTES).needed(name)
        if name == "calendar:fresh":
            return made["url"].rsplit("/", 1)[1], None
        if name == "model:fresh":
            return made["modelId"], None
        if name == "platform:retired":
            return made["platformId"], None
        return made["id"], answer.headers.get("etag")

    def displaced(self):
        """A booking of fresh equipment that an outage then displaces."""
        equipment, _ = self.make("equipment:fresh", {})
        day = day_of("weekday:+4w:Thu", self.today)
        slot = {"start": f"{day}T09:00:00+01:00", "end": f"{day}T11:00:00+01:00"}
        booked = self.send("trainingOrganisation", "POST", "/v1/bookings", {}, {
            "activity": "demonstration", "lines": [{"resourceId": equipment, **slot}]}).needed("a booking").json["id"]
        self.made.append(("trainingOrganisation", booked))
        self.send("centreManager", "POST", f"/v1/resources/{equipment}/outages", {}, {
            "cause": "maintenance", "reason": "example", **slot}).needed("an outage")
        return booked, self.send("trainingOrganisation", "GET", f"/v1/bookings/{booked}").needed("a booking").headers.get("etag")

    def mobile(self):
        """Equipment that stands fast on nothing."""
        site, mark = self.value("site:of Welding hall", None, {}, 0), secrets.token_hex(6)
        made = self.send("centreManager", "POST", f"/v1/centres/{self.value('centre:TechnoCampus', None, {}, 0)}/equipment", {}, {
            "name": "Caméra thermique (fictif)", "category": "camera", "manufacturer": "Arcovia (fictif)", "model": "C-40",
            "inventoryNumber": f"EX-{mark}", "siteId": site, "mobility": "mobile", "visibility": "shared"}).needed("mobile equipment")
        return made.json["id"], made.headers.get("etag")

    def make_requested(self, operation, scope):
        """A booking that its centre is to approve: the platform asks for that as long as it takes to make it."""
        terms = {"approvalFor": ["always"], "selfService": False, "freeWorkingDays": 5, "lateFeePercent": 50, "noShowFeePercent": 100}
        target = f"/v1/resources/{self.value('platform:Welding hall', None, scope, 0)}/booking-terms"
        self.send("centreManager", "PUT", target, {"If-Match": "*"}, terms).needed("terms")
        answer, _ = self.perform(operation, scope)
        self.send("centreManager", "PUT", target, {"If-Match": "*"}, {**terms, "approvalFor": ["companyProduction"]}).needed("terms")
        return answer.needed("booking:requested").json["id"], answer.headers.get("etag")

    def make_of_today(self, name):
        """A booking about now, on a platform of its own that is always open."""
        role, open_all_day = "centreManager", [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
        if "today" not in self.names:
            centre = self.value("centre:TechnoCampus", role, {}, 0)
            site = self.send(role, "POST", f"/v1/centres/{centre}/sites", {}, {
                "name": "Exemples (fictif)", "kind": "fixed", "town": "Namur", "zone": "Europe/Brussels"}).needed(name).json["id"]
            self.send(role, "PUT", f"/v1/sites/{site}/weekly-opening", {"If-Match": "*"},
                      {"from": self.today.isoformat(), "hours": open_all_day}).needed(name)
            self.names["today"] = self.send(role, "POST", f"/v1/centres/{centre}/platforms", {}, {
                "siteId": site, "name": "Exemples (fictif)", "visibility": "local", "workstations": 100,
                "rules": {"minimumMinutes": 15, "gridMinutes": 15}}).needed(name).json["id"]
        made = None
        for body in moments.bodies(name, self.names["today"]):
            made = self.send(role, "POST", "/v1/bookings", {}, body).needed(name)
            self.made.append((role, made.json["id"]))
        moments.wait(name)
        if name == "booking:inUse":
            made = self.send(role, "POST", f"/v1/bookings/{made.json['id']}/check-in", {"If-Match": "*"}, {}).needed(name)
        return made.json["id"], made.headers.get("etag")

    def find(self, name):
        if match := NAMED.fullmatch(name):
            listed = self.items(COLLECTIONS[match[1]])
            return next((item["id"] for item in listed if item["name"] == match[2]), None) or self.missing(name)
        if match := FIRST.fullmatch(name):
            if match[1] == "site":
                listed = self.items(f"/v1/centres/{self.find(f'centre:{match[2]}')}/sites")
            else:
                listed = self.items("/v1/equipment", platformId=self.find(f"platform:{match[2]}"))
            return next((item["id"] for item in listed), None) or self.missing(name)
        if match := SITE_OF.fullmatch(name):
            listed = self.items(COLLECTIONS["platform"])
            return next((item["siteId"] for item in listed if item["name"] == match[1]), None) or self.missing(name)
        return self.missing(name)

    def items(self, address, **filters):
        """Every item of a list, page by page."""
        cursor = {}
        while cursor is not None:
            query = urlencode({**filters, "pageSize": 200, **cursor})
            page = self.send(EVERYBODY, "GET", f"{address}?{query}").needed(address).json
            yield from page["items"]
            cursor = {"cursor": page["next"]} if "next" in page else None

    def missing(self, name):
        raise PlaceholderError(f"nothing found for {name}")

    # The run

    def run(self, only=()):
        """(faults, number of examples). Every example gets what it needs made anew."""
        faults, count = [], 0
        # What reads the thing that the example of another makes comes last.
        for operation in sorted(self.contract.operations, key=lambda one: "after" in one.node.get("x-example-request", {})):
            if only and operation.id not in only:
                continue
            count += 1
            faults += [f"{operation.id}: {fault}" for fault in self.example_faults(operation)]
        return faults, count

    def example_faults(self, operation):
        try:
            answer, exchange = self.perform(operation, {})
        except (PlaceholderError, OSError, KeyError) as error:
            return [f"{type(error).__name__}: {error}"]
        found, matched = faults_of(exchange, self.contract)
        if matched is not operation:
            found.append("its address belongs to another operation")
        expected = operation.node["x-example-request"]["expect"]
        if answer.status != expected:
            found.append(f"expected {expected}, got {answer.status}: {answer.text[:500]}")
        return found

    def clean_up(self):
        """Cancels what is left of the bookings that were made, so that another run finds the same room."""
        for role, identifier in self.made:
            answer = self.send(role, "GET", f"/v1/bookings/{identifier}")
            if answer.status == 200 and not answer.json["state"].startswith("cancelled"):
                self.send(role, "POST", f"/v1/bookings/{identifier}/cancellation",
                          {"If-Match": answer.headers.get("etag", "*")}, {"reason": "example"})
        self.made = []


def keys_of(demo):
    """Role → key: each role of the demo file is an object with `key`, or the key itself."""
    return {role: held["key"] if isinstance(held, dict) else held for role, held in demo.items()
            if (isinstance(held, dict) and "key" in held) or (isinstance(held, str) and held.startswith("plt_"))}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", default=".plateau/demo.json", help="the file with address and keys that the demo writes")
    parser.add_argument("--only", nargs="*", default=[], help="operation ids")
    options = parser.parse_args(arguments)
    with open(options.demo, encoding="utf-8") as file:
        demo = json.load(file)
    runner = Runner(Contract.load(), keys_of(demo), http_sender(demo["baseURL"]))
    try:
        faults, count = runner.run(options.only)
    finally:
        runner.clean_up()
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{count} examples, {len(faults)} faults")
    return 1 if faults or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())

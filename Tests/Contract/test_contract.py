"""Tests of the checks: what is right is green, and each kind of fault is red. Run: python -m unittest, in this folder."""

import copy
import datetime
import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import run_examples
import validate_contract
import validate_exchanges
from contract import Contract
from exchanges import Exchange, faults_of
from placeholders import PlaceholderError, day_of, filled, plausible

CONTRACT = Contract.load()
REQUEST_ID = {"X-Request-Id": "r-1"}


def example(operation_id, status):
    operation = CONTRACT.operation(operation_id)
    at, response = CONTRACT.located(f"{operation.at}/responses/{status}")
    for media_type in response.get("content", {}):
        where = f"{at}/content/{media_type.replace('/', '~1')}"
        return copy.deepcopy(next(iter(validate_contract.examples_at(CONTRACT, where)))), media_type
    return None, None


#: What is no id.
PATH_VALUES = {"code": "forkliftLicence", "scheme": "DEMO", "version": "2019", "token": "0a" * 32}


def recorded(operation_id="getPlatform", status=200, body=None, **changes):
    """A right exchange with an operation's own example, then changed."""
    documented, media_type = example(operation_id, status)
    operation = CONTRACT.operation(operation_id)
    path = operation.template.replace("{", "").replace("}", "")
    for name in operation.path_values(operation.template):
        path = path.replace(name, PATH_VALUES.get(name, "01a151c0-961c-7000-b369-637d609e467a"))
    headers = {**REQUEST_ID, "ETag": '"v1"', "Location": "/v1/x", "WWW-Authenticate": "Bearer", "Retry-After": "5",
               "Content-Disposition": "attachment; filename*=UTF-8''a.pdf", "Content-Security-Policy": "sandbox; default-src 'none'",
               "Repr-Digest": "sha-256=:AA==:"}
    if media_type:
        headers["Content-Type"] = media_type + "; charset=utf-8"
    record = {"method": operation.method, "path": path, "status": status, "requestHeaders": {}, "responseHeaders": headers,
              "responseBody": documented if body is None else body}
    return {**record, **changes}


def faults(record):
    return faults_of(Exchange(record), CONTRACT)[0]


class ContractTests(unittest.TestCase):
    def assert_red(self, expected, change):
        """Asks the rules of this house only: asking the specification of the whole contract takes five times as long."""
        document = copy.deepcopy(CONTRACT.document)
        change(document)
        found = validate_contract.house_faults(Contract(document))
        self.assertTrue(any(expected in fault for fault in found), f"{expected!r} not in {found}")

    def test_an_open_object_is_red(self):
        self.assert_red("not closed", lambda d: d["components"]["schemas"]["Booking"].pop("additionalProperties"))

    def test_an_open_object_inside_a_list_is_red(self):
        self.assert_red("not closed", lambda d: d["components"]["schemas"]["Booking"]["properties"]["history"]["items"].pop(
            "additionalProperties"))

    def test_an_example_that_its_schema_refuses_is_red(self):
        self.assert_red("workstations", lambda d: d["components"]["examples"]["WeldingHall"]["value"].update(workstations="12"))

    def test_a_missing_example_is_red(self):
        self.assert_red("has no example", lambda d: d["paths"]["/v1/me"]["get"]["responses"]["200"]["content"][
            "application/json"].pop("example"))

    def test_an_unknown_problem_code_is_red(self):
        self.assert_red("not in ProblemCode", lambda d: d["components"]["responses"]["NotFound"]["x-problem-codes"].append("nope"))

    def test_a_problem_code_with_another_status_is_red(self):
        self.assert_red("goes with 404", lambda d: d["components"]["responses"]["Forbidden"]["x-problem-codes"].append("notFound"))

    def test_a_code_that_no_response_carries_is_red(self):
        def add(document):
            codes = document["components"]["schemas"]["ProblemCode"]
            codes["enum"].append("neverUsed")
            codes["x-status"]["neverUsed"] = 409
        self.assert_red("no response carries neverUsed", add)

    def test_a_missing_role_list_is_red(self):
        self.assert_red("x-roles", lambda d: d["paths"]["/v1/me"]["get"].pop("x-roles"))

    def test_an_unknown_role_is_red(self):
        self.assert_red("x-roles", lambda d: d["paths"]["/v1/me"]["get"].update({"x-roles": ["king"]}))

    def test_a_duplicate_operation_id_is_red(self):
        self.assert_red("getCentre", lambda d: d["paths"]["/v1/me"]["get"].update(operationId="getCentre"))

    def test_a_missing_tag_or_summary_is_red(self):
        self.assert_red("tag", lambda d: d["paths"]["/v1/me"]["get"].update(tags=["Elsewhere"]))
        self.assert_red("summary", lambda d: d["paths"]["/v1/me"]["get"].pop("summary"))

    def test_an_unquoted_comma_in_a_description_is_red(self):
        self.assert_red("unknown keyword", lambda d: d["components"]["schemas"]["Day"].update({"and then some": None}))

    def test_an_example_request_that_the_contract_refuses_is_red(self):
        request = "x-example-request"
        self.assert_red("colour", lambda d: d["paths"]["/v1/bookings"]["post"][request]["body"].update(colour="red"))
        self.assert_red("not in the language", lambda d: d["paths"]["/v1/platforms/{platformId}"]["get"][request]["path"].update(
            platformId="{{platform}}"))
        self.assert_red("If-Match is missing", lambda d: d["paths"]["/v1/platforms/{platformId}"]["patch"][request].pop("headers"))
        self.assert_red("2xx", lambda d: d["paths"]["/v1/me"]["get"][request].update(expect=418))

    def test_a_missing_401_is_red(self):
        self.assert_red("has no 401", lambda d: d["paths"]["/v1/me"]["get"]["responses"].pop("401"))

    def test_a_document_that_is_not_openapi_is_red(self):
        untitled = {"openapi": "3.1.0", "info": {"version": "1"}, "paths": {}, "components": {"schemas": {}}}
        found = validate_contract.faults_of(Contract(untitled))
        self.assertIn("OpenAPI: 'title' is a required property at info", found)


class ExchangeTests(unittest.TestCase):
    def assert_red(self, expected, record):
        found = faults(record)
        self.assertTrue(any(expected in fault for fault in found), f"{expected!r} not in {found}")

    def test_every_documented_answer_is_green(self):
        for operation in CONTRACT.operations:
            for status in operation.node["responses"]:
                if status != "default":
                    with self.subTest(operation.id, status=status):
                        record = recorded(operation.id, int(status))
                        if status[0] == "2":
                            filled_in = filled(operation.node["x-example-request"], plausible)
                            record["requestHeaders"] = filled_in.get("headers", {})
                            if filled_in.get("query"):
                                record["path"] += "?" + "&".join(
                                    f"{k}={(v if isinstance(v, str) else json.dumps(v)).replace('+', '%2B')}" for k, v in filled_in["query"].items())
                        self.assertEqual(faults(record), [])

    def test_a_body_as_text_is_read_too(self):
        record = recorded()
        self.assertEqual(faults({**record, "responseBody": json.dumps(record["responseBody"])}), [])

    def test_a_wrong_body_is_red(self):
        body, _ = example("getPlatform", 200)
        self.assert_red("workstations", recorded(body={**body, "workstations": 0}))
        self.assert_red("colour", recorded(body={**body, "colour": "red"}))
        self.assert_red("'name' is a required", recorded(body={k: v for k, v in body.items() if k != "name"}))
        self.assert_red("description", recorded(body={**body, "description": None}))
        self.assert_red("not JSON", recorded(body="{"))

    def test_an_instant_that_is_not_utc_is_red(self):
        body, _ = example("createBooking", 201)
        body["createdAt"] = "2026-11-23T10:50:00+01:00"
        self.assert_red("createdAt", recorded("createBooking", 201, body))

    def test_an_undeclared_status_is_red(self):
        self.assert_red("not declared", recorded(status=200) | {"status": 203})

    def test_an_undeclared_media_type_is_red(self):
        record = recorded()
        record["responseHeaders"]["Content-Type"] = "text/plain"
        self.assert_red("media type", record)

    def test_a_missing_or_wrong_header_is_red(self):
        record = recorded()
        del record["responseHeaders"]["ETag"]
        self.assert_red("ETag is missing", record)
        record["responseHeaders"]["ETag"] = 'W/"1"'
        self.assert_red("header ETag", record)

    def test_a_code_of_another_answer_is_red(self):
        body = {"type": "urn:problem-type:plateau:samePerson", "title": "x", "status": 404}
        self.assert_red("samePerson", recorded(status=404, body=body))

    def test_a_problem_whose_status_differs_is_red(self):
        body, _ = example("getPlatform", 404)
        self.assert_red("the body says", recorded(status=404, body={**body, "status": 400}))

    def test_the_default_answer_takes_only_its_codes(self):
        problem = {"Content-Type": "application/problem+json", **REQUEST_ID}
        body = {"type": "urn:problem-type:plateau:internalError", "title": "x", "status": 500}
        self.assertEqual(faults(recorded(responseHeaders=problem, body=body) | {"status": 500}), [])
        body = {"type": "urn:problem-type:plateau:samePerson", "title": "x", "status": 409}
        self.assert_red("samePerson", recorded(responseHeaders=problem, body=body) | {"status": 409})

    def test_a_refused_booking_needs_its_rules(self):
        body, _ = example("createBooking", 409)
        self.assertEqual(faults(recorded("createBooking", 409, body)), [])
        self.assert_red("rules", recorded("createBooking", 409, {k: v for k, v in body.items() if k != "rules"}))
        body["rules"][0]["code"] = "becauseISaySo"
        self.assert_red("becauseISaySo", recorded("createBooking", 409, body))

    def test_a_request_that_should_have_been_refused_is_red(self):
        request = {"activity": "awareness", "audiences": [], "lines": [], "colour": "red"}
        self.assert_red("colour", recorded("createBooking", 201, requestBody=request))
        self.assert_red("pageSize", recorded("listCentres", 200, path="/v1/centres?pageSize=500"))
        self.assert_red("colour is not known", recorded("listCentres", 200, path="/v1/centres?colour=red"))
        self.assert_red("If-Match is missing", recorded("changePlatform", 200))

    def test_an_unknown_address_is_a_problem(self):
        body = {"type": "urn:problem-type:plateau:notFound", "title": "x", "status": 404}
        record = recorded(path="/v1/elsewhere", body=body, status=404)
        self.assertEqual(faults(record), [])
        self.assert_red("'error' was unexpected", record | {"responseBody": {"error": "x"}})
        self.assert_red("no such operation", record | {"status": 200})
        self.assert_red("Allow", record | {"status": 405, "responseBody": {**body, "status": 405}})

    def test_head_has_no_body(self):
        record = recorded(method="HEAD", body="")
        self.assertEqual(faults(record), [])
        self.assert_red("a body where none belongs", record | {"responseBody": "{}"})

    def test_a_wrong_operation_name_is_red(self):
        self.assert_red("recorded as getSite", recorded(operation="getSite"))

    def test_a_recording_counts_the_operations_that_succeeded(self):
        lines = [json.dumps(recorded()), "", json.dumps(recorded("getMe")), "nonsense"]
        found, succeeded, count = validate_exchanges.validate(lines, CONTRACT)
        self.assertEqual((len(found), succeeded, count), (1, {"getPlatform", "getMe"}, 3))


class PlaceholderTests(unittest.TestCase):
    def test_days(self):
        wednesday = datetime.date(2026, 11, 25)
        for name, expected in {
            "day:+0": "2026-11-25", "day:-25": "2026-10-31", "day:+21": "2026-12-16",
            "weekday:+0w:Mon": "2026-11-23", "weekday:+3w:Tue": "2026-12-15", "weekday:-1w:Sun": "2026-11-22",
        }.items():
            with self.subTest(name):
                self.assertEqual(day_of(name, wednesday).isoformat(), expected)
        self.assertEqual(day_of("weekday:+3w:Tue", wednesday, weeks_later=2).isoformat(), "2026-12-29")
        self.assertEqual(day_of("day:+1", wednesday, weeks_later=2).isoformat(), "2026-11-26")
        self.assertIsNone(day_of("unique", wednesday))

    def test_nonsense_is_refused(self):
        for name in ("weekday:+1w:Foo", "booking:stale", "site:Gosselies", "centre:", "self.name", ""):
            with self.subTest(name), self.assertRaises(PlaceholderError):
                plausible(name)

    def test_filling_goes_everywhere(self):
        value = {"a": ["{{unique}}T09:00", {"b": "x-{{unique}}-{{unique}}"}], "c": 3}
        self.assertEqual(filled(value, lambda name: "u"), {"a": ["uT09:00", {"b": "x-u-u"}], "c": 3})


class ExampleRunTests(unittest.TestCase):
    """The runner against a server that answers each operation with its documented example."""

    def setUp(self):
        self.sent = []
        self.full_weeks = 0
        self.spoiled = None

    def answer(self, method, target, headers, body):
        operation = CONTRACT.match(method, urlsplit(target).path)
        self.sent.append((operation.id, target, headers, body))
        expected = operation.node["x-example-request"]["expect"]
        if operation.id == "createBooking" and self.full_weeks > 0:
            self.full_weeks -= 1
            expected = 409
        record = recorded(operation.id, expected)
        document = record["responseBody"]
        names = {"listCentres": ["TechnoCampus", "Technifutur"], "listPlatforms": ["Welding hall", "CNC workshop"]}
        if operation.id in names:
            document["items"] = [{**document["items"][0], "name": name} for name in names[operation.id]]
        if operation.id == self.spoiled:
            document["colour"] = "red"
        text = document if isinstance(document, str) else "" if document is None else json.dumps(document)
        return run_examples.Answer(expected, record["responseHeaders"], text)

    def run_all(self, only=()):
        keys = {role: "plt_" + role for role in validate_contract.EXAMPLE_ROLES}
        runner = run_examples.Runner(CONTRACT, keys, self.answer)
        result = runner.run(only)
        runner.clean_up()
        return result

    def test_every_example_passes(self):
        self.assertEqual(self.run_all(), ([], len(CONTRACT.operations)))
        self.assertFalse(any("{{" in str(sent) for sent in self.sent))
        self.assertNotIn("Authorization", next(headers for name, _, headers, _ in self.sent if name == "getHealth"))

    def test_a_wrong_answer_is_red(self):
        self.spoiled = "getCentre"
        faults, _ = self.run_all(["getCentre"])
        self.assertIn("colour", " ".join(faults))

    def test_a_full_week_is_passed_over(self):
        self.full_weeks = 3
        self.assertEqual(self.run_all(["createBooking"])[0], [])
        starts = [json.loads(body)["lines"][0]["start"][:10] for name, _, _, body in self.sent if name == "createBooking"]
        days = [datetime.date.fromisoformat(start) for start in starts]
        self.assertEqual([(later - days[0]).days for later in days], [0, 7, 14, 21])

    def test_a_refusal_that_lasts_is_red(self):
        self.full_weeks = 1000
        self.assertIn("expected 201, got 409", " ".join(self.run_all(["createBooking"])[0]))

    def test_bookings_are_cancelled_afterwards(self):
        self.run_all(["getBooking"])
        self.assertEqual(self.sent[-1][0], "cancelBooking")

    def test_every_example_passes_over_http(self):
        test = self

        class Handler(BaseHTTPRequestHandler):
            def respond(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = test.answer(self.command, self.path, dict(self.headers), body)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.text.encode())

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond

            def log_message(self, *arguments):
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            keys = {role: "plt_" + role for role in validate_contract.EXAMPLE_ROLES}
            send = run_examples.http_sender(f"http://127.0.0.1:{server.server_address[1]}")
            self.assertEqual(run_examples.Runner(CONTRACT, keys, send).run(), ([], len(CONTRACT.operations)))
            server.shutdown()

    def test_the_demo_file_gives_the_keys(self):
        demo = {"baseURL": "http://127.0.0.1:1", "company": {"key": "plt_a", "organisationId": "x"}, "labelAuthority": "plt_b"}
        self.assertEqual(run_examples.keys_of(demo), {"company": "plt_a", "labelAuthority": "plt_b"})


if __name__ == "__main__":
    unittest.main()

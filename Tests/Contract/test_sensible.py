"""Tests of the corrections that stand between schemathesis and the server. Run: python -m unittest, in this folder."""

import copy
import datetime
import unittest

from contract import Contract
from network import Network, Side
from placeholders import today
from run_schemathesis import ROLES, SHORT_ROLES, phases_of
from sensible import Sense, day, instant
from validate_contract import examples_at

CONTRACT = Contract.load()
SOMETHING = "01a151c0-961c-7000-b369-637d609e467a"
NAMES = ("organisationId", "centreId", "otherCentreId", "siteId", "platformId", "equipmentId", "grantId", "draftId", "holderId", "mobileId",
         "custodyEquipmentId", "spareSiteId", "stockId")


def sense():
    network = Network(None, "manager", "authority")
    start, end = network.slot()
    network.sides = {"own": Side({
        **dict.fromkeys(NAMES, SOMETHING), "code": "matrixType", "scheme": "MATRIX", "version": "2019",
        "waitingEnd": "2027-05-04T09:15:00Z", "seriesStart": start, "seriesEnd": end})}
    return Sense(network)


def bodies():
    """(operation, its schema's place, an example)."""
    for operation in CONTRACT.operations:
        if "requestBody" in operation.node:
            at, body = CONTRACT.located(f"{operation.at}/requestBody")
            if "application/json" not in body["content"]:
                continue
            where = f"{at}/content/application~1json"
            for example in examples_at(CONTRACT, where):
                yield operation.id, f"{where}/schema", copy.deepcopy(example)


class SenseTests(unittest.TestCase):
    def test_a_corrected_body_is_still_one_of_its_schema(self):
        corrector = sense()
        for operation, schema, body in bodies():
            with self.subTest(operation):
                for _ in range(3):
                    corrector.body(operation, body)
                    self.assertEqual(CONTRACT.faults(schema, body), [])

    def test_a_period_that_ends_before_it_starts_is_corrected(self):
        body = {"resourceId": "x", "start": "2030-01-02T00:00:00Z", "end": "2030-01-01T00:00:00Z"}
        sense().body("decideAccess", body)
        self.assertLess(instant(body["start"]), instant(body["end"]))

    def test_a_range_of_days_that_is_too_long_is_shortened(self):
        query = {"from": "0001-01-01", "to": "9999-12-31"}
        sense().query("listOpenHours", query)
        self.assertLess(day(query["to"]) - day(query["from"]), datetime.timedelta(days=92))

    def test_periods_of_a_weekday_do_not_overlap(self):
        hours = [{"weekday": 1, "opens": "18:00", "closes": "08:00"}, {"weekday": 1, "opens": "09:00", "closes": "10:00"}]
        body = {"from": "2000-01-01", "hours": hours}
        sense().body("setWeeklyOpening", body)
        self.assertEqual(body["hours"], [{"weekday": 1, "opens": "08:00", "closes": "18:00"}])
        self.assertGreaterEqual(day(body["from"]), today())


class RoleTests(unittest.TestCase):
    def test_those_who_are_asked_always_may_together_do_everything(self):
        for operation in CONTRACT.operations:
            roles = set(operation.roles or ["member"])
            self.assertTrue("member" in roles or roles & set(SHORT_ROLES), operation.id)

    def test_every_role_of_the_contract_has_its_run(self):
        self.assertEqual(set(ROLES), set(CONTRACT.document["components"]["schemas"]["Role"]["enum"]))
        self.assertIn("coverage", phases_of("booker", is_full=True))


if __name__ == "__main__":
    unittest.main()

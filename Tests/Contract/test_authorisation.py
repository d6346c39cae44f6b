"""Tests of the authorisation matrix: a declaration and a server that disagree are red. Run: python -m unittest, in this folder."""

import copy
import json
import unittest

import yaml

from check_authorisation import DECLARATION, Check, Declaration, missing
from contract import Contract, ContractLoader
from network import UNKNOWN_KEY, Network, Reply, Side, checksum

CONTRACT = Contract.load()
with open(DECLARATION, encoding="utf-8") as file:
    DOCUMENT = yaml.load(file, ContractLoader)
BOOKING = "01a055ec-d7cd-7000-b2a4-0b8053a12945"
NOT_FOUND = {"type": "urn:problem-type:plateau:notFound", "title": "Introuvable", "status": 404}


def declared(change=lambda document: None):
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return Declaration(document, CONTRACT)


class DeclarationTests(unittest.TestCase):
    def assert_red(self, expected, change):
        found = declared(change).faults
        self.assertTrue(any(expected in fault for fault in found), f"{expected!r} not in {found}")

    def test_the_declaration_has_every_operation_and_no_other(self):
        self.assertEqual(declared().faults, [])

    def test_an_operation_that_is_not_declared_is_red(self):
        self.assert_red("getMe: the contract has it", lambda d: d["operations"].pop("getMe"))

    def test_an_operation_that_the_contract_lacks_is_red(self):
        self.assert_red("getYou", lambda d: d["operations"].update(getYou={"any": {"rest": "ok"}}))

    def test_a_caller_that_is_left_out_is_red(self):
        self.assert_red("says nothing of member", lambda d: d["operations"]["createCentre"].update({"any": {"networkManager": "ok"}}))

    def test_a_caller_that_is_named_twice_or_unknown_is_red(self):
        self.assert_red("member", lambda d: d["operations"]["getMe"].update({"any": {"member": "ok", "organisation": 403, "rest": "ok"}}))
        self.assert_red("king", lambda d: d["operations"]["getMe"].update({"any": {"king": "ok", "rest": "ok"}}))

    def test_roles_of_the_contract_that_are_not_those_who_succeed_are_red(self):
        self.assert_red("x-roles", lambda d: d["operations"]["createCentre"].update({"any": {"member": "ok", "rest": "403"}}))

    def test_an_open_operation_that_is_declared_closed_is_red(self):
        self.assert_red("not open", lambda d: d["operations"].update(getMe={"open": True}))

    def test_a_stranger_has_a_cell_wherever_a_member_has_one(self):
        cells = declared().cells()
        self.assertEqual(len(cells) % len(declared().callers), 0)
        self.assertEqual({cell.wanted for cell in cells if cell.caller == "revokedKey"}, {"ok", "401"})


class AnswerTests(unittest.TestCase):
    """One cell against a server that answers as the test says."""

    def faults(self, wanted, answer):
        def send(method, target, headers, body):
            status, document = answer(target)
            head = {"content-type": "application/problem+json" if status >= 400 else "application/json", "x-request-id": "authorisation",
                    "www-authenticate": "Bearer", "date": target}
            return Reply(status, head, json.dumps(document).encode())

        network = Network(send, "manager", "authority")
        network.keys = dict.fromkeys(declared().callers, "key")
        network.sides = {"own": Side({"bookingId": BOOKING}), "other": Side({"bookingId": BOOKING})}
        declaration = declared(lambda d: d.update(operations={"getBooking": {"other": {"member": wanted, "rest": 404}}}))
        cell = next(cell for cell in declaration.cells() if cell.caller == "member")
        return Check(CONTRACT, declaration, network).faults(cell)

    def test_the_right_refusal_is_green(self):
        self.assertEqual(self.faults("404", lambda target: (404, NOT_FOUND)), [])

    def test_another_status_is_red(self):
        forbidden = {"type": "urn:problem-type:plateau:forbidden", "title": "Interdit", "status": 403}
        self.assertTrue(any("expected 404, got 403" in fault for fault in self.faults("404", lambda target: (403, forbidden))))

    def test_a_refusal_that_tells_that_the_object_exists_is_red(self):
        def answer(target):
            return 404, {**NOT_FOUND, "detail": "private"} if BOOKING in target else NOT_FOUND
        self.assertTrue(any("missing object" in fault for fault in self.faults("404", answer)))

    def test_an_answer_that_names_the_id_is_still_the_same_answer(self):
        self.assertEqual(self.faults("404", lambda target: (404, {**NOT_FOUND, "detail": target.split("/")[-1]})), [])

    def test_an_answer_that_the_contract_lacks_is_red(self):
        self.assertTrue(any("not declared" in fault or "not one of" in fault for fault in self.faults("ok", lambda target: (418, NOT_FOUND))))


class NetworkTests(unittest.TestCase):
    def test_the_unknown_key_has_the_form_of_a_key(self):
        self.assertRegex(UNKNOWN_KEY + checksum(UNKNOWN_KEY), r"^plt_[0-9A-Za-z]{49}$")

    def test_a_missing_object_is_of_the_same_centre(self):
        self.assertEqual(missing(BOOKING)[:-12], BOOKING[:-12])
        self.assertNotEqual(missing(BOOKING), BOOKING)


if __name__ == "__main__":
    unittest.main()

"""What judges a drill finds each kind of fault in a forged history, and that a fault of the drill never happened."""

import unittest
from collections.abc import Callable

import drill_database_killed
import drill_exhaustion
import drill_retry_storm
import drill_server_killed
from checker import excesses, made_while_suspended, refused_without_suspension, unjustified_refusals
from client import Client
from history import Attempt, Booking, History, Line, Suspension
from ledger import Ledger, Row
from verdict import Verdict
from workshop import Resource

HALL = Resource("hall", "Hall", capacity=2)
RESOURCES = {"hall": HALL}


def booked(key: str, sent: float, done: float = 0, seats: int = 1, minute: int = 0, status: int | None = 201) -> Booking:
    """A booking of the first hour after `minute`, acknowledged unless another status is given."""
    line = Line("hall", minute, minute + 60, seats)
    attempt = Attempt(sent, done or sent + 1, status)
    outcome = {201: "acknowledged", 409: "refused"}.get(status or 0, "unknown")
    booking = Booking(key, "o", (line,), [attempt], outcome, id=f"id-{key}" if status == 201 else None)
    if status == 409:
        booking.rules = [("capacityFull", {})]
    return booking


def history(*bookings: Booking) -> History:
    return History("forged", list(bookings))


def row(booking: Booking, state: str = "confirmed", version: int = 1, transitions: int = 1) -> Row:
    lines = [(line.resource, line.start, line.end, line.seats) for line in booking.lines]
    return Row(booking.id or "?", booking.key, state, version, transitions, lines)


class HistoryTests(unittest.TestCase):
    def test_room_taken_twice_is_found_and_room_that_was_free_is_not(self) -> None:
        first, second, third = (booked(str(number), number * 10) for number in range(3))
        self.assertEqual(excesses(history(first, second), RESOURCES), [])
        self.assertEqual(len(excesses(history(first, second, third), RESOURCES)), 1)
        second.cancellation = [Attempt(15, 16, 200)]
        self.assertEqual(excesses(history(first, second, third), RESOURCES), [])
        self.assertEqual(excesses(history(first, booked("a", 20, minute=60), booked("b", 30, seats=2, minute=120)), RESOURCES), [])

    def test_a_unit_booked_twice_is_found(self) -> None:
        unit = Resource("hall", "Robot", capacity=1, is_unit=True)
        self.assertEqual(len(excesses(history(booked("a", 1), booked("b", 5, minute=30)), {"hall": unit})), 1)

    def test_buffers_take_room(self) -> None:
        buffered = Resource("hall", "Hall", capacity=1, cleanup=15)
        self.assertEqual(len(excesses(history(booked("a", 1), booked("b", 5, minute=60)), {"hall": buffered})), 1)

    def test_a_refusal_beside_free_room_is_found(self) -> None:
        full, refused = booked("a", 1, seats=2), booked("b", 10, status=409)
        self.assertEqual(unjustified_refusals(history(full, refused), RESOURCES), ([], 1))
        faults, looked_at = unjustified_refusals(history(booked("a", 1), refused), RESOURCES)
        self.assertEqual((len(faults), looked_at), (1, 1))

    def test_a_refusal_for_what_came_later_or_was_over_is_found(self) -> None:
        late = booked("a", 20, seats=2)
        self.assertEqual(len(unjustified_refusals(history(late, booked("b", 10, status=409)), RESOURCES)[0]), 1)
        gone = booked("a", 1, seats=2)
        gone.cancellation = [Attempt(3, 4, 200)]
        self.assertEqual(len(unjustified_refusals(history(gone, booked("b", 10, status=409)), RESOURCES)[0]), 1)

    def test_a_booking_inside_a_suspension_is_found(self) -> None:
        forged = history(booked("a", 10))
        forged.suspensions = [Suspension(0, 600, asked=1, recorded=2, lift_asked=30, lifted=31)]
        self.assertEqual(len(made_while_suspended(forged)), 1)
        forged.suspensions = [Suspension(0, 600, asked=1, recorded=10.5, lift_asked=30, lifted=31)]
        self.assertEqual(made_while_suspended(forged), [])

    def test_a_refusal_without_a_suspension_is_found(self) -> None:
        refused = booked("a", 10, status=409)
        refused.rules = [("labelSuspended", {})]
        self.assertEqual(len(refused_without_suspension(history(refused))), 1)


class LedgerTests(unittest.TestCase):
    def test_a_lost_acknowledgement_is_found(self) -> None:
        booking = booked("a", 1)
        self.assertEqual(Ledger([row(booking)], [], 0).lost(history(booking)), [])
        self.assertEqual(len(Ledger([], [], 0).lost(history(booking))), 1)
        self.assertEqual(len(Ledger([row(booking, "cancelledByUser")], [], 0).lost(history(booking))), 1)
        changed = row(booking)
        changed.lines = [("hall", 0, 60, 2)]
        self.assertEqual(len(Ledger([changed], [], 0).lost(history(booking))), 1)

    def test_a_lost_cancellation_is_found(self) -> None:
        booking = booked("a", 1)
        booking.cancellation_outcome = "acknowledged"
        self.assertEqual(len(Ledger([row(booking)], [], 0).lost(history(booking))), 1)

    def test_a_double_effect_is_found(self) -> None:
        booking = booked("a", 1)
        self.assertEqual(Ledger([row(booking)], [], 0).doubled(history(booking)), [])
        self.assertEqual(len(Ledger([row(booking), row(booking)], [], 0).doubled(history(booking))), 1)
        self.assertEqual(len(Ledger([row(booking)], [], 1).doubled(history(booking))), 1)

    def test_an_effect_of_what_was_refused_or_never_asked_is_found(self) -> None:
        refused = booked("a", 1, status=409)
        self.assertEqual(len(Ledger([row(refused)], [], 0).doubled(history(refused))), 1)
        self.assertEqual(len(Ledger([row(refused)], [], 0).doubled(history())), 1)

    def test_too_much_in_the_database_is_found(self) -> None:
        rows = [("hall", "a", 0, 60, 1), ("hall", "b", 30, 90, 1), ("hall", "c", 60, 90, 1)]
        self.assertEqual(Ledger([], rows, 0).over_capacity([HALL]), [])
        self.assertEqual(len(Ledger([], [*rows, ("hall", "d", 45, 50, 1)], 0).over_capacity([HALL])), 1)

    def test_a_state_that_does_not_fit_its_room_or_transitions_is_found(self) -> None:
        booking = booked("a", 1)
        taken = [("hall", "id-a", 0, 60, 1)]
        self.assertEqual(Ledger([row(booking)], taken, 0).out_of_step(), [])
        self.assertEqual(len(Ledger([row(booking)], [], 0).out_of_step()), 1)
        self.assertEqual(len(Ledger([row(booking, "suspended")], taken, 0).out_of_step()), 1)
        self.assertEqual(len(Ledger([row(booking, version=2)], taken, 0).out_of_step()), 1)


class AnswerTests(unittest.TestCase):
    def faults(self, attempt: Attempt) -> list[str]:
        forged = History("forged")
        Client(None, "", "", "", forged, None).judge(attempt)  # type: ignore[arg-type]
        return forged.faults

    def test_a_500_and_a_503_without_its_time_are_found(self) -> None:
        self.assertEqual(len(self.faults(Attempt(1, 2, 500, "internal"))), 1)
        self.assertEqual(len(self.faults(Attempt(1, 2, 503, "unavailable"))), 1)
        self.assertEqual(self.faults(Attempt(1, 2, 503, "unavailable", retry_after="1")), [])


class FaultTests(unittest.TestCase):
    """A drill whose fault did not happen fails, however well everything went."""

    def passes(self, report: Callable[[Verdict], None]) -> bool:
        verdict = Verdict("forged")
        report(verdict)
        return verdict.passed

    def test_nothing_checked_is_not_passed(self) -> None:
        self.assertFalse(self.passes(lambda verdict: None))

    def test_kills_that_cut_nothing_off(self) -> None:
        times = [(0.5, 0.7)] * 4
        cut = history(*(booked(str(number), number, status=None) for number in range(4)))
        self.assertTrue(self.passes(lambda verdict: drill_server_killed.report(verdict, "own", cut, 4, times, 1)))
        calm = history(*(booked(str(number), number) for number in range(4)))
        self.assertFalse(self.passes(lambda verdict: drill_server_killed.report(verdict, "own", calm, 4, times, 1)))
        slow = [(1.5, 1.7)] * 4
        self.assertFalse(self.passes(lambda verdict: drill_server_killed.report(verdict, "own", cut, 4, slow, 1)))

    def test_a_database_that_was_not_killed_not_noticed_or_not_healed_from(self) -> None:
        def outages(**changed: object) -> drill_database_killed.Outages:
            good: dict[str, object] = {"noticed": [0.3], "recovered": [1.0], "healed": [0.5], "ready": [0.4], "victims": [20], "refusals": 9}
            return drill_database_killed.Outages(**{**good, **changed})  # type: ignore[arg-type]

        def passed(**changed: object) -> bool:
            return self.passes(lambda verdict: drill_database_killed.report(verdict, history(), outages(**changed), 1))

        self.assertTrue(passed())
        for changed in ({"victims": [1]}, {"noticed": [1.5]}, {"healed": [2.5]}, {"ready": [2.5]}, {"refusals": 0}):
            self.assertFalse(passed(**changed), changed)

    def test_an_exhaustion_in_which_nobody_was_refused_or_somebody_was_wrongly(self) -> None:
        def passed(*kinds: tuple[str, float], drained: float = 1.0) -> bool:
            answers = drill_exhaustion.Answers()
            for kind, seconds in kinds:
                answers.add(kind, seconds)
            return self.passes(lambda verdict: drill_exhaustion.judge(verdict, answers, 1, drained))

        self.assertTrue(passed(("503", 2.1), ("201", 3.0)))
        self.assertFalse(passed(("201", 3.0)))
        self.assertFalse(passed(("503", 2.1), ("500", 0.1)))
        self.assertFalse(passed(("503", 9.0)))
        self.assertFalse(passed(("503", 2.1), drained=9.0))

    def test_a_hot_platform_that_gets_less_than_half_done(self) -> None:
        def passed(hot: list[float], spread: list[float]) -> bool:
            return self.passes(lambda verdict: drill_retry_storm.judge(verdict, hot, spread))

        self.assertTrue(passed([90, 60], [100, 200]))
        self.assertFalse(passed([90, 50], [100, 200]))
        self.assertFalse(passed([], []))

    def test_others_who_are_held_up_or_refused(self) -> None:
        def passed(*answers: tuple[int | None, float]) -> bool:
            return self.passes(lambda verdict: drill_exhaustion.judge_unconcerned(verdict, {"/v1/me": list(answers)}))

        self.assertTrue(passed((200, 0.1)))
        self.assertFalse(passed((200, 0.1), (503, 0.1)))
        self.assertFalse(passed((200, 2.0)))


if __name__ == "__main__":
    unittest.main()

"""The comparison itself: what is right is green, each kind of fault is red."""
from __future__ import annotations

import json
import unittest
from typing import Any

from compare import compare

RIGHT: dict[str, Any] = {
    "text": "RRULE:FREQ=DAILY;UNTIL=20270329\nEXDATE;VALUE=DATE:20270327",
    "zone": "Europe/Brussels",
    "start": "2027-03-27T02:30",
    "limit": 5,
    "isCut": False,
    "occurrences": [["2027-03-28T02:30", "2027-03-28T01:30:00Z"], ["2027-03-29T02:30", "2027-03-29T00:30:00Z"]],
}


def faults(**changes: Any) -> list[str]:
    return compare([json.dumps(RIGHT | changes)])[2]


class ComparisonTests(unittest.TestCase):
    def test_what_is_right_is_green(self) -> None:
        self.assertEqual(faults(), [])

    def test_another_local_time_is_red(self) -> None:
        other = [["2027-03-28T03:30", "2027-03-28T01:30:00Z"], RIGHT["occurrences"][1]]
        self.assertIn("local time 1", faults(occurrences=other)[0])

    def test_another_instant_is_red(self) -> None:
        other = [["2027-03-28T02:30", "2027-03-28T00:30:00Z"], RIGHT["occurrences"][1]]
        self.assertIn("instant 1", faults(occurrences=other)[0])

    def test_one_too_few_is_red(self) -> None:
        self.assertIn("1 occurrences, dateutil 2", faults(occurrences=RIGHT["occurrences"][:1])[0])

    def test_a_wrong_word_on_what_follows_is_red(self) -> None:
        self.assertIn("more to come", faults(isCut=True)[0])

    def test_a_mixed_list_of_weekdays_is_a_union(self) -> None:
        found = [["2027-03-02T00:00", "2027-03-01T23:00:00Z"], ["2027-03-05T00:00", "2027-03-04T23:00:00Z"]]
        text = "RRULE:FREQ=MONTHLY;COUNT=2;BYDAY=TU,1FR;BYMONTHDAY=2,5"
        self.assertEqual(faults(text=text, start="2027-03-01T00:00", occurrences=found), [])

    def test_positions_count_in_the_whole_first_week(self) -> None:
        found = [["2027-01-11T00:00", "2027-01-10T23:00:00Z"]]
        text = "RRULE:FREQ=WEEKLY;COUNT=1;BYDAY=MO,WE;BYSETPOS=1"
        self.assertEqual(faults(text=text, start="2027-01-06T00:00", occurrences=found), [])


if __name__ == "__main__":
    unittest.main()

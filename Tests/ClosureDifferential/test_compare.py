"""That the comparison finds what it looks for."""

import unittest

from compare import difference


def recorded(series, *lines, zone="Europe/Brussels"):
    event = ["BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]
    return {"calendar": "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *event, "END:VCALENDAR", ""]), "zone": zone,
            "first": "2026-10-05", "last": "2029-10-09", "series": {"1": series}}


class CompareTests(unittest.TestCase):
    def test_whole_days_end_before_their_end(self):
        days = ["DTSTART;VALUE=DATE:20261012", "DTEND;VALUE=DATE:20261014"]
        self.assertIsNone(difference(recorded([["2026-10-12", 0, 1440], ["2026-10-13", 0, 1440]], *days)))
        self.assertIn("parts of days", difference(recorded([["2026-10-12", 0, 1440]], *days)))

    def test_hours_are_those_of_the_place(self):
        night = ["DTSTART;TZID=America/New_York:20261012T170000", "DURATION:PT2H"]
        self.assertIsNone(difference(recorded([["2026-10-12", 1380, 1440], ["2026-10-13", 0, 60]], *night)))
        self.assertIn("icalendar", difference(recorded([["2026-10-12", 1320, 1440]], *night)))

    def test_a_time_that_the_clocks_skip_moves_forward(self):
        skipped = recorded([["2027-03-28", 210, 240]], "DTSTART:20270328T023000", "DURATION:PT90M")
        self.assertIsNone(difference(skipped))

    def test_what_is_cancelled_closes_nothing(self):
        self.assertIsNone(difference(recorded([], "DTSTART;VALUE=DATE:20261012", "STATUS:CANCELLED")))

    def test_another_series_is_a_fault(self):
        self.assertIn("series", difference(recorded([], "DTSTART;VALUE=DATE:20261012") | {"series": {"2": []}}))


if __name__ == "__main__":
    unittest.main()

"""That the comparison finds what it looks for."""

import datetime
import unittest

from standardwebhooks.webhooks import Webhook
from verify import faults_of

SECRET = "whsec_" + "A" * 43 + "="


def message(body="{}", signed="{}"):
    now = datetime.datetime.now(datetime.UTC)
    return {"secret": SECRET, "body": body, "headers": {
        "webhook-id": "m", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": Webhook(SECRET).sign("m", now, signed)}}


class VerifyTests(unittest.TestCase):
    def test_a_good_message_has_no_fault(self):
        self.assertEqual(faults_of(message()), [])

    def test_a_body_that_was_not_signed_is_a_fault(self):
        self.assertEqual(faults_of(message(body="{ }")), ["not accepted"])


def calendar(**changes):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//test//EN", "BEGIN:VTIMEZONE", "TZID:Europe/Brussels",
             "BEGIN:DAYLIGHT", "DTSTART:20260329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
             "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT", "BEGIN:STANDARD", "DTSTART:20251026T030000",
             "TZOFFSETFROM:+0200", f"TZOFFSETTO:{changes.pop('offset', '+0100')}", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
             "END:STANDARD", "END:VTIMEZONE", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z",
             "DTSTART;TZID=Europe/Brussels:20261214T100000", "DTEND;TZID=Europe/Brussels:20261214T110000",
             "SUMMARY:Cours\\, fictif", "STATUS:CONFIRMED", "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR", ""]
    entry = {"uid": "1", "start": "2026-12-14T09:00:00Z", "end": "2026-12-14T10:00:00Z", "status": "CONFIRMED",
             "summary": "Cours, fictif", "free": "no", **changes}
    return {"calendar": "\r\n".join(lines), "entries": [entry]}


class CalendarTests(unittest.TestCase):
    def test_a_good_calendar_has_no_fault(self):
        self.assertEqual(faults_of(calendar()), [])

    def test_another_instant_is_a_fault(self):
        self.assertTrue(any("start is" in fault for fault in faults_of(calendar(start="2026-12-14T10:00:00Z"))))

    def test_rules_of_a_zone_that_are_wrong_are_a_fault(self):
        self.assertTrue(any("by its own rules" in fault for fault in faults_of(calendar(offset="+0300"))))

    def test_another_text_or_state_is_a_fault(self):
        self.assertEqual(len(faults_of(calendar(summary="Cours", status="CANCELLED"))), 2)

    def test_an_entry_that_is_missing_is_a_fault(self):
        message = calendar()
        message["entries"].append({**message["entries"][0], "uid": "2"})
        self.assertTrue(faults_of(message))


def mail(subject="Cours", method="REQUEST", recipient="a@b.example", more=""):
    lines = ["From: Plateau <p@b.example>", "To: <a@b.example>", "Subject: Cours", "Date: Sat, 28 Nov 2026 14:54:11 +0000",
             "Message-ID: <1@b.example>", "Auto-Submitted: auto-generated", "Content-Language: fr", "MIME-Version: 1.0",
             f"{more}Content-Type: multipart/alternative; boundary=\"x\"", "", "--x", "Content-Type: text/plain; charset=utf-8", "",
             "Bonjour", "--x", "Content-Type: text/calendar; charset=utf-8; method=REQUEST", "", "BEGIN:VCALENDAR", "VERSION:2.0",
             f"METHOD:{method}", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z", "DTSTART:20261214T090000Z", "STATUS:CONFIRMED",
             f"ATTENDEE:mailto:{recipient}", "END:VEVENT", "END:VCALENDAR", "--x--", ""]
    return {"mail": "\r\n".join(lines), "subject": subject}


class MailTests(unittest.TestCase):
    def test_a_good_message_has_no_fault(self):
        self.assertEqual(faults_of(mail()), [])

    def test_another_subject_a_further_header_another_recipient_and_another_method_are_faults(self):
        for spoiled in (mail(subject="Cour"), mail(more="Bcc: x@y.example\r\n"), mail(recipient="c@b.example"), mail(method="CANCEL")):
            self.assertTrue(faults_of(spoiled))

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

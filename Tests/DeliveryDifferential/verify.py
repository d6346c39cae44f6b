"""Whether others understand what leaves the house: webhooks the reference library of Standard Webhooks, which has to refuse them once a
byte is another; calendars (calendars.py) and mail (mails.py) the libraries of Python."""

import json
import sys
from datetime import datetime
from unittest import mock

import calendars
import mails
from standardwebhooks import webhooks
from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def accepts(secret: str, headers: dict, body: str, received: float | None = None) -> bool:
    """As a receiver that got it at `received` (seconds since 1970), or when it was sent."""
    moment = float(headers["webhook-timestamp"]) if received is None else received
    clock = mock.Mock(wraps=datetime)
    clock.now = lambda tz=None: datetime.fromtimestamp(moment, tz)
    with mock.patch.object(webhooks, "datetime", clock):
        try:
            Webhook(secret).verify(body, headers)
            return True
        except WebhookVerificationError:
            return False


def faults_of(message: dict) -> list[str]:
    if "calendar" in message:
        return calendars.faults_of(message)
    if "mail" in message:
        return mails.faults_of(message)
    secret, headers, body = message["secret"], message["headers"], message["body"]
    faults = [] if accepts(secret, headers, body) else ["not accepted"]
    if accepts(secret, headers, body, float(headers["webhook-timestamp"]) + 600):
        faults.append("accepted ten minutes later")
    for name, spoiled in (("body", (headers, body + " ")),
                          ("id", ({**headers, "webhook-id": headers["webhook-id"] + "0"}, body)),
                          ("timestamp", ({**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}, body))):
        if accepts(secret, *spoiled):
            faults.append(f"accepted with another {name}")
    return faults


def main(path: str) -> int:
    with open(path, encoding="utf-8") as file:
        messages = [json.loads(line) for line in file]
    faults = [f"message {number}: {fault}" for number, message in enumerate(messages, 1) for fault in faults_of(message)]
    print(*faults, sep="\n", end="\n" if faults else "")
    kinds = {kind: sum(kind in message for message in messages) for kind in ("secret", "calendar", "mail")}
    print(f"{kinds['secret']} webhooks, {kinds['calendar']} calendars, {kinds['mail']} messages of mail, {len(faults)} faults")
    return 1 if faults or not all(kinds.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

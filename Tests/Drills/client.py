"""A client as an integrator would write it: it retries with the same key until it knows what became of its request."""

import asyncio
import json
from dataclasses import dataclass
from random import Random
from typing import Any

import aiohttp

from history import Attempt, Booking, History, now
from workshop import instant

#: Longer than any outage of a drill.
PATIENCE = 60.0
PAUSE = 0.05


@dataclass
class Client:
    """Sends the requests of one organisation and writes down what it is told."""

    session: aiohttp.ClientSession
    base: str
    key: str
    organisation: str
    history: History
    random: Random
    #: Of an answer 503 at most this much of its Retry-After is waited.
    longest_pause: float = 0.3
    patience: float = PATIENCE

    async def book(self, booking: Booking) -> None:
        """Until it is acknowledged or refused, or the patience is over."""
        self.history.bookings.append(booking)
        deadline = now() + self.patience
        while booking.outcome == "unknown" and now() < deadline:
            attempt = await self.attempt(booking)
            if booking.outcome == "unknown":
                await asyncio.sleep(self.pause(attempt))

    async def attempt(self, booking: Booking) -> Attempt:
        """One request for a booking, the first or a repetition."""
        body = {"activity": "demonstration", "audiences": [], "title": booking.key, "lines": [
            {"resourceId": line.resource, "start": instant(line.start), "end": instant(line.end), "seats": line.seats}
            for line in booking.lines]}
        attempt, document, headers = await self.send("/v1/bookings", body, {"Idempotency-Key": booking.key}, booking.attempts)
        if attempt.status == 201 and document is not None:
            identifier = str(document["id"])
            if booking.id not in (None, identifier):
                self.history.fault(f"two bookings for one key: {booking.key} is {booking.id} and {identifier}")
            if booking.outcome == "refused":
                self.history.fault(f"made after it was refused: {booking.key}")
            if booking.outcome != "acknowledged":
                self.history.acknowledgements.append(attempt.done)
            booking.id, booking.outcome, booking.tag = identifier, "acknowledged", headers.get("ETag")
        elif attempt.status == 409 and attempt.code == "bookingRefused" and document is not None:
            if booking.outcome == "acknowledged":
                self.history.fault(f"refused after it was acknowledged: {booking.key}")
            else:
                booking.outcome = "refused"
                booking.rules = [(rule["code"], rule.get("facts", {})) for rule in document["rules"]]
        elif attempt.status == 409 and attempt.code == "idempotencyInFlight":
            pass
        elif attempt.status is not None and attempt.status not in (503, 500):
            self.history.fault(f"{attempt.status} {attempt.code} for {booking.key}")
            booking.outcome = "failed"
        return attempt

    async def cancel(self, booking: Booking) -> None:
        """Until it is settled; a booking that something else changed meanwhile is left as it is."""
        assert booking.id is not None
        if booking.cancellation_outcome is not None:
            return
        booking.cancellation_outcome = "unknown"
        deadline = now() + self.patience
        headers = {"Idempotency-Key": f"{booking.key}-cancel", "If-Match": booking.tag or '"v1"'}
        while booking.cancellation_outcome == "unknown" and now() < deadline:
            attempt, _, _ = await self.send(
                f"/v1/bookings/{booking.id}/cancellation", {"reason": "drill"}, headers, booking.cancellation)
            if attempt.status == 200:
                booking.cancellation_outcome = "acknowledged"
            elif attempt.status in (412, 409) and attempt.code != "idempotencyInFlight":
                booking.cancellation_outcome = "refused"
            elif attempt.status is not None and attempt.status not in (503, 500, 409):
                self.history.fault(f"{attempt.status} {attempt.code} for the cancellation of {booking.key}")
                booking.cancellation_outcome = "failed"
            else:
                await asyncio.sleep(self.pause(attempt))

    async def send(
        self, path: str, body: object, headers: dict[str, str], attempts: list[Attempt]
    ) -> tuple[Attempt, dict[str, Any] | None, dict[str, str]]:
        """Sends once; a failure of the connection leaves the attempt without a status."""
        given = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Accept-Language": "en", **headers}
        attempt = Attempt(sent=now())
        attempts.append(attempt)
        try:
            async with self.session.post(self.base + path, data=json.dumps(body).encode(), headers=given) as answer:
                text = await answer.read()
                held = dict(answer.headers)
                attempt.status = answer.status
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            attempt.done = now()
            self.history.count(type(error).__name__)
            return attempt, None, {}
        attempt.done = now()
        attempt.is_replayed = held.get("Idempotent-Replayed") == "true"
        attempt.retry_after = held.get("Retry-After")
        document = json.loads(text) if text else None
        if attempt.status >= 400 and document is not None:
            attempt.code = str(document.get("type", "")).rsplit(":", 1)[-1]
        self.history.count(f"{attempt.status} {attempt.code}" if attempt.code else str(attempt.status))
        self.judge(attempt)
        return attempt, document, held

    def judge(self, attempt: Attempt) -> None:
        """What no answer may be, whatever is broken behind the service."""
        if attempt.status == 500:
            self.history.fault(f"500 {attempt.code}")
        if attempt.status == 503 and attempt.retry_after is None:
            self.history.fault("503 without Retry-After")

    def pause(self, attempt: Attempt) -> float:
        asked = float(attempt.retry_after) if attempt.retry_after else PAUSE
        return min(asked, self.longest_pause) * self.random.uniform(0.5, 1)

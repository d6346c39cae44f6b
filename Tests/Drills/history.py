"""What clients did and were told: all that the checker goes by, besides the database."""

import itertools
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """Seats of one resource from a minute to another (since 1970), without buffers."""

    resource: str
    start: int
    end: int
    seats: int


@dataclass
class Attempt:
    """One request, from the moment before it was sent to the moment when its answer was whole, or was given up."""

    sent: float
    done: float = float("inf")
    status: int | None = None
    code: str | None = None
    is_replayed: bool = False
    retry_after: str | None = None


@dataclass
class Booking:
    """One need of one client, under one idempotency key, with its cancellation."""

    key: str
    organisation: str
    lines: tuple[Line, ...]
    attempts: list[Attempt] = field(default_factory=list)
    #: What the client knows: unknown until an answer settles it.
    outcome: str = "unknown"
    id: str | None = None
    tag: str | None = None
    #: The rules that refused it: (code, facts).
    rules: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    cancellation: list[Attempt] = field(default_factory=list)
    cancellation_outcome: str | None = None

    @property
    def sent(self) -> float:
        return self.attempts[0].sent if self.attempts else float("inf")

    @property
    def acknowledged(self) -> float:
        """When the client had its first 201."""
        return min((attempt.done for attempt in self.attempts if attempt.status == 201), default=float("inf"))

    @property
    def cancel_sent(self) -> float:
        return self.cancellation[0].sent if self.cancellation else float("inf")

    @property
    def cancel_done(self) -> float:
        """When it surely took no room any more."""
        return min((attempt.done for attempt in self.cancellation if attempt.status == 200), default=float("inf"))


@dataclass
class Suspension:
    """The label of the centre was suspended for some days, from a moment between two to a moment between two others."""

    first_minute: int
    last_minute: int
    asked: float
    recorded: float = float("inf")
    lift_asked: float = float("inf")
    lifted: float = float("inf")

    def touches(self, booking: Booking) -> bool:
        return any(line.start < self.last_minute and self.first_minute < line.end for line in booking.lines)


@dataclass
class History:
    """Shared by the clients of one drill; `tag` sets its bookings apart from others in the database."""

    tag: str
    bookings: list[Booking] = field(default_factory=list)
    suspensions: list[Suspension] = field(default_factory=list)
    #: What an answer may never be, in the order in which it was seen.
    faults: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    #: Moments at which a booking was acknowledged.
    acknowledgements: list[float] = field(default_factory=list)
    counter: "itertools.count[int]" = field(default_factory=itertools.count)

    def next_key(self) -> str:
        return f"{self.tag}-{next(self.counter)}"

    def fault(self, what: str) -> None:
        self.faults.append(what)

    def count(self, what: str) -> None:
        self.statuses[what] += 1

    @property
    def acknowledged(self) -> list[Booking]:
        return [booking for booking in self.bookings if booking.outcome == "acknowledged"]

    def first_acknowledgement(self, after: float) -> float:
        return min((moment for moment in self.acknowledgements if moment > after), default=float("inf"))

    @property
    def summary(self) -> str:
        outcomes = Counter(booking.outcome for booking in self.bookings)
        cancelled = sum(booking.cancellation_outcome == "acknowledged" for booking in self.bookings)
        return f"{len(self.bookings)} bookings {dict(outcomes)}, {cancelled} cancelled; answers {dict(sorted(self.statuses.items()))}"


def now() -> float:
    return time.monotonic()

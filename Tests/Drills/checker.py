"""Judges a history of acknowledged bookings, whatever order the requests took effect in.

Between being sent and being answered a request takes effect at a moment that nobody outside sees. So a booking *surely* takes room
from its acknowledgement until its cancellation is sent, and *possibly* from when it is first sent until its cancellation is answered.
Too much that is surely taken is a fault of the service; a refusal for want of room is one when even what is possibly taken left room.
"""

from collections import defaultdict
from collections.abc import Iterable

from history import Booking, History, Line
from workshop import GRID, Resource


def slots(line: Line, resource: Resource) -> range:
    """The grid's intervals that a line takes, buffers included."""
    return range((line.start - resource.setup) // GRID, -(-(line.end + resource.cleanup) // GRID))


def excesses(history: History, resources: dict[str, Resource]) -> list[str]:
    """Moments at which acknowledged bookings together surely took more than there is."""
    events: list[tuple[float, int, Booking]] = []
    for booking in history.acknowledged:
        begins, ends = booking.acknowledged, surely_until(booking, history)
        if begins < ends:
            # What ends at a moment ends before what begins at it.
            events += [(begins, 1, booking), (ends, 0, booking)]
    taken: dict[tuple[str, int], int] = defaultdict(int)
    faults = []
    for _, begins, booking in sorted(events, key=lambda event: event[:2]):
        for line in booking.lines:
            resource = resources[line.resource]
            for slot in slots(line, resource):
                place = (line.resource, slot)
                taken[place] += line.seats if begins else -line.seats
                if taken[place] > resource.capacity:
                    faults.append(f"{taken[place]} of {resource.capacity} of {resource.name} taken with {booking.key}")
                    break
    return faults


def surely_until(booking: Booking, history: History) -> float:
    """When it may have stopped taking room: its cancellation, or a suspension that it falls inside."""
    suspended = [s.asked for s in history.suspensions if s.touches(booking) and s.lifted > booking.sent]
    return min([booking.cancel_sent, *suspended])


def unjustified_refusals(history: History, resources: dict[str, Resource]) -> tuple[list[str], int]:
    """Refusals for want of room although there was some; and how many refusals were looked at."""
    possible: dict[str, list[tuple[float, float, Booking, Line]]] = defaultdict(list)
    for booking in history.bookings:
        if booking.outcome in ("acknowledged", "unknown"):
            for line in booking.lines:
                possible[line.resource].append((booking.sent, possibly_until(booking), booking, line))
    faults, looked_at = [], 0
    for booking in history.bookings:
        codes = {code for code, _ in booking.rules}
        if booking.outcome != "refused" or not codes <= {"capacityFull", "unitTaken"}:
            continue
        looked_at += 1
        if not any(may_lack_room(line, booking, possible, resources[line.resource]) for line in booking.lines):
            faults.append(f"{booking.key} was refused ({', '.join(sorted(codes))}) although there was room")
    return faults, looked_at


def possibly_until(booking: Booking) -> float:
    return booking.cancel_done


def may_lack_room(
    line: Line, refused: Booking, possible: dict[str, list[tuple[float, float, Booking, Line]]], resource: Resource
) -> bool:
    """Whether others possibly took too much of a resource, at some instant of the line, while the refusal was made."""
    begun, ended = refused.sent, refused.attempts[-1].done
    wanted = slots(line, resource)
    taken: dict[int, int] = defaultdict(int)
    for sent, until, _, other in possible[line.resource]:
        if sent <= ended and until >= begun:
            held = slots(other, resource)
            for slot in range(max(wanted.start, held.start), min(wanted.stop, held.stop)):
                taken[slot] += other.seats
    own = [own for own in refused.lines if own is not line and own.resource == line.resource]
    for other in own:
        for slot in slots(other, resource):
            taken[slot] += other.seats
    return any(taken[slot] + line.seats > resource.capacity for slot in wanted)


def made_while_suspended(history: History) -> list[str]:
    """Bookings that were asked for and made while the label was surely suspended on their days."""
    return [
        f"{booking.key} was made while the label was suspended"
        for suspension in history.suspensions
        for booking in history.acknowledged
        if suspension.touches(booking) and booking.sent > suspension.recorded and booking.acknowledged < suspension.lift_asked
    ]


def refused_without_suspension(history: History) -> list[str]:
    """Refusals that name a suspension while surely none was in force on those days."""
    return [
        f"{booking.key} was refused as suspended"
        for booking in history.bookings
        if booking.outcome == "refused" and any(code == "labelSuspended" for code, _ in booking.rules)
        and not any(s.touches(booking) and s.asked <= booking.attempts[-1].done and s.lifted >= booking.sent for s in history.suspensions)
    ]


def replays(bookings: Iterable[Booking]) -> int:
    """Answers that say that the request had been carried out before."""
    return sum(attempt.is_replayed for booking in bookings for attempt in booking.attempts)

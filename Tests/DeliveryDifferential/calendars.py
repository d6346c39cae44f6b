"""Whether the libraries of Python understand a calendar as it was meant: its instants, states and texts."""

import datetime

import icalendar
import recurring_ical_events


def instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def in_utc(component, name: str) -> datetime.datetime:
    """Python holds no local time that comes twice equal to any in another zone: instants are compared in one."""
    return component.decoded(name).astimezone(datetime.UTC)


def understood(component) -> dict:
    """An entry as it was read, in the form in which the tests say what they expect."""
    return {
        "uid": str(component["UID"]), "start": in_utc(component, "DTSTART"), "end": in_utc(component, "DTEND"),
        "status": str(component["STATUS"]), "summary": str(component["SUMMARY"]), "free": component.get("TRANSP") == "TRANSPARENT"}


def expected(entry: dict) -> dict:
    return {**entry, "start": instant(entry["start"]), "end": instant(entry["end"]), "free": entry["free"] == "yes"}


def faults_of(message: dict) -> list[str]:
    text = message["calendar"]
    faults = [f"a line of {len(line.encode())} octets" for line in text.split("\r\n") if len(line.encode()) > 75]
    faults += ["a line break that is not CRLF"] if "\n" in text.replace("\r\n", "") else []
    try:
        calendar = icalendar.Calendar.from_ical(text)
    except ValueError as error:
        return [*faults, f"not read: {error}"]
    events = list(calendar.walk("VEVENT"))
    faults += [f"{one['UID']}: {error}" for one in events for error in one.errors]
    read = sorted((understood(one) for one in events), key=lambda one: one["uid"])
    meant = sorted((expected(one) for one in message["entries"]), key=lambda one: one["uid"])
    faults += differences(read, meant)
    faults += [f"by its own rules, {fault}" for fault in differences(by_own_rules(calendar, events), meant, ("start", "end"))]
    return faults + recurring_faults(text, meant)


def differences(read: list[dict], meant: list[dict], names=("start", "end", "status", "summary", "free")) -> list[str]:
    if [one["uid"] for one in read] != [one["uid"] for one in meant]:
        return [f"{len(read)} entries are read, {len(meant)} were written, or others"]
    return [f"{one['uid']}: {name} is {one[name]}, not {other[name]}"
            for one, other in zip(read, meant) for name in names if one[name] != other[name]]


def by_own_rules(calendar, events) -> list[dict]:
    """Instants by the rules that the calendar itself carries, whatever this machine knows of the zone."""
    zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}

    def moved(prop):
        zone = zones.get(prop.params.get("TZID"))
        return prop.dt if zone is None else prop.dt.replace(tzinfo=zone).astimezone(datetime.UTC)

    return sorted(({"uid": str(one["UID"]), "start": moved(one["DTSTART"]), "end": moved(one["DTEND"])} for one in events),
                  key=lambda one: one["uid"])


def recurring_faults(text: str, meant: list[dict]) -> list[str]:
    """A program that asks for a stretch of time gets each entry of it once."""
    if not meant:
        return []
    first, last = min(one["start"] for one in meant), max(one["end"] for one in meant)
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(first, last + datetime.timedelta(days=1))
    got = sorted((str(one["UID"]), in_utc(one, "DTSTART")) for one in found)
    wanted = sorted((one["uid"], one["start"]) for one in meant)
    return [] if got == wanted else [f"between {first} and {last} {len(got)} entries are found, {len(wanted)} are there, or others"]

"""The small language of `x-example-request`; README.md lists it."""

import datetime
import re
from zoneinfo import ZoneInfo

PATTERN = re.compile(r"\{\{(.+?)\}\}")
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
#: What `fresh` makes, and with which operation's example.
MAKERS = {
    "booking:fresh": "createBooking",
    "booking:requested": "createBooking",
    "booking:now": "createBooking",
    "booking:inUse": "createBooking",
    "booking:absent": "createBooking",
    "booking:waiting": "createBooking",
    "hold:fresh": "createHold",
    "quota:fresh": "createQuota",
    "offer:fresh": "createOffer",
    "fundingLine:fresh": "addFundingLine",
    "stock:fresh": "createStock",
    "kit:fresh": "createKit",
    "series:fresh": "createBookingSeries",
    "organisation:fresh": "createOrganisation",
    "key:fresh": "createApiKey",
    "person:fresh": "registerPerson",
    "application:fresh": "createLabelApplication",
    "decision:proposed": "proposeLabelDecision",
    "simulation:fresh": "simulateLabelDecision",
    "agreement:fresh": "requestAgreement",
    "agreement:approved": "approveAgreement",
    "file:fresh": "createRecognitionFileDraft",
    "file:complete": "createRecognitionFileDraft",
    "file:submitted": "submitRecognitionFile",
    "evidence:fresh": "addEvidence",
    "application:complete": "createLabelApplication",
    "evaluation:fresh": "openLabelEvaluation",
    "evaluation:noted": "openLabelEvaluation",
    "workstation:fresh": "addWorkstation",
    "webhook:fresh": "createWebhook",
    "document:fresh": "addDocument",
    "delivery:fresh": "testWebhook",
    "feed:fresh": "createCalendarFeed",
    "calendar:fresh": "createCalendarFeed",
    "sealed:fresh": "sealReport",
    "equipment:fresh": "createEquipment",
    "model:fresh": "createEquipment",
    "equipment:mobile": "createEquipment",
    "platform:fresh": "createPlatform",
    "platform:retired": "retirePlatform",
    "site:fresh": "createSite",
    "outage:fresh": "planOutage",
    "stocktake:fresh": "openStocktake",
    "fault:fresh": "reportFault",
    "custody:fresh": "checkOutEquipment",
    "transfer:fresh": "planTransfer",
    "loan:fresh": "proposeLoan",
    "loan:accepted": "acceptLoan",
    "plan:fresh": "addMaintenancePlan",
    "booking:displaced": "planOutage",
    "holder:fresh": "addAttestationHolder",
    "attestation:fresh": "recordAttestation",
}
NAMED = re.compile(r"(centre|platform):(?!first of )(.+)")
FIRST = re.compile(r"(site|equipment):first of (.+)")
SITE_OF = re.compile(r"site:of (.+)")
OWN = re.compile(r"self\.(organisationId|keyId|centreId)")


class PlaceholderError(Exception):
    """A placeholder that says nothing, or nothing that exists."""


def day_of(name, today, weeks_later=0):
    """The day that `day:±N` or `weekday:±Nw:Ddd` stands for; None for another placeholder."""
    if match := re.fullmatch(r"day:([+-]\d+)", name):
        return today + datetime.timedelta(days=int(match[1]))
    if match := re.fullmatch(r"weekday:([+-]\d+)w:(\w+)", name):
        if match[2] not in WEEKDAYS:
            raise PlaceholderError(f"no such weekday: {match[2]}")
        monday = today - datetime.timedelta(days=today.weekday())
        return monday + datetime.timedelta(weeks=int(match[1]) + weeks_later, days=WEEKDAYS.index(match[2]))
    return None


def moment_of(name):
    """The instant that `quarter:+Nh` stands for: so many hours after the quarter of an hour that begins next; None for another."""
    if match := re.fullmatch(r"quarter:\+(\d+)h", name):
        now = datetime.datetime.now(datetime.UTC)
        quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + datetime.timedelta(minutes=15)
        return (quarter + datetime.timedelta(hours=int(match[1]))).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def today(zone="Europe/Brussels"):
    return datetime.datetime.now(ZoneInfo(zone)).date()


def filled(value, look_up):
    """The value with each placeholder replaced by what `look_up` answers for its content."""
    if isinstance(value, str):
        return PATTERN.sub(lambda match: str(look_up(match[1])), value)
    if isinstance(value, list):
        return [filled(item, look_up) for item in value]
    if isinstance(value, dict):
        return {key: filled(item, look_up) for key, item in value.items()}
    return value


def plausible(name):
    """Stands in for a placeholder where only the form matters; refuses one that is not in the language."""
    if (day := day_of(name, today())) is not None:
        return day.isoformat()
    if (moment := moment_of(name)) is not None:
        return moment
    if name == "unique":
        return "0a1b2c3d4e5f"
    bare = name.removesuffix(".etag")
    if OWN.fullmatch(name) or bare in MAKERS or NAMED.fullmatch(bare) or FIRST.fullmatch(bare) or SITE_OF.fullmatch(bare):
        if bare == "calendar:fresh":
            return "0a1b2c3d" * 8
        return '"1"' if name.endswith(".etag") else "0199f2c4-8a10-7000-b012-3456789abcde"
    raise PlaceholderError(f"not in the language: {{{{{name}}}}}")

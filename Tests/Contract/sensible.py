"""What a request must be beyond its schema: the rules that JSON Schema has no words for, so that a valid request can be accepted.

Each of these is stated in the contract in words (a description of the field or of the operation) and tested elsewhere. A request
that is right by its schema and by these is accepted, or refused for its role (403), its object (404) or the state of things (409);
any other refusal is a fault.
"""

import datetime
import re
import secrets

from moments import soon
from network import MUNICIPALITIES
from placeholders import today

#: Ids in bodies: which thing of the network stands for them.
REAL_IDS = {"organisationId": "organisationId", "centreId": "centreId", "siteId": "siteId", "platformId": "platformId",
            "resourceId": "platformId", "offerId": "offerId"}
#: The longest range of days that a query may ask for.
LONGEST_RANGES = {"listOpenHours": 92, "listClosedDays": 1100, "getUtilisation": 366,
                  "downloadUtilisation": 366, "compareUtilisation": 1100, "getHeatMap": 3700, "getDemand": 3700,
                  "getNetworkUtilisation": 1100, "getNetworkHeatMap": 1100, "getNetworkDemand": 1100,
                  "getRenewalEvidence": 3700,
                  "listOpeningExceptions": 732, "listResourceExceptions": 732, "listResourceOpenHours": 92, "getSchoolCalendar": 1100}
CENTRE_ROLES = {"instructor", "centreStaff", "centreManager"}


def day(text) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def instant(text) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (AttributeError, TypeError, ValueError):
        return None


class Sense:
    """Corrects requests in place; `network` has the real things."""

    def __init__(self, network):
        self.network = network
        self.side = network.sides["own"]
        self.calls = 0

    def query(self, operation: str, query: dict) -> None:
        # A cursor is signed: none can be made up.
        query.pop("cursor", None)
        if operation == "exportBookings":
            query.pop("after", None)
        # What events do not say themselves is as a cell of a table, and names what there is.
        if operation == "importBookingCalendar":
            for name in query.keys() - {"firstDay", "lastDay", "mode", "dryRun"}:
                del query[name]
        # "First day, included; together with `to`."
        if operation == "getRenewalEvidence" and len(query.keys() & {"from", "to"}) == 1:
            query.pop("from", None), query.pop("to", None)
        if operation in LONGEST_RANGES:
            self.days(query, LONGEST_RANGES[operation])
        if operation in ("getFreeBusy", "getKitAvailability"):
            # "`end` is at most 92 days after `start`."
            query |= {"start": f"{today()}T00:00:00Z", "end": f"{today() + datetime.timedelta(days=7)}T00:00:00Z"}
        # "A moment in the future answers `knownAtInFuture`."
        if (moment := instant(query.get("knownAt"))) and moment > datetime.datetime.now(datetime.UTC):
            query["knownAt"] = "2021-01-01T00:00:00Z"

    def days(self, query: dict, limit: int) -> None:
        """`to` is not before `from`, and at most so many days later."""
        first, last = day(query.get("from")), day(query.get("to"))
        if first and last and not 0 <= (last - first).days < limit:
            query["from"], query["to"] = str(today()), str(today() + datetime.timedelta(days=limit - 1))

    def body(self, operation: str, body: dict) -> None:
        self.calls += 1
        self.ids(body)
        correct = getattr(self, operation, None)
        if correct is not None:
            correct(body)

    def ids(self, value) -> None:
        """Bodies name things that exist."""
        if isinstance(value, list):
            for item in value:
                self.ids(item)
        elif isinstance(value, dict):
            for name, item in value.items():
                if name in REAL_IDS and isinstance(item, str):
                    value[name] = self.side[REAL_IDS[name]]
                else:
                    self.ids(item)

    # What the contract says in words of each body, by operation

    def createRecognitionFileDraft(self, body):
        """It begins with a recognised file, of which there is none."""
        body.pop("basedOn", None)

    def changeRecognitionFile(self, body):
        """Codes of their lists, and days in order."""
        body["sectorCodes"] = [{"scheme": "NACE-BEL", "version": "2025", "code": "25.62"}] if "sectorCodes" in body else []
        for name, codes in (("audiences", ["worker"]), ("missions", ["training"])):
            if name in body:
                body[name] = codes
        body["effectiveFrom"], body["effectiveTo"] = "2031-01-01", "2031-12-31"

    def recogniseRecognitionFile(self, body):
        """In days that nobody else asks about."""
        body["effectiveFrom"], body["effectiveTo"] = "2050-01-01", "2050-12-31"

    def noteLabelEvaluation(self, body):
        body["notes"] = [{"criterion": "modernEquipment", "note": 15}]

    def setLabelApplicationFile(self, body):
        body["fileId"] = self.side["draftId"]

    def createOrganisation(self, body):
        """The last two digits of a number check the others."""
        body["enterpriseNumber"] = "BE 1999.000.249"
        if "establishmentNumber" in body:
            body["establishmentNumber"] = "8.999.000.103"

    def createCentre(self, body):
        body["enterpriseNumber"] = "1999000348"
        self.zone(body)
        # A name that is borne today begins today or earlier.
        if (first := day(body.get("namedFrom"))) and first > today():
            body["namedFrom"] = str(today())

    def renameCentre(self, body):
        """Not before the first day of the present name."""
        if "from" in body and day(body["from"]) < today():
            body["from"] = str(today())

    def createSite(self, body):
        self.zone(body)
        self.changeSite(body)

    def changeSite(self, body):
        """A code that stands today."""
        if "municipality" in body:
            body["municipality"] = {"scheme": self.side["scheme"], "version": self.side["version"],
                                    "code": MUNICIPALITIES["municipalities"][0]["code"]}

    def enterMunicipalityList(self, body):
        """The list that is there: another of its scheme would begin after it, for good."""
        body.clear()
        body |= MUNICIPALITIES

    def zone(self, body):
        """A zone is one of the IANA list."""
        if "zone" in body:
            body["zone"] = "Europe/Brussels"

    def createApiKey(self, body):
        for grant in body["roles"]:
            # `centreId`: "Required for a role at a centre, refused for another."
            if grant["role"] in CENTRE_ROLES:
                grant["centreId"] = self.side["centreId"]
            else:
                grant.pop("centreId", None)
        if "expiresAt" in body:
            body["expiresAt"] = str(today() + datetime.timedelta(days=90)) + "T00:00:00+01:00"

    def registerPerson(self, body):
        """An address that nobody has yet, and roles that a manager gives."""
        body["email"] = f"person.{secrets.token_hex(8)}@example.org"
        body["name"] = body["name"].strip() or "Marie"
        for grant in body["roles"]:
            if grant["role"] in ("networkManager", "labelAuthority"):
                grant["role"] = "booker"
            if grant["role"] in CENTRE_ROLES:
                grant["centreId"] = self.side["centreId"]
            else:
                grant.pop("centreId", None)

    def createWebhook(self, body):
        """An address that the rules of destinations allow."""
        if "url" in body:
            body["url"] = "https://planning.example.org/plateau"

    changeWebhook = createWebhook

    def createCalendarFeed(self, body):
        """What it shows is named as its kind asks for."""
        for kind in ("resource", "site", "centre"):
            body.pop(f"{kind}Id", None)
            if body.get("kind") == kind:
                body[f"{kind}Id"] = self.side[REAL_IDS[f"{kind}Id"]]

    def grantMembership(self, body):
        """Ranges do not overlap: every other one is in days that nobody asked for."""
        self.ordered(body, "from", "to")
        if self.calls % 2:
            first = datetime.date(1900, 1, 1) + datetime.timedelta(days=self.calls)
            body["from"] = body["to"] = str(first)

    def ordered(self, body, first, last):
        """A range ends on its first day or later."""
        if last in body and day(body[last]) < day(body[first]):
            body[first], body[last] = body[last], body[first]

    def setWeeklyOpening(self, body):
        """Not in the past; periods of a weekday open before they close, and do not overlap."""
        if day(body["from"]) < today():
            body["from"] = str(today() + datetime.timedelta(days=450))
        taken: dict[int, list[tuple[str, str]]] = {}
        for period in list(body["hours"]):
            period["opens"], period["closes"] = sorted((period["opens"], period["closes"]))
            others = taken.setdefault(period["weekday"], [])
            if period["opens"] == period["closes"] or any(
                    period["opens"] < closes and opens < period["closes"] for opens, closes in others):
                body["hours"].remove(period)
            else:
                others.append((period["opens"], period["closes"]))

    def setResourceOpening(self, body):
        """Hours of its own, or none: not both."""
        if body.get("follows"):
            body.pop("hours", None)
            body["from"] = str(today() + datetime.timedelta(days=450))
        else:
            body.setdefault("hours", [])
            self.setWeeklyOpening(body)

    def setOpeningExceptions(self, body):
        """Not in the past; one a day, inside the range; hours in order and apart."""
        first = today() + datetime.timedelta(days=460)
        body["from"], body["to"] = str(first), str(first + datetime.timedelta(days=400))
        for index, exception in enumerate(body["exceptions"]):
            exception["day"] = str(first + datetime.timedelta(days=index))
            exception["hours"] = [{"opens": "08:00", "closes": "12:00"}, {"opens": "13:00", "closes": "18:00"}][: len(exception["hours"])]

    setResourceExceptions = setOpeningExceptions

    def setSchoolCalendar(self, body):
        """Holidays in order, apart from each other."""
        for index, holiday in enumerate(body["holidays"]):
            holiday["from"] = holiday["to"] = str(today() + datetime.timedelta(days=2 * index))

    def addClosedDays(self, body):
        """Not in the past, and no day twice."""
        for index, one in enumerate(body["days"]):
            one["day"] = str(today() + datetime.timedelta(days=400 + index))

    def proposeLabelDecision(self, body):
        """`effectiveTo` for `grant` and `extend`; `supersedes` for `annul`; not decided in the future."""
        if day(body["decidedOn"]) > today():
            body["decidedOn"] = str(today())
        if body["kind"] in ("refuse", "lift"):
            body.pop("effectiveTo", None)
        if body["kind"] in ("grant", "extend"):
            body.setdefault("effectiveTo", body["effectiveFrom"])
        if body["kind"] == "annul" or "supersedes" in body:
            body["supersedes"] = self.side["grantId"]
        self.ordered(body, "effectiveFrom", "effectiveTo")

    def changeCarrier(self, body):
        """From today on: neither before the present carrier nor out of its sight."""
        body.pop("from", None)

    def setSuccessor(self, body):
        """Another centre, in the far future."""
        body["centreId"], body["from"] = self.side["otherCentreId"], "2990-01-01"

    def requestAgreement(self, body):
        """With the side's own centre, in words and about platforms that exist."""
        body["organisationId"], body["centreId"] = self.side["organisationId"], self.side["centreId"]
        if "audiences" in body:
            body["audiences"] = ["jobSeeker", "worker"][: len(body["audiences"])]
        if "platformIds" in body:
            body["platformIds"] = [self.side["platformId"]]
        self.ordered(body, "from", "to")

    def renewAgreement(self, body):
        """After the first term."""
        if "to" in body:
            body["to"] = "2998-12-31"

    def endAgreement(self, body):
        """Neither before yesterday nor after the end that was agreed, which an earlier call may have brought forward."""
        if "lastDay" in body:
            body["lastDay"] = str(today() - datetime.timedelta(days=1))

    def approveLabelDecision(self, body):
        """A simulation is one of this very proposal."""
        body.pop("simulationId", None)

    def createRecognitionFile(self, body):
        """Audiences are those of `listAudiences`."""
        words = ["jobSeeker", "worker", "executive", "teacher", "student", "apprentice"]
        body["audiences"] = words[: max(1, min(len(words), len(body["audiences"])))]
        self.ordered(body, "effectiveFrom", "effectiveTo")

    def createLabelApplication(self, body):
        if day(body["submittedOn"]) > today():
            body["submittedOn"] = str(today())
        # A file of the same centre, and an application that no decision answers already.
        if "fileId" in body:
            body["fileId"], body["submittedOn"] = self.side["draftId"], str(today())

    def createPlatform(self, body):
        self.rules(body)
        self.place(body)

    def changePlatform(self, body):
        self.rules(body)
        self.place(body)

    def place(self, body):
        """A platform is a part of another of its site, larger than itself, and is not given and taken away what it has."""
        body.pop("parentId", None)
        body.pop("removeParent", None)
        body.pop("removePersonLimit", None)
        if not body:
            body["description"] = "Changed"

    def setPriorityWindows(self, body):
        """Days that some year has."""
        for window in body["windows"]:
            for end in ("from", "to"):
                month, day = (int(part) for part in window[end].split("-"))
                window[end] = f"{month:02}-{min(day, 28):02}"
            window["name"] = "Season"

    def rules(self, body):
        """The shortest booking is not longer than the longest, and some length between them is on the grid."""
        if "rules" in body:
            if body["rules"].get("gridMinutes", 0) > 15:
                body["rules"]["gridMinutes"] = 15
            body["rules"].pop("minimumMinutes", None)
            body["rules"].pop("maximumMinutes", None)

    def createEquipment(self, body):
        """Fixed equipment belongs to a platform; a renewal is not before the purchase."""
        if body["mobility"] == "fixed":
            body["platformId"] = self.side["platformId"]
        if "acquiredOn" in body and "renewalExpectedOn" in body:
            self.ordered(body, "acquiredOn", "renewalExpectedOn")
        self.rules(body)
        if "advancedTechnologyReason" in body:
            body["isAdvancedTechnology"] = True
        for name in ("state", "expectedAt", "loanedUntil"):
            body.pop(name, None)

    def createOffer(self, body):
        """A code of its own, what the centre and the network have, days in order; only a bespoke one is for an organisation."""
        if "code" in body:
            body["code"] = secrets.token_hex(8)
        body["audiences"] = ["jobSeeker"]
        if body.get("platformIds"):
            body["platformIds"] = [self.side["platformId"]]
        if body["kind"] == "catalogue":
            body.pop("organisationId", None)
        first, last = day(body["from"]), day(body.get("to"))
        if last and last < first:
            body["to"] = body["from"]

    changeOffer = createOffer

    def addFundingLine(self, body):
        """One partner, a small share so that others fit beside it, days in order, nothing that binds the machine."""
        body.pop("organisationId", None)
        body.pop("agreementId", None)
        body.setdefault("body", "Fund")
        body["sharePercent"] = 0.01
        body.pop("durableUntil", None)
        first, last = day(body["from"]), day(body.get("to"))
        if last and last < first:
            body["to"] = body["from"]

    changeFundingLine = addFundingLine

    def changeStock(self, body):
        """Of no model, with rules that fit each other."""
        body.pop("modelId", None)
        body.pop("rules", None)

    def createStock(self, body):
        """At a site of the centre too."""
        self.changeStock(body)
        body["siteId"] = self.side["siteId"]

    def changeStockAmount(self, body):
        """One item, the way that its cause goes, and never used, as no consumable is."""
        if body["cause"] == "used":
            body["cause"] = "broken"
        body["change"] = 1 if body["cause"] in ("bought", "found", "returned") else -1

    def createKit(self, body):
        """One member that is there, days in order."""
        body["members"] = [{"resourceId": self.side["stockId"], "amount": 1}]
        first, last = day(body["from"]), day(body.get("to"))
        if last and last < first:
            body["to"] = body["from"]

    changeKit = createKit

    def openStocktake(self, body):
        """Of a site that the centre has."""
        if "siteId" in body:
            body["siteId"] = self.side["siteId"]

    def noteSighting(self, body):
        """What there is, where it can stand."""
        body["code"] = self.side["equipmentId"]
        body.pop("platformId", None)
        if "siteId" in body:
            body["siteId"] = self.side["siteId"]

    def table(self, operation):
        """What an import takes: nothing that a schema could say."""
        site = self.side["siteId"]
        match operation:
            case "importEquipment":
                head = "inventoryNumber;name;category;manufacturer;model;site;mobility;visibility"
                return f"{head}\nT-1;Machine;machine;Arcovia (fictif);T-2;{site};mobile;local\n"
            case "importPlatforms":
                return f"name;site;visibility;workstations\nAtelier du tableau;{site};local;3\n"
            case "importOpening":
                return f"site;from;weekday;day;opens;closes;reason\n{site};;;2040-03-01;;;Inventaire\n"
            case "importClosedDays":
                return "day;reason\n2040-03-02;closure\n"
            case "importClosureCalendar":
                event = ["BEGIN:VEVENT", "UID:made", "DTSTART;VALUE=DATE:20280302", "SUMMARY:Inventaire", "END:VEVENT"]
                return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fictif//fr", *event, "END:VCALENDAR", ""])
            case "importBookingCalendar":
                start, end = (re.sub("[-:]", "", moment) for moment in self.network.slot())
                event = ["BEGIN:VEVENT", f"UID:{secrets.token_hex(8)}", f"DTSTART:{start}", f"DTEND:{end}",
                         f"X-PLATEAU-RESOURCE:{self.side['platformId']}", "X-PLATEAU-ACTIVITY:demonstration", "END:VEVENT"]
                return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fictif//fr", *event, "END:VCALENDAR", ""])
            case "importBookings":
                start, end = self.network.slot()
                head = "ownReference;resource;start;end;activity"
                return f"{head}\n{secrets.token_hex(8)};{self.side['platformId']};{start};{end};demonstration\n"
        return None

    def changeEquipment(self, body):
        """Of what it has already, only what fits may change."""
        for name in ("remove", "acquiredOn", "renewalExpectedOn", "mobility"):
            body.pop(name, None)
        body["platformId"] = self.side["platformId"]
        if "advancedTechnologyReason" in body:
            body["isAdvancedTechnology"] = True
        self.rules(body)

    def changeEquipmentState(self, body):
        """Expected is what is faulty or in repair."""
        if body["state"] not in ("faulty", "inRepair"):
            body.pop("expectedAt", None)

    def planOutage(self, body):
        """Where nobody books, for what nobody has planned."""
        body["start"], body["end"] = "2040-01-01T00:00:00Z", "2040-01-02T00:00:00Z"
        body.pop("planId", None)
        body.pop("displacing", None)

    def reportFault(self, body):
        """Others use the same platform."""
        body["severity"] = "minor"
        body.pop("displacing", None)

    def checkOutEquipment(self, body):
        """What there is, until soon, for nobody's booking."""
        body.pop("bookingId", None)
        body["dueAt"] = soon()
        body["items"] = [{"equipmentId": self.side["mobileId"], "condition": "good"}]
        body.pop("stocks", None)
        body.pop("contactEmail", None)

    def checkInEquipment(self, body):
        """What was handed out; a fault is reported elsewhere."""
        body["items"] = [{"equipmentId": self.side["custodyEquipmentId"], "condition": "worn"}]
        body.pop("stocks", None)

    def countStock(self, body):
        body["stockId"] = self.side["stockId"]

    def closeStocktake(self, body):
        """What nobody has counted is not corrected."""
        body.pop("corrections", None)

    def retirePlatform(self, body):
        """One that nobody books, from a day to come."""
        body["from"] = "2030-01-01"
        body.pop("displacing", None)

    def planTransfer(self, body):
        """To the other site, now; nobody knows where either is."""
        body["siteId"] = self.side["spareSiteId"]
        body.setdefault("minutes", 30)
        body.pop("departure", None)
        body.pop("back", None)

    def proposeLoan(self, body):
        """To another centre, for a time that nobody booked."""
        body["borrowerId"] = self.side["otherCentreId"]
        body["start"], body["end"] = self.network.slot()

    def expectBack(self, body):
        if "expectedAt" in body:
            body["expectedAt"] = "2040-01-01T00:00:00Z"

    def addMaintenancePlan(self, body):
        """Only one that comes round by months may bind."""
        if "everyUseHours" not in body:
            body.setdefault("everyMonths", 12)
        if "everyMonths" not in body:
            body.pop("requiredForUse", None)

    def completeMaintenancePlan(self, body):
        """It was done today, and is no calibration."""
        body["doneOn"] = str(today())
        for name in ("certificate", "laboratory", "expiresOn"):
            body.pop(name, None)

    def moveBooking(self, body):
        """Its one line, to a machine that is there."""
        body["lines"] = [{"line": 1, "resourceId": self.side["equipmentId"]}]

    def sealReport(self, body):
        """A day, as known now."""
        body.pop("knownAt", None)
        body["to"] = body["from"]

    def decideAccess(self, body):
        self.slot(body)
        self.audiences(body)

    def getAvailability(self, body):
        self.slot(body)
        body["resourceIds"] = [self.side["platformId"], self.side["equipmentId"]][: len(body["resourceIds"])]

    def searchResources(self, body):
        """For one's own organisation, with a period whose end is after its start."""
        body.pop("organisationId", None)
        body.pop("cursor", None)
        if "period" in body:
            self.slot(body["period"])

    def suggestSlots(self, body):
        """For one's own organisation, in a window that is as long as the slot, by what it is like or by properties."""
        body.pop("organisationId", None)
        self.slot(body["window"])
        if instant(body["window"]["end"]) - instant(body["window"]["start"]) < datetime.timedelta(minutes=1):
            body["window"]["start"], body["window"]["end"] = self.network.slot()
        length = instant(body["window"]["end"]) - instant(body["window"]["start"])
        body["minutes"] = min(60, int(length.total_seconds() // 60))
        if "like" in body:
            for name in ("text", "kind", "category", "sector", "skill", "modelId", "isAdvancedTechnology", "centreId", "near"):
                body.pop(name, None)
            body["like"] = self.side["platformId"]
        if "preferredStart" in body:
            body["preferredStart"] = body["window"]["start"]
        if "seats" in body:
            body.pop("exclusive", None)
        self.audiences(body)

    def createBooking(self, body):
        """A kit, or any of a model, is asked for by itself, in other tests."""
        for line in body["lines"]:
            if line.pop("kitId", None) or line.pop("modelId", None):
                line["resourceId"] = self.side["platformId"]
                for name in ("centreId", "amount"):
                    line.pop(name, None)
            self.slot(line)
            # A season or a limit in persons that another call set is not what this one is about.
            line.pop("persons", None)
        self.audiences(body)
        if body["activity"] in ("companyProduction", "maintenance"):
            body["activity"] = "demonstration"
        if body.get("draft"):
            body.pop("waitlist", None)
            body.pop("override", None)

    createHold = createBooking

    def addDocument(self, body):
        """Of a resource itself: only equipment and stocks have a model."""
        body.pop("ofModel", None)

    def changeBooking(self, body):
        self.createBooking(body)
        body.pop("override", None)

    def extendBooking(self, body):
        """The end that it has, or it would have to be free after that too."""
        body["end"] = self.side["waitingEnd"]

    def checkIn(self, body):
        """One line is all that there is."""
        body.pop("lines", None)

    def attendance(self, body):
        if "attendance" in body:
            seen = {count["audience"]: count for count in body["attendance"]["audiences"]}
            body["attendance"]["audiences"] = list(seen.values())

    def checkOut(self, body):
        body.pop("lines", None)
        self.attendance(body)

    reportUse = attendance

    def changeBookingPolicy(self, body):
        """The other calls hold and check in."""
        body["holdsPerOrganisation"], body["earlyCheckInMinutes"] = 900, 15

    def setAttestationType(self, body):
        """It covers types that are known."""
        body["covers"], body["holder"] = [], "person"

    def addAttestationHolder(self, body):
        """No address, no number of the national register, and not twice."""
        body["pseudonym"] = f"P-{secrets.token_hex(6)}"

    def recordAttestation(self, body):
        """Of somebody who is there, of a type that is known; its days are in order."""
        body["holderId"], body["type"] = self.side["holderId"], self.side["code"]
        body.pop("organisationId", None)
        body.pop("resourceId", None)
        body["issuedOn"] = str(today())
        body.pop("expiresOn", None)

    def createQuota(self, body):
        """Large enough to refuse nothing that another call books; its days are in order."""
        body["organisationId"], body["centreId"] = self.side["organisationId"], self.side["centreId"]
        body["mostMinutes"] = 10_000_000
        body.pop("mostBookings", None)
        body.pop("resourceId", None)
        body.pop("to", None)

    def createBookingBatch(self, body):
        """Each is a booking."""
        for booking in body["bookings"]:
            self.createBooking(booking)

    def createBookingSeries(self, body):
        """The first line stands on a day of the rule, which RFC 5545 words; so do the dates left out and added."""
        self.createBooking(body)
        body["rule"] = "FREQ=DAILY;COUNT=2"
        body.pop("excludedDates", None)
        body.pop("additionalDates", None)

    def cancelBookingSeries(self, body):
        """`from` is an occurrence, and has no meaning when all are cancelled."""
        if body["scope"] == "all":
            body.pop("from", None)
        else:
            body["from"] = self.side["seriesStart"]

    def changeBookingSeries(self, body):
        """`from` is an occurrence; its lines stay open and near."""
        body["from"] = self.side["seriesStart"]
        for line in body["lines"]:
            line["start"], line["end"] = self.side["seriesStart"], self.side["seriesEnd"]

    def audiences(self, body):
        """No audience twice, and nobody who is not there."""
        body.pop("holders", None)
        if "audiences" in body:
            seen = {count["audience"]: count for count in body["audiences"]}
            body["audiences"] = list(seen.values())

    def slot(self, body):
        """`end` is after `start` and not too long after; two in three are slots that are open."""
        start, end = instant(body.get("start")), instant(body.get("end"))
        is_right = start and end and datetime.timedelta(0) < end - start < datetime.timedelta(days=5)
        if not is_right or self.calls % 3:
            body["start"], body["end"] = self.network.slot()

"""A small network of its own in a demo server: two sides that know nothing of each other, and a key for each kind of caller."""

import datetime
import http.client
import json
import secrets
import time
import zlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import moments
from exchanges import headers_of
from files import NOTES, steps
from moments import soon
from placeholders import today

#: Decisions are a day old: one of today would answer the applications of today.
DAY = datetime.timedelta(days=1)
#: How long the expired key lives: it is made first and used last.
SECONDS_TO_LIVE = 2
#: Far below the time after which a server closes an idle connection.
SECONDS_KEPT = 3
ORGANISATION_ROLES = ("member", "booker", "organisationAdmin")
CENTRE_ROLES = ("instructor", "centreStaff", "centreManager")
NETWORK_ROLES = ("networkAuditor", "networkManager", "labelAuthority")
#: Well formed (its checksum is right), and nobody's.
UNKNOWN_KEY = "plt_" + "0" * 43
#: A list of municipalities, of a scheme that nobody else uses.
MUNICIPALITIES = {"validFrom": "2019-01-01", "codePattern": "999", "municipalities": [{"code": "101", "name": "Place"}]}


@dataclass
class Reply:
    """What came back, to the byte."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    def needed(self, what: str):
        if not 200 <= self.status < 300:
            raise RuntimeError(f"{what}: {self.status} {self.body[:300]!r}")
        return self


class Wire:
    """One connection that is kept; a new one after a pause in which the server may have closed it."""

    def __init__(self, base_url: str):
        self.address = urlsplit(base_url).netloc
        self.connection = http.client.HTTPConnection(self.address, timeout=30)
        self.last_used = 0.0

    def send(self, method: str, target: str, headers: dict[str, str], body: bytes | None) -> Reply:
        if time.monotonic() - self.last_used > SECONDS_KEPT:
            self.connection.close()
        self.connection.request(method, target, body=body, headers=headers)
        response = self.connection.getresponse()
        reply = Reply(response.status, headers_of(response.getheaders()), response.read())
        self.last_used = time.monotonic()
        return reply


@dataclass
class Side:
    """An organisation, a centre, and what each of them has. Names are those of the contract's path parameters."""

    ids: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.ids[name]


class Network:
    """Makes everything through the API, with the keys that the demo file has."""

    def __init__(self, send, manager: str, authority: str, applicant: str = "", lender: str = ""):
        self.send_raw = send
        self.manager = manager
        self.authority = authority
        #: Runs a training organisation of the demo network: what it asks for, the others may approve.
        self.applicant = applicant
        #: Manages a centre of the demo network: what it lends, the others may borrow.
        self.lender = lender
        self.lent = ""
        self.terms = 0
        self.keys: dict[str, str | None] = {}
        self.sides: dict[str, Side] = {}
        self.day = today() + datetime.timedelta(days=30)
        self.slots = 0
        #: Public holidays: nothing is booked on them.
        self.closed: set[str] = set()

    @classmethod
    def restored(cls, kept: dict, send):
        """As `kept` describes it: for another process."""
        network = cls(send, kept["manager"], kept["authority"], kept["applicant"], kept["lender"])
        network.lent = kept["lent"]
        network.keys, network.slots, network.terms = kept["keys"], kept["slots"], kept["terms"]
        network.closed = set(kept["closed"])
        network.sides = {name: Side(ids) for name, ids in kept["sides"].items()}
        return network

    def description(self) -> dict:
        return {"manager": self.manager, "authority": self.authority, "applicant": self.applicant,
                "lender": self.lender, "lent": self.lent, "keys": self.keys,
                "slots": self.slots, "terms": self.terms, "closed": sorted(self.closed),
                "sides": {name: side.ids for name, side in self.sides.items()}}

    # Requests

    def call(self, key, method, target, body=None, headers=None, document=None) -> Reply:
        headers = {"Accept": "*/*", **(headers or {})}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, ensure_ascii=False).encode()
        elif document is not None:
            headers["Content-Type"] = document.get("mediaType", "text/plain") if isinstance(document, dict) else "text/plain"
            data = (document["text"] if isinstance(document, dict) else document).encode()
        return self.send_raw(method, target, headers, data)

    def made(self, key, target, body, headers=None):
        return self.call(key, "POST", target, body, headers).needed(f"POST {target}").json

    # Making

    def make(self):
        """Both sides, then the keys of the first; the network's own roles belong to neither."""
        network = self.call(self.manager, "GET", "/v1/me").needed("/v1/me").json["organisation"]["id"]
        born = time.monotonic()
        instant = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=SECONDS_TO_LIVE)
        self.keys["expiredKey"] = self.key(network, [{"role": "networkManager"}], instant.isoformat())
        own, other = self.sides["own"], self.sides["other"] = self.side("own"), self.side("other")
        for side in (own, other):
            for kind in ("loanId", "acceptedLoanId"):
                side.ids[kind] = self.fresh(kind, side)
        for side, opposite in ((own, other), (other, own)):
            side.ids["otherPlatformId"], side.ids["otherCentreId"] = opposite["platformId"], opposite["centreId"]
            side.ids["elsewhereId"] = self.fresh("elsewhereId", side)
        for role in ORGANISATION_ROLES:
            self.keys[role] = self.key(own["organisationId"], [{"role": role}])
        for role in CENTRE_ROLES:
            self.keys[role] = self.key(own["centreOrganisationId"], [{"role": role, "centreId": own["centreId"]}])
        for role in NETWORK_ROLES:
            self.keys[role] = self.key(network, [{"role": role}])
        self.keys["anonymous"] = None
        self.keys["malformedKey"] = "plt_this-is-no-key"
        self.keys["unknownKey"] = UNKNOWN_KEY + checksum(UNKNOWN_KEY)
        self.keys["revokedKey"] = self.revoked(network)
        time.sleep(max(0.0, SECONDS_TO_LIVE + 0.2 - (time.monotonic() - born)))
        return self

    def key(self, organisation, roles, expires_at=None):
        body = {"label": "authorisation", "roles": roles, **({"expiresAt": expires_at} if expires_at else {})}
        return self.made(self.manager, f"/v1/organisations/{organisation}/api-keys", body)["key"]

    def revoked(self, network):
        target = f"/v1/organisations/{network}/api-keys"
        issued = self.made(self.manager, target, {"label": "revoked", "roles": [{"role": "networkManager"}]})
        self.call(self.manager, "DELETE", f"{target}/{issued['id']}").needed("revoking")
        return issued["key"]

    def side(self, name: str) -> Side:
        mark = f"{name} {secrets.token_hex(4)}"
        side = Side()
        ids = side.ids
        ids["organisationId"] = self.made(
            self.manager, "/v1/organisations",
            {"kind": "trainingOrganisation", "name": f"Organisation {mark}", "enterpriseNumber": "1999000150"})["id"]
        ids["notifiedId"] = ids["organisationId"]
        self.made(self.manager, f"/v1/organisations/{ids['organisationId']}/memberships",
                  {"from": str(today()), "to": str(today() + datetime.timedelta(days=2000))})
        centre = self.made(
            self.manager, "/v1/centres", {"name": f"Centre {mark}", "carrier": "asbl", "enterpriseNumber": "1999000348"})
        ids["centreId"], ids["centreOrganisationId"] = centre["id"], centre["organisationId"]
        days = f"from={today()}&to={today() + datetime.timedelta(days=1000)}&pageSize=200"
        listed = self.call(self.manager, "GET", f"/v1/centres/{centre['id']}/closed-days?{days}").needed("closed days").json
        self.closed.update(entry["day"] for entry in listed["items"])
        ids["networkOrganisationId"] = self.call(self.manager, "GET", "/v1/me").needed("/v1/me").json["organisation"]["id"]
        ids["grantId"] = self.label(ids["centreId"])
        self.premises(ids)
        ids["seriesStart"], ids["seriesEnd"] = self.slot()
        for kind in (
                "keyId", "personId", "agreementId", "askedId", "agreedId", "membershipId", "bookingId", "decisionId", "applicationId", "simulationId",
                "seriesId", "evidenceFileId", "evidenceId", "draftId", "completeFileId", "submittedFileId", "openApplicationId",
                "evaluationId", "notedEvaluationId", "workstationId", "webhookId", "spareWebhookId", "deliveryId",
                "centreWebhookId", "spareCentreWebhookId", "centreDeliveryId", "networkWebhookId", "spareNetworkWebhookId", "networkDeliveryId",
                "feedId", "spareFeedId", "centreFeedId", "spareCentreFeedId", "networkFeedId", "spareNetworkFeedId", "token",
                "reportId", "spareEquipmentId", "stocktakeId", "openStocktakeId", "outageId", "faultId", "planId", "displacedId",
                "mobileId", "custodyId", "spareCustodyId", "transferId", "retiringPlatformId", "retiredPlatformId",
                "draftBookingId", "waitingBookingId", "requestedId", "nowId", "inUseId", "absentId", "quotaId", "offerId", "spareOfferId", "bespokeOfferId",
                "fundingLineId", "spareFundingLineId", "stockId", "kitId", "documentId", "code", "scheme", "version", "holderId", "attestationId", "centreHolderId", "centreAttestationId", "networkHolderId",
                "networkAttestationId", "spareHolderId", "spareCentreHolderId", "spareNetworkHolderId"):
            ids[kind] = self.fresh(kind, side)
        self.remembered(ids)
        return side

    def remembered(self, ids):
        """A booking that the organisation made itself, with an idempotency key of its own."""
        booker = self.key(ids["organisationId"], [{"role": "booker"}])
        ids["usedIdempotencyKey"] = secrets.token_hex(8)
        self.made(booker, "/v1/bookings", {"activity": "demonstration", "lines": [self.line(ids["platformId"])]},
                  {"Idempotency-Key": ids["usedIdempotencyKey"]})

    def label(self, centre) -> str:
        """Labels a centre for years and opens it to an audience: the id of the decision."""
        first, last = today(), today() + datetime.timedelta(days=1000)
        decisions = f"/v1/centres/{centre}/label-decisions"
        proposal = self.made(self.manager, decisions, {
            "kind": "grant", "authority": "government", "reference": "FICTIF / FICTIONAL", "decidedOn": str(first - DAY),
            "effectiveFrom": str(first), "effectiveTo": str(last)})
        self.made(self.authority, f"/v1/label-decisions/{proposal['id']}/approval", {})
        self.made(self.authority, f"/v1/centres/{centre}/recognition-files", {
            "effectiveFrom": str(first), "effectiveTo": str(last), "sectors": ["essais"], "audiences": ["jobSeeker"]})
        return proposal["id"]

    def premises(self, ids):
        """A site that is always open with what stands there, and a spare site and platform for changes that spoil the first."""
        ids["siteId"], ids["spareSiteId"] = self.site(ids), self.site(ids)
        week = [{"weekday": weekday, "opens": "00:00", "closes": "24:00"} for weekday in range(1, 8)]
        self.call(self.manager, "PUT", f"/v1/sites/{ids['siteId']}/weekly-opening", {"from": str(today()), "hours": week},
                  {"If-Match": "*"}).needed("opening")
        ids["platformId"] = ids["resourceId"] = self.platform(ids)
        ids["sparePlatformId"] = self.platform(ids)
        ids["equipmentId"] = self.equipment(ids, "1")
        ids["modelId"] = self.call(self.manager, "GET", f"/v1/equipment/{ids['equipmentId']}").needed("the machine").json["modelId"]

    def equipment(self, ids, number) -> str:
        return self.made(self.manager, f"/v1/centres/{ids['centreId']}/equipment", {
            "name": "Machine", "category": "machine", "manufacturer": "Arcovia (fictif)", "model": f"T-1 {ids['centreId']}",
            "inventoryNumber": number, "siteId": ids["siteId"], "mobility": "mobile", "visibility": "shared"})["id"]

    def offer(self, ids, **more) -> str:
        return self.made(self.manager, f"/v1/centres/{ids['centreId']}/offers", {
            "title": "Course", "sector": "metal", "audiences": ["jobSeeker"], "from": str(today()), **more})["id"]

    def site(self, ids) -> str:
        return self.made(self.manager, f"/v1/centres/{ids['centreId']}/sites", {
            "name": "Site", "kind": "fixed", "town": "Namur", "zone": "Europe/Brussels"})["id"]

    def platform(self, ids, workstations=10_000) -> str:
        return self.made(self.manager, f"/v1/centres/{ids['centreId']}/platforms", {
            "siteId": ids["siteId"], "name": "Platform", "visibility": "shared", "workstations": workstations,
            "rules": {"minimumMinutes": 15, "gridMinutes": 15}})["id"]

    def fresh(self, name: str, side: Side) -> str:
        """Another thing of a kind that a call uses up."""
        ids = side.ids
        match name:
            case "keyId":
                target = f"/v1/organisations/{ids['organisationId']}/api-keys"
                return self.made(self.manager, target, {"label": "spare", "roles": [{"role": "member"}]})["id"]
            case "personId":
                return self.made(self.manager, f"/v1/organisations/{ids['organisationId']}/people", {
                    "name": "Spare", "email": f"spare.{secrets.token_hex(8)}@example.org", "roles": [{"role": "member"}]})["id"]
            case "agreementId":
                return self.made(self.manager, "/v1/agreements", {
                    "organisationId": ids["organisationId"], "centreId": ids["centreId"], "from": str(today())})["id"]
            case "askedId" | "agreedId":
                asked = self.made(self.applicant, "/v1/agreements", {
                    "centreId": ids["centreId"], "from": str(today()), "to": str(today() + datetime.timedelta(days=400)),
                    "allowanceHours": 10})["id"]
                if name == "agreedId":
                    self.made(self.manager, f"/v1/agreements/{asked}/approval", {})
                return asked
            case "membershipId":
                # No two memberships of an organisation overlap.
                self.terms += 1
                return self.made(self.manager, f"/v1/organisations/{ids['organisationId']}/memberships", {
                    "from": f"{2100 + self.terms}-01-01", "to": f"{2100 + self.terms}-12-31"})["id"]
            case "bookingId":
                return self.booking(ids["organisationId"], ids["platformId"])
            case "draftBookingId":
                return self.booking(ids["organisationId"], ids["platformId"], draft=True)
            case "waitingBookingId":
                return self.waiting(ids)
            case "requestedId":
                return self.requested(ids)
            case "nowId" | "inUseId":
                return self.use(ids, name == "inUseId")
            case "absentId":
                made = [self.made(self.centre_manager(ids), "/v1/bookings", {**body, "organisationId": ids["organisationId"]})
                        for body in moments.bodies("booking:absent", ids["platformId"])]
                moments.wait("booking:absent")
                return made[-1]["id"]
            case "offerId" | "spareOfferId":
                return self.offer(ids, kind="catalogue")
            case "bespokeOfferId":
                return self.offer(ids, kind="bespoke", organisationId=ids["organisationId"])
            case "fundingLineId" | "spareFundingLineId":
                return self.made(self.manager, f"/v1/equipment/{ids['equipmentId']}/funding-lines", {
                    "body": "Fund", "nature": "public", "sharePercent": 0.01, "from": str(today())})["id"]
            case "stockId":
                return self.made(self.manager, f"/v1/centres/{ids['centreId']}/stocks", {
                    "name": "Helmets", "siteId": ids["siteId"], "amount": 10_000, "visibility": "shared"})["id"]
            case "kitId":
                return self.made(self.manager, f"/v1/centres/{ids['centreId']}/kits", {
                    "name": "Helmets for one", "from": str(today()), "members": [{"resourceId": ids["stockId"], "amount": 1}]})["id"]
            case "documentId":
                return self.made(self.manager, f"/v1/resources/{ids['equipmentId']}/documents", {
                    "title": "Manual", "kind": "manual", "url": "https://documents.example.org/spare", "language": "fr"})["id"]
            case "quotaId":
                return self.made(self.manager, "/v1/quotas", {
                    "organisationId": ids["organisationId"], "centreId": ids["centreId"], "kind": "limit", "period": "year",
                    "mostMinutes": 10_000_000, "from": str(today())})["id"]
            case "code":
                self.call(self.manager, "PUT", "/v1/attestation-types/matrixType", {"name": "Matrix", "holder": "person"}).needed("a type")
                return "matrixType"
            case "scheme" | "version":
                # The same again is the same answer.
                self.call(self.manager, "PUT", "/v1/municipality-lists/MATRIX/2019", MUNICIPALITIES).needed("a list")
                return {"scheme": "MATRIX", "version": "2019"}[name]
            case "holderId" | "centreHolderId" | "networkHolderId" | "spareHolderId" | "spareCentreHolderId" | "spareNetworkHolderId":
                return self.made(self.keeper(name, ids), "/v1/attestation-holders", {"pseudonym": f"P-{secrets.token_hex(6)}"})["id"]
            case "attestationId" | "centreAttestationId" | "networkAttestationId":
                holder = self.fresh({"attestationId": "holderId", "centreAttestationId": "centreHolderId"}.get(name, "networkHolderId"), side)
                return self.made(self.keeper(name, ids), "/v1/attestations", {
                    "holderId": holder, "type": ids["code"], "issuer": "matrix", "issuedOn": str(today())})["id"]
            case "elsewhereId":
                return self.booking(ids["centreOrganisationId"], ids["otherPlatformId"])
            case "workstationId":
                return self.made(self.manager, f"/v1/platforms/{ids['sparePlatformId']}/workstations", {"name": "Spare"})["id"]
            case "webhookId" | "spareWebhookId":
                return self.webhook(self.administrator(ids))
            case "centreWebhookId" | "spareCentreWebhookId":
                return self.webhook(self.centre_manager(ids))
            case "networkWebhookId" | "spareNetworkWebhookId":
                return self.webhook(self.manager)
            case "deliveryId":
                return self.delivery(self.administrator(ids), ids["webhookId"])
            case "centreDeliveryId":
                return self.delivery(self.centre_manager(ids), ids["centreWebhookId"])
            case "networkDeliveryId":
                return self.delivery(self.manager, ids["networkWebhookId"])
            case "feedId" | "spareFeedId":
                return self.feed(self.administrator(ids))["id"]
            case "centreFeedId" | "spareCentreFeedId":
                return self.feed(self.centre_manager(ids))["id"]
            case "networkFeedId" | "spareNetworkFeedId":
                return self.feed(self.manager)["id"]
            case "token":
                return self.feed(self.administrator(ids))["url"].rsplit("/", 1)[1]
            case "reportId":
                # The second version of its days: the first has nothing to be compared with.
                target, days = f"/v1/centres/{ids['centreId']}/sealed-reports", {"from": str(today() - DAY), "to": str(today())}
                self.made(self.manager, target, days)
                return self.made(self.manager, target, days)["id"]
            case "spareEquipmentId":
                return self.equipment(ids, secrets.token_hex(4))
            case "stocktakeId" | "openStocktakeId":
                return self.made(self.manager, f"/v1/centres/{ids['centreId']}/stocktakes", {})["id"]
            case "outageId":
                start, end = self.slot()
                return self.made(self.manager, f"/v1/resources/{ids['equipmentId']}/outages", {
                    "cause": "maintenance", "start": start, "end": end, "reason": "spare"})["id"]
            case "faultId":
                return self.made(self.manager, f"/v1/resources/{self.equipment(ids, secrets.token_hex(4))}/faults", {
                    "severity": "stopsUse", "description": "spare"})["id"]
            case "mobileId":
                return self.equipment(ids, secrets.token_hex(4))
            case "retiringPlatformId":
                return self.platform(ids)
            case "retiredPlatformId":
                platform = self.platform(ids)
                self.made(self.manager, f"/v1/platforms/{platform}/retirement", {"from": str(today() + DAY), "reason": "spare"})
                return platform
            case "custodyId":
                return self.custody(ids, self.equipment(ids, secrets.token_hex(4)), organisationId=ids["organisationId"])
            case "spareCustodyId":
                return self.spare_custody(ids)
            case "transferId":
                departure, _ = self.slot()
                return self.made(self.manager, f"/v1/equipment/{self.equipment(ids, secrets.token_hex(4))}/transfers", {
                    "siteId": ids["spareSiteId"], "departure": departure, "minutes": 10})["id"]
            case "loanId" | "acceptedLoanId":
                return self.loan(ids, name == "acceptedLoanId")
            case "planId":
                return self.made(self.manager, f"/v1/equipment/{ids['equipmentId']}/maintenance-plans", {
                    "kind": "maintenance", "name": "spare", "everyMonths": 12, "durationMinutes": 60, "lastDoneOn": str(today())})["id"]
            case "displacedId":
                machine = self.equipment(ids, secrets.token_hex(4))
                booked = self.booking(ids["organisationId"], machine)
                line = self.call(self.manager, "GET", f"/v1/bookings/{booked}").needed("the booking").json["lines"][0]
                self.made(self.manager, f"/v1/resources/{machine}/outages", {
                    "cause": "maintenance", "start": line["start"], "end": line["end"], "reason": "spare"})
                return booked
            case "decisionId":
                # The keys of the callers go back to the manager's: nobody approves what comes from the same person.
                return self.made(self.authority, f"/v1/centres/{ids['centreId']}/label-decisions", {
                    "kind": "grant", "authority": "government", "reference": "FICTIF / FICTIONAL", "decidedOn": str(today() - DAY),
                    "effectiveFrom": "2035-01-01", "effectiveTo": "2037-12-31"})["id"]
            case "simulationId":
                return self.made(self.authority, f"/v1/label-decisions/{ids['decisionId']}/simulations", {})["id"]
            case "seriesId":
                return self.made(self.manager, "/v1/booking-series", {
                    "organisationId": ids["organisationId"], "activity": "demonstration", "rule": "FREQ=DAILY;COUNT=2", "mode": "atomic",
                    "lines": [{"resourceId": ids["platformId"], "start": ids["seriesStart"], "end": ids["seriesEnd"]}]})["id"]
            case "draftId" | "evidenceFileId":
                return self.made(self.centre_manager(ids), f"/v1/centres/{ids['centreId']}/recognition-file-drafts", {})["id"]
            case "completeFileId":
                return self.complete_file(ids)
            case "submittedFileId":
                file = self.complete_file(ids)
                self.made(self.centre_manager(ids), f"/v1/recognition-files/{file}/submission", {})
                return file
            case "evidenceId":
                target = f"/v1/recognition-files/{ids['evidenceFileId']}/evidence?element=trainingOffer&name=Note.txt"
                reply = self.call(self.centre_manager(ids), "POST", target, document=f"FICTIF {secrets.token_hex(4)}")
                return reply.needed("evidence").json["id"]
            case "openApplicationId":
                return self.complete_application(ids)
            case "evaluationId" | "notedEvaluationId":
                target = f"/v1/centres/{ids['centreId']}/label-applications/{self.complete_application(ids)}/evaluations"
                evaluation = self.made(self.authority, target, {})["id"]
                if name == "notedEvaluationId":
                    self.call(self.authority, "PUT", f"/v1/label-evaluations/{evaluation}/notes", NOTES, {"If-Match": "*"}).needed("notes")
                return evaluation
            case "applicationId":
                return self.made(self.centre_manager(ids), f"/v1/centres/{ids['centreId']}/label-applications",
                                 {"kind": "renewal", "submittedOn": str(today())})["id"]
        raise KeyError(name)

    def custody(self, ids, machine, **more) -> str:
        return self.made(self.manager, f"/v1/centres/{ids['centreId']}/custodies", {
            "takenBy": "Spare", "dueAt": soon(), "items": [{"equipmentId": machine, "condition": "good"}], **more})["id"]

    def spare_custody(self, ids) -> str:
        """Of one machine, always the same: it comes back before it goes out again."""
        if "custodyEquipmentId" not in ids:
            ids["custodyEquipmentId"] = self.equipment(ids, secrets.token_hex(4))
        machine = ids["custodyEquipmentId"]
        for out in self.call(self.manager, "GET", f"/v1/custodies?equipmentId={machine}&open=true").needed("what is out").json["items"]:
            self.made(self.manager, f"/v1/custodies/{out['id']}/returns", {"items": [{"equipmentId": machine, "condition": "good"}]},
                      {"If-Match": "*"})
        return self.custody(ids, machine)

    def loan(self, ids, is_accepted) -> str:
        """Of a machine of the demo network to the side's centre; the keys of both go back to different people."""
        if not self.lent:
            centre = next(role["centreId"] for role in self.call(self.lender, "GET", "/v1/me").needed("/v1/me").json["roles"]
                          if role["role"] == "centreManager")
            site = self.call(self.lender, "GET", f"/v1/centres/{centre}/sites").needed("sites").json["items"][0]["id"]
            self.lent = self.equipment({"centreId": centre, "siteId": site}, secrets.token_hex(4))
        start, end = self.slot()
        loan = self.made(self.lender, f"/v1/equipment/{self.lent}/loans", {"borrowerId": ids["centreId"], "start": start, "end": end})["id"]
        if is_accepted:
            self.made(self.centre_manager(ids), f"/v1/loans/{loan}/acceptance", {}, {"If-Match": "*"})
        return loan

    def centre_manager(self, ids) -> str:
        """A key of the manager of the side's centre."""
        if "centreManagerKey" not in ids:
            ids["centreManagerKey"] = self.key(
                ids["centreOrganisationId"], [{"role": "centreManager", "centreId": ids["centreId"]}])
        return ids["centreManagerKey"]

    def webhook(self, key) -> str:
        return self.made(key, "/v1/webhooks", {"url": "https://planning.example.org/plateau"})["id"]

    def feed(self, key) -> dict:
        return self.made(key, "/v1/calendar-feeds", {"kind": "organisation"})

    def delivery(self, key, webhook) -> str:
        return self.made(key, f"/v1/webhooks/{webhook}/test", {})["id"]

    def keeper(self, name, ids) -> str:
        """Who keeps a holder and what it holds: the network, the side's centre or its training organisation."""
        whose = name.removeprefix("spare").lower()
        return self.manager if whose.startswith("network") else self.centre_manager(ids) if whose.startswith("centre") \
            else self.administrator(ids)

    def administrator(self, ids) -> str:
        """A key of an administrator of the side's training organisation."""
        if "administratorKey" not in ids:
            ids["administratorKey"] = self.key(ids["organisationId"], [{"role": "organisationAdmin"}])
        return ids["administratorKey"]

    def complete_file(self, ids) -> str:
        """A draft that lacks nothing."""
        key = self.centre_manager(ids)
        file = self.made(key, f"/v1/centres/{ids['centreId']}/recognition-file-drafts", {})["id"]
        for method, target, body, text in steps(file):
            self.call(key, method, target, body, {"If-Match": "*"} if method == "PUT" else {}, text).needed(target)
        return file

    def complete_application(self, ids) -> str:
        """An application that lacks nothing, not evaluated."""
        file = self.fresh("submittedFileId", Side(ids))
        return self.made(self.centre_manager(ids), f"/v1/centres/{ids['centreId']}/label-applications",
                         {"kind": "renewal", "submittedOn": str(today()), "fileId": file})["id"]

    def booking(self, organisation, platform, **more) -> str:
        return self.made(self.manager, "/v1/bookings", {
            "organisationId": organisation, "activity": "demonstration", "lines": [self.line(platform)], **more})["id"]

    def booker(self, ids) -> str:
        """A key with which the side's organisation books."""
        if "bookerKey" not in ids:
            ids["bookerKey"] = self.key(ids["organisationId"], [{"role": "booker"}])
        return ids["bookerKey"]

    def requested(self, ids) -> str:
        """A booking that its centre is to approve."""
        if "approvedPlatformId" not in ids:
            ids["approvedPlatformId"] = self.platform(ids)
            self.call(self.manager, "PUT", f"/v1/resources/{ids['approvedPlatformId']}/booking-terms", {
                "approvalFor": ["always"], "selfService": False, "freeWorkingDays": 0, "lateFeePercent": 0, "noShowFeePercent": 0},
                {"If-Match": "*"}).needed("terms")
        return self.made(self.booker(ids), "/v1/bookings", {
            "activity": "demonstration", "lines": [self.line(ids["approvedPlatformId"])]})["id"]

    def waiting(self, ids) -> str:
        """A booking that waits for the place of another; all of a side for the same."""
        asked = {"organisationId": ids["organisationId"], "activity": "demonstration"}
        if "waitingPlatformId" not in ids:
            ids["waitingPlatformId"] = self.platform(ids, workstations=1)
            ids["waitingStart"], ids["waitingEnd"] = self.slot()
            self.made(self.manager, "/v1/bookings", {**asked, "lines": [self.waiting_line(ids)]})
        return self.made(self.manager, "/v1/bookings", {**asked, "lines": [self.waiting_line(ids)], "waitlist": True})["id"]

    def waiting_line(self, ids):
        return {"resourceId": ids["waitingPlatformId"], "start": ids["waitingStart"], "end": ids["waitingEnd"]}

    def use(self, ids, is_in_use) -> str:
        """A booking whose time it is, a quarter of an hour from now at most."""
        now = datetime.datetime.now(datetime.UTC)
        start = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + datetime.timedelta(minutes=15)
        end = start + datetime.timedelta(hours=2)
        moments = {name: moment.strftime("%Y-%m-%dT%H:%M:%SZ") for name, moment in (("start", start), ("end", end))}
        booking = self.made(self.manager, "/v1/bookings", {
            "organisationId": ids["organisationId"], "activity": "demonstration",
            "lines": [{"resourceId": ids["platformId"], **moments}]})["id"]
        if is_in_use:
            self.made(self.booker(ids), f"/v1/bookings/{booking}/check-in", {}, {"If-Match": "*"})
        return booking

    def line(self, platform):
        start, end = self.slot()
        return {"resourceId": platform, "start": start, "end": end}

    def slot(self):
        """A quarter of an hour, another at each call, open on the day after too: start and end."""
        while {str(day := self.day + datetime.timedelta(days=self.slots // 80)), str(day + DAY)} & set(self.closed):
            self.slots += 80 - self.slots % 80
        quarter = self.slots % 80
        self.slots += 1
        start = datetime.datetime.combine(day, datetime.time(2), datetime.UTC) + datetime.timedelta(minutes=15 * quarter)
        return (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (start, start + datetime.timedelta(minutes=15)))


def checksum(body: str) -> str:
    """The last six characters of a key: CRC-32 in base 62 (digits, upper case, lower case)."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    value, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        value, digit = divmod(value, 62)
        digits = alphabet[digit] + digits
    return digits

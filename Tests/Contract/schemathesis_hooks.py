"""Loaded by schemathesis: gives requests real ids, corrects what a schema cannot say, and records what was answered."""

import contextlib
import json
import os
import re
import secrets

import schemathesis

from network import Network, Wire
from sensible import Sense

UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
#: Operations that use their object up: each of the first calls gets a new one, then the last is used again.
CONSUMERS = {"revokeApiKey": "keyId", "removePerson": "personId", "approveLabelDecision": "decisionId", "withdrawLabelApplication": "applicationId",
             "withdrawLabelProposal": "decisionId", "cancelBooking": "bookingId", "changeBookingSeries": "seriesId",
             "cancelBookingSeries": "seriesId", "approveAgreement": "agreementId", "rejectAgreement": "agreementId",
             "withdrawAgreement": "agreementId", "renewAgreement": "agreementId", "endAgreement": "agreementId",
             "removeEvidence": "evidenceId", "retireWorkstation": "workstationId", "removeWebhook": "webhookId",
             "changeBooking": "bookingId", "endQuota": "quotaId", "withdrawAttestation": "attestationId",
             "eraseAttestationHolder": "holderId", "revokeCalendarFeed": "feedId", "withdrawOffer": "offerId",
             "endFundingLine": "fundingLineId", "removeDocument": "documentId", "cancelTransfer": "transferId",
             **dict.fromkeys(("acceptLoan", "refuseLoan", "returnLoan"), "loanId")}
#: Which of several things of one kind an operation uses up.
SUITABLE = {"approveAgreement": "askedId", "renewAgreement": "agreedId", "endAgreement": "agreedId", "removeWebhook": "spareWebhookId",
            "revokeCalendarFeed": "spareFeedId", "eraseAttestationHolder": "spareHolderId", "withdrawOffer": "spareOfferId",
            "endFundingLine": "spareFundingLineId", "returnLoan": "acceptedLoanId"}
#: Objects in a state of their own, by the name that a path gives them.
PLACES = {
    **dict.fromkeys(("getRecognitionFile", "changeRecognitionFile", "addEvidence"), {"fileId": "draftId"}),
    **dict.fromkeys(("listEvidence", "downloadEvidence", "removeEvidence"), {"fileId": "evidenceFileId"}),
    "submitRecognitionFile": {"fileId": "completeFileId"}, "returnRecognitionFile": {"fileId": "submittedFileId"},
    "recogniseRecognitionFile": {"fileId": "submittedFileId"}, "openLabelEvaluation": {"applicationId": "openApplicationId"},
    "moveBooking": {"bookingId": "displacedId"}, "closeStocktake": {"stocktakeId": "openStocktakeId"},
    "checkInEquipment": {"custodyId": "spareCustodyId"}, "retirePlatform": {"platformId": "retiringPlatformId"},
    "getRetirement": {"platformId": "retiredPlatformId"},
     "confirmBooking": {"bookingId": "draftBookingId"}, "extendBooking": {"bookingId": "waitingBookingId"},
    "setWaitingPriority": {"bookingId": "waitingBookingId"}, "approveBooking": {"bookingId": "requestedId"},
    "rejectBooking": {"bookingId": "requestedId"}, "checkIn": {"bookingId": "nowId"}, "checkOut": {"bookingId": "inUseId"},
    "reportUse": {"bookingId": "inUseId"}, "markNoShow": {"bookingId": "absentId"},
    "noteLabelEvaluation": {"evaluationId": "evaluationId"}, "closeLabelEvaluation": {"evaluationId": "notedEvaluationId"}}
#: Of these, those that are used up.
USED_UP = {"draftBookingId", "spareCustodyId", "retiringPlatformId", "requestedId", "nowId", "inUseId", "absentId", "displacedId", "openStocktakeId", "completeFileId", "submittedFileId",
           "openApplicationId", "notedEvaluationId"}
#: What belongs to whoever made it, an organisation, a centre or the network: a webhook, a calendar feed, the choice of mail, a holder and
#: what it holds.
OWN_THINGS = {
    "centreManager": {"webhookId": "centreWebhookId", "spareWebhookId": "spareCentreWebhookId", "deliveryId": "centreDeliveryId",
                      "feedId": "centreFeedId", "spareFeedId": "spareCentreFeedId", "notifiedId": "centreOrganisationId",
                      "holderId": "centreHolderId", "spareHolderId": "spareCentreHolderId",
                      "attestationId": "centreAttestationId"},
    "networkManager": {"webhookId": "networkWebhookId", "spareWebhookId": "spareNetworkWebhookId", "deliveryId": "networkDeliveryId",
                       "feedId": "networkFeedId", "spareFeedId": "spareNetworkFeedId", "notifiedId": "networkOrganisationId",
                       "holderId": "networkHolderId", "spareHolderId": "spareNetworkHolderId",
                       "attestationId": "networkAttestationId"}}
NEW_OBJECTS = 4
#: Changes that would close the site or the platform where the other calls book.
SPARE = {"setWeeklyOpening": {"siteId": "spareSiteId"}, "changePlatform": {"platformId": "sparePlatformId"},
         "setPriorityWindows": {"resourceId": "sparePlatformId"}, "setPrerequisites": {"resourceId": "sparePlatformId"},
         "setResourceOpening": {"resourceId": "sparePlatformId"},
         "setResourceExceptions": {"resourceId": "sparePlatformId"}, "setOpeningExceptions": {"siteId": "spareSiteId"},
         "planTransfer": {"equipmentId": "spareEquipmentId"}, "setBookingTerms": {"resourceId": "sparePlatformId"}, "changeOffer": {"offerId": "bespokeOfferId"},
         "changeSite": {"siteId": "spareSiteId"},
         **dict.fromkeys(("getNotificationSettings", "setNotificationSettings"), {"organisationId": "notifiedId"}),
         # One that is disabled takes neither tests nor replays.
         "changeWebhook": {"webhookId": "spareWebhookId"}}
#: Operations whose body names things of the centre in their path.
BOUND = {"createPlatform", "createEquipment", "createOffer", "createStock", "createKit", "createApiKey", "registerPerson", "proposeLabelDecision"}


class Run:
    """One run of schemathesis, for one role."""

    def __init__(self):
        with open(os.environ["PLATEAU_NETWORK"], encoding="utf-8") as file:
            kept = json.load(file)
        self.network = Network.restored(kept, Wire(kept["baseURL"]).send)
        self.side = self.network.sides["own"]
        self.sense = Sense(self.network)
        self.protected = set(kept["keyIds"])
        self.seen: set[bytes] = set()
        self.made: dict[str, int] = {}
        self.own = OWN_THINGS.get(os.environ.get("PLATEAU_ROLE", ""), {})
        self.record = open(os.environ["PLATEAU_RECORD"], "a", encoding="utf-8")

    def before(self, case) -> None:
        operation = case.operation.definition.raw.get("operationId", "")
        meta = case.meta
        if meta is None or case.method.upper() != case.operation.method.upper():
            return
        negative = {where.value: info.mode.is_negative for where, info in meta.components.items()}
        if case.path_parameters and not negative.get("path", False):
            self.place(operation, case, meta)
        if isinstance(case.query, dict) and not negative.get("query", False):
            self.sense.query(operation, case.query)
        if case.headers and not negative.get("header", False):
            self.headers(case.headers)
        if isinstance(case.body, dict) and not negative.get("body", False):
            self.sense.body(operation, case.body)
        if operation == "addEvidence" and not negative.get("body", False):
            self.document(case, negative.get("header", False))
        if (text := self.sense.table(operation)) is not None and not negative.get("body", False):
            self.table(case, text, operation, negative.get("header", False))

    def document(self, case, is_wrong_header) -> None:
        """What begins as documents of its type do, another each time; a digest is of what is sent."""
        case.media_type = "text/plain"
        case.body = f"FICTIF {secrets.token_hex(8)}"
        if case.headers and not is_wrong_header:
            case.headers.pop("Content-Digest", None)

    def table(self, case, text, operation, is_wrong_header) -> None:
        """A table that there is nothing wrong with."""
        case.media_type = "text/calendar" if "Calendar" in operation else "text/csv"
        case.body = text
        if case.headers and not is_wrong_header:
            case.headers.pop("Content-Digest", None)

    def headers(self, headers) -> None:
        """A version that is there, and a key that was never used."""
        if "If-Match" in headers:
            headers["If-Match"] = "*"
        if key := headers.get("Idempotency-Key"):
            token = secrets.token_hex(8)
            headers["Idempotency-Key"] = f'"{token}"' if key.startswith('"') else key[:239] + token

    def place(self, operation, case, meta) -> None:
        """Real ids in the path; in a chain of calls, those that an earlier answer gave, unless the body names what is elsewhere."""
        is_chained = meta.phase.name.value == "stateful" and operation not in BOUND
        for name, value in case.path_parameters.items():
            if (place := PLACES.get(operation, {}).get(name)) is not None:
                case.path_parameters[name] = self.renewed(operation, place) if place in USED_UP else self.side[place]
                continue
            is_known = is_chained and str(value).encode() in self.seen and str(value) not in self.protected
            if CONSUMERS.get(operation) == name and not is_known:
                place = SUITABLE.get(operation, name)
                case.path_parameters[name] = self.renewed(operation, self.own.get(place, place))
            elif not is_known:
                place = SPARE.get(operation, {}).get(name, name)
                case.path_parameters[name] = self.side[self.own.get(place, place)]

    def renewed(self, operation, name) -> str:
        """An object to be used up; the last one when there were enough, or the network has been changed so that none can be made."""
        if self.made.get(operation, 0) < NEW_OBJECTS:
            self.made[operation] = self.made.get(operation, 0) + 1
            with contextlib.suppress(RuntimeError):
                self.side.ids[name] = self.network.fresh(name, self.side)
        return self.side[name]

    def after(self, case, response) -> None:
        self.seen.update(UUID.findall(response.content or b""))
        operation = case.operation.definition.raw.get("operationId", "")
        meta = case.meta
        line = {"operation": operation, "method": case.method.upper(), "status": response.status_code,
                "phase": meta.phase.name.value if meta else None, "mode": meta.generation.mode.value if meta else None}
        self.record.write(json.dumps(line) + "\n")
        self.record.flush()


RUN = Run()


@schemathesis.hook
def before_load_schema(context, raw_schema):
    # The contract says that its own document is a text; schemathesis judges what the text parses to.
    document = raw_schema["paths"]["/openapi.yaml"]["get"]["responses"]["200"]["content"]["application/yaml"]
    document["schema"] = {"type": "object"}


@schemathesis.hook
def before_call(context, case, kwargs):
    RUN.before(case)


@schemathesis.hook
def after_call(context, case, response):
    RUN.after(case, response)

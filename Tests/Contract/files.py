"""What makes the draft of a recognition file complete, request by request, and the notes of a whole evaluation."""

from urllib.parse import urlencode

CRITERIA = (
    "partnersInGovernance", "needsOfCompanies", "catalogueAndBespoke", "awarenessActions", "advancedTechnology", "modernEquipment",
    "openToOperators", "variedAudiences", "publicPrivatePartnership", "sharedInvestment")
NOTES = {"notes": [{"criterion": criterion, "note": 15} for criterion in CRITERIA]}
ELEMENTS = ("economicRoots", "trainingOffer", "resourceCentre", "mixedInvestment")
CONTENT = {
    "effectiveFrom": "2040-01-01", "effectiveTo": "2042-12-31", "sectors": ["essais"],
    "sectorCodes": [{"scheme": "NACE-BEL", "version": "2025", "code": "71.2"}], "audiences": ["jobSeeker"],
    "missions": ["informationAwareness", "technologyWatch", "training", "needsAnalysis"],
    "answers": dict.fromkeys(ELEMENTS, "FICTIF / FICTIONAL")}


def steps(file_id: str):
    """(method, address, body of JSON, text of a document), in order."""
    file = f"/v1/recognition-files/{file_id}"
    yield "PUT", file, CONTENT, None
    for element in ELEMENTS:
        query = urlencode({"element": element, "name": "Note.txt"})
        yield "POST", f"{file}/evidence?{query}", None, f"FICTIF / FICTIONAL: {element}"

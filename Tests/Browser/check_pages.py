#!/usr/bin/env python3
"""Every page of a running demo network, at the width of a desk in French and of a phone in English (in full: both in both); then what people
do, by keyboard."""

import argparse
import datetime
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from browser import Browser
from journeys import JOURNEYS, ask, cameras, displaced
from labels import check_labels

#: Width, and the language in which it is looked at.
VIEWS = [(1280, "fr"), (390, "en"), (1280, "en"), (390, "fr")]
#: Those of the short form, and in which people do something, by keyboard.
USED = VIEWS[:2]
#: Browsers that look at the same time.
AT_A_TIME = 2
#: Every page with its roles, which a test keeps equal to `PageRoutes`.
DECLARED = Path(__file__).parent.parent / "PagesTests" / "page-access.yaml"
#: Addresses that lead to no page of our own: files to be saved, and ways through signing in.
NO_PAGE = {
    "/sign-in/provider", "/sign-in/callback", "/language/{language}", "/sealed-reports/{reportId}/document",
    "/recognition-files/{fileId}/evidence/{evidenceId}"}
#: A whole page with its style, on the wire.
HEAVIEST = 100_000


def addresses(browser: Browser, demo: dict) -> dict[str | None, dict[str, str]]:
    """Name to address, by the role that looks; found on the pages themselves."""
    centre = demo["centreManager"]["centreId"]
    browser.sign_in("trainingOrganisation")
    browser.open(f"/centres/{centre}")
    platform = browser.hrefs("a[href^='/platforms/']")[0].split("?")[0]
    machine = browser.hrefs("a[href^='/equipment/']")[0].split("?")[0]
    resource, tool = platform.split("/")[-1], machine.split("/")[-1]
    monday = datetime.date.today() + datetime.timedelta(days=7 - datetime.date.today().weekday())
    friday = monday + datetime.timedelta(days=4)
    browser.open("/bookings")
    bookings = browser.hrefs("article a[href^='/bookings/']")
    booking = (bookings or ["/bookings"])[0]
    change = next((link for path in bookings if (link := change_of(browser, path))), "/bookings")
    status, webhook = ask(browser, "trainingOrganisation", "POST", "/v1/webhooks", {"url": "https://planning.example.org/plateau"})
    assert status == 201, webhook
    status, lines = ask(browser, "centreManager", "GET", f"/v1/funding-lines?centreId={centre}", None)
    funded = f"/equipment/{lines['items'][0]['equipmentId']}" if status == 200 and lines["items"] else machine
    status, count = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/stocktakes", {})
    assert status == 201, count
    kept = away(browser, centre)
    moving, outage = displaced(browser)
    status, sites = ask(browser, "centreManager", "GET", f"/v1/centres/{centre}/sites", None)
    assert status == 200, sites
    status, stock = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/stocks", {
        "name": "Casques de protection", "siteId": sites["items"][0]["id"], "amount": 40, "minimum": 50, "visibility": "shared"})
    assert status == 201, stock
    status, lent = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/custodies", {
        "takenBy": "Marie Dupont (fictif)", "stocks": [{"stockId": stock["id"], "amount": 12}],
        "dueAt": f"{datetime.date.today() + datetime.timedelta(days=1)}T17:00:00Z"})
    assert status == 201, lent
    status, counted = ask(
        browser, "centreManager", "POST", f"/v1/stocktakes/{count['id']}/counts", {"stockId": stock["id"], "counted": 26})
    assert status == 200, counted
    status, kit = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/kits", {
        "name": "Soudage, groupe de dix", "from": "2026-01-01",
        "members": [{"resourceId": resource, "amount": 1}, {"resourceId": stock["id"], "amount": 10}]})
    assert status == 201, kit
    status, note = ask(browser, "centreManager", "POST", f"/v1/resources/{tool}/documents", {
        "title": "Consignes", "kind": "safety", "url": "https://documents.example.org/consignes.pdf", "language": "fr"})
    assert status == 201, note
    documented = f"/equipment/{tool}"
    series, sealed = recurring(browser, resource), seals(browser, centre)
    applied, decided = application(browser, centre), decision(browser, centre)
    browser.open(f"/courses?centre={centre}")
    course = browser.hrefs("article a[href^='/courses/']")[0]
    need = f"resource={resource}&day=2027-02-03&from=09:00&to=11:00&seats=1&of.jobSeeker=1"
    return {
        None: {
            "home": "/", "sign-in": "/sign-in", "register": "/centres", "register-2021": "/centres?on=2021-06-01", "missing": "/nowhere"},
        "trainingOrganisation": {
            "home-booker": "/", "search": "/search", "bookings": "/bookings", "bookings-past": "/bookings?when=past", "booking": booking,
            "found": "/search?day=2027-02-03&from=09:00&to=12:00&seats=2&audience=jobSeeker", "platform": platform, "machine": machine,
            "book": f"/book?{need}", "review": f"/book/review?{need}", "book-any": f"/book?{need.replace(resource, twin(browser))}&any=1",
            "review-any": f"/book/review?{need.replace(resource, twin(browser))}&any=1",
            "refused": f"/book/review?{need.replace('from=09:00&to=11:00', 'from=03:00&to=05:00')}", "keys": "/keys",
            "webhooks": "/webhooks", "webhook": f"/webhooks/{webhook['id']}", "change": change,
            "change-review": f"{change}/review?{need}" if change.endswith("/change") else change,
            "bookings-waiting": "/bookings?when=waiting", "feeds": "/calendar-feeds", "feeds-machine": f"/calendar-feeds?resource={tool}",
            "booking-displaced": moving, "series": series, "series-review": f"/book/review?{need}&until=2027-03-10&on=5",
            "courses": "/courses", "course": course,
            "stock": f"/stocks/{stock['id']}", "kit": f"/kits/{kit['id']}",
            "book-stock": f"/book?{need.replace(resource, stock['id'])}", "review-kit": f"/book/review?{need.replace(resource, kit['id'])}",
            "booking-tables": "/booking-tables",
            "book-course": f"/book?{need}&offer={course.split('/')[-1]}", "centre": f"/centres/{centre}"},
        "centreManager": {
            "home-manager": "/", "today": f"/centres/{centre}/today", "arrivals": f"/centres/{centre}/today?day={monday}",
            "week": f"/centres/{centre}/week", "utilisation": f"/centres/{centre}/utilisation", "approvals": f"/centres/{centre}/approvals",
            "inventory": f"/centres/{centre}/inventory", "labels": f"/centres/{centre}/qr-labels", "fault": f"/resources/{tool}/faults/new",
            "outage-form": f"/resources/{tool}/outages/new", "fault-review": f"/resources/{tool}/faults/review?severity=minor&reason=x",
            "parts": f"/platforms/{resource}/inventory", "closing": f"/resources/{resource}/retirement/new?platform={resource}",
            "closing-review": f"/resources/{resource}/retirement/review?platform={resource}&start=2030-01-01&reason=x",
            "outage-planned": outage, "booking-to-move": moving, "applications": f"/centres/{centre}/applications", "application": applied,
            "sealed": sealed, "sealed-again": f"{sealed}/reproduction",
            "utilisation-then": f"/centres/{centre}/utilisation?knownAt={datetime.date.today() - datetime.timedelta(days=30)}T12:00",
            "utilisation-year": f"/centres/{centre}/utilisation?from={monday - datetime.timedelta(days=300)}&to={monday}",
            "outage": f"/resources/{tool}/outages/review?cause=maintenance&reason=x&start={monday}T06:00&end={friday}T18:00",
            "evidence": f"/centres/{centre}/evidence", "stocktake": f"/stocktakes/{count['id']}", "courses-kept": f"/centres/{centre}/courses",
            "course-new": f"/centres/{centre}/courses/new", "course-change": f"{course}/change", "course-kept": course,
            "machine-kept": funded, "custody": f"/centres/{centre}/custody", "machine-out": kept,
            "kit-new": f"/centres/{centre}/kits/new", "kit-change": f"/kits/{kit['id']}/change", "kit-kept": f"/kits/{kit['id']}",
            "tables": f"/centres/{centre}/tables", "machine-documented": documented},
        "networkManager": {"network": "/utilisation", "people": "/people", "password": "/password"},
        "labelAuthority": {
            "application-evaluated": applied, "decision": decided, "decisions": "/decisions",
            "propose": f"/centres/{centre}/decisions/new"},
    }


def twin(browser: Browser) -> str:
    """A machine of whose model its centre has another."""
    seen = {}
    status, found = ask(browser, "trainingOrganisation", "GET", "/v1/equipment?pageSize=200", None)
    assert status == 200, found
    for machine in found["items"]:
        kind = machine["centreId"], machine["modelId"]
        if kind in seen:
            return seen[kind]
        seen[kind] = machine["id"]
    raise AssertionError("no model of which a centre has two machines")


def unseen(pages: dict) -> list[str]:
    """What is declared as a page and nobody looks at."""
    seen = {path.split("?")[0] for named in pages.values() for path in named.values()}
    declared = re.findall(r"^GET (\S+):", DECLARED.read_text(encoding="utf-8"), flags=re.MULTILINE)
    wanted = [path for path in declared if path not in NO_PAGE and not path.endswith((".csv", ".css", ".js"))]
    return [path for path in wanted if not any(re.fullmatch(pattern(path), address) for address in seen)]


def pattern(path: str) -> str:
    """Of the addresses that a declared one stands for."""
    return re.sub(r"\\\{\w+\\\}", "[0-9a-f-]{36}", re.escape(path))


def recurring(browser: Browser, platform: str) -> str:
    """A booking that recurs."""
    day = datetime.date.today() + datetime.timedelta(days=49 - datetime.date.today().weekday())
    status, made = ask(browser, "trainingOrganisation", "POST", "/v1/booking-series", {
        "activity": "catalogueTraining", "audiences": [{"audience": "jobSeeker", "headCount": 1}], "title": "Chaque lundi",
        "rule": "FREQ=WEEKLY;BYDAY=MO;COUNT=4", "mode": "bestEffort",
        "lines": [{"resourceId": platform, "seats": 1, "start": f"{day}T09:00:00Z", "end": f"{day}T10:00:00Z"}]})
    assert status == 201, made
    return f"/series/{made['id']}"


def seals(browser: Browser, centre: str) -> str:
    """A sealed report of which there is a version of what was known before."""
    today = datetime.date.today()
    days = {"from": str(today - datetime.timedelta(days=90)), "to": str(today - datetime.timedelta(days=1))}
    for known in ({"knownAt": f"{today - datetime.timedelta(days=20)}T12:00:00Z"}, {}):
        status, sealed = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/sealed-reports", days | known)
        assert status == 201, sealed
    return f"/sealed-reports/{sealed['id']}"


def application(browser: Browser, centre: str) -> str:
    """An application with its file, which is being evaluated."""
    path = f"/v1/centres/{centre}/label-applications"
    status, draft = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/recognition-file-drafts", {})
    assert status == 201, draft
    file = f"/v1/recognition-files/{draft['id']}"
    elements = ("economicRoots", "trainingOffer", "resourceCentre", "mixedInvestment")
    status, written = ask(browser, "centreManager", "PUT", file, {
        "effectiveFrom": "2040-01-01", "effectiveTo": "2042-12-31", "sectors": ["technology industry"],
        "sectorCodes": [{"scheme": "NACE-BEL", "version": "2025", "code": "71.2"}], "audiences": ["jobSeeker", "worker"],
        "missions": ["informationAwareness", "technologyWatch", "training", "needsAnalysis"],
        "answers": dict.fromkeys(elements, "FICTIF / FICTIONAL. Le conseil réunit les entreprises du secteur et les partenaires sociaux.")})
    assert status == 200, written
    for element in elements:
        status, added = ask(browser, "centreManager", "POST", f"{file}/evidence?element={element}&name=Note.txt", "FICTIF")
        assert status == 201, added
    status, submitted = ask(browser, "centreManager", "POST", f"{file}/submission", {})
    assert status == 200, submitted
    status, made = ask(browser, "centreManager", "POST", path, {
        "kind": "renewal", "submittedOn": str(datetime.date.today()), "fileId": draft["id"]})
    if status == 409:
        status, known = ask(browser, "centreManager", "GET", path, None)
        made = known["items"][0]
    assert status in (200, 201), made
    status, begun = ask(browser, "labelAuthority", "POST", f"{path}/{made['id']}/evaluations", {})
    assert status in (201, 409), begun
    return f"/centres/{centre}/applications/{made['id']}"


def decision(browser: Browser, centre: str) -> str:
    """A decision that was recorded."""
    status, known = ask(browser, "labelAuthority", "GET", f"/v1/centres/{centre}/label-decisions", None)
    assert status == 200 and known["items"], known
    return f"/decisions/{known['items'][0]['id']}"


def away(browser: Browser, centre: str) -> str:
    """A machine that somebody has, and others are there to be handed out."""
    made = cameras(browser, centre)[1]
    due = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    status, out = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/custodies", {
        "takenBy": "Marie Dupont (fictif)", "dueAt": due, "items": [{"equipmentId": made, "condition": "good"}]})
    assert status == 201, out
    return f"/equipment/{made}"


def change_of(browser: Browser, booking: str) -> str | None:
    """Where a booking is changed, if it can be."""
    browser.open(booking)
    return next(iter(browser.hrefs("a[href$='/change']")), None)


def look(browser: Browser, pages: dict, shots: Path | None) -> tuple[list[str], dict[str, int]]:
    """What is wrong with the pages, and how many bytes each has."""
    faults, weights = [], {}
    for role, named in pages.items():
        browser.sign_in(role) if role else browser.sign_out()
        for name, path in named.items():
            browser.open(path)
            found = browser.faults()
            weights[name] = browser.weight()
            if weights[name] > HEAVIEST:
                found.append(f"{weights[name]} bytes on the wire; at most {HEAVIEST}")
            faults += [f"{name}, {browser.width} px, {browser.language}: {fault}" for fault in found]
            if shots:
                browser.shoot(shots / f"{name}-{browser.width}-{browser.language}.png")
    return faults, weights


class Clock:
    """Says how long each part took."""

    def __init__(self):
        self.last = time.monotonic()

    def tell(self, part: str):
        print(f"{time.monotonic() - self.last:6.1f} s  {part}")
        self.last = time.monotonic()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True, help="the file that `plateau start` writes")
    parser.add_argument("--shots", type=Path, help="a directory for a picture of each page")
    parser.add_argument("--full", action="store_true", help="each width in both languages")
    arguments = parser.parse_args()
    demo = json.loads(arguments.demo.read_text(encoding="utf-8"))
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    views = VIEWS if arguments.full else USED
    with ExitStack() as stack:
        browsers = [stack.enter_context(Browser(demo["baseURL"], width, language)) for width, language in views]
        for browser in browsers:
            browser.demo, browser.shots = demo, arguments.shots
        pages = addresses(browsers[0], demo)
        faults = [f"{path} is a page that nobody looks at" for path in unseen(pages)]
        clock.tell("what there is to look at")
        # Who only looks is in nobody's way.
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            seen = list(pool.map(lambda browser: look(browser, pages, arguments.shots), browsers))
        faults += [fault for found, _ in seen for fault in found]
        weights = {name: max(weighed[name] for _, weighed in seen) for name in seen[0][1]}
        clock.tell(f"pages in {len(views)} views")
        for browser in browsers[:len(USED)]:
            for journey in JOURNEYS:
                try:
                    journey(browser)
                except AssertionError as error:
                    faults.append(f"{journey.__name__} by keyboard, {browser.width} px: {error}")
            clock.tell(f"journeys, {browser.width} px")
        faults += check_labels(browsers[0], demo, arguments.shots)
        clock.tell("labels")
    looked = len(views) * sum(map(len, pages.values()))
    for fault in faults:
        print(f"FAILED  {fault}")
    heaviest = max(weights, key=weights.get)
    print(f"The heaviest page: {heaviest}, {weights[heaviest]} bytes with what it loads")
    print(f"{looked} pages looked at, {len(USED) * len(JOURNEYS)} journeys by keyboard, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

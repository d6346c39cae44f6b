#!/usr/bin/env python3
"""Every page of a running demo network, at the width of a desk and of a phone, in both languages; then what people do, by keyboard."""

import argparse
import datetime
import json
import secrets
import sys
from pathlib import Path

from browser import Browser
from journeys import JOURNEYS, ask
from labels import check_labels

#: Width, and the language in which it is looked at.
VIEWS = [(1280, "fr"), (390, "en")]
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
    status, sites = ask(browser, "centreManager", "GET", f"/v1/centres/{centre}/sites", None)
    assert status == 200, sites
    status, stock = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/stocks", {
        "name": "Casques de protection", "siteId": sites["items"][0]["id"], "amount": 40, "minimum": 50, "visibility": "shared"})
    assert status == 201, stock
    status, kit = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/kits", {
        "name": "Soudage, groupe de dix", "from": "2026-01-01",
        "members": [{"resourceId": resource, "amount": 1}, {"resourceId": stock["id"], "amount": 10}]})
    assert status == 201, kit
    status, note = ask(browser, "centreManager", "POST", f"/v1/resources/{tool}/documents", {
        "title": "Consignes", "kind": "safety", "url": "https://documents.example.org/consignes.pdf", "language": "fr"})
    assert status == 201, note
    documented = f"/equipment/{tool}"
    browser.open(f"/courses?centre={centre}")
    course = browser.hrefs("article a[href^='/courses/']")[0]
    need = f"resource={resource}&day=2027-02-03&from=09:00&to=11:00&seats=1&of.jobSeeker=1"
    return {
        None: {
            "home": "/", "sign-in": "/sign-in", "register": "/centres", "register-2021": "/centres?on=2021-06-01", "missing": "/nowhere"},
        "trainingOrganisation": {
            "home-booker": "/", "search": "/search", "bookings": "/bookings", "bookings-past": "/bookings?when=past", "booking": booking,
            "found": "/search?day=2027-02-03&from=09:00&to=12:00&seats=2&audience=jobSeeker", "platform": platform, "machine": machine,
            "book": f"/book?{need}", "review": f"/book/review?{need}",
            "refused": f"/book/review?{need.replace('from=09:00&to=11:00', 'from=03:00&to=05:00')}", "keys": "/keys",
            "webhooks": "/webhooks", "webhook": f"/webhooks/{webhook['id']}", "change": change,
            "bookings-waiting": "/bookings?when=waiting", "courses": "/courses", "course": course,
            "stock": f"/stocks/{stock['id']}", "kit": f"/kits/{kit['id']}",
            "book-stock": f"/book?{need.replace(resource, stock['id'])}", "review-kit": f"/book/review?{need.replace(resource, kit['id'])}",
            "booking-tables": "/booking-tables",
            "book-course": f"/book?{need}&offer={course.split('/')[-1]}", "centre": f"/centres/{centre}"},
        "centreManager": {
            "home-manager": "/", "today": f"/centres/{centre}/today", "arrivals": f"/centres/{centre}/today?day={monday}",
            "week": f"/centres/{centre}/week", "utilisation": f"/centres/{centre}/utilisation", "approvals": f"/centres/{centre}/approvals",
            "inventory": f"/centres/{centre}/inventory", "labels": f"/centres/{centre}/qr-labels", "fault": f"/resources/{tool}/faults/new",
            "outage": f"/resources/{tool}/outages/review?cause=maintenance&reason=x&start={monday}T06:00&end={friday}T18:00",
            "evidence": f"/centres/{centre}/evidence", "stocktake": f"/stocktakes/{count['id']}", "courses-kept": f"/centres/{centre}/courses",
            "course-new": f"/centres/{centre}/courses/new", "course-change": f"{course}/change", "course-kept": course,
            "machine-kept": funded, "custody": f"/centres/{centre}/custody", "machine-out": kept,
            "kit-new": f"/centres/{centre}/kits/new", "kit-change": f"/kits/{kit['id']}/change", "kit-kept": f"/kits/{kit['id']}",
            "tables": f"/centres/{centre}/tables", "machine-documented": documented},
        "networkManager": {"network": "/utilisation", "people": "/people", "password": "/password"},
        "labelAuthority": {"decisions": "/decisions", "propose": f"/centres/{centre}/decisions/new"},
    }


def away(browser: Browser, centre: str) -> str:
    """A machine that somebody has, and others are there to be handed out."""
    status, site = ask(browser, "centreManager", "GET", f"/v1/centres/{centre}/sites", None)
    assert status == 200, site
    for number in range(2):
        status, made = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/equipment", {
            "name": f"Caméra thermique {number + 1} (fictif)", "category": "camera", "manufacturer": "Arcovia (fictif)", "model": "C-40",
            "inventoryNumber": f"PAGE-{secrets.token_hex(4)}", "siteId": site["items"][0]["id"], "mobility": "mobile",
            "visibility": "shared"})
        assert status == 201, made
    due = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    status, out = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/custodies", {
        "takenBy": "Marie Dupont (fictif)", "dueAt": due, "items": [{"equipmentId": made["id"], "condition": "good"}]})
    assert status == 201, out
    return f"/equipment/{made['id']}"


def change_of(browser: Browser, booking: str) -> str | None:
    """Where a booking is changed, if it can be."""
    browser.open(booking)
    return next(iter(browser.hrefs("a[href$='/change']")), None)


def look(browser: Browser, pages: dict, shots: Path | None, weights: dict[str, int]) -> list[str]:
    faults = []
    for role, named in pages.items():
        browser.sign_in(role) if role else browser.sign_out()
        for name, path in named.items():
            browser.open(path)
            found = browser.faults()
            weights[name] = max(weights.get(name, 0), browser.weight())
            if weights[name] > HEAVIEST:
                found.append(f"{weights[name]} bytes on the wire; at most {HEAVIEST}")
            faults += [f"{name}, {browser.width} px: {fault}" for fault in found]
            if shots:
                browser.shoot(shots / f"{name}-{browser.width}.png")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True, help="the file that `plateau start` writes")
    parser.add_argument("--shots", type=Path, help="a directory for a picture of each page")
    arguments = parser.parse_args()
    demo = json.loads(arguments.demo.read_text(encoding="utf-8"))
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    faults, looked, weights = [], 0, {}
    for width, language in VIEWS:
        with Browser(demo["baseURL"], width, language) as browser:
            browser.demo, browser.shots = demo, arguments.shots
            pages = addresses(browser, demo)
            looked += sum(map(len, pages.values()))
            faults += look(browser, pages, arguments.shots, weights)
            for journey in JOURNEYS:
                try:
                    journey(browser)
                except AssertionError as error:
                    faults.append(f"{journey.__name__} by keyboard, {width} px: {error}")
            if width == VIEWS[0][0]:
                faults += check_labels(browser, demo, arguments.shots)
    for fault in faults:
        print(f"FAILED  {fault}")
    heaviest = max(weights, key=weights.get)
    print(f"The heaviest page: {heaviest}, {weights[heaviest]} bytes with what it loads")
    print(f"{looked} pages looked at, {len(VIEWS) * len(JOURNEYS)} journeys by keyboard, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

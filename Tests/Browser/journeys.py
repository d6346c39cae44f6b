"""What people do, with the keyboard alone."""

import datetime
import json
import secrets
import tempfile
import urllib.error
import urllib.request

from browser import Browser


def enter(browser: Browser, role: str):
    browser.sign_out()
    browser.open("/sign-in")
    browser.press(f'button.door[value="{role}"]')


def working_day(days: int) -> datetime.date:
    """The first day from Monday to Friday that comes so many days from now or later."""
    day = datetime.date.today() + datetime.timedelta(days=days)
    while day.weekday() > 4:
        day += datetime.timedelta(days=1)
    return day


def book(browser: Browser):
    """Searches, books in three steps, sends the form again by going back, cancels."""
    enter(browser, "trainingOrganisation")
    day = working_day(30)
    # The search's own page, for a day far enough; what is typed there goes by keyboard.
    for _ in range(15):
        browser.open(f"/search?day={day}&from=10:00&to=12:00&seats=1&audience=jobSeeker")
        browser.press(".searchForm button")
        if browser.has(".result.good"):
            break
        day += datetime.timedelta(days=1)
    browser.press(".result.good a.button[href^='/book?']")
    assert browser.path.startswith("/book?"), browser.path
    browser.type("#title", "Keyboard")
    browser.press("form.form button")
    assert browser.path.startswith("/book/review?"), browser.path
    browser.press("form[action='/book'] button")
    assert browser.path.startswith("/bookings/") and browser.has(".news"), f"{browser.path}: {browser.text('main')[:300]}"
    booked = browser.path
    browser.driver.back()
    browser.press("form[action='/book'] button")
    assert browser.path == booked, f"sent twice: {booked}, then {browser.path}"
    browser.press("details summary")
    browser.type("#reason", "Test")
    browser.press("details button")
    assert "news=cancelled" in browser.path and browser.has(".badge.big.bad"), f"{browser.path}: {browser.text('main')[:300]}"


def decide(browser: Browser):
    """One person proposes, another simulates and approves."""
    enter(browser, "labelAuthority")
    browser.press("a[href='/decisions']")
    browser.press("a[href$='/decisions/new']")
    browser.choose("#kind", "suspend")
    browser.type("#authority", "government")
    browser.type("#reference", "FICTIF / FICTIONAL – keyboard")
    # Day and month are alike, whatever their order here.
    browser.type("#effectiveFrom", "01012028")
    browser.type("#effectiveTo", "02022028")
    browser.press("form.form button")
    proposal = browser.path.split("?")[0]
    assert proposal.startswith("/decisions/"), f"{browser.path}: {browser.text('main')[:300]}"
    browser.press(".account button")
    enter(browser, "labelAuthority2")
    browser.press("a[href='/decisions']")
    browser.press(f"a[href='{proposal}']")
    browser.press("form[action$='/simulations'] button")
    assert "simulation=" in browser.path, f"{browser.path}: {browser.text('main')[:300]}"
    browser.press("form[action$='/approval'] button")
    assert "news=approved" in browser.path, f"{browser.path}: {browser.text('main')[:300]}"


def ask(browser: Browser, role: str, method: str, path: str, body: dict | str | None = None):
    """What prepares a journey, by the API: the status and the answer. A body that is a text is a document."""
    kind, sent = ("text/plain", body) if isinstance(body, str) else ("application/json", json.dumps(body))
    headers = {"Authorization": f"Bearer {browser.demo[role]['key']}", "Content-Type": kind, "If-Match": "*"}
    request = urllib.request.Request(
        browser.base + path, method=method, headers=headers, data=None if body is None else sent.encode())
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def hall(browser: Browser) -> str:
    """A platform of the demo's centre that is no part of another."""
    _, found = ask(browser, "centreManager", "GET", f"/v1/platforms?centreId={browser.demo['centreManager']['centreId']}&pageSize=200")
    return next(item["id"] for item in found["items"] if "parentId" not in item and "retiredAt" not in item)


def asked_booking(browser: Browser, platform: str, hour: int) -> str:
    """A booking of one workstation on the first day from here that has room for it."""
    refusal = None
    for ahead in range(30, 75):
        day = datetime.datetime.now(datetime.UTC).replace(hour=hour, minute=0, second=0, microsecond=0) + datetime.timedelta(days=ahead)
        status, answer = ask(browser, "trainingOrganisation", "POST", "/v1/bookings", {
            "activity": "catalogueTraining", "audiences": [{"audience": "jobSeeker", "headCount": 1}], "title": "Keyboard",
            "lines": [{"resourceId": platform, "seats": 1, "start": day.strftime("%Y-%m-%dT%H:%M:%SZ"),
                       "end": (day + datetime.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")}]})
        if status == 201 and answer["state"] == "requested":
            return answer["id"]
        refusal = answer
    raise AssertionError(f"nothing could be asked for: {refusal}")


def approval(browser: Browser):
    """The staff approves what is asked of its centre, and declines another with a reason."""
    platform = hall(browser)
    terms = f"/v1/resources/{platform}/booking-terms"
    _, before = ask(browser, "centreManager", "GET", terms)
    kept = {name: before[name] for name in ("approvalFor", "selfService", "freeWorkingDays", "lateFeePercent", "noShowFeePercent")}
    status, answer = ask(browser, "centreManager", "PUT", terms, kept | {"approvalFor": ["always"]})
    assert status == 200, answer
    try:
        good, bad = asked_booking(browser, platform, 9), asked_booking(browser, platform, 13)
    finally:
        ask(browser, "centreManager", "PUT", terms, kept)
    enter(browser, "centreManager")
    # The group of the centre, then what is in it.
    browser.press(".top nav a[href$='/today']")
    browser.press(".top nav a[href$='/approvals']")
    browser.look("approvals-waiting")
    browser.press(f"form[action='/bookings/{good}/approval'] button")
    assert "news=requestApproved" in browser.path, f"{browser.path}: {browser.text('main')[:300]}"
    browser.press(f"details:has(form[action='/bookings/{bad}/rejection']) summary")
    browser.type(f"form[action='/bookings/{bad}/rejection'] input[name='reason']", "Keyboard")
    browser.press(f"form[action='/bookings/{bad}/rejection'] button")
    assert "news=requestDeclined" in browser.path, f"{browser.path}: {browser.text('main')[:300]}"
    _, found = ask(browser, "trainingOrganisation", "GET", f"/v1/bookings/{good}")
    _, lost = ask(browser, "trainingOrganisation", "GET", f"/v1/bookings/{bad}")
    assert (found["state"], lost["state"]) == ("confirmed", "rejected"), (found, lost)


def check_in(browser: Browser):
    """Somebody arrives and leaves; whatever the hour is, the staff lets them in."""
    now = datetime.datetime.now(datetime.UTC)
    start = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + datetime.timedelta(minutes=15)
    body = {
        "organisationId": browser.demo["trainingOrganisation"]["organisationId"], "activity": "catalogueTraining",
        "audiences": [{"audience": "jobSeeker", "headCount": 1}], "title": "Keyboard",
        "lines": [{"resourceId": hall(browser), "seats": 1, "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
                   "end": (start + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")}]}
    status, answer = ask(browser, "centreManager", "POST", "/v1/bookings", body)
    if status == 409:
        against = sorted({rule["code"] for rule in answer["rules"] if rule["verdict"] == "deny"})
        status, answer = ask(browser, "centreManager", "POST", "/v1/bookings", body | {
            "override": {"codes": against, "reason": "keyboard"}})
    assert status == 201, answer
    booking = answer["id"]
    enter(browser, "centreManager")
    # As the label of the platform opens it.
    browser.open(f"/platforms/{body['lines'][0]['resourceId']}")
    assert browser.has(f"form[action='/bookings/{booking}/check-in']"), browser.text("main")[:300]
    browser.look("platform-now")
    browser.press(".top nav a[href$='/today']")
    if not browser.has(f"form[action='/bookings/{booking}/check-in']"):
        # Just before midnight it begins tomorrow.
        browser.press(".pager a:last-child")
    browser.look("today-arriving")
    browser.press(f"form[action='/bookings/{booking}/check-in'] button")
    assert "news=checkedIn" in browser.path, f"{browser.path}: {browser.text('main')[:300]}"
    browser.look("today-arrived")
    browser.press(f"a[href='/bookings/{booking}']")
    browser.look("booking-in-use")
    browser.press(f"form[action='/bookings/{booking}/check-out'] button")
    assert "news=checkedOut" in browser.path, f"{browser.path}: {browser.text('main')[:300]}"
    _, left = ask(browser, "centreManager", "GET", f"/v1/bookings/{booking}")
    assert left["state"] == "completed", left


def cameras(browser: Browser, centre: str) -> list[str]:
    """Two machines of one model that are nobody's yet."""
    _, site = ask(browser, "centreManager", "GET", f"/v1/centres/{centre}/sites", None)
    made = []
    for number in range(2):
        status, machine = ask(browser, "centreManager", "POST", f"/v1/centres/{centre}/equipment", {
            "name": f"Caméra thermique {number + 1} (fictif)", "category": "camera", "manufacturer": "Arcovia (fictif)", "model": "C-40",
            "inventoryNumber": f"PAGE-{secrets.token_hex(4)}", "siteId": site["items"][0]["id"], "mobility": "mobile",
            "visibility": "shared"})
        assert status == 201, machine
        made.append(machine["id"])
    return made


def displaced(browser: Browser) -> tuple[str, str]:
    """A booking whose machine is stopped while its twin is free, and what stops it."""
    machine = cameras(browser, browser.demo["centreManager"]["centreId"])[0]
    refusal = None
    for ahead in range(30, 75):
        day = datetime.date.today() + datetime.timedelta(days=ahead)
        status, booking = ask(browser, "trainingOrganisation", "POST", "/v1/bookings", {
            "activity": "demonstration", "title": "Keyboard",
            "lines": [{"resourceId": machine, "start": f"{day}T09:00:00Z", "end": f"{day}T11:00:00Z", "exclusive": True}]})
        if status == 201:
            status, outage = ask(browser, "centreManager", "POST", f"/v1/resources/{machine}/outages", {
                "cause": "maintenance", "reason": "Révision (fictive)", "start": f"{day}T06:00:00Z", "end": f"{day}T18:00:00Z",
                "displacing": [booking["id"]]})
            assert status == 201, outage
            return f"/bookings/{booking['id']}", f"/outages/{outage['id']}"
        refusal = booking
    raise AssertionError(f"no camera could be booked: {refusal}")


def rehome(browser: Browser):
    """Who lost a place takes another."""
    booking, _ = displaced(browser)
    enter(browser, "trainingOrganisation")
    browser.open(booking)
    browser.press(f"form[action='{booking}/move'] button")
    assert "news=moved" in browser.path, f"{browser.path}: {browser.text('main')[:300]}"
    browser.look("booking-moved")


def subscribe(browser: Browser):
    """Makes the address of a calendar, sees it this once, and revokes it."""
    enter(browser, "trainingOrganisation")
    browser.open("/bookings")
    browser.press("a[href='/calendar-feeds']")
    browser.choose("#kind", "person")
    browser.type("#purpose", "Keyboard")
    browser.press("form[action='/calendar-feeds'] button")
    assert browser.has("code.secret"), f"{browser.path}: {browser.text('main')[:300]}"
    browser.look("feed-made")
    browser.press("form[action$='/revocation'] button")
    assert "news=feedRevoked" in browser.path and not browser.has("code.secret"), browser.path


def repeat(browser: Browser):
    """Books every week, date by date; those that can be had."""
    enter(browser, "trainingOrganisation")
    day = working_day(40)
    until = day + datetime.timedelta(days=21)
    browser.open(f"/book/review?resource={hall(browser)}&day={day}&from=09:00&to=10:00&seats=1&of.jobSeeker=1&until={until}")
    browser.look("series-checked")
    if not browser.has("form[action='/book/series'] button"):
        raise AssertionError(f"no date can be had: {browser.text('main')[:500]}")
    browser.press("form[action='/book/series'] button")
    assert browser.path.startswith("/series/"), f"{browser.path}: {browser.text('main')[:300]}"
    browser.press("details summary")
    browser.press("details button")
    assert "news=seriesCancelled" in browser.path, f"{browser.path}: {browser.text('main')[:300]}"


def table(browser: Browser):
    """Books from a file: what would become of it, then what can be entered, and the same again by going back."""
    enter(browser, "trainingOrganisation")
    platform = hall(browser)
    day = working_day(35)
    mark = secrets.token_hex(4)
    lines = [
        "ownReference;resource;start;end;activity;audiences;title",
        f"{mark}-1;{platform};{day} 10:00;{day} 11:00;catalogueTraining;jobSeeker:1;Keyboard", f"{mark}-2;Nowhere;{day} 10:00;{day} 11:00;x;;"]
    browser.open("/bookings")
    browser.press("a[href='/booking-tables']")
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        browser.type("#file-bookings", file.name)
        browser.press("form:has(#file-bookings) button")
    assert browser.has("button[value='acceptedLines']"), f"{browser.path}: {browser.text('main')[:500]}"
    browser.look("table-checked")
    browser.press("button[value='acceptedLines']")
    assert browser.has("a[href^='/bookings/']"), f"{browser.path}: {browser.text('main')[:500]}"
    browser.look("table-entered")


JOURNEYS = [book, decide, approval, check_in, rehome, subscribe, repeat, table]

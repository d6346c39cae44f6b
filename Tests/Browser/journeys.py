"""What people do, with the keyboard alone."""

import datetime

from browser import Browser


def enter(browser: Browser, role: str):
    browser.sign_out()
    browser.open("/sign-in")
    browser.press(f'button.door[value="{role}"]')


def book(browser: Browser):
    """Searches, books in three steps, sends the form again by going back, cancels."""
    enter(browser, "trainingOrganisation")
    day = datetime.date.today() + datetime.timedelta(days=30)
    while day.weekday() > 4:
        day += datetime.timedelta(days=1)
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


JOURNEYS = [book, decide]

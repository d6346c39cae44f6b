"""A headless Chromium of a certain width, asked as the tests need it: by address, by keyboard, by axe."""

import base64
import importlib.util
import shutil
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import Select, WebDriverWait

#: Longest way by Tab to anything on a page.
MOST_TABS = 150
#: Seconds until the page after a link or a button is there.
LONGEST_WAY = 20
#: What axe calls worse than an advice.
SERIOUS = {"serious", "critical"}
#: Of what holds, axe only counts: there is a lot of it on a page of a week.
AXE = "const told = arguments[0]; axe.run({ resultTypes: ['violations'] }).then(found => told(found.violations))"
#: Buttons beside a field, in a form without hints, that do not end where the field does.
UNLEVEL = """
return [...document.querySelectorAll('.line > .go > button')].filter(button => {
    const field = button.parentElement.previousElementSibling?.querySelector('input, select')
    if (!field || button.closest('.line').querySelector('.hint')) return false
    const [one, other] = [button.getBoundingClientRect(), field.getBoundingClientRect()]
    return one.left > other.right && Math.abs(one.bottom - other.bottom) > 2
}).map(button => button.textContent.trim())
"""


def axe_source() -> str:
    """The script of axe-core, from the package that carries it; the package itself is not imported."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.submodule_search_locations is None:
        raise SystemExit("axe-playwright-python is missing: run Tests/Browser/run")
    return Path(found.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8")


class Browser:
    def __init__(self, base: str, width: int, language: str):
        self.base = base
        self.width = width
        self.language = language
        #: What the demo's file says: keys and identifiers by role.
        self.demo: dict = {}
        #: Where pictures are kept; none when it is None.
        self.shots: Path | None = None
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
        for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "hide-scrollbars", f"lang={language}"):
            options.add_argument(f"--{argument}")
        options.add_argument(f"--accept-lang={language}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or "/usr/bin/chromedriver"))
        self.size(900)
        # Into every page, by the browser itself: the pages' own policy would not let it in.
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": axe_source()})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def size(self, height: int):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": self.width < 500})

    def open(self, path: str):
        self.driver.get(self.base + path)

    @property
    def path(self) -> str:
        return self.driver.current_url.removeprefix(self.base)

    def text(self, selector: str) -> str:
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        return found[0].text if found else ""

    def has(self, selector: str) -> bool:
        return bool(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def hrefs(self, selector: str) -> list[str]:
        """Where links lead, without the address of the service."""
        return [link.get_attribute("href").removeprefix(self.base) for link in self.driver.find_elements(By.CSS_SELECTOR, selector)]

    def all(self, selector: str) -> list:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def whole_page(self, scale: float) -> bytes:
        """A picture of the page as far as it reaches, so many times its size."""
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": scale}})
        return base64.b64decode(taken["data"])

    def sign_in(self, role: str):
        self.driver.delete_all_cookies()
        self.open("/sign-in")
        self.driver.execute_script("window.isFormerPage = true")
        self.driver.find_element(By.CSS_SELECTOR, f'button.door[value="{role}"]').click()
        self.arrive(f"the door of {role}")

    def arrive(self, name: str):
        """Waits for the page that follows the one which was marked as the former."""
        WebDriverWait(self.driver, LONGEST_WAY, ignored_exceptions=(WebDriverException,)).until(
            lambda driver: driver.execute_script("return !window.isFormerPage && document.readyState === 'complete'"),
            f"{name} led nowhere")

    def sign_out(self):
        self.open("/")
        self.driver.delete_all_cookies()

    # MARK: By keyboard

    def tab_to(self, selector: str):
        """Presses Tab until the focus is on what the selector finds."""
        for _ in range(MOST_TABS):
            outline = self.driver.execute_script(
                "const at = document.activeElement; return at.matches(arguments[0]) ? getComputedStyle(at).outlineStyle : null", selector)
            if outline == "none":
                raise AssertionError(f"{self.path}: the focus on {selector} cannot be seen")
            if outline is not None:
                return self.driver.switch_to.active_element
            for kind in ("rawKeyDown", "keyUp"):
                self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9})
        raise AssertionError(f"{self.path}: {selector} cannot be reached by Tab")

    def press(self, selector: str):
        """Enter on what the selector finds; where that is a link or a button, until the page that it leads to is there."""
        element = self.tab_to(selector)
        leads_away = element.tag_name in ("a", "button")
        if leads_away:
            self.driver.execute_script("window.isFormerPage = true")
        element.send_keys(Keys.ENTER)
        if leads_away:
            self.arrive(selector)

    def type(self, selector: str, text: str):
        self.tab_to(selector).send_keys(text)

    def choose(self, selector: str, value: str):
        """Arrow keys, until the option is chosen."""
        field = self.tab_to(selector)
        for _ in range(20):
            if Select(field).first_selected_option.get_attribute("value") == value:
                return
            field.send_keys(Keys.ARROW_DOWN)
        raise AssertionError(f"{self.path}: {value} cannot be chosen in {selector}")

    # MARK: What is wrong with a page

    def faults(self) -> list[str]:
        """Errors of the console, serious findings of axe, a page wider than its window, a button beside its field."""
        faults = [
            f"console: {entry['message'][:200]}" for entry in self.driver.get_log("browser")
            # A page that says no has the status of a no, which Chromium logs.
            if entry["level"] == "SEVERE" and "the server responded with a status of 4" not in entry["message"]]
        for finding in self.driver.execute_async_script(AXE):
            if finding["impact"] in SERIOUS:
                faults.append(f"axe {finding['id']}, {len(finding['nodes'])}: {finding['nodes'][0]['html'][:120]}")
        wide = self.driver.execute_script("return document.documentElement.scrollWidth")
        if wide > self.width:
            faults.append(f"{wide} pixels wide in a window of {self.width}")
        if self.driver.execute_script("return document.querySelectorAll('h1').length") != 1:
            faults.append("not exactly one h1")
        faults += [f"not level with its field: {name}" for name in self.driver.execute_script(UNLEVEL)]
        if "page." in self.driver.execute_script("return document.querySelector('main').innerText"):
            faults.append("a key of a text is shown")
        return faults

    def look(self, name: str):
        """A page in the middle of a journey: nothing may be wrong with it."""
        found = self.faults()
        if self.shots:
            self.shoot(self.shots / f"{name}-{self.width}-{self.language}.png")
        if found:
            raise AssertionError(f"{name}: {found}")

    def weight(self) -> int:
        """Bytes of the page and what it loads, as they went over the wire."""
        return self.driver.execute_script(
            "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
            ".reduce((sum, entry) => sum + entry.encodedBodySize, 0)")

    def shoot(self, path: Path):
        self.size(min(max(self.driver.execute_script("return document.body.scrollHeight"), 900), 4000))
        self.driver.save_screenshot(str(path))
        self.size(900)

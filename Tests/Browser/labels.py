"""The labels of a centre, read from the screen and from paper by a decoder that knows nothing of the encoder (ZXing)."""

import base64
import io

import zxingcpp
from PIL import Image


def codes(picture: bytes) -> list[str]:
    """What the QR codes of a picture say."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    return [found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]


def check_labels(browser, demo: dict, shots) -> list[str]:
    """Faults of the sheet of labels: a code that is not read, or does not open the page of what its label names."""
    centre = demo["centreManager"]["centreId"]
    browser.sign_in("centreManager")
    browser.open(f"/centres/{centre}/qr-labels")
    wanted = [element.get_attribute("textContent") for element in browser.all(".qrSheet desc")]
    faults = [] if len(wanted) > 5 else [f"labels: only {len(wanted)} on the sheet"]
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
    paper = base64.b64decode(printed["data"])
    if shots:
        (shots / "labels.pdf").write_bytes(paper)
    sheets = -(-len(wanted) // 24)
    if (pages := paper.count(b"/Type /Page\n") or paper.count(b"/Type /Page ")) != sheets:
        faults.append(f"labels: {len(wanted)} fill {pages} pages of paper, not {sheets}")
    seen = codes(browser.whole_page(scale=2))
    faults += [f"labels: {address} is not read from the screen" for address in set(wanted) - set(seen)]
    faults += [f"labels: {address} is on no label" for address in set(seen) - set(wanted)]
    for address in wanted[:2]:
        browser.driver.get(address)
        if (status := browser.driver.execute_script("return document.querySelector('h1') ? 200 : 0")) != 200:
            faults.append(f"labels: {address} opens no page: {status}")
    return faults

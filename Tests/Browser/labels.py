"""The labels of a centre, read from the screen and from paper by a decoder that knows nothing of the encoder (ZXing)."""

import base64
import io
import urllib.request

import pypdfium2
import zxingcpp
from PIL import Image

#: Dots an inch of a plain printer.
PRINTER = 300


def codes(image: Image.Image) -> list[str]:
    """What the QR codes of a picture say."""
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)]


def printed_codes(paper: bytes) -> list[list[str]]:
    """What the QR codes say of each page of a PDF, as a printer would put it on paper."""
    return [codes(page.render(scale=PRINTER / 72).to_pil()) for page in pypdfium2.PdfDocument(paper)]


def single_label(browser, key: str, address: str) -> list[str]:
    """What the code of one label says that is asked for by itself, drawn by the browser."""
    request = urllib.request.Request(
        f"{browser.base}/v1/resources/{address.rsplit('/', 1)[1]}/qr-label.svg", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request) as answer:
        label = answer.read()
    browser.driver.get("data:image/svg+xml;base64," + base64.b64encode(label).decode())
    return codes(Image.open(io.BytesIO(browser.driver.get_screenshot_as_png())))


def check_labels(browser, demo: dict, shots) -> list[str]:
    """Faults of the labels, on a sheet or single: a code that is not read, or does not open the page of what its label names."""
    centre = demo["centreManager"]["centreId"]
    browser.sign_in("centreManager")
    browser.open(f"/centres/{centre}/qr-labels")
    wanted = [element.get_attribute("textContent") for element in browser.all(".qrSheet desc")]
    faults = [] if len(wanted) > 5 else [f"labels: only {len(wanted)} on the sheet"]
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
    paper = base64.b64decode(printed["data"])
    if shots:
        (shots / "labels.pdf").write_bytes(paper)
    pages = printed_codes(paper)
    sheets = -(-len(wanted) // 24)
    if len(pages) != sheets:
        faults.append(f"labels: {len(wanted)} fill {len(pages)} pages of paper, not {sheets}")
    views = {
        "the screen": codes(Image.open(io.BytesIO(browser.whole_page(scale=2)))),
        "paper": [address for page in pages for address in page],
    }
    for view, seen in views.items():
        faults += [f"labels: {address} is not read from {view}" for address in set(wanted) - set(seen)]
        faults += [f"labels: {address} is on no label, but read from {view}" for address in set(seen) - set(wanted)]
    for address in wanted[:2]:
        if (seen := single_label(browser, demo["centreManager"]["key"], address)) != [address]:
            faults.append(f"labels: the single label of {address} says {seen}")
        browser.driver.get(address)
        if (status := browser.driver.execute_script("return document.querySelector('h1') ? 200 : 0")) != 200:
            faults.append(f"labels: {address} opens no page: {status}")
    return faults

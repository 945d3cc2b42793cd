"""`python -m tests.bench --only gallery`: how soon a gallery of 200 entries is there, on a first visit."""

import os
import statistics
from pathlib import Path

from playwright.async_api import Browser

from tests.bench.page import open_browser
from tests.bench.playgrounds import serve_playground
from tests.vitals import READ_VITALS, Vitals

HANG = "from tests.hangings import hang; hang(200)"
VISITS = 7
_WINDOWS = {"": (1440, 900), "_phone": (390, 844)}


async def measure_gallery(folder: Path) -> dict[str, float]:
    """Figures for bench.json: the median of the visits, but the most that has moved in any."""
    figures: dict[str, float] = {"gallery_cls": 0}
    with serve_playground(folder / "gallery", "http://127.0.0.1:1/v1", rows=HANG) as server:
        os.sched_setaffinity(0, os.sched_getaffinity(os.getppid()))  # a browser is many processes
        async with open_browser() as browser:
            for name, (width, height) in _WINDOWS.items():
                address = f"http://localhost:{server.port}/"
                seen = [await _visit(browser, address, width, height) for _ in range(VISITS)][1:]
                figures[f"gallery_lcp_ms{name}"] = statistics.median(vitals["lcp"] for vitals in seen)
                figures["gallery_cls"] = max(figures["gallery_cls"], *(vitals["cls"] for vitals in seen))
                print(f"{width:4} px: LCP {figures[f'gallery_lcp_ms{name}']:.0f} ms ({seen[0]['what']})", flush=True)
    return figures


async def _visit(browser: Browser, address: str, width: int, height: int) -> Vitals:
    """With an empty cache."""
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="en-US")
    page = await context.new_page()
    await page.goto(address)
    vitals: Vitals = await page.evaluate(READ_VITALS)
    await context.close()
    return vitals

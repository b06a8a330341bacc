"""Take the still pictures of both pages: `python tools/page_stills.py` writes notebooks/figures/stepper.png and so on.

It needs playwright and Chromium (`pip install "npmobile[browser]"`; Debian: apt-get install chromium fonts-nanum).
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

import npmobile as nm

FOLDER = Path(__file__).parents[1] / "notebooks" / "figures"
WIDTH = 988  # of an output in JupyterLab
SCALE = 1.5  # pixels of the picture for one of the page
COLOURS = 200  # of the palette: with fewer the tints of the windows become alike


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        for language in nm.language.LANGUAGES:
            for make in (nm.interactive.stepper, nm.interactive.explorer):
                page = browser.new_page(
                    viewport={"width": WIDTH, "height": 600}, device_scale_factor=SCALE, color_scheme="light"
                )
                page.set_content(make(language=language).as_page())
                if make is nm.interactive.stepper:
                    page.locator("#t").fill("300")  # the separable side is almost done
                    page.locator("#t").blur()
                    page.locator(".maps.pointwise .cell").nth(5).hover()
                taken = page.locator(".page").screenshot(animations="disabled")
                image = (
                    Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)
                )
                suffix = "png" if language == "en" else f"{language}.png"
                image.save(FOLDER / f"{make.__name__}.{suffix}", optimize=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()

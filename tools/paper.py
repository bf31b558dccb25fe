"""The book on paper: python tools/paper.py (book | worksheets | slides) [--from build/book].

Chromium prints the pages of a built book into PDFs. ``book``: all of it in one file,
build/hopfield.pdf. ``worksheets``: the exercises of each chapter with room to write,
build/worksheets, and hints and solutions apart, build/solutions. ``slides``: each chapter's,
build/slides.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import whole  # noqa: E402

from hopfield.cli.site import server  # noqa: E402

BROWSERS = "chromium", "chromium-browser", "google-chrome"
INSTALL = "install Debian's chromium, or run: .venv/bin/python -m playwright install chromium"
FORMS = {  # what -> the query of each form of a chapter's page, by the folder of its PDFs
    "worksheets": {"worksheets": "worksheet", "solutions": "solutions"},
    "slides": {"slides": "slides=print"},
}
READY = "html[data-live=ready]"
LOADED = "() => Promise.all([...document.images].map((image) => image.decode().catch(() => 0)))"
THRIFTY = "Object.defineProperty(navigator.connection, 'saveData', {get: () => true})"
PATIENCE = 600_000  # milliseconds
# In a PDF of Chromium's: the pages in order, and on which of them each place lies that has a link.
KIDS = re.compile(rb"/Type /Pages\b.*?/Kids \[(.*?)\]", re.DOTALL)
PLACE = re.compile(rb"/([\w.#%~-]+) \[(\d+) 0 R /XYZ")


@contextmanager
def opened(site: Path) -> Iterator[tuple[Any, str]]:
    """Serve a built book; give a page of a browser, and the book's address."""
    from playwright.sync_api import Error, sync_playwright

    web = server(site)
    Thread(target=web.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{web.server_port}/"
    system = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=system)
        except Error:
            raise SystemExit(f"hopfield: no Chromium was found: {INSTALL}") from None
        page = browser.new_page(color_scheme="light", viewport={"width": 1280, "height": 720})
        page.set_default_timeout(PATIENCE)
        page.add_init_script(THRIFTY)  # no Python is fetched
        yield page, address
        browser.close()
    web.shutdown()


def printed(page: Any, **more: Any) -> bytes:
    """Print a page, once its pictures are there."""
    page.evaluate("document.fonts.ready.then(() => 0)")
    page.evaluate(LOADED)
    size = {"format": "A4", "prefer_css_page_size": True, "print_background": True}
    return bytes(page.pdf(**(size | more)))


def forms(site: Path, to: Path, what: str) -> None:
    """Print each chapter in the forms that are asked for, each into a folder of its own."""
    with opened(site) as (page, address):
        for folder, query in FORMS[what].items():
            (to / folder).mkdir(parents=True, exist_ok=True)
            for chapter in sorted(site.glob("[0-9][0-9]_*.html")):
                page.goto(f"{address}{chapter.name}?{query}")
                page.wait_for_selector(READY, state="attached")
                (to / folder / f"{chapter.stem}.pdf").write_bytes(printed(page))
            print(f"hopfield: the {folder} are in {to / folder}")


def numbers(pdf: bytes) -> dict[str, int]:
    """Return the number of the page of each place that is linked to in a PDF of Chromium's."""
    kids = [int(k) for found in KIDS.findall(pdf) for k in re.findall(rb"(\d+) 0 R", found)]
    order = {number: k for k, number in enumerate(kids, 1)}
    return {name.decode(): order[int(k)] for name, k in PLACE.findall(pdf) if int(k) in order}


def answer(text: str) -> Callable[[Any], None]:
    """Return what answers a browser with this page."""

    def fulfil(route: Any) -> None:
        route.fulfill(body=text, content_type="text/html; charset=utf-8")

    return fulfil


def book(site: Path, to: Path) -> None:
    """Print the whole book, again until its contents know on which page each section begins."""
    pages: dict[str, int] = {}
    with opened(site) as (page, address):
        known = None
        while known != pages:
            known = pages
            page.unroute_all()
            page.route(f"{address}whole.html", answer(whole.html(site, known)))
            page.goto(f"{address}whole.html")
            pdf = printed(page, outline=True, tagged=True)
            pages = numbers(pdf)
    to.mkdir(parents=True, exist_ok=True)
    (to / "hopfield.pdf").write_bytes(pdf)
    print(f"hopfield: the book is in {to / 'hopfield.pdf'} ({len(pdf) / 1e6:.0f} MB)")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["book", *FORMS])
    parser.add_argument("--from", dest="site", type=Path, default=ROOT / "build" / "book")
    parser.add_argument("--to", type=Path, default=ROOT / "build")
    given = parser.parse_args()
    if not (given.site / "index.html").is_file():
        raise SystemExit(f"hopfield: no book is built in {given.site}; make book builds one")
    if given.what == "book":
        book(given.site, given.to)
    else:
        forms(given.site, given.to, given.what)


if __name__ == "__main__":
    main()

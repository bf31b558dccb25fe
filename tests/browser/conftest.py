"""The live book in a real browser, served on this machine, with nothing beyond it in reach."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Frame, Locator, Page, Route, expect, sync_playwright

from hopfield.cli.site import HOST, TYPES, server

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "test-book"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHAPTERS = sorted(
    path.relative_to(ROOT / "book").with_suffix("").as_posix()
    for path in (ROOT / "book").rglob("*.md")
    if "```{code-cell}" in path.read_text("utf-8")
)
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
CDN = runpy.run_path(str(ROOT / "tools" / "pyodide.py"))["cdn"]()

OUTSIDE = re.compile(r"^(https?|wss?)://(?!127\.0\.0\.1[:/])")
PYODIDE = re.compile(r"pyodide|\.whl|\.wasm|worker\.js")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
THRIFTY = "Object.defineProperty(navigator.connection, 'saveData', {get: () => true})"
NO_BROWSER = "no Chromium was found"
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]

PATIENCE = 300_000  # milliseconds: a machine that is slow is no fault, and what hangs still ends
expect.set_options(timeout=PATIENCE)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for it each chapter's name, or each page's path."""
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", CHAPTERS, scope="module")
    if "path" in metafunc.fixturenames:
        metafunc.parametrize("path", PAGES or ["index.html"])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say aloud what was not run for want of a browser."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.section("THE LIVE BOOK WAS NOT TESTED", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{NO_BROWSER}, so {count} tests of the book in a browser were not run. Install "
            "Debian's chromium, or run: .venv/bin/python -m playwright install chromium"
        )


# ---- servers and browser -------------------------------------------------------------------


def plain(folder: Path) -> ThreadingHTTPServer:
    """Return a server that sends no headers of ours: another site's."""
    return ThreadingHTTPServer((HOST, 0), partial(SimpleHTTPRequestHandler, directory=folder))


@contextmanager
def served(folder: Path, by: Callable[[Path], ThreadingHTTPServer] = server) -> Iterator[str]:
    """Serve a folder on a port of this machine; give its address."""
    with by(folder) as web:
        thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{web.server_port}/"
        finally:
            web.shutdown()
            thread.join()


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Return what serves another site's folder, and gives its address."""
    with ExitStack() as folders:
        yield lambda folder: folders.enter_context(served(folder, plain))


@pytest.fixture(scope="session")
def built() -> Path:
    """Return the folder of the built book."""
    if not (SITE / "_static" / "live" / "config.json").is_file():
        command = "python tools/book.py --offline --to build/test-book"
        pytest.fail(f"the book to test is not built; make test does it, or: {command}", False)
    return SITE


@pytest.fixture(scope="session")
def source() -> Path:
    """Return the folder of the book's text."""
    return ROOT / "book"


@pytest.fixture(scope="session")
def cdn() -> str:
    """Return the address of Pyodide on the CDN."""
    return CDN


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[str]:
    """Return the address of the built book."""
    with served(built) as address:
        yield address


def _fail_or_skip() -> None:
    if os.environ.get("CI"):
        pytest.fail(NO_BROWSER, pytrace=False)
    pytest.skip(NO_BROWSER)


@pytest.fixture(scope="module")  # Playwright holds the thread's event loop, so no longer than this
def browser() -> Iterator[Browser]:
    """Start Chromium: the system's, else Playwright's own."""
    names = "chromium", "chromium-browser", "google-chrome"
    system = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        if not system and not Path(playwright.chromium.executable_path).is_file():
            _fail_or_skip()
        chromium = playwright.chromium.launch(executable_path=system, args=FLAGS, timeout=PATIENCE)
        yield chromium
        chromium.close()


class Reader:
    """A reader's browser without a way out of this machine; it notes what is asked and fails."""

    def __init__(self, browser: Browser, site: str, thrifty: bool = True, **settings: Any) -> None:
        self.site = site
        self.asked: list[str] = []
        self.troubles: list[str] = []
        usual: Any = {"reduced_motion": "reduce", "viewport": {"width": 1440, "height": 1000}}
        self.context = browser.new_context(
            permissions=["clipboard-read", "clipboard-write"],
            service_workers="block",
            **usual | settings,
        )
        self.context.set_default_timeout(PATIENCE)
        if thrifty:  # then nothing is fetched before it is asked for
            self.context.add_init_script(THRIFTY)
        self.context.route(OUTSIDE, self._refuse)
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.troubles.append(str(error.error)))

    def open(self, path: str = "", script: str | None = None) -> Chapter:
        """Open a page of the book, a script run before its own where one is given."""
        page = self.context.new_page()
        if script:
            page.add_init_script(script)
        page.goto(path if path.startswith("http") else self.site + path)
        return Chapter(page, self)

    def from_cdn(self) -> None:
        """Make the offline book the one that points at the CDN, and answer for that."""
        config = f"{self.site}_static/live/config.json"
        wheel = next((SITE / "_static" / "live").glob("*.whl")).name
        self.context.route(
            config, lambda route: route.fulfill(json={"pyodide": CDN, "wheel": wheel})
        )
        self.context.route(f"{CDN}**", self._answer)

    @property
    def asked_for_python(self) -> list[str]:
        """Return what was asked for that only a running Python needs."""
        return [url for url in self.asked if PYODIDE.search(url)]

    def check(self) -> None:
        """Fail where the browser has met an error, or was asked for what is not here."""
        troubles, self.troubles = self.troubles, []
        assert not troubles

    def close(self) -> None:
        """Close all pages."""
        self.context.unroute_all(behavior="ignoreErrors")
        self.context.close()

    def _refuse(self, route: Route) -> None:
        self.troubles.append(f"asked for {route.request.url}")
        with suppress(Error):
            route.abort()

    def _answer(self, route: Route) -> None:
        file = SITE / "pyodide" / route.request.url.removeprefix(CDN)
        route.fulfill(
            body=file.read_bytes(),
            content_type=TYPES.get(file.suffix, "application/octet-stream"),
            headers={"Access-Control-Allow-Origin": "*"},
        )

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.troubles.append(f"{message.text} ({message.location.get('url')})")


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[Reader]:
    """Return a fresh browser; at the end it must have met no error."""
    one = Reader(browser, site)
    yield one
    one.close()
    one.check()


@pytest.fixture
def another(browser: Browser, site: str) -> Iterator[Reader]:
    """Return a second reader, on another computer."""
    one = Reader(browser, site)
    yield one
    one.close()
    one.check()


@pytest.fixture(scope="module")
def open_once(browser: Browser, site: str) -> Iterator[Callable[[str], Chapter]]:
    """Return what opens a chapter for all of the tests of a module."""
    with ExitStack() as readers:

        def open_one(path: str) -> Chapter:
            one = Reader(browser, site)
            readers.callback(one.close)
            return one.open(path).ready()

        yield open_one


@pytest.fixture(scope="module")
def opened(name: str, browser: Browser, site: str) -> Iterator[Chapter]:
    """Open a chapter, once for all of the tests of a module."""
    one = Reader(browser, site)
    yield one.open(f"{name}.html").ready()
    one.close()


@pytest.fixture
def chapter(opened: Chapter) -> Iterator[Chapter]:
    """Return the chapter that is open; at the end it must have met no error."""
    yield opened
    opened.reader.check()


# ---- what a reader does with a chapter -------------------------------------------------------


class Chapter:
    """A page of the book in the browser, with the things that a reader does on it."""

    def __init__(self, page: Page, reader: Reader, frame: Frame | None = None) -> None:
        self.page = page
        self.reader = reader
        self.frame = frame or page.main_frame
        self.asked_at_first: list[str] = []
        self.built: list[dict[str, Any]] = []

    def framed(self) -> Chapter:
        """Return the chapter in this page's <iframe>."""
        frame = self.page.locator("iframe").element_handle().content_frame()
        return Chapter(self.page, self.reader, frame).ready()

    def ready(self) -> Chapter:
        """Wait until the buttons are there; note what the page shows and has asked for by then."""
        expect(self.frame.locator("html")).to_have_attribute("data-live", "ready")
        self.built = self.shown()
        self.asked_at_first = list(self.reader.asked_for_python)
        return self

    def shown(self) -> list[dict[str, Any]]:
        """Return the text and the figures of every cell that is no exercise."""
        cells: list[dict[str, Any]] = self.frame.evaluate(SHOWN)
        return cells

    @property
    def status(self) -> Locator:
        """Return the bar at the foot of the page."""
        return self.frame.locator(".live-status")

    @property
    def exercises(self) -> list[int]:
        """Return the numbers of the cells that have a check."""
        boxes = self.frame.locator(".cell:has(.cell_input)")
        classes = boxes.evaluate_all("boxes => boxes.map(box => box.className)")
        return [k + 1 for k, names in enumerate(classes) if "exercise-cell" in names]

    @property
    def sliding(self) -> list[int]:
        """Return the numbers of the cells that have a slider."""
        boxes = self.frame.locator(".cell:has(.cell_input)")
        found = boxes.evaluate_all("boxes => boxes.map(box => !!box.querySelector('.live-slider'))")
        return [k + 1 for k, slides in enumerate(found) if slides]

    def cell(self, number: int) -> Locator:
        """Return a cell, counted from 1."""
        return self.frame.locator(".cell:has(.cell_input)").nth(number - 1)

    def button(self, words: str, number: int) -> Locator:
        """Return a cell's button."""
        name = f"{words}, cell {number}"
        return self.cell(number).get_by_role("button", name=name, exact=True)

    def editor(self, number: int) -> Locator:
        """Return the editor's text in a cell."""
        return self.cell(number).locator(".cm-content")

    def output(self, number: int) -> Locator:
        """Return what a cell has printed live."""
        return self.cell(number).locator(".live-text")

    def error(self, number: int) -> Locator:
        """Return the error that a cell ended with."""
        return self.cell(number).locator(".live-error")

    @property
    def told(self) -> Locator:
        """Return what was last said to those who only hear the page; it stays until the next."""
        return self.frame.locator(".live-spoken")

    def copied(self, button: Locator, presses: int = 1) -> None:
        """Press what copies, and wait until that is said."""
        self.frame.evaluate("document.querySelector('.live-spoken').textContent = ''")
        button.click(click_count=presses)
        expect(self.told).to_have_text("Copied")

    def beside(self, number: int) -> Locator:
        """Return the code that stands beside a cell's own."""
        return self.cell(number).locator(".live-guest")

    def verdict(self, number: int) -> Locator:
        """Return what is said of a cell's last run."""
        return self.cell(number).locator(".live-verdict")

    def code(self, number: int) -> str:
        """Return the code that a cell shows while it is not in the editor."""
        return self.cell(number).locator(".cell_input pre").inner_text().rstrip("\n")

    def write(self, number: int, code: str) -> None:
        """Put this code in the editor in place of what is there."""
        if not self.editor(number).count():
            self.button("Edit", number).click()
        self.editor(number).click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)

    def press(self, words: str, number: int) -> None:
        """Press a cell's button and wait until nothing runs."""
        self.button(words, number).click()
        self.idle()

    def try_code(self, number: int, code: str) -> None:
        """Write code, press Shift + Enter, and wait until nothing runs."""
        self.write(number, code)
        self.page.keyboard.press("Shift+Enter")
        self.idle()

    def run_all(self) -> None:
        """Run every cell that is no exercise."""
        self.frame.get_by_role("button", name="Run all").click()
        self.idle()

    def idle(self) -> None:
        """Wait until nothing runs, however long, as long as one cell follows another."""
        said = None
        while self.status.is_visible() and self.status.text_content() != said:
            said = self.status.text_content()
            with suppress(AssertionError):
                expect(self.status).to_be_hidden()
        expect(self.status).to_be_hidden()
        expect(self.frame.locator(".live-running")).to_have_count(0)

    def anew(self) -> None:
        """Bring back the page as it was built; Python goes on."""
        if self.status.is_visible():
            self.status.get_by_role("button", name="Stop").click()
        for words in ("Done", "Reset"):
            for button in self.frame.locator(".live-tools button", has_text=words).all():
                if button.is_visible():
                    button.click()
        for button in self.frame.locator(".live-guest button:last-child").all()[::-1]:
            button.click()
        same = self.frame.locator(".live-buttons .live-same")
        if same.is_visible():
            same.click()
            self.idle()

    def draws(self) -> None:
        """Wait until the page has drawn ten frames, which a frozen one never does."""
        self.frame.evaluate(DRAWN)
        self.until("document.documentElement.dataset.drawn >= 10")

    def until(self, expression: str) -> None:
        """Wait until this holds on the page, which a strict site would not let Playwright do."""
        while not self.frame.evaluate(expression):
            self.page.wait_for_timeout(50)

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        wide = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.frame.evaluate(wide))

    def violations(self) -> list[str]:
        """Return where the page breaks a rule of WCAG's levels A and AA."""
        if not self.frame.evaluate("'axe' in window"):
            self.frame.evaluate(AXE.read_text(encoding="utf-8"))  # a tag would not be allowed
        found = self.frame.evaluate(f"axe.run(document, {json.dumps(RULES)})")
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def resize(self, width: int) -> None:
        """Make the window this wide."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.until(SCROLLS)  # the theme looks again at that soon after

    def theme(self, colours: str) -> None:
        """Let the reader's computer prefer light or dark."""
        self.page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        expect(self.frame.locator("html")).to_have_attribute("data-theme", colours)


SCROLLS = """() => [...document.querySelectorAll(
  "pre, .cell_output > .output, .pst-scrollable-table-container")].every((e) =>
  e.tabIndex === 0 || (e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight))"""

DRAWN = """() => {
  const { dataset } = document.documentElement;
  dataset.drawn = 0;
  const tick = () => ++dataset.drawn < 10 && requestAnimationFrame(tick);
  requestAnimationFrame(tick);
}"""

SHOWN = """() => {
  const boxes = [...document.querySelectorAll(".cell:not(.exercise-cell)")];
  return Promise.all(boxes.map(async (box) => {
    const images = [...box.querySelectorAll(".cell_output img")];
    await Promise.all(images.map((image) => image.decode()));
    return {
      text: [...box.querySelectorAll(".cell_output pre")].map((pre) => pre.textContent).join(""),
      sources: images.map(({ src }) => src),
      sizes: images.map((image) => [image.naturalWidth, image.naturalHeight, image.clientWidth]),
    };
  }));
}"""

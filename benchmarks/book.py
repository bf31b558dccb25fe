"""The live book's budgets, in Chromium: python -m benchmarks.book [FOLDER]

Of an offline book (build/test-book, which make test builds): the first live figure beside bare
Pyodide that loads NumPy and matplotlib and draws one, and the answer of a slider; of the lab its
size, its first move beside bare Pyodide with NumPy, its frames a second without the landscape, with
it and with it in three dimensions, and its heap after two minutes of play beside that at their
beginning. Medians of rounds; meaningful on a quiet machine
only. --only lab leaves out the figure and the slider.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

from playwright.sync_api import Locator, Page, expect, sync_playwright

from hopfield.cli.site import server

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
PATIENCE = 120_000  # milliseconds
PLAY = 120  # seconds
DRAWN = 2  # seconds until the finer landscape is drawn
SETTLED = 15  # until the history is as long as it gets
WINDOW: Any = {"width": 1440, "height": 900}
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

BARE_PAGE = """<!doctype html><title>bare</title><script>
window.go = (file) => new Promise((done) => {
  const worker = new Worker(file, { type: "module" });
  worker.onmessage = ({ data }) => done(data);
});
</script>"""
LOAD = """
const { loadPyodide } = await import("/pyodide/pyodide.mjs");
const packages = %s;
const python = await loadPyodide({ indexURL: "/pyodide/", packages });
"""
BARE_MOVE = f"""{LOAD % '["numpy"]'}
python.runPython("import numpy");
postMessage("there");
"""
BARE_FIGURE = f"""{LOAD % '["numpy", "matplotlib"]'}
python.runPython(`
import io, os
os.environ["MPLBACKEND"] = "agg"
import numpy
from matplotlib import pyplot
figure = pyplot.figure()
figure.add_subplot().plot(numpy.arange(9))
figure.savefig(io.BytesIO(), dpi=200)
`);
postMessage("drawn");
"""
SLIDE = """() => new Promise((done) => {
  const slider = document.querySelector(".live-slider input");
  const image = slider.closest(".cell").querySelector(".cell_output img");
  const start = performance.now();
  image.addEventListener("load", () => done((performance.now() - start) / 1000), { once: true });
  slider.value = Number(slider.value) + (Number(slider.value) > slider.min ? -1 : 1);
  slider.dispatchEvent(new Event("input"));
})"""
# Playwright looks for what has come twice a second; this hears of it.
WATCH = """([selector, text]) => {
  window.come_ = new Promise((done) => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector(selector)?.textContent.includes(text)) return;
      watch.disconnect();
      done();
    });
    const all = { attributes: true, childList: true, characterData: true, subtree: true };
    watch.observe(document.documentElement, all);
  });
}"""
COUNTING = """
const put = CanvasRenderingContext2D.prototype.putImageData;
window.frames_ = 0;
CanvasRenderingContext2D.prototype.putImageData = function (...given) {
  if (this.canvas.className === "lab-canvas") window.frames_ += 1;
  return put.apply(this, given);
};
"""
FRAMES = """() => new Promise((done) => {
  const [first, start] = [window.frames_, performance.now()];
  setTimeout(() => done((1000 * (window.frames_ - first)) / (performance.now() - start)), 3000);
})"""


@contextmanager
def pages(site: Path) -> Iterator[Any]:
    """Give what opens a page of the site in a fresh browser, whose cache is empty."""
    names = ("chromium", "chromium-browser", "google-chrome")
    system = next(filter(None, map(shutil.which, names)), None)
    with server(site) as web, sync_playwright() as playwright:
        Thread(target=web.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{web.server_port}/"

        def answer(text: str, kind: str) -> Any:
            return lambda route: route.fulfill(body=text, content_type=kind)

        @contextmanager
        def fresh(path: str) -> Iterator[Page]:
            browser = playwright.chromium.launch(executable_path=system, args=FLAGS)
            page = browser.new_page(viewport=WINDOW, reduced_motion="reduce")  # nothing by itself
            page.context.route(base + "bare.html", answer(BARE_PAGE, "text/html"))
            page.context.route(base + "figure.js", answer(BARE_FIGURE, "text/javascript"))
            page.context.route(base + "move.js", answer(BARE_MOVE, "text/javascript"))
            page.set_default_timeout(PATIENCE)
            page.add_init_script(COUNTING)
            page.goto(base + path)
            yield page
            browser.close()

        yield fresh
        web.shutdown()


def bare_start(fresh: Any, file: str) -> float:
    """Return the seconds that Pyodide alone takes."""
    with fresh("bare.html") as page:
        start = time.perf_counter()
        page.evaluate(f"go('/{file}')")
        return time.perf_counter() - start


def seconds_to(page: Page, pressed: Locator, selector: str, text: str = "") -> float:
    """Return how long after a press an element is there that holds the text."""
    page.evaluate(WATCH, [selector, text])
    start = time.perf_counter()
    pressed.click()
    page.evaluate("window.come_")
    return time.perf_counter() - start


def first_figure(fresh: Any) -> tuple[float, float, list[float]]:
    """Return seconds to the first figure, bare and live, and of a slider's answers."""
    bare = bare_start(fresh, "figure.js")
    with fresh("05_letters.html") as page:
        page.wait_for_selector("html[data-live=ready]")
        run = page.locator(".cell:has(figure) .live-run").first
        live = seconds_to(page, run, "img[src^='blob:']")
        slider = page.locator(".live-slider input").first
        slider.press("ArrowLeft")  # so that what comes before has run
        page.wait_for_selector(".cell:has(.live-slider) img[src^='blob:']")
        answers = []
        for _ in range(6):
            page.wait_for_timeout(800)
            answers.append(page.evaluate(SLIDE))
    return bare, live, answers


def first_move(fresh: Any) -> tuple[float, float]:
    """Return seconds to the lab's first move: of bare Pyodide, and of the lab."""
    bare = bare_start(fresh, "move.js")
    with fresh("lab.html") as page:
        move = page.locator("[data-lab=oneMove]")
        expect(move).to_be_visible()
        return bare, seconds_to(page, move, "[data-lab=timeText]", " 1 move")


@contextmanager
def playing(fresh: Any, side: int) -> Iterator[Page]:
    """Give the lab while a hot network of side x side neurons plays as fast as it can."""
    with fresh("lab.html") as page:
        at = {name: page.locator(f"[data-lab={name}]") for name in ("side", "T", "neuron", "speed")}
        page.locator("summary", has_text="Network").click()
        page.locator("summary", has_text="Draw").click()
        at["neuron"].select_option("HeatBath")
        at["T"].fill("0.6")
        at["side"].fill(str(side))
        at["side"].dispatch_event("change")
        at["speed"].fill("1.5")
        for card in ("Draw", "Network"):
            page.locator("summary", has_text=card).click()
        page.evaluate("scrollTo(0, 0)")
        page.locator("[data-lab=play]").click()
        expect(page.locator("[data-lab=timeText]")).not_to_contain_text(" 0 moves")
        expect(page.locator("[data-lab=landscapeNone]")).to_have_count(0)
        page.wait_for_timeout(1000 * DRAWN)
        yield page


def lab_frames(fresh: Any, side: int) -> dict[str, float]:
    """Return the frames a second that the lab draws, by how the landscape is seen."""
    with playing(fresh, side) as page:
        found = {"with the landscape": page.evaluate(FRAMES)}
        page.locator("[data-lab=solid]").click()
        page.wait_for_timeout(1000 * DRAWN)
        found["with it in 3-D"] = page.evaluate(FRAMES)
        page.locator("[data-lab=landscapeCard] > summary").click()
        page.wait_for_timeout(1000 * DRAWN)
        return {**found, "without it": page.evaluate(FRAMES)}


def heap_growth(fresh: Any, seconds: float) -> float:
    """Return the page's heap after so many seconds of play, as a multiple of that before."""
    with playing(fresh, 100) as page:
        asked = page.context.new_cdp_session(page)
        asked.send("Performance.enable")

        def used() -> float:
            asked.send("HeapProfiler.collectGarbage")
            found = asked.send("Performance.getMetrics")["metrics"]
            return float(next(one["value"] for one in found if one["name"] == "JSHeapUsedSize"))

        page.wait_for_timeout(1000 * SETTLED)
        before = used()
        page.wait_for_timeout(1000 * seconds)
        return used() / before


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("python -m benchmarks.book")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "test-book")
    parser.add_argument("--only", choices=("lab",), help="what is measured; by default all")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--play", type=float, default=PLAY, help="seconds, for the heap")
    given = parser.parse_args()
    expect.set_options(timeout=PATIENCE)
    with pages(given.folder) as fresh:
        if not given.only:
            figures(fresh, given.rounds)
        lab(fresh, given.folder, given.rounds, given.play)


def figures(fresh: Any, rounds: int) -> None:
    """Print how long a cell's first figure and a slider take."""
    found = [first_figure(fresh) for _ in range(rounds)]
    ratio = median(live / bare for bare, live, _ in found)
    answer = median(seconds for *_, answers in found for seconds in answers)
    seconds = median(live for _, live, _ in found)
    print(f"first live figure / bare Pyodide: {ratio:.2f} (goal 1.15), {seconds:.1f} s")
    print(f"a slider's answer: {answer:.2f} s (goal 0.3)")


def lab(fresh: Any, folder: Path, rounds: int, play: float) -> None:
    """Print what the lab weighs, how soon it moves, how smoothly, and what stays of it."""
    size = len(gzip.compress((folder / "_static" / "live" / "lab.js").read_bytes()))
    print(f"lab, JavaScript: {size / 1000:.0f} kB gzipped (goal 120)")
    ratio = median(live / bare for bare, live in (first_move(fresh) for _ in range(rounds)))
    print(f"lab, first move / bare Pyodide: {ratio:.2f} (goal 1.15)")
    for side, goal in ((100, "55 with it"), (200, "30 without it")):
        tried = [lab_frames(fresh, side) for _ in range(min(rounds, 3))]
        middle = {how: median(one[how] for one in tried) for how in tried[0]}
        told = ", ".join(f"{frames:.0f} {how}" for how, frames in middle.items())
        print(f"lab, {side * side} neurons, frames a second: {told} (goal {goal})")
    growth = heap_growth(fresh, play)
    print(f"lab, heap after {play:g} s of play / before: {growth:.2f} (goal 0.9 to 1.1)")


if __name__ == "__main__":
    main()

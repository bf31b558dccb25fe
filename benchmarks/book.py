"""The live book's budgets, in Chromium: python -m benchmarks.book [FOLDER]

Of an offline book (build/test-book, which make test builds): the first live figure beside bare
Pyodide that loads NumPy and matplotlib and draws one, the answer of a slider, and the frames a
second of the lab. Medians of rounds; meaningful on a quiet machine only.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from hopfield.cli.site import server

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

BARE_PAGE = """<!doctype html><title>bare</title><script>
window.go = () => new Promise((done) => {
  const worker = new Worker("/bare.js", { type: "module" });
  worker.onmessage = ({ data }) => done(data);
});
</script>"""
BARE_WORKER = """
const { loadPyodide } = await import("/pyodide/pyodide.mjs");
const python = await loadPyodide({ indexURL: "/pyodide/", packages: ["numpy", "matplotlib"] });
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
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.context.route(base + "bare.html", answer(BARE_PAGE, "text/html"))
            page.context.route(base + "bare.js", answer(BARE_WORKER, "text/javascript"))
            page.set_default_timeout(120_000)
            page.add_init_script(COUNTING)
            page.goto(base + path)
            yield page
            browser.close()

        yield fresh
        web.shutdown()


def first_figure(fresh: Any) -> tuple[float, float, list[float]]:
    """Return seconds to the first figure, bare and live, and of a slider's answers."""
    with fresh("bare.html") as page:
        start = time.perf_counter()
        page.evaluate("go()")
        bare = time.perf_counter() - start
    with fresh("05_letters.html") as page:
        page.wait_for_selector("html[data-live=ready]")
        run = page.locator(".cell:has(figure) .live-run").first
        start = time.perf_counter()
        run.click()
        page.wait_for_selector("img[src^='blob:']")
        live = time.perf_counter() - start
        slider = page.locator(".live-slider input").first
        slider.press("ArrowLeft")  # so that what comes before has run
        page.wait_for_selector(".cell:has(.live-slider) img[src^='blob:']")
        answers = []
        for _ in range(6):
            page.wait_for_timeout(800)
            answers.append(page.evaluate(SLIDE))
    return bare, live, answers


def lab_frames(fresh: Any, side: int) -> float:
    """Return the frames a second that the lab draws of a hot network of side x side neurons."""
    with fresh("lab.html") as page:
        at = {name: page.locator(f"[data-lab={name}]") for name in ("side", "T", "neuron", "speed")}
        page.locator("summary", has_text="Network").click()
        at["neuron"].select_option("HeatBath")
        at["T"].fill("0.6")
        at["side"].fill(str(side))
        at["side"].dispatch_event("change")
        at["speed"].fill("1.5")
        page.locator("[data-lab=play]").click()
        expect(page.locator("[data-lab=timeText]")).not_to_contain_text(" 0 moves")
        page.wait_for_timeout(1000)
        return float(page.evaluate(FRAMES))


def main() -> None:
    """Measure and print."""
    site = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "build" / "test-book"
    with pages(site) as fresh:
        rounds = [first_figure(fresh) for _ in range(ROUNDS)]
        ratio = median(live / bare for bare, live, _ in rounds)
        answer = median(seconds for *_, answers in rounds for seconds in answers)
        seconds = median(live for _, live, _ in rounds)
        print(f"first live figure / bare Pyodide: {ratio:.2f} (goal 1.3), {seconds:.1f} s")
        print(f"a slider's answer: {answer:.2f} s (goal 0.3)")
        for side, goal in ((100, 55), (200, 30)):
            frames = median(lab_frames(fresh, side) for _ in range(3))
            print(f"lab, {side * side} neurons: {frames:.0f} frames a second (goal {goal})")


if __name__ == "__main__":
    main()

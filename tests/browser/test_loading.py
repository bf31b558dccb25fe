"""How Python comes to the page: in stages, from either build, and no more of it than is needed."""

from __future__ import annotations

import gzip
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from .conftest import Reader

CHAPTER = "04_five_neurons.html"
WITHOUT_PLOTS = """document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive") return;
  for (const code of document.querySelectorAll(".cell pre"))
    if (code.textContent.includes("plots")) {
      code.textContent = code.textContent.replace(/hf\\.plots[^]*/, "");
      code.closest(".cell").querySelector(".cell_output").remove();
    }
})"""
STAGES = """document.addEventListener("DOMContentLoaded", () => {
  window.stages = [];
  const bar = document.querySelector(".live-status");
  const note = () => window.stages.push([bar.textContent, bar.querySelector("progress").value]);
  new MutationObserver(note).observe(bar, {childList: true, subtree: true, attributes: true});
})"""
HEAP = "import pyodide_js\nprint(pyodide_js._module.HEAPU8.length)"
DRAWN = "hf.plots.raster(hf.recall(hf.hebb([1, -1]), [1, 1], record=hf.record.states()));"


def wheels(asked: list[str]) -> list[str]:
    """Return the names, without versions, of the wheels among what was asked for."""
    names = [Path(urlsplit(url).path).name for url in asked]
    return sorted({name.partition("-")[0] for name in names if name.endswith(".whl")})


def test_loading_is_told_in_stages(reader: Any) -> None:
    chapter = reader.open(CHAPTER, STAGES).ready()
    chapter.press("Run", 1)
    stages = chapter.page.evaluate("window.stages")
    words = list(dict.fromkeys(text.removesuffix("Stop") for text, _ in stages))
    told = ["Fetching Python", "Starting Python", "Loading hopfield", "Running cell 1"]
    assert [text for text in words if text in told] == told
    values = [value for _, value in stages]
    assert values == sorted(values)


def test_python_is_fetched_while_nothing_else_happens_and_started_by_reaching_for_it(
    browser: Any, site: str
) -> None:
    one = Reader(browser, site, thrifty=False)
    needed = ["pyodide.asm.wasm", "pyodide.mjs", "pyodide.asm.mjs", "python_stdlib.zip"]
    chapter = one.open(CHAPTER).ready()
    while not {"numpy", "matplotlib", "pillow", "hopfield"} <= set(wheels(one.asked)):
        chapter.page.wait_for_timeout(50)
    assert {f"{site}pyodide/{name}" for name in needed} <= set(one.asked)
    assert not [url for url in one.asked if url.endswith("worker.js")]
    chapter.button("Run", 1).hover()
    while not [url for url in one.asked if url.endswith("worker.js")]:
        chapter.page.wait_for_timeout(50)
    expect(chapter.status).to_be_hidden()  # nothing is said of what nobody has asked for
    chapter.press("Run", 1)
    one.close()
    one.check()


def test_a_reader_who_saves_data_fetches_python_by_pressing_run_alone(reader: Any) -> None:
    chapter = reader.open(CHAPTER).ready()
    chapter.button("Run", 1).hover()
    chapter.button("Edit", 1).click()
    expect(chapter.editor(1)).to_be_focused()
    assert reader.asked_for_python == []
    chapter.press("Run", 1)
    assert reader.asked_for_python


@pytest.mark.parametrize("file", ["index.html", "01_network.html", "lab.html"])
def test_a_page_weighs_little_before_the_first_click(reader: Any, file: str) -> None:
    page = reader.context.new_page()
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{reader.site}{file}", wait_until="networkidle")
    sizes = {answer.url: len(answer.body()) for answer in answers}
    assert sum(sizes.values()) < 1.5e6, sizes  # before a host packs it; typefaces are .18e6
    assert not re.search("fontawesome|mathjax", " ".join(sizes), re.IGNORECASE)


def test_the_lab_weighs_no_more_than_120_kb(built: Path) -> None:
    script = (built / "_static" / "live" / "lab.js").read_bytes()
    assert len(gzip.compress(script)) <= 120e3


def test_without_python_it_is_told_and_a_second_try_works_on_the_cdn(reader: Any, cdn: str) -> None:
    reader.from_cdn()
    reader.context.route(f"{cdn}**", lambda route: route.abort())
    chapter = reader.open(CHAPTER).ready()
    chapter.press("Run", 1)
    expect(chapter.error(1)).to_contain_text("Python could not be fetched from")
    expect(chapter.error(1)).to_contain_text(urlsplit(cdn).hostname)
    assert all("ERR_FAILED" in trouble and cdn in trouble for trouble in reader.troubles)
    reader.troubles.clear()

    reader.from_cdn()
    chapter.run_all()
    expect(chapter.page.locator(".live-error")).to_have_count(0)
    live = [cell["text"].rstrip() for cell in chapter.shown()]
    assert live == [cell["text"].rstrip() for cell in chapter.built]
    assert f"{cdn}pyodide.asm.wasm" in reader.asked
    assert not [url for url in reader.asked if url.startswith(f"{reader.site}pyodide/")]


def test_a_package_that_did_not_come_is_asked_for_again(reader: Any) -> None:
    chapter = reader.open(CHAPTER, WITHOUT_PLOTS).ready()
    chapter.press("Run", 1)
    wheel = "**/pyodide/matplotlib-*.whl"
    reader.context.route(wheel, lambda route: route.abort())
    chapter.write(1, f"{chapter.code(1)}\n{DRAWN}")
    chapter.press("Run", 1)
    expect(chapter.error(1)).to_contain_text("matplotlib could not be fetched")
    assert all("matplotlib" in trouble for trouble in reader.troubles)
    reader.troubles.clear()
    reader.context.unroute(wheel)
    chapter.press("Run", 1)
    expect(chapter.cell(1).locator("img")).to_have_attribute("src", re.compile("^blob:"))


def test_where_nothing_is_drawn_numpy_is_the_only_package(reader: Any) -> None:
    chapter = reader.open(CHAPTER, WITHOUT_PLOTS).ready()
    assert not any(cell["sources"] for cell in chapter.built)
    chapter.run_all()
    expect(chapter.page.locator(".live-error")).to_have_count(0)
    live = [cell["text"].rstrip() for cell in chapter.shown()]
    assert live == [cell["text"].rstrip() for cell in chapter.built]
    assert sum(map(bool, live)) > 3
    assert wheels(reader.asked) == ["hopfield", "numpy"]


def test_the_wheel_of_the_page_is_pure_python(reader: Any, built: Path) -> None:
    (wheel,) = (built / "_static" / "live").glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    names = zipfile.ZipFile(wheel).namelist()
    texts = ".pyi", ".css", ".json", ".md", ".typed", ".bib", ".txt"
    allowed = (".py", *texts, ".dist-info/METADATA", "WHEEL", "RECORD", "LICENSE")
    assert [name for name in names if not name.endswith(allowed)] == []


def test_the_offline_book_takes_no_more_than_45_mb(built: Path) -> None:
    assert sum(file.stat().st_size for file in built.rglob("*") if file.is_file()) <= 45e6


def test_ten_thousand_neurons_take_no_more_than_64_mb(reader: Any) -> None:
    chapter = reader.open("06_pictures.html").ready()
    first = chapter.code(1)
    chapter.try_code(1, f"{first}\n{DRAWN}")
    chapter.write(1, f"{first}\n{HEAP}")
    chapter.press("Run", 1)
    base = int(chapter.output(1).inner_text().split()[-1])
    chapter.run_all()
    expect(chapter.page.locator(".live-error")).to_have_count(0)
    last = chapter.exercises[-1]
    chapter.try_code(last, HEAP)
    used = int(chapter.output(last).inner_text()) - base
    assert 0 <= used <= 64e6

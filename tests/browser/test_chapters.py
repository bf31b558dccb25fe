"""Every chapter: its figures at once, each cell live as it was built, each exercise judged."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "_ext"))
import prepared

# How much two figures differ in their grey levels, of 1, on a grid coarser than their letters.
DIFFERENCE = """async (sources) => {
  const [a, b] = await Promise.all(sources.map(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const pen = new OffscreenCanvas(48, 48).getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, 48, 48);
    pen.drawImage(image, 0, 0, 48, 48);
    return pen.getImageData(0, 0, 48, 48).data;
  }));
  return a.reduce((sum, value, k) => sum + Math.abs(value - b[k]), 0) / a.length / 255;
}"""


def test_a_chapter_shows_its_figures_and_asks_for_no_python(chapter: Any) -> None:
    assert chapter.asked_at_first == []
    assert any(cell["sources"] for cell in chapter.built)
    assert all(width > 300 for cell in chapter.built for width, _, _ in cell["sizes"])


def test_every_cell_runs_live_and_shows_what_was_built(chapter: Any) -> None:
    chapter.run_all()
    expect(chapter.page.locator(".live-error")).to_have_count(0)
    live = chapter.shown()
    assert len(live) == len(chapter.built)
    for now, built in zip(live, chapter.built, strict=True):
        assert now["text"].rstrip() == built["text"].rstrip()
        assert len(now["sources"]) == len(built["sources"])
        assert all(source.startswith("blob:") for source in now["sources"])
        for size, before in zip(now["sizes"], built["sizes"], strict=True):
            assert size == pytest.approx(before, rel=0.05)  # so that nothing jumps
        for pair in zip(now["sources"], built["sources"], strict=True):
            assert chapter.page.evaluate(DIFFERENCE, list(pair)) < 0.02


def test_a_starter_is_judged_wrong_and_a_solution_right(chapter: Any, name: str) -> None:
    assert chapter.exercises or not name[0].isdigit()
    boxes = chapter.page.locator(".exercise:has(.exercise-cell)").all()
    for number, box in zip(chapter.exercises, boxes, strict=True):
        chapter.press("Check", number)
        expect(chapter.verdict(number)).to_have_class(re.compile("live-wrong"))
        assert re.fullmatch(r"(?!Not yet)\S+( \S+){2,}[.?!)]", chapter.verdict(number).inner_text())
        solution = box.locator("details.fold", has_text="Solution").locator("pre")
        chapter.try_code(number, solution.text_content().rstrip("\n"))
        expect(chapter.verdict(number)).to_have_text("Right.")
        expect(chapter.verdict(number)).to_have_class(re.compile("live-right"))


@pytest.mark.parametrize("state", prepared.STATES)
def test_a_chapter_leads_to_its_state_of_the_lab(reader: Any, state: str) -> None:
    page = reader.open(f"{state}.html").page
    page.get_by_role("link", name="Open it in the lab").click()
    words = page.locator("[data-lab=words]")
    expect(words).to_contain_text(prepared.STATES[state][1][:30])
    assert page.locator(".lab-thumb").count() >= 1

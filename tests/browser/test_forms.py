"""The forms of a chapter's page: slides, and its exercises on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

BOOK = Path(__file__).parents[2] / "book"
STEMS = sorted(path.stem for path in BOOK.glob("[0-9]*.md"))
TASK = re.compile(r"^```\{exercise\} *(.*)$", re.MULTILINE)
# What does not fit its slide, or what a room would not read: text below 15 pixels of a slide's 720.
CUT = """() => [...document.querySelectorAll(".slides > section")].flatMap((slide, k) => {
  slide.style.cssText = "display: block !important; visibility: visible !important";
  const parts = slide.querySelectorAll(
    ".deck-slide, .deck-body, .cell, .cell_output, .cell_input, .deck-side, pre, table, .formula");
  const seen = [...parts].filter((part) => !part.closest("details:not([open]), span.formula"));
  const wrong = seen.filter((part) =>
    part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1);
  const small = [...slide.querySelectorAll("p, li, pre, td, h1, h2")].filter((part) =>
    part.checkVisibility() && parseFloat(getComputedStyle(part).fontSize) < 15);
  slide.style.cssText = "";
  return [...wrong, ...small].map((part) => `${k + 1}: ${part.tagName}.${part.className}`);
})"""


@pytest.mark.parametrize("stem", STEMS)
def test_every_chapter_has_slides_and_nothing_on_them_is_cut_off(reader: Any, stem: str) -> None:
    deck = reader.open(f"{stem}.html?slides").ready()
    slides = deck.page.locator(".slides > section")
    assert slides.count() > 15
    assert deck.frame.evaluate(CUT) == []
    titles = TASK.findall((BOOK / f"{stem}.md").read_text("utf-8"))
    assert slides.last.locator("li a").all_text_contents() == titles


def test_a_cell_runs_on_its_slide_and_keys_leave_it(reader: Any) -> None:
    deck = reader.open("04_five_neurons.html?slides").ready()
    at = deck.page.locator(".slides > section:has(.live-slider)").first
    place = at.evaluate("one => [...one.parentElement.children].indexOf(one)")
    deck.page.evaluate(f"location.hash = '#/{place}'")
    expect(at).to_be_visible()
    at.locator("input[type=range]").focus()
    deck.page.keyboard.press("ArrowLeft")
    deck.idle()
    expect(at.locator("img[src^='blob:']")).to_be_visible()
    assert deck.violations() == []
    deck.page.evaluate("document.activeElement.blur()")
    deck.page.keyboard.press("ArrowRight")
    expect(deck.page.locator(".slides > section").nth(place + 1)).to_be_visible()
    expect(at).to_be_hidden()


def test_a_worksheet_shows_every_exercise_and_no_answer(reader: Any) -> None:
    stem = "01_network"
    titles = TASK.findall((BOOK / f"{stem}.md").read_text("utf-8"))
    sheet = reader.open(f"{stem}.html?worksheet").ready()
    sheet.page.emulate_media(media="print")
    words = sheet.page.locator("body").inner_text()
    assert [title for title in titles if title not in words] == []
    assert not re.search(r"^(Hint|Solution|Answer)|By hand", words, re.MULTILINE)
    assert sheet.page.locator("details.fold:visible, figure:visible").count() == 0
    solved = reader.open(f"{stem}.html?solutions").ready()
    solved.page.emulate_media(media="print")
    words = solved.page.locator("body").inner_text()
    assert [title for title in titles if title not in words] == []
    assert "updates = hf.theory.visits.mean_time(20, 19)" in words
    assert "As 0/1 neurons: no field is ever positive" in words

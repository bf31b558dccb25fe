"""The course's page as it is built: its numbers, and the folds that show what slipped.

That its cells run live as they were built is tested with the chapters.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

PAGE = "course/index.html"
NUMBERS = "spans => spans.map(span => parseInt(span.textContent.match(/\\d+/)))"


def test_sections_and_figures_are_numbered_from_one(reader: Any) -> None:
    page = reader.open(PAGE).ready().page
    heads = page.locator("h2 .section-number")
    assert [text.strip() for text in heads.all_inner_texts()] == ["1.", "2.", "3.", "4."]
    expect(page.locator(":is(h1, h3) .section-number")).to_have_count(0)
    figures = page.locator("figcaption .caption-number").evaluate_all(NUMBERS)
    assert figures == list(range(1, len(figures) + 1))


def test_a_slip_is_folded_and_its_cell_runs_within(reader: Any) -> None:
    chapter = reader.open(PAGE).ready()
    slips = chapter.page.locator("details.fold:has(.cell)")
    expect(slips).to_have_count(9)
    expect(slips.locator(".cell").first).to_be_hidden()
    slip = slips.first
    slip.locator("summary").first.click()
    code = slip.locator(".cell details.live-code")
    expect(code).to_have_attribute("open", "")
    slip.get_by_role("button", name="Run").first.click()
    chapter.idle()
    assert slip.locator("img").get_attribute("src").startswith("blob:")
    expect(chapter.page.locator(".live-error")).to_have_count(0)


def test_a_link_into_a_fold_opens_it(reader: Any) -> None:
    chapter = reader.open(PAGE).ready()
    slip = chapter.page.locator("details.fold:has(.cell)").first
    slip.locator("summary").first.click()
    slip.get_by_role("button", name="Link").click()
    chapter.until("location.hash.includes('&code=')")
    there = reader.open(chapter.page.evaluate("location.pathname + location.hash").strip("/"))
    expect(there.page.locator("details.fold:has(.cell)").first).to_have_attribute("open", "")

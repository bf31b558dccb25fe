"""The plans for teachers: where they begin, and that their minutes add up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
TEXT = (BOOK / "teachers.md").read_text("utf-8")


def rows(heading):
    """Return the minutes and the rest of each row of a section's table."""
    section = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [(int(a), b) for a, b in re.findall(r"^\| (\d+) min \| (.*)$", section, re.M)]


@pytest.mark.parametrize(
    ("heading", "total", "first"),
    [
        ("A first session of two hours", 120, "{doc}`01_network`"),
        ("The course's page in 45 minutes", 45, "[1] "),
    ],
)
def test_a_plan_fills_its_time_from_its_beginning(heading, total, first):
    plan = rows(heading)
    assert sum(minutes for minutes, _ in plan) == total
    assert plan[0][1].startswith(first)


def test_the_plan_of_the_courses_page_goes_through_all_twenty_cells():
    spans = [
        [int(k) for k in re.findall(r"\[(\d+)\]", rest.split("|")[0])]
        for _, rest in rows("The course's page in 45 minutes")
    ]
    assert [k for span in spans for k in range(span[0], span[-1] + 1)] == list(range(1, 21))


def test_the_six_weeks_go_through_every_chapter_in_order():
    section = TEXT.partition("## Six weeks\n")[2].partition("\n## ")[0]
    weeks = re.findall(r"^\| (\d) \| ([^|]*) \|", section, re.M)
    chapters = [name for _, some in weeks for name in re.findall(r"\{doc\}`(\w+)`", some)]
    assert [week for week, _ in weeks] == list("123456")
    assert chapters == sorted(path.stem for path in BOOK.glob("[0-9]*.md"))


@pytest.mark.parametrize("target", re.findall(r"make (\w+)", TEXT))
def test_what_teachers_are_told_to_make_can_be_made(target):
    targets = (BOOK.parent / "Makefile").read_text("utf-8")
    assert re.search(rf"^[\w ]*\b{target}\b[\w ]*:", targets, re.M)

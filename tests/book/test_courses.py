"""The pages of other courses: each task in a few lines, each page named to teachers."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jupytext
import pytest

BOOK = Path(__file__).parents[2] / "book"
PAGES = sorted((BOOK / "courses").glob("*.md"))
LINES, WIDTH = 30, 84


def test_there_is_a_page_for_each_of_six_courses_and_teachers_are_told_of_it():
    told = re.findall(r"\{doc\}`courses/(\w+)`", (BOOK / "teachers.md").read_text("utf-8"))
    assert sorted(told) == [page.stem for page in PAGES]
    assert len(told) == 6


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_each_task_is_told_and_solved_in_a_few_lines(page):
    notebook = jupytext.reads(page.read_text("utf-8"), fmt="md:myst")
    tasks = re.split(r"^## ", "\n".join(c.source for c in notebook.cells), flags=re.M)[1:]
    assert len(tasks) >= 3
    for task in tasks:
        assert re.search(r"^\*(?=\S)[^*]+\*$", task, re.M | re.S) or "?" in task, task[:60]
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        lines = cell.source.splitlines()
        assert len(lines) <= LINES
        assert max(map(len, lines)) <= WIDTH, max(lines, key=len)
        ast.parse(cell.source)
        if figure := cell.metadata.get("mystnb", {}).get("figure"):
            assert figure["name"].startswith("fig-")
            assert len(figure["caption"].split()) > 8

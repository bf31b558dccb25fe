"""Every check of an exercise in eight samples of its chapter: *Run again* may draw any."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import jupytext
import matplotlib
import numpy as np
import pytest

BOOK = Path(__file__).parents[2] / "book"
LIVE = BOOK / "_static" / "live"
sys.path.insert(0, str(BOOK / "_ext"))
import chapters  # noqa: E402

PAGES = sorted(path for path in BOOK.rglob("*.md") if "=== check" in path.read_text("utf-8"))
FRESH = range(1, 4)  # with the page's own, which tests/book/test_chapters.py runs, four


@pytest.fixture(scope="module")
def samples():
    sys.path.insert(0, str(LIVE))
    import samples

    samples.install()
    yield samples
    samples.remove()
    sys.path.remove(str(LIVE))


def prepared(source):
    """Return a cell's code without the lines that only print or draw: no check needs those."""
    tree = ast.parse(source)
    tree.body = [line for line in tree.body if not isinstance(line, ast.Expr)]
    return compile(tree, "cell", "exec")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_check_judges_starter_and_solution_alike_in_every_sample(page, samples):
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    text = page.read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="md:myst")
    cells = [prepared(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    tasks = [task for task in chapters.exercises(text) if task.check]
    for number in FRESH:
        samples.draw(number)
        ran = {"__name__": "__main__"}
        with np.errstate(all="raise", under="ignore"):
            for cell in cells:
                exec(cell, ran)
                plt.close("all")
        for task in tasks:
            wrong, right = dict(ran), dict(ran)
            exec(task.start, wrong)
            with pytest.raises(AssertionError):
                exec(task.check, wrong)
            exec(task.solution, right)
            try:
                exec(task.check, right)
            except AssertionError as words:
                pytest.fail(f"{task.title}, sample {number}: {words}")

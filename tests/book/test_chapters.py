"""The chapters as text: what they import, their exercises, and that figures say what to see."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import jupytext
import matplotlib
import numpy as np
import pytest

import hopfield
from hopfield import engine

BOOK = Path(__file__).parents[2] / "book"
sys.path.insert(0, str(BOOK / "_ext"))
import chapters  # noqa: E402

PAGES = sorted(BOOK.glob("[0-9]*.md"))
BY_HAND = [path for path in PAGES if "### By hand\n" in path.read_text("utf-8")]
SLIDER = re.compile(r"\w+\s*=\s*-?[\d.]+\s*#\s*@slider(\s+-?[\d.]+){3}\s*")  # as in slider.ts
EVERY = [one.name for one in engine.ENGINES]
BOOKS = 2026  # the seed of every chapter
WIDTH = 84  # columns of code that a page shows without scrolling


def read(path):
    return jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def tasks(path):
    return [task for task in chapters.exercises(path.read_text(encoding="utf-8")) if task.check]


def test_chapters_are_numbered_from_one_without_a_gap_and_teachers_are_told_of_each():
    assert [path.stem[:3] for path in PAGES] == [f"{k:02}_" for k in range(1, len(PAGES) + 1)]
    teachers = (BOOK / "teachers.md").read_text(encoding="utf-8")
    assert all(f"| {{doc}}`{path.stem}` |" in teachers for path in PAGES)
    assert set(PAGES[:8]) <= set(BY_HAND)


@pytest.fixture(params=[*PAGES, BOOK / "index.md"], ids=lambda path: path.stem)
def page(request):
    return request.param


@pytest.fixture(params=PAGES, ids=lambda path: path.stem)
def chapter(request):
    return request.param


def imports(cell):
    """Return the modules that a cell imports."""
    nodes = list(ast.walk(ast.parse(cell.source)))
    assert not any(isinstance(node, ast.ImportFrom) for node in nodes), cell.source
    return {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}


def by_hand(path):
    """Return the cells under the heading "By hand"."""
    cells = read(path).cells
    return [b for a, b in pairwise(cells) if re.search(r"^### By hand$", a.source, re.M)]


def test_cells_import_the_package_alone_and_numpy_where_it_is_done_by_hand(page):
    hand = [cell.source for cell in by_hand(page)]
    for cell in code_cells(page):
        allowed = {"numpy"} if cell.source in hand else {"hopfield"}
        assert imports(cell) <= allowed, cell.source


@pytest.mark.parametrize("path", BY_HAND, ids=lambda path: path.stem)
def test_each_chapter_does_by_hand_what_the_package_did(path):
    (cell,) = by_hand(path)
    assert imports(cell) == {"numpy"}
    work, check = re.split(r"\n\n(?!.*\n\n)", cell.source, flags=re.S)
    assert "hf." not in work.replace("hf.random_patterns", "")
    assert any(word in check for word in ("hf.", ".trace", ".state"))
    assert 5 <= len(work.splitlines()) <= 14
    for seed in (BOOKS, 1):
        said = run(path, seed, *EVERY)[1][cell.source]
        lines = [line for line in said.splitlines() if "same" in line]
        assert lines
        assert all(line.endswith("True") for line in lines)


def test_lines_of_code_fit_the_page(page):
    sources = [cell.source for cell in code_cells(page)]
    sources += [part for task in tasks(page) for part in (task.start, task.solution)]
    long = [line for source in sources for line in source.splitlines() if len(line) > WIDTH]
    assert not long


def test_every_cell_that_draws_has_a_figure_with_a_name_and_a_caption(page):
    for cell in code_cells(page):
        draws = cell.source.rstrip().endswith(";")
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        assert bool(figure) == draws, cell.source
        if draws:
            assert figure["name"].startswith("fig-")
            assert len(figure["caption"].split()) >= 8


def test_sliders_start_within_their_range(page):
    for cell in code_cells(page):
        marked = [line for line in cell.source.splitlines() if "@slider" in line]
        found = [SLIDER.fullmatch(line) for line in marked]
        assert all(found), marked
        for line in marked:
            value, low, high, step = map(float, re.findall(r"(?<![\w.])-?\d+\.?\d*", line)[-4:])
            assert low <= value <= high
            assert step > 0


def test_every_chapter_has_exercises_most_with_a_check(chapter):
    every = chapters.exercises(chapter.read_text(encoding="utf-8"))
    assert len(every) >= 3
    assert 2 * len(tasks(chapter)) > len(every)
    assert all(task.hints for task in every if task.check)


def run(path, seed, *engines):
    """Run a chapter's cells with a seed in place of the book's; return its names and its words."""
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    names, words = {"__name__": "__main__"}, {}
    with engine.using(*engines), np.errstate(all="raise", under="ignore"):
        for cell in code_cells(path):
            code, said = re.sub(rf"\b{BOOKS}\b", str(seed), cell.source), io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(compile(code, path.name, "exec"), names)
            words[cell.source] = said.getvalue()
            plt.close("all")
    return names, words


def judge(path, ran):
    """See that each check refuses what its exercise begins with, and takes the solution."""
    for task in tasks(path):
        names = dict(ran)
        exec(task.start, names)
        with pytest.raises(AssertionError) as wrong:
            exec(task.check, names)
        assert len(str(wrong.value).split()) >= 4, f"{task.title}: the check must say what helps"
        names = dict(ran)
        exec(task.solution, names)
        exec(task.check, names)


def test_exercises_judge_the_starter_wrong_and_the_solution_right(page):
    judge(page, run(page, BOOKS, "fallback")[0])  # as in the browser, where nothing is compiled


@pytest.mark.parametrize("seed", range(1, 4))
def test_exercises_can_be_solved_with_a_seed_of_ones_own(chapter, seed):
    judge(chapter, run(chapter, seed, *EVERY)[0])


def test_what_is_graded_is_numbered_as_the_page_numbers_its_cells(page):
    cells = chapters.to_check(page.read_text(encoding="utf-8"))
    assert [cell["number"] for cell in cells] == list(range(1, len(cells) + 1))
    assert [c["code"] for c in cells if "code" in c] == [c.source for c in code_cells(page)]
    assert [c["check"] for c in cells if "check" in c] == [task.check for task in tasks(page)]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("Do.\n\n=== check\nassert 0", "needs start, check and solution, or an answer"),
        ("Do.\n\n=== chekc\nassert 0", "a part must be one of"),
        ("Do.", "needs start, check and solution, or an answer"),
    ],
)
def test_an_exercise_without_its_parts_is_refused(body, problem):
    with pytest.raises(ValueError, match=problem):
        chapters.exercise("Title", body)


def test_a_downloaded_chapter_runs_to_its_end(tmp_path):
    notebook = read(BOOK / "04_five_neurons.md")
    plain = chapters.downloadable(notebook, "Five neurons", Named(), {})
    program = tmp_path / "chapter.py"
    program.write_text(jupytext.writes(plain, "py:percent"), encoding="utf-8")
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    assert "Not yet: " in done.stdout


class Named(dict):
    """A name for every citation."""

    def __missing__(self, key):
        return f"{key} 1982"


def _reference():
    """Yield the (module, name) of all that the reference's pages list."""
    for page in (BOOK / "api").glob("*.md"):
        current, text = "hopfield", page.read_text(encoding="utf-8")
        for kind, name, more in re.findall(r"^\.\. (\w+):: ([\w.]+)\n((?: +:.*\n)*)", text, re.M):
            options = dict(re.findall(r":([\w-]+): *(.*)", more))
            if kind == "currentmodule":
                current = name
            elif kind == "automodule" and "members" in options:
                left_out = options.get("exclude-members", "").split(", ")
                listed = options["members"].split(", ") if options["members"] else _public(name)
                yield from ((name, member) for member in listed if member not in left_out)
            elif kind != "automodule":
                module, _, name = name.rpartition(".")
                yield module or current, name


def _public(module):
    return importlib.import_module(module).__all__


def test_the_reference_lists_the_public_names_of_every_public_module():
    rooms = [hopfield, *(getattr(hopfield, name) for name in hopfield.__all__)]
    rooms += [getattr(hopfield.theory, name) for name in hopfield.theory.__all__]
    modules = [room for room in rooms if isinstance(room, ModuleType)]
    listed = {
        (module, name): getattr(importlib.import_module(module), name)
        for module, name in _reference()
    }
    known = {id(thing) for thing in listed.values()}
    assert len(modules) > 25
    for module in modules:
        public = {
            name for name in module.__all__ if not isinstance(getattr(module, name), ModuleType)
        }
        assert {name for name in public if id(getattr(module, name)) not in known} == set()
        assert {name for room, name in listed if room == module.__name__} <= public, module

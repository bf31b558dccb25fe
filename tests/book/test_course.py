"""The course's page: its twenty cells, in NumPy and in the package, and its downloads."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import sys
import tracemalloc
from pathlib import Path

import jupytext
import matplotlib
import nbformat
import numpy as np
import pytest

import hopfield as hf
from hopfield.lessons.course import five, images, one_by_one

BOOK = Path(__file__).parents[2] / "book"
sys.path.insert(0, str(BOOK / "_ext"))
import chapters  # noqa: E402

PAGE = jupytext.reads((BOOK / "course" / "index.md").read_text("utf-8"), fmt="md:myst")
TITLE = "Hopfield networks"
SECTIONS = [
    "Simulate a Hopfield network",
    "Information storage & Pseudoorthogonality",
    "Simulate Hopfield dynamics with one stored pattern",
    "Simulate Hopfield dynamics with two stored patterns",
]
FIRST = [1, 2, 5, 6]  # cell of each section
TWENTY = range(1, 21)
LINES, COLUMNS = 20, 84  # of a cell that one reads aloud, on a page
HASHES = {
    "BU": "a4c7baccb35b26e5b65689af4225447b4304af2f1effec6d4f3a514a8e82c693",
    "BC": "572ebb0d1937968ccdd2c25e9335f852b9a19777a52b803f7e51ef8d39ba0917",
    "star": "fbcdf7c454508adfdb56be3b8fed24f36fc29bed92225fc04dea0742367eca1c",
}
SEED = re.compile(r"^rng = (\d+)", re.M)
AGREE = re.compile(r"^(?:the same|as many|the union)[\w ]*: (\w+)", re.M)
ASKED = re.compile(r'print\("(?:the same|as many|the union)')


def numbered():
    """Return number -> code cells; what comes before cell 1 is number 0."""
    found, number = {0: []}, 0
    for cell in PAGE.cells:
        if cell.cell_type == "code":
            found[number].append(cell)
            continue
        for text in re.findall(r"^### \[(\d+)\]", cell.source, re.M):
            number = int(text)
            found[number] = []
    return found


CELLS = numbered()
CODE = [cell for cell in PAGE.cells if cell.cell_type == "code"]


def as_it_was(cell):
    return "as-it-was" in cell.metadata.get("tags", [])


def run(sources, names=None):
    """Run cells in order; return their names, and what each printed and drew."""
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    names, given = {"__name__": "__main__"} if names is None else names, []
    with plt.rc_context({"figure.dpi": 50}):
        for source in sources:
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(source, "<the course's page>", "exec"), names)
            drawn = []
            for number in plt.get_fignums():
                canvas = plt.figure(number).canvas
                canvas.draw()
                drawn.append(hashlib.sha256(canvas.buffer_rgba()).hexdigest())
            plt.close("all")
            given.append((out.getvalue(), drawn))
    return names, given


@pytest.fixture(scope="module")
def page():
    """The page's cells, run once: names, and number -> the outputs of its cells."""
    names, given = run(cell.source for cell in CODE)
    left = iter(given)
    return names, {number: [next(left) for _ in cells] for number, cells in CELLS.items()}


def text_of(page, number):
    return "".join(out for out, _ in page[1][number])


# ---- the text ----------------------------------------------------------------------------------


def test_the_page_has_the_courses_title_its_sections_and_its_cells_in_their_order():
    text = "\n".join(cell.source for cell in PAGE.cells if cell.cell_type == "markdown")
    heads = re.findall(r"^(#+) (.*)", text, re.M)
    assert [words for level, words in heads if level == "#"] == [TITLE]
    assert [words for level, words in heads if level == "##"] == SECTIONS
    order = [int(words[1:].split("]")[0]) if level == "###" else words for level, words in heads]
    expected = [TITLE]
    for k in TWENTY:
        expected += [SECTIONS[FIRST.index(k)]] if k in FIRST else []
        expected.append(k)
    assert order == expected


@pytest.mark.parametrize("number", TWENTY)
def test_a_cell_is_numpy_first_and_then_the_package(number):
    plain, *others = [cell.source for cell in CELLS[number] if not as_it_was(cell)]
    assert "hf." not in plain
    package = [source for source in others if "hf." in source or "memory" in source]
    assert any("the same" in source for source in package)
    assert "np.random" not in "".join(package)  # the same draws, not others


@pytest.mark.parametrize("number", [0, *TWENTY])
def test_a_cell_is_short_enough_to_read_aloud(number):
    for cell in CELLS[number]:
        lines = [line for line in cell.source.splitlines() if line]
        assert len(lines) <= LINES
        assert max(map(len, lines)) <= COLUMNS


def test_every_cell_that_draws_says_what_to_see(page):
    names = []
    for number, cells in CELLS.items():
        for cell, (_, drawn) in zip(cells, page[1][number], strict=True):
            figure = cell.metadata.get("mystnb", {}).get("figure", {})
            assert len(drawn) == bool(figure), cell.source
            if figure:
                assert len(figure["caption"].split()) >= 8
                names.append(figure["name"])
    assert len(set(names)) == len(names) >= 20
    assert all(name.startswith("fig-course-") for name in names)


def test_the_seed_is_one_line():
    setup, *others = [cell.source for cell in CODE]
    assert len(SEED.findall(setup)) == 1
    assert not any(SEED.search(source) for source in others)


# ---- what the cells give -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [None, *range(8)])
def test_every_numpy_cell_equals_its_package_cell(seed):
    sources = [c.source for c in CODE if seed is None or "outcomes" not in c.source]
    if seed is not None:
        sources[0] = SEED.sub(f"rng = {seed}", sources[0])
    _, given = run(sources)
    verdicts = [word for out, _ in given for word in AGREE.findall(out)]
    assert len(verdicts) == sum(len(ASKED.findall(source)) for source in sources) >= 30
    assert set(verdicts) == {"True"}


def test_the_comparison_can_fail(page):
    names = dict(page[0], visits=page[0]["visits"][::-1])
    package = next(cell.source for cell in reversed(CODE) if "hf.Given(visits)" in cell.source)
    _, [(out, _)] = run([package], names)
    assert "the same error: False" in out


@pytest.mark.parametrize("name", HASHES)
def test_the_pictures_are_the_courses_to_the_pixel(page, name):
    rows = "".join("".join(".#"[x] for x in row) + "\n" for row in page[0][name])
    assert hashlib.sha256(rows.encode()).hexdigest() == HASHES[name]
    assert np.array_equal(page[0][name].ravel(), hf.pictures.large(name)[0] > 0)


def test_no_cell_makes_the_weights_of_ten_thousand_neurons():
    names, _ = run(cell.source for k in range(12) for cell in CELLS[k] if not as_it_was(cell))
    tracemalloc.start()
    try:
        run((cell.source for k in range(12, 20) for cell in CELLS[k]), names)
        assert tracemalloc.get_traced_memory()[1] < 100e6  # the matrix in int64: 800e6
    finally:
        tracemalloc.stop()


# ---- as it was -----------------------------------------------------------------------------------


def test_every_slip_is_told_and_shown():
    text = "\n".join(cell.source for cell in PAGE.cells if cell.cell_type == "markdown")
    shown = [number for number in TWENTY if any(map(as_it_was, CELLS[number]))]
    assert shown == [1, 3, 5, 9, 10, 13, 15, 16, 19]
    assert text.count(":::{slip} ") == len(shown)
    for before, cell in zip(PAGE.cells[:-1], PAGE.cells[1:], strict=True):
        if cell.cell_type == "code" and as_it_was(cell):
            assert ":::{slip} " in before.source


def test_the_raster_as_it_was_is_the_lessons(page):
    as_page, _ = hf.course.network.raster_as_page(rng=1)
    for raster in (page[0]["as_it_was"].T, as_page):
        assert (raster[1:].sum(axis=1) == 1).all()


def test_the_lost_neurons_are_the_lessons(page):
    lost = [k for k in range(1, 100) if one_by_one.page_split(100, k / 100) != 100]
    assert f"17 of 99 percentages: {' '.join(map(str, lost))}" in text_of(page, 5)


def test_the_lost_start_is_the_lessons(page):
    assert five.REACHED["down"][0] == page[0]["back"].sum()
    assert "recalled from 3 right neurons: 9 of 10" in text_of(page, 9)
    assert "where a tie changes nothing: 10 of 10" in text_of(page, 9)


def test_the_counts_of_the_letters_stand_in_the_text(page):
    out = text_of(page, 10)
    assert 'tie="up": 16,016 of 53,130 cues' in out
    assert 'tie="keep": 34,437 of 53,130 cues' in out
    text = " ".join(" ".join(cell.source.split()) for cell in PAGE.cells)
    assert "30 % bring the X back with this sign, and 65 % where a tie changes nothing" in text


def test_the_pictures_counts_are_the_lessons(page):
    names, counts = page[0], images.COUNTS
    assert f"weights that are 1: {4750 * 4749:,} of" in text_of(page, 13)
    assert "pixels as in BU: 10000" in text_of(page, 15)
    assert "a field of 0 goes up:   4750" in text_of(page, 15)
    assert "wrong pixels: 0" in text_of(page, 19)
    assert f"pixels that are on: {counts['BU or BC'][0]}" in text_of(page, 19)
    ink = {name: int(names[name].sum()) for name in HASHES}
    assert ink == {name: counts[name][0] for name in HASHES}
    captions = " ".join(
        cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "") for cell in CODE
    )
    for count in (*ink.values(), int((names["BU"] & names["BC"]).sum())):
        assert f"{count:,} " in captions


# ---- the downloads -------------------------------------------------------------------------------


def downloaded():
    """Return the page as it is downloaded, not run."""
    titles = {path.stem: path.stem for path in BOOK.glob("[0-9]*.md")}
    return chapters.downloadable(PAGE, TITLE, {}, titles)


def test_the_notebook_and_the_quarto_document_run_to_the_same_results(page, tmp_path):
    expected = [given for number in CELLS for given in page[1][number]]
    nbformat.write(downloaded(), tmp_path / "course.ipynb")
    notebook = nbformat.read(tmp_path / "course.ipynb", as_version=4)
    nbformat.validate(notebook)
    document = chapters.quarto(downloaded())
    by_quarto = re.findall(r"^```\{python\}\n(.*?)\n```$", document, re.M | re.S)
    by_jupyter = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert by_quarto == by_jupyter
    first, *cells = by_quarto
    assert first == chapters.INSTALL
    _, given = run(cells)
    assert given == expected


def test_the_quarto_document_is_the_whole_page():
    document = chapters.quarto(downloaded())
    front, _, body = document.removeprefix("---\n").partition("\n---\n")
    assert f'title: "{TITLE}"' in front
    assert "number-sections: true" in front
    prose = re.sub(r"^```\{python\}\n.*?\n```$", "", body, flags=re.M | re.S)
    assert re.findall(r"^# (.*)$", prose, re.M) == SECTIONS
    assert re.findall(r"^## \[(\d+)\]", prose, re.M) == [str(k) for k in TWENTY]
    assert prose.count("<summary>As it was, and why: ") == body.count("#| code-fold: true")
    assert ":::" not in prose
    assert "[Letters](05_letters.ipynb)" in chapters.quarto(
        chapters.downloadable(PAGE, TITLE, {}, {"05_letters": "Letters"})
    )

"""Reports of scans: points with their intervals, each theory once, pictures in any format."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt

import hopfield as hf
from hopfield import reports
from hopfield.show import palette


@pytest.fixture(autouse=True)
def off_screen():
    plt.switch_backend("Agg")


@pytest.fixture(scope="module")
def found():
    grid = hf.grid(0.1, 0.4, 4)
    return hf.scan(hf.experiments.Crosstalk, N=[50, 100], alpha=grid, repeats=5)


def words(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def hexes(lines):
    return [matplotlib.colors.to_hex(line.get_color()).upper() for line in lines]


def test_each_group_has_its_colour_and_its_theory_the_same(found):
    ax = reports.draw(found)
    laws = [line for line in ax.lines if len(line.get_xdata()) == reports.FINE]
    points = [bars[0] for bars in ax.containers]
    assert hexes(points) == hexes(laws) == [colour for colour, *_ in palette.CURVES[:2]]
    assert words(ax) == ["theory", "N = 50", "N = 100"]
    assert {line.get_linestyle() for line in laws} == {"-"}


def test_bars_are_the_intervals(found):
    ax = reports.draw(found)
    (bars,) = ax.containers[0][2]
    here = [p for p in found.points if p.row.parameters["N"] == 50]
    spans = [tuple(p.counts.estimate("unstable")[1:3]) for p in here]
    drawn = [tuple(segment[:, 1]) for segment in bars.get_segments()]
    assert np.allclose(sorted(drawn), sorted(spans))


def test_a_theory_of_all_groups_is_drawn_once_in_grey():
    grid = hf.grid(0.02, 0.2, 3)
    ax = reports.draw(hf.scan(hf.experiments.Retrieval, N=[40, 60], alpha=grid, repeats=2))
    laws = [line for line in ax.lines if len(line.get_xdata()) == reports.FINE]
    assert hexes(laws) == [palette.GREY.upper()]


def test_a_curve_that_stands_alone_needs_no_legend(found):
    ax = reports.draw(hf.scans.Results(found.points[:4]), y="ties")
    assert ax.get_legend() is None
    assert ax.get_ylabel() == "ties"


@pytest.mark.parametrize(
    ("name", "start"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF"), ("a", None)]
)
def test_a_picture_is_of_the_kind_that_its_name_says(found, name, start, tmp_path):
    reports.save(tmp_path / name, reports.draw(found))
    assert (tmp_path / name).read_bytes().startswith(start or b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert plt.get_fignums() == []


def test_an_unknown_kind_leaves_nothing_behind(found, tmp_path):
    with pytest.raises(ValueError, match="not supported"):
        reports.save(tmp_path / "a.nope", reports.draw(found))
    assert list(tmp_path.iterdir()) == []
    assert plt.get_fignums() == []


def test_a_page_escapes_its_title_and_has_a_figure_for_each_quantity(found):
    page = reports.page(found, "a <b>")
    assert "<h1>a &lt;b&gt;</h1>" in page
    assert page.count("data:image/png;base64,") == 2
    assert page.count("<tr>") == 1 + len(found.points)
    assert plt.get_fignums() == []

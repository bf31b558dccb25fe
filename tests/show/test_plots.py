"""Figures: what is drawn is what was given; nothing leaks; bad input is refused."""

from __future__ import annotations

import math
import os
import sys
import warnings
from base64 import b64encode
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from PIL import Image, ImageSequence

import hopfield as hf
from hopfield import plots
from hopfield.show import canvas, palette
from tests.bad import refuses

STATES = np.array([[1, -1, 0, 1, -1, 1], [1, 1, 0, 1, -1, 1], [1, 1, -1, 1, -1, -1]], np.int8)
MEMORY = hf.hebb(STATES[2])


class Endless(hf.Memory):
    """Claims couplings, and gives no numbers."""

    n, quadratic = 2, True

    def field(self, s):
        return np.full(np.shape(s), np.nan)


BASINS = SimpleNamespace(states=STATES, counts=np.array([1, 6, 3]))
DRAW = {
    "raster": lambda ax=None: plots.raster(STATES, ax=ax),
    "pattern": lambda ax=None: plots.pattern(STATES[0], ax=ax, title="cue"),
    "gallery": lambda ax=None: plots.gallery(STATES, STATES[0], STATES[1], ax=ax),
    "energy": lambda ax=None: plots.energy([0.0, -1.0, -3.0], ax=ax),
    "overlaps": lambda ax=None: plots.overlaps([[0.1, 0.2], [1.0, 0.0]], ax=ax),
    "hamming": lambda ax=None: plots.hamming([[3, 2], [0, 1]], ax=ax, theory=[2, 1]),
    "curve": lambda ax=None: plots.curve([1, 2], [0.9, 0.2], [0.1, 0.2], [1.0, 0.1], ax=ax),
    "histogram": lambda ax=None: plots.histogram([-2, 0, 2], 6, ax=ax),
    "couplings": lambda ax=None: plots.couplings(MEMORY, ax=ax),
    "margins": lambda ax=None: plots.margins(MEMORY, STATES[2], ax=ax),
    "network": lambda ax=None: plots.network(MEMORY, STATES[0], ax=ax),
    "basins": lambda ax=None: plots.basins(BASINS, ax=ax),
}


@pytest.fixture(autouse=True)
def off_screen():
    plt.switch_backend("Agg")


@pytest.fixture
def ax():
    return Figure(figsize=(3.5, 2.5)).subplots()


def texts(ax):
    return [text.get_text() for text in ax.texts]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize("name", DRAW)
def test_given_axes_are_used_and_nothing_else_changes(name, ax):
    before, settings = plt.get_fignums(), dict(matplotlib.rcParams)
    assert DRAW[name](ax) is ax
    ax.figure.canvas.draw()
    assert plt.get_fignums() == before
    assert dict(matplotlib.rcParams) == settings


@pytest.mark.parametrize("name", DRAW)
def test_a_new_figure_is_white_whatever_the_settings(name, tmp_path):
    with plt.style.context("dark_background"):
        settings = dict(matplotlib.rcParams)
        ax = DRAW[name]()
        assert dict(matplotlib.rcParams) == settings
    assert plt.get_fignums() == [ax.figure.number]
    ax.figure.savefig(tmp_path / "figure.png")
    with Image.open(tmp_path / "figure.png") as picture:
        assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_a_figure_that_fails_half_way_is_closed():
    with pytest.raises(TypeError, match="memory must be a hopfield memory, not"):
        plots.couplings((1, 2))
    with pytest.raises(RuntimeError, match="half way"), canvas.styled(None, (3, 3)):
        raise RuntimeError("half way")
    assert plt.get_fignums() == []


def test_axes_must_be_axes():
    with pytest.raises(TypeError, match="ax must be a matplotlib Axes, not "):
        plots.energy([1.0], ax=[])


@pytest.mark.parametrize("missing", [["matplotlib", "matplotlib.colors"], ["PIL"]])
def test_a_missing_extra_is_named(missing, monkeypatch, tmp_path):
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match="install the extra 'plots' of hopfield"):
        plots.animate(STATES, tmp_path / "a.gif") if missing == ["PIL"] else plots.energy([1.0])


def test_animate_needs_no_matplotlib(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert plots.animate(STATES, tmp_path / "a.gif").path.exists()


# Rasters, patterns, galleries


def test_raster_draws_the_states():
    ax = plots.raster(STATES)
    image = ax.images[0]
    assert np.array_equal(image.get_array(), STATES.T)
    assert list(image.get_extent()) == [-0.5, 2.5, 5.5, -0.5]
    assert legend(ax) == ["\N{MINUS SIGN}1", "unknown", "1"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("updates", "neuron")
    ax.figure.canvas.draw()
    assert all(float(tick).is_integer() for tick in [*ax.get_xticks(), *ax.get_yticks()])


def test_the_three_kinds_of_state_have_three_colours(ax):
    image = plots.raster([[-1, 0, 1]], ax=ax).images[0]
    low, unknown, high = image.to_rgba(np.array([[-1, 0, 1]]))[0]
    assert [matplotlib.colors.to_hex(c) for c in (low, unknown, high)] == [
        colour.lower() for colour in (palette.LOW, palette.UNKNOWN, palette.HIGH)
    ]


@pytest.mark.parametrize(
    ("states", "low", "zero"),
    [
        ([[0, 1]], None, "LOW"),
        ([[False, True]], None, "LOW"),
        ([[0, 1]], -1, "UNKNOWN"),
        ([[0, 0]], None, "UNKNOWN"),
        ([[0, 0]], 0, "LOW"),
        ([[0, -1]], None, "UNKNOWN"),
    ],
)
def test_zero_is_low_only_among_zeros_and_ones(states, low, zero, ax):
    image = plots.raster(states, low=low, ax=ax).images[0]
    assert matplotlib.colors.to_hex(image.to_rgba(0)) == getattr(palette, zero).lower()


def test_graded_states_get_a_ramp_and_a_bar():
    ax = plots.raster([[-0.5, 0.25], [2.0, 1.0]])
    assert ax.images[0].get_clim() == (-2.0, 2.0)
    assert len(ax.figure.axes) == 2


def test_pattern_takes_its_shape_and_title(ax):
    assert plots.pattern(STATES[0], (3, 2), ax, "X").images[0].get_array().shape == (3, 2)
    assert ax.get_title() == "X"
    for n, shape in ((25, (5, 5)), (20, (4, 5)), (5, (1, 5)), (10_000, (100, 100))):
        picture = plots.pattern(np.ones(n)).images[0].get_array()
        assert picture.shape == shape
    assert plots.pattern(np.eye(3), ax=ax).images[-1].get_array().shape == (3, 3)


def test_gallery_shows_every_tile_and_the_overlaps(ax):
    stored = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [-1, 1, -1, 1]])
    recalled = SimpleNamespace(state=np.array([1, 1, 1, -1]))
    plots.gallery(stored, [1, 0, 0, -1], recalled, names=["A", "B", "C"], ax=ax)
    tiles = [*stored, [1, 0, 0, -1], recalled.state]
    for image, tile in zip(ax.images, tiles, strict=True):
        assert np.array_equal(image.get_array(), np.reshape(tile, (2, 2)))
    assert texts(ax)[::2] == ["A", "B", "C", "cue", "recalled"]
    assert texts(ax)[1::2] == ["m = 0.50", "m = 0.50", "m = \N{MINUS SIGN}0.50", "", ""]


def test_gallery_reads_zeros_and_ones_as_signs(ax):
    plots.gallery([[0, 1, 1, 0]], recalled=[1, 1, 1, 0], ax=ax)
    assert "m = 0.50" in texts(ax)
    n = 1000
    nearly = np.where(np.arange(n) < 501, 1, -1)
    ax = plots.gallery(np.ones(n, int), recalled=-nearly)
    assert "m = 0.00" in texts(ax)  # never minus nought


@pytest.mark.parametrize("count", range(1, 13))
def test_gallery_tiles_lie_apart_and_inside(count, ax):
    stored = np.where(np.eye(count, 16), 1, -1)
    plots.gallery(stored, ax=ax)
    boxes = [tuple(image.get_extent()) for image in ax.images]
    assert len(set(boxes)) == count
    for left, right, bottom, top in boxes:
        assert ax.get_xlim()[0] < left < right < ax.get_xlim()[1]
        assert ax.get_ylim()[0] < bottom < top < ax.get_ylim()[1]
        for other in boxes:
            apart = other[0] >= right or other[1] <= left or other[2] >= top or other[3] <= bottom
            assert other == (left, right, bottom, top) or apart


def test_margins_are_told_and_who_would_leave_stands_out(ax):
    letters = hf.pictures.small("checkerboard", "X", "A")
    memory = hf.hebb(letters)
    plots.margins(memory, letters, (5, 5), names=["C", "X", "A"], ax=ax)
    held = 25 * letters * memory.field(letters)
    told = [text for text in texts(ax) if text.lstrip("\N{MINUS SIGN}").isdigit()]
    assert told == [f"{x:.0f}".replace("-", "\N{MINUS SIGN}") for x in held.ravel()]
    colours = [image.to_rgba(image.get_array())[..., :3] for image in ax.images]
    orange = [(c == matplotlib.colors.to_rgb(palette.VERMILLION)).all(axis=-1) for c in colours]
    assert np.array_equal(np.reshape(orange, held.shape), held < 0)
    assert (held < 0).sum() == 1
    large = hf.random_patterns(2, 400, rng=1)
    assert texts(plots.margins(hf.hebb(large), large)) == ["pattern 0", "", "pattern 1", ""]


def test_only_the_recalled_tile_is_framed(ax):
    plots.gallery(STATES, STATES[0], names=["recalled", "a", "b"], ax=ax)
    assert len({line.get_linewidth() for line in ax.lines}) == 1
    ax = plots.gallery(STATES, recalled=STATES[0], names=["recalled", "a", "b"])
    assert [line.get_linewidth() > 1 for line in ax.lines] == [False, False, False, True]


def test_a_title_that_stands_is_kept(ax):
    ax.set_title("mine")
    assert plots.pattern([1, -1], ax=ax).get_title() == "mine"


# Traces


def test_energy_is_drawn_point_by_point(ax):
    plots.energy([4, 2, 1], ax=ax, updates_per_point=10)
    (line,) = ax.lines
    assert line.get_xydata().tolist() == [[0, 4], [10, 2], [20, 1]]


def test_replicas_are_thin_lines_under_their_mean(ax):
    plots.hamming([[4, 2], [1, 0]], ax=ax, theory=[3, 0.5], updates_per_point=5)
    *replicas, mean, theory = ax.lines
    assert [list(line.get_ydata()) for line in replicas] == [[4, 1], [2, 0]]
    assert list(mean.get_ydata()) == [3, 0.5] == list(theory.get_ydata())
    assert list(mean.get_xdata()) == [0, 5] == list(theory.get_xdata())
    assert mean.get_linewidth() > replicas[0].get_linewidth()
    assert mean.get_linestyle() != theory.get_linestyle()
    assert legend(ax) == ["mean of 2", "theory"]
    assert ax.get_ylabel() == "Hamming distance (neurons)"


def test_overlaps_has_a_line_a_pattern(ax):
    m = np.linspace(-1, 1, 12).reshape(4, 3)
    plots.overlaps(m, ["A", "X", "star"], ax)
    drawn = [line for line in ax.lines if line.get_label() in ("A", "X", "star")]
    assert np.array_equal([line.get_ydata() for line in drawn], m.T)
    assert len({line.get_linestyle() for line in drawn}) == 3
    assert legend(ax) == ["A", "X", "star"]


def test_of_many_overlaps_the_largest_are_named(ax):
    m = np.stack([np.zeros(20), np.arange(20) / -20])
    plots.overlaps(m, ax=ax)
    assert legend(ax) == [f"pattern {mu}" for mu in range(12, 20)]
    styles = {(line.get_color(), line.get_linestyle()) for line in ax.get_legend().get_lines()}
    assert len(styles) == 8
    assert sum(len(line.get_ydata()) == 2 for line in ax.lines) == 20 + 1  # and the zero line


@pytest.mark.parametrize("name", ["energy", "hamming", "overlaps"])
def test_one_point_is_marked(name, ax):
    getattr(plots, name)([[3.0]] if name == "overlaps" else [3], ax=ax)
    assert ax.lines[-1].get_marker() == "o"


RECORDS = {
    "raster": hf.record.states,
    "energy": hf.record.energy,
    "overlaps": lambda every: hf.record.overlaps([[1, -1, 1, -1, 1]], every),
    "hamming": lambda every: hf.record.hamming([1, -1, 1, -1, 1], every),
}


@pytest.mark.parametrize(("every", "step"), [("update", 1), ("sweep", 5)])
@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("name", RECORDS)
def test_a_recall_is_drawn_from_its_trace_in_updates(name, several, every, step, ax):
    record = RECORDS[name](every)
    memory, cue = hf.hebb([[1, -1, 1, -1, 1]]), [1, -1, 1, 1, 1]
    made = hf.recall(
        memory, cue, updates=13, rng=1, record=[record, lambda s: s[0]] if several else record
    )
    getattr(plots, name)(made, ax=ax)
    points = 1 + 13 // step
    if name == "raster":
        assert ax.images[0].get_array().shape == (5, points)
        assert list(ax.images[0].get_extent())[:2] == [-0.5 * step, (points - 0.5) * step]
    else:
        kept = next(iter(made.trace.values())) if several else made.trace
        assert np.array_equal(ax.lines[-1].get_ydata(), np.ravel(kept))
        assert list(ax.lines[-1].get_xdata()) == [step * k for k in range(points)]


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("raster", "states"),
        ("energy", "energy"),
        ("overlaps", "overlaps"),
        ("hamming", "hamming"),
    ],
)
def test_a_missing_trace_says_what_keeps_it(name, record, tmp_path):
    memory, cue = hf.hebb([[1, -1, 1, -1, 1]]), [1, -1, 1, 1, 1]
    several = [lambda s: s[0], lambda s: s[1:]]
    several[0].__name__, several[1].__name__ = "first", "rest"
    for kept in (None, several):
        made = hf.recall(memory, cue, rng=1, record=kept)
        with pytest.raises(ValueError, match=rf"record=hf\.record\.{record}\(\.\.\.\)\) keeps it"):
            getattr(plots, name)(made)
    with pytest.raises(ValueError, match="keeps it"):
        plots.animate(made, tmp_path / "a.gif")


def test_a_record_of_something_else_is_not_drawn():
    memory, cue = hf.hebb([[1, -1, 1, -1, 1]]), [1, -1, 1, 1, 1]
    with pytest.raises(ValueError, match=r"hf\.record\.energy\("):
        plots.energy(hf.recall(memory, cue, rng=1, record=hf.record.states()))
    with pytest.raises(ValueError, match=r"hf\.record\.states\("):
        plots.raster(hf.recall(memory, cue, rng=1, record=hf.record.energy()))


def test_curve_draws_points_bars_and_theory(ax):
    x, y, error = [1, 2, 3], [0.9, 0.5, 0.1], [0.1, 0.2, 0.1]
    plots.curve(x, y, error, theory=([0, 4], [1, 0]), ax=ax, xlabel="load", ylabel="m")
    points, _, (bars,) = ax.containers[0]
    assert points.get_xydata().tolist() == np.transpose([x, y]).tolist()
    assert points.get_linestyle() == "None"
    ends = [segment[:, 1].tolist() for segment in bars.get_segments()]
    assert np.allclose(ends, np.transpose([np.subtract(y, error), np.add(y, error)]))
    line = next(line for line in ax.lines if line.get_label() == "theory")
    assert line.get_xydata().tolist() == [[0, 1], [4, 0]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("load", "m")


def test_curves_alone_are_joined_and_named(ax):
    plots.curve([1, 2], [[1, 2], [3, 4]], names=["A", "B"], ax=ax)
    assert [c[0].get_linestyle() for c in ax.containers] == ["-", "--"]
    assert legend(ax) == ["A", "B"]
    assert all(float(tick).is_integer() for tick in ax.get_xticks())


def test_theories_of_as_many_curves_take_their_colours(ax):
    plots.curve([1, 2], [[1, 2], [3, 4]], theory=[[1, 2], [3, 4]], ax=ax)
    laws = [line for line in ax.lines if line.get_linestyle() != "None"]
    assert [law.get_color() for law in laws] == [c[0].get_color() for c in ax.containers]
    assert sorted(legend(ax)) == ["curve 0", "curve 1", "theory"]
    plots.curve([1], [1], theory=[[1], [2]], names=["points", "one", "two"], ax=ax)
    assert {"points", "one", "two"} <= set(legend(ax))


# Overlap sums, couplings, basins


@pytest.mark.parametrize("n", [None, 6])
def test_histogram_bars_stand_on_the_lattice(n, ax):
    plots.histogram([-2, -2, 0, 4, 4, 4, 4, 6], n, ax=ax)
    bars = ax.patches
    assert [bar.get_x() + bar.get_width() / 2 for bar in bars] == [-2, 0, 4, 6]
    assert {bar.get_width() for bar in bars} == {2}
    assert [bar.get_height() for bar in bars] == [0.25, 0.125, 0.5, 0.125]
    assert "sample: mean 2.25, variance 8.4" in legend(ax)


@pytest.mark.parametrize(("n", "shared"), [(5, 0), (6, 2), (7, 7), (40, 11)])
def test_histogram_draws_the_exact_law(n, shared, ax):
    free = n - shared
    law = {n - 2 * k: math.comb(free, k) / 2**free for k in range(free + 1)}
    plots.histogram([n], n, shared, ax)
    (line,) = ax.lines
    drawn = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
    assert set(drawn) <= set(law)
    assert drawn == pytest.approx({q: law[q] for q in drawn})
    assert sum(drawn.values()) == pytest.approx(1, abs=0.002)  # only far tails are left out
    assert f"exact: mean {shared}, variance {free}" in legend(ax)


def test_histogram_takes_overlaps_times_n(ax):
    q = 100 * hf.overlap(*hf.random_patterns((2, 500), 100, rng=1))
    plots.histogram(q, 100, ax=ax)
    assert sum(bar.get_height() for bar in ax.patches) == pytest.approx(1)


def test_histogram_marks_each_value_of_a_small_lattice(ax):
    plots.histogram([-1, 1, 1], 5, ax=ax)
    assert list(ax.get_xticks()) == [-5, -3, -1, 1, 3, 5]


def test_couplings_are_blocks_about_zero(ax, monkeypatch):
    asked = []

    def means(memory, k):
        asked.append(k)
        return np.diag(np.arange(k) - 5.0)

    monkeypatch.setattr(plots, "block_means", means)
    plots.couplings(hf.Bias(np.zeros(100)), 4, ax)
    plots.couplings(hf.Bias(np.zeros(100)))
    plots.couplings(hf.Bias(np.zeros(3)))
    assert asked == [4, 64, 3]
    (image,) = ax.images
    assert np.array_equal(image.get_array(), np.diag([-5.0, -4.0, -3.0, -2.0]))
    assert image.get_clim() == (-5, 5)
    assert list(image.get_extent()) == [-0.5, 99.5, 99.5, -0.5]
    monkeypatch.undo()
    assert plots.couplings(hf.Couplings(np.zeros((2, 2)))).images


def test_couplings_of_a_real_memory(ax):
    xi = hf.random_patterns(2, 12, rng=1)
    w = xi.T @ xi / 12.0
    np.fill_diagonal(w, 0)
    assert np.allclose(plots.couplings(hf.hebb(xi), ax=ax).images[0].get_array(), w)


def test_basins_are_shares_largest_first(ax):
    plots.basins(BASINS, ["a", "b", "c"], ax)
    assert [bar.get_width() for bar in ax.patches] == [0.6, 0.3, 0.1]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["b", "c", "a"]
    assert texts(ax) == ["60.0%", "30.0%", "10.0%"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_basins_beyond_the_most_are_summed(ax):
    states, counts = np.ones((30, 20)), np.arange(30, dtype=np.uint64)
    plots.basins(SimpleNamespace(states=states, counts=counts), ax=ax, most=5)
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == pytest.approx([k / 435 for k in (29, 28, 27, 26, 25, 300)])
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == [*(f"state {k}" for k in (29, 28, 27, 26, 25)), "25 others"]


def test_small_states_are_spelt_and_cycles_told(ax):
    found = SimpleNamespace(states=[[1, -1], [0, 1]], counts=[2, 1], why=["fixed point", "2-cycle"])
    plots.basins(found, ax=ax)
    words = [label.get_text() for label in ax.get_yticklabels()]
    assert words == ["+\N{THIN SPACE}\N{MINUS SIGN}", "0\N{THIN SPACE}+ (2-cycle)"]
    assert plots.basins(hf.landscape.basins(hf.hebb([[1, -1, 1]]))).patches


# Animations


# Paper, unknown and ink: what is unknown has the one colour that it has in every figure.
TONES = np.array([[255] * 3, [230, 159, 0], [0] * 3], np.uint8)


def test_unknown_has_one_colour_in_films_and_figures():
    assert palette.UNKNOWN == "#" + "".join(f"{part:02X}" for part in TONES[1])


def frames(path):
    with Image.open(path) as film:
        steps = ImageSequence.Iterator(film)
        seen = [(np.array(step.convert("RGB")), step.info["duration"]) for step in steps]
    return [picture for picture, _ in seen], [time for _, time in seen]


def test_gif_shows_each_state_and_holds_the_last(tmp_path):
    film = plots.animate(STATES, tmp_path / "a.gif", (2, 3), fps=10, scale=7, hold=2)
    assert film.path == tmp_path / "a.gif"
    pictures, times = frames(film)
    for picture, state in zip(pictures, STATES, strict=True):
        tone = TONES[state + 1].reshape(2, 3, 3)
        assert np.array_equal(picture, tone.repeat(7, 0).repeat(7, 1))
    assert times == [100, 100, 2100]
    assert os.listdir(tmp_path) == ["a.gif"]


def test_a_film_plays_in_a_notebook(tmp_path):
    from IPython.core.formatters import format_display_data

    film = plots.animate(STATES, tmp_path / "a<b.gif")
    shown = format_display_data(film)[0]["text/html"]
    data = b64encode((tmp_path / "a<b.gif").read_bytes()).decode()
    assert shown == f'<img alt="a&lt;b.gif" src="data:image/gif;base64,{data}">'


@pytest.mark.parametrize(("n", "size"), [(5, (60, 300)), (25, (300, 300)), (10_000, (300, 300))])
def test_pictures_are_enlarged_to_about_300_pixels(n, size, tmp_path):
    pictures, _ = frames(plots.animate(np.ones((1, n)), tmp_path / "a.gif"))
    assert [picture.shape[:2] for picture in pictures] == [size]


def test_long_films_are_thinned_but_keep_both_ends(tmp_path):
    states = np.where((np.arange(1000)[:, None] >> np.arange(10)) % 2, 1, -1)
    pictures, _ = frames(plots.animate(states, tmp_path / "a.gif", (2, 5), scale=1))
    assert len(pictures) == 200
    for picture, state in ((pictures[0], states[0]), (pictures[-1], states[-1])):
        assert np.array_equal(picture[..., 0].ravel(), np.where(state > 0, 0, 255))


def test_a_recall_is_animated(tmp_path):
    xi = hf.random_patterns(1, 9, rng=1)
    made = hf.recall(
        hf.hebb(xi), hf.flip(xi[0], 3, rng=1), record=hf.record.states("update"), rng=1
    )
    pictures, _ = frames(plots.animate(made, str(tmp_path / "a.GIF"), scale=1))
    assert np.array_equal(pictures[-1][..., 0].ravel(), np.where(xi[0] > 0, 0, 255))


FFMPEG = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
film = sys.stdin.buffer.read()
with open(sys.argv[-1], "wb") as file:
    file.write(film)
with open({log!r}, "w") as file:
    file.write(" ".join(sys.argv[1:-1]))
sys.stderr.write("no such encoder")
sys.exit({code})
"""


def fake_ffmpeg(folder: Path, monkeypatch, code: int = 0) -> Path:
    log = folder / "arguments.txt"
    program = folder / "ffmpeg"
    program.write_text(FFMPEG.format(python=sys.executable, log=str(log), code=code))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return log


def test_mp4_pipes_even_frames_to_ffmpeg(tmp_path, monkeypatch):
    log = fake_ffmpeg(tmp_path, monkeypatch)
    made = plots.animate(STATES[:, :5], tmp_path / "a.mp4", (1, 5), fps=4, scale=3, hold=0.5)
    film = np.frombuffer(made.path.read_bytes(), np.uint8).reshape(-1, 4, 16, 3)
    data = b64encode(made.path.read_bytes()).decode()
    assert made._repr_html_() == f'<video controls loop src="data:video/mp4;base64,{data}"></video>'
    assert len(film) == 3 + 2
    tone = TONES[STATES[:, None, :5] + 1].repeat(3, 1).repeat(3, 2)
    assert np.array_equal(film[:3, :3, :15], tone)
    assert np.array_equal(film[3:], film[[2, 2]])
    assert np.array_equal(film[:, 3], film[:, 2])
    assert np.array_equal(film[:, :, 15], film[:, :, 14])
    arguments = log.read_text()
    assert "-f rawvideo -pix_fmt rgb24 -s 16x4 -r 4 -i -" in arguments
    assert "yuv420p" in arguments


def test_a_failing_ffmpeg_leaves_the_old_film(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    fake_ffmpeg(tmp_path / "bin", monkeypatch, code=1)
    (tmp_path / "a.mp4").write_bytes(b"old")
    with pytest.raises(RuntimeError, match=r"could not write a\.mp4: no such encoder"):
        plots.animate(STATES, tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["a.mp4", "bin"]


def test_without_ffmpeg_the_gif_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"needs the program ffmpeg .* a \.gif does not"):
        plots.animate(STATES, tmp_path / "a.mp4")
    assert os.listdir(tmp_path) == []


# Bad input: one sentence that names the argument


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plots.raster(np.ones((3, 4, 5))), "states must be a 2-d array"),
        (lambda: plots.raster(np.ones((0, 4))), "states must not be empty"),
        (lambda: plots.raster([[1, np.nan]]), "states must be finite"),
        (lambda: plots.raster([[1, -1], [1]]), "states must be an array of numbers in rows"),
        (lambda: plots.raster([[1, -1]], low=0), "low must be -1, or 0"),
        (lambda: plots.raster([[1, 0]], low=2), "low must be"),
        (lambda: plots.raster([[1, 0]], updates_per_point=0), "updates_per_point must be a number"),
        (lambda: plots.raster([[1, 0]], updates_per_point=math.nan), "updates_per_point must be"),
        (lambda: plots.pattern([]), "x must not be empty"),
        (lambda: plots.pattern(np.ones(6), (2, 2)), "shape must multiply to 6"),
        (lambda: plots.pattern(np.ones(6), (6,)), "shape must be two whole numbers"),
        (lambda: plots.pattern(np.ones(6), (-2, -3)), "shape must be two whole numbers"),
        (lambda: plots.pattern(np.ones(6), (2.0, 3.0)), "shape must be two whole numbers"),
        (lambda: plots.gallery(STATES, np.ones(5)), "cue must have 6 neurons"),
        (
            lambda: plots.gallery(STATES, recalled=STATES),
            "recalled must have 6 neurons .*, got 18",
        ),
        (lambda: plots.gallery(STATES, names=["A"]), "names must be 3 strings"),
        (lambda: plots.gallery(STATES, names="ABC"), "names must be 3 strings"),
        (lambda: plots.energy([0.0, math.inf]), "energy must be finite"),
        (lambda: plots.energy(np.ones((2, 2, 2))), "energy must be a 1-d or 2-d array"),
        (lambda: plots.hamming([]), "hamming must not be empty"),
        (lambda: plots.hamming([1, 2], theory=[1]), "theory must have 2 points"),
        (lambda: plots.curve([], [1.0]), "x must not be empty"),
        (lambda: plots.curve([1, 2], [1.0]), "y must have 2 points like its x, got 1"),
        (lambda: plots.curve([1], [math.nan]), "y must be finite"),
        (lambda: plots.curve([1, 2], [1, 2], [1.0]), "error must have 2 points"),
        (lambda: plots.curve([1, 2], [[1, 2], [3, 4]], [1, 1]), r"error must be \(2, 2\) numbers"),
        (lambda: plots.curve([1, 2], [1, 2], [1, -1]), "error must be .* none negative"),
        (lambda: plots.curve([1, 2], [1, 2], theory=[1]), "theory must have 2 points like its x"),
        (
            lambda: plots.curve([1, 2], [1, 2], theory=([1, 2, 3], [1, 2])),
            "theory must have 3 points",
        ),
        (lambda: plots.curve([1, 2], [1, 2], names=["A", "B"]), "names must be 1 strings"),
        (lambda: plots.overlaps([1.0]), "overlaps must be a 2-d array"),
        (lambda: plots.overlaps([[1.0]], ["A", "B"]), "names must be 1 strings"),
        (lambda: plots.histogram([]), "q must not be empty"),
        (lambda: plots.histogram([0.5]), "q must hold whole overlap sums"),
        (lambda: plots.histogram([1, 2]), "q must hold .* all even or all odd"),
        (lambda: plots.histogram([1], 4), "q must lie between -4 and 4 in steps of 2"),
        (lambda: plots.histogram([6], 4), "q must lie between"),
        (lambda: plots.histogram([-4], 4, 1), "q must lie between -2 and 4"),
        (lambda: plots.histogram([4], 4, 5), "shared"),
        (lambda: plots.couplings((1, 2)), r"memory must be a hopfield memory, not \(1, 2\)"),
        (lambda: plots.network((1, 2), [1]), r"memory must be a hopfield memory, not \(1, 2\)"),
        (lambda: plots.network(hf.hebb(np.ones(13)), np.ones(13)), "12 neurons or fewer, not 13"),
        (lambda: plots.network(hf.dense(STATES[2:], 3), STATES[2]), "no couplings between"),
        (lambda: plots.network(MEMORY, [1, -1]), "state must have 6 neurons"),
        (lambda: plots.network(MEMORY, STATES[0], neuron=6), "neuron must be"),
        (lambda: plots.basins(5), "b must be what hopfield.landscape.basins returns, not 5"),
        (lambda: plots.basins(BASINS, 5), "names must be 3 strings, not 5"),
        (lambda: plots.pattern(np.ones(6), 10**400), "shape must be two whole numbers"),
        (lambda: plots.pattern(np.ones(6), np.ones((2, 2))), "whole numbers .*, not array"),
        (lambda: plots.raster([[1, 0]], low=10**400), "low must be .*, not a int"),
        (lambda: plots.animate(STATES, np.ones(2)), "path must be a str"),
        (lambda: plots.couplings(MEMORY, 0), "blocks must be 1 or more"),
        (lambda: plots.couplings(MEMORY, 2.5), "blocks must be an integer"),
        (lambda: plots.couplings(Endless()), "finite"),
        (lambda: plots.basins(SimpleNamespace(states=STATES, counts=[1, 2])), "counts must be 3"),
        (
            lambda: plots.basins(SimpleNamespace(states=STATES, counts=[0, 0, 0])),
            "counts must be 3",
        ),
        (
            lambda: plots.basins(SimpleNamespace(states=STATES, counts=[3, -1, 0])),
            "counts must be 3",
        ),
        (lambda: plots.basins(BASINS, most=0), "most must be 1 or more"),
        (lambda: plots.basins(BASINS, []), "names must be 3 strings"),
        (lambda: plots.animate(STATES, "a.avi"), r"path must end in \.gif or \.mp4, got 'a\.avi'"),
        (lambda: plots.animate(STATES, "a.gif", (4, 4)), "shape must multiply to 6"),
        (lambda: plots.animate(STATES, "a.gif", fps=0), "fps must be a number from 0.1 to 50"),
        (lambda: plots.animate(STATES, "a.gif", fps=100), "fps must be"),
        (lambda: plots.animate(STATES, "a.gif", hold=-1), "hold must be a number from 0 to 60"),
        (lambda: plots.animate(STATES, "a.gif", scale=1.5), "scale must be an integer"),
        (lambda: plots.animate(STATES, "a.gif", scale=10_000), "scale must be between 1 and"),
    ],
)
def test_bad_input_is_named(call, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ValueError, TypeError), match=words):
        call()
    assert plt.get_fignums() == []
    assert os.listdir(tmp_path) == []


def test_text_is_no_state():
    with pytest.raises(TypeError, match="states must hold real numbers"):
        plots.raster([["+", "-"]])


def test_a_notebook_shows_every_figure(monkeypatch):
    """The first figure makes a notebook interactive, which must outlast our style."""
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    draw = "hopfield.plots.pattern([1, -1, 1, 1]);"
    cells = [new_code_cell(source) for source in ("import hopfield", draw, draw)]
    monkeypatch.delenv("MPLBACKEND")  # a notebook has its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Jupyter's
        NotebookClient(new_notebook(cells=cells), kernel_name="python3").execute()
    assert [len(cell.outputs) for cell in cells] == [0, 1, 1]


IMAGES = np.random.default_rng(1).integers(256, size=(3, 4, 6, 3)).astype(np.uint8)


def test_images_in_colours_are_drawn_as_they_are():
    for ax in (plots.pattern(IMAGES[0]), plots.pattern(IMAGES[0].ravel(), (4, 6, 3))):
        assert np.array_equal(ax.images[0].get_array(), IMAGES[0])
    for stored, shape in ((IMAGES, None), (IMAGES.reshape(3, -1), (4, 6, 3))):
        ax = plots.gallery(stored, IMAGES[1], IMAGES[2], shape)
        drawn = [image.get_array() for image in ax.images]
        assert np.array_equal(drawn, IMAGES[[0, 1, 2, 1, 2]])
        apart = np.sqrt(np.mean((IMAGES[0].astype(float) - IMAGES[2]) ** 2))
        notes = [text.get_text() for text in ax.texts[1::2]]
        assert notes == [f"rms {apart:.1f}", notes[1], "rms 0.0", "", ""]


def test_grey_levels_are_ink_and_a_gallery_says_how_far_they_are_apart():
    grey = IMAGES[..., 0]
    ax = plots.pattern(grey[0])
    shown = ax.images[0]
    dark = shown.cmap(shown.norm(shown.get_array()))[..., :3].sum(axis=-1)
    assert np.argmin(dark) == np.argmax(grey[0])  # much ink is dark
    assert [t.get_text() for t in plots.gallery(grey, recalled=grey[0]).texts][1] == "rms 0.0"


@pytest.mark.parametrize("images", [IMAGES, IMAGES[..., 0]])
def test_films_of_images_show_them(tmp_path, images):

    film = plots.animate(images, tmp_path / "film.gif", scale=2, hold=0)
    with Image.open(film.path) as found:
        assert found.n_frames == 3
        for k, image in enumerate(images):
            found.seek(k)
            shown = np.asarray(found.convert("RGB"))[::2, ::2].astype(int)
            wanted = (
                image
                if image.ndim == 3
                else 255 - np.repeat(np.rint(255.0 * image / images.max())[..., None], 3, axis=2)
            )
            assert abs(shown - wanted).max() <= 2


def test_what_is_no_image_is_not_drawn_as_one():
    for x, shape in ((IMAGES[0] / 2, None), (IMAGES[0][..., :2], None), (np.ones(12), (2, 2, 3))):
        refuses(lambda x=x, shape=shape: plots.pattern(x, shape), ValueError, "^shape must be .*3")

"""Networks as circles and lines: each coupling once, and a field as the sum of what comes in."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

import hopfield as hf
from hopfield import plots
from hopfield.show import palette

THREE = hf.Couplings([[0.0, 0.5, -1.0], [2.0, 0.0, 1.0], [0.5, 0.5, 0.0]])


@pytest.fixture
def ax():
    return Figure(figsize=(4, 4)).subplots()


def lines(ax):
    """Return the style, the width and the colour of each line."""
    arrows = [text.arrow_patch for text in ax.texts if getattr(text, "arrow_patch", None)]
    styles = [type(arrow.get_arrowstyle()).__name__ for arrow in arrows]
    return [
        (style, arrow.get_linewidth(), arrow.get_edgecolor()[:3])
        for style, arrow in zip(styles, arrows, strict=True)
    ]


def nodes(ax):
    return [line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "o"]


def test_a_symmetric_coupling_is_one_line_and_an_unequal_one_an_arrow_each_way(ax):
    assert {style for style, *_ in lines(plots.network(hf.hebb([1, -1, 1]), [1, 1, 1], ax))} == {
        "Curve"
    }
    assert len(lines(ax)) == 3
    found = lines(plots.network(THREE, [1, 0, 1], Figure().subplots()))
    assert [style for style, *_ in found] == ["CurveFilledB"] * 6


def test_the_strongest_coupling_is_the_widest_and_its_sign_has_a_colour(ax):
    found = lines(plots.network(THREE, [1, 0, 1], ax))
    w = [THREE.weights[i, j] for i in range(3) for j in range(3) if i != j]
    assert np.array_equal(np.argsort(np.abs(w), kind="stable"), np.argsort([x[1] for x in found]))
    blue, red = to_rgb(palette.BLUE), to_rgb(palette.VERMILLION)
    assert [colour for *_, colour in found] == [blue if x > 0 else red for x in w]


def test_states_fill_their_neurons(ax):
    low, high, unknown = to_rgb(palette.LOW), to_rgb(palette.HIGH), to_rgb(palette.UNKNOWN)
    memory = hf.hebb([1, -1, 1])
    for state, wanted in (([1, -1, 0], [high, low, unknown]), ([1, 0, 1], [high, low, high])):
        drawn = nodes(plots.network(memory, state, Figure().subplots()))
        assert np.allclose(drawn, wanted, atol=0.01)
    graded = nodes(plots.network(memory, [0.5, -1.0, 1.0], ax))
    assert low[0] > graded[0][0] > high[0]


@pytest.mark.parametrize(
    ("memory", "state", "neuron", "arrows", "told"),
    [
        (THREE, [1, 0, 1], 0, 1, "\N{MINUS SIGN}1 = \N{MINUS SIGN}1"),
        (THREE, [1, 0, 1], 1, 2, "2 + 1 = 3"),
        (THREE, [0, 0, 0], 1, 0, "0 = 0"),
        (THREE + hf.Bias(-2.5, n=3), [1, 0, 1], 1, 2, "2 + 1 \N{MINUS SIGN} 2.5 = 0.5"),
        (hf.Couplings(np.eye(2), self_coupling=True), [1, -1], 0, 0, "1 = 1"),
        (hf.Bias([0.5]), [1], 0, 0, "0.5 = 0.5"),
    ],
)
def test_a_field_is_the_sum_of_what_comes_in_and_of_what_the_neuron_has_itself(
    ax, memory, state, neuron, arrows, told
):
    plots.network(memory, state, ax, neuron=neuron)
    assert ax.get_xlabel() == f"field of neuron {neuron}: {told}"
    assert len(lines(ax)) == arrows


def test_neurons_without_couplings_have_no_lines(ax):
    assert lines(plots.network(hf.Bias([0.5, 1.0]), [1, -1], ax)) == []

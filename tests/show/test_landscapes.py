"""The energy as a landscape: a sheet of all states, a slice, a surface, and the path on them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib import pyplot as plt

import hopfield as hf
from hopfield import plots
from hopfield.analysis.planes import Plane, cells, valleys
from tests.bad import refuses

SMALL = hf.hebb(hf.random_patterns(2, 8, rng=1))
XI = hf.random_patterns(3, 60, rng=2)
LARGE = hf.hebb(XI)
RUN = hf.recall(LARGE, hf.flip(XI[0], 0.3, rng=3), record=hf.record.states("update"), rng=4)


def line(ax, k):
    """Return the places of a line of the Axes, (2, T)."""
    return np.array(ax.lines[k].get_data())


def test_a_small_network_is_drawn_with_all_its_states_and_where_they_end():
    run = hf.recall(SMALL, np.ones(8), order=hf.Sequential(), record=hf.record.states("update"))
    ax = plots.landscape(SMALL, run)
    ends, which = valleys(SMALL)
    shown = ax.images[0].get_array()
    assert shown.shape == (16, 16, 3)
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    patterns = SMALL.patterns
    assert names[0] == str(hf.landscape.identify(ends[0], patterns))
    assert len(names) == min(len(ends), 6) + bool((which < 0).any() or len(ends) > 6)
    rows, columns = cells(ends).T
    assert np.array_equal(line(ax, 0), [columns, rows])
    for end in ends:  # the lowest of its valley is the darkest cell there
        row, column = cells(end)
        mine = which == which[row, column]
        assert shown[row, column].sum() == pytest.approx(shown[mine].sum(axis=-1).min(), abs=0.2)
    rows, columns = cells(run.trace).T
    assert any(np.array_equal(line(ax, k), [columns, rows]) for k in range(1, len(ax.lines)))


def test_a_large_network_is_cut_through_two_patterns_and_the_start():
    ax = plots.landscape(LARGE, RUN, names=["A", "B", "C"])
    plane = Plane.of(np.vstack([XI[:2], RUN.trace[:1]]))
    assert [text.get_text() for text in ax.texts] == ["A", "B"]
    assert np.allclose(line(ax, 0).ravel(), plane.places(XI[0]))
    assert np.allclose(line(ax, 2), plane.places(RUN.trace).T)
    assert ax.get_aspect() == 1


@pytest.mark.parametrize(
    ("path", "patterns"),
    [
        (RUN, None),
        (XI[0], None),  # begins at a pattern
        (RUN.trace, XI[:1]),
        (None, None),
        (None, XI[:2]),
    ],
)
def test_whatever_is_given_a_plane_is_found(path, patterns):
    ax = plots.landscape(LARGE, path, patterns)
    assert ax.get_xlabel()
    assert np.isfinite(ax.collections[0].get_array()).all()


def test_a_memory_without_patterns_is_cut_along_the_path():
    memory = hf.learning.storkey(XI)
    ax = plots.landscape(memory, RUN)
    assert not ax.texts
    assert np.allclose(line(ax, 0), Plane.of(RUN.trace).places(RUN.trace).T)


def test_a_surface_has_the_heights_of_the_energies():
    ax = plots.landscape(LARGE, RUN, surface=True)
    low, high = ax.get_zlim()
    energies = LARGE.energy(RUN.trace[[0, -1]])
    assert low <= energies.min() <= energies.max() <= high
    assert ax.get_zlabel() == "energy E"
    _, ours = plt.subplots(subplot_kw={"projection": "3d"})
    assert plots.landscape(SMALL, ax=ours, patterns=XI[:, :8], surface=True) is ours


def test_models_of_any_kind_have_a_landscape():
    for memory in (
        hf.dense(XI),
        hf.modern(XI, 2.0),
        LARGE + hf.Bias(0.1),
        LARGE.recode(0, 1),
        hf.learning.pseudo_inverse(XI),
    ):
        patterns = (XI > 0).astype(int) if memory.neuron.states == (0, 1) else XI
        assert plots.landscape(memory, patterns=patterns).collections


def test_what_has_no_landscape_is_refused():
    for call, error, message in (
        (lambda: plots.landscape(3), TypeError, "^memory must be a hopfield memory"),
        (lambda: plots.landscape(LARGE, np.ones(5)), ValueError, "^path must have 60 neurons"),
        (lambda: plots.landscape(LARGE, patterns=XI[:, :9]), ValueError, "^patterns must have 60"),
        (lambda: plots.landscape(LARGE, patterns=XI[:1]), ValueError, "two patterns: give plane="),
        (lambda: plots.landscape(LARGE, XI[0], XI[:1]), ValueError, "^path must not lie on one"),
        (lambda: plots.landscape(LARGE, plane=XI), TypeError, "^plane must be a hopfield"),
        (lambda: plots.landscape(LARGE, names=["A"]), ValueError, "^names must be 3 strings"),
        (lambda: plots.landscape(SMALL, surface=1), TypeError, "^surface must be True or False"),
        (lambda: plots.landscape(hf.Couplings(np.eye(30, k=1)), XI[:, :30]), ValueError, "energy"),
        (lambda: plots.landscape(LARGE, hf.recall(LARGE, XI[0], rng=1)), ValueError, "recorded"),
    ):
        refuses(call, error, message)

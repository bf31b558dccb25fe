"""Planes and sheets: places are those of the states, and energies those of the memory."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield.analysis.planes import Plane, cells, laid_out, valleys
from tests.bad import refuses

XI = hf.random_patterns(3, 40, rng=1)


def test_a_plane_through_three_states_holds_them():
    plane = Plane.of(XI)
    where = plane.places(XI)
    assert np.allclose(plane.at(where), XI)
    apart = np.linalg.norm(XI[0] - XI[1]) / 40**0.5
    assert np.linalg.norm(where[0] - where[1]) == pytest.approx(apart)
    assert where[0, 0] <= 0 <= where[2, 1]
    for memory in (hf.hebb(XI), hf.dense(XI), hf.modern(XI, 2.0)):
        assert np.allclose(plane.energies(memory, where), memory.energy(XI))


def test_the_plane_of_many_states_is_that_of_their_principal_components():
    path = np.random.default_rng(2).standard_normal((50, 6)) * [5, 1, 3, 1, 1, 1]
    plane = Plane.of(path)
    found = np.linalg.eigh(np.cov(path.T))[1][:, ::-1][:, :2].T
    assert np.allclose(np.abs(np.sum(plane.axes * found, axis=1)), 6**0.5)
    assert np.allclose(plane.axes @ plane.axes.T, 6 * np.eye(2))
    assert np.array_equal(Plane.of(path).axes, plane.axes)


def test_outside_the_neurons_values_the_energy_is_that_of_the_nearest_state():
    plane = Plane.of(XI)
    far = plane.places(XI[:1]) * 9
    memory = hf.dense(XI, 4)
    assert plane.energies(memory, far) == memory.energy(plane.at(far).clip(-1, 1))
    wide = hf.modern(XI, 2.0)  # of neurons of any value
    assert plane.energies(wide, far) == wide.energy(plane.at(far))


@pytest.mark.parametrize("n", [2, 3, 6, 9])
@pytest.mark.parametrize("states", [(-1, 1), (0, 1)])
def test_neighbours_on_the_sheet_differ_in_one_neuron(n, states):
    sheet = laid_out(n, states)
    assert sheet.shape == (2 ** (n // 2), 2 ** (n - n // 2), n)
    assert len(np.unique(sheet.reshape(-1, n), axis=0)) == 2**n
    for axis in (0, 1):  # the edges are neighbours, too
        assert ((sheet != np.roll(sheet, 1, axis=axis)).sum(axis=2) == 1).all()
    rows, columns = np.indices(sheet.shape[:2])
    assert np.array_equal(cells(sheet), np.stack([rows, columns], axis=-1))


@pytest.mark.parametrize("order", [None, hf.Sync(), hf.Sequential([4, 1, 0, 6, 5, 2, 3])])
@pytest.mark.parametrize("tie", ["keep", "down"])
@pytest.mark.parametrize("p", [2, 3])
def test_valleys_are_where_each_state_ends(order, tie, p):
    memory, neuron = hf.hebb(hf.random_patterns(p, 7, rng=3)), hf.Sign(tie=tie)
    ends, which = valleys(memory, neuron, order)
    for k, state in enumerate(laid_out(7).reshape(-1, 7)):
        found = hf.recall(memory, state, neuron=neuron, order=order or hf.Sequential())
        label = which.ravel()[k]
        assert (label < 0) == (found.why != "fixed point")
        if label >= 0:
            assert np.array_equal(ends[label], found.state)
    counts = [(which == k).sum() for k in range(len(ends))]
    assert counts == sorted(counts, reverse=True)
    assert neuron.settled(memory.field(ends), ends.astype(float)).all()


def test_the_valleys_of_16_neurons_are_those_that_enumeration_finds():
    memory = hf.hebb(hf.random_patterns(3, 16, rng=1))
    ends, which = valleys(memory)
    fixed = hf.landscape.fixed_points(memory)
    assert len(ends) == len(fixed) == len({*map(bytes, fixed)} & {*map(bytes, ends)})
    found = hf.landscape.basins(memory, order=hf.Sequential())
    shares = {bytes(x): share for x, share in zip(found.states, found.shares, strict=True)}
    for k, end in enumerate(ends):
        assert (which == k).mean() == shares[bytes(end)]


def test_what_has_no_place_is_refused():
    plane = Plane.of(XI)
    refuses(lambda: Plane.of(XI[:2]), ValueError, "^points must be three or more rows")
    refuses(lambda: Plane.of(XI[[0, 0, 1]]), ValueError, "^points must not lie on one line")
    refuses(lambda: Plane(XI[0], XI), ValueError, r"^axes must be two rows \(2, N\)")
    refuses(lambda: Plane(XI[0], XI[:2, :9]), ValueError, "^axes must have 40 neurons")
    refuses(lambda: plane.places(np.ones(5)), ValueError, "^states must have 40 neurons")
    refuses(lambda: plane.at([1.0, 2, 3]), ValueError, "^places must have 2 numbers")
    refuses(lambda: plane.energies(hf.hebb(XI), [1.0]), ValueError, "^places must have 2 numbers")
    refuses(lambda: laid_out(17), ValueError, "^n must be between 2 and 16")
    refuses(lambda: cells(np.ones(17)), ValueError, "^states' last axis must be between 2 and 16")
    refuses(lambda: valleys(hf.hebb(XI)), ValueError, "^n must be between 2 and 16")
    refuses(lambda: valleys(hf.modern(XI[:, :5])), TypeError, "^neuron must have two states")
    refuses(lambda: valleys(hf.models.potts([[0, 1, 2]], 3)), TypeError, "^neuron must have two")

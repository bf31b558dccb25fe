"""The lab's landscape: what stands on the map is what the package computes."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield.analysis.planes import Plane, laid_out, valleys
from hopfield.lab import choices
from hopfield.lab.bits import to_bits
from hopfield.lab.landscape import PLANES
from hopfield.lab.session import Session
from hopfield.learning import RULES

SIGN = {"neuron": "Sign", "tie": "keep", "T": 0.5, "order": "Shuffled"}
N = 400
XI = hf.random_patterns(3, N, rng=1)
CUE = hf.flip(XI[0], 0.25, rng=2)
NONE = b""
GRID = np.stack(np.meshgrid(np.linspace(-1.3, 1.3, 7), np.linspace(-1.3, 1.3, 7)), axis=-1)
PLACES = GRID.reshape(-1, 2)


def begun(xi=XI, cue=CUE, rule="hebb", given=None):
    lab = Session(given)
    side = round(xi.shape[1] ** 0.5)
    names = [f"p{k}" for k in range(len(xi))]
    chosen = SIGN | {"rule": rule}
    lab.learn(side, chosen, names, np.packbits(xi > 0, axis=1).tobytes())
    lab.begin(to_bits(cue), chosen, 7)
    return lab


def run_of(lab):
    """Return the frames of a run to its rest, as they travel, and as states."""
    states = [lab.run.state.copy()]
    while not lab.step(60)["why"]:
        states.append(lab.run.state.copy())
    states.append(lab.run.state.copy())
    return b"".join(map(to_bits, states)), np.array(states)


def floats(data, *shape):
    return np.frombuffer(data, np.float32).reshape(shape)


def cut(found, n=N):
    return Plane(floats(found["centre"], n), floats(found["axes"], 2, n))


def asked(lab, places):
    found = lab.answer("heights", [np.asarray(places, np.float32).tobytes()])
    assert found["took"] > 0
    return floats(found["values"], -1)


@pytest.mark.parametrize("rule", ["hebb", "pseudo_inverse", "kernel", "storkey"])
@pytest.mark.parametrize("kind", ["pair", "cue", "path"])
def test_a_height_is_the_memorys_energy_of_the_state_at_that_place(kind, rule):
    lab = begun(rule=rule)
    frames, states = run_of(lab)
    found = lab.answer("landscape", [kind, 0, 1, frames, len(states)])
    memory = RULES[rule].learn(XI > 0)
    if not memory.symmetric:
        assert found["kind"] == "none"
        return
    assert (found["kind"], found["words"]) == (kind, "")
    at = cut(found).at(PLACES.astype(np.float32)).clip(-1, 1)
    assert np.allclose(asked(lab, PLACES), memory.energy(at), rtol=1e-5, atol=1e-3)
    marks = floats(found["marks"], 3, 3)
    places = cut(found).places(XI)
    assert np.allclose(marks[:, :2], places, atol=1e-5)
    off = np.linalg.norm(XI - cut(found).at(places), axis=1) / N**0.5
    assert np.allclose(marks[:, 2], off, atol=1e-3)
    low, high = np.array(found["low"]), np.array(found["high"])
    way = cut(found).places(states)
    assert (way > low).all()
    assert (way < high).all()
    assert np.ptp(high - low) < 1e-9
    if kind == "cue":
        assert np.allclose(cut(found).at(way[:1]), CUE, atol=1e-4)
    if kind == "path":
        assert np.allclose(way, Plane.of(states).places(states), atol=1e-4)


def test_between_two_patterns_places_are_overlaps():
    lab = begun()
    found = lab.answer("landscape", ["pair", 2, 1, NONE, 0])
    places = cut(found).places(CUE)
    assert places[0] == pytest.approx(hf.overlap(CUE, XI[2]), abs=1e-6)
    m = hf.overlap(XI[1], XI[2])
    marks = floats(found["marks"], 3, 3)
    assert np.allclose(marks[2], [1, 0, 0], atol=1e-3)
    assert np.allclose(marks[1], [m, (1 - m**2) ** 0.5, 0], atol=1e-3)
    assert marks[0, 2] > 0.9
    assert np.allclose(asked(lab, marks[1:, :2]), hf.hebb(XI).energy(XI[1:]), rtol=1e-4)


def test_no_state_lies_beyond_the_edge():
    lab = begun()
    found = lab.answer("landscape", ["pair", 0, 1, NONE, 0])
    corners = floats(found["edge"], -1, 2).astype(float)
    assert len(corners) == 4  # the two patterns and their inverses
    states = hf.random_patterns(200, N, rng=5)
    inside = cut(found).places(np.concatenate([states, XI, -XI]))
    sides = np.roll(corners, -1, axis=0) - corners
    to = inside[:, None] - corners
    assert (sides[:, 0] * to[..., 1] - sides[:, 1] * to[..., 0] > -1e-5).all()


@pytest.mark.parametrize("xi", [XI[:1], np.stack([XI[0], -XI[0]])])
@pytest.mark.parametrize("kind", ["pair", "cue"])
def test_where_there_are_no_two_patterns_chance_gives_the_other_direction(xi, kind):
    lab = begun(xi=xi, cue=XI[0])
    found = lab.answer("landscape", [kind, 0, len(xi) - 1, NONE, 0])
    assert found["kind"] == kind
    assert np.allclose(cut(found).axes @ cut(found).axes.T, N * np.eye(2), atol=1e-2)
    assert np.isfinite(asked(lab, PLACES)).all()


@pytest.mark.parametrize("side", [3, 4])
def test_a_small_network_is_laid_out_whole_as_the_package_finds_it(side):
    xi = hf.random_patterns(2, side**2, rng=3)
    lab = begun(xi=xi, cue=xi[0])
    found = lab.answer("landscape", ["states", 0, 1, NONE, 0])
    memory = hf.hebb(xi)
    ends, which = valleys(memory)
    rows, columns = found["rows"], found["columns"]
    assert (rows, columns, found["many"]) == (*which.shape, len(ends))
    states = laid_out(side**2)
    energies = floats(found["energies"], rows, columns)
    assert np.allclose(energies, memory.energy(states))
    assert np.array_equal(np.frombuffer(found["which"], np.int32).reshape(rows, columns), which)
    identify = hf.landscape.identify
    words = [str(identify(end, xi).named(["p0", "p1"])) for end in ends[:6]]
    assert found["ends"] == words
    at = floats(found["at"], -1, 2).astype(int)
    assert np.array_equal(states[at[:, 0], at[:, 1]], ends[:6])
    assert "p0" in words
    fixed = hf.landscape.fixed_points(memory)
    assert {*map(bytes, ends)} == {*map(bytes, fixed)}


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        (hf.Couplings(np.triu(np.ones((N, N)), 1)), "pair", "not symmetric"),
        (hf.hebb(XI), "states", "16 neurons or fewer"),
        (hf.hebb(XI), "path", "too short"),
        (hf.models.potts(np.zeros((1, N // 4), int), 4), "pair", "more than two states"),
    ],
)
def test_where_there_is_nothing_to_see_it_is_said(given, kind, words):
    lab = begun()
    lab.memory = given
    found = lab.answer("landscape", [kind, 0, 1, to_bits(CUE), 1])
    assert found["kind"] == "none"
    assert words in found["words"]


class AtStatesAlone(hf.Couplings):
    """A memory whose energy is written for -1 and +1 alone."""

    def energy(self, s):
        """Return the energy, or refuse."""
        if not np.isin(s, (-1, 1)).all():
            raise ValueError("s must be states")
        return super().energy(s)


def test_an_energy_of_states_alone_has_no_plane_and_all_its_states():
    xi = hf.random_patterns(2, 9, rng=1)
    lab = begun(xi=xi, cue=xi[0])
    lab.memory = AtStatesAlone(xi.T @ xi / 9 - 2 * np.eye(9) / 9)
    assert "between them" in lab.answer("landscape", ["pair", 0, 1, NONE, 0])["words"]
    assert lab.answer("landscape", ["states", 0, 1, NONE, 0])["kind"] == "states"


@pytest.mark.parametrize("make", [lambda: hf.dense(XI, 4), lambda: hf.modern(XI, 2.0)])
def test_a_memory_of_another_kind_has_its_own_landscape(make):
    lab, memory = begun(), make()
    lab.memory = memory
    found = lab.answer("landscape", ["pair", 0, 1, NONE, 0])
    at = cut(found).at(PLACES.astype(np.float32))
    at = at if memory.neuron.states is None else at.clip(-1, 1)
    assert np.allclose(asked(lab, PLACES), memory.energy(at), rtol=1e-4, atol=1e-3)
    assert bool(found["edge"]) == (memory.neuron.states is not None)


def test_the_menu_of_planes_is_a_table():
    assert [row["name"] for row in choices.known()["planes"]] == list(PLANES)

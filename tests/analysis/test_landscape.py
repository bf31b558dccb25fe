"""Landscapes: fixed points and basins against brute force, stability, and words."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tables import MEMORIES, NEURONS, N

import hopfield as hf
from hopfield import landscape

FLIP_FLOP = hf.Couplings([[0, 1], [1, 0]])


def everything(n, states=(-1, 1)):
    return np.array(list(itertools.product(states, repeat=n)), dtype=float)


def fixed_by_definition(memory, neuron):
    """Return the states that no neuron would leave, each answer written out."""
    low, high = neuron.states
    stays_at_0 = {"keep": (low, high), "up": (high,), "down": (low,)}.get(
        getattr(neuron, "tie", "random"), ()
    )
    found = []
    every = everything(memory.n, neuron.states)
    for s, field in zip(every.tolist(), memory.field(every).tolist(), strict=True):
        stays = all(
            x == high if h > 0 else x == low if h < 0 else x in stays_at_0
            for x, h in zip(s, field, strict=True)
        )
        if stays and not getattr(neuron, "T", 0):
            found.append(s)
    return found


def first_of_cycle(memory, end, why, **options):
    """Return the state of a cycle that comes first in binary, going once around."""
    states = [end]
    for _ in range(int(why.split("-")[0]) - 1 if why.endswith("-cycle") else 0):
        states.append(hf.recall(memory, states[-1], sweeps=1, **options).state)
    return min(tuple(s.tolist()) for s in states)


def as_set(states):
    return {tuple(map(float, s)) for s in states}


# ---- all states ------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 5, 10])
@pytest.mark.parametrize("states", [(-1, 1), (0, 1), (-0.25, 3)])
def test_all_states_count_in_binary(n, states):
    found = np.concatenate(list(landscape.all_states(n, states)))
    assert np.array_equal(found, everything(n, states))
    assert found.dtype == (np.int8 if states != (-0.25, 3) else np.float64)


def test_many_states_come_in_blocks():
    blocks = list(landscape.all_states(17))
    assert [b.shape for b in blocks] == [(2**16, 17)] * 2
    assert (blocks[1][0] == [1] + [-1] * 16).all()


# ---- fixed points ----------------------------------------------------------------------------


@pytest.mark.parametrize("neuron", NEURONS)
@pytest.mark.parametrize("name", MEMORIES)
@settings(max_examples=4)
@given(seed=st.integers(0, 2**32))
def test_fixed_points_are_those_of_the_definition(name, neuron, seed):
    memory, neuron = MEMORIES[name](seed), NEURONS[neuron]
    if neuron.states != (-1, 1):
        memory = memory.recode(*neuron.states)
    found = landscape.fixed_points(memory, neuron=neuron)
    expected = fixed_by_definition(memory, neuron)
    assert found.shape == (len(expected), N)
    assert as_set(found) == as_set(expected)
    if memory.symmetric and len(found):
        assert (np.diff(memory.energy(found)) >= 0).all()
    if getattr(neuron, "T", 0):
        assert not len(found)


@st.composite
def couplings(draw):
    """Draw small integer couplings, where ties abound, or real ones; symmetric or not."""
    n = draw(st.integers(2, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    w = rng.integers(-2, 3, (n, n)) if draw(st.booleans()) else rng.normal(size=(n, n))
    b = rng.integers(-1, 2, n) if draw(st.booleans()) else np.zeros(n)
    w = w + w.T if draw(st.booleans()) else w
    return hf.Couplings(w, self_coupling=draw(st.booleans())) + hf.Bias(b)


@given(couplings(), st.sampled_from(["keep", "up", "down", "random"]), st.booleans())
def test_fixed_points_of_any_couplings(memory, tie, recode):
    neuron = hf.Sign(0, 1, tie=tie) if recode else hf.Sign(tie=tie)
    memory = memory.recode(0, 1) if recode else memory
    found = landscape.fixed_points(memory, neuron=neuron)
    expected = fixed_by_definition(memory, neuron)
    assert len(found) == len(expected)
    assert as_set(found) == as_set(expected)
    if len(found):  # and recall, from there, goes nowhere
        for order in (hf.Random(), hf.Sync()):
            r = hf.recall(memory, found, neuron=neuron, order=order, rng=0)
            assert np.array_equal(r.state, found)
            assert set(r.why) == {"fixed point"}


@pytest.mark.parametrize("tie", ["keep", "up", "down"])
@pytest.mark.parametrize("n", [12, 15])
def test_ending_branches_early_loses_nothing(n, tie):
    xi = hf.random_patterns(3, n, rng=n)
    rng = np.random.default_rng(n)
    w = rng.normal(size=(n, n))
    for memory in (
        hf.hebb(xi),
        hf.Hebbian(xi > 0, coding="01"),
        hf.Couplings(w + w.T),
        hf.Couplings(w),
        hf.Couplings(rng.integers(-1, 2, (n, n)), self_coupling=True) + hf.Bias(0.5),
    ):
        found = landscape.fixed_points(memory, neuron=hf.Sign(tie=tie))
        every = np.concatenate(list(landscape.all_states(n))).astype(float)
        h = memory.field(every)
        stays = {
            "keep": h * every >= 0,
            "up": (h >= 0) == (every > 0),
            "down": (h > 0) == (every > 0),
        }
        assert as_set(found) == as_set(every[stays[tie].all(axis=1)])


def test_the_fixed_points_of_one_pattern_are_it_and_its_inverse():
    xi = hf.random_patterns(1, 21, rng=0)
    found = landscape.fixed_points(hf.hebb(xi))
    assert as_set(found) == as_set([xi[0], -xi[0]])
    assert found.dtype == np.int8


def test_the_deepest_comes_first():
    xi = hf.random_patterns(2, 14, rng=5)
    memory = 3 * hf.hebb(xi[:1]) + hf.hebb(xi[1:]) + hf.Bias(0.01 * xi[0])
    found = landscape.fixed_points(memory)
    assert np.array_equal(found[0], xi[0])
    assert (np.diff(memory.energy(found)) >= 0).all()


def test_a_network_without_fixed_points_has_none():
    turning = hf.Couplings([[0, 1], [-1, 0]])
    assert landscape.fixed_points(turning).shape == (0, 2)
    assert landscape.fixed_points(hf.hebb([[1, 1, 1]]), neuron=hf.HeatBath(0.1)).shape == (0, 3)


# ---- basins ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MEMORIES)
@pytest.mark.parametrize("order", [hf.Sync(), hf.Sequential()])
@pytest.mark.parametrize("tie", ["keep", "up", "down"])
def test_basins_of_all_states_are_the_ends_of_each(name, order, tie):
    memory, neuron = MEMORIES[name](3), hf.Sign(tie=tie)
    b = landscape.basins(memory, neuron=neuron, order=order)
    assert b.counts.sum() == 2**N
    assert (np.diff(b.counts) <= 0).all()
    assert abs(b.shares.sum() - 1) < 1e-12
    assert len(as_set(b.states)) == len(b.states) == len(b.counts) == len(b.why)
    r = hf.recall(memory, everything(N), neuron=neuron, order=order)
    tally = Counter(
        (first_of_cycle(memory, end, why, neuron=neuron, order=order), why)
        for end, why in zip(r.state, r.why.tolist(), strict=True)
    )
    assert tally == {
        (tuple(s), why): count
        for s, why, count in zip(b.states.tolist(), b.why.tolist(), b.counts.tolist(), strict=True)
    }
    fixed = b.states[b.why == "fixed point"]
    assert as_set(fixed) == as_set(landscape.fixed_points(memory, neuron=neuron))


def test_a_cycle_counts_once_whatever_its_phase():
    b = landscape.basins(FLIP_FLOP, order=hf.Sync())
    assert b.states.tolist() == [[-1, 1], [-1, -1], [1, 1]]
    assert b.counts.tolist() == [2, 1, 1]
    assert b.why.tolist() == ["2-cycle", "fixed point", "fixed point"]
    for starts in ([[1, -1]], [[-1, 1]], [[1, -1], [-1, 1]], [[-1, 1], [1, -1], [1, -1]]):
        one = landscape.basins(FLIP_FLOP, starts, order=hf.Sync())
        assert one.states.tolist() == [[-1, 1]]
        assert one.counts.tolist() == [len(starts)]
    turning = landscape.basins(hf.Couplings([[0, 1], [-1, 0]]), order=hf.Sync())
    assert turning.states.tolist() == [[-1, -1]]
    assert (turning.counts.tolist(), turning.why.tolist()) == ([4], ["4-cycle"])


@pytest.mark.parametrize("seed", range(5))
def test_cycles_of_random_networks_count_once(seed):
    w = np.random.default_rng(seed).normal(size=(9, 9))
    memory = hf.Couplings(w)
    b = landscape.basins(memory, order=hf.Sync())
    assert b.counts.sum() == 2**9
    seen = set()
    for state, why in zip(b.states, b.why, strict=True):
        period = 1 if why == "fixed point" else int(why.removesuffix("-cycle"))
        cycle = [state.astype(float)]
        for _ in range(period):
            cycle.append(np.where(memory.field(cycle[-1]) > 0, 1.0, -1.0))
        assert np.array_equal(cycle[0], cycle[-1])
        phases = as_set(cycle)
        assert len(phases) == period
        assert tuple(state) == min(phases)  # the first in binary
        assert not phases & seen
        seen |= phases


def test_basins_of_given_starts_and_of_a_sample():
    xi = hf.random_patterns(2, 60, rng=0)
    memory = hf.hebb(xi)
    starts = hf.flip(np.repeat(xi, [30, 10], axis=0), 5, rng=1)
    b = landscape.basins(memory, starts, rng=2)
    assert np.array_equal(b.states, xi)
    assert b.counts.tolist() == [30, 10]
    assert b.shares.tolist() == [0.75, 0.25]
    assert (b.count_of(xi[1]), b.count_of(xi[1].tolist()), b.count_of(-xi[1])) == (10, 10, 0)
    assert landscape.basins(memory, xi[0], rng=2).counts.tolist() == [1]
    sample = landscape.basins(memory, samples=400, rng=3)
    assert sample.counts.sum() == 400
    again = landscape.basins(memory, samples=400, rng=3)
    assert np.array_equal(sample.states, again.states)
    assert np.array_equal(sample.counts, again.counts)
    other = landscape.basins(memory, samples=400, rng=4)
    assert not np.array_equal(sample.counts, other.counts)


def test_a_sample_agrees_with_the_enumeration():
    memory = hf.hebb(hf.random_patterns(2, 11, rng=2))
    whole = landscape.basins(memory, order=hf.Sync())
    sample = landscape.basins(memory, samples=4000, order=hf.Sync(), rng=1)
    for state, share in zip(whole.states, whole.shares, strict=True):
        error = np.sqrt(share * (1 - share) / 4000)
        assert abs(sample.count_of(state) / 4000 - share) < 4.5 * error


def test_basins_of_01_neurons_are_those_of_their_signs():
    memory = hf.hebb(hf.random_patterns(2, 8, rng=2))
    plain = landscape.basins(memory, order=hf.Sync())
    other = landscape.basins(memory.recode(0, 1), neuron=hf.Sign(0, 1), order=hf.Sync())
    assert np.array_equal(plain.states > 0, other.states > 0)
    assert np.array_equal(plain.counts, other.counts)
    drawn = landscape.basins(memory.recode(0, 1), samples=50, neuron=hf.Sign(0, 1), rng=0)
    assert np.isin(drawn.states, (0, 1)).all()


def test_basins_are_equal_if_all_that_is_in_them_is():
    memory = hf.hebb(hf.random_patterns(2, 8, rng=1))
    found = landscape.basins(memory, samples=50, rng=1)
    assert found == landscape.basins(memory, samples=50, rng=1)
    assert found != landscape.basins(memory, samples=50, rng=2)
    assert found != 1


def test_basins_say_where_a_run_was_cut_short():
    b = landscape.basins(hf.hebb([[1, -1, 1, 1]]), sweeps=0)
    assert len(b.states) == 16
    assert set(b.why) <= {"ran out of sweeps", "fixed point"}
    hot = landscape.basins(hf.hebb([[1, -1, 1, 1]]), neuron=hf.HeatBath(5), sweeps=3, rng=0)
    assert hot.counts.sum() == 16
    assert set(hot.why) == {"ran out of sweeps"}


# ---- stability and words ---------------------------------------------------------------------


@pytest.mark.parametrize("name", MEMORIES)
def test_stability_is_the_smallest_margin(name):
    memory = MEMORIES[name](1)
    states = memory.neuron.states or (-1, 1)
    signs = hf.random_patterns((2, 3), N, rng=1)
    xi = np.where(signs > 0, states[1], states[0])
    margins = landscape.stability(memory, xi)
    assert margins.shape == (2, 3)
    for index in np.ndindex(2, 3):
        expected = min(signs[index][i] * memory.field(xi[index])[i] for i in range(N))
        assert margins[index] == expected
        if memory.neuron.states:
            assert memory.stable(xi[index]) == (expected > 0)
    assert landscape.stability(memory, signs[0, 0] > 0) == margins[0, 0]


def test_stability_asks_for_the_states_of_the_memory():
    ones = hf.hebb([[True, False, True]], coding="01")
    with pytest.raises(ValueError, match=r"^patterns must hold 0 and 1"):
        landscape.stability(ones, [1, -1, 1])
    with pytest.raises(TypeError, match="two-valued neurons, not Potts"):
        landscape.stability(hf.models.potts([[0, 1]], 2), [1, 0, 0, 1])


def test_what_a_state_is_and_its_words():
    xi = hf.random_patterns(5, 101, rng=0)
    assert landscape.identify(xi[3], xi) == landscape.Identity("pattern", (3,), (1,))
    assert landscape.identify(-xi[3], xi) == landscape.Identity("inverse", (3,), (-1,))
    assert str(landscape.identify(xi[3], xi)) == "pattern 3"
    assert str(landscape.identify(-xi[3], xi)) == "inverse of pattern 3"
    assert str(landscape.identify(xi[3].astype(float), xi > 0)) == "pattern 3"
    for i, j, k in itertools.combinations(range(5), 3):
        for a, b, c in itertools.product((1, -1), repeat=3):
            mixture = np.sign(a * xi[i] + b * xi[j] + c * xi[k])
            found = landscape.identify(mixture, xi)
            assert found == landscape.Identity("mixture", (i, j, k), (a, b, c))
            signs = ["+" if x > 0 else "-" for x in (a, b, c)]
            assert str(found) == f"mixture of {signs[0]}{i} {signs[1]}{j} {signs[2]}{k}"
    five = np.sign(xi.sum(axis=0))
    for state in (hf.flip(xi[3], 1, rng=0), hf.blank(xi[3], [0]), five, 2 * xi[3]):
        assert landscape.identify(state, xi) == landscape.Identity("spurious")
    assert str(landscape.identify(five, xi)) == "spurious"
    assert str(landscape.identify(np.zeros(101), xi)) == "undecided"
    assert str(landscape.identify(xi[0], xi[0])) == "pattern 0"


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        ((0, 0, 1), "C"),
        ((0, -1, 0), "inverse of B"),
        ((-1, 1, 1), "mixture of -A +B +C"),
    ],
)
def test_names_stand_for_the_numbers(signs, words):
    xi = hf.random_patterns(3, 51, rng=1)
    assert landscape.identify(np.sign(signs @ xi), xi).named(["A", "B", "C"]) == words


def test_mixtures_are_looked_for_among_the_twelve_nearest():
    xi = hf.random_patterns(14, 101, rng=1)
    for three in ([0, 5, 11], [0, 5, 12], [11, 12, 13]):
        found = landscape.identify(np.sign(xi[three].sum(axis=0)), xi)
        assert found == landscape.Identity("mixture", tuple(three), (1, 1, 1))
    assert str(landscape.identify(xi[13], xi)) == "pattern 13"
    # 12 patterns that differ from the state in one neuron stand before the three that are mixed
    s = np.sign(xi[[0, 5, 12]].sum(axis=0))
    nearer = np.tile(np.where(np.arange(101) == 0, -s, s), (12, 1))
    assert landscape.identify(s, [*xi, *nearer]) == landscape.Identity("spurious")


@given(st.data())
def test_a_share_of_neurons_may_differ(data):
    xi = hf.random_patterns(5, 200, rng=data.draw(st.integers(0, 99)))
    signs = np.array(data.draw(st.sampled_from([(1,), (-1,), (1, -1, 1), (-1, -1, 1)])))
    flips = data.draw(st.integers(0, 12))
    s = hf.flip(np.sign(signs @ xi[: signs.size]).astype(int), flips, rng=1)
    exact = landscape.identify(s, xi)
    near = landscape.identify(s, xi, wrong=0.025)
    assert exact.kind == "spurious" or flips == 0
    assert (near.signs == tuple(signs)) == (flips <= 5)
    assert near.patterns == (tuple(range(signs.size)) if flips <= 5 else ())
    with pytest.raises(ValueError, match=r"wrong must be 0 or more and below 0\.5, not 0\.5"):
        landscape.identify(s, xi, wrong=0.5)


def test_what_is_the_nearest_is_the_first_of_those_that_are_as_near():
    xi = np.array([[1, 1, -1], [-1, -1, 1], [1, 1, -1]])
    assert str(landscape.identify(xi[1], xi)) == "inverse of pattern 0"
    assert str(landscape.identify(xi[2], xi)) == "pattern 0"


# ---- attractors of graded neurons --------------------------------------------------------------

GRADED = hf.hebb(hf.random_patterns(2, 8, rng=1))


@pytest.mark.parametrize("transfer", ["tanh", "arctan"])
def test_attractors_rest_and_a_push_dies_out_where_they_are_stable(transfer):
    neuron = hf.Graded(2.5, transfer=transfer)
    corners = np.concatenate(list(hf.landscape.all_states(8)))
    found = hf.landscape.attractors(GRADED, [*corners, np.zeros(8)], neuron=neuron)
    assert found.counts.sum() == 2**8 + 1
    assert (np.diff(found.energies) >= -1e-9).all()
    assert np.abs(neuron.answer(GRADED.gradient(found.states)) - found.states).max() < 1e-12
    assert {True, False} == set(found.stable.tolist())
    pushes = 1e-4 * np.random.default_rng(1).normal(size=(len(found.states), 8))
    r = hf.recall(GRADED, found.states + pushes, neuron=neuron, order=hf.Flow(0.5), sweeps=400)
    back = np.abs(r.state - found.states).max(axis=1) < 1e-6
    assert np.array_equal(back, found.stable)


def test_the_rates_of_tanh_are_those_of_its_slopes():
    found = hf.landscape.attractors(GRADED, neuron=hf.Graded(2.5))
    w = GRADED.linear()[0]
    for s, rates in zip(found.states, found.eigenvalues, strict=True):
        known = np.linalg.eigvals(2.5 * (1 - s**2)[:, None] * w) - 1
        assert np.sort(rates.real) == pytest.approx(np.sort(known.real), abs=1e-7)


def test_attractors_of_any_memory_and_drive():
    x = np.array([[2.0, 0], [0, 2.0], [2, 2]])
    for memory in (hf.modern(x, 3.0, similarity="distance"), hf.models.epanechnikov(x, 2.0)):
        found = hf.landscape.attractors(memory, x + 0.1, neuron=memory.neuron)
        assert found.stable.all()
        assert np.abs(np.sort(found.states, axis=0) - np.sort(x, axis=0)).max() < 0.02
    circuit = hf.models.Potentials(GRADED, 2.5)
    seen = hf.landscape.attractors(circuit, hf.random_patterns(30, 8, rng=2), neuron=hf.Linear())
    assert seen.energies == pytest.approx(circuit.lyapunov(seen.states))
    assert (np.diff(seen.energies) >= -1e-9).all()
    oneway = hf.models.Potentials(hf.Couplings([[0, 1], [-1, 0]]), 2.5)
    assert hf.landscape.attractors(oneway, [[0.1, 0.2]]).energies is None
    v = circuit.outputs(seen.states[seen.stable])
    there = hf.landscape.attractors(GRADED, neuron=hf.Graded(2.5))
    for one in v:
        assert np.abs(there.states[there.stable] - one).max(axis=1).min() < 1e-9
    turning = hf.Couplings([[0, 1], [-1, 0]])  # 0 is a centre of a spiral
    (rates,) = hf.landscape.attractors(turning, neuron=hf.Graded(1.5)).eigenvalues
    assert rates == pytest.approx([-1 - 1.5j, -1 + 1.5j])


@pytest.mark.parametrize("size", [1.0, 1e6])
def test_places_a_millionth_apart_are_two_at_any_scale(size):
    x = size * np.array([[0.0], [1.0], [1.0 + 5e-5]])
    memory = hf.models.epanechnikov(x, beta=1e10 / size**2)
    found = hf.landscape.attractors(memory, x)
    assert np.sort(found.states, axis=0) == pytest.approx(x, rel=1e-9, abs=1e-9 * size)
    assert found.counts.tolist() == [1, 1, 1]
    same = hf.landscape.attractors(memory, [x[0], x[0] + 1e-9 * size])
    assert same.counts.tolist() == [2]
    assert len(hf.landscape.attractors(hf.models.epanechnikov([[0], [5e-5]], 1e10), x[:2]).states)


def test_attractors_from_samples_are_drawn_from_rng_and_saved(tmp_path):
    options = {"neuron": hf.Graded(3), "samples": 20}
    found = hf.landscape.attractors(GRADED, rng=1, **options)
    assert found == hf.landscape.attractors(GRADED, rng=1, **options)
    hf.save(tmp_path / "found", found)
    assert hf.load(tmp_path / "found") == found
    none = hf.landscape.attractors(
        hf.Couplings([[0, 9], [-9, 0]]), [[0.1, 0.2]], neuron=hf.Linear()
    )
    assert none.states == pytest.approx(np.zeros((1, 2)), abs=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: hf.landscape.attractors(GRADED), ValueError, "^neuron must be graded"),
        (
            lambda: hf.landscape.attractors(GRADED, neuron=hf.Linear()),
            ValueError,
            "^starts must be given, as Linear",
        ),
        (
            lambda: hf.landscape.attractors(GRADED, samples=3, neuron=hf.Graded(1)),
            TypeError,
            "^rng must be given",
        ),
        (
            lambda: hf.landscape.attractors(
                GRADED, np.ones((2, 8)), samples=3, neuron=hf.Graded(1), rng=1
            ),
            ValueError,
            "^give starts or samples, not both",
        ),
        (
            lambda: hf.landscape.attractors(
                hf.hebb(hf.random_patterns(2, 13, rng=1)), neuron=hf.Graded(1)
            ),
            ValueError,
            "^memory must have at most 12 .*; attractors can sample",
        ),
        (
            lambda: hf.landscape.attractors(GRADED, neuron=hf.Graded(1), rng=1),
            ValueError,
            "^rng must come with samples",
        ),
        (
            lambda: hf.landscape.attractors(GRADED, [1, 2], neuron=hf.Graded(1)),
            ValueError,
            "^starts must have 8",
        ),
    ],
)
def test_what_attractors_refuse(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_state_is_identified_among_real_patterns():
    x = np.random.default_rng(1).normal(size=(9, 30))
    identify = hf.landscape.identify
    assert identify(x[4], x) == hf.landscape.Identity("pattern", (4,), (1,))
    assert str(identify(-x[4], x)) == "inverse of pattern 4"
    assert identify(x[4] + 0.01, x).kind == "spurious"
    assert identify(x[4] + 0.01, x, wrong=0.05).kind == "pattern"
    assert identify(x[[2, 7]].mean(axis=0), x).patterns == (2, 7)
    assert identify(x[[1, 2, 7]].mean(axis=0), x).named("abcdefghi") == "mixture of +b +c +h"
    assert identify(np.zeros(30), x).kind == "undecided"
    assert identify([5.0, 5], [[0.0, 0], [9, 0]]).kind == "spurious"
    memory = hf.modern(x.astype(np.float32), 4.0)
    ends = hf.recall(memory, x + 0.1).state
    assert [identify(s, x, wrong=0.01).patterns for s in ends] == [(k,) for k in range(9)]

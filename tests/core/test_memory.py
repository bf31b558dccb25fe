"""Memories: their sums, their codings, whom they are written for, and what they are made of."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from tables import MEMORIES, N

import hopfield as hf
from hopfield.core.memory import Recoded, Sum
from tests.bad import ASYMMETRIC, M, X, refuses

memories = pytest.mark.parametrize("name", MEMORIES)
STATES = hf.random_patterns(40, N, rng=9)


def same(a, b, s=STATES):
    """Tell whether two memories have the same fields and energies, to the bit."""
    return np.array_equal(a.field(s), b.field(s)) and np.array_equal(a.energy(s), b.energy(s))


@memories
@pytest.mark.parametrize(
    "clone", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_a_memory_survives_copying(name, clone):
    memory = MEMORIES[name](0)
    twin = clone(memory)
    assert np.array_equal(twin.field(STATES), memory.field(STATES))
    if memory.symmetric:
        assert np.array_equal(twin.energy(STATES), memory.energy(STATES))
    a, b = (hf.recall(m, STATES, neuron=hf.Sign(), rng=1, sweeps=5) for m in (memory, twin))
    assert np.array_equal(a.state, b.state)
    assert a.kernel == b.kernel


def test_a_bias_of_one_number_is_that_of_each_neuron():
    m = hf.hebb(hf.random_patterns(2, N, rng=0))
    assert same(m + hf.Bias(0.5), m + hf.Bias(np.full(N, 0.5)))
    assert same(m + hf.Bias(0.5), hf.Bias(0.5) + m)
    assert same(hf.Bias(0.5, N), hf.Bias(np.full(N, 0.5)))
    assert hf.Bias(0.5, N).field(STATES).tolist() == np.full(STATES.shape, 0.5).tolist()
    assert hf.Bias([1.0, 2.0]).energy([[1, -1], [1, 1]]).tolist() == [1, -3]


def test_a_bias_is_its_own_copy():
    values = np.ones(3)
    memory = hf.Bias(values)
    values[0] = 7
    memory.field([1, 1, 1])[1] = 7
    assert memory.field([1, 1, 1]).tolist() == [1, 1, 1]


def test_sums_are_flat_and_factors_multiply():
    a, b, c = (hf.hebb(hf.random_patterns(2, N, rng=k)) for k in range(3))
    total = (a + b) - 2 * (c - 3 * a)
    assert isinstance(total, Sum)
    assert total.memories == [a, b, c, a]
    assert total.factors == [1, 1, -2, 6]
    expected = a.field(STATES) + b.field(STATES) - 2 * c.field(STATES) + 6 * a.field(STATES)
    assert np.allclose(total.field(STATES), expected)
    assert ((-total).factors, (a - b).factors) == ([-1, -1, 2, -6], [1, -1])
    assert not (a - a).field(STATES).any()
    assert not (0 * a).energy(STATES).any()


@pytest.mark.parametrize("two", [2, 2.0, np.float64(2), np.int8(2), np.float32(2), np.uint64(2)])
def test_a_number_of_any_kind_times_a_memory_is_a_memory(two):
    m = hf.hebb(hf.random_patterns(2, N, rng=0))
    for product in (two * m, m * two):
        assert isinstance(product, Sum)
        assert same(product, m + m)


@pytest.mark.parametrize("coding", ["bipolar", "01"])
@pytest.mark.parametrize("n", [40, 300])
def test_a_sum_of_hebbs_memories_is_recalled_as_one(n, coding):
    xi = hf.random_patterns(9, n, rng=1) > 0
    one = hf.Hebbian(xi, coding=coding) + hf.Bias(0.25)
    many = sum((hf.Hebbian(xi[k : k + 3], coding=coding) for k in (0, 3, 6)), hf.Bias(0.25))
    neuron = hf.Sign() if coding == "bipolar" else hf.Sign(0, 1)
    cues = np.where(hf.flip(hf.bipolar(xi), 0.2, rng=2) > 0, 1, neuron.low)
    for order in (hf.Shuffled(), hf.Sync(), hf.Sequential()):
        a, b = (hf.recall(m, cues, neuron=neuron, order=order, rng=3) for m in (one, many))
        assert np.array_equal(a.state, b.state)
        assert np.array_equal(a.sweeps, b.sweeps)
        assert a.kernel == b.kernel


@memories
def test_a_sum_is_the_sum_of_its_parts(name):
    m, other = MEMORIES[name](0), hf.hebb(hf.random_patterns(2, N, rng=5))
    total = 2 * m - other
    assert np.allclose(total.field(STATES), 2 * m.field(STATES) - other.field(STATES))
    assert np.allclose(total.gradient(STATES), 2 * m.gradient(STATES) - other.gradient(STATES))
    assert total.symmetric == m.symmetric
    if m.symmetric:
        assert np.allclose(total.energy(STATES), 2 * m.energy(STATES) - other.energy(STATES))


@memories
def test_where_the_field_is_linear_linear_says_so(name):
    for memory in (MEMORIES[name](1), MEMORIES[name](1).recode(0, 3)):
        form = memory.linear()
        rng = np.random.default_rng(0)
        s = rng.choice([0.0, 3.0], (20, N)) if isinstance(memory, Recoded) else STATES
        if name in ("dense power-2", "dense square-0"):
            assert form is None  # it is linear, and does not say so
        elif form is None:
            bent = memory.field(s[0]) + memory.field(s[1]) - memory.field(s[0] + s[1])
            assert np.abs(bent - memory.field(np.zeros(N))).max() > 1e-3
        else:
            w, b = form
            assert (w.shape, b.shape) == ((N, N), (N,))
            assert np.allclose(s @ w.T + b, memory.field(s))


@memories
def test_shapes_follow_the_state(name):
    memory = MEMORIES[name](0)
    for lead in ((), (1,), (3,), (2, 3)):
        s = np.broadcast_to(STATES[0], (*lead, N))
        assert memory.field(s).shape == memory.gradient(s).shape == (*lead, N)
        assert np.array_equal(memory.field(s), np.broadcast_to(memory.field(STATES[0]), s.shape))
        if memory.symmetric:
            assert np.shape(memory.energy(s)) == lead
    if memory.symmetric:
        assert isinstance(memory.energy(STATES[0]), float)
    states = memory.neuron.states or (-1, 1)
    s = np.where(STATES > 0, states[1], states[0])
    assert isinstance(memory.stable(s[0]), bool)
    if memory.neuron.states:
        expected = (STATES * memory.field(s) > 0).all(axis=1)
    else:  # what a graded neuron answers is where it is
        expected = (np.abs(memory.gradient(s) - s) <= 1e-9).all(axis=1)
    assert np.array_equal(memory.stable(s), expected)


@memories
def test_a_memory_says_what_it_is_in_one_line(name):
    text = repr(MEMORIES[name](0))
    assert "object at" not in text
    assert "\n" not in text
    assert len(text) < 100


@memories
def test_parts_rebuild_a_memory(name):
    memory = MEMORIES[name](0).recode(0, 2)
    twin = Recoded(**memory.parts())
    inner = type(memory.memory)(**memory.memory.parts())
    assert np.array_equal(twin.field(STATES + 1), memory.field(STATES + 1))
    assert np.array_equal(inner.field(STATES), memory.memory.field(STATES))


@memories
@pytest.mark.parametrize("states", [(0, 1), (-0.25, 3.0), (0.1, 0.7), (-0.09, 1.53)])
def test_recoding_there_and_back_changes_nothing(name, states):
    memory = MEMORIES[name](2)
    low, high = states
    coded = np.where(STATES > 0, high, low)
    other = memory.recode(low, high)
    if memory.symmetric:
        assert np.array_equal(other.energy(coded), memory.energy(STATES))
    back = (high - low) / 2 * other.field(coded)
    assert np.allclose(back, memory.field(STATES), rtol=1e-12)
    assert np.array_equal(memory.recode(-1, 1).field(STATES), memory.field(STATES))


@pytest.mark.parametrize("order", [hf.Sequential(), hf.Shuffled(), hf.Random(), hf.Sync()])
@pytest.mark.parametrize("states", [(0, 1), (0.1, 0.7), (-0.09, 1.53), (-3, -1.3)])
@pytest.mark.parametrize("tie", ["keep", "up", "down", "random"])
def test_recall_in_other_states_is_the_same_recall(order, states, tie):
    low, high = states
    memory = hf.hebb(hf.random_patterns(3, 20, rng=0))
    cues = hf.blank(hf.random_patterns(20, 20, rng=1), 4, rng=2)  # ties and unknowns among them
    values = np.array([low, (low + high) / 2, high])
    plain = hf.recall(memory, cues, neuron=hf.Sign(tie=tie), order=order, rng=3)
    other = hf.recall(
        memory.recode(low, high),
        values[cues + 1],
        neuron=hf.Sign(low, high, tie=tie),
        order=order,
        rng=3,
    )
    assert np.array_equal(values[plain.state.astype(int) + 1], other.state)
    assert np.array_equal(plain.why, other.why)
    assert np.array_equal(plain.undecided, other.undecided)
    assert np.array_equal(plain.energy, other.energy)


CASES = {
    "energy of a sum with asymmetric W": (
        lambda: (hf.hebb([[1, 1]]) + ASYMMETRIC).energy([1, 1]),
        hf.NoEnergy,
        "not symmetric",
    ),
    "energy of asymmetric W recoded": (
        lambda: ASYMMETRIC.recode().energy([1, 1]),
        hf.NoEnergy,
        "not symmetric",
    ),
    "a bias of two dimensions": (lambda: hf.Bias(X), ValueError, r"^values .* \(3, 5\)"),
    "a bias of another n": (lambda: hf.Bias(X[0], 4), ValueError, "^n=4 differs from the 5 values"),
    "a bias that stands alone": (
        lambda: hf.Bias(0.5).field([1, 1]),
        ValueError,
        "^n must be given to a Bias of one number",
    ),
    "the energy of a bias that stands alone": (
        lambda: hf.Bias(0.5).energy([1, 1]),
        ValueError,
        "^n must be given",
    ),
    "memories of other n": (
        lambda: M + hf.hebb([[1, 1]]),
        ValueError,
        r"^memories must have one N, not \[2, 5\]",
    ),
    "biases of any n": (
        lambda: hf.Bias(1) + hf.Bias(2),
        ValueError,
        "^memories must have one N, not none",
    ),
    "no memories": (lambda: Sum([]), ValueError, "^memories must have one N, not none"),
    "memories that are no list": (lambda: Sum(M), TypeError, "^memories must be a list"),
    "weights that are no list": (lambda: Sum([M], 2), TypeError, "^weights must be a list, not 2"),
    "too few weights": (lambda: Sum([M, M], [1]), ValueError, "^2 memories need as many weights"),
    "weights that multiply beyond float64": (
        lambda: 1e30 * (1e30 * M),
        ValueError,
        "^weights must be finite",
    ),
    "a memory times a memory": (lambda: M * M, TypeError, "^factor must be a number"),
    "an array times a memory": (lambda: np.ones(2) * M, TypeError, "^factor must be a number"),
    "states of three dimensions": (
        lambda: M.open(X[None]),
        ValueError,
        r"^s must be \(n,\) or \(R, n\).* \(1, 3, 5\)",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_a_sentence(case):
    refuses(*CASES[case])

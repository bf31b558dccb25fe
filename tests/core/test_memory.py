"""Memories: their sums, their codings, whom they are written for, and what they are made of."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from tables import MEMORIES, N

import hopfield as hf
from hopfield import engine
from hopfield.core.memory import Recoded, Sum, from_signs, to_signs
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


@pytest.mark.parametrize("factor", [0.5, -1, 3, 0.3, 0])
def test_a_sum_of_alike_weighted_memories_is_recalled_as_the_plain_loop_does(factor):
    xi = hf.random_patterns(4, 30, rng=1)
    m = factor * hf.hebb(xi[:2]) + factor * hf.hebb(xi[2:]) + hf.Bias(0.1)
    assert m.form().kind == ("patterns" if factor in (0.5, -1) else "sum")
    for neuron in (hf.Sign(), hf.HeatBath(0.3)):
        options = {"neuron": neuron, "sweeps": 5}
        fast = hf.recall(m, hf.random_patterns(3, 30, rng=2), rng=3, **options)
        with engine.using():
            plain = hf.recall(m, hf.random_patterns(3, 30, rng=2), rng=3, **options)
        assert np.array_equal(fast.state, plain.state)
        assert np.array_equal(fast.energy, plain.energy)


def test_one_state_has_the_energy_to_the_bit_that_it_has_among_others():
    rows = (hf.random_patterns(p, 3, rng=p) for p in (3, 33, 9))
    memory = sum((hf.hebb(x, allow_repeats=True) for x in rows), hf.Bias(0.1))
    states = 1.0 - 2 * (np.arange(8)[:, None] >> np.arange(3) & 1)
    assert [memory.energy(s) for s in states] == memory.energy(states).tolist()


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


BEYOND = {
    "recoded": (lambda xi: hf.hebb(xi).recode(0, 1), [-1, 1.5]),
    "a sum of recoded": (lambda xi: hf.hebb(xi).recode(0, 1) + hf.Bias(0.5), [-1, 1.5]),
    "recoded to states of one sign": (lambda xi: hf.hebb(xi).recode(1, 3), [0, 4]),
    "dense": (hf.dense, [-2, 3]),
    "dense recoded": (lambda xi: hf.dense(xi).recode(0, 1), [-1, 2]),
}


@pytest.mark.parametrize("name", BEYOND)
def test_energies_are_of_states_and_what_lies_between_them(name):
    make, outside = BEYOND[name]
    memory = make(X)
    low, high = memory.states
    for legal in ([low, high], [low, (low + high) / 2], [low + (high - low) / 4, high]):
        assert np.isfinite(memory.energy(np.resize(legal, 5)))
    for value in outside:
        s = np.resize([low, high], 5)
        s[3] = value
        refuses(lambda s=s: memory.energy(s), ValueError, rf"^s must hold .*it holds {value}$")
        refuses(lambda s=s: memory.energy([s, s]), ValueError, rf"^s must hold .*it holds {value}$")


@pytest.mark.parametrize("name", BEYOND)
def test_evidence_beyond_the_states_is_recalled_and_its_energy_recorded(name):
    make, (below, above) = BEYOND[name]
    memory = make(X)
    cue = np.where(X[0] > 0, above, below)
    r = hf.recall(memory, cue, record=hf.record.energy(), rng=1)
    assert r.why == "fixed point"
    assert r.trace[-1] == r.energy == memory.energy(r.state)


def test_the_states_of_another_coding_have_no_energy():
    assert hf.hebb([[1, -1]]).recode(0, 1).energy([0, 1]) == -0.5
    refuses(lambda: hf.hebb([[1, -1]]).recode(0, 1).energy([-1, 1]), ValueError, "^s must hold 0")


def test_memories_of_any_states_and_of_graded_neurons_have_energies_of_any_reals():
    s = np.linspace(-3, 3, 5)
    for memory in (hf.hebb(X), hf.Couplings(hf.hebb(X).dense().weights), hf.modern(X)):
        assert np.isfinite(memory.energy(s))


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
    "a memory and an array": (
        lambda: M + np.ones(5),
        TypeError,
        r"^memories can be added to memories, not to array.*hf.Bias\(values\)",
    ),
    "an array and a memory": (lambda: np.ones(5) + M, TypeError, "^memories can be added to"),
    "a memory less a number": (lambda: M - 1, TypeError, "^memories .* not to 1;"),
    "a number less a memory": (lambda: 1 - M, TypeError, "^memories .* not to 1;"),
    "a memory by an array": (lambda: M / np.ones(5), TypeError, "^divisor must be a number"),
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


# ---- whom a memory is written for ------------------------------------------------------------


def test_a_memory_is_recalled_by_the_neurons_and_the_order_that_it_names():
    x = np.random.default_rng(1).normal(size=(3, 20))
    r = hf.recall(hf.modern(x, beta=4), x[0] + 0.01)
    assert not np.isin(r.state, (-1, 0, 1)).any()
    assert np.allclose(r.state, x[0], atol=0.1)
    twin = hf.recall(hf.modern(x, beta=4), x[0] + 0.01, neuron=hf.Linear(), order=hf.Sync())
    assert np.array_equal(r.state, twin.state)
    ring = np.roll(np.eye(6), 1, axis=1)
    colours = hf.optimise.colouring(ring + ring.T, 3)
    r = hf.recall(colours, np.zeros(18), neuron=hf.Potts(3, T=0.5), sweeps=9, rng=1)
    assert (r.state.reshape(6, 3).sum(axis=1) == 1).all()
    nothing = hf.recall(colours, np.zeros(18), rng=1)
    assert nothing.undecided == 6  # of neurons, not of sites
    r = hf.recall(colours, hf.models.one_hot([0] * 6, 3), rng=1)
    assert r.energy == 0
    assert (r.state.reshape(6, 3).sum(axis=1) == 1).all()
    xi = hf.random_patterns(4, 60, rng=1)
    pairs = hf.models.bam(xi[:, :40], xi[:, 40:])
    assert pairs.order == hf.Blocks(range(40), range(40, 60))
    cue = np.concatenate([np.zeros(40), xi[0, 40:]])
    assert np.array_equal(hf.recall(pairs, cue).state, xi[0])
    assert hf.recall(hf.sequence(xi), xi[1], updates=1).state.tolist() == xi[2].tolist()


def test_the_memorys_neuron_and_order_are_seen_through_sums_factors_biases_and_codings():
    hebb, potts = hf.hebb(X), hf.models.potts([[0, 1, 2]], 3)
    modern, steps = hf.modern(X, 0.5), hf.sequence(X)
    for memory in (potts, 2 * potts, potts + hf.Bias(0.1), potts + potts, -potts):
        assert (memory.neuron, memory.order) == (hf.Potts(3), hf.Shuffled())
    for memory in (modern, modern / 3, hf.Bias(0.1) + modern):
        assert (memory.neuron, memory.order) == (hf.Linear(), hf.Sync())
    assert (hebb.recode(0, 1).neuron, hebb.recode(0, 1).order) == (hf.Sign(0, 1), hf.Shuffled())
    assert steps.recode(0, 1).order == hf.Sync()
    assert (hf.Bias(1.0, 5).neuron, hf.Bias(1.0, 5).order) == (hf.Sign(), hf.Shuffled())
    assert (hf.Bias(1.0, 5) + hf.Bias(1.0)).neuron == hf.Sign()


class Mine:
    """A neuron of -1/+1 that is no dataclass."""

    states, random = (-1.0, 1.0), False

    def __call__(self, h, s, rng):
        return np.where(h > 0, 1.0, -1.0)

    def settled(self, h, s):
        return (h > 0) == (s > 0)


def test_a_neuron_that_cannot_be_recoded_is_asked_for():
    w = np.ones((4, 4))
    cooled = hf.Couplings(w, neuron=hf.Anneal([1, 0])).recode(0, 1)
    assert cooled.neuron == hf.Anneal([1, 0], hf.HeatBath(0, 0, 1))
    assert hf.recall(cooled, [1, 1, 1, 0], sweeps=9, rng=1).why == "fixed point"
    mine = hf.Couplings(w, neuron=Mine()).recode(0, 1)
    with pytest.raises(ValueError, match=r"^neuron must be given: Couplings.* names none"):
        hf.recall(mine, [1, 1, 1, 0], rng=1)
    assert hf.recall(mine, [1, 1, 1, 0], neuron=hf.Sign(0, 1), rng=1).state.tolist() == [1] * 4


def test_a_sum_says_what_any_of_its_memories_says_of_its_diagonal():
    keeps, leaves = hf.Hebbian(STATES, self_coupling=True), hf.Hebbian(STATES)
    assert (keeps + leaves).self_coupling
    assert (2 * keeps).recode(0, 1).self_coupling
    assert not (leaves + hf.Bias(1.0)).self_coupling


def test_a_sum_for_different_neurons_or_orders_asks_for_them():
    xi = hf.random_patterns(2, 6, rng=1)
    mixed = hf.hebb(xi) + hf.modern(xi)
    assert mixed.neuron is mixed.order is None
    sentence = r"^neuron must be given: \(Hebbian.* adds memories written for others"
    refuses(lambda: hf.recall(mixed, xi[0], order=hf.Sync()), ValueError, sentence)
    refuses(lambda: hf.recall(mixed, xi[0], neuron=hf.Sign()), ValueError, "^order must be given")
    assert hf.recall(mixed, xi[0], neuron=hf.Sign(), order=hf.Shuffled(), rng=1).why
    potts = hf.models.potts([[0, 1]], 3) + hf.hebb(xi)
    refuses(lambda: hf.recall(potts, np.zeros(6)), ValueError, "^neuron must be given")
    turned = hf.hebb(xi) + hf.sequence(xi)
    assert (turned.neuron, turned.order) == (hf.Sign(), None)
    refuses(lambda: hf.recall(turned, xi[0]), ValueError, "^order must be given")
    codings = hf.hebb(xi) + hf.hebb(xi > 0, coding="01")
    refuses(lambda: hf.recall(codings, xi[0]), ValueError, "^neuron must be given")
    refuses(
        lambda: hf.dense(xi) + hf.hebb(xi).recode(0, 1),
        ValueError,
        "^memories must have one states of the neuron",
    )


def test_neurons_of_other_states_than_the_memorys_are_refused():
    cubic = hf.DenseMemory(X, "power", degree=3)
    for memory, neuron in (
        (cubic, hf.Sign(0, 1)),
        (cubic.recode(0, 1), hf.Sign()),
        (hf.modern(X), hf.HeatBath(1, 0, 1)),
    ):
        refuses(
            lambda memory=memory, neuron=neuron: hf.recall(memory, X[0] > 0, neuron=neuron),
            ValueError,
            r"^neuron has the states .*memory.recode\(low, high\)",
        )
    r = hf.recall(cubic.recode(0, 1), X[0] > 0, rng=1)
    assert np.array_equal(r.state, X[0] > 0)
    refuses(lambda: cubic.recode(0, 1).recode(0, 1), ValueError, "^memory must be written for -1/")


def test_patterns_are_stable_in_the_states_of_the_memorys_neuron():
    eta = np.random.default_rng(1).random((5, 200)) < 0.1
    memory = hf.learning.covariance(eta, coding="01")
    held = memory.stable(eta)
    assert held.all()
    assert memory.stable(eta * 1).tolist() == memory.stable(eta * 1.0).tolist() == held.tolist()
    assert not memory.stable(~eta).any()
    refuses(lambda: memory.stable(2 * eta - 1), ValueError, "^patterns must hold 0 and 1, the ")
    xi = hf.random_patterns(3, 40, rng=1)
    far = hf.hebb(xi).recode(0, 2)
    assert far.neuron == hf.Sign(0, 2)
    assert far.stable(xi + 1).tolist() == hf.hebb(xi).stable(xi).tolist() == [True] * 3
    assert far.stable(xi > 0).all()
    potts = hf.models.potts(np.arange(20)[None] % 3, 3)
    assert potts.stable(hf.models.one_hot(np.arange(20) % 3, 3))
    assert not potts.stable(hf.models.one_hot(np.arange(20) % 2, 3))
    x = 3 * np.eye(4)[:2]
    assert hf.modern(x, beta=9).stable(np.vstack([x, x[:1] + 1])).tolist() == [True, True, False]


# ---- memories of one's own -------------------------------------------------------------------


class Ferromagnet(hf.Memory):
    """All neurons pull alike: E = -(sum of s)**2 / 2N, less what each does to itself."""

    quadratic = True

    def __init__(self, n):
        self.n = n

    def field(self, s):
        s = np.asarray(s, dtype=float)
        return (s.sum(axis=-1, keepdims=True) - s) / self.n

    def energy(self, s):
        s = np.asarray(s, dtype=float)
        return -(s.sum(axis=-1) ** 2 - (s * s).sum(axis=-1)) / (2 * self.n)

    def parts(self):
        return {"n": self.n}


@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync(), hf.Random(), hf.Sequential()])
@pytest.mark.parametrize("neuron", [hf.Sign(), hf.HeatBath(0.3), hf.Sign(0, 1), hf.Graded(2)])
def test_a_memory_of_ones_own_runs_as_what_it_is(neuron, order):
    own, same_ = Ferromagnet(8), hf.Couplings(np.ones((8, 8)), divisor=8)
    hf.testing.check_memory(own)
    hf.testing.check_gradient(own)
    cues = hf.random_patterns(6, 8, states=neuron.states or (-1, 1), rng=1)
    options = {"neuron": neuron, "order": order, "sweeps": 9}
    a, b = (hf.recall(m, cues, rng=2, **options) for m in (own, same_))
    assert np.allclose(a.state, b.state, rtol=0, atol=1e-12)
    assert (a.why == b.why).all()
    assert np.allclose(a.energy, b.energy)


class Quartic(hf.Memory):
    """E = -sum (xi.s)**4 / 4 N**3, with the field between -1 and +1 and nothing else said."""

    def __init__(self, xi):
        self.xi = np.asarray(xi, dtype=float)
        self.n = self.xi.shape[1]

    def energy(self, s):
        return -((np.asarray(s) @ self.xi.T) ** 4).sum(axis=-1) / (4 * self.n**3)

    def field(self, s):
        s = np.asarray(s, dtype=float)
        i = np.arange(self.n)
        low, high = (np.repeat(s[..., None, :], self.n, axis=-2) for _ in "ab")
        low[..., i, i], high[..., i, i] = -1, 1
        return (self.energy(low) - self.energy(high)) / 2


class Smooth(Quartic):
    """The same for graded neurons too."""

    def gradient(self, s):
        return (np.asarray(s) @ self.xi.T) ** 3 @ self.xi / self.n**3


def test_a_memory_that_is_not_quadratic_is_not_fed_as_if_it_were():
    own = Quartic(hf.random_patterns(2, 8, rng=1))
    hf.testing.check_memory(own)
    assert hf.recall(own, own.xi[0]).why == "fixed point"
    for graded in (hf.Graded(2), hf.Linear()):
        refuses(
            lambda graded=graded: hf.recall(own, own.xi[0], neuron=graded, order=hf.Flow(0.1)),
            TypeError,
            "^Quartic must define gradient, -dE/ds, for graded neurons",
        )
        refuses(
            lambda graded=graded: hf.recall(2 * own + hf.hebb(own.xi), own.xi[0], neuron=graded),
            TypeError,
            "^Quartic must define gradient",
        )
    for neuron in (hf.Sign(0, 1), hf.HeatBath(0.5, 0, 1), hf.Potts(2)):
        for memory in (own, own + hf.Bias(0.1)):
            refuses(
                lambda memory=memory, neuron=neuron: hf.recall(
                    memory, own.xi[0] > 0, neuron=neuron
                ),
                ValueError,
                r"^memory must say for which states .* states = \(0.0, 1.0\), or quadratic = True",
            )
    assert hf.recall(own.recode(0, 1), own.xi[0] > 0).why == "fixed point"
    smooth = Smooth(own.xi)
    hf.testing.check_memory(smooth)
    hf.testing.check_flow(smooth, hf.Graded(0.5), hf.Flow(0.1))


def test_a_gradient_goes_with_the_energy_that_it_was_written_for():
    class Halved(hf.DenseMemory):
        def energy(self, s):
            return super().energy(s) / 2

        def field(self, s):
            return super().field(s) / 2

    with pytest.raises(TypeError, match=r"^Halved must define gradient"):
        Halved(X, "power", degree=3).gradient(X[0])


def test_a_memory_of_ones_own_adds_up_with_others():
    own, same_ = Ferromagnet(N), hf.Couplings(np.ones((N, N)), divisor=N)
    hebb = hf.hebb(hf.random_patterns(2, N, rng=1))
    for a, b in ((own + hebb, same_ + hebb), (3 * own - hf.Bias(0.2), 3 * same_ - hf.Bias(0.2))):
        hf.testing.check_memory(a)
        assert np.allclose(a.field(STATES), b.field(STATES))
    coded = (own + hf.Bias(0.5)).recode(0, 1)
    hf.testing.check_memory(coded, states=(0, 1))
    assert hf.recall(coded, np.ones(N), rng=1).state.tolist() == [1] * N


class Renamed(hf.Hebbian):
    """Hebb's memory under another name: nothing that it does is changed."""

    def __repr__(self):
        return "Renamed"


class Doubled(hf.Hebbian):
    """Twice the field, and so twice the energy."""

    def field(self, s):
        return 2 * super().field(s)

    def energy(self, s):
        return 2 * super().energy(s)


class Twice(Doubled):
    """The same, which says that its field is W s."""

    quadratic = True


class Shifted(hf.Couplings):
    """The energy counted from elsewhere."""

    def energy(self, s):
        return super().energy(s) + 1


class Cut(hf.DenseMemory):
    """The field of a dense memory, cut off."""

    def field(self, s):
        return np.clip(super().field(s), -1, 1)


class Negated:
    """The other sign of a field and an energy, to be mixed in."""

    def field(self, s):
        return -super().field(s)

    def energy(self, s):
        return -super().energy(s)


class NegatedHebb(Negated, hf.Hebbian):
    """Hebb's memory, that what is mixed in changes."""


class NegatedDense(Negated, hf.DenseMemory):
    """A dense memory, likewise."""


def test_a_field_that_is_mixed_in_loses_the_form():
    xi = hf.random_patterns(3, N, rng=1)
    for memory, plain in (
        (NegatedHebb(xi), hf.hebb(xi)),
        (NegatedDense(xi, "power", degree=3), hf.dense(xi, degree=3)),
    ):
        assert memory.form() is None
        assert memory.signed(0, 1) is None
        assert np.array_equal(memory.numerators(STATES), memory.divisor * memory.field(STATES))
        hf.testing.check_memory(memory)
        a, b = (hf.recall(m, STATES, sweeps=4, rng=1) for m in (memory, -plain))
        assert np.array_equal(a.state, b.state)


def test_a_subclass_keeps_the_form_that_it_does_not_change():
    xi = hf.random_patterns(3, N, rng=1)
    for memory in (Renamed(xi), Renamed(xi) + hf.Bias(0.5), 2 * Renamed(xi)):
        assert memory.form() is not None
        assert memory.signed(0, 1) is not None
        assert memory.quadratic
    assert Renamed(xi).form().kind == "patterns"
    assert type(Renamed(xi)).open is hf.Hebbian.open
    for kind, memory in {
        "patterns": hf.hebb(xi),
        "matrix": hf.hebb(xi).dense(),
        "levels": hf.dense(xi),
    }.items():
        assert memory.form().kind == kind


def test_a_subclass_with_a_field_or_an_energy_of_its_own_loses_the_form():
    xi = hf.random_patterns(3, N, rng=1)
    doubled, hebb = Doubled(xi), hf.hebb(xi)
    for memory in (doubled, Shifted(np.eye(N)), Cut(xi, "power", degree=3)):
        assert memory.form() is None
        assert (memory + hf.Bias(0.5)).form() is None
        assert memory.linear() is None
        assert not memory.quadratic
        assert memory.signed(0, 1) is None
    hf.testing.check_memory(doubled)
    assert same(doubled, 2 * hebb)
    assert np.allclose((doubled + hf.Bias(0.5)).field(STATES), 2 * hebb.field(STATES) + 0.5)
    assert np.allclose(doubled.numerators(STATES), N * doubled.field(STATES))
    for neuron in (hf.HeatBath(0.7), hf.HeatBath(0.7, 0, 1)):
        cues = np.where(STATES > 0, 1, neuron.low)
        own = doubled if neuron.low else Twice(xi)  # which says that it is quadratic
        a, b = (hf.recall(m, cues, neuron=neuron, sweeps=4, rng=1) for m in (own, 2 * hebb))
        assert np.array_equal(a.state, b.state)
        assert np.allclose(a.energy, b.energy)
    shifted = Shifted(hebb.linear()[0])
    r = hf.recall(shifted, STATES, rng=1)
    assert np.allclose(r.energy, hebb.energy(r.state) + 1)
    a, b = (hf.landscape.fixed_points(m) for m in (doubled, hebb))
    assert np.array_equal(np.unique(a, axis=0), np.unique(b, axis=0))


def test_what_is_linear_goes_with_neurons_of_any_two_states_by_a_form():
    xi = hf.random_patterns(3, N, rng=1)
    for memory in (hf.hebb(xi), hf.hebb(xi > 0, coding="01"), hf.hebb(xi).dense(), Renamed(xi)):
        for whole in (memory, 0.5 * memory + hf.Bias(0.25)):
            inside = whole.signed(0, 1)
            assert np.allclose(inside.field(STATES), whole.field((STATES + 1) / 2))
        run = hf.Run(memory, STATES > 0, neuron=hf.Sign(0, 1), rng=1)
        assert run.session.state.min() == -1  # it runs on -1/+1
        assert set(run.state.flat) == {0, 1}


# ---- files -----------------------------------------------------------------------------------


@memories
def test_a_memory_comes_back_from_a_file_for_the_same_neurons(name, tmp_path):
    memory = MEMORIES[name](0)
    for whole in (memory, 2 * memory + hf.Bias(0.5), memory.recode(0, 2)):
        hf.save(tmp_path / "m.npz", whole)
        again = hf.load(tmp_path / "m.npz")
        s = STATES + 1 if isinstance(whole, Recoded) else STATES
        assert np.array_equal(again.field(s), whole.field(s))
        assert (again.neuron, again.order) == (whole.neuron, whole.order)
        assert repr(again) == repr(whole)


def test_couplings_named_for_neurons_and_an_order_come_back_so(tmp_path):
    for neuron, order in (
        (hf.Potts(7, T=0.5), hf.Sync()),
        (hf.Anneal([1, 0.5, 0], hf.HeatBath(1, 0, 1)), hf.Sequential(np.arange(N)[::-1])),
        (hf.Graded(2.0, 0, 1), hf.Flow(0.3)),
        (hf.Sign(0, 1, tie="up"), hf.Blocks(range(3), range(3, N))),
    ):
        memory = hf.Couplings(np.ones((N, N)), neuron=neuron, order=order)
        hf.save(tmp_path / "m.npz", memory)
        again = hf.load(tmp_path / "m.npz")
        assert (again.neuron, again.order) == (neuron, order)
        assert np.array_equal(again.weights, memory.weights)


def test_what_a_memory_without_a_neuron_holds_is_not_guessed():
    # Neurons of three states have no two to recode to, and two models name no common neuron.
    three = hf.models.potts([[0, 1, 2], [2, 1, 0]], q=3)
    mixed = three + hf.hebb(hf.random_patterns(2, 9, rng=1))
    for memory in (three.recode(0, 1), mixed, mixed.recode(0, 1)):
        assert memory.neuron is None
        with pytest.raises(ValueError, match="names no neuron"):
            memory.stable(np.ones(9))


def test_no_memory_is_divided_by_nothing():
    with pytest.raises(ValueError, match="divisor must not be 0"):
        hf.hebb(X) / 0
    assert ((hf.hebb(X) / 4).field(X) == hf.hebb(X).field(X) / 4).all()


@pytest.mark.parametrize("states", [(-1, 1), (0, 1), (-2, 1), (3, 11)])
def test_what_lies_between_two_states_goes_inside_and_out_again(states):
    low, high = states
    x = low + (high - low) * np.linspace(-1, 2, 13)
    inside = to_signs(x, low, high)
    assert np.allclose(inside, np.linspace(-3, 3, 13))
    assert np.allclose(from_signs(inside, low, high), x)

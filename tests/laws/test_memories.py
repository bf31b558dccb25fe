"""What every memory keeps: derivative, descent, cursor = field, gauge, relabelling, inversion.

And Hebbian = Couplings, recoded = original, heat bath = Boltzmann.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as npst
from tables import MEMORIES, ORDERS, SEPARATIONS, N, patterns

import hopfield as hf
from hopfield import testing
from hopfield.learning import RULES, forget, learn

memories = pytest.mark.parametrize("name", MEMORIES)
rules = pytest.mark.parametrize("rule", RULES)


@memories
def test_a_memory_keeps_the_laws(name):
    for rng in range(5):
        testing.check_memory(MEMORIES[name](rng), rng=rng)


@memories
def test_recoding_keeps_the_laws_for_the_new_states(name):
    memory = MEMORIES[name](1).recode(-0.5, 2)
    testing.check_memory(memory, states=(-0.5, 2))


@memories
def test_gradient_is_minus_the_derivative_of_the_energy(name):
    memory = MEMORIES[name](2)
    if memory.symmetric and not memory.self_coupling:
        testing.check_gradient(memory)


class Wrong(hf.Memory):
    """A memory that breaks a law: the field of twice its energy."""

    n = N

    def __init__(self, energy_of, field_of):
        self._energy, self._field = energy_of, field_of

    def field(self, s):
        return self._field(s)

    def energy(self, s):
        return self._energy(s)


def test_the_laws_notice_a_field_that_is_not_the_derivative():
    m = hf.hebb(patterns(0))
    wrong = Wrong(m.energy, lambda s: 2 * m.field(s))
    wrong.gradient = wrong.field
    with pytest.raises(AssertionError, match=r"^derivative"):
        testing.check_derivative(wrong)
    with pytest.raises(AssertionError, match="gradient"):
        testing.check_gradient(wrong)


def test_the_laws_notice_a_field_in_the_place_of_the_gradient():
    m = hf.dense(patterns(0), degree=4)
    wrong = Wrong(m.energy, m.field)
    testing.check_memory(wrong)  # graded neurons are refused it
    wrong.gradient = m.field
    with pytest.raises(AssertionError, match="gradient"):
        testing.check_memory(wrong)


def test_the_laws_notice_a_memory_that_is_quadratic_in_name_alone():
    cubic = hf.DenseMemory(patterns(0), "power", degree=3)

    class Named(Wrong):
        quadratic = True

    wrong = Named(cubic.energy_of_reals, cubic.field)
    wrong.gradient = cubic.gradient
    with pytest.raises(AssertionError, match=r"^derivative"):
        testing.check_memory(wrong)
    true = Named(hf.hebb(patterns(0)).energy, hf.hebb(patterns(0)).field)
    testing.check_memory(true)


def test_the_laws_notice_an_energy_that_rises():
    m = hf.hebb(patterns(0))
    with pytest.raises(AssertionError, match=r"^descent"):
        testing.check_descent(Wrong(m.energy, lambda s: -m.field(s)))


def test_the_laws_notice_a_cursor_that_lags():
    m = hf.hebb(patterns(0))
    wrong = Wrong(m.energy, m.field)
    wrong.open = lambda s: Lagging(m.open(s))
    with pytest.raises(AssertionError, match=r"^cursor = field"):
        testing.check_cursor(wrong)


class Lagging:
    """A cursor whose field misses every second change."""

    def __init__(self, cursor):
        self._cursor, self._changes = cursor, 0
        self.state = cursor.state.copy()

    def fields(self, rows, sites):
        return self._cursor.fields(rows, sites)

    def assign(self, rows, sites, values):
        self._changes += 1
        self.state[rows[:, None], sites] = values
        if self._changes % 2:
            self._cursor.assign(rows, sites, values)


def test_self_coupling_may_raise_the_energy():
    # the negative control of descent: W_ii keeps neuron 0 where the rest would have it lower
    m = hf.Couplings([[-3, 1], [1, -3]], self_coupling=True)
    with pytest.raises(AssertionError, match=r"^descent"):
        testing.check_descent(m)


@rules
def test_a_rule_commutes_with_renumbering_and_with_gauge_if_it_says_so(rule):
    row = RULES[rule]

    def tried(check):
        for rng in range(10):
            check(row.learn, rng=rng)

    tried(testing.check_relabelling)
    if row.gauge:
        tried(testing.check_gauge)
    else:
        with pytest.raises(AssertionError, match=r"^gauge"):
            tried(testing.check_gauge)


def test_gauge_and_renumbering_notice_a_rule_that_prefers_states_or_places():
    def biased(xi):
        return hf.hebb(xi, allow_repeats=True) + hf.Bias(0.4)

    def placed(xi):
        return hf.hebb(xi) + hf.Bias(np.linspace(-1, 1, xi.shape[1]))

    def tried(check, learn):
        for rng in range(10):
            check(learn, rng=rng)

    with pytest.raises(AssertionError, match=r"^gauge"):
        tried(testing.check_gauge, biased)
    with pytest.raises(AssertionError, match=r"^relabelling"):
        tried(testing.check_relabelling, placed)


@rules
def test_a_rule_is_what_its_row_claims(rule):
    row = RULES[rule]
    xi = hf.random_patterns(4, 12, rng=3)
    memory = row.learn(xi)
    assert memory.symmetric == row.symmetric
    changed = xi.copy()
    changed[0, 5] *= -1
    forms = [row.learn(x).linear() for x in (xi, changed)]
    if None in forms:  # what are no couplings between pairs
        assert not row.local
        assert not row.diagonal
    else:
        (w, _), (other, _) = forms
        assert w.diagonal().any() == row.diagonal
        assert np.delete(np.delete(other == w, 5, 0), 5, 1).all() == row.local
    assert row.capacity(1000) > row.capacity(100) > 1
    assert row.capacity_text
    assert re.search(r"\d{4}, doi:10\.\d{4,}/\S+$", row.source)


@rules
def test_a_rule_keeps_patterns_far_below_its_capacity(rule):
    row = RULES[rule]
    xi = hf.random_patterns(max(1, int(row.capacity(200) / 8)), 200, rng=1)
    assert row.learn(xi).stable(xi).all()


@rules
def test_what_a_rule_adds_and_removes_is_as_if_learnt_so_from_the_start(rule):
    row = RULES[rule]
    xi, s = hf.random_patterns(5, 12, rng=6), hf.random_patterns(6, 12, rng=4)

    def same(a, b):
        return np.allclose(a.field(s), b.field(s), rtol=0, atol=1e-9)

    if row.add:
        memory = row.learn(xi[:2])
        for more in (xi[2], xi[3:]):
            memory = learn(memory, more, rule)
        assert same(memory, row.learn(xi))
    else:
        with pytest.raises(ValueError, match=f"^rule {rule} cannot add .* one of .*hebb, "):
            learn(row.learn(xi[:2]), xi[2], rule)
    if row.remove:
        assert same(forget(row.learn(xi), xi[[3, 1]], rule), row.learn(xi[[0, 2, 4]]))
    else:
        with pytest.raises(ValueError, match=f"^rule {rule} cannot remove .* one of .*hebb, "):
            forget(row.learn(xi), xi[2], rule)


@st.composite
def patterns_and_states(draw):
    p, n = draw(st.integers(1, 6)), draw(st.integers(2, 12))
    signs = st.sampled_from([-1, 1])
    xi = draw(npst.arrays(np.int8, (p, n), elements=signs))
    values = st.one_of(
        st.sampled_from([-1.0, 0.0, 1.0]), st.integers(-(2**22), 2**22).map(lambda k: k / 2**20)
    )
    return xi, draw(npst.arrays(np.float64, (n,), elements=values))


@given(patterns_and_states(), st.booleans(), st.sampled_from(["bipolar", "01"]))
def test_hebbian_is_couplings_to_the_bit(given_, self_coupling, coding):
    xi, s = given_
    xi = xi if coding == "bipolar" else xi > 0
    implicit = hf.Hebbian(xi, coding=coding, self_coupling=self_coupling)
    dense = implicit.dense()
    assert np.array_equal(implicit.field(s), dense.field(s))
    assert implicit.energy(s) == dense.energy(s)
    for tie in ("keep", "up", "down", "random"):
        ends = [
            hf.recall(m, s, neuron=hf.Sign(tie=tie), rng=1, record=hf.record.states("update"))
            for m in (implicit, dense)
        ]
        assert np.array_equal(ends[0].trace, ends[1].trace)
        assert ends[0].why == ends[1].why


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "name", [name for name in MEMORIES if "exponential" not in name and "-4" not in name]
)
def test_recoded_recall_is_the_original(name, order):
    low, high = 0.0, 2.0  # a power of two apart: the map back and forth is exact
    memory = MEMORIES[name](3)
    cues = hf.random_patterns(8, N, rng=5)
    plain = hf.recall(memory, cues, neuron=hf.Sign(), order=ORDERS[order], rng=2)
    other = hf.recall(
        memory.recode(low, high), cues + 1, neuron=hf.Sign(low, high), order=ORDERS[order], rng=2
    )
    assert np.array_equal(plain.state + 1, other.state)
    assert np.array_equal(plain.why, other.why)
    if memory.symmetric:
        assert np.allclose(plain.energy, other.energy)


@pytest.mark.parametrize("f", SEPARATIONS)
def test_the_inverse_of_a_state_recalls_the_inverse_where_f_is_even(f):
    separation = SEPARATIONS[f]
    memory = hf.DenseMemory(hf.random_patterns(5, 17, rng=1), separation)  # N - 1 even: ties occur
    cues = hf.random_patterns(300, 17, rng=2)

    def mirrored(tie):
        ends = [
            hf.recall(memory, sign * cues, neuron=hf.Sign(tie=tie), order=hf.Sequential()).state
            for sign in (1, -1)
        ]
        return np.array_equal(ends[0], -ends[1])

    assert mirrored("keep") == separation.even
    if separation.even:  # the negative control: ties that look up or down break the symmetry
        assert (memory.field(cues) == 0).any()
        assert not mirrored("up")
        assert not mirrored("down")


BOLTZMANN = [
    name for name in MEMORIES if MEMORIES[name](0).symmetric and not MEMORIES[name](0).self_coupling
]


@pytest.mark.parametrize("name", BOLTZMANN)
def test_heat_bath_one_at_a_time_samples_boltzmann(name):
    replicas = 4_000 if name.startswith("modern") else 20_000  # their fields are found by bisection
    testing.check_boltzmann(MEMORIES[name](4), order=hf.Shuffled(), replicas=replicas)


@pytest.mark.parametrize("order", [hf.Random(), hf.Sequential()])
def test_heat_bath_samples_boltzmann_in_other_orders_and_states(order):
    memory = hf.hebb(patterns(4)) + hf.Bias(0.1)
    testing.check_boltzmann(memory, order=order)
    testing.check_boltzmann(memory.recode(0, 1), order=order, states=(0, 1))


def test_heat_bath_all_at_once_does_not_sample_boltzmann():
    with pytest.raises(AssertionError, match=r"^heat bath = Boltzmann"):
        testing.check_boltzmann(hf.hebb(patterns(4)), order=hf.Sync())

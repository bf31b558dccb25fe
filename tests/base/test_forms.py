"""Forms: when a weight, a bias or another memory still gives a network in numbers, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tables import MEMORIES, N

import hopfield as hf
from hopfield.base.bits import BitMatrix
from hopfield.base.forms import Form, Levels, Matrix, Patterns, Source, exponent_only
from hopfield.core.memory import joined

STATES = hf.random_patterns(40, N, rng=9)


def field_of(form, s):
    """Return the field that a form says, by the plainest sums."""
    s, source = np.asarray(s, dtype=float), form.source
    if form.kind in ("matrix", "sparse"):
        w = source.columns if form.kind == "matrix" else source.columns.toarray().T
        numerators = s @ np.asarray(w, dtype=float)
    elif form.kind == "patterns":
        xi = source.held[:].astype(float)
        numerators = (s @ xi.T) @ xi - source.diagonal * s
    elif form.kind == "keys":
        numerators = (s @ source.keys.T) @ source.values - source.diagonal * s
    else:
        xi = source.held[:]
        m, n = s @ xi.T.astype(float), form.n
        at = ((m[:, None] + n) / 2).astype(int) + (xi.T[None] != s[..., None])
        numerators = (xi.T[None] * source.rises[at]).sum(axis=-1) / 2
    bias = 0 if form.bias is None else form.bias
    return form.weight * numerators / form.divisor + bias


@pytest.mark.parametrize("name", MEMORIES)
def test_a_form_says_the_field_of_its_memory_to_the_bit(name):
    memory = MEMORIES[name](1)
    bias = hf.Bias(np.linspace(-1, 1, N))
    for whole in (memory, memory + bias, -memory, 0.5 * memory + bias, 0.3 * memory):
        form = whole.form()
        if form is not None and form.kind != "sum":  # whose terms are judged by themselves
            assert np.array_equal(field_of(form, STATES), whole.field(STATES))
            assert whole.form().source is form.source


KINDS = {
    "hebb": "patterns",
    "covariance": "matrix",
    "storkey": "matrix",
}


def test_which_memories_have_a_form():
    kinds = {name: getattr(make(0).form(), "kind", None) for name, make in MEMORIES.items()}
    for name, kind in KINDS.items():
        assert kinds[f"rule {name}"] == kind
    assert kinds["hebbian"] == kinds["hebbian 01"] == kinds["scaled with bias"] == "patterns"
    assert kinds["couplings"] == kinds["couplings asymmetric"] == kinds["bam"] == "matrix"
    assert kinds["couplings sparse"] == "sparse"
    assert kinds["dense power-3"] == kinds["dense"] == "levels"
    for name in ("bias", "dense exponential-0", "modern softmax"):
        assert kinds[name] is None
    assert kinds["sequence"] == kinds["projection implicit"] == "keys"
    assert kinds["difference"] == "sum"


def test_a_second_rounding_has_no_form():
    form = Form("matrix", N, None, 3.0)
    assert form.scaled(1) is form
    assert form.scaled(0.3).weight == 0.3
    assert form.scaled(0.3).scaled(0.7) is None
    assert form.scaled(0.3).scaled(-0.5).weight == -0.15
    b = np.linspace(0, 1, N)
    assert form.plus(np.zeros(N)) is form
    assert form.plus(b).plus(b) is None
    assert form.plus(b).scaled(0.3) is None
    assert np.array_equal(form.plus(b).scaled(-2.0).bias, -2 * b)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=1e-100, max_value=1e100))
def test_a_power_of_two_rounds_nothing(x):
    assert exponent_only(2.0**7)
    assert exponent_only(-1)
    assert not exponent_only(3)
    if exponent_only(x):
        assert np.log2(x) == np.rint(np.log2(x))


def test_hebbs_memories_join_and_others_do_not():
    a, b = hf.hebb(hf.random_patterns(2, N, rng=1)), hf.hebb(hf.random_patterns(3, N, rng=2))
    form = joined(a.form(), b.form())
    assert form.source.held.shape == (5, N)
    assert np.array_equal(field_of(form, STATES), (a + b).field(STATES))
    kept = hf.Hebbian(b.patterns, self_coupling=True)
    x = hf.Hebbian(b.patterns > 0, coding="01")
    bits = Patterns(BitMatrix.of([b.patterns], b.patterns.shape, -1), -1, np.zeros(N))
    for other in (
        kept.form(),
        x.form(),
        a.dense().form(),
        (2 * b).form(),
        form._replace(source=bits),
    ):
        assert joined(a.form(), other) is None
    dense = hf.dense(b.patterns).form()
    assert joined(dense, dense) is None


def test_what_is_made_of_a_source_is_made_once():
    source, calls = Source(), []
    for _ in range(3):
        assert source.made("one", lambda: calls.append(1) or 7) == 7
    assert len(calls) == 1
    patterns = hf.hebb(hf.random_patterns(3, N, rng=1)).form().source
    assert patterns.bits is patterns.bits
    assert patterns.by_neuron is patterns.by_neuron
    assert np.array_equal(patterns.bits[:], patterns.held)
    assert np.array_equal(patterns.by_neuron, patterns.held.T)
    assert (patterns.size, patterns.n) == (3, N)


def test_a_form_is_the_memorys_own_and_is_not_saved_with_it():
    for name in ("hebbian", "dense", "couplings", "couplings sparse"):
        memory = MEMORIES[name](0)
        assert memory.form().source is memory.form().source
        assert isinstance(memory.form().source, (Matrix, Patterns, Levels))

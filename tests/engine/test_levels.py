"""The row levels: dense memories in bits give what the sums over all patterns give, to the bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield import engine
from hopfield.core.separation import Separation, exponential, power, rectified, tabulated
from hopfield.engine import levels, parts, session
from hopfield.engine.compiled import kernel

pytest.importorskip("numba")

NAME = "levels"
ENDS = ("why", "sweeps", "updates", "energy", "undecided", "period")
tent = Separation(
    "tent",
    0,
    lambda m, n: 5.0 * np.abs(m) - 7,
    lambda m, n: 5.0 * np.sign(m),
    even=True,
    largest_n=2**40,
    source="a test",
)
WHOLE = (power(2), power(3), power(4), power(7), rectified(2), rectified(5), tent)
BIASES = (None, None, 0.25, -8.0, 1e9, 1e17, 0.1)
WEIGHTS = (1, 1, 2, 0.3, -1, 1e-200)


def same(a, b):
    return np.array_equal(a.state, b.state) and all(
        np.array_equal(getattr(a, end), getattr(b, end)) for end in ENDS
    )


def outcome(memory, cue, sweeps=100, steps=(), **options):
    """Return what becomes of a network, and where its streams stand."""
    run = hf.Run(memory, cue, **options)
    moved = [run.step(k).moved for k in steps]
    return run.finish(sweeps), moved, run.streams.state


def check(memory, cue, **options):
    """Compare the row with the plain loop; return what it gave."""
    with engine.using("levels"):
        found, *rest = outcome(memory, cue, **options)
    with engine.using():
        plain, *others = outcome(memory, cue, **options)
    assert same(found, plain)
    assert all(np.array_equal(x, y) for x, y in zip(rest, others, strict=True))
    return found


@st.composite
def networks(draw):
    """Draw sizes about full words and vectors, repeats among the patterns, and weights."""
    n = draw(st.sampled_from([2, 3, 5, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 257]))
    p = draw(st.sampled_from([1, 2, 15, 16, 17, 63, 64, 65, 129, 200]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    xi = rng.choice([-1, 1], (p, n), p=[0.3, 0.7])
    xi[rng.random(p) < 0.2] = xi[0]
    memory = hf.DenseMemory(xi, draw(st.sampled_from(WHOLE)))
    if (weight := draw(st.sampled_from(WEIGHTS))) != 1:
        memory = weight * memory
    if (bias := draw(st.sampled_from(BIASES))) is not None:
        memory = memory + hf.Bias(bias * rng.normal(size=n).round(draw(st.sampled_from([0, 17]))))
    shape = draw(st.sampled_from([(n,), (1, n), (2, n), (31, n), (33, n), (65, n)]))
    cue = xi[0] * np.where(rng.random(shape) < draw(st.sampled_from([0.1, 0.5])), -1, 1)
    scale = float(n) ** draw(st.integers(0, 3))
    ties = (hf.Sign(tie=tie) for tie in ("keep", "up", "down", "random"))
    neuron = draw(st.sampled_from([*ties, hf.HeatBath(0), hf.HeatBath(scale)]))
    sites = hf.Sequential(rng.permutation(n))
    orders = hf.Shuffled(), hf.Random(), hf.Sequential(), sites, hf.Sync(), hf.Blocks(sites.sites)
    options = {
        "neuron": neuron,
        "order": draw(st.sampled_from(orders)),
        "rng": draw(st.integers(0, 2**32)),
        "steps": draw(st.sampled_from([(), (), (1, n), (2 * n + 1,)])),
        "sweeps": draw(st.sampled_from([0, 1, 2, 9])),
    }
    return memory, cue, options


@settings(max_examples=300)
@given(network=networks())
def test_dense_memories_in_bits_run_as_plain_ones_do(network):
    memory, cue, options = network
    exact = memory.form() is not None  # where sums of so large an F are
    assert check(memory, cue, **options).kernel == (NAME if exact else "plain")


def test_unknowns_and_evidence_are_left_to_others():
    xi = hf.random_patterns(3, 20, rng=1)
    memory = hf.DenseMemory(xi, power(3))
    for cue in (np.where(np.arange(20) == 3, 0, xi[0]), 0.3 * xi[0]):
        assert hf.Run(memory, cue).session.name != NAME
        assert check(memory, cue, rng=1, sweeps=3).why == "fixed point"


@pytest.mark.parametrize("f", WHOLE, ids=repr)
def test_a_session_follows_what_it_is_given(f):
    memory, rng = hf.DenseMemory(hf.random_patterns(20, 30, rng=1), f), np.random.default_rng(2)
    session = engine.open(memory.form(), hf.Sign().rule(), None, np.ones((2, 30), np.int8))
    assert session.name == NAME
    rows = np.arange(2)
    for k in (0, 1, 3, 30):
        sites = np.array([rng.permutation(30)[:k] for _ in rows]).reshape(2, k)
        session.assign(rows, sites, rng.choice([-1.0, 1.0], (2, k)))
        h = memory.field(session.state)
        assert np.array_equal(session.fields(rows), h)
        some = rng.integers(30, size=(2, 4))
        assert np.array_equal(session.fields(rows, some), np.take_along_axis(h, some, axis=1))
        assert session.energies().tolist() == memory.energy(session.state).tolist()
    session.assign(rows[:1], None, -session.state[:1])
    assert np.array_equal(session.fields(rows), memory.field(session.state))


# All patterns alike, and all but one of the neurons as in them: 2,368 sums fill 32 bits to 98 %.
@pytest.mark.parametrize(("p", "bits"), [(2368, 32), (2369, 64), (16, 32)])
def test_the_largest_sums_there_can_be_are_exact(p, bits):
    n, one = 97, np.array([0])
    memory = hf.DenseMemory(np.ones((p, n)), power(4))
    assert tabulated(power(4), n, p)[1].itemsize == bits // 8
    cue = np.ones((1, n), np.int8)
    cue[0, 5] = -1
    field = p * ((n - 2) ** 4 - (n - 4) ** 4) // 2

    def opened():
        return levels.LevelsSession(memory.form(), hf.Sign().rule(), None, cue.copy())

    assert opened().fields(one)[0, [5, 6]].tolist() == [p * (n**4 - (n - 2) ** 4) // 2, field]
    for theta, after in ((field - 1, 1), (field, 1), (field + 1, -1)):
        visit = np.array([[6]]), np.array([[float(theta)]]), np.array([[0]], np.int8)
        assert opened().visit(one, *visit) == after
    assert opened().energies() == -p * (n - 2) ** 4


def test_what_may_round_is_not_tabulated():
    most = round(np.cbrt(2**53 / 2 / 500))
    for f, n, p, whole in (
        (power(3), most - 1, 500, True),
        (power(3), 10 * most, 500, True),
        (power(40), 2, 3, True),
        (power(40), 5, 3, True),
        (exponential, 20, 3, False),
        (replace(tent, f=lambda m, n: 1 / m), 4, 3, False),
        (replace(tent, f=lambda m, n: np.sqrt(m)), 4, 3, False),
    ):
        assert (tabulated(f, n, p) is not None) == whole
    xi = hf.random_patterns(3, 20, rng=1)
    assert hf.recall(hf.DenseMemory(xi, exponential), xi[0], rng=1).kernel == "plain"
    assert hf.recall(hf.DenseMemory(xi, power(40)), xi[0], rng=1).kernel == NAME


def test_seventy_thousand_neurons_give_what_floats_give():
    xi = hf.random_patterns(3, 70_000, rng=1)
    memory, cue = hf.DenseMemory(xi, power(3)), hf.flip(xi[0], 0.25, rng=2)
    r = hf.recall(memory, cue, rng=3)
    assert r.kernel == NAME
    assert np.array_equal(r.state, xi[0])
    assert memory.energy(r.state) == r.energy
    check(memory, cue, rng=3, steps=(100,), sweeps=0)


@pytest.mark.parametrize("neuron", [hf.Sign(), hf.HeatBath(900.0)], ids=repr)
@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("work", [1, 3000, 8000])  # parts of one replica, and of several
def test_a_run_in_parts_and_threads_is_the_run(work, count, neuron, monkeypatch):
    xi = hf.random_patterns(40, 30, rng=1)
    memory, cues = hf.DenseMemory(xi, power(3)), hf.random_patterns(9, 30, rng=2)
    given = [{"rng": 3, "sweeps": k, "neuron": neuron} for k in (2, 30)]
    whole = [outcome(memory, cues, **options) for options in given]
    monkeypatch.setattr(parts, "WORK", work)
    before = hf.threads()
    hf.threads(count)
    try:
        split = [outcome(memory, cues, **options) for options in given]
    finally:
        hf.threads(before)
    for (a, _, streams), (b, _, others) in zip(whole, split, strict=True):
        assert same(a, b)
        assert np.array_equal(streams, others)


@pytest.mark.parametrize("neuron", [hf.Sign(), hf.HeatBath(900.0)], ids=repr)
def test_ctrl_c_between_two_calls_leaves_what_can_go_on(neuron, monkeypatch):
    memory = hf.DenseMemory(hf.random_patterns(40, 30, rng=1), power(3))
    cue = hf.random_patterns(1, 30, rng=2)[0]
    whole, _, streams = outcome(memory, cue, rng=3, neuron=neuron, sweeps=12)
    made = whole.sweeps
    assert made > 2
    monkeypatch.setattr(parts, "WORK", 1)
    for stop in range(made):
        run, left = hf.Run(memory, cue, rng=3, neuron=neuron), iter(range(stop))

        def stopping(name, left=left):
            def call(*arguments):
                if next(left, None) is None:
                    raise KeyboardInterrupt
                return kernel(name)(*arguments)

            return call

        with monkeypatch.context() as patch:
            patch.setattr(session, "kernel", stopping)
            with pytest.raises(KeyboardInterrupt):
                run.finish(12)
        assert run.counts.sweeps[0] == stop
        assert same(run.finish(12 - stop), whole)
        assert np.array_equal(run.streams.state, streams)


@pytest.mark.parametrize("degree", [4, 5, 12, 20, 33])
@pytest.mark.parametrize("rectified", [False, True])
def test_sums_beyond_53_bits_have_the_sign_of_the_whole_number(degree, rectified):
    rng = np.random.default_rng(degree)
    xi = rng.choice([-1, 1], (7, 60))
    xi[3:6] = xi[:3] * rng.choice([-1, 1], (3, 1))  # of an even degree some fields are 0
    memory = hf.dense(xi, degree, rectified)
    states = np.concatenate([xi[:2], rng.choice([-1, 1], (20, 60))])
    with engine.using("levels"):
        run = hf.Run(memory, states, order=hf.Sequential(), rng=1)
        found = run.session.fields(np.arange(22))
    assert run.session.name == "levels"
    assert np.array_equal(found, memory.field(states))
    for s, h in zip(states.tolist(), found, strict=True):
        for i in range(60):
            up, down = (
                sum(
                    (max(m, 0) if rectified else m) ** degree
                    for x in xi.tolist()
                    if (m := sum(a * b for a, b in zip(x, s, strict=True)) + x[i] * (side - s[i]))
                    is not None
                )
                for side in (1, -1)
            )
            twice = up - down
            assert np.sign(h[i]) == (twice > 0) - (twice < 0)
            assert abs(int(2 * h[i]) - twice) <= abs(twice) >> 49


def test_a_tie_beyond_53_bits_is_a_tie():
    x = np.random.default_rng(1).choice([-1, 1], (2, 50))
    x[1] = np.where(np.arange(50) < 9, -x[0], x[0])
    s = np.where(np.arange(50) < 5, x[1], x[0])  # neuron 0 left out, as near to both
    memory = hf.dense(x, 25)
    assert memory.field(s)[0] == 0
    for tie, state in (("keep", s[0]), ("up", 1), ("down", -1)):
        r = hf.recall(memory, s, neuron=hf.Sign(tie=tie), order=hf.Sequential(), updates=1)
        assert (r.state[0], r.kernel) == (state, "levels")

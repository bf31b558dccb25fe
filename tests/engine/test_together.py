"""All neurons at once in words of bits: what it gives is what the plain loop gives, to the bit."""

from __future__ import annotations

import os
import signal
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield import engine
from hopfield.base.bits import pack, unpack
from hopfield.base.forms import Rule
from hopfield.base.threads import threads
from hopfield.engine import together

pytest.importorskip("numba")

N = (2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200, 255, 256, 257)
P = (1, 2, 7, 8, 9, 63, 64, 65, 200, 260)
B = (2, 7, 31, 32, 33, 65)
ENDS = ("state", "why", "sweeps", "updates", "energy", "undecided", "period", "trace")


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """Let it take batches of every size."""
    monkeypatch.setattr(together, "_SUMS", 1)
    monkeypatch.setattr(together, "_COUNTED", 1)


def both(function):
    """Return what this row gives, then what the plain loop gives."""
    with engine.using("together"):
        found = function()
    with engine.using():
        return found, function()


def same(a, b):
    return all(np.array_equal(getattr(a, end), getattr(b, end)) for end in ENDS)


def identical(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


@st.composite
def networks(draw, least=2):
    """Draw memories and batches: repeats, patterns all alike up to sign, cues among them."""
    n, p, b = draw(st.sampled_from(N)), draw(st.sampled_from(P)), draw(st.sampled_from(B))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    xi = rng.choice([-1, 1], (p, n), p=draw(st.sampled_from([(0.5, 0.5), (0.2, 0.8)])))
    kind = draw(st.sampled_from(["free", "repeats", "alike"]))
    if kind != "free":
        alike = rng.random(p) < (1 if kind == "alike" else 0.3)
        xi[alike] = xi[0] * rng.choice([-1, 1], (alike.sum(), 1))
    cues = rng.choice([-1, 1], (b, n)).astype(np.int8)
    near = rng.random(b) < draw(st.sampled_from([0, 0.5, 1]))
    flips = rng.choice([1, -1], (near.sum(), n), p=(0.9, 0.1))
    cues[near] = xi[rng.integers(p, size=near.sum())] * flips
    return hf.Hebbian(xi, self_coupling=draw(st.booleans())), cues


def weighted(memory, w):
    return memory if w == 1 else w * memory


@settings(max_examples=50)
@given(network=networks())
def test_fields_and_energies_are_the_same_bits(network):
    memory, cues = network
    for function in (memory.numerators, memory.field, memory.energy):
        counted, plain = both(lambda function=function: function(cues))
        assert identical(counted, plain)


@settings(max_examples=80)
@given(
    network=networks(),
    tie=st.sampled_from(["keep", "up", "down", "random"]),
    w=st.sampled_from([1, 0.5, 0.3, 1e-120, 7e40]),
    sweeps=st.integers(0, 30),
)
def test_a_batch_ends_as_it_does_plainly(network, tie, w, sweeps):
    memory, cues = network
    neuron, order, memory = hf.Sign(tie=tie), hf.Sync(), weighted(memory, w)
    a, b = both(lambda: hf.recall(memory, cues, neuron=neuron, order=order, sweeps=sweeps, rng=1))
    assert same(a, b)
    assert a.kernel == "together"


@settings(max_examples=50)
@given(
    network=networks(),
    T=st.sampled_from([0, 0.01, 0.3, 2, 1e9]),
    w=st.sampled_from([1, 0.25, 0.3]),
    states=st.sampled_from([(-1, 1), (-0.5, 0.5), (-8, 8)]),
    spans=st.lists(st.integers(0, 5), min_size=1, max_size=3),
)
def test_sweeps_at_a_temperature_are_the_plain_ones(network, T, w, states, spans):
    memory, cues = network
    neuron, cues = hf.HeatBath(T, *states), np.where(cues > 0, states[1], states[0])

    def run():
        one = hf.Run(weighted(memory, w), cues, neuron=neuron, order=hf.Sync(), rng=3)
        ends = [one.finish(k) for k in spans]
        one.step(1)
        return [*ends, one.result()], one.streams.state

    (counted, at), (plain, plain_at) = both(run)
    assert all(same(a, b) for a, b in zip(counted, plain, strict=True))
    assert np.array_equal(at, plain_at)
    assert counted[0].kernel == "together"


@settings(max_examples=30)
@given(network=networks(), T=st.sampled_from([0, 0.3]), sweeps=st.integers(0, 5))
def test_recorded_sweeps_are_the_plain_ones(network, T, sweeps):
    memory, cues = network
    options = {"neuron": hf.HeatBath(T), "order": hf.Sync(), "record": hf.record.states()}
    for whole in (memory, 2 * memory + hf.Bias(0.25)):
        a, b = both(lambda whole=whole: hf.recall(whole, cues, sweeps=sweeps, rng=3, **options))
        assert same(a, b)


@settings(max_examples=30)
@given(network=networks(), moves=st.lists(st.integers(0, 4), max_size=4))
def test_a_stepped_run_goes_on_as_the_plain_one(network, moves):
    memory, cues = network

    def run():
        stepped = hf.Run(memory, cues, order=hf.Sync())
        steps = [stepped.step(k) for k in moves]
        ends = [stepped.finish(1), stepped.finish()]
        stepped.set([0, 1], [1, 0])
        steps.append(stepped.step(2))
        ends += [stepped.finish(2), stepped.finish()]
        return ends, [s.moved for s in steps], [(s.why == "fixed point").tolist() for s in steps]

    (ends, *steps), (plain, *plain_steps) = both(run)
    assert all(same(a, b) for a, b in zip(ends, plain, strict=True))
    assert steps == plain_steps


@settings(max_examples=80)
@given(
    network=networks(),
    law=st.sampled_from(["keep", "up", "down", "random", 0.0, 0.3]),
    bias=st.sampled_from([None, 1, 0.25, "real", 1e9]),
    unknown=st.sampled_from([0, 0, 0.1, 1]),
    w=st.sampled_from([1, 1, 0.25, 0.3]),
    how=st.sampled_from(["recall", "steps", "recorded"]),
    few=st.booleans(),
)
def test_biases_unknowns_and_coins_are_the_plain_ones(network, law, bias, unknown, w, how, few):
    memory, cues = network
    rng, cues = np.random.default_rng(len(cues)), cues[: 1 if few else None]
    cues = np.where(rng.random(cues.shape) < unknown, 0, cues)
    neuron = hf.Sign(tie=law) if isinstance(law, str) else hf.HeatBath(law)
    whole = weighted(memory, w)
    if bias is not None:
        values = (
            rng.normal(size=memory.n) if bias == "real" else bias * rng.integers(-2, 3, memory.n)
        )
        whole = whole + hf.Bias(values / memory.n if rng.random() < 0.5 else values)

    def run():
        record = hf.record.states() if how == "recorded" else None
        one = hf.Run(whole, cues, neuron=neuron, order=hf.Sync(), rng=3, record=record)
        steps = [one.step(k).moved for k in (1, 2)] if how == "steps" else []
        ends = [one.finish(4), one.finish(9)]
        one.set([0, 1], [1, 0])
        found = one.settled(), one.state
        return [*ends, one.finish(3)], [one.streams.state, one.energy(), *steps, *found]

    (counted, rest), (plain, others) = both(run)
    assert all(same(a, b) for a, b in zip(counted, plain, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(rest, others, strict=True))


@settings(max_examples=80)
@given(
    network=networks(), tie=st.sampled_from(["keep", "up", "down", "random"]), k=st.integers(0, 3)
)
def test_the_proof_is_that_of_the_fields(network, tie, k):
    memory, cues = network
    neuron = hf.Sign(tie=tie)
    with engine.using("together"):
        run = hf.Run(memory, cues, neuron=neuron, order=hf.Sync(), rng=1)
        run.step(k)
        rows = np.flatnonzero(np.arange(len(cues)) % 3 != 1)
        order = rows.copy()
        found = run.session.settled(rows)
    assert np.array_equal(rows, order)
    state = run.state[rows]
    assert np.array_equal(found, neuron.settled(memory.field(state), state).all(axis=1))


@settings(max_examples=25)
@given(network=networks(), value=st.sampled_from([0, 0.5, 2, -3, 300, 1e9]))
def test_other_states_go_on_plainly(network, value):
    memory, cues = network
    cues = cues.astype(float)
    cues[-1, 0] = value
    assert identical(*both(lambda: memory.numerators(cues)))
    assert identical(*both(lambda: memory.energy(cues)))
    a, b = both(lambda: hf.recall(memory, cues, order=hf.Sync(), sweeps=9))
    assert same(a, b)


@pytest.mark.parametrize("n", N)
def test_words_are_the_states(n):
    kernel = together.kernel
    s = np.random.default_rng(n).choice([-1, 1], (5, n)).astype(np.int8)
    words, back = np.empty((5, -(-n // 64)), np.uint64), np.empty((5, n), np.int8)
    kernel("together.pack_signs")(s, words)
    kernel("together.unpack_signs")(words, back)
    assert np.array_equal(words, pack(s))
    assert np.array_equal(back, s)
    assert np.array_equal(unpack(words, n), s)


# Every sum of 16 bits is wrong here: eight overlaps of 40,000 add up to 320,000.
@pytest.mark.parametrize("p", [1, 7, 8, 20])
def test_overlaps_beyond_16_bits_overflow_nothing(p):
    rng = np.random.default_rng(p)
    xi = hf.random_patterns(p, 40_000, rng=1)
    for stored in (xi, np.tile(xi[:1], (p, 1)) * rng.choice([-1, 1], (p, 1))):
        memory = hf.Hebbian(stored)
        cues = np.concatenate([stored[:3], -stored[:2], hf.random_patterns(29, 40_000, rng=2)])
        cues[0, :4000] *= -1
        assert identical(*both(lambda memory=memory, cues=cues: memory.numerators(cues)))
        run = both(lambda m=memory, s=cues: hf.recall(m, s, order=hf.Sync(), sweeps=4))
        assert same(*run)


def test_several_condensed_patterns_in_one_table_among_many():
    rng = np.random.default_rng(1)
    xi = hf.random_patterns(300, 9000, rng=1)
    xi[40:48] = xi[40] * rng.choice([1, -1], (8, 9000), p=(0.97, 0.03))  # sums of 64,000
    xi[100:103] = xi[100] * rng.choice([1, -1], (3, 9000), p=(0.97, 0.03))  # of 27,000
    memory, cues = hf.Hebbian(xi), np.concatenate([xi[40:44], xi[100:102], xi[:30]])
    assert identical(*both(lambda: memory.numerators(cues)))
    assert np.abs(memory.patterns[40:48] @ cues[0].astype(np.int64)).sum() > 2**15
    assert same(*both(lambda: hf.recall(memory, cues, order=hf.Sync(), sweeps=5)))
    assert same(*both(lambda: hf.recall(memory, cues, order=hf.Sync(), sweeps=1)))


def test_a_batch_is_the_loop_over_its_chunks():
    xi = hf.random_patterns(20, 150, rng=1)
    memory, cues = hf.Hebbian(xi), hf.random_patterns(70, 150, rng=2)
    for neuron in (hf.Sign(), hf.HeatBath(0.4)):
        options = {"neuron": neuron, "order": hf.Sync()}
        whole = hf.recall(memory, cues, rng=np.random.default_rng(1), **options)
        for chunk in (1, 7, 33):
            rng = np.random.default_rng(1)
            parts = [
                hf.recall(memory, cues[k : k + chunk], rng=rng, **options)
                for k in range(0, 70, chunk)
            ]
            for end in ENDS[:-1]:
                joined = np.concatenate([getattr(part, end) for part in parts])
                assert np.array_equal(joined, getattr(whole, end))


def test_cycles_and_fixed_points_are_both_found():
    memory = hf.Hebbian(hf.random_patterns(20, 150, rng=1))
    whole = hf.recall(memory, hf.random_patterns(70, 150, rng=2), order=hf.Sync())
    assert {"fixed point", "2-cycle"} <= set(whole.why)


@pytest.mark.parametrize("shares", [1, 2, 4, 50])
@pytest.mark.parametrize("work", [1, 2**22, 2**36])
def test_no_number_of_threads_or_parts_changes_a_bit(shares, work, monkeypatch):
    xi = hf.random_patterns(20, 150, rng=1)
    memory, cues = hf.Hebbian(xi), hf.random_patterns(130, 150, rng=2)

    def run():
        heat = hf.recall(memory, cues, neuron=hf.HeatBath(0.3), order=hf.Sync(), sweeps=7, rng=1)
        coins = {"neuron": hf.Sign(tie="random"), "order": hf.Sync(), "sweeps": 5, "rng": 1}
        return (
            hf.recall(memory + hf.Bias(0.1), np.where(cues[0] > 0, cues, 0), order=hf.Sync()),
            hf.recall(hf.Hebbian(xi[:2]), cues, **coins),
            hf.recall(memory, cues, order=hf.Sync()),
            hf.recall(memory, cues, order=hf.Sync(), sweeps=1),
            heat,
            memory.field(cues),
            memory.dense().weights,
        )

    before = threads()
    one = run()
    monkeypatch.setattr(together, "_WORK", work)
    monkeypatch.setattr(together, "_SHARED", 1)
    try:
        threads(shares)
        again = run()
    finally:
        threads(before)
    assert all(same(a, b) for a, b in zip(one[:5], again[:5], strict=True))
    assert all(identical(a, b) for a, b in zip(one[5:], again[5:], strict=True))


@pytest.mark.parametrize("neuron", [hf.Sign(), hf.HeatBath(0.3)])
@pytest.mark.parametrize("calls", [0, 1, 2, 5, 9])
def test_after_an_interrupt_each_replica_is_where_its_counts_say(neuron, calls, monkeypatch):
    """After Ctrl-C between two kernels, states, streams and counts are of the same sweep."""
    monkeypatch.setattr(together, "_WORK", 1)
    memory = hf.Hebbian(hf.random_patterns(30, 150, rng=1))
    cues = hf.random_patterns(70, 150, rng=2)
    run = hf.Run(memory, cues, neuron=neuron, order=hf.Sync(), rng=3)
    left, kept = [calls], together.each

    def stopped(part, starts, shares):
        def counted(start):
            for _ in part(start):
                if not left[0]:
                    raise KeyboardInterrupt
                left[0] -= 1
                yield

        kept(counted, starts, 1)

    monkeypatch.setattr(together, "each", stopped)
    with pytest.raises(KeyboardInterrupt):
        run.finish(12)
    monkeypatch.undo()
    made, streams = run.counts.sweeps.copy(), run.streams.state.copy()
    assert made.sum()
    assert np.array_equal(run.counts.updates, made)
    begun = hf.Run(memory, cues, neuron=neuron, order=hf.Sync(), rng=3).streams
    for r in range(len(cues)):
        single = hf.Run(memory, cues[r], neuron=neuron, order=hf.Sync(), rng=3)
        single.streams.state[:], single.streams.step[:] = begun.state[r], begun.step[r]
        end = single.finish(int(made[r]))
        assert np.array_equal(end.state, run.state[r])
        assert single.streams.state[0] == streams[r]
    assert np.array_equal(run.energy(), memory.energy(run.state))


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_control_c_is_heard_while_a_long_run_goes_on():
    memory = hf.Hebbian(hf.random_patterns(500, 10_000, rng=1))
    cues = hf.random_patterns(256, 10_000, rng=2)
    run = hf.Run(memory, cues, neuron=hf.HeatBath(0.5), order=hf.Sync(), rng=1)
    run.finish(1)  # compiles
    late = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    late.start()
    with pytest.raises(KeyboardInterrupt):
        run.finish(10_000_000)
    late.join()


def test_what_is_not_worth_it_or_does_not_fit_is_left_alone(monkeypatch):
    monkeypatch.undo()
    xi = hf.random_patterns(50, 1000, rng=1)
    form, s = hf.Hebbian(xi).form(), np.ones((64, 1000), np.int8)
    rule = Rule(-1.0, 1.0, "fixed")
    assert together.takes(form, rule, "together", s)
    assert not together.takes(form, rule, "shuffled", s)
    assert not together.takes(form, rule, None, s)
    assert not together.takes(form, rule, "together", s[:1])
    assert together.takes(form, rule._replace(law="coin"), "together", s[:1])
    assert together.takes(form, rule, "together", np.zeros_like(s))
    assert not together.takes(form._replace(weight=-1.0), rule, "together", s)
    assert together.takes(form._replace(bias=np.ones(1000)), rule, "together", s)
    assert not together.takes(form._replace(bias=np.full(1000, 1e12)), rule, "together", s)
    assert not together.takes(hf.Hebbian(xi > 0, coding="01").form(), rule, "together", s)
    assert not together.takes(hf.DenseMemory(xi, "power", degree=3).form(), rule, "together", s)
    assert not together.takes(hf.Hebbian(xi[:1]).form(), rule, "together", s[:2])


def test_patterns_that_are_held_as_bits_alone_are_not_made_again(monkeypatch):
    xi = hf.random_patterns(70, 999, rng=1)
    monkeypatch.setattr("hopfield.core.hebbian._SMALL", 1)
    memory, cues = hf.Hebbian(xi), hf.random_patterns(5, 999, rng=2)
    assert identical(*both(lambda: memory.numerators(cues)))
    assert identical(*both(lambda: memory.energy(cues)))

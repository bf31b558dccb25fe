"""Batches that move together: the kernels that count give the bits of NumPy's floats."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield.engine import together as batches
from hopfield.engine.kernels import dispatch

pytest.importorskip("numba")

P = (1, 2, 7, 8, 9, 63, 64, 65, 200, 260)
B = (1, 7, 8, 31, 32, 33, 65)
ENDS = ("state", "why", "sweeps", "updates", "energy", "undecided")


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """Let the kernels take batches of every size."""
    monkeypatch.setattr(batches, "_LEAST", 1)
    monkeypatch.setattr(batches, "_MANY", 1)


def numpy_form():
    return mock.patch.object(dispatch, "has", return_value=False)


def both(function):
    """Return what the kernels give, then what NumPy gives."""
    found = function()
    with numpy_form():
        return found, function()


def same(a, b):
    return all(np.array_equal(getattr(a, end), getattr(b, end)) for end in ENDS)


def identical(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


@st.composite
def networks(draw):
    """Draw memories and batches: repeats, patterns all alike up to sign, cues among them."""
    n, p, b = draw(st.integers(2, 200)), draw(st.sampled_from(P)), draw(st.sampled_from(B))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    xi = rng.choice([-1, 1], (p, n), p=draw(st.sampled_from([(0.5, 0.5), (0.2, 0.8)])))
    kind = draw(st.sampled_from(["free", "repeats", "alike"]))
    if kind != "free":
        alike = rng.random(p) < (1 if kind == "alike" else 0.3)
        xi[alike] = xi[0] * rng.choice([-1, 1], (alike.sum(), 1))
    cues = rng.choice([-1, 1], (b, n))
    near = rng.random(b) < draw(st.sampled_from([0, 0.5, 1]))
    flips = rng.choice([1, -1], (near.sum(), n), p=(0.9, 0.1))
    cues[near] = xi[rng.integers(p, size=near.sum())] * flips
    return hf.Hebbian(xi, self_coupling=draw(st.booleans())), cues


@settings(max_examples=120)
@given(network=networks())
def test_fields_and_energies_are_the_same_bits(network):
    memory, cues = network
    for function in (memory.numerators, memory.field, memory.energy):
        counted, floats = both(lambda function=function: function(cues))
        assert identical(counted, floats)
    assert memory._batches is not None


@settings(max_examples=120)
@given(
    network=networks(),
    tie=st.sampled_from(["keep", "up", "down", "random"]),
    sweeps=st.integers(0, 30),
)
def test_a_batch_ends_as_it_does_in_floats(network, tie, sweeps):
    memory, cues = network
    neuron, order = hf.Sign(tie=tie), hf.Sync()
    a, b = both(lambda: hf.recall(memory, cues, neuron=neuron, order=order, sweeps=sweeps, rng=1))
    assert same(a, b)
    counted = tie != "random" and sweeps
    assert a.kernel == ("batches (numba)" if counted else "field")


@settings(max_examples=60)
@given(network=networks(), T=st.sampled_from([0, 0.3, 2]), sweeps=st.integers(0, 5))
def test_little_dynamics_ends_as_it_does_in_floats(network, T, sweeps):
    memory, cues = network
    options = {"neuron": hf.HeatBath(T), "order": hf.Sync(), "record": hf.record.states()}
    for whole in (memory, 2 * memory + hf.Bias(0.25)):
        a, b = both(lambda whole=whole: hf.recall(whole, cues, sweeps=sweeps, rng=3, **options))
        assert same(a, b)
        assert np.array_equal(a.trace, b.trace)


@settings(max_examples=60)
@given(
    network=networks(),
    T=st.sampled_from([0.01, 0.3, 2, 1e9]),
    spans=st.lists(st.integers(0, 5), min_size=1, max_size=3),
)
def test_little_dynamics_in_one_kernel_is_that_in_floats(network, T, spans):
    memory, cues = network

    def run():
        one = hf.Run(memory, cues, neuron=hf.HeatBath(T), order=hf.Sync(), rng=3)
        ends = [one.finish(k) for k in spans]
        one.step(1)
        return [*ends, one.result()]

    counted, floats = both(run)
    assert all(same(a, b) for a, b in zip(counted, floats, strict=True))
    assert not spans[0] or counted[0].kernel == "batches (numba)"


@settings(max_examples=60)
@given(network=networks(), moves=st.lists(st.integers(0, 4), max_size=4))
def test_a_stepped_run_goes_on_in_either_form(network, moves):
    memory, cues = network

    def run():
        stepped = hf.Run(memory, cues, order=hf.Sync())
        for k in moves:
            stepped.step(k)
        ends = [stepped.finish(1), stepped.finish()]
        stepped.set([0, 1], [1, 0])
        return [*ends, stepped.finish(2), stepped.finish()]

    assert all(same(a, b) for a, b in zip(*both(run), strict=True))


@settings(max_examples=40)
@given(network=networks(), value=st.sampled_from([0, 0.5, 2, -3]))
def test_other_states_go_on_in_floats(network, value):
    memory, cues = network
    cues = cues.astype(float)
    cues[-1, 0] = value
    assert identical(*both(lambda: memory.numerators(cues)))
    assert memory._batches is None
    a, b = both(lambda: hf.recall(memory, cues, order=hf.Sync(), sweeps=9))
    assert same(a, b)


@settings(max_examples=60)
@given(network=networks(), tie=st.sampled_from([-1, 0, 1]))
def test_a_step_in_words_is_that_of_the_states(network, tie):
    memory, cues = network
    many = memory._many(cues)
    words = many.pack(cues)
    assert np.array_equal(many.unpack(words), cues)
    h = memory.patterns.T @ (memory.patterns.astype(np.int64) @ cues.T)
    h = h.T - int(memory._diagonal[0]) * cues
    after = many.step(words, tie)
    assert np.array_equal(many.unpack(after), np.where(h == 0, tie or cues, np.sign(h)))
    assert np.array_equal(after, many.pack(many.unpack(after)))  # no bit beyond the neurons
    assert np.array_equal(many.unpack(words), cues)


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
        assert same(
            *both(
                lambda memory=memory, cues=cues: hf.recall(memory, cues, order=hf.Sync(), sweeps=4)
            )
        )


def test_several_condensed_patterns_in_one_table_among_many():
    rng = np.random.default_rng(1)
    xi = hf.random_patterns(300, 9000, rng=1)
    xi[40:48] = xi[40] * rng.choice([1, -1], (8, 9000), p=(0.97, 0.03))  # sums of 64,000
    xi[100:103] = xi[100] * rng.choice([1, -1], (3, 9000), p=(0.97, 0.03))  # of 27,000
    memory, cues = hf.Hebbian(xi), np.concatenate([xi[40:44], xi[100:102], xi[:30]])
    counted, floats = both(lambda: memory.numerators(cues))
    assert identical(counted, floats)
    assert np.abs(memory.patterns[40:48] @ cues[0].astype(np.int64)).sum() > 2**15
    assert same(*both(lambda: hf.recall(memory, cues, order=hf.Sync(), sweeps=5)))


def test_a_batch_is_the_loop_over_its_cues_and_its_chunks():
    xi = hf.random_patterns(20, 150, rng=1)
    memory, cues = hf.Hebbian(xi), hf.random_patterns(70, 150, rng=2)
    whole = hf.recall(memory, cues, order=hf.Sync())
    assert {"fixed point", "2-cycle"} <= set(whole.why)
    for chunk in (1, 7, 33):
        parts = [
            hf.recall(memory, cues[k : k + chunk], order=hf.Sync()) for k in range(0, 70, chunk)
        ]
        for end in ENDS:
            joined = np.concatenate([getattr(part, end) for part in parts])
            assert np.array_equal(joined, getattr(whole, end))


@pytest.mark.parametrize("threads", ["1", "2", "3", "50"])
@pytest.mark.parametrize("work", [1, 2**36])
def test_no_number_of_threads_or_parts_changes_a_bit(threads, work, monkeypatch):
    xi = hf.random_patterns(20, 150, rng=1)
    memory, cues = hf.Hebbian(xi), hf.random_patterns(130, 150, rng=2)
    one = hf.recall(memory, cues, order=hf.Sync()), memory.field(cues)
    monkeypatch.setenv("HOPFIELD_THREADS", threads)
    monkeypatch.setattr(batches, "_WORK", work)
    assert same(one[0], hf.recall(memory, cues, order=hf.Sync()))
    assert identical(one[1], memory.field(cues))


@pytest.mark.parametrize("threads", ["0", "-1", "two", "1.5", "²", "99999"])
def test_a_number_of_threads_that_is_none_is_refused(threads, monkeypatch):
    monkeypatch.setenv("HOPFIELD_THREADS", threads)
    memory = hf.Hebbian(hf.random_patterns(2, 20, rng=1))
    with pytest.raises(ValueError, match=f"HOPFIELD_THREADS must be .* not '{threads}'"):
        memory.field(np.ones((9, 20)))


def test_what_does_not_pay_or_fit_is_left_to_floats(monkeypatch):
    monkeypatch.undo()
    xi, s = hf.random_patterns(50, 1000, rng=1), np.ones((64, 1000))
    assert batches.worth(50, s)
    assert not batches.worth(50, s[:1])
    assert not batches.worth(50, s[0])
    assert not batches.worth(2, s)
    assert not batches.worth(2**31 // 1000, s)
    for memory in (hf.Hebbian(xi, "power", degree=3), hf.Hebbian(xi > 0, coding="01")):
        memory.field(s)
        assert memory._batches is None
    with dispatch.using("numpy"):
        assert not batches.worth(50, s)


SAMPLE = """
import hashlib, numpy as np, hopfield as hf
digest = hashlib.sha256()
for p, n in ((9, 20_000), (70, 999)):
    memory = hf.Hebbian(hf.random_patterns(p, n, rng=p))
    cues = np.tile(hf.flip(memory.patterns, 0.1, rng=1), (-(-70 // p), 1))
    r = hf.recall(memory, cues, order=hf.Sync(), sweeps=3)
    for part in (r.state, r.sweeps, r.energy, memory.field(cues)):
        digest.update(np.ascontiguousarray(part).tobytes())
    assert r.kernel == "batches (numba)"
print(digest.hexdigest())
"""
PROCESSORS = ["generic"] + ["haswell"] * (platform.machine().lower() in ("x86_64", "amd64"))


def _digest(**environment):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SAMPLE],
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("processor", PROCESSORS)
def test_machines_of_other_vectors_give_the_same_bits(processor, tmp_path):
    other = {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": ""}
    assert _digest(NUMBA_CACHE_DIR=str(tmp_path), **other) == _digest()

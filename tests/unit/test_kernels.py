"""Packed patterns: the kernels that count give the bits of the others, on every machine."""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import subprocess
import sys
from contextlib import contextmanager
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield.base.streams import Streams
from hopfield.core import cursors, memory as memories
from hopfield.engine.kernels import dispatch

pytest.importorskip("numba")

FORMS = ("reference", "numpy", "numba", "bits", "few")
P = (1, 2, 15, 16, 17, 63, 64, 65, 129, 200, 300)
NEURONS = (
    *(hf.Sign(tie=tie) for tie in ("keep", "up", "down", "random")),
    *(hf.Sign(0, 1, tie=tie) for tie in ("keep", "up", "down")),
    hf.Sign(-2, 3),
    hf.Sign(-0.25, 3, tie="up"),
    hf.Sign(-200, 100),
    hf.HeatBath(0),
    hf.HeatBath(0.3),
    hf.HeatBath(1.5, low=0, high=1),
)
ORDERS = (hf.Shuffled(), hf.Random(), hf.Sequential())
ENDS = ("why", "sweeps", "updates", "energy", "undecided")


@contextmanager
def form(name):
    """Run with one form of the kernels.

    "numba" is then its floats, "bits" its whole numbers, and "few" a matrix where neurons are few.
    """
    with dispatch.using("numba" if name in ("bits", "few") else name):
        if name == "few":
            yield
        elif name == "bits":
            with mock.patch.object(memories, "_FEW", 0):
                yield
        else:
            with mock.patch.object(dispatch, "has", return_value=False):
                yield


def same(a, b):
    return np.array_equal(a.state, b.state) and all(
        np.array_equal(getattr(a, end), getattr(b, end)) for end in ENDS
    )


@st.composite
def networks(draw, most=24):
    """Draw what `recall` takes: any patterns, repeats among them, and cues with zeros."""
    n, p = draw(st.integers(2, most)), draw(st.sampled_from(P))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    xi = rng.choice([-1, 1], (p, n), p=[0.3, 0.7])
    xi[rng.random(p) < 0.2] = xi[0]
    coding = draw(st.sampled_from(["bipolar", "bipolar", "01"]))
    loops = draw(st.booleans())
    memory = hf.Hebbian(xi if coding == "bipolar" else xi > 0, coding=coding, self_coupling=loops)
    neuron = draw(st.sampled_from(NEURONS))
    evidence = (-1, 1), (0, 1), (-1, 0, 1), neuron.states, (-1, 0, 0.3, 2.5), (-127, 127)
    values = draw(st.sampled_from(evidence))
    cues = rng.choice(values, draw(st.sampled_from([(n,), (1, n), (3, n)])))
    if draw(st.booleans()) and neuron.states in ((-1, 1), (0, 1)):
        memory = memory + hf.Bias(draw(st.sampled_from([0, 0.25, -1])))
    order = draw(st.sampled_from(ORDERS))
    seed = draw(st.integers(0, 2**32))
    return memory, cues, {"neuron": neuron, "order": order, "rng": seed}


@settings(max_examples=250)
@given(network=networks(), sweeps=st.integers(0, 12))
def test_every_form_gives_the_same_recall(network, sweeps):
    memory, cues, options = network
    ends = []
    for name in FORMS:
        with form(name):
            ends.append(hf.recall(memory, cues, sweeps=sweeps, **options))
    assert all(same(ends[0], other) for other in ends[1:])
    assert ends[-1].kernel.endswith("(numba)") or not sweeps


@settings(max_examples=100)
@given(network=networks(most=12), moves=st.lists(st.integers(0, 20), max_size=4))
def test_every_form_gives_the_same_steps(network, moves):
    memory, cues, options = network
    low, high = options["neuron"].states
    ends = []
    for name in FORMS:
        with form(name):
            run = hf.Run(memory, cues, record=hf.record.states("update"), **options)
            for k in moves:
                run.step(k)
                run.set([0, 1], [high, (low + high) / 2])
            ends.append(run.finish(3))
    assert all(same(ends[0], other) for other in ends[1:])
    assert all(np.array_equal(ends[0].trace, other.trace) for other in ends[1:])


@settings(max_examples=100)
@given(network=networks())
def test_every_form_gives_the_same_fields_and_energies(network):
    memory, cues, _ = network
    cues = np.round(8 * cues) / 8  # of other numbers a sum depends on its order
    found = []
    for name in FORMS:
        with form(name):
            cursor = memory.open(cues)
            one = np.atleast_2d(cues)[0]
            fields = [cursor.field_at(i) for i in range(memory.n)]
            found.append((fields, memory.field(one).tolist(), memory.energy(one)))
    assert found[0] == found[1] == found[2] == found[3]
    assert found[0][0] == found[0][1]


@pytest.mark.parametrize("neuron", [n for n in NEURONS if isinstance(n, hf.Sign)])
@pytest.mark.parametrize("coding", ["bipolar", "01"])
def test_every_form_gives_the_same_ends_of_small_networks_full_of_ties(neuron, coding):
    rng = np.random.default_rng(1)
    for n in (2, 3, 5):
        memory = hf.Hebbian(rng.random((2, n)) < 0.5, coding=coding)
        cues = rng.integers(-3, 4, (200, n))  # most are no states of the neuron
        ends = []
        for name in FORMS:
            with form(name):
                ends.append(hf.recall(memory, cues, neuron=neuron, sweeps=9, rng=n))
        assert all(same(ends[0], other) for other in ends[1:])


@pytest.mark.parametrize(("n", "whole"), [(256, "dense"), (257, "bits")])
def test_what_ran_is_named(n, whole):
    xi = hf.random_patterns(3, n, rng=1)
    for memory, neuron, kernel in (
        (hf.Hebbian(xi), hf.Sign(), whole),
        (hf.Hebbian(xi) + hf.Bias(0.5), hf.HeatBath(0.5), "bits"),
        (hf.Hebbian(xi).recode(0, 1), hf.Sign(0, 1), whole),
        (hf.Hebbian(xi), hf.Sign(-0.25, 3), "overlaps"),
        (hf.Hebbian(xi).dense(), hf.Sign(), "dense"),
    ):
        r = hf.recall(memory, xi[0] > 0, neuron=neuron, rng=1)
        assert r.kernel == f"{kernel} (numba)"
    assert hf.recall(hf.Hebbian(xi), 0.3 * xi[0], sweeps=1, rng=1).kernel == "overlaps (numba)"
    assert hf.recall(hf.Hebbian(xi), 0.3 * xi[0], sweeps=2, rng=1).kernel == f"{whole} (numba)"


def test_a_cursor_that_counts_follows_any_number_it_is_given():
    memory = hf.Hebbian(hf.random_patterns(20, 30, rng=1))
    cursor = memory.open(np.ones(30))
    rng = np.random.default_rng(2)
    for value in (-1, 0, 0.25, 1e6, -3.5, 1):
        i = int(rng.integers(30))
        cursor.set(i, value)
        assert cursor.state[0, i] == value
        h = memory.field(cursor.state[0])
        assert [cursor.field_at(k) for k in range(30)] == h.tolist()


@settings(max_examples=60)
@given(
    n=st.integers(2, 24),
    p=st.sampled_from([1, 31, 32, 33, 300, 512, 577]),
    values=st.sampled_from([(-1, 1), (-1, 0, 1), (-127, 100), (-127, 0, 127)]),
    neuron=st.sampled_from([x for x in NEURONS if isinstance(x, hf.Sign) and not x.random]),
    coding=st.sampled_from(["bipolar", "01"]),
    alike=st.sampled_from([0.0, 0.02, 0.5]),  # of the patterns: few or many overlaps are large
    seed=st.integers(0, 2**32),
)
def test_neurons_visited_by_fours_are_visited_in_turn(n, p, values, neuron, coding, alike, seed):
    rng = np.random.default_rng(seed)
    xi = rng.random((p, n)) < 0.5
    xi[rng.random(p) < alike] = xi[0]
    memory, cues = hf.Hebbian(xi, coding=coding), rng.choice(values, (2, n))
    cues[1] = xi[0] * cues.max()
    ends = []
    for name in FORMS:
        with form(name):
            ends.append(hf.recall(memory, cues, neuron=neuron, sweeps=6, rng=seed))
    assert all(same(ends[0], other) for other in ends[1:])


# Of 560 patterns that are alike, sixteen overlaps exceed an int16 together, once they have grown.
@pytest.mark.parametrize("alike", [1, 9, 560])
def test_large_overlaps_have_a_second_digit(alike):
    xi = hf.random_patterns(600, 4000, rng=1)
    middle = xi[0].copy()
    xi[:alike] = hf.flip(np.tile(middle, (alike, 1)), 0.2, rng=2)
    memory = hf.Hebbian(xi)
    for noise in (0.1, 0.45):
        cue = hf.flip(middle, noise, rng=3)
        with form("bits"):
            r = hf.recall(memory, cue, rng=4)
        with form("numba"):
            assert same(r, hf.recall(memory, cue, rng=4))
        assert r.kernel == "bits (numba)"


@given(
    n=st.integers(2, 140),
    p=st.integers(1, 70),
    coding=st.sampled_from(["bipolar", "01"]),
    values=st.sampled_from([(-1, 1), (0, 1), (-1, 0, 1), (-1, 1, 2)]),
    seed=st.integers(0, 2**32),
)
def test_overlaps_from_words_are_those_from_products(n, p, coding, values, seed):
    rng = np.random.default_rng(seed)
    memory = hf.Hebbian(rng.random((p, n)) < 0.5, coding=coding)
    s = rng.choice(values, (3, n)).astype(np.int8)
    m, total = memory._pack().overlaps(s)
    assert np.array_equal(m[:, :p], s.astype(int) @ memory.patterns.T)
    assert not m[:, p:].any()
    assert np.array_equal(total, m.sum(axis=1))


# Sums of 16 bits are silently wrong here: another fixed point comes out.
def test_twenty_thousand_neurons_and_2700_patterns_overflow_nothing():
    xi = hf.random_patterns(2700, 20_000, rng=1)
    memory, cue = hf.Hebbian(xi), hf.flip(xi[0], 0.1, rng=2)
    with form("bits"):
        r = hf.recall(memory, cue, rng=3)
    with form("numba"):
        assert same(r, hf.recall(memory, cue, rng=3))
        sums = 20_000 * memory.field(r.state)
    assert r.kernel == "bits (numba)"
    assert r.why == "fixed point"
    assert np.abs(sums).max() > 2**15
    assert (sums * r.state > 0).all()


@pytest.mark.parametrize("patterns", [65, 257])
def test_seventy_thousand_neurons_give_what_floats_give(patterns):
    xi = hf.random_patterns(patterns, 70_000, rng=1)
    cues = np.stack([hf.flip(x, 0.25, rng=2) for x in xi[:2]])
    memory = hf.Hebbian(xi)
    ends = []
    for name in ("numba", "bits"):
        with form(name):
            ends += [hf.recall(memory, cues, rng=4), hf.recall(memory, cues[0], rng=5, sweeps=1)]
    assert same(ends[0], ends[2])
    assert same(ends[1], ends[3])
    assert np.array_equal(ends[2].state, xi[:2])


@pytest.mark.parametrize("patterns", [1, 63, 64, 65, 200])
def test_bits_say_what_the_patterns_are(patterns):
    xi = hf.random_patterns(patterns, 300, rng=1)
    packed = cursors.Packed.of([xi[:8], xi[8:72], xi[72:]], xi.shape, -1)
    bits = np.unpackbits(packed.masks.view(np.uint8), axis=1, bitorder="little")
    assert np.array_equal(bits[:, :patterns], (xi > 0).T)
    assert not bits[:, patterns:].any()
    assert np.array_equal(packed[:], xi)
    assert np.array_equal(packed[5:-3], xi[5:-3])
    assert np.array_equal(packed.ups, xi.sum(axis=0, dtype=int))
    states = np.random.default_rng(2).integers(-127, 128, (3, 300)).astype(np.int8)
    m, total = packed.overlaps(states)
    sums = states.astype(np.float64) @ xi.T
    assert np.array_equal(m[:, :patterns], sums)
    assert np.array_equal(total, sums.sum(axis=1))
    assert m.ctypes.data % 64 == 0


def test_states_that_sums_cannot_hold_are_not_counted():
    packed = cursors.Packed.of([hf.random_patterns(3, 40, rng=1)], (3, 40), -1)
    for x, held in ((127, True), (128, False), (-127, True), (-128, False), (0.5, False)):
        assert (packed.whole(np.array([1.0, x])) is not None) is held
    wide = np.lib.stride_tricks.as_strided(np.zeros(1, np.uint16), (2**20, 2**9), (0, 0))
    large = cursors.Packed.of([hf.random_patterns(3, 40, rng=1)], (3, 40), -1)
    object.__setattr__(large, "masks", wide)
    assert large.largest == 1


@pytest.mark.parametrize("work", [1, 3000, 40_000])  # parts of one replica, and of several
def test_a_run_in_parts_is_the_run(work, monkeypatch):
    xi = hf.random_patterns(12, 100, rng=1)
    memory, cues = hf.hebb(xi), hf.random_patterns(9, 100, rng=2)
    whole = [hf.recall(memory, cues, rng=3, sweeps=k) for k in (2, 100)]
    monkeypatch.setattr(cursors, "_WORK", work)
    parts = [hf.recall(memory, cues, rng=3, sweeps=k) for k in (2, 100)]
    assert all(same(a, b) for a, b in zip(whole, parts, strict=True))
    assert len(set(whole[1].sweeps)) > 1


MANY = hf.random_patterns(12, 300, rng=1)
SWEPT = {
    "bits": (hf.hebb(MANY), hf.Sign()),
    "bits, warm": (hf.hebb(MANY), hf.HeatBath(0.4)),
    "few": (hf.hebb(MANY[:, :90]), hf.Sign()),
    "dense": (hf.learning.pseudo_inverse(MANY).dense(), hf.Sign()),
    "dense, warm": (hf.hebb(MANY).dense(), hf.HeatBath(0.4)),
    "separation": (hf.dense(MANY, 3), hf.Sign()),
}


@pytest.mark.parametrize("threads", ["2", "3", "50"])
@pytest.mark.parametrize("name", SWEPT)
def test_no_number_of_threads_changes_a_bit(name, threads, monkeypatch):
    memory, neuron = SWEPT[name]
    cues = hf.random_patterns(40, memory.n, rng=2)
    one = hf.recall(memory, cues, neuron=neuron, sweeps=20, rng=3)
    monkeypatch.setenv("HOPFIELD_THREADS", threads)
    monkeypatch.setattr(cursors, "_WORK", 2**17)
    assert same(one, hf.recall(memory, cues, neuron=neuron, sweeps=20, rng=3))


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize(
    ("backend", "name", "neurons"),
    [("numba", "settle", 300), ("numba", "settle_dense", 90), ("numpy", "permute", 300)],
)
def test_a_run_goes_on_from_where_it_was_interrupted(backend, name, neurons, threads, monkeypatch):
    memory, calls = hf.hebb(MANY[:, :neurons]), iter(range(1000))
    run = hf.Run(memory, hf.random_patterns(40, neurons, rng=2), rng=3)
    monkeypatch.setenv("HOPFIELD_THREADS", threads)
    monkeypatch.setattr(cursors, "_WORK", 2**17)
    with dispatch.using(backend), monkeypatch.context() as patch:
        kernel = dispatch.kernel(name)

        def interrupted(*arguments):
            if next(calls) == 3:
                raise KeyboardInterrupt
            return kernel(*arguments)

        patch.setattr(dispatch._module(backend), name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            run.finish()
    with dispatch.using(backend):
        assert run.step(0) == 0
        assert 0 < (run.state != hf.random_patterns(40, neurons, rng=2)).sum()
        end = run.finish()
    assert (end.why == "fixed point").all()
    assert (end.state * memory.field(end.state) >= 0).all()
    assert np.array_equal(end.energy, memory.energy(end.state))


def test_a_pickle_holds_nothing_that_can_be_made_again():
    memory = hf.hebb(MANY)
    memory._pack()
    fresh = len(pickle.dumps(memory._pack()))
    hf.recall(memory, hf.random_patterns(50, 300, rng=2), rng=3)
    assert "columns" in vars(memory._pack())
    assert len(pickle.dumps(memory._pack())) == fresh
    again = pickle.loads(pickle.dumps(memory))
    assert same(hf.recall(again, MANY, rng=1), hf.recall(memory, MANY, rng=1))


def test_one_generator_serves_runs_in_turn_whichever_form_they_take():
    xi = hf.random_patterns(5, 60, rng=1)
    ends = []
    for name in FORMS:
        with form(name):
            rng = np.random.default_rng(7)
            run = hf.Run(hf.hebb(xi), hf.random_patterns(3, 60, rng=2), rng=rng)
            first = run.finish(2)  # leaves each stream where the next draw finds it
            ends.append((first, run.finish(), hf.recall(hf.hebb(xi), -xi[0], rng=rng)))
    for others in ends[1:]:
        assert all(same(a, b) for a, b in zip(ends[0], others, strict=True))


@pytest.mark.parametrize("n", [1, 2, 3, 64, 1000])
def test_the_orders_are_the_same_on_every_backend(n):
    words = np.array([0, 1, 2**64 - 1, 12345678901234567890], dtype=np.uint64)
    steps = words | np.uint64(1)
    a, b, c = orders = np.empty((3, 4, n), dtype=np.int64)
    for backend, order in zip(dispatch.BACKENDS, orders, strict=True):
        with dispatch.using(backend):
            dispatch.kernel("permute")(words, steps, order, np.empty(n, dtype=np.uint32))
    assert np.array_equal(a, b)
    assert np.array_equal(a, c)
    assert np.array_equal(np.sort(a, axis=1), np.tile(np.arange(n), (4, 1)))


def test_an_order_uses_as_many_words_as_it_has_places():
    a, b = (Streams.spawn(np.random.default_rng(1), 3) for _ in range(2))
    a.permutation(50)
    b.bits(50)
    assert np.array_equal(a.bits(2), b.bits(2))


# ---- other machines, other disks -------------------------------------------------------------

SAMPLE = """
import hashlib, numpy as np, hopfield as hf
from hopfield import batches
from hopfield.engine.kernels import dispatch
digest = hashlib.sha256()
with dispatch.using("numba"):
    for p in (1, 40, 300):
        xi = hf.random_patterns(p, 300, rng=p)
        for neuron in (hf.Sign(), hf.HeatBath(0.4)):
            r = hf.recall(hf.Hebbian(xi), hf.flip(xi, 0.2, rng=1), neuron=neuron, sweeps=9, rng=2)
            for part in (r.state, r.sweeps, r.energy):
                digest.update(np.ascontiguousarray(part).tobytes())
            assert r.kernel.startswith("bits")
    xi = hf.random_patterns(80, 96, rng=1)
    r = hf.recall(hf.Hebbian(xi, "power", degree=5), hf.flip(xi, 0.2, rng=1), rng=2)
    digest.update(r.state.tobytes() + r.sweeps.tobytes() + r.energy.tobytes())
    assert r.kernel == "separation (numba)"
    words = hf.Hebbian(xi)._pack().masks.view(np.uint64)
    digest.update(batches.gram(words, *xi.shape).tobytes())
    w = np.random.default_rng(1).normal(size=(90, 90))
    r = hf.recall(hf.Couplings(w), np.ones((3, 90)), neuron=hf.HeatBath(5), sweeps=50, rng=2)
    digest.update(r.state.tobytes())
print(digest.hexdigest())
"""
ORDER = """
import numpy as np
from hopfield.engine.kernels import dispatch
from hopfield.base.streams import Streams
with dispatch.using("numba"):
    print(Streams.spawn(np.random.default_rng(1), 1).permutation(9))
"""
PROCESSORS = ["generic"] + ["haswell"] * (platform.machine().lower() in ("x86_64", "amd64"))


def _python(code, **environment):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("processor", PROCESSORS)
def test_machines_of_other_vectors_give_the_same_bits(processor, tmp_path):
    other = {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": ""}
    assert _python(SAMPLE, NUMBA_CACHE_DIR=str(tmp_path), **other) == _python(SAMPLE)


def test_scipy_is_loaded_where_blas_is_called_alone(kept):
    code = f"""{ORDER}
import sys
from numba.np import arraymath, linalg
assert "scipy.linalg" not in sys.modules and arraymath._HAVE_BLAS
linalg.ensure_blas()
assert "scipy.linalg" in sys.modules
"""
    assert _python(code, NUMBA_CACHE_DIR=str(kept[0])) == kept[1]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A cache directory that a process has filled, and what that process printed."""
    folder = tmp_path_factory.mktemp("cache")
    return folder, _python(ORDER, NUMBA_CACHE_DIR=str(folder))


def _hashes(folder):
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    return {f: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def test_kernels_are_kept_and_found_again(kept):
    folder, printed = kept
    before = _hashes(folder)
    assert any(f.suffix == ".nbc" for f in before)
    assert _python(ORDER, NUMBA_CACHE_DIR=str(folder)) == printed
    assert _hashes(folder) == before


def test_a_cache_that_cannot_be_used_goes_unnoticed(kept, tmp_path):
    file = tmp_path / "file"
    file.write_text("no folder")
    assert _python(ORDER, NUMBA_CACHE_DIR=str(file / "inside")) == kept[1]


def test_kept_kernels_that_are_spoilt_are_made_anew(kept, tmp_path):
    for f in _hashes(kept[0]):
        copy = tmp_path / f.relative_to(kept[0])
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(f.read_bytes()[:40])
    assert _python(ORDER, NUMBA_CACHE_DIR=str(tmp_path)) == kept[1]

"""Patterns held as they are: Hebb's memory beside its matrix, and dense memories."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tables import MEMORIES, N, patterns

import hopfield as hf
from hopfield import engine, separation
from hopfield.base.bits import BitMatrix
from hopfield.core import hebbian
from tests.bad import X, refuses
from tests.core.costs import peak

STATES = hf.random_patterns(40, N, rng=9)


def same(a, b, s=STATES):
    """Tell whether two memories have the same fields and energies, to the bit."""
    return np.array_equal(a.field(s), b.field(s)) and np.array_equal(a.energy(s), b.energy(s))


@given(st.integers(1, 8), st.integers(2, 40), st.booleans(), st.integers(0, 99))
def test_hebb_is_its_formula_in_both_forms(p, n, self_coupling, seed):
    xi = hf.random_patterns(p, n, rng=seed)
    memory = hf.hebb(xi, self_coupling=self_coupling, allow_repeats=True)
    w = xi.T.astype(int) @ xi.astype(int)
    if not self_coupling:
        np.fill_diagonal(w, 0)
    s = hf.random_patterns(5, n, rng=seed + 1).astype(int)
    for form in (memory, memory.dense()):
        assert np.array_equal(form.field(s), s @ w / n)
        assert np.array_equal(form.energy(s), -np.einsum("bi,ij,bj->b", s, w, s) / (2 * n))
        assert np.array_equal(form.linear()[0], w / n)


@pytest.mark.parametrize("tie", ["keep", "up", "down", "random"])
@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync(), hf.Random()])
def test_hebb_recalls_the_same_in_both_forms(order, tie):
    memory = hf.hebb(hf.random_patterns(12, 48, rng=1))
    cues = hf.blank(hf.random_patterns(30, 48, rng=2), 0.3, rng=3)
    a, b = (
        hf.recall(m, cues, neuron=hf.Sign(tie=tie), order=order, sweeps=20, rng=4)
        for m in (memory, memory.dense())
    )
    assert np.array_equal(a.state, b.state)
    assert np.array_equal(a.energy, b.energy)
    assert np.array_equal(a.why, b.why)


def test_hebb_takes_one_pattern_bools_and_lists_alike():
    xi = hf.random_patterns(1, 6, rng=0)
    for given_ in (xi, xi[0], xi[0].tolist(), xi.tolist(), xi > 0, (xi[0] > 0).tolist(), xi * 1.0):
        assert same(hf.hebb(given_), hf.hebb(xi), hf.random_patterns(9, 6, rng=1))


def test_hebb_of_01_stores_them_as_such():
    x = hf.random_patterns(3, 8, rng=3) > 0
    for given_ in (x, x * 1, x * 1.0):
        w = hf.hebb(given_, coding="01").linear()[0]
        expected = x.T.astype(int) @ x.astype(int) / 8
        np.fill_diagonal(expected, 0)
        assert np.array_equal(w, expected)


def test_a_pattern_stored_twice_counts_twice():
    xi = hf.random_patterns(2, 9, rng=0)
    twice = hf.hebb(np.concatenate([xi, xi[:1]]), allow_repeats=True)
    s = hf.random_patterns(7, 9, rng=1)
    assert np.allclose(twice.field(s), (hf.hebb(xi) + hf.hebb(xi[:1])).field(s))


def test_01_patterns_are_for_neurons_of_0_and_1():
    x = hf.random_patterns(3, 30, rng=3) > 0
    memory = hf.hebb(x, coding="01")
    assert memory.neuron == memory.dense().neuron == hf.Sign(0, 1)
    for m in (memory, memory.dense()):
        r = hf.recall(m, hf.flip(x, 3, rng=1), rng=2)
        assert set(r.state.flat) <= {0, 1}
        twin = hf.recall(m, hf.flip(x, 3, rng=1), neuron=hf.Sign(0, 1), rng=2)
        assert np.array_equal(r.state, twin.state)


@pytest.mark.parametrize("coding", ["bipolar", "01"])
def test_patterns_that_are_many_are_held_as_bits_and_are_the_same_memory(coding, monkeypatch):
    x = hf.random_patterns(70, 33, rng=1) > 0
    few = hf.Hebbian(x, coding=coding)
    monkeypatch.setattr(hebbian, "_SMALL", 100)
    many = hf.Hebbian(x, coding=coding)
    assert isinstance(many.parts()["patterns"], BitMatrix)
    assert np.array_equal(many.patterns, few.patterns)
    assert many.patterns.dtype == np.int8
    s = hf.random_patterns(9, 33, rng=2)
    assert same(many, few, s)
    assert np.array_equal(many.dense().weights, few.dense().weights)
    again = hf.Hebbian(**many.parts())
    assert again.parts()["patterns"] is many.parts()["patterns"]
    if coding == "bipolar":
        cubic = hf.DenseMemory(x, "power", degree=3)
        monkeypatch.undo()
        assert same(cubic, hf.DenseMemory(x, "power", degree=3), s)


def test_patterns_are_to_be_read_only_and_the_callers_are_left_alone():
    xi = patterns(1)
    memory = hf.Hebbian(xi)
    with pytest.raises(ValueError, match="read-only"):
        memory.patterns[0, 0] = 1
    xi[:] = 1
    assert np.array_equal(memory.patterns, patterns(1))


# ---- patterns that need not fit into memory ---------------------------------------------------

P, M = 200, 70
XI = hf.random_patterns(P, M, rng=1)
CUES = np.concatenate([hf.flip(XI[:9], 0.2, rng=2), np.zeros((1, M))])


class Rows:
    """Patterns that are no array: a shape, a dtype, and slices of rows."""

    def __init__(self, rows, shape=None):
        self.rows, self.dtype, self.shape = rows, rows.dtype, shape or rows.shape
        self.asked = []

    def __getitem__(self, rows):
        self.asked.append((rows.start, rows.stop))
        return self.rows[rows]


@pytest.mark.parametrize("name", [n for n in MEMORIES if "dense" in n or "hebb" in n])
def test_patterns_in_many_blocks_are_as_in_one(name, monkeypatch):
    def seen():
        memory = MEMORIES[name](2)
        return memory.field(STATES), memory.gradient(STATES), memory.energy(STATES)

    before = seen()
    monkeypatch.setattr(hebbian, "_BLOCK", 8)
    for a, b in zip(before, seen(), strict=True):
        assert np.allclose(a, b, rtol=1e-12, atol=1e-12)
    hf.testing.check_memory(MEMORIES[name](2))


@pytest.fixture
def small(monkeypatch):
    """Read 64 rows at a time, and keep bits alone."""
    monkeypatch.setattr(hebbian, "_READ", 1)
    monkeypatch.setattr(hebbian, "_SMALL", 0)


@pytest.mark.parametrize("rows", [[row.name for row in engine.ENGINES], ["fallback"], []])
@pytest.mark.parametrize("coding", ["bipolar", "01"])
def test_bits_alone_give_what_the_patterns_give(coding, rows, request):
    xi = XI if coding == "bipolar" else XI > 0
    whole = hf.Hebbian(xi, coding=coding)
    request.getfixturevalue("small")
    source = Rows(xi)
    held = hf.Hebbian(source, coding=coding)
    assert source.asked == [(0, 64), (64, 128), (128, 192), (192, 200)]
    assert isinstance(held.parts()["patterns"], BitMatrix)
    assert np.array_equal(held.patterns, whole.patterns)
    assert np.array_equal(np.concatenate(list(held.blocks())), whole.patterns)
    with engine.using(*rows):
        for s in (CUES, CUES[0], CUES[:1], CUES.reshape(2, 5, M), 0.5 * CUES):
            assert same(held, whole, s)
        cues = CUES if coding == "bipolar" else (CUES + 1) / 2
        for order in (hf.Shuffled(), hf.Sync(), hf.Random()):
            a, b = (hf.recall(m, cues, order=order, sweeps=9, rng=3) for m in (held, whole))
            assert a.kernel == b.kernel
            assert np.array_equal(a.state, b.state)
            assert np.array_equal(a.energy, b.energy)
        assert np.array_equal(held.linear()[0], whole.linear()[0])
    assert repr(held) == repr(whole)


def test_dense_memories_may_be_held_as_bits(small):
    held = hf.DenseMemory(Rows(XI), "power", degree=3)
    assert isinstance(held.parts()["patterns"], BitMatrix)
    m = CUES[:9] @ XI.T.astype(float)
    assert held.energy(CUES[:9]) == pytest.approx(-held.separation.f(m, M).sum(axis=1))
    hf.testing.check_cursor(held)


def test_a_memmap_and_a_source_of_ones_own_are_read_by_hebb(small, tmp_path):
    np.save(tmp_path / "xi.npy", XI)
    mapped = np.load(tmp_path / "xi.npy", mmap_mode="r")
    w = XI.T @ XI.astype(float) / M * ~np.eye(M, dtype=bool)
    for source in (mapped, Rows(XI), Rows(XI > 0), Rows(XI.astype(float))):
        assert np.array_equal(hf.hebb(source).linear()[0], w)


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (..., 0.0, "must be -1 or .1, but holds only 0 and 1"),
        ((150, 3), 2.0, "must be -1 or .1, but holds 2"),
        ((150, 3), np.nan, "must be finite"),
    ],
)
@pytest.mark.parametrize("rule", [hf.hebb, hf.Hebbian, lambda x: hf.DenseMemory(x, "square")])
def test_bad_values_are_found_in_every_block(small, rule, place, value, sentence):
    rows = XI.astype(float)
    rows[place] = value
    refuses(lambda: rule(Rows(rows)), ValueError, f"^patterns {sentence}")


def test_repeats_are_found_in_blocks_far_apart(small):
    rows = XI.copy()
    rows[190] = rows[3]
    refuses(lambda: hf.hebb(Rows(rows)), ValueError, r"^patterns 3 and 190 are the same")
    assert np.array_equal(
        hf.hebb(Rows(rows), allow_repeats=True).linear()[0][0, 1:] * M,
        rows[:, 0] @ rows[:, 1:].astype(int),
    )


@pytest.mark.parametrize("shape", [(P + 1, M), (P + 64, M), (P, M - 1), (P, M + 1)])
def test_a_source_that_gives_other_rows_than_it_says_is_refused(small, shape):
    refuses(lambda: hf.Hebbian(Rows(XI, shape)), ValueError, r"^patterns must ")


@pytest.mark.parametrize("shape", [(0, M), (P, 0), (1.5, M), ("a", M)])
def test_a_source_of_no_shape_is_refused(shape):
    refuses(lambda: hf.Hebbian(Rows(XI, shape)), (ValueError, TypeError), r"^patterns[ .]")


def test_bits_are_saved_as_bits_and_come_back(small, tmp_path, monkeypatch):
    held = hf.Hebbian(Rows(XI))
    hf.save(tmp_path / "held.npz", held)
    for largest in (0, 2**26):
        monkeypatch.setattr(hebbian, "_SMALL", largest)
        back = hf.load(tmp_path / "held.npz")
        assert np.array_equal(back.patterns, XI)
        assert same(back, held, CUES)
    with np.load(tmp_path / "held.npz") as archive:
        patterns = json.loads(archive["hopfield"].item())["parts"]["patterns"]["parts"]
        words = archive[patterns["by_neuron"]["member"]]
    bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
    assert np.array_equal(bits[:, : patterns["size"]].T, XI > 0)


LARGE = """
import numpy as np, hopfield as hf

class Drawn:
    shape, dtype = (13_800, 100_000), np.dtype(bool)
    def __getitem__(self, rows):
        first, stop, _ = rows.indices(self.shape[0])
        octets = np.random.default_rng(first).bytes((stop - first) * self.shape[1] // 8)
        return np.unpackbits(np.frombuffer(octets, np.uint8)).view(bool).reshape(-1, self.shape[1])

memory, xi = hf.Hebbian(Drawn()), 2 * Drawn()[:64][0] - 1
r = hf.recall(memory, xi, rng=1)
try:  # what this process held; the system's other figure may be that of the process before it
    with open("/proc/self/status") as status:
        peak = next(int(x.split()[1]) * 1024 for x in status if x.startswith("VmHWM"))
except OSError:
    from resource import RUSAGE_SELF, getrusage
    peak = getrusage(RUSAGE_SELF).ru_maxrss
print(r.kernel, "|", r.why, "|", hf.overlap(r.state, xi), "|", peak)
"""


# 8 N N bytes would be 80 GB, and N P 1.4 GB. The theory gives m = .97 to .98 at this load, and
# what starts at the pattern ends 0.001 to 0.004 above.
def test_a_hundred_thousand_neurons_at_the_capacity_need_400_megabytes():
    pytest.importorskip("numba")
    done = subprocess.run(
        [sys.executable, "-c", LARGE],
        env=os.environ | {"HOPFIELD_ENGINES": "bits"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    kernel, why, m, most = done.stdout.split(" | ")
    assert (kernel, why) == ("bits", "fixed point")
    assert 0.97 < float(m) < 0.99
    assert int(most) < 400e6


# ---- what it costs ---------------------------------------------------------------------------


def test_two_patterns_of_ten_thousand_neurons_take_no_matrix():
    hf.recall(hf.hebb(np.ones(50)), np.ones(50), rng=0)  # whatever is loaded once
    hf.recall(hf.hebb(np.ones(50)), np.ones(50), order=hf.Sync())
    xi = hf.random_patterns(2, 10_000, rng=0)
    cue = hf.flip(xi[0], 0.25, rng=1)
    with peak() as learning:
        memory = hf.hebb(xi)
    with peak() as recalling:
        one_by_one = hf.recall(memory, cue, rng=2)
        together = hf.recall(memory, cue, order=hf.Sync())
    with peak() as looking:
        memory.energy(xi), memory.field(xi), memory.stable(xi)
    assert np.array_equal(one_by_one.state, xi[0])
    assert np.array_equal(together.state, xi[0])
    assert max(learning[0], recalling[0], looking[0]) < 5


def test_a_matrix_would_be_noticed():
    xi = hf.random_patterns(2, 2000, rng=0)
    with peak() as dense:
        hf.Hebbian(xi).dense()
    with peak() as implicit:
        hf.hebb(xi)
    assert dense[0] > 5 > 25 * implicit[0]


# ---- dense memories --------------------------------------------------------------------------


def test_power_two_is_square_but_for_its_scale_and_a_constant():
    xi = hf.random_patterns(3, N, rng=0)
    square, power = hf.Hebbian(xi), hf.DenseMemory(xi, separation.power(2))
    assert np.allclose(power.field(STATES), 2 * N * square.field(STATES))
    difference = power.energy(STATES) - 2 * N * square.energy(STATES)
    assert np.allclose(difference, difference[0])


def test_high_degrees_and_many_neurons_stay_within_float64():
    for f in (separation.power(40), separation.rectified(60), separation.exponential):
        n = min(f.largest_n, 300)
        xi = hf.random_patterns(5, n, rng=0)
        memory = hf.DenseMemory(xi, f)
        for s in (xi, -xi, np.zeros(n)):
            assert np.isfinite(memory.field(s)).all()
            assert np.isfinite(memory.energy(s)).all()
        r = hf.recall(memory, hf.flip(xi[0], 0.2, rng=1), rng=2)
        assert np.array_equal(r.state, xi[0])


def test_evidence_may_add_up_to_what_float64_bears_and_no_more():
    memory = hf.DenseMemory(X, "exponential")
    most = separation.exponential.largest_n
    s = np.full(memory.n, most / memory.n)
    assert np.abs(s).sum() == most
    assert np.isfinite(memory.energy_of_reals(s))
    with pytest.raises(ValueError, match=f"add up to {most} at most"):
        memory.energy_of_reals(1.01 * s)


def test_the_square_of_a_dense_memory_is_hebbs():
    xi = patterns(0)
    square, hebb = hf.DenseMemory(xi, "square"), hf.Hebbian(xi)
    assert np.allclose(square.field(STATES), hebb.field(STATES))
    assert np.allclose(np.ptp(square.energy(STATES) - hebb.energy(STATES)), 0)


CASES = {
    "P = 0": (lambda: hf.hebb(np.empty((0, 5))), ValueError, r"^patterns must not be empty"),
    "N = 0": (lambda: hf.hebb([[], []]), ValueError, r"^patterns must not be empty.* \(2, 0\)"),
    "N = 1": (lambda: hf.hebb([[1], [-1]]), ValueError, "^patterns .* at least 2 neurons, not 1"),
    "N = 1 in Hebbian": (lambda: hf.Hebbian([[1]]), ValueError, "^patterns .* not 1"),
    "patterns of four dimensions": (
        lambda: hf.hebb([[X]]),
        ValueError,
        r"^patterns must be rows \(P, N\).* \(1, 1, 3, 5\)",
    ),
    "one pattern without its row": (
        lambda: hf.Hebbian(X[0]),
        ValueError,
        r"^patterns must be rows .* \(5,\)",
    ),
    "the same pattern twice": (
        lambda: hf.hebb(X[[0, 1, 2, 1]]),
        ValueError,
        "^patterns 1 and 3 are the same.*repeats",
    ),
    "-1/+1 where 0/1 is meant": (
        lambda: hf.hebb(X, coding="01"),
        ValueError,
        '^patterns must be 0 or 1 .*coding="01"',
    ),
    "a separation's degree given twice": (
        lambda: hf.DenseMemory(X, separation.power(3), degree=2),
        ValueError,
        r"^degree .* separation power\(3\), not 2",
    ),
    "a degree that square has not": (
        lambda: hf.DenseMemory(X, "square", degree=3),
        ValueError,
        "^degree .* separation square",
    ),
    "N beyond float64": (
        lambda: hf.DenseMemory(np.ones((1, 400)), "exponential"),
        ValueError,
        "^separation exponential exceeds float64 at N = 400",
    ),
    "evidence beyond float64": (
        lambda: hf.recall(hf.DenseMemory(X, "exponential"), 100.0 * X[0]),
        ValueError,
        "^s must add up to 350 at most",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_a_sentence(case):
    refuses(*CASES[case])

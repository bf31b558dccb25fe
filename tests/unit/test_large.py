"""Memories of more patterns than fit into memory as int8: read by blocks, held as bits."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import hopfield as hf
from hopfield import files
from hopfield.core import cursors, memory
from hopfield.engine.kernels import dispatch

P, N = 200, 70
XI = hf.random_patterns(P, N, rng=1)
CUES = np.concatenate([hf.flip(XI[:9], 0.2, rng=2), np.zeros((1, N))])


class Rows:
    """A source of one's own: a shape, a dtype and slices of rows."""

    def __init__(self, rows, shape=None):
        self.rows, self.dtype, self.shape = rows, rows.dtype, shape or rows.shape
        self.asked = []

    def __getitem__(self, rows):
        self.asked.append(rows)
        return self.rows[rows]


@pytest.fixture
def small(monkeypatch):
    """Read 64 rows at a time, and keep bits alone."""
    monkeypatch.setattr(memory, "_READ", 1)
    monkeypatch.setattr(memory, "_SMALL", 0)


@pytest.mark.parametrize("backend", ["numba", "numpy"])
@pytest.mark.parametrize("coding", ["bipolar", "01"])
def test_bits_alone_give_what_the_patterns_give(coding, backend, monkeypatch):
    xi = XI if coding == "bipolar" else XI > 0
    whole = hf.Hebbian(xi, coding=coding)
    monkeypatch.setattr(memory, "_READ", 1)
    monkeypatch.setattr(memory, "_SMALL", 0)
    source = Rows(xi)
    held = hf.Hebbian(source, coding=coding)
    assert [(r.start, r.stop) for r in source.asked] == [(0, 64), (64, 128), (128, 192), (192, 200)]
    assert held._xi is None
    assert np.array_equal(held.patterns, whole.patterns)
    assert np.array_equal(np.concatenate(list(held.blocks())), whole.patterns)
    with dispatch.using(backend):
        for s in (CUES, CUES[0], CUES[:1], CUES.reshape(2, 5, N), 0.5 * CUES):
            assert np.array_equal(held.field(s), whole.field(s))
            assert np.array_equal(held.energy(s), whole.energy(s))
        for order in (hf.Shuffled(), hf.Sync(), hf.Random()):
            a, b = (hf.recall(m, CUES, order=order, sweeps=9, rng=3) for m in (held, whole))
            assert np.array_equal(a.state, b.state)
            assert np.array_equal(a.energy, b.energy)
    assert np.array_equal(held.linear()[0], whole.linear()[0])
    assert np.array_equal(held.block_means(5), whole.block_means(5))
    assert repr(held) == repr(whole)


def test_dense_memories_may_be_held_as_bits(small):
    held = hf.Hebbian(Rows(XI), "power", degree=3)
    m = CUES[:9] @ XI.T
    assert held.energy(CUES[:9]) == pytest.approx(-held.separation.f(m, N).sum(axis=1))
    hf.testing.check_cursor(held)


def test_a_memmap_and_a_source_of_one_s_own_are_read_by_hebb(small, tmp_path):
    with open(tmp_path / "xi.npy", "wb") as file:
        np.save(file, XI)
    mapped = np.load(tmp_path / "xi.npy", mmap_mode="r")
    for source in (mapped, Rows(XI), Rows(XI > 0), Rows(XI.astype(float))):
        assert np.array_equal(
            hf.hebb(source).linear()[0], XI.T @ XI.astype(float) / N * ~np.eye(N, dtype=bool)
        )


@pytest.mark.parametrize(
    ("place", "value", "error", "sentence"),
    [
        (..., 0.0, ValueError, "must be -1 or .1, but holds only 0 and 1"),
        ((150, 3), 2.0, ValueError, "must be -1 or .1, but holds 2"),
        ((150, 3), np.nan, ValueError, "must be finite"),
    ],
)
@pytest.mark.parametrize("rule", [hf.hebb, hf.Hebbian])
def test_bad_values_are_found_in_every_block(small, rule, place, value, error, sentence):
    rows = XI.astype(float)
    rows[place] = value
    with pytest.raises(error, match=f"^patterns {sentence}"):
        rule(Rows(rows))


def test_repeats_are_found_in_blocks_far_apart(small):
    rows = XI.copy()
    rows[190] = rows[3]
    with pytest.raises(ValueError, match=r"^patterns 3 and 190 are the same"):
        hf.hebb(Rows(rows))
    assert np.array_equal(
        hf.hebb(Rows(rows), allow_repeats=True).linear()[0][0, 1:] * N,
        rows[:, 0] @ rows[:, 1:].astype(int),
    )


@pytest.mark.parametrize("shape", [(P + 1, N), (P + 64, N), (P, N - 1), (P, N + 1)])
def test_a_source_that_gives_other_rows_than_it_says_is_refused(small, shape):
    with pytest.raises(ValueError, match=r"^patterns must "):
        hf.Hebbian(Rows(XI, shape))


@pytest.mark.parametrize("shape", [(0, N), (P, 0), (1.5, N), ("a", N)])
def test_a_source_of_no_shape_is_refused(shape):
    with pytest.raises((ValueError, TypeError), match=r"^patterns[ .]"):
        hf.Hebbian(Rows(XI, shape))


def test_bits_are_saved_as_bits_and_come_back(small, tmp_path, monkeypatch):
    held = hf.Hebbian(Rows(XI))
    hf.save(tmp_path / "held.npz", held)
    for largest in (0, 2**26):
        monkeypatch.setattr(memory, "_SMALL", largest)
        back = hf.load(tmp_path / "held.npz")
        assert np.array_equal(back.patterns, XI)
        assert np.array_equal(back.field(CUES[0]), held.field(CUES[0]))
    with np.load(tmp_path / "held.npz") as archive:
        patterns = json.loads(archive["hopfield"].item())["parts"]["patterns"]["parts"]
        bits = np.unpackbits(
            archive[patterns["masks"]["member"]].view(np.uint8), axis=1, bitorder="little"
        )
    assert np.array_equal(bits[:, : patterns["size"]].T, XI > 0)


@pytest.mark.parametrize(
    "masks",
    [
        np.zeros((N, 12), np.uint16),
        np.zeros((N, 16), np.int16),
        np.zeros(16, np.uint16),
        np.full((N, 16), 2**16 - 1, np.uint16),
        np.zeros((1, 16), np.uint16),
        np.zeros((16, N), np.uint16).T,
        [1, 2],
        None,
    ],
)
def test_bits_that_kernels_cannot_trust_are_refused(masks, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"^masks must "):
        cursors.Packed(masks, -1, P)
    packed = cursors.Packed(np.zeros((N, 16), np.uint16), -1, P)
    object.__setattr__(packed, "masks", masks)
    files.save(tmp_path / "packed.npz", packed)
    with pytest.raises(files.BadFile, match="cannot be rebuilt: masks must "):
        files.load(tmp_path / "packed.npz")


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
    done = subprocess.run(
        [sys.executable, "-c", LARGE],
        env=os.environ | {"HOPFIELD_KERNELS": "numba"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    kernel, why, m, peak = done.stdout.split(" | ")
    assert (kernel, why) == ("bits (numba)", "fixed point")
    assert 0.97 < float(m) < 0.99
    assert int(peak) < 400e6

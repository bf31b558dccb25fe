"""The row fallback: NumPy alone gives what the plain loop gives, to the bit."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield import engine
from hopfield.engine import fallback

ENDS = ("why", "sweeps", "updates", "energy", "undecided", "period")
KINDS = ("hebb", "hebb of 0/1", "loops", "two", "whole", "real", "asymmetric", "sparse")


def same(a, b, close=False):
    if not close:
        return np.array_equal(a.state, b.state) and all(
            np.array_equal(getattr(a, end), getattr(b, end)) for end in ENDS
        )
    energies = a.energy is b.energy is None or np.allclose(a.energy, b.energy, rtol=1e-12)
    return np.array_equal(a.state, b.state) and energies


def memory(rng, kind, n):
    xi = rng.choice([-1, 1], (rng.choice([1, 2, 7, 30, 130]), n))
    if kind in ("hebb", "two"):
        one = hf.hebb(xi, allow_repeats=True)
        return one + hf.hebb(xi[:1]) if kind == "two" else one
    if kind == "hebb of 0/1":
        return hf.hebb(xi > 0, coding="01", allow_repeats=True)
    if kind == "loops":
        return hf.hebb(xi, self_coupling=True, allow_repeats=True)
    w = rng.integers(-9, 10, (n, n)) if kind == "whole" else rng.normal(size=(n, n))
    if kind != "asymmetric":
        w = np.tril(w) + np.tril(w, -1).T
    if kind == "sparse":
        import scipy.sparse

        w = scipy.sparse.csr_array(np.where(np.abs(w) > 1.3, w, 0))
    return hf.Couplings(w, self_coupling=bool(rng.random() < 0.3))


@st.composite
def networks(draw):
    """Draw networks of more than a window, and of small ones full of ties."""
    n, kind = draw(st.sampled_from([2, 3, 6, 31, 64, 257, 600])), draw(st.sampled_from(KINDS))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    m = memory(rng, kind, n)
    m = draw(st.sampled_from([1, 1, 2, 0.3, -1])) * m
    if draw(st.booleans()):
        m = m + hf.Bias(rng.normal(size=n).round(draw(st.sampled_from([0, 17]))))
    low, high = draw(st.sampled_from([(-1, 1), (-1, 1), (0, 1), (-0.1, 0.1)]))
    ties = (hf.Sign(low, high, tie=tie) for tie in ("keep", "up", "down", "random"))
    neuron = draw(
        st.sampled_from([*ties, hf.HeatBath(0.0, low, high), hf.HeatBath(0.7, low, high)])
    )
    size = draw(st.sampled_from([None, 1, 3, 33])) if n < 257 else draw(st.sampled_from([None, 2]))
    cue = rng.choice([low, high, (low + high) / 2], (size or 1, n), p=[0.45, 0.45, 0.1])
    blocks = np.array_split(rng.permutation(n), min(n, 3))
    orders = hf.Shuffled(), hf.Random(), hf.Sequential(rng.permutation(n)), hf.Sync()
    options = {
        "neuron": neuron,
        "order": draw(st.sampled_from([*orders, hf.Blocks(*blocks)])),
        "rng": draw(st.integers(0, 2**32)),
    }
    sweeps = draw(st.sampled_from([0, 1, 2, 20]))
    return m, cue if size else cue[0], options, sweeps, kind in ("real", "sparse", "asymmetric")


@settings(max_examples=300)
@given(network=networks())
def test_guessed_windows_are_visits_in_turn(network):
    m, cue, options, sweeps, close = network
    ends = []
    for rows in (["fallback"], []):
        with engine.using(*rows):
            run = hf.Run(m, cue, **options)
            ends.append((run.finish(sweeps), run.streams.state, run.counts.table))
    (a, *rest), (b, *others) = ends
    assert same(a, b, close)
    assert all(np.array_equal(x, y) for x, y in zip(rest, others, strict=True))
    form = m.signed(*options["neuron"].states).form()
    taken = form is not None and form.kind != "sum" and getattr(form.source, "exact", True)
    assert a.kernel.endswith("(numpy)") == taken


@pytest.mark.parametrize("size", [1, 2, 40])
def test_small_windows_give_the_same(size, monkeypatch):
    rng = np.random.default_rng(1)
    monkeypatch.setattr(fallback, "_WINDOW", size)
    monkeypatch.setattr(fallback, "_LARGE", size)
    for kind in KINDS:
        m, cue = memory(rng, kind, 60), rng.choice([-1, 1], (3, 60))
        for order in (hf.Shuffled(), hf.Random()):
            ends = []
            for rows in (["fallback"], []):
                with engine.using(*rows):
                    ends.append(hf.recall(m, cue, order=order, rng=2, neuron=hf.Sign()))
            assert same(*ends, close=kind in ("real", "sparse", "asymmetric"))


def test_sums_beyond_float32_are_exact():
    xi = np.ones((3000, 1500), np.int8)
    xi[0, 0] = -1
    m = hf.hebb(xi, allow_repeats=True)
    cue = xi[1].copy()
    cue[3] = -1
    with engine.using("fallback"):
        session = hf.Run(m, cue).session
    assert session._sums.kind is np.float64
    assert np.array_equal(session.fields(np.array([0])), m.field(cue)[None])


@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sequential(), hf.Sync()], ids=repr)
@pytest.mark.parametrize("neuron", [hf.Sign(), hf.HeatBath(0.5)], ids=repr)
def test_ctrl_c_undoes_the_sweep_that_it_cuts(order, neuron, monkeypatch):
    m = hf.hebb(hf.random_patterns(9, 40, rng=1))
    cue = hf.random_patterns(1, 40, rng=5)[0]
    options = {"neuron": neuron, "order": order}
    monkeypatch.setattr(fallback, "_VISITS", 80)  # two sweeps at once
    with engine.using("fallback"):
        whole = hf.Run(m, cue, rng=2, **options)
        end, calls = whole.finish(6), []
        for name in ("_visit", "fields", "assign"):
            for stop in range(4):
                run, before = (
                    hf.Run(m, cue, rng=2, **options),
                    getattr(fallback.FallbackSession, name),
                )

                def cut(self, *rest, before=before, stop=stop, calls=calls):
                    found = before(self, *rest)
                    calls.append(0)
                    if len(calls) == stop + 1:
                        raise KeyboardInterrupt
                    return found

                calls.clear()
                with monkeypatch.context() as patch:
                    patch.setattr(fallback.FallbackSession, name, cut)
                    try:
                        run.finish(6)
                    except KeyboardInterrupt:
                        pass
                    else:
                        continue
                assert same(run.finish(6 - int(run.counts.sweeps[0])), end)
                assert np.array_equal(run.streams.state, whole.streams.state)


@pytest.mark.parametrize(
    "without", ["sys.modules['numba'] = None", "os.environ['NUMBA_DISABLE_JIT'] = '1'"]
)
def test_without_numba_or_its_compiler_everything_runs_by_numpy_alone(without):
    code = f"""
import os, sys
{without}
import hopfield as hf
xi = hf.random_patterns(3, 50, rng=1)
for memory in (hf.hebb(xi), hf.hebb(xi).dense(), hf.dense(xi)):
    print(hf.recall(memory, xi[0], rng=1).kernel)
"""
    words = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["patterns (numpy)", "matrix (numpy)", "plain"]


@pytest.mark.parametrize("visits", [1, 50, 10**4])
@pytest.mark.parametrize("order", [hf.Sequential(), hf.Shuffled(), hf.Random()], ids=repr)
def test_sweeps_drawn_at_once_are_the_sweeps_one_by_one(order, visits, monkeypatch):
    monkeypatch.setattr(fallback, "_VISITS", visits)
    cues = hf.random_patterns(3, 17, rng=1)
    options = {"rng": 2, "neuron": hf.HeatBath(0.5), "order": order}
    ends = []
    for names in (("fallback",), ()):
        with engine.using(*names):
            run = hf.Run(hf.hebb(cues[:2]), cues, **options)
            found = [run.finish(sweeps) for sweeps in (1, 7)]
        ends.append((found, run.streams.state))
    (quick, words), (plain, drawn) = ends
    assert all(same(a, b) for a, b in zip(quick, plain, strict=True))
    assert np.array_equal(words, drawn)

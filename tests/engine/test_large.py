"""Networks of more neurons than 16 bits can count: each row gives what the others give."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse

import hopfield as hf
from hopfield import engine
from hopfield.engine.compiled import available

N = 70_000
XI = hf.random_patterns(7, N, rng=1)
CUES = hf.flip(XI[:2], 0.2, rng=2)
NETWORKS = {
    "hebb": (hf.hebb(XI), {"order": hf.Shuffled()}),
    "hebb, coins": (hf.hebb(XI), {"neuron": hf.Sign(tie="random")}),
    "hebb, heat": (hf.hebb(XI), {"neuron": hf.HeatBath(0.3)}),
    "hebb, drawn": (hf.hebb(XI), {"order": hf.Random()}),
    "hebb, together": (hf.hebb(XI), {"order": hf.Sync()}),
    "hebb, together, heat": (hf.hebb(XI), {"order": hf.Sync(), "neuron": hf.HeatBath(0.3)}),
    "hebb of 0/1": (hf.hebb(XI > 0, coding="01"), {"neuron": hf.Sign(0, 1)}),
}


def outcome(memory, cues, options, row):
    with engine.using(row):
        run = hf.Run(memory, cues, rng=3, **options)
        r = run.finish(2)
        parts = r.state, r.sweeps, r.updates, r.period, r.energy, run.streams.state
        return run.session.name.split()[0], [np.asarray(x) for x in parts]


@pytest.mark.skipif(not available(), reason="Numba is not there")
@pytest.mark.parametrize("name", NETWORKS)
def test_rows_agree_on_patterns(name):
    memory, options = NETWORKS[name]
    low, high = memory.neuron.states
    cues = np.where(CUES > 0, high, low)
    plain, expected = outcome(memory, cues, options, "fallback")
    assert plain == "patterns"  # NumPy alone
    taken = set()
    for row in ("bits", "together"):
        ran, found = outcome(memory, cues, options, row)
        if ran != "plain":
            assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
            taken.add(row)
    assert taken >= ({"bits", "together"} if "together" in name else {"bits"})
    assert (expected[0] != cues).any()


def test_a_step_of_all_is_what_products_of_integers_say():
    xi, s = XI.astype(np.int64), CUES.astype(np.int64)
    h = (s @ xi.T) @ xi - len(xi) * s
    after = np.where(h == 0, s, np.sign(h))
    for row in engine.ENGINES:
        with engine.using(row.name):
            run = hf.Run(hf.hebb(XI), CUES, order=hf.Sync())
            assert run.step(1).why.tolist() == [""] * 2
            assert np.array_equal(run.state, after)


@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Random(), hf.Sync()], ids=repr)
@pytest.mark.parametrize("neuron", [hf.Sign(), hf.HeatBath(0.5)], ids=repr)
def test_rows_agree_on_sparse_couplings(order, neuron):
    rng, i = np.random.default_rng(1), np.arange(N)
    weights = rng.choice([-1.0, 0.5, 1.0], (2, N))
    places = np.concatenate([(i + 1) % N, (i + N // 2 + 1) % N])
    w = scipy.sparse.csr_array((weights.ravel(), (np.tile(i, 2), places)), shape=(N, N))
    memory, options = hf.Couplings(w + w.T), {"order": order, "neuron": neuron}
    ran, expected = outcome(memory, CUES[0], options, "fallback")
    assert ran == "sparse"
    ran, found = outcome(memory, CUES[0], options, "matrix")
    assert ran == "matrix" or not available()
    assert all(np.array_equal(a, b) for a, b in zip(found[:4], expected[:4], strict=True))
    assert np.array_equal(found[5], expected[5])
    assert np.isclose(found[4], expected[4], rtol=1e-12)

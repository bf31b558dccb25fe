"""No rounding decides a tie, and no batch, block or order of summation changes a bit."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from tables import MEMORIES, N

import hopfield as hf
from hopfield import testing
from hopfield.core import memory as memory_module
from hopfield.engine.kernels import dispatch


@pytest.mark.parametrize("n", [11, 25, 101])
def test_memories_of_single_patterns_add_up_to_the_memory_of_all(n):
    xi = hf.random_patterns(4, n, rng=n)
    whole = hf.Hebbian(xi)
    parts = hf.hebb(xi[0]) + hf.hebb(xi[1]) + hf.hebb(xi[2]) + hf.hebb(xi[3])
    s = hf.random_patterns(500, n, rng=1)
    assert (whole.field(s) == 0).any()
    assert np.array_equal(whole.field(s), parts.field(s))
    for order in (hf.Sequential(), hf.Sync(), hf.Shuffled()):
        a, b = (
            hf.recall(m, s[:60], neuron=hf.Sign(tie="up"), order=order, rng=2)
            for m in (whole, parts)
        )
        assert np.array_equal(a.state, b.state)
        assert np.array_equal(a.why, b.why)


def test_ties_between_weighted_memories_and_biases_are_found():
    a = hf.random_patterns(1, 10, rng=3)[0]
    b = hf.flip(a, 3, rng=4)  # an odd number: 3 a.s = b.s then has solutions
    s = hf.random_patterns(400, 10, rng=4).astype(np.int64)
    mixed = 3 * hf.Hebbian(a[None]) - hf.Hebbian(b[None])
    exact = 3 * (s @ a)[:, None] * a - 3 * s - ((s @ b)[:, None] * b - s)
    assert (exact == 0).any()
    assert np.array_equal(mixed.field(s) == 0, exact == 0)
    biased = 49 * hf.hebb(hf.random_patterns(1, 49, rng=5)) + hf.Bias(2.0)
    s = hf.random_patterns(500, 49, rng=6)
    h = biased.field(s)
    assert (h == 0).any()
    assert np.array_equal(h, np.rint(h))


def decimal(rng):
    return np.random.default_rng(rng).integers(-9, 10, (40, 40)) / 10


WEIGHTS = {
    "decimal": decimal,
    "normal": lambda rng: np.random.default_rng(rng).normal(size=(40, 40)),
    "symmetric": lambda rng: decimal(rng) + decimal(rng).T,
    "sparse": lambda rng: scipy.sparse.csr_array(np.round(decimal(rng), 0) * 0.1),
}


@pytest.mark.parametrize("order", [hf.Sync(), hf.Sequential(), hf.Shuffled()])
@pytest.mark.parametrize("kind", WEIGHTS)
def test_real_weights_give_one_cue_what_they_give_a_batch(kind, order):
    memory = hf.Couplings(WEIGHTS[kind](1))
    cues = hf.random_patterns(50, 40, rng=2)
    assert np.array_equal(memory.field(cues), [memory.field(cue) for cue in cues])
    options = {"order": order, "sweeps": 20}
    batch = hf.recall(memory, cues, rng=np.random.default_rng(3), **options)
    rng = np.random.default_rng(3)
    alone = [hf.recall(memory, cue, rng=rng, **options) for cue in cues]
    assert np.array_equal(batch.state, [r.state for r in alone])
    assert batch.why.tolist() == [r.why for r in alone]
    if kind == "symmetric":
        assert set(batch.why) <= {"fixed point", "2-cycle"}


def test_weights_are_kept_to_their_last_digits():
    w = np.random.default_rng(0).normal(size=(30, 30))
    kept = hf.Couplings(w, self_coupling=True).weights
    assert np.abs(kept - w).max() < 1e-12
    integers = np.random.default_rng(0).integers(-1000, 1000, (30, 30))
    assert np.array_equal(hf.Couplings(integers, self_coupling=True).weights, integers)
    assert np.array_equal(hf.Couplings(np.zeros((3, 3))).weights, np.zeros((3, 3)))


@pytest.mark.parametrize("name", MEMORIES)
def test_patterns_in_many_blocks_are_as_in_one(name, monkeypatch):
    s = hf.random_patterns(9, N, rng=1)
    memory = MEMORIES[name](2)
    before = memory.field(s), memory.gradient(s)
    energy = memory.energy(s) if memory.symmetric else None
    monkeypatch.setattr(memory_module, "_BLOCK", 8)
    memory = MEMORIES[name](2)
    assert np.allclose(before, (memory.field(s), memory.gradient(s)), rtol=1e-12, atol=0)
    if energy is not None:
        assert np.allclose(energy, memory.energy(s), rtol=1e-12, atol=1e-12)
    testing.check_memory(memory)


def test_a_real_cue_is_followed_as_its_field_says():
    xi = hf.random_patterns(3, 30, rng=1)
    memory = hf.hebb(xi)
    cue = np.random.default_rng(2).normal(size=30)
    s = cue.copy()
    for i in range(30):
        s[i] = 1 if memory.field(s)[i] > 0 else -1
    r = hf.recall(memory, cue, order=hf.Sequential(), updates=30)
    assert np.array_equal(r.state, s)
    untouched = hf.recall(memory, cue, order=hf.Sequential(), updates=0).state
    assert np.abs(untouched - cue).max() <= 2.0**-21


def test_a_cue_of_any_size_ends_in_a_fixed_point():
    memory = hf.hebb(hf.random_patterns(3, 40, rng=1))
    cues = np.random.default_rng(2).normal(size=(100, 40)) * 10.0 ** np.arange(100)[:, None]
    r = hf.recall(memory, cues[:48], order=hf.Sequential())
    assert set(r.why) == {"fixed point"}
    assert np.isin(r.state, (-1, 1)).all()


def test_many_starts_are_recalled_as_one_batch():
    memory = hf.hebb(hf.random_patterns(2, 8, rng=1))
    starts = np.repeat(hf.random_patterns(1, 8, rng=2), 70_000, axis=0)
    neuron = hf.HeatBath(0.5)
    b = hf.landscape.basins(memory, starts, neuron=neuron, sweeps=1, rng=3)
    ends = hf.recall(memory, starts, neuron=neuron, sweeps=1, rng=3).state
    kinds, counts = np.unique(ends, axis=0, return_counts=True)
    assert [b.count_of(k) for k in kinds] == counts.tolist()


def test_a_memory_refuses_neurons_whose_states_it_is_not_written_for():
    xi = hf.random_patterns(3, 10, rng=1)
    cubic = hf.Hebbian(xi, "power", degree=3)
    with pytest.raises(ValueError, match=r"recode\(low, high\)"):
        hf.recall(cubic, xi[0] > 0, neuron=hf.Sign(0, 1), rng=1)
    r = hf.recall(cubic.recode(0, 1), xi[0] > 0, neuron=hf.Sign(0, 1), rng=1)
    assert np.array_equal(r.state, xi[0] > 0)
    testing.check_memory(cubic.recode(0, 1), states=(0, 1))
    with pytest.raises(ValueError, match="neuron has the states"):
        hf.recall(hf.hebb(xi).recode(0, 1), xi[0], rng=1)
    with pytest.raises(ValueError, match="same neuron's states"):
        cubic.recode(0, 1) + cubic
    with pytest.raises(ValueError, match="written for -1/"):
        cubic.recode(0, 1).recode(0, 1)
    with pytest.raises(ValueError, match="coding must be"):
        hf.Hebbian(xi > 0, "power", degree=3, coding="01")


def test_the_end_of_a_run_is_named_however_it_was_asked_for():
    xi = hf.random_patterns(1, 20, rng=1)
    memory = hf.hebb(xi)
    for options in ({"sweeps": 0}, {"sweeps": 1}, {"updates": 0}, {"updates": 7}, {}):
        assert hf.recall(memory, xi[0], rng=1, **options).why == "fixed point"
    assert hf.recall(memory, -xi[0], sweeps=0).why == "fixed point"
    far = hf.flip(xi[0], 8, rng=2)
    assert hf.recall(memory, far, sweeps=0).why == "ran out of sweeps"
    assert hf.recall(memory, far, updates=1, rng=1).why == "ran out of updates"


def test_what_a_network_is_made_of_cannot_be_written_over():
    memory = hf.Hebbian(hf.random_patterns(2, 10, rng=1))
    run = hf.Run(memory, np.ones(10), rng=1)
    orders = hf.Sequential([1, 0]).sites, *hf.Blocks([0], [1]).blocks
    for held in (memory.patterns, run.state, *orders):
        with pytest.raises(ValueError, match="read-only"):
            held[...] = 0


def test_the_user_s_arrays_stay_theirs():
    xi, cue = hf.random_patterns(2, 10, rng=1), np.zeros(10)
    kept = xi.copy()
    memory = hf.Hebbian(xi)
    xi[:] = 1
    assert np.array_equal(memory.patterns, kept)
    hf.recall(memory, cue, neuron=hf.Sign(tie="up"), rng=1)
    assert not cue.any()
    w = np.ones((3, 3))
    hf.Couplings(w)
    assert w.all()


def test_a_kernel_that_breaks_ties_otherwise_is_noticed(monkeypatch):
    """The control of engine = Plain: the same comparison, with one rule changed."""
    memory = hf.hebb(hf.random_patterns(2, 9, rng=1))
    cues = hf.random_patterns(50, 9, rng=2)

    def wrong(*arguments):
        *first, tie, low, high, after = arguments
        right(*first, np.ones_like(tie), low, high, after)

    with dispatch.using("reference"):
        a = hf.recall(memory, cues, order=hf.Sequential()).state
    with dispatch.using("numpy"):
        assert np.array_equal(a, hf.recall(memory, cues, order=hf.Sequential()).state)
        right = dispatch.kernel("overlaps" if isinstance(memory, hf.Hebbian) else "dense")
        monkeypatch.setattr(dispatch, "kernel", lambda name: wrong)
        assert not np.array_equal(a, hf.recall(memory, cues, order=hf.Sequential()).state)


def test_an_order_that_forgets_its_stream_is_noticed():
    """The control of batch = loop over streams: draws that replicas share make them differ."""

    class Forgetful(hf.Random):
        batched = False
        draws = np.random.default_rng(0)

        def __call__(self, n, rng):
            return self.draws.integers(n, size=n)[:, None]

    memory, cues = hf.hebb(hf.random_patterns(2, 9, rng=1)), hf.random_patterns(40, 9, rng=2)
    ends = []
    for chunks in ([slice(0, 40)], [slice(k, k + 1) for k in range(40)]):
        Forgetful.draws = np.random.default_rng(0)
        rows = [hf.recall(memory, cues[c], order=Forgetful(), rng=1).state for c in chunks]
        ends.append(np.concatenate(rows))
    assert not np.array_equal(*ends)

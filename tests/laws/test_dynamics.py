"""The loop: periods under Sync, batch = loop over streams, engine = Plain.

And the laws of a neuron and of an order.
"""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings, strategies as st
from tables import MEMORIES, NEURONS, ORDERS, N

import hopfield as hf
from hopfield import engine, testing
from hopfield.base.streams import Streams


@pytest.mark.parametrize("name", NEURONS)
def test_a_neuron_keeps_its_laws(name):
    testing.check_neuron(NEURONS[name])


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_keeps_its_laws(name):
    testing.check_order(ORDERS[name], n=N)


def test_the_laws_notice_a_neuron_that_is_upside_down_and_an_order_that_misses():
    class Down(hf.Sign):
        def __call__(self, h, s, rng):
            return super().__call__(-h, s, rng)

    with pytest.raises(AssertionError):
        testing.check_neuron(Down())

    class Short(hf.Sync):
        def __call__(self, n, rng):
            return np.arange(n - 1)[None, :]

    with pytest.raises(AssertionError, match="a sweep must have"):
        testing.check_order(Short())
    with pytest.raises(ValueError, match="order must give 5 sites"):
        hf.recall(hf.hebb([[1, 1, 1, 1, 1]]), np.ones(5), order=Short())


def _ends(w, n, runs=40, **options):
    cues = hf.random_patterns(runs, n, rng=1)
    r = hf.recall(hf.Couplings(w), cues, order=hf.Sync(), sweeps=2000, **options)
    return set(r.why.tolist())


def test_all_together_a_symmetric_network_ends_in_period_two_an_antisymmetric_in_four():
    for seed in range(10):
        w = np.random.default_rng(seed).normal(size=(60, 60))
        assert _ends(w + w.T, 60) <= {"fixed point", "2-cycle"}
        assert _ends(w - w.T, 60) == {"4-cycle"}
        general = np.random.default_rng(seed).normal(size=(12, 12))
        assert all(why.endswith(("-cycle", "point")) for why in _ends(general, 12))


def test_the_smallest_two_cycle():
    memory = hf.Couplings([[0, 1], [1, 0]])
    together = hf.recall(memory, [1, -1], order=hf.Sync())
    assert together.why == "2-cycle"
    assert sorted(together.state.tolist()) == [-1, 1]
    assert hf.recall(memory, [1, -1], rng=0).why == "fixed point"


def test_the_goles_functional_never_rises_where_the_energy_does():
    w = np.random.default_rng(0).normal(size=(40, 40))
    w = w + w.T
    np.fill_diagonal(w, 0)
    memory = hf.Couplings(w)
    cues = hf.random_patterns(50, 40, rng=1)
    r = hf.recall(memory, cues, order=hf.Sync(), updates=20, record=hf.record.states())
    s = r.trace.astype(int)
    pair = -np.einsum("tbi,ij,tbj->tb", s[1:], w, s[:-1])
    assert (np.diff(pair, axis=0) <= 1e-9).all()
    assert (np.diff(memory.energy(s), axis=0) > 1e-9).any()


@pytest.mark.parametrize("neuron", NEURONS)
@pytest.mark.parametrize("order", ORDERS)
def test_a_batch_is_the_loop_over_its_cues_in_any_chunks(order, neuron):
    neuron, order = NEURONS[neuron], ORDERS[order]
    memory = hf.hebb(hf.random_patterns(2, N, rng=1)).recode(*neuron.states)
    cues = hf.random_patterns(7, N, states=neuron.states, rng=2)

    def run(chunks):
        rng = np.random.default_rng(3)
        rows = [
            hf.recall(memory, cues[c], neuron=neuron, order=order, sweeps=5, rng=rng)
            for c in chunks
        ]
        return (
            np.concatenate([np.atleast_2d(r.state) for r in rows]),
            np.concatenate([np.atleast_1d(r.why) for r in rows]),
            np.concatenate([np.atleast_1d(r.updates) for r in rows]),
        )

    whole = run([slice(0, 7)])
    for chunks in ([slice(0, 3), slice(3, 7)], list(range(7))):
        for a, b in zip(whole, run(chunks), strict=True):
            assert np.array_equal(a, b)


@pytest.mark.parametrize("order", ORDERS)
def test_steps_of_any_size_are_the_run(order):
    memory = hf.hebb(hf.random_patterns(2, N, rng=1))
    cues = hf.random_patterns(4, N, rng=2)
    moves = 3 * len(list(ORDERS[order](N, np.random.default_rng(0))))
    options = {"neuron": hf.HeatBath(0.8), "order": ORDERS[order], "rng": 5}
    whole = hf.recall(memory, cues, updates=moves, record=hf.record.states("update"), **options)
    run = hf.Run(memory, cues, record=hf.record.states("update"), **options)
    for k in range(moves):
        run.step(1)
        assert np.array_equal(run.state, whole.trace[k + 1])
    result = run.result()
    assert np.array_equal(result.trace, whole.trace)
    assert np.array_equal(result.updates, np.full(4, moves))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("moves", [1, 2, N, N + 3])
def test_a_run_may_be_stepped_and_then_finished(order, moves):
    for seed in range(20):
        memory = hf.hebb(hf.random_patterns(2, N, rng=seed))
        cue = hf.random_patterns(1, N, rng=seed + 1)[0]
        whole = hf.recall(memory, cue, order=ORDERS[order], rng=seed)
        run = hf.Run(memory, cue, order=ORDERS[order], rng=seed)
        run.step(moves)
        r = run.finish()
        assert r.why == whole.why
        if r.why == "fixed point":
            assert np.array_equal(r.state, whole.state)


ROWS = [row.name for row in engine.ENGINES]
EVIDENCE = st.sampled_from([(), (0.3, -2.5)])


@pytest.mark.parametrize("name", MEMORIES)
@settings(max_examples=25)
@given(data=st.data())
def test_the_engine_gives_the_bits_of_the_plain_loop(name, data):
    neuron = NEURONS[data.draw(st.sampled_from(sorted(NEURONS)))]
    memory = MEMORIES[name](data.draw(st.integers(0, 99)))
    if neuron.states != (-1, 1):
        memory = memory.recode(*neuron.states)
    low, high = neuron.states
    values = st.sampled_from([low, high, (low + high) / 2, high, low, *data.draw(EVIDENCE)])
    cues = [[data.draw(values) for _ in range(N)] for _ in range(data.draw(st.integers(1, 3)))]
    options = {
        "neuron": neuron,
        "order": ORDERS[data.draw(st.sampled_from(sorted(ORDERS)))],
        "sweeps": 6,
        "rng": data.draw(st.integers(0, 2**32)),
        "record": data.draw(st.sampled_from([None, hf.record.states("update")])),
    }
    fast = hf.recall(memory, cues, **options)
    with engine.using():
        plain = hf.recall(memory, cues, **options)
    assert plain.kernel == "plain"
    for part in ("state", "why", "sweeps", "updates", "energy", "undecided", "trace", "period"):
        assert np.array_equal(getattr(fast, part), getattr(plain, part)), part


@pytest.mark.parametrize("row", ROWS)
def test_every_row_agrees_with_the_plain_loop_on_real_weights(row):
    rng = np.random.default_rng(0)
    w = rng.normal(size=(30, 30))
    few = scipy.sparse.csr_array(w * (rng.random(w.shape) < 0.2))
    for weights in (w, w + w.T, few):
        cues = rng.choice([-1, 1], (5, 30))
        ends = []
        for rows in ((), (row,)):
            with engine.using(*rows):
                r = hf.recall(hf.Couplings(weights), cues, neuron=hf.HeatBath(2.0), sweeps=8, rng=4)
                ends.append(r.state)
        assert np.array_equal(*ends)


LARGE = 70_000  # beyond what 16 bits can count


@pytest.mark.parametrize("rows", [(), ("bits",), ("fallback",), ROWS])
def test_hebbs_patterns_at_seventy_thousand_neurons(rows):
    xi = hf.random_patterns(3, LARGE, rng=1)
    with engine.using(*rows):
        r = hf.recall(hf.Hebbian(xi), hf.flip(xi[0], 0.2, rng=2), rng=3, sweeps=3)
    assert np.array_equal(r.state, xi[0])
    assert r.why == "fixed point"


@pytest.mark.parametrize("rows", [(), ("matrix",), ("fallback",)])
def test_sparse_couplings_at_seventy_thousand_neurons(rows):
    i = np.arange(LARGE)
    ring = scipy.sparse.csr_array((np.ones(LARGE), (i, (i + 1) % LARGE)))  # i follows i + 1
    cue = np.ones(LARGE)
    cue[-1] = -1
    backwards = hf.Sequential(i[::-1])  # so one sweep carries the last neuron's state round
    with engine.using(*rows):
        r = hf.recall(hf.Couplings(ring), cue, order=backwards, updates=LARGE)
    assert hf.hamming(r.state, np.ones(LARGE)) == 0  # neuron n-1 first follows neuron 0
    cue = -cue
    with engine.using(*rows):
        r = hf.recall(hf.Couplings(ring), cue, order=hf.Sequential(), updates=LARGE)
    expected = np.roll(cue, -1)
    expected[-1] = expected[0]
    assert np.array_equal(r.state, expected)


def test_a_shuffle_at_seventy_thousand_neurons():
    order = Streams.spawn(np.random.default_rng(0), 1)[0].permutation(LARGE)
    assert np.array_equal(np.sort(order), np.arange(LARGE))
    assert abs(np.corrcoef(order, np.arange(LARGE))[0, 1]) < 3.3 / np.sqrt(LARGE)


def test_streams_are_splitmix64():
    streams = Streams.spawn(np.random.default_rng(5), 2)
    assert sorted(streams[1].permutation(6).tolist()) == list(range(6))
    assert streams.integers(10, size=3).tolist() == streams_integers()


def streams_integers():
    """Splitmix64 written out: what stream 0 gives first, and stream 1 after six draws."""
    mask = 2**64 - 1

    def mix(z):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    out = []
    seeds = np.random.default_rng(5).integers(0, 2**64, size=2, dtype=np.uint64).tolist()
    for seed, used in zip(seeds, (0, 6), strict=True):
        step = mix(seed ^ 0x9E3779B97F4A7C15) | 1
        words = [mix((seed + k * step) & mask) for k in range(used + 1, used + 4)]
        out.append([(word >> 32) * 10 >> 32 for word in words])
    return out


def test_streams_are_uniform_and_never_touch_the_ends():
    u = Streams.spawn(np.random.default_rng(1), 4).random(100_000)
    assert u.min() > 0
    assert u.max() < 1
    assert np.abs(u.mean(axis=1) - 0.5).max() < 3.3 / np.sqrt(12 * u.shape[1])
    counts = np.histogram(u, 100, (0, 1))[0]
    chi2 = ((counts - 4000) ** 2 / 4000).sum()
    assert 60 < chi2 < 149  # 99.9 % of chi squared with 99 degrees of freedom
    orders = Streams.spawn(np.random.default_rng(1), 3000).permutation(3)
    firsts = np.bincount(orders[:, 0], minlength=3)
    assert np.abs(firsts - 1000).max() < 3.3 * np.sqrt(3000 * 2 / 9)

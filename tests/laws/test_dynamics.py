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


@pytest.mark.parametrize("name", NEURONS)
def test_a_neuron_keeps_its_laws(name):
    testing.check_neuron(NEURONS[name])


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_keeps_its_laws(name):
    testing.check_order(ORDERS[name], n=N, skips=name == "given")


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


def test_an_order_that_forgets_its_stream_is_noticed():
    """The control: draws that replicas share make a batch and its cues in turn differ."""

    class Forgetful(hf.Random):
        def __call__(self, n, rng):
            return draws.integers(n, size=n)[:, None]

    memory, cues = hf.hebb(hf.random_patterns(2, 9, rng=1)), hf.random_patterns(40, 9, rng=2)
    ends = []
    for chunks in ([slice(0, 40)], [slice(k, k + 1) for k in range(40)]):
        draws = np.random.default_rng(0)
        rows = [hf.recall(memory, cues[c], order=Forgetful(), rng=1).state for c in chunks]
        ends.append(np.concatenate(rows))
    assert not np.array_equal(*ends)


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


# ---- an engine is the plain loop, to the bit -------------------------------------------------

ROWS = [row.name for row in engine.ENGINES]
rows = pytest.mark.parametrize("row", ROWS)
TWO_STATE = {name: neuron for name, neuron in NEURONS.items() if neuron.states == (-1, 1)}
LARGE = 70_000  # beyond what 16 bits can count


def same(make, steps=()):
    """Return two runs' ends, each run made, stepped and finished, and whether they agree."""
    found = []
    for names in ((), ROWS):
        with engine.using(*names):
            run = make()
            told = [run.step(k) for k in steps]
            found.append((run.finish(6), run, told))
    (a, plain, plainly), (b, other, told) = found
    assert np.array_equal(a.state, b.state)
    assert a.state.dtype == b.state.dtype
    for name in ("why", "sweeps", "updates", "period", "undecided"):
        assert np.array_equal(getattr(a, name), getattr(b, name)), name
    assert (a.energy is None) == (b.energy is None)
    assert a.energy is None or np.allclose(a.energy, b.energy, rtol=1e-12, atol=1e-12)
    assert np.array_equal(plain.streams.state, other.streams.state)
    for one, two in zip(plainly, told, strict=True):
        assert one.moved == two.moved
        assert np.array_equal(one.why, two.why)
    return a, b


@pytest.mark.skipif(not ROWS, reason="there is no engine yet")
@pytest.mark.parametrize("name", [name for name in MEMORIES if MEMORIES[name](0).form()])
@settings(max_examples=40)
@given(data=st.data())
def test_every_engine_gives_the_bits_of_the_plain_loop(name, data):
    memory = MEMORIES[name](data.draw(st.integers(0, 99)))
    neuron = TWO_STATE[data.draw(st.sampled_from(list(TWO_STATE)))]
    order = ORDERS[data.draw(st.sampled_from(list(ORDERS)))]
    values = st.sampled_from([-1, 1, 1, -1, 0] + [0.3, -2.5] * data.draw(st.integers(0, 1)))
    lead = data.draw(st.sampled_from([(), (1,), (3,), (9,)]))
    size = int(np.prod(lead, dtype=int)) * N
    cue = np.array(data.draw(st.lists(values, min_size=size, max_size=size))).reshape(*lead, N)
    weight = data.draw(st.sampled_from([1, 1, 2, 0.3, -1]))
    bias = data.draw(st.sampled_from([None, 0.25, 1 / 3]))
    if weight != 1:
        memory = weight * memory
    if bias:
        memory = memory + hf.Bias(bias)
    if data.draw(st.booleans()):
        memory, cue = memory.recode(0, 1), (cue + 1) / 2
        neuron = type(neuron)(**neuron.parts() | {"low": 0, "high": 1})
    seed = data.draw(st.integers(0, 2**32))
    steps = data.draw(st.lists(st.integers(0, 3 * N), max_size=3))
    same(lambda: hf.Run(memory, cue, neuron=neuron, order=order, rng=seed), steps)


@pytest.mark.skipif(not ROWS, reason="there is no engine yet")
@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Random(), hf.Sync(), hf.Sequential()])
def test_every_engine_agrees_with_the_plain_loop_on_real_weights(order):
    rng = np.random.default_rng(0)
    w = rng.normal(size=(30, 30))
    few = scipy.sparse.csr_array(w * (rng.random(w.shape) < 0.2))
    for weights in (w, w + w.T, few):
        cues = rng.choice([-1, 1], (5, 30))
        memory = hf.Couplings(weights)
        for neuron in (hf.HeatBath(2.0), hf.Sign()):
            same(lambda m=memory, c=cues, n=neuron: hf.Run(m, c, neuron=n, order=order, rng=4))


@rows
@pytest.mark.parametrize("name", ["hebbian", "couplings", "dense power-3", "couplings sparse"])
def test_a_row_runs_what_it_takes_and_leaves_the_rest(row, name):
    memory, cues = MEMORIES[name](0), hf.random_patterns(9, N, rng=1)
    for order in ORDERS.values():
        with engine.using(row):
            r = hf.recall(memory, cues, order=order, rng=2)
        with engine.using():
            plain = hf.recall(memory, cues, order=order, rng=2)
        assert plain.kernel == "plain"
        assert np.array_equal(r.state, plain.state)


@rows
def test_overlaps_at_seventy_thousand_neurons(row):
    xi = hf.random_patterns(3, LARGE, rng=1)
    with engine.using(row):
        if hf.Run(hf.Hebbian(xi), xi[0]).session.name == "plain":
            pytest.skip("this row takes no such network")
        r = hf.recall(hf.Hebbian(xi), hf.flip(xi[0], 0.2, rng=2), rng=3, sweeps=3)
    assert np.array_equal(r.state, xi[0])
    assert r.why == "fixed point"


@rows
def test_sparse_couplings_at_seventy_thousand_neurons(row):
    i = np.arange(LARGE)
    ring = scipy.sparse.csr_array((np.ones(LARGE), (i, (i + 1) % LARGE)))  # i follows i + 1
    cue = np.ones(LARGE)
    cue[-1] = -1
    backwards = hf.Sequential(i[::-1])  # so one sweep carries the last neuron's state round
    with engine.using(row):
        if hf.Run(hf.Couplings(ring), cue, order=backwards).session.name == "plain":
            pytest.skip("this row takes no such network")
        r = hf.recall(hf.Couplings(ring), cue, order=backwards, updates=LARGE)
        assert hf.hamming(r.state, np.ones(LARGE)) == 0  # neuron n-1 first follows neuron 0
        r = hf.recall(hf.Couplings(ring), -cue, order=hf.Sequential(), updates=LARGE)
    expected = np.roll(-cue, -1)
    expected[-1] = expected[0]
    assert np.array_equal(r.state, expected)


def test_a_row_is_chosen_by_its_name_and_no_other_is_known():
    with (
        pytest.raises(ValueError, match="not nothing"),
        engine.using("nothing"),
    ):
        pass
    with engine.using():
        assert hf.recall(hf.hebb([[1, -1, 1]]), [1, 1, 1], rng=0).kernel == "plain"
    names = [row.name for row in engine.ENGINES]
    assert len(set(names)) == len(names)
    assert "plain" not in names


class Noted:
    """A session that notes that it was opened, and leaves all to the plain one."""

    def __init__(self, session):
        self._session, self.name = session, "noted"

    def __getattr__(self, name):
        return getattr(self._session, name)


def test_a_row_is_all_that_an_engine_needs(monkeypatch):
    asked = []

    def takes(form, rule, schedule, states):
        asked.append((form.kind, rule.law, schedule, states.dtype, states.shape))
        return form.kind == "patterns"

    memory = hf.hebb(hf.random_patterns(2, N, rng=1))
    monkeypatch.setattr(engine, "_chosen", None)  # what is in use is read once
    monkeypatch.setattr(
        engine,
        "ENGINES",
        (engine.Engine("noted", takes, lambda f, r, s, x: Noted(memory.open(x.astype(float)))),),
    )
    cues = hf.random_patterns(3, N, rng=2)
    with engine.using("noted"):
        r = hf.recall(memory, cues, rng=3)
    with engine.using():
        plain = hf.recall(memory, cues, rng=3)
    assert (r.kernel, plain.kernel) == ("noted", "plain")
    assert np.array_equal(r.state, plain.state)
    assert asked[0] == ("patterns", "fixed", "shuffled", np.dtype(np.int8), (3, N))
    with engine.using("noted"):
        assert hf.recall(memory.dense(), cues, rng=3).kernel == "plain"
        assert hf.recall(memory, cues * 0.3, rng=3, updates=1).kernel == "plain"  # evidence
        assert hf.recall(memory, cues > 0, neuron=hf.Sign(0, 1), rng=3).kernel == "noted"
        assert hf.recall(memory, cues, neuron=hf.Graded(1), rng=3).kernel == "plain"

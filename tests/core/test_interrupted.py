"""After any exception a run stands at a whole move, and goes on as if nothing had happened."""

from __future__ import annotations

import itertools
import signal
from contextlib import suppress

import numpy as np
import pytest

import hopfield as hf
from hopfield import engine

N, B = 12, 5
XI = hf.random_patterns(3, N, rng=1)
CUES = hf.random_patterns(B, N, rng=2)
HEBB = hf.hebb(XI)
ROWS = [(), *((row.name,) for row in engine.ENGINES)]  # () is the plain loop
rows = pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0] if row else "plain")


class Fuse:
    """What is called many times, and stops the program at one of them."""

    def __init__(self):
        self.left = None

    def __call__(self):
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                self.left = None
                raise KeyboardInterrupt


class Lazy:
    """A neuron of one's own: it follows its field every second time or so."""

    states, random = (-1.0, 1.0), True

    def __init__(self, fuse):
        self.fuse = fuse

    def __call__(self, h, s, rng):
        u = rng.random(h.shape)
        self.fuse()
        return np.where((u < 0.5) & (h != 0), np.where(h > 0, 1.0, -1.0), s)

    def settled(self, h, s):
        self.fuse()
        return (h == 0) | ((h > 0) == (s > 0))


class Pairs:
    """An order of one's own: two neurons at a time, drawn."""

    random = True

    def __init__(self, fuse):
        self.fuse = fuse

    def __call__(self, n, rng):
        sites = rng.permutation(n).reshape(-1, 2)
        self.fuse()
        return sites


class Own(hf.Memory):
    """A memory of one's own, which has nothing but a field and an energy."""

    n = N

    def __init__(self, fuse):
        self.fuse = fuse

    def field(self, s):
        self.fuse()
        return HEBB.field(s)

    def energy(self, s):
        return HEBB.energy(s)


def network(culprit, fuse):
    """Return a network of which one part may stop the program."""

    def looks(state):
        fuse()
        return 0

    memory = {"memory": Own(fuse), "sum": HEBB + Own(fuse)}.get(culprit, HEBB)
    record = {
        "record": hf.record.Record("looks", lambda run: looks(run.state), "update"),
        "record a sweep": looks,
    }.get(culprit)
    bath = hf.HeatBath(0.8)
    neuron = {"neuron": Lazy(fuse), "together": Lazy(fuse)}.get(culprit, bath)
    order = {"order": Pairs(fuse), "together": hf.Sync()}.get(culprit, hf.Shuffled())
    return memory, {"neuron": neuron, "order": order, "record": record, "rng": 3}


CULPRITS = ["record", "record a sweep", "neuron", "together", "order", "memory", "sum"]


def agrees(run, moves):
    """Assert that states, energy, sums and counts are of one time."""
    state = np.atleast_2d(run.state)
    assert np.array_equal(np.atleast_1d(run.energy()), run.memory.energy(state))
    fields = run.session.fields(np.arange(len(state)))
    assert np.allclose(fields, run.memory.field(state), rtol=0, atol=1e-12)
    assert (run.counts.updates <= run.counts.sweeps * moves).all()
    assert (run.counts.updates >= (run.counts.sweeps - 1) * moves).all()


def moves_a_sweep(order):
    return len(list(order(N, np.random.default_rng(0))))


@pytest.mark.parametrize("cue", [CUES, CUES[0]], ids=["batch", "one"])
@pytest.mark.parametrize("culprit", CULPRITS)
def test_a_run_goes_on_from_where_its_part_stopped_it(culprit, cue):
    moves = moves_a_sweep(network(culprit, Fuse())[1]["order"])
    total, whole = 3 * moves, {}
    run = hf.Run(network(culprit, Fuse())[0], cue, **network(culprit, Fuse())[1])
    for k in range(1, total + 1):
        run.step(1)
        whole[k] = run.state, run.streams.state.copy()
    stopped = 0
    for when in itertools.count(1):
        fuse = Fuse()
        memory, options = network(culprit, fuse)
        run = hf.Run(memory, cue, **options)
        fuse.left = when
        try:
            run.step(total)
        except KeyboardInterrupt:
            stopped += 1
        else:
            break
        agrees(run, moves)
        made = int(run.counts.updates.max())
        assert (run.counts.updates == made).all()
        if made:
            assert np.array_equal(run.state, whole[made][0])
        run.step(total - made)
        assert (run.counts.updates == total).all()
        assert np.array_equal(run.state, whole[total][0])
        assert np.array_equal(run.streams.state, whole[total][1])
        agrees(run, moves)
        if when > 40:
            fuse.left = None
            break
    assert stopped >= 3


@pytest.mark.parametrize("culprit", ["record", "record a sweep", "memory", "sum"])
def test_a_run_that_was_stopped_is_finished_as_the_whole(culprit):
    def settling(fuse):
        memory, options = network(culprit, fuse)
        return hf.Run(memory, CUES, **options | {"neuron": hf.Sign()})

    whole = settling(Fuse()).finish()
    for when in (1, 2, 7, 20, 33):
        fuse = Fuse()
        run = settling(fuse)
        fuse.left = when
        with suppress(KeyboardInterrupt):
            run.finish()
        fuse.left = None
        end = run.finish()
        assert set(end.why) == {"fixed point"}
        assert np.array_equal(end.state, whole.state)
        assert np.array_equal(end.energy, whole.energy)


def test_a_cycle_is_not_mistaken_after_an_exception():
    turning = hf.Couplings([[0, 1], [-1, 0]])
    for when in range(1, 9):
        fuse = Fuse()

        def looks(state, fuse=fuse):
            fuse()
            return 0

        run = hf.Run(turning, [1, 1], order=hf.Sync(), record=looks)
        fuse.left = when
        with suppress(KeyboardInterrupt):
            run.finish()
        fuse.left = None
        end = run.finish()
        assert (end.why, end.period) == ("4-cycle", 4)


def test_what_steps_have_found_outlives_an_exception():
    fuse = Fuse()

    def looks(state):
        fuse()
        return 0

    run = hf.Run(hf.Couplings([[0, 1], [-1, 0]]), [1, 1], order=hf.Sync(), record=looks)
    assert run.step(12).why == "4-cycle"
    fuse.left = 1
    with suppress(KeyboardInterrupt):
        run.step(1)
    assert run.period == 4


@pytest.mark.parametrize("every", ["update", "sweep"])
@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync()])
def test_a_trace_has_no_gap_where_a_record_was_stopped(every, order):
    fuse = Fuse()

    def states(run):
        fuse()
        return run.state.copy()

    records = [hf.record.Record("own", states, every), hf.record.states("sweep")]
    moves = 3 * moves_a_sweep(order) + 1
    whole = hf.recall(HEBB, CUES, order=order, record=records, updates=moves, rng=1)
    for when in range(1, len(whole.trace["own"]) - 1):
        run = hf.Run(HEBB, CUES, order=order, record=records, rng=1)
        fuse.left = when
        with pytest.raises(KeyboardInterrupt):
            run.step(moves)
        run.step(moves - int(run.counts.updates[0]))
        end = run.result()
        for name, trace in whole.trace.items():
            assert np.array_equal(end.trace[name], trace)


def test_what_a_neuron_refuses_leaves_the_state_alone():
    memory = 20 * hf.hebb(hf.random_patterns(2, 30, rng=1))
    run = hf.Run(memory, np.full(30, 0.1), neuron=hf.Linear(), order=hf.Sync())
    with pytest.raises(ValueError, match="grow without end"):
        run.finish()
    made = int(run.counts.updates[0])
    twin = hf.Run(memory, np.full(30, 0.1), neuron=hf.Linear(), order=hf.Sync())
    twin.step(made)
    assert np.array_equal(run.state, twin.state)
    assert run.energy() == twin.energy()
    run.set(np.arange(30), 0)
    assert run.finish().why == "fixed point"


def test_bad_values_set_by_hand_change_nothing():
    run = hf.Run(HEBB, CUES, rng=1)
    before = run.state
    for sites, values in (([0], [np.nan]), ([99], 1), ([0, 1], [1, 1, 1]), ([0], "1")):
        with pytest.raises((ValueError, TypeError)):
            run.set(sites, values)
        assert np.array_equal(run.state, before)
    agrees(run, N)
    assert np.array_equal(run.finish().state, hf.recall(HEBB, CUES, rng=1).state)


NETWORKS = {
    "hebb, one at a time": (hf.hebb(hf.random_patterns(5, 90, rng=1)), hf.Shuffled()),
    "couplings, drawn": (hf.hebb(hf.random_patterns(5, 90, rng=1)).dense(), hf.Random()),
    "together": (hf.hebb(hf.random_patterns(5, 90, rng=1)), hf.Sync()),
    "dense": (hf.dense(hf.random_patterns(5, 90, rng=1), 3), hf.Shuffled()),
    "sum": (HEBB + hf.Couplings(hf.uniform_weights(N, rng=1)), hf.Shuffled()),
}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
@rows
@pytest.mark.parametrize("neuron", [hf.HeatBath(0.7), Lazy(lambda: None)], ids=["bath", "own"])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_run_goes_on_from_where_a_signal_stopped_it(name, neuron, row):
    memory, order = NETWORKS[name]
    cues = hf.random_patterns(4, memory.n, rng=2)
    moves = len(list(order(memory.n, np.random.default_rng(0))))
    total = 6 * moves if moves > 1 else 300

    def begun():
        return hf.Run(memory, cues, neuron=neuron, order=order, rng=3)

    def stop(number, frame):
        raise KeyboardInterrupt

    with engine.using(*row):
        whole = begun()
        whole.step(total)
        run, wait = begun(), 2e-4
        before = signal.signal(signal.SIGALRM, stop)
        try:
            while (left := total - int(run.counts.updates.max())) > 0:
                try:
                    signal.setitimer(signal.ITIMER_REAL, wait)
                    run.step(left)
                    signal.setitimer(signal.ITIMER_REAL, 0)
                except KeyboardInterrupt:
                    signal.setitimer(signal.ITIMER_REAL, 0)
                    wait *= 1.3  # so that it gets on, however slow the machine is
                    assert len(set(run.counts.updates.tolist())) == 1
                    fields = run.session.fields(np.arange(4))
                    assert np.allclose(fields, run.memory.field(run.state), atol=1e-9)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        assert np.array_equal(run.state, whole.state)
        assert np.array_equal(run.counts.table[:2], whole.counts.table[:2])
        assert np.array_equal(run.streams.state, whole.streams.state)

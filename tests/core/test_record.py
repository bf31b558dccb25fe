"""Records: what is kept along the way, and that keeping it changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from tables import ORDERS, N

import hopfield as hf
from hopfield.core import record
from tests.bad import ASYMMETRIC, M as FIVE, X, refuses

XI = hf.random_patterns(3, 40, rng=1)
M = hf.hebb(XI)
CUES = hf.flip(XI, 0.2, rng=2)
orders = pytest.mark.parametrize("order", ORDERS)


def moves_in_a_sweep(order, n=N):
    return len(list(order(n, np.random.default_rng(0))))


RECORDS = {
    "states": (hf.record.states, lambda s: s, (40,)),
    "energy": (hf.record.energy, M.energy, ()),
    "overlaps": (lambda every: hf.record.overlaps(XI, every), lambda s: s @ XI.T / 40, (3,)),
    "hamming": (lambda every: hf.record.hamming(XI[0], every), lambda s: (s != XI[0]).sum(-1), ()),
}


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("batch", [None, 1, 3])
@pytest.mark.parametrize("every", ["update", "sweep"])
@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync()])
def test_each_record_is_a_function_of_the_states_gone_through(name, batch, every, order):
    make, of_states, tail = RECORDS[name]
    cue = CUES[0] if batch is None else CUES[:batch]
    options = {"order": order, "sweeps": 4}
    path = hf.recall(M, cue, record=hf.record.states(every), rng=3, **options).trace
    r = hf.recall(M, cue, record=make(every), rng=3, **options)
    lead = () if batch is None else (batch,)
    moves = np.max(r.updates if every == "update" else r.sweeps)
    assert r.trace.shape == (moves + 1, *lead, *tail)
    assert np.array_equal(r.trace, of_states(path.astype(float)))
    assert np.array_equal(path[0], cue)
    assert np.array_equal(path[-1], r.state)


@orders
def test_the_trace_of_sweeps_is_every_so_many_of_that_of_updates(order):
    cues = hf.random_patterns(5, N, rng=2)
    memory = hf.hebb(hf.random_patterns(2, N, rng=1))
    each, sweep = (
        hf.recall(
            memory, cues, order=ORDERS[order], sweeps=6, record=hf.record.states(every), rng=4
        )
        for every in ("update", "sweep")
    )
    assert np.array_equal(each.trace[:: moves_in_a_sweep(ORDERS[order])], sweep.trace)
    assert np.array_equal(each.state, sweep.state)


def test_what_has_stopped_stands_still_in_the_trace_of_a_batch():
    cues = np.concatenate([XI[:1], CUES[1:]])
    r = hf.recall(M, cues, record=hf.record.states(), rng=2)
    assert r.sweeps[0] == 1 < r.sweeps.max() == len(r.trace) - 1
    assert (r.trace[:, 0] == XI[0]).all()


def test_several_records_are_a_dict_by_name():
    for kind in (list, tuple):
        given_ = kind(
            [
                hf.record.states("update"),
                hf.record.energy(),
                hf.record.overlaps(XI[:2]),
                hf.record.hamming(XI[0]),
            ]
        )
        trace = hf.recall(M, CUES, record=given_, updates=90, rng=0).trace
        assert {name: values.shape for name, values in trace.items()} == {
            "states": (91, 3, 40),
            "energy": (3, 3),
            "overlaps": (3, 3, 2),
            "hamming": (3, 3),
        }
    alone = hf.recall(M, CUES, record=[hf.record.energy()], rng=0).trace
    assert list(alone) == ["energy"]
    assert hf.recall(M, CUES, record=[], rng=0).trace == {}
    assert hf.recall(M, CUES, rng=0).trace is None


def test_any_function_of_the_state_can_be_kept():
    def magnetisation(s):
        return s.mean(axis=-1)

    for cue, shape in ((CUES[0], ()), (CUES, (3,))):
        trace = hf.recall(M, cue, record=[magnetisation, np.ptp], rng=0, sweeps=3).trace
        assert list(trace) == ["magnetisation", "ptp"]
        assert trace["magnetisation"].shape[1:] == shape
        assert trace["magnetisation"][0].tolist() == cue.mean(axis=-1).tolist()
    alone = hf.recall(M, CUES, record=lambda s: s[:, :2], rng=0).trace
    assert np.array_equal(alone[0], CUES[:, :2])


def test_a_function_that_changes_what_it_is_given_changes_nothing():
    def vandal(s):
        s[...] = 0
        return 0

    a, b = (hf.recall(M, CUES, record=r, rng=0) for r in (vandal, None))
    assert np.array_equal(a.state, b.state)


def test_keeping_something_changes_nothing():
    for order in ORDERS.values():
        memory = hf.hebb(hf.random_patterns(2, N, rng=1))
        cues = hf.random_patterns(5, N, rng=2)
        ends = [
            hf.recall(memory, cues, neuron=hf.HeatBath(0.7), order=order, sweeps=5, record=r, rng=4)
            for r in (
                None,
                hf.record.states("update"),
                [hf.record.energy(), hf.record.states("update")],
            )
        ]
        for end in ends[1:]:
            assert np.array_equal(end.state, ends[0].state)
            assert np.array_equal(end.updates, ends[0].updates)


CASES = {
    "energies kept of asymmetric W": (
        lambda: hf.recall(ASYMMETRIC, [1, 1], record=hf.record.energy()),
        hf.NoEnergy,
        "W_ij and W_ji",
    ),
    "a record by its name": (
        lambda: hf.recall(FIVE, X[0], record="energy"),
        TypeError,
        "^record .* not 'energy'",
    ),
    "a number as a record": (
        lambda: hf.recall(FIVE, X[0], record=1),
        TypeError,
        "^record .* not 1",
    ),
    "a class as a record": (
        lambda: hf.recall(FIVE, X[0], record=hf.Recall),
        TypeError,
        "^record .* not <class",
    ),
    "none among the records": (
        lambda: hf.recall(FIVE, X[0], record=[hf.record.states(), None]),
        TypeError,
        "^record .* not None",
    ),
    "a record twice": (
        lambda: hf.recall(FIVE, X[0], record=[hf.record.states(), hf.record.states("update")]),
        ValueError,
        "^record must keep each name once, not states, states",
    ),
    "overlaps with patterns of another n": (
        lambda: hf.recall(FIVE, X[0], record=hf.record.overlaps(np.ones((2, 4)))),
        ValueError,
        r"5 neurons.* \(2, 4\)",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_a_sentence(case):
    refuses(*CASES[case])


def test_a_record_needs_a_name_and_a_measure():
    refuses(lambda: record.Record(1, len), TypeError, "^name must be a str .* not 1")
    refuses(lambda: record.Record("a", 2), TypeError, "and 2$")


def test_the_error_of_a_callable_is_its_own():
    def broken(state):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        hf.recall(FIVE, X[0], record=broken)


@pytest.mark.parametrize(
    "make", [hf.record.states, hf.record.energy, hf.record.overlaps, hf.record.hamming]
)
def test_a_maker_of_records_is_to_be_called(make):
    sentence = f"^record must be what hf.record.{make.__name__} returns: call it"
    refuses(lambda: hf.recall(FIVE, X[0], record=make), TypeError, sentence)


def test_the_energy_of_graded_neurons_has_their_own_in_it():
    neuron = hf.Graded(2.0)
    r = hf.recall(M, 0.1 * XI[0], neuron=neuron, order=hf.Flow(0.5), record=hf.record.energy())
    assert (np.diff(r.trace) <= 1e-12).all()
    assert r.trace[-1] == r.energy == M.energy(r.state) + neuron.energy(r.state)


ONE_WAY = {
    "couplings": lambda w: hf.Couplings(w),
    "with a bias": lambda w: hf.Couplings(w) + hf.Bias(np.arange(9.0)),
    "of 0 and 1": lambda w: hf.Couplings(w, neuron=hf.Sign(0, 1)) + hf.Bias(0.5),
    "with a diagonal": lambda w: hf.Couplings(w, self_coupling=True),
    "recoded": lambda w: hf.Couplings(w).recode(0, 1),
}


@pytest.mark.parametrize("name", ONE_WAY)
def test_the_energy_of_the_symmetric_part_can_be_recorded(name):
    w = np.random.default_rng(1).normal(size=(9, 9))
    memory = ONE_WAY[name](w)
    w, b = memory.linear()
    cues = hf.random_patterns(9, 9, rng=2, states=memory.neuron.states)
    record = [hf.record.energy("update", symmetrised=True), hf.record.states("update")]
    for cue in (cues[0], cues):
        r = hf.recall(memory, cue, record=record, sweeps=5, rng=3)
        s = r.trace["states"]
        expected = -np.einsum("...i,ij,...j->...", s, w, s) / 2 - s @ b
        assert np.allclose(r.trace["energy"], expected, rtol=0, atol=1e-12)
        if name == "couplings":
            twin = hf.Couplings((w + w.T) / 2)
            assert np.allclose(expected, twin.energy(s), rtol=0, atol=1e-12)
    assert (np.diff(r.trace["energy"], axis=0) > 1e-9).any()  # the control: they do not descend


def test_what_is_symmetric_has_the_energy_itself_and_what_has_no_couplings_none():
    xi = hf.random_patterns(3, 20, rng=1)
    for memory in (hf.hebb(xi), hf.dense(xi)):
        a, b = (
            hf.recall(memory, xi[0], record=hf.record.energy(symmetrised=s), rng=1).trace
            for s in (True, False)
        )
        assert np.array_equal(a, b)
    with pytest.raises(hf.NoEnergy):
        hf.recall(
            hf.sequence(xi, delay=1), np.tile(xi[0], 2), record=hf.record.energy(symmetrised=True)
        )
    with pytest.raises(TypeError, match=r"^symmetrised must be True or False"):
        hf.record.energy(symmetrised=1)
    with pytest.raises(hf.NoEnergy, match=r"hf\.record\.energy\(symmetrised=True\)"):
        hf.recall(hf.sequence(xi), xi[0], record=hf.record.energy())

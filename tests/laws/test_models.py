"""Laws of graded neurons, of neurons of several sites, and of those that change in time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from tables import ANNEALED, FLOWS, GRADED, UNITS, N, patterns

import hopfield as hf
from hopfield import models, testing

COLOURS = np.random.default_rng(0).integers(3, size=(3, 4))  # patterns of 4 neurons of 3 states


@pytest.mark.parametrize("name", [*GRADED, *UNITS, *ANNEALED])
def test_a_neuron_keeps_its_laws(name):
    testing.check_neuron((GRADED | UNITS | ANNEALED)[name])


def test_a_flow_keeps_the_laws_of_an_order():
    testing.check_order(hf.Flow(0.1))


@pytest.mark.parametrize("name", FLOWS)
def test_the_energy_of_graded_neurons_never_rises(name):
    learn, neuron, order = FLOWS[name]
    for rng in range(5):
        testing.check_flow(learn(rng), neuron, order, rng=rng)


def test_the_laws_notice_an_energy_that_rises_and_an_answer_that_is_not_the_least():
    against = hf.Couplings([[0, -2], [-2, 0]])
    testing.check_flow(against, hf.Graded(2), hf.Flow(0.2))  # 2 / (1 + 2 * 2) = 0.4 of the way
    with pytest.raises(AssertionError, match="the energy rose"):
        testing.check_flow(against, hf.Graded(2), hf.Sync())

    class Steep(hf.Graded):
        def answer(self, h):
            return np.tanh(2 * self.beta * h)

    with pytest.raises(AssertionError, match="least"):
        testing.check_neuron(Steep(0.8))


@pytest.mark.parametrize("neuron", [*GRADED, *ANNEALED])
@pytest.mark.parametrize("order", [hf.Sync(), hf.Shuffled(), hf.Random()])
def test_a_batch_is_the_loop_over_its_cues(order, neuron):
    neuron = (GRADED | ANNEALED)[neuron]
    memory = hf.dense(patterns(1), degree=2)
    if neuron.states == (0, 1):
        memory = memory.recode(0, 1)
    cues = hf.random_patterns(5, N, states=neuron.states or (-1, 1), rng=2)
    options = {"neuron": neuron, "order": order, "sweeps": 6}
    whole = hf.recall(memory / 20, cues, rng=np.random.default_rng(3), **options)
    rng = np.random.default_rng(3)
    for k, cue in enumerate(cues):
        one = hf.recall(memory / 20, cue, rng=rng, **options)
        assert np.allclose(one.state, whole.state[k], atol=1e-12)
        assert one.why == whole.why[k]


@pytest.mark.parametrize("neuron", UNITS)
@pytest.mark.parametrize("order", [hf.Sync(), hf.Shuffled(), hf.Sequential([2, 0, 1, 3])])
def test_neurons_of_several_sites_move_as_one(order, neuron):
    memory = models.potts(COLOURS, 3)
    cues = models.one_hot(np.random.default_rng(1).integers(-1, 3, size=(6, 4)), 3)
    options = {"neuron": UNITS[neuron], "order": order, "record": hf.record.states("update")}
    whole = hf.recall(memory, cues, updates=9, rng=np.random.default_rng(3), **options)
    rng = np.random.default_rng(3)
    for k, cue in enumerate(cues):
        one = hf.recall(memory, cue, updates=9, rng=rng, **options)
        assert np.allclose(one.trace, whole.trace[:, k], rtol=0, atol=1e-12)
        moved = (np.diff(one.trace, axis=0) != 0).reshape(9, 4, 3).any(axis=2).sum(axis=1)
        assert (moved <= (4 if order == hf.Sync() else 1)).all()
        assert (
            one.trace.reshape(10, 4, 3).sum(axis=2) <= 1 + 1e-12
        ).all()  # one state, or not known


def test_one_potts_neuron_at_a_time_never_raises_the_energy():
    for rng in range(5):
        x = np.random.default_rng(rng).integers(4, size=(6, 12))
        starts = models.one_hot(np.random.default_rng(rng + 9).integers(4, size=(8, 12)), 4)
        r = hf.recall(
            models.potts(x, 4),
            starts,
            neuron=hf.Potts(4),
            updates=60,
            record=hf.record.energy("update"),
            rng=rng,
        )
        assert (np.diff(r.trace, axis=0) <= 1e-12).all()


def _potts_chi2(memory, order):
    every = models.one_hot(np.array(list(itertools.product(range(3), repeat=4))), 3)
    p = np.exp(-memory.energy(every) / 2.0)
    starts = np.random.default_rng(0).integers(3, size=(20_000, 4))
    r = hf.recall(
        memory, models.one_hot(starts, 3), neuron=hf.Potts(3, T=2.0), order=order, sweeps=20, rng=1
    )
    codes = models.from_one_hot(r.state, 3) @ (27, 9, 3, 1)
    expected = 20_000 * p / p.sum()
    assert expected.min() > 5
    return ((np.bincount(codes, minlength=81) - expected) ** 2 / expected).sum()


def test_potts_neurons_one_at_a_time_sample_boltzmann_and_together_do_not():
    memory = models.potts(COLOURS, 3)
    testing.check_memory(memory, states=(0, 1))
    assert _potts_chi2(memory, hf.Shuffled()) < 136  # odds 1 in 10,000, of 80 degrees of freedom
    assert _potts_chi2(memory, hf.Sync()) > 136


def test_potts_neurons_of_two_states_are_hebbs():
    xi = hf.random_patterns(5, 20, rng=1)
    cues = hf.random_patterns(30, 20, rng=2)
    two = models.potts((xi > 0).astype(int), 2)
    ones = models.one_hot((cues > 0).astype(int), 2)
    assert np.allclose(two.energy(ones), hf.hebb(xi).energy(cues))
    for order in (hf.Sequential(), hf.Sync()):
        plain = hf.recall(hf.hebb(xi), cues, order=order)
        other = hf.recall(two, ones, neuron=hf.Potts(2), order=order)
        assert np.array_equal(2 * models.from_one_hot(other.state, 2) - 1, plain.state)
        assert np.array_equal(plain.why, other.why)


def test_annealing_is_a_heat_bath_sweep_by_sweep_and_ends_in_a_fixed_point():
    memory = hf.hebb(hf.random_patterns(3, 30, rng=1))
    cues = hf.random_patterns(4, 30, rng=2)
    temperatures = [1.5, 1.0, 0.5, 0.0]
    whole = hf.recall(
        memory, cues, neuron=hf.Anneal(temperatures), rng=3, record=hf.record.states()
    )
    assert set(whole.why) == {"fixed point"}
    first = hf.recall(memory, cues, neuron=hf.HeatBath(1.5), updates=30, rng=3)
    assert np.array_equal(whole.trace[1], first.state)
    still = hf.recall(memory, cues, neuron=hf.Anneal([0.7]), sweeps=5, rng=3)
    bath = hf.recall(memory, cues, neuron=hf.HeatBath(0.7), sweeps=5, rng=3)
    assert np.array_equal(still.state, bath.state)
    assert set(still.why) == {"ran out of sweeps"}


def test_a_delay_line_keeps_the_laws():
    xi = hf.random_patterns(3, 4, rng=1)
    late = hf.sequence(xi, delay=2)
    testing.check_memory(late)
    s = hf.random_patterns(1, 12, rng=2)[0]
    expected = hf.Hebbian(xi).field(s[:4]) + 2 * hf.sequence(xi).field(s[8:])
    assert np.allclose(late.gradient(s), [*expected, *s[:8]])


def test_a_delay_line_copies_exactly_at_any_temperature():
    xi = hf.random_patterns(3, 40, rng=1)
    late = hf.sequence(xi, delay=2)
    for neuron in (hf.HeatBath(0.5), hf.HeatBath(1e50, -1e-6, 1e-6), hf.Anneal([2, 1, 0])):
        cue = np.tile(xi[0], 3) * neuron.states[1]
        options = {"neuron": neuron, "order": hf.Sync(), "record": hf.record.states()}
        r = hf.recall(late, cue, **options, sweeps=9, rng=2)
        assert np.array_equal(r.trace[1:, 40:], r.trace[:-1, :80])
    heat = hf.HeatBath(1e9)
    hot = hf.recall(late, np.tile(xi, 3), neuron=heat, order=hf.Sync(), sweeps=30, rng=3)
    assert abs(hf.overlap(hot.state[:, :40], xi)).max() < 3.3 / np.sqrt(40)


@pytest.mark.parametrize("dt", [0.1, 1.0])
@pytest.mark.parametrize("low", [-1, 0])
def test_the_energy_of_the_circuits_outputs_never_rises_and_ends_where_graded_neurons_do(low, dt):
    memory = hf.hebb(hf.random_patterns(3, 40, rng=1))
    circuit = models.Potentials(memory, 1.5, low, 1)
    testing.check_memory(circuit)
    starts = np.random.default_rng(2).normal(size=(6, 40))
    r = hf.recall(
        circuit,
        starts,
        neuron=hf.Linear(),
        order=hf.Flow(dt),
        sweeps=2000,
        record=hf.record.states(),
    )
    assert set(r.why) == {"fixed point"}
    v = circuit.outputs(r.trace)
    energy, graded = circuit.lyapunov(r.trace), hf.Graded(1.5, low, 1)
    assert np.allclose(energy, memory.energy(v) + graded.energy(v), atol=1e-9)
    assert (np.diff(energy, axis=0) <= 1e-9).all()
    ends = hf.recall(memory, v[-1], neuron=graded, order=hf.Flow(dt), sweeps=2000)
    assert np.abs(ends.state - v[-1]).max() < 1e-7


@pytest.mark.parametrize(
    "learn", [hf.dense, models.exponential, lambda xi: hf.modern(xi, 0.5), hf.sequence]
)
def test_a_model_of_signs_commutes_with_gauge_and_renumbering(learn):
    for rng in range(5):
        testing.check_gauge(learn, rng=rng)
        testing.check_relabelling(learn, rng=rng)

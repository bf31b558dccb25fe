"""Flow: its noise, its time constants, and the graded neurons that it moves."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import models, testing
from hopfield.base.streams import Streams
from hopfield.core.neurons import TRANSFERS

W = hf.Couplings([[0, 0.5], [0.5, 0]])
LINEAR = hf.Linear()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: hf.Flow(0.1, noise=-1), ValueError, "^noise must be 0 or more"),
        (lambda: hf.Flow(0.1, noise=float("nan")), ValueError, "^noise must be finite"),
        (lambda: hf.Flow(0.1, noise="a"), TypeError, "^noise must be a number"),
        (lambda: hf.Flow(0.1, time=0), ValueError, "^time must be a number above 0"),
        (lambda: hf.Flow(0.1, time=[1, -1]), ValueError, "^time must be 0 or more"),
        (lambda: hf.Flow(0.1, time=[[1.0]]), ValueError, "^time must be a number above 0, or one"),
        (
            lambda: hf.recall(W, [1, 1], neuron=LINEAR, order=hf.Flow(0.1, time=[1, 1, 1])),
            ValueError,
            "^time must be one number, or 2, not 3",
        ),
        (
            lambda: hf.recall(W, [1, 1], order=hf.Flow(0.1, noise=0.2), rng=1),
            ValueError,
            "moves graded neurons",
        ),
        (
            lambda: hf.recall(W, [1, 1], neuron=LINEAR, order=hf.Flow(0.1, noise=0.2), rng="1"),
            TypeError,
            "^rng must be",
        ),
        (lambda: hf.Graded(1, transfer="relus"), ValueError, "did you mean 'relu'"),
        (lambda: hf.Graded(1, transfer="softmax"), ValueError, "^q must be 2 or more"),
        (lambda: hf.Graded(1, 1, 0), ValueError, "low < high"),
        (
            lambda: hf.recall(W, [1, 1], neuron=hf.Graded(1, transfer="softmax", q=3)),
            ValueError,
            "^memory must have 3 sites",
        ),
        (lambda: hf.Graded(1, "a", 1), TypeError, "^the neuron's states.* must be a number"),
        (lambda: hf.Graded(1, -1, np.inf), ValueError, "^the neuron's states.* must be finite"),
        (lambda: models.Potentials(W, None), TypeError, "^beta must be a number"),
        (lambda: models.Potentials(W, "a"), TypeError, "^beta must be a number"),
        (lambda: models.Potentials(W, 10**400), ValueError, "^beta must be finite"),
        (lambda: models.Potentials(W, [1, np.nan]), ValueError, "^beta must be finite"),
        (lambda: models.Potentials(W, [1, 1, 1]), ValueError, "^beta must be one number, or 2"),
        (lambda: models.Potentials(W, [1, 0]), ValueError, "^beta must be above 0"),
        (lambda: models.Potentials(W, 1, resistance=0), ValueError, "^resistance must be above 0"),
        (
            lambda: models.Potentials(W, 1, transfer="softmax", q=3),
            ValueError,
            "^memory must have q = 3",
        ),
    ],
)
def test_what_a_flow_and_its_neurons_refuse(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_normal_numbers_are_normal_and_those_of_a_stream_do_not_depend_on_the_others():
    streams = Streams.spawn(np.random.default_rng(0), 400)
    one = Streams(streams.state[7:8].copy(), streams.step[7:8].copy())
    x = streams.standard_normal((400, 250))
    assert np.array_equal(one.standard_normal((1, 250))[0], x[7])
    for power, known, var in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert abs((x**power).mean() - known) < 3.3 * np.sqrt(var / x.size)
    below = (np.sort(x.ravel())[:, None] < [-2, -1, 0, 1, 2]).mean(axis=0)
    assert np.abs(below - [0.02275, 0.158655, 0.5, 0.841345, 0.97725]).max() < 0.006
    again = Streams.spawn(np.random.default_rng(0), 400).random((400, 500))
    u, turns = again[:, :250], again[:, 250:]
    assert np.allclose(x, np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * (turns - 0.5)), atol=1e-11)


@pytest.mark.parametrize("neuron", [LINEAR, hf.Graded(0.5), hf.Graded(2, transfer="softmax", q=2)])
def test_a_noisy_batch_is_the_loop_over_its_cues_and_never_ends_in_a_fixed_point(neuron):
    options = {"neuron": neuron, "order": hf.Flow(0.1, noise=0.5), "sweeps": 5}
    whole = hf.recall(W, np.zeros((6, 2)), rng=np.random.default_rng(1), **options)
    rng = np.random.default_rng(1)
    alone = [hf.recall(W, np.zeros(2), rng=rng, **options).state for _ in range(6)]
    assert np.array_equal(whole.state, alone)
    assert set(whole.why) == {"ran out of sweeps"}
    still = hf.recall(W, [0.0, 0.0], neuron=neuron, order=options["order"], sweeps=0)
    assert still.why != "fixed point"


def test_what_is_clamped_has_no_noise():
    order = hf.Flow(0.1, noise=0.5)
    r = hf.recall(W, [1.0, 1.0], neuron=LINEAR, order=order, clamp=[True, False], rng=1)
    assert r.state[0] == 1 != r.state[1]
    all_held = hf.recall(W, [1.0, 1.0], neuron=LINEAR, order=order, clamp=[True, True], rng=1)
    assert (all_held.why, all_held.updates) == ("fixed point", 0)


def test_each_neuron_has_its_time_constant_and_noise_is_by_it():
    start = np.array([3.0, -1.0])
    order = hf.Flow(0.5, time=[1.0, 4.0])
    for clamp in (None, [False, True]):
        r = hf.recall(hf.Bias([0, 0]), start, neuron=LINEAR, order=order, updates=2, clamp=clamp)
        assert r.state == pytest.approx([3 * np.exp(-1), -np.exp(-0.25) if clamp is None else -1])
    noisy = hf.Flow(0.5, time=[1.0, 4.0], noise=0.6)
    r = hf.recall(
        hf.Bias([0, 0]), np.zeros((9000, 2)), neuron=LINEAR, order=noisy, sweeps=60, rng=1
    )
    assert r.state.var(axis=0) == pytest.approx([0.18, 0.72], rel=0.05)  # noise^2 time / 2


def test_a_stretch_of_time_is_solved_as_it_is_written():
    dt, noise, time = 0.5, 0.6, np.array([1.0, 4.0])
    s, answers = np.array([[3.0, -1.0]]), np.array([[1.0, 1.0]])
    order = hf.Flow(dt, time=time, noise=noise)
    moved = order.toward(s, answers, np.array([[0, 1]]), np.random.default_rng(1))
    a = np.exp(-dt / time)
    normal = np.random.default_rng(1).standard_normal(s.shape)
    expected = answers + a * (s - answers) + noise * np.sqrt(time * (1 - a**2) / 2) * normal
    assert np.allclose(moved, expected, rtol=1e-12)


def test_a_flow_with_noise_keeps_the_laws_of_an_order():
    testing.check_order(hf.Flow(0.1, noise=0.5))
    testing.check_order(hf.Flow(0.1, time=np.ones(12)))


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_a_transfers_cost_is_the_integral_of_its_inverse(transfer):
    q = TRANSFERS[transfer].sites
    neuron = hf.Graded(1.7, transfer=transfer, q=q)
    h = np.random.default_rng(1).normal(size=(20, q)) + (transfer == "relu") * 3
    s = neuron.answer(h)
    least = neuron.energy(s) - (h * s).sum(axis=1)
    for other in np.random.default_rng(2).normal(size=(50, 1, q)):
        t = neuron.answer(h + 0.3 * other)
        assert (neuron.energy(t) - (h * t).sum(axis=1) >= least - 1e-12).all()
    rise = neuron.answer(h + 1e-6) - neuron.answer(h - 1e-6)
    slope = (neuron.energy(neuron.answer(h + 1e-6)) - neuron.energy(neuron.answer(h - 1e-6))) / 2e-6
    assert np.allclose(slope, (h * rise).sum(axis=1) / 2e-6, atol=1e-6)


def test_softmax_neurons_are_the_means_of_potts_and_their_energy_never_rises():
    testing.check_neuron(hf.Graded(1, transfer="softmax", q=3))
    h = np.random.default_rng(1).normal(size=(1, 6))
    draws = [hf.Potts(3, T=0.5)(h, np.zeros((1, 6)), np.random.default_rng(k)) for k in range(4000)]
    soft = hf.Graded(2, transfer="softmax", q=3)
    assert np.abs(np.mean(draws, axis=0) - soft.answer(h)).max() < 3.3 * 0.5 / np.sqrt(4000)
    memory = models.potts(np.random.default_rng(0).integers(3, size=(3, 8)), 3)
    starts = soft.answer(np.random.default_rng(2).normal(size=(5, 24)))
    r = hf.recall(
        memory, starts, neuron=soft, order=hf.Flow(0.2), sweeps=80, record=hf.record.energy()
    )
    assert (np.diff(r.trace, axis=0) <= 1e-9).all()
    assert np.allclose(r.state.reshape(5, 8, 3).sum(axis=2), 1)


@pytest.mark.parametrize("transfer", ["tanh", "arctan", "relu"])
def test_of_unlike_gains_resistances_and_capacitances_the_lyapunov_function_never_rises(transfer):
    rng = np.random.default_rng(3)
    beta, resistance, capacitance = rng.uniform(0.5, 2, (3, 30))
    memory = hf.hebb(hf.random_patterns(2, 30, rng=1))
    circuit = models.Potentials(memory, beta, transfer=transfer, resistance=resistance)
    order = hf.Flow(0.02, time=resistance * capacitance)
    cues, kept = rng.normal(size=(4, 30)), hf.record.states()
    r = hf.recall(circuit, cues, order=order, sweeps=200, record=kept)
    falls = np.diff(circuit.lyapunov(r.trace), axis=0)
    assert (falls <= 1e-9).all()
    assert falls.sum() < -1
    speed = (circuit.field(cues) - cues) / (resistance * capacitance)
    first = (r.trace[1] - r.trace[0]) / 0.02
    assert np.abs(first - speed).max() < 0.05 * np.abs(speed).max()
    units = [hf.Graded(b, transfer=transfer) for b in beta]
    v = [unit.answer(cues[:, k]) for k, unit in enumerate(units)]
    assert np.allclose(circuit.outputs(cues), np.transpose(v), atol=1e-12)

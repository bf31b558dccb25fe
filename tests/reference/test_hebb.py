"""Published figures of Hebb's rule: crosstalk, retrieval, temperature, mixtures, basins.

Each trial draws its own patterns, so that trials are independent. Where a figure was itself
simulated, its own error is given as ``published``.
"""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield.theory import ags, one_step

from .published import near_mean, near_share


def overlaps_from(n, p, samples, seed, *, starts=1, flips=0, **options):
    """Return the overlaps that patterns have after recalls from them, a few a sample."""
    found = []
    for k in range(samples):
        xi = hf.random_patterns(p, n, rng=np.random.default_rng([seed, k]))
        cue = hf.flip(xi[:starts], flips, rng=k) if flips else xi[:starts]
        state = hf.recall(hf.Hebbian(xi), cue, rng=k, sweeps=1000, **options).state
        found.append((state.astype(float) * xi[:starts]).mean(axis=1))
    return np.array(found)


@pytest.mark.parametrize(("n", "p"), [(100, 14), (500, 69), (1000, 138), (1000, 370)])
def test_neurons_of_a_stored_pattern_are_unstable_as_often_as_the_crosstalk_says(n, p):
    below, zero = one_step.error(n, p)
    wrong, ties = [], []
    for k in range(24):
        xi = hf.random_patterns(p, n, rng=k)
        margin = xi * hf.Hebbian(xi).field(xi)
        wrong.append((margin < 0).mean())
        ties.append((margin == 0).mean())
    assert np.all(near_mean(wrong, below)[0]), near_mean(wrong, below)
    assert np.all(near_mean(ties, zero)[0]), near_mean(ties, zero)


@pytest.mark.parametrize("load", [0.05, 0.10, 0.13])
def test_the_retrieval_overlap_of_twenty_thousand_neurons_is_that_of_ags(load):
    m = overlaps_from(20_000, round(load * 20_000), 3, seed=4, starts=20).ravel()
    assert m.std() / np.sqrt(m.size) < 0.001
    assert abs(m.mean() - ags.overlap(load)) <= 0.003


@pytest.mark.parametrize(
    ("n", "load", "share", "samples"),
    [
        (500, 0.10, 0.999, 300),
        (500, 0.138, 0.908, 300),
        (500, 0.16, 0.699, 300),
        (500, 0.20, 0.176, 300),
        (4000, 0.13, 0.986, 60),
        (4000, 0.15, 0.611, 60),
        (4000, 0.18, 0.0, 60),
    ],
)
def test_the_share_of_patterns_retrieved_in_a_finite_network(n, load, share, samples):
    m = overlaps_from(n, round(load * n), samples, seed=5)
    ok, figures = near_share(m > 0.9, share, published=0.02)
    assert ok, figures
    if share == 0:
        assert 0.2 < m.mean() < 0.4  # a remnant, not nothing


@pytest.mark.parametrize(
    ("load", "T", "published"),
    [(0.05, 0.2, 2e-4), (0.05, 0.4, 1.4e-3), (0.1, 0.2, 3.1e-3), (0.02, 0.5, 9e-4)],
)
def test_the_overlap_at_a_temperature_is_that_of_ags(load, T, published):
    n, means = 2000, []
    for k in range(6):
        xi = hf.random_patterns(round(load * n), n, rng=11 + k)
        run = hf.recall(
            hf.Hebbian(xi),
            xi[0],
            neuron=hf.HeatBath(T),
            sweeps=60,
            rng=k,
            record=hf.record.overlaps(xi[0]),
        )
        means.append(run.trace[20:].mean())
    ok, figures = near_mean(means, ags.overlap(load, T), published=2 / n + published)
    assert ok, figures


def test_without_load_the_overlap_solves_the_mean_field_equation():
    n, xi = 2000, hf.random_patterns(1, 2000, rng=1)
    run = hf.recall(
        hf.hebb(xi),
        xi[0],
        neuron=hf.HeatBath(0.5),
        sweeps=400,
        rng=2,
        record=hf.record.overlaps(xi[0]),
    )
    assert run.trace[100:].mean() == pytest.approx(0.957504, abs=4 / n)


@pytest.mark.parametrize(
    ("p", "share", "published"), [(10, 1.0, 0.0), (30, 0.45, 0.12), (60, 0.0, 0.0)]
)
def test_mixtures_of_three_are_stable_at_small_loads_alone(p, share, published):
    n, stable, m, energies = 1001, [], [], []
    for k in range(60):
        xi = hf.random_patterns(p, n, rng=k)
        mixture = np.sign(xi[:3].sum(axis=0))
        memory = hf.Hebbian(xi)
        stable.append(memory.stable(mixture))
        m.append((xi[:3] @ mixture).mean() / n)
        energies.append(memory.energy(mixture) / n)
    ok, figures = near_share(stable, share, published)
    assert ok, figures
    assert near_mean(m, 0.5)[0]
    assert near_mean(energies, -0.375 + 1.5 / n)[0], near_mean(energies, -0.375 + 1.5 / n)


@pytest.mark.parametrize(("p", "shares"), [(5, (0.647, 0.258, 0.096)), (10, (0.767, 0.084, 0.149))])
def test_what_random_starts_fall_into(p, shares):
    n, found = 500, []
    for k in range(400):
        xi = hf.random_patterns(p, n, rng=k)
        start = hf.random_patterns(1, n, rng=10_000 + k)[0]
        state = hf.recall(hf.Hebbian(xi), start, rng=k).state
        m = np.sort(np.abs(hf.overlap(xi, state)))[::-1]
        found.append(0 if m[0] > 0.9 else 1 if m[2] > 0.35 else 2)
    for kind, share in enumerate(shares):
        ok, figures = near_share(np.array(found) == kind, share, published=0.04)
        assert ok, (kind, figures)


@pytest.mark.parametrize(
    ("load", "m0", "share"),
    [
        (0.05, 0.15, 0.14),
        (0.05, 0.20, 0.65),
        (0.05, 0.25, 0.98),
        (0.10, 0.30, 0.08),
        (0.10, 0.40, 0.63),
        (0.10, 0.50, 0.97),
    ],
)
def test_the_basin_of_a_pattern(load, m0, share):
    n = 1000
    flips = round((1 - m0) / 2 * n)
    m = overlaps_from(n, round(load * n), 150, seed=6, flips=flips)
    ok, figures = near_share(m > 0.95, share, published=0.05)
    assert ok, figures

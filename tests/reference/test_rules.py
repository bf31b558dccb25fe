"""What the rules are known to store: published figures, with the errors of both sides."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize

import hopfield as hf
from hopfield import learning
from hopfield.learning import adatron, covariance, palimpsest, perceptron, pseudo_inverse, storkey


def agrees(found, published, samples):
    """Say whether the mean of ``found`` is a mean of so many samples, to 3.3 standard errors."""
    found = np.asarray(found, dtype=float)
    spread = max(found.std(), sqrt(published * (1 - published)) if samples == found.size else 0)
    error = spread * sqrt(1 / found.size + 1 / samples)
    return abs(found.mean() - published) <= 3.3 * error + 0.005  # the last digit printed


def fixed(rule, p, n, sets):
    """Return, for sets of patterns, the fraction that is strictly fixed."""
    draws = (hf.random_patterns(p, n, rng=k) for k in range(sets))
    return np.array([rule(xi).stable(xi).mean() for xi in draws])


def recalled(rule, p, n, flips, sets, **how):
    """Return, for sets of patterns, the fraction recalled exactly from cues with flips."""
    shares = []
    for k in range(sets):
        xi = hf.random_patterns(p, n, rng=k)
        ends = hf.recall(rule(xi), hf.flip(xi, flips, rng=k), rng=k, **how).state
        shares.append((ends == xi).all(axis=1).mean())
    return np.array(shares)


# ---- how many are fixed: McEliece et al. 1987, Storkey 1997, Personnaz et al. 1986 -------------


@pytest.mark.parametrize(
    ("rule", "p", "share"),
    [
        (hf.hebb, 14, 0.763),
        (hf.hebb, 20, 0.36),
        (storkey, 50, 0.618),
        (storkey, 99, 0.078),
        (pseudo_inverse, 99, 1.0),
    ],
)
def test_fraction_fixed_of_100_neurons(rule, p, share):
    assert agrees(fixed(rule, p, 100, 60), share, 60)


@pytest.mark.parametrize(
    ("rule", "p", "share"),
    [
        (hf.hebb, 8, 0.98),
        (hf.hebb, 10, 0.67),
        (hf.hebb, 14, 0.07),
        (storkey, 25, 0.97),
        (storkey, 30, 0.83),
        (storkey, 40, 0.0),
    ],
)
def test_how_often_all_patterns_of_100_neurons_are_fixed(rule, p, share):
    assert agrees(fixed(rule, p, 100, 60) == 1, share, 60)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "p", "share"),
    [
        (hf.hebb, 20, 0.92),
        (hf.hebb, 28, 0.44),
        (hf.hebb, 40, 0.04),
        (storkey, 60, 0.97),
        (storkey, 80, 0.52),
        (storkey, 100, 0.10),
        (pseudo_inverse, 80, 1.0),
        (pseudo_inverse, 100, 0.56),
        (pseudo_inverse, 120, 0.04),
    ],
)
def test_recall_from_a_tenth_of_flips_of_200_neurons(rule, p, share):
    found = recalled(rule, p, 200, 0.1, 20)
    trials = sqrt(max(share * (1 - share), 0.01) / 60)  # of the figure's 60
    assert abs(found.mean() - share) <= 3.3 * (trials + found.std() / sqrt(20))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("load", "flips", "one_by_one", "together"),
    [
        (0.1, 0.3, 1.0, 1.0),
        (0.1, 0.4, 0.30, 0.35),
        (0.25, 0.2, 1.0, 0.97),
        (0.25, 0.25, 0.60, 0.55),
        (0.75, 0.05, 0.0, 0.0),
    ],
)
def test_basins_of_the_pseudo_inverse_shrink_with_the_load(load, flips, one_by_one, together):
    def whole(xi):
        return pseudo_inverse(xi, self_coupling=True)

    p = round(400 * load)
    for share, found in (
        (one_by_one, recalled(pseudo_inverse, p, 400, flips, 5)),
        (together, recalled(whole, p, 400, flips, 5, order=hf.Sync())),
    ):
        trials = sqrt(max(share * (1 - share), 0.01) / 60)
        assert abs(found.mean() - share) <= 3.3 * (trials + found.std() / sqrt(5))


# ---- Gardner's bounds ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("load", "epochs"), [(0.5, 11), (1.0, 54), (1.5, 313)])
def test_epochs_of_the_perceptron(load, epochs):
    # published for one set of patterns; the slowest of 200 neurons varies by a factor of two
    xi = hf.random_patterns(round(200 * load), 200, rng=1)
    assert perceptron(xi, epochs=3 * epochs).stable(xi).all()
    with pytest.raises(ValueError, match="separable"):
        perceptron(xi, epochs=epochs // 3)


def test_no_couplings_store_more_than_two_patterns_a_neuron():
    for rule, limit in ((perceptron, {"epochs": 300}), (adatron, {"sweeps": 100})):
        with pytest.raises(ValueError, match="separable"):
            rule(hf.random_patterns(230, 100, rng=1), **limit)


def gardner(load):
    """Return kappa with load * int_{-kappa}^inf Dt (t + kappa)^2 = 1 (Gardner 1988, eq. 17)."""

    def left(kappa):
        found, _ = scipy.integrate.quad(
            lambda t: (t + kappa) ** 2 * np.exp(-t * t / 2) / sqrt(2 * np.pi), -kappa, 12
        )
        return load * found - 1

    return scipy.optimize.brentq(left, 0, 10)


def test_gardners_kappa_is_the_one_published():
    published = {1.70963: 0.1, 1.26913: 0.3, 0.961205: 0.5, 0.519572: 1.0, 0.200231: 2.0}
    for load, kappa in published.items():
        assert gardner(load) == pytest.approx(kappa, abs=1e-5)


@pytest.mark.parametrize(("load", "n"), [(0.25, 600), (0.5, 600), (1.0, 400)])
def test_adatron_reaches_gardners_optimum(load, n):
    xi = hf.random_patterns(round(load * n), n, rng=2)
    found = learning.margins(adatron(xi), xi).min(axis=0)
    error = found.std() / sqrt(n)
    assert 0.98 * gardner(load) - 3.3 * error < found.mean() < gardner(load) + 3.3 * error


# ---- sparse patterns: Tsodyks & Feigelman 1988 -------------------------------------------------


def sparse_overlaps(f, load, n=2000):
    """Return the overlaps after 50 steps from 20 patterns of activity f, at threshold 1/2."""
    eta = np.random.default_rng(0).random((round(load * n), n)) < f
    memory = covariance(eta, activity=f, threshold=0.5, coding="01")
    starts = eta[:20]
    ends = hf.recall(memory, starts, neuron=hf.Sign(0, 1), order=hf.Sync(), sweeps=50).state
    return ((starts - f) * ends).sum(axis=1) / (n * f * (1 - f))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("f", "load", "overlap"), [(0.05, 0.5, 0.979), (0.1, 0.3, 0.979), (0.02, 1.0, 0.929)]
)
def test_overlap_of_sparse_patterns_below_capacity(f, load, overlap):
    found = sparse_overlaps(f, load)
    assert found.mean() == pytest.approx(overlap, abs=3.3 * found.std() / sqrt(20) + 0.005)


@pytest.mark.slow
def test_sparse_patterns_are_lost_above_capacity():
    assert sparse_overlaps(0.05, 1.2).mean() < 0.5  # capacity 0.9429


def test_the_sparser_the_more_are_recalled():
    n, p, good = 600, 120, []
    for f in (0.5, 0.05):
        eta = np.random.default_rng(1).random((p, n)) < f
        memory = covariance(eta, coding="01")
        ends = hf.recall(memory, eta[:40], neuron=hf.Sign(0, 1), order=hf.Sync()).state
        good.append(((eta[:40] - f) * ends).sum(axis=1).mean() / (n * f * (1 - f)))
    assert good[0] < 0.6
    assert good[1] > 0.97


# ---- forgetting: Hopfield, Feinstein & Palmer 1983; Parisi 1986 --------------------------------


def test_unlearning_makes_patterns_stable_and_recalled():
    before, after = [], []
    for k in range(5):
        xi = hf.random_patterns(20, 100, rng=k)
        memory = hf.hebb(xi)
        dreamt = learning.unlearn(memory, 400, rng=k)
        for shares, m in ((before, memory), (after, dreamt)):
            ends = hf.recall(m, hf.flip(xi, 0.1, rng=k), rng=k).state
            shares.append((ends == xi).all(axis=1).mean())
    gain = np.subtract(after, before)
    assert gain.mean() > 3.3 * gain.std() / sqrt(5)
    assert np.mean(after) > 0.9
    assert np.mean(before) < 0.6


def test_a_palimpsest_keeps_the_newest_patterns_and_forgets_the_oldest():
    xi = hf.random_patterns(500, 500, rng=1)
    m = hf.overlap(hf.recall(palimpsest(xi), xi, rng=1).state, xi)
    assert (m[-10:] > 0.95).all()
    assert np.abs(m[:400]).mean() < 0.3
    assert (hf.overlap(hf.recall(hf.hebb(xi), xi, rng=1).state, xi) < 0.6).all()  # all or none


@pytest.mark.slow
def test_a_palimpsest_keeps_about_a_twenty_fifth_of_n():
    kept = []
    for k in range(3):
        xi = hf.random_patterns(600, 600, rng=k)
        m = hf.overlap(hf.recall(palimpsest(xi), xi, rng=k).state, xi)
        kept.append((m > 0.9).sum() / 600)
    assert 0.03 < np.mean(kept) < 0.06  # of so few neurons a little more than of many


# ---- correlated patterns: scikit-learn's digits ------------------------------------------------


def test_which_rules_store_the_ten_digits():
    digits = hf.pictures.digits(10)
    stored = {
        name: int(rule.learn(digits).stable(digits).sum())
        for name, rule in learning.RULES.items()
        if name not in ("covariance", "palimpsest")
    }
    assert stored == {
        "willshaw": 4,
        "hebb": 0,
        "storkey": 5,
        "pseudo_inverse": 10,
        "dreaming": 10,
        "perceptron": 10,
        "adatron": 10,
        "probability_flow": 10,
        "kernel": 10,
    }

"""The theory of each model: the values of the literature, and the same by other means."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb, erf, exp, log, pi, sqrt

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import integrate, optimize
from scipy.stats import binom, norm

import hopfield as hf
from hopfield.theory import (
    _mean_field,
    ags,
    clamped,
    dense,
    gardner,
    graded,
    mixtures,
    modern,
    one_step,
    potts,
    sequence,
    sparse,
    willshaw,
)
from hopfield.theory.orthogonality import overlap_distribution

Z = np.linspace(-9, 9, 7201)
LAW = np.exp(-(Z**2) / 2) / sqrt(2 * pi) * (Z[1] - Z[0])

# What they share


@given(st.floats(-5, 5), st.floats(0.1, 50), st.floats(0, 8))
def test_a_root_is_found_to_the_last_digits(at, steepness, asymmetry):
    def f(x):
        return np.expm1(steepness * (x - at)) + asymmetry * (x - at) ** 3

    assert _mean_field.root(f, -5.5, 7.0) == pytest.approx(at, abs=1e-11)


@given(st.floats(-5, 5), st.floats(0.1, 50))
def test_a_top_is_found_as_far_as_rounding_lets_it(at, steepness):
    found = _mean_field.top(lambda x: -np.cosh(steepness * (x - at)), -6, 8)
    assert found == pytest.approx(at, abs=4e-8 * max(1, 1 / steepness))


@given(st.integers(0, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(-2, n))))
def test_the_tosses_of_a_coin_add_up(case):
    n, k = case
    exact = Fraction(sum(comb(n, j) for j in range(k + 1)), 2**n)
    assert _mean_field.coins(n, k) == pytest.approx(float(exact), rel=1e-12)


# Ground states


def free_energy(x, alpha, T):
    """The replica symmetric free energy at any m, q and r, by quadrature."""
    m, q, r = x
    C = (1 - q) / T
    h = (m + sqrt(alpha * r) * Z) / T
    return (
        alpha / 2 * (1 + T * log(1 - C) - q / (1 - C) + r * C)
        + m**2 / 2
        - T * (LAW @ np.logaddexp(h, -h))
    )


@pytest.mark.parametrize(("alpha", "T"), [(0.05, 0.2), (0.02, 0.5), (0.1, 0.3)])
def test_the_order_parameters_are_a_saddle_of_the_free_energy(alpha, T):
    x = ags.order_parameters(alpha, T)
    assert ags.free_energy(alpha, T) == pytest.approx(free_energy(x, alpha, T), abs=1e-9)
    assert optimize.approx_fprime(x, free_energy, 1e-6, alpha, T) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize(("alpha", "T"), [(0.05, 0.2), (0.02, 0.5), (0.1, 1.1)])
def test_the_glass_is_a_saddle_of_the_free_energy(alpha, T):
    def q(r):
        return LAW @ np.tanh(sqrt(alpha * r) * Z / T) ** 2

    r = optimize.brentq(lambda r: sqrt(r) * (1 - (1 - q(r)) / T) - sqrt(q(r)), 0.1, 1e4, xtol=1e-12)
    x = (0, q(r), r)
    found = ags.free_energy(alpha, T, retrieval=False)
    assert found == pytest.approx(free_energy(x, alpha, T), abs=1e-9)
    assert optimize.approx_fprime(x, free_energy, 1e-6, alpha, T) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("alpha", [0.0, 0.02, 0.1, 1.5])
def test_the_energies_of_zero_temperature(alpha):
    glass = -1 / pi - sqrt(2 * alpha / pi)
    assert ags.free_energy(alpha, retrieval=False) == pytest.approx(glass, abs=1e-12)
    assert ags.free_energy(alpha, 1e-4, retrieval=False) == pytest.approx(glass, abs=1e-4)
    if alpha < 0.13:
        m, _, r = ags.order_parameters(alpha)
        assert ags.free_energy(alpha) == pytest.approx((alpha * (1 - r) - m**2) / 2, abs=1e-12)
        assert ags.free_energy(alpha, 1e-4) == pytest.approx(ags.free_energy(alpha), abs=1e-6)


def test_without_order_the_free_energy_is_that_of_free_neurons():
    for alpha, T in [(0.1, 1.4), (0.5, 3.0), (0.5, 1e9)]:
        loose = alpha / 2 * (1 + T * np.log1p(-1 / T)) - T * log(2)
        assert ags.free_energy(alpha, T, retrieval=False) == pytest.approx(loose, rel=1e-12)
    edges = [ags.free_energy(0.3, ags.glass(0.3) + d, retrieval=False) for d in (-1e-7, 1e-7)]
    assert edges[0] == pytest.approx(edges[1], abs=1e-6)


def test_the_crossing():
    """The literature prints 0.051."""
    assert ags.crossing() == pytest.approx(0.051854, abs=5e-7)
    assert ags.crossing(1) == ags.crossing(7.5) == 0
    for T in (0.0, 0.1, 0.4, 0.9):
        load = ags.crossing(T)
        glass = ags.free_energy(load, T, retrieval=False)
        assert ags.free_energy(load, T) == pytest.approx(glass, abs=1e-9)


def test_the_transition_between_ground_states():
    loads = [0.0, 0.005, 0.01, 0.02, 0.04, 0.05, 0.0519, 0.1, 1e50]
    known = [1, 0.8074, 0.7216, 0.5913, 0.3652, 0.2164, 0, 0, 0]
    found = ags.transition(loads)
    assert found == pytest.approx(known, abs=6e-5)
    assert np.all(found <= ags.spinodal(loads) + 1e-6)
    assert [ags.crossing(T) for T in found[1:6]] == pytest.approx(loads[1:6], rel=1e-8)


# Mixtures


def test_mixtures_at_zero_temperature():
    known = {
        1: (1, -0.5),
        2: (0.5, -0.25),
        3: (0.5, -0.375),
        4: (0.375, -0.28125),
        5: (0.375, -0.3515625),
        7: (0.3125, -0.341796875),
    }
    for n, values in known.items():
        assert (mixtures.overlap(n), mixtures.energy(n)) == pytest.approx(values, rel=1e-12)
        assert mixtures.overlap(n, 1e-3) == pytest.approx(values[0], rel=1e-12)
    assert mixtures.energy(100_001) == pytest.approx(-1 / pi, abs=1e-5)


def curvatures(n, T):
    """Slope and least curvature of |m|**2 / 2 - T <log 2 cosh(m . xi / T)>, by enumeration."""
    xi = np.array(list(product([-1, 1], repeat=n)))
    t = np.tanh(mixtures.overlap(n, T) * xi.sum(1) / T)
    hessian = np.eye(n) - (xi.T * (1 - t**2)) @ xi / T / len(xi)
    return mixtures.overlap(n, T) - xi.T @ t / len(xi), np.linalg.eigvalsh(hessian)[0]


def test_odd_mixtures_are_stable_below_a_temperature():
    found = [mixtures.stability(n) for n in (1, 2, 3, 4, 5, 7)]
    assert found == pytest.approx([1, 0, 0.4598, 0, 0.3847, 0.3439], abs=6e-5)
    for n in (3, 5, 7):
        slope, least = curvatures(n, mixtures.stability(n))
        assert slope == pytest.approx(0, abs=1e-12)
        assert least == pytest.approx(0, abs=1e-11)
        assert curvatures(n, mixtures.stability(n) - 0.01)[1] > 0
        assert curvatures(n, mixtures.stability(n) + 0.01)[1] < 0


@pytest.mark.parametrize("n", [2, 4, 6])
def test_even_mixtures_are_never_stable(n):
    assert all(curvatures(n, T)[1] < 0 for T in np.arange(0.05, 1, 0.05))


@pytest.mark.parametrize("T", [0.2, 0.6, 0.95])
def test_one_pattern_is_a_mixture_of_one(T):
    assert mixtures.overlap(1, T) == pytest.approx(ags.overlap(0, T), abs=1e-10)
    assert mixtures.overlap(3, 1) == mixtures.overlap(1, 1.5) == 0


# Gardner


def test_the_gardner_capacity():
    kappas = [0, 0.1, 0.2, 0.3, 0.5, 0.8, 1, 1.5, 2]
    known = [2, 1.70963, 1.46921, 1.26913, 0.961205, 0.656034, 0.519572, 0.309871, 0.200231]
    assert gardner.critical(kappas) == pytest.approx(known, abs=6e-6)
    for kappa in kappas:
        area, _ = integrate.quad(lambda t, k: norm.pdf(t) * (t + k) ** 2, -kappa, 12, args=(kappa,))
        assert 1 / gardner.critical(kappa) == pytest.approx(area, rel=1e-9)


@given(st.floats(0, 100))
def test_the_margin_undoes_the_capacity(kappa):
    assert gardner.margin(gardner.critical(kappa)) == pytest.approx(kappa, rel=1e-9, abs=1e-9)


def test_the_capacity_for_biased_patterns():
    means = [0, 0.2, 0.5, 0.8, 0.9, 0.95, -0.5]
    known = [2, 2.0527, 2.4059, 3.9129, 6.0828, 9.8087, 2.4059]
    assert [gardner.critical(0, m) for m in means] == pytest.approx(known, abs=6e-5)


@pytest.mark.parametrize(("kappa", "mean"), [(0, 0.5), (0.3, 0.5), (1.0, 0.9), (0.1, -0.99)])
def test_biased_weights_are_the_best_ones(kappa, mean):
    """The capacity is the best over the bias of the weights, a scan of the integral says."""
    sigma = sqrt(1 - mean**2)

    def cost(v):
        return sum(
            (1 + sign * mean) / 2 * (LAW @ np.maximum(0, kappa / sigma - sign * v + Z) ** 2)
            for sign in (-1, 1)
        )

    best = optimize.minimize_scalar(cost, bracket=(-1, 1)).fun
    assert gardner.critical(kappa, mean) == pytest.approx(1 / best, rel=1e-6)


def test_planes_that_tell_points_apart():
    known = {150: 0.99996, 180: 0.9108, 200: 0.4437, 220: 0.0685}
    for p, chance in known.items():
        assert gardner.separable(p, 99) == pytest.approx(chance, abs=6e-5)
        exact = Fraction(sum(comb(p - 1, k) for k in range(99)), 2 ** (p - 1))
        assert gardner.separable(p, 99) == pytest.approx(float(exact), rel=1e-10)
    assert gardner.separable(3, 3) == gardner.separable(1, 1) == 1
    assert gardner.separable(2000, 1000) == pytest.approx(0.5, rel=1e-10)


def test_four_points_in_the_plane():
    """Of 16 ways to label 4 directions, as many are half planes as the formula says."""
    angles = np.array([0.1, 1.3, 2.9, 4.0])
    points = np.stack([np.cos(angles), np.sin(angles)])
    turns = np.linspace(0, 2 * pi, 1000)
    sides = np.sign(np.stack([np.cos(turns), np.sin(turns)], 1) @ points)
    assert len(np.unique(sides, axis=0)) / 16 == pytest.approx(gardner.separable(4, 2))


# Sparse


def test_the_sparse_capacity():
    known = {
        0.5: 0.0691,
        0.2: 0.1938,
        0.1: 0.4410,
        0.05: 0.9429,
        0.02: 2.314,
        0.01: 4.368,
        0.005: 8.120,
        0.001: 34.0,
    }
    for f, load in known.items():
        assert sparse.critical(f)[0] == pytest.approx(load, rel=6e-4)
    bits = [sparse.information(f) for f in (0.5, 0.01, 0.001)]
    assert bits == pytest.approx([0.069, 0.353, 0.388], abs=6e-4)


@pytest.mark.parametrize("f", [0.5, 0.1, 0.003])
def test_the_sparse_capacity_is_the_top_of_all_thresholds(f):
    """A scan over both distances, in other units: alpha q = (D - f g - (1 - f) g')**2."""
    u, v = np.meshgrid(np.linspace(-0.5, 3, 400), np.linspace(-4.5, -1, 400))
    m = norm.cdf(u) - norm.cdf(v)
    root = m / (u - v) - f * norm.pdf(u) - (1 - f) * norm.pdf(v)
    loads = np.maximum(root, 0) ** 2 / (f * norm.cdf(u) + (1 - f) * norm.cdf(v))
    assert sparse.critical(f)[0] == pytest.approx(loads.max(), rel=1e-4)
    assert sparse.critical(f)[1] == pytest.approx(m.flat[loads.argmax()], abs=0.01)


def test_the_asymptote_is_far_above_the_sparse_capacity():
    ratios = [sparse.asymptotic(f) / sparse.critical(f)[0] for f in (0.01, 1e-6, 1e-12)]
    assert ratios[0] == pytest.approx(2.5, abs=0.05)
    assert ratios[0] > ratios[1] > ratios[2] > 1.5


@pytest.mark.parametrize("load", [0.03, 0.1, 0.137])
def test_half_active_patterns_at_the_even_threshold_hold_half_of_hebb(load):
    m, _, r = ags.order_parameters(load)
    chi = 1 - 1 / sqrt(r)
    even = load / 2 * chi / (2 - 2 * chi)
    assert sparse.overlap(load / 2, 0.5, even) == pytest.approx(m, abs=1e-9)


@pytest.mark.parametrize("f", [0.2, 0.1])
def test_the_best_threshold_keeps_patterns_up_to_the_sparse_capacity(f):
    load, m, threshold = sparse.critical(f)
    values = sparse.overlap([0, 0.99999 * load, 1.0001 * load], f, threshold)
    assert values == pytest.approx([1, m, 0], abs=0.005)


def test_sparse_recall_has_the_overlap_of_the_theory():
    rng, n, f, threshold = np.random.default_rng(0), 1500, 0.2, 0.38
    eta = (rng.random((180, n)) < f).astype(float)
    xi = eta - f
    diagonal = (xi**2).sum(0)
    v = eta[:40]
    for _ in range(30):
        v = ((v @ xi.T @ xi - v * diagonal) / (n * f * (1 - f)) > threshold).astype(float)
    m = (xi[:40] * v).sum(1) / (xi[:40] * eta[:40]).sum(1)
    bar = 3.3 * m.std() / sqrt(40)
    assert m.mean() == pytest.approx(sparse.overlap(0.12, f, threshold), abs=bar)


# Dense and exponential


def test_the_dense_error():
    loads = [dense.load_at(0.005, n) for n in (2, 3, 4, 5)]
    assert loads == pytest.approx([0.15072, 0.050239, 0.010048, 0.0014354], rel=5e-5)
    known = [(3, 2000 / 200**2, 0.00491), (3, 4000 / 200**2, 0.0339), (4, 4320 / 60**3, 0.0339)]
    for n, load, error in known:
        assert dense.error_at(load, n) == pytest.approx(error, abs=6e-5)
        assert dense.load_at(dense.error_at(load, n), n) == pytest.approx(load, rel=1e-9)
    assert dense.error_at(4320 / 60**3, 4, rectified=True) == pytest.approx(0.0049, abs=6e-5)


def test_degree_two_is_hebbs_rule():
    loads = np.linspace(0, 1, 7)
    assert dense.error_at(loads, 2) == pytest.approx(one_step.error_at(loads))
    assert dense.capacity(500, 2) == one_step.capacity(500)


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_the_dense_crosstalk_is_as_wide_as_its_exact_law_says(n):
    """Second moments of [F(x + 1) - F(x - 1)] / 2 over the law of the overlap x."""
    neurons = 4001
    x, law = overlap_distribution(neurons - 1)
    up, down = (x + 1).astype(float), (x - 1).astype(float)
    signal = (float(neurons) ** n - float(neurons - 2) ** n) / 2
    for cut, rectified in [(-np.inf, False), (0, True)]:
        step = (np.maximum(up, cut) ** n - np.maximum(down, cut) ** n) / 2
        load = signal**2 / (law @ step**2) / neurons ** (n - 1)  # where the error is one sigma
        known = dense.load_at(norm.cdf(-1), n, rectified=rectified)
        assert load == pytest.approx(known, rel=0.01)


def test_the_capacity_without_errors():
    """Krotov and Hopfield print N**(n - 1) / (2 (2 n - 3)!! ln N)."""
    assert dense.capacity(100, 4) == pytest.approx(100**3 / (2 * 15 * log(100)))
    assert dense.capacity(100, 4, rectified=True) == 2 * dense.capacity(100, 4)


@pytest.mark.parametrize("n", [12, 16])
def test_a_pattern_lost_from_a_small_exponential_memory_has_a_neighbour_one_neuron_away(n):
    lost = 0
    for seed in range(10):
        xi = hf.random_patterns(2 ** (n // 2), n, rng=seed)
        for pattern in xi[~hf.models.exponential(xi).stable(xi)]:
            lost += 1
            assert (hf.hamming(pattern, xi) == 1).any()
    assert lost


def test_the_load_of_the_exponential_memory():
    assert dense.exponential_load() == pytest.approx(log(2) / 2)
    assert dense.exponential_load(0.5) == pytest.approx(0, abs=1e-16)
    for rho in (0.01, 0.1, 0.3, 0.49):
        x = 1 - 2 * rho
        rate = ((1 + x) * log(1 + x) + (1 - x) * log(1 - x)) / 2
        assert dense.exponential_load(rho) == pytest.approx(rate / 2, abs=1e-15)
        assert dense.exponential_radius(rate / 2) == pytest.approx(rho, rel=1e-7)
    assert (dense.exponential_radius(0), dense.exponential_radius(log(2) / 2)) == (0.5, 0)


# Modern and graded


def test_two_patterns_part_at_a_pitchfork():
    """Patterns (1, .1), (1, -.1) and (-1, 0): the softmax by itself."""
    betas = [90, 110, 150, 400]
    known = [0, 0.050294, 0.085856, 0.099933]
    assert modern.fusion(0.1) == pytest.approx(100)
    assert modern.parting(betas, 0.1) == pytest.approx(known, abs=6e-7)
    xi = np.array([[1, 0.1], [1, -0.1], [-1, 0]])
    for beta, y in zip(betas, modern.parting(betas, 0.1), strict=True):
        s = xi[0]
        for _ in range(2000):
            h = beta * xi @ s
            w = np.exp(h - h.max())
            s = w @ xi / w.sum()
        assert s == pytest.approx([1, y], abs=1e-9)


@pytest.mark.parametrize("beta", [0.01, 0.1, 0.3])
def test_no_stored_pattern_moves_further_than_the_bound(beta):
    xi = np.random.default_rng(1).normal(size=(100, 16))
    products = xi @ xi.T
    w = np.exp(beta * (products - products.max(1, keepdims=True)))
    moved = np.linalg.norm(w @ xi / w.sum(1, keepdims=True) - xi, axis=1)
    others = np.where(np.eye(100, dtype=bool), -np.inf, products).max(1)
    gaps = np.diag(products) - others
    largest = sqrt(products.max())
    bound = modern.error_bound(np.maximum(gaps, 0), beta, 100, largest)
    assert np.all(moved <= bound)
    assert np.all(modern.error_bound(np.maximum(gaps, 0), beta, 1, largest) == 0)


def test_graded_neurons_leave_zero_at_a_gain():
    known = [0, 0, 0.287478, 0.628883, 0.953489, 0.999208, 1]
    betas = [0, 1.02, 1.05, 1.2, 2, 4, 1e50]
    assert graded.critical(50) == pytest.approx(50 / 49)
    m = graded.overlap(betas, 50)
    assert m == pytest.approx(known, abs=6e-7)
    assert m == pytest.approx(np.tanh(np.array(betas) * m * 49 / 50), abs=1e-12)
    just = graded.critical(50) * (1 + 1e-6)
    assert graded.overlap(just, 50) == pytest.approx(sqrt(3e-6), rel=1e-4)  # the pitchfork's root


# Sequences


def test_the_capacity_of_a_sequence():
    """The literature's 0.269; the top of y -> m**2 / y**2 - 4 g(y)**2 by its slope."""

    def slope(y):
        m, g = erf(y / sqrt(2)), norm.pdf(y)
        return 2 * m * g / y**2 - m**2 / y**3 + 4 * y * g**2

    y = optimize.brentq(slope, 1, 2, xtol=1e-14)
    m = erf(y / sqrt(2))
    load, top = sequence.critical()
    assert load == pytest.approx(0.2690616, abs=5e-8)
    assert load == pytest.approx(m**2 / y**2 - 4 * norm.pdf(y) ** 2, abs=1e-12)
    assert top == pytest.approx(m, abs=1e-7)
    assert sequence.overlap(load - 1e-6) > 0.83
    assert sequence.overlap(load + 1e-6) == 0


@pytest.mark.parametrize("alpha", [0.1, 0.2, 0.25])
def test_the_overlap_of_a_sequence(alpha):
    known = {0.1: 0.998405, 0.2: 0.966326, 0.25: 0.914015}
    m = sequence.overlap(alpha)
    assert m == pytest.approx(known[alpha], abs=1.1e-6)

    def equations(x):
        spread = sqrt(alpha * x[1])
        chi = sqrt(2 / pi) * exp(-((x[0] / spread) ** 2) / 2) / spread
        return x[0] - erf(x[0] / spread / sqrt(2)), x[1] * (1 - chi**2) - 1

    assert optimize.fsolve(equations, (0.99, 1.1), xtol=1e-13)[0] == pytest.approx(m, abs=1e-9)


@pytest.mark.parametrize("d", [2, 3])
@pytest.mark.parametrize("T", [0.0, 0.2])
def test_a_dense_sequence_goes_on_where_its_map_has_a_state_beside_none(d, T):
    load, m_c = sequence.critical(T, degree=d + 1)
    odd = 3 if d == 2 else 15

    def settled(load, m=1.0):
        D = sqrt(load * odd)
        for _ in range(20_000):
            m = erf(m**d / (sqrt(2) * D)) if T == 0 else LAW @ np.tanh((m**d + D * Z) / T)
        return m

    below = settled(0.99 * load)
    assert sequence.overlap(0.99 * load, T, degree=d + 1) == pytest.approx(below, abs=1e-6)
    assert below > m_c
    assert settled(1.01 * load) < 1e-3
    assert sequence.overlap([1.01 * load, 2 * load], T, degree=d + 1).tolist() == [0, 0]


def test_what_holds_of_dense_sequences_without_load_and_beyond_all_heat():
    assert sequence.overlap(0, degree=3) == 1
    assert sequence.critical(1.0, degree=3) == (0, 0)
    assert sequence.overlap(0.01, 1.5, degree=4) == 0
    for bad in (1, 51, 2.5):
        with pytest.raises((ValueError, TypeError), match=r"^degree must be"):
            sequence.critical(degree=bad)


@pytest.mark.parametrize(("n", "p", "degree"), [(7, 4, 2), (8, 3, 2), (9, 5, 3), (6, 9, 4)])
def test_an_error_of_a_step_has_the_variance_of_the_coins(n, p, degree):
    d = degree - 1
    moment = sum(comb(n - 1, k) * (2 * k - n + 1) ** (2 * d) for k in range(n)) / 2 ** (n - 1)
    variance = (p - 1) * moment / (n - 1) ** (2 * d)
    expected = sum(one_step.error(n, p)) if d == 1 else norm.sf(1 / sqrt(variance))
    assert sequence.error(n, p, degree) == pytest.approx(expected, rel=1e-12)
    assert sequence.error(n, 1, degree) == 0


# Willshaw's network


def test_the_ones_of_a_small_willshaw_network_are_those_of_all_draws():
    n, k, p = 7, 2, 3
    filled = []
    pairs = np.array([(a, b) for b in range(n) for a in range(b)])
    for drawn in product(range(len(pairs)), repeat=p):
        w = np.zeros((n, n), bool)
        w[tuple(pairs[list(drawn)].T)] = True
        w |= w.T
        filled.append(w.sum() / (n * (n - 1)))
    assert willshaw.filled(n, k, p) == pytest.approx(np.mean(filled), rel=1e-12)


@pytest.mark.parametrize(
    ("n", "k", "p", "cue"), [(50, 4, 30, 2), (1000, 10, 4000, 5), (9, 8, 3, 8)]
)
def test_wrong_neurons_of_a_willshaw_network_are_the_mean_over_how_busy_they_are(n, k, p, cue):
    r = np.arange(p + 1)
    share = 1 - (1 - (k - 1) / (n - 1)) ** r
    expected = (n - k) * (binom.pmf(r, p, k / n) @ share**cue)
    assert willshaw.spurious(n, k, p, cue) == pytest.approx(expected, rel=1e-9)
    busy = willshaw.filled(n, k, p) ** cue * (n - k)
    assert willshaw.spurious(n, k, p, cue) > busy  # than were all as busy


def test_the_capacity_of_willshaws_network_is_where_one_neuron_is_wrong():
    for n, k in ((100, 5), (1000, 20), (10**6, 16), (500, 250)):
        p = willshaw.capacity(n, k)
        assert willshaw.spurious(n, k, p) == pytest.approx(1, rel=1e-6)
        assert willshaw.spurious(n, k, p, cue=max(1, k // 2)) > 1
    for call, words in (
        (lambda: willshaw.capacity(10, 1), "^active must be 2 or more"),
        (lambda: willshaw.capacity(10, 9), "^active must be 2 or more"),
        (lambda: willshaw.filled(10, 10, 3), "^active must be"),
        (lambda: willshaw.spurious(10, 3, -1), "^p must be 0 or more"),
        (lambda: willshaw.spurious(10, 3, 5, cue=4), "^cue must be"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


def test_a_sequence_holds_more_than_hebbs_rule_at_every_temperature():
    for T in (0.0, 0.3, 0.6, 0.9):
        load, _ = sequence.critical(T)
        assert load > ags.critical(T)[0]
        assert sequence.spinodal(load) == pytest.approx(T, abs=1e-7)
    assert sequence.critical(1) == (0, 0)
    assert sequence.overlap(0, 0.5) == pytest.approx(ags.overlap(0, 0.5), abs=1e-9)


@pytest.mark.parametrize(("alpha", "T"), [(0.2, 0.0), (0.1, 0.4)])
def test_a_sequence_runs_with_the_overlap_of_the_theory(alpha, T):
    rng, n = np.random.default_rng(2), 2000
    xi = rng.choice([-1.0, 1.0], (int(alpha * n), n))
    s, m = xi[0], []
    for t in range(1, 101):
        h = np.roll(xi @ s, 1) @ xi / n
        s = np.where(h + T * np.arctanh(rng.uniform(-1, 1, n)) > 0, 1.0, -1.0)
        m.append(s @ xi[t] / n)
    late = np.array(m[20:]).reshape(8, 10).mean(1)  # blocks, since one step leads to the next
    bar = 3.3 * late.std(ddof=1) / sqrt(8) + 0.002
    assert late.mean() == pytest.approx(sequence.overlap(alpha, T), abs=bar)


# Potts


def test_the_capacity_of_potts_neurons_is_near_kanters():
    for q in (2, 3, 4, 5):
        assert potts.critical(q)[0] / (q * (q - 1) / 2) == pytest.approx(0.138, abs=6e-4)
    assert potts.critical(2) == pytest.approx(ags.critical(), abs=1e-8)
    assert potts.critical(30)[0] < 0.125 * 30 * 29 / 2


def test_two_colours_are_hebbs_rule():
    loads = [0, 1e-9, 0.05, 0.1, 0.137, 0.14, 1e50]
    assert potts.overlap(loads, 2) == pytest.approx(ags.overlap(loads), abs=1e-9)


@pytest.mark.parametrize(("alpha", "q"), [(0.3, 3), (0.6, 4), (10.0, 15)])
def test_the_equations_of_potts_neurons_hold(alpha, q):
    """The winner's crosstalk by the mean of the largest of q fields."""
    m = potts.overlap(alpha, q)
    p = (1 + (q - 1) * m) / q

    def wins(a):
        return integrate.quad(lambda z: norm.pdf(z) * norm.cdf(z + a) ** (q - 1), -10, 10)[0]

    a = optimize.brentq(lambda a: wins(a) - p, 0.1, 12, xtol=1e-13)
    spread = q * (q - 1) * m / a
    x = np.linspace(-10, 10 + a, 20_001)
    law = norm.cdf(x - a) * norm.cdf(x) ** (q - 1)
    largest = x[-1] - np.trapezoid(law, x)
    chi = q * (largest - a * p) / spread
    assert spread**2 * (1 - chi) ** 2 / (q * (q - 1)) == pytest.approx(alpha, rel=1e-6)


def test_potts_recall_has_the_overlap_of_the_theory():
    rng, n, q, alpha = np.random.default_rng(3), 800, 3, 0.3
    xi = rng.integers(0, q, (int(alpha * n), n))
    pull = (q * (xi[..., None] == np.arange(q)) - 1.0).transpose(1, 0, 2).copy()
    found = []
    for mu in range(12):
        s, moved = xi[mu].copy(), True
        x = pull[np.arange(n), :, s].sum(0) / n
        while moved:
            moved = False
            for i in rng.permutation(n):
                own = pull[i, :, s[i]]
                h = (x - own / n) @ pull[i]
                if h.max() > h[s[i]] + 1e-9:
                    s[i], moved = h.argmax(), True
                    x += (pull[i, :, s[i]] - own) / n
        found.append((q * np.mean(s == xi[mu]) - 1) / (q - 1))
    bar = 3.3 * np.std(found) / sqrt(12) + 0.002
    assert np.mean(found) == pytest.approx(potts.overlap(alpha, q), abs=bar)


# Bad input: one sentence that names the argument


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: ags.free_energy(0.2), ValueError, "load must be between 0 and 0.137906"),
        (lambda: ags.free_energy(-0.1, retrieval=False), ValueError, "load must be 0 or more"),
        (lambda: ags.free_energy(0.1, retrieval=1), TypeError, "retrieval must be True or False"),
        (lambda: ags.crossing(-1), ValueError, "T must be 0 or more, not -1"),
        (lambda: ags.transition([0.1, -0.1]), ValueError, "load must be 0 or more, not -0.1"),
        (lambda: mixtures.overlap(0), ValueError, "n must be between 1 and"),
        (lambda: mixtures.overlap(3, -0.1), ValueError, "T must be 0 or more"),
        (lambda: mixtures.energy(2.5), TypeError, "n must be an integer"),
        (lambda: mixtures.stability("3"), TypeError, "n must be an integer"),
        (lambda: gardner.critical(-0.1), ValueError, "margin must be 0 or more, not -0.1"),
        (lambda: gardner.critical(0, 1), ValueError, "bias must be between -1 and 1"),
        (
            lambda: gardner.margin([1, 0]),
            ValueError,
            r"load must be between 1e-50 and 2, not \[1, 0\]",
        ),
        (lambda: gardner.margin(2.1), ValueError, "load must be between 1e-50 and 2"),
        (lambda: gardner.separable(0, 1), ValueError, "p must be 1 or more"),
        (lambda: gardner.separable(10**9, 10**9), ValueError, "p and n must ask for"),
        (
            lambda: sparse.critical(0.6),
            ValueError,
            "activity must be between 1e-12 and 1/2, not 0.6",
        ),
        (lambda: sparse.information(0), ValueError, "activity must be between"),
        (lambda: sparse.asymptotic("0.1"), TypeError, "activity must be a number"),
        (lambda: sparse.overlap(-1, 0.1, 0.5), ValueError, "load must be 0 or more"),
        (lambda: sparse.overlap(1, 0.1, np.nan), ValueError, "threshold must be finite"),
        (lambda: dense.error_at(0.1, 1), ValueError, "degree must be between 2 and 50, not 1"),
        (lambda: dense.error_at(0.1, 3, "no"), TypeError, "rectified must be True or False"),
        (lambda: dense.load_at(0.6, 3), ValueError, "error must be between 0 and 1/2"),
        (lambda: dense.capacity(1, 3), ValueError, "n must be between 2 and 1000000, not 1"),
        (lambda: dense.capacity(10, 2.0), TypeError, "degree must be an integer"),
        (lambda: dense.exponential_load(0.6), ValueError, "flipped must be between 0 and 1/2"),
        (lambda: dense.exponential_radius(0.4), ValueError, "load must be between 0 and ln"),
        (lambda: modern.error_bound(1, 1, 0, 1), ValueError, "p must be 1 or more"),
        (lambda: modern.error_bound(1, -1, 2, 1), ValueError, "beta must be 0 or more"),
        (lambda: modern.error_bound(1, 1, 2, -1), ValueError, "largest must be 0 or more"),
        (lambda: modern.error_bound(-1, 1, 2, 1), ValueError, "separation must be 0 or more"),
        (lambda: modern.fusion(0), ValueError, "half must be 1e-20 or more, not 0"),
        (lambda: modern.parting(-1, 0.1), ValueError, "beta must be 0 or more"),
        (lambda: graded.critical(1), ValueError, "n must be 2 or more"),
        (lambda: graded.overlap(-1, 5), ValueError, "beta must be 0 or more"),
        (lambda: sequence.overlap(-1), ValueError, "load must be 0 or more"),
        (lambda: sequence.critical("0"), TypeError, "T must be a number"),
        (lambda: sequence.spinodal([]), ValueError, "load must not be empty"),
        (lambda: potts.critical(1), ValueError, "q must be between 2 and 1000, not 1"),
        (lambda: potts.overlap(0.1, 1.5), TypeError, "q must be an integer"),
    ],
)
def test_bad_input_is_named(call, kind, words):
    with pytest.raises(kind, match=words):
        call()


# Clamped neurons


@pytest.mark.parametrize(
    ("known", "load", "m"),
    [
        (0.2, 0.15, 0.97269),
        (0.3, 0.1, 0.99816),
        (0.3, 0.15, 0.97947),
        (0.5, 0.15, 0.98501),
        (0.5, 0.2, 0.94059),
    ],
)
def test_what_is_not_clamped_overlaps_as_mean_field_theory_says(known, load, m):
    assert clamped.overlap(load, known) == pytest.approx(m, abs=2e-5)


@pytest.mark.parametrize(
    ("known", "load"),
    [
        (0, 0.13791),
        (0.05, 0.14175),
        (0.1, 0.1462),
        (0.15, 0.15149),
        (0.2, 0.15795),
        (0.25, 0.16633),
    ],
)
def test_recall_jumps_down_at_one_load_while_little_is_clamped(known, load):
    above, below = clamped.overlap([load - 2e-5, load + 2e-5], known)
    assert above - below > 0.25


def test_from_a_third_clamped_on_recall_falls_without_a_jump():
    m = clamped.overlap(np.linspace(0.1, 0.4, 301), 0.35)
    assert (np.diff(m) < 0).all()
    assert np.abs(np.diff(m)).max() < 0.02


def test_with_nothing_clamped_it_is_the_theory_of_the_whole_network():
    loads = [0, 0.05, 0.1, 0.13, 0.2]
    np.testing.assert_allclose(clamped.overlap(loads, 0), ags.overlap(loads), atol=1e-9)


def test_a_clamped_network_recalls_what_its_theory_says():
    # N = 1,000, from the pattern: .9984 +- .0003 over 12 networks of 10 patterns
    m = []
    for seed in range(5):
        xi = hf.random_patterns(100, 1000, rng=seed)
        held = np.random.default_rng(seed).permutation(1000) < 300
        end = hf.recall(hf.hebb(xi), xi[:10], clamp=held, rng=seed).state
        m.append(hf.overlap(end[:, ~held], xi[:10][:, ~held]).mean())
    assert np.mean(m) == pytest.approx(clamped.overlap(0.1, 0.3), abs=0.003)


@pytest.mark.parametrize(("degree", "T"), [(3, 0.46), (3, 0.55), (4, 0.45), (5, 0.44)])
def test_a_dense_sequence_is_found_where_it_is_kept_in_a_narrow_band_alone(degree, T):
    m = 1.0
    for _ in range(500):
        m = np.tanh(m ** (degree - 1) / T)
    assert sequence.overlap(0, T, degree) == pytest.approx(m, abs=1e-6)
    load, at = sequence.critical(T, degree)
    assert sequence.overlap(0.999 * load, T, degree) > at > 0
    assert sequence.overlap(1.001 * load, T, degree) == 0

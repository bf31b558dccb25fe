"""Learning rules beside plain forms of them, and what they refuse."""

from __future__ import annotations

import importlib
import signal
import sys
from contextlib import suppress
from math import erfc, sqrt
from unittest import mock

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield import learning

ADATRON = importlib.import_module("hopfield.learning.adatron")  # not the rule of that name
X, OTHERS = hf.random_patterns(3, 20, rng=1), hf.random_patterns(3, 20, rng=9)


def one_by_one(xi, w=None):
    """Storkey's rule as it is written: for each pattern, for each pair."""
    n = xi.shape[1]
    w = np.zeros((n, n)) if w is None else w.copy()
    for x in xi.astype(float):
        h = (w @ x)[:, None] - w.diagonal()[:, None] * x[:, None] - w * x
        w += (np.outer(x, x) - x[:, None] * h.T - h * x) / n
        np.fill_diagonal(w, 0)
    return w


@pytest.mark.parametrize(("p", "n"), [(1, 2), (3, 5), (10, 50), (40, 30), (300, 60), (600, 400)])
def test_storkey_in_blocks_is_the_rule_pattern_by_pattern(p, n):
    xi = hf.random_patterns(p, n, rng=2)
    expected = one_by_one(xi)
    memory = learning.storkey(xi)
    assert memory.symmetric
    size = np.abs(expected).max()
    assert np.abs(memory.weights - expected).max() < 1e-9 * size
    more = hf.random_patterns(7, n, rng=3)
    added = learning.learn(memory, more, "storkey").weights
    assert np.abs(added - one_by_one(more, expected)).max() < 1e-9 * size


def test_storkey_of_few_patterns_is_held_in_whole_numbers():
    memory = learning.storkey(X)
    assert memory.divisor == 20**3
    w = memory.parts()["weights"]
    assert np.array_equal(w, np.rint(w))


def second_order(xi, w=None):
    """Storkey's extended rule as it is written: for each pattern, for each pair."""
    n = xi.shape[1]
    w = np.zeros((n, n)) if w is None else w.copy()
    for x in xi.astype(float):
        step = np.zeros((n, n))
        for i, j in zip(*np.triu_indices(n, 1), strict=True):
            others = np.delete(np.arange(n), [i, j])
            step[i, j] = (x[i] - w[i, others] @ x[others]) * (x[j] - w[j, others] @ x[others])
        w += (step + step.T) / n
    return w


def test_storkeys_extended_rule_is_the_rule_pair_by_pair():
    xi, more = hf.random_patterns(9, 16, rng=2), hf.random_patterns(4, 16, rng=3)
    memory, expected = learning.storkey(xi, extended=True), second_order(xi)
    assert memory.symmetric
    assert np.abs(memory.weights - expected).max() < 1e-12
    added = learning.learn(memory, more, "storkey", extended=True).weights
    assert np.abs(added - second_order(more, expected)).max() < 1e-12


def test_storkeys_extended_rule_keeps_more_until_it_grows_without_end():
    xi = hf.random_patterns(50, 100, rng=1)
    plain, extended = (learning.storkey(xi, extended=e).stable(xi).sum() for e in (False, True))
    assert extended > 1.3 * plain
    with pytest.raises(ValueError, match=r"^patterns must be fewer, not 99 for 100 neurons"):
        learning.storkey(hf.random_patterns(99, 100, rng=1), extended=True)
    with pytest.raises(TypeError, match=r"^extended must be"):
        learning.storkey(xi, extended=1)


# ---- the pseudo-inverse ----------------------------------------------------------------------


def projection(xi):
    x = xi.astype(float)
    w = np.linalg.pinv(x) @ x
    np.fill_diagonal(w, 0)
    return w


@pytest.mark.parametrize(("p", "n"), [(1, 2), (3, 12), (3, 25), (24, 25), (20, 200), (90, 100)])
def test_the_pseudo_inverse_is_numpys_in_both_forms(p, n):
    xi, s = hf.random_patterns(p, n, rng=4), hf.random_patterns(9, n, rng=5)
    memory, w = learning.pseudo_inverse(xi), projection(xi)
    assert np.allclose(memory.field(s), s @ w, rtol=0, atol=1e-9)
    assert np.allclose(memory.dense().weights, w, rtol=0, atol=1e-9)
    assert np.allclose(memory.energy(s), -np.einsum("bi,ij,bj->b", s, w, s) / 2, atol=1e-8)
    assert memory.stable(xi).all()
    kept = learning.pseudo_inverse(xi, self_coupling=True)
    assert np.allclose(kept.field(xi), xi, rtol=0, atol=1e-9)


def test_few_patterns_need_no_matrix_and_recall_the_same():
    xi = hf.random_patterns(10, 300, rng=1)
    memory = learning.pseudo_inverse(xi)
    cues = hf.flip(xi, 0.2, rng=2)
    for order in (hf.Shuffled(), hf.Sync()):
        ends = [hf.recall(m, cues, order=order, rng=3) for m in (memory, memory.dense())]
        assert np.array_equal(ends[0].state, ends[1].state)
        assert np.array_equal(ends[0].state, xi)
    assert hf.recall(memory, cues, rng=3).kernel == "keys"
    large = learning.pseudo_inverse(hf.random_patterns(2, 70_000, rng=1))
    assert large.stable(large.patterns).all()


def test_without_scipy_the_pseudo_inverse_is_the_same(monkeypatch):
    xi = hf.random_patterns(30, 60, rng=1)
    expected = learning.pseudo_inverse(xi).field(xi)
    for name in ("scipy.linalg.lapack", "scipy.linalg.blas"):
        monkeypatch.setitem(sys.modules, name, None)
    assert np.allclose(learning.pseudo_inverse(xi).field(xi), expected, rtol=0, atol=1e-12)


@given(st.integers(0, 99), st.integers(1, 12), st.integers(1, 12))
@settings(max_examples=30)
def test_patterns_join_and_leave_a_projection(seed, p, more):
    xi = hf.random_patterns(p + more, 40, rng=seed)
    memory = learning.learn(learning.pseudo_inverse(xi[:p]), xi[p:], "pseudo_inverse")
    s = hf.random_patterns(5, 40, rng=seed + 1)
    assert np.allclose(memory.field(s), s @ projection(xi), rtol=0, atol=1e-9)
    left = learning.forget(memory, xi[:more], "pseudo_inverse")
    assert np.allclose(left.field(s), s @ projection(xi[more:]), rtol=0, atol=1e-9)


def test_a_file_with_another_root_is_refused(tmp_path):
    memory = learning.pseudo_inverse(X)
    hf.save(tmp_path / "m.npz", memory)
    kept = hf.load(tmp_path / "m.npz")
    assert np.array_equal(kept.field(X), memory.field(X))
    for wrong in (0 * memory.root, 2 * memory.root, -memory.root):
        memory.root = wrong
        hf.save(tmp_path / "m.npz", memory)
        with pytest.raises(hf.files.BadFile, match="cannot be rebuilt: root must be the patterns'"):
            hf.load(tmp_path / "m.npz")


def test_near_the_number_of_neurons_a_field_of_the_pseudo_inverse_can_be_0():
    xi = np.array([[1, 1, 1, 1], [1, 1, 1, -1], [1, 1, -1, 1]])  # neurons 2 and 3 stand alone
    h = xi * learning.pseudo_inverse(xi).field(xi)
    assert np.allclose(h, [0.5, 0.5, 0, 0])


def test_ties_of_the_pseudo_inverse_are_exact():
    # N odd and two patterns: W_ij is a multiple of 1/det, and sums of it cancel to nothing
    xi = np.array([[1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, -1, -1, -1, -1]])
    memory = learning.pseudo_inverse(xi, self_coupling=True)
    assert memory.divisor == 64
    assert (memory.field([1, -1, 1, -1, 1, -1, 1, -1]) == 0).all()


# ---- perceptrons -----------------------------------------------------------------------------


def perceptron_loop(xi, kappa, epochs):
    """The batch perceptron, neuron by neuron."""
    n = xi.shape[1]
    w = np.zeros((n, n))
    for i in range(n):
        for _ in range(epochs):
            size = np.sqrt((w[i] ** 2).sum())
            wrong = [x for x in xi if x[i] * (w[i] @ x) <= kappa * size]
            if not wrong:
                break
            w[i] += sum(x[i] * x for x in wrong)
            w[i, i] = 0
    return w / n


@pytest.mark.parametrize("margin", [0.0, 0.3])
def test_the_perceptron_is_its_rule_neuron_by_neuron(margin):
    xi = hf.random_patterns(25, 40, rng=3)
    memory = learning.perceptron(xi, margin=margin)
    assert np.allclose(memory.weights, perceptron_loop(xi, margin, 1000), rtol=0, atol=1e-12)
    assert learning.margins(memory, xi).min() > margin
    assert hf.recall(memory, xi, rng=1).energy is None
    with pytest.raises(hf.NoEnergy, match="not symmetric"):
        memory.energy(xi[0])


def symmetric_loop(xi, kappa, epochs):
    """The batch perceptron of pairs: each wrong margin adds to both couplings of a pair."""
    n = xi.shape[1]
    w = np.zeros((n, n))
    for _ in range(epochs):
        step = np.zeros((n, n))
        for i in range(n):
            for x in xi.astype(float):
                if x[i] * (w[i] @ x) <= kappa * np.sqrt((w[i] ** 2).sum()):
                    step[i] += x[i] * x
                    step[:, i] += x[i] * x
        if not step.any():
            return w / n
        w += step
        np.fill_diagonal(w, 0)
    return None


@pytest.mark.parametrize("margin", [0.0, 0.3])
def test_the_symmetric_perceptron_is_its_rule_and_has_an_energy(margin):
    xi = hf.random_patterns(20, 40, rng=3)
    memory = learning.perceptron(xi, margin=margin, symmetric=True)
    assert np.allclose(memory.weights, symmetric_loop(xi, margin, 1000), rtol=0, atol=1e-12)
    assert memory.symmetric
    assert learning.margins(memory, xi).min() > margin
    assert np.isfinite(hf.recall(memory, xi, rng=1).energy).all()
    with pytest.raises(ValueError, match=r"^patterns must be separable at each neuron.* 30 epochs"):
        learning.perceptron(hf.random_patterns(55, 40, rng=3), symmetric=True, epochs=30)
    with pytest.raises(TypeError, match=r"^symmetric must be"):
        learning.perceptron(xi, symmetric="yes")


def best_margin(x, y):
    """The largest min y (w.x) / |w|, by a general solver: the smallest |w| with y (w.x) >= 1."""
    z, options = y[:, None] * x, {"ftol": 1e-12, "maxiter": 500}
    start = np.linalg.lstsq(z, np.ones(len(z)), rcond=None)[0]
    least = {"type": "ineq", "fun": lambda w: z @ w - 1, "jac": lambda w: z}
    found = scipy.optimize.minimize(
        lambda w: w @ w, start, jac=lambda w: 2 * w, constraints=least, options=options
    )
    return 1 / np.linalg.norm(found.x)


@pytest.mark.parametrize(("p", "n", "tolerance"), [(1, 3, 0.01), (10, 20, 0.01), (25, 30, 0.001)])
def test_adatron_finds_the_largest_margins(p, n, tolerance):
    xi = hf.random_patterns(p, n, rng=4)
    memory = learning.adatron(xi, tolerance=tolerance)
    found = learning.margins(memory, xi).min(axis=0)
    best = np.array([best_margin(np.delete(xi, i, 1), xi[:, i]) for i in range(n)])
    assert (found >= (1 - tolerance) * best - 1e-6).all()
    assert (found <= best + 1e-6).all()


@given(st.integers(1, 12), st.integers(2, 20), st.integers(0, 99))
@settings(max_examples=25)
def test_adatron_gives_the_same_bits_compiled_and_in_numpy(p, n, seed):
    xi = hf.random_patterns(p, n, rng=seed)
    x, y = xi.astype(float), np.ascontiguousarray(xi.T)
    gram = (x @ x.T / n).astype(np.float32)

    compiled = ADATRON.maximise(gram, y, n, (0.01, 60), int)
    with mock.patch.object(ADATRON, "available", return_value=False):
        plain = ADATRON.maximise(gram, y, n, (0.01, 60), int)
    assert all(np.array_equal(a, b) for a, b in zip(plain, compiled, strict=True))


def test_adatron_in_parts_is_the_same(monkeypatch):
    xi = hf.random_patterns(30, 40, rng=1)
    whole = learning.adatron(xi)
    for most in (1, 30**2 * 7, 30**2 * 200):  # one sweep of two neurons, 3 of two, 5 of 40
        monkeypatch.setattr(ADATRON, "_PRODUCTS_A_CALL", most)
        assert np.array_equal(learning.adatron(xi).weights, whole.weights)


@pytest.mark.parametrize("compiled", [True, False])
def test_adatron_makes_calls_of_a_fraction_of_a_second_between_which_ctrl_c_is_heard(
    monkeypatch, compiled
):
    kernel = ADATRON.kernel("adatron.adatron") if compiled else ADATRON.ascend
    products = []

    def counted(gram, y, n, limits, x, u, total, swept):
        products.append(len(gram) ** 2 * int((limits[2] - swept).sum()))
        kernel(gram, y, n, limits, x, u, total, swept)
        if len(products) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(ADATRON, "_PRODUCTS_A_CALL", 2**16)
    monkeypatch.setattr(ADATRON, "available", lambda: compiled)
    monkeypatch.setattr(ADATRON, "kernel", lambda name: counted)
    monkeypatch.setattr(ADATRON, "ascend", counted)
    same = np.ones((60, 12))
    same[:30, 0] = -1  # cannot be learnt, so that each sweep is made
    with pytest.raises(KeyboardInterrupt):
        learning.adatron(same, sweeps=10**70)
    assert max(products) <= 2**16  # each 0.1 ns; as it stands 2**31


SAME = np.ones((60, 12))
SAME[:30, 0] = -1  # nothing tells what neuron 0 is
LONG = {
    "adatron": lambda: learning.adatron(SAME, sweeps=10**70),
    "perceptron": lambda: learning.perceptron(SAME, epochs=10**70),
    "probability_flow": lambda: learning.probability_flow(SAME, steps=10**70),
    "unlearn": lambda: learning.unlearn(hf.hebb(X), 10**9, rng=1),
    "storkey": lambda: learning.storkey(np.tile(SAME, (2**16, 1))[:, :5] * 1.0),
    "palimpsest": lambda: learning.palimpsest(np.tile(SAME, (2**14, 1))),
}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
@pytest.mark.parametrize("name", LONG)
def test_a_rule_that_would_go_on_for_days_hears_ctrl_c(name):
    def stop(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(KeyboardInterrupt):
            LONG[name]()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_adatron_says_whether_it_wants_more_sweeps_or_does_not_know():
    xi = hf.random_patterns(50, 40, rng=1)
    learning.adatron(xi, sweeps=10**70)
    with pytest.raises(ValueError, match=r"^sweeps must be more than 50: neuron \d+ tells the pat"):
        learning.adatron(xi, sweeps=50)
    with pytest.raises(ValueError, match=r"^patterns must be separable .*not known after 1 sweeps"):
        learning.adatron(xi, sweeps=1)


def test_what_cannot_be_separated_is_refused():
    xi = np.array([[1, 1, 1, 1], [-1, 1, 1, 1]])  # the others do not tell what neuron 0 is
    for rule in (learning.perceptron, learning.adatron):
        with pytest.raises(ValueError, match=r"^patterns must be separable .*: neuron 0 has not"):
            rule(xi)
    with pytest.raises(ValueError, match=r"^patterns must have symmetric couplings .* 50 steps"):
        learning.probability_flow(xi, steps=50)


# ---- covariance ------------------------------------------------------------------------------


def sparse_patterns(p, n, f, seed):
    return np.random.default_rng(seed).random((p, n)) < f


def test_covariance_is_its_formula_and_decides_alike_in_both_codings():
    eta = sparse_patterns(12, 60, 0.2, 1)
    bipolar, zero_one = (learning.covariance(eta, coding=c) for c in ("bipolar", "01"))
    f = eta.mean()
    w = (eta - f).T @ (eta - f) / (60 * f * (1 - f))
    np.fill_diagonal(w, 0)
    s = sparse_patterns(9, 60, 0.3, 2)
    h = zero_one.field(s)
    assert np.allclose(h[:, None] - h[0], (s @ w)[:, None] - (s @ w)[0], atol=1e-9)
    assert np.allclose(2 * h, bipolar.field(s * 2 - 1), atol=1e-9)
    told = learning.covariance(eta, coding="01", threshold=0.4, activity=0.25)
    w = (eta - 0.25).T @ (eta - 0.25) / (60 * 0.25 * 0.75)
    np.fill_diagonal(w, 0)
    assert np.allclose(told.field(s), s @ w - 0.4, atol=1e-9)
    assert zero_one.neuron == hf.Sign(0, 1)
    assert np.isin(hf.recall(zero_one, s[0], rng=1).state, (0, 1)).all()
    with pytest.raises(ValueError, match="states"):  # -1/+1 neurons would read another field
        hf.recall(zero_one, s[0], neuron=hf.Sign(), rng=1)


@pytest.mark.parametrize("coding", ["bipolar", "01"])
def test_covariance_keeps_the_laws_in_both_codings(coding):
    eta = sparse_patterns(4, 9, 0.3, 3)
    states = (0, 1) if coding == "01" else (-1, 1)
    hf.testing.check_memory(learning.covariance(eta, coding=coding), states=states)


def test_at_activity_one_half_the_couplings_are_hebbs():
    xi = np.concatenate([X, -X[:, ::-1]])
    w, _ = learning.covariance(xi).linear()
    assert np.allclose(w, hf.hebb(xi).linear()[0], atol=1e-9)


@pytest.mark.parametrize("coding", ["bipolar", "01"])
def test_with_each_neurons_own_activity_it_is_its_formula(coding):
    eta = sparse_patterns(12, 60, np.linspace(0.05, 0.95, 60), 1)
    eta[:, 7], eta[:, 8] = True, False  # alike in all patterns
    memory = learning.covariance(eta, activity="neuron", threshold=0.2, coding=coding)
    f = eta.mean(axis=0)
    z = (eta - f) / np.where(f * (1 - f) > 0, np.sqrt(f * (1 - f)), 1)
    w = z.T @ z / 60
    np.fill_diagonal(w, 0)
    s = sparse_patterns(9, 60, 0.5, 2)
    h = memory.field(s) if coding == "01" else memory.field(s * 2 - 1) / 2
    alike = eta.all(axis=0) | ~eta.any(axis=0)
    expected = np.where(alike, eta[0] * 2 - 1, (s - f) @ w - 0.2)
    assert np.allclose(h, expected, atol=1e-9)
    states = (0, 1) if coding == "01" else (-1, 1)
    few = learning.covariance(sparse_patterns(4, 9, 0.4, 3), activity="neuron", coding=coding)
    hf.testing.check_memory(few, states=states)


@pytest.mark.parametrize(
    ("p", "own", "one"), [(10, 0.995, 0.867), (20, 0.976, 0.809), (40, 0.937, 0.777)]
)
def test_where_activities_differ_each_neurons_own_keeps_far_more(p, own, one):
    stable = {"neuron": [], None: []}
    for seed in range(5):
        rng = np.random.default_rng(seed)
        eta = rng.random((p, 400)) < rng.uniform(0.03, 0.97, 400)
        for activity, shares in stable.items():
            memory = learning.covariance(eta, activity=activity)
            shares.append((np.where(eta, 1, -1) * memory.field(eta * 2 - 1) > 0).mean())
    assert np.mean(stable["neuron"]) > own
    assert np.mean(stable[None]) == pytest.approx(one, abs=0.006)


def test_no_field_is_made_where_the_threshold_is_given(monkeypatch):
    eta = sparse_patterns(12, 60, 0.2, 1)
    asked = []
    field = hf.Couplings.field
    monkeypatch.setattr(
        hf.Couplings, "field", lambda self, s: asked.append(np.shape(s)) or field(self, s)
    )
    learning.covariance(eta, threshold=0.4)
    assert asked == [(60,)]  # of the bias alone


@given(st.integers(0, 200))
@settings(max_examples=30)
def test_no_threshold_has_fewer_errors_than_the_one_found(seed):
    eta = sparse_patterns(8, 12, 0.3, seed)
    if not 0 < eta.mean() < 1:
        return
    memory = learning.covariance(eta, coding="01")
    h = memory.field(eta)
    errors = ((h > 0) != eta).sum()
    for theta in np.unique(h)[:-1] + np.diff(np.unique(h)) / 2:
        assert errors <= ((h > theta) != eta).sum()


# ---- bounded, flowing, changed ---------------------------------------------------------------


def test_a_palimpsest_stops_at_its_bound():
    xi = hf.random_patterns(50, 30, rng=2)
    w = np.zeros((30, 30))
    for x in xi.astype(int):
        w = np.clip(w + np.outer(x, x), -3, 3)
    np.fill_diagonal(w, 0)
    memory = learning.palimpsest(xi, bound=3)
    assert np.array_equal(memory.weights, w / 30)
    parts = learning.learn(learning.palimpsest(xi[:20], bound=3), xi[20:], "palimpsest", bound=3)
    assert np.array_equal(parts.weights, w / 30)


def test_probability_flow_fixes_as_many_patterns_as_neurons():
    xi = hf.random_patterns(60, 60, rng=1)
    memory = learning.probability_flow(xi)
    assert memory.symmetric
    assert (xi * memory.field(xi)).min() == pytest.approx(1)


def test_less_probability_flows_than_from_hebbs_couplings_of_any_size():
    xi = hf.random_patterns(20, 60, rng=1)

    def flow(memory, size=1.0):
        return np.exp(-size * xi * memory.field(xi)).sum()

    flows = [
        min(flow(memory, size) for size in np.linspace(0, 20, 81))
        for memory in (learning.probability_flow(xi), hf.hebb(xi))
    ]
    assert flows[0] < flows[1]


def test_diluted_couplings_are_some_of_them_made_larger():
    memory = hf.hebb(hf.random_patterns(3, 80, rng=1))
    w = memory.linear()[0]
    for symmetric in (True, False):
        shares = []
        for seed in range(50):
            cut = learning.dilute(memory, 0.25, rng=seed, symmetric=symmetric)
            assert cut.symmetric == symmetric
            stay = cut.weights != 0
            assert np.allclose(cut.weights, np.where(stay, 4 * w, 0))
            shares.append(stay[w != 0].mean())
        pairs = 50 * (w != 0).sum() / (1 + symmetric)
        assert np.mean(shares) == pytest.approx(0.25, abs=3.3 * sqrt(0.25 * 0.75 / pairs))
    assert np.array_equal(learning.dilute(memory, 1.0, rng=2).weights, w)


@pytest.mark.parametrize(
    ("change", "noise"),
    [
        (lambda m, k: learning.dilute(m, 0.3, rng=k), 0.1 / 0.3),
        (lambda m, k: learning.dilute(m, 0.3, rng=k, symmetric=False), 0.1 / 0.3),
        (lambda m, k: learning.clip(m), 0.1 * np.pi / 2),
    ],
)
def test_fewer_or_coarser_couplings_err_as_if_more_were_stored(change, noise):
    # at load alpha a diluted memory errs as a whole one at alpha / c, a clipped one at alpha pi/2
    rates = []
    for k in range(20):
        xi = hf.random_patterns(51, 510, rng=k)
        rates.append((xi * change(hf.hebb(xi), k).field(xi) < 0).mean())
    expected = erfc(sqrt(1 / (2 * noise))) / 2
    assert np.mean(rates) == pytest.approx(
        expected, abs=3.3 * np.std(rates) / sqrt(20) + 0.02 * expected
    )


def test_clipped_couplings_have_one_size():
    w = learning.clip(hf.hebb(X)).weights
    assert np.array_equal(np.sign(w), np.sign(hf.hebb(X).linear()[0]))
    assert len(np.unique(np.abs(w[w != 0]))) == 1


def test_unlearning_is_the_same_for_the_same_seed_and_nothing_for_no_dreams():
    memory = hf.hebb(hf.random_patterns(15, 60, rng=1))
    a, b = (learning.unlearn(memory, 20, rng=3).weights for _ in range(2))
    assert np.array_equal(a, b)
    assert np.array_equal(learning.unlearn(memory, 0, rng=3).weights, memory.linear()[0])
    change = a - memory.linear()[0]
    assert np.abs(change).max() <= 20 * 0.01 / 60 + 1e-12
    assert change.any()


# ---- what is refused -------------------------------------------------------------------------

REFUSED = {
    "dependent patterns": (
        lambda: learning.pseudo_inverse([*X, -X[1]]),
        ValueError,
        "^patterns must be linearly independent; pattern 3 is",
    ),
    "a dependent pattern more": (
        lambda: learning.learn(learning.pseudo_inverse(X), X[1], "pseudo_inverse"),
        ValueError,
        "^patterns must be linearly independent; pattern 3 is",
    ),
    "far too many patterns": (
        lambda: learning.storkey(hf.random_patterns(1000, 10, rng=1)),
        ValueError,
        "^patterns must be fewer, not 1000 for 10",
    ),
    "as many patterns as neurons": (
        lambda: learning.pseudo_inverse(np.eye(4) * 2 - 1),
        ValueError,
        "^patterns must be fewer than the 4 neurons, not 4",
    ),
    "a root of another size": (
        lambda: learning.Projection(X, np.eye(2)),
        ValueError,
        r"^root must be \(3, 3\)",
    ),
    "a pattern that is not stored": (
        lambda: learning.forget(learning.pseudo_inverse(X), -X[0], "pseudo_inverse"),
        ValueError,
        "^patterns must be ones that the memory holds; row 0 is not",
    ),
    "all patterns to be forgotten": (
        lambda: learning.forget(learning.pseudo_inverse(X), X, "pseudo_inverse"),
        ValueError,
        "^patterns must leave one",
    ),
    "another rule's memory": (
        lambda: learning.learn(hf.hebb(X), X[0], "pseudo_inverse"),
        TypeError,
        "^memory must be what pseudo_inverse makes.*; rule= names the rule",
    ),
    "another rule's memory for the default": (
        lambda: learning.learn(learning.pseudo_inverse(X), X[0]),
        TypeError,
        "^memory must be what hebb makes.*; rule= names the rule",
    ),
    "a memory of no rule": (
        lambda: learning.learn(hf.dense(X), X[0]),
        TypeError,
        "what no rule made, as a dense memory, is made anew of all its patterns",
    ),
    "no rule for a dense memory": (
        lambda: learning.forget(hf.dense(X, 3), X[0]),
        TypeError,
        "is made anew of all its patterns",
    ),
    "no memory": (lambda: learning.learn(3, X), TypeError, "^memory must be .* not 3"),
    "no rule": (
        lambda: learning.learn(hf.hebb(X), X, "heb"),
        ValueError,
        "^rule must be .*'hebb'",
    ),
    "patterns of another N": (
        lambda: learning.learn(learning.storkey(X), [1, -1], "storkey"),
        ValueError,
        "^patterns must have 20 neurons",
    ),
    "a memory with a bias": (
        lambda: learning.clip(hf.hebb(X) + hf.Bias(1)),
        TypeError,
        "^memory must hold couplings between pairs alone",
    ),
    "a margin below 0": (
        lambda: learning.perceptron(X, margin=-1),
        ValueError,
        "^margin must be 0 or more",
    ),
    "no epochs": (lambda: learning.perceptron(X, epochs=0), ValueError, "^epochs must be 1"),
    "no tolerance": (
        lambda: learning.adatron(X, tolerance=0),
        ValueError,
        "^tolerance must be between 0 and 1",
    ),
    "patterns all active": (
        lambda: learning.covariance(np.ones((2, 5))),
        ValueError,
        "^activity must be .* not 1",
    ),
    "alike patterns and each neuron's own activity": (
        lambda: learning.covariance(np.ones((2, 5)), activity="neuron"),
        ValueError,
        "^patterns must differ",
    ),
    "another activity": (
        lambda: learning.covariance(X, activity="neurons"),
        ValueError,
        "^activity must be one of neuron.*did you mean 'neuron'",
    ),
    "a root of zeros": (
        lambda: learning.Projection(X, np.zeros((3, 3))),
        ValueError,
        "^root must be the patterns' own",
    ),
    "a root of others": (
        lambda: learning.Projection(
            X, learning.pseudo_inverse(hf.random_patterns(3, 20, rng=9)).root
        ),
        ValueError,
        "^root must be the patterns' own",
    ),
    "a root that is not triangular": (
        lambda: learning.Projection(
            X, np.linalg.qr(np.ones((3, 3)) + np.eye(3))[0] @ learning.pseudo_inverse(X).root
        ),
        ValueError,
        "^root must be the patterns' own, lower triangular",
    ),
    "another coding": (
        lambda: learning.covariance(X, coding="10"),
        ValueError,
        "^coding must be one of",
    ),
    "no bound": (lambda: learning.palimpsest(X, bound=0), ValueError, "^bound must be 1"),
    "nothing kept": (
        lambda: learning.dilute(hf.hebb(X), 0, rng=1),
        ValueError,
        "^keep must be a fraction",
    ),
    "no seed": (lambda: learning.unlearn(hf.hebb(X), 1, rng=0.5), TypeError, "^rng must be"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_a_sentence(case):
    call, error, words = REFUSED[case]
    with pytest.raises(error, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("rule", learning.RULES)
def test_every_rule_refuses_what_are_no_patterns(rule):
    learn = learning.RULES[rule].learn
    for bad, error in (
        ([[0, 1, 1], [1, 0, 1]], ValueError),
        ([[1, 2, -1]], ValueError),
        ([], ValueError),
        ([[1], [-1]], ValueError),
        ([[X], [X]], ValueError),
        ("ab", TypeError),
        (None, TypeError),
        (X * np.nan, ValueError),
    ):
        with pytest.raises(error, match=r"^patterns"):
            learn(bad)
    one = learn(X[0])
    assert np.array_equal(one.field(X), learn(X[:1] > 0).field(X))


# ---- capacity and progress -------------------------------------------------------------------


@pytest.mark.parametrize("name", learning.RULES)
def test_a_rule_refuses_or_warns_of_more_patterns_than_it_keeps_if_asked(name):
    row, n = learning.RULES[name], 40
    most = int(row.capacity(n))
    few, many = (hf.random_patterns(k, n, rng=1) for k in (max(1, min(most, n - 9)), most + 2))
    row.learn(few, capacity="refuse")
    with pytest.raises(ValueError, match=rf"^patterns must be fewer.* {name}'s cap|fewer than the"):
        row.learn(many, capacity="refuse")
    if name != "pseudo_inverse":  # which refuses P >= N whatever is asked for
        with pytest.warns(
            UserWarning, match=rf"patterns of 40 neurons exceed {name}'s cap"
        ) as said:
            with suppress(ValueError):
                row.learn(many, capacity="warn")
        assert said[0].filename == __file__
    with pytest.raises(ValueError, match=r"^capacity must be one of refuse, warn, not 'no'"):
        row.learn(few, capacity="no")


def test_the_fewer_neurons_are_active_the_more_patterns_covariance_keeps():
    eta = sparse_patterns(100, 300, 0.05, 1)
    learning.covariance(eta, capacity="refuse")
    with pytest.raises(ValueError, match=r"^patterns must be fewer"):
        learning.covariance(sparse_patterns(100, 300, 0.5, 1), capacity="refuse")


def test_patterns_that_hebb_learns_besides_count_together():
    memory = hf.hebb(hf.random_patterns(4, 40, rng=1))
    with pytest.raises(ValueError, match=r"^patterns must be fewer: 8 patterns of 40 neurons"):
        learning.learn(memory, hf.random_patterns(4, 40, rng=2), capacity="refuse")


WATCHED = {
    "adatron": (lambda tell: learning.adatron(X, progress=tell), 20, "neurons"),
    "perceptron": (lambda tell: learning.perceptron(X, progress=tell), 20, "neurons"),
    "probability_flow": (lambda tell: learning.probability_flow(X, progress=tell), 3, "patterns"),
    "storkey": (lambda tell: learning.storkey(X, progress=tell), 3, "patterns"),
    "palimpsest": (lambda tell: learning.palimpsest(X, progress=tell), 3, "patterns"),
    "basins": (lambda tell: hf.landscape.basins(hf.hebb(X), X, progress=tell), 3, "starts"),
    "unlearn": (lambda tell: learning.unlearn(hf.hebb(X), 9, rng=1, progress=tell), 9, "dreams"),
}


@pytest.mark.parametrize("name", WATCHED)
def test_what_takes_long_says_how_far_it_is(name, capsys):
    call, total, unit = WATCHED[name]
    told = []
    call(told.append)
    assert [t.done for t in told] == sorted(t.done for t in told)
    assert (told[0].done, told[-1].done) == (0, total)
    call(print)
    assert capsys.readouterr().out.splitlines()[-1] == f"{name}: {total} of {total} {unit}"
    with pytest.raises(TypeError, match=r"^progress must be a function of one argument, not 'no'"):
        call("no")


def test_a_watch_that_raises_stops_it():
    with pytest.raises(ZeroDivisionError):
        learning.adatron(X, progress=lambda _: 1 / 0)

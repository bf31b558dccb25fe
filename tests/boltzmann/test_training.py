"""Learning a distribution: gradients, optima that are known, and learning that is stopped."""

from __future__ import annotations

import warnings
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from networks import XOR, bars_and_stripes, layers, mixed, pairs

import hopfield as hf
from hopfield import boltzmann, engine
from hopfield.base import progress
from hopfield.boltzmann.parameters import Layers, Pairs
from hopfield.lessons.gallery import ising
from tests.bad import refuses

FOUR = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [-1, -1, 1, 1]])
CODINGS = {"bipolar": (-1, 1), "01": (0, 1)}


def derivative(f, kind, theta, k, at, step=1e-5):
    """Return df / d theta[k][at], both halves of a symmetric matrix moving together."""

    def moved(by):
        new = tuple(t.copy() for t in theta)
        named = kind.named(new)
        named[k][at] += by
        if len(named) == 2 and k == 0:
            named[k][at[::-1]] += by
        return f(new)

    return (moved(step) - moved(-step)) / (2 * step)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(
    ("objective", "kind"),
    [
        *(("likelihood", kind) for kind in ("pairs", "hidden", "layers", "tall layers")),
        *(("pseudo-likelihood", kind) for kind in ("pairs", "layers", "tall layers")),
    ],
)
def test_the_gradient_is_the_derivative(kind, objective, coding):
    hidden = {"pairs": 0, "hidden": 2, "layers": 2, "tall layers": 6}[kind]
    make = Layers if "layers" in kind else Pairs
    own, rng = make(4, hidden, coding), np.random.default_rng(1)
    theta = tuple(rng.normal(size=t.shape) for t in own.start(1.0, np.full(4, 0.5), _stream()))
    if make is Pairs:
        w = np.triu(theta[0], 1)
        theta = w + w.T, theta[1]
    low, high = CODINGS[coding]
    v = np.where(rng.random((5, 4)) < 0.5, low, high).astype(float)
    p = np.array([0.1, 0.2, 0.3, 0.15, 0.25])
    if objective == "likelihood":
        found = boltzmann.gradient(own.machine(theta), v, p)
    else:
        found = own.named(own.pseudo(theta, own.rows(v), p))

    def f(theta):
        m = own.machine(theta)
        score = m.log_likelihood if objective == "likelihood" else _pseudo(m)
        return sum(weight * score(row[None]) for weight, row in zip(p, v, strict=True))

    for k, t in enumerate(own.named(theta)):
        for at in product(*map(range, t.shape)):
            if make is Pairs and k == 0 and at[0] == at[1]:
                assert found[k][at] == 0
                continue
            assert found[k][at] == pytest.approx(derivative(f, own, theta, k, at), abs=1e-7)


def _pseudo(m):
    return lambda rows: boltzmann.pseudo_likelihood(m, rows)


def _stream():
    from hopfield.base.streams import Streams

    return Streams.spawn(np.random.default_rng(0), 1)


def test_the_gradient_of_a_machine_with_hidden_neurons():
    m = pairs(6, hidden=2)
    assert m.log_likelihood(FOUR) == pytest.approx(-3.0893958527, abs=1e-9)
    w, b = boltzmann.gradient(m, FOUR)
    assert w[0, 1] == pytest.approx(0.5019516791, abs=1e-9)
    assert w[0, 4] == pytest.approx(-0.2819107296, abs=1e-9)
    assert w[4, 5] == pytest.approx(-0.0001790975, abs=1e-9)
    assert (b[0], b[4]) == pytest.approx((0.273123, -0.044667), abs=1e-6)


@pytest.mark.parametrize("method", ["exact", "pseudo"])
def test_a_machine_is_found_again_from_its_own_law(method):
    m = pairs(10)
    states = np.concatenate(list(hf.landscape.all_states(10)))
    found = boltzmann.fit(states, method=method, weights=boltzmann.law(m), epochs=20000, rate=0.2)
    np.testing.assert_allclose(found.weights, m.weights, atol=1e-12)
    np.testing.assert_allclose(found.bias, m.bias, atol=1e-12)


@pytest.mark.parametrize(
    ("rate", "coarse", "fine"), [(0.05, 419, 928), (0.1, 209, 462), (0.2, 103, 229)]
)
def test_the_gradient_ascends_in_so_many_steps(rate, coarse, fine):
    states, law = mixed(bars_and_stripes(3), 0.1)
    best = 0.408974
    training = boltzmann.Training(states, weights=law, rate=rate)

    def excess():
        return boltzmann.divergence(training.machine, law) - best

    training.step(coarse)
    assert abs(excess() - 1e-3) < 1e-4
    training.step(fine - coarse)
    assert abs(excess()) < 3e-6


@pytest.mark.parametrize(
    ("n", "share", "best"), [(2, 0.1, 0.088147), (3, 0.1, 0.408974), (3, 0.05, 0.251710)]
)
def test_the_best_pairs_of_bars_and_stripes(n, share, best):
    states, law = mixed(bars_and_stripes(n), share)
    m = boltzmann.fit(states, weights=law, rate=0.2, epochs=2000)
    assert boltzmann.divergence(m, law) == pytest.approx(best, abs=2e-6)
    if n == 2:
        assert np.abs(m.weights[0, 1]) == pytest.approx(1.24277, abs=1e-4)


@pytest.mark.parametrize(("hidden", "best"), [(1, 0.5757388), (2, 0.3465736), (3, 0.0)])
def test_xor_takes_three_hidden_neurons(hidden, best):
    ends = []
    for seed in range(4):
        m = boltzmann.fit(XOR, hidden, rate=0.2, epochs=5000, spread=1.0, rng=seed)
        ends.append(boltzmann.divergence(m, XOR))
    assert min(ends) > best - 1e-7  # nothing is better than the best
    assert min(ends) == pytest.approx(best, abs=0.003)
    if hidden == 3:
        assert max(ends) < 0.005


def test_xor_is_beyond_pairs_and_not_beyond_one_coupled_hidden_neuron():
    fair = boltzmann.fit(XOR, rate=0.2, epochs=50)
    assert boltzmann.divergence(fair, XOR) == pytest.approx(np.log(2), abs=1e-9)
    ends = [
        boltzmann.divergence(
            boltzmann.fit(XOR, 1, False, rate=0.2, epochs=4000, spread=1.0, rng=seed), XOR
        )
        for seed in range(2)
    ]
    assert min(ends) < 0.008


def test_inverse_ising_errs_as_much_as_the_data_allow():
    m = pairs(10)
    rows = m.sample(10_000, sweeps=60, rng=1)
    states = np.concatenate(list(hf.landscape.all_states(10)))
    least = ising.least_error(boltzmann.law(m), states) / 100
    assert least == pytest.approx(0.013248, abs=5e-7)
    for method, bound in (("exact", 0.013248), ("pseudo", 0.013265)):
        found = boltzmann.fit(rows, method=method, rate=0.2, epochs=400)
        error = (found.weights - m.weights)[np.triu_indices(10, 1)]
        assert np.sqrt((error**2).mean()) == pytest.approx(bound, rel=0.35)
    assert boltzmann.divergence(found, boltzmann.law(m)) < 0.006


@pytest.fixture(scope="module")
def digits():
    pytest.importorskip("sklearn")
    from sklearn.datasets import load_digits

    bits = (load_digits().data > 7).astype(np.int8)
    return bits[:1500], bits[1500:]


@pytest.mark.parametrize("method", ["cd", "pcd"])
def test_sixteen_hidden_neurons_know_digits(digits, method):
    train, test = digits
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        m = boltzmann.fit(train, 16, method=method, coding="01", epochs=60, rate=(0.5, 0), rng=1)
    assert m.log_likelihood(test) > -19.0
    assert boltzmann.pseudo_likelihood(m, test) > -16.5


def test_pairs_of_digits_by_pseudo_likelihood(digits):
    train, test = digits
    x = 2 * train - 1
    m = boltzmann.fit(x, method="pseudo", decay=(0.01, 0.01), rate=0.1, momentum=0.9, epochs=400)
    theta = np.concatenate([m.weights[np.triu_indices(64, 1)], m.bias])
    known = boltzmann.pseudo_likelihood(m, x)
    assert -known + 0.005 * (theta**2).sum() == pytest.approx(13.124099, abs=1e-4)
    assert known == pytest.approx(-12.8508, abs=1e-3)
    assert boltzmann.pseudo_likelihood(m, 2 * test - 1) == pytest.approx(-14.4017, abs=1e-3)


@pytest.mark.parametrize("method", ["cd", "pcd"])
@pytest.mark.parametrize("hidden", [0, 2])
def test_chains_of_coupled_neurons_climb_the_likelihood(method, hidden):
    states, law = mixed(bars_and_stripes(2), 0.1)
    rows = states[np.random.default_rng(0).choice(16, 2000, p=law)]
    m = boltzmann.fit(rows, hidden, False, method, rate=(0.1, 0), epochs=20, k=2, batch=100, rng=1)
    start = np.log(16) + (law * np.log(law)).sum()
    assert boltzmann.divergence(m, law) < 0.4 * start


WAYS = {
    "exact": {"method": "exact", "hidden": 2},
    "pairs": {"method": "exact"},
    "cd": {"method": "cd", "hidden": 3, "batch": 7},
    "pcd": {"method": "pcd", "hidden": 3, "batch": 7, "chains": 9, "momentum": 0.5},
    "pcd of pairs": {"method": "pcd", "batch": 7},
    "pseudo": {"method": "pseudo", "hidden": 2},
}
ROWS = hf.random_patterns(20, 6, rng=3)
ways = pytest.mark.parametrize("way", WAYS)


def same(a, b):
    return np.array_equal(a.weights, b.weights) and np.array_equal(a.bias, b.bias)


@ways
def test_what_was_saved_goes_on_to_the_same_machine(way, tmp_path):
    options = {"epochs": 6, "rate": (0.2, 0.05), "rng": 1, **WAYS[way]}
    whole = boltzmann.fit(ROWS, **options)
    training = boltzmann.Training(ROWS, **options)
    training.step(3)
    hf.save(tmp_path / "t.npz", training)
    again = hf.load(tmp_path / "t.npz")
    assert (again.epoch, repr(again)) == (3, repr(training))
    assert same(again.finish(), whole)
    assert same(training.finish(), whole)
    assert not same(boltzmann.fit(ROWS, **{**options, "epochs": 5}), whole)


@ways
def test_what_was_stopped_goes_on_to_the_same_machine(way, monkeypatch):
    options = {"epochs": 4, "rng": 1, **WAYS[way]}
    whole = boltzmann.fit(ROWS, **options)
    training = boltzmann.Training(ROWS, **options)
    own, calls = training._kind, []

    class Stopping:
        def __getattr__(self, name):
            return getattr(own, name)

        def _after(self, found):
            calls.append(1)
            if len(calls) == 3:
                raise KeyboardInterrupt
            return found

        def pseudo(self, *given):
            return self._after(own.pseudo(*given))

        def exact(self, *given):
            return self._after(own.exact(*given))

        def contrast(self, *given):
            return self._after(own.contrast(*given))

    training._kind = Stopping()
    with pytest.raises(KeyboardInterrupt):
        training.finish()
    assert len(calls) == 3
    assert same(training.finish(), whole)


def test_records_and_progress_come_after_each_epoch(monkeypatch):
    def likelihood(m):
        return m.log_likelihood(ROWS)

    said = []
    monkeypatch.setattr(progress, "_PAUSE", 0)
    training = boltzmann.Training(ROWS, 2, epochs=3, record=[likelihood, lambda m: m.bias], rng=1)
    training.finish(progress=said.append)
    trace = training.trace
    assert trace["likelihood"].shape == (4,)
    assert trace["<lambda>"].shape == (4, 8)
    assert (np.diff(trace["likelihood"]) > 0).all()
    assert trace["likelihood"][-1] == training.machine.log_likelihood(ROWS)
    assert [(p.done, p.total) for p in said] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert boltzmann.Training(ROWS, 2, rng=1).trace is None


def test_learning_begins_at_a_machine():
    m = layers(6, 2, 0.5)
    training = boltzmann.Training(ROWS, 2, start=m, rng=1)
    assert same(training.machine, m)
    assert same(boltzmann.fit(ROWS, 2, start=m, epochs=5, rng=1), _after(training, 5))
    refuses(lambda: boltzmann.fit(ROWS, 3, start=m), ValueError, "start must be")
    refuses(lambda: boltzmann.Training(ROWS, start=3), ValueError, "start must be")


def _after(training, epochs):
    training.step(epochs)
    return training.machine


@pytest.mark.parametrize("hidden", [0, 2])
def test_decay_pulls_couplings_and_biases_only_where_asked(hidden):
    free = boltzmann.Training(ROWS, hidden, method="exact", rate=1, rng=1)
    now = free._kind.named(free._now.theta)
    rises = [t - o for t, o in zip(_named(free), now, strict=True)]
    for decay, pulls in ((0.5, (0.5, 0, 0)), ((0.5, 0.25), (0.5, 0.25, 0.25))):
        pulled = boltzmann.Training(ROWS, hidden, method="exact", rate=1, decay=decay, rng=1)
        for t, before, rise, pull in zip(_named(pulled), now, rises, pulls, strict=False):
            np.testing.assert_allclose(t, before + rise - pull * before, atol=1e-12)


def _named(training):
    training.step()
    return training._kind.named(training._now.theta)


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.sampled_from(["cd", "pcd"]))
def test_the_same_seed_gives_the_same_machine(seed, method):
    ends = [
        boltzmann.fit(ROWS, 2, method=method, epochs=2, batch=6, chains=5, rng=seed)
        for _ in range(2)
    ]
    assert same(*ends)
    assert not same(ends[0], boltzmann.fit(ROWS, 2, method=method, epochs=2, rng=seed + 1))


@pytest.mark.parametrize("way", ["cd", "pcd"])
@pytest.mark.parametrize("coding", CODINGS)
def test_learning_comes_to_the_same_bits_on_any_engine_and_threads(way, coding):
    rows = ROWS if coding == "bipolar" else ROWS > 0
    options = {**WAYS[way], "coding": coding, "epochs": 4, "rng": 1}
    whole = boltzmann.fit(rows, **options)
    with engine.using():
        assert same(boltzmann.fit(rows, **options), whole)
    before = hf.threads()
    try:
        hf.threads(3)
        assert same(boltzmann.fit(rows, **options), whole)
    finally:
        hf.threads(before)


def test_where_the_best_is_infinite_a_warning_says_so():
    still = np.array([[1, 1, -1], [1, -1, 1], [1, 1, 1], [1, -1, -1]])
    with pytest.warns(UserWarning, match="neuron 0 never changes.*decay"):
        boltzmann.fit(still, 2, epochs=1)
    equal = np.array([[1, 1], [-1, -1]])
    with pytest.warns(UserWarning, match="neurons 0 and 1 .* four joint states.*decay"):
        boltzmann.fit(equal, epochs=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        boltzmann.fit(still, decay=(0, 0.1), epochs=1)
        boltzmann.fit(equal, decay=0.1, epochs=1)
        boltzmann.fit(ROWS, epochs=1)


def test_a_warning_names_the_users_line_and_is_not_said_again_on_loading(tmp_path):
    still = [[1, 1, -1], [1, -1, 1], [1, 1, 1], [1, -1, -1]]
    for learn in (boltzmann.fit, boltzmann.Training):
        with pytest.warns(UserWarning, match="never changes") as said:
            found = learn(still, 2, epochs=1)
        assert [w.filename for w in said] == [__file__]
    hf.save(tmp_path / "t.npz", found)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        hf.load(tmp_path / "t.npz")


BAD = {
    "levels": ({"data": [[0, 1, 2]]}, "-1 and 1"),
    "bits": ({"data": [[0, 1], [1, 0]]}, "-1 and 1"),
    "empty": ({"data": np.zeros((0, 3))}, "empty"),
    "one row": ({"data": [1, -1]}, "rows"),
    "method": ({"method": "ml"}, "method must be one of"),
    "too large": ({"data": np.ones((2, 21)), "method": "exact"}, "20 neurons.*pcd"),
    "both layers": (
        {"data": np.ones((2, 21)), "hidden": 21, "method": "exact"},
        "smaller layer.*pcd",
    ),
    "pseudo": ({"hidden": 2, "restricted": False, "method": "pseudo"}, "pseudo"),
    "hidden": ({"hidden": 21, "restricted": False}, "hidden"),
    "rate": ({"rate": 0}, "rate must be above 0"),
    "rates": ({"rate": (1, 2, 3)}, "rate must be"),
    "decay": ({"decay": -1}, "decay must be 0 or more"),
    "decays": ({"decay": (1, 2, 3)}, "decay must be a number, or two"),
    "k": ({"k": 0}, "k must be 1 or more"),
    "chains": ({"chains": 0}, "chains must be 1 or more"),
    "momentum": ({"momentum": 1}, "momentum must be below 1"),
    "setting": ({"learning_rate": 1}, "settings must be one of"),
    "weights": ({"weights": [1, 2]}, "weights must be one for each"),
    "record": ({"record": 3}, "record must be functions"),
    "diverging": ({"data": FOUR, "rate": 1e9, "epochs": 50}, "rate must be lower"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.filterwarnings("ignore:in data")
def test_bad_input_is_refused_in_a_sentence(case):
    options, words = BAD[case]
    given = {"data": FOUR, **options}
    refuses(lambda: boltzmann.Training(**given).finish(), (ValueError, TypeError), words)


ALL = np.array(list(product([-1, 1], repeat=2)))


@pytest.mark.parametrize("batch", [1, 4])
def test_chains_learn_from_weighted_rows_whatever_the_batches(batch):
    m = boltzmann.Machine([[0, 0.5], [0.5, 0]], [0.6, -0.3])
    found = boltzmann.fit(
        ALL, method="pcd", weights=boltzmann.law(m), batch=batch, epochs=1500, rate=(0.03, 0), rng=0
    )
    np.testing.assert_allclose(found.weights, m.weights, atol=0.1)
    np.testing.assert_allclose(found.bias, m.bias, atol=0.1)


def test_batches_without_weight_are_no_error():
    weights = np.r_[np.ones(3), np.zeros(17)]
    m = boltzmann.fit(
        ROWS, 2, method="cd", weights=weights, batch=5, decay=(0.01, 0.01), epochs=3, rng=0
    )
    assert np.isfinite(m.weights).all()


def test_a_rate_that_begins_at_0_does_not_end_the_learning():
    training = boltzmann.Training(ROWS, rate=(0, 0.1), epochs=5, rng=0)
    assert training.finish().bias.any()
    assert training.epoch == 5


def test_a_record_that_fails_leaves_the_others_in_step():
    def failing(m):
        if len(seen) == 3:
            seen.append(0)
            raise KeyboardInterrupt
        seen.append(1)
        return 1.0

    seen = []
    training = boltzmann.Training(ROWS, record=[lambda m: 0.0, failing], rng=0)
    with pytest.raises(KeyboardInterrupt):
        training.step(5)
    training.step(2)
    assert len({len(values) for values in training.trace.values()}) == 1
    twice = [lambda m: 1, lambda m: 2]
    refuses(lambda: boltzmann.Training(ROWS, record=twice), ValueError, "each name once")


def test_settings_of_numpy_are_those_of_python(tmp_path):
    options = {"hidden": 3, "method": "pcd", "batch": np.int64(7), "momentum": np.float64(0.5)}
    training = boltzmann.Training(ROWS, decay=np.float64(1e-3), rng=0, **options)
    training.step(2)
    hf.save(tmp_path / "t.npz", training)
    again = hf.load(tmp_path / "t.npz")
    for t in (training, again):
        t.step(2)
    assert same(training.machine, again.machine)

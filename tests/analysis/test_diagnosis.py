"""What `diagnose` finds and advises."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import bipolar, learning
from hopfield.analysis import diagnosis


def words(d):
    return " ".join(d.advice)


def test_its_figures_are_those_of_their_definitions():
    xi = hf.random_patterns(20, 100, rng=1)
    memory = hf.hebb(xi)
    d = hf.diagnose(memory, xi)
    margin = xi * memory.field(xi)
    gram = xi.astype(float) @ xi.T / 100
    pairs = gram[np.triu_indices(20, 1)]
    assert (d.n, d.p, d.load) == (100, 20, 0.2)
    assert d.fixed == memory.stable(xi).mean()
    assert d.unstable == np.mean(margin <= 0)
    assert d.expected == sum(hf.theory.one_step.error(100, 20))
    assert d.correlation == pytest.approx(np.sqrt(100 * np.mean(pairs**2)))
    i, j, m = d.closest
    assert abs(m) == pytest.approx(np.abs(pairs).max())
    assert m == pytest.approx(gram[i, j])
    assert d.capacity["hebb"] == hf.learning.RULES["hebb"].capacity(100)
    assert sum(d.ends.values()) == pytest.approx(1)


def test_the_same_seed_finds_the_same_and_a_good_memory_needs_nothing():
    xi = hf.random_patterns(5, 500, rng=1)
    d = hf.diagnose(hf.hebb(xi), xi, rng=3)
    assert d == hf.diagnose(hf.hebb(xi), xi, rng=3)
    assert (d.fixed, d.recalled, d.ends["unsettled"]) == (1, 1, 0)
    assert "more than" not in words(d)
    # of random starts at this size 0.647 end in a pattern or its inverse; 3.3 standard errors
    assert d.ends["pattern"] + d.ends["inverse"] == pytest.approx(0.647, abs=0.11)


def test_letters_are_correlated_and_their_mixture_is_the_deepest():
    letters = hf.pictures.small("checkerboard", "X", "A")
    d = hf.diagnose(hf.hebb(letters), letters)
    assert "correlated" in words(d)
    assert d.deepest == "mixture"  # E6: of the six fixed points the spurious pair lies deepest
    assert d.fixed == pytest.approx(2 / 3)


def test_what_each_trouble_calls_for():
    many = hf.random_patterns(40, 100, rng=1)
    d = hf.diagnose(hf.hebb(many), many)
    assert "more than Hebb's rule keeps in 100 neurons: of random ones some 11 without" in words(d)
    assert "with few errors some 14" in words(d)

    biased = np.where(np.random.default_rng(1).random((10, 200)) < 0.1, 1, -1)
    d = hf.diagnose(hf.hebb(biased), biased)
    assert "biased (9% of" in words(d)
    assert "covariance keeps 10 fixed and recalls 10" in words(d)

    few = hf.random_patterns(2, 100, rng=1)
    kept = hf.Hebbian(few, self_coupling=True)
    assert "diagonal" in words(hf.diagnose(kept, few))

    pairs = hf.Couplings([[0, 1], [-1, 0]])
    d = hf.diagnose(pairs, [[1, -1]])
    assert d.ends["unsettled"] == 1
    assert "not symmetric" in words(d)
    assert d.deepest == ""

    fixed = hf.random_patterns(9, 100, rng=5)
    d = hf.diagnose(hf.hebb(fixed), fixed, noise=0.4)
    assert d.fixed > 0.9 > d.recalled
    assert "basins are small" in words(d)


def uneven(p, seed, n=100):
    """Patterns of neurons that are unlike in activity."""
    rng = np.random.default_rng(seed)
    return bipolar(rng.random((p, n)) < rng.uniform(0.03, 0.97, n))


@pytest.mark.parametrize(("p", "seed"), [(6, 1), (15, 2), (26, 3), (9, 4)])
def test_another_rule_is_advised_only_if_it_was_tried_and_recalls_more(p, seed):
    xi = uneven(p, seed)
    d = hf.diagnose(hf.hebb(xi), xi)
    said = words(d)
    for rule, (kept, back) in d.tried.items():
        if rule == "hf.dense":
            continue
        name, own = rule.partition(" with ")[::2]
        memory = learning.RULES[name].learn(xi, **({"activity": "neuron"} if own else {}))
        assert kept == memory.stable(xi).sum()
        if f"{rule} keeps" in said:
            assert f"{rule} keeps {kept} fixed and recalls {back}" in said
            assert back > round(d.recalled * p)
    # where it keeps fewer than Hebb's rule it is no advice
    assert ("; covariance keeps" in said) <= (d.tried["covariance"][1] > d.recalled * p)
    assert f"Hebb's rule keeps {hf.hebb(xi).stable(xi).sum()}" in said


def test_where_no_rule_does_better_it_says_so():
    xi = np.concatenate([np.ones((1, 8)), 1 - 2 * np.eye(8), -np.ones((1, 8))])
    d = hf.diagnose(hf.hebb(xi), xi)
    assert "pseudo_inverse" not in d.tried  # it refuses them
    best = max(back for _, back in d.tried.values())
    assert ("none recalls more" in words(d)) == (best <= round(d.recalled * 10))


def test_other_rules_are_not_tried_where_that_takes_long(monkeypatch):
    xi = uneven(15, 2)
    monkeypatch.setattr(diagnosis, "_MOST_TRIED", 1000)
    d = hf.diagnose(hf.hebb(xi), xi)
    assert d.tried == {}
    assert "Tried" not in words(d)
    assert "pseudo_inverse" not in words(d)


def test_a_small_networks_capacity_is_not_two_numbers():
    xi = hf.random_patterns(6, 25, rng=2)
    said = words(hf.diagnose(hf.hebb(xi), xi))
    assert "of random ones some 4 without an error." in said
    assert "few errors" not in said  # of which there would be 3


@pytest.mark.parametrize(("n", "noise", "flipped"), [(4, 0.1, 1), (4, 0, 0), (25, 0.1, 3)])
def test_it_says_how_many_neurons_were_flipped_and_flips_one_at_least(n, noise, flipped):
    xi = hf.random_patterns(1, n, rng=2)
    d = hf.diagnose(hf.hebb(xi), xi, noise=noise)
    assert d.flipped == flipped
    assert f"from cues with {flipped} of {n} neurons flipped" in repr(d)


def test_it_says_how_far_it_is(capsys):
    xi = hf.random_patterns(14, 60, rng=1)
    told = []
    hf.diagnose(hf.hebb(xi), xi, progress=told.append)
    assert [t.done for t in told] == list(range(9))
    hf.diagnose(hf.hebb(xi[:2]), xi[:2], progress=print)
    assert capsys.readouterr().out.splitlines()[-1] == "diagnose: 8 of 8 steps"


def test_a_memory_of_other_states_is_diagnosed_as_the_same_network():
    xi = hf.random_patterns(8, 100, rng=1)
    plain, recoded = hf.diagnose(hf.hebb(xi), xi), hf.diagnose(hf.hebb(xi).recode(), xi)
    assert (plain.fixed, plain.unstable) == (recoded.fixed, recoded.unstable)
    assert plain.recalled == recoded.recalled


def test_advice_is_about_the_memory_not_the_patterns_alone():
    digits = hf.pictures.digits(20)
    d = hf.diagnose(hf.learning.pseudo_inverse(digits), digits)
    assert d.fixed == 1
    assert "Hebb" not in words(d)
    assert "covariance" not in words(d)
    others = hf.random_patterns(5, 64, rng=2)
    assert "does not hold these patterns" in words(hf.diagnose(hf.hebb(digits[:2]), others))


def test_dreaming_is_advised_where_the_projection_loses_cues_that_it_recalls():
    xi = hf.random_patterns(100, 200, rng=1)
    d = hf.diagnose(hf.learning.pseudo_inverse(xi), xi)
    kept, back = d.tried["dreaming"]
    assert back > d.recalled * 100 + 10
    assert f"dreaming(patterns, t=10), tried on these patterns, keeps {kept} fixed" in words(d)
    few = hf.diagnose(hf.learning.pseudo_inverse(xi[:20]), xi[:20])
    assert few.tried == {}
    dreamt = hf.diagnose(hf.learning.dreaming(xi, t=1), xi)
    assert dreamt.tried == {}


@pytest.mark.parametrize("size", [1, 64 * 20, 2000 * 200, 10**6, 10**7, 10**9, 10**12])
def test_random_starts_cost_so_much_at_most(size):
    starts, sweeps = diagnosis._affordable(200, size)
    assert 20 <= starts <= 200
    assert 20 <= sweeps <= 1000
    assert starts * sweeps * size <= diagnosis._MOST_VISITS or sweeps == 20
    assert (starts, sweeps) == (200, 1000) or size > 10**5
    assert diagnosis._affordable(3, size)[0] == 3


def test_it_says_how_many_starts_it_could_afford(monkeypatch):
    xi = hf.random_patterns(5, 100, rng=1)
    text = repr(hf.diagnose(hf.hebb(xi), xi))
    assert "\n200 random starts of 1,000 sweeps at most end in: " in text
    monkeypatch.setattr(diagnosis, "_MOST_VISITS", 1e5)
    d = hf.diagnose(hf.hebb(xi), xi)
    assert (d.starts, d.sweeps) == (20, 20)
    assert all(20 * share == pytest.approx(round(20 * share)) for share in d.ends.values())
    assert "\n20 random starts of 20 sweeps at most end in: " in repr(d)


def test_it_prints_as_a_page():
    d = hf.diagnose(hf.hebb([[1, -1, 1, 1]]), [1, -1, 1, 1])
    text = repr(d)
    assert max(map(len, text.splitlines())) <= 96
    assert text.startswith("1 pattern of 4 neurons: load 0.25\n")
    assert "closest" not in text
    assert "recalled: 100%, from cues with 1 of 4 neurons flipped" in text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: hf.diagnose(m, [[1, -1]]), r"patterns must be \(P, 4\)"),
        (lambda m: hf.diagnose(m, [[1, -1, 1, 1]], noise=0.6), "noise must be between 0 and 0.5"),
        (lambda m: hf.diagnose(m, [[1, -1, 1, 1]], starts=0), "starts must be 1 or more"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(hf.hebb([[1, -1, 1, 1]]))


REAL = np.random.default_rng(1).normal(size=(100, 64))


def test_of_real_patterns_the_smallest_beta_that_recalls_all_is_advised():
    d = hf.diagnose(hf.modern(REAL, beta=0.01), REAL)
    assert (d.n, d.p, d.asked, d.recalled) == (64, 100, 100, 0)
    assert d.nearest == {"dot": 1, "distance": 1, "cosine": 1}
    assert d.spread > 90
    shares = list(d.tried.values())
    assert shares[-1] == 1 > max(shares[:-1])
    assert d.advice[0].startswith(f"Take beta = {d.beta:g}, the smallest tried that recalls 100%")
    again = hf.diagnose(hf.modern(REAL, beta=d.beta), REAL)
    assert again.recalled == 1
    assert again.advice == ("Nothing to mend: patterns are recalled from their cues.",)
    assert (
        hf.diagnose(hf.modern(REAL, 9.0), REAL).advice[0].startswith(f"beta = {d.beta:g} recalls")
    )


def test_of_patterns_of_unlike_length_another_similarity_is_advised():
    x = REAL * np.random.default_rng(2).uniform(0.2, 3, (100, 1))
    d = hf.diagnose(hf.modern(x, 0.3), x, noise=0.5)
    assert d.nearest["dot"] < 0.9 < d.nearest["distance"]
    assert d.advice[-1].endswith("similarity='distance'.")
    assert "no beta recalls those" in d.advice[-2]
    scores = hf.modern(x, 0.3, similarity="distance")
    assert hf.diagnose(scores, x, noise=0.5).recalled > d.recalled


@pytest.mark.parametrize("similarity", ["dot", "distance", "cosine"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_memory_of_reals_is_diagnosed(dtype, similarity):
    x = REAL[:30].astype(dtype)
    d = hf.diagnose(hf.modern(x, 1e-3, similarity=similarity), x, noise=0.2)
    assert d.tried[d.beta] == 1
    assert str(d.beta).rstrip("0").rstrip(".") in str(d)


def test_patterns_that_are_stored_twice_cannot_be_told_apart():
    d = hf.diagnose(hf.modern(np.repeat(REAL[:9], 2, axis=0)), np.repeat(REAL[:9], 2, axis=0))
    assert d.beta is None
    assert d.advice[0].startswith("No beta that was tried recalls a pattern")
    assert hf.diagnose(hf.modern(REAL[:1]), REAL[:1]).recalled == 1


def test_reals_that_the_memory_does_not_hold_are_refused():
    with pytest.raises(ValueError, match=r"patterns must be the \(100, 64\) that the memory holds"):
        hf.diagnose(hf.modern(REAL), REAL[:3])
    with pytest.raises(ValueError, match="noise must be between 0"):
        hf.diagnose(hf.modern(REAL), REAL, noise=2)

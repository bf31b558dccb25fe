"""Bad input to the rooms above the core: refused in one sentence that names the argument."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield import landscape, learning, models, optimise, pictures, theory
from tests.bad import (
    BAD_ARRAYS,
    BAD_COUNTS,
    BAD_NUMBERS,
    BAD_RNG,
    CODING,
    FLAG,
    MEMORIES,
    NEURONS,
    NOT_BIPOLAR,
    NOT_PARTS,
    ORDERS,
    ROW,
    ROWS,
    SEEDS_OR_NONE,
    SIGNED,
    SMALL,
    SOME,
    STATES,
    M,
    N,
    Stubborn,
    X,
    is_refused_or_harmless,
    one_of,
    refuses,
)

visits, orthogonality = theory.visits, theory.orthogonality


# name -> (call of the array, the argument's name in the sentence)
ARRAY_CALLS = {
    "hebb": (hf.hebb, "patterns"),
    "hebb 01": (lambda x: hf.hebb(x, coding="01"), "patterns"),
    "dense": (hf.dense, "patterns"),
    "exponential": (models.exponential, "patterns"),
    "modern": (hf.modern, "patterns"),
    "associate": (lambda x: models.associate(x, X), "keys"),
    "sequence": (hf.sequence, "patterns"),
    "bam": (lambda x: models.bam(x, X), "a"),
    "one_hot": (lambda x: models.one_hot(x, 3), "states"),
    "from_one_hot": (lambda x: models.from_one_hot(x, 5), "sites"),
    "max_cut": (optimise.max_cut, "weights"),
    "colouring": (lambda x: optimise.colouring(x, 2), "adjacency"),
    "tsp": (optimise.tsp, "distances"),
    "tours": (lambda x: optimise.tours(x, 3), "outputs"),
    "field of a modern memory": (hf.modern(X).field, "s"),
    "gradient of a modern memory": (hf.modern(X).gradient, "s"),
    "field of a sequence": (hf.sequence(X).field, "s"),
    "outputs": (models.Potentials(M, 1).outputs, "s"),
    "basins": (lambda x: landscape.basins(M, 0 if x is None else x), "starts"),
    "count_of": (landscape.basins(M).count_of, "state"),
    "stability": (lambda x: landscape.stability(M, x), "patterns"),
    "identify": (lambda x: landscape.identify(x, X), "state"),
    "identify patterns": (lambda x: landscape.identify(X[0], x), "patterns"),
    "unvisited": (lambda x: theory.visits.unvisited(5, x), "updates"),
}
NOT_STATES = (
    "binarise",
    "Bias",
    "unvisited",
    "one_hot",
    "from_one_hot",
    "max_cut",
    "colouring",
    "tsp",
    "tours",
    "Anneal",
)


@pytest.mark.parametrize("call", ARRAY_CALLS)
@pytest.mark.parametrize("bad", BAD_ARRAYS)
def test_an_array_that_is_none_is_refused(call, bad):
    function, name = ARRAY_CALLS[call]
    value, error, what = BAD_ARRAYS[bad]
    if call in ("max_cut", "colouring") and "sparse matrix" in bad:
        error, what = ValueError, "symmetric, with an empty diagonal"  # they take a graph's
    if call == "basins" and value is None:
        error, what = ValueError, "number 0"  # None means all states there
    refuses(lambda: function(value), error, rf"^{name} .*{what}")


@pytest.mark.parametrize("call", [c for c in ARRAY_CALLS if c not in NOT_STATES])
def test_a_number_is_no_state(call):
    function, name = ARRAY_CALLS[call]
    refuses(lambda: function(1), ValueError, rf"^{name} must have a last axis of neurons.* 1$")


SIZED = [
    call
    for call, (_, name) in ARRAY_CALLS.items()
    if name in ("s", "starts", "state") or call == "stability"
]


@pytest.mark.parametrize("call", SIZED)
@pytest.mark.parametrize("n", [1, 4, 6])
def test_states_of_another_n_are_refused(call, n):
    function, name = ARRAY_CALLS[call]
    refuses(
        lambda: function(np.ones((1, n))), ValueError, rf"^{name} must have 5 neurons.*\(1, {n}\)"
    )


BIPOLAR_CALLS = [
    "hebb",
    "stability",
    "dense",
    "exponential",
    "associate",
    "sequence",
    "bam",
]


@pytest.mark.parametrize("call", BIPOLAR_CALLS)
@pytest.mark.parametrize("bad", NOT_BIPOLAR)
def test_patterns_outside_their_states_are_refused(call, bad):
    function, name = ARRAY_CALLS[call]
    what = "0 and 1: give bools" if bad.startswith("0/1") else r"holds (255|0|-?0\.5)"
    refuses(lambda: function(NOT_BIPOLAR[bad]), ValueError, rf"^{name} must be -1 or \+1.*{what}")


RNG_CALLS = {
    "basins": lambda rng: landscape.basins(M, rng=rng),
    "basins of a sample": lambda rng: landscape.basins(M, samples=3, rng=rng),
}


@pytest.mark.parametrize("call", RNG_CALLS)
@pytest.mark.parametrize("bad", BAD_RNG)
def test_what_is_no_seed_is_refused(call, bad):
    value, error, what = BAD_RNG[bad]
    refuses(lambda: RNG_CALLS[call](value), error, rf"^rng must be .*{what}")


COUNT_CALLS = {
    "dense": (lambda k: hf.dense(X, k), "degree"),
    "delay": (lambda k: hf.sequence(X, delay=k), "delay"),
    "q of one_hot": (lambda k: models.one_hot([0, 1], k), "q"),
    "q of from_one_hot": (lambda k: models.from_one_hot([0, 1], k), "q"),
    "q of potts": (lambda k: models.potts([[0, 1]], k), "q"),
    "q of colouring": (lambda k: optimise.colouring(1 - np.eye(3), k), "q"),
    "cities": (lambda k: optimise.tours(np.ones(9), k), "n"),
    "all_states": (landscape.all_states, "n"),
    "basins samples": (
        lambda k: landscape.basins(M, samples=[k] if k is None else k, rng=0),
        "samples",
    ),
    "basins sweeps": (lambda k: landscape.basins(M, sweeps=k), "sweeps"),
    "overlap_distribution n": (theory.orthogonality.overlap_distribution, "n"),
    "overlap_distribution shared": (
        lambda k: theory.orthogonality.overlap_distribution(5, k),
        "shared",
    ),
    "unvisited": (lambda k: theory.visits.unvisited(k, 1), "n"),
    "all_visited n": (lambda k: theory.visits.all_visited(k, 0, 1), "n"),
    "all_visited marked": (lambda k: theory.visits.all_visited(5, k, 1), "marked"),
    "all_visited updates": (lambda k: theory.visits.all_visited(5, 1, k), "updates"),
    "mean_time n": (lambda k: theory.visits.mean_time(k, 0), "n"),
    "mean_time marked": (lambda k: theory.visits.mean_time(5, k), "marked"),
    "all_visited_random n": (lambda k: theory.visits.all_visited_random(k, 0, 1), "n"),
    "all_visited_random candidates": (
        lambda k: theory.visits.all_visited_random(5, k, 1),
        "candidates",
    ),
    "all_visited_random updates": (
        lambda k: theory.visits.all_visited_random(5, 1, k),
        "updates",
    ),
    "all_visited_random first": (
        lambda k: theory.visits.all_visited_random(5, 1, 1, k),
        "first",
    ),
    "grid_shape": (pictures.grid_shape, "n"),
}


@pytest.mark.parametrize("call", COUNT_CALLS)
@pytest.mark.parametrize("bad", BAD_COUNTS)
def test_what_is_no_count_is_refused(call, bad):
    function, name = COUNT_CALLS[call]
    value, error, what = BAD_COUNTS[bad]
    refuses(lambda: function(value), error, rf"^{name} must be .*{'' if value is None else what}")


AT_LEAST_ONE = [
    "all_states",
    "basins samples",
    "overlap_distribution n",
    "unvisited",
    "all_visited n",
    "mean_time n",
    "all_visited_random n",
    "grid_shape",
]


@pytest.mark.parametrize("call", AT_LEAST_ONE)
def test_no_neurons_and_no_patterns_are_refused(call):
    function, name = COUNT_CALLS[call]
    refuses(lambda: function(0), ValueError, rf"^{name} must be .*not 0$")


@pytest.mark.parametrize(
    ("call", "beyond"),
    [
        ("all_states", 26),
        ("overlap_distribution shared", 6),
        ("all_visited marked", 6),
        ("mean_time marked", 6),
        ("all_visited_random candidates", 6),
        ("all_visited_random first", 2),
    ],
)
def test_counts_beyond_what_there_is_are_refused(call, beyond):
    function, name = COUNT_CALLS[call]
    refuses(lambda: function(beyond), ValueError, rf"^{name} must be between \d+ and {beyond - 1}")


@pytest.mark.parametrize("huge", [2**31, 2**35, 2**63, 2**70, 10**30])
def test_arrays_that_no_machine_holds_are_refused_before_they_are_made(huge):
    for function in (COUNT_CALLS["overlap_distribution n"][0], theory.mixtures.energy):
        refuses(
            lambda f=function: f(huge), ValueError, rf"^n must be between 1 and 1000000, not {huge}"
        )


def test_an_exact_sum_that_would_take_hours_is_refused_and_a_mean_is_found_at_once():
    for marked, updates in ((5000, 200_000), (1, 10**70)):
        refuses(
            lambda m=marked, t=updates: visits.all_visited(10_000, m, t),
            ValueError,
            r"^marked and updates must be fewer: their exact sum",
        )
    exact = sum(10**6 / k for k in range(1, 300_001))
    assert visits.mean_time(10**6, 300_000) == pytest.approx(exact, rel=1e-13)


NUMBER_CALLS = {
    "beta of modern": (lambda v: hf.modern(X, v), "beta"),
    "strength": (lambda v: hf.models.Delayed(hf.hebb(X), hf.hebb(X), 1, v), "strength"),
    "A": (lambda v: optimise.tsp(1 - np.eye(3), A=v), "A"),
    "states of a landscape": (lambda v: landscape.all_states(3, (0, v)), "states"),
}


@pytest.mark.parametrize("call", NUMBER_CALLS)
@pytest.mark.parametrize("bad", BAD_NUMBERS)
def test_what_is_no_number_is_refused(call, bad):
    function, name = NUMBER_CALLS[call]
    value, error, what = BAD_NUMBERS[bad]
    refuses(lambda: function(value), error, rf"^{name}.* must be .*{what}")


@pytest.mark.parametrize("bad", [(1, 0), (0, 1e-9), None, 1, "01", (0, 1, 2), {0, 1}])
def test_states_that_are_not_low_and_high_are_refused(bad):
    refuses(lambda: landscape.all_states(3, bad), ValueError, "^states .*(low < high|two numbers)")


@pytest.mark.parametrize("bad", [1, 0, None, "no", np.ones(2), [], Stubborn()])
def test_what_merely_counts_as_true_is_refused(bad):
    for call, name in (
        (lambda: hf.hebb(X, self_coupling=bad), "self_coupling"),
        (lambda: hf.hebb(X, allow_repeats=bad), "allow_repeats"),
        (lambda: hf.dense(X, rectified=bad), "rectified"),
        (lambda: hf.sequence(X, cyclic=bad), "cyclic"),
    ):
        refuses(call, TypeError, f"^{name} must be True or False, not ")


def test_an_unknown_attention_is_refused_with_those_there_are():
    known = "^attention must be one of softmax, sparsemax, entmax, normmax, not "
    for bad in ("nothing", "x" * 10**6, None, 1, ["softmax"], Stubborn()):
        refuses(lambda bad=bad: hf.modern(X, attention=bad), ValueError, known)
    refuses(lambda: hf.modern(X, attention="entmaxx"), ValueError, r"did you mean 'entmax'\?")


MEMORY_CALLS = {
    "fixed_points": landscape.fixed_points,
    "basins": landscape.basins,
    "basins of a sample": lambda m: landscape.basins(m, samples=3, rng=0),
    "stability": lambda m: landscape.stability(m, X),
}


@pytest.mark.parametrize("call", MEMORY_CALLS)
@pytest.mark.parametrize("bad", NOT_PARTS)
def test_what_is_no_memory_is_refused(call, bad):
    refuses(lambda: MEMORY_CALLS[call](NOT_PARTS[bad]), TypeError, "^memory must be .*, not ")


@pytest.mark.parametrize("bad", [k for k in NOT_PARTS if k not in ("none", "a neuron")])
def test_what_is_no_neuron_is_refused(bad):
    value = hf.Sign if bad == "a class" else NOT_PARTS[bad]
    for call in (
        lambda: landscape.fixed_points(M, neuron=value),
        lambda: landscape.basins(M, neuron=value),
    ):
        refuses(call, TypeError, "^neuron must be a hopfield neuron, not ")


@pytest.mark.parametrize("bad", [k for k in NOT_PARTS if k not in ("none", "an order")])
def test_what_is_no_order_is_refused(bad):
    value = hf.Sync if bad == "a class" else NOT_PARTS[bad]
    refuses(lambda: landscape.basins(M, order=value), TypeError, "^order must be a hopfield order")


# ---- single cases ----------------------------------------------------------------------------

CASES = {
    "negative times": (
        lambda: theory.visits.unvisited(5, [1, -2]),
        ValueError,
        "^updates .* not -2",
    ),
    "a rule that is none": (lambda: learning.RULES["hebb"].learn(None), TypeError, "^patterns"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_single_case(case):
    refuses(*CASES[case])


# ---- garbage ---------------------------------------------------------------------------------

# name -> (call, a strategy of good values for each argument, check of what comes out)
FREE = {
    "hebb": (
        hf.hebb,
        {"patterns": ROWS, "coding": CODING, "self_coupling": FLAG, "allow_repeats": FLAG},
        lambda out, a: out.n == np.shape(a["patterns"])[-1],
    ),
    "all_states": (
        lambda n, states: next(landscape.all_states(n, states)),
        {"n": one_of(1, 2, 5), "states": STATES},
        lambda out, a: np.isin(out, a["states"]).all(),
    ),
    "fixed_points": (
        landscape.fixed_points,
        {"memory": MEMORIES, "neuron": NEURONS},
        lambda out, a: out.shape[1] in (N, 2),
    ),
    "basins": (
        landscape.basins,
        {
            "memory": MEMORIES,
            "starts": one_of(None, X),
            "samples": one_of(None, None, 5),
            "neuron": NEURONS,
            "order": ORDERS,
            "sweeps": SMALL,
            "rng": SEEDS_OR_NONE,
        },
        lambda out, a: out.counts.sum() == len(out.why) or out.counts.min() >= 1,
    ),
    "count_of": (landscape.basins(M).count_of, {"state": ROW}, lambda out, a: 0 <= out <= 2**N),
    "stability": (landscape.stability, {"memory": SIGNED, "patterns": ROWS}, None),
    "identify": (landscape.identify, {"state": ROW, "patterns": ROWS}, None),
    "overlap_distribution": (
        orthogonality.overlap_distribution,
        {"n": SOME, "shared": one_of(0, 1)},
        lambda out, a: abs(out[1].sum() - 1) < 1e-9,
    ),
    "unvisited": (
        visits.unvisited,
        {"n": SOME, "updates": one_of(0, 3, [1.5, 2])},
        lambda out, a: ((out >= 0) & (out <= 1)).all(),
    ),
    "all_visited": (
        lambda marked, updates: visits.all_visited(N, marked, updates),
        {"marked": SMALL, "updates": SMALL},
        lambda out, a: 0 <= out <= 1,
    ),
    "mean_time": (lambda marked: visits.mean_time(N, marked), {"marked": SMALL}, None),
    "all_visited_random": (
        lambda candidates, updates, first: visits.all_visited_random(N, candidates, updates, first),
        {"candidates": SMALL, "updates": SMALL, "first": one_of(0)},
        lambda out, a: 0 <= out <= 1,
    ),
    "small": (lambda name: pictures.small(name), {"name": one_of("X", "A")}, None),
    "grid_shape": (pictures.grid_shape, {"n": one_of(1, 25)}, None),
}
# Good arguments that may not go together: patterns and a coding, asymmetric W and an energy ...
CHOOSY = {"hebb", "fixed_points", "basins", "stability", "all_visited_random"}


@pytest.mark.parametrize("name", FREE)
@settings(max_examples=40)
@given(data=st.data())
def test_garbage_is_refused_or_does_no_harm(name, data):
    is_refused_or_harmless(FREE[name], data, choosy=name in CHOOSY)

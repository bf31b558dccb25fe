"""Bad input: refused in one sentence that names the argument and says what came.

A table of explicit cases over every public call, then Hypothesis with garbage of every kind.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as npst
from refusing import M, X, is_a_sentence, refuses

import hopfield as hf
from hopfield import landscape, models, optimise, pictures, separation, theory
from hopfield.core import record
from hopfield.core.memory import Recoded, Sum

N = 5
RAGGED = [[1, -1], [1]]
ASYMMETRIC = hf.Couplings([[0, 1], [2, 0]])
POTTS = models.potts([[0, 1, 2, 3, 0, 1]], 4)


class Stubborn:
    """What refuses to be an array, and to be printed."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")

    def __repr__(self):
        raise KeyError("no text")


# ---- whole families: each bad value to each call that takes such an argument ------------------

BAD_ARRAYS = {
    "none": (None, TypeError, "object"),
    "text": ("abc", TypeError, "str"),
    "texts": (["1", "-1"], TypeError, "str"),
    "bytes": (b"abc", TypeError, "bytes"),
    "complex": (X * 1j, TypeError, "complex128"),
    "objects": (np.array([1, None]), TypeError, "object"),
    "integers beyond 64 bits": ([2**70, 1], TypeError, "object"),
    "dates": (np.zeros(N, dtype="M8[s]"), TypeError, "datetime64"),
    "spans": (np.zeros(N, dtype="m8[s]"), TypeError, "timedelta64"),
    "records": (np.zeros(N, dtype=[("a", "f8")]), TypeError, "void"),
    "a dict": ({}, TypeError, "object"),
    "a generator": ((k for k in [1, -1]), TypeError, "object"),
    "a class": (int, TypeError, "object"),
    "a memory": (M, TypeError, "object"),
    "a sparse matrix": (scipy.sparse.eye_array(N), TypeError, "object"),
    "ragged": (RAGGED, ValueError, "rows of one length"),
    "stubborn": (Stubborn(), ValueError, "array of numbers"),
    "empty": ([], ValueError, "empty"),
    "empty rows": (np.empty((3, 0)), ValueError, r"\(3, 0\)"),
    "no rows": (np.empty((0, N), dtype=bool), ValueError, r"\(0, 5\)"),
    "nan": (np.full(N, np.nan), ValueError, "finite.* nan"),
    "infinity": (np.full((2, N), -np.inf), ValueError, "finite.* -inf"),
    "beyond any use": (np.full(N, 1e60), ValueError, r"1e\+50 at most.* 1e\+60"),
    "half infinite": (np.full(N, np.inf, dtype=np.float16), ValueError, "finite.* inf"),
    "masked": (np.ma.masked_equal(X[0], 1), ValueError, "masked"),
}

# name -> (call of the array, the argument's name in the sentence)
ARRAY_CALLS = {
    "bipolar": (hf.bipolar, "patterns"),
    "binarise": (hf.binarise, "x"),
    "flip": (lambda x: hf.flip(x, 1, rng=0), "x"),
    "blank": (lambda x: hf.blank(x, 1, rng=0), "x"),
    "replace": (lambda x: hf.replace(x, X[0], 1), "x"),
    "replace other": (lambda x: hf.replace(X[0], x, 1), "other"),
    "neighbours": (lambda x: hf.patterns.neighbours(x, 1), "x"),
    "overlap": (lambda x: hf.overlap(x, X[0]), "a"),
    "overlap b": (lambda x: hf.overlap(X[0], x), "b"),
    "hamming": (lambda x: hf.hamming(x, X[0]), "a"),
    "hamming b": (lambda x: hf.hamming(X[0], x), "b"),
    "hebb": (hf.hebb, "patterns"),
    "hebb 01": (lambda x: hf.hebb(x, coding="01"), "patterns"),
    "Overlaps": (hf.Hebbian, "patterns"),
    "Bias": (hf.Bias, "values"),
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
    "Anneal": (hf.Anneal, "temperatures"),
    "recall": (lambda x: hf.recall(M, x), "cue"),
    "Run": (lambda x: hf.Run(M, x), "cue"),
    "overlaps": (hf.overlaps, "patterns"),
    "hamming_to": (hf.hamming_to, "pattern"),
    "field": (M.field, "s"),
    "field of a dense memory": (hf.Hebbian(X, separation.power(3)).field, "s"),
    "field of a sum": ((M + hf.Bias(0.5)).field, "s"),
    "field of a recoded memory": (M.recode().field, "s"),
    "field of a modern memory": (hf.modern(X).field, "s"),
    "gradient of a modern memory": (hf.modern(X).gradient, "s"),
    "field of a sequence": (hf.sequence(X).field, "s"),
    "outputs": (models.Potentials(M, 1).outputs, "s"),
    "gradient": (hf.Hebbian(X, separation.exponential).gradient, "s"),
    "energy": (M.energy, "s"),
    "open": (M.open, "s"),
    "stable": (M.stable, "patterns"),
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
    if name in ("other", "b", "cue", "s", "starts", "state") or call in ("stable", "stability")
]


@pytest.mark.parametrize("call", SIZED)
@pytest.mark.parametrize("n", [1, 4, 6])
def test_states_of_another_n_are_refused(call, n):
    function, name = ARRAY_CALLS[call]
    refuses(
        lambda: function(np.ones((1, n))), ValueError, rf"^{name} must have 5 neurons.*\(1, {n}\)"
    )


NOT_BIPOLAR = {
    "0/1 integers": (X > 0) * 1,
    "0/1 numbers": (X > 0) * 1.0,
    "grey levels": (X > 0) * np.uint8(255),
    "a half": X * 0.5,
    "zeros among them": X * (X[:, ::-1] > 0),
}
BIPOLAR_CALLS = [
    "bipolar",
    "hebb",
    "Overlaps",
    "stable",
    "stability",
    "identify patterns",
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


BAD_RNG = {
    "negative": (-1, ValueError, "-1"),
    "bool": (True, TypeError, "True"),
    "NumPy's bool": (np.True_, TypeError, "True"),
    "float": (1.0, TypeError, r"1\.0"),
    "text": ("1", TypeError, "'1'"),
    "list": ([1, 2], TypeError, r"\[1, 2\]"),
    "RandomState": (np.random.RandomState(0), TypeError, "RandomState"),
    "the global state": (np.random, TypeError, "module"),
    "SeedSequence": (np.random.SeedSequence(1), TypeError, "SeedSequence"),
    "the class": (np.random.Generator, TypeError, "class"),
    "a span": (np.timedelta64(1, "s"), TypeError, "timedelta64"),
    "stubborn": (Stubborn(), TypeError, "a Stubborn"),
}
RNG_CALLS = {
    "random_patterns": lambda rng: hf.random_patterns(2, 5, rng=rng),
    "uniform_weights": lambda rng: hf.uniform_weights(5, rng=rng),
    "flip": lambda rng: hf.flip(X, 1, rng=rng),
    "blank": lambda rng: hf.blank(X, 1, rng=rng),
    "blank of a slice": lambda rng: hf.blank(X, slice(2), rng=rng),
    "replace": lambda rng: hf.replace(X[0], X[1], 1, rng=rng),
    "recall": lambda rng: hf.recall(M, X[0], rng=rng),
    "recall that draws nothing": lambda rng: hf.recall(M, X[0], order=hf.Sync(), rng=rng),
    "Run": lambda rng: hf.Run(M, X[0], rng=rng),
    "basins": lambda rng: landscape.basins(M, rng=rng),
    "basins of a sample": lambda rng: landscape.basins(M, samples=3, rng=rng),
    "Sign": lambda rng: hf.Sign(tie="random")(np.zeros(3), np.ones(3), rng),
    "HeatBath": lambda rng: hf.HeatBath(T=1.0)(np.zeros(3), np.ones(3), rng),
}


@pytest.mark.parametrize("call", RNG_CALLS)
@pytest.mark.parametrize("bad", BAD_RNG)
def test_what_is_no_seed_is_refused(call, bad):
    value, error, what = BAD_RNG[bad]
    refuses(lambda: RNG_CALLS[call](value), error, rf"^rng must be .*{what}")


NEEDS_RNG = [
    "random_patterns",
    "uniform_weights",
    "flip",
    "blank",
    "basins of a sample",
    "Sign",
    "HeatBath",
]


@pytest.mark.parametrize("call", NEEDS_RNG)
def test_what_draws_asks_for_a_seed(call):
    refuses(lambda: RNG_CALLS[call](None), TypeError, "^rng must be")


@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Random()])
@pytest.mark.parametrize("rng", [None, 1, "1", np.random, np.random.RandomState(0), Stubborn()])
def test_an_order_called_by_hand_asks_for_a_generator(order, rng):
    refuses(lambda: order(5, rng), TypeError, "^rng must be a numpy.random.Generator, not ")


BAD_COUNTS = {
    "a fraction": (1.5, TypeError, r"1\.5"),
    "a whole float": (np.float64(2.0), TypeError, r"2\.0"),
    "a bool": (True, TypeError, "True"),
    "text": ("3", TypeError, "'3'"),
    "none": (None, TypeError, "None"),
    "a list": ([3], TypeError, r"\[3\]"),
    "an array": (np.array([3]), TypeError, r"array\(\[3\]\)"),
    "a span": (np.timedelta64(3, "s"), TypeError, "timedelta64"),
    "complex": (3j, TypeError, "3j"),
    "a Fraction": (Fraction(3), TypeError, r"Fraction\(3, 1\)"),
    "negative": (-1, ValueError, "-1"),
    "negative beyond printing": (-(10**5000), ValueError, "a int"),
    "stubborn": (Stubborn(), TypeError, "a Stubborn"),
}
COUNT_CALLS = {
    "random_patterns p": (lambda k: hf.random_patterns(k, 5, rng=0), "p"),
    "random_patterns p of several": (lambda k: hf.random_patterns((2, k), 5, rng=0), "p"),
    "random_patterns n": (lambda k: hf.random_patterns(2, k, rng=0), "n"),
    "uniform_weights": (lambda k: hf.uniform_weights(k, rng=0), "n"),
    "neighbours": (lambda k: hf.patterns.neighbours(X[0], k), "k"),
    "Bias": (lambda k: hf.Bias(0.5, [k] if k is None else k), "n"),
    "block_means": (M.block_means, "k"),
    "block_means of a bias": (hf.Bias(X[0]).block_means, "k"),
    "block_means of Overlaps": (hf.Hebbian(X).block_means, "k"),
    "sweeps": (lambda k: hf.recall(M, X[0], sweeps=k), "sweeps"),
    "updates": (lambda k: hf.recall(M, X[0], updates=[k] if k is None else k), "updates"),
    "step": (lambda k: hf.Run(M, X[0]).step(k), "n"),
    "finish": (lambda k: hf.Run(M, X[0]).finish(k), "sweeps"),
    "degree": (lambda k: hf.Hebbian(X, "power", degree=k), "degree"),
    "power": (separation.power, "degree"),
    "dense": (lambda k: hf.dense(X, k), "degree"),
    "delay": (lambda k: hf.sequence(X, delay=k), "delay"),
    "q": (lambda k: hf.Potts(k), "q"),
    "q of one_hot": (lambda k: models.one_hot([0, 1], k), "q"),
    "q of from_one_hot": (lambda k: models.from_one_hot([0, 1], k), "q"),
    "q of potts": (lambda k: models.potts([[0, 1]], k), "q"),
    "q of colouring": (lambda k: optimise.colouring(1 - np.eye(3), k), "q"),
    "cities": (lambda k: optimise.tours(np.ones(9), k), "n"),
    "Flow": (lambda k: hf.Flow(0.1)(k, None), "n"),
    "rectified": (separation.rectified, "degree"),
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
    "Sync": (lambda k: hf.Sync()(k, None), "n"),
    "Sequential": (lambda k: hf.Sequential()(k, None), "n"),
    "Blocks": (lambda k: hf.Blocks([0, 1])(k, None), "n"),
    "Shuffled": (lambda k: hf.Shuffled()(k, np.random.default_rng(0)), "n"),
    "Random": (lambda k: hf.Random()(k, np.random.default_rng(0)), "n"),
}


@pytest.mark.parametrize("call", COUNT_CALLS)
@pytest.mark.parametrize("bad", BAD_COUNTS)
def test_what_is_no_count_is_refused(call, bad):
    function, name = COUNT_CALLS[call]
    value, error, what = BAD_COUNTS[bad]
    refuses(lambda: function(value), error, rf"^{name} must be .*{'' if value is None else what}")


AT_LEAST_ONE = [
    "random_patterns p",
    "random_patterns n",
    "uniform_weights",
    "Bias",
    "block_means",
    "block_means of a bias",
    "block_means of Overlaps",
    "degree",
    "power",
    "rectified",
    "all_states",
    "basins samples",
    "overlap_distribution n",
    "unvisited",
    "all_visited n",
    "mean_time n",
    "all_visited_random n",
    "grid_shape",
    "Sync",
    "Sequential",
    "Blocks",
    "Shuffled",
    "Random",
]


@pytest.mark.parametrize("call", AT_LEAST_ONE)
def test_no_neurons_and_no_patterns_are_refused(call):
    function, name = COUNT_CALLS[call]
    refuses(lambda: function(0), ValueError, rf"^{name} must be .*not 0$")


@pytest.mark.parametrize(
    ("call", "beyond"),
    [
        ("neighbours", 6),
        ("block_means", 6),
        ("power", 101),
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


@pytest.mark.parametrize("huge", [2**35, 2**63, 2**70, 10**30])
@pytest.mark.parametrize(
    "call",
    [
        "random_patterns p",
        "random_patterns n",
        "uniform_weights",
        "Bias",
        "Sync",
        "overlap_distribution n",
    ],
)
def test_arrays_that_no_machine_holds_are_refused_before_they_are_made(call, huge):
    function, name = COUNT_CALLS[call]
    refuses(lambda: function(huge), ValueError, rf"{name}\b.* must ask for .* values at most")


BAD_PARTS = {
    "over one": (1.5, ValueError, r"between 0 and 1, not 1\.5"),
    "below zero": (-0.1, ValueError, r"between 0 and 1, not -0\.1"),
    "nan": (np.nan, ValueError, "between 0 and 1, not nan"),
    "a whole number as a float": (3.0, ValueError, r"fraction.* not 3\.0"),
    "more neurons than there are": (6, ValueError, "between 0 and 5, not 6"),
    "a negative count": (-1, ValueError, "between 0 and 5, not -1"),
    "text": ("half", TypeError, "not 'half'"),
    "none": (None, TypeError, "not None"),
    "a bool": (True, TypeError, "True"),
    "Decimal": (Decimal("0.5"), TypeError, "Decimal"),
}


@pytest.mark.parametrize("bad", BAD_PARTS)
def test_parts_of_a_pattern_that_there_are_not(bad):
    value, error, what = BAD_PARTS[bad]
    refuses(lambda: hf.flip(X, value, rng=0), error, f"^k .*{what}")
    refuses(lambda: hf.replace(X[0], X[1], value), error, f"^keep .*{what}")
    if error is ValueError:
        refuses(lambda: hf.blank(X, value, rng=0), error, f"^where .*{what}")


BAD_NUMBERS = {
    "nan": (np.nan, ValueError, "finite.* nan"),
    "infinity": (np.inf, ValueError, "finite.* inf"),
    "huge": (1e300, ValueError, r"at most.* 1e\+300"),
    "a huge integer": (10**5000, ValueError, "at most.* a int"),
    "a huge long double": (np.longdouble("1e4000"), ValueError, "finite"),
    "text": ("1", TypeError, "'1'"),
    "none": (None, TypeError, "None"),
    "a bool": (False, TypeError, "False"),
    "complex": (1j, TypeError, "1j"),
    "Decimal": (Decimal(1), TypeError, "Decimal"),
    "an array": (np.ones(2), TypeError, r"array\(\[1\., 1\.\]\)"),
    "a span": (np.timedelta64(1, "s"), TypeError, "timedelta64"),
}
NUMBER_CALLS = {
    "threshold": (lambda v: hf.binarise(X, v), "threshold"),
    "T": (hf.HeatBath, "T"),
    "T of Potts": (lambda v: hf.Potts(3, v), "T"),
    "beta": (hf.Graded, "beta"),
    "beta of modern": (lambda v: hf.modern(X, v), "beta"),
    "beta of Potentials": (lambda v: models.Potentials(M, v), "beta"),
    "tolerance": (lambda v: hf.Linear(tolerance=v), "tolerance"),
    "Graded low": (lambda v: hf.Graded(1, v, 1), "the neuron's states"),
    "dt": (hf.Flow, "dt"),
    "strength": (lambda v: hf.sequence(X, delay=1, strength=v), "strength"),
    "A": (lambda v: optimise.tsp(1 - np.eye(3), A=v), "A"),
    "T low": (lambda v: hf.HeatBath(1, low=v), "the neuron's states"),
    "Sign low": (lambda v: hf.Sign(v, 1), "the neuron's states"),
    "Sign high": (lambda v: hf.Sign(0, v), "the neuron's states"),
    "divisor": (lambda v: hf.Couplings(np.eye(2), divisor=v), "divisor"),
    "factor": (lambda v: M * v, "factor"),
    "weights of a sum": (lambda v: Sum([M, M], [1, v]), "weights"),
    "recode": (lambda v: M.recode(v, 1), r"\(low, high\)"),
    "recode high": (lambda v: M.recode(0, v), r"\(low, high\)"),
    "uniform low": (lambda v: hf.uniform_weights(3, rng=0, low=v), r"\(low, high\)"),
    "uniform high": (lambda v: hf.uniform_weights(3, rng=0, high=v), r"\(low, high\)"),
    "states": (lambda v: hf.random_patterns(2, 5, rng=0, states=(v, 1)), "states"),
    "states of a flip": (lambda v: hf.flip(X, 1, rng=0, states=(0, v)), "states"),
    "states of a landscape": (lambda v: landscape.all_states(3, (0, v)), "states"),
}


@pytest.mark.parametrize("call", NUMBER_CALLS)
@pytest.mark.parametrize("bad", BAD_NUMBERS)
def test_what_is_no_number_is_refused(call, bad):
    function, name = NUMBER_CALLS[call]
    value, error, what = BAD_NUMBERS[bad]
    refuses(lambda: function(value), error, rf"^{name}.* must be .*{what}")


@pytest.mark.parametrize(
    "bad", [(1, 0), (1, 1), (0, 1e-9), (1.0, np.nextafter(1, 2)), (1e40, 1e40)]
)
def test_states_that_are_not_low_and_high_are_refused(bad):
    what = "low < high"
    refuses(lambda: hf.Sign(*bad), ValueError, f"^the neuron's states .*{what}")
    refuses(lambda: hf.HeatBath(1, *bad), ValueError, f"^the neuron's states .*{what}")
    refuses(lambda: M.recode(*bad), ValueError, rf"^\(low, high\) .*{what}")
    refuses(lambda: hf.random_patterns(2, 5, rng=0, states=bad), ValueError, f"^states .*{what}")
    refuses(lambda: hf.flip(X, 1, rng=0, states=bad), ValueError, f"^states .*{what}")
    refuses(lambda: landscape.all_states(3, bad), ValueError, f"^states .*{what}")


@pytest.mark.parametrize("bad", [None, 1, "01", (1,), (0, 1, 2), {0: 1, 1: 2}, {0, 1}, np.array(0)])
def test_states_that_are_not_two_are_refused(bad):
    for call in (
        lambda: hf.random_patterns(2, 5, rng=0, states=bad),
        lambda: hf.flip(X, 1, rng=0, states=bad),
        lambda: landscape.all_states(3, bad),
    ):
        refuses(call, ValueError, r"^states must be two numbers \(low, high\), not ")


@pytest.mark.parametrize("bad", [1, 0, None, "no", np.ones(2), [], Stubborn()])
def test_what_merely_counts_as_true_is_refused(bad):
    for call, name in (
        (lambda: hf.hebb(X, self_coupling=bad), "self_coupling"),
        (lambda: hf.hebb(X, allow_repeats=bad), "allow_repeats"),
        (lambda: hf.Couplings(np.eye(3), self_coupling=bad), "self_coupling"),
        (lambda: hf.Hebbian(X, self_coupling=bad), "self_coupling"),
        (lambda: hf.dense(X, rectified=bad), "rectified"),
        (lambda: hf.sequence(X, cyclic=bad), "cyclic"),
    ):
        refuses(call, TypeError, f"^{name} must be True or False, not ")


NAMES = {
    "tie": (lambda v: hf.Sign(tie=v), "keep, up, down, random"),
    "coding": (lambda v: hf.hebb(X, coding=v), "bipolar, 01"),
    "separation": (lambda v: hf.Hebbian(X, v), "square, power, rectified, exponential"),
    "every": (hf.states, "update, sweep"),
    "attention": (lambda v: hf.modern(X, attention=v), "softmax, sparsemax, entmax15"),
}


@pytest.mark.parametrize("name", NAMES)
def test_unknown_names_are_refused_with_those_there_are(name):
    call, options = NAMES[name]
    refuses(lambda: call("nothing"), ValueError, f"^{name} must be one of {options}, not 'nothing'")
    refuses(lambda: call("x" * 10**6), ValueError, f"^{name} must be one of {options}, not a str")
    close = options.split(", ")[-1] + "x"
    refuses(lambda: call(close), ValueError, rf"did you mean '{close[:-1]}'\?")


@pytest.mark.parametrize("bad", [None, 1, b"keep", ["up"], Stubborn()])
def test_what_is_no_name_is_refused(bad):
    for call in (
        lambda: hf.Sign(tie=bad),
        lambda: hf.Hebbian(X, coding=bad),
        lambda: hf.record.energy(bad),
        lambda: hf.record.states(bad),
        lambda: hf.record.overlaps(X, bad),
        lambda: hf.record.hamming(X[0], bad),
    ):
        refuses(call, ValueError, "^(tie|coding|every) must be one of ")
    refuses(lambda: hf.Hebbian(X, bad), TypeError, "^separation must be a Separation, not ")


NOT_PARTS = {
    "none": None,
    "a matrix": np.eye(N),
    "text": "hebb",
    "a class": hf.Couplings,
    "a neuron": hf.Sign(),
    "an order": hf.Sync(),
    "a function": np.sum,
    "a module": np.random,
    "a bias of any number of neurons": hf.Bias(0.5),
    "the bare base": hf.Memory(),
    "stubborn": Stubborn(),
    "a falsy thing": 0,
    "an empty list": [],
}
MEMORY_CALLS = {
    "recall": lambda m: hf.recall(m, X[0]),
    "Run": lambda m: hf.Run(m, X[0]),
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
        lambda: hf.recall(M, X[0], neuron=value),
        lambda: landscape.fixed_points(M, neuron=value),
        lambda: landscape.basins(M, neuron=value),
    ):
        refuses(call, TypeError, "^neuron must be a hopfield neuron, not ")


@pytest.mark.parametrize("bad", [k for k in NOT_PARTS if k not in ("none", "an order")])
def test_what_is_no_order_is_refused(bad):
    value = hf.Sync if bad == "a class" else NOT_PARTS[bad]
    for call in (
        lambda: hf.recall(M, X[0], order=value),
        lambda: landscape.basins(M, order=value),
    ):
        refuses(call, TypeError, "^order must be a hopfield order, not ")


@pytest.mark.parametrize("bad", [k for k in NOT_PARTS if k != "a bias of any number of neurons"])
def test_what_is_no_memory_cannot_be_summed(bad):
    value = NOT_PARTS[bad]
    what = r"^(memories must hold memories, not |Memory must define parts)"
    refuses(lambda: Sum([M, value]), TypeError, what)
    if bad != "the bare base":
        refuses(lambda: Recoded(value), TypeError, "^memory must be a memory, not ")
        for call in (lambda: M + value, lambda: value + M, lambda: M - value):
            with pytest.raises(TypeError):  # the sentence is Python's: unsupported operand
                call()


class Broken(hf.Sync):
    """An order that gives whatever it was told to."""

    def __init__(self, sweep):
        self.sweep = sweep

    def __call__(self, n, rng):
        return self.sweep


@pytest.mark.parametrize(
    "sweep",
    [
        None,
        3,
        [],
        [[]],
        "abc",
        [[0, 1]],
        [[0, 1, 2, 3, 5]],
        [[0, 1, 2, 3, -1]],
        [np.arange(5.0)],
        [RAGGED],
        [[None] * 5],
        np.zeros((2, 5), dtype=int),
        {},
        Stubborn(),
    ],
)
def test_an_order_that_gives_no_sites_is_refused(sweep):
    refuses(
        lambda: hf.recall(M, X[0], order=Broken(sweep)),
        (TypeError, ValueError),
        "^order must give ",
    )


# ---- single cases ----------------------------------------------------------------------------

CASES = {
    # neurons of other kinds
    "no gain": (lambda: hf.Graded(-1), ValueError, "^beta must be above 0, not -1"),
    "no time": (lambda: hf.Flow(0), ValueError, "^dt must be above 0, not 0"),
    "a tolerance below 0": (lambda: hf.Linear(tolerance=-1), ValueError, "^tolerance .* not -1"),
    "temperatures that rise": (
        lambda: hf.Anneal([0, 1]),
        ValueError,
        "^temperatures must be a row that never rises",
    ),
    "annealing a sign": (
        lambda: hf.Anneal([1], hf.Sign()),
        TypeError,
        "^neuron must have a temperature T",
    ),
    "sites of no neuron in a recall": (
        lambda: hf.recall(M, X[0] > 0, neuron=hf.Potts(3)),
        ValueError,
        r"^memory must have 3 sites for each Potts\(q=3, T=0.0\), not 5",
    ),
    "signs that flow": (
        lambda: hf.recall(M, X[0], order=hf.Flow(1)),
        ValueError,
        r"^order Flow\(dt=1\) moves graded neurons",
    ),
    "Potts neurons of another q": (
        lambda: hf.recall(POTTS, np.zeros(24), neuron=hf.Potts(2)),
        ValueError,
        "^neuron has q = 2 states, but memory is written for 4$",
    ),
    "Potts neurons of another q, with a bias": (
        lambda: hf.recall(2 * POTTS + hf.Bias(1), np.zeros(24), neuron=hf.Potts(6)),
        ValueError,
        "^neuron has q = 6 states, but memory is written for 4$",
    ),
    # patterns
    "0/1 where -1/+1 is flipped": (
        lambda: hf.flip([0, 1, 1], 1, rng=0),
        ValueError,
        r"^x holds only 0 and 1.*states=\(0, 1\)",
    ),
    "where of two dimensions": (
        lambda: hf.blank(X, [[0, 1]]),
        TypeError,
        "^where must be a slice, a count",
    ),
    "where beyond the neurons": (lambda: hf.blank(X, [5]), ValueError, "^where .* 5 neurons"),
    "where of too few bools": (
        lambda: hf.blank(X, [True, False]),
        ValueError,
        "^where .* 5 neurons",
    ),
    "where of floats": (lambda: hf.blank(X, [0.5, 1.0]), TypeError, "^where must be"),
    "where of a bad slice": (
        lambda: hf.blank(X, slice("a")),
        TypeError,
        r"^where .* not slice\(None, 'a', None\)",
    ),
    "where in steps of 0": (
        lambda: hf.blank(X, slice(0, 5, 0)),
        TypeError,
        "^where .* slice of integers",
    ),
    "shapes that do not fit": (
        lambda: hf.overlap(X, X[:2]),
        ValueError,
        r"^a \(3, 5\) and b \(2, 5\) must",
    ),
    "shapes that do not mix": (
        lambda: hf.replace(X, X[:2], 1),
        ValueError,
        r"^x \(3, 5\) and other \(2, 5\) must",
    ),
    "bools beside numbers": (
        lambda: hf.hamming(X > 0, X),
        TypeError,
        "^a and b must be both bools or both numbers",
    ),
    "bools mixed with numbers": (
        lambda: hf.replace(X > 0, X, 1),
        TypeError,
        "^x and other must be both bools",
    ),
    "neighbours of several": (lambda: hf.patterns.neighbours(X, 1), ValueError, r"^x .* \(3, 5\)"),
    "too many neighbours": (
        lambda: hf.patterns.neighbours(np.ones(100), 10),
        ValueError,
        "^k=10 gives 17310309456440 patterns",
    ),
    # memories
    "P = 0": (lambda: hf.hebb(np.empty((0, 5))), ValueError, r"^patterns must not be empty"),
    "N = 0": (lambda: hf.hebb([[], []]), ValueError, r"^patterns must not be empty.* \(2, 0\)"),
    "N = 1": (lambda: hf.hebb([[1], [-1]]), ValueError, "^patterns .* at least 2 neurons, not 1"),
    "N = 1 in Overlaps": (lambda: hf.Hebbian([[1]]), ValueError, "^patterns .* not 1"),
    "patterns of three dimensions": (
        lambda: hf.hebb([X]),
        ValueError,
        r"^patterns must be rows \(P, N\).* \(1, 3, 5\)",
    ),
    "one pattern without its row": (
        lambda: hf.Hebbian(X[0]),
        ValueError,
        r"^patterns must be rows .* \(5,\)",
    ),
    "the same pattern twice": (
        lambda: hf.hebb(X[[0, 1, 2, 1]]),
        ValueError,
        "^patterns 1 and 3 are the same.*repeats",
    ),
    "-1/+1 where 0/1 is meant": (
        lambda: hf.hebb(X, coding="01"),
        ValueError,
        '^patterns must be 0 or 1 .*coding="01"',
    ),
    "W that is not square": (
        lambda: hf.Couplings(np.ones((2, 3))),
        ValueError,
        r"^weights .* square.* \(2, 3\)",
    ),
    "W of one dimension": (lambda: hf.Couplings([1, 2]), ValueError, r"^weights .* \(2,\)"),
    "W of one neuron": (lambda: hf.Couplings([[1]]), ValueError, "^weights .* 2 neurons, not 1"),
    "W of no neuron": (lambda: hf.Couplings([]), ValueError, "^weights must not be empty"),
    "W with nan": (lambda: hf.Couplings([[0, np.nan], [1, 0]]), ValueError, "^weights .* nan"),
    "W with infinity": (lambda: hf.Couplings([[0, np.inf], [1, 0]]), ValueError, "^weights .* inf"),
    "W complex": (lambda: hf.Couplings(np.eye(2) * 1j), TypeError, "^weights .* complex128"),
    "W of text": (lambda: hf.Couplings([["a", "b"]]), TypeError, "^weights .* str"),
    "W ragged": (lambda: hf.Couplings(RAGGED), ValueError, "^weights .* rows of one length"),
    "sparse W that is not square": (
        lambda: hf.Couplings(scipy.sparse.eye_array(2, 3)),
        ValueError,
        r"^weights .* \(2, 3\)",
    ),
    "sparse W of one dimension": (
        lambda: hf.Couplings(scipy.sparse.coo_array([1, 2])),
        ValueError,
        r"^weights .* \(2,\)",
    ),
    "sparse W of one neuron": (
        lambda: hf.Couplings(scipy.sparse.eye_array(1)),
        ValueError,
        r"^weights .* \(1, 1\)",
    ),
    "sparse W with nan": (
        lambda: hf.Couplings(scipy.sparse.csr_array([[0, np.nan], [1, 0]])),
        ValueError,
        "^weights .* nan",
    ),
    "sparse W complex": (
        lambda: hf.Couplings(scipy.sparse.csr_array((2, 2), dtype=complex)),
        TypeError,
        "^weights .* complex128",
    ),
    "the class of sparse matrices": (
        lambda: hf.Couplings(scipy.sparse.csr_array),
        TypeError,
        "^weights .* object",
    ),
    "a divisor next to nothing": (
        lambda: hf.Couplings(np.eye(2), divisor=5e-324),
        ValueError,
        "^divisor must .* 5e-324",
    ),
    "divisor 0": (
        lambda: hf.Couplings(np.eye(2), divisor=0),
        ValueError,
        "^divisor must be positive.* not 0",
    ),
    "energy of asymmetric W": (lambda: ASYMMETRIC.energy([1, 1]), hf.NoEnergy, "not symmetric"),
    "energy of a sum with asymmetric W": (
        lambda: (hf.hebb([[1, 1]]) + ASYMMETRIC).energy([1, 1]),
        hf.NoEnergy,
        "not symmetric",
    ),
    "energy of asymmetric W recoded": (
        lambda: ASYMMETRIC.recode().energy([1, 1]),
        hf.NoEnergy,
        "not symmetric",
    ),
    "energies kept of asymmetric W": (
        lambda: hf.recall(ASYMMETRIC, [1, 1], record=hf.record.energy()),
        hf.NoEnergy,
        "W_ij and W_ji",
    ),
    "a separation's degree given twice": (
        lambda: hf.Hebbian(X, separation.power(3), degree=2),
        ValueError,
        r"^degree .* separation power\(3\), not 2",
    ),
    "a degree that square has not": (
        lambda: hf.Hebbian(X, "square", degree=3),
        ValueError,
        "^degree .* separation square",
    ),
    "N beyond float64": (
        lambda: hf.Hebbian(np.ones((1, 400)), "exponential"),
        ValueError,
        "^separation exponential exceeds float64 at N = 400",
    ),
    "evidence beyond float64": (
        lambda: hf.recall(hf.Hebbian(X, "exponential"), 100.0 * X[0]),
        ValueError,
        "^s must add up to 350 at most",
    ),
    "self-coupling of a dense memory": (
        lambda: hf.Hebbian(X, separation.power(3), self_coupling=True),
        ValueError,
        "^self_coupling must be False",
    ),
    "pairs of a dense memory": (
        lambda: hf.Hebbian(X, "exponential").dense(),
        TypeError,
        "^separation exponential has no",
    ),
    "blocks of a dense memory": (
        lambda: hf.Hebbian(X, "exponential").block_means(2),
        TypeError,
        "no couplings between",
    ),
    "a bias of two dimensions": (lambda: hf.Bias(X), ValueError, r"^values .* \(3, 5\)"),
    "a bias of another n": (lambda: hf.Bias(X[0], 4), ValueError, "^n=4 differs from the 5 values"),
    "a bias that stands alone": (
        lambda: hf.Bias(0.5).field([1, 1]),
        ValueError,
        "^n must be given to a Bias of one number",
    ),
    "the energy of a bias that stands alone": (
        lambda: hf.Bias(0.5).energy([1, 1]),
        ValueError,
        "^n must be given",
    ),
    "memories of other n": (
        lambda: M + hf.hebb([[1, 1]]),
        ValueError,
        r"^memories must have one N, not \[2, 5\]",
    ),
    "biases of any n": (
        lambda: hf.Bias(1) + hf.Bias(2),
        ValueError,
        "^memories must have one N, not none",
    ),
    "no memories": (lambda: Sum([]), ValueError, "^memories must have one N, not none"),
    "memories that are no list": (lambda: Sum(M), TypeError, "^memories must be a list"),
    "weights that are no list": (lambda: Sum([M], 2), TypeError, "^weights must be a list, not 2"),
    "too few weights": (lambda: Sum([M, M], [1]), ValueError, "^2 memories need as many weights"),
    "weights that multiply beyond float64": (
        lambda: 1e30 * (1e30 * M),
        ValueError,
        "^weights must be finite",
    ),
    "a memory times a memory": (lambda: M * M, TypeError, "^factor must be a number"),
    "an array times a memory": (lambda: np.ones(2) * M, TypeError, "^factor must be a number"),
    "states of three dimensions": (
        lambda: M.open(X[None]),
        ValueError,
        r"^s must be \(n,\) or \(R, n\).* \(1, 3, 5\)",
    ),
    # neurons and orders
    "a negative temperature": (lambda: hf.HeatBath(-1), ValueError, "^T must be 0 or more, not -1"),
    "fields beside fewer states": (
        lambda: hf.Sign()(np.ones(3), np.ones(2), None),
        ValueError,
        r"^h \(3,\) and s \(2,\)",
    ),
    "fields that are nan": (
        lambda: hf.Sign().settled([np.nan], [1]),
        ValueError,
        "^h must be .* nan",
    ),
    "fields that are text": (lambda: hf.Sign()("a", 1, None), TypeError, "^h must hold .* str"),
    "a site twice": (lambda: hf.Sequential([0, 1, 1]), ValueError, "^sites must name each neuron"),
    "sites that are no integers": (
        lambda: hf.Sequential([0.0, 1.0]),
        TypeError,
        "^sites must be 1-D arrays of integers",
    ),
    "sites of bools": (lambda: hf.Sequential([True, False]), TypeError, "^sites must be 1-D"),
    "no sites": (lambda: hf.Sequential([]), ValueError, "^sites must not be empty"),
    "sites of another n": (
        lambda: hf.recall(M, X[0], order=hf.Sequential([1, 0])),
        ValueError,
        "^sites must be an order of all 5 neurons, not of 2",
    ),
    "no blocks": (hf.Blocks, ValueError, "^blocks must not be empty"),
    "a block missing": (lambda: hf.Blocks([0, 1], [3]), ValueError, "^blocks must name each"),
    "blocks that overlap": (
        lambda: hf.Blocks(slice(0, 3), [2, 3]),
        ValueError,
        "^blocks must name each neuron",
    ),
    "a block without a stop": (
        lambda: hf.Blocks(slice(0, None)),
        TypeError,
        "^blocks: the stop of a slice .* None",
    ),
    "a block from behind": (
        lambda: hf.Blocks(slice(None, -2)),
        ValueError,
        "^blocks: the stop of a slice .* -2",
    ),
    "a block in steps of 0": (
        lambda: hf.Blocks(slice(0, 5, 0)),
        TypeError,
        r"^blocks .* slice\(0, 5, 0\)",
    ),
    "an empty block": (lambda: hf.Blocks(slice(3, 3)), ValueError, "^blocks must not be empty"),
    "a huge block": (lambda: hf.Blocks(slice(2**40)), ValueError, "^blocks must ask for"),
    "blocks of another n": (
        lambda: hf.recall(M, X[0], order=hf.Blocks([0, 1])),
        ValueError,
        "^blocks must hold each of the 5 neurons once; they hold 2",
    ),
    # recall
    "cues of three dimensions": (
        lambda: hf.recall(M, X[None]),
        ValueError,
        r"^cue .* \(1, 3, 5\)",
    ),
    "a record by its name": (
        lambda: hf.recall(M, X[0], record="energy"),
        TypeError,
        "^record .* not 'energy'",
    ),
    "a number as a record": (lambda: hf.recall(M, X[0], record=1), TypeError, "^record .* not 1"),
    "a class as a record": (
        lambda: hf.recall(M, X[0], record=hf.Recall),
        TypeError,
        "^record .* not <class",
    ),
    "none among the records": (
        lambda: hf.recall(M, X[0], record=[hf.record.states(), None]),
        TypeError,
        "^record .* not None",
    ),
    "a record twice": (
        lambda: hf.recall(M, X[0], record=[hf.record.states(), hf.record.states("update")]),
        ValueError,
        "^record must keep each name once, not states, states",
    ),
    "overlaps with patterns of another n": (
        lambda: hf.recall(M, X[0], record=hf.record.overlaps(np.ones((2, 4)))),
        ValueError,
        r"5 neurons.* \(2, 4\)",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_single_case(case):
    refuses(*CASES[case])


def test_a_record_needs_a_name_and_a_measure():
    refuses(lambda: record.Record(1, len), TypeError, "^name must be a str .* not 1")
    refuses(lambda: record.Record("a", 2), TypeError, "and 2$")


def test_the_error_of_a_callable_is_its_own():
    def broken(state):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        hf.recall(M, X[0], record=broken)


def test_bad_input_changes_nothing_that_was_given():
    cue = np.array([1.0, np.nan, 1, 1, 1])
    patterns, weights = X.copy(), np.arange(25.0).reshape(5, 5)
    with pytest.raises(ValueError, match="nan"):
        hf.recall(M, cue)
    hf.hebb(patterns)
    hf.Couplings(weights)
    hf.recall(hf.Couplings(weights), patterns[0], rng=0)
    assert np.isnan(cue[1])
    assert np.array_equal(patterns, X)
    assert np.array_equal(weights, np.arange(25.0).reshape(5, 5))


# ---- garbage ---------------------------------------------------------------------------------

EXAMPLES = 40  # for each of the calls: some 2,300 in all

JUNK = [
    lambda: None,
    lambda: True,
    lambda: False,
    lambda: np.True_,
    lambda: 0,
    lambda: 1,
    lambda: -1,
    lambda: 2**70,
    lambda: -(10**400),
    lambda: 10**5000,
    lambda: 0.5,
    lambda: -0.0,
    lambda: 1e300,
    lambda: 5e-324,
    lambda: float("nan"),
    lambda: float("inf"),
    lambda: np.float16(0.3),
    lambda: np.longdouble("1e4000"),
    lambda: np.uint64(2**64 - 1),
    lambda: np.int8(-3),
    lambda: 1j,
    lambda: "",
    lambda: "keep",
    lambda: "x" * 400,
    lambda: b"ab",
    lambda: bytearray(2),
    lambda: {},
    lambda: {"a": 1},
    lambda: {1, 2},
    lambda: (),
    lambda: [],
    lambda: [[]],
    lambda: (1,),
    lambda: [None],
    lambda: RAGGED,
    lambda: range(5),
    lambda: slice(1, 3),
    lambda: slice("a"),
    lambda: slice(None, -2),
    lambda: slice(0, 5, 0),
    lambda: ...,
    lambda: (k for k in (1, -1)),
    lambda: iter([1, 2]),
    lambda: Decimal("NaN"),
    lambda: Fraction(1, 2),
    lambda: np.datetime64("2020"),
    lambda: np.timedelta64(1, "s"),
    lambda: np.random,
    lambda: np.random.RandomState(0),
    lambda: np.random.default_rng(0),
    lambda: np.random.SeedSequence(1),
    lambda: np.random.Generator,
    lambda: object(),
    lambda: int,
    lambda: NotImplemented,
    lambda: ValueError("x"),
    lambda: memoryview(b"abc"),
    lambda: Stubborn(),
    lambda: hf.Sign,
    lambda: hf.Sync,
    lambda: hf.Couplings,
    lambda: hf.Memory,
    lambda: hf.Memory(),
    lambda: hf.Sign(),
    lambda: hf.HeatBath(1),
    lambda: hf.Sync(),
    lambda: M,
    lambda: hf.Bias(0.5),
    lambda: hf.Bias(X[0]),
    lambda: hf.record.states(),
    lambda: separation.square,
    lambda: ASYMMETRIC,
    lambda: hf.recall(M, X[0], rng=0),
    lambda: scipy.sparse.csr_array,
    lambda: scipy.sparse.coo_array([1, 2]),
    lambda: X.view(np.matrix),
    lambda: np.array(3),
    lambda: np.array(None),
    lambda: np.ma.masked_array(X[0] * 1.0, X[0] > 0),
    lambda: X.tolist(),
    lambda: np.asfortranarray(X),
    lambda: (X > 0).tolist(),
    lambda: (X > 0) * 1,
]

DTYPES = st.sampled_from(
    [
        "?",
        "i1",
        "i8",
        "u1",
        "u8",
        ">i4",
        "f2",
        "f4",
        "f8",
        ">f8",
        "g",
        "c16",
        "U2",
        "S2",
        "M8[s]",
        "m8[s]",
        "V3",
        "O",
    ]
)
SHAPES = st.lists(st.sampled_from([0, 1, 2, 3, N, N, N]), max_size=3).map(tuple)
FLOATS = st.sampled_from(
    [0.0, 1.0, -1.0, 0.5, -0.0, 1e-9, 5e-324, 127.0, 1e40, -1e300, np.nan, np.inf, -np.inf]
)


@st.composite
def arrays(draw):
    """Draw arrays of any type and shape; of numbers most often such as might pass."""
    dtype, shape = np.dtype(draw(DTYPES)), draw(SHAPES)
    if dtype.kind == "f":
        plain = st.sampled_from([1.0, -1.0])
        with np.errstate(over="ignore"):
            values = draw(npst.arrays("f8", shape, elements=draw(st.sampled_from([plain, FLOATS]))))
            return values.astype(dtype)
    if dtype.kind in "iu":
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        few = st.sampled_from([1, max(low, -1)])
        any_ = st.sampled_from([0, 1, 2, low, high])
        return draw(npst.arrays(dtype, shape, elements=draw(st.sampled_from([few, any_]))))
    if dtype.kind == "O":
        return draw(npst.arrays(dtype, shape, elements=st.sampled_from([None, 1, "a", 2**70])))
    return np.zeros(shape, dtype=dtype)


@st.composite
def sparse(draw):
    shape = draw(st.sampled_from([(1, 1), (2, 2), (N, N), (N, N), (N, 3)]))
    values = draw(npst.arrays("f8", shape, elements=FLOATS, fill=st.just(0.0)))
    dtype = draw(st.sampled_from(["f8", "f4", "c16", "?"]))
    kind = draw(st.sampled_from(["csr", "csc", "coo", "dok", "lil", "dia", "bsr"]))
    with np.errstate(all="ignore"):
        return scipy.sparse.csr_array(values.astype(dtype)).asformat(kind)


GARBAGE = st.one_of(
    st.sampled_from(JUNK).map(lambda make: make()),
    arrays(),
    arrays().map(lambda x: x.tolist()),
    sparse(),
)


def one_of(*values):
    return st.sampled_from(values)


SIGNED = one_of(  # written for -1/+1, or for any states
    M,
    hf.Hebbian(X),
    hf.Hebbian(X, separation.power(3)),
    hf.Hebbian(X, separation.rectified(2)),
    hf.Hebbian(X, separation.exponential),
    hf.Hebbian(X > 0, coding="01"),
    hf.Couplings(hf.uniform_weights(N, rng=0)),
    hf.Bias(0.5, N),
    M + hf.Bias(0.1),
    hf.Couplings(scipy.sparse.csr_array(np.eye(N, k=2) - np.eye(N, k=-1))),
    2 * hf.Hebbian(X),
    M - hf.Couplings(np.ones((N, N)), self_coupling=True),
)
MEMORIES = SIGNED | one_of(M.recode(0, 1), M.recode(0.1, 0.7) + hf.Bias(np.arange(N)))
ROW = one_of(X[0], X[1].tolist(), X[2] * 1.0)
ROWS = one_of(X, X[:1], X * 1.0, X.tolist())
CUES = one_of(X, X[0], X[0] > 0, X[:1], np.zeros(N), X[1] * 0.3)
SEEDS = one_of(0, 2**70, np.int64(3), np.random.default_rng(1))
SEEDS_OR_NONE = st.none() | SEEDS
SMALL = one_of(0, 1, 2, np.int16(3))
SOME = one_of(1, 2, N, np.int32(3))
PART = one_of(0, 2, 5, 0.5, 1.0, np.float32(0.3))
STATES = one_of((-1, 1), (0, 1), [0, 1], (0.1, 0.7), np.array([-0.25, 3]))
LOW, HIGH = one_of(0, -1, 0.1), one_of(1, 3.0)
FLAG = one_of(True, False, np.True_)
CODING, EVERY = one_of("bipolar", "01"), one_of("update", "sweep")
NEURONS = one_of(
    None, hf.Sign(), hf.Sign(0, 1), hf.Sign(tie="random"), hf.HeatBath(0.5), hf.Sign(0.1, 0.7)
)
ORDERS = one_of(
    None, hf.Sync(), hf.Random(), hf.Sequential(), hf.Blocks([0, 2], [1, 3, 4]), hf.Shuffled()
)
RECORDS = one_of(
    None,
    hf.record.states(),
    hf.record.overlaps(X),
    hf.record.hamming(X[0], "update"),
    lambda s: s.sum(axis=-1),
    [hf.record.energy("update"), hf.record.states()],
)
GENERATOR = st.builds(np.random.default_rng, st.just(0))
FIELDS = one_of(np.zeros(N), np.arange(N) - 2.0)
visits, orthogonality = theory.visits, theory.orthogonality


def rows_like(name):
    return lambda out, a: out.shape == np.shape(a[name])


def is_legal(out, a):
    """Tell whether a recall's answer has the shape, the states and the words it must have."""
    shape = np.shape(a["cue"])
    words = r"fixed point|\d+-cycle|ran out of (sweeps|updates)"
    return (
        out.state.shape == shape
        and np.shape(out.why) == np.shape(out.undecided) == np.shape(out.sweeps) == shape[:-1]
        and all(re.fullmatch(words, why) for why in np.atleast_1d(out.why))
        and bool(repr(out))
    )


# name -> (call, a strategy of good values for each argument, check of what comes out)
FREE = {
    "random_patterns": (
        hf.random_patterns,
        {"p": one_of(1, 2, (2, 3), ()), "n": SOME, "rng": SEEDS, "states": STATES},
        lambda out, a: out.shape[-1] == a["n"] and np.isin(out, a["states"]).all(),
    ),
    "uniform_weights": (
        hf.uniform_weights,
        {"n": SOME, "rng": SEEDS, "low": LOW, "high": HIGH},
        lambda out, a: out.shape == (a["n"], a["n"]),
    ),
    "bipolar": (hf.bipolar, {"x": ROWS}, lambda out, a: set(out.flat) <= {1, -1}),
    "binarise": (hf.binarise, {"x": ROWS, "threshold": PART}, rows_like("x")),
    "flip": (hf.flip, {"x": ROWS, "k": PART, "rng": SEEDS, "states": STATES}, rows_like("x")),
    "blank": (
        hf.blank,
        {"x": ROWS, "where": PART | one_of([0, -1], slice(2), X[0] > 0), "rng": SEEDS_OR_NONE},
        rows_like("x"),
    ),
    "replace": (
        hf.replace,
        {"x": ROWS, "other": ROW, "keep": PART, "rng": SEEDS_OR_NONE},
        lambda out, a: out.shape == np.broadcast(a["x"], a["other"]).shape,
    ),
    "neighbours": (
        hf.patterns.neighbours,
        {"x": ROW, "k": SMALL},
        lambda out, a: out.shape[1] == N or out.shape[1] == np.size(a["x"]),
    ),
    "overlap": (hf.overlap, {"a": ROWS, "b": ROW}, None),
    "hamming": (hf.hamming, {"a": ROWS, "b": ROW}, lambda out, a: np.min(out) >= 0),
    "hebb": (
        hf.hebb,
        {"patterns": ROWS, "coding": CODING, "self_coupling": FLAG, "allow_repeats": FLAG},
        lambda out, a: out.n == np.shape(a["patterns"])[-1],
    ),
    "Couplings": (
        hf.Couplings,
        {"weights": sparse(), "self_coupling": FLAG, "divisor": one_of(1, 1e-300)},
        lambda out, a: out.n >= 2,
    ),
    "Overlaps": (
        hf.Hebbian,
        {
            "patterns": ROWS,
            "separation": one_of("square", "exponential", separation.power(3)),
            "degree": one_of(0),
            "coding": CODING,
            "self_coupling": one_of(False),
        },
        lambda out, a: out.n == np.shape(a["patterns"])[1],
    ),
    "Bias": (hf.Bias, {"values": PART | ROW, "n": one_of(None, N)}, None),
    "Sum": (
        Sum,
        {"memories": st.lists(MEMORIES, min_size=1, max_size=3), "weights": one_of(None, [2])},
        lambda out, a: out.n == N or len(a["memories"]) == 1,
    ),
    "Recoded": (Recoded, {"memory": SIGNED, "low": LOW, "high": HIGH}, None),
    "Sign": (
        hf.Sign,
        {"low": LOW, "high": HIGH, "tie": one_of("keep", "up")},
        lambda out, a: out.low < out.high,
    ),
    "HeatBath": (
        hf.HeatBath,
        {"T": PART, "low": LOW, "high": HIGH},
        lambda out, a: out.low < out.high,
    ),
    "a Sign called": (
        hf.Sign(tie="random"),
        {"h": FIELDS, "s": ROW, "rng": SEEDS},
        lambda out, a: np.isin(out, (-1, 0, 1)).all(),
    ),
    "a HeatBath called": (
        hf.HeatBath(0.5),
        {"h": FIELDS, "s": ROW, "rng": SEEDS},
        lambda out, a: np.isin(out, (-1, 1)).all(),
    ),
    "settled": (hf.Sign().settled, {"h": FIELDS, "s": ROW}, rows_like("h")),
    "Sequential": (
        hf.Sequential,
        {"sites": one_of(None, [2, 0, 1])},
        lambda out, a: out.sites is None or np.ptp(out.sites) == len(out.sites) - 1,
    ),
    "Blocks": (
        lambda a, b: hf.Blocks(a, b),
        {"a": one_of(slice(2), [0, 1]), "b": one_of([4, 3, 2])},
        lambda out, a: len(out.blocks) == 2,
    ),
    "Sync called": (hf.Sync(), {"n": SOME, "rng": GENERATOR}, None),
    "Shuffled called": (hf.Shuffled(), {"n": SOME, "rng": GENERATOR}, None),
    "Random called": (hf.Random(), {"n": SOME, "rng": GENERATOR}, None),
    "power": (separation.power, {"degree": one_of(2, 3)}, None),
    "rectified": (separation.rectified, {"degree": one_of(2, 3)}, None),
    "states": (hf.states, {"every": EVERY}, None),
    "energy": (hf.energy, {"every": EVERY}, None),
    "overlaps": (hf.overlaps, {"patterns": ROWS, "every": EVERY}, None),
    "hamming_to": (hf.hamming_to, {"pattern": ROW, "every": EVERY}, None),
    "recall": (
        hf.recall,
        {
            "memory": MEMORIES,
            "cue": CUES,
            "neuron": NEURONS,
            "order": ORDERS,
            "sweeps": SMALL,
            "updates": one_of(None, 0, 7),
            "record": RECORDS,
            "rng": SEEDS_OR_NONE,
        },
        is_legal,
    ),
    "a cue": (
        hf.recall,
        {"memory": MEMORIES, "cue": CUES, "neuron": NEURONS, "order": ORDERS, "rng": SEEDS},
        is_legal,
    ),
    "Run": (
        hf.Run,
        {
            "memory": MEMORIES,
            "cue": CUES,
            "neuron": NEURONS,
            "order": ORDERS,
            "record": RECORDS,
            "rng": SEEDS_OR_NONE,
        },
        lambda out, a: out.state.shape == np.shape(a["cue"]),
    ),
    "step": (
        lambda n: hf.Run(M, X[0], rng=0).step(n),
        {"n": SMALL},
        lambda out, a: 0 <= out <= N,
    ),
    "finish": (lambda sweeps: hf.Run(M, X[0], rng=0).finish(sweeps), {"sweeps": SMALL}, None),
    "field": (lambda m, s: m.field(s), {"m": MEMORIES, "s": ROWS}, rows_like("s")),
    "gradient": (lambda m, s: m.gradient(s), {"m": MEMORIES, "s": ROWS}, rows_like("s")),
    "energy of a state": (
        lambda m, s: m.energy(s),
        {"m": MEMORIES, "s": ROWS},
        lambda out, a: np.shape(out) == np.shape(a["s"])[:-1],
    ),
    "open": (lambda m, s: m.open(s).field_at(2), {"m": MEMORIES, "s": ROWS}, None),
    "stable": (lambda m, s: m.stable(s), {"m": MEMORIES, "s": ROWS}, None),
    "block_means": (
        lambda m, k: m.block_means(k),
        {"m": MEMORIES, "k": SOME},
        lambda out, a: out.shape == (a["k"], a["k"]),
    ),
    "recode": (
        lambda m, low, high: m.recode(low, high).field(np.full(N, high)),
        {"m": SIGNED, "low": LOW, "high": HIGH},
        lambda out, a: out.shape == (N,),
    ),
    "times": (lambda m, w: w * m, {"m": MEMORIES, "w": PART}, lambda out, a: out.n == N),
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

# How long a call takes is the caller's to say: these stay within what a test can wait for.
LONG = {"sweeps", "updates", "samples", "marked", "candidates", "n"}
SHORT = GARBAGE.filter(
    lambda v: (
        isinstance(v, np.timedelta64)  # an integer to isinstance, but not to be compared with one
        or not (isinstance(v, (int, np.integer)) and 10**4 < v)
    )
)


def is_finite(value):
    """Tell whether nothing in an answer is infinite or NaN."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biuU" or bool(np.isfinite(value).all())
    if isinstance(value, float):
        return bool(np.isfinite(value))
    if isinstance(value, (tuple, list)):
        return all(map(is_finite, value))
    if isinstance(value, hf.Recall):
        return is_finite(value.state) and (value.energy is None or is_finite(value.energy))
    if isinstance(value, hf.Memory) and value.n:
        return is_finite(value.field(np.ones(value.n))) and bool(repr(value))
    return True


@pytest.mark.parametrize("name", FREE)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_garbage_is_refused_or_does_no_harm(name, data):
    call, good, check = FREE[name]
    bad = data.draw(st.sets(st.sampled_from(sorted(good)), max_size=len(good)))
    arguments = {
        key: data.draw((SHORT if key in LONG else GARBAGE) if key in bad else strategy)
        for key, strategy in good.items()
        if not (key == "m" and key in bad)
    }
    if "m" in good:
        arguments.setdefault("m", M)
    try:
        out = call(**arguments)
    except (ValueError, TypeError) as error:
        text = str(error)
        assert is_a_sentence(text), text
        assert bad or name in CHOOSY, text
    else:
        assert is_finite(out)
        assert check is None or check(out, arguments)


# Good arguments that may not go together: patterns and a coding, asymmetric W and an energy ...
CHOOSY = {
    "hebb",
    "Overlaps",
    "Couplings",
    "Bias",
    "Sum",
    "blank",
    "flip",
    "recall",
    "a cue",
    "Run",
    "energy of a state",
    "fixed_points",
    "basins",
    "block_means",
    "all_visited_random",
}

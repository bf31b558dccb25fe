"""Bad input to the core: each family of bad values to each call that takes such an argument."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield import separation
from hopfield.core.memory import Recoded, Sum
from tests.bad import (
    BAD_ARRAYS,
    BAD_COUNTS,
    BAD_NUMBERS,
    BAD_RNG,
    CODING,
    CUES,
    EVERY,
    FIELDS,
    FLAG,
    GENERATOR,
    HIGH,
    LOW,
    MEMORIES,
    NEURONS,
    NOT_BIPOLAR,
    NOT_PARTS,
    ORDERS,
    PART,
    RAGGED,
    RECORDS,
    ROW,
    ROWS,
    SEEDS,
    SEEDS_OR_NONE,
    SIGNED,
    SMALL,
    SOME,
    STATES,
    M,
    N,
    Stubborn,
    X,
    is_legal,
    is_refused_or_harmless,
    one_of,
    refuses,
    rows_like,
    sparse,
)

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
    "Hebbian": (hf.Hebbian, "patterns"),
    "Bias": (hf.Bias, "values"),
    "Anneal": (hf.Anneal, "temperatures"),
    "recall": (lambda x: hf.recall(M, x), "cue"),
    "Run": (lambda x: hf.Run(M, x), "cue"),
    "record.overlaps": (hf.record.overlaps, "patterns"),
    "record.hamming": (hf.record.hamming, "pattern"),
    "field": (M.field, "s"),
    "field of a dense memory": (hf.DenseMemory(X, separation.power(3)).field, "s"),
    "field of a sum": ((M + hf.Bias(0.5)).field, "s"),
    "field of a recoded memory": (M.recode().field, "s"),
    "gradient": (hf.DenseMemory(X, separation.exponential).gradient, "s"),
    "energy": (M.energy, "s"),
    "open": (M.open, "s"),
    "stable": (M.stable, "patterns"),
}
NOT_STATES = ("binarise", "Bias", "Anneal")


@pytest.mark.parametrize("call", ARRAY_CALLS)
@pytest.mark.parametrize("bad", BAD_ARRAYS)
def test_an_array_that_is_none_is_refused(call, bad):
    function, name = ARRAY_CALLS[call]
    value, error, what = BAD_ARRAYS[bad]
    refuses(lambda: function(value), error, rf"^{name} .*{what}")


@pytest.mark.parametrize("call", [c for c in ARRAY_CALLS if c not in NOT_STATES])
def test_a_number_is_no_state(call):
    function, name = ARRAY_CALLS[call]
    refuses(lambda: function(1), ValueError, rf"^{name} must have a last axis of neurons.* 1$")


SIZED = [
    call
    for call, (_, name) in ARRAY_CALLS.items()
    if name in ("other", "b", "cue", "s", "starts", "state") or call in ("stable",)
]


@pytest.mark.parametrize("call", SIZED)
@pytest.mark.parametrize("n", [1, 4, 6])
def test_states_of_another_n_are_refused(call, n):
    function, name = ARRAY_CALLS[call]
    refuses(
        lambda: function(np.ones((1, n))), ValueError, rf"^{name} must have 5 neurons.*\(1, {n}\)"
    )


BIPOLAR_CALLS = [
    "bipolar",
    "Hebbian",
    "stable",
]


@pytest.mark.parametrize("call", BIPOLAR_CALLS)
@pytest.mark.parametrize("bad", NOT_BIPOLAR)
def test_patterns_outside_their_states_are_refused(call, bad):
    function, name = ARRAY_CALLS[call]
    what = "0 and 1: give bools" if bad.startswith("0/1") else r"holds (255|0|-?0\.5)"
    refuses(lambda: function(NOT_BIPOLAR[bad]), ValueError, rf"^{name} must be -1 or \+1.*{what}")


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
    "Sign": lambda rng: hf.Sign(tie="random")(np.zeros(3), np.ones(3), rng),
    "HeatBath": lambda rng: hf.HeatBath(T=1.0)(np.zeros(3), np.ones(3), rng),
    "Shuffled": lambda rng: hf.Shuffled()(5, rng),
    "Random": lambda rng: hf.Random()(5, rng),
}


@pytest.mark.parametrize("call", RNG_CALLS)
@pytest.mark.parametrize("bad", BAD_RNG)
def test_what_is_no_seed_is_refused(call, bad):
    value, error, what = BAD_RNG[bad]
    refuses(lambda: RNG_CALLS[call](value), error, rf"^rng must be .*{what}")


SEEDS_OF_7 = {
    "an integer": lambda: 7,
    "NumPy's integer": lambda: np.uint8(7),
    "a large integer": lambda: 2**70,
    "a list": lambda: [7, 1],
    "a tuple": lambda: (7, 1),
    "a range": lambda: range(7, 9),
    "an array": lambda: np.array([7, 1]),
    "SeedSequence": lambda: np.random.SeedSequence(7),
    "a BitGenerator": lambda: np.random.PCG64(7),
    "another BitGenerator": lambda: np.random.MT19937(7),
    "a Generator": lambda: np.random.default_rng(7),
}
DRAWS = {
    "random_patterns": lambda rng: hf.random_patterns(2, 50, rng=rng),
    "uniform_weights": lambda rng: hf.uniform_weights(7, rng=rng),
    "flip": lambda rng: hf.flip(np.ones(50), 10, rng=rng),
    "blank": lambda rng: hf.blank(np.ones(50), 10, rng=rng),
    "replace": lambda rng: hf.replace(np.ones(50), -np.ones(50), 10, rng=rng),
    "recall": lambda rng: (
        hf.recall(
            M, X, neuron=hf.HeatBath(2.0), updates=30, record=hf.record.states("update"), rng=rng
        ).trace
    ),
    "Shuffled": lambda rng: hf.Shuffled()(50, rng),
    "Random": lambda rng: hf.Random()(50, rng),
    "a neuron": lambda rng: hf.HeatBath(2.0)(np.zeros(50), np.ones(50), rng),
    "Potts": lambda rng: hf.Potts(5, T=2.0)(np.zeros(50), np.ones(50), rng),
}


@pytest.mark.parametrize("call", DRAWS)
@pytest.mark.parametrize("seed", SEEDS_OF_7)
def test_whatever_default_rng_takes_is_a_seed(call, seed):
    draw, make = DRAWS[call], SEEDS_OF_7[seed]
    assert np.array_equal(draw(make()), draw(make()))
    np.random.default_rng(make())  # which takes it too
    source = make()
    if isinstance(source, (np.random.Generator, np.random.BitGenerator)):
        first = draw(source)
        assert not np.array_equal(first, draw(source)) or call == "replace"
        assert np.array_equal(first, draw(make()))


@pytest.mark.parametrize("call", [call for call in DRAWS if call not in ("blank", "replace")])
def test_without_a_seed_each_call_draws_anew(call):
    assert not np.array_equal(DRAWS[call](None), DRAWS[call](None))


@pytest.mark.parametrize("call", DRAWS)
def test_seeds_that_differ_draw_otherwise(call):
    seeds = [7, 8, [7], [7, 0], [0, 7], 2**70, np.random.SeedSequence(7), np.random.PCG64(8)]
    drawn = [DRAWS[call](seed).tobytes() for seed in seeds]
    assert len(set(drawn)) >= len(seeds) - 1  # the integer 7 and the list of it are one seed
    assert drawn[0] == drawn[2]


def test_an_integer_is_salted_with_its_purpose_and_a_generator_is_not():
    n, ones = 400, np.ones(400, dtype=np.int8)
    a = hf.flip(ones, 0.5, rng=7) == 1
    b = hf.random_patterns(1, n, rng=7)[0] == 1
    c = hf.blank(ones, 0.5, rng=7) == 0
    for x, y in ((a, b), (a, c), (b, c)):
        assert abs((x == y).mean() - 0.5) < 0.1
    flipped = hf.flip(ones, 0.5, rng=np.random.PCG64(7)) == 1
    blanked = hf.blank(ones, 0.5, rng=np.random.PCG64(7)) == 0
    assert np.array_equal(~flipped, blanked)  # the control: the same words choose the same neurons


def test_a_global_state_is_never_moved():
    for draw in DRAWS.values():
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        draw(5)
        assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


COUNT_CALLS = {
    "random_patterns p": (lambda k: hf.random_patterns(k, 5, rng=0), "p"),
    "random_patterns p of several": (lambda k: hf.random_patterns((2, k), 5, rng=0), "p"),
    "random_patterns n": (lambda k: hf.random_patterns(2, k, rng=0), "n"),
    "uniform_weights": (lambda k: hf.uniform_weights(k, rng=0), "n"),
    "neighbours": (lambda k: hf.patterns.neighbours(X[0], k), "k"),
    "Bias": (lambda k: hf.Bias(0.5, [k] if k is None else k), "n"),
    "sweeps": (lambda k: hf.recall(M, X[0], sweeps=k), "sweeps"),
    "updates": (lambda k: hf.recall(M, X[0], updates=[k] if k is None else k), "updates"),
    "step": (lambda k: hf.Run(M, X[0]).step(k), "n"),
    "finish": (lambda k: hf.Run(M, X[0]).finish(k), "sweeps"),
    "degree": (lambda k: hf.DenseMemory(X, "power", degree=k), "degree"),
    "power": (separation.power, "degree"),
    "q": (lambda k: hf.Potts(k), "q"),
    "Flow": (lambda k: hf.Flow(0.1)(k, None), "n"),
    "rectified": (separation.rectified, "degree"),
    "Sync": (lambda k: hf.Sync()(k, None), "n"),
    "Sequential": (lambda k: hf.Sequential()(k, None), "n"),
    "Given": (lambda k: hf.Given([0, 1])(k, None), "n"),
    "Given at": (lambda k: hf.Given([0, 1]).at(k, 2), "sweep"),
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
    "degree",
    "power",
    "rectified",
    "Sync",
    "Sequential",
    "Given",
    "Blocks",
    "Shuffled",
    "Random",
]


@pytest.mark.parametrize("call", AT_LEAST_ONE)
def test_no_neurons_and_no_patterns_are_refused(call):
    function, name = COUNT_CALLS[call]
    refuses(lambda: function(0), ValueError, rf"^{name} must be .*not 0$")


@pytest.mark.parametrize(("call", "beyond"), [("neighbours", 6), ("power", 101)])
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
    ],
)
def test_arrays_that_no_machine_holds_are_refused_before_they_are_made(call, huge):
    function, name = COUNT_CALLS[call]
    refuses(lambda: function(huge), ValueError, rf"{name}\b.* must ask for .* values at most")


NUMBER_CALLS = {
    "threshold": (lambda v: hf.binarise(X, v), "threshold"),
    "T": (hf.HeatBath, "T"),
    "T of Potts": (lambda v: hf.Potts(3, v), "T"),
    "beta": (hf.Graded, "beta"),
    "tolerance": (lambda v: hf.Linear(tolerance=v), "tolerance"),
    "dt": (hf.Flow, "dt"),
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


@pytest.mark.parametrize("bad", [None, 1, "01", (1,), (0, 1, 2), {0: 1, 1: 2}, {0, 1}, np.array(0)])
def test_states_that_are_not_two_are_refused(bad):
    for call in (
        lambda: hf.random_patterns(2, 5, rng=0, states=bad),
        lambda: hf.flip(X, 1, rng=0, states=bad),
    ):
        refuses(call, ValueError, r"^states must be two numbers \(low, high\), not ")


@pytest.mark.parametrize("bad", [1, 0, None, "no", np.ones(2), [], Stubborn()])
def test_what_merely_counts_as_true_is_refused(bad):
    for call, name in (
        (lambda: hf.Couplings(np.eye(3), self_coupling=bad), "self_coupling"),
        (lambda: hf.Hebbian(X, self_coupling=bad), "self_coupling"),
    ):
        refuses(call, TypeError, f"^{name} must be True or False, not ")


NAMES = {
    "tie": (lambda v: hf.Sign(tie=v), "keep, up, down, random"),
    "coding": (lambda v: hf.hebb(X, coding=v), "bipolar, 01"),
    "separation": (lambda v: hf.DenseMemory(X, v), "square, power, rectified, exponential"),
    "every": (hf.record.states, "update, sweep"),
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
    refuses(lambda: hf.DenseMemory(X, bad), TypeError, "^separation must be a Separation, not ")


MEMORY_CALLS = {
    "recall": lambda m: hf.recall(m, X[0]),
    "Run": lambda m: hf.Run(m, X[0]),
}


@pytest.mark.parametrize("call", MEMORY_CALLS)
@pytest.mark.parametrize("bad", NOT_PARTS)
def test_what_is_no_memory_is_refused(call, bad):
    refuses(lambda: MEMORY_CALLS[call](NOT_PARTS[bad]), TypeError, "^memory must be .*, not ")


@pytest.mark.parametrize("bad", [k for k in NOT_PARTS if k not in ("none", "a neuron")])
def test_what_is_no_neuron_is_refused(bad):
    value = hf.Sign if bad == "a class" else NOT_PARTS[bad]
    for call in (lambda: hf.recall(M, X[0], neuron=value),):
        refuses(call, TypeError, "^neuron must be a hopfield neuron, not ")


def test_a_neuron_of_ones_own_is_told_what_it_lacks():
    class Bare:
        random = False

        def __call__(self, h, s, rng):
            return h

    said = "^neuron must .*; hf.Sign.. is one, and one of your own has states, settled$"
    refuses(lambda: hf.recall(M, X[0], neuron=Bare()), TypeError, said)
    refuses(lambda: hf.recall(M, X[0], neuron=3), TypeError, "^neuron must .*; hf.Sign.. is one$")


@pytest.mark.parametrize("bad", [k for k in NOT_PARTS if k not in ("none", "an order")])
def test_what_is_no_order_is_refused(bad):
    value = hf.Sync if bad == "a class" else NOT_PARTS[bad]
    for call in (lambda: hf.recall(M, X[0], order=value),):
        refuses(call, TypeError, "^order must be a hopfield order, not ")


@pytest.mark.parametrize("bad", [k for k in NOT_PARTS if k != "a bias of any number of neurons"])
def test_what_is_no_memory_cannot_be_summed(bad):
    value = NOT_PARTS[bad]
    refuses(lambda: Sum([M, value]), TypeError, "^memories must hold memories of n neurons, not ")
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
    "Couplings": (
        hf.Couplings,
        {"weights": sparse(), "self_coupling": FLAG, "divisor": one_of(1, 1e-300)},
        lambda out, a: out.n >= 2,
    ),
    "Hebbian": (
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
    "Given": (hf.Given, {"sites": one_of([2, 0, 2])}, lambda out, a: (out.sites >= 0).all()),
    "Blocks": (
        lambda a, b: hf.Blocks(a, b),
        {"a": one_of(slice(2), [0, 1]), "b": one_of([4, 3, 2])},
        lambda out, a: len(out.blocks) == 2,
    ),
    "Sync called": (hf.Sync(), {"n": SOME, "rng": GENERATOR}, None),
    "Shuffled called": (hf.Shuffled(), {"n": SOME, "rng": SEEDS}, None),
    "Random called": (hf.Random(), {"n": SOME, "rng": SEEDS}, None),
    "power": (separation.power, {"degree": one_of(2, 3)}, None),
    "rectified": (separation.rectified, {"degree": one_of(2, 3)}, None),
    "record.states": (hf.record.states, {"every": EVERY}, None),
    "record.energy": (hf.record.energy, {"every": EVERY}, None),
    "record.overlaps": (hf.record.overlaps, {"patterns": ROWS, "every": EVERY}, None),
    "record.hamming": (hf.record.hamming, {"pattern": ROW, "every": EVERY}, None),
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
        lambda out, a: 0 <= out.moved <= N and out.why in ("", "fixed point"),
    ),
    "finish": (lambda sweeps: hf.Run(M, X[0], rng=0).finish(sweeps), {"sweeps": SMALL}, None),
    "field": (lambda m, s: m.field(s), {"m": MEMORIES, "s": ROWS}, rows_like("s")),
    "gradient": (lambda m, s: m.gradient(s), {"m": MEMORIES, "s": ROWS}, rows_like("s")),
    "energy of a state": (
        lambda m, s: m.energy(s),
        {"m": MEMORIES, "s": ROWS},
        lambda out, a: np.shape(out) == np.shape(a["s"])[:-1],
    ),
    "open": (lambda m, s: m.open(s).fields(np.array([0])), {"m": MEMORIES, "s": ROWS}, None),
    "stable": (lambda m, s: m.stable(s), {"m": MEMORIES, "s": ROWS}, None),
    "recode": (
        lambda m, low, high: m.recode(low, high).field(np.full(N, high)),
        {"m": SIGNED, "low": LOW, "high": HIGH},
        lambda out, a: out.shape == (N,),
    ),
    "times": (lambda m, w: w * m, {"m": MEMORIES, "w": PART}, lambda out, a: out.n == N),
}


# Good arguments that may not go together: patterns and a coding, asymmetric W and an energy ...
CHOOSY = {
    "Hebbian",
    "Couplings",
    "Bias",
    "Sum",
    "stable",
    "blank",
    "flip",
    "recall",
    "a cue",
    "Run",
    "energy of a state",
}


@pytest.mark.parametrize("name", FREE)
@settings(max_examples=40)
@given(data=st.data())
def test_garbage_is_refused_or_does_no_harm(name, data):
    is_refused_or_harmless(FREE[name], data, choosy=name in CHOOSY)

"""Bad input of every kind, and how it must end: in one sentence that names the argument.

The tests of each room take the families that its calls have, and garbage for all of them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import hopfield as hf
from hopfield import separation

N = 5

X = np.array([[1, -1, 1, 1, -1], [-1, -1, 1, -1, 1], [1, 1, -1, 1, 1]], dtype=np.int8)

M = hf.hebb(X)
RAGGED = [[1, -1], [1]]

ASYMMETRIC = hf.Couplings([[0, 1], [2, 0]])


class Stubborn:
    """What refuses to be an array, and to be printed."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")

    def __repr__(self):
        raise KeyError("no text")


def refuses(call, error, pattern):
    """Assert that the call raises the error, in one sentence that matches the pattern."""
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value)
    assert re.search(pattern, text), text
    assert is_a_sentence(text), text


def is_a_sentence(text):
    return bool(text.strip()) and "\n" not in text and len(text) < 300


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
    "a sparse matrix": (scipy.sparse.eye_array(N), TypeError, "not sparse: give its .toarray"),
    "blocks of a sparse matrix": (
        scipy.sparse.bsr_array(np.eye(N)),
        TypeError,
        "not sparse: give its .toarray",
    ),
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

NOT_BIPOLAR = {
    "0/1 integers": (X > 0) * 1,
    "0/1 numbers": (X > 0) * 1.0,
    "grey levels": (X > 0) * np.uint8(255),
    "a half": X * 0.5,
    "zeros among them": X * (X[:, ::-1] > 0),
}

BAD_RNG = {
    "negative": (-1, ValueError, "-1"),
    "bool": (True, TypeError, "True"),
    "NumPy's bool": (np.True_, TypeError, "True"),
    "float": (1.0, TypeError, r"1\.0"),
    "text": ("1", TypeError, "'1'"),
    "a list of floats": ([1, 2.0], TypeError, r"\[1, 2\.0\]"),
    "a list with a negative one": ([1, -2], ValueError, r"\[1, -2\]"),
    "no list": ([], TypeError, r"\[\]"),
    "RandomState": (np.random.RandomState(0), TypeError, "RandomState"),
    "the global state": (np.random, TypeError, "module"),
    "the class": (np.random.Generator, TypeError, "class"),
    "a span": (np.timedelta64(1, "s"), TypeError, "timedelta64"),
    "stubborn": (Stubborn(), TypeError, "a Stubborn"),
}

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

# ---- garbage ---------------------------------------------------------------------------------

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
    hf.DenseMemory(X, separation.power(3)),
    hf.DenseMemory(X, separation.rectified(2)),
    hf.DenseMemory(X, separation.exponential),
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


def is_refused_or_harmless(row, data, choosy=False):
    """Assert that a call with some garbage among its arguments ends in a sentence or an answer.

    Parameters
    ----------
    row : (call, dict of strategies, check)
        The strategies draw good values for each argument; the check, if any, takes what comes out
        and the arguments.
    choosy : bool
        Whether good arguments may not go together.
    """
    call, good, check = row
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
        assert bad or choosy, text
    else:
        assert is_finite(out)
        assert check is None or check(out, arguments)


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

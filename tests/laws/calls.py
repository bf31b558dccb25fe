"""Bad calls of every public name, drawn at random: a test makes some, `make fuzz` goes on.

Each name that `__init__.pyi` and the public modules list is called, and each method and operator
of objects of this package, with good arguments of which one or two are exchanged for nasty ones.
A call must end in an answer or in one of our own errors: one sentence, from a ``raise`` of ours.
Nothing else may come out, no warning of NumPy's, and no argument may be changed. A call has so
much memory; one that takes long is cut and counted, as how long a call takes is the caller's to
say.

    python tests/laws/calls.py --seed 3            goes on until Ctrl-C, and prints each new fault
    python tests/laws/calls.py --seed 3 --call 17  makes that call alone
    python tests/laws/calls.py --only learning.    makes calls of those names alone
"""

from __future__ import annotations

import argparse
import dis
import inspect
import itertools
import json
import operator
import os
import random
import re
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import scipy.sparse

import hopfield as hf
from hopfield.base.progress import Progress
from hopfield.base.streams import Streams

HOME = str(Path(hf.__file__).parent)
DRAW = (
    "random_patterns",
    "order",
    "Sync",
    "Flow",
    "Shuffled",
    "Random",
    "Sequential",
    "one_hot",
    "queens",
)  # as large as asked
OURS = (ValueError, TypeError, ImportError)  # BadFile and NoEnergy are such
MEMORY = 6 * 2**30  # bytes of address space
LATE = 5  # seconds, after which a call is cut
N = 5
X = np.array([[1, -1, 1, 1, -1], [-1, -1, 1, -1, 1], [1, 1, -1, 1, 1]], dtype=np.int8)

# What writes, prints, draws all plates, starts processes, or asserts what it was given.
LEFT_OUT = (
    "lessons.",
    "analysis.testing.",
    ".show_versions",
    "scans.scan",
    ".scan",
    ".tour",
    "io.files.savable",
)
# What the loop and the engine ask of parts, with arguments that were checked before.
INNER = {
    "signed",
    "of_whole",
    "numerators",
    "open",
    "form",
    "draw",
    "settled",
    "from_dict",
    "heed",
    "exceeded",
    "answer",
    "turn",
    "spread",
    "toward",
}
# What holds what others found, and is made by them.
RECORDS = (
    "Results",
    "Recall",
    "Identity",
    "Attractors",
    "Basins",
    "Job",
    "Progress",
    "Estimate",
    "Counts",
    "Point",
    "Rule",
    "Model",
    "Separation",
)
CALLED = {
    "progress",
    "measure",
    "record",
}  # a callable that is called with one thing: its errors are its own


class Late(BaseException):
    """A call took longer than it may."""


class Stubborn:
    """What refuses to be an array, to be printed, to be counted and to be compared."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")

    def __repr__(self):
        raise KeyError("no text")

    def __len__(self):
        raise OSError("no length")

    def __eq__(self, other):
        raise ArithmeticError("no comparison")

    __hash__ = None


class Pretender:
    """What has every attribute, and each is a number."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return 3


def nasty():
    """Return what makes each nasty value, by name."""
    two = np.zeros((2, 2))
    numbers = [
        0,
        1,
        -1,
        2,
        3,
        2**31,
        2**63,
        -(2**63),
        10**70,
        10**400,
        True,
        False,
        0.5,
        -0.0,
        1.5,
        1e-320,
        1e300,
        float("nan"),
        float("inf"),
        -float("inf"),
        1j,
        Decimal(1),
        Fraction(1, 2),
    ]
    kinds = [
        np.uint8(250),
        np.int8(-1),
        np.uint64(3),
        np.uint64(2**63),
        np.float16(1),
        np.float32("nan"),
        np.float64(2),
        np.longdouble("1e4000"),
        np.complex64(1j),
        np.True_,
        np.str_("x"),
        np.timedelta64(1, "D"),
        np.datetime64("2000-01-01"),
        np.bytes_(b"x"),
        np.void(b"abc"),
    ]
    plain = [
        None,
        "x",
        "",
        "\0",
        "x" * 10**5,
        "/",
        b"x",
        bytearray(b"x"),
        (),
        [],
        {},
        [[]],
        [[], [1]],
        [None],
        ["1", "-1"],
        [[1, -1], [1]],
        [[1, -1, 1, 1, -1]],
        {"a": 1},
        {1, -1},
        range(5),
        slice(None),
        Ellipsis,
        NotImplemented,
        [2**70, 1],
        [True, False],
        (1, 0),
        (0, 1),
        (0, 0),
        [np.nan] * 5,
        [[[[1]]]],
        10**5000,
        -(10**5000),
    ]
    arrays = {
        "an empty array": lambda: np.empty(0),
        "no rows": lambda: np.empty((0, N)),
        "empty rows": lambda: np.empty((3, 0)),
        "a 0-d array": lambda: np.array(1.0),
        "a 3-d array": lambda: np.ones((2, 3, N)),
        "a 33-d list": lambda: eval("[" * 33 + "1" + "]" * 33),
        "a large array": lambda: np.ones((1200, 1100)),
        "a repeated array": lambda: np.broadcast_to(np.int8(1), (3000, 4000)),
        "complex rows": lambda: X * 1j,
        "objects": lambda: np.array([1, None, "x"], dtype=object),
        "object rows": lambda: X.astype(object),
        "texts": lambda: np.array(["a", "b"]),
        "dates": lambda: np.zeros(N, "M8[s]"),
        "spans": lambda: np.zeros(N, "m8[s]"),
        "records": lambda: np.zeros(N, dtype=[("a", "f8")]),
        "nans": lambda: np.full((3, N), np.nan),
        "infinities": lambda: np.full(N, np.inf),
        "huge numbers": lambda: np.full((3, N), 1e200),
        "tiny numbers": lambda: np.full((3, N), 1e-310),
        "half floats": lambda: X.astype(np.float16),
        "big-endian": lambda: X.astype(">f8"),
        "unsigned": lambda: np.array([0, 1, 255, 3, 4], np.uint8),
        "large unsigned": lambda: np.full(N, 2**64 - 1, np.uint64),
        "long doubles": lambda: np.full((3, N), np.longdouble("1e3000")),
        "0/1": lambda: (X > 0) * 1,
        "bools": lambda: X > 0,
        "backwards": lambda: X[::-1, ::-1],
        "read only": lambda: _frozen(X.copy()),
        "masked": lambda: np.ma.masked_equal(X, 1),
        "a matrix": lambda: np.matrix(X),
        "a square": lambda: np.eye(N),
        "a zero square": lambda: np.zeros((N, N)),
        "two by two": lambda: two.copy(),
        "a memoryview": lambda: memoryview(X[0].copy()),
        **{
            f"sparse {kind}": lambda kind=kind: getattr(scipy.sparse, f"{kind}_array")(np.eye(N))
            for kind in ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")
        },
        "a sparse matrix": lambda: scipy.sparse.csr_matrix(two),
        "sparse complex": lambda: scipy.sparse.csr_array(np.eye(N) * 1j),
        "sparse nan": lambda: scipy.sparse.csr_array(np.eye(N) * np.nan),
        "a sparse row": lambda: scipy.sparse.coo_array(np.ones(N)),
    }
    things = {
        "an object": object,
        "a stubborn thing": Stubborn,
        "a pretender": Pretender,
        "a generator": lambda: (k for k in [1, -1]),
        "an iterator": lambda: iter([1, -1]),
        "a class": lambda: hf.Sign,
        "a dtype": lambda: np.dtype(float),
        "a module": lambda: np.random,
        "a lambda": lambda: lambda *args, **options: None,
        "a function": lambda: np.sum,
        "an exception": lambda: ValueError("x"),
        "the base of memories": hf.Memory,
        "a bias of any number": lambda: hf.Bias(0.5),
        "a RandomState": lambda: np.random.RandomState(0),
        **{f"some {name}": make for name, make in objects().items()},
    }
    values = {_word(v): lambda v=v: v for v in (*numbers, *kinds)}
    values |= {_word(v): lambda v=v: _fresh(v) for v in plain}
    return values | arrays | things


def _word(value):
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**80 else "a huge integer"
    return f"{type(value).__name__} {text[:30]}"


def _fresh(value):
    return type(value)(value) if isinstance(value, (list, dict, set, bytearray)) else value


def _frozen(array):
    array.flags.writeable = False
    return array


def objects():
    """Return what makes objects of this package, whose methods are called too."""

    def memory():
        return hf.hebb(X)

    return {
        "Hebbian": memory,
        "Couplings": lambda: hf.Couplings(np.eye(N, k=1) + np.eye(N, k=-1)),
        "asymmetric Couplings": lambda: hf.Couplings([[0, 1], [2, 0]]),
        "sparse Couplings": lambda: hf.Couplings(scipy.sparse.csr_array(np.eye(N, k=1))),
        "Bias": lambda: hf.Bias(np.arange(N)),
        "sum": lambda: memory() + hf.Bias(0.5),
        "scaled": lambda: 2 * memory(),
        "recoded": lambda: memory().recode(0, 1),
        "DenseMemory": lambda: hf.dense(X, 3),
        "Attention": lambda: hf.modern(X),
        "Epanechnikov": lambda: hf.models.epanechnikov(X, 0.3),
        "Associations": lambda: hf.sequence(X),
        "DenseAssociations": lambda: hf.sequence(X, separation=hf.separation.power(3)),
        "KernelMemory": lambda: hf.learning.kernel(X),
        "Willshaw": lambda: hf.learning.willshaw(X),
        "Delayed": lambda: hf.sequence(X, delay=1),
        "Projection": lambda: hf.learning.pseudo_inverse(X),
        "covariance": lambda: hf.learning.covariance(X, coding="bipolar"),
        "Potentials": lambda: hf.models.Potentials(memory(), 1),
        "Adapting": lambda: hf.models.Adapting(memory(), 0.1, 2),
        "potts": lambda: hf.models.potts([[0, 1, 2], [2, 1, 1]], 3),
        "Code": lambda: hf.pictures.Code((1, 5), "reals"),
        "Plane": lambda: hf.landscape.Plane.of(X),
        "Sign": hf.Sign,
        "Sign(0, 1)": lambda: hf.Sign(0, 1),
        "HeatBath": lambda: hf.HeatBath(0.5),
        "Linear": hf.Linear,
        "Graded": lambda: hf.Graded(2),
        "Tiring": lambda: hf.models.Tiring(0.1, 2),
        "Potts": lambda: hf.Potts(3),
        "Anneal": lambda: hf.Anneal([1, 0.5, 0]),
        "Sync": hf.Sync,
        "Random": hf.Random,
        "Shuffled": hf.Shuffled,
        "Sequential": lambda: hf.Sequential([1, 0, 2, 3, 4]),
        "Blocks": lambda: hf.Blocks([0, 2], [1, 3, 4]),
        "Flow": lambda: hf.Flow(0.1),
        "Flow with noise": lambda: hf.Flow(0.1, noise=0.2, time=[1, 2, 1, 2, 1]),
        "Recall": lambda: hf.recall(memory(), X[0], rng=1),
        "Recall of many": lambda: hf.recall(memory(), X, rng=1, record=hf.record.overlaps(X)),
        "Run": lambda: hf.Run(memory(), X, rng=1, record=hf.record.energy()),
        "Record": lambda: hf.record.states(),
        "Basins": lambda: hf.landscape.basins(memory(), rng=1),
        "Attractors": lambda: hf.landscape.attractors(memory(), neuron=hf.Graded(2)),
        "Identity": lambda: hf.landscape.identify(X[0], X),
        "Separation": lambda: hf.separation.power(3),
        "Counts": lambda: hf.experiments.count(up=True, x=[0.5, 1.0]),
        "Crosstalk": lambda: hf.experiments.Crosstalk(N=20),
        "Temperature": lambda: hf.experiments.Temperature(N=20, P=2, sweeps=5),
        "Rule": lambda: hf.learning.RULES["hebb"],
        "Model": lambda: hf.models.MODELS["modern"],
        "Diagnosis": lambda: hf.diagnose(memory(), X, starts=3),
        "Progress": lambda: Progress("x", 1, 2, "things"),
        "Results": _results,
    }


def _results():
    return hf.scan(hf.experiments.Crosstalk, N=20, alpha=[0.1, 0.2], repeats=3, on=1)


def good(name, target):
    """Return a good value of a parameter, by its name; None where there is none."""
    rows, row, number = lambda: X.copy(), lambda: X[0].copy(), lambda: 0.1
    weights = lambda: np.ones((N, N)) - np.eye(N)  # noqa: E731
    known = {
        "memory": objects()["Hebbian"],
        "neuron": hf.Sign,
        "order": hf.Shuffled,
        "cue": rows,
        "cues": rows,
        "patterns": rows,
        "pattern": row,
        "stored": rows,
        "recalled": rows,
        "x": rows,
        "a": row,
        "b": row,
        "s": rows,
        "h": lambda: X * 0.5,
        "state": row,
        "keys": rows,
        "values": rows,
        "starts": rows,
        "rng": lambda: 1,
        "n": lambda: N,
        "N": lambda: 20,
        "P": lambda: 2,
        "p": lambda: 3,
        "k": lambda: 2,
        "q": lambda: 3,
        "degree": lambda: 3,
        "beta": lambda: 2.0,
        "T": lambda: 0.5,
        "load": number,
        "alpha": number,
        "noise": number,
        "activity": lambda: 0.3,
        "threshold": lambda: 0.2,
        "coding": lambda: "bipolar",
        "adjacency": weights,
        "distances": weights,
        "weights": weights,
        "tour": lambda: [0, 1, 2, 3, 4],
        "outputs": lambda: np.eye(N).ravel(),
        "states": lambda: (-1, 1),
        "sites": lambda: [0, 1, 2],
        "where": lambda: [0, 1],
        "keep": lambda: 0.5,
        "other": row,
        "low": lambda: -1,
        "high": lambda: 1,
        "tie": lambda: "keep",
        "temperatures": lambda: [1, 0],
        "dt": number,
        "margin": number,
        "bias": number,
        "error": number,
        "every": lambda: "sweep",
        "separation": lambda: hf.separation.power(3),
        "hold": lambda: hf.separation.power(2),
        "t": lambda: 2.0,
        "tau": lambda: 8.0,
        "gamma": number,
        "ridge": number,
        "steps": lambda: 3,
        "together": lambda: np.ones((N, N)),
        "active": lambda: 2,
        "attention": lambda: "softmax",
        "result": objects()["Recall"],
        "results": _results,
        "rule": lambda: "hebb",
        "name": lambda: "x",
        "names": lambda: None,
        "path": lambda: "some.npz",
        "thing": objects()["Bias"],
        "times": lambda: 3,
        "trace": lambda: np.ones((4, 3)),
        "title": lambda: "title",
        "y": lambda: [1, 2, 3],
        "updates": lambda: 5,
        "marked": lambda: 2,
        "candidates": lambda: 2,
        "first": lambda: 0,
        "samples": lambda: 3,
        "start": number,
        "stop": lambda: 1.0,
        "count": lambda: 3,
        "half": lambda: 0.5,
        "largest": lambda: 2.0,
        "flipped": number,
        "shared": lambda: 1,
        "successes": lambda: 1,
        "trials": lambda: 3,
        "strength": lambda: 2.0,
        "delay": lambda: 1,
        "decay": lambda: 2.0,
        "epsilon": number,
        "now": objects()["Hebbian"],
        "late": objects()["Hebbian"],
        "values_": rows,
        "size": lambda: None,
        "recall_or_states": rows,
        "streams": lambda: Streams.of_seed,
        "progress": lambda: None,
        "replica": lambda: 0,
        "sweeps": lambda: 5,
        "experiment": lambda: hf.experiments.Crosstalk,
        "m": lambda: 2,
        "quality": lambda: 0.5,
        "features": lambda: 0.2,
        "examples": lambda: 4,
    }
    if target.startswith("learning.") and name == "examples":
        return lambda: X[:, None] * np.int8([1, 1, -1])[:, None]
    if target.endswith("random_features") and name == "features":
        return rows
    if target.endswith(("flip", "neighbours")) and name == "x":
        return row
    if "landscape.basins" in target and name == "samples":
        return lambda: None
    if "attractors" in target and name in ("neuron", "samples"):
        return (lambda: hf.Graded(2)) if name == "neuron" else (lambda: None)
    if "plots.basins" in target and name == "b":
        return objects()["Basins"]
    if "plots" in target and name == "q":
        return lambda: [1, -3, 5]
    if "(Plane)" in target and name == "places":
        return lambda: np.array([[0.5, -0.2]])
    if "Code" in target and name in ("shape", "mask", "images", "states"):
        mask = np.array([[True, False, True, True, False]])
        return lambda: {"shape": (1, 5), "mask": mask}.get(name, np.array([[[0, 3, 9, 255, 7]]]))
    if "plots.curve" in target and name == "x":
        return lambda: [1, 2, 3]
    if ("one_hot" in target and name == "states") or ("potts" in target and name == "patterns"):
        return lambda: [[0, 1, 2]]
    if target.endswith(".cite") and name == "used":
        return lambda: "hebb"
    if "models.bam" in target:
        return rows
    return known.get(name)


def targets():
    """Return every public call: (name, what makes the callable, its parameters)."""
    found, seen = {}, set()

    def walk(module):
        for name in module.__all__:
            thing, whole = getattr(module, name), f"{module.__name__[9:]}.{name}"
            if inspect.ismodule(thing):
                if thing.__name__.startswith("hopfield.") and thing not in seen:
                    seen.add(thing)
                    walk(thing)
            elif callable(thing) and not (
                inspect.isclass(thing) and issubclass(thing, BaseException)
            ):
                found[whole] = (lambda thing=thing: thing), _parameters(thing)

    walk(hf)
    found["experiments.base.likelihood_interval"] = (
        (lambda: hf.experiments.base.likelihood_interval),
        ["successes", "trials"],
    )
    for name, make in objects().items():
        thing = make()
        for method in sorted(dir(type(thing))):
            bound = getattr(thing, method, None)
            public = not method.startswith("_") or method == "__call__"
            if callable(bound) and public and method not in INNER:
                found[f"({name}).{method}"] = (
                    (lambda make=make, method=method: getattr(make(), method)),
                    _parameters(bound),
                )
    for name in ("Hebbian", "Couplings", "sum", "Bias", "Recall", "Sign", "Counts", "Basins"):
        for op in ("add", "sub", "mul", "truediv", "eq"):
            for turn in (False, True):
                found[f"({name}) {op}{' turned' * turn}"] = (
                    (lambda name=name, op=op, turn=turn: _operation(name, op, turn)),
                    ["operand"],
                )
    left_out = (*LEFT_OUT, *(f".{record}" for record in RECORDS))
    return {k: v for k, v in found.items() if not (k.startswith(left_out) or k.endswith(left_out))}


def _operation(name, op, turn):
    """Return an operation of an object and an operand; Python's own refusals are its own."""
    thing, function = objects()[name](), getattr(operator, op)

    def operate(operand):
        try:
            return function(operand, thing) if turn else function(thing, operand)
        except Exception as error:
            frames = traceback.walk_tb(error.__traceback__)
            if not any(_ours(frame.f_code) for frame, _ in frames):
                return None
            raise

    return operate


def _parameters(thing):
    try:
        parameters = inspect.signature(thing).parameters.values()
    except ValueError:
        return []
    return [p for p in parameters if p.name != "self"]


class Calls:
    """The calls of a seed: the same each time."""

    def __init__(self, seed):
        self.seed, self.targets, self.nasty = seed, targets(), nasty()
        self.names, self.words = sorted(self.targets), sorted(self.nasty)

    def draw(self, k):
        """Return a call: the name, the callable, and how its arguments are made."""
        draws = random.Random(f"{self.seed}/{k}")
        name = draws.choice(self.names)
        make, parameters = self.targets[name]
        arguments = {}
        bad = draws.choice([1, 1, 1, 2])
        parameters = [p if isinstance(p, str) else (p.name, p) for p in parameters]
        pairs = [(p, None) if isinstance(p, str) else p for p in parameters]
        chosen = draws.sample(range(len(pairs)), min(bad, len(pairs)))
        for j, (key, parameter) in enumerate(pairs):
            variable = parameter is not None and parameter.kind in (
                parameter.VAR_POSITIONAL,
                parameter.VAR_KEYWORD,
            )
            required = parameter is None or parameter.default is parameter.empty
            word = draws.choice(self.words)
            if j in chosen and key in CALLED and callable(self.nasty[word]()):
                word = "int 3"
            if j in chosen and not (key == "name" and name.endswith("bipolar")):
                arguments[key] = (word, self.nasty[word])
            elif (required and not variable) or (variable and key == "used"):
                value = good(key, name)
                arguments[key] = ("good", value) if value else (word, self.nasty[word])
        return name, make, arguments, dict(pairs)

    def text(self, k):
        """Say what a call is."""
        name, _, arguments, _ = self.draw(k)
        return f"{name}({', '.join(f'{key}={word}' for key, (word, _) in arguments.items())})"

    def make(self, k):
        """Make a call; return (what it was, fault or None, what happened)."""
        _, make, arguments, parameters = self.draw(k)
        text = self.text(k)
        function = make()
        values = {key: value() for key, (_, value) in arguments.items()}
        args, options = _bind(values, parameters)
        before = {key: picture(value) for key, value in values.items()}
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            fault, how = None, "answered"
            try:
                signal.setitimer(signal.ITIMER_REAL, LATE)
                _use(function(*args, **options))
            except Late:
                how = "late"
            except BaseException as error:
                how, fault = "refused", judge(error)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        for w in warned:
            if fault is None and not issubclass(w.category, (UserWarning, ResourceWarning)):
                where = f"({_short(w.filename)}:{w.lineno})"
                fault = f"warned {w.category.__name__}: {w.message} {where}"
        for key, kept in before.items():
            if fault is None and picture(values[key]) != kept:
                fault = f"changed {key}"
        return text, fault, how


def _bind(values, parameters):
    """Return positional and keyword arguments, with those of *args and **options inside."""
    args, options = [], {}
    for key, value in values.items():
        p = parameters[key]
        if p is None or p.kind is p.POSITIONAL_ONLY:
            args.append(value)
        elif p.kind is p.VAR_POSITIONAL:
            args.append(value)
        elif p.kind is p.VAR_KEYWORD:
            options["alpha"] = value
        elif any(q is not None and q.kind is q.VAR_POSITIONAL for q in parameters.values()) and (
            p.kind is p.POSITIONAL_OR_KEYWORD
        ):
            args.append(value)
        else:
            options[key] = value
    return args, options


def _use(answer):
    """Ask an answer for what it puts off."""
    if inspect.isgenerator(answer):
        next(answer, None)
    if hasattr(answer, "__enter__"):
        with answer:
            pass
    if type(answer).__module__.startswith("hopfield"):
        repr(answer)


def picture(value):
    """Return what an argument looks like, as far as it can be changed."""
    if isinstance(value, np.ndarray):
        if value.size > 10**5 or value.dtype.kind == "O":
            return value.shape
        return value.shape, value.dtype, np.asarray(value).tobytes()
    if isinstance(value, (list, dict, set, bytearray)):
        return repr(value)
    if scipy.sparse.issparse(value):
        return value.shape, value.nnz, value.toarray().tobytes()
    return None


def judge(error):
    """Return what is wrong with an error, None where it is one of ours."""
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return f"{type(error).__name__}: {error}"
    last = error.__traceback__
    while last.tb_next:
        last = last.tb_next
    code = last.tb_frame.f_code
    inside = [f"{_short(f.f_code.co_filename)}:{n}" for f, n in frames if _ours(f.f_code)]
    raised = dis.opname[code.co_code[last.tb_lasti]] == "RAISE_VARARGS"
    try:
        said = re.sub(r"x{50,}", "x...", str(error))  # of a path as long
    except Exception:
        said = "(cannot be printed)"
    where = f"({inside[-1] if inside else _short(code.co_filename)})"
    if not isinstance(error, OURS) or not _ours(code) or not raised:
        return f"{type(error).__name__}: {' '.join(said.split())[:150]} {where}"
    if not said.strip() or "\n" in said or len(said) > 400:
        return f"no sentence: {said[:300]!r} {where}"
    return None


def _ours(code):
    return code.co_filename.startswith(HOME)


def _short(file):
    return file.removeprefix(HOME + "/") if file.startswith(HOME) else Path(file).name


def confine():
    """Limit the memory, cut what takes long, and go where files may be written."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    def late(number, frame):
        raise Late

    signal.signal(signal.SIGALRM, late)
    os.chdir(tempfile.mkdtemp())
    sys.set_int_max_str_digits(4300)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default="0")
    parser.add_argument("--calls", type=int)
    parser.add_argument("--call", type=int)
    parser.add_argument("--only", default="")
    parser.add_argument("--list", action="store_true", help="say what would be called")
    given = parser.parse_args()
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    calls = Calls(given.seed)
    confine()
    numbers = range(given.calls) if given.calls else itertools.count()
    if given.call is not None:
        numbers = [given.call]
    happened, faults = Counter(), {}
    with suppress(KeyboardInterrupt):
        for k in numbers:
            if given.only and not calls.draw(k)[0].startswith(given.only):
                continue
            if given.list:
                print(json.dumps({"call": k, "text": calls.text(k)}), flush=True)
                continue
            text, fault, how = calls.make(k)
            happened[how] += 1
            if how == "late":
                print(json.dumps({"late": k, "text": text}), flush=True)
            key = (text.partition("(")[0] if text[0] != "(" else text.split("(", 2)[1], fault)
            if fault and fault.startswith("MemoryError") and any(word in text for word in DRAW):
                continue
            if fault and key not in faults:
                faults[key] = k
                print(json.dumps({"call": k, "text": text, "fault": fault}), flush=True)
            if "plots" in text or "reports" in text:
                plt.close("all")
    if not given.list:
        print(json.dumps({"seed": given.seed, **happened, "faults": len(faults)}), flush=True)
    return 3 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

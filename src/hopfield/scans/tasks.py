"""Tasks: points of a grid, their strong ids, their random streams, and blocks of replicas.

A block starts at a multiple of its length, a power of two. Any two blocks are then nested or
apart, whoever cut them, so that files which were cut differently merge without counting twice.
"""

from __future__ import annotations

import hashlib
import json
import socket
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import Field, fields
from itertools import product
from math import isfinite, prod
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from ..base.checks import choice, count as whole, describe, number, room
from ..experiments.base import Counts, Experiment
from .code import foreign

_TRAVELLED = "<dynamic-code>"  # what cloudpickle, from 3.1.3 on, calls every file
DIGITS = 12  # of a grid's values, so that 0.15 is 0.15 however it was reached


class Block(NamedTuple):
    """Replicas first ... first + size - 1 of a point."""

    point: str
    first: int
    size: int


class Done(NamedTuple):
    """A finished task: a block, what it counted, and how."""

    block: Block
    counts: Counts
    seconds: float
    machine: str
    package: str
    finished: float


class OtherVersion(RuntimeError):
    """A worker has another version of the package than the driver."""


def grid(start: float, stop: float, count: int) -> tuple[Any, ...]:
    """Return equally spaced values of a parameter, both ends included.

    Parameters
    ----------
    start, stop : int or float
        The ends.
    count : int
        How many values, 2 or more.

    Returns
    -------
    tuple of float
        Rounded to 12 digits; integers where the ends and all values are.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.grid(0.05, 0.25, 5), hf.grid(100, 500, 3)
    ((0.05, 0.1, 0.15, 0.2, 0.25), (100, 300, 500))
    """
    ends = number(start, "start"), number(stop, "stop")
    room("count", whole(count, "count", 2))
    x = [float(f"{v:.{DIGITS}g}") for v in np.linspace(*ends, whole(count, "count", 2))]
    whole_ends = all(isinstance(end, (int, np.integer)) for end in (start, stop))
    if whole_ends and all(v.is_integer() for v in x):
        return tuple(map(int, x))
    return tuple(x)


def fields_of(experiment: Any) -> dict[str, Field[Any]]:
    """Return the parameters that a class of experiments has."""
    if not (isinstance(experiment, type) and issubclass(experiment, Experiment)):
        raise TypeError(
            "experiment must be a class such as hf.experiments.Capacity, "
            f"not {describe(experiment)}"
        )
    return {f.name: f for f in fields(experiment)}


def points_of(
    experiment: type[Experiment], parameters: Mapping[str, Any], limit: int
) -> list[Experiment]:
    """Return an experiment for each combination of the values given."""
    known = fields_of(experiment)
    for name in parameters:
        if name not in known and "__dataclass_params__" not in vars(experiment):
            raise TypeError(
                f"{experiment.__name__} must be a dataclass to have a parameter {name}: write "
                "@dataclass(frozen=True) above it"
            )
        choice(name, f"a parameter of {experiment.__name__}", known)
    given = {name: several(value, name) for name, value in parameters.items()}
    within(limit, *(len(values) for values in given.values()))
    axes = [
        [plain(v, name, known[name].type in (float, "float")) for v in values]
        for name, values in given.items()
    ]
    made = [experiment(**dict(zip(parameters, values, strict=True))) for values in product(*axes)]
    return list({identity(e, 0): e for e in made}.values())


def within(limit: int, *sizes: int) -> None:
    """Refuse a grid of more points than the limit, before it is made."""
    if (size := prod(sizes)) > limit:
        raise ValueError(
            f"the grid has {size:,} points, and more than {limit:,} must be asked for: "
            "limit=..., or --yes"
        )


def several(given: Any, name: str) -> Sequence[Any]:
    """Return the values that were given to a parameter: one, or several."""
    many = isinstance(given, (list, tuple, range)) or (isinstance(given, np.ndarray) and given.ndim)
    values = given if many else [given]
    try:
        size = len(values)
    except OverflowError:  # of a range
        raise ValueError(f"{name} must have fewer values than {describe(given)}") from None
    if not size:
        raise ValueError(f"{name} must have at least one value")
    return values


def plain(value: Any, name: str, to_float: bool = False) -> Any:
    """Return a parameter as JSON has it, alike whoever wrote it."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, (bool, str, type(None))):
        return value
    x = number(value, name)
    return x + 0.0 if to_float or isinstance(value, float) else int(value)  # + 0.0: no -0.0


def parameters_of(experiment: Experiment) -> dict[str, Any]:
    """Return an experiment's parameters."""
    return {
        f.name: plain(getattr(experiment, f.name), f.name, f.type in (float, "float"))
        for f in fields(experiment)
    }


def identity(experiment: Experiment, seed: int) -> str:
    """Return a point's strong id: a hash of all that its counts depend on, but for the code.

    The same numbers are drawn before and after a change of the code, which the store keeps apart.

    Examples
    --------
    >>> from hopfield.experiments import Crosstalk
    >>> identity(Crosstalk(N=100), 0) == identity(Crosstalk(100, alpha=0.1), 0)
    True
    """
    what = {
        "experiment": type(experiment).__name__,
        "version": experiment.version,
        "parameters": parameters_of(experiment),
        "seed": seed,
    }
    text = json.dumps(what, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def expected(experiment: Experiment) -> dict[str, Any]:
    """Return what a user's experiment expects at a point, for who draws it without its code."""
    cls, found = type(experiment), {}
    if foreign(cls.__module__):
        return {}
    for name, plain in (("theory", Experiment.theory), ("lines", Experiment.lines)):
        if getattr(cls, name) is plain:
            continue
        with told(f"in {name} of {experiment}"):
            value = getattr(experiment, name)()
            found[name] = (
                {str(line): _finite(y, f"{name}[{line!r}]") for line, y in dict(value).items()}
                if name == "lines"
                else _finite(value, name)
            )
    return found


def _finite(value: Any, name: str) -> float | None:
    """Return a number as a float, None where there is none."""
    if value is None or (isinstance(value, (float, np.floating)) and not isfinite(value)):
        return None
    return number(value, name)


def stream(point: str, replica: int) -> np.random.Generator:
    """Return the random numbers of one replica: they depend on the point's id and its number."""
    return np.random.default_rng([int(point, 16), replica])


def largest(first: int, room: int, most: int) -> int:
    """Return the length of the largest block that can start here, in a room, of ``most`` or less.

    Examples
    --------
    >>> largest(4, 100, 64), largest(0, 100, 64), largest(0, 100, 256)
    (4, 64, 64)
    """
    top = 1 << (min(room, most).bit_length() - 1)
    return min(first & -first, top) if first else top


def gaps(blocks: Iterator[tuple[int, int]], stop: int) -> Iterator[tuple[int, int]]:
    """Yield the (first, stop) of the replicas below ``stop`` in none of the sorted blocks.

    Examples
    --------
    >>> list(gaps(iter([(0, 4), (8, 8)]), 20))
    [(4, 8), (16, 20)]
    """
    at = 0
    for first, size in blocks:
        if first >= stop:
            break
        if first > at:
            yield at, first
        at = first + size
    if at < stop:
        yield at, stop


@contextmanager
def told(where: str) -> Iterator[None]:
    """Add to a user's error where it was; what would end the process is an error too."""
    try:
        yield
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except Exception as error:
        error.add_note(f"{where}{place(error, skip=2)}")
        raise
    except BaseException as error:  # sys.exit(), say
        what = f"{type(error).__name__} {error}".strip()
        raise RuntimeError(f"{what} {where}{place(error, skip=2)}") from None


def place(error: BaseException, file: str | None = None, skip: int = 1) -> str:
    """Return which line of a file led to an error; by default the file that was called."""
    calls = [(_file(frame), line) for frame, line in traceback.walk_tb(error.__traceback__)][skip:]
    last = [call for call in calls if call[0] == (file or calls[0][0])][-1:]
    return "".join(f", {Path(name).name}{' ' * bool(name)}line {line}" for name, line in last)


def _file(frame: FrameType) -> str:
    """Return the file that a frame's code is from; "" for what was typed and then travelled.

    Code that travels to a worker by value leaves the name behind, but what a module knows of
    itself comes along.
    """
    name = frame.f_code.co_filename
    return str(frame.f_globals.get("__file__", "")) if name == _TRAVELLED else name


def work(tasks: list[tuple[Experiment, Block]], package: str) -> list[Done]:
    """Run some blocks, on whatever machine this is.

    Parameters
    ----------
    tasks : list of (Experiment, Block)
    package : str
        The driver's version of hopfield.
    """
    from .. import __version__

    if package != __version__:
        raise OtherVersion(
            f"the worker on {socket.gethostname()} has hopfield {__version__}, "
            f"the driver {package}: install one version everywhere"
        )
    return [_run(experiment, block) for experiment, block in tasks]


def work_away(tasks: list[tuple[Experiment, Block]], package: str) -> list[Done]:
    """Run some blocks in another process, to which an error must be able to travel from here."""
    try:
        return work(tasks, package)
    except Exception as error:
        if _travels(error):
            raise
        what = f"{type(error).__name__} {error}", *getattr(error, "__notes__", ())
        raise RuntimeError(", ".join(what)) from None


def _travels(error: Exception) -> bool:
    for name in {"cloudpickle", "joblib.externals.cloudpickle"} & {*sys.modules}:
        try:
            sys.modules[name].loads(sys.modules[name].dumps(error))
        except Exception:  # whatever its class does not give, or take
            return False
    return True


def _run(experiment: Experiment, block: Block) -> Done:
    start, total = time.perf_counter(), Counts()
    for replica in range(block.first, block.first + block.size):
        with told(f"in replica {replica} of {experiment}"):
            counts = experiment.run(stream(block.point, replica))
        if not isinstance(counts, Counts):
            raise TypeError(
                f"{type(experiment).__name__}.run must return Counts, not {describe(counts)}; "
                "hf.experiments.count(...) makes them"
            )
        try:
            total += counts
        except ValueError as error:
            error.add_note(f"in replica {replica} of {experiment}")
            raise
    from .. import __version__

    seconds = time.perf_counter() - start
    return Done(block, total, seconds, socket.gethostname(), __version__, time.time())

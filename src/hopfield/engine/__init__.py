"""The same loop, fast: one door.

`open` asks the rows of `ENGINES` in order, and the first that takes a network runs it. Each row is
a module beside this one; `kernels` holds what they compile.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from ..base.bits import BitMatrix, Words
from ..base.forms import Array, Floats, Form, Ints, Patterns, Rule, Session
from ..base.streams import Streams
from . import bits, compiled, fallback, levels, matrix, together
from .layers import Layers as Layers, sweep
from .parts import rows_in_parts


@dataclass(frozen=True)
class Engine:
    """A way to run networks.

    Attributes
    ----------
    name : str
        What `using` chooses it by.
    takes : callable
        (form, rule, schedule, states) -> whether it runs such a network from such states.
    open : callable
        The same -> the session.
    wide : bool
        Whether it runs neurons of several sites.
    """

    name: str
    takes: Callable[[Form, Rule, str | None, Array], bool]
    open: Callable[[Form, Rule, str | None, Array], Session]
    wide: bool = False


ENGINES: tuple[Engine, ...] = (
    Engine("matrix", matrix.takes, matrix.MatrixSession, wide=True),
    Engine("together", together.takes, together.Together),
    Engine("bits", bits.takes, bits.Bits),
    Engine("levels", levels.takes, levels.LevelsSession),
    Engine("fallback", fallback.takes, fallback.FallbackSession),
)
_chosen: tuple[Engine, ...] | None = None
_ANY = Rule(-1.0, 1.0, "own")  # a neuron of which nothing is asked
_ONE = 2**17  # values in the patterns from which counting is worth its start, for one state


def open(form: Form | None, rule: Rule, schedule: str | None, states: Array) -> Session | None:
    """Return the session of the first row that takes a network; None where none does.

    Parameters
    ----------
    form : Form or None
        The memory of -1/+1 neurons.
    rule : Rule
        The neuron.
    schedule : str or None
        The order, as `Scheduled` names it.
    states : ndarray of int8, shape (R, n)
        -1, +1, and 0 for unknown, or what sites hold; the session keeps the array.
    """
    if form is None:
        return None
    for engine in _rows():
        if engine.wide >= (rule.width > 1) and engine.takes(form, rule, schedule, states):
            return engine.open(form, rule, schedule, states)
    return None


@contextmanager
def using(*names: str) -> Iterator[None]:
    """Run with the rows of these names alone; with none, everything runs plainly."""
    global _chosen
    before, _chosen = _chosen, _named(names, "names")
    try:
        yield
    finally:
        _chosen = before


def _rows() -> tuple[Engine, ...]:
    """Return the rows in use: all, or those that HOPFIELD_ENGINES names, read once."""
    global _chosen
    if _chosen is None:
        given = os.environ.get("HOPFIELD_ENGINES")
        _chosen = ENGINES if given is None else _named(given.split(","), "HOPFIELD_ENGINES")
    return _chosen


def _named(names: Iterable[str], what: str) -> tuple[Engine, ...]:
    known = {engine.name: engine for engine in ENGINES}
    wanted = [name.strip() for name in names if name.strip()]
    if unknown := [name for name in wanted if name not in known]:
        raise ValueError(f"{what} must be of {', '.join(known)}, not {', '.join(unknown)}")
    return tuple(known[name] for name in wanted)


def numerators(form: Form, rows: Floats) -> Floats | None:
    """Return the numerators (..., n) of states (..., n), where that is quicker here."""
    session = _opened(form._replace(divisor=1.0), rows)
    if session is None:
        return None
    return session.fields(np.arange(rows.size // form.n)).reshape(rows.shape)


def energies(form: Form, rows: Floats) -> Floats | None:
    """Return the energies (...) of states (..., n), where that is quicker here."""
    session = _opened(form, rows)
    found = None if session is None else session.energies()
    return None if found is None else found.reshape(rows.shape[:-1])


def _opened(form: Form, rows: Floats) -> Session | None:
    """Return a session for states, where these are so many, or the patterns, that it pays."""
    if rows.ndim == 2 and len(rows) > 1:
        schedule, pays = "together", together.worth(form.source, rows)
    else:
        schedule, pays = None, rows.size == form.n and form.source.size * form.n >= _ONE
    if not pays and not isinstance(form.source.held, BitMatrix):
        return None
    flat = rows.reshape(-1, form.n)
    with np.errstate(invalid="ignore"):  # of numbers beyond int8
        states = flat.astype(np.int8)
    whole = (states.view(np.uint8) + np.uint8(1)).max() <= 2 and np.array_equal(states, flat)
    return open(form, _ANY, schedule, states) if whole else None


def answers(
    x: Floats, streams: Streams, scale: float, states: tuple[float, float], out: Floats
) -> bool:
    """Draw what neurons with fields x (R, k) answer, from a stream a row, if that is quicker here.

    Neuron k is in the upper of the two states where its field exceeds ``scale`` times the logit
    of the k-th number that its row draws. The first k columns of ``out`` take the states.
    """
    if not _runs("fallback") or not compiled.available():
        return False
    draw, (low, high) = compiled.kernel("gibbs.answers"), states
    held = np.ascontiguousarray(x), streams.state, streams.step, out

    def some(start: int, stop: int) -> None:
        draw(*held, scale, low, high, start, stop)

    rows_in_parts(some, len(x), 4 * x.shape[1])
    return True


def sweep_layers(
    layers: Layers, v: Floats, held: Array | None, sweeps: int, streams: Streams
) -> Floats | None:
    """Let two layers answer each other in turn, where that is quicker here: `layers.sweep`."""
    if not _runs("fallback") or not compiled.available():
        return None
    found: Floats | None = sweep(layers, v, held, sweeps, streams)
    return found


def permutation(streams: Streams, n: int) -> Ints:
    """Return what ``streams.permutation(n)`` does, by the quickest way here."""
    if not _runs("fallback") or not compiled.available():
        return streams.permutation(n)
    found = np.empty((*streams.state.shape, n), np.int64)
    flat = streams.state.ravel(), streams.step.ravel(), found.reshape(-1, n)
    compiled.kernel("draws.permute")(*flat, np.empty(n, np.uint32))
    streams.state += streams.step * np.uint64(n)
    return found


def gram(source: Patterns) -> Floats | None:
    """Return X'X (N, N) of Hebb's patterns, where that is quicker here."""
    return together.gram(source) if _runs("together") else None


def gram_of(words: Words, size: int, n: int) -> Floats | None:
    """Return how much more often n rows of ``size`` bits agree than differ, (n, n), if quicker.

    ``words`` (n or more, W) hold the rows, no bit set beyond ``size``.
    """
    return together.gram_of(words, size, n) if _runs("together") else None


def _runs(name: str) -> bool:
    rows = _rows()
    return rows is ENGINES or any(engine.name == name for engine in rows)

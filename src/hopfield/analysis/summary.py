"""Short answers: which patterns are alike, what was recalled, what a file holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import choice
from ..core.hebbian import Hebbian
from ..core.memory import Memory
from ..core.patterns import bipolar, overlap
from ..core.recall import Recall
from ..io.files import BadFile, PathLike, as_path, load
from ..io.inputs import read
from ..io.pictures import FORMATS
from ..learning import RULES
from .landscape import identify

__all__ = ["closest", "contents", "recalled", "warnings"]
__dir__ = __all__.copy

ALIKE = 0.5  # recall may confuse two patterns whose overlap is larger in size
_ROWS = 256  # patterns whose overlaps with all others are held at once


def closest(patterns: npt.ArrayLike) -> tuple[int, int, float]:
    """Return the two patterns whose overlap is largest in size, and that overlap.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1.

    Returns
    -------
    first, second : int
        Which patterns, the first pair of several; 0 and 0 for a single pattern.
    overlap : float
        Between -1 and 1; exact.

    Examples
    --------
    >>> closest([[1, 1, 1, 1], [1, 1, -1, -1], [-1, -1, -1, 1]])
    (0, 2, -0.5)
    """
    rows = np.atleast_2d(bipolar(patterns)).astype(np.float64)
    best = 0, 0, 0.0
    for start in range(0, len(rows), _ROWS):
        m = np.tril(rows[start : start + _ROWS] @ rows.T / rows.shape[1], start - 1)
        i, j = np.unravel_index(np.abs(m).argmax(), m.shape)
        if abs(m[i, j]) > abs(best[2]):
            best = int(j), int(start + i), float(m[i, j])
    return best


def recalled(result: Recall, patterns: npt.ArrayLike, names: Sequence[str] | None = None) -> str:
    """Say what a recall of one cue ended in.

    Parameters
    ----------
    result : Recall
    patterns : array_like of shape (P, N)
        What was stored, -1/+1.
    names : sequence of str, optional
        What to call the patterns; by default "pattern 0", "pattern 1" and so on.

    Returns
    -------
    str
        The words of `landscape.identify` for a fixed point; of a state that still moves, which
        pattern is nearest.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(2, 50, rng=0)
    >>> recalled(hf.recall(hf.hebb(xi), -xi[1], rng=0), xi, ["a.png", "b.png"])
    'inverse of b.png'
    """
    xi = np.atleast_2d(bipolar(patterns))
    called = [f"pattern {k}" for k in range(len(xi))] if names is None else names
    if result.why == "fixed point":
        return identify(result.state, xi).named(called)
    m = np.asarray(overlap(result.state, xi))
    nearest = int(np.abs(m).argmax())
    return f"nearest to {'the inverse of ' if m[nearest] < 0 else ''}{called[nearest]}"


def warnings(
    patterns: npt.ArrayLike, rule: str = "hebb", names: Sequence[str] | None = None
) -> list[str]:
    """Say what may go wrong where a rule stores patterns: too many of them, or two too alike.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1.
    rule : str
        A learning rule of `hopfield.learning.RULES`.
    names : sequence of str, optional
        What to call the patterns; by default "pattern 0", "pattern 1" and so on.

    Examples
    --------
    >>> import hopfield as hf
    >>> warnings(hf.pictures.small("checkerboard", "X"))
    ['pattern 0 and pattern 1 overlap by -0.68: recall may confuse them']
    """
    xi = np.atleast_2d(bipolar(patterns))
    i, j, m = closest(xi)
    row = RULES[choice(rule, "rule", RULES)]
    many = row.exceeded(len(xi), xi.shape[1], float((xi > 0).mean()))
    said = [many] if many else []
    if abs(m) > ALIKE:
        first, second = (names[k] if names else f"pattern {k}" for k in (i, j))
        said.append(f"{first} and {second} overlap by {m:+.2f}: recall may confuse them")
    return said


def contents(path: PathLike, n: int | None = None) -> dict[str, Any]:
    """Say what a file holds: a picture, patterns, or something that `hopfield.save` wrote.

    Parameters
    ----------
    path : str or os.PathLike
    n : int, optional
        Neurons a pattern, where the file does not say it.

    Returns
    -------
    dict
        "kind", and the facts of that kind; numbers, texts and None alone.

    Raises
    ------
    BadFile
        If it holds none of these.
    ValueError
        If a picture has other than ``n`` neurons.

    Examples
    --------
    >>> import tempfile
    >>> import hopfield as hf
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     hf.save(f"{folder}/m.npz", hf.hebb([[1, -1, 1]]))
    ...     contents(f"{folder}/m.npz")["neurons"]
    3
    """
    path = as_path(path)
    try:
        xi, values, shape = read(path, shape=None if n is None else (-1, n))
    except BadFile:
        if path.suffix.lower() == ".npz":
            return _saved(path)
        raise
    if n not in (None, xi.shape[1]):
        raise ValueError(f"n must be {xi.shape[1]}, the neurons of {path}, not {n}")
    (p, n), pixels = xi.shape, {} if shape is None else {"rows": shape[0], "columns": shape[1]}
    if path.suffix.lower() in FORMATS:
        return {"kind": "picture", **pixels, "ink": float((xi > 0).mean())}
    return {
        "kind": "patterns",
        "patterns": p,
        "neurons": n,
        **pixels,
        "load": p / n,
        "active": float((xi > 0).mean()),
        "largest_overlap": closest(xi)[2] if p > 1 else None,
        "values": None if values is None else f"{values[0]} and {values[1]}",
    }


def _saved(path: Path) -> dict[str, Any]:
    """Say what `hopfield.save` wrote into a file."""
    thing = load(path)
    with np.load(path, allow_pickle=False) as archive:
        version = json.loads(str(archive["hopfield"]))["version"]
    facts: dict[str, Any] = {"kind": type(thing).__name__, "version": version}
    if isinstance(thing, Memory):
        stored = {"patterns": thing.p} if isinstance(thing, Hebbian) else {}
        return facts | {"neurons": thing.n, **stored, "symmetric": thing.symmetric}
    if isinstance(thing, Recall):
        facts |= {"neurons": thing.state.shape[-1], "replicas": thing.state[..., 0].size}
        if thing.state.ndim == 1:
            facts |= {key: getattr(thing, key) for key in ("why", "sweeps", "energy", "undecided")}
    return facts

"""What notebooks show of memories and results: small tables of HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_ROWS = 12  # of a table; more are counted


def escape(text: str) -> str:
    """Return a text as HTML; what that takes is large, and most programs show none."""
    from html import escape as escaped

    return escaped(text)


def facts(title: str, told: Mapping[str, object]) -> str:
    """Return a table of names and values; what is None is left out.

    >>> facts("Bias", {"neurons": 5, "energy": None})
    '<table><caption>Bias</caption><tr><th>neurons</th><td>5</td></tr></table>'
    """
    lines = [
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
        for name, value in told.items()
        if value is not None
    ]
    return f"<table><caption>{escape(title)}</caption>{''.join(lines)}</table>"


def columns(title: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table of rows below the names of their columns, the first dozen of them.

    >>> columns("Results", ["N"], [[k] for k in range(20)]).count("<tr>")
    13
    """
    every = list(rows)
    lines = [f"<tr>{''.join(f'<th>{escape(name)}</th>' for name in names)}</tr>"]
    for row in every[:_ROWS]:
        lines.append(f"<tr>{''.join(f'<td>{escape(_short(x))}</td>' for x in row)}</tr>")
    more = f", the first {_ROWS} of {len(every)}" if len(every) > _ROWS else ""
    return f"<table><caption>{escape(title + more)}</caption>{''.join(lines)}</table>"


def memory(self: Any) -> str:
    """Return what a memory is: its ``_repr_html_``."""
    told = {
        "neurons": f"{self.n:,}" if self.n else "any number",
        "patterns": getattr(self, "p", None),
        "written for": self.neuron and f"{self.neuron}, {self.order}",
        "energy": "yes" if self.symmetric else "none: not symmetric",
    }
    return facts(_short(self), told)


def recall(self: Any) -> str:
    """Return what came out of a recall: its ``_repr_html_``."""
    kinds, times = np.unique(self.why, return_counts=True)
    many = np.ndim(self.why) > 0
    ends = [f"{k:,} {kind}" if many else str(kind) for kind, k in zip(kinds, times, strict=True)]
    undecided = np.atleast_1d(self.undecided)
    told = {
        "state": " x ".join(f"{side:,}" for side in self.state.shape),
        "ended in": ", ".join(ends),
        "sweeps": _range(self.sweeps),
        "energy": None if self.energy is None else _range(self.energy),
        "undecided neurons": _range(undecided) if undecided.any() else None,
        "trace": self.trace and ", ".join(self.trace) if isinstance(self.trace, dict) else None,
        "computed by": self.kernel,
    }
    return facts("Recall", told)


def _range(values: npt.ArrayLike) -> str:
    low, high = np.min(values), np.max(values)
    return f"{low:.6g}" if low == high else f"{low:.6g} to {high:.6g}"


def _short(value: object) -> str:
    text = f"{value:.4g}" if isinstance(value, (float, np.floating)) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."

"""The thresholds of a neuron at a temperature: one formula for arrays and for compiled loops."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

BITS = 10  # of a word: the bin of its number
BINS = 2**BITS
_ROOT = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
_LOG2, _REST = 0.6931471803691238, 1.9082149292705877e-10  # of log(2); the first is short


def logit(u: Any) -> Any:
    """Return log(u / (1 - u)) for 0 <= u < 1, float64; finite at 0.

    It adds, multiplies and divides alone: every machine and compiler gives the same bits, which
    their logarithms do not.
    """
    x = np.float64(u / (1 - u)).view(np.int64)
    e = (x - np.int64(_ROOT)) >> np.int64(52)
    m = np.int64(x - (e << np.int64(52))).view(np.float64)  # u / (1 - u) = 2**e m
    f = (m - 1) / (m + 1)  # log m = 2 artanh f
    g = f * f
    g *= 1 / 3 + g * (
        1 / 5
        + g
        * (1 / 7 + g * (1 / 9 + g * (1 / 11 + g * (1 / 13 + g * (1 / 15 + g * (1 / 17 + g / 19))))))
    )
    return e * _LOG2 + (2 * f + (2 * f * g + e * _REST))


def bounds(scale: float, margin: int, limit: int) -> npt.NDArray[np.int64]:
    """Return the bars (BINS, 2) beyond which a neuron stays, for each bin of u and side.

    A threshold is ``scale`` logit(u). Where u is in a bin, a neuron that is down stays if minus
    its field exceeds the first bar, and one that is up if its field exceeds the second, though
    the field may be off by ``margin``. Bars further out than ``limit`` are put there.
    """
    ends = np.rint(np.clip(scale * _edges(), -limit, limit)).astype(np.int64)
    return np.stack([margin - ends[:-1], margin + ends[1:]], axis=1)


@cache
def _edges() -> npt.NDArray[np.float64]:
    return np.concatenate(([-np.inf], logit(np.arange(1, BINS) / BINS), [np.inf]))

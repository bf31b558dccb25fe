"""Between which bars the threshold of a neuron at a temperature lies, by the bits of its word.

The first `BITS` bits of a word name the bin of its uniform number u, and so an interval for the
threshold scale * logit(u). Where a field lies outside of it, no logit need be computed.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from ..base.forms import Floats
from ..base.streams import logit

BITS = 10
BINS = 2**BITS
_FARTHEST = 40.0  # beyond any logit of a number of 52 bits: log(2**53) is 36.7
_ROUNDING = 2.0**-30  # far above that of a logit, far below the width of a bin


@lru_cache(16)
def whole_bars(scale: float, margin: int, limit: int) -> npt.NDArray[np.int64]:
    """Return the bars (BINS, 2) beyond which a neuron stays, for each bin and side.

    A neuron that is down stays if minus its field exceeds the first bar, and one that is up if
    its field exceeds the second, though the field may be off by ``margin``. Bars further out than
    ``limit`` are put there. For a scale of 100 and a margin of 1, the bin of u in [0.5, 0.501)
    has thresholds from 0 to 0.4: the bars are 1 and 1.
    """
    ends = np.rint(np.clip(scale * _edges(), -limit, limit)).astype(np.int64)
    return np.stack([margin - ends[:-1], margin + ends[1:]], axis=1)


@lru_cache(16)
def real_bars(scale: float) -> Floats:
    """Return the bars (BINS, 2) below and above the thresholds of each bin."""
    edges = _edges()
    apart = _ROUNDING * (1 + np.abs(edges))
    return scale * np.stack([edges[:-1] - apart[:-1], edges[1:] + apart[1:]], axis=1)


@cache
def _edges() -> Floats:
    return np.concatenate(([-_FARTHEST], logit(np.arange(1, BINS) / BINS), [_FARTHEST]))

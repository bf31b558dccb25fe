"""Between what the threshold of a field lies: bins of random numbers, and bars of whole numbers.

The first `BITS` bits of a word name the bin of its uniform number u, and so an interval for the
threshold scale * logit(u). Where a field lies outside of it, no logit need be computed.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from ..base.forms import Floats, Form, Ints
from ..base.streams import logit

COIN = 2  # the tie of a neuron whose ties are tossed for, beside 1, -1 and 0 (keep)
BITS = 10
BINS = 2**BITS
_FARTHEST = 40.0  # beyond any logit of a number of 52 bits: log(2**53) is 36.7
_ROUNDING = 2.0**-30  # far above that of a logit, far below the width of a bin
_FAR, _FURTHEST = 2.0**60, 2.0**62  # beyond any numerator, and what int64 holds
_KEPT = 4  # forms of the same patterns


@lru_cache(16)
def whole_bars(scale: float, margin: int) -> npt.NDArray[np.int64]:
    """Return the bars (BINS, 2) beyond which a neuron stays, for each bin and side.

    A neuron that is down stays if minus its field exceeds the first bar, and one that is up if
    its field exceeds the second, though the field may be off by ``margin``. For a scale of 100 and
    a margin of 1, the bin of u in [0.5, 0.501) has thresholds from 0 to 0.4: the bars are 1 and 1.
    """
    ends = np.rint(np.clip(scale * _edges(), -_FURTHEST, _FURTHEST)).astype(np.int64)
    return np.stack([margin - ends[:-1], margin + ends[1:]], axis=1)


@lru_cache(16)
def real_bars(scale: float) -> Floats:
    """Return the same for fields as they are, that of `whole_bars` for units of them."""
    edges = _edges()
    apart = _ROUNDING * (1 + np.abs(edges))
    return scale * np.stack([apart[:-1] - edges[:-1], apart[1:] + edges[1:]], axis=1)


@cache
def _edges() -> Floats:
    return np.concatenate(([-_FARTHEST], logit(np.arange(1, BINS) / BINS), [_FARTHEST]))


def turns(form: Form) -> tuple[Ints, Ints]:
    """Return the least whole numerators (n,) with a field above 0, and with one of 0 or more.

    The weight must be above 0. The field is rounded as `Form` says, so that some numerators
    beside each other may have the same: between the two lie those of exactly 0. What is found for
    the last few forms of a source is kept there.

    For n = 10, divisor 10 and a bias of -0.2 the numerators 2 and 3 give the fields 0 and 0.1:
    they turn at 3 and 2.
    """
    kept: list[tuple[Form, tuple[Ints, Ints]]] = form.source.made("turns", list)
    for last, found in list(kept):
        if last.bias is form.bias and (last.weight, last.divisor) == (form.weight, form.divisor):
            return found
    w, d = form.weight, form.divisor
    bias = np.zeros(form.n) if form.bias is None else form.bias
    near = np.floor(np.clip(-bias * d / w, -_FAR, _FAR))
    numerators = near[:, None] + np.arange(-3.0, 4.0)
    h = w * numerators / d + bias[:, None]
    first = near.astype(np.int64) - 3
    found = first + (h <= 0).sum(axis=1), first + (h < 0).sum(axis=1)
    kept.append((form, found))
    del kept[:-_KEPT]
    return found

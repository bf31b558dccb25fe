"""Where a field turns: the whole numerators at which a neuron is pulled up, or not at all."""

from __future__ import annotations

import numpy as np

from ..base.forms import Form, Ints

_FAR = 2.0**60  # beyond any numerator


def bars(form: Form) -> tuple[Ints, Ints]:
    """Return the least whole numerators (n,) with a field above 0, and with one of 0 or more.

    The weight must be above 0. The field is rounded as `Form` says, so that some numerators
    beside each other may have the same: between the two bars lie those of exactly 0.

    For n = 10, divisor 10 and a bias of -0.2 the numerators 2 and 3 give the fields 0 and 0.1:
    the bars are 3 and 2.
    """
    w, d = form.weight, form.divisor
    bias = np.zeros(form.n) if form.bias is None else form.bias
    near = np.floor(np.clip(-bias * d / w, -_FAR, _FAR))
    numerators = near[:, None] + np.arange(-3.0, 4.0)
    h = w * numerators / d + bias[:, None]
    first = near.astype(np.int64) - 3
    return first + (h <= 0).sum(axis=1), first + (h < 0).sum(axis=1)

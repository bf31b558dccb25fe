"""Layers of neurons that do not see each other: all answer their fields at once."""

from __future__ import annotations

from ...base.forms import Floats
from ...base.streams import Words
from .compiling import jit
from .draws import drawn, logistic


@jit
def answers(
    x: Floats, words: Words, steps: Words, scale: float, low: float, high: float, out: Floats
) -> None:
    """Draw the states of neurons with fields x (R, k), by the next k words of each row's stream.

    A state is ``high`` where the field exceeds ``scale`` times the logit of a uniform number:
    with probability 1 / (1 + exp(-x / scale)).
    """
    for r in range(x.shape[0]):
        for k in range(x.shape[1]):
            up = x[r, k] > scale * logistic(drawn(words[r], steps[r], k + 1))
            out[r, k] = high if up else low

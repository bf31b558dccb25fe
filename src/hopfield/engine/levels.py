"""Dense associative memories: F in a table of whole numbers, patterns in bits."""

from __future__ import annotations

import numpy as np

from ..base.bits import aligned
from ..base.exact import WHOLE
from ..base.forms import Array, Floats, Form, Levels, Rule, Signs
from .compiled import available, kernel
from .session import Known, Session


class LevelsSession(Session):
    """Levels of all overlaps, and the slopes of F there; the states hold no unknowns."""

    name = "levels"

    def __init__(self, form: Form, rule: Rule, schedule: str | None, states: Signs) -> None:
        known = form.source.made("levels", lambda: _known(form.source))
        _, by_word, _, rises, _, _ = known.net
        width, replicas, digits = by_word.shape[1], len(states), len(rises)
        slopes = aligned((replicas, digits * width), rises.dtype)
        sides = np.zeros((replicas, 3 * digits), np.int64)
        sums = aligned((replicas, width), np.int32), slopes, sides
        self.kind = "digits" if form.source.digit else "levels"
        super().__init__(form, rule, schedule, states, known, sums)

    def energies(self) -> Floats | None:
        """Return the energies (R,) where they are exact; not those of a bias."""
        form, source = self._form, self._form.source
        if form.bias is not None or np.abs(source.values).max() * 2 * source.size > WHOLE:
            return None
        return np.asarray(0.0 + form.weight * self._energies())

    def _descends(self) -> bool:
        """Say that each move lowers the energy, or raises it where the weight is below 0."""
        return True


def _known(source: Levels) -> Known:
    """Return what sessions of the memory share."""
    bits, rises, masks = source.bits, np.atleast_2d(source.rises), source.bits.by_neuron
    words = masks.view(np.uint32), bits.by_word
    net = kernel("levels.Levels")(*words, source.values, rises, bits.size, source.digit)
    return Known.of(net, source.n, source.n * len(rises) * bits.by_word.shape[1])


def takes(form: Form, rule: Rule, schedule: str | None, states: Array) -> bool:
    """Say whether it is such a memory, and no state unknown."""
    return form.kind == "levels" and np.count_nonzero(states) == states.size and available()

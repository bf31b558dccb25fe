"""What a run's state is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..analysis.landscape import identify
from .tables import NEURONS

if TYPE_CHECKING:
    from .session import Session

_SIGN = {1: "+", -1: "\N{MINUS SIGN}"}


def words(lab: Session) -> str:
    """Say what the state is, and whether it can still move."""
    unknown = int(np.count_nonzero(lab.run.state == 0))
    left = f" {_neurons(unknown)} unknown." if unknown else ""
    if lab.run.period > 1:
        states = "two states" if lab.run.period == 2 else f"{lab.run.period} states in turn"
        goes = "alternates between" if lab.run.period == 2 else "goes through"
        return (
            f"It {goes} {states} for ever, because all neurons move at once. "
            f"Nearest: {_nearest(lab)}."
        )
    if lab.why:
        what = _fallen(lab) + left
        return what if lab.moves else what.replace("It fell into", "This is")
    if not lab.moves:
        return f"Nothing has moved yet. The cue is nearest to {_nearest(lab)}.{left}"
    if NEURONS[lab.settings["neuron"]].hot and float(lab.settings["T"]) > 0:
        return f"At a temperature it never comes to rest. Nearest: {_nearest(lab)}.{left}"
    return f"Still moving. Nearest so far: {_nearest(lab)}.{left}"


def _fallen(lab: Session) -> str:
    what = identify(lab.run.state, lab.xi)
    names = [lab.names[k] for k in what.patterns]
    if what.kind == "pattern":
        return f"It fell into the memory “{names[0]}”: every neuron agrees, and none can move."
    if what.kind == "inverse":
        return f"It fell into the inverse of “{names[0]}”: every neuron is the other way round."
    if what.kind == "mixture":
        signed = zip(what.signs, names, strict=True)
        terms = " ".join(f"{_SIGN[sign]}“{name}”" for sign, name in signed)
        return f"It fell into a mixture: the majority of {terms}. Nobody stored it."
    if what.kind == "undecided":
        return "It stands still: nothing is known, and no field pulls either way."
    return f"It fell into a spurious state that nobody stored. Nearest: {_nearest(lab)}."


def _nearest(lab: Session) -> str:
    k = int(np.argmax(np.abs(lab.overlaps)))
    m = float(lab.overlaps[k])
    whose = f"“{lab.names[k]}”" if m >= 0 else f"the inverse of “{lab.names[k]}”"
    return f"{whose}, overlap {abs(m):.2f}"


def _neurons(count: int) -> str:
    return "1 neuron is still" if count == 1 else f"{count} neurons are still"

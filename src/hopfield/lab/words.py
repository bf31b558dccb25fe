"""What a run's state is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import hopfield as hf

from .kinds import Colour, Grey
from .tables import NEURONS

if TYPE_CHECKING:
    from .session import Session

_SIGN = {1: "+", -1: "\N{MINUS SIGN}"}
_ALL, _SOME = 0.99, 0.05  # shares of the attention that are all of it, and that are told
_GREY = 0.05  # a state whose neurons are all as near to 0 is none


def words(lab: Session) -> str:
    """Say what the state is, and whether it can still move."""
    unknown = 0 if isinstance(lab.kind, Grey) else int(np.count_nonzero(lab.cells == 0))
    left = f" {_neurons(unknown)} unknown." if unknown else ""
    if lab.run.period > 1:
        return _round(lab)
    if lab.why:
        what = _fallen(lab) + left
        return what if lab.moves else what.replace("It fell into", "This is")
    if not lab.moves:
        return f"Nothing has moved yet. The cue is nearest to {_nearest(lab)}.{left}"
    if lab.settings["model"] == "sequence":
        return f"On its way, now nearest to {_nearest(lab)}.{left}"
    if lab.temperature is not None:
        return f"Cooling, now at T = {lab.temperature:.2f}. Nearest: {_nearest(lab)}.{left}"
    if NEURONS[lab.settings["neuron"]].hot and float(lab.settings["T"]) > 0:
        return f"At a temperature it never comes to rest. Nearest: {_nearest(lab)}.{left}"
    return f"Still moving. Nearest so far: {_nearest(lab)}.{left}"


def _round(lab: Session) -> str:
    if lab.settings["model"] == "sequence":
        period, whole = lab.run.period, len(lab.xi) * int(lab.settings["stay"])
        goes = f"The sequence begins again every {period} moves."
        lost = f"The sequence is lost: {period} states in turn, not the {whole} of the sequence."
        return f"{goes if period == whole else lost} Now nearest: {_nearest(lab)}."
    states = "two states" if lab.run.period == 2 else f"{lab.run.period} states in turn"
    goes = "alternates between" if lab.run.period == 2 else "goes through"
    return (
        f"It {goes} {states} for ever, because all neurons move at once. Nearest: {_nearest(lab)}."
    )


def _fallen(lab: Session) -> str:
    if lab.settings["model"] == "attention":
        return _attended(lab)
    if isinstance(lab.kind, Colour):
        return _coloured(lab)
    s = np.sign(lab.state)  # graded neurons are what they are nearest to
    if isinstance(lab.kind, Grey) and np.abs(lab.state).max() < _GREY:
        return "All neurons are grey: at so low a gain nothing is remembered."
    what = hf.landscape.identify(s, np.where(lab.xi > 0, 1, -1))
    names = [lab.names[k] for k in what.patterns]
    if what.kind == "pattern":
        every = "has its sign" if isinstance(lab.kind, Grey) else "agrees"
        return f"It fell into the memory “{names[0]}”: every neuron {every}, and none can move."
    if what.kind == "inverse":
        return f"It fell into the inverse of “{names[0]}”: every neuron is the other way round."
    if what.kind == "mixture":
        signed = zip(what.signs, names, strict=True)
        terms = " ".join(f"{_SIGN[sign]}“{name}”" for sign, name in signed)
        return f"It fell into a mixture: the majority of {terms}. Nobody stored it."
    if what.kind == "undecided":
        return "It stands still: nothing is known, and no field pulls either way."
    return f"It fell into a spurious state that nobody stored. Nearest: {_nearest(lab)}."


def _attended(lab: Session) -> str:
    shares = lab.attention
    order = np.argsort(-shares, kind="stable")
    if shares[order[0]] > _ALL:
        return f"It fell into the memory “{lab.names[order[0]]}”, which has all the attention."
    told = [f"{shares[k]:.0%} “{lab.names[k]}”" for k in order[:4] if shares[k] > _SOME]
    if not told:
        return (
            f"It fell into a mean of all {len(shares)} pictures, of which each has a small share."
        )
    more = ", and others" if shares[order[: len(told)]].sum() < 1 - _SOME else ""
    return f"It fell into a mean of stored pictures: {', '.join(told)}{more}."


def _coloured(lab: Session) -> str:
    k = int(np.argmax(lab.overlaps))
    if not (lab.cells != 0).any():
        return "It stands still: nothing is known, and no field is the largest."
    if np.array_equal(lab.cells - 1, lab.xi[k]):
        return f"It fell into the memory “{lab.names[k]}”: every neuron has its colour."
    return f"It fell into a spurious state that nobody stored. Nearest: {_nearest(lab)}."


def _nearest(lab: Session) -> str:
    sizes = lab.overlaps if isinstance(lab.kind, Colour) else np.abs(lab.overlaps)
    k = int(np.argmax(sizes))
    m = float(lab.overlaps[k])
    whose = f"“{lab.names[k]}”" if m >= 0 else f"the inverse of “{lab.names[k]}”"
    if isinstance(lab.kind, Colour):
        return f"“{lab.names[k]}”, overlap {m:.2f}"
    return f"{whose}, overlap {abs(m):.2f}"


def _neurons(count: int) -> str:
    return "1 neuron is still" if count == 1 else f"{count} neurons are still"

"""What the lab's menus offer: a row makes the part, says it in words, and writes it as code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypedDict

from ..core.neurons import HeatBath, Sign
from ..core.orders import Random, Sequential, Shuffled, Sync


class Settings(TypedDict):
    """What the reader has chosen, each the name of a row, and the temperature."""

    rule: str
    neuron: str
    tie: str
    order: str
    hold: str
    T: float


@dataclass(frozen=True)
class Part:
    """A neuron or an order of the lab.

    Attributes
    ----------
    text : str
        What the menu says.
    make : callable
        settings -> the part.
    code : callable
        settings -> the expression that makes it, without ``hf.``.
    hot : bool
        Whether it moves by chance at a temperature, so that it never comes to rest.
    """

    text: str
    make: Callable[[Settings], Any]
    code: Callable[[Settings], str]
    hot: bool = False


NEURONS = {
    "Sign": Part(
        "threshold (Sign)",
        lambda chosen: Sign(tie=chosen["tie"]),  # type: ignore[arg-type]
        lambda chosen: f'Sign(tie="{chosen["tie"]}")',
    ),
    "HeatBath": Part(
        "at a temperature (HeatBath)",
        lambda chosen: HeatBath(T=float(chosen["T"])),
        lambda chosen: f"HeatBath(T={float(chosen['T'])!r})",
        hot=True,
    ),
}
ORDERS = {
    "Shuffled": Part("one at a time, shuffled", lambda _: Shuffled(), lambda _: "Shuffled()"),
    "Random": Part("one at a time, at random", lambda _: Random(), lambda _: "Random()"),
    "Sequential": Part(
        "one at a time, row by row", lambda _: Sequential(), lambda _: "Sequential()"
    ),
    "Sync": Part("all at once", lambda _: Sync(), lambda _: "Sync()"),
}
TIES = {
    "keep": "keep the state",
    "up": "go up, to +1",
    "down": "go down, to −1",
    "random": "either, at random",
}
HOLDS = {"nothing": "nothing", "known": "what the cue knows"}
TEMPERATURES = 0.0, 2.0
DEFAULT: Settings = {
    "rule": "hebb",
    "neuron": "Sign",
    "tie": "keep",
    "order": "Shuffled",
    "hold": "nothing",
    "T": 0.5,
}

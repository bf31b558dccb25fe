"""What the lab's menus offer: a row makes the part, says it in words, and writes it as code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple, NotRequired, TypedDict

import numpy as np

import hopfield as hf  # whose names come when a row asks for them: no other row's are loaded

from ..base.checks import Array
from ..core.memory import Memory
from ..core.neurons import Anneal, Graded, HeatBath, Linear, Potts, Sign
from ..core.orders import Blocks, Flow, Random, Sequential, Shuffled, Sync

STEP = 0.2  # time of a move where time flows
TRAINING: dict[str, Any] = {"method": "cd", "rate": 0.01, "decay": (0.001, 0.001)}


class Settings(TypedDict):
    """What the reader has chosen: names of rows, and numbers."""

    model: str
    rule: str
    neuron: str
    tie: str
    order: str
    hold: str
    attention: str
    similarity: str
    ends: str
    T: float
    cooling: float
    degree: float
    beta: float
    gain: float
    stay: float
    q: float
    hidden: float
    epochs: float
    n: NotRequired[int]  # cells, which the session adds


class Slider(NamedTuple):
    """A number that the reader pulls: what it is, and from where to where in which steps."""

    text: str
    low: float
    high: float
    step: float


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
    uses : tuple of str
        The settings that it is made of.
    together : int
        How many moves a second make a middle speed, where all neurons move at once; else 0.
    """

    text: str
    make: Callable[[Settings], Any]
    code: Callable[[Settings], str]
    hot: bool = False
    uses: tuple[str, ...] = ()
    together: int = 0


@dataclass(frozen=True)
class Model:
    """A model of the lab: a memory of the stored patterns, and what goes with it.

    Attributes
    ----------
    text : str
        What the menu says.
    about : str
        What it keeps, and what to beware of, in plain words.
    make : callable
        (patterns (P, N), settings) -> Memory.
    code : callable
        (settings, N) -> the expression that makes it of ``patterns``, without ``hf.``.
    neurons, orders : tuple of str
        Rows that go with it; the first are taken where others were chosen.
    uses : tuple of str
        The settings that the memory is made of.
    kind : {"ink", "grey", "colour"}
        What a cell of the canvas is.
    least, side : int
        Patterns that it needs; the largest grid that it is offered for.
    hidden : bool
        Whether it has hidden neurons besides, as many as the setting of that name says.
    by : str
        The setting on which what it keeps depends, if any.
    capacity, breaks : callable or None
        (N, that setting) -> random patterns kept without an error; the setting -> the load P/N up
        to which they are kept with few. None where theory does not know.
    """

    text: str
    about: str
    make: Callable[[Array, Settings], Memory]
    code: Callable[[Settings, int], str]
    neurons: tuple[str, ...] = ("Sign", "HeatBath", "Anneal")
    orders: tuple[str, ...] = ("Shuffled", "Random", "Sequential", "Sync")
    uses: tuple[str, ...] = ()
    kind: str = "ink"
    least: int = 1
    side: int = 200
    hidden: bool = False
    by: str = ""
    capacity: Callable[[int, int], float] | None = None
    breaks: Callable[[int], float] | None = None


def fitted(chosen: Settings) -> Settings:
    """Return settings whose neuron and order go with their model."""
    model, found = MODELS[chosen["model"]], chosen.copy()
    if found["neuron"] not in model.neurons:
        found["neuron"] = model.neurons[0]
    if found["order"] not in model.orders:
        found["order"] = model.orders[0]
    return found


def _colours(chosen: Settings) -> int:
    return int(chosen["q"])


def _cooling(chosen: Settings) -> Array:
    return np.linspace(float(chosen["T"]), 0.0, int(chosen["cooling"]) + 1)


def _code_cooling(chosen: Settings) -> str:
    return f"np.linspace({float(chosen['T'])!r}, 0.0, {int(chosen['cooling']) + 1})"


def _layers(chosen: Settings) -> tuple[slice, slice]:
    n = chosen["n"]
    return slice(n, n + int(chosen["hidden"])), slice(0, n)


NEURONS = {
    "Sign": Part(
        "threshold (Sign)",
        lambda chosen: Sign(tie=chosen["tie"]),  # type: ignore[arg-type]
        lambda chosen: f'Sign(tie="{chosen["tie"]}")',
        uses=("tie",),
    ),
    "HeatBath": Part(
        "at a temperature (HeatBath)",
        lambda chosen: HeatBath(T=float(chosen["T"])),
        lambda chosen: f"HeatBath(T={float(chosen['T'])!r})",
        hot=True,
        uses=("T",),
    ),
    "Anneal": Part(
        "cooling down from a temperature (Anneal)",
        lambda chosen: Anneal(_cooling(chosen)),
        lambda chosen: f"Anneal({_code_cooling(chosen)})",
        hot=True,
        uses=("T", "cooling"),
    ),
    "Linear": Part("as its drive says (Linear)", lambda _: Linear(), lambda _: "Linear()"),
    "Graded": Part(
        "graded, tanh of its drive (Graded)",
        lambda chosen: Graded(beta=float(chosen["gain"])),
        lambda chosen: f"Graded(beta={float(chosen['gain'])!r})",
        uses=("gain",),
    ),
    "Potts": Part(
        "the colour with the largest field (Potts)",
        lambda chosen: Potts(_colours(chosen)),
        lambda chosen: f"Potts({_colours(chosen)})",
    ),
    "PottsHeat": Part(
        "at a temperature (Potts)",
        lambda chosen: Potts(_colours(chosen), T=float(chosen["T"])),
        lambda chosen: f"Potts({_colours(chosen)}, T={float(chosen['T'])!r})",
        hot=True,
        uses=("T",),
    ),
    "PottsAnneal": Part(
        "cooling down from a temperature (Anneal)",
        lambda chosen: Anneal(_cooling(chosen), Potts(_colours(chosen))),
        lambda chosen: f"Anneal({_code_cooling(chosen)}, hf.Potts({_colours(chosen)}))",
        hot=True,
        uses=("T", "cooling"),
    ),
}
ORDERS = {
    "Shuffled": Part("one at a time, shuffled", lambda _: Shuffled(), lambda _: "Shuffled()"),
    "Random": Part("one at a time, at random", lambda _: Random(), lambda _: "Random()"),
    "Sequential": Part(
        "one at a time, row by row", lambda _: Sequential(), lambda _: "Sequential()"
    ),
    "Sync": Part("all at once", lambda _: Sync(), lambda _: "Sync()", together=1),
    "Layers": Part(
        "the hidden layer, then the picture",
        lambda chosen: Blocks(*_layers(chosen)),
        lambda chosen: "Blocks({}, {})".format(*_layers(chosen)),
        together=2,
    ),
    "Flow": Part(
        "all at once, little by little",
        lambda _: Flow(STEP),
        lambda _: f"Flow({STEP})",
        together=10,
    ),
}
TIES = {
    "keep": "keep the state",
    "up": "go up, to +1",
    "down": "go down, to −1",
    "random": "either, at random",
}
HOLDS = {"nothing": "nothing", "known": "what the cue knows"}
ATTENTIONS = {
    "softmax": "softmax: each pattern gets some",
    "sparsemax": "sparsemax: far ones get none",
    "entmax": "entmax: between the two",
}
SIMILARITIES = {
    "distance": "their distance from the canvas",
    "dot": "their product with the canvas",
}
ENDS = {"again": "begins again", "stays": "stays at the last pattern"}
SLIDERS = {
    "T": Slider("Temperature T", 0.0, 2.0, 0.01),
    "cooling": Slider("Sweeps until T is 0", 5, 100, 5),
    "degree": Slider("Degree n", 2, 8, 1),
    "beta": Slider("Sharpness β N", 0.5, 64, 0.5),
    "gain": Slider("Gain", 0.5, 8, 0.1),
    "stay": Slider("Steps at each pattern", 1, 8, 1),
    "q": Slider("Colours q", 2, 4, 1),
    "hidden": Slider("Hidden neurons", 4, 64, 4),
    "epochs": Slider("Epochs of training", 0, 500, 10),
}
DEFAULT: Settings = {
    "model": "pairs",
    "rule": "hebb",
    "neuron": "Sign",
    "tie": "keep",
    "order": "Shuffled",
    "hold": "nothing",
    "attention": "softmax",
    "similarity": "distance",
    "ends": "again",
    "T": 0.5,
    "cooling": 20,
    "degree": 4,
    "beta": 16.0,
    "gain": 4.0,
    "stay": 3,
    "q": 4,
    "hidden": 16,
    "epochs": 300,
}


def _sequence(xi: Array, chosen: Settings) -> Memory:
    delay, cyclic = int(chosen["stay"]) - 1, chosen["ends"] == "again"
    return hf.sequence(xi, cyclic=cyclic, delay=delay)


def _machine(xi: Array, chosen: Settings) -> Memory:
    hidden, epochs = int(chosen["hidden"]), int(chosen["epochs"])
    return hf.boltzmann.fit(xi, hidden, epochs=epochs, rng=0, **TRAINING)


MODELS = {
    "pairs": Model(
        "pairs of neurons, by a rule",
        "",  # the rule says what it keeps
        lambda xi, chosen: hf.learning.RULES[chosen["rule"]].learn(xi),
        lambda chosen, n: f'learning.RULES["{chosen["rule"]}"].learn(patterns)',
        uses=("rule",),
    ),
    "dense": Model(
        "dense: a power of each overlap",
        "The energy is minus the sum of the overlaps to the power n, so the nearest pattern counts "
        "far more than the others. At n = 2 it is Hebb's rule. With an even n a pattern and its "
        "inverse are one.",
        lambda xi, chosen: hf.dense(xi, int(chosen["degree"])),
        lambda chosen, n: f"dense(patterns, {int(chosen['degree'])})",
        neurons=("Sign",),  # its energies, up to N**n, have no temperature in common with others
        uses=("degree",),
        by="degree",
        capacity=lambda n, degree: hf.theory.dense.capacity(n, degree),
    ),
    "exponential": Model(
        "dense: exponential of each overlap",
        "It keeps some 2^(N/2) random patterns, more than this lab can hold. Its numbers leave "
        "what a computer can hold above 350 neurons, so the grid is 18 × 18 at most.",
        lambda xi, chosen: hf.models.exponential(xi),
        lambda chosen, n: "models.exponential(patterns)",
        neurons=("Sign",),
        side=18,
    ),
    "sequence": Model(
        "a sequence of patterns",
        "The stored patterns, in their order, are the sequence; press Play to see it go on. There "
        "is no energy, and it never rests while it begins again. All neurons must move at once.",
        _sequence,
        lambda chosen, n: (
            f"sequence(patterns, cyclic={chosen['ends'] == 'again'}, "
            f"delay={int(chosen['stay']) - 1})"
        ),
        orders=("Sync",),
        uses=("stay", "ends"),
        least=2,
        by="stay",
        breaks=lambda stay: hf.theory.sequence.critical()[0] if stay == 1 else inf,
    ),
    "attention": Model(
        "attention over grey pictures",
        "The nearer a stored picture, the larger its share of the attention; then the canvas "
        "becomes the mean of all pictures by their shares. If β N is small, all count; if it is "
        "large, only the nearest does. Many pictures are kept where they lie far apart. Where a "
        "part of the canvas is middle grey, the distance favours pale pictures, the product "
        "strong ones.",
        lambda xi, chosen: hf.modern(
            xi,
            beta=float(chosen["beta"]) / xi.shape[1],
            attention=chosen["attention"],
            similarity=chosen["similarity"],
        ),
        lambda chosen, n: (
            f"modern(\n    patterns, beta={float(chosen['beta'])!r} / {n}, "
            f'attention="{chosen["attention"]}", similarity="{chosen["similarity"]}"\n)'
        ),
        neurons=("Linear",),
        orders=("Sync", "Flow"),
        uses=("attention", "beta", "similarity"),
        kind="grey",
    ),
    "graded": Model(
        "graded neurons, by a rule",
        "A neuron takes any value from −1 to +1, the tanh of gain × drive. For Hebb's rule all "
        "neurons go to grey where the gain is below 1: it is as noisy as a temperature of 1/gain. "
        "Pictures in grey are learned as black and white.",
        lambda xi, chosen: hf.learning.RULES[chosen["rule"]].learn(np.where(xi > 0, 1, -1)),
        lambda chosen, n: (
            f'learning.RULES["{chosen["rule"]}"].learn(np.where(patterns > 0, 1, -1))'
        ),
        neurons=("Graded",),
        orders=("Flow", "Sync"),
        uses=("rule",),
        kind="grey",
    ),
    "potts": Model(
        "Potts neurons: q colours",
        "Each neuron has one of q colours, none of which is nearer to another. More colours keep "
        "more patterns. It couples every colour of every neuron with all others, so the grid is "
        "25 × 25 at most.",
        lambda xi, chosen: hf.models.potts(xi, _colours(chosen)),
        lambda chosen, n: f"models.potts(patterns, {_colours(chosen)})",
        neurons=("Potts", "PottsHeat", "PottsAnneal"),
        orders=("Shuffled", "Random", "Sequential", "Sync"),
        uses=("q",),
        kind="colour",
        side=25,
        by="q",
        breaks=lambda q: hf.theory.potts.critical(q)[0],
    ),
    "machine": Model(
        "restricted Boltzmann machine",
        "It is trained on the stored patterns, by contrastive divergence, so that they become "
        "likely; no formula says how many it keeps. Each hidden neuron has weights to all of the "
        "picture, its filter: see Weights. Hold or pin what is known, and it repairs the rest. "
        "With few hidden neurons or epochs it blends pictures.",
        _machine,
        lambda chosen, n: (
            f"boltzmann.fit(\n    patterns, {int(chosen['hidden'])}, "
            f"epochs={int(chosen['epochs'])}, rng=0, "
            + ", ".join(f"{name}={value!r}" for name, value in TRAINING.items())
            + "\n)"
        ),
        neurons=("Anneal", "HeatBath", "Sign"),
        orders=("Layers",),
        uses=("hidden", "epochs"),
        side=32,
        hidden=True,
    ),
}

# What the reader chooses by name; the rule is chosen among those of the package.
MENUS: dict[str, dict[str, Any]] = {
    "model": dict(MODELS),
    "neuron": dict(NEURONS),
    "tie": dict(TIES),
    "order": dict(ORDERS),
    "hold": dict(HOLDS),
    "attention": dict(ATTENTIONS),
    "similarity": dict(SIMILARITIES),
    "ends": dict(ENDS),
}

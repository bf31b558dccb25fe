"""What the lab's menus offer: a row makes the part, says it in words, and writes it as code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import exp, inf, isqrt
from typing import Any, NamedTuple, NotRequired, TypedDict

import numpy as np

import hopfield as hf  # whose names come when a row asks for them: no other row's are loaded

from ..base.checks import Array
from ..core.memory import Memory
from ..core.neurons import Anneal, Graded, HeatBath, Linear, Potts, Sign
from ..core.orders import Blocks, Flow, Random, Sequential, Shuffled, Sync
from ..core.separation import Separation, power
from ..show.palette import CELLS
from .rules import SPOILT

STEP = 0.2  # time of a move where time flows
DENSE = 2500  # sites up to which a model may hold a matrix of all couplings
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
    strength: float
    drive: float
    q: float
    hidden: float
    epochs: float
    n: NotRequired[int]  # cells, which the session adds


class Slider(NamedTuple):
    """A number that the reader pulls: what it is, and from where to where in which steps.

    It counts only where the slider ``after``, if any, is above its lowest value.
    """

    text: str
    low: float
    high: float
    step: float
    after: str = ""


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
    by : tuple of str
        The settings on which what it keeps depends.
    capacity, breaks : callable or None
        (N, those settings) -> random patterns kept without an error; the settings -> the load P/N
        up to which they are kept with few. None, or infinite, where theory does not know.
    heat : callable
        The settings -> the function of T, if any, that says the same at a temperature.
    beyond : str
        What to expect where more is stored.
    unit : callable
        (N, settings) -> what its temperatures count in: the field at a stored pattern alone.
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
    by: tuple[str, ...] = ()
    capacity: Callable[..., float] | None = None
    breaks: Callable[..., float] | None = None
    heat: Callable[..., Callable[[float], tuple[float, float]] | None] = lambda *values: None
    beyond: str = SPOILT
    unit: Callable[[int, Settings], float] = lambda n, chosen: 1.0


def fitted(chosen: Settings) -> Settings:
    """Return settings whose neuron and order go with their model."""
    model, found = MODELS[chosen["model"]], chosen.copy()
    if found["neuron"] not in model.neurons:
        found["neuron"] = model.neurons[0]
    if found["order"] not in model.orders:
        found["order"] = model.orders[0]
    return found


def largest(chosen: Settings) -> int:
    """Return the side of the largest grid that a model is offered for."""
    model = MODELS[chosen["model"]]
    return isqrt(DENSE // int(chosen["q"])) if model.kind == "colour" else model.side


def unit_of(chosen: Settings) -> float:
    """Return what the temperature T counts in: the field at a stored pattern alone."""
    return MODELS[chosen["model"]].unit(chosen["n"], chosen)


def _colours(chosen: Settings) -> int:
    return int(chosen["q"])


def _heat(chosen: Settings) -> float:
    return float(chosen["T"]) * unit_of(chosen)


def _code_heat(chosen: Settings) -> str:
    unit = unit_of(chosen)
    return repr(float(chosen["T"])) + (f" * {unit!r}" if unit != 1 else "")


def _cooling(chosen: Settings) -> Array:
    return np.linspace(_heat(chosen), 0.0, int(chosen["cooling"]) + 1)


def _code_cooling(chosen: Settings) -> str:
    return f"np.linspace({_code_heat(chosen)}, 0.0, {int(chosen['cooling']) + 1})"


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
        lambda chosen: HeatBath(T=_heat(chosen)),
        lambda chosen: f"HeatBath(T={_code_heat(chosen)})",
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
    "strength": Slider("Pull λ to the next pattern", 0.1, 4, 0.1, after="stay"),
    "drive": Slider("Degree n of the pull", 2, 8, 1),
    "q": Slider("Colours q", 2, len(CELLS), 1),
    "hidden": Slider("Hidden neurons", 4, 64, 4),
    "epochs": Slider("Epochs of training", 10, 500, 10),
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
    "strength": 2.0,
    "drive": 2,
    "q": 4,
    "hidden": 16,
    "epochs": 300,
}


def _steps(chosen: Settings) -> dict[str, Any]:
    """Return what a sequence is made of: how late, how strong and how steep its pull is."""
    delay, degree = int(chosen["stay"]) - 1, int(chosen["drive"])
    found: dict[str, Any] = {"cyclic": chosen["ends"] == "again", "delay": delay}
    if degree > 2:
        found["separation"] = power(degree)
    if delay:
        found["strength"] = float(chosen["strength"])
        found |= {"hold": power(degree)} if degree > 2 else {}
    return found


def _code_steps(chosen: Settings) -> str:
    given = _steps(chosen).items()
    told = [
        f"{k}={f'hf.separation.{x}' if isinstance(x, Separation) else repr(x)}" for k, x in given
    ]
    return f"sequence(patterns, {', '.join(told)})"


@cache
def _load_of_steps(degree: int) -> float:
    return hf.theory.sequence.critical(degree=degree)[0]


def _kept_steps(n: int, stay: int, degree: int) -> float:
    """Return how many patterns of a dense sequence theory knows to be recalled with few errors."""
    if stay > 1 or degree == 2:
        return inf
    return _load_of_steps(degree) * float(n) ** (degree - 1)


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
        "The energy is minus the sum of the overlaps, each to the power n, so the nearest pattern "
        "counts far more than the others. At n = 2 it is Hebb's rule. With an even n a pattern and "
        "its inverse are equally deep. T counts in the field at a stored pattern. Above n = 2 heat "
        "destroys a pattern all at once: few patterns survive up to T = 0.5 for n = 4, 0.38 for "
        "n = 8.",
        lambda xi, chosen: hf.dense(xi, int(chosen["degree"])),
        lambda chosen, n: f"dense(patterns, {int(chosen['degree'])})",
        uses=("degree",),
        by=("degree",),
        capacity=lambda n, degree: hf.theory.dense.capacity(n, degree),
        breaks=lambda degree: hf.theory.ags.critical()[0] if degree == 2 else inf,
        heat=lambda degree: hf.theory.ags.critical if degree == 2 else None,
        unit=lambda n, chosen: (n ** int(chosen["degree"]) - (n - 2) ** int(chosen["degree"])) / 2,
    ),
    "exponential": Model(
        "dense: exponential of each overlap",
        "Each overlap counts exponentially, so in practice only the nearest pattern counts. It "
        "keeps some 2^(N/2) random patterns. T counts in the field at a stored pattern; a few "
        "wrong neurons weaken it so much that on large grids T = 0.3 loses every pattern. Above "
        "350 neurons its numbers are too large for a computer, so the grid is at most 18 × 18.",
        lambda xi, chosen: hf.models.exponential(xi),
        lambda chosen, n: "models.exponential(patterns)",
        side=18,
        capacity=lambda n: 2 ** (n / 2) if n <= 18**2 else inf,
        unit=lambda n, chosen: (1 - exp(-2)) / 2,
    ),
    "sequence": Model(
        "a sequence of patterns",
        "The stored patterns, in their order, are the sequence; press Play to see it. All neurons "
        "move at once, and there is no energy. With more than one step at each pattern the pull to "
        "the next comes late, and must be stronger (λ above 1) than what holds the present one. "
        "With a degree n above 2 the nearest pattern counts far more, and longer sequences are "
        "recalled.",
        lambda xi, chosen: hf.sequence(xi, **_steps(chosen)),
        lambda chosen, n: _code_steps(chosen),
        orders=("Sync",),
        uses=("stay", "strength", "drive", "ends"),
        least=2,
        by=("stay", "drive"),
        beyond="Expect wrong pixels; then the sequence is lost.",
        capacity=_kept_steps,
        heat=lambda stay, degree: hf.theory.sequence.critical if (stay, degree) == (1, 2) else None,
        breaks=lambda stay, degree: (
            hf.theory.sequence.critical()[0] if (stay, degree) == (1, 2) else inf
        ),
    ),
    "attention": Model(
        "attention over grey pictures",
        "The nearer a stored picture, the larger its share of the attention; the canvas then "
        "becomes the mean of all pictures, each weighted by its share. If β N is small, all "
        "pictures count, and the canvas turns into a mean; if it is large, only the nearest "
        "counts. Pictures that are much alike need a larger β N to be told apart; otherwise they "
        "come back as their mean. Where part of the canvas is middle grey, the distance favours "
        "pale pictures and the product favours strong ones.",
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
        "A neuron takes any value from −1 to +1: the tanh of gain × field. A low gain acts much "
        "like a temperature of 1/gain: with Hebb's rule and a gain below 1 all neurons turn grey. "
        "Grey pictures are stored as black and white.",
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
        "Each neuron has one of q colours, all equally different from each other. With more "
        "colours more random patterns are kept. Every colour of a neuron is coupled to every "
        "colour of all others, so the grid is at most 35 × 35 with two colours, 25 × 25 with four "
        "and 17 × 17 with eight.",
        lambda xi, chosen: hf.models.potts(xi, _colours(chosen)),
        lambda chosen, n: f"models.potts(patterns, {_colours(chosen)})",
        neurons=("Potts", "PottsHeat", "PottsAnneal"),
        orders=("Shuffled", "Random", "Sequential", "Sync"),
        uses=("q",),
        kind="colour",
        by=("q",),
        breaks=lambda q: hf.theory.potts.critical(q)[0],
    ),
    "machine": Model(
        "restricted Boltzmann machine",
        "Training by contrastive divergence makes the stored patterns likely; no formula says how "
        "many it keeps. The weights of a hidden neuron to the picture are its filter: see Weights. "
        "Hold or pin what is known, and it repairs the rest. With too few hidden neurons or epochs "
        "it blends the pictures.",
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

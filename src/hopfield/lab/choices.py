"""What the front end knows before Python runs: pictures, learning rules and all menus."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from itertools import product
from typing import Any, cast

import numpy as np

from ..analysis.planes import LARGEST
from ..core.hebbian import Hebbian
from ..core.patterns import random_patterns
from ..io import pictures as drawings
from ..learning import RULES, Rule
from ..show.palette import CELLS
from ..theory import ags
from .landscape import PLANES
from .rules import ABOUT, BEYOND, SPOILT
from .states import packed
from .tables import (
    DEFAULT,
    DENSE,
    MENUS,
    MODELS,
    NEURONS,
    ORDERS,
    SLIDERS,
    Model,
    Settings,
    largest,
)

SIDES = range(3, 201)
DIGITS = 10
HEAT = 0.05  # between temperatures at which theory says what is kept
MOST = 200  # patterns


def pictures() -> list[dict[str, Any]]:
    """Return the pictures by name, square, their pixels as packed bits in base64."""
    drawn = {name: drawings.small(name)[0] for name in ("checkerboard", "X", "A")}
    drawn |= {name: drawings.large(name)[0] for name in ("BU", "BC", "star")}
    with suppress(ImportError):  # scikit-learn's, where it is there
        drawn |= {f"digit {k}": digit for k, digit in enumerate(drawings.digits(DIGITS))}
    return [
        {"name": name, "side": drawings.grid_shape(x.size)[0], "bits": packed(x > 0)}
        for name, x in drawn.items()
    ]


def rules() -> list[dict[str, Any]]:
    """Return the learning rules, with their capacity on a grid of each side (null: no limit).

    Where theory knows it, "breaks" is the load up to which a pattern is kept with a few errors, and
    "heat" that load at rising temperatures, as far as there is one.
    """
    heat = {"hebb": heated(ags.critical)}
    return [
        {
            "name": name,
            "about": ABOUT.get(name, rule.capacity_text),
            "beyond": BEYOND.get(name, SPOILT),
            "source": rule.source,
            "implicit": implicit(rule),
            "symmetric": rule.symmetric,
            "breaks": heat[name][0] if name in heat else None,
            "heat": heat.get(name, ()),
            "capacity": [finite(rule.capacity(side**2)) for side in SIDES],
        }
        for name, rule in RULES.items()
    ]


def models() -> list[dict[str, Any]]:
    """Return the models, with what they keep by the setting on which that depends ("" without)."""
    return [
        {
            "name": name,
            "text": model.text,
            "about": model.about,
            "beyond": model.beyond,
            "kind": model.kind,
            "neurons": model.neurons,
            "orders": model.orders,
            "uses": model.uses,
            "least": model.least,
            "side": model.side,
            "by": model.by,
            "keeps": keeps(name, model),
        }
        for name, model in MODELS.items()
    ]


@cache
def heated(critical: Callable[[float], tuple[float, float]]) -> tuple[float, ...]:
    """Return the largest load at temperatures in steps of `HEAT`, down to 0."""
    loads = [critical(HEAT * k)[0] for k in range(int(1 / HEAT) + 1)]
    return tuple(float(f"{load:.4g}") for load in loads)


def keeps(name: str, model: Model) -> dict[str, dict[str, Any]]:
    """Return what a model keeps, as `rules` has it, for the values of what it depends on.

    Beside it stands the side of the largest grid that it is offered for with these values.
    """
    found: dict[str, dict[str, Any]] = {}
    ranges = [range(int(SLIDERS[x].low), int(SLIDERS[x].high) + 1) for x in model.by]
    for values in product(*ranges):
        chosen = {**DEFAULT, "model": name, **dict(zip(model.by, values, strict=True))}
        side = largest(cast("Settings", chosen))
        kept = [model.capacity(k * k, *values) for k in SIDES] if model.capacity else []
        found[",".join(map(str, values))] = {
            "capacity": [finite(x) for x in kept] if any(map(np.isfinite, kept)) else [],
            "breaks": finite(model.breaks(*values)) if model.breaks else None,
            "heat": heated(theory) if (theory := model.heat(*values)) else (),
            "side": side,
        }
    return found


def implicit(rule: Rule) -> bool:
    """Say whether few patterns need no N x N matrix, so that a large grid fits into memory."""
    memory = rule.learn(random_patterns(2, 64, rng=0))
    return isinstance(memory, Hebbian)


def finite(capacity: float) -> float | None:
    """Return a capacity to four digits, or None where there is no limit that JSON could hold."""
    return float(f"{capacity:.4g}") if np.isfinite(capacity) else None


def known() -> dict[str, Any]:
    """Return all that the front end knows of the package: its menus come from these tables.

    Examples
    --------
    >>> [choice["name"] for choice in known()["menus"]["hold"]]
    ['nothing', 'known']
    """
    return {
        "sides": [SIDES[0], SIDES[-1]],
        "most": MOST,
        "dense": DENSE,
        "heat": HEAT,
        "laid": LARGEST,
        "settings": dict(DEFAULT),
        "sliders": {name: slider._asdict() for name, slider in SLIDERS.items()},
        "menus": {
            name: [{"name": row, "text": getattr(part, "text", part)} for row, part in rows.items()]
            for name, rows in MENUS.items()
        },
        "uses": {name: part.uses for name, part in NEURONS.items()},
        "together": {name: part.together for name, part in ORDERS.items() if part.together},
        "pictures": pictures(),
        "colours": list(CELLS),
        "rules": rules(),
        "planes": [{"name": name, "text": text} for name, text in PLANES.items()],
        "models": models(),
    }

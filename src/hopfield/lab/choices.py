"""What the front end knows before Python runs: pictures, learning rules and all menus."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np

from ..analysis.planes import LARGEST
from ..core.hebbian import Hebbian
from ..core.patterns import random_patterns
from ..io import pictures as drawings
from ..learning import RULES, Rule
from ..theory import ags
from .landscape import PLANES
from .states import packed
from .tables import DEFAULT, MENUS, MODELS, NEURONS, ORDERS, SLIDERS, Model

SIDES = range(3, 201)
DIGITS = 10
MOST = 200  # patterns
DENSE = 2500  # neurons up to which a rule may hold a matrix of all couplings


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

    Where theory knows it, "breaks" is the load up to which a pattern is kept with a few errors.
    """
    breaks = {"hebb": finite(ags.critical()[0])}
    return [
        {
            "name": name,
            "capacityText": rule.capacity_text,
            "source": rule.source,
            "implicit": implicit(rule),
            "symmetric": rule.symmetric,
            "breaks": breaks.get(name),
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
            "kind": model.kind,
            "neurons": model.neurons,
            "orders": model.orders,
            "uses": model.uses,
            "least": model.least,
            "side": model.side,
            "by": model.by,
            "keeps": keeps(model),
        }
        for name, model in MODELS.items()
    ]


def keeps(model: Model) -> dict[str, dict[str, Any]]:
    """Return what a model keeps, as `rules` has it, for each value of the setting it depends on."""
    if not model.by:
        return {}
    _, low, high, _ = SLIDERS[model.by]
    found: dict[str, dict[str, Any]] = {}
    for value in range(int(low), int(high) + 1):
        capacity, breaks = model.capacity, model.breaks
        found[str(value)] = {
            "capacity": [finite(capacity(k * k, value)) for k in SIDES] if capacity else [],
            "breaks": finite(breaks(value)) if breaks else None,
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
        "rules": rules(),
        "planes": [{"name": name, "text": text} for name, text in PLANES.items()],
        "models": models(),
    }

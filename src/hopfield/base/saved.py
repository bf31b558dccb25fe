"""What can be saved: a registry of classes by name, which `hopfield.io.files` reads."""

from __future__ import annotations

import importlib
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

TYPES: dict[str, type[Any]] = {}
_Class = TypeVar("_Class", bound=type[Any])
# where savable classes are
_ROOMS = "core.recall", "models", "learning", "analysis.landscape", "boltzmann"
_CONTAINERS = ("array", "sparse", "tuple", "dict", "float", "value")  # what the format reserves


def savable(cls: _Class) -> _Class:
    """Register a class, under its name, as one that `save` and `load` know.

    Parameters
    ----------
    cls : type
        A class with a method ``parts()`` that returns a dict such that ``cls(**parts)`` rebuilds
        the object.

    Returns
    -------
    type
        The same class, so that this can be used as a decorator.

    Raises
    ------
    TypeError
        If the class has no method ``parts``.
    ValueError
        If another class already has this name, or the format reserves it.

    Examples
    --------
    >>> from hopfield import files
    >>> @files.savable
    ... class Knob:
    ...     def __init__(self, angle):
    ...         self.angle = angle
    ...     def parts(self):
    ...         return {"angle": self.angle}
    >>> files.TYPES.pop("Knob") is Knob
    True
    """
    name = cls.__name__
    if not callable(getattr(cls, "parts", None)):
        raise TypeError(f"cls {name} needs a method parts() to be savable")
    other = TYPES.get(name, cls)
    same = (other.__module__, other.__qualname__) == (cls.__module__, cls.__qualname__)
    if name in _CONTAINERS or not same:  # the same class again: a notebook's cell run twice
        raise ValueError(f"cls {name} cannot be made savable: that name is already taken")
    TYPES[name] = cls
    return cls


def value(cls: _Class) -> _Class:
    """Register a dataclass as savable: its fields rebuild it.

    >>> from dataclasses import dataclass
    >>> @value
    ... @dataclass(frozen=True)
    ... class Dial:
    ...     angle: float
    >>> Dial(0.5).parts(), TYPES.pop("Dial") is Dial
    ({'angle': 0.5}, True)
    """
    cls.parts = _fields
    return savable(cls)


def _fields(self: Any) -> dict[str, object]:
    """Return the arguments that rebuild this value: what a file holds of it."""
    return {f.name: getattr(self, f.name) for f in fields(self) if f.init}


def same(a: object, b: object) -> bool:
    """Say whether two values that `parts` may hold are equal; of arrays all entries, nan too.

    >>> same({"trace": np.array([0.0, np.nan])}, {"trace": np.array([0.0, np.nan])})
    True
    """
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        a, b = np.asarray(a), np.asarray(b)
        return np.array_equal(a, b, equal_nan=a.dtype.kind == b.dtype.kind == "f")
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return bool(a == b)


def equal(self: Any, other: Any) -> bool:
    """Say whether two results are equal, part by part: the ``__eq__`` of those that hold arrays."""
    return type(other) is type(self) and same(self.parts(), other.parts())


def known() -> dict[str, type[Any]]:
    """Return the classes that can be saved, by name, those that nobody has imported yet too."""
    for room in _ROOMS:
        importlib.import_module(f"hopfield.{room}")
    return TYPES

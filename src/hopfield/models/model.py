"""What the table of models says of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..base.checks import Array
from ..core.memory import Memory
from ..core.neurons import Neuron
from ..core.orders import Order


@dataclass(frozen=True)
class Model:
    """A model: how its memory is made, and the neuron and the order that it is written for.

    Attributes
    ----------
    make : callable
        What makes the memory; its name is the row's.
    about : str
        What it is, in a few words.
    neuron, order : Neuron, Order
        Those that go with ``sample``.
    capacity : str
        How much it holds, or what its lowest states are.
    source : str
        Where it comes from: authors, year, and DOI or arXiv number.
    sample : callable
        patterns (P, 8) of -1/+1, P 2 or more -> Memory: a small one, for the laws.
    """

    make: Callable[..., Memory]
    about: str
    neuron: Neuron
    order: Order
    capacity: str
    source: str
    sample: Callable[[Array], Memory]

"""Couplings of keys and values: the products of the states with the keys stand beside them.

A visit adds P values, weighted by the products; a neuron that moves adds its keys to these, so
often as it steps. Keys +- and values 3 1 make, for the state ++, the product 0 and fields of 0.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ...base.forms import Floats
from .columns import product
from .compiling import inline
from .terms import begin as begin, energy as energy, move as move
from .visits import Held, Net, Terms, scaled, serve


class Keys(NamedTuple):
    """Couplings values rows' - diag(own) of N neurons and P keys: rows are these."""

    rows: Floats  # (N, P)
    values: Floats  # (N, P)
    own: Floats  # (N,)


@inline
def field_of(net: Net, held: Held, terms: Terms, r: int, i: Any) -> Any:
    """Return the field of a neuron."""
    _, values, own = net
    return scaled(terms, product(held[3][r], values[i]) - own[i] * held[0][r, i], i)


serve(globals())

"""What the lab shows of couplings: all of them, a machine's filters, and those of one neuron."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

import hopfield as hf

from ..analysis.couplings import block_means

if TYPE_CHECKING:
    from .session import Session

FINEST = 128  # blocks of neurons whose couplings are shown
Answer = dict[str, Any]


def weights(lab: Session) -> Answer:
    """Return the couplings, single or as means over blocks of neurons, as float32."""
    side, memory = lab.side, lab.memory
    if isinstance(memory, hf.boltzmann.Restricted):
        return filters(memory.w, side)
    if memory.n != lab.n:
        return {"k": 0, "words": "This memory couples more than one site a neuron: no map."}
    parts = max(d for d in range(1, side + 1) if side % d == 0 and (d == 1 or side * d <= FINEST))
    k = side * parts
    try:
        means = block_means(memory, k)
    except TypeError as error:  # an energy beyond pairs has no couplings
        return {"k": 0, "words": str(error)}
    return {"k": k, "block": lab.n // k, "values": means.astype(np.float32).tobytes()}


def filters(w: npt.NDArray[np.float64], side: int) -> Answer:
    """Return each hidden neuron's weights (n, hidden) as a picture, side by side."""
    count = w.shape[1]
    across = int(np.ceil(np.sqrt(count)))
    tiles = np.zeros((across * across, side + 1, side + 1), np.float32)
    tiles[:count, 1:, 1:] = w.T.reshape(count, side, side)
    image = tiles.reshape(across, across, side + 1, side + 1).swapaxes(1, 2)
    said = f"The filters: the weights of each of {count} hidden neurons to the picture."
    return {"k": across * (side + 1), "block": 0, "words": said, "values": image.tobytes()}


def neuron(lab: Session, site: int) -> Answer:
    """Return the field of a neuron, and how much it adds to the others' (N,), as float32.

    Between pairs that is a column of W; beyond them, half of what its flip would change.
    """
    s, q = lab.run.state, lab.kind.sites(lab.q)
    other, at = s.copy(), np.arange(lab.n) * q
    if q > 1:  # without it; each neuron's field is that of the colour it has
        at += np.maximum(lab.kind.cells(s, q).astype(np.int64) - 1, 0)
        other[site * q : site * q + q] = 0
    else:
        other[site] = -1 if s[site] > 0 else 1
    fields = lab.memory.field(s)
    step = 1.0 if q > 1 else float(s[site]) - float(other[site])
    told = (fields - lab.memory.field(other)) / step
    return {"field": float(fields[at[site]]), "values": told[at].astype(np.float32).tobytes()}

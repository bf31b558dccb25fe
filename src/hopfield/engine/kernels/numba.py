"""The kernels that Numba compiles, by name."""

from .adatron import adatron as adatron
from .batches import fields as fields, squares as squares, together as together
from .bath import (
    bathe_dense as bathe_dense,
    bathe_together as bathe_together,
    logits as logits,
    shorten as shorten,
)
from .hebb import gram as gram
from .incremental import (
    bathe_bits as bathe_bits,
    bits as bits,
    count as count,
    dense as dense,
    numerators as numerators,
    overlaps as overlaps,
    permute as permute,
    sparse as sparse,
)
from .settle import settle as settle, settle_dense as settle_dense, tally as tally

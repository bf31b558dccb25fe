"""The kernels that Numba compiles, by name."""

from .adatron import adatron as adatron
from .batches import fields as fields
from .batches import squares as squares
from .batches import together as together
from .bath import bathe_dense as bathe_dense
from .bath import bathe_together as bathe_together
from .bath import logits as logits
from .bath import shorten as shorten
from .hebb import gram as gram
from .incremental import bathe_bits as bathe_bits
from .incremental import bits as bits
from .incremental import count as count
from .incremental import dense as dense
from .incremental import numerators as numerators
from .incremental import overlaps as overlaps
from .incremental import permute as permute
from .incremental import sparse as sparse
from .separation import climb as climb
from .separation import separation as separation
from .separation import settle_separation as settle_separation
from .settle import settle as settle
from .settle import settle_dense as settle_dense
from .settle import tally as tally

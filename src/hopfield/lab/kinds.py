"""What a cell of the canvas can be: how cells travel, become states, and are written as code.

A cell is a small integer, 0 where it is unknown: ink is 1 and paper -1; a grey level runs from -127
(paper) to 127 (ink); colours are 1 ... q.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

import hopfield as hf  # whose models are loaded when a cell has colours

from ..base.checks import real
from ..core.patterns import bipolar, overlap
from ..show.palette import CELLS, UNKNOWN
from .bits import States, to_bits, to_state, unpack
from .literals import bits_of, bytes_of, numbers_of

TOP = 127  # the level of ink
_PAINTS = np.array([list(bytes.fromhex(colour[1:])) for colour in (UNKNOWN, *CELLS)], np.uint8)


class Ink:
    """Neurons of -1 and +1: a bit a cell, and another where it may be unknown."""

    name = "ink"

    def sites(self, q: int) -> int:
        """Return how many sites of the memory a cell is."""
        return 1

    def rows(self, sent: Any, p: int, n: int) -> States:
        """Return stored patterns (p, n) from what was sent, as a memory learns them."""
        return np.asarray(bipolar(unpack(sent, p, n)))

    def read(self, sent: Any, n: int) -> States:
        """Return the cells (n,) of a state that was sent."""
        return to_state(sent, n)

    def write(self, cells: States) -> bytes:
        """Return cells (n,) as they are sent."""
        return to_bits(cells)

    def cue(self, cells: States, q: int) -> States:
        """Return what neurons of such cells (n,) begin with."""
        return cells

    def cells(self, state: States, q: int) -> States:
        """Return the cells (n,) of a state of the neurons."""
        return state

    def told(self, state: States, q: int) -> States:
        """Return a state of the neurons as a reader of Python knows it, (n,)."""
        return state.copy()

    def places(self, sites: States, values: States, q: int) -> tuple[States, States]:
        """Return the neurons, and their states, of some cells."""
        return sites, self.cue(values, q)

    def held(self, cells: npt.NDArray[np.bool_], q: int) -> npt.NDArray[np.bool_]:
        """Return which neurons are held where these cells are."""
        return cells

    def of_told(self, x: States) -> States:
        """Return patterns, or a state, of which Python tells as cells."""
        return x

    def given(self, x: Any, name: str, q: int) -> States:
        """Return patterns that Python gives as it tells of them.

        Raises
        ------
        TypeError, ValueError
            For others than such neurons can have.
        """
        return np.asarray(bipolar(x))

    def given_state(self, x: Any, name: str, q: int) -> States:
        """Return a state that Python gives as it tells of it; not all of it need be known."""
        return np.sign(real(x, name).astype(np.float64)).astype(np.int8)

    def overlaps(self, state: States, xi: States) -> npt.NDArray[np.float64]:
        """Return how much a state has in common with each pattern (P, n), from -1 to 1."""
        return np.atleast_1d(overlap(state, xi))

    def image(self, cells: States) -> States:
        """Return cells as what `as_image` and `animate` draw."""
        return cells

    # ---- as code ---------------------------------------------------------------------------------

    def write_patterns(self, xi: States) -> str:
        """Write the patterns."""
        return f"hf.bipolar({bits_of(xi > 0)})"

    def write_cue(self, cells: States, q: int) -> list[str]:
        """Write the cue."""
        lines = [f"cue = hf.bipolar({bits_of(cells > 0)})"]
        return lines + [f"cue = hf.blank(cue, {bits_of(cells == 0)})"] * bool((cells == 0).any())

    def write_set(self, sites: States, cells: States, q: int) -> str:
        """Write what was set by hand."""
        one = (cells == cells[0]).all()
        return f"run.set({numbers_of(sites)}, {cells[0] if one else numbers_of(cells)})"

    def write_sent(self, state: str, q: int) -> str:
        """Write how a state becomes what is sent."""
        return f"np.packbits([{state} > 0, {state} == 0], axis=1)"


class _Bytes(Ink):
    """A byte a cell."""

    def rows(self, sent: Any, p: int, n: int) -> States:
        """Return stored patterns (p, n) from what was sent, as a memory learns them."""
        return self._values(np.frombuffer(sent, np.int8).reshape(p, n))

    def read(self, sent: Any, n: int) -> States:
        """Return the cells (n,) of a state that was sent."""
        return np.asarray(np.frombuffer(sent, np.int8).reshape(n))

    def write(self, cells: States) -> bytes:
        """Return cells (n,) as they are sent."""
        return cells.astype(np.int8).tobytes()

    def _values(self, cells: States) -> States:
        raise NotImplementedError


class Grey(_Bytes):
    """Neurons of any state from -1 to 1."""

    name = "grey"

    def _values(self, cells: States) -> States:
        return np.asarray(cells / TOP)

    def cue(self, cells: States, q: int) -> States:
        """Return what neurons of such cells (n,) begin with."""
        return np.asarray(self._values(cells))

    def cells(self, state: States, q: int) -> States:
        """Return the cells (n,) of a state of the neurons."""
        return self.of_told(state)

    def of_told(self, x: States) -> States:
        """Return patterns, or a state, of which Python tells as cells."""
        return np.asarray(np.rint(TOP * np.clip(x, -1, 1)).astype(np.int8))

    def given(self, x: Any, name: str, q: int) -> States:
        """Return patterns that Python gives as it tells of them."""
        return self.given_state(x, name, q)

    def given_state(self, x: Any, name: str, q: int) -> States:
        """Return a state that Python gives as it tells of it."""
        levels = real(x, name)
        levels = np.where(levels, 1.0, -1.0) if levels.dtype == bool else levels.astype(np.float64)
        wrong = levels[np.abs(levels) > 1]
        if wrong.size:
            raise ValueError(f"{name} must be grey levels from -1 to 1, but holds {wrong[0]:g}")
        return levels

    def overlaps(self, state: States, xi: States) -> npt.NDArray[np.float64]:
        """Return the cosine of a state with each pattern (P, n), less where the state is paler."""
        lengths = np.linalg.norm(xi, axis=1)
        scale = lengths * np.maximum(lengths, np.linalg.norm(state))
        return np.asarray(xi @ state / np.where(scale > 0, scale, 1.0))

    def image(self, cells: States) -> States:
        """Return cells as the bytes of an image, 0 black."""
        return np.asarray(TOP - cells.astype(np.int16)).astype(np.uint8)

    def write_patterns(self, xi: States) -> str:
        """Write the patterns."""
        return f"{self._code(np.rint(TOP * xi))}.reshape({len(xi)}, -1) / {TOP}"

    def write_cue(self, cells: States, q: int) -> list[str]:
        """Write the cue."""
        return [f"cue = {self._code(cells)} / {TOP}"]

    def write_set(self, sites: States, cells: States, q: int) -> str:
        """Write what was set by hand."""
        return f"run.set({numbers_of(sites)}, {self._code(cells)} / {TOP})"

    def write_sent(self, state: str, q: int) -> str:
        """Write how a state becomes what is sent."""
        return f"np.rint({TOP} * np.clip({state}, -1, 1)).astype(np.int8)"

    def _code(self, cells: States) -> str:
        return bytes_of(cells.astype(np.int8))


class Colour(_Bytes):
    """Neurons of q states, each q sites of the memory."""

    name = "colour"

    def sites(self, q: int) -> int:
        """Return how many sites of the memory a cell is."""
        return q

    def _values(self, cells: States) -> States:
        return cells.astype(np.int16) - 1

    def cue(self, cells: States, q: int) -> States:
        """Return what the sites (n q) of such cells begin with."""
        return hf.models.one_hot(self._values(cells), q)

    def cells(self, state: States, q: int) -> States:
        """Return the cells (n,) of a state of the sites."""
        return (hf.models.from_one_hot(state, q) + 1).astype(np.int8)

    def told(self, state: States, q: int) -> States:
        """Return a state of the sites as colours 0 ... q-1, -1 where not known."""
        return hf.models.from_one_hot(state, q)

    def places(self, sites: States, values: States, q: int) -> tuple[States, States]:
        """Return the sites, and their states, of some cells."""
        return (sites[:, None] * q + np.arange(q)).ravel(), self.cue(values, q)

    def held(self, cells: npt.NDArray[np.bool_], q: int) -> npt.NDArray[np.bool_]:
        """Return which sites are held where these cells are."""
        return cells.repeat(q)

    def of_told(self, x: States) -> States:
        """Return patterns, or a state, of which Python tells as cells."""
        return np.asarray(x + 1).astype(np.int8)

    def given(self, x: Any, name: str, q: int) -> States:
        """Return patterns that Python gives as it tells of them."""
        return self._whole(real(x, name), name, 0, q)

    def given_state(self, x: Any, name: str, q: int) -> States:
        """Return a state that Python gives, -1 where it is not known, as it tells of it."""
        return self._whole(real(x, name), name, -1, q)

    def _whole(self, x: States, name: str, low: int, q: int) -> States:
        found = x.astype(np.int64)
        wrong = x[(found != x) | (found < low) | (found >= q)]
        if wrong.size:
            unknown = "" if low == 0 else ", or -1 where not known"
            raise ValueError(
                f"{name} must be colours 0 ... {q - 1}{unknown}, but holds {wrong[0]:g}"
            )
        return found

    def overlaps(self, state: States, xi: States) -> npt.NDArray[np.float64]:
        """Return m = (q p - 1) / (q - 1), p being the share of cells that agree."""
        q = state.size // xi.shape[1]
        p = (hf.models.from_one_hot(state, q) == xi).mean(axis=1)
        return np.asarray((q * p - 1) / (q - 1))

    def image(self, cells: States) -> States:
        """Return cells as the bytes of an image in colours."""
        return np.asarray(_PAINTS[cells])

    def write_patterns(self, xi: States) -> str:
        """Write the patterns."""
        code = bytes_of((xi + 1).astype(np.int8))
        return f"{code}.reshape({len(xi)}, -1) - 1"

    def write_cue(self, cells: States, q: int) -> list[str]:
        """Write the cue."""
        return [f"cue = hf.models.one_hot({bytes_of(cells.astype(np.int8))} - 1, {q})"]

    def write_set(self, sites: States, cells: States, q: int) -> str:
        """Write what was set by hand."""
        places = f"(np.array({numbers_of(sites)})[:, None] * {q} + np.arange({q})).ravel()"
        return f"run.set({places}, hf.models.one_hot({bytes_of(cells.astype(np.int8))} - 1, {q}))"

    def write_sent(self, state: str, q: int) -> str:
        """Write how a state becomes what is sent."""
        return f"(hf.models.from_one_hot({state}, {q}) + 1).astype(np.int8)"


KINDS: dict[str, Ink] = {kind.name: kind for kind in (Ink(), Grey(), Colour())}

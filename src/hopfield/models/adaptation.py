"""Neurons that tire (Horn & Usher 1989): a network wanders from memory to memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats, Rng, describe, fewer, number
from ..base.saved import savable, value
from ..base.streams import Streams
from ..core.hebbian import Hebbian
from ..core.memory import Memory
from ..core.neurons import HeatBath, Neuron, Sign, threshold_neuron
from ..core.orders import Shuffled
from .model import Model

__all__ = ["Adapting", "Tiring"]
__dir__ = __all__.copy


@value
@dataclass(frozen=True)
class Tiring:
    """A neuron whose threshold follows what it did: two sites, its state and its fatigue R.

    A visit decides by the field less ``strength`` R, and then R becomes R / decay + state. A state
    held for long has the threshold strength decay / (decay - 1) times the state.

    Parameters
    ----------
    strength : float
        b, 0 or more.
    decay : float
        c, above 1: fatigue is divided by it at each visit.
    neuron : Sign or HeatBath
        Who decides; of 0/1 neurons those that fire tire alone.

    Raises
    ------
    TypeError, ValueError
        For a negative strength, a decay of 1 or less, or a neuron without a threshold.

    References
    ----------
    Horn & Usher 1989, doi:10.1103/PhysRevA.40.1036.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> tired = np.array([1.0, 5.0])  # its state, and its fatigue
    >>> hf.models.Tiring(0.3, 1.25)(np.array([1.0, 0.0]), tired, rng=None)
    array([-1.,  3.])
    """

    strength: float
    decay: float
    neuron: Any = field(default_factory=Sign)
    states: ClassVar[None] = None
    drive: ClassVar[str] = "field"
    width: ClassVar[int] = 2

    def __post_init__(self) -> None:
        """Check the arguments."""
        if number(self.strength, "strength") < 0:
            raise ValueError(f"strength must be 0 or more, not {self.strength}")
        if number(self.decay, "decay") <= 1:
            raise ValueError(f"decay must be above 1, not {self.decay}")
        if isinstance(self.neuron, type) or not threshold_neuron(self.neuron):
            raise TypeError(
                f"neuron must have a threshold, as hf.Sign() has, not {describe(self.neuron)}"
            )

    @property
    def random(self) -> bool:
        """Whether the neuron draws from ``rng``."""
        return bool(self.neuron.random)

    def __call__(self, h: Floats, s: Floats, rng: Rng | Streams | None) -> Floats:
        """Return the new states and fatigues (..., 2 k) of k neurons with fields h, now in s."""
        h, s = np.asarray(h), np.asarray(s)
        if h.shape != s.shape or not h.ndim or h.shape[-1] % 2:
            raise ValueError(f"h and s must have 2 sites a neuron, not {h.shape} and {s.shape}")
        tired, out = s[..., 1::2], np.empty(h.shape)
        out[..., ::2] = self.neuron(h[..., ::2] - self.strength * tired, s[..., ::2], rng)
        out[..., 1::2] = tired / self.decay + out[..., ::2]
        return out

    def settled(self, h: Floats, s: Floats) -> npt.NDArray[np.bool_]:
        """Say which sites cannot move under their fields, whatever is drawn."""
        if self.random:
            return np.zeros(np.shape(h), bool)
        return np.asarray(self(h, s, None) == s)


@savable
class Adapting(Memory):
    """A memory of neurons that tire: sites 2 i and 2 i + 1 are neuron i and its fatigue.

    `recall` takes cues and clamps of N neurons, too, who then begin rested; a neuron that is
    clamped keeps its fatigue. What a state means is
    ``outputs(state)``. As fatigue is part of the state, fixed points and cycles are such of both.
    There is no energy: where strength decay / (decay - 1) is above what holds a memory (1 for one
    pattern), the network leaves it, and goes to its inverse or to others.

    Parameters
    ----------
    memory : Memory
        Of the neurons.
    strength, decay : float
        As for `Tiring`.
    neuron : Sign or HeatBath, optional
        Who decides; by default what the memory was written for.

    Raises
    ------
    TypeError, ValueError
        For what is no memory, what `Tiring` refuses, or, of a cue, for states that are not the
        neuron's.

    References
    ----------
    Horn & Usher 1989, doi:10.1103/PhysRevA.40.1036.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(1, 100, rng=1)
    >>> memory = hf.models.Adapting(hf.hebb(xi), strength=0.3, decay=1.25)
    >>> kept = hf.record.states()
    >>> r = hf.recall(memory, xi[0], order=hf.Sync(), record=kept, sweeps=24)
    >>> hf.overlap(memory.outputs(r.trace), xi[0])[::3].round()  # it flips again and again
    array([ 1.,  1., -1., -1., -1.,  1.,  1.,  1., -1.])
    """

    symmetric = False

    def __init__(
        self, memory: Memory, strength: float, decay: float, neuron: Neuron | None = None
    ) -> None:
        if not isinstance(memory, Memory) or not memory.n:
            raise TypeError(f"memory must be a memory of n neurons, not {describe(memory)}")
        self.memory, self.n, self.order = memory, 2 * memory.n, memory.order
        self._tiring = Tiring(strength, decay, memory.neuron if neuron is None else neuron)

    def __repr__(self) -> str:
        t = self._tiring
        return f"Adapting({self.memory}, {t.strength:g}, {t.decay:g}, {t.neuron})"

    @property
    def neuron(self) -> Tiring:
        """`Tiring`, as the arguments say."""
        return self._tiring

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        t = self._tiring
        own = {"strength": t.strength, "decay": t.decay, "neuron": t.neuron}
        return {"memory": self.memory, **own}

    def spread(self, given: npt.ArrayLike, name: str) -> npt.ArrayLike:
        """Return a cue or clamp of the neurons as one of all sites: of a cue they are rested."""
        x = fewer(given, name, self.memory.n)
        if x is None:
            return given
        if name == "clamp":
            return np.repeat(x, 2, axis=-1)
        low, high = self._tiring.neuron.states
        s = np.where(x, high, low) if x.dtype.kind == "b" else x.astype(np.float64)
        if not np.isin(s, (low, (low + high) / 2, high)).all():
            raise ValueError(f"cue must hold {low:g} and {high:g}, the states of the neurons")
        return np.stack([s, np.zeros(s.shape)], axis=-1).reshape(*s.shape[:-1], self.n)

    def outputs(self, s: npt.ArrayLike) -> Floats:
        """Return what the neurons do (..., N) in states s (..., 2 N)."""
        return self._rows(s)[..., ::2]

    def fatigue(self, s: npt.ArrayLike) -> Floats:
        """Return how tired they are, R (..., N), in states s (..., 2 N)."""
        return self._rows(s)[..., 1::2]

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the fields (..., 2 N): the memory's, and 0 of fatigue."""
        rows = self._rows(s)
        out = np.zeros(rows.shape)
        out[..., ::2] = self.memory.field(rows[..., ::2])
        return out


def _sample(xi: Array) -> Adapting:
    return Adapting(Hebbian(xi), 0.3, 1.25, HeatBath(0.2))


ROWS = (
    Model(
        make=Adapting,
        about="neurons that tire, so that memories come and go",
        neuron=Tiring(0.3, 1.25, HeatBath(0.2)),
        order=Shuffled(),
        capacity="what its memory keeps, each for a while",
        source="Horn & Usher 1989, doi:10.1103/PhysRevA.40.1036",
        sample=_sample,
    ),
)

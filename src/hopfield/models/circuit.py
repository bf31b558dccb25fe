"""The circuit of 1984: graded neurons, seen by their potentials."""

from __future__ import annotations

import numpy.typing as npt

from ..base.checks import Floats, describe
from ..base.saved import savable
from ..core.hebbian import Hebbian
from ..core.memory import Memory, NoEnergy
from ..core.neurons import Graded, Linear
from ..core.orders import Flow
from .model import Model

__all__ = ["Potentials"]
__dir__ = __all__.copy


@savable
class Potentials(Memory):
    """A memory of graded neurons, seen by their potentials u: the circuit of Hopfield 1984.

    The drive is that of the neurons' outputs v = Graded(beta, low, high), h(u) = -dE/dv, so that
    `Linear` neurons under `Flow` solve du/dt = -u + h. They keep what tanh rounds away. There is
    no energy of u of which h is the derivative; what never rises is ``memory.energy(v) +
    graded.energy(v)``, with ``v = outputs(u)``.

    Parameters
    ----------
    memory : Memory
        Of the outputs.
    beta : float
        The gain.
    low, high : float
        Between which the outputs lie.

    Raises
    ------
    TypeError, ValueError
        For what is no memory, or what `Graded` refuses.

    References
    ----------
    Hopfield 1984, doi:10.1073/pnas.81.10.3088, eq. 5.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(1, 50, rng=1)
    >>> circuit = hf.models.Potentials(hf.hebb(xi), beta=2)
    >>> r = hf.recall(circuit, 0.1 * xi[0], neuron=hf.Linear(), order=hf.Flow(0.5))
    >>> round(hf.overlap(circuit.outputs(r.state), xi[0]), 6)
    0.953489
    """

    symmetric = False

    def __init__(self, memory: Memory, beta: float, low: float = -1.0, high: float = 1.0) -> None:
        if not isinstance(memory, Memory) or not memory.n:
            raise TypeError(f"memory must be a memory of n neurons, not {describe(memory)}")
        self.memory, self.graded, self.n = memory, Graded(beta, low, high), memory.n
        self.order = memory.order if hasattr(memory.order, "rate") else Flow(0.1)

    def __repr__(self) -> str:
        return f"Potentials({self.memory}, {self.graded.beta:g})"

    @property
    def neuron(self) -> Linear:
        """`Linear()`, whose states are the potentials."""
        return Linear()

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        g = self.graded
        return {"memory": self.memory, "beta": g.beta, "low": g.low, "high": g.high}

    def outputs(self, u: npt.ArrayLike) -> Floats:
        """Return the outputs v (..., n) of potentials u (..., n)."""
        return self.graded.answer(self._rows(u))

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the drive of the outputs, (..., n)."""
        return self.memory.gradient(self.outputs(s))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Raise NoEnergy: energies belong to the outputs."""
        raise NoEnergy(
            "Potentials have no energy: their outputs v have memory.energy(v) + graded.energy(v)"
        )


ROWS = (
    Model(
        make=Potentials,
        about="graded neurons by their potentials",
        neuron=Linear(),
        order=Flow(0.1),
        capacity="what the memory of the outputs keeps",
        source="Hopfield 1984, doi:10.1073/pnas.81.10.3088",
        sample=lambda xi: Potentials(Hebbian(xi), beta=2),
    ),
)

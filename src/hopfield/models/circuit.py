"""The circuit of 1984: graded neurons, seen by their potentials."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, describe, not_negative, number
from ..base.saved import savable
from ..core.hebbian import Hebbian
from ..core.memory import Memory, NoEnergy, scalar
from ..core.neurons import TRANSFERS, Graded, Linear
from ..core.orders import Flow
from .model import Model

__all__ = ["Potentials"]
__dir__ = __all__.copy


@savable
class Potentials(Memory):
    """A memory of graded neurons, seen by their potentials u: the circuit of Hopfield 1984.

    The drive is that of the neurons' outputs v = g(beta u), h(u) = -R dE/dv, so that `Linear`
    neurons under `Flow` solve RC du/dt = -u + h. They keep what tanh rounds away. There is no
    energy of u of which h is the derivative; what never rises is `lyapunov`.

    Parameters
    ----------
    memory : Memory
        Of the outputs.
    beta : float or array_like of shape (N,)
        The gain, of all neurons or of each.
    low, high, transfer, q
        As for `Graded`: between which the outputs lie, and how they follow.
    resistance : float or array_like of shape (N,)
        R. The capacitance C is in the time constants, ``Flow(dt, time=R * C)``.

    Raises
    ------
    TypeError, ValueError
        For what is no memory, gains or resistances of 0 or less or not as many as neurons, or what
        `Graded` refuses.

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

    def __init__(
        self,
        memory: Memory,
        beta: npt.ArrayLike,
        low: float | None = None,
        high: float | None = None,
        *,
        transfer: str = "tanh",
        q: int = 1,
        resistance: npt.ArrayLike = 1.0,
    ) -> None:
        if not isinstance(memory, Memory) or not memory.n:
            raise TypeError(f"memory must be a memory of n neurons, not {describe(memory)}")
        self.memory, self.n = memory, memory.n
        self.beta = _positive(beta, "beta", self.n)
        self.resistance = _positive(resistance, "resistance", self.n)
        self._unit = Graded(1.0, low, high, transfer, q=q)
        if self.n % q:
            raise ValueError(f"memory must have q = {q} sites a neuron, not {self.n} in all")
        self.order = memory.order if hasattr(memory.order, "toward") else Flow(0.1)

    def __repr__(self) -> str:
        return f"Potentials({self.memory}, {describe(self.parts()['beta'])})"

    @property
    def neuron(self) -> Linear:
        """`Linear()`, whose states are the potentials."""
        return Linear()

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        g = self._unit
        beta, resistance = (x if x.ndim else float(x) for x in (self.beta, self.resistance))
        states = {"low": g.low, "high": g.high, "transfer": g.transfer, "q": g.q}
        return {"memory": self.memory, "beta": beta, "resistance": resistance} | states

    def outputs(self, u: npt.ArrayLike) -> Floats:
        """Return the outputs v (..., n) of potentials u (..., n)."""
        return self._unit.answer(self.beta * self._rows(u))

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the drive of the outputs, (..., n)."""
        return self.resistance * self.memory.gradient(self.outputs(s))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Raise NoEnergy: energies belong to the outputs."""
        raise NoEnergy("Potentials have no energy: their outputs have, as lyapunov gives it")

    def lyapunov(self, u: npt.ArrayLike) -> Floats | float:
        """Return what never rises, (...): E of the outputs, and sum of int g^-1(v) dv / (beta R).

        Of softmax, where gains times resistances are alike within a neuron.

        Raises
        ------
        NoEnergy
            Where the memory of the outputs has no energy.
        """
        v, weight = self.outputs(u), np.broadcast_to(self.beta * self.resistance, self.n)
        low, span = self._unit.low, self._unit.high - self._unit.low
        own = span * TRANSFERS[self._unit.transfer].cost((v - low) / span) / weight
        return scalar(np.asarray(self.memory.energy(v) + own.sum(axis=-1)))


def _positive(x: npt.ArrayLike, name: str, n: int) -> Floats:
    several = isinstance(x, (list, tuple, np.ndarray))
    values = not_negative(x if several else number(x, name), name)
    if not values.all():
        raise ValueError(f"{name} must be above 0, not {describe(x)}")
    if values.shape not in ((), (n,)):
        raise ValueError(f"{name} must be one number, or {n}; its shape is {values.shape}")
    return values


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

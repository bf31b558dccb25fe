"""Parallel tempering: replicas of a memory at several temperatures, which now and then swap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats, Rng, count, describe, generator, real
from ..base.saved import equal, value
from ..base.streams import Draws, Streams
from ..core.memory import Memory, NoEnergy
from ..core.neurons import TwoState
from ..core.patterns import narrow
from ..core.recall import Run


@value
@dataclass(frozen=True)
class Tempered:
    """What came out of parallel tempering, of K temperatures and R ladders of them.

    Attributes
    ----------
    states : ndarray of shape (R, K, N)
        The last state at each temperature.
    energies : ndarray of shape (sweeps, R, K)
        The energy there after each sweep.
    acceptance : ndarray of shape (K - 1,)
        Which share of the swaps between a temperature and the next was made; NaN if none was
        tried.
    lowest : ndarray of shape (N,)
        The state of the lowest energy that was seen after a sweep, at any temperature.
    energy : float
        Its energy.
    """

    states: Array
    energies: Floats
    acceptance: Floats
    lowest: Array
    energy: float
    __eq__ = equal

    def __repr__(self) -> str:
        ladders, temperatures, n = self.states.shape
        return (
            f"Tempered({ladders} x {temperatures} temperatures of {n} neurons, lowest energy "
            f"{self.energy:.6g})"
        )


class _Ladder(TwoState):
    """Heat baths of two states, one temperature a replica."""

    bounds = (np.inf, 0), (-np.inf, 0)

    def __init__(self, low: float, high: float, temperatures: Floats) -> None:
        self.low, self.high, self.temperatures = low, high, temperatures

    def draw(self, rng: Draws, shape: tuple[int, ...]) -> tuple[Floats, npt.NDArray[np.int8]]:
        """Return thresholds and ties for visits of that shape (R, n)."""
        theta = self.temperatures[:, None] / (self.high - self.low) * rng.logistic(size=shape)
        return theta, np.where(np.signbit(theta), 1, -1).astype(np.int8)


def temper(
    memory: Memory,
    temperatures: npt.ArrayLike,
    sweeps: int,
    *,
    ladders: int = 1,
    rng: Rng | None = None,
) -> Tempered:
    """Sample a memory at several temperatures, whose replicas swap where chance allows it.

    After each sweep, neighbours in temperature swap with the probability min(1, exp((1/T_a -
    1/T_b) (E_a - E_b))), even and odd pairs in turn, so that each temperature keeps its law
    exp(-E/T), and what is stuck in a valley at a low one gets out at a high one.

    Parameters
    ----------
    memory : Memory
        With an energy, of neurons of two states.
    temperatures : array_like of shape (K,)
        Rising, above 0, at least two. Neighbours should differ so little that a fifth or more of
        the swaps are made.
    sweeps : int
        Sweeps of each replica.
    ladders : int
        How many independent sets of K replicas.
    rng
        As for `recall`.

    Returns
    -------
    Tempered
        States, energies, the acceptance of each pair, and the lowest state seen.

    Raises
    ------
    TypeError, ValueError
        For temperatures that do not rise, or what is no memory, or one of other neurons.
    NoEnergy
        For a memory without an energy.

    References
    ----------
    Swendsen & Wang 1986, doi:10.1103/PhysRevLett.57.2607; Hukushima & Nemoto 1996,
    doi:10.1143/JPSJ.65.1604.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> ring = np.roll(np.eye(6), 1, axis=0) + np.roll(np.eye(6), -1, axis=0)
    >>> found = hf.optimise.temper(hf.optimise.max_cut(ring), [0.3, 0.6, 1.2], 50, rng=1)
    >>> float(hf.optimise.cut(ring, found.lowest))
    6.0
    """
    low, high = states_of(memory)
    T = real(temperatures, "temperatures").astype(np.float64)
    if T.ndim != 1 or T.size < 2 or T[0] <= 0 or (np.diff(T) <= 0).any():
        raise ValueError(
            f"temperatures must be two or more that rise, all above 0, not {describe(temperatures)}"
        )
    sweeps, ladders = count(sweeps, "sweeps", 1), count(ladders, "ladders", 1)
    source = generator(rng, "temper")
    swaps, starts = Streams.spawn(source, ladders), Streams.spawn(source, ladders * T.size)
    neuron = _Ladder(low, high, np.tile(T, ladders))
    cue = np.where(starts.random((starts.state.size, memory.n)) < 0.5, low, high)
    run = Run(memory, cue, neuron=neuron, rng=starts)
    at = np.arange(cue.shape[0]).reshape(ladders, T.size)  # who is at each temperature
    energies, made = np.empty((sweeps, *at.shape)), np.zeros((2, T.size - 1))
    lowest, energy = cue[0], np.inf
    for k in range(sweeps):
        neuron.temperatures[at] = T
        run.finish(1)
        now = np.asarray(run.energy())
        energies[k] = now[at]
        if (least := now.min()) < energy:
            lowest, energy = run.state[now.argmin()].copy(), float(least)
        if k < sweeps - 1:  # states and energies of the last sweep belong together
            _swap(at, energies[k], T, k % 2, swaps, made)
    with np.errstate(invalid="ignore"):
        acceptance = made[1] / made[0]
    neuron.temperatures[at] = T
    return Tempered(narrow(run.state[at]), energies, acceptance, narrow(lowest), energy)


def _swap(at: Array, energies: Floats, T: Floats, first: int, swaps: Streams, made: Any) -> None:
    """Swap who is at neighbouring temperatures, of pairs from the first or second one on."""
    lower = np.arange(first, T.size - 1, 2)
    if not lower.size:
        return
    gain = (1 / T[lower] - 1 / T[lower + 1]) * (energies[:, lower] - energies[:, lower + 1])
    yes = np.log(swaps.random((*swaps.state.shape, lower.size))) < gain
    pairs = at[:, lower].copy(), at[:, lower + 1].copy()
    at[:, lower], at[:, lower + 1] = np.where(yes, pairs[::-1], pairs)
    made[:, lower] += [[len(at)] * lower.size, yes.sum(axis=0)]


def states_of(memory: Memory) -> tuple[float, float]:
    """Return the two states of a memory's neurons, which must have an energy."""
    if not isinstance(memory, Memory) or not memory.n:
        raise TypeError(f"memory must be a hopfield memory of n neurons, not {describe(memory)}")
    neuron: Any = memory.neuron
    states: tuple[float, float] | None = memory.states or (-1.0, 1.0)
    if neuron is not None:
        states = neuron.states
    if states is None or getattr(neuron, "width", 1) > 1:
        raise ValueError(f"memory must be of neurons of two states, not of {neuron}")
    if not memory.symmetric:
        raise NoEnergy(f"memory must have an energy: the couplings of {memory} are not symmetric")
    return states

"""The law exp(-E/T) / Z of a memory: ln Z, likelihood, entropy and divergence.

Of a machine with hidden neurons it is the law of the visible ones, exp(-F/T) / Z with the free
energy F. Everything is in nats.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from ..analysis.landscape import all_states
from ..base.checks import (
    LARGEST as LARGEST_NUMBER,
    Floats,
    Rng,
    choice,
    count,
    generator,
    not_negative,
    number,
    numbers,
    vectors,
)
from ..base.streams import Streams
from ..core.memory import Memory
from ..core.neurons import Anneal, HeatBath
from ..core.recall import recall
from ..core.record import energy
from ..models.temper import states_of

LARGEST = 20  # neurons whose states are all looked at


class Estimate(float):
    """A number that is known but for an error: a float with one attribute more.

    Attributes
    ----------
    error : float
        Its standard error; 0 where it is exact.
    """

    error: float

    def __new__(cls, value: float, error: float = 0.0) -> Estimate:
        """Make one."""
        made = super().__new__(cls, value)
        made.error = float(error)
        return made

    def __repr__(self) -> str:
        return f"{float(self):.10g}" + (f" +- {self.error:.2g}" if self.error else "")


def log_partition(
    memory: Memory,
    T: float = 1.0,
    method: str = "exact",
    *,
    steps: int = 1000,
    chains: int = 100,
    rng: Rng | None = None,
) -> Estimate:
    """Return ln Z, the logarithm of the sum of exp(-E/T) over all states.

    Parameters
    ----------
    memory : Memory
        With an energy, of two states a neuron.
    T : float
        Temperature, above 0.
    method : {"exact", "ais"}
        "exact" adds all states up, of 20 neurons at most (of a restricted machine, of 20 in the
        smaller layer). "ais" is annealed importance sampling: chains go from T = infinity (of a
        restricted machine, from its visible biases alone) to T.
    steps, chains : int
        Temperatures and chains of "ais".
    rng
        As for `recall`.

    Returns
    -------
    Estimate
        A float; its ``error`` is 0 where it is exact. The error of "ais" tells how the chains
        differ: where all of them miss a valley it is too small.

    Raises
    ------
    TypeError, ValueError
        For arguments that do not fit, or more neurons than can be enumerated.
    NoEnergy
        If the memory has none.

    References
    ----------
    Neal 2001, doi:10.1023/A:1008923215028 (annealed importance sampling).

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.hebb([[1, 1, 1, -1], [1, -1, 1, 1]])
    >>> hf.boltzmann.log_partition(memory)
    3.012817736
    """
    T = temperature(T)
    states = states_of(memory)
    if choice(method, "method", ("exact", "ais")) == "exact":
        return Estimate(
            np.logaddexp.reduce([np.logaddexp.reduce(x) for x in log_weights(memory, T)])
        )
    steps, chains = count(steps, "steps", 1), count(chains, "chains", 2)
    streams = Streams.spawn(generator(rng, "log_partition"), chains)
    own: Any = getattr(memory, "annealed", None)
    if own:
        base, found = own(T, steps, streams)
    else:
        base, found = _annealed(memory, T, steps, streams, states)
    top = found.max()
    ratios = np.exp(found - top)
    error = ratios.std(ddof=1) / ratios.mean() / np.sqrt(chains)
    return Estimate(base + top + log(ratios.mean()), error)


def _annealed(
    memory: Memory, T: float, steps: int, streams: Streams, states: tuple[float, float]
) -> tuple[float, Floats]:
    """Return ln Z at infinite temperature, and what each chain adds to it on its way to T."""
    low, high = states
    share = np.arange(1, steps + 1) / steps  # of 1 / T
    start = np.where(streams.random((streams.state.size, memory.n)) < 0.5, low, high)
    neuron = Anneal(T / share, HeatBath(T, low, high))
    run = recall(memory, start, neuron=neuron, sweeps=steps, record=energy(), rng=streams)
    return memory.n * log(2), -run.trace[:-1].sum(axis=0) / (T * steps)


def log_weights(memory: Memory, T: float) -> Iterator[Floats]:
    """Yield -E/T of all states in blocks, or what a machine adds up in their stead."""
    own: Any = getattr(memory, "log_weights", None)
    if own:
        yield from own(T)
        return
    if memory.n > LARGEST:
        raise ValueError(
            f'memory must have at most {LARGEST} neurons for method="exact", not {memory.n}; '
            'method="ais" samples'
        )
    for s in all_states(memory.n, states_of(memory)):
        yield np.asarray(memory.energy(s)) / -T


def free_energy(memory: Memory, states: npt.ArrayLike, T: float) -> Floats:
    """Return the free energies (...) of visible states (..., M); without hidden ones, energies."""
    own: Any = getattr(memory, "free_energy", None)
    return np.asarray(own(states, T) if own else memory.energy(states))


def law(memory: Memory, T: float = 1.0) -> Floats:
    """Return the probability of each of the 2**M states of the visible neurons.

    Parameters
    ----------
    memory : Memory
        With an energy, of 20 visible neurons at most.
    T : float
        Temperature, above 0.

    Returns
    -------
    ndarray of shape (2**M,)
        In the order of `landscape.all_states`: counting in binary, the first state all low.

    Raises
    ------
    TypeError, ValueError
        For arguments that do not fit.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.boltzmann.law(hf.boltzmann.Machine([[0, 1], [1, 0]])).round(3)
    array([0.44, 0.06, 0.06, 0.44])
    """
    return np.asarray(np.exp(_log_law(memory, temperature(T))))


def _log_law(memory: Memory, T: float) -> Floats:
    """Return the logarithms of the law."""
    states = states_of(memory)
    m = getattr(memory, "visible", memory.n)
    if m > LARGEST:
        raise ValueError(f"memory must have at most {LARGEST} visible neurons, not {m}")
    found = np.concatenate([free_energy(memory, s, T) / -T for s in all_states(m, states)])
    return np.asarray(found - np.logaddexp.reduce(found))


def log_likelihood(
    memory: Memory, data: npt.ArrayLike, T: float = 1.0, log_z: float | None = None
) -> float:
    """Return the mean of ln P over the rows of some data, in nats a row.

    Parameters
    ----------
    memory : Memory
        With an energy, of two states a neuron.
    data : array_like of shape (K, M)
        States of the visible neurons.
    T : float
        Temperature, above 0.
    log_z : float, optional
        ln Z where it is known: what `log_partition` estimates, say. By default it is computed
        exactly.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        For data of other states or another size, or too many neurons for the exact sum.

    Examples
    --------
    >>> import hopfield as hf
    >>> data = [[1, 1], [-1, -1], [1, -1]]
    >>> round(hf.boltzmann.log_likelihood(hf.boltzmann.Machine([[0, 1], [1, 0]]), data), 6)
    -1.486742
    """
    T = temperature(T)
    x = rows_of(data, memory)
    z = log_partition(memory, T) if log_z is None else number(log_z, "log_z")
    return float(free_energy(memory, x, T).mean() / -T - z)


def pseudo_likelihood(memory: Memory, data: npt.ArrayLike, T: float = 1.0) -> float:
    """Return the mean over rows of sum_i ln P(v_i | the other visible neurons), in nats a row.

    It needs no Z, and may rise while the likelihood falls: report the likelihood.

    Parameters
    ----------
    memory : Memory
        With an energy, of two states a neuron.
    data : array_like of shape (K, M)
        States of the visible neurons.
    T : float
        Temperature, above 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        For data of other states or another size.

    References
    ----------
    Besag 1975, doi:10.2307/2987782.

    Examples
    --------
    >>> import hopfield as hf
    >>> data = [[1, 1], [-1, -1], [1, -1]]
    >>> round(hf.boltzmann.pseudo_likelihood(hf.boltzmann.Machine([[0, 1], [1, 0]]), data), 6)
    -1.587189
    """
    T, (low, high) = temperature(T), states_of(memory)
    x = rows_of(data, memory)
    at, total = free_energy(memory, x, T), 0.0
    for i in range(x.shape[1]):
        other = x.copy()
        other[:, i] = low + high - x[:, i]
        total -= np.logaddexp(0, (at - free_energy(memory, other, T)) / T).mean()
    return float(total)


def entropy(memory: Memory, T: float = 1.0) -> float:
    """Return the entropy of the visible neurons' law, in nats; of 20 of them at most.

    Parameters
    ----------
    memory : Memory
        With an energy, of two states a neuron.
    T : float
        Temperature, above 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        For arguments that do not fit.

    Examples
    --------
    >>> import hopfield as hf
    >>> round(hf.boltzmann.entropy(hf.hebb([[1, 1, 1, -1]]), T=100.0), 4)  # nearly 4 ln 2
    2.7726
    """
    p = law(memory, T)
    return float(-(p[p > 0] * np.log(p[p > 0])).sum())


def divergence(memory: Memory, law_or_data: npt.ArrayLike, T: float = 1.0) -> float:
    """Return Kullback and Leibler's divergence D(q || p) of the memory's law p from another, q.

    Parameters
    ----------
    memory : Memory
        With an energy, of two states a neuron.
    law_or_data : array_like of shape (2**M,) or (K, M)
        q: a probability for each state, as `law` orders them; or data, of which each row counts
        the same.
    T : float
        Temperature, above 0.

    Returns
    -------
    float
        In nats, 0 where the two are the same.

    Raises
    ------
    TypeError, ValueError
        For a q that is neither.

    Examples
    --------
    >>> import hopfield as hf
    >>> fair = hf.boltzmann.Machine([[0, 0], [0, 0]])
    >>> round(hf.boltzmann.divergence(fair, [[1, 1], [-1, -1]]), 6)  # ln 2
    0.693147
    """
    T = temperature(T)
    given = numbers(law_or_data, "law_or_data")
    if given.ndim != 1:
        x, counts = np.unique(rows_of(law_or_data, memory), axis=0, return_counts=True)
        q = counts / counts.sum()
        log_p = free_energy(memory, x, T) / -T - log_partition(memory, T)
    else:
        p, given = _log_law(memory, T), not_negative(law_or_data, "law_or_data")
        if given.shape != p.shape or abs(given.sum() - 1) > 1e-9:
            raise ValueError(
                f"law_or_data must be {p.size} probabilities that add up to 1, or rows of data; "
                f"it is {given.shape} and adds up to {given.sum():.6g}"
            )
        q, log_p = given[given > 0], p[given > 0]
    return float((q * (np.log(q) - log_p)).sum())


def temperature(T: float) -> float:
    """Return a temperature above 0."""
    if (found := number(T, "T")) < 1 / LARGEST_NUMBER:
        raise ValueError(f"T must be above 0 ({1 / LARGEST_NUMBER:g} or more), not {found:g}")
    return found


def rows_of(data: npt.ArrayLike, memory: Memory) -> Floats:
    """Return data as rows (K, M) of states of the visible neurons."""
    states = states_of(memory)
    return read(data, getattr(memory, "visible", memory.n), states)


def read(
    data: npt.ArrayLike,
    m: int | None,
    states: tuple[float, float],
    name: str = "data",
    dtype: type = np.float64,
) -> Floats:
    """Return data as rows (K, M) of two states, of a type of float, bools mapped."""
    x = vectors(data, name, m)
    if x.ndim != 2:
        raise ValueError(f"{name} must be rows (K, M); the shape is {x.shape}")
    low, high = states
    if x.dtype.kind == "b":
        return np.asarray(np.where(x, high, low), dtype)
    if not ((x == low) | (x == high)).all():
        also = '; coding="01" reads 0 and 1' if low == -1 and name == "data" else ""
        raise ValueError(f"{name} must hold {low:g} and {high:g} (or bools){also}")
    return np.array(x, dtype)

"""A sampler as dimod has them: memories that anneal, sample or temper a binary quadratic model.

Examples
--------
>>> import dimod
>>> bqm = dimod.BinaryQuadraticModel.from_ising({"a": 0.5}, {("a", "b"): -1, ("b", "c"): -1})
>>> found = HopfieldSampler().sample(bqm, num_reads=5, seed=1)
>>> {name: int(state) for name, state in found.first.sample.items()}, float(found.first.energy)
({'a': -1, 'b': -1, 'c': -1}, -2.5)
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from .base.checks import Floats, choice, count, missing, not_negative
from .core.couplings import Couplings
from .core.memory import Bias, Memory
from .core.neurons import Anneal, HeatBath, Sign
from .core.recall import recall
from .models.optimise import temper, to_qubo

try:
    import dimod
except ImportError as error:
    raise missing("hopfield.dimod needs dimod", "optimise") from error

__all__ = ["HopfieldSampler", "from_bqm", "to_bqm"]
__dir__ = __all__.copy

_METHODS = ("anneal", "heat bath", "temper")
_SPARSE = 0.1  # share of couplings below which lists of neighbours are faster than a matrix
_LADDER = 16  # temperatures of parallel tempering
_QUENCH = 1000  # sweeps in which a state at a low temperature falls into the fixed point below


def from_bqm(bqm: dimod.BinaryQuadraticModel) -> tuple[Memory, float]:
    """Return the memory of -1/+1 neurons whose energy is a model's, up to a constant.

    Parameters
    ----------
    bqm : dimod.BinaryQuadraticModel
        Of two variables or more; neuron i is ``bqm.variables[i]``, +1 where a bit is 1.

    Returns
    -------
    memory : Memory
    constant : float
        The model's energy is the memory's and this.

    Raises
    ------
    ValueError
        For fewer than two variables.

    Examples
    --------
    >>> memory, constant = from_bqm(dimod.BinaryQuadraticModel.from_qubo({(0, 0): 1, (0, 1): -4}))
    >>> float(memory.energy([1, 1])) + constant
    -3.0
    """
    h, (i, j, strength), offset = _ising(bqm)
    n = len(h)
    if len(strength) < _SPARSE * n**2:
        from scipy import sparse

        weights: Any = sparse.coo_array((-strength, (i, j)), shape=(n, n)).tocsr()
    else:
        weights = np.zeros((n, n))
        np.add.at(weights, (i, j), -strength)
    return Couplings(weights + weights.T) + Bias(-h), offset


def to_bqm(memory: Memory) -> dimod.BinaryQuadraticModel:
    """Return the energy of a quadratic memory as a model of bits, 1 where a neuron is high.

    Parameters
    ----------
    memory : Memory
        Quadratic, of neurons of two states.

    Returns
    -------
    dimod.BinaryQuadraticModel
        Of the variables 0 to n - 1, its energies those of the memory.

    Raises
    ------
    TypeError, ValueError
        For what is no such memory.

    Examples
    --------
    >>> import hopfield as hf
    >>> float(to_bqm(hf.hebb([[1, -1, 1]])).energy([1, 0, 1]))
    -1.0
    """
    Q, constant = to_qubo(memory)
    bqm = dimod.BinaryQuadraticModel(Q, "BINARY")
    bqm.offset += constant
    return bqm


class HopfieldSampler(dimod.Sampler, dimod.Initialized):
    """Sample a binary quadratic model as a Hopfield network: by annealing, heat bath or tempering.

    ``sample(bqm, num_reads=, method=, sweeps=, temperatures=, initial_states=, seed=)``:

    - ``method="anneal"``: from ``temperatures[0]`` down to 0, and to a fixed point.
    - ``"heat bath"``: ``sweeps`` at one temperature, so that states come with their Boltzmann
      weight.
    - ``"temper"``: parallel tempering, then to a fixed point; ``info`` holds the acceptance of the
      swaps between neighbouring temperatures.

    Examples
    --------
    >>> found = HopfieldSampler().sample_qubo({(0, 0): -1, (0, 1): 2, (1, 1): -1}, seed=1)
    >>> float(found.first.energy)
    -1.0
    """

    properties: ClassVar[dict[str, Any]] = {"methods": _METHODS}
    parameters: ClassVar[dict[str, list[str]]] = {
        "num_reads": [],
        "method": ["methods"],
        "sweeps": [],
        "temperatures": [],
        "initial_states": [],
        "initial_states_generator": [],
        "seed": [],
    }

    def sample(
        self,
        bqm: dimod.BinaryQuadraticModel,
        *,
        num_reads: int | None = None,
        method: str = "anneal",
        sweeps: int = 200,
        temperatures: npt.ArrayLike | None = None,
        initial_states: Any = None,
        initial_states_generator: str = "random",
        seed: int | None = None,
        **unknown: Any,
    ) -> dimod.SampleSet:
        """Return states of low energy, or of a temperature.

        Parameters
        ----------
        bqm : dimod.BinaryQuadraticModel
        num_reads : int, optional
            Samples; by default as many as initial states, or one.
        method : {"anneal", "heat bath", "temper"}
        sweeps : int
            Of each read; an annealing has as many as ``temperatures``, where these are given.
        temperatures : array_like of shape (K,), optional
            For "anneal" falling, one a sweep; for "temper" rising; for "heat bath" one. By
            default 1 for the heat bath, and else from the largest of the fields' sizes, as random
            spins make them, down to 0 or a twentieth.
        initial_states, initial_states_generator
            As dimod's samplers have them; "temper" starts at random.
        seed : int, optional

        Returns
        -------
        dimod.SampleSet
            Energies are the model's own. Its ``info`` holds method and temperatures.

        Raises
        ------
        TypeError, ValueError
            For arguments that do not fit.
        """
        self.remove_unknown_kwargs(**unknown)
        method, sweeps = choice(method, "method", _METHODS), count(sweeps, "sweeps", 1)
        if not bqm.num_variables:
            return dimod.SampleSet.from_samples_bqm([], bqm)
        start = self.parse_initial_states(
            bqm, initial_states, initial_states_generator, num_reads, seed
        )
        order = [start.initial_states.variables.index(name) for name in bqm.variables]
        cue = np.where(start.initial_states.record.sample[:, order] > 0, 1.0, -1.0)
        padded = bqm.copy()
        if bqm.num_variables == 1:  # a network has two neurons at least
            padded.add_variable(_Other(), 0.0)
            cue = np.hstack([cue, cue])
        memory, _ = from_bqm(padded)
        T = _temperatures(padded, method, sweeps, temperatures)
        info: dict[str, Any] = {"method": method, "temperatures": T.tolist()}
        if method == "temper":
            found = temper(memory, T, sweeps, ladders=len(cue), rng=seed)
            info["acceptance"] = found.acceptance.tolist()
            states = recall(
                memory, found.states[:, 0], neuron=Sign(), sweeps=_QUENCH, rng=seed
            ).state
        elif method == "anneal":
            states = recall(memory, cue, neuron=Anneal(T), sweeps=T.size + _QUENCH, rng=seed).state
        else:
            moves = sweeps * memory.n
            states = recall(memory, cue, neuron=HeatBath(T[0]), updates=moves, rng=seed).state
        spins = states[:, : bqm.num_variables]
        values = spins if bqm.vartype is dimod.SPIN else (spins + 1) // 2
        samples = values.astype(np.int8), list(bqm.variables)
        return dimod.SampleSet.from_samples_bqm(samples, bqm, info=info)


class _Other:
    """The name of a variable that no model has."""


def _ising(bqm: Any) -> tuple[Floats, tuple[Any, Any, Floats], float]:
    """Return h, (i, j, J) and the offset of a model, whose variables are counted."""
    spins = bqm.change_vartype("SPIN", inplace=False)
    h, (i, j, strength), offset = spins.to_numpy_vectors(variable_order=list(bqm.variables))
    return np.asarray(h, float), (i, j, np.asarray(strength, float)), float(offset)


def _temperatures(bqm: Any, method: str, sweeps: int, given: npt.ArrayLike | None) -> Floats:
    """Return the temperatures of a method: those given, or by the size of the fields."""
    if given is not None:
        T = np.atleast_1d(not_negative(given, "temperatures"))
        if method == "heat bath" and T.size != 1:
            raise ValueError(f"temperatures must be one for the heat bath, not {T.size}")
        return T
    if method == "heat bath":
        return np.ones(1)
    h, (i, j, strength), _ = _ising(bqm)
    squares = h**2 + sum(np.bincount(k, strength**2, len(h)) for k in (i, j))
    hot = float(np.sqrt(squares.max())) or 1.0
    if method == "anneal":
        return np.linspace(hot, 0, sweeps)
    return np.geomspace(hot / 20, hot, _LADDER)

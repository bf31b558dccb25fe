"""The map from Hopfield networks to restricted machines with Gaussian hidden neurons, exactly.

With W = A A' less its diagonal, exp(s.A A's / 2T) is, up to a constant, the integral over l of
exp(-l.l / 2 + l.A's / sqrt(T)): each pattern becomes a normal hidden neuron that sees its overlap.
Hebb's A is X' / sqrt(N); the projection onto patterns has A = Q, of X' = Q R.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import (
    Array,
    Floats,
    Rng,
    count,
    describe,
    generator,
    number,
    real,
    vectors,
)
from ..base.streams import Streams
from ..core.hebbian import Hebbian
from ..core.memory import Memory, Sum, scalar
from ..core.patterns import narrow
from ..learning import Projection
from .gibbs import answers, normal
from .law import read, temperature

_STATES = (-1.0, 1.0)


class Gaussian:
    """A restricted machine of -1/+1 visible neurons and Gaussian hidden ones.

    Its energy at T = 1 is l.l / 2 - s.w l - b.s + constant; over the hidden states l it leaves
    the law exp(-E(s)/T) of the memory that it was made of.

    Attributes
    ----------
    weights : ndarray of shape (N, P)
        The couplings w of visible and hidden neurons.
    bias : ndarray of shape (N,)
        The fields b of the visible ones.
    constant : float
        What the empty diagonal of the memory costs.

    References
    ----------
    Barra, Bernacchia, Santucci & Contucci 2012, arXiv:1105.2790; Smart & Zilman 2021,
    arXiv:2101.11744.

    Examples
    --------
    >>> import hopfield as hf
    >>> machine = hf.boltzmann.from_hopfield(hf.hebb([[1, 1, 1, -1]]), T=0.2)
    >>> machine, machine.sample(2, sweeps=50, rng=3)
    (Gaussian(4 visible and 1 hidden neurons), array([[-1, -1, -1,  1],
           [ 1,  1,  1, -1]], dtype=int8))
    """

    def __init__(self, weights: npt.ArrayLike, bias: npt.ArrayLike, constant: float) -> None:
        self.weights = real(weights, "weights").astype(np.float64)
        if self.weights.ndim != 2:
            raise ValueError(f"weights must be (N, P); their shape is {self.weights.shape}")
        self.bias = vectors(bias, "bias", len(self.weights)).astype(np.float64)
        if self.bias.ndim != 1:
            raise ValueError(f"bias must be (N,); its shape is {self.bias.shape}")
        self.constant = number(constant, "constant")

    def __repr__(self) -> str:
        n, p = self.weights.shape
        return f"Gaussian({n} visible and {p} hidden neurons)"

    def free_energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return the free energy of states (..., N), the hidden neurons integrated out, (...)."""
        rows = np.atleast_2d(np.asarray(s))
        x = read(rows.reshape(-1, rows.shape[-1]), len(self.bias), _STATES)
        overlaps = x @ self.weights
        found = self.constant - x @ self.bias - (overlaps * overlaps).sum(axis=1) / 2
        return scalar(found.reshape(np.shape(s)[:-1]))

    def sample(self, n: int = 1, *, sweeps: int = 1000, rng: Rng | None = None) -> Array:
        """Draw visible states (n, N): each chain draws all hidden neurons, then all visible ones.

        Parameters
        ----------
        n : int
            How many chains.
        sweeps : int
            How often each does so.
        rng
            As for `recall`.

        Returns
        -------
        ndarray of int8, shape (n, N)
        """
        n = count(n, "n", 1)
        streams = Streams.spawn(generator(rng, "sample"), n)
        s = np.where(streams.random((n, len(self.bias))) < 0.5, *_STATES)
        for _ in range(count(sweeps, "sweeps", 0)):
            hidden = s @ self.weights + normal(streams, self.weights.shape[1])
            s = answers(self.bias + hidden @ self.weights.T, streams, _STATES)
        return narrow(s)


def from_hopfield(memory: Memory, T: float = 1.0) -> Gaussian:
    """Return the machine with one Gaussian hidden neuron a pattern whose law is exp(-E/T).

    Parameters
    ----------
    memory : Memory
        What `hebb` or `learning.pseudo_inverse` returns, or that and a `Bias`.
    T : float
        Temperature, above 0; the machine's own is 1.

    Returns
    -------
    Gaussian

    Raises
    ------
    TypeError, ValueError
        For another memory, or a temperature that is not above 0.

    References
    ----------
    Barra et al. 2012, arXiv:1105.2790; Smart & Zilman 2021, arXiv:2101.11744.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.hebb([[1, 1, 1, -1], [1, -1, 1, 1]])
    >>> machine = hf.boltzmann.from_hopfield(memory, T=0.5)
    >>> round(machine.free_energy([1, 1, 1, -1]), 9) == memory.energy([1, 1, 1, -1]) / 0.5
    True
    """
    T = temperature(T)
    if not isinstance(memory, Memory):
        raise TypeError(f"memory must be a hopfield memory, not {describe(memory)}")
    whole = memory if isinstance(memory, Sum) else Sum([memory])
    if len(whole.coupled) != 1 or whole.coupled[0][0] <= 0:
        raise TypeError(f"memory must be one of patterns, and a bias, not {describe(memory)}")
    factor, held = whole.coupled[0]
    if isinstance(held, Hebbian) and held.coding == "bipolar":
        a = held.patterns.T / np.sqrt(held.n)
    elif isinstance(held, Projection):
        a = np.linalg.qr(held.patterns.T.astype(np.float64))[0]
    else:
        raise TypeError(f"memory must be hebb(X) or learning.pseudo_inverse(X), not {held}")
    a = a * np.sqrt(factor / T)
    constant = 0.0 if held.self_coupling else float((a * a).sum() / 2)
    return Gaussian(a, whole.bias / T, constant)

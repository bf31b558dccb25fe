"""The laws, for the package's own models and for anyone's: each check raises AssertionError.

A law has a name, by which its check, its tests and the documents call it:

- **derivative**: the field is the discrete derivative of the energy.
- **descent**: one neuron at a time at T = 0, the energy never rises.
- **cursor = field**: after any changes, a cursor gives the field of its state.
- **gauge**: s_i, xi_i -> g_i s_i, g_i xi_i commutes with recall.
- **relabelling**: renumbering the neurons commutes with recall.
- **inversion**: s -> -s commutes with recall for even F where a tie keeps; with ties that look up
  or down, or another F, it does not.
- **Hebbian = Couplings**: patterns and the matrix of Hebb's couplings agree to the bit.
- **recoded = original**: recall in other states is the original's.
- **heat bath = Boltzmann**: heat-bath updates one at a time sample exp(-E/T); together they do
  not.
- **periods under Sync**: symmetric couplings end in period 1 or 2, antisymmetric ones in 4.
- **neuron** and **order**: answers are legal, monotone in the field and true to ``settled``; a
  sweep has n sites, and the same draws give the same sweep.
- **engine = Plain**: every kernel gives the bits of the plain loop, beyond 65,536 neurons too.
- **batch = loop over streams**: a batch is the loop over its cues, in any chunks.
- **counts add**: the counts of two parts of a scan add up to those of the whole.
- **resumed = fresh**: a scan that was interrupted ends as one that was not.
- **signatures**, and **what an import loads**.

>>> import hopfield as hf
>>> hf.testing.check_memory(hf.hebb(hf.random_patterns(2, 10, rng=0)))
>>> hf.testing.check_neuron(hf.HeatBath(T=0.5))
>>> hf.testing.check_order(hf.Shuffled())
"""

from __future__ import annotations

import math
from collections.abc import Callable
from math import lgamma
from typing import Any

import numpy as np

from ..base.checks import Array, Floats, Rng, generator
from ..base.streams import Streams
from ..core import record
from ..core.memory import Memory, NoEnergy
from ..core.neurons import HeatBath, Neuron, Sign
from ..core.orders import Order, Random, Shuffled
from ..core.patterns import random_patterns
from ..core.recall import Run, recall
from .landscape import all_states

_SWEEPS = 50  # in which a dozen neurons drawn one by one all come, but for one time in 10**20

__all__ = [
    "boltzmann_chi2",
    "check_boltzmann",
    "check_cursor",
    "check_derivative",
    "check_descent",
    "check_flow",
    "check_gauge",
    "check_gradient",
    "check_memory",
    "check_neuron",
    "check_order",
    "check_relabelling",
]
__dir__ = __all__.copy


def check_memory(
    memory: Memory, *, states: tuple[float, float] = (-1, 1), rng: Rng = 0, tolerance: float = 1e-9
) -> None:
    """Check derivative, descent and cursor = field, and that a memory without energy says so.

    One that is quadratic and names no ``states`` is held to them for other states too, and the
    ``gradient`` of one that has it must be -dE/ds.

    Parameters
    ----------
    memory : Memory
        Written for neurons of the given states.
    states : (low, high)
        The neuron's states.
    rng : int or numpy.random.Generator
        Seed of the states tried.
    tolerance : float
        Relative to the size of the fields and energies.

    Raises
    ------
    AssertionError
        With the law that fails.
    """
    rng = _seed(rng)
    check_cursor(memory, states=states, rng=rng, tolerance=tolerance)
    if not memory.symmetric:
        try:
            memory.energy(np.full(memory.n, states[1]))
        except NoEnergy:
            return
        raise AssertionError("a memory that is not symmetric must raise NoEnergy for its energy")
    if not memory.self_coupling:
        others = ((-1.0, 1.0), (0.0, 1.0), (-0.5, 2.0)) if _for_any_states(memory) else ()
        for pair in dict.fromkeys((states, *others)):
            check_derivative(memory, states=pair, rng=rng, tolerance=tolerance)
            check_descent(memory, states=pair, rng=rng, tolerance=tolerance)
    if _has_gradient(memory, states):
        check_gradient(memory, states=states, rng=rng)


def _for_any_states(memory: Memory) -> bool:
    """Say whether a memory says that its field is the derivative between any two states."""
    return memory.states is None and memory.quadratic


def _has_gradient(memory: Memory, states: tuple[float, float]) -> bool:
    """Say whether graded neurons go with a memory; one that is not quadratic may refuse them."""
    try:
        memory.gradient(np.full(memory.n, states[1]))
    except TypeError:
        return False
    return True


def check_derivative(
    memory: Memory, *, states: tuple[float, float] = (-1, 1), rng: Rng = 0, tolerance: float = 1e-9
) -> None:
    """Check derivative: h_i = [E(s_i low) - E(s_i high)] / (high - low), by brute force."""
    rng = _seed(rng)
    low, high = states
    for s in random_patterns(5, memory.n, states=states, rng=rng).astype(np.float64):
        sides = np.repeat(s[None, None], memory.n, axis=1).repeat(2, axis=0)
        i = np.arange(memory.n)
        sides[0, i, i], sides[1, i, i] = low, high
        below, above = np.asarray(memory.energy(sides))
        _close(memory.field(s), (below - above) / (high - low), tolerance, "derivative: the field")


def check_gradient(
    memory: Memory,
    *,
    states: tuple[float, float] = (-1, 1),
    rng: Rng = 0,
    tolerance: float = 1e-5,
) -> None:
    """Check that ``gradient`` is -dE/ds, by central differences at reals between the states."""
    rng, (low, high) = _seed(rng), states
    edge = 1e-4 * (high - low)
    s = np.random.default_rng(rng).uniform(low + edge, high - edge, (3, memory.n))
    step = 1e-5 * np.eye(memory.n)
    rise = np.asarray(memory.energy(s[:, None] + step)) - np.asarray(
        memory.energy(s[:, None] - step)
    )
    _close(memory.gradient(s), -rise / 2e-5, tolerance, "gradient")


def check_descent(
    memory: Memory, *, states: tuple[float, float] = (-1, 1), rng: Rng = 0, tolerance: float = 1e-9
) -> None:
    """Check descent: one neuron at a time at T = 0, the energy never rises."""
    rng = _seed(rng)
    starts = random_patterns(5, memory.n, states=states, rng=rng)
    for tie in ("keep", "up", "down", "random"):
        run = Run(memory, starts, neuron=Sign(*states, tie=tie), order=Random(), rng=rng)
        before = np.asarray(memory.energy(run.state))
        for _ in range(4 * memory.n):
            run.step()
            now = np.asarray(memory.energy(run.state))
            if (now > before + tolerance * (1 + np.abs(before))).any():
                raise AssertionError(f"descent: the energy rose from {before} to {now} (tie={tie})")
            before = now


def check_flow(
    memory: Memory,
    neuron: Neuron,
    order: Order,
    *,
    sweeps: int = 50,
    rng: Rng = 0,
    tolerance: float = 1e-9,
) -> None:
    """Check that the energy of graded neurons never rises, their own included.

    Parameters
    ----------
    memory : Memory
        With an energy.
    neuron : Neuron
        Graded: its ``states`` are None.
    order : Order
        `Flow`, say, or `Sync`.
    sweeps : int
        How many are made, from 5 starts between the extremes of what the neuron answers.
    rng : int or numpy.random.Generator
        Seed of the starts.
    tolerance : float
        Relative to the size of the energies.

    Raises
    ------
    AssertionError
        Where it rose.
    """
    rng = _seed(rng)
    low, high = neuron(np.array([-1.0, 1.0]), np.zeros(2), None).tolist()
    starts = np.random.default_rng(rng).uniform(low, high, (5, memory.n))
    run = Run(memory, starts, neuron=neuron, order=order, record=record.energy(), rng=rng)
    run.step(sweeps * len(list(order(memory.n, np.random.default_rng(rng)))))
    trace = run.result().trace
    rise = float(np.diff(trace, axis=0).max())
    if rise > tolerance * (1 + np.abs(trace).max()):
        raise AssertionError(f"the energy rose by {rise:.3g}")


def check_cursor(
    memory: Memory, *, states: tuple[float, float] = (-1, 1), rng: Rng = 0, tolerance: float = 1e-9
) -> None:
    """Check cursor = field: after changes of single neurons, the cursor gives the state's field."""
    rng = _seed(rng)
    draws = np.random.default_rng(rng)
    cursor = memory.open(draws.choice(states, memory.n))
    one = np.array([0])
    for _ in range(3 * memory.n):
        cursor.assign(one, draws.integers(memory.n, size=(1, 1)), draws.choice(states, (1, 1)))
        site = draws.integers(memory.n, size=(1, 1))
        h = memory.field(cursor.state[0])
        found = cursor.fields(one, site)[0]
        _close(found, h[site[0]], tolerance, "cursor = field", np.abs(h).max())


def check_gauge(learn: Callable[[Array], Memory], *, n: int = 20, p: int = 3, rng: Rng = 0) -> None:
    """Check gauge: s_i, xi_i -> g_i s_i, g_i xi_i commutes with recall (-1/+1, tie="keep").

    For p patterns, and for p - 1: sums of an even number of -1 and +1 may be 0.
    """
    rng = _seed(rng)
    g, *xi = random_patterns(p + 1, n, rng=rng)
    cues = random_patterns(8, n, rng=rng + 1)
    sign = Sign()
    for x in (np.array(xi), np.array(xi[: max(p - 1, 1)])):
        plain = recall(learn(x), cues, neuron=sign, rng=rng).state
        gauged = recall(learn(x * g), cues * g, neuron=sign, rng=rng).state
        if not np.array_equal(plain * g, gauged):
            raise AssertionError("gauge: recall does not commute with a gauge transformation")


def check_relabelling(
    learn: Callable[[Array], Memory], *, n: int = 20, p: int = 3, rng: Rng = 0
) -> None:
    """Check relabelling: renumbering neurons commutes with recall, the order renumbered alike."""
    rng = _seed(rng)
    from ..core.orders import Sequential

    new = np.random.default_rng(rng).permutation(n)  # neuron k of the new is new[k] of the old
    xi, cues = random_patterns(p, n, rng=rng), random_patterns(8, n, rng=rng + 1)
    sign = Sign()
    plain = recall(learn(xi), cues, neuron=sign, order=Sequential(new)).state
    there = recall(learn(xi[:, new]), cues[:, new], neuron=sign, order=Sequential()).state
    if not np.array_equal(plain[:, new], there):
        raise AssertionError("relabelling: recall does not commute with renumbering the neurons")


def check_neuron(neuron: Neuron, *, rng: Rng = 0) -> None:
    """Check a neuron: legal answers, monotone in the field, ``settled`` true to what it does.

    One that is random must answer by what it draws, each replica from its own stream.
    """
    rng = _seed(rng)
    draws = np.random.default_rng(rng)
    low, high = neuron.states or (-1.0, 1.0)
    shape = 50, 40 * getattr(neuron, "width", 1)
    s = draws.choice(np.array([low, high], dtype=np.float64), shape)
    h = draws.integers(-2, 3, shape).astype(np.float64)
    answers = [neuron(h, s, np.random.default_rng([rng, k])) for k in range(30)]
    answers.append(neuron(h, s, _streams(rng, (len(h),), "neuron")))
    if not neuron.random and any(not np.array_equal(a, answers[0]) for a in answers):
        raise AssertionError("a neuron that is not random must answer the same each time")
    settled = neuron.settled(h, s)
    if neuron.states is None:
        if hasattr(neuron, "energy"):
            _check_least(neuron, h, s)
    elif not np.isin(answers, neuron.states).all():
        raise AssertionError(f"the answers must be the states {neuron.states}")
    if neuron.random:
        small = h[0] * 10.0 ** draws.integers(-3, 1, h[0].shape)  # fields that leave it open
        alike = np.broadcast_to(small, shape), np.broadcast_to(s[0], shape)
        several = np.asarray(neuron(*alike, _streams(rng, (len(h),), "neuron")))
        one, other = (neuron(*alike, np.random.default_rng([rng, k])) for k in range(2))
        if (several == several[0]).all() or np.array_equal(one, other):
            raise AssertionError("a random neuron must answer by what it draws from rng")
    if any((a != s)[settled].any() for a in answers):
        raise AssertionError("a settled neuron moved")
    if not neuron.random and (answers[0] == s)[~settled].any():
        raise AssertionError("a neuron that stayed was not settled")
    for a, b in ((h, h + 1), (h - 1, h)):
        below, above = (neuron(x, s, np.random.default_rng(rng)) for x in (a, b))
        if (below > above + 1e-12).any():
            raise AssertionError("with the same draws, a larger field must not give less")


def _check_least(neuron: Any, h: Floats, s: Floats) -> None:
    """Check that a graded neuron's answer is where its own energy less h s is least."""
    width = getattr(neuron, "width", 1)
    h, s = (x.reshape(*x.shape[:-1], -1, width) for x in (h, s))
    answer = neuron(h, s, None)
    least = neuron.energy(answer) - (h * answer).sum(axis=-1)
    for step in (-1.0, -0.01, 0.01, 1.0):
        other = neuron(h + step * np.eye(width)[0], s, None)
        if (neuron.energy(other) - (h * other).sum(axis=-1) < least - 1e-9).any():
            raise AssertionError("the answer must be where record.energy(s) - h.s is least")


def check_order(order: Order, *, n: int = 12, rng: Rng = 0, skips: bool = False) -> None:
    """Check an order: n sites in range a sweep, all in time, and the same draws give the same.

    Parameters
    ----------
    order : Order
        Of ``n`` neurons.
    n : int
        Neurons.
    rng : int or numpy.random.Generator
        Seed of the sweeps tried.
    skips : bool
        Whether the order means to leave neurons out.

    Raises
    ------
    AssertionError
        With what fails.
    """
    seed = _seed(rng)
    sweeps = [_arrays(order(n, np.random.default_rng(seed))) for _ in range(2)]
    if sweeps[0] != sweeps[1]:
        raise AssertionError("the same draws must give the same sweep")
    if not order.random and sweeps[0] != _arrays(order(n, None)):
        raise AssertionError("an order that is not random must not draw")
    source = np.random.default_rng(seed)
    for drawing, where in (
        (source, "a sweep"),
        (_streams(seed, (), "order"), "a sweep that a recall draws"),
    ):
        seen = np.zeros(n, dtype=bool)
        for _ in range(_SWEEPS if order.random else 1):
            sites = np.concatenate([np.atleast_1d(a) for a in order(n, drawing)])
            if sites.size != n or (sites < 0).any() or (sites >= n).any():
                raise AssertionError(f"{where} must have {n} sites between 0 and {n - 1}")
            seen[sites] = True
        if not (seen.all() or skips):
            raise AssertionError(f"{where} must visit every neuron; {np.flatnonzero(~seen)} is not")
    if getattr(order, "batched", False):
        _check_batched(order, n, seed)


def _check_batched(order: Order, n: int, seed: int) -> None:
    """Check that a sweep of several replicas is what each replica's own stream gives."""
    together = np.asarray(order(n, _streams(seed, (3,), "order")))
    if together.ndim != 3 or together.shape[0] != 3 or together[0].size != n:
        raise AssertionError(
            f"a batched order must give (R, moves, size) of {n} sites, not {together.shape}"
        )
    streams = _streams(seed, (3,), "order")
    for r in range(3):
        if not np.array_equal(np.asarray(order(n, streams[r])), together[r]):
            raise AssertionError("a batched sweep must be what each replica's own stream gives")


def _arrays(sweep: Any) -> list[Any]:
    return [np.asarray(a).tolist() for a in sweep]


def _seed(rng: Rng) -> int:
    """Return a seed of the checks' own draws."""
    if isinstance(rng, (int, np.integer)) and not isinstance(rng, bool) and rng >= 0:
        return int(rng)
    return int(generator(rng, "testing").integers(2**32))


def _streams(rng: int, shape: tuple[int, ...], what: str) -> Any:
    """Return streams as a recall has them: what is asked of them beyond that fails the law."""

    class Drawn(Streams):
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(
                f"{what} must draw by random, logistic, standard_normal, integers or permutation "
                f"alone, not {name}"
            )

    streams = Streams.spawn(np.random.default_rng(rng), math.prod(shape))
    return Drawn(streams.state.reshape(shape), streams.step.reshape(shape))


def boltzmann_chi2(
    memory: Memory,
    *,
    T: float | None = None,
    order: Order | None = None,
    states: tuple[float, float] = (-1, 1),
    replicas: int = 20_000,
    sweeps: int = 30,
    rng: Rng = 0,
) -> tuple[float, int]:
    """Return chi squared of heat-bath samples against exp(-E/T), and its degrees of freedom.

    Parameters
    ----------
    memory : Memory
        Of at most 8 neurons, with an energy.
    T : float
        Temperature, above 0; by default the standard deviation of the energy over all states,
        at which a run mixes within a few sweeps.
    order : Order
        `Shuffled()` by default.
    states : (low, high)
        The neuron's states.
    replicas, sweeps : int
        Independent samples, and how long each runs from a random start.
    rng : int or numpy.random.Generator
        Seed.

    Returns
    -------
    (float, int)
    """
    rng = _seed(rng)
    if memory.n > 8:
        raise ValueError(f"memory must have at most 8 neurons, not {memory.n}")
    every = np.concatenate(list(all_states(memory.n, states)))
    e = np.asarray(memory.energy(every))
    T = float(e.std()) if T is None else T
    p = np.exp(-(e - e.min()) / T)
    expected = replicas * p / p.sum()
    starts = random_patterns(replicas, memory.n, states=states, rng=rng)
    r = recall(
        memory,
        starts,
        neuron=HeatBath(T, *states),
        order=order or Shuffled(),
        sweeps=sweeps,
        rng=rng,
    )
    codes = (r.state == states[1]) @ (1 << np.arange(memory.n - 1, -1, -1))
    seen = np.bincount(codes, minlength=len(every)).astype(np.float64)
    rare = expected < 5  # the law of chi squared needs some in each cell
    seen = np.append(seen[~rare], seen[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    if expected[-1] < 5:
        seen, expected = _merge_last(seen), _merge_last(expected)
    return float(((seen - expected) ** 2 / expected).sum()), expected.size - 1


def check_boltzmann(memory: Memory, **options: Any) -> None:
    """Check heat bath = Boltzmann: one at a time, updates sample exp(-E/T) (odds 1 in 10,000)."""
    chi2, freedom = boltzmann_chi2(memory, **options)
    if _chi2_tail(chi2, freedom) < 1e-4:
        raise AssertionError(
            f"heat bath = Boltzmann: chi squared is {chi2:.1f} with {freedom} degrees of freedom"
        )


def _chi2_tail(chi2: float, freedom: int) -> float:
    """Return P(X > chi2), by the series of the lower incomplete gamma function."""
    a, x = freedom / 2, chi2 / 2
    if x == 0:
        return 1.0
    term = total = 1 / a
    k = a
    while term > total * 1e-15:
        k += 1
        term *= x / k
        total += term
    return max(0.0, 1 - total * float(np.exp(a * np.log(x) - x - lgamma(a))))


def _merge_last(x: Floats) -> Floats:
    return np.append(x[:-2], x[-2:].sum())


def _close(a: Any, b: Any, tolerance: float, what: str, size: float = 0.0) -> None:
    a, b = np.asarray(a), np.asarray(b)
    scale = 1 + max(float(np.abs(b).max(initial=0)), size)
    error = float(np.abs(a - b).max(initial=0))
    if not error <= tolerance * scale:
        raise AssertionError(f"{what} differs by {error:.3g} (values of size {scale:.3g})")

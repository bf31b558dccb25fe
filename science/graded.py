"""Graded networks: with noise, at a load, and the places where they rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import hopfield as hf
from hopfield.models import Potentials

from .figure import Figure, Work, mean

_LINEAR = hf.Linear()
_CENTRES = np.array([[2.0, 0], [-1, 1], [0, -1.5]])


def _itself(w: float, b: float) -> hf.Memory:
    """Return the memory of two neurons, of which each hears itself with weight w, and a bias."""
    return hf.Couplings([[w, 0], [0, w]], self_coupling=True) + hf.Bias([b, b])


def _along(memory: hf.Memory, dt: float, noise: float, options: dict[str, Any]) -> np.ndarray:
    """Return states (T, copies, N) of many noisy copies, from the middle of a run on."""
    times, every = options["times"], options["every"]
    run = hf.Run(
        memory,
        np.zeros((options["copies"], memory.n)),
        neuron=options.get("neuron", _LINEAR),
        order=hf.Flow(dt, noise=noise),
        rng=0,
    )
    run.step(round(times[0] / dt))
    kept = []
    for _ in range(round((times[1] - times[0]) / every)):
        run.step(round(every / dt))
        kept.append(run.state)
    return np.array(kept)


def _copies(what: str, x: np.ndarray, known: float, error: float) -> Figure:
    """Compare a mean over time, (T, copies) or (T, copies, neurons), of independent copies."""
    return mean(what, x.mean(axis=0).ravel(), known, error)


def the_law_of_one_neuron() -> Iterator[Figure]:
    # Known: the integrals of exp{(2/noise^2) [w lncosh(beta u)/beta + b u - u^2/2]}. Steps of .05
    # shift them by some .0015; dt = .025 halves that.
    known = [
        (2, 0.0, 0.5, ("u^2", 0.962087), ("u^4", 1.482003), ("v^2", 0.782783), ("u > 0", 0.5)),
        (
            *(2, 0.1, 0.5, ("u", 0.677857), ("u^2", 1.115956), ("u^4", 1.908213)),
            *(("v", 0.577857), ("u > 0", 0.806777)),
        ),
        (1, 0.0, 1.0, ("u^2", 1.231059), ("u^4", 3.674234), ("v^2", 0.462117)),
    ]
    moments = {
        "u": lambda u, v: u,
        "u^2": lambda u, v: u**2,
        "u^4": lambda u, v: u**4,
        "v": lambda u, v: v,
        "v^2": lambda u, v: v**2,
        "u > 0": lambda u, v: (u > 0).astype(float),
    }
    options = {"copies": 2000, "times": (100, 140), "every": 2.0}
    for beta, b, noise, *rows in known:
        circuit = Potentials(_itself(1.0, b), beta)
        u = _along(circuit, 0.025, noise, options)
        v = circuit.outputs(u)
        for name, right in rows:
            bias = 0.0004 * right if name in ("u^2", "u^4") else 0.0
            what = f"beta = {beta}, b = {b}, noise {noise}: mean {name}"
            yield _copies(what, moments[name](u, v), right, bias)


def steps_too_long_shift_the_law() -> Iterator[Figure]:
    # Of one neuron the law of the steps is known by quadrature. It shifts the mean most.
    grid = np.linspace(-4, 4, 801)
    a = np.exp(-0.5)
    middle = a * grid + (1 - a) * (np.tanh(2 * grid) + 0.1)
    steps = np.exp(-((grid - middle[:, None]) ** 2) / (0.5**2 * (1 - a * a)))
    law = np.linalg.matrix_power(steps / steps.sum(axis=1, keepdims=True), 2**12)[0]
    options = {"copies": 4000, "times": (100, 140), "every": 2.0}
    u = _along(Potentials(_itself(1.0, 0.1), 2.0), 0.5, 0.5, options)
    for power, right in ((1, 0.750406), (2, 1.115492), (4, 1.901570)):
        known = float(law @ grid**power)
        yield Figure(f"dt = .5: mean u^{power}, quadrature", known, right, 2e-6)
        yield _copies(f"dt = .5: mean u^{power}", u**power, known, 0)
    memory = hf.modern(_CENTRES, 1.5, similarity="distance")
    options = {"copies": 8000, "times": (100, 180), "every": 4.0}
    x = _along(memory, 0.1, np.sqrt(2 / 1.5), options)[..., 0]
    yield _copies("distance memory, dt = .1: variance of s_0", (x - 1 / 3) ** 2, 2.189, 0.0005)


def the_law_of_one_graded_state() -> Iterator[Figure]:
    options = {"copies": 2000, "times": (100, 140), "every": 2.0, "neuron": hf.Graded(2.0)}
    s = _along(_itself(1.0, 0.1), 0.025, 0.5, options)
    for name, x, right, bias in (
        ("s", s, 0.577857, 0.0),
        ("s^2", s**2, 0.990385, 0.0006),
        ("s > 0", (s > 0).astype(float), 0.796349, 0.0),
        ("|s| > 1", (np.abs(s) > 1).astype(float), 0.4266, 0.0003),
    ):
        yield _copies(f"beta = 2, b = .1, noise .5: mean {name}", x, right, bias)
    options["neuron"] = hf.Graded(1.5)
    s = _along(_itself(1.0, 0.0), 0.025, 0.3, options)
    for power, right in ((2, 0.693805), (4, 0.698192)):
        yield _copies(f"beta = 1.5, noise .3: mean s^{power}", s**power, right, 0.0004)


def the_variance_of_a_linear_mode() -> Iterator[Figure]:
    known = {0.5: {0.1: 0.243907, 0.5: 0.222725}, 0.9: {0.1: 1.196215, 0.5: 1.024232}}
    for w, rows in known.items():
        for dt, right in rows.items():
            a = hf.Flow(dt).rate
            formula = 0.125 * a * (2 - a) / (1 - (1 - a + a * w) ** 2)
            yield Figure(f"feedback {w}, dt = {dt}: formula", formula, right, 6e-7)
            options = {"copies": 2000, "times": (30, 60), "every": 5.0}
            x = _along(_itself(w, 0.0), dt, 0.5, options)
            yield _copies(f"feedback {w}, dt = {dt}: simulated", x**2, right, 0.0)


def noise_makes_a_distance_memory_a_mixture() -> Iterator[Figure]:
    memory = hf.modern(_CENTRES, 1.5, similarity="distance")
    options = {"copies": 2000, "times": (100, 180), "every": 4.0}
    x = _along(memory, 0.02, np.sqrt(2 / 1.5), options)
    centre = np.array([1 / 3, -1 / 6])
    yield _copies("mean of s_0", x[..., 0], centre[0], 0)
    yield _copies("mean of s_1", x[..., 1], centre[1], 0)
    away = x - centre
    for i, j, right in ((0, 0, 2.222222), (0, 1, -0.277778), (1, 1, 1.722222)):
        yield _copies(f"covariance {i}{j}", away[..., i] * away[..., j], right, 0.002)


_LOADS = [  # load, gain, m, q, simulated m and its error
    (0.02, 2.0, 0.946388, 0.897121, 0.94668, 0.0004),
    (0.02, 1.5, 0.823735, 0.690801, None, 0),
    (0.05, 2.0, 0.917040, 0.852991, 0.9169, 0.0035),
    (0.05, 3.0, 0.985823, 0.972820, None, 0),
    (0.05, 5.0, 0.998884, 0.997842, 0.99898, 0.00005),
    (0.1, 5.0, 0.989722, 0.985397, None, 0),
    (0.1, 10.0, 0.996805, 0.997011, 0.9970, 0.0005),
]


def the_theory_at_a_load() -> Iterator[Figure]:
    for load, beta, m, q, *_ in _LOADS:
        found = hf.theory.graded.order_parameters(load, beta)
        yield Figure(f"load {load}, beta = {beta:g}: m", found[0], m, 6e-7)
        yield Figure(f"load {load}, beta = {beta:g}: q", found[1], q, 6e-7)
    yield Figure("load .1, beta = 3: m", hf.theory.graded.loaded(0.1, 3.0), 0.941268, 6e-7)
    yield Figure("load .1, beta = 2: m", hf.theory.graded.loaded(0.1, 2.0), 0, 0)
    heat = hf.theory.ags.overlap(0.05, 0.2)
    yield Figure("load .05: a heat bath at T = .2", heat, 0.998878, 6e-7)
    steep = hf.theory.graded.loaded(0.12, 1000.0)
    yield Figure("load .12, beta = 1,000: as at T = 0", steep, hf.theory.ags.overlap(0.12), 1e-5)


def networks_at_a_load() -> Iterator[Figure]:
    n = 1000
    for load, beta, m, _, simulated, error in _LOADS:
        if simulated is None:
            continue
        found = []
        for seed in range(12):
            xi = hf.random_patterns(round(load * n), n, rng=seed)
            r = hf.recall(
                hf.hebb(xi), xi[:8], neuron=hf.Graded(beta), order=hf.Flow(1.0), sweeps=300
            )
            found.append(float(hf.overlap(r.state, xi[:8]).mean()))
        yield mean(f"load {load}, beta = {beta:g}: m beside the simulated", found, simulated, error)
        # Beside theory a finite network has an error of order 1/N.
        yield mean(f"load {load}, beta = {beta:g}: m beside theory", found, m, 0.0005)


def attractors_by_gain() -> Iterator[Figure]:
    words = "+++++-----", "+-+-+-+-+-", "++--++--++"
    memory = hf.hebb([[1 if c == "+" else -1 for c in word] for word in words])
    known = {0.7: 1, 0.8: 1, 1: 1, 1.2: 2, 1.5: 2, 2: 2, 3: 6, 5: 6, 10: 6, 20: 10, 50: 10}
    overlaps = {1.2: 0.2744, 1.5: 0.4717, 2: 0.8145}
    for beta, many in known.items():
        found = hf.landscape.attractors(memory, neuron=hf.Graded(beta))
        rests = found.states[found.stable]
        yield Figure(f"beta = {beta}: stable", len(rests), many, 0)
        sizes = np.abs(rests).mean(axis=1)
        if beta <= 1:
            yield Figure(f"beta = {beta}: largest state", np.abs(rests).max(), 0, 1e-6)
        if beta in overlaps:
            yield Figure(f"beta = {beta}: |m|", sizes.max(), overlaps[beta], 6e-5)
        if beta == 3:
            yield Figure("beta = 3: least |m|", sizes.min(), 0.9377, 6e-5)
            yield Figure("beta = 3: largest |m|", sizes.max(), 0.9660, 6e-5)
        if beta >= 20:
            fixed = hf.landscape.fixed_points(memory)
            same = (np.sign(rests)[:, None] == fixed).all(axis=2).any(axis=1).sum()
            yield Figure(f"beta = {beta}: of them fixed points of signs", same, len(fixed), 0)
            e = np.unique(np.round(memory.energy(np.sign(rests)), 9))
            for k, right in enumerate((-3.7, -3.5, -2.9)):
                yield Figure(f"beta = {beta}: energy {k}", e[k], right, 1e-9)
    w = memory.linear()[0]
    yield Figure("critical gain", 1 / np.linalg.eigvalsh(w)[-1], 1.1111, 6e-5)


_LAW = "exp(-E/T) of the noisy flow; Hopfield 1984, doi:10.1073/pnas.81.10.3088"
_SCSNA = "Shiino & Fukai 1993, doi:10.1103/PhysRevE.48.867"

WORKS = [
    Work(the_theory_at_a_load, _SCSNA),
    Work(attractors_by_gain, "Hopfield 1984, doi:10.1073/pnas.81.10.3088"),
    Work(the_variance_of_a_linear_mode, _LAW, slow=True),
    Work(the_law_of_one_neuron, _LAW, slow=True),
    Work(the_law_of_one_graded_state, _LAW, slow=True),
    Work(steps_too_long_shift_the_law, f"{_LAW}; simulated twice", slow=True),
    Work(noise_makes_a_distance_memory_a_mixture, _LAW, slow=True),
    Work(networks_at_a_load, _SCSNA, slow=True),
]

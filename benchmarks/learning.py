"""Row 17: a restricted Boltzmann machine learns 8 x 8 digits to one log-likelihood, and samples."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

import hopfield as hf
from hopfield import boltzmann

from .measure import Candidate, Effort, Line, Peer, Result, agree, compare, cpu
from .peers import find

SIZES = {  # digits, hidden neurons, epochs of the peer's
    "tiny": [(60, 4, 2)],
    "quick": [(1500, 16, 20)],
    "full": [(1500, 16, 20), (1500, 16, 60)],
}
CHAINS = {  # visible neurons, hidden ones, chains
    "tiny": [(16, 4, 10)],
    "quick": [(64, 16, 100), (784, 200, 100)],
    "full": [(v, h, n) for v, h in ((64, 16), (64, 64), (784, 200)) for n in (10, 100, 1000)],
}
SWEEPS = 20
EPOCHS = 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 60  # of which the fewest that do
PEER = "scikit-learn's BernoulliRBM"


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 17."""
    for images, hidden, epochs in SIZES[effort.name]:
        yield from _to_one_likelihood(images, hidden, epochs, effort)
    for visible, hidden, chains in CHAINS[effort.name]:
        yield from _sweeps(visible, hidden, chains, effort)


def _to_one_likelihood(images: int, hidden: int, epochs: int, effort: Effort) -> Iterator[Result]:
    network = find("sklearn.neural_network")
    if network is None:  # which brings the digits too
        yield Result(17, "A restricted machine learns digits", [Line(PEER, [], floor=3)])
        return
    bits = (hf.pictures.digits(1797) > 0).astype(np.int8)
    train, test = bits[:images], bits[1500:]

    def theirs() -> Any:
        return scikit_learn(network, train, hidden, epochs)

    goal, fewest = theirs().log_likelihood(test), {}
    ways = {k: learn for k, learn in LEARN.items() if learn is not torch_loop or find("torch")}
    for name, learn in ways.items():
        known = ((e, learn(train, hidden, e).log_likelihood(test)) for e in EPOCHS)
        fewest[name] = next((e for e, reached in known if reached >= goal), None)
        agree(fewest[name] is None, False, f"{name} ({goal:.2f} nats are not reached)")
    calls = {
        name: Candidate(name, lambda learn=learn, e=fewest[name]: learn(train, hidden, e))
        for name, learn in ways.items()
    }
    mine = calls.pop("persistent chains")
    peers = [
        Peer(PEER, Candidate("sklearn", theirs), 3, 10),
        *(
            Peer(f"{name}, {fewest[name]} epochs", call, *GOALS[name])
            for name, call in calls.items()
        ),
        *(Peer(name, None, *GOALS[name]) for name in LEARN.keys() - ways.keys()),
    ]
    title = (
        f"A restricted machine of {hidden} hidden neurons learns {images:,} digits until ln P is "
        f"{goal:.2f} nats a new one: by persistent chains in {fewest[mine.name]} epochs, "
        f"scikit-learn's in {epochs}"
    )
    yield from _by_threads(title, "fit", mine, peers, effort)


def _by_threads(
    title: str, unit: str, mine: Candidate, peers: list[Peer], effort: Effort
) -> Iterator[Result]:
    """Compare by one thread, and by all."""
    before = hf.threads()
    try:
        for threads, clock in ((1, cpu), (os.cpu_count() or 1, time.perf_counter)):
            hf.threads(threads)
            words = "" if clock is cpu else f"; {threads} threads, time on the wall"
            yield compare(17, title + words, unit, mine, peers, effort, clock=clock)
    finally:
        hf.threads(before)


def ours(method: str, train: Any, hidden: int, epochs: int) -> Any:
    """Return a machine that has learnt so many epochs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of pixels that never change
        return boltzmann.fit(
            train, hidden, method=method, coding="01", rate=(0.5, 0), epochs=epochs, rng=1
        )


def numpy_loop(train: Any, hidden: int, epochs: int) -> Any:
    """Return a machine that has learnt by persistent chains, as one writes them with NumPy."""
    rng, x = np.random.default_rng(1), train.astype(np.float32)
    w = rng.normal(scale=0.1, size=(x.shape[1], hidden)).astype(np.float32)
    b, c = np.zeros(len(w), np.float32), np.zeros(hidden, np.float32)
    chains = x[rng.integers(len(x), size=100)]

    def mean(field: Any) -> Any:
        return 0.5 + 0.5 * np.tanh(field / 2)  # which does not overflow

    def drawn(field: Any) -> Any:
        return (rng.random(field.shape, dtype=np.float32) < mean(field)).astype(np.float32)

    for epoch in range(epochs):
        rate, order = np.float32(0.5 * (1 - epoch / max(1, epochs - 1))), rng.permutation(len(x))
        for first in range(0, len(x), 100):
            v = x[order[first : first + 100]]
            chains = drawn(b + drawn(c + chains @ w) @ w.T)
            h, other = mean(c + v @ w), mean(c + chains @ w)
            w += rate * (v.T @ h / len(v) - chains.T @ other / len(chains))
            b += rate * (v.mean(axis=0) - chains.mean(axis=0))
            c += rate * (h.mean(axis=0) - other.mean(axis=0))
    return boltzmann.restricted(w, b, c, coding="01")


def torch_loop(train: Any, hidden: int, epochs: int) -> Any:
    """Return a machine that has learnt by persistent chains, as one writes them with PyTorch."""
    torch = find("torch")
    torch.manual_seed(1)
    x = torch.from_numpy(train.astype(np.float32))
    w = 0.1 * torch.randn(x.shape[1], hidden)
    b, c = torch.zeros(len(w)), torch.zeros(hidden)
    chains = x[torch.randint(len(x), (100,))]
    with torch.no_grad():
        for epoch in range(epochs):
            rate, order = 0.5 * (1 - epoch / max(1, epochs - 1)), torch.randperm(len(x))
            for first in range(0, len(x), 100):
                v = x[order[first : first + 100]]
                above = torch.bernoulli(torch.sigmoid(c + chains @ w))
                chains = torch.bernoulli(torch.sigmoid(b + above @ w.T))
                h, other = torch.sigmoid(c + v @ w), torch.sigmoid(c + chains @ w)
                w += rate * (v.T @ h / len(v) - chains.T @ other / len(chains))
                b += rate * (v.mean(0) - chains.mean(0))
                c += rate * (h.mean(0) - other.mean(0))
    return boltzmann.restricted(w.numpy(), b.numpy(), c.numpy(), coding="01")


def _sweeps(visible: int, hidden: int, chains: int, effort: Effort) -> Iterator[Result]:
    """Let chains sweep both layers, beside the two products and the draws that it is made of."""
    rng = np.random.default_rng(1)
    machine = boltzmann.restricted(
        rng.normal(scale=0.1, size=(visible, hidden)), rng.normal(size=visible), coding="01"
    )

    def theirs() -> Any:
        v = (rng.random((chains, visible)) < 0.5).astype(float)
        for _ in range(SWEEPS):
            h = rng.random((chains, hidden)) < 1 / (1 + np.exp(-(machine.c + v @ machine.w)))
            h = h.astype(float)
            v = rng.random(v.shape) < 1 / (1 + np.exp(-(machine.b + h @ machine.w.T)))
            v = v.astype(float)
        return v

    title = f"{chains:,} chains sweep {visible} visible and {hidden} hidden neurons {SWEEPS} times"
    mine = Candidate("ours", lambda: machine.sample(chains, sweeps=SWEEPS, rng=1))
    peers = [Peer("NumPy's products and draws", Candidate("NumPy", theirs), 1, 2)]
    yield from _by_threads(title, "call", mine, peers, effort)


LEARN = {
    "persistent chains": partial(ours, "pcd"),
    "contrastive divergence": partial(ours, "cd"),
    "NumPy, persistent": numpy_loop,
    "PyTorch, persistent": torch_loop,
}
GOALS: dict[str, tuple[float, ...]] = {  # by how much ours is to be faster
    "contrastive divergence": (),
    "NumPy, persistent": (1, 1.5),
    "PyTorch, persistent": (1, 1.5),
}


def scikit_learn(network: Any, train: Any, hidden: int, epochs: int) -> Any:
    """Return, as one of ours, what scikit-learn's machine has learnt."""
    rbm = network.BernoulliRBM(
        hidden, learning_rate=0.05, batch_size=10, n_iter=epochs, random_state=1
    ).fit(train)
    biases = rbm.intercept_visible_, rbm.intercept_hidden_
    return boltzmann.restricted(rbm.components_.T, *biases, coding="01")

"""Row 23: `hopfield.torch` beside NumPy, PyTorch's own layer and the package entmax."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

import hopfield as hf

from .measure import Candidate, Effort, Line, Peer, Result, agree, compare, cpu
from .peers import find

SIZES = {  # patterns and cues of a memory of N = 64; patterns a batch of 16 of a layer has
    "tiny": ((50, 3), 5),
    "quick": ((10_000, 64), 32),
    "full": ((100_000, 64), 256),
}
N = 64
ABSENT = "a GPU that PyTorch can use"


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 23, on a GPU too where there is one."""
    torch = find("torch")
    if torch is None:
        yield Result(23, "Attention by hopfield.torch", [Line("torch", [])])
        return
    (p, cues), patterns = SIZES[effort.name]
    for device in ["cpu", *["cuda"] * torch.cuda.is_available()]:
        yield _softmax(torch, device, p, cues, effort)
        yield from _sparse(torch, device, p, cues, effort)
        yield _layer(torch, device, patterns, effort)
    if not torch.cuda.is_available():
        yield Result(23, "The same on a GPU", [Line(ABSENT, [])])


def _timed(torch: Any, device: str) -> tuple[Any, Any]:
    """Return a clock of a device, and what makes a call wait until the device has done it."""
    if device == "cpu":
        return cpu, lambda call: call

    def waits(call: Any) -> Any:
        return lambda: (call(), torch.cuda.synchronize())

    return time.perf_counter, waits


def _near(ours: Any, theirs: Any, whose: str) -> None:
    close = np.allclose(ours.detach().cpu(), theirs.detach().cpu(), rtol=1e-3, atol=1e-4)
    agree(close, True, whose)


def _softmax(torch: Any, device: str, p: int, cues: int, effort: Effort) -> Result:
    from hopfield.torch import PLAIN, Hopfield

    x = np.random.default_rng(1).normal(size=(p, N)).astype(np.float32)
    s = x[:cues] + np.float32(0.1)
    memory, layer = hf.modern(x, N**-0.5), Hopfield(**PLAIN)
    stored, state = (torch.from_numpy(a)[None].to(device) for a in (x, s))

    def ours() -> Any:
        with torch.no_grad():
            return layer((stored, state, stored))

    def plain() -> Any:
        return (N**-0.5 * state @ stored.mT).softmax(-1) @ stored

    _near(ours(), plain(), "softmax as it is written")
    _near(ours()[0], torch.from_numpy(memory.gradient(s)), "hf.modern")
    clock, waits = _timed(torch, device)
    peers = [
        Peer("torch, all scores at once", Candidate("plain", waits(plain))),
        Peer(
            "hf.modern, on the CPU",
            Candidate("numpy", lambda: memory.gradient(s)),
        ),
    ]
    title = f"Softmax by hopfield.torch over P = {p:,}, N = {N}, cues: {cues}, {device}"
    return compare(23, title, "update", Candidate("ours", waits(ours)), peers, effort, clock=clock)


def _sparse(torch: Any, device: str, p: int, cues: int, effort: Effort) -> Iterator[Result]:
    from hopfield.torch import _weights

    package = find("entmax")
    scores = 3 * np.random.default_rng(2).normal(size=(cues, p)).astype(np.float32)
    z = torch.from_numpy(scores).to(device).requires_grad_()
    clock, waits = _timed(torch, device)

    def both(weigh: Any) -> Any:
        """Return what weighs the scores, and takes the gradient back to them."""
        return lambda: torch.autograd.grad(weigh(z).square().sum(), z)[0]

    for attention, order, name, options in (
        ("sparsemax", None, "sparsemax", {}),
        ("entmax", 1.5, "entmax15", {}),
        ("entmax", 1.25, "entmax_bisect", {"alpha": 1.25}),
        ("normmax", 2.0, "normmax_bisect", {"alpha": 2.0}),
    ):
        ours = both(partial(_weights, attention=attention, order=order))
        other = None
        if package is not None:
            theirs = both(partial(getattr(package, name), **options))
            _near(ours(), theirs(), f"entmax's {name}")
            other = Candidate("entmax", waits(theirs))
        title = f"{attention} {order or ''} of {cues} x {p:,} scores and its gradient, {device}"
        peers = [Peer(f"entmax's {name}", other)]
        yield compare(
            23, " ".join(title.split()), "call", Candidate("ours", waits(ours)), peers, effort,
            clock=clock,
        )  # fmt: skip


def _layer(torch: Any, device: str, patterns: int, effort: Effort) -> Result:
    from hopfield.torch import Hopfield

    own = torch.nn.MultiheadAttention(N, 4, batch_first=True).to(device)
    norms = ("stored_pattern", "state_pattern", "pattern_projection")
    layer = Hopfield(N, num_heads=4, **{f"normalize_{name}": False for name in norms}).to(device)
    with torch.no_grad():
        for k, part in enumerate((layer.state, layer.stored, layer.projection)):
            part.linear.weight.copy_(own.in_proj_weight[N * k : N * k + N])
            part.linear.bias.copy_(own.in_proj_bias[N * k : N * k + N])
        layer.out.load_state_dict(own.out_proj.state_dict())
    x = torch.from_numpy(np.random.default_rng(3).normal(size=(16, patterns, N)).astype("f"))
    x = x.to(device)
    _near(layer(x), own(x, x, x, need_weights=False)[0], "torch's MultiheadAttention")
    clock, waits = _timed(torch, device)

    def ours() -> None:
        layer(x).square().sum().backward()

    def theirs() -> None:
        own(x, x, x, need_weights=False)[0].square().sum().backward()

    peers = [Peer("torch's MultiheadAttention", Candidate("torch", waits(theirs)))]
    title = f"Hopfield({N}, num_heads=4), 16 x {patterns} patterns, forth and back, {device}"
    return compare(23, title, "step", Candidate("ours", waits(ours)), peers, effort, clock=clock)

"""Row 12: one update of a modern memory, the softmax over real patterns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import hopfield as hf

from .measure import Candidate, Effort, Peer, Result, agree, compare
from .peers import find

# patterns, neurons, cues, and the goal beside torch's attention
_ONE, _MANY, _WIDE = (100_000, 64, 1, 0.8, 1.3), (100_000, 64, 64, 0.65), (100_000, 512, 64, 0.65)
SIZES = {"tiny": [(50, 8, 3, 0.65)], "quick": [_ONE, _MANY], "full": [_ONE, _MANY, _WIDE]}


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 12."""
    for p, n, cues, *goal in SIZES[effort.name]:
        yield _update(p, n, cues, goal, effort)


def _update(p: int, n: int, cues: int, goal: list[float], effort: Effort) -> Result:
    x = np.random.default_rng(1).normal(size=(p, n)).astype(np.float32)
    s, beta = x[:cues] + np.float32(0.1), n**-0.5
    memory, steep = hf.modern(x, beta), hf.modern(x, 30 * beta)
    near = np.allclose(memory.gradient(s), attention(x, s, beta), rtol=1e-3, atol=1e-4)
    agree(near, True, "NumPy")
    torch = find("torch")
    peers = [
        Peer("NumPy, all scores at once", Candidate("numpy", lambda: attention(x, s, beta))),
        Peer("torch's attention", _torch(torch, x, s, beta) if torch else None, *goal),
        Peer("ours, 30 times beta", Candidate("steep", lambda: steep.gradient(s)), 1.5, most=True),
    ]
    title = f"Softmax over P = {p:,}, N = {n}, cues: {cues}"
    ours = Candidate("ours", lambda: memory.gradient(s))
    return compare(12, title, "update", ours, peers, effort, "blocks (numpy)")


def attention(x: Any, s: Any, beta: float) -> Any:
    """Return softmax(beta s X') X as it is written."""
    scores = np.float32(beta) * (s @ x.T)
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True) @ x


def _torch(torch: Any, x: Any, s: Any, beta: float) -> Candidate:
    keys, queries = torch.from_numpy(x)[None], torch.from_numpy(s)[None]
    call = torch.nn.functional.scaled_dot_product_attention
    return Candidate("torch", lambda: call(queries, keys, keys, scale=beta))

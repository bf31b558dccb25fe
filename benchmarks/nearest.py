"""Row 19: the pattern nearest to a cue, by recall and by searching all patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import hopfield as hf

from .measure import Candidate, Effort, Line, Peer, Result, agree, compare
from .peers import find

SIZES = {  # (neurons, patterns, cues) that fall into a pattern, and that attention reads
    "tiny": ((64, 3, 5), (64, 20, 5)),
    "quick": ((1024, 50, 200), (512, 20_000, 20)),
    "full": ((1024, 50, 1000), (512, 100_000, 100)),
}
FLIPPED = 0.1, 0.3, 0.45  # of a cue


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 19."""
    few, many = SIZES[effort.name]
    n, p, cues = few
    xi = hf.random_patterns(p, n, rng=1)
    memory = hf.hebb(xi)

    def recalled(cues: Any) -> Any:
        return hf.recall(memory, cues, rng=3).state

    yield _search(f"Recall of {cues} cues, N = {n:,}, P = {p:,}", xi, recalled, cues, effort)
    n, p, cues = many
    xi = hf.random_patterns(p, n, rng=1)
    attention = hf.modern(xi.astype(np.float32), 0.5)

    def read(cues: Any) -> Any:
        return np.sign(attention.gradient(cues)).astype(np.int8)

    yield _search(f"Attention of {cues} cues, N = {n:,}, P = {p:,}", xi, read, cues, effort)


def _search(title: str, xi: Any, ours: Callable[[Any], Any], many: int, effort: Effort) -> Result:
    chosen = xi[np.arange(many) % len(xi)]
    cues = hf.flip(chosen, FLIPPED[0], rng=2)
    words, asked = (np.packbits(x > 0, axis=1) for x in (xi, cues))
    searches = {
        "NumPy's popcount": _popcount(words, asked),
        "FAISS, IndexBinaryFlat": _faiss(words, asked),
        "USearch, exact": _usearch(words, asked),
    }
    least = _apart(words, asked).min(axis=1)
    peers = []
    for name, search in searches.items():
        if search:
            found = np.asarray(search())
            agree(np.bitwise_count(words[found] ^ asked).sum(axis=1), least, name)
        peers.append(Peer(name, Candidate(name, search, many) if search else None))
    result = compare(19, title, "cue", Candidate("ours", lambda: ours(cues), many), peers, effort)
    for share in FLIPPED:
        some = hf.flip(chosen, share, rng=4)
        nearest = xi[_apart(words, np.packbits(some > 0, axis=1)).argmin(axis=1)]
        same = (ours(some) == nearest).all(axis=1)
        name = f"ours is the nearest, {share:.0%} flipped"
        result.lines.append(Line(name, [float(same.mean())], ""))
    return result


def _apart(words: Any, asked: Any) -> Any:
    """Return in how many neurons each cue (R, N / 8) differs from each pattern, (R, P)."""
    wide = words.view(np.uint64), asked.view(np.uint64)
    return np.stack(
        [np.bitwise_count(wide[0] ^ row).sum(axis=1, dtype=np.int64) for row in wide[1]]
    )


def _popcount(words: Any, asked: Any) -> Callable[[], Any]:
    return lambda: _apart(words, asked).argmin(axis=1)


def _faiss(words: Any, asked: Any) -> Callable[[], Any] | None:
    package = find("faiss")
    if package is None:
        return None
    index = package.IndexBinaryFlat(8 * words.shape[1])
    index.add(words)
    return lambda: index.search(asked, 1)[1][:, 0]


def _usearch(words: Any, asked: Any) -> Callable[[], Any] | None:
    package = find("usearch.index")
    if package is None:
        return None
    options = {"metric": package.MetricKind.Hamming, "dtype": "b1", "exact": True, "threads": 1}
    return lambda: package.search(words, asked, 1, **options).keys.reshape(-1)

"""What the tests of command lines share: patterns, and how bad input must end."""

from __future__ import annotations

import os
from pathlib import Path

import hopfield as hf

XI = hf.random_patterns(3, 100, rng=1)


PICTURES = "a.png", "b.png", "c.png"


ENV = {**os.environ, "PYTHONPATH": str(Path(hf.__file__).parents[1]), "COLUMNS": "80"}


def refused(run, line, *words):
    """Check that a command line ends with status 2 and one line on standard error."""
    before = sorted(os.listdir())
    status, out, err = run(line)
    assert (status, out) == (2, "")
    assert err.startswith("hopfield: ")
    assert err.count("\n") == 1
    for word in words:
        assert word in err
    assert sorted(os.listdir()) == before

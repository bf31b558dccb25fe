"""How the tests of published figures compare: errors of samples, and of what was published."""

from __future__ import annotations

import numpy as np

WIDE = 3.3  # standard errors: 1 in 1,000


def near_mean(values, expected, published=0.0):
    """Say whether independent values have the expected mean, known to ``published``."""
    values = np.asarray(values, dtype=float)
    error = WIDE * values.std(ddof=1) / np.sqrt(values.size)
    return abs(values.mean() - expected) <= error + published, (values.mean(), expected, error)


def near_share(hits, expected, published=0.0):
    """Say whether independent trials succeed as often as expected, known to ``published``."""
    hits = np.asarray(hits)
    error = WIDE * np.sqrt(expected * (1 - expected) / hits.size) + 1 / hits.size
    return abs(hits.mean() - expected) <= error + published, (hits.mean(), expected, error)

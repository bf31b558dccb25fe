"""What tests of costs share."""

from __future__ import annotations

import tracemalloc
from contextlib import contextmanager


@contextmanager
def peak():
    """Measure the most memory that was held at once, in MB; NumPy reports its arrays."""
    most = []
    tracemalloc.start()
    try:
        yield most
    finally:
        most.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()

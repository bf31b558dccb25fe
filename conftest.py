"""What tests and the examples in docstrings share."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def figures_closed() -> Iterator[None]:
    """Close the figures that a test leaves open: matplotlib warns of many, and that is an error."""
    yield
    if plt := sys.modules.get("matplotlib.pyplot"):
        plt.close("all")

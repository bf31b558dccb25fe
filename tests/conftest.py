"""Shared settings: Hypothesis without deadlines (timing is never a test), figures off screen."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "agg")

settings.register_profile(
    "hopfield",
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(  # make fuzz: many cases, other ones each time
    "fuzz",
    parent=settings.get_profile("hopfield"),
    derandomize=False,
    max_examples=2000,
    print_blob=True,
)
settings.load_profile("hopfield")

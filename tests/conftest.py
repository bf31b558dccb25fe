"""Shared settings: Hypothesis without deadlines (timing is never a test), figures off screen.

Hypothesis draws the same examples in every run; with HYPOTHESIS_PROFILE=fuzz (`make fuzz`) it draws
new ones, keeps those that fail in .hypothesis, tries them first the next time, and prints the line
that repeats each.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "agg")

# What a shell puts in the background is deaf to Ctrl-C, and so are its children; tests send it.
signal.signal(signal.SIGINT, signal.default_int_handler)

SAME = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("fixed", **SAME, database=None, derandomize=True)
settings.register_profile("fuzz", **SAME, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

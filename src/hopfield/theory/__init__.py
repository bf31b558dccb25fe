"""Theory: closed forms and exact laws. Nothing here simulates or imports a simulation."""

from __future__ import annotations

from . import ags, one_step, orthogonality, visits

__all__ = ["ags", "one_step", "orthogonality", "visits"]

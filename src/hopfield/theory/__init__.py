"""Theory: closed forms and exact laws. Nothing here simulates or imports a simulation."""

from __future__ import annotations

from . import orthogonality, visits

__all__ = ["orthogonality", "visits"]

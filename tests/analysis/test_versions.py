"""show_versions: what a report of a fault needs, whatever is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

import hopfield as hf
from hopfield.analysis import versions
from hopfield.engine import compiled

ASKED = [
    "numpy>=2.0",
    "numba>=0.61; python_version < '3.15'",
    "pillow>=10.3; extra == 'images'",
    "hopfield[images]; extra == 'plots'",
    "nothing-like-it>=1; extra == 'plots'",
    "pytest>=8.2; extra == 'test'",
    "pillow>=10.3; extra == 'all'",
]


@pytest.fixture
def said(capsys, monkeypatch):
    """Return what is printed, as name -> value."""
    monkeypatch.setattr(versions, "requires", lambda name: ASKED)

    def said():
        hf.show_versions()
        return dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())

    return said


def test_each_package_that_can_be_used_is_there_once(said):
    found = said()
    assert list(found)[-4:] == ["numpy", "numba", "pillow", "nothing-like-it"]
    assert (found["hopfield"], found["numpy"]) == (hf.__version__, np.__version__)
    assert found["nothing-like-it"] == "absent"
    assert found["compiled"] == ("yes" if compiled.available() else "no")


def test_what_was_set_is_said(said, monkeypatch):
    monkeypatch.delenv("HOPFIELD_ENGINES", raising=False)
    assert "HOPFIELD_ENGINES" not in said()
    monkeypatch.setenv("HOPFIELD_ENGINES", "")
    monkeypatch.setenv("HOPFIELD_THREADS", "3")
    found = said()
    assert (found["HOPFIELD_ENGINES"], found["HOPFIELD_THREADS"]) == ("''", "'3'")


def test_it_runs_from_a_source_that_is_not_installed(said, monkeypatch):
    def absent(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(versions, "requires", absent)
    assert "numpy" in said()

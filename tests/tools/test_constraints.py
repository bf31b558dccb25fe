"""constraints.txt: a version for all that we ask for, and nothing but names and versions."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def known():
    return [Requirement(line) for line in LINES if not line.startswith("#")]


def test_the_lines_are_names_and_versions_in_order():
    edge = r'python_version (<|>=) "3\.\d+"'
    for line in LINES[2:]:
        assert re.fullmatch(rf"[a-z0-9-]+==[\w.]+( ; {edge}( and {edge})?)?", line), line
    assert [r.name for r in known()] == sorted(r.name for r in known())


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_each_package_that_we_name_has_one_version(python):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    del extras["bench"]  # which is not installed by any of our commands
    for text in sum(extras.values(), project["dependencies"]):
        ours = Requirement(text)
        here = [r for r in known() if r.name == ours.name.lower()]
        at = [r for r in here if not r.marker or r.marker.evaluate({"python_version": python})]
        if ours.name != "hopfield":
            assert len(at) == 1, (text, python)
            (version,) = at[0].specifier
            assert ours.specifier.contains(version.version), (text, python)


def test_each_version_reaches_to_the_next_python_that_has_another():
    lines = runpy.run_path(str(ROOT / "tools" / "constrain.py"))["lines"]
    pythons = ["3.11", "3.12", "3.13"]
    assert lines("a", {"3.11": "1", "3.12": "1", "3.13": "1"}, pythons) == ["a==1"]
    assert lines("a", {"3.12": "1"}, pythons) == ["a==1"]
    assert lines("a", {"3.11": "1", "3.12": "2", "3.13": "3"}, pythons) == [
        'a==1 ; python_version < "3.12"',
        'a==2 ; python_version >= "3.12" and python_version < "3.13"',
        'a==3 ; python_version >= "3.13"',
    ]

"""tools/oldest.py: the lower bound of all that we ask for, as pip takes it."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
oldest = runpy.run_path(str(ROOT / "tools" / "oldest.py"))["oldest"]


@pytest.mark.parametrize("extra", PROJECT["optional-dependencies"])
def test_each_extra_has_a_lower_bound_that_is_allowed(extra):
    made = [Requirement(line) for line in oldest(PROJECT, [extra])]
    asked = {}
    for texts in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()):
        for text in texts:
            asked.setdefault(Requirement(text).name, Requirement(text))
    assert {"numpy", "scipy", "numba"} <= {one.name for one in made}
    assert "hopfield" not in {one.name for one in made}
    for one in made:
        (version,) = one.specifier
        assert version.operator == "=="
        assert asked[one.name].specifier.contains(version.version)
        assert str(one.marker) == str(asked[one.name].marker)


def test_extras_of_extras_are_followed():
    names = [Requirement(line).name for line in oldest(PROJECT, ["all"])]
    assert {"pillow", "typer", "dask", "xarray", "matplotlib"} <= set(names)


def test_what_make_oldest_installs_bounds_every_extra_that_a_user_can_ask_for():
    setup = (ROOT / "tools" / "setup").read_text(encoding="utf-8")
    (installed,) = re.findall(r"^    oldest\) extras=(\w+) ", setup, re.M)
    tried = set(oldest(PROJECT, [installed]))
    for extra in set(PROJECT["optional-dependencies"]) - {"bench", "dev", "torch"}:  # torch: large
        assert set(oldest(PROJECT, [extra])) <= tried, extra


@pytest.mark.parametrize("text", ["numpy", "numpy<3", "numpy>=2,<3"])
def test_what_has_no_lower_bound_alone_is_refused(text):
    with pytest.raises(ValueError, match="has no lower bound"):
        list(oldest({"dependencies": [text], "optional-dependencies": {}}, []))

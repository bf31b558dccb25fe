"""The conda recipe, the citation and the workflows say what pyproject.toml says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import hopfield

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
NAMES = {"matplotlib": "matplotlib-base", "torch": "pytorch"}  # what conda-forge calls otherwise
RECIPE = yaml.safe_load((ROOT / "conda" / "recipe.yaml").read_text(encoding="utf-8"))
FOR_WORK = {"book", "test", "bench", "dev", "all"}


def bounds(texts):
    """Return name -> specifier of requirements, without this package's own extras."""
    made = [Requirement(text) for text in texts]
    return {
        NAMES.get(one.name, one.name): str(one.specifier) for one in made if one.name != "hopfield"
    }


def in_recipe(lines):
    return dict(line.split(" ") for line in lines)


def test_the_version_is_that_of_the_package_everywhere():
    assert RECIPE["context"]["version"] == hopfield.__version__
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == hopfield.__version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(\d.*?)\]", changelog, re.M)[0] == hopfield.__version__


def test_the_recipe_asks_for_what_the_package_needs():
    python, *run = RECIPE["requirements"]["run"]
    assert python == "python >=${{ python_min }}"
    assert PROJECT["requires-python"] == f">={RECIPE['context']['python_min']}"
    assert in_recipe(run) == bounds(PROJECT["dependencies"])
    build = bounds(PYPROJECT["build-system"]["requires"])
    assert [f"{name} {bound}" for name, bound in build.items()] == RECIPE["requirements"]["host"][
        2:
    ]


def test_the_recipe_bounds_what_extras_bring():
    asked = bounds(text for name in EXTRAS if name not in FOR_WORK for text in EXTRAS[name])
    assert in_recipe(RECIPE["requirements"]["run_constraints"]) == asked


def test_the_recipe_says_what_the_metadata_say():
    (command,) = PROJECT["scripts"].items()
    assert RECIPE["build"]["python"]["entry_points"] == [" = ".join(command)]
    about = RECIPE["about"]
    assert (about["summary"], about["license"]) == (PROJECT["description"], PROJECT["license"])
    assert [about["license_file"]] == PROJECT["license-files"]
    assert RECIPE["package"]["name"] == PROJECT["name"]
    assert RECIPE["schema_version"] == 1
    known = {"schema_version", "context", "package", "source", "build", "requirements", "tests"}
    assert set(RECIPE) == known | {"about", "extra"}
    assert RECIPE["source"] == {"path": ".."}


def test_each_python_that_is_tested_is_named():
    named = [text.rpartition(" ")[2] for text in PROJECT["classifiers"] if ":: 3." in text]
    tests = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    assert tests["jobs"]["test"]["strategy"]["matrix"]["python"] == named


@pytest.mark.parametrize("group", PYPROJECT["dependency-groups"])
def test_a_group_names_extras(group):
    (own,) = map(Requirement, PYPROJECT["dependency-groups"][group])
    assert own.name == PROJECT["name"]
    assert own.extras <= set(EXTRAS)

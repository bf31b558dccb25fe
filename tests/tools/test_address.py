"""tools/address.py: one setting, and the files that repeat it."""

from __future__ import annotations

import re
import runpy
import shutil
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "address.py"))
WHOLE = runpy.run_path(str(ROOT / "hatch_build.py"))["whole"]
ELSEWHERE = r"//github|github\.io"
FILES = tuple(TOOL["WRITTEN"])
A, B = "https://github.com/some-one/hopfield", "https://github.com/Others/nets"


def written(tmp_path, *addresses):
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for address in addresses:
        TOOL["main"](address, tmp_path)
    return [(tmp_path / name).read_text(encoding="utf-8") for name in FILES]


def rest(text):
    """Return the lines that hold no address."""
    return [line for line in text.splitlines() if line and not re.search(ELSEWHERE, line)]


def test_the_files_that_repeat_the_address_agree_with_the_one_setting():
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    for name in FILES:
        text = (ROOT / name).read_text(encoding="utf-8")
        if urls:
            assert text == TOOL["WRITTEN"][name](text, TOOL["urls"](urls["Repository"]))
        else:
            assert not re.search(ELSEWHERE, text), name


def test_an_address_is_written_once_and_read_as_what_it_is(tmp_path):
    project, citation, recipe, readme = written(tmp_path, A)
    urls = tomllib.loads(project)["project"]["urls"]
    assert urls["Repository"] == A
    assert urls["Documentation"] == "https://some-one.github.io/hopfield/"
    assert yaml.safe_load(citation)["repository-code"] == A
    assert yaml.safe_load(recipe)["about"]["repository"] == A
    title, empty, badge, *_ = readme.splitlines()
    assert (title, empty) == ("# hopfield", "")
    assert f"{A}/actions/workflows/test.yml/badge.svg" in badge


def test_a_second_address_takes_the_place_of_the_first(tmp_path):
    assert written(tmp_path, A, B) == written(tmp_path, B)


def test_nothing_but_the_address_is_changed(tmp_path):
    for name, text in zip(FILES, written(tmp_path, A), strict=True):
        assert rest(text) == rest((ROOT / name).read_text(encoding="utf-8")), name


@pytest.mark.parametrize(
    "wrong", ["", "github.com/a/b", "https://github.com/a", "https://example.org/a/b", A + "/x"]
)
def test_what_is_no_address_of_a_repository_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must be https://.*/OWNER/REPOSITORY"):
        TOOL["urls"](wrong)


def test_the_readme_of_a_package_index_has_whole_links():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    text = WHOLE(readme, A)
    assert f"]({A}/raw/HEAD/docs/union.png)" in text
    assert f"]({A}/blob/HEAD/CONTRIBUTING.md)" in text
    assert text.count("](http") == readme.count("](")
    assert WHOLE(text, A) == text

"""The book's typefaces: a sheet that names what lies beside it, in our subsets alone."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "typefaces.py"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    if not (TOOL["WEB"] / "node_modules" / "@fontsource-variable").is_dir():
        pytest.skip("the front end's packages are not there; building the book fetches them")
    TOOL["write"](tmp_path)
    return tmp_path


def test_every_font_of_the_sheet_lies_beside_it_or_in_it_with_a_licence(folder: Path) -> None:
    sheet = (folder / "typefaces.css").read_text("utf-8")
    named = re.findall(r"url\((?!data:)(.*?)\)", sheet)
    assert sorted(named) == sorted(path.name for path in folder.glob("*.woff2"))
    inside = len(re.findall(r"url\(data:font/woff2;base64,", sheet))
    assert inside == len(TOOL["INLINE"])
    assert len(set(named)) + inside == 12  # two families, upright and italic, three subsets
    assert set(re.findall(r"font-family: '(.*?)'", sheet)) == set(TOOL["FAMILIES"].values())
    for package in TOOL["FAMILIES"]:
        assert "SIL OPEN FONT LICENSE" in (folder / f"{package}-LICENSE.txt").read_text().upper()


def test_a_page_waits_for_few_fonts_and_the_rest_is_small(folder: Path) -> None:
    assert (folder / "typefaces.css").stat().st_size < 2e5
    assert sum(path.stat().st_size for path in folder.glob("*.woff2")) < 4e5

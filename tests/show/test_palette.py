"""One palette: the figures, the pages and the book take all colours from it, legible ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import hopfield
from hopfield.show import palette

PACKAGE = Path(hopfield.__file__).parent
BOOK = PACKAGE.parents[1] / "book"
PAGES = json.loads((PACKAGE / "show" / "palette.json").read_text())["pages"]
HEX = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b")


def brightness(colour):
    """Return the relative luminance of a colour, as WCAG 2 has it."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    low, high = sorted((brightness(a), brightness(b)))
    return (high + 0.05) / (low + 0.05)


SOURCES = [
    *PACKAGE.rglob("*.py"),
    *PACKAGE.rglob("*.css"),
    *(BOOK / "_static" / "live").glob("*.css"),
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_colour_stands_anywhere_else(path):
    code = re.sub(r"\A\"\"\".*?\"\"\"|>>> .*|'--live[^']*'", "", path.read_text(), flags=re.S)
    assert not HEX.findall(re.sub(r"#lab\b", "", code))


def test_each_variable_that_a_style_asks_for_is_there():
    styles = [PACKAGE / "show" / "pages.css", *(BOOK / "_static" / "live").glob("*.css")]
    text = "\n".join(path.read_text() for path in styles)
    asked = set(re.findall(r"var\(--((?:live|code|lab)-[\w-]+)", text))
    made = set(re.findall(r"--((?:live|code|lab)-[\w-]+):", text))
    for theme in ("light", "dark"):
        given = set(re.findall(r"--([\w-]+):", palette.variables(theme)))
        assert asked - made <= given
        assert given == set(PAGES)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_are_legible_on_paper(theme):
    paper = PAGES["live-paper"][theme]
    for name in ("text", "quiet", "accent", "right", "wrong"):
        assert contrast(PAGES[f"live-{name}"][theme], paper) >= 4.5, name


def test_curves_differ_by_more_than_colour():
    assert len({(line, mark) for _, line, mark in palette.CURVES}) == len(palette.CURVES)
    assert len({mark for *_, mark in palette.CURVES}) == len(palette.CURVES)


def test_a_group_is_chosen_by_its_name():
    assert palette.variables("dark", "code").count("--code-") == 5
    assert "--lab-" not in palette.variables("light", "live", "code")
    with pytest.raises(ValueError, match="tuple"):
        palette.variables("grey")

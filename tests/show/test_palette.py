"""One palette: the figures, the pages and the book take all colours from it, legible ones."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import numpy as np
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


# How red, green and blue look to dichromats (Machado, Oliveira & Fernandes 2009, severity 1).
EYES = {
    "all cones": np.eye(3),
    "no red cones": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no green cones": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no blue cones": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
CONES = [[0.4122, 0.5363, 0.0515], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]]
OKLAB = [[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]


def seen(colour, eye):
    """Return a colour's place in OKLab (Ottosson 2020), in which distances are as they look."""
    c = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return OKLAB @ np.cbrt(np.clip(CONES @ np.clip(EYES[eye] @ linear, 0, 1), 0, None))


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("where", ["light", "dark", "files"])
def test_the_colours_of_neurons_are_told_apart_by_every_eye(where, eye):
    pages = [PAGES[f"lab-{name}"] for name in ("paper", "ink", "unknown")]
    pages += [PAGES[f"lab-colour-{k}"] for k in range(3, 9)]
    colours = {
        "light": [light for light, _ in pages],
        "dark": [dark for _, dark in pages],
        "files": [palette.UNKNOWN, *palette.CELLS],
    }[where]
    for a, b in itertools.combinations(colours, 2):
        assert np.linalg.norm(seen(a, eye) - seen(b, eye)) > 0.11, (a, b)

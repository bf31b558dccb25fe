"""The list of the laws: the tests call each by the name that it has there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import hopfield as hf
from hopfield import testing

TESTS = Path(__file__).parents[1]
LISTED = testing.__doc__.partition("- **derivative**")
NAMES = re.findall(r"\*\*(.*?)\*\*", LISTED[1] + LISTED[2])
OF_SCANS = {"counts add", "resumed = fresh"}  # which the tests of scans hold


def told(path):
    """Return the docstring of a file of tests as one line."""
    return " ".join(ast.get_docstring(ast.parse(path.read_text())).lower().split())


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OF_SCANS])
def test_a_file_of_the_laws_names_it(name):
    assert any(name.lower() in told(path) for path in TESTS.glob("laws/test_*.py"))


def test_names_are_of_words_and_no_numbers():
    assert len(NAMES) == len(set(NAMES)) == 18
    for path in [*TESTS.glob("laws/*.py"), Path(testing.__file__)]:
        assert not re.search(r"\bL\d+\b|\blaw \d", path.read_text()), path


class Chooses(hf.Sync):
    """An order that draws by what the streams of a recall do not have."""

    random = True

    def __call__(self, n, rng):
        return rng.choice(n, n, replace=False)[:, None]


def test_what_a_recall_cannot_draw_fails_the_law():
    with pytest.raises(AssertionError, match="not choice"):
        testing.check_order(Chooses())

"""The list of the laws: the tests call each by the name that it has there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
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


class Skips(hf.Sequential):
    """An order of n sites that never comes to the last neuron."""

    def __call__(self, n, rng):
        return np.minimum(np.arange(n), n - 2)[:, None]


class Prefers(hf.Random):
    """One that draws among all neurons but the first."""

    def __call__(self, n, rng):
        return rng.integers(1, n, size=n)[:, None]


class Mixes(hf.Shuffled):
    """One that gives all replicas of a batch the sites of the first."""

    batched = True

    def __call__(self, n, rng):
        sites = np.asarray(rng.permutation(n))[..., None]
        return np.repeat(sites[:1], len(sites), axis=0) if sites.ndim == 3 else sites


@pytest.mark.parametrize(
    ("order", "what"),
    [
        (Skips(), r"must visit every neuron; \[11\] is not"),
        (Prefers(), r"must visit every neuron; \[0\] is not"),
        (Mixes(), "what each replica's own stream gives"),
    ],
    ids=repr,
)
def test_orders_that_skip_neurons_fail_the_law(order, what):
    with pytest.raises(AssertionError, match=what):
        testing.check_order(order)
    if not isinstance(order, Mixes):
        testing.check_order(order, skips=True)


@pytest.mark.parametrize("rng", [[1, 2], np.random.SeedSequence(1), np.random.default_rng(1), None])
def test_the_laws_take_whatever_names_a_generator(rng):
    memory = hf.hebb(hf.random_patterns(2, 10, rng=0))
    testing.check_memory(memory, rng=rng)
    testing.check_neuron(hf.HeatBath(T=0.5), rng=rng)
    testing.check_order(hf.Shuffled(), rng=rng)


def test_what_a_recall_cannot_draw_fails_the_law():
    with pytest.raises(AssertionError, match="not choice"):
        testing.check_order(Chooses())

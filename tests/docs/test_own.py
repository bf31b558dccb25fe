"""The pages for those who write code: their examples run, one after the other, and say so."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import sys
from pathlib import Path

import pytest

import hopfield as hf
from tests.bad import M, X, refuses

BOOK = Path(__file__).parents[2] / "book"
OWN = (BOOK / "own.md").read_text(encoding="utf-8")


def blocks(page, host=""):
    """Return the examples of a page, or of its part for a host's users, each with its output."""
    text = (BOOK / page).read_text(encoding="utf-8")
    if host:
        text = re.split(r"^\(bridges-\w+\)=$", text.partition(f"(bridges-{host})=")[2], flags=re.M)[
            0
        ]
    return re.findall(r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?", text, flags=re.S)


HOSTS = re.findall(
    r"^\(bridges-(\w+)\)=$", (BOOK / "bridges.md").read_text(encoding="utf-8"), flags=re.M
)
ALONE = "own.md", "coming.md", "stable.md"


@pytest.mark.parametrize(
    ("page", "host"),
    [*((page, "") for page in ALONE), *(("bridges.md", host) for host in HOSTS)],
)
def test_the_examples_give_the_output_shown(tmp_path, page, host):
    if host == "torch":
        pytest.importorskip(host)  # `make torch` leaves out none of that one's
    mark = "-- the next example --"
    examples = blocks(page, host)
    assert examples
    file = tmp_path / "own_page.py"  # a file, as a reader's would be
    file.write_text(f'\nprint("{mark}")\n'.join(code for code, _ in examples), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("own_page", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["own_page"] = module
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            spec.loader.exec_module(module)
    finally:
        del sys.modules["own_page"]
    assert printed.getvalue().split(f"{mark}\n") == [output for _, output in examples]


def test_each_kind_has_an_example():
    heads = re.findall(r"^## (?:A|An) (\w+)$", OWN, flags=re.M)
    assert heads == ["rule", "memory", "neuron", "order", "experiment", "model"]
    assert sum("class" in code or "def " in code for code, _ in blocks("own.md")) == len(heads)


class Half:
    """A neuron that lacks what proves that it is settled, and says no states."""

    random = False

    def __call__(self, h, s, rng):
        return s


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (
            {"neuron": Half()},
            r"^neuron must be .*; hf.Sign\(\) is one, and one of your own has "
            "states, settled$",
        ),
        ({"neuron": lambda h, s, rng: s}, "has states, random, settled$"),
        (
            {"order": lambda n, rng: [range(n)]},
            r"^order must be .* and one of your own has random$",
        ),
        ({"neuron": "sign"}, r"^neuron must be .* not 'sign'; hf.Sign\(\) is one$"),
        ({"order": hf.Sync}, r"hf.Sync\(\) is one$"),
        ({"order": hf.Sign()}, r"^order must be .*; hf.Sync\(\) is one$"),
    ],
)
def test_what_is_missing_is_named(options, what):
    refuses(lambda: hf.recall(M, X[0], **options), TypeError, what)


def test_the_protocols_list_what_recall_asks_for():
    from hopfield.core.network import _NEEDS
    from hopfield.core.neurons import Neuron
    from hopfield.core.orders import Order

    for protocol, name in ((Neuron, "neuron"), (Order, "order")):
        assert all(hasattr(protocol, part) for part in _NEEDS[name])
        assert all(f"`{part}" in OWN for part in _NEEDS[name])

"""The table of models: what each row says of its memory, neuron and order is so."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf
from hopfield import testing
from hopfield.base.tables import rows
from hopfield.learning import RULES
from hopfield.models import MODELS

ROOT = Path(__file__).parents[2]
SHOWN = [*RULES, *MODELS]
DOCUMENTS = ("README.md", "docs/design.md")


def keeps_its_row(row):
    """Check a model by the neuron and the order of its row."""
    memory = row.sample(hf.random_patterns(3, 8, rng=1))
    assert (memory.neuron, memory.order) == (row.neuron, row.order)
    states = row.neuron.states or (-1, 1)
    testing.check_memory(memory, states=states)
    starts = hf.random_patterns(4, memory.n, states=states, rng=2)
    r = hf.recall(memory, starts, rng=3, sweeps=20)
    if row.neuron.states:
        assert np.isin(r.state, row.neuron.states).all()
    testing.check_neuron(row.neuron)
    testing.check_order(row.order, n=memory.n)
    assert re.search(r"\d{4}, (doi:10\.\d{4,}/\S+|arXiv:\d+\.\d+)$", row.source)
    assert row.about
    assert row.capacity


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_what_its_row_says(name):
    row = MODELS[name]
    keeps_its_row(row)
    assert type(row.neuron).__name__ in row.make.__doc__
    assert hf.cite(name)


def test_the_order_is_that_of_the_years():
    for table in (RULES, MODELS):
        years = [int(re.search(r"\d{4}", row.source)[0]) for row in table.values()]
        assert years == sorted(years)
        assert years[0] <= 1985


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("name", SHOWN)
def test_the_documents_name_every_rule_and_model(document, name):
    assert re.search(rf"\b{name}\b", (ROOT / document).read_text()), name


@pytest.mark.parametrize("name", MODELS)
def test_the_table_of_the_design_has_the_neuron_and_the_order(name):
    text = (ROOT / "docs" / "design.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("|")]
    (line,) = [line for line in rows if re.search(rf"\b{name}\b", line.split("|")[2])]
    _, _, _, neurons, orders, _ = line.split("|")
    neuron, order = (type(x).__name__ for x in (MODELS[name].neuron, MODELS[name].order))
    assert re.search(rf"\b{neuron}\b", neurons)
    assert re.search(rf"\b{order}\b|any", orders)


def test_the_page_on_choosing_names_what_there_is():
    text = (ROOT / "book" / "choosing.md").read_text()
    firsts = [re.split(r"[,|]", line)[1].strip() for line in text.splitlines() if line[:2] == "| "]
    names = [first.replace(" ", "_") for first in firsts if first != "Memory"]
    assert len(names) == 8
    assert {name for name in names if name not in SHOWN} == set()
    for name in re.findall(r"hf\.learning\.(\w+)", text):
        assert hasattr(hf.learning, name)


NEW_FILE = '''
"""A ring: each neuron hears its two neighbours."""

import numpy as np

from hopfield.core.couplings import Couplings
from hopfield.core.neurons import Sign
from hopfield.core.orders import Shuffled
from hopfield.models.model import Model


def ring_in_a_test(n):
    one = np.eye(n)
    return Couplings(np.roll(one, 1, axis=0) + np.roll(one, -1, axis=0))


ROWS = (
    Model(
        make=ring_in_a_test,
        about="a ring of neighbours",
        neuron=Sign(),
        order=Shuffled(),
        capacity="two states: all up, all down",
        source="Hopfield 1982, doi:10.1073/pnas.79.8.2554",
        sample=lambda xi: ring_in_a_test(xi.shape[1]),
    ),
)
'''


@pytest.fixture
def row(tmp_path, monkeypatch):
    (tmp_path / "ring_in_a_test.py").write_text(NEW_FILE)
    monkeypatch.setattr(hf.models, "__path__", [*hf.models.__path__, str(tmp_path)])
    found = {row.make.__name__: row for row in rows("hopfield.models")}
    assert set(found) == {*MODELS, "ring_in_a_test"}
    monkeypatch.setitem(MODELS, "ring_in_a_test", found["ring_in_a_test"])
    yield found["ring_in_a_test"]
    del sys.modules["hopfield.models.ring_in_a_test"], hf.models.ring_in_a_test


def test_a_new_model_is_one_file(row):
    keeps_its_row(row)
    cue = hf.flip(np.ones(8), 1, rng=1)
    r = hf.recall(row.make(8), cue, neuron=row.neuron, order=row.order, rng=2)
    assert (r.state == 1).all()
    assert "hopfield1982" in hf.cite("ring_in_a_test")

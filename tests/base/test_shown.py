"""What notebooks show: small tables of HTML, of memories, recalls and scans."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from tables import MEMORIES

import hopfield as hf


def told(thing):
    """Return the caption and the rows of cells; the parser refuses what is not well formed."""
    table = ElementTree.fromstring(thing._repr_html_())
    assert table.tag == "table"
    return table[0].text, [[cell.text for cell in row] for row in table[1:]]


@pytest.mark.parametrize("name", MEMORIES)
def test_a_memory_says_its_neurons_and_whether_it_has_an_energy(name):
    memory = MEMORIES[name](1)
    caption, rows = told(memory)
    assert caption[:70] == str(memory)[:70]
    facts = dict(rows)
    assert facts["neurons"] == str(memory.n)
    assert facts["energy"].startswith("yes" if memory.symmetric else "none")


def test_what_names_no_neuron_or_no_number_says_less():
    three = hf.models.potts([[0, 1, 2], [2, 1, 0]], q=3)
    assert "written for" not in dict(told(three + hf.hebb(hf.random_patterns(2, 9, rng=1)))[1])
    assert dict(told(hf.Bias(0.5))[1])["neurons"] == "any number"


def test_a_recall_says_how_it_ended():
    xi = hf.random_patterns(3, 200, rng=1)
    memory = hf.hebb(xi)
    one = dict(told(hf.recall(memory, xi[0], rng=1))[1])
    assert one["state"] == "200"
    assert one["ended in"] == "fixed point"
    cues = np.concatenate([xi, np.zeros((1, 200), int)])
    keep = [hf.record.energy(), hf.record.states()]
    several = hf.recall(memory, cues, record=keep, rng=1)
    many = dict(told(several)[1])
    assert many["state"] == "4 x 200"
    assert many["ended in"] == "4 fixed point"
    assert many["undecided neurons"] == "0 to 200"
    assert many["trace"] == "energy, states"
    assert "energy" not in dict(told(hf.recall(hf.sequence(xi), xi[0]))[1])


def test_a_scan_is_a_table_of_what_varies():
    found = hf.scan(hf.experiments.Crosstalk, N=100, alpha=[0.1, 0.2], repeats=4)
    caption, (head, *rows) = told(found)
    assert caption == "Results(2 points, 8 replicas)"
    assert head[0] == "alpha"
    assert [row[0] for row in rows] == ["0.1", "0.2"]
    estimate = found.points[0].counts.estimate(head[1])
    assert rows[0][1].startswith(f"{estimate.value:.4g} (")

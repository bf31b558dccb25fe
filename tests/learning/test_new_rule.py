"""A new learning rule is one file: everything that lists rules takes it from the table."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

import hopfield as hf
from hopfield.base.tables import rows
from hopfield.cli.app import main
from hopfield.learning import RULES

FILE = '''
"""Clipped Hebb: the signs of Hebb's couplings."""

import numpy as np

from hopfield.core.couplings import Couplings
from hopfield.learning.rule import Rule


def tried_rule(patterns):
    x = np.atleast_2d(patterns).astype(float)
    return Couplings(np.sign(x.T @ x), divisor=x.shape[1])


ROWS = (
    Rule(
        learn=tried_rule,
        local=True,
        symmetric=True,
        diagonal=False,
        gauge=True,
        capacity=lambda n: 0.1 * n,
        capacity_text="about 0.1 N retrieved",
        source="Hopfield 1982, doi:10.1073/pnas.79.8.2554",
    ),
)
'''


@pytest.fixture
def row(tmp_path, monkeypatch):
    (tmp_path / "tried_rule.py").write_text(FILE)
    monkeypatch.setattr(hf.learning, "__path__", [*hf.learning.__path__, str(tmp_path)])
    found = {row.learn.__name__: row for row in rows("hopfield.learning")}
    names = list(RULES)
    names.insert(names.index("hebb") + 1, "tried_rule")
    assert list(found) == names  # by their years
    monkeypatch.setitem(RULES, "tried_rule", found["tried_rule"])
    yield found["tried_rule"]
    del sys.modules["hopfield.learning.tried_rule"], hf.learning.tried_rule


def test_it_keeps_the_laws_and_is_recalled(row):
    xi = hf.random_patterns(3, 60, rng=1)
    memory = row.learn(xi)
    hf.testing.check_memory(memory)
    hf.testing.check_gauge(row.learn)
    hf.testing.check_relabelling(row.learn)
    assert np.array_equal(hf.recall(memory, hf.flip(xi[0], 6, rng=2), rng=3).state, xi[0])


def test_the_command_line_experiments_citations_and_diagnosis_know_it(row, tmp_path, capsys):
    np.save(tmp_path / "xi.npy", hf.random_patterns(3, 64, rng=1))
    words = [
        "recall",
        "--store",
        str(tmp_path / "xi.npy"),
        "--flip",
        "0.1",
        "--rule",
        "tried_rule",
    ]
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["why"] == "fixed point"
    counts = hf.experiments.Capacity(N=50, alpha=0.04, rule="tried_rule").run(
        np.random.default_rng(1)
    )
    assert "all_fixed" in counts.names
    assert "hopfield1982" in hf.cite("tried_rule")
    xi = hf.random_patterns(3, 60, rng=1)
    assert hf.diagnose(row.learn(xi), xi).capacity["tried_rule"] == 6
    with pytest.raises(ValueError, match="tried_rule cannot add"):
        hf.learning.learn(row.learn(xi), xi[0], "tried_rule")

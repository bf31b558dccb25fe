"""The field's figures: the quick ones are computed here, all by ``make science``."""

from __future__ import annotations

import math

import pytest

from science.__main__ import main, table, works
from science.figure import Figure, Work, mean

WORKS = [*works()]


@pytest.mark.parametrize(
    "work", [pytest.param(w, id=f"{s}: {w.name}") for s, w in WORKS if not w.slow]
)
def test_the_figures_are_what_is_known(work):
    figures = list(work.run())
    assert figures
    assert not [str(figure) for figure in figures if not figure.holds]


def test_a_figure_that_differs_is_seen():
    assert Figure("a", 1.0, 1.1, 0.2).holds
    assert not Figure("a", 1.0, 1.1, 0.05).holds
    assert not Figure("a", math.nan, 1.1, 0.05).holds
    assert mean("a", [0.9, 1.1], 1.0).holds
    assert not mean("a", [0.99, 1.01], 1.2, 0.01).holds


def test_the_table_names_each_figure_and_what_differs():
    work = Work(lambda: iter(()), "Hebb (1949)")
    text = table(work, [Figure("one", 1.0, 1.0, 0.1), Figure("two", 3.0, 2.0, 0.1)])
    assert "| one | 1 | 1 | 0.1 |\n" in text
    assert "| two | 3 | 2 | 0.1 | differs" in text


def test_an_unknown_subject_is_said(capsys):
    with pytest.raises(SystemExit):
        main(["astrology"])
    assert "no subject astrology" in capsys.readouterr().err

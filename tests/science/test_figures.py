"""The field's figures: the quick ones are computed here, all by ``make science``."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from science.__main__ import main, renewed, subjects, table, works
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


def test_a_mean_may_differ_as_students_t_says():
    values = [0.9, 1.0, 1.1, 1.0]
    own = np.std(values, ddof=1) / 2
    assert mean("a", values, 1.0).bar == pytest.approx(12.924 * own, rel=1e-4)
    assert mean("a", values, 1.0, 0.1).bar == pytest.approx(np.hypot(12.924 * own, 0.32905), 1e-4)
    assert mean("a", values, 1.0, nets=4).bar == pytest.approx(12.924 * own * 2**0.5, rel=1e-4)
    assert not mean("a", values, 2.0).holds


def test_shares_that_are_all_alike_may_differ_as_coins_do():
    alike = [0.5] * 4
    assert mean("a", alike, 0.5).bar == 0
    assert mean("a", alike, 0.5, trials=25).bar == pytest.approx(0.32905 / 2, rel=1e-4)
    assert mean("a", alike, 0.5, nets=4, trials=25).bar == pytest.approx(0.32905 / 2**0.5, rel=1e-4)
    assert mean("a", [1.0] * 4, 1.0, trials=25, least=0.002).bar == 0.002


def test_one_mean_in_a_thousand_lies_beyond_its_bar():
    draws = np.random.default_rng(0).normal(size=(20_000, 4))
    beyond = sum(not mean("a", values, 0.0).holds for values in draws)
    assert 5 <= beyond <= 40


def test_every_subject_has_its_section_in_the_docs():
    page = (Path(__file__).parents[2] / "docs/science.md").read_text(encoding="utf-8")
    assert re.findall("^## (.*)$", page, flags=re.MULTILINE) == [*subjects().values()]


def test_the_table_names_each_figure_and_what_differs():
    work = Work(lambda: iter(()), "Hebb (1949)")
    text = table(work, [Figure("one", 1.0, 1.0, 0.1), Figure("two", 3.0, 2.0, 0.1)])
    assert "\n\nHebb (1949).\n" in text
    assert "| one | 1.00 | 1.00 | 0.1 |\n" in text
    assert "| two | 3.00 | 2.00 | 0.1 | **differs**" in text


@pytest.mark.parametrize(
    ("bar", "value", "text"),
    [
        (0.0085, 0.961095, "0.9611"),
        (1e-6, 0.1234567891, "0.1234568"),
        (0, 31, "31"),
        (0.0, 1.5, "1.5"),
        (20, 1234.5, "1,234"),
        (math.nan, 0.25, "0.25"),
    ],
)
def test_a_figure_is_written_as_far_as_its_bar_means_something(bar, value, text):
    assert Figure("a", value, value, bar).written(value) == text


def test_a_page_keeps_the_subjects_that_were_not_computed_anew():
    a, b = list(subjects().values())[:2]
    page = renewed("", {a: "### Old\n\n| x |\n", b: "### Other\n\n| y |\n"})
    again = renewed(page, {a: "### New\n\n| z |\n"})
    assert again == page.replace("### Old\n\n| x |", "### New\n\n| z |")
    assert renewed(again, {}) == again


def test_a_page_has_its_slow_figures(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["--quick", "--to", str(tmp_path / "science.md")])
    assert "give --to without it" in capsys.readouterr().err


def test_an_unknown_subject_is_said(capsys):
    with pytest.raises(SystemExit):
        main(["astrology"])
    assert "no subject astrology" in capsys.readouterr().err

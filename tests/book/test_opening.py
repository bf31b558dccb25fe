"""The front page: the recall that is recorded for it, and the figures that it and the lab name."""

from __future__ import annotations

import base64
import json
import re
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf

BOOK = Path(__file__).parents[2] / "book"
sys.path.insert(0, str(BOOK / "_ext"))
import lablinks  # noqa: E402
import opening as page  # noqa: E402

PROGRAM = runpy.run_path(str(BOOK / "_static" / "live" / "opening.py"))


def played(run):
    """Return the state in which a run ends, as web/src/opening/run.ts plays it."""
    state = np.frombuffer(base64.b64decode(run["cue"]), "u1").astype(int) - 1
    for frame in run["moved"]:
        numbers = np.frombuffer(base64.b64decode(frame), "<u2").astype(int)
        state[numbers & (PROGRAM["DOWN"] - 1)] = np.where(numbers & PROGRAM["DOWN"], -1, 1)
    return state


def test_the_recorded_run_is_the_package_s_own_recall() -> None:
    cue = PROGRAM["first"]()
    run = PROGRAM["recall"](cue, 1)
    result = hf.recall(hf.hebb(PROGRAM["PICTURES"]), cue, order=hf.Shuffled(), rng=1)
    assert played(run).tolist() == result.state.tolist() == PROGRAM["PICTURES"][0].tolist()
    assert run["end"] == "BU, every pixel right"
    assert len(run["moved"]) == PROGRAM["FRAMES"]


@pytest.mark.parametrize(
    ("which", "wrong", "end"),
    [
        (1, 0.3, "BC, every pixel right"),
        (2, 0.3, "star, every pixel right"),
        (0, 0.9, "the negative of BU"),
        (1, 0.45, "a mixture, which nobody stored"),
    ],
)
def test_what_a_reader_smears_is_recalled_and_where_it_ends_is_said(which, wrong, end) -> None:
    cue = hf.flip(PROGRAM["PICTURES"][which], wrong, rng=2)
    run = json.loads(PROGRAM["again"](PROGRAM["packed"]((cue + 1).astype("u1")), 1))
    assert run["end"] == end
    state = played(run)
    assert hf.hebb(PROGRAM["PICTURES"]).stable(state)


def figures(name: str) -> set[str]:
    """Return the names of a page's figures."""
    return set(re.findall(r"^    name: (fig-[\w-]+)$", (BOOK / f"{name}.md").read_text(), re.M))


def test_every_chapter_has_a_card_with_a_figure_of_its_own() -> None:
    text = re.search(r"^```\{cards\}\n(.*?)^```$", (BOOK / "index.md").read_text(), re.M | re.S)[1]
    cards = [page.CARD.fullmatch(line) for line in text.splitlines()]
    assert [card["page"] for card in cards] == sorted(p.stem for p in BOOK.glob("[0-9]*.md"))
    assert all(card["figure"] in figures(card["page"]) for card in cards)
    assert all(card["words"].endswith(".") for card in cards)


def test_every_link_under_a_figure_leads_to_a_state_that_is_prepared() -> None:
    assert lablinks.FIGURES.keys() <= lablinks.prepared.STATES.keys()
    assert all(figure in figures(name) for name, figure in lablinks.FIGURES.items())

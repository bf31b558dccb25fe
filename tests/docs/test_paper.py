"""The paper: the journal's form, an entry for each citation, and figures that are the package's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import hopfield as hf
from hopfield.analysis.citation import entries

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "paper" / "paper.md").read_text(encoding="utf-8")
_, FRONT, BODY = TEXT.split("---\n", 2)
BIB = (ROOT / "paper" / "paper.bib").read_text(encoding="utf-8")
KEYS = re.findall(r"^@\w+\{(\w+),$", BIB, re.M)


def number(pattern):
    """Return a number that the paper states."""
    (found,) = re.findall(pattern, " ".join(BODY.split()))
    return float(found.replace(",", ""))


def test_the_paper_has_the_parts_that_the_journal_asks_for():
    front = yaml.safe_load(FRONT)
    assert {"title", "tags", "authors", "affiliations", "date", "bibliography"} <= set(front)
    assert (ROOT / "paper" / front["bibliography"]).is_file()
    places = {place["index"] for place in front["affiliations"]}
    assert all(author["affiliation"] in places for author in front["authors"])
    heads = re.findall(r"^# (.*)$", BODY, re.M)
    assert heads[:3] == ["Summary", "Statement of need", "State of the field"]
    assert heads[3:5] == ["Software design", "Research impact statement"]
    assert heads[-2:] == ["Acknowledgements", "References"]
    assert 750 <= len(BODY.split()) <= 1750


def test_each_citation_has_an_entry_and_each_entry_is_cited():
    assert sorted(set(re.findall(r"@(\w+)", BODY))) == sorted(KEYS)


@pytest.mark.parametrize("key", sorted(set(KEYS) & set(entries())))
def test_an_entry_is_that_of_the_package(key):
    assert entries()[key].strip() in BIB


def test_what_the_paper_states_is_so():
    assert round(hf.theory.ags.critical()[0], 4) == number(r"critical load of (\S+) at")
    rows = re.findall(
        r"^\|(.*)\|(.*)\|(.*)\|(.*)\|$", (ROOT / "docs/science.md").read_text("utf-8"), re.M
    )
    figures = [row for row in rows if not set("".join(row)) <= set(" :-") and "found" not in row[1]]
    assert len(figures) > number(r"more than (\d+) figures")
    assert len(hf.learning.RULES) > 10
    kilobytes = number(r"take (\d+) kB")
    pictures = hf.pictures.large("BU", "BC")
    assert pictures.nbytes == 1000 * kilobytes
    assert pictures.shape[1] ** 2 * 8 == 1e6 * number(r"take (\d+) MB")

"""The glossary, and the links to it from the chapters."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree

BOOK = Path(__file__).parents[2] / "book"
sys.path.insert(0, str(BOOK / "_ext"))
import terms  # noqa: E402

KNOWN = terms.terms(BOOK / "glossary.md")


def linked(text, name="08_capacity"):
    """Return the links that a page's text gets: the words, the addresses and the meanings."""
    doctree = publish_doctree(text)
    app = SimpleNamespace(srcdir=BOOK, env=SimpleNamespace(docname=name))
    terms.link_terms(app, doctree)
    assert doctree.astext() == publish_doctree(text).astext()  # no word is lost
    found = doctree.findall(
        lambda node: isinstance(node, nodes.reference) and "term" in node["classes"]
    )
    return [(link.astext(), link["refuri"], link["reftitle"]) for link in found]


def test_the_glossary_is_in_order_and_each_meaning_is_a_sentence():
    entries = list(dict.fromkeys(meaning for _, meaning in KNOWN.values()))
    first = [next(word for word, one in KNOWN.items() if one[1] == m) for m in entries]
    assert len(entries) > 35
    assert first == sorted(first, key=lambda word: word.replace("-", " "))
    for meaning in entries:
        assert re.fullmatch(r"[A-Z][^.]*\.", meaning.replace("T = 0.", "")), meaning


def test_each_word_of_the_glossary_is_one_of_the_chapters():
    text = " ".join(path.read_text("utf-8") for path in BOOK.glob("[0-9]*.md"))
    for meaning in {meaning for _, meaning in KNOWN.values()}:
        words = [word for word, one in KNOWN.items() if one[1] == meaning]
        assert terms.pattern(words).search(text), words


def test_the_first_use_of_a_word_is_a_link_that_shows_its_meaning():
    found = linked("The fields of a Cue. The field of a cue, and **crosstalk**.")
    assert [words for words, _, _ in found] == ["fields", "Cue", "crosstalk"]
    assert found[1][1] == "glossary.html#term-cue"
    assert found[1][2].startswith("The state from which a recall begins")


def test_of_two_words_for_one_thing_the_first_alone_is_a_link():
    assert [words for words, _, _ in linked("A weight is a coupling.")] == ["weight"]


def test_the_longest_word_is_found_and_parts_of_words_are_not():
    assert [words for words, _, _ in linked("A basin of attraction; outfield, cues.")] == [
        "basin of attraction",
        "cues",
    ]


def test_a_word_of_two_is_found_where_a_line_ends_between_them():
    assert [words.split() for words, _, _ in linked("It has a basin of\nattraction.")] == [
        ["basin", "of", "attraction"]
    ]


@pytest.mark.parametrize(
    "text",
    ["The field\n=========\n\nIt.", "``field``", "`field <http://a.org>`__", ":math:`field`"],
)
def test_titles_code_links_and_formulas_stay_as_they_are(text):
    assert linked(text) == []


def test_pages_below_another_find_the_glossary_and_other_pages_have_no_links():
    assert linked("The cue.", "courses/ffr135")[0][1] == "../glossary.html#term-cue"
    assert linked("The cue.", "install") == []

"""The file of guided tours: what is no tour is named by its place, before the book is built."""

from __future__ import annotations

import base64
import json
import sys
import zlib
from pathlib import Path

import pytest

from hopfield.lab.choices import known

BOOK = Path(__file__).parents[2] / "book"
sys.path.insert(0, str(BOOK / "_ext"))
import touring  # noqa: E402

KNOWN = known()
CHAPTERS = {"05_letters": None}


def link(told):
    squeeze = zlib.compressobj(wbits=-15)
    packed = squeeze.compress(json.dumps(told).encode()) + squeeze.flush()
    return "#lab=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


STEP = {"state": "#chapter=05_letters", "words": "Three letters.", "try": "Press Play."}
GOOD = {
    "mine": {
        "title": "Mine",
        "steps": [
            STEP | {"settings": {"tie": "keep", "rule": "storkey", "T": 0.5}},
            {"words": "The same.", "try": "Press Reset."},
            STEP | {"state": link({"version": 1})},
        ],
    }
}


def read(tmp_path, text):
    path = tmp_path / "tours.json"
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return touring.read(path, KNOWN, CHAPTERS)


def of(**changed):
    return {"mine": {"title": "Mine", "steps": [STEP | changed]}}


def test_a_tour_is_read_as_it_stands(tmp_path):
    assert read(tmp_path, GOOD) == GOOD


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "tours.json is no JSON"),
        ([], "tours.json must be"),
        ({"two words": {}}, "tour 'two words': a name has letters"),
        ({"mine": []}, "tour 'mine' must have title, steps"),
        ({"mine": {"titel": ""}}, "tour 'mine': 'titel' is none of title, steps"),
        ({"mine": {"title": "", "steps": [STEP]}}, "tour 'mine': title must be some words"),
        ({"mine": {"title": "Mine", "steps": []}}, "steps must be a list of one step or more"),
        (of(Try="x"), "step 1: 'Try' is none of words, try, state, settings"),
        (of(words=None), "step 1: words must be some words"),
        (of(state="05_letters"), "step 1: state must begin with #chapter= or #lab="),
        (of(state="lab=abc"), "state must begin with .* from its # on; it is 'lab=abc'"),
        (of(state="#lab=abc"), "state is a link that is cut or damaged"),
        (of(state="#chapter=99"), "state names no chapter with a lab; there are 05_letters"),
        (of(settings={"t": 1}), "there is no setting 't': model, rule"),
        (of(settings={"T": 9}), "T must be from 0 to 2, not 9"),
        (of(settings={"tie": "left"}), "tie must be one of keep, up, down, random, not 'left'"),
        ({"mine": {"title": "M", "steps": [{"words": "a", "try": "b"}]}}, "needs a state"),
    ],
)
def test_what_is_no_tour_is_named_by_its_place(tmp_path, text, words):
    with pytest.raises(ValueError, match=words):
        read(tmp_path, text)

"""``hopfield grade``: answers of students, judged each in a process of its own."""

from __future__ import annotations

import json

import pytest

from tests.cli.lines import refused

CHAPTER = {
    "01_first": {
        "cells": [
            {"number": 1, "code": "import hopfield as hf\nn = 5"},
            {"number": 2, "title": "Twice", "check": "assert twice == 2 * n, 'Take n two times.'"},
            {"number": 3, "code": "n = 7"},
            {"number": 4, "title": "Square", "check": "assert square == n * n, 'Take n n times.'"},
        ]
    }
}
RIGHT = {"2": "twice = n + n", "4": "square = n ** 2"}


@pytest.fixture
def book(folder):
    """A built book of one chapter."""
    (folder / "book" / "downloads").mkdir(parents=True)
    (folder / "book" / "downloads" / "exercises.json").write_text(json.dumps(CHAPTER))
    (folder / "handed").mkdir()
    return folder


def hand_in(book, name, cells):
    (book / "handed" / f"{name}.json").write_text(json.dumps({"answers": {"01_first": cells}}))


def graded(run, *more):
    status, out, err = run(" ".join(["grade handed --book book --json", *more]))
    assert (status, err) == (0, "")
    return {
        one["file"].removesuffix(".json"): one["problem"] or [row["says"] for row in one["answers"]]
        for one in json.loads(out)
    }


def test_each_answer_is_judged_by_the_books_check_where_it_stands(run, book):
    hand_in(book, "ada", RIGHT)
    hand_in(book, "bob", {"2": "twice = 3", "4": "square = hf.no_such_name"})
    hand_in(book, "cleo", {"4": "square = 49"})
    found = graded(run)
    assert found["ada"] == ["", ""]
    assert found["bob"][0] == "Take n two times."
    assert found["bob"][1].startswith("AttributeError: module 'hopfield' has no attribute")
    assert found["cleo"] == [""]


def test_a_folder_for_each_student_is_read_as_platforms_pack_them(run, book):
    for name in ("ada_1", "bob_2"):
        (book / "handed" / name).mkdir()
        hand_in(book, f"{name}/answers", RIGHT)
    assert graded(run) == {"ada_1/answers": ["", ""], "bob_2/answers": ["", ""]}


def test_an_answer_changes_no_other_answer_and_no_cell(run, book):
    hand_in(book, "ada", {"2": "n = 1; twice = 2", "4": RIGHT["4"]})
    hand_in(book, "bob", {"2": "print('x' * 10**6); twice = 10; raise SystemExit", **{"4": "5("}})
    found = graded(run)
    assert found["ada"] == ["", ""]
    assert found["bob"] == ["SystemExit", "SyntaxError: '(' was never closed (<answer>, line 1)"]


def test_what_ends_python_takes_nothing_from_the_others(run, book):
    hand_in(book, "ada", RIGHT)
    hand_in(book, "cleo", {"2": RIGHT["2"], "4": "import os; os._exit(3)"})
    found = graded(run)
    assert found["ada"] == ["", ""]
    assert found["cleo"] == ["", "it ended Python, for want of memory or otherwise"]


def test_what_an_answer_writes_among_the_marks_is_left_out(run, book):
    spoil = "import os\nfor k in range(3, 30):\n    try: os.write(k, b'[1]\\n{\\n\\xff\\n')\n"
    hand_in(book, "ada", RIGHT)
    hand_in(book, "bob", {"2": f"{spoil}    except OSError: pass\n{RIGHT['2']}", "4": RIGHT["4"]})
    assert graded(run) == {"ada": ["", ""], "bob": ["", ""]}


def test_what_does_not_end_is_ended(run, book):
    hand_in(book, "bob", {"2": "while True: pass", "4": RIGHT["4"]})
    ends = "it did not end within 3 seconds", "it ended Python, for want of memory or otherwise"
    for says in graded(run, "--seconds", "3")["bob"]:
        assert says in ends  # the limit of the processor's time may come first


def test_memory_is_limited(run, book):
    hand_in(book, "bob", {"2": "hoard = bytearray(8 * 10**9); twice = 10"})
    assert graded(run)["bob"] == ["MemoryError"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"answers": 3}', '{"answers": {"01_first": {"2": 4}}}', "[" * 10**5, "\0"],
)
def test_a_file_that_no_page_wrote_is_named(run, book, text):
    (book / "handed" / "odd.json").write_text(text)
    hand_in(book, "ada", RIGHT)
    found = graded(run)
    assert found["odd"] == "this is no file that a page of the book handed in"
    assert found["ada"] == ["", ""]


def test_a_table_says_who_has_how_many_and_what_is_wrong(run, book):
    hand_in(book, "ada", RIGHT)
    hand_in(book, "bob", {"2": "twice = 3"})
    hand_in(book, "of_another_book", {})
    status, out, _ = run("grade handed --book book")
    assert status == 0
    rows = [line.split() for line in out.splitlines()]
    assert rows[1][:3] == ["ada.json", "2", "2"]
    assert rows[2][:3] == ["bob.json", "0", "1"]
    assert "Take n two times." in " ".join(out.split())


def test_bad_words_are_refused(run, book):
    refused(run, "grade handed --book book", "has none")
    hand_in(book, "ada", RIGHT)
    refused(run, "grade handed --book handed", "--book must be a built book")
    refused(run, "grade handed --book book --seconds 0", "--seconds must be")
    refused(run, "grade handed --book book --memory 1", "--memory must be")

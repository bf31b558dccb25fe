"""Pages: text is escaped once, tables and pictures stand whole, a folder is replaced or left."""

from __future__ import annotations

import base64
from html.parser import HTMLParser

import pytest

from hopfield.io.files import BadFile
from hopfield.show.pages import Html, document, element, figures, folder, items, table


class Balanced(HTMLParser):
    """Sees that each element that begins also ends."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))
        if tag not in ("img", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_page_is_whole_and_needs_nothing_else():
    page = document(
        "A & B",
        element("h1", "1 < 2"),
        table(["N", "m"], [("100", "0.97"), ("200", "<b>")], "n-"),
        figures([("one.png", 'the "first"'), (b"\x89PNG", "second")]),
        items(["x", "y"]),
    )
    seen = Balanced(page).seen
    assert "<title>A &amp; B</title>" in page
    assert "<h1>1 &lt; 2</h1>" in page
    assert "<td>&lt;b&gt;</td>" in page
    assert not any(tag in ("script", "link") for tag, _ in seen)
    first, second = (attributes for tag, attributes in seen if tag == "img")
    assert (first["src"], first["alt"]) == ("one.png", 'the "first"')
    kind, data = second["src"].split(",")
    assert (kind, base64.b64decode(data)) == ("data:image/png;base64", b"\x89PNG")
    assert page.count("<li>") == 2


def test_what_is_html_is_not_escaped_again():
    inner = element("a", "A & B", href="?x=1&y=2")
    assert inner == '<a href="?x=1&amp;y=2">A &amp; B</a>'
    assert element("p", inner, " & more") == f"<p>{inner} &amp; more</p>"
    assert isinstance(inner, Html)


def test_a_table_has_a_look_for_each_column_and_no_other():
    text = table(["a", "b", "c"], [("1", "2", "3")], "n-v")
    assert text.count('class="n"') == text.count('class="v"') == 2
    assert "<th>b</th>" in text
    assert text.startswith('<div class="wide"><table>')
    with pytest.raises(ValueError, match="argument"):
        table(["a", "b"], [("1",)])


def test_no_pictures_leave_no_gap():
    assert figures([]) == ""


def test_a_folder_is_whole_or_not_there(tmp_path):
    out = tmp_path / "deep" / "out"
    for text in ("first", "second"):
        with folder(out, "tour") as new:
            (new / "page").write_text(text)
            assert not out.exists() or text == "second"
    assert (out / "page").read_text() == "second"

    def fail():
        with folder(out, "tour") as new:
            (new / "page").write_text("third")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail()
    assert (out / "page").read_text() == "second"
    with pytest.raises(BadFile, match="is not a gallery's folder"), folder(out, "gallery"):
        pass
    assert [path.name for path in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_to_a_folder_is_followed(tmp_path, there):
    (tmp_path / "link").symlink_to(tmp_path / "far")
    if there:
        (tmp_path / "far").mkdir()
    for text in ("first", "second"):
        with folder(tmp_path / "link", "tour") as new:
            (new / "page").write_text(text)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "page").read_text() == "second"


def test_a_link_to_something_else_is_refused_before_anything_is_drawn(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    for name, why in (("link", "is not a tour's folder"), ("ring", "a link that leads to itself")):
        with pytest.raises(BadFile, match=rf"{name} .*{why}"), folder(tmp_path / name, "tour"):
            pytest.fail("it begins to draw")
    assert (tmp_path / "file").read_text() == "mine"

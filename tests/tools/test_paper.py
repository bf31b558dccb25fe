"""The whole book as one page, and where its places lie on paper."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import whole

import paper

FRAME = """<html><head><title>A book</title><link rel="stylesheet" href="_static/a.css" /></head>
<body>{}<article class="bd-article"><section id="top">{}</section></article>
<footer>hopfield 1.2.3. The same seed</footer></body></html>"""
MENU = """<nav class="bd-links"><p class="caption">Chapters</p>
<li><a href="01_one.html">One</a></li>
<li><a href="sub/two.html">Two</a></li><p class="caption">Explore</p>
<li><a href="lab.html">The lab</a></li><li><a href="api/index.html">Reference</a></li></nav>"""
ONE = """<h1><span class="section-number">1. </span>One<a class="headerlink" href="#top">#</a></h1>
<div class="live-bar">Run all</div><img src="_images/a.png" />
<p id="p"><a href="sub/two.html#p">on</a> <a href="#p">here</a> <a href="lab.html">lab</a>
<a href="https://example.org/x">out</a></p>
<section id="s"><h2><span class="section-number">1.1. </span>Part</h2></section>
<div class="exercise" id="ex"><p class="exercise-title">Exercise 1</p>
<details class="fold"><summary>Solution</summary>solvedling</details></div>"""
TWO = (
    """<h1>Two</h1><p id="p"><a href="../01_one.html">back</a><img src="../_images/b.png" /></p>"""
)


@pytest.fixture
def site(tmp_path):
    for name, text in (("01_one", ONE), ("sub/two", TWO), ("lab", ""), ("api/index", "")):
        file = tmp_path / f"{name}.html"
        file.parent.mkdir(exist_ok=True)
        file.write_text(FRAME.format("", text), "utf-8")
    (tmp_path / "index.html").write_text(FRAME.format(MENU, "<h1>The book</h1>"), "utf-8")
    return tmp_path


def test_every_link_within_the_book_leads_to_a_place_in_it(site):
    page = whole.html(site, {})
    names = re.findall(r'id="([^"]+)"', page)
    links = re.findall(r'href="#([^"]+)"', page)
    assert len(names) == len(set(names))
    assert {"01_one", "sub-two", "sub-two--p", "01_one--p", "01_one--s"} <= set(links) <= set(names)
    assert 'href="https://example.org/x"' in page
    assert "lab.html" not in page
    assert set(re.findall(r'src="([^"]+)"', page)) == {"_images/a.png", "_images/b.png"}


def test_contents_name_each_page_and_section_with_its_number_and_the_cover_the_edition(site):
    page = whole.html(site, {"01_one": 3, "01_one--s": 4})
    contents = re.sub(r"<[^>]+>", " ", page.partition("<nav")[2].partition("</nav>")[0])
    assert re.sub(r"\s+", " ", contents).endswith(
        "Contents Chapters 1. One 3 1.1. Part 4 Two Explore Hints and solutions "
    )
    assert "<h1>The book</h1><p>hopfield 1.2.3</p>" in page


def test_solutions_stand_at_the_end_alone(site):
    before, _, after = whole.html(site, {}).partition('id="solutions"')
    assert "solvedling" not in before
    assert "solvedling" in after
    assert "Exercise 1" in before


def test_places_have_the_numbers_of_their_pages():
    pdf = (
        b"5 0 obj\n<</Type /Pages\n/Count 2\n/Kids [7 0 R 9 0 R]>>\nendobj\n"
        b"6 0 obj\n<</one [7 0 R /XYZ 0 9 0]\n/one--p [9 0 R /XYZ 0 8 0]>>\nendobj"
    )
    assert paper.numbers(pdf) == {"one": 1, "one--p": 2}

"""The formulas of the book: what they are set as, and what stays on one line with them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import ExtensionError

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
import formulas  # noqa: E402

needs_npm = pytest.mark.skipif(
    not (ROOT / "web" / "node_modules" / "katex").is_dir(), reason="tools/book.py fetches KaTeX"
)


def paragraph(*parts):
    """Return what a paragraph is after the transform; "$x$" stands for the formula x."""
    document = new_document("page")
    document += (holder := nodes.paragraph())
    for part in parts:
        tex = part.startswith("$")
        holder += nodes.math(text=part.strip("$")) if tex else nodes.Text(part)
    transform = formulas.KeepTogether(document)
    transform.run()
    return holder


@pytest.mark.parametrize(
    ("parts", "pieces"),
    [
        (("At ", "$x$", ", so"), ["x,"]),
        (("At (", "$x$", "), so"), ["(x),"]),
        (("The ", "$k$", "-th of ", "$N$", "."), ["k-th", "N."]),
        (("At ", "$x$", " it"), []),
        (("$a$", "/", "$b$", "."), ["a/", "b."]),
        (("At ", f"${'x' * 50}$", ", so"), []),
    ],
)
def test_a_formula_keeps_what_stands_at_it(parts, pieces):
    found = paragraph(*parts)
    assert [piece.astext() for piece in found.findall(nodes.inline)] == pieces
    assert found.astext() == "".join(parts).replace("$", "")


@needs_npm
def test_formulas_are_set_as_html_and_mathml_in_order():
    first, second = formulas.html([("x_1", False), (r"\frac12", True)])
    assert "<msub>" in first
    assert "katex-display" in second
    assert "annotation" not in first + second


@needs_npm
def test_what_is_no_formula_ends_the_build_with_a_sentence():
    with pytest.raises(ExtensionError, match=r"cannot be set: ParseError: .*frac"):
        formulas.html([(r"\frac{", False)])


def test_rows_of_a_displayed_formula_are_aligned():
    block = nodes.math_block("", "a &= 1 \\\\ b &= 2")
    assert formulas.tex(block) == (r"\begin{aligned}a &= 1 \\ b &= 2\end{aligned}", True)
    block = nodes.math_block("", "a = 1\n\nb = 2")
    assert formulas.tex(block) == (r"\begin{aligned}a = 1\\b = 2\end{aligned}", True)
    assert formulas.tex(nodes.math_block("", "a = 1")) == ("a = 1", True)
    assert formulas.tex(nodes.math("", "a")) == ("a", False)

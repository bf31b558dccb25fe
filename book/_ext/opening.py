"""The front page: a recall that plays, and a card with a figure for each chapter."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import clean_astext

BOOK = Path(__file__).parents[1]
ASSETS = BOOK.parent / "build" / "assets"
CARD = re.compile(r"(?P<page>[\w/]+) (?P<figure>fig-[\w-]+) (?P<words>\S.*)")

# What web/src/opening fills; the picture is a hundred cells wide.
STAGE = """<div class="opening-picture"><canvas width="100" height="100" role="img"
aria-label="The state of 10,000 neurons; what it recalls is told below"></canvas></div>"""
TOLD = """<div class="opening-buttons" role="group" aria-label="The recall">
<button type="button" class="opening-smear">Smear</button>
<button type="button" class="opening-heal">Heal</button>
<button type="button" class="opening-again">Play again</button></div>
<p class="opening-said" role="status">Three pictures are stored in 10,000 neurons.</p>
<div class="opening-stored" role="img" aria-label="Stored: BU, BC and a star"><span>Stored</span>
<canvas width="100" height="100"></canvas><canvas width="100" height="100"></canvas>
<canvas width="100" height="100"></canvas></div>"""


class OpeningDirective(SphinxDirective):
    """The recall that plays, beside the words of the directive."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the stage, the words and the buttons."""
        box = nodes.container(classes=["opening"])
        words = nodes.container(classes=["opening-words"])
        self.state.nested_parse(self.content, self.content_offset, words)
        words += nodes.raw("", TOLD, format="html")
        box += [nodes.raw("", STAGE, format="html"), words]
        return [box]


class card(nodes.General, nodes.Element):  # noqa: N801  docutils finds visitors by this name
    """A page with one of its figures, once all pages have been read."""


class CardsDirective(SphinxDirective):
    """Cards: a line for each, "page fig-name what it is about"."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a card for each line."""
        box = nodes.bullet_list(classes=["cards"])
        for line in filter(None, self.content):
            if not (found := CARD.fullmatch(line)):
                raise self.error(f"a card is 'page fig-name words', not {line!r}")
            box += nodes.list_item("", card("", **found.groupdict()))
        return [box]


def fill_cards(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Put the page's own figure on each card, its number and its title."""
    for empty in list(doctree.findall(card)):
        page = empty["page"]
        image = figure_of(app, page, empty["figure"])
        image["alt"], image["classes"] = "", []  # what it shows stands beside it
        image["loading"] = "lazy"
        number = ".".join(map(str, app.env.toc_secnumbers.get(page, {}).get("", ())))
        target = app.builder.get_relative_uri(name, page)
        link = nodes.reference("", "", refuri=target, internal=True, classes=["card"])
        title = clean_astext(app.env.titles[page])
        link += nodes.inline("", "", image, classes=["card-picture"])
        link += nodes.inline("", f"{number}. {title}" if number else title, classes=["card-title"])
        link += nodes.inline("", empty["words"], classes=["card-words"])
        empty.replace_self(nodes.paragraph("", "", link))


def figure_of(app: Sphinx, page: str, figure: str) -> nodes.image:
    """Return the image of a page's figure.

    Raises
    ------
    ValueError
        If the page has no such figure.
    """
    for found in app.env.get_doctree(page).findall(nodes.figure):
        if figure in found["ids"] or figure in found["names"]:
            for image in found.findall(nodes.image):
                return image.deepcopy()
    raise ValueError(f"{page} has no figure {figure}: see the cards of the front page")


def record(app: Sphinx) -> None:
    """Record the recall that the page plays, by the program that the reader's Python runs later."""
    program = runpy.run_path(str(BOOK / "_static" / "live" / "opening.py"))
    run = program["recall"](program["first"](), 1)
    (ASSETS / "live" / "opening.json").write_text(json.dumps(run) + "\n", encoding="utf-8")


def add_program(app: Sphinx, name: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Let the page that holds the recall load what plays it."""
    if tree is not None and any(
        "opening" in box["classes"] for box in tree.findall(nodes.container)
    ):
        app.add_js_file("live/opening.js", type="module")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register all of this with Sphinx."""
    app.add_node(card)
    app.add_directive("opening", OpeningDirective)
    app.add_directive("cards", CardsDirective)
    app.connect("builder-inited", record)
    app.connect("doctree-resolved", fill_cards)
    app.connect("html-page-context", add_program)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""The chapters' links to the lab: each opens the state that is prepared for its chapter.

One stands at the chapter's end, with a sentence on what to try; one under the figure of that state.
"""

from __future__ import annotations

from typing import Any

import prepared
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

# The figure of each chapter that shows what prepared.py has for it. Where none does (graded
# neurons, tempering, attention), the link at the chapter's end stands alone.
FIGURES = {
    "01_network": "fig-random-energy",
    "02_orthogonality": "fig-ortho-hundred",
    "03_one_pattern": "fig-recall-gallery",
    "04_five_neurons": "fig-five-majority",
    "05_letters": "fig-letters-recall",
    "06_pictures": "fig-pictures-recall",
    "07_two_patterns": "fig-two-basins",
    "08_capacity": "fig-fall",
    "09_temperature": "fig-mixture-melts",
    "10_learning": "fig-learning-word",
    "11_sparse": "fig-sparse-play",
    "15_dense": "fig-dense-first",
    "17_boltzmann": "fig-machine-clamp",
    "18_brain": "fig-completion-from-part",
}


class LabDirective(SphinxDirective):
    """A sentence on what to try, and the link to the lab where it waits."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the sentence and the link."""
        name = self.env.docname
        if name not in prepared.STATES:
            raise self.error(f"no state of the lab is prepared for {name}: see prepared.py")
        box = nodes.container(classes=["lab-link"])
        self.state.nested_parse(self.content, self.content_offset, box)
        box[-1] += [nodes.Text(" "), link(name, "Open it in the lab.")]
        return [box]


def link(name: str, words: str) -> nodes.reference:
    """Return a link to the lab in the state of a chapter."""
    return nodes.reference("", words, refuri=f"lab.html#chapter={name}")


def under_figure(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Put a line under the figure that shows what is prepared in the lab."""
    if name not in FIGURES:
        return
    for figure in doctree.findall(nodes.figure):
        if FIGURES[name] in figure["ids"]:
            cell = figure.parent
            while "cell" not in cell["classes"]:
                cell = cell.parent
            line = nodes.paragraph("", "", link(name, "Play with this in the lab"))
            line["classes"] = ["figure-lab"]
            cell.parent.insert(cell.parent.index(cell) + 1, line)
            return
    raise ValueError(f"{name} has no figure {FIGURES[name]}: see lablinks.py")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("lab", LabDirective)
    app.connect("doctree-resolved", under_figure)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

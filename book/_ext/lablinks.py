"""The chapters' links to the lab: each opens the state that is prepared for its chapter."""

from __future__ import annotations

from typing import Any

import prepared
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


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
        target = f"lab.html#chapter={name}"
        box[-1] += [nodes.Text(" "), nodes.reference("", "Open it in the lab.", refuri=target)]
        return [box]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("lab", LabDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""The gallery's figures in the book: drawn once for each state of the package's sources."""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import hopfield

SOURCES = Path(hopfield.__file__).parent
FOLDER = Path(__file__).parents[2] / "build" / "gallery"


class PlatesDirective(SphinxDirective):
    """Figures of the gallery by name, by default all, each under its title."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the figures' nodes: with a heading each where there are several."""
        names = self.arguments[0].split() if self.arguments else list(hopfield.gallery.PLATES)
        text = "\n\n".join(markdown(name, self.page(), len(names) > 1) for name in names)
        holder = nodes.section()
        holder.document = self.state.document
        lines = StringList(text.splitlines(), source=self.get_source_info()[0])
        self.state.nested_parse(lines, self.content_offset, holder, match_titles=True)
        return holder.children

    def page(self) -> Path:
        """Return the folder of the page, from which its images are named."""
        return Path(self.env.doc2path(self.env.docname)).parent


def markdown(name: str, page: Path, headed: bool) -> str:
    """Return a figure as MyST."""
    plate = hopfield.gallery.PLATES[name]
    head = f"## {plate.title}\n\n" if headed else ""
    image = Path(os.path.relpath(drawn(name), page)).as_posix()
    look = ":figclass: photographed\n" if plate.photographed else ""
    sources = ", ".join(f"{{cite:t}}`{key}`" for key in plate.sources)
    return (
        f"{head}:::{{figure}} {image}\n:name: plate-{name}{'' if headed else '-again'}\n{look}\n"
        f"{plate.caption}\n:::\n\nSources: {sources}.\n\n"
        f'```python\nhf.gallery.draw("{name}")\n```'
    )


def drawn(name: str) -> Path:
    """Return the picture of a figure, drawn anew where the package has changed."""
    path = FOLDER / state() / f"{name}.png"
    if not path.is_file():
        from hopfield.show.canvas import SHARP, picture

        path.parent.mkdir(parents=True, exist_ok=True)
        with hopfield.files.atomic(path) as handle:
            handle.write(picture(hopfield.gallery.draw(name).figure, dpi=SHARP))
    return path


@cache
def state() -> str:
    """Return a name for the state of the package's sources."""
    digest = sha256()
    for source in sorted(SOURCES.rglob("*")):
        if source.suffix in (".py", ".json"):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("plates", PlatesDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Sphinx's side of the live cells: exercises, the page's bar, downloads and the lab's pictures."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from shutil import rmtree
from typing import Any

import chapters
import jupytext
import nbformat
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

# What an address asks for: the page alone, or another form of it (sheet.css, web/src/slides).
FORMS = (
    "<script>{ const asked = new URLSearchParams(location.search);"
    "for (const form of ['slides', 'worksheet', 'solutions', 'embed']) "
    "if (asked.has(form)) document.documentElement.classList.add('as-' + form);"
    "if (asked.has('embed')) { addEventListener('click', ({ target }) => {"
    "const link = target.closest('a[href]');"
    "if (link && link.origin === location.origin && link.pathname !== location.pathname) "
    "link.search = 'embed=1'; }, true); } }</script>"
)

NUMBERED = re.compile(r"\d\d_")  # a chapter
CLASS = (
    '<span class="live-class">In class <a href="?slides">Slides</a>'
    '<a href="?worksheet">Worksheet</a></span>'
)

WIDE = 560  # pixels

# Where what Sphinx and the theme write breaks WCAG: buttons whose names are not what they show.
FIELD = 'class="btn search-button-field search-button__button pst-js-only"'
MENDED = {
    f'{FIELD} title="Search" aria-label="Search"': FIELD,
    '<summary><span class="toctree-': '<summary aria-label="More"><span class="toctree-',
    '<summary aria-label="Toggle hidden content">': "<summary>",
    'role="doc-biblioentry"': 'role="listitem"',
}


class fold(nodes.General, nodes.Element):  # noqa: N801  docutils finds visitors by this name
    """What the reader opens with a click: a hint, a solution."""


class ExerciseDirective(SphinxDirective):
    """An exercise of `chapters.exercise`: a cell of its own with a check, hints and a solution."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"name": str}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """Return the exercise's nodes."""
        try:
            task = chapters.exercise(self.arguments[0], "\n".join(self.content))
        except ValueError as error:
            raise self.error(str(error)) from error
        box = nodes.container(classes=["exercise"])
        self.add_name(box)
        self.env.temp_data["exercises"] = number = self.env.temp_data.get("exercises", 0) + 1
        title = nodes.paragraph(classes=["exercise-title"])
        title += nodes.strong(text=f"Exercise {number}")
        title += nodes.inline(text=f" {task.title}")
        box += title
        box += self.parsed(task.statement)
        if task.check:
            source = nodes.literal_block(task.start, task.start, language="python")
            check = html.escape(task.check, quote=False)
            cell = nodes.container("", classes=["cell", "exercise-cell"])
            cell += nodes.container("", source, classes=["cell_input"])
            cell += nodes.raw("", f'<template class="live-check">{check}</template>', format="html")
            box += cell
        for k, hint in enumerate(task.hints):
            label = "Hint" if len(task.hints) == 1 else f"Hint {k + 1}"
            box += fold("", *self.parsed(hint), label=label)
        if task.answer:
            box += fold("", *self.parsed(task.answer), label="Answer")
        if task.solution:
            code = nodes.literal_block(task.solution, task.solution, language="python")
            box += fold("", code, label="Solution")
        return [box]

    def parsed(self, text: str) -> list[nodes.Node]:
        """Parse Markdown."""
        holder = nodes.Element()
        lines = StringList(text.splitlines(), source=self.get_source_info()[0])
        self.state.nested_parse(lines, self.content_offset, holder)
        return holder.children


class SlipDirective(SphinxDirective):
    """Where the course's own page slipped: a fold, which takes in the cells tagged as-it-was."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the fold."""
        label = chapters.SLIP.format(self.arguments[0])
        return [fold("", *self.parse_content_to_nodes(), label=label, slip=True)]


def keep_back(app: Sphinx, name: str, source: list[str]) -> None:
    """Take the solutions out of a page's text before anything is made of it, if asked to."""
    if not app.config.solutions:
        source[0] = chapters.unsolved(source[0])


def keep_back_sources(app: Sphinx, exception: Exception | None) -> None:
    """Take them out of the copies of the sources as well."""
    if exception or app.config.solutions or app.builder.format != "html":
        return
    for copy in (Path(app.outdir) / "_sources").rglob("*.md*"):
        copy.write_text(chapters.unsolved(copy.read_text("utf-8")), encoding="utf-8")


def fill_slips(app: Sphinx, doctree: nodes.document) -> None:
    """Move the cells of a slip into its fold, their code in a fold as cell.ts makes them."""
    for slip in doctree.findall(lambda node: isinstance(node, fold) and node.get("slip")):
        box = slip.parent
        after = box.index(slip) + 1
        while after < len(box) and "tag_as-it-was" in box[after].get("classes", []):
            cell = box.pop(after)
            code = next(part for part in cell if "cell_input" in part["classes"])
            opening = '<details class="live-code" open><summary>Code</summary>'
            cell.insert(cell.index(code), nodes.raw("", opening, format="html"))
            cell.insert(cell.index(code) + 1, nodes.raw("", "</details>", format="html"))
            slip += cell


def number_alone(app: Sphinx, env: Any) -> list[str]:
    """Number each course's page as a book of its own: its sections and its figures 1, 2, ..."""
    pages = [name for name in env.titles if name.startswith(("course/", "courses/"))]
    for name in pages:
        _from_one(env, name)
    return pages


def _from_one(env: Any, name: str) -> None:
    env.titles[name].attributes.pop("secnumber", None)
    sections = env.toc_secnumbers.get(name, {})
    env.toc_secnumbers[name] = {place: n[1:] for place, n in sections.items() if n and n[1:]}
    figures = env.toc_fignumbers.get(name, {}).get("figure", {})
    figures.update({place: (k,) for k, place in enumerate(figures, 1)})
    for link in env.tocs[name].findall(nodes.reference):
        link["secnumber"] = (link.get("secnumber") or ())[1:]


def describe_figures(app: Sphinx, doctree: nodes.document) -> None:
    """Let a figure's caption be what a reader hears who cannot see it."""
    for figure in doctree.findall(nodes.figure):
        for caption in figure.findall(nodes.caption):
            for image in figure.findall(nodes.image):
                image["alt"] = caption.astext()


def fill_column(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Let figures that are nearly as wide as the column fill it."""
    for image in doctree.findall(nodes.image):
        file = Path(app.srcdir, image["uri"])
        if file.is_file() and chapters.width(file.read_bytes()) >= WIDE:
            image["classes"].append("wide")


def is_chapter(app: Sphinx, name: str) -> bool:
    """Say whether a document holds cells that run."""
    source = Path(app.env.doc2path(name))
    return source.is_file() and "```{code-cell}" in source.read_text(encoding="utf-8")


def add_bar(app: Sphinx, name: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give each page what it loads, and each chapter its bar of code tools."""
    context["metatags"] = context.get("metatags", "") + FORMS
    if not is_chapter(app, name):
        return
    app.add_js_file("live/live.js", type="module")
    to = context["pathto"]
    file = chapters.file_of(name)
    links = "".join(
        f'<a href="{to(f"downloads/{file}{suffix}", 1)}" download>{words}</a>'
        for suffix, words in ((".ipynb", "Notebook"), (".py", "Python"), (".qmd", "Quarto"))
    )
    bar = (
        '<div class="live-bar" role="group" aria-label="Code of this chapter">'
        f'<span class="live-buttons"></span><span class="live-files">Download {links}'
        f'<a href="{to(f"_sources/{name}.md", 1)}">Source</a>{opened(app, file)}</span>'
        f"{CLASS if NUMBERED.match(name) else ''}</div>"
    )
    context["body"] = context["body"].replace("</h1>", f"</h1>{bar}", 1)


def opened(app: Sphinx, file: str) -> str:
    """Return the links that open a notebook elsewhere, where the project has an address."""
    if not (address := app.config.repository):
        return ""
    links = chapters.elsewhere(address, file).items()
    return "".join(f'<a href="{html.escape(link)}">{words}</a>' for words, link in links)


def shrink(app: Sphinx, exception: Exception | None) -> None:
    """Make the site small: figures with a palette, none of the theme's sources and languages."""
    if exception or app.builder.format != "html":
        return
    for figure in (Path(app.outdir) / "_images").glob("*.png"):
        figure.write_bytes(chapters.small_png(figure.read_bytes()))
    rmtree(Path(app.outdir) / "_static" / "locales", ignore_errors=True)
    for useless in ("*.map", "*.html"):
        for leftover in (Path(app.outdir) / "_static").rglob(useless):
            leftover.unlink()


def mend(app: Sphinx, exception: Exception | None) -> None:
    """Put right what is written on every page."""
    if exception or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for wrong, right in MENDED.items():
            text = text.replace(wrong, right)
        page.write_text(text, encoding="utf-8")


def write_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Write each chapter as a notebook, a program and a Quarto document, to be downloaded."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "downloads"
    folder.mkdir(exist_ok=True)
    env = app.env
    titles = {name: env.titles[name].astext() for name in env.titles}
    names = titles | citations(Path(app.srcdir, *app.config.bibtex_bibfiles))
    executed = Path(app.outdir).parent / "jupyter_execute"
    pages = sorted(filter(lambda n: is_chapter(app, n), env.found_docs))
    sources = {name: Path(env.doc2path(name)).read_text("utf-8") for name in pages}
    to_check = {name: {"cells": chapters.to_check(text)} for name, text in sources.items()}
    (folder / "exercises.json").write_text(json.dumps(to_check), encoding="utf-8")
    here = {name: titles[name] for name in pages}
    for name in pages:
        notebook = nbformat.read(executed / f"{name}.ipynb", as_version=4)
        plain = chapters.downloadable(notebook, titles[name], names, here)
        file = chapters.file_of(name)
        nbformat.write(plain, folder / f"{file}.ipynb")
        program = jupytext.writes(plain, "py:percent")
        (folder / f"{file}.py").write_text(program, encoding="utf-8")
        (folder / f"{file}.qmd").write_text(chapters.quarto(plain), encoding="utf-8")


def citations(bibliography: Path) -> dict[str, str]:
    """Return what stands in a plain text for each key: "Hopfield 1982"."""
    from pybtex.database import parse_file

    names = {}
    for key, entry in parse_file(str(bibliography)).entries.items():
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        last = [" ".join(person.prelast_names + person.last_names) for person in people]
        if not last:
            who = entry.fields.get("title", key)
        elif len(last) > 3:
            who = f"{last[0]} et al."
        else:
            who = " & ".join(filter(None, [", ".join(last[:-1]), last[-1]]))
        names[key] = re.sub("[{}]", "", f"{who} {entry.fields.get('year', '')}").strip()
    return names


def setup(app: Sphinx) -> dict[str, Any]:
    """Register all of this with Sphinx."""
    app.add_config_value("repository", "", "html")
    app.add_config_value("solutions", True, "env")
    app.add_directive("exercise", ExerciseDirective)
    app.add_directive("slip", SlipDirective)
    app.add_node(fold, html=(_open, _close))
    app.connect("source-read", keep_back)
    app.connect("doctree-read", describe_figures)
    app.connect("doctree-read", fill_slips)
    app.connect("doctree-resolved", fill_column)
    app.connect("env-get-updated", number_alone, priority=600)  # once all are numbered
    app.connect("html-page-context", add_bar)
    app.connect("build-finished", shrink)
    app.connect("build-finished", mend)
    app.connect("build-finished", write_downloads)
    app.connect("build-finished", keep_back_sources)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _open(self: Any, node: nodes.Element) -> None:
    self.body.append(f'<details class="fold"><summary>{node["label"]}</summary>')


def _close(self: Any, node: nodes.Element) -> None:
    self.body.append("</details>")

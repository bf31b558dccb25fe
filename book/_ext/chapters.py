"""Chapters as data: their exercises, and the notebooks that readers download."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from hopfield import __version__

INSTALL = f'%pip install -q "hopfield[plots]=={__version__}"'  # where a notebook runs elsewhere
SLIP = "As it was, and why: {}"  # what a `slip` of the course's page is called
PARTS = ("hint", "start", "check", "solution", "answer")


@dataclass
class Exercise:
    """An exercise: its statement and answer in Markdown, the rest Python."""

    title: str
    statement: str
    hints: list[str] = field(default_factory=list)
    start: str = ""
    check: str = ""
    solution: str = ""
    answer: str = ""


def exercise(title: str, body: str) -> Exercise:
    """Read an exercise: a statement, then parts that begin with ``=== name``.

    Raises
    ------
    ValueError
        If a part is not known, or there is neither check and solution nor answer.
    """
    statement, *parts = re.split(r"^===[ \t]*(\w+)[ \t]*$", body, flags=re.MULTILINE)
    found, names = Exercise(title.strip(), statement.strip()), set(parts[::2])
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        if name not in PARTS:
            raise ValueError(f"exercise {title!r}: a part must be one of {PARTS}, not {name!r}")
        if name == "hint":
            found.hints.append(text.strip())
        else:
            setattr(found, name, text.strip())
    if not ("answer" in names or names >= {"start", "check", "solution"}):
        raise ValueError(f"exercise {title!r} needs start, check and solution, or an answer")
    return found


FENCE = re.compile(r"^```\{exercise\}(?P<title>.*)\n(?P<body>(?:.*\n)*?)```[ \t]*$", re.MULTILINE)
OPTION = re.compile(r"^:\w+:.*\n", re.MULTILINE)


KEPT_BACK = re.compile(
    r"^(===[ \t]*(?:answer|solution)[ \t]*\n)(?:(?!===[ \t]*\w+[ \t]*$|```[ \t]*$).*\n)*",
    re.MULTILINE,
)


def unsolved(markdown: str) -> str:
    """Return a Markdown text whose exercises' solutions and answers are empty.

    >>> unsolved("```{exercise} E\\nAdd.\\n=== answer\\n2\\n```\\n")
    '```{exercise} E\\nAdd.\\n=== answer\\n```\\n'
    """

    return FENCE.sub(lambda found: KEPT_BACK.sub(r"\1", found[0]), markdown)


def exercises(markdown: str) -> list[Exercise]:
    """Return the exercises of a Markdown text, in order."""
    return [_read(found) for found in FENCE.finditer(markdown)]


def _read(found: re.Match[str]) -> Exercise:
    return exercise(found["title"], OPTION.sub("", found["body"]))


def downloadable(
    notebook: Any, title: str, names: Mapping[str, str], titles: Mapping[str, str]
) -> Any:
    """Return a plain notebook of a chapter, not run: an install, its title, its cells.

    Jupyter, Colab, Binder, marimo and Quarto all read it as it stands.

    Parameters
    ----------
    notebook : NotebookNode
        The chapter, MyST in its Markdown cells.
    title : str
    names : mapping
        Citation key -> what stands for it in the text, as in "Hopfield 1982"; and of documents
        that cannot be downloaded the title, which is then no link.
    titles : mapping
        Chapter's document name -> its title.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells = [new_code_cell(INSTALL), new_markdown_cell(f"# {title}")]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cells.append(new_code_cell(_options(cell.metadata) + cell.source))
            continue
        text, at = cell.source + "\n", 0
        for found in FENCE.finditer(text):
            cells.append(new_markdown_cell(_plain(text[at : found.start()], names, titles)))
            cells += _task(_read(found), names, titles)
            at = found.end()
        cells.append(new_markdown_cell(_plain(text[at:], names, titles)))
    cells = [cell for cell in cells if cell.source.strip()]
    for k, cell in enumerate(cells):
        cell.id = f"cell-{k}"  # the same file for the same chapter
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def to_check(markdown: str) -> list[dict[str, Any]]:
    """Return the cells of a chapter as `hopfield grade` runs them: code, or an exercise's check.

    They are numbered as the page numbers them.
    """
    import jupytext

    cells: list[dict[str, Any]] = []
    for cell in jupytext.reads(markdown, fmt="md:myst").cells:
        if cell.cell_type == "code":
            cells.append({"code": cell.source})
        else:
            tasks = exercises(cell.source + "\n")
            cells += [{"title": t.title, "check": t.check} for t in tasks if t.check]
    return [{"number": k, **cell} for k, cell in enumerate(cells, 1)]


def file_of(name: str) -> str:
    """Return the name of a chapter's downloads: its document's, or its folder's.

    >>> file_of("01_network"), file_of("course/index"), file_of("courses/ffr135")
    ('01_network', 'course', 'ffr135')
    """
    return name.removesuffix("/index").rpartition("/")[2]


def elsewhere(address: str, file: str) -> dict[str, str]:
    """Return where a downloaded notebook can be opened: name -> link.

    The workflow that publishes the book puts the notebooks on a branch of their own.

    >>> elsewhere("https://github.com/owner/name", "course")["Colab"]
    'https://colab.research.google.com/github/owner/name/blob/notebooks/course.ipynb'
    """
    place = urlsplit(address).path.strip("/")
    return {
        "Colab": f"https://colab.research.google.com/github/{place}/blob/notebooks/{file}.ipynb",
        "Binder": f"https://mybinder.org/v2/gh/{place}/notebooks?labpath={file}.ipynb",
    }


def quarto(notebook: Any) -> str:
    """Return a notebook of `downloadable` as a Quarto document, without outputs."""
    install, title, *cells = notebook.cells
    front = (
        f'---\ntitle: "{title.source.removeprefix("# ")}"\njupyter: python3\nformat:\n  html:\n'
        "    toc: true\n    number-sections: true\n    number-depth: 1\n"
        "    code-fold: show\n    code-tools: true\n---"
    )
    blocks = (
        f"```{{python}}\n{cell.source}\n```" if cell.cell_type == "code" else cell.source
        for cell in (install, *cells)
    )
    return "\n\n".join([front, *blocks]) + "\n"


def _options(metadata: Any) -> str:
    """Return Quarto's cell options for a cell's figure and folding."""
    lines = []
    figure = metadata.get("mystnb", {}).get("figure", {})
    if figure:
        lines.append(f"#| label: {figure['name']}")
        caption = " ".join(figure["caption"].split()).replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'#| fig-cap: "{caption}"')
    if {"hide-input", "as-it-was"} & set(metadata.get("tags", [])):
        lines.append("#| code-fold: true")
    return "".join(line + "\n" for line in lines)


def small_png(png: bytes) -> bytes:
    """Return a figure with a palette of 256 colours, which no eye tells from the full one."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        palette = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        palette.save(out, "PNG", optimize=True)
    return min(png, out.getvalue(), key=len)


def width(figure: bytes) -> int:
    """Return how many of the page's pixels a cell's figure is wide; a PNG has two for each."""
    if figure[1:4] == b"PNG":
        return int.from_bytes(figure[16:20], "big") // 2
    found = re.search(rb'<svg [^>]*?\bwidth="(\d+)', figure)
    return int(found[1]) if found else 0


def _task(task: Exercise, names: Mapping[str, str], titles: Mapping[str, str]) -> list[Any]:
    from nbformat.v4 import new_code_cell, new_markdown_cell

    text = [f"### Exercise: {task.title}", task.statement]
    text += [_fold("Hint", hint) for hint in task.hints]
    text += [_fold("Answer", task.answer)] if task.answer else []
    text += [_fold("Solution", f"```python\n{task.solution}\n```")] if task.solution else []
    cells = [new_markdown_cell(_plain("\n\n".join(text), names, titles))]
    if task.check:
        cells.append(new_code_cell(task.start))
        cells.append(new_code_cell(_patient(task.check)))
    return cells


def _patient(check: str) -> str:
    """Return a check that says what is missing, where the page would, and lets the rest run."""
    lines = "".join(f"    {line}".rstrip() + "\n" for line in check.splitlines())
    return (
        f'# Check\ntry:\n{lines}except Exception as problem:\n    print("Not yet:", problem)\n'
        'else:\n    print("Right.")'
    )


def _fold(summary: str, text: str) -> str:
    return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"


def _plain(text: str, names: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """Turn MyST's own syntax into Markdown that Jupyter and Quarto both read."""

    def cited(found: re.Match[str]) -> str:
        words = "; ".join(names[key.strip()] for key in found[2].split(","))
        return f"({words})" if found[1] == "p" else re.sub(r" (\d{4}\w?)", r" (\1)", words)

    def linked(found: re.Match[str]) -> str:
        words, target = re.fullmatch(r"(?:(.*?)\s*<)?([^<>]+?)>?", found[1], re.DOTALL).groups()  # type: ignore[union-attr]
        name = target.strip().lstrip("/")
        words = words or titles.get(name) or names.get(name, name)
        return f"[{words}]({file_of(name)}.ipynb)" if name in titles else words

    text = re.sub(r"\{cite:([pt])\}`([^`]+)`", cited, text)
    text = re.sub(r"\{doc\}`([^`]+)`", linked, text)
    text = re.sub(r"\{numref\}`(?:[^`<]*<)?([^`<>]+)>?`", r"@\1", text)
    text = re.sub(r"\{py:\w+\}`~?([^`]+)`", r"`\1`", text)
    text = re.sub(r"^\([\w-]+\)=\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(:::+)\{(\w+)\}(.*)\n((?:.*\n)*?)\1[ \t]*$", _boxed, text, flags=re.MULTILINE)
    text = re.sub(r"^```\{lab\}\n((?:.*\n)*?)```[ \t]*$", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"^```\{toctree\}\n(?:.*\n)*?```[ \t]*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\A\s*# .*\n", "", text)  # the title stands in a cell of its own
    text = re.sub(r"^#(#+ )", r"\1", text, flags=re.MULTILINE)  # so that sections are 1, 2, 3
    return text.strip()


def _boxed(found: re.Match[str]) -> str:
    """Turn a box into a quotation: both readers show one."""
    kind, given, body = found[2], found[3].strip(), OPTION.sub("", found[4]).strip()
    if kind == "slip":
        return _fold(SLIP.format(given), body) + "\n"
    head = given if kind == "admonition" else kind.capitalize()
    return "\n".join(f"> {line}".rstrip() for line in f"**{head}.** {body}".splitlines())

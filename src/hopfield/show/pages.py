"""Pages of HTML that need nothing but their pictures, and folders that are written whole."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path

from ..io.files import BadFile, as_path
from .palette import variables

STYLE = f"""
:root {{ {variables("light", "live")} }}
@media (prefers-color-scheme: dark) {{ :root {{ {variables("dark", "live")} }} }}
{Path(__file__).with_suffix(".css").read_text(encoding="utf-8")}"""


class Html(str):
    """Text that is HTML already: it stands on a page as it is, while other text is escaped."""


@contextmanager
def folder(out: Path | str, kind: str) -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``out`` once all in it is written.

    An earlier folder of the same kind is replaced then; anything else is refused, untouched.
    Where ``out`` is a link, that is the folder which it leads to.
    """
    given, out, mark = out, Path(os.path.realpath(as_path(out))), f".hopfield-{kind}"
    if out.is_symlink():
        raise BadFile(f"{given} cannot be written: it is a link that leads to itself")
    if out.exists() and not (out / mark).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise BadFile(f"{given} is not a {kind}'s folder; name one that is empty or new")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise BadFile(f"{given} cannot be written: {error.strerror}") from error
    try:
        yield new
        (new / mark).write_text(f"This folder is a {kind} of hopfield; the next replaces it.\n")
        new.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        new.rename(out)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def document(title: str, *parts: str) -> str:
    """Return a page of HTML that needs nothing but its pictures.

    Parameters
    ----------
    title : str
        What the browser's tab says.
    *parts : str
        Each as `element` takes it.

    Returns
    -------
    str

    Examples
    --------
    >>> page = document("A & B", element("h1", "A & B"), element("p", Html("x<sub>i</sub>")))
    >>> [line for line in page.splitlines() if line.startswith(("<title>", "<h1>", "<p>"))]
    ['<title>A &amp; B</title>', '<h1>A &amp; B</h1>', '<p>x<sub>i</sub></p>']
    """
    body = "\n".join(map(_html, parts))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
{body}
</body>
</html>
"""


def element(tag: str, *parts: str, **attributes: str) -> Html:
    """Return an element of HTML; ``kind`` stands for its class, and empty attributes are left out.

    Examples
    --------
    >>> element("p", "1 < 2", kind="soft")
    '<p class="soft">1 &lt; 2</p>'
    """
    names = {"kind": "class"}
    given = "".join(
        f' {names.get(k, k)}="{escape(v, quote=True)}"' for k, v in attributes.items() if v
    )
    return Html(f"<{tag}{given}>{''.join(map(_html, parts))}</{tag}>")


def items(lines: Iterable[str]) -> Html:
    """Return lines as a list."""
    return element("ul", *(element("li", line) for line in lines))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], kinds: str = "") -> Html:
    """Return a table that scrolls where the page is too narrow for it.

    Parameters
    ----------
    columns : sequence of str
        The heads.
    rows : iterable of sequences of str
        The cells.
    kinds : str
        A letter a column: "n" for numbers on the right, "v" for values, "-" for words.

    Returns
    -------
    Html

    Examples
    --------
    >>> table(["N", "m"], [("100", "0.97")], "n-").count('class="n"')
    2
    """
    looks = [kind.strip("-") for kind in kinds.ljust(len(columns), "-")]

    def row(tag: str, cells: Sequence[str]) -> Html:
        pairs = zip(cells, looks, strict=True)
        return element("tr", *(element(tag, cell, kind=look) for cell, look in pairs))

    head, body = element("thead", row("th", columns)), (row("td", cells) for cells in rows)
    return element("div", element("table", head, element("tbody", *body)), kind="wide")


def figures(pictures: Iterable[tuple[str | bytes, str]]) -> Html:
    """Return pictures, each a file's name or a PNG's bytes, with their captions."""

    def figure(picture: str | bytes, caption: str) -> Html:
        if isinstance(picture, bytes):
            picture = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        # An image has no end, unlike other elements.
        image = Html(f'<img src="{picture}" alt="{escape(caption, quote=True)}" loading="lazy">')
        return element("figure", image, element("figcaption", caption))

    shown = [figure(picture, caption) for picture, caption in pictures]
    return element("div", *shown, kind="figures") if shown else Html("")


def _html(text: str) -> str:
    return text if isinstance(text, Html) else escape(text, quote=False)

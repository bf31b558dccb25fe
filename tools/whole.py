"""A built book as one page of HTML, to be printed: cover, contents, all pages, solutions."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

LEFT_OUT = (
    ".headerlink, .live-bar, .lab-link, .figure-lab, .toctree-wrapper, .katex-mathml, "
    "script, template"
)
# Pages of use on a screen alone, and the reference, which would be half of the paper.
SCREEN = re.compile(r"(lab|teachers|platforms)\.html|api/.*")
STYLE = Path(__file__).with_name("whole.css")


def html(site: Path, numbers: dict[str, int]) -> str:
    """Return the page.

    Parameters
    ----------
    site : Path
        The folder of a built book.
    numbers : dict
        On which page of paper each place lies, by its name; without a place, none is shown.
    """
    front = soup(site / "index.html")
    parts = [(part, [f for f in files if (site / f).is_file()]) for part, files in order(front)]
    files = [file for _, some in parts for file in some]
    bodies = {file: body(site, file, set(files)) for file in files}
    solved = solutions(bodies)
    head = soup(site / files[0])
    styles = "".join(str(link) for link in head.select('link[rel="stylesheet"]'))
    contents = "".join(
        f"<h2>{part}</h2>" + "".join(entries(bodies[file], numbers) for file in some)
        for part, some in parts
    ) + entries(solved, numbers)
    title = front.title.get_text().strip() if front.title else ""
    pages = "".join(str(one) for one in [*bodies.values(), solved])
    return (
        f'<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{title}</title>{styles}<style>{STYLE.read_text('utf-8')}</style></head>"
        f'<body><article class="bd-article"><header class="cover">{cover(front)}</header>'
        f'<nav class="lines"><h1>Contents</h1>{contents}</nav>{pages}</article></body></html>'
    )


def soup(file: Path) -> BeautifulSoup:
    """Read a page."""
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def cover(front: BeautifulSoup) -> str:
    """Return what the cover says: the book's title, and its edition."""
    title = front.select_one("article.bd-article h1")
    edition = re.search(r"hopfield \d[\w.+]*\w", front.get_text())
    name = re.sub(r"#$", "", title.get_text()).strip() if title else ""
    return f"<h1>{name}</h1><p>{edition[0] if edition else ''}</p>"


def order(front: BeautifulSoup) -> list[tuple[str, list[str]]]:
    """Return the book's parts as its menu has them: their names, and the files of their pages."""
    parts: list[tuple[str, list[str]]] = []
    menu = front.select_one("nav.bd-links")
    for one in menu.select("p.caption, li > a") if menu else []:
        href = str(one.get("href", ""))
        if one.name == "p":
            parts.append((one.get_text().strip(), []))
        elif href.endswith(".html") and not (SCREEN.fullmatch(href) or urlsplit(href).scheme):
            parts[-1][1].append(href)
    return parts


def place(file: str, anchor: str = "") -> str:
    """Return the one name in the book of a page, or of a place on it.

    >>> place("courses/ffr135.html", "xor")
    'courses-ffr135--xor'
    """
    page = file.removesuffix(".html").replace("/", "-")
    return f"{page}--{anchor}" if anchor else page


def body(site: Path, file: str, files: set[str]) -> Tag:
    """Return what a page says, its links and pictures named for the whole book."""
    page = soup(site / file).select_one("article.bd-article > section")
    assert page is not None, file
    for useless in page.select(LEFT_OUT):
        useless.decompose()
    for one in page.select("[id]"):
        one["id"] = place(file, str(one["id"]))
    page["id"] = place(file)
    here = posixpath.dirname(file)
    for image in page.select("[src]"):
        image["src"] = posixpath.normpath(posixpath.join(here, str(image["src"])))
    for link in page.select("a[href]"):
        to = urlsplit(str(link["href"]))
        if to.scheme:
            continue
        path = posixpath.normpath(posixpath.join(here, to.path)) if to.path else file
        if path in files:
            link["href"] = f"#{place(path, to.fragment)}"
        else:
            del link["href"]
    page["class"] = "page"
    return page


def entries(page: Tag, numbers: dict[str, int]) -> str:
    """Return a page's lines of the contents: its title, and its sections in a chapter."""
    lines = []
    for heading in page.select(":scope > h1, :scope > section > h2"):
        name = heading.parent["id"]
        number = numbers.get(str(name), "")
        words = heading.get_text().strip()
        if heading.name == "h2" and not heading.select_one(".section-number"):
            continue
        lines.append(
            f'<p class="line-{heading.name}"><a href="#{name}"><span>{words}</span>'
            f"<span>{number}</span></a></p>"
        )
    return "".join(lines)


def solutions(bodies: dict[str, Tag]) -> Tag:
    """Move hints and solutions out of all pages into one at the end."""
    made = BeautifulSoup('<section class="page" id="solutions"></section>', "html.parser")
    end = made.section
    assert end is not None
    head = made.new_tag("h1")
    head.string = "Hints and solutions"
    end.append(head)
    for page in bodies.values():
        boxes = [box for box in page.select(".exercise") if box.select_one("details.fold")]
        if boxes and (title := page.select_one("h1")):
            chapter = made.new_tag("h2")
            chapter.string = title.get_text().strip()
            end.append(chapter)
        for box in boxes:
            name = made.new_tag("p", attrs={"class": "exercise-title"})
            link = made.new_tag("a", href=f"#{box.get('id', page['id'])}")
            words = box.select_one(".exercise-title")
            link.string = words.get_text().strip() if words else ""
            name.append(link)
            end.append(name)
            for fold in box.select("details.fold"):
                fold["open"] = ""
                end.append(fold.extract())
    return end

"""The glossary's words in the chapters: where one is first used, a link that shows its meaning."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

PAGE = "glossary"
PAGES = re.compile(r"\d\d_\w+|course/index|courses/\w+")  # what a student reads from top to end
WITHIN = nodes.paragraph, nodes.list_item
NOT_IN = (nodes.title, nodes.caption, nodes.reference, nodes.literal, nodes.math, nodes.raw)


@cache
def terms(source: Path) -> dict[str, tuple[str, str]]:
    """Return each word of the glossary, in small letters: its anchor and its meaning."""
    body = source.read_text("utf-8").partition("```{glossary}\n")[2].partition("```")[0]
    found: dict[str, tuple[str, str]] = {}
    for entry in re.split(r"\n\n+", body.strip()):
        lines = entry.splitlines()
        words = [line for line in lines if not line.startswith(" ")]
        meaning = " ".join(line.strip() for line in lines[len(words) :])
        for word in words:
            found[word.lower()] = f"term-{nodes.make_id(word)}", meaning
    return found


def pattern(words: list[str]) -> re.Pattern[str]:
    """Return what finds the words, the longest first, in one number or several."""
    ordered = sorted(words, key=len, reverse=True)
    spaced = (r"\s+".join(map(re.escape, word.split())) for word in ordered)  # a line may end there
    return re.compile(rf"\b({'|'.join(spaced)})(e?s)?\b", re.IGNORECASE)


def link_terms(app: Sphinx, doctree: nodes.document) -> None:
    """Make the first use of each word on a chapter's page a link."""
    name = app.env.docname
    if not PAGES.fullmatch(name):
        return
    known = dict(terms(Path(app.srcdir) / f"{PAGE}.md"))
    up = "../" * name.count("/")
    for text in list(doctree.findall(nodes.Text)):
        if not known or not _running(text):
            continue
        parts, at, words = [], 0, str(text)
        for found in pattern(list(known)).finditer(words):
            entry = known.pop(" ".join(found[1].lower().split()), None)
            if entry is None:  # met a moment ago, in this very text
                continue
            anchor, meaning = entry
            known = {word: one for word, one in known.items() if one[1] != meaning}
            parts.append(nodes.Text(words[at : found.start()]))
            link = nodes.reference("", found[0], internal=True, reftitle=meaning, classes=["term"])
            link["refuri"] = f"{up}{PAGE}.html#{anchor}"
            parts.append(link)
            at = found.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(words[at:])])


def _running(text: nodes.Text) -> bool:
    """Say whether a text runs in a paragraph, outside of titles, links and code."""
    above, inside = text.parent, False
    while above is not None:
        if isinstance(above, NOT_IN):
            return False
        inside = inside or isinstance(above, WITHIN)
        above = above.parent
    return inside


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the links."""
    app.connect("doctree-read", link_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

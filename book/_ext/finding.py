"""The book's search: a word is found however it is joined, and chapters stand before names."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

JOINED = re.compile(r"\w+(?:[-‐–_]\w+)+")
JOINT = re.compile(r"[-‐–_]+")


class Search(SearchEnglish):
    """English words, and "pseudo-inverse" or "pseudo_inverse" under "pseudoinverse" as well."""

    def split(self, input: str) -> list[str]:
        """Return the words of a text."""
        joined = [JOINT.sub("", word) for word in JOINED.findall(input)]
        parts = [part for word in JOINED.findall(input) for part in JOINT.split(word)]
        return [*super().split(input), *joined, *parts]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the search's words."""
    app.add_search_language(Search)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

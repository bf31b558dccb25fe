"""A book without the solutions of its exercises: in pages, downloads, sources and the search."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
sys.path.insert(0, str(BOOK / "_ext"))
import chapters  # noqa: E402

PAGES = sorted(BOOK.rglob("*.md"))
WITH_TASKS = [path for path in PAGES if "```{exercise}" in path.read_text("utf-8")]
CONF = """
root_doc = "01_chapter"
extensions = ["myst_nb", "sphinxcontrib.bibtex", "livecells"]
bibtex_bibfiles = ["some.bib"]
nb_execution_mode = "off"
"""
PAGE = """---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
---
# A chapter

```{code-cell} ipython3
x = 1
```

```{exercise} Adding
Add one and one to a *twolet*.

=== hint
Count with a fingerling.

=== start
y = ...

=== check
assert y == 2, "Add again, with a checkling."

=== solution
y = 1 + len("solvedling")  # solvedling
```

```{exercise} Thinking
Why is it a whylet?

=== answer
Because of the answerling.
```
"""


@pytest.mark.parametrize("path", WITH_TASKS, ids=lambda path: path.stem)
def test_without_solutions_an_exercise_keeps_all_but_its_solution_and_answer(path):
    text = path.read_text("utf-8")
    whole, bare = chapters.exercises(text), chapters.exercises(chapters.unsolved(text))
    assert [task.title for task in bare] == [task.title for task in whole]
    for before, after in zip(whole, bare, strict=True):
        assert (after.solution, after.answer) == ("", "")
        before.solution = before.answer = ""
        assert after == before


def test_a_text_without_exercises_is_left_as_it_is():
    text = "# A chapter\n\n=== solution\nnot of an exercise\n"
    assert chapters.unsolved(text) == text


@pytest.mark.parametrize("solutions", [True, False])
def test_a_built_book_holds_solutions_only_where_it_is_asked_to(tmp_path, solutions):
    book, site = tmp_path / "book", tmp_path / "out" / "site"
    book.mkdir()
    (book / "01_chapter.md").write_text(PAGE, "utf-8")
    (book / "some.bib").touch()
    (book / "conf.py").write_text(CONF, "utf-8")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-D",
        f"solutions={int(solutions)}",
        book,
        site,
    ]
    path = os.pathsep.join([str(BOOK / "_ext"), *sys.path])
    subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=True)
    page = (site / "01_chapter.html").read_text("utf-8")
    assert all(f'<a href="?{form}">' in page for form in ("slides", "worksheet"))
    made = "".join(
        file.read_text("utf-8")
        for file in site.rglob("*")
        if file.suffix in (".html", ".md", ".txt", ".ipynb", ".py", ".qmd", ".json")
        or file.name == "searchindex.js"
    )
    kept = "twolet", "fingerling", "checkling", "whylet"
    assert all(word in made for word in kept)
    assert [word in made for word in ("solvedling", "answerling")] == [solutions] * 2

"""What the book links to: its notebooks in Colab and Binder, other projects' documentation."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.error import URLError

import pytest

import hopfield

sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "_ext"))
import chapters
import inventories
import livecells
from nbformat.v4 import new_code_cell, new_notebook


def bar(address):
    return livecells.opened(SimpleNamespace(config=SimpleNamespace(repository=address)), "course")


def test_a_chapter_is_opened_elsewhere_where_the_project_has_an_address():
    assert bar("") == ""
    links = dict(re.findall(r'<a href="([^"]+)">(\w+)</a>', bar("https://github.com/one/nets")))
    assert set(links.values()) == {"Colab", "Binder"}
    assert all("one/nets" in link and "course.ipynb" in link for link in links)


def test_a_downloaded_notebook_begins_with_what_installs_the_package_as_the_book_has_it():
    notebook = new_notebook(cells=[new_code_cell("import hopfield as hf")])
    made = chapters.downloadable(notebook, "Title", {}, {})
    first, title, second = (cell.source for cell in made.cells)
    assert first == f'%pip install -q "hopfield[plots]=={hopfield.__version__}"'
    assert (title, second) == ("# Title", "import hopfield as hf")


@pytest.fixture
def network(monkeypatch):
    """Return the list of what is asked for; with `down` in it, nothing answers."""
    asked = []

    class Answer:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def read(self):
            return b"# Sphinx inventory"

    def ask(place, timeout):
        if "down" in asked:
            raise URLError("no network")
        asked.append(place)
        return Answer()

    monkeypatch.setattr(inventories.urllib.request, "urlopen", ask)
    return asked


def test_inventories_are_fetched_once_and_kept(tmp_path, network):
    found = inventories.kept(tmp_path)
    assert set(found) == {"numpy", "scipy", "matplotlib"}
    assert all(Path(file).read_bytes() for _, file in found.values())
    assert network == [f"{place}objects.inv" for place, _ in found.values()]
    network.append("down")
    assert inventories.kept(tmp_path) == found


def test_without_a_network_there_are_no_links_and_no_warning(tmp_path, network):
    network.append("down")
    assert inventories.kept(tmp_path / "new") == {}

"""tools/book.py: what the two builds say of Python, and that it replaces nothing but a book."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool():
    before = list(sys.path)
    found = runpy.run_path(str(ROOT / "tools" / "book.py"))
    sys.path[:] = before
    return found


def config(site):
    text = (site / "_static" / "live" / "config.json").read_text(encoding="utf-8")
    return json.loads(text)


def test_each_page_says_what_it_may_load_and_run(tool, tmp_path):
    page = tmp_path / "api" / "page.html"
    page.parent.mkdir()
    head = '<head>\n    <meta charset="utf-8" />\n'
    before = f"<!DOCTYPE html>\n<html>{head}<script>go()</script></head></html>"
    page.write_text(before)
    tool["finish"](tmp_path, "hopfield.whl", offline=False)
    first, rule, *rest = page.read_text().removeprefix("<!DOCTYPE html>\n<html>").split("<meta")
    assert (first, rule.strip()) == ("<head>\n    ", 'charset="utf-8" />')
    assert tool["policy"](before) in rest[0]
    assert "'sha256-" in rest[0]


def test_the_default_book_points_at_the_cdn_and_holds_no_python(tool, tmp_path):
    tool["finish"](tmp_path, "hopfield.whl", offline=False)
    assert config(tmp_path) == {"pyodide": tool["pyodide"].cdn(), "wheel": "hopfield.whl"}
    assert not (tmp_path / "pyodide").exists()


def test_the_offline_book_holds_its_own(tool, tmp_path, monkeypatch):
    monkeypatch.setattr(tool["pyodide"], "fetch", lambda to: to.mkdir())
    tool["finish"](tmp_path, "hopfield.whl", offline=True)
    live = tmp_path / "_static" / "live"
    assert (live / config(tmp_path)["pyodide"]).resolve() == tmp_path / "pyodide"
    assert (tmp_path / "pyodide").is_dir()


def test_a_folder_that_is_no_book_is_left_alone(tool, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(SystemExit, match="is no built book"):
        tool["build"](tmp_path, offline=False)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_program_that_fails_is_named(tool, capfd):
    with pytest.raises(SystemExit, match=r"this failed, see above: .* -c"):
        tool["front"].run(sys.executable, "-c", "print('what it said'); raise SystemExit(3)")
    assert "what it said" in capfd.readouterr().err

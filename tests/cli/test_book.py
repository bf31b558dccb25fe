"""The commands book and lab, and the wheel that has the book in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

import hopfield as hf
from hopfield.cli import site
from hopfield.cli.app import main

pytestmark = pytest.mark.usefixtures("home")


ROOT = Path(__file__).parents[2]
ENV = {**os.environ, "PYTHONPATH": str(Path(hf.__file__).parents[1]), "COLUMNS": "80"}
ENV.pop("HOPFIELD_BOOK", None)


@contextmanager
def started(*words, env=ENV, cwd=None):
    """Start the program; give the process and the first line that it prints."""
    program = subprocess.Popen(
        [sys.executable, "-m", "hopfield", *words],
        env=env,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield program, program.stdout.readline()
    finally:
        program.kill()
        program.communicate()


def get(address):
    host, port, path = re.fullmatch(r"http://([\d.]+):(\d+)(/.*)", address).groups()
    connection = HTTPConnection(host, int(port), timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.parametrize("command", ["book", "lab"])
def test_a_command_says_where_and_ends_cleanly_at_ctrl_c(book, command):
    with started(command, "--folder", str(book), "--no-open") as (program, line):
        address = line.removeprefix("The book: ").strip()
        assert get(address) == (200, f"<h1>The {command}</h1>")
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=60)
        assert (program.returncode, err) == (0, "")


def test_the_commands_pass_on_what_they_are_given(book, monkeypatch):
    asked = []
    monkeypatch.setattr(site, "serve", lambda *given, **more: asked.append((given, more)))
    monkeypatch.setattr(site, "folder", lambda: Path("installed"))
    assert main(["book"]) == 0
    assert main(["lab", "--port", "8001", "--folder", str(book), "--no-open"]) == 0
    assert asked == [
        ((Path("installed"), 0), {"open_browser": True, "page": "index.html"}),
        ((book, 8001), {"open_browser": False, "page": "lab.html"}),
    ]


@pytest.mark.parametrize("command", ["book", "lab"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "70000"], "port must be an integer from 0 to 65535, not 70000"),
        (["--port", "x"], "'--port'"),
        (["--folder", "nowhere"], "folder nowhere holds no built book"),
        (["elsewhere"], "elsewhere"),
    ],
)
def test_bad_words_are_refused_in_one_line(book, capsys, command, words, said):
    given = [] if "--folder" in words else ["--folder", str(book)]
    assert main([command, *given, *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("hopfield: ")
    assert said in err


@pytest.mark.parametrize("command", ["book", "lab"])
def test_help_has_examples_and_fits_a_terminal(command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.count(f"  hopfield {command}") == 3
    assert max(map(len, out.splitlines())) <= 80


def wheel(folder, **env):
    """Build the package's wheel; return its path."""
    words = "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)
    done = subprocess.run(
        [sys.executable, *words], env=ENV | env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_a_wheel_holds_the_book_only_where_it_is_asked_to(book, tmp_path):
    small = zipfile.ZipFile(wheel(tmp_path / "small")).namelist()
    large = zipfile.ZipFile(wheel(tmp_path / "large", HOPFIELD_BOOK=str(book))).namelist()
    pages = {f"hopfield/_book/{p.relative_to(book)}" for p in book.rglob("*") if p.is_file()}
    assert not any("_book" in name for name in small)
    assert set(large) - set(small) == pages


def test_a_wheel_holds_the_widget_where_it_is_built_and_a_books_wheel_never(tmp_path):
    parts = {"hopfield/lab/static/widget.js", "hopfield/lab/static/lab.css"}
    if not all((ROOT / "web" / "dist" / Path(part).name).is_file() for part in parts):
        pytest.skip("the front end is not built: python tools/front.py build")
    assert parts <= set(zipfile.ZipFile(wheel(tmp_path / "whole")).namelist())
    small = wheel(tmp_path / "small", HOPFIELD_WIDGET="no")
    assert not parts & set(zipfile.ZipFile(small).namelist())


def test_the_book_of_an_installed_wheel_is_served(book, tmp_path):
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel(tmp_path / "large", HOPFIELD_BOOK=str(book))) as archive:
        archive.extractall(installed)
    env = ENV | {"PYTHONPATH": str(installed)}
    with started("book", "--no-open", env=env, cwd=tmp_path) as (_, line):
        assert get(line.removeprefix("The book: ").strip()) == (200, "<h1>The book</h1>")


def test_a_wheel_is_not_built_with_a_folder_that_is_no_book(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(AssertionError, match=r"is no built book: it has no index\.html"):
        wheel(tmp_path / "wheel", HOPFIELD_BOOK=str(tmp_path / "empty"))


def test_the_workflow_publishes_the_folder_that_make_book_builds():
    text = (ROOT / ".github" / "workflows" / "book.yml").read_text()
    jobs = yaml.safe_load(text)["jobs"]
    steps = jobs["build"]["steps"]
    assert {"make book"} == {step["run"] for step in steps if "run" in step}
    assert {"path": "build/book"} in [step.get("with") for step in steps]

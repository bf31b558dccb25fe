"""Command lines that run in a folder of their own."""

from __future__ import annotations

import json
import socket

import pytest

import hopfield as hf
from hopfield import cli
from hopfield.cli import site
from hopfield.io.pictures import save_image
from tests.cli.lines import PICTURES, XI
from tests.cli.pages import FILES, TYPES


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, with three pictures and a spoilt one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name, xi in zip(PICTURES, XI, strict=True):
        save_image(name, xi, shape=(10, 10))
    save_image("noisy.png", hf.flip(XI[1], 0.1, rng=2), shape=(10, 10))
    return tmp_path


@pytest.fixture
def run(folder, capsys):
    """Run a command line; return its status, its standard output and its standard error."""

    def run(line):
        status = cli.main(line.split())
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def report(run):
    """Run a command line with --json; return the one document it prints."""

    def report(line):
        status, out, err = run(f"{line} --json")
        assert (status, err) == (0, "")
        return json.loads(out)

    return report


@pytest.fixture
def book(tmp_path):
    """A small built book, and something beside it that is no part of it."""
    for name, text in (FILES | {f"types/{name}": "x" for name in TYPES}).items():
        path = tmp_path / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "book"


@pytest.fixture
def home(monkeypatch):
    """A free port in place of the usual one, on which something else may run here."""
    with socket.create_server((site.HOST, 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setattr(site, "PORT", port)
    return port

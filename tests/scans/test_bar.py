"""How far a scan is: a line, a bar in a terminal, a bar in a notebook."""

from __future__ import annotations

import subprocess
import sys

import IPython
import IPython.display
import pytest

import hopfield as hf
from hopfield.scans import bar
from tests.scans.coin import GRID, Coin, counts, expected


def test_printed_progress_is_one_readable_line(capsys):
    hf.scan(Coin, repeats=40, progress=print, **GRID)
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first == "0/240 replicas of 6 points, this process"
    assert last.startswith("240/240 replicas of 6 points, error bar 0.1")
    assert last.endswith(", this process")


def test_a_terminal_gets_a_bar(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    assert counts(hf.scan(Coin, repeats=40, progress=True, **GRID)) == expected(40)
    said = capsys.readouterr()
    assert said.out == ""
    assert "this process" in said.err
    assert "240/240 replicas" in said.err


class Shell:
    """What a kernel's shell is known by."""

    kernel = "here"


def test_a_notebook_gets_a_bar_in_one_place_without_any_other_package(monkeypatch):
    seen = []

    class Handle:
        def update(self, data, raw):
            seen.append(data)

    monkeypatch.setattr(IPython, "get_ipython", Shell)
    monkeypatch.setattr(IPython.display, "display", lambda *_, **__: Handle())
    monkeypatch.setitem(sys.modules, "rich", None)
    monkeypatch.setattr(bar, "RATE", 0.0)
    hf.scan(Coin, repeats=40, progress=True, **GRID)
    assert '<progress value="240" max="240"></progress> 240/240 replicas' in seen[-1]["text/html"]
    assert seen[-1]["text/plain"].startswith("240/240 replicas")


def test_a_bar_without_rich_is_refused_in_a_sentence():
    code = (
        "import sys; sys.modules['rich'] = None; import hopfield as hf; "
        "hf.scan(hf.experiments.Crosstalk, N=50, repeats=2, progress=True)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "needs rich: install the extra 'cli' of hopfield" in done.stderr
    with pytest.raises(TypeError, match="progress must be True, or a function, not 3"):
        hf.scan(Coin, progress=3)

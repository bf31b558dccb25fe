"""The commands scan, merge, plot and report: what they say, and what they leave alone."""

from __future__ import annotations

import io
import json
import linecache
import os
import re
import sqlite3
import sys
from contextlib import closing

import pytest
from rich.console import Console

import hopfield as hf
from hopfield.cli.app import main
from hopfield.scans import plan, read
from tests.scans import coin
from tests.scans.coin import counts, stored

COIN = f"{coin.__file__}:Coin"


def test_the_command_line_too_keeps_changed_code_apart(tmp_path, capsys):
    text = """
from dataclasses import dataclass
from hopfield.experiments import Experiment, count

@dataclass(frozen=True)
class Mine(Experiment):
    about = "v"
    def run(self, rng):
        return count(v=1.0)
"""
    words = [
        "scan",
        "--experiment",
        f"{tmp_path / 'mine.py'}:Mine",
        "--workers",
        "1",
        "--out",
        str(tmp_path / "s.db"),
        "--repeats",
    ]
    (tmp_path / "mine.py").write_text(text)
    assert main([*words, "2"]) == 0
    (tmp_path / "mine.py").write_text(text.replace("1.0", "2.0"))
    linecache.checkcache()
    assert main([*words, "4"]) == 2
    assert "its code has changed" in capsys.readouterr().err


BREAKS = {
    "no such column: notes": "ALTER TABLE points RENAME COLUMN notes TO remarks",
    "no such table: tasks": "DROP TABLE tasks",
    "is damaged: its checksums": "UPDATE tasks SET counts = '{\"shares\": 3}'",
    "is damaged": "UPDATE points SET parameters = '{'",
}


@pytest.mark.parametrize("words", [*BREAKS, "cannot be read as a database", "no such table"])
def test_a_broken_store_is_one_sentence_whatever_is_to_be_done(tmp_path, capsys, words):
    path, out = stored(tmp_path / "coin.db"), tmp_path / "out.db"
    if words in BREAKS:
        with closing(sqlite3.connect(path)) as db:
            db.execute(BREAKS[words])
            db.commit()
    else:
        path.write_bytes(path.read_bytes()[:6000] if "cannot" in words else b"")
    before = path.read_bytes()
    for line in ("info {}", "report {}", "plot {}", "merge {out} {}"):
        assert main(line.format(path, out=out).split()) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"hopfield: {path} ")
        assert said.count("\n") == 1
        assert words in said
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["coin.db"]


def test_a_store_is_never_overwritten_by_its_figure_or_page(tmp_path, capsys):
    path = stored(tmp_path / "coin.png")
    before = path.read_bytes()
    for words in (["plot", path], ["report", path, "--out", path]):
        assert main(list(map(str, words))) == 2
        assert "is read here, and must not be overwritten" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_scan_from_the_command_line_is_the_same_scan(tmp_path, capsys):
    out = tmp_path / "x.db"
    words = [
        "scan",
        "--experiment",
        "Crosstalk",
        "N=50",
        "alpha=0.1:0.3:3",
        "--repeats",
        "4",
        "--out",
        str(out),
        "--workers",
        "1",
        "--json",
    ]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    found = hf.scan(hf.experiments.Crosstalk, N=50, alpha=hf.grid(0.1, 0.3, 3), repeats=4)
    assert counts(read(out)) == counts(found)
    assert [row["unstable"] for row in said["table"]] == [row["unstable"] for row in found.table()]
    assert (said["points"], said["replicas"]) == (3, 12)
    assert main(["plot", str(out)]) == 0
    assert out.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_a_plot_is_of_the_points_that_where_names(tmp_path, capsys, monkeypatch):
    path, seen = stored(tmp_path / "coin.db"), []
    monkeypatch.setattr("hopfield.show.reports.draw", lambda found, **_: seen.append(found))
    monkeypatch.setattr("hopfield.show.reports.save", lambda *_: None)
    words = ["plot", str(path), "--where", "sides=2", "--where", "bias=0.2,0.8"]
    assert main(words) == 0
    assert seen == [read(path).where(sides=2, bias=[0.2, 0.8])]
    for wrong, said in (("sides=7", "sides is 2, 3 here, never 7"), ("x", "--where must be NAME")):
        capsys.readouterr()
        assert main(["plot", str(path), "--where", wrong]) == 2
        assert said in capsys.readouterr().err


def test_a_report_is_of_the_points_that_where_names(tmp_path):
    path = stored(tmp_path / "coin.db")
    assert main(["report", str(path), "--where", "bias=0.2,0.8"]) == 0
    page = path.with_suffix(".html").read_text()
    assert page == hf.reports.page(read(path).where(bias=[0.2, 0.8]), path.name)
    assert page != hf.reports.page(read(path), path.name)


@pytest.mark.parametrize("words", ["plot .", "report .", "merge out.db .", "info ."])
def test_a_folder_is_no_store(tmp_path, monkeypatch, capsys, words):
    monkeypatch.chdir(tmp_path)
    assert main(words.split()) == 2
    assert capsys.readouterr().err == "hopfield: . is a directory\n"
    assert not list(tmp_path.iterdir())


def test_one_process_does_where_nobody_asked_for_several_and_joblib_is_missing(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setitem(sys.modules, "joblib", None)
    out = tmp_path / "x.db"
    words = "scan", "--experiment", COIN, "--repeats", "3", "--out", str(out)
    hint = "joblib: install the extra 'scan' of hopfield\n"
    assert main([*words, "--workers", "2"]) == 2
    assert capsys.readouterr().err == f"hopfield: several processes need {hint}"
    assert not out.exists()
    assert main([*words, "--json"]) == 0
    said = capsys.readouterr()
    assert said.err == f"one process, since several need {hint}"
    assert json.loads(said.out)["engine"] == "this process"


def test_a_terminal_sees_a_bar_with_rate_and_error_bar(tmp_path, monkeypatch, capsys):
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=100)
    monkeypatch.setattr("hopfield.cli.output.console", lambda file=None: terminal)
    monkeypatch.setattr("hopfield.scans.bar.RATE", 0.0)
    words = "scan", "--experiment", COIN, "bias=0.1,0.9", "--workers", "1"
    monkeypatch.setattr(plan, "MESSAGE", 0.01)
    assert main([*words, "--repeats", "3000", "--out", str(tmp_path / "x.db")]) == 0
    assert "this process" in screen.getvalue()
    assert re.search(r"[\d,]+/6,000 replicas, [\d,]+/s, error bar 0\.\d+", screen.getvalue())
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--experiment", "Retreival"], "did you mean 'Retrieval'"),
        (["--experiment", "Retrieval", "alfa=1"], "did you mean 'alpha'"),
        (["--experiment", "Retrieval", "alpha"], "NAME=VALUES"),
        (["--experiment", "Retrieval", "alpha=.1", "alpha=.2"], "each name once"),
        (["--experiment", "Retrieval", "repeats=3"], "repeats is an option"),
        (["--experiment", "Retrieval", "alpha=a:b:c"], "start must be a number"),
        (["--experiment", "Retrieval", "alpha=0.1:1:1001", "N=100:1000:901"], "--yes"),
        (["--experiment", "Retrieval", "alpha=0.1:0.2:30000000"], "the grid has 30,000,000 points"),
        (["--experiment", "Retrieval", "N=50,60", "alpha=0.1:0.2:9000"], "has 18,000 points"),
        (["--experiment", "Retrieval", "--until", "soon"], "--until must be a number"),
        (["--experiment", "Retrieval", "--workers", "1", "--dask", "local"], "not both"),
        (["--experiment", "none.py:Coin"], "is no file"),
        (
            ["--experiment", f"{coin.__file__}:Coins"],
            "defines no Coins",
        ),
        (["--experiment", f"{coin.__file__}:GRID"], "is no class of hopfield.experiments"),
        (["--experiment", "Retrieval", "--dask", ""], "such as tcp://host:8786"),
        (["--experiment", "Retrieval", "--dask", "127.0.0.1:9"], "such as tcp://host:8786"),
        (["--experiment", "Retrieval", "--dask", "tcp://127.0.0.1:9"], "no Dask scheduler answers"),
    ],
)
def test_bad_words_are_refused_in_a_line(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["scan", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_store_that_is_gone_is_not_said_to_be_written(tmp_path, monkeypatch, capsys):
    out = tmp_path / "x.db"
    monkeypatch.setattr("hopfield.scans.bar.Watch.__call__", lambda *_: out.unlink(missing_ok=True))
    words = "scan", "--experiment", COIN, "--repeats", "50", "--workers", "1", "--out", str(out)
    assert main(words) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "was deleted, renamed or replaced while it was in use" in said.err


MINE = """from dataclasses import dataclass
from hopfield.experiments import Experiment, count
@dataclass(frozen=True)
class Lost(Experiment):
    size: int = 3
    def run(self, rng):
        return count(x={}["nothing"])
"""


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_error_of_a_users_experiment_is_one_line_that_says_where(tmp_path, capsys, workers):
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    words = ["--experiment", f"{file}:Lost", "--workers", workers, "--out", str(tmp_path / "x.db")]
    assert main(["scan", *words]) == 2
    said = r"KeyError 'nothing', in replica \d+ of Lost\(size=3\), mine.py line 7"
    assert re.fullmatch(rf"hopfield: {said}\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (MINE.replace("(frozen=True)", ""), "TypeError: .* non-frozen .*, mine.py line 3"),
        ("\nimport nothing", "ModuleNotFoundError: No module named 'nothing', mine.py line 2"),
        ("def f(:", r"SyntaxError: invalid syntax \(mine.py, line 1\)"),
    ],
)
def test_a_users_file_that_fails_says_where(tmp_path, capsys, code, said):
    file = tmp_path / "mine.py"
    file.write_text(code)
    assert main(["scan", "--experiment", f"{file}:Lost"]) == 2
    assert re.fullmatch(rf"hopfield: --experiment .* fails: {said}\n", capsys.readouterr().err)

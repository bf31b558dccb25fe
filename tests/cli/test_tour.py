"""The command tour: its table, its options and its status."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from types import SimpleNamespace

import hopfield as hf
import hopfield.lessons.tour
from hopfield.base.progress import Progress
from tests.cli.lines import refused


def fake_tour(ok):
    """Return a stand-in for `hopfield.lessons.tour.run`, its last check ``ok``, and its calls."""
    calls = []

    def run(out, *, rng=0, progress=None):
        calls.append((out, rng))
        if progress:
            progress(Progress("E1 A network", 0, 1, "cases"))
        checks = [
            SimpleNamespace(what="updates at which it rose", expected="0", got="0", ok=True),
            SimpleNamespace(what="fixed [points]", expected="[1, 2]", got="[1, 3]", ok=ok),
        ]
        cases = [
            SimpleNamespace(
                name="E1", title="A network", checks=checks, seconds=0.25, peak_mb=123.4, ok=ok
            )
        ]
        return SimpleNamespace(
            cases=cases,
            seconds=0.25,
            peak_mb=None,
            ok=ok,
            index=Path(out) / "index.html",
            as_dict=lambda: {"ok": ok, "cases": [{"name": "E1"}]},
        )

    return run, calls


def test_tour_prints_a_table_and_where_to_look(run, monkeypatch):
    fake, calls = fake_tour(True)
    monkeypatch.setattr(hopfield.lessons.tour, "run", fake)
    status, out, err = run("tour")
    assert (status, err) == (0, "")
    assert calls == [(Path("tour"), 0)]
    lines = out.splitlines()
    assert lines[0].split() == ["case", "experiment", "expected", "came", "out", "ok"]
    assert lines[1].split() == ["E1", "A", "network", "0.2", "s", "123", "MB"]
    assert lines[3].split() == ["fixed", "[points]", "[1,", "2]", "[1,", "3]", "yes"]
    assert "2 of 2 checks are as expected" in out
    assert lines[-1] == f"open {Path('tour') / 'index.html'}"
    assert max(map(len, lines)) <= 80


def test_tour_passes_its_options_on_and_fails_where_a_check_does(run, monkeypatch):
    fake, calls = fake_tour(False)
    monkeypatch.setattr(hopfield.lessons.tour, "run", fake)
    status, out, _ = run("tour --out lesson --seed 7")
    assert status == 1
    assert calls == [(Path("lesson"), 7)]
    assert "1 of 2 checks are as expected" in out
    assert "not so: E1, fixed [points]: expected [1, 2], came out [1, 3]" in out
    status, out, err = run("tour --json")
    assert (status, err) == (1, "")
    assert json.loads(out) == {"ok": False, "cases": [{"name": "E1"}]}


def test_tour_shows_a_bar_in_a_terminal(run, monkeypatch):
    monkeypatch.setattr(hopfield.lessons.tour, "run", fake_tour(True)[0])
    monkeypatch.setenv("FORCE_COLOR", "1")
    status, out, err = run("tour --json")
    assert status == 0
    assert "0/1" in err
    assert "E1 A network" in err
    assert json.loads(out)["ok"]


def test_tour_refuses_and_stops_like_the_others(run, monkeypatch):
    def bad(out, **options):
        raise hf.files.BadFile(f"{out} cannot be written")

    def stopped(out, **options):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(hopfield.lessons.tour, "run", bad)
    refused(run, "tour --out a.png", "a.png cannot be written")
    refused(run, "tour --seed -1", "--seed")
    monkeypatch.setattr(hopfield.lessons.tour, "run", stopped)
    assert run("tour") == (130, "", "hopfield: stopped, nothing was written\n")

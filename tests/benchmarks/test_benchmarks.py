"""The benchmarks' own logic, and every work at a tiny size; never how long anything takes."""

from __future__ import annotations

import json
from unittest import mock

import numpy as np
import pytest

import hopfield as hf
from benchmarks import __main__ as bench, measure, peers, report, scaling, temperature
from benchmarks.measure import EFFORTS, Candidate, Line, Peer, Result

TINY = EFFORTS["tiny"]


def clock_of():
    """Return a clock that the calls it times wind on: spend(x)() takes x seconds."""
    now = [0.0]

    def spend(x):
        return lambda: now.__setitem__(0, now[0] + x)

    return spend, lambda: now[0]


def test_a_cost_is_per_unit_and_without_what_is_besides():
    spend, clock = clock_of()
    effort = measure.Effort("test", 3, 10.0)
    found = measure.costs(
        [Candidate("a", spend(4.0), 2), Candidate("b", spend(7.0), 3, spend(1.0))], effort, clock
    )
    assert found == [[2.0] * 3, [2.0] * 3]


def test_candidates_take_turns_and_a_quick_one_more_often():
    spend, clock = clock_of()
    calls = []

    def named(name, seconds):
        wind = spend(seconds)
        return Candidate(name, lambda: (calls.append(name), wind()))

    measure.costs([named("a", 1.0), named("b", 5.0)], measure.Effort("test", 2, 4.0), clock)
    assert "".join(calls) == "aabb" + "aaaab" + "baaaa"


def test_what_takes_long_has_three_rounds():
    spend, clock = clock_of()
    for seconds, rounds in ((1.0, 7), (20.0, 5), (200.0, 3)):
        effort = measure.Effort("test", 7, 0.0, 100.0)
        (found,) = measure.costs([Candidate("a", spend(seconds))], effort, clock)
        assert len(found) == rounds


def test_a_ratio_is_of_costs_of_the_same_round():
    mine, theirs = [1.0, 2.0, 4.0], [10.0, 20.0, 80.0]
    with mock.patch.object(measure, "costs", return_value=[mine, theirs]):
        found = measure.compare(
            1,
            "title",
            "visit",
            Candidate("ours", dict),
            [Peer("them", Candidate("c", dict), 5, 30), Peer("nobody", None, 2)],
            TINY,
        )
    them, nobody = found.lines
    assert them.values == [10.0, 10.0, 20.0]
    assert them.quartiles == (10.0, 10.0, 15.0)
    assert (them.met, nobody.values, nobody.met) == ("floor", [], "")


@pytest.mark.parametrize(
    ("value", "most", "met"),
    [
        (1.0, False, "missed"),
        (2.0, False, "floor"),
        (3.5, False, "stretch"),
        (3.5, True, "missed"),
        (3.0, True, "floor"),
        (2.0, True, "stretch"),
    ],
)
def test_which_goal_a_figure_reaches(value, most, met):
    floor, stretch = (3, 2) if most else (2, 3)
    assert Line("x", [value], floor=floor, stretch=stretch, most=most).met == met
    assert Line("x", [value]).met == ""


def test_an_answer_that_differs_stops_the_work():
    measure.agree([1, -1], np.array([1.0, -1.0]), "a peer")
    with pytest.raises(AssertionError, match="a peer gives another answer"):
        measure.agree([1, -1], [1, 1], "a peer")


@pytest.mark.parametrize(
    ("x", "unit", "text", "short"),
    [
        (0.0391, "x", "0.04", "0.04"),
        (3576, "x", "3,576", "3,576"),
        (2e4, "x", "20.0k", "20k"),
        (1.31e6, "x", "1.31M", "1.31M"),
        (8.1e-9, "s", "8.10 ns", "8.1 ns"),
        (0.06, "s", "60.0 ms", "60 ms"),
        (30, "s", "30.0 s", "30 s"),
        (1.73e8, "B", "173 MB", "173 MB"),
        (0.003, "", "0.0030", "0.003"),
        (-1e-9, "", "0.0000", "0"),
        (100, "x", "100", "100"),
    ],
)
def test_figures_in_three_digits(x, unit, text, short):
    assert (report.quantity(x, unit), report.short(x, unit)) == (text, short)


def a_report():
    worst = [123.4e-9, 567.8e-9]
    lines = [
        Line("n" * 32, [12345.6, 23456.7], costs=worst, floor=12_300, stretch=1.23e6),
        Line("somebody", [], floor=2.5),
        Line("seconds", [0.123, 0.456], "s", floor=0.444, stretch=0.333, most=True),
        Line("deviation", [0.0011], "", error=0.0004),
    ]
    result = Result(
        2,
        "A title of some length, N = 100,000, P = 13,800",
        lines,
        worst,
        "visit",
        "a kernel of long name (numba)",
    )
    return {
        "effort": "quick",
        "seconds": 61.0,
        "failed": {6: "batch: AssertionError: " + "why " * 40},
        "results": [result.parts()],
        "curves": [
            scaling.curve("ours", [10, 100, 1000], [1e-9, 1e-8, 1e-7]),
            scaling.curve("one", [10], [1e-9]),
        ],
        "machine": {
            "processor": "p",
            "architecture": "a",
            "system": "s",
            "flags": ["avx2"],
            "kernels": "numba",
            "versions": {"numpy": "2", "torch": "absent"},
        },
    }


def test_the_table_fits_and_says_what_is_absent_and_failed():
    text = report.table(a_report())
    assert max(len(line) for line in text.splitlines()) <= 100
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines() if line}
    assert rows["n" * 32][2:] == ["17.9k", "15.1k", "..", "20.7k", "12.3k", "1.23M", "floor"]
    assert rows["somebody"] == ["absent", "2.5"]
    assert " ".join(rows["seconds"][-7:]) == "<= 444 ms <= 333 ms stretch"
    assert "Absent: torch." in text
    assert "the last column names the better one that the figure meets, or missed" in text
    assert "6 FAILED: batch: AssertionError" in text
    assert "+- 0.0004" in text
    assert "N^1.00" in text
    order = [line[:3].strip() for line in text.splitlines() if line[:3].strip().isdigit()]
    assert order == ["2", "6"]


def test_the_json_holds_every_round_and_reads_back(tmp_path):
    report.write_json(a_report(), tmp_path / "out" / "bench.json")
    (path,) = (tmp_path / "out").iterdir()
    found = json.loads(path.read_text())
    line = found["results"][0]["lines"][0]
    assert line["values"] == [12345.6, 23456.7]
    assert (line["median"], line["met"]) == (pytest.approx(17901.15), "floor")
    assert Result.of(found["results"][0]).parts() == found["results"][0]
    assert found["curves"][0]["exponent"] == pytest.approx(1)


def test_the_figure_gives_each_curve_its_exponent(tmp_path):
    curves = a_report()["curves"]
    legend = report.figure(curves).axes[0].get_legend()
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == ["ours  $\\sim N^{1.00}$", "one"]
    report.write_figure(curves, tmp_path / "bench.png")
    assert (tmp_path / "bench.png").read_bytes().startswith(b"\x89PNG")


def test_kept_orders_are_those_of_a_recall():
    memory = hf.hebb(hf.random_patterns(3, 50, rng=1))
    cue = hf.flip(memory.patterns[0], 0.3, rng=2)
    result, sites = peers.recalled(memory, cue, rng=3)
    plain = hf.recall(memory, cue, rng=3)
    assert np.array_equal(result.state, plain.state)
    assert sites.size == plain.updates
    w = peers.whole_weights(memory.patterns)
    assert np.array_equal(peers.teaching(w, cue * 1.0, sites), plain.state)
    assert not np.array_equal(peers.rows(w, cue * 1.0, sites[:10]), plain.state)


@pytest.mark.parametrize("name", bench.WORKS)
def test_each_work_agrees_with_its_peers_at_a_tiny_size(name, monkeypatch):
    if name == "startup":  # where compiling in a fresh process would take most of the time
        monkeypatch.setenv("HOPFIELD_ENGINES", "fallback")
    found = bench.work(name, "tiny", None)
    assert {r["row"] for r in found["results"]} == set(bench.WORKS[name])
    assert bool(found["curves"]) == (name == "scaling")
    text = report.table({**a_report(), "results": found["results"], "curves": found["curves"]})
    assert max(len(line) for line in text.splitlines()) <= 100


def test_absent_peers_are_named_as_absent():
    with mock.patch.object(peers, "find", return_value=None):
        assert peers.incremental.__wrapped__() is None
    with mock.patch.object(temperature, "find", return_value=None):
        (result,) = bench.work("temperature", "tiny", None)["results"]
    absent = [line["name"] for line in result["lines"] if not line["values"]]
    assert absent == ["dwave-samplers", "dwave-samplers, heat bath too", "OpenJij"]


def test_the_command_runs_chosen_rows_and_tells_of_failures(tmp_path, capsys, monkeypatch):
    words = ["--effort", "tiny", "--only", "15", "--json", str(tmp_path / "b.json")]
    assert bench.main(words) == 0
    text = capsys.readouterr().out
    assert " 15 Recall with NumPy alone" in text
    assert [r["row"] for r in json.loads((tmp_path / "b.json").read_text())["results"]] == [15]
    monkeypatch.setattr(bench, "WORKS", {"no_such_work": (15,)})
    assert bench.main(words) == 1
    assert " 15 FAILED: no_such_work" in capsys.readouterr().out


@pytest.mark.parametrize("words", ["0", "20", "a", "1,,2", ""])
def test_rows_that_there_are_not(words, capsys):
    with pytest.raises(SystemExit):
        bench.main(["--only", words])
    assert "rows are numbers from 1 to 19" in capsys.readouterr().err

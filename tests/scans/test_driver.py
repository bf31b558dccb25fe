"""The driver: the counts of a plain loop, whoever counts and in whatever pieces."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import numpy as np
import pytest

import hopfield as hf
from hopfield.experiments import Experiment, count
from hopfield.scans import driver, engines, plan, read
from tests.scans.coin import GRID, Coin, counts, expected, once


def test_a_scan_counts_what_a_plain_loop_counts():
    found = hf.scan(Coin, repeats=50, **GRID)
    assert counts(found) == expected(50)
    assert {point.replicas for point in found.points} == {50}
    assert counts(hf.scan(Coin, repeats=50, rng=1, **GRID)) == expected(50, seed=1)


class Impatient(engines.Here):
    """An engine that fails at random moments, in each of the ways there are."""

    def __init__(self, random):
        self.random = random

    def submit(self, fn, /, *args, **kwargs):
        if self.random.random() < 0.1:
            raise self.random.choice([KeyboardInterrupt, ConnectionError, BrokenExecutor])
        return super().submit(fn, *args, **kwargs)


@pytest.mark.parametrize("seed", range(5))
def test_a_scan_stopped_again_and_again_counts_the_same(tmp_path, monkeypatch, seed):
    random = Random(seed)

    @contextmanager
    def engine(on, say):
        yield engines.Engine(Impatient(random), lambda: 1, 1, "")

    monkeypatch.setattr(driver, "engine", engine)
    path, found, stops = tmp_path / "coin.db", None, 0
    while found is None:
        monkeypatch.setattr(plan, "MESSAGE", random.choice([1e-4, 1e-3, 1.0]))
        try:
            found = hf.scan(Coin, repeats=90, out=path, **GRID)
        except (KeyboardInterrupt, ConnectionError, RuntimeError):
            stops += 1
    assert counts(found) == counts(read(path)) == expected(90) or not stops
    once(path, 90)


def test_again_is_only_what_is_missing(tmp_path):
    path = tmp_path / "coin.db"
    hf.scan(Coin, repeats=30, out=path, bias=[0.2, 0.5])
    seen = []
    found = hf.scan(Coin, repeats=50, out=path, progress=lambda p: seen.append(p.done), **GRID)
    assert seen[0] == 60
    assert counts(found) == expected(50)
    once(path, 50)
    assert hf.scan(Coin, repeats=50, out=path, **GRID) == found  # to the times of its tasks


@dataclass(frozen=True)
class Broken(Experiment):
    after: int = 50

    def run(self, rng):
        if rng.random() < 1 / self.after:
            raise ZeroDivisionError("by nought")
        return count(x=1.0)


def test_an_error_of_an_experiment_ends_the_scan_and_keeps_what_is_finished(tmp_path):
    with pytest.raises(ZeroDivisionError, match="by nought") as caught:
        hf.scan(Broken, repeats=1000, out=tmp_path / "x.db")
    (note,) = caught.value.__notes__
    assert re.search(r"of Broken\(after=50\), test_driver.py line \d+", note)
    assert [call.name for call in caught.traceback[1:] if call.name != "scan"] == ["run"]
    assert read(tmp_path / "x.db").points[0].replicas >= 1


@dataclass(frozen=True)
class Fickle(Experiment):
    """What counts another kind of thing now and then."""

    kind: str = "bins"

    def run(self, rng):
        often = rng.random() < 0.9
        if self.kind == "bins":
            return count(x=1.0, histograms={"h": [0] * (3 if often else 4)})
        if self.kind == "exit" and not often:
            sys.exit("enough")
        return count(x=True if often else 0.5)


@pytest.mark.parametrize("on", [None, 2])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("bins", "h has 3 bins in some trials and 4 in others: give it the same bins"),
        ("type", "x is a bool in some trials and a number in others"),
        ("exit", r"SystemExit enough in replica \d+ of Fickle\(kind='exit'\), test_driver.py line"),
    ],
)
def test_trials_that_do_not_add_up_end_the_scan_and_leave_the_store_whole(
    tmp_path, monkeypatch, on, kind, words
):
    monkeypatch.setattr(plan, "MESSAGE", 1e-5)
    with pytest.raises((ValueError, RuntimeError), match=words):
        hf.scan(Fickle, kind=kind, repeats=300, out=tmp_path / "x.db", on=on)
    (point,) = read(tmp_path / "x.db").points
    assert point.replicas >= 1


class Odd(Exception):
    """An error that cannot be made again from what it holds."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


@dataclass(frozen=True)
class Odds(Experiment):
    def run(self, rng):
        raise Odd(1, 2)


@pytest.mark.parametrize(("on", "error"), [(None, Odd), (2, RuntimeError)])
def test_an_error_that_cannot_travel_is_said_all_the_same(on, error):
    with pytest.raises(error, match="1 and 2") as caught:
        hf.scan(Odds, on=on)
    said = " ".join([str(caught.value), *getattr(caught.value, "__notes__", ())])
    assert re.search(r"in replica \d+ of Odds\(\), test_driver.py line", said)


@dataclass(frozen=True)
class Expecting(Experiment):
    wrong: str = ""

    def run(self, rng):
        return count(x=1.0)

    def theory(self):
        if self.wrong == "exit":
            sys.exit()
        return 1 / 0 if self.wrong == "zero" else self.wrong or float("nan")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [("zero", "division by zero"), ("exit", r"SystemExit in theory of Expecting\(wrong='exit'\)")],
)
def test_a_theory_that_fails_is_said_before_anything_is_counted(tmp_path, wrong, words):
    with pytest.raises((ZeroDivisionError, RuntimeError), match=words):
        hf.scan(Expecting, wrong=wrong, out=tmp_path / "x.db")
    assert not list(tmp_path.iterdir())
    assert hf.scan(Expecting, repeats=2).points[0].row.notes["theory"] is None


@dataclass(frozen=True)
class Wrong(Experiment):
    def run(self, rng):
        return 1


class Bare(Experiment):
    size: int = 0


@dataclass(frozen=True)
class Named(Experiment):
    out: str = ""


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: hf.scan(Coin, bais=1), "did you mean 'bias'"),
        (lambda: hf.scan(Coin(), repeats=1), "experiment must be a class"),
        (lambda: hf.scan(int), "experiment must be a class"),
        (lambda: hf.scan(Coin, bias=[]), "bias must have at least one value"),
        (lambda: hf.scan(Coin, bias=float("nan")), "bias must be finite"),
        (lambda: hf.scan(Coin, bias=[[1]]), "bias must be a number"),
        (lambda: hf.scan(Coin, bias=hf.grid(0, 1, 1001), sides=range(999)), "999,999 points"),
        (lambda: hf.scan(Coin, repeats=0.5), "repeats must be an integer"),
        (lambda: hf.scan(Coin, repeats=0), "repeats must be 1 or more"),
        (lambda: hf.scan(Coin, until=-1), "until must be 1 or more"),
        (lambda: hf.scan(Coin, until=0.0), "until must be more than 0"),
        (lambda: hf.scan(Coin, until=True), "until must be an integer"),
        (lambda: hf.scan(Coin, until="x"), "until must be a number"),
        (lambda: hf.scan(Coin, rng=np.random.default_rng(0)), "rng must be an integer"),
        (lambda: hf.scan(Coin, on="cluster"), "tcp://host:8786"),
        (lambda: hf.scan(Coin, on=3.5), "on must be"),
        (lambda: hf.scan(Coin, on=0), "on must be between"),
        (lambda: hf.scan(Coin, out=3), "path must be a str"),
        (lambda: hf.scan(Bare, size=1), "Bare must be a dataclass to have a parameter size"),
        (lambda: hf.scan(Wrong), "Wrong.run must return Counts"),
        (lambda: hf.scan(Named, out="x"), "must not be named out"),
        (lambda: hf.scan(Coin, bias=range(10**30)), "bias must have fewer values"),
        (lambda: hf.scan(Coin, bias=range(10**12)), "1,000,000,000,000 points"),
        (lambda: hf.scan(Coin, bias=np.zeros(10**6)), "1,000,000 points"),
        (lambda: hf.scan(Expecting, wrong="text"), "theory must be a number, not 'text'"),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(call, words):
    with pytest.raises((ValueError, TypeError), match=words):
        call()


def test_the_package_loads_no_engine_and_no_database_until_asked():
    code = (
        "import sys, hopfield as hf; hf.scan, hf.grid, hf.experiments.Capacity; "
        "print([m for m in ('dask', 'distributed', 'joblib', 'pandas') if m in sys.modules], "
        "'scan' in dir(hf))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert said.strip() == "[] True"
    code = "import sys, hopfield; print('sqlite3' in sys.modules, 'hopfield.scans' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert said.strip() == "False False"

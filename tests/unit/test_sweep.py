"""Sweeps: nothing lost, nothing counted twice, whoever counts and in whatever pieces."""

from __future__ import annotations

import importlib.util
import io
import json
import linecache
import os
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import BrokenExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from random import Random

import numpy as np
import pytest
from hypothesis import given, strategies as st
from rich.console import Console

import hopfield as hf
from hopfield import reports
from hopfield.cli.app import main
from hopfield.experiments import Counts, Experiment, count
from hopfield.io.files import BadFile
from hopfield.scans import Store, driver, engines, merge, read
from hopfield.scans.tasks import Block, Done, gaps, identity, largest, place, stream, work


@dataclass(frozen=True)
class Coin(Experiment):
    bias: float = 0.5
    sides: int = 2
    about = "heads"
    axes = ("bias",)

    def run(self, rng):
        return count(heads=rng.random() < self.bias, x=rng.normal())


GRID = {"bias": [0.2, 0.5, 0.8], "sides": [2, 3]}


def expected(repeats, seed=0):
    """Count one replica after the other, with nothing of the driver's."""
    points = [Coin(b, s) for b in GRID["bias"] for s in GRID["sides"]]
    return [
        sum((e.run(stream(identity(e, seed), r)) for r in range(repeats)), Counts()) for e in points
    ]


def counts(results):
    return [point.counts for point in results.points]


def once(path, repeats):
    """Check that the store has each replica of each point once."""
    with closing(sqlite3.connect(path)) as db:
        for (point,) in db.execute("SELECT id FROM points").fetchall():
            blocks = db.execute("SELECT first, size FROM tasks WHERE point = ?", (point,))
            replicas = [r for first, size in blocks for r in range(first, first + size)]
            assert sorted(replicas) == list(range(repeats))


# ---- ids, grids, blocks --------------------------------------------------------------------


def test_a_point_has_the_same_id_however_it_is_written():
    ids = {identity(e, 0) for e in (Coin(), Coin(0.5), Coin(bias=0.5, sides=2))}
    made = hf.sweep(Coin, bias=np.array([0.5]), sides=(np.int64(2),), repeats=1).points
    assert ids == {made[0].row.id}
    assert hf.sweep(Coin, bias=[1], repeats=1).points[0].row.parameters["bias"] == 1.0
    assert identity(Coin(0.0), 0) == identity(Coin(-0.0), 0)


@dataclass(frozen=True)
class Newer(Coin):
    version = 2


Newer.__name__ = "Coin"


def test_parameters_versions_and_seeds_make_other_ids():
    others = identity(Newer(), 0), identity(Coin(), 1), identity(Coin(0.6), 0)
    assert len({identity(Coin(), 0), *others}) == 4


def test_an_id_is_for_ever():
    assert identity(hf.experiments.Crosstalk(N=100), 0) == "54e8783b534ad0ff21bff66f0f66628f"
    assert stream("0" * 31 + "7", 3).integers(2**32) == 3126384070


def test_counts_of_changed_code_are_not_added_to(tmp_path):
    def made(value):
        text = f"""
from dataclasses import dataclass
from hopfield.experiments import Experiment, count

@dataclass(frozen=True)
class Mine(Experiment):
    about = "v"
    def run(self, rng):
        return count(v={value})
"""
        (tmp_path / "mine.py").write_text(text)
        spec = importlib.util.spec_from_file_location(f"mine{int(value)}", tmp_path / "mine.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        linecache.checkcache()
        return module.Mine

    first = made(1.0)
    hf.sweep(first, repeats=3, out=tmp_path / "s.db")
    second = made(2.0)
    with pytest.raises(ValueError, match="its code has changed"):
        hf.sweep(second, repeats=6, out=tmp_path / "s.db")
    assert hf.sweep(second, repeats=3).points[0].counts.estimate("v").value == 2
    hf.sweep(second, repeats=3, out=tmp_path / "t.db")
    with pytest.raises(ValueError, match="its code has changed"):
        merge(tmp_path / "s.db", tmp_path / "t.db")


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
        "sweep",
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


def test_until_waits_for_what_is_rare():
    found = hf.sweep(hf.experiments.Retrieval, N=100, alpha=0.02, until=0.02)
    assert found.points[0].replicas >= 150


def test_a_grid_holds_plain_numbers():
    assert hf.grid(0.05, 0.25, 21)[2] == 0.07
    assert hf.grid(1, 3, 3) == (1, 2, 3)
    assert hf.grid(1, 2, 3) == (1.0, 1.5, 2.0)
    with pytest.raises(ValueError, match="count must be 2 or more"):
        hf.grid(0, 1, 1)


@given(st.integers(0, 10**6), st.integers(1, 10**5), st.integers(1, 10**4))
def test_a_block_starts_at_a_multiple_of_its_length_and_fits(first, room, most):
    size = largest(first, room, most)
    assert size & (size - 1) == 0
    assert first % size == 0
    assert size <= min(room, most)


@given(st.integers(1, 300), st.randoms())
def test_gaps_are_what_no_block_holds(stop, random):
    at, blocks, free = 0, [], set(range(stop))
    while at < stop:
        size = largest(at, stop - at, random.randint(1, 64))
        if random.random() < 0.5:
            blocks.append((at, size))
            free -= set(range(at, at + size))
        at += size
    assert {r for a, b in gaps(iter(blocks), stop) for r in range(a, b)} == free


@given(st.integers(1, 200), st.lists(st.randoms(), min_size=2, max_size=4))
def test_stores_cut_differently_merge_without_counting_twice(repeats, randoms):
    point = Coin()
    id = identity(point, 0)
    with Store() as whole:
        for random in randoms:
            with Store() as part:
                part.register([(id, point)], 0)
                at = 0
                while at < repeats:
                    block = Block(id, at, largest(at, repeats - at, random.randint(1, 64)))
                    if random.random() < 0.7 or random is randoms[0]:
                        counted = count(x=np.arange(at, at + block.size))
                        part.add([Done(block, counted, 1, "", "", 0)])
                    at += block.size
                whole.merge(part)
                whole.merge(part)
        blocks = [(d.block.first, d.block.size) for d in whole.tasks(id)]
        assert sum(size for _, size in blocks) == repeats
        assert not list(gaps(iter(blocks), repeats))
        total = sum((d.counts for d in whole.tasks(id)), Counts())
    assert total == count(x=np.arange(repeats))


# ---- the driver ----------------------------------------------------------------------------


def test_a_sweep_counts_what_a_plain_loop_counts():
    found = hf.sweep(Coin, repeats=50, **GRID)
    assert counts(found) == expected(50)
    assert {point.replicas for point in found.points} == {50}
    assert counts(hf.sweep(Coin, repeats=50, rng=1, **GRID)) == expected(50, seed=1)


class Impatient(engines.Here):
    """An engine that fails at random moments, in each of the ways there are."""

    def __init__(self, random):
        self.random = random

    def submit(self, fn, /, *args, **kwargs):
        if self.random.random() < 0.1:
            raise self.random.choice([KeyboardInterrupt, ConnectionError, BrokenExecutor])
        return super().submit(fn, *args, **kwargs)


@pytest.mark.parametrize("seed", range(5))
def test_a_sweep_stopped_again_and_again_counts_the_same(tmp_path, monkeypatch, seed):
    random = Random(seed)

    @contextmanager
    def engine(on):
        yield engines.Engine(Impatient(random), lambda: 1, 1, "")

    monkeypatch.setattr(driver, "engine", engine)
    path, found, stops = tmp_path / "coin.db", None, 0
    while found is None:
        monkeypatch.setattr(driver, "MESSAGE", random.choice([1e-4, 1e-3, 1.0]))
        try:
            found = hf.sweep(Coin, repeats=90, out=path, **GRID)
        except (KeyboardInterrupt, ConnectionError, RuntimeError):
            stops += 1
    assert counts(found) == counts(read(path)) == expected(90) or not stops
    once(path, 90)


def test_again_is_only_what_is_missing(tmp_path):
    path = tmp_path / "coin.db"
    hf.sweep(Coin, repeats=30, out=path, bias=[0.2, 0.5])
    seen = []
    found = hf.sweep(Coin, repeats=50, out=path, progress=lambda p: seen.append(p.done), **GRID)
    assert seen[0] == 60
    assert counts(found) == expected(50)
    once(path, 50)
    assert hf.sweep(Coin, repeats=50, out=path, **GRID) == found  # to the times of its tasks


@pytest.mark.parametrize("cost", [1e-3, 0.02, 0.3, 7.0])
@pytest.mark.parametrize("length", [0.5, 5.0])
def test_messages_hold_the_work_that_they_should_once_it_is_known(cost, length):
    points = {id: driver.Point(id, Coin(), 1000) for id in "abc"}
    plan, works = driver.Plan(points, None, 1000), []
    while message := plan.take(length):
        done = [Done(block, Counts(), cost * block.size, "", "", 0.0) for block in message]
        assert all(block.size == 1 or block.size * cost <= 0.5 for block in message)
        works.append(sum(task.seconds for task in done))
        plan.finish(done)
    assert sum(works) == pytest.approx(3000 * cost)
    assert max(works) <= max(length + 0.5, cost)
    assert len(works) <= sum(works) / min(length, 0.8 * max(length, cost)) + 24


def test_until_goes_on_to_the_error_bar_and_not_by_luck(tmp_path):
    one = hf.sweep(Coin, until=0.04, out=tmp_path / "a.db", **GRID)
    assert all(p.counts.estimate("heads").bar <= 0.04 for p in one.points)
    replicas = [p.replicas for p in one.points]
    assert max(replicas) < 2000
    assert replicas[0] < replicas[2]  # a share of 0.2 needs fewer than one of 0.5
    path = tmp_path / "b.db"
    for stop in (40, 100, 100, 100):  # stopped after so many replicas
        with pytest.raises(KeyboardInterrupt):
            hf.sweep(Coin, until=0.04, out=path, progress=_stop_after(stop), **GRID)
    two = hf.sweep(Coin, until=0.04, out=path, **GRID)
    assert counts(two) == counts(one)


def _stop_after(replicas):
    first = []

    def progress(now):
        first.append(now.done)
        if now.done > first[0] + replicas:
            raise KeyboardInterrupt

    return progress


def test_until_counts_successes_and_has_a_ceiling():
    found = hf.sweep(Coin, until=200, bias=0.2).points[0].counts.shares["heads"]
    assert 200 <= found[0] < 400
    assert hf.sweep(Coin, until=np.int64(200), bias=0.2).points[0].counts.shares["heads"] == found
    assert hf.sweep(Coin, until=0.001, repeats=64, bias=0.2).points[0].replicas == 64


@dataclass(frozen=True)
class Misnamed(Experiment):
    about = "nothing"

    def run(self, rng):
        return count(x=rng.random())


def test_until_refuses_what_would_never_end():
    with pytest.raises(ValueError, match="nothing here counts successes"):
        hf.sweep(Misnamed, until=100)
    with pytest.raises(ValueError, match="about must be one of x, not 'nothing'"):
        hf.sweep(Misnamed, until=0.1)


def test_progress_tells_how_far_it_is():
    seen = []

    def progress(now):
        seen.append((now.done, now.total, now.bar, now.engine))

    hf.sweep(Coin, repeats=40, progress=progress, **GRID)
    assert seen[0][:2] == (0, 240)
    assert seen[-1][:2] == (240, 240)
    assert 0 < seen[-1][2] < 0.2
    assert seen[-1][3] == "this process"


@dataclass(frozen=True)
class Broken(Experiment):
    after: int = 50

    def run(self, rng):
        if rng.random() < 1 / self.after:
            raise ZeroDivisionError("by nought")
        return count(x=1.0)


def test_an_error_of_an_experiment_ends_the_sweep_and_keeps_what_is_finished(tmp_path):
    with pytest.raises(ZeroDivisionError, match="by nought") as caught:
        hf.sweep(Broken, repeats=1000, out=tmp_path / "x.db")
    (note,) = caught.value.__notes__
    assert re.search(r"of Broken\(after=50\), test_sweep.py line \d+", note)
    assert [call.name for call in caught.traceback[1:] if call.name != "sweep"] == ["run"]
    assert read(tmp_path / "x.db").points[0].replicas >= 1


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
        (lambda: hf.sweep(Coin, bais=1), "did you mean 'bias'"),
        (lambda: hf.sweep(Coin(), repeats=1), "experiment must be a class"),
        (lambda: hf.sweep(int), "experiment must be a class"),
        (lambda: hf.sweep(Coin, bias=[]), "bias must have at least one value"),
        (lambda: hf.sweep(Coin, bias=float("nan")), "bias must be finite"),
        (lambda: hf.sweep(Coin, bias=[[1]]), "bias must be a number"),
        (lambda: hf.sweep(Coin, bias=hf.grid(0, 1, 1001), sides=range(999)), "999,999 points"),
        (lambda: hf.sweep(Coin, repeats=0.5), "repeats must be an integer"),
        (lambda: hf.sweep(Coin, repeats=0), "repeats must be 1 or more"),
        (lambda: hf.sweep(Coin, until=-1), "until must be 1 or more"),
        (lambda: hf.sweep(Coin, until=0.0), "until must be more than 0"),
        (lambda: hf.sweep(Coin, until=True), "until must be an integer"),
        (lambda: hf.sweep(Coin, until="x"), "until must be a number"),
        (lambda: hf.sweep(Coin, rng=np.random.default_rng(0)), "rng must be an integer"),
        (lambda: hf.sweep(Coin, on="cluster"), "tcp://host:8786"),
        (lambda: hf.sweep(Coin, on=3.5), "on must be"),
        (lambda: hf.sweep(Coin, on=0), "on must be between"),
        (lambda: hf.sweep(Coin, out=3), "path must be a str"),
        (lambda: hf.sweep(Bare, size=1), "Bare must be a dataclass to have a parameter size"),
        (lambda: hf.sweep(Wrong), "Wrong.run must return Counts"),
        (lambda: hf.sweep(Named, out="x"), "must not be named out"),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(call, words):
    with pytest.raises((ValueError, TypeError), match=words):
        call()


@pytest.mark.parametrize(
    ("on", "package"),
    [("all", "joblib"), (2, "joblib"), ("local", "distributed"), ("tcp://a:1", "distributed")],
)
def test_a_missing_package_is_found_before_a_store_is_made(tmp_path, monkeypatch, on, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=f"need.* {package}: install the extra 'sweep' of"):
        hf.sweep(Coin, repeats=3, on=on, out=tmp_path / "x.db")
    assert not list(tmp_path.iterdir())
    assert hf.sweep(Coin, repeats=3).points[0].replicas == 3


def test_a_worker_with_another_version_is_refused():
    with pytest.raises(RuntimeError, match=r"has hopfield .*, the driver 0\.0: install one"):
        work([(Coin(), Block(identity(Coin(), 0), 0, 1))], "0.0")


def test_the_package_loads_no_engine_and_no_database_until_asked():
    code = (
        "import sys, hopfield as hf; hf.sweep, hf.grid, hf.experiments.Capacity; "
        "print([m for m in ('dask', 'distributed', 'joblib', 'pandas') if m in sys.modules], "
        "'sweep' in dir(hf))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert said.strip() == "[] True"
    code = "import sys, hopfield; print('sqlite3' in sys.modules, 'hopfield.scans' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert said.strip() == "False False"


# ---- the store -----------------------------------------------------------------------------


def stored(path):
    hf.sweep(Coin, repeats=20, out=path, **GRID)
    return path


def test_a_closed_store_is_one_plain_file(tmp_path):
    stored(tmp_path / "coin.db")
    assert os.listdir(tmp_path) == ["coin.db"]


def test_a_newer_format_is_refused_and_left_alone(tmp_path):
    path = stored(tmp_path / "coin.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 2")
    before = path.read_bytes()
    for call in (lambda: read(path), lambda: hf.sweep(Coin, out=path)):
        with pytest.raises(BadFile, match="format 2, newer than the 1"):
            call()
    assert path.read_bytes() == before


def test_what_is_no_store_is_refused_and_left_alone(tmp_path):
    text, other, folder = tmp_path / "a.db", tmp_path / "b.db", tmp_path / "c.db"
    text.write_text("not a database " * 100)
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE mine (x)")
    folder.mkdir()
    for path, words in ((text, "not a database"), (other, "of another program"), (folder, "c.db")):
        before = path.read_bytes() if path.is_file() else None
        with pytest.raises(BadFile, match=words):
            hf.sweep(Coin, out=path)
        assert (path.read_bytes() if path.is_file() else None) == before
    with pytest.raises(BadFile, match="is no file"):
        read(tmp_path / "none.db")
    with pytest.raises(BadFile, match="no such folder"):
        hf.sweep(Coin, out=tmp_path / "none" / "x.db")


BREAKS = {
    "no such column: notes": "ALTER TABLE points RENAME COLUMN notes TO remarks",
    "no such table: tasks": "DROP TABLE tasks",
    "holds what no sweep wrote": "UPDATE tasks SET counts = '{\"shares\": 3}'",
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


def test_info_says_what_a_store_holds(tmp_path, capsys):
    assert main(["info", str(stored(tmp_path / "coin")), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["kind"], said["experiments"] == ("store of sweeps", "Coin, version 1")
    assert (said["points"], said["replicas"], said["seeds"]) == (6, 120, "0")


def test_a_locked_store_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr("hopfield.scans.store._WAIT", 0.05)
    path = stored(tmp_path / "coin.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BadFile, match="is locked by another program"):
            hf.sweep(Coin, repeats=30, out=path, **GRID)
    assert counts(hf.sweep(Coin, repeats=30, out=path, **GRID)) == expected(30)


def test_a_folder_that_is_read_only_is_reported(tmp_path, monkeypatch):
    check = Store._check
    path = stored(tmp_path / "coin.db")

    def read_only(self):  # root may write everywhere, and tests may be root
        check(self)
        self._db.execute("PRAGMA query_only = 1")

    monkeypatch.setattr(Store, "_check", read_only)
    with pytest.raises(BadFile, match="is read-only"):
        hf.sweep(Coin, repeats=30, out=path, **GRID)
    assert counts(read(path)) == expected(20)


def test_a_full_disk_loses_no_finished_task(tmp_path, monkeypatch):
    path, check = tmp_path / "coin.db", Store._check

    def full(self):
        check(self)
        self._db.execute("PRAGMA max_page_count = 8")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_check", full)
        patch.setattr(driver, "MESSAGE", 1e-6)
        with pytest.raises(BadFile, match="disk is full"):
            hf.sweep(Coin, repeats=300, out=path, **GRID)
    assert 0 < sum(point.replicas for point in read(path).points) < 1800
    assert counts(hf.sweep(Coin, repeats=300, out=path, **GRID)) == expected(300)
    once(path, 300)


def test_a_crash_in_mid_write_leaves_what_was_committed(tmp_path):
    path = stored(tmp_path / "coin.db")
    whole = path.read_bytes()
    store = Store(path)
    store._db.execute("BEGIN IMMEDIATE")
    store._db.execute("DELETE FROM tasks")
    for name in ("coin.db", "coin.db-wal", "coin.db-shm"):  # what a crash leaves
        (tmp_path / f"left.{name}").write_bytes((tmp_path / name).read_bytes())
    store._db.execute("ROLLBACK")
    store.__exit__()
    folder = tmp_path / "crashed"
    folder.mkdir()
    for name in ("coin.db", "coin.db-wal"):
        (tmp_path / f"left.{name}").rename(folder / name)
    assert counts(hf.sweep(Coin, repeats=20, out=folder / "coin.db", **GRID)) == expected(20)
    assert len(whole) == path.stat().st_size


def test_two_files_merge_and_nothing_counts_twice(tmp_path):
    one, two, out = (tmp_path / name for name in ("a.db", "b.db", "c.db"))
    hf.sweep(Coin, repeats=40, out=one, bias=[0.2, 0.5], sides=[2, 3])
    hf.sweep(Coin, repeats=64, out=two, bias=[0.5, 0.8], sides=[2, 3])
    merge(out, one, two, one)
    found = hf.sweep(Coin, repeats=64, out=out, **GRID)
    assert counts(found) == expected(64)
    once(out, 64)


# ---- what comes out ------------------------------------------------------------------------


def test_tables_for_pandas_parquet_and_xarray_agree(tmp_path):
    import pyarrow.parquet

    found = hf.sweep(Coin, repeats=20, **GRID)
    frame, cube = found.to_pandas(), found.to_xarray()
    found.to_parquet(tmp_path / "coin.parquet")
    assert frame.to_dict("records") == found.table()
    assert pyarrow.parquet.read_table(tmp_path / "coin.parquet").to_pylist() == found.table()
    assert float(cube.heads.sel(bias=0.8, sides=3)) == found.table()[-1]["heads"]
    assert dict(cube.sizes) == {"bias": 3, "sides": 2}


def test_a_picture_has_a_point_for_each_value_and_the_theory():
    cls = hf.experiments.Retrieval
    ax = reports.draw(hf.sweep(cls, N=[50, 80], alpha=hf.grid(0.02, 0.2, 4), repeats=3))
    assert [text.get_text() for text in ax.get_legend().get_texts()][:1] == ["theory"]
    assert ax.get_xlabel(), ax.get_ylabel() == ("alpha", "overlap")
    assert sorted(len(c[0].get_xdata()) for c in ax.containers) == [4, 4]


def test_other_seeds_of_a_point_are_one_point_of_a_picture(tmp_path):
    path = tmp_path / "coin.db"
    for seed in (0, 1):
        hf.sweep(Coin, bias=[0.2, 0.5], repeats=32, out=path, rng=seed)
    both = expected(32)[0] + expected(32, seed=1)[0]
    (bars,) = reports.draw(read(path)).containers
    assert bars[0].get_ydata()[0] == both.estimate("heads").value
    page = reports.page(read(path), "coin")
    assert page.count("<td>64</td>") == 2
    assert "{:.5g} [{:.5g}, {:.5g}]".format(*both.estimate("heads")) in page
    assert "seeds 0, 1" in page


def test_a_page_has_the_theory_beside_what_was_counted(tmp_path):
    found = hf.sweep(hf.experiments.Crosstalk, N=50, alpha=[0.1, 0.2], repeats=3)
    page = reports.page(found, "crosstalk")
    assert "<th>replicas</th><th>unstable</th><th>theory</th><th>ties</th>" in page
    law = hf.experiments.Crosstalk(50, 0.2).theory()
    assert f"]</td><td>{law:.5g}</td><td>" in page


def test_another_experiment_of_the_same_name_has_not_our_theory(tmp_path):
    @dataclass(frozen=True)
    class Crosstalk(Experiment):
        size: int = 1

        def run(self, rng):
            return count(unstable=rng.random())

    page = reports.page(hf.sweep(Crosstalk, size=[1, 2], repeats=3), "mine")
    assert "<th>unstable</th></tr>" in page


def test_a_grid_of_two_parameters_is_a_map_with_the_lines_of_the_theory():
    cls = hf.experiments.Retrieval
    axes = {"alpha": hf.grid(0.05, 0.2, 4), "T": hf.grid(0, 0.9, 4)}
    found = hf.sweep(cls, N=40, sweeps=4, repeats=2, **axes)
    ax = reports.draw(found)
    assert ax.collections[0].get_array().size == 16
    assert [line.get_label() for line in ax.lines] == ["$T_M$", "$T_c$"]
    ends = [line.get_ydata()[0] for line in ax.lines]
    assert ends == pytest.approx([0.5423, 0.2164], abs=1e-4)


def test_a_page_holds_figures_table_parameters_versions_and_citation(tmp_path):
    path = stored(tmp_path / "coin.db")
    assert main(["report", str(path)]) == 0
    page = path.with_suffix(".html").read_text()
    assert page.count("data:image/png;base64,") == 2
    assert page.count("<tr>") == 7
    assert f"hopfield {hf.__version__}" in page
    assert "@software{hopfield" in page


# ---- the command line ----------------------------------------------------------------------


def test_a_sweep_from_the_command_line_is_the_same_sweep(tmp_path, capsys):
    out = tmp_path / "x.db"
    words = [
        "sweep",
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
    found = hf.sweep(hf.experiments.Crosstalk, N=50, alpha=hf.grid(0.1, 0.3, 3), repeats=4)
    assert counts(read(out)) == counts(found)
    assert [row["unstable"] for row in said["table"]] == [row["unstable"] for row in found.table()]
    assert (said["points"], said["replicas"]) == (3, 12)
    assert main(["plot", str(out)]) == 0
    assert out.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_one_process_does_where_nobody_asked_for_several_and_joblib_is_missing(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setitem(sys.modules, "joblib", None)
    out = tmp_path / "x.db"
    words = "sweep", "--experiment", f"{__file__}:Coin", "--repeats", "3", "--out", str(out)
    hint = "joblib: install the extra 'sweep' of hopfield\n"
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
    monkeypatch.setattr("hopfield.cli.scan._console", lambda file: terminal)
    monkeypatch.setattr("hopfield.cli.scan.RATE", 0.0)
    words = "sweep", "--experiment", f"{__file__}:Coin", "bias=0.1,0.9", "--workers", "1"
    monkeypatch.setattr(driver, "MESSAGE", 0.01)
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
        (["--experiment", "Retrieval", "--until", "soon"], "--until must be a number"),
        (["--experiment", "Retrieval", "--workers", "1", "--dask", "local"], "not both"),
        (["--experiment", "none.py:Coin"], "is no file"),
        (["--experiment", f"{__file__}:Coins"], "has no hopfield.experiments.Experiment Coins"),
        (["--experiment", "Retrieval", "--dask", "127.0.0.1:9"], "such as tcp://host:8786"),
        (["--experiment", "Retrieval", "--dask", "tcp://127.0.0.1:9"], "no Dask scheduler answers"),
    ],
)
def test_bad_words_are_refused_in_a_line(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


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
    assert main(["sweep", *words]) == 2
    said = r"KeyError 'nothing', in replica \d+ of Lost\(size=3\), mine.py line 7"
    assert re.fullmatch(rf"hopfield: {said}\n", capsys.readouterr().err)


def test_code_that_came_by_value_is_placed_by_what_its_module_knows():
    """As cloudpickle 3.1.3 sends it, here with any version: each file has one and the same name."""

    def came(text, **knows):
        exec(compile(text, "<dynamic-code>", "exec"), knows)
        return knows["run"]

    def placed(run):
        with pytest.raises(ZeroDivisionError) as caught:
            run()
        return place(caught.value)

    fails = "def run():\n    1 / 0"
    other = came(fails, __file__="/a/other.py")
    mine = came("\n\ndef run():\n    other()", __file__="/a/mine.py", other=other)
    assert placed(mine) == ", mine.py line 4"
    assert placed(came(fails, __file__="/a/its.py")) == ", its.py line 2"
    assert placed(came(fails)) == ", line 2"  # typed in a notebook


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
    assert main(["sweep", "--experiment", f"{file}:Lost"]) == 2
    assert re.fullmatch(rf"hopfield: --experiment .* fails: {said}\n", capsys.readouterr().err)

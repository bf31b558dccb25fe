"""The store: nothing lost, nothing counted twice, and one sentence about what is wrong."""

from __future__ import annotations

import importlib.util
import json
import linecache
import os
import sqlite3
import sys
from contextlib import closing
from random import Random

import numpy as np
import pytest
from hypothesis import given, strategies as st

import hopfield as hf
from hopfield.experiments import Counts, count
from hopfield.io.files import BadFile
from hopfield.scans import Store, merge, plan, read, schema
from hopfield.scans.tasks import Block, Done, gaps, identity, largest
from tests.scans.coin import GRID, Coin, counts, expected, once, stored


def test_counts_of_changed_code_are_not_added_to(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # the file changes within a second

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
    hf.scan(first, repeats=3, out=tmp_path / "s.db")
    second = made(2.0)
    with pytest.raises(ValueError, match="its code has changed"):
        hf.scan(second, repeats=6, out=tmp_path / "s.db")
    assert hf.scan(second, repeats=3).points[0].counts.estimate("v").value == 2
    hf.scan(second, repeats=3, out=tmp_path / "t.db")
    with pytest.raises(ValueError, match="its code has changed"):
        merge(tmp_path / "s.db", tmp_path / "t.db")


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


def test_a_closed_store_is_one_plain_file(tmp_path):
    stored(tmp_path / "coin.db")
    assert os.listdir(tmp_path) == ["coin.db"]


def test_a_newer_format_is_refused_and_left_alone(tmp_path):
    path = stored(tmp_path / "coin.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = path.read_bytes()
    for call in (lambda: read(path), lambda: hf.scan(Coin, out=path)):
        with pytest.raises(BadFile, match="format 3, newer than the 2"):
            call()
    assert path.read_bytes() == before


def test_a_store_of_this_format_is_gone_on_with_whatever_wrote_it(tmp_path):
    path, id = tmp_path / "old.db", "54e8783b534ad0ff21bff66f0f66628f"  # Crosstalk(N=100), seed 0
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"""
            CREATE TABLE points (
                id TEXT PRIMARY KEY, experiment TEXT NOT NULL, version INTEGER NOT NULL,
                parameters TEXT NOT NULL, seed INTEGER NOT NULL, notes TEXT NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE tasks (
                point TEXT NOT NULL REFERENCES points (id), first INTEGER NOT NULL,
                size INTEGER NOT NULL, counts TEXT NOT NULL, seconds REAL NOT NULL,
                machine TEXT NOT NULL, package TEXT NOT NULL, finished REAL NOT NULL,
                PRIMARY KEY (point, first)
            ) WITHOUT ROWID;
            PRAGMA application_id = {0x486F7066};
            PRAGMA user_version = 1;
            INSERT INTO points VALUES
                ('{id}', 'Crosstalk', 1, '{{"N": 100}}', 0, '{{"about": "unstable"}}');
            INSERT INTO tasks VALUES
                ('{id}', 0, 2, '{{"means": {{"unstable": [2, 5, 13]}}}}', 0.1, 'm', '0.1.0', 1.0);
        """)
    assert read(path).points[0].counts.means == {"unstable": (2, 5, 13)}
    (point,) = hf.scan(hf.experiments.Crosstalk, N=100, repeats=3, out=path).points
    assert (point.replicas, point.counts.means["unstable"][0]) == (3, 3)


V1 = """
    DROP TABLE tally;
    ALTER TABLE tasks DROP COLUMN checksum;
    ALTER TABLE points DROP COLUMN checksum;
    PRAGMA user_version = 1;
"""


def older(path, *statements):
    """Take the checksums out of a store, as it was before there were any."""
    with closing(sqlite3.connect(path)) as db:
        triggers = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        db.executescript("".join(f"DROP TRIGGER {name};" for (name,) in triggers) + V1)
        for statement in statements:
            db.execute(statement)
        db.commit()
    return path


def test_a_store_without_checksums_is_read_and_gets_them_when_it_is_gone_on_with(tmp_path):
    path = older(stored(tmp_path / "coin.db"), "UPDATE points SET notes = '{}'")
    before = path.read_bytes()
    assert counts(read(path)) == expected(20)
    assert path.read_bytes() == before
    with pytest.raises(ValueError, match="one is hopfield's own, and one is not"):
        hf.scan(Coin, repeats=30, out=path, **GRID)
    assert counts(read(path)) == expected(20)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        db.execute("UPDATE tasks SET seconds = seconds + 1")
        db.commit()
    with pytest.raises(BadFile, match="is damaged"):
        read(path)


def test_a_store_that_noted_less_of_the_code_is_not_gone_on_with(tmp_path):
    path = older(stored(tmp_path / "coin.db"), """UPDATE points SET notes = '{"code": "0123"}'""")
    with pytest.raises(ValueError, match="an earlier hopfield wrote it, which noted less of the"):
        hf.scan(Coin, repeats=30, out=path, **GRID)
    assert counts(read(path)) == expected(20)


@pytest.mark.parametrize("seed", range(5))
def test_a_flipped_bit_is_never_another_number(tmp_path, seed):
    path, bad, random = stored(tmp_path / "coin.db"), tmp_path / "bad.db", Random(seed)
    found, data = read(path), path.read_bytes()
    refused = 0
    for _ in range(40):
        flipped = bytearray(data)
        flipped[random.randrange(len(data))] ^= 1 << random.randrange(8)
        bad.write_bytes(flipped)
        try:
            again = read(bad)
        except BadFile:
            refused += 1
        else:
            assert again == found  # a bit that holds nothing
    assert refused


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tasks SET counts = replace(counts, '1', '2')",
        "UPDATE tasks SET first = first + 1024 WHERE first = 0",
        "UPDATE points SET parameters = replace(parameters, '0.5', '0.6')",
        "UPDATE points SET seed = 1",
        "DROP TRIGGER tasks_DELETE; DELETE FROM tasks WHERE first = 0",
        "DROP TRIGGER points_DELETE; DELETE FROM points WHERE experiment = 'Coin'",
        "UPDATE tally SET held = held + 1",
        "DELETE FROM tally",
    ],
)
def test_a_row_that_is_changed_or_lost_is_seen(tmp_path, statement):
    path = stored(tmp_path / "coin.db")
    with closing(sqlite3.connect(path)) as db:
        db.executescript(statement)
    for call in (lambda: read(path), lambda: hf.scan(Coin, out=path, **GRID)):
        with pytest.raises(BadFile, match="is damaged: its checksums are not those"):
            call()


def test_rows_may_be_deleted_by_hand(tmp_path):
    path = stored(tmp_path / "coin.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM tasks WHERE first >= 8")
        db.commit()
    assert {point.replicas for point in read(path).points} == {8}
    assert counts(hf.scan(Coin, repeats=20, out=path, **GRID)) == expected(20)


@pytest.mark.parametrize("time", ["-1", "9e999", "1e300", "'soon'"])
@pytest.mark.parametrize("column", ["seconds", "finished"])
def test_times_at_which_nothing_can_have_worked_are_refused(tmp_path, column, time):
    path = older(stored(tmp_path / "coin.db"), f"UPDATE tasks SET {column} = {time}")
    with pytest.raises(BadFile, match="is damaged: a task in it has the time"):
        read(path)


@pytest.mark.parametrize(
    "counts",
    [
        {"shares": {"heads": [5, 3]}},
        {"shares": {"heads": [0, 0]}},
        {"shares": {"heads": [1]}},
        {"shares": {"heads": [0.5, 1]}},
        {"means": {"x": [2, 10, 1]}},
        {"means": {"x": [0, 0, 0]}},
        {"histograms": {"x": [-1, 2]}},
        {"wonders": {"x": [1, 2]}},
        {"shares": {"x": [1, 2]}, "means": {"x": [2, 1, 1]}},
        {"shares": [1, 2]},
    ],
)
def test_counts_that_no_trials_can_give_are_refused(tmp_path, counts):
    path = older(stored(tmp_path / "coin.db"), f"UPDATE tasks SET counts = '{json.dumps(counts)}'")
    with pytest.raises(BadFile, match="is damaged: it holds what no scan wrote"):
        read(path)


def test_histograms_of_two_lengths_in_a_file_are_refused(tmp_path):
    path = older(
        stored(tmp_path / "coin.db"),
        """UPDATE tasks SET counts = '{"histograms": {"x": [1]}}' WHERE first = 0""",
        """UPDATE tasks SET counts = '{"histograms": {"x": [1, 1]}}' WHERE first > 0""",
    )
    with pytest.raises(BadFile, match=r"is damaged: x has 1 bins in some trials and 2 in others"):
        read(path)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be taken away there")
@pytest.mark.parametrize("how", ["deleted", "renamed", "replaced"])
def test_a_store_that_is_taken_away_while_a_scan_runs_is_said(tmp_path, monkeypatch, how):
    path, other = tmp_path / "coin.db", stored(tmp_path / "other.db")
    monkeypatch.setattr(plan, "MESSAGE", 1e-4)
    before = other.read_bytes()

    def take(progress):
        if progress.done > 100 and how == "deleted":
            path.unlink(missing_ok=True)
        elif progress.done > 100 and how == "renamed" and path.exists():
            path.rename(tmp_path / "away.db")
        elif progress.done > 100 and other.exists():
            other.replace(path)

    with pytest.raises(BadFile, match="was deleted, renamed or replaced while it was in use"):
        hf.scan(Coin, repeats=300, out=path, progress=take, **GRID)
    assert path.exists() == (how == "replaced")
    assert how != "replaced" or path.read_bytes() == before


def test_what_is_no_store_is_refused_and_left_alone(tmp_path):
    text, other, folder = tmp_path / "a.db", tmp_path / "b.db", tmp_path / "c.db"
    text.write_text("not a database " * 100)
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE mine (x)")
    folder.mkdir()
    for path, words in ((text, "not a database"), (other, "of another program"), (folder, "c.db")):
        before = path.read_bytes() if path.is_file() else None
        with pytest.raises(BadFile, match=words):
            hf.scan(Coin, out=path)
        assert (path.read_bytes() if path.is_file() else None) == before
    with pytest.raises(BadFile, match="is no file"):
        read(tmp_path / "none.db")
    with pytest.raises(BadFile, match="no such folder"):
        hf.scan(Coin, out=tmp_path / "none" / "x.db")


def test_a_locked_store_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr("hopfield.scans.store._WAIT", 0.05)
    path = stored(tmp_path / "coin.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BadFile, match="is locked by another program"):
            hf.scan(Coin, repeats=30, out=path, **GRID)
    assert counts(hf.scan(Coin, repeats=30, out=path, **GRID)) == expected(30)


def test_a_folder_that_is_read_only_is_reported(tmp_path, monkeypatch):
    check = Store._check
    path = stored(tmp_path / "coin.db")

    def read_only(self, write):  # root may write everywhere, and tests may be root
        self._db.execute("PRAGMA query_only = 1")
        return check(self, write)

    monkeypatch.setattr(Store, "_check", read_only)
    with pytest.raises(BadFile, match="is read-only"):
        hf.scan(Coin, repeats=30, out=path, **GRID)
    assert counts(read(path)) == expected(20)


def test_a_full_disk_loses_no_finished_task(tmp_path, monkeypatch):
    path, check = tmp_path / "coin.db", Store._check

    def full(self, write):
        self._db.execute("PRAGMA max_page_count = 9")
        return check(self, write)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_check", full)
        patch.setattr(plan, "MESSAGE", 1e-6)
        with pytest.raises(BadFile, match="disk is full"):
            hf.scan(Coin, repeats=300, out=path, **GRID)
    assert 0 < sum(point.replicas for point in read(path).points) < 1800
    assert counts(hf.scan(Coin, repeats=300, out=path, **GRID)) == expected(300)
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
    assert counts(hf.scan(Coin, repeats=20, out=folder / "coin.db", **GRID)) == expected(20)
    assert len(whole) == path.stat().st_size


def test_two_files_merge_and_nothing_counts_twice(tmp_path):
    one, two, out = (tmp_path / name for name in ("a.db", "b.db", "c.db"))
    hf.scan(Coin, repeats=40, out=one, bias=[0.2, 0.5], sides=[2, 3])
    hf.scan(Coin, repeats=64, out=two, bias=[0.5, 0.8], sides=[2, 3])
    merge(out, one, two, one)
    found = hf.scan(Coin, repeats=64, out=out, **GRID)
    assert counts(found) == expected(64)
    once(out, 64)

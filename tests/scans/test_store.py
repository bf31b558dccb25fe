"""The store: nothing lost, nothing counted twice, and one sentence about what is wrong."""

from __future__ import annotations

import importlib.util
import linecache
import os
import sqlite3
import sys
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, strategies as st

import hopfield as hf
from hopfield.experiments import Counts, count
from hopfield.io.files import BadFile
from hopfield.scans import Store, merge, plan, read
from hopfield.scans.tasks import Block, Done, gaps, identity, largest
from tests.scans.coin import GRID, Coin, counts, expected, once, stored


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
        db.execute("PRAGMA user_version = 2")
    before = path.read_bytes()
    for call in (lambda: read(path), lambda: hf.scan(Coin, out=path)):
        with pytest.raises(BadFile, match="format 2, newer than the 1"):
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

    def read_only(self):  # root may write everywhere, and tests may be root
        check(self)
        self._db.execute("PRAGMA query_only = 1")

    monkeypatch.setattr(Store, "_check", read_only)
    with pytest.raises(BadFile, match="is read-only"):
        hf.scan(Coin, repeats=30, out=path, **GRID)
    assert counts(read(path)) == expected(20)


def test_a_full_disk_loses_no_finished_task(tmp_path, monkeypatch):
    path, check = tmp_path / "coin.db", Store._check

    def full(self):
        check(self)
        self._db.execute("PRAGMA max_page_count = 8")

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

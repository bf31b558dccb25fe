"""The store: one SQLite file of finished tasks, each in it once, written in transactions.

While a scan runs the file is in WAL mode, so that a crash in mid-write loses nothing and others
can read; once closed it is one plain file again. The book's page on scans describes the format.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from ..experiments.base import Counts, Experiment
from ..io.files import BadFile, PathLike, as_path
from .tasks import Block, Done, code_of, parameters_of

APPLICATION, VERSION = 0x486F7066, 1  # "Hopf" in the file's header; of this format
_WAIT = 10.0  # seconds for another program to let go of the file
_TABLES = """
CREATE TABLE points (
    id TEXT PRIMARY KEY, experiment TEXT NOT NULL, version INTEGER NOT NULL,
    parameters TEXT NOT NULL, seed INTEGER NOT NULL, notes TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE tasks (
    point TEXT NOT NULL REFERENCES points (id), first INTEGER NOT NULL, size INTEGER NOT NULL,
    counts TEXT NOT NULL, seconds REAL NOT NULL, machine TEXT NOT NULL, package TEXT NOT NULL,
    finished REAL NOT NULL, PRIMARY KEY (point, first),
    CHECK (size > 0 AND size & (size - 1) = 0 AND first >= 0 AND first % size = 0)
) WITHOUT ROWID;
"""
_POINTS = "id, experiment, version, parameters, seed, notes FROM points"
_TASKS = "first, size, counts, seconds, machine, package, finished FROM tasks"
_MARK = b"SQLite format 3"
_NOTES = {"about": "", "axes": (), "source": "", "code": ""}


class Row(NamedTuple):
    """A point as the store has it."""

    id: str
    experiment: str
    version: int
    parameters: dict[str, Any]
    seed: int
    notes: dict[str, Any]


class Store:
    """A store of finished tasks, open; a context manager.

    Parameters
    ----------
    path : str or os.PathLike, optional
        The file; without one the store is in memory.
    write : bool
        Make the file where there is none; else it is only read.

    Raises
    ------
    BadFile
        If the file cannot be opened, is no store, or of a newer format.

    Examples
    --------
    >>> with Store() as store:
    ...     list(store.points())
    []
    """

    def __init__(self, path: PathLike | None = None, write: bool = True) -> None:
        self.path = None if path is None else as_path(path)
        name = ":memory:" if self.path is None else str(self.path.absolute())
        if self.path and (self.path.is_dir() or not (write or self.path.is_file())):
            raise BadFile(f"{path} is no file")
        if self.path and not write:
            name = f"{self.path.resolve().as_uri()}?mode=ro"
        with self._plain():
            self._db = sqlite3.connect(name, timeout=_WAIT, isolation_level=None, uri=not write)
        try:
            with self._plain():
                self._check()
                if write:
                    self._prepare()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(sqlite3.Error):  # another program has it open, or it is only read
            self._db.execute("PRAGMA busy_timeout = 0")
            self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.close()

    def register(self, points: Iterable[tuple[str, Experiment]], seed: int) -> None:
        """Write down which points there are."""
        rows = [
            Row(
                id,
                type(e).__name__,
                e.version,
                parameters_of(e),
                seed,
                {"about": e.about, "axes": e.axes, "source": e.source, "code": code_of(type(e))},
            )
            for id, e in points
        ]
        self._refuse_other_code(rows)
        with self._transaction():
            self._insert(rows)

    def add(self, tasks: Iterable[Done]) -> None:
        """Write finished tasks, all or none; what is already there is left alone."""
        with self._transaction():
            for task in tasks:
                self._add(task)

    def points(self) -> Iterator[Row]:
        """Yield the points in the order of their parameters."""
        for id, experiment, version, parameters, seed, notes in self._rows(
            f"SELECT {_POINTS} ORDER BY experiment, version, seed, id"
        ):
            known = self._parsed(parameters), seed, _NOTES | self._parsed(notes)
            yield Row(id, experiment, version, *known)

    def tasks(self, point: str) -> Iterator[Done]:
        """Yield what is finished of a point, by replica."""
        for first, size, counts, *how in self._rows(
            f"SELECT {_TASKS} WHERE point = ? ORDER BY first", point
        ):
            yield Done(Block(point, first, size), self._parsed(counts, Counts.from_dict), *how)

    def merge(self, other: Store) -> None:
        """Take over what another store has."""
        rows = list(other.points())
        self._refuse_other_code(rows)
        with self._transaction():
            self._insert(rows)
            for row in rows:
                for task in other.tasks(row.id):
                    self._add(task)

    def _refuse_other_code(self, rows: Iterable[Row]) -> None:
        """Refuse counts of an experiment whose code is not that of the counts that are here."""
        codes = {(row.experiment, row.version): row.notes.get("code") for row in rows}
        for row in self.points():
            code, here = codes.get((row.experiment, row.version)), row.notes.get("code")
            if code and here and code != here:
                raise ValueError(
                    f"{self.path} holds counts of another {row.experiment}, version {row.version}: "
                    "its code has changed; raise its `version`, or name another file"
                )

    def _insert(self, points: Iterable[Row]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO points VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    p.id,
                    p.experiment,
                    p.version,
                    json.dumps(p.parameters),
                    p.seed,
                    json.dumps(p.notes),
                )
                for p in points
            ),
        )

    def _add(self, task: Done) -> None:
        (point, first, size), counts, *how = task
        before = self._db.execute(
            "SELECT first + size FROM tasks WHERE point = ? AND first <= ? "
            "ORDER BY first DESC LIMIT 1",
            (point, first),
        ).fetchone()
        if before and before[0] >= first + size:  # it holds this one
            return
        inside = (point, first, first + size)
        self._db.execute("DELETE FROM tasks WHERE point = ? AND first >= ? AND first < ?", inside)
        self._db.execute(
            "INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (point, first, size, json.dumps(counts.as_dict()), *how),
        )

    def _parsed(self, text: str, make: Callable[[Any], Any] = dict) -> Any:
        try:
            return make(json.loads(text))
        except (ValueError, TypeError, AttributeError) as error:
            raise BadFile(f"{self.path} is damaged: it holds what no scan wrote") from error

    def _check(self) -> None:
        """Refuse a file that is no store, or of a newer format."""
        (kind,), (version,) = (
            self._db.execute(f"PRAGMA {name}").fetchone()
            for name in ("application_id", "user_version")
        )
        empty = self._db.execute("SELECT 1 FROM sqlite_master").fetchone() is None
        if kind != APPLICATION and not (empty and kind == 0):
            raise BadFile(f"{self.path} is a database of another program, not a store of scans")
        if version > VERSION:
            raise BadFile(
                f"{self.path} has format {version}, newer than the {VERSION} that this hopfield "
                "reads: update hopfield"
            )
        for columns in () if empty else (_POINTS, _TASKS):
            self._db.execute(f"SELECT {columns} LIMIT 0")

    def _prepare(self) -> None:
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA journal_mode = WAL")
        with self._transaction():
            if not self._db.execute("PRAGMA user_version").fetchone()[0]:
                for statement in _TABLES.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {APPLICATION}")
                self._db.execute(f"PRAGMA user_version = {VERSION}")

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._plain():
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._plain():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _plain(self) -> Iterator[None]:
        """Turn whatever SQLite says into one sentence about the file."""
        try:
            yield
        except sqlite3.Error as error:
            raise BadFile(f"{self.path} {_said(str(error), self.path)}") from error


def is_store(path: PathLike) -> bool:
    """Say whether a file is meant for a store: by its name, or as a database by its first bytes.

    Examples
    --------
    >>> is_store("capacity.db"), is_store("no such file.npz")
    (True, False)
    """
    path = as_path(path)
    if path.suffix.lower() == ".db" or not path.is_file():
        return path.suffix.lower() == ".db"
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK


def _said(error: str, path: Path | None) -> str:
    if "locked" in error:
        return f"is locked by another program, and was for {_WAIT:.0f} seconds"
    if "full" in error:
        return "cannot be written: the disk is full; all tasks stored before are safe"
    if "not a database" in error:
        return "is no store of scans: it is not a database"
    if "no such" in error:
        return f"is no store of scans: {error}"
    if "malformed" in error:
        return "is damaged: it cannot be read as a database"
    if "unable to open" in error and path is not None and not path.parent.is_dir():
        return "cannot be written: there is no such folder"
    if "readonly" in error or "unable to open" in error:
        return "cannot be written: the file or its folder is read-only"
    return f"cannot be used: {error}"

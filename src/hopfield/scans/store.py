"""The store: one SQLite file of finished tasks, each in it once, written in transactions.

While a scan runs the file is in WAL mode, so that a crash in mid-write loses nothing and others
can read; once closed it is one plain file again. Each row has a checksum, and a row of the table
`tally` has their number and sum: what is damaged is no number. The book's page on scans describes
the format.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from ..base.checks import flag
from ..experiments.base import Counts, Experiment
from ..io.files import BadFile, PathLike, as_path
from .code import code_of
from .schema import APPLICATION, COLUMNS, VERSION, bring_up, digest, is_whole
from .tasks import Block, Done, expected, parameters_of

_WAIT = 10.0  # seconds for another program to let go of the file
_YEAR_10000 = 253402300800  # in seconds since 1970
_MARK = b"SQLite format 3"
_ANY_TASK = "SELECT 1 FROM tasks LIMIT 1"
_NOTES: dict[str, Any] = {
    "about": "",
    "axes": (),
    "source": "",
    "code": {},
    "theory": None,
    "lines": {},
}


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
        If the file cannot be opened, is no store, damaged, or of a newer format; later, if it
        was deleted or replaced in the meantime.

    Examples
    --------
    >>> with Store() as store:
    ...     list(store.points())
    []
    """

    def __init__(self, path: PathLike | None = None, write: bool = True) -> None:
        self.path, write = None if path is None else as_path(path), flag(write, "write")
        self._file: tuple[int, int] | None = None  # which one it was when it was opened
        name = ":memory:" if self.path is None else str(self.path.absolute())
        with self._plain():
            self._new = write and self.path is not None and not self.path.exists()
            if self.path and self.path.is_dir():
                raise BadFile(f"{path} is a directory")
            if self.path and not (write or self.path.is_file()):
                raise BadFile(f"{path} is no file")
        if self.path and not write:
            name = f"{self.path.resolve().as_uri()}?mode=ro"
        with self._plain():
            self._db = sqlite3.connect(name, timeout=_WAIT, isolation_level=None, uri=not write)
        try:
            with self._plain():
                self._open(write)
        except BaseException:
            self._db.close()
            raise
        if self.path and write:
            self._file = _which(self.path)

    def _open(self, write: bool) -> None:
        """Check the file, and bring it to this format: where it is only read, a copy of it."""
        version = self._check(write)
        if not write and version < VERSION:
            copy = sqlite3.connect(":memory:", isolation_level=None)
            self._db.backup(copy)
            self._db.close()
            self._db = copy
        self._db.create_function("digest", -1, digest, deterministic=True)
        if write or version < VERSION:
            with self._transaction():
                bring_up(self._db)
        if not is_whole(self._db):
            raise BadFile(f"{self.path} is damaged: its checksums are not those of what it holds")
        if write:
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA journal_mode = WAL")

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: object = None, *_: object) -> None:
        useless = False
        with suppress(sqlite3.Error):  # another program has it open, or it is only read
            self._db.execute("PRAGMA busy_timeout = 0")
            self._db.execute("PRAGMA journal_mode = DELETE")
            useless = bool(kind and self._new and not self._db.execute(_ANY_TASK).fetchone())
        self._db.close()
        if useless and self.path and self._file == _which(self.path):
            self.path.unlink()  # whatever failed, it failed before anything was counted

    def register(self, points: Iterable[tuple[str, Experiment]], seed: int) -> None:
        """Write down which points there are, and what is known of them now."""
        code: dict[str, str] | None = None
        rows = []
        for id, e in points:  # of one class
            code = code_of(type(e)) if code is None else code
            notes = {"about": e.about, "axes": e.axes, "source": e.source, "code": code}
            known = type(e).__name__, e.version, parameters_of(e), seed
            rows.append(Row(id, *known, notes | expected(e)))
        refuse_other_code((self.path, self.points()), (self.path, rows))
        with self._transaction():
            self._insert(rows, "DO UPDATE SET notes = excluded.notes, checksum = excluded.checksum")

    def add(self, tasks: Iterable[Done]) -> None:
        """Write finished tasks, all or none; what is already there is left alone."""
        with self._transaction():
            for task in tasks:
                self._add(task)

    def points(self) -> Iterator[Row]:
        """Yield the points in the order of their parameters."""
        for id, experiment, version, parameters, seed, notes in self._rows(
            f"SELECT {COLUMNS['points']} FROM points ORDER BY experiment, version, seed, id"
        ):
            known = self._parsed(parameters), seed, _NOTES | self._parsed(notes)
            yield Row(id, experiment, version, *known)

    def tasks(self, point: str) -> Iterator[Done]:
        """Yield what is finished of a point, by replica."""
        for _, first, size, counts, *how in self._rows(
            f"SELECT {COLUMNS['tasks']} FROM tasks WHERE point = ? ORDER BY first", point
        ):
            counted = self._parsed(counts, Counts.from_dict)
            yield self._possible(Done(Block(point, first, size), counted, *how))

    def merge(self, *others: Store) -> None:
        """Take over what other stores have, all of it or nothing."""
        held = [(other.path, list(other.points())) for other in others]
        refuse_other_code((self.path, self.points()), *held)
        with self._transaction():
            for other, (_, rows) in zip(others, held, strict=True):
                self._insert(rows, "DO NOTHING")
                for row in rows:
                    for task in other.tasks(row.id):
                        self._add(task)

    def _insert(self, points: Iterable[Row], known: str) -> None:
        for p in points:
            row = *p[:3], json.dumps(p.parameters), p.seed, json.dumps(p.notes)
            self._db.execute(
                f"INSERT INTO points VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) {known}",
                (*row, digest(*row)),
            )

    def _add(self, task: Done) -> None:
        (point, first, size), counts, seconds, machine, package, finished = task
        before = self._db.execute(
            "SELECT first + size FROM tasks WHERE point = ? AND first <= ? "
            "ORDER BY first DESC LIMIT 1",
            (point, first),
        ).fetchone()
        if before and before[0] >= first + size:  # it holds this one
            return
        inside = (point, first, first + size)
        self._db.execute("DELETE FROM tasks WHERE point = ? AND first >= ? AND first < ?", inside)
        how = float(seconds), machine, package, float(finished)  # as SQLite gives them back
        row = point, first, size, json.dumps(counts.as_dict()), *how
        self._db.execute(
            "INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, digest(*row))
        )

    def _parsed(self, text: str, make: Callable[[Any], Any] = dict) -> Any:
        try:
            return make(json.loads(text))
        except (ValueError, TypeError, AttributeError) as error:
            raise BadFile(f"{self.path} is damaged: it holds what no scan wrote") from error

    def _possible(self, done: Done) -> Done:
        """Return a task, refusing times at which, and for which, nothing can have worked."""
        for time, end in ((done.seconds, _YEAR_10000), (done.finished, _YEAR_10000)):
            if not (isinstance(time, float) and isfinite(time) and 0 <= time < end):
                raise BadFile(f"{self.path} is damaged: a task in it has the time {time!r:.40}")
        return done

    def _check(self, write: bool) -> int:
        """Return the format; refuse a file that is no store, or of a newer one."""
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
        for table, columns in () if empty and write else COLUMNS.items():
            self._db.execute(f"SELECT {columns} FROM {table} LIMIT 0")
        return int(version)

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
        except OSError as error:
            raise BadFile(f"{self.path} cannot be opened: {error.strerror}") from error
        except (sqlite3.Error, UnicodeDecodeError) as error:  # of SQLite's own message, even
            raise BadFile(f"{self.path} {_said(str(error), self.path)}") from error
        if self._file and self._file != _which(self.path):
            raise BadFile(
                f"{self.path} was deleted, renamed or replaced while it was in use: what was "
                "counted meanwhile is not in it"
            )


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


def refuse_other_code(*held: tuple[Path | None, Iterable[Row]]) -> None:
    """Refuse rows of experiments of one name and version, but not of one code, by their files."""
    known: dict[tuple[str, int], tuple[Path | None, Any]] = {}
    for path, rows in held:
        for row in rows:
            code = row.notes["code"]
            first, other = known.setdefault((row.experiment, row.version), (path, code))
            if (code or other) and code != other:
                raise ValueError(
                    f"{first} holds counts of another {row.experiment}, version {row.version}: "
                    f"{_differ(code, other)}; raise its `version`, or name another file"
                )


def _differ(one: Any, other: Any) -> str:
    """Say in what two codes differ; of old stores they are texts."""
    if not (one and other):
        return "one is hopfield's own, and one is not"
    if isinstance(one, str) or isinstance(other, str):
        return "an earlier hopfield wrote it, which noted less of the code"
    names = sorted({name for name, _ in one.items() ^ other.items()})
    return f"its code has changed ({', '.join(names[:4])}{', ...' * (len(names) > 4)})"


def _which(path: Path | None) -> tuple[int, int] | None:
    """Return what tells a file from others, None where there is none."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def _said(error: str, path: Path | None) -> str:
    if "locked" in error:
        return f"is locked by another program, and was for {_WAIT:.0f} seconds"
    if "full" in error:
        return "cannot be written: the disk is full; all tasks stored before are safe"
    if "not a database" in error:
        return "is no store of scans: it is not a database"
    if any(word in error for word in ("malformed", "decode", "user-defined")):
        return "is damaged: it cannot be read as a database"
    if "no such" in error:
        return f"is no store of scans: {error}"
    if "unable to open" in error and path is not None and not path.parent.is_dir():
        return "cannot be written: there is no such folder"
    if "readonly" in error or "unable to open" in error:
        return "cannot be written: the file or its folder is read-only"
    return f"cannot be used: {error}"

"""What a store's file is made of: its tables, its checksums, and how an older one gets them."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from typing import Any

APPLICATION, VERSION = 0x486F7066, 2  # "Hopf" in the file's header; of this format
COLUMNS = {
    "points": "id, experiment, version, parameters, seed, notes",
    "tasks": "point, first, size, counts, seconds, machine, package, finished",
}
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
) WITHOUT ROWID
"""  # of format 1
_TALLY = """
CREATE TABLE tally (held INTEGER NOT NULL, total INTEGER NOT NULL);
INSERT INTO tally SELECT count(*), ifnull(sum(checksum), 0)
    FROM (SELECT checksum FROM points UNION ALL SELECT checksum FROM tasks)
"""
_CHANGES = {  # of the tally, by what happens to a row
    "INSERT": "held = held + 1, total = total + NEW.checksum",
    "DELETE": "held = held - 1, total = total - OLD.checksum",
    "UPDATE": "total = total + NEW.checksum - OLD.checksum",
}
_DIGESTS = " UNION ALL ".join(
    f"SELECT checksum, digest({columns}) AS digest FROM {table}"
    for table, columns in COLUMNS.items()
)
_WHOLE = f"""
SELECT count(*) = (SELECT held FROM tally) AND ifnull(min(checksum = digest), 1)
    AND ifnull(sum(checksum), 0) = (SELECT total FROM tally) FROM ({_DIGESTS})
"""  # in one statement: another program may write


def digest(*row: Any) -> int:
    """Return a row's checksum, of 32 bits.

    Examples
    --------
    >>> digest("a", 1, 1.0) == digest("a", 1, 1.5)
    False
    """
    return int.from_bytes(blake2b(repr(row).encode(), digest_size=4).digest())


def bring_up(db: sqlite3.Connection) -> None:
    """Make what a file that is new, or of an earlier format, does not have."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    statements = _TABLES.split(";") if version == 0 else []
    if version < 2:
        for table, columns in COLUMNS.items():
            statements.append(f"ALTER TABLE {table} ADD checksum INTEGER NOT NULL DEFAULT 0")
            statements.append(f"UPDATE {table} SET checksum = digest({columns})")
        statements += _TALLY.split(";")
        statements += [
            f"CREATE TRIGGER {table}_{event} AFTER {event} ON {table} "
            f"BEGIN UPDATE tally SET {change}; END"
            for table in COLUMNS
            for event, change in _CHANGES.items()
        ]
        statements.append(f"PRAGMA application_id = {APPLICATION}")
        statements.append(f"PRAGMA user_version = {VERSION}")
    for statement in statements:
        db.execute(statement)


def is_whole(db: sqlite3.Connection) -> bool:
    """Say whether each row has its checksum, and all are there."""
    (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
    (whole,) = db.execute(_WHOLE).fetchone()
    return said == "ok" and bool(whole)

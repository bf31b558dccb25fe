"""What a store holds, point by point, and as a table for pandas, Parquet or xarray."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from ..base.checks import choice, describe, missing
from ..base.shown import columns
from ..experiments.base import Counts
from ..io.files import BadFile, PathLike
from .store import Row, Store, refuse_other_code
from .tasks import plain, several


@dataclass(frozen=True)
class Point:
    """One point of a grid: its parameters and all that was counted there.

    Attributes
    ----------
    row : Row
        id, experiment, version, parameters, seed and notes.
    counts : Counts
    replicas, tasks : int
        Independent samples, and the tasks they came in.
    seconds : float
        Work.
    packages, machines : frozenset of str
        Versions of hopfield, and hosts, that took part.
    finished : float
        When the last task was, in seconds since 1970.
    """

    row: Row
    counts: Counts
    replicas: int
    tasks: int
    seconds: float
    packages: frozenset[str]
    machines: frozenset[str]
    finished: float

    @property
    def about(self) -> str:
        """The quantity that is drawn."""
        return self.row.notes["about"] or next(iter(self.counts.names), "")


@dataclass(frozen=True)
class Results:
    """The points of a scan; `hopfield.scan` and `read` return them.

    Attributes
    ----------
    points : tuple of Point

    Examples
    --------
    >>> import hopfield as hf
    >>> r = hf.scan(hf.experiments.Crosstalk, N=100, alpha=[0.1, 0.2], repeats=4)
    >>> [row["alpha"] for row in r.table()], r
    ([0.1, 0.2], Results(2 points, 8 replicas))
    """

    points: tuple[Point, ...]

    def __repr__(self) -> str:
        return f"Results({len(self.points)} points, {self.replicas:,} replicas)"

    def _repr_html_(self) -> str:
        """Return the points as a table: what varies, and each quantity with its interval."""
        varying = self.varying()
        names = list(dict.fromkeys(name for point in self.points for name in point.counts.names))
        rows = [
            [
                *(point.row.parameters.get(name, "") for name in varying),
                *(_told(point.counts, name) for name in names),
            ]
            for point in self.points
        ]
        return columns(repr(self), [*varying, *names], rows)

    @property
    def replicas(self) -> int:
        """Independent samples at all points together."""
        return sum(point.replicas for point in self.points)

    def of(self, experiment: str) -> Results:
        """Return the points of one experiment, by its name."""
        name = experiment if isinstance(experiment, str) else None
        return Results(tuple(p for p in self.points if p.row.experiment == name))

    def where(self, **parameters: Any) -> Results:
        """Return the points at which parameters have a value, or one of several.

        Examples
        --------
        >>> import hopfield as hf
        >>> r = hf.scan(hf.experiments.Crosstalk, N=[50, 80], alpha=[0.1, 0.2, 0.3], repeats=2)
        >>> r.where(N=50, alpha=[0.1, 0.3])
        Results(2 points, 4 replicas)
        """
        points = self.points
        for name, wanted in parameters.items():
            choice(name, "where", dict.fromkeys(n for p in points for n in p.row.parameters))
            there = list(dict.fromkeys(p.row.parameters.get(name) for p in points))
            values = [plain(value, name) for value in several(wanted, name)]
            if missed := [value for value in values if value not in there]:
                known = ", ".join(map(str, there[:8])) + ", ..." * (len(there) > 8)
                raise ValueError(f"{name} is {known} here, never {describe(missed[0])}")
            points = tuple(p for p in points if p.row.parameters.get(name) in values)
        return Results(points)

    def varying(self) -> list[str]:
        """Return the parameters that are not the same at all points."""
        seen: dict[str, set[Any]] = {}
        for point in self.points:
            for name, value in point.row.parameters.items():
                seen.setdefault(name, set()).add(value)
        return [name for name, values in seen.items() if len(values) > 1]

    def table(self) -> list[dict[str, Any]]:
        """Return a row a point: parameters, then each quantity with its 95 % interval."""
        return [
            {
                "experiment": point.row.experiment,
                **point.row.parameters,
                "seed": point.row.seed,
                "replicas": point.replicas,
                "seconds": point.seconds,
                **{
                    f"{name}{end}": value
                    for name in point.counts.names
                    for end, value in zip(
                        ("", "_low", "_high", "_trials"), point.counts.estimate(name), strict=True
                    )
                },
            }
            for point in self.points
        ]

    def summary(self) -> dict[str, Any]:
        """Return in short what a store holds, as ``hopfield info`` prints it."""
        rows = [point.row for point in self.points]
        experiments = {f"{row.experiment}, version {row.version}" for row in rows}
        return {
            "kind": "store of scans",
            "experiments": "; ".join(sorted(experiments)) or "none",
            "points": len(rows),
            "replicas": self.replicas,
            "seeds": ", ".join(map(str, sorted({row.seed for row in rows}))),
            "seconds_of_work": sum(point.seconds for point in self.points),
        }

    def to_pandas(self) -> Any:
        """Return `table` as a pandas DataFrame."""
        return _needs("pandas").DataFrame(self.table())

    def to_parquet(self, path: PathLike) -> None:
        """Write `table` as a Parquet file, with pyarrow."""
        from ..io.files import atomic_path

        table = _needs("pyarrow").Table.from_pylist(self.table())
        with atomic_path(path) as temporary:
            _needs("pyarrow.parquet").write_table(table, temporary)

    def to_xarray(self) -> Any:
        """Return `table` as an xarray Dataset over the parameters that vary."""
        _needs("xarray")
        axes = self.varying() or ["seed"]
        frame = self.to_pandas()
        if frame.duplicated(axes).any():
            raise ValueError("several points have the same parameters: other seeds or experiments")
        return frame.set_index(axes).to_xarray()


def results(store: Store, ids: Iterable[str] | None = None) -> Results:
    """Return what a store has, of some points or of all, in the order of their parameters."""
    rows = {row.id: row for row in store.points()}
    if ids is None:
        wanted = sorted(rows.values(), key=lambda r: (r.experiment, *order(r.parameters.values())))
    else:
        wanted = [rows[id] for id in ids]
    return Results(tuple(_point(store, row) for row in wanted))


def read(path: PathLike) -> Results:
    """Return what is in a file that `hopfield.scan` wrote.

    Parameters
    ----------
    path : str or os.PathLike
        The store.

    Returns
    -------
    Results
        Points at which something is finished.

    Raises
    ------
    BadFile
        If it is no store.

    Examples
    --------
    >>> read("/")
    Traceback (most recent call last):
        ...
    hopfield.io.files.BadFile: / is a directory
    """
    with Store(path, write=False) as store:
        found = results(store)
    return Results(tuple(point for point in found.points if point.tasks))


def merge(out: PathLike, *others: PathLike) -> Results:
    """Put what several stores hold into one; nothing is counted twice.

    Parameters
    ----------
    out : str or os.PathLike
        The store to write, made where there is none.
    *others : str or os.PathLike
        Stores to read.

    Returns
    -------
    Results
        All that is now in ``out``.

    Raises
    ------
    BadFile
        If a file cannot be read, is no store, or of a newer format; then nothing is written.
    ValueError
        If they hold one experiment, counted by different code; nothing is written then either.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.scans.merge("all.db", "no such file.db")
    Traceback (most recent call last):
    hopfield.io.files.BadFile: no such file.db is no file
    """
    for path in others:
        read(path)
    with ExitStack() as stack:
        found = [stack.enter_context(Store(path, write=False)) for path in others]
        refuse_other_code(*((other.path, other.points()) for other in found))
        store = stack.enter_context(Store(out))
        store.merge(*found)
        return results(store)


def _point(store: Store, row: Row) -> Point:
    tasks = list(store.tasks(row.id))
    try:
        counts = sum((task.counts for task in tasks), Counts())
    except ValueError as error:
        raise BadFile(f"{store.path} is damaged: {error}") from error
    return Point(
        row,
        counts,
        sum(task.block.size for task in tasks),
        len(tasks),
        sum(task.seconds for task in tasks),
        frozenset(task.package for task in tasks),
        frozenset(task.machine for task in tasks),
        max((task.finished for task in tasks), default=0.0),
    )


def order(values: Iterable[Any]) -> list[tuple[int, Any]]:
    """Return what sorts parameters of mixed kinds: none, numbers, words."""
    return [(0, 0) if v is None else (2, v) if isinstance(v, str) else (1, v) for v in values]


def _needs(package: str) -> Any:
    import importlib

    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise missing(f"this needs {package.split('.')[0]}", "tables") from error


def _told(counts: Counts, name: str) -> str:
    """Return a quantity and its 95 % interval in words."""
    if name not in counts.names:
        return ""
    found = counts.estimate(name)
    return f"{found.value:.4g} ({found.low:.4g} to {found.high:.4g})"

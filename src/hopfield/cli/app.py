"""The command line: ``hopfield tour``, ``gallery``, ``recall``, ``info``, ``book``, ``sweep`` ...

What a command computes is the library's; here are only its words. Typer and Rich come with
the extra ``cli``.
"""

from __future__ import annotations

import inspect
import io
import json
import os
import re
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Annotated, Any

import numpy as np

import hopfield as hf

from ..base.checks import choice, missing
from ..core.neurons import TIES, Neuron
from ..core.patterns import Int8, narrow

try:
    import typer
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text
except ImportError:  # `main` says so
    MISSING = True
else:
    MISSING = False

Shape = tuple[int, int]
ORDERS: dict[str, Callable[[], Any]] = {
    "sync": hf.Sync,
    "shuffled": hf.Shuffled,
    "random": hf.Random,
    "sequential": hf.Sequential,
}
NEURONS, CODINGS = ("sign", "heatbath"), ("bipolar", "01")
HALVES = ("bottom", "top", "left", "right")
ARRAYS = (".npy", ".npz", ".csv", ".txt")
BAD_INPUT = (ValueError, TypeError, OSError, ImportError, RuntimeError, MemoryError)
FRAMES, ROWS = 120, 12  # at most, of a film and of the printed table of overlaps
ALIKE = 0.5  # recall may confuse two patterns whose overlap is larger in size

EXAMPLES = {
    "tour": ["", "--out lesson --seed 7", "--json > tour.json"],
    "gallery": ["", "retrieval basins --out figures", "--list"],
    "recall": [
        "--store a.png b.png --cue noisy.png --out recalled.png",
        "--store a.png b.png --flip 0.25 --blank bottom --order sync",
        "--store photo.jpg --size 64x64 --flip 0.3 --animate film.gif",
        "--store xi.npy --flip 0.1 --neuron heatbath --temperature 1",
    ],
    "info": ["a.png", "xi.npy", "result.npz --json"],
    "book": ["", "--port 8000", "--folder build/book --no-open"],
    "lab": ["", "--port 8000", "--folder build/book --no-open"],
    "sweep": [
        "--experiment Capacity N=500,2000 alpha=0.05:0.25:21 --repeats 100",
        "--experiment Retrieval N=1000 alpha=0.01:0.15:15 T=0:1:15 --out map.db",
        "--experiment my.py:MyExperiment size=1,2,3 --until 0.01 --workers 4",
        "--experiment Basin start=0.1:0.9:9 --dask tcp://host:8786",
    ],
    "merge": ["all.db monday.db tuesday.db"],
    "plot": ["capacity.db", "capacity.db --y all_fixed --out figure.pdf"],
    "report": ["capacity.db", "capacity.db --out report.html"],
}


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    args : sequence of str, optional
        The words after ``hopfield``; by default those of the process.

    Returns
    -------
    int
        0; 1 where a check of the tour failed; 2 for bad input; 130 after Ctrl-C.

    Examples
    --------
    >>> main(["--version"])
    hopfield ...
    0
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file may have any name
    if MISSING:
        return _complain(str(missing("the command line needs typer and rich", "cli")))
    words = spread(sys.argv[1:] if args is None else args)
    try:
        status = _app()(words or ["--help"], prog_name="hopfield", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        status = 130
    except Exception as error:
        told = hasattr(error, "format_message") or hasattr(error, "__notes__")
        if not (told or isinstance(error, BAD_INPUT)):
            raise
        if os.environ.get("HOPFIELD_DEBUG") == "1":
            traceback.print_exc()
        return _complain(_sentence(error), getattr(error, "status", 2))
    return _complain("stopped, nothing was written", 130) if status == 130 else int(status or 0)


def spread(words: Sequence[str], option: str = "--store") -> list[str]:
    """Repeat an option before each of its values, as Typer wants it.

    Examples
    --------
    >>> spread(["recall", "--store", "a.png", "b.png", "--flip", "0.2"])
    ['recall', '--store', 'a.png', '--store', 'b.png', '--flip', '0.2']
    """
    out: list[str] = []
    inside = False
    for word in words:
        if word.startswith("-"):
            inside = word.split("=")[0] == option
        elif inside and out[-1] != option:
            out.append(option)
        out.append(word)
    return out


# ---- commands ------------------------------------------------------------------------------


def _app() -> typer.Typer:
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(help="Hopfield networks: a memory, a neuron and an order.")(_options)
    from . import scan as more

    ours = tour, gallery, recall, info, book, lab
    for command in (*ours, more.sweep, more.merge, more.plot, more.report):
        name = command.__name__
        lines = (f"  hopfield {name} {words}".rstrip() for words in EXAMPLES[name])
        app.command(epilog="\n".join(["\b", "Examples:", *lines]))(command)
    return app


def _option(text: str, metavar: str | None = None, *names: str, **more: Any) -> Any:
    return typer.Option(*names, metavar=metavar, help=text, **more)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"hopfield {hf.__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, _option("Print the version.", None, "--version", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Typer takes the options that stand before a command from here."""


def tour(
    out: Annotated[Path, _option("Where the pages go.", "FOLDER")] = Path("tour"),
    seed: Annotated[int, _option("Seed of every draw.", "INTEGER", min=0)] = 2026,
    as_json: Annotated[bool, _option("Print one JSON document.", None, "--json")] = False,
) -> int:
    """Run the course's experiments and check what comes out."""
    from ..lessons.tour import run

    report = _watched(run, out, rng=seed)
    _print_json(report.as_dict()) if as_json else _show_tour(report)
    return 0 if report.ok else 1


def gallery(
    names: Annotated[
        list[str] | None, typer.Argument(help="Which figures [default: all].", metavar="NAME")
    ] = None,
    out: Annotated[Path, _option("Where the pages go.", "FOLDER")] = Path("gallery"),
    seed: Annotated[int, _option("Seed of every draw.", "INTEGER", min=0)] = 2026,
    show: Annotated[bool, _option("Print the names and titles.", None, "--list")] = False,
) -> int:
    """Draw the textbook figure of each model: theory as lines, simulations as points."""
    from ..lessons.gallery import PLATES, run

    if show:
        for plate in PLATES.values():
            print(f"{plate.name:12} {plate.title}")
    else:
        print(f"open {_watched(run, out, names or None, rng=seed)}")
    return 0


def _watched(run: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Run what tells of its progress, with a bar where somebody is watching."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = _console(sys.stderr)
    if not console.is_terminal:
        return run(*args, **options)
    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def progress(done: int, total: int, title: str) -> None:
            bar.update(task, completed=done, total=total, description=title)

        return run(*args, progress=progress, **options)


def recall(
    store: Annotated[list[Path], _option("Pictures, or arrays (.npy .npz .csv).", "FILE ...")],
    cue: Annotated[
        Path | None, _option("Where to start [default: the first, flipped or blanked]", "FILE")
    ] = None,
    flip: Annotated[float | None, _option("Flip this part of the cue.", "FRACTION")] = None,
    blank: Annotated[
        str | None, _option(f"Then forget its {', '.join(HALVES)} half, or a fraction.", "PART")
    ] = None,
    rule: Annotated[
        str, _option(f"Learning rule: {', '.join(hf.learning.RULES)}.", "NAME")
    ] = "hebb",
    coding: Annotated[str, _option("Store as bipolar, -1/+1, or 01.", "NAME")] = "bipolar",
    order: Annotated[str, _option(f"Who moves when: {', '.join(ORDERS)}.", "NAME")] = "shuffled",
    neuron: Annotated[str, _option(f"{' or '.join(NEURONS)}.", "NAME")] = "sign",
    tie: Annotated[
        str | None, _option(f"Of sign, at a field of 0: {', '.join(TIES)} [default: keep]", "NAME")
    ] = None,
    temperature: Annotated[float | None, _option("Of heatbath, 0 or more.", "T")] = None,
    sweeps: Annotated[int, _option("Stop after so many at the latest.", "INTEGER", min=1)] = 100,
    size: Annotated[
        str | None, _option("Resize pictures; say the shape of arrays.", "ROWSxCOLS")
    ] = None,
    threshold: Annotated[str, _option("Ink is below otsu's, or 0 to 255.", "LEVEL")] = "otsu",
    invert: Annotated[bool, _option("Ink is the light part.", None, "--invert")] = False,
    out: Annotated[Path | None, _option("Write what is recalled as a picture.", "FILE")] = None,
    animate: Annotated[Path | None, _option("Film how the state falls.", "FILE.gif")] = None,
    save: Annotated[Path | None, _option("Save the result for hopfield.load.", "FILE.npz")] = None,
    save_memory: Annotated[
        Path | None, _option("Save the memory for hopfield.load.", "FILE.npz")
    ] = None,
    seed: Annotated[int, _option("Seed of every draw.", "INTEGER", min=0)] = 2026,
    as_json: Annotated[bool, _option("Print one JSON document.", None, "--json")] = False,
) -> int:
    """Store patterns, start from a cue, and say what is recalled."""
    if cue is None and flip is None and blank is None:
        raise ValueError("--cue must be given, or --flip or --blank to spoil the first pattern")
    for path in (out, animate, save, save_memory):
        if path is not None:
            _apart(path, *store, *([cue] if cue else []))
    choice(rule, "--rule", hf.learning.RULES)
    choice(coding, "--coding", CODINGS)
    who = ORDERS[choice(order, "--order", ORDERS)]()
    what = _neuron(neuron, tie, temperature)
    level = int(threshold) if threshold.isdecimal() else threshold
    files = store if cue is None else [*store, cue]
    found, shape, zeros = _read(files, size, threshold=level, invert=invert)
    names, xi = _names(store, found), np.concatenate(found[: len(store)])
    if cue is not None and len(found[-1]) > 1:
        raise ValueError(f"--cue must be one pattern; {cue} holds {len(found[-1])}")
    start = xi[0] if cue is None else found[-1][0]
    if flip is not None:
        start = hf.flip(start, _fraction(flip, "--flip"), rng=seed)
    if blank is not None:
        start = hf.blank(start, _part(blank, shape), rng=seed)
    m, *pair = _most_alike(xi)
    alike = " and ".join(names[k] for k in pair)
    if m == 1:
        raise ValueError(f"--store must hold each pattern once; {alike} are the same")
    memory = _learn(rule, xi, coding)
    result = hf.recall(memory, start, neuron=what, order=who, sweeps=sweeps, rng=seed)

    def film(path: Path) -> None:
        run = hf.Run(memory, start, neuron=what, order=who, rng=seed)
        hf.plots.animate(_frames(run, result.updates), path, shape, low=-1)

    p, n = xi.shape
    overlaps = [np.asarray(hf.overlap(state, xi)).tolist() for state in (start, result.state)]
    report = {
        "recalled": _recalled(result, xi, names),
        **{key: getattr(result, key) for key in ("why", "sweeps", "updates", "energy")},
        "undecided": result.undecided,
        "overlaps": [
            {"pattern": name, "cue": before, "recalled": after}
            for name, before, after in zip(names, *overlaps, strict=True)
        ],
        **{"patterns": p, "neurons": n, "load": p / n, "rule": rule, "coding": coding},
        **{"order": order, "neuron": neuron, "seed": seed, "kernel": result.kernel},
        "warnings": _warnings(rule, p, n, alike, m, result.undecided, zeros * (coding != "01")),
        "written": _write(
            (out, lambda path: hf.pictures.save_image(path, result.state, shape)),
            (animate, film),
            (save, lambda path: hf.save(path, result)),
            (save_memory, lambda path: hf.save(path, memory)),
        ),
    }
    _print_json(report) if as_json else _show_recall(report)
    return 0


def info(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A picture, array or store.")],
    as_json: Annotated[bool, _option("Print one JSON document.", None, "--json")] = False,
) -> int:
    """Say what a file is: a picture, patterns, something saved, or a store of sweeps."""
    facts = {"file": str(file), **_facts(file)}
    _print_json(facts) if as_json else _show_facts(facts)
    return 0


def book(
    port: Annotated[int | None, _option("Where [default: 8138, or a free one]", "PORT")] = None,
    folder: Annotated[
        Path | None, _option("A built book [default: the installed one]", "FOLDER")
    ] = None,
    no_open: Annotated[bool, _option("Only say the address.", None, "--no-open")] = False,
) -> int:
    """Serve the live book to this machine alone, and open it."""
    return _serve("index.html", port, folder, no_open)


def lab(
    port: Annotated[int | None, _option("Where [default: 8138, or a free one]", "PORT")] = None,
    folder: Annotated[
        Path | None, _option("A built book [default: the installed one]", "FOLDER")
    ] = None,
    no_open: Annotated[bool, _option("Only say the address.", None, "--no-open")] = False,
) -> int:
    """Serve the live book to this machine alone, and open its lab."""
    return _serve("lab.html", port, folder, no_open)


def _serve(page: str, port: int | None, folder: Path | None, no_open: bool) -> int:
    from . import site

    site.serve(folder or site.folder(), port or 0, open_browser=not no_open, page=page)
    return 0


# ---- what the options mean -----------------------------------------------------------------


def _read(
    paths: Sequence[Path], size: str | None, **options: Any
) -> tuple[list[Int8], Shape | None, list[str]]:
    """Return the patterns (P, N) of each file, all of one size; pictures' shape; which hold 0."""
    found: list[Int8] = []
    zeros: list[str] = []
    wanted = shape = None if size is None else _shape(size)
    for path in paths:
        its = wanted
        if path.suffix.lower() in ARRAYS:
            patterns, coding = _patterns(path)
            found.append(patterns)
            zeros += [path.name] * (coding == "01")
        else:
            picture = hf.pictures.read_image(path, wanted, **options)
            found.append(picture.reshape(1, -1))
            its = picture.shape
        n, first = found[-1].shape[1], found[0].shape[1]
        if wanted and n != wanted[0] * wanted[1]:
            raise ValueError(f"--size {size} does not fit the {n} neurons of {path}")
        if n != first or (shape and its and its != shape):
            mine, theirs = (its, shape) if its and shape else ((n,), (first,))
            raise ValueError(
                f"{path} has {_extent(mine)}, but {paths[0]} has {_extent(theirs)}; "
                "--size ROWSxCOLS brings pictures to one size"
            )
        shape = shape or its
    return found, shape, zeros


def _patterns(path: Path) -> tuple[Int8, str]:
    """Return an array file's patterns as -1/+1, and the coding that they have there."""
    try:
        return hf.read_patterns(path), "bipolar"
    except hf.files.BadFile:
        with suppress(hf.files.BadFile):
            return hf.read_patterns(path, coding="01"), "01"
        raise


def _apart(path: Path, *read: Path) -> Path:
    """Return a file to write, refusing one that is read."""
    if path.resolve() in {other.resolve() for other in read}:
        raise ValueError(f"{path} is read here, and must not be overwritten")
    return path


def _extent(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) + (" pixels" if len(shape) > 1 else " neurons")


def _shape(text: str) -> Shape:
    match = re.fullmatch(r"([1-9]\d{0,5})[xX]([1-9]\d{0,5})", text)
    if not match:
        raise ValueError(f"--size must be ROWSxCOLS, such as 32x32, not {text!r}")
    return int(match[1]), int(match[2])


def _fraction(value: float, option: str) -> float:
    if not 0 <= value <= 1:  # also refuses NaN
        raise ValueError(f"{option} must be a fraction between 0 and 1, not {value:g}")
    return value


def _part(text: str, shape: Shape | None) -> Any:
    """Return what --blank means: a fraction, or the neurons of half a picture."""
    if text not in HALVES:
        try:
            return _fraction(float(text), "--blank")
        except ValueError:
            allowed = f"{', '.join(HALVES)} or a fraction between 0 and 1"
            raise ValueError(f"--blank must be {allowed}, not {text!r}") from None
    if shape is None:
        raise ValueError(f"--blank {text} needs to know the arrays' shape: --size ROWSxCOLS")
    rows, columns = shape
    sites = np.arange(rows * columns).reshape(shape)
    halves = {
        "bottom": sites[rows // 2 :],
        "top": sites[: (rows + 1) // 2],
        "left": sites[:, : (columns + 1) // 2],
        "right": sites[:, columns // 2 :],
    }
    return halves[text].ravel()


def _neuron(name: str, tie: str | None, temperature: float | None) -> Neuron:
    if choice(name, "--neuron", NEURONS) == "heatbath":
        if temperature is None or tie is not None:
            raise ValueError("--neuron heatbath needs --temperature, and takes no --tie")
        if not 0 <= temperature < np.inf:  # also refuses NaN
            raise ValueError(f"--temperature must be 0 or more, not {temperature:g}")
        return hf.HeatBath(temperature)
    if temperature is not None:
        raise ValueError("--temperature belongs to --neuron heatbath")
    return hf.Sign(tie=choice(tie or "keep", "--tie", TIES))  # type: ignore[arg-type]


def _learn(rule: str, xi: Int8, coding: str) -> hf.Memory:
    learn = hf.learning.RULES[rule].learn
    if coding == "bipolar":
        return learn(xi)
    if "coding" not in inspect.signature(learn).parameters:
        raise ValueError(f"--rule {rule} stores bipolar patterns alone, not --coding {coding}")
    return learn(xi > 0, coding=coding)


# ---- what comes out ------------------------------------------------------------------------


def _names(paths: Sequence[Path], found: Sequence[Int8]) -> list[str]:
    """Return a name for each pattern: its file's, with the row where that holds several."""
    same = Counter(path.name for path in paths)
    names = [path.name if same[path.name] == 1 else str(path) for path in paths]
    return [
        f"{name}[{k}]" if len(rows) > 1 else name
        for name, rows in zip(names, found, strict=False)
        for k in range(len(rows))
    ]


def _recalled(result: hf.Recall, xi: Int8, names: list[str]) -> str:
    """Say what a state is; of one that is still moving, which pattern is nearest."""
    if result.why == "fixed point":
        return hf.landscape.identify(result.state, xi).named(names)
    m = np.asarray(hf.overlap(result.state, xi))
    nearest = int(np.abs(m).argmax())
    return f"nearest to {'the inverse of ' if m[nearest] < 0 else ''}{names[nearest]}"


def _most_alike(xi: Int8) -> tuple[float, int, int]:
    """Return the overlap of the two patterns where it is largest in size, and which they are."""
    best, rows = (0.0, 0, 0), xi.astype(np.float64)
    for start in range(0, len(xi), 256):
        m = np.tril(rows[start : start + 256] @ rows.T / xi.shape[1], start - 1)
        i, j = np.unravel_index(np.abs(m).argmax(), m.shape)
        best = max(best, (float(m[i, j]), int(j), int(start + i)), key=lambda pair: abs(pair[0]))
    return best


def _warnings(
    rule: str, p: int, n: int, alike: str, m: float, undecided: int, zeros: list[str]
) -> list[str]:
    most, text, out = hf.learning.RULES[rule].capacity(n), hf.learning.RULES[rule].capacity_text, []
    if p > most:
        out.append(f"{p} patterns of {n} neurons exceed {rule}'s capacity of {most:.1f} ({text})")
    if abs(m) > ALIKE:
        out.append(f"{alike} overlap by {m:+.2f}: recall may confuse them")
    if zeros:
        out.append(f"{', '.join(zeros)}: 0 is read as -1, not as unknown; see --coding")
    if undecided:
        out.append(f"{undecided} neurons have a field of 0 and stay unknown; try --tie down")
    return out


def _frames(run: hf.Run, updates: int) -> Int8:
    """Step a run through so many updates; return some of its states, up to the last change."""
    stride = max(1, -(-updates // FRAMES))
    states = [narrow(run.state.copy())]
    for done in range(0, updates, stride):
        run.step(min(stride, updates - done))
        states.append(narrow(run.state.copy()))
    while len(states) > 1 and np.array_equal(states[-1], states[-2]):
        states.pop()
    return np.array(states)


def _write(*files: tuple[Path | None, Callable[[Path], object]]) -> list[str]:
    """Write the files that were asked for, all of them or none."""
    wanted = [(path, write) for path, write in files if path is not None]
    if len({path.absolute() for path, _ in wanted}) < len(wanted):
        raise ValueError("--out, --animate, --save and --save-memory must be different files")
    with ExitStack() as stack:
        for path, write in wanted:
            temporary = stack.enter_context(hf.files.atomic_path(path))
            try:
                write(temporary)
            except ValueError as error:  # it names the temporary file
                text = str(error).replace(str(temporary), str(path))
                raise ValueError(text.replace(temporary.name, path.name)) from error
    return [str(path) for path, _ in wanted]


def _facts(path: Path) -> dict[str, Any]:
    """Return what `info` says of a file."""
    if path.suffix.lower() == ".db" or _starts(path, b"SQLite format 3"):
        return _store_facts(path)
    if path.suffix.lower() not in ARRAYS:
        picture = hf.pictures.read_image(path)
        size = dict(zip(("rows", "columns"), picture.shape, strict=True))
        return {"kind": "picture", **size, "ink": float((picture > 0).mean())}
    try:
        xi, coding = _patterns(path)
    except hf.files.BadFile:
        if path.suffix.lower() == ".npz":
            return _saved_facts(path)
        raise
    (p, n), active = xi.shape, float((xi > 0).mean())
    facts = {"kind": "patterns", "patterns": p, "neurons": n, "load": p / n, "active": active}
    return facts | {"largest_overlap": _most_alike(xi)[0] if p > 1 else None, "coding": coding}


def _starts(path: Path, mark: bytes) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


def _store_facts(path: Path) -> dict[str, Any]:
    points = hf.scans.read(path).points
    experiments = {f"{point.row.experiment}, version {point.row.version}" for point in points}
    return {
        "kind": "store of sweeps",
        "experiments": "; ".join(sorted(experiments)) or "none",
        "points": len(points),
        "replicas": sum(point.replicas for point in points),
        "seeds": ", ".join(map(str, sorted({point.row.seed for point in points}))),
        "seconds_of_work": sum(point.seconds for point in points),
    }


def _saved_facts(path: Path) -> dict[str, Any]:
    thing = hf.load(path)
    with np.load(path, allow_pickle=False) as archive:
        version = json.loads(str(archive["hopfield"]))["version"]
    facts = {"kind": type(thing).__name__, "version": version}
    if isinstance(thing, hf.Memory):
        stored = {"patterns": thing.p} if isinstance(thing, hf.Overlaps) else {}
        return facts | {"neurons": thing.n, **stored, "symmetric": thing.symmetric}
    if isinstance(thing, hf.Recall):
        facts |= {"neurons": thing.state.shape[-1], "replicas": thing.state[..., 0].size}
        if thing.state.ndim == 1:
            facts |= {key: getattr(thing, key) for key in ("why", "sweeps", "energy", "undecided")}
    return facts


# ---- printing ------------------------------------------------------------------------------


def _show_recall(report: dict[str, Any]) -> None:
    unknown = f", {report['undecided']} neurons undecided" if report["undecided"] else ""
    energy = report["energy"]
    facts = {
        "recalled": report["recalled"],
        "stopped": f"{report['why']} after {report['sweeps']} sweeps{unknown}",
        "energy": "none, the memory is not symmetric" if energy is None else f"{energy:.6g}",
        "network": f"P = {report['patterns']}, N = {report['neurons']}, load {report['load']:.3g}",
        "kernel": report["kernel"],
    }
    _show_facts(facts | ({"wrote": ", ".join(report["written"])} if report["written"] else {}))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("overlap with", overflow="fold")
    table.add_column("cue", justify="right")
    table.add_column("recalled", justify="right")
    rows = report["overlaps"]
    if len(rows) > ROWS:
        rows = sorted(rows, key=lambda row: -abs(row["recalled"]))[:ROWS]
    for row in rows:
        table.add_row(row["pattern"], f"{row['cue']:+.3f}", f"{row['recalled']:+.3f}")
    console = _console()
    console.print()
    console.print(table)
    if len(rows) < report["patterns"]:
        console.print(f"and {report['patterns'] - len(rows)} smaller ones (--json lists all)")
    for warning in report["warnings"]:
        print(f"warning: {warning}", file=sys.stderr)


def _show_tour(report: Any) -> None:
    console, columns = _console(), (0, 5, 3, 4, 0)
    head = _grid(*columns)
    head.add_row("case", "experiment", "expected", "came out", "ok", style="bold")
    console.print(head)
    wrong = []
    for case in report.cases:
        title, rows = _grid(0, 1, 0), _grid(*columns)
        title.add_row(case.name, case.title, _cost(case), style="bold")
        for check in case.checks:
            words = check.what, check.expected, check.got
            rows.add_row("", *words, "yes" if check.ok else "NO", style="" if check.ok else "red")
            wrong += [] if check.ok else [(case.name, *words)]
        console.print(title)
        console.print(rows)
    total = sum(len(case.checks) for case in report.cases)
    cost = " ".join(_cost(report).split())
    console.print(f"\n{total - len(wrong)} of {total} checks are as expected ({cost})")
    for name, what, expected, got in wrong:
        line = f"not so: {name}, {what}: expected {expected}, came out {got}"
        console.print(line, soft_wrap=True)
    console.print(f"open {report.index}", soft_wrap=True)


def _cost(part: Any) -> str:
    return f"{part.seconds:.1f} s" + (f" {part.peak_mb:8,.0f} MB" if part.peak_mb else "")


def _grid(*ratios: int) -> Table:
    """Return a table as wide as the terminal, so that several align under each other."""
    table = Table.grid(expand=True, padding=(0, 1, 0, 0))
    for ratio in ratios:
        table.add_column(ratio=ratio or None, min_width=4, no_wrap=not ratio, overflow="fold")
    return table


def _show_facts(facts: dict[str, Any]) -> None:
    width = max(map(len, facts))
    for key, value in facts.items():
        text = f"{value:.4g}" if isinstance(value, float) else str(value)
        label = Text(key.replace("_", " ").ljust(width + 2), "bold")
        _console().print(label.append(text, "not bold"), soft_wrap=True)


def _console(file: Any = None) -> Console:
    return Console(file=file or sys.stdout, markup=False, highlight=False, emoji=False)


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2), flush=True)


def _complain(text: str, status: int = 2) -> int:
    print(f"hopfield: {text}", file=sys.stderr)
    return status


def _sentence(error: Exception) -> str:
    """Return an error as one line."""
    if hasattr(error, "format_message"):  # Typer's own, about the words of the command
        text = error.format_message()
    elif isinstance(error, OSError) and error.strerror and error.filename:
        text = f"{error.filename}: {error.strerror}"
    else:
        kind = "" if isinstance(error, BAD_INPUT) and str(error) else f"{type(error).__name__} "
        text = ", ".join([f"{kind}{error}", *getattr(error, "__notes__", ())])
    return " ".join(text.split())


if __name__ == "__main__":
    raise SystemExit(main())

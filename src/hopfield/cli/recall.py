"""``hopfield recall``: store patterns, start from a cue, and say what is recalled."""

from __future__ import annotations

import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

import hopfield as hf

from ..analysis import summary
from ..base.checks import choice
from ..core.neurons import TIES
from ..core.patterns import Int8, narrow
from . import options
from .options import CODINGS, HALVES, NEURONS, ORDERS, SEED, Json, Seed
from .output import apart, console, print_facts, print_json

Shape = tuple[int, int]
FRAMES, ROWS = 120, 12  # at most, of a film and of the printed table of overlaps


def recall(
    store: options.Stored,
    cue: options.Cue = None,
    flip: options.Flip = None,
    blank: options.Blank = None,
    rule: options.Rule = "hebb",
    coding: options.Coding = "bipolar",
    order: options.Order = "shuffled",
    neuron: options.Neuron = "sign",
    tie: options.Tie = None,
    temperature: options.Temperature = None,
    sweeps: options.Sweeps = 100,
    size: options.Size = None,
    threshold: options.Threshold = "otsu",
    invert: options.Invert = False,
    out: options.RecalledOut = None,
    animate: options.Animate = None,
    save: options.Save = None,
    save_memory: options.SaveMemory = None,
    seed: Seed = SEED,
    as_json: Json = False,
) -> int:
    """Store patterns, start from a cue, and say what is recalled."""
    if cue is None and flip is None and blank is None:
        raise ValueError("--cue must be given, or --flip or --blank to spoil the first pattern")
    read = [*store, *([cue] if cue else [])]
    for path in (out, animate, save, save_memory):
        if path is not None:
            apart(path, *read)
    choice(rule, "--rule", hf.learning.RULES)
    choice(coding, "--coding", CODINGS)
    who = ORDERS[choice(order, "--order", ORDERS)]()
    what = _neuron(neuron, tie, temperature)
    level = int(threshold) if threshold.isdecimal() else threshold
    found, shape, zeros = _read(read, size, threshold=level, invert=invert)
    names, xi = _names(store, found), np.concatenate(found[: len(store)])
    if cue is not None and len(found[-1]) > 1:
        raise ValueError(f"--cue must be one pattern; {cue} holds {len(found[-1])}")
    start = xi[0] if cue is None else found[-1][0]
    if flip is not None:
        start = hf.flip(start, _fraction(flip, "--flip"), rng=seed)
    if blank is not None:
        start = hf.blank(start, _part(blank, shape), rng=seed)
    i, j, m = summary.closest(xi)
    if m == 1:
        raise ValueError(
            f"--store must hold each pattern once; {names[i]} and {names[j]} are the same"
        )
    memory = _learn(rule, xi, coding)
    result = hf.recall(memory, start, neuron=what, order=who, sweeps=sweeps, rng=seed)

    def film(path: Path) -> None:
        run = hf.Run(memory, start, neuron=what, order=who, rng=seed)
        hf.plots.animate(_frames(run, result.updates), path, shape, low=-1)

    p, n = xi.shape
    overlaps = [np.asarray(hf.overlap(state, xi)).tolist() for state in (start, result.state)]
    report = {
        "recalled": summary.recalled(result, xi, names),
        **{key: getattr(result, key) for key in ("why", "sweeps", "updates", "energy")},
        "undecided": result.undecided,
        "overlaps": [
            {"pattern": name, "cue": before, "recalled": after}
            for name, before, after in zip(names, *overlaps, strict=True)
        ],
        **{"patterns": p, "neurons": n, "load": p / n, "rule": rule, "coding": coding},
        **{"order": order, "neuron": neuron, "seed": seed, "kernel": result.kernel},
        "warnings": [
            *summary.warnings(xi, rule, names),
            *_hints(zeros if coding == "bipolar" else [], result.undecided),
        ],
        "written": _write(
            (out, lambda path: hf.pictures.save_image(path, result.state, shape)),
            (animate, film),
            (save, lambda path: hf.save(path, result)),
            (save_memory, lambda path: hf.save(path, memory)),
        ),
    }
    print_json(report) if as_json else _show(report)
    return 0


COMMANDS = {
    recall: (
        "--store a.png b.png --cue noisy.png --out recalled.png",
        "--store a.png b.png --flip 0.25 --blank bottom --order sync",
        "--store photo.jpg --size 64x64 --flip 0.3 --animate film.gif",
        "--store xi.npy --flip 0.1 --neuron heatbath --temperature 1",
    )
}


# ---- what the options mean -----------------------------------------------------------------


def _read(
    paths: Sequence[Path], size: str | None, **image_options: Any
) -> tuple[list[Int8], Shape | None, list[str]]:
    """Return the patterns (P, N) of each file, all of one size; pictures' shape; which hold 0."""
    found: list[Int8] = []
    zeros: list[str] = []
    wanted = shape = None if size is None else _shape(size)
    for path in paths:
        its = wanted
        if path.suffix.lower() in summary.ARRAYS:
            patterns, coding = summary.patterns_in(path)
            found.append(patterns)
            zeros += [path.name] * (coding == "01")
        else:
            picture = hf.pictures.read_image(path, wanted, **image_options)
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


def _neuron(name: str, tie: str | None, temperature: float | None) -> Any:
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


def _hints(zeros: list[str], undecided: int) -> list[str]:
    """Return which other options may have been meant."""
    said = []
    if zeros:
        said.append(f"{', '.join(zeros)}: 0 is read as -1, not as unknown; see --coding")
    if undecided:
        said.append(f"{undecided} neurons have a field of 0 and stay unknown; try --tie down")
    return said


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


def _show(report: dict[str, Any]) -> None:
    """Print a report: facts, a table of overlaps, and warnings on standard error."""
    unknown = f", {report['undecided']} neurons undecided" if report["undecided"] else ""
    energy = report["energy"]
    facts = {
        "recalled": report["recalled"],
        "stopped": f"{report['why']} after {report['sweeps']} sweeps{unknown}",
        "energy": "none, the memory is not symmetric" if energy is None else f"{energy:.6g}",
        "network": f"P = {report['patterns']}, N = {report['neurons']}, load {report['load']:.3g}",
        "kernel": report["kernel"],
    }
    print_facts(facts | ({"wrote": ", ".join(report["written"])} if report["written"] else {}))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("overlap with", overflow="fold")
    table.add_column("cue", justify="right")
    table.add_column("recalled", justify="right")
    rows = report["overlaps"]
    if len(rows) > ROWS:
        rows = sorted(rows, key=lambda row: -abs(row["recalled"]))[:ROWS]
    for row in rows:
        table.add_row(row["pattern"], f"{row['cue']:+.3f}", f"{row['recalled']:+.3f}")
    console().print()
    console().print(table)
    if len(rows) < report["patterns"]:
        console().print(f"and {report['patterns'] - len(rows)} smaller ones (--json lists all)")
    for warning in report["warnings"]:
        print(f"warning: {warning}", file=sys.stderr)

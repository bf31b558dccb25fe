"""``hopfield recall``: store patterns, start from a cue, and say what is recalled."""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import BarColumn, ProgressColumn, Task
from rich.table import Table
from rich.text import Text

import hopfield as hf

from ..analysis import summary
from ..base.checks import Array, choice, describe
from ..core.memory import from_signs, to_signs
from ..core.network import network
from ..core.neurons import TIES
from ..core.patterns import Int8, narrow
from ..io import inputs
from ..scans.tasks import place
from . import options
from .options import CODINGS, HALVES, ORDERS, SEED, Json, Seed, named
from .output import apart, bar, console, print_facts, print_json

Shape = tuple[int, ...]
FRAMES, ROWS = 120, 12  # at most, of a film and of the printed table of overlaps
SOON = 1.0  # seconds after which a bar is shown


def recall(
    store: options.Stored,
    cue: options.Cue = None,
    flip: options.Flip = None,
    blank: options.Blank = None,
    clamp: options.Clamp = None,
    rule: options.Rule = "hebb",
    coding: options.Coding = "bipolar",
    order: options.Order = None,
    neuron: options.Neuron = None,
    tie: options.Tie = None,
    temperature: options.Temperature = None,
    sweeps: options.Sweeps = 100,
    size: options.Size = None,
    threshold: options.Threshold = "otsu",
    invert: options.Invert = False,
    mode: options.Mode = "binary",
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
    for path in (out, animate, save, save_memory):
        if path is not None:
            apart(path, *store, *([cue] if cue else []))
    choice(coding, "--coding", CODINGS)
    choice(mode, "--mode", hf.pictures.MODES)
    learn = named(rule, "--rule", {name: row.learn for name, row in hf.learning.RULES.items()})
    when = None if order is None else _made(named(order, "--order", ORDERS), f"--order {order}")
    what = _neuron(neuron, tie, temperature)
    level = int(threshold) if threshold.isdecimal() and len(threshold) < 9 else threshold
    found, shape, zeros = _read(store, cue, size, mode, threshold=level, invert=invert)
    found, code = (found, None) if mode == "binary" else _coded(found, shape)
    names, xi = _names(store, found), np.concatenate(found[: len(store)])
    start = _spoilt(xi[0] if cue is None else found[-1][0], flip, blank, shape, seed, code)
    held = None if clamp is None else clamped(clamp, start, shape, code)
    _refuse_repeats(xi, names)
    with _own(rule, neuron, order):
        memory = _learn(rule, learn, xi, coding)
        net = _Network(memory, what(memory), when, start, held, seed)
        result = net.fall(sweeps, quiet=as_json)
        report = _came_out(net, result, xi, names) | {
            **{"rule": rule, "coding": coding, "mode": mode},
            "order": order or type(net.order).__name__.lower(),
            "neuron": neuron or type(net.neuron).__name__.lower(),
            **{"seed": seed, "kernel": result.kernel, "zeros": zeros},
            "warnings": [
                *(summary.warnings(xi, rule, names) if rule in hf.learning.RULES else []),
                *_hints(cue, zeros, net.neuron, result.undecided),
            ],
        }
        report["written"] = _write(
            (out, lambda path: hf.pictures.save_image(path, _seen(net.signs(result), code), shape)),
            (animate, lambda path: _film(_frames(net, result), path, shape, code)),
            (save, lambda path: hf.save(path, result)),
            (save_memory, lambda path: hf.save(path, memory)),
        )
    print_json(report) if as_json else _show(report)
    return 0


COMMANDS = {
    recall: (
        "--store a.png b.png --cue noisy.png --out recalled.png",
        "--store a.png b.png --flip 0.25 --blank bottom --order sync",
        "--store a.png b.png --blank bottom --clamp known",
        "--store photo.jpg --size 64x64 --flip 0.3 --animate film.gif",
        "--store a.jpg b.jpg --size 48x64 --mode colour --flip 0.1",
        "--store xi.npy --flip 0.1 --neuron heatbath --temperature 1",
        "--store pict.dat --size 32x32 --flip 0.1 --neuron my.py:Mine",
    )
}


# ---- what the options mean -----------------------------------------------------------------


def _read(
    store: Sequence[Path], cue: Path | None, size: str | None, mode: str, **image_options: Any
) -> tuple[list[Array], Shape | None, list[str]]:
    """Return the patterns (P, N) of each file, all of one size; pictures' shape; which hold 0."""
    found: list[Array] = []
    zeros: list[str] = []
    n, wanted = (None, None) if size is None else size_of(size)
    colours = (3,) if mode == "colour" else ()
    shape = None if wanted is None else (*wanted, *colours)
    cut = None if n is None else (-1, *(shape or (n,)))
    paths = [*store, *([cue] if cue else [])]
    for k, path in enumerate(paths):
        if path.suffix.lower() in hf.pictures.FORMATS:
            if n and not wanted:
                raise ValueError(f"--size {size} must be ROWSxCOLS for a picture such as {path}")
            one = inputs.read(path, mode=mode, size=wanted, **image_options)
        else:
            one = inputs.read(path, mode=mode, shape=cut, unknown=k == len(store))
        found.append(one.patterns)
        zeros += [path.name] * (one.values == inputs.ZERO_ONE)
        its, width, first = one.shape, one.patterns.shape[1], found[0].shape[1]
        if width != first or (its and shape and its != shape):
            mine, theirs = (its, shape) if its and shape else ((width,), (first,))
            other = f"{paths[0]} has" if k else f"--size {size} is"
            raise ValueError(
                f"{path} has {_extent(mine)}, but {other} {_extent(theirs)}; "
                "--size ROWSxCOLS brings pictures to one size"
            )
        shape = shape or its
    if cue is not None and len(found[-1]) > 1:
        raise ValueError(f"--cue must be one pattern; {cue} holds {len(found[-1])}")
    return found, shape, zeros


def _coded(found: list[Array], shape: Shape | None) -> tuple[list[Array], hf.pictures.Code]:
    """Return images as patterns of their bits, and what makes images of them again."""
    if shape is None:
        raise ValueError("--size ROWSxCOLS must say how arrays are images")
    code = hf.pictures.Code(shape)
    return [code.encode(levels) for levels in found], code


def _seen(signs: Array, code: hf.pictures.Code | None) -> Array:
    """Return a state as the picture or the image that it stands for."""
    return np.sign(signs) if code is None else code.decode(signs)


def _film(states: Array, path: Path, shape: Shape | None, code: hf.pictures.Code | None) -> None:
    """Write states as a film."""
    if code is None:
        hf.plots.animate(states, path, shape, low=-1)
    else:
        hf.plots.animate(code.decode(states), path)


def _extent(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape[:2])) + (" pixels" if len(shape) > 1 else " neurons")


def size_of(text: str) -> tuple[int, Shape | None]:
    """Return the neurons that --size means, and the shape, where it says it."""
    match = re.fullmatch(r"([1-9]\d{0,5})(?:[xX]([1-9]\d{0,5}))?", text)
    if not match:
        raise ValueError(f"--size must be ROWSxCOLS, such as 32x32, or N, not {text!r}")
    rows, columns = int(match[1]), int(match[2] or 1)
    return rows * columns, (rows, columns) if match[2] else None


def _refuse_repeats(xi: Int8, names: list[str]) -> None:
    i, j, m = summary.closest(xi)
    if m == 1:
        raise ValueError(
            f"--store must hold each pattern once; {names[i]} and {names[j]} are the same"
        )


def _spoilt(
    start: Array,
    flip: float | None,
    blank: str | None,
    shape: Shape | None,
    seed: int,
    code: hf.pictures.Code | None,
) -> Array:
    """Return a cue, flipped and blanked."""
    if flip is not None:
        start = hf.flip(start, _fraction(flip, "--flip"), rng=seed)
    if blank is None:
        return start
    part = _part(blank, shape)
    if blank in HALVES:
        part = part.ravel() if code is None else code.sites(part)
    return hf.blank(start, part, rng=seed)


def _fraction(value: float, option: str) -> float:
    if not 0 <= value <= 1:  # also refuses NaN
        raise ValueError(f"{option} must be a fraction between 0 and 1, not {value:g}")
    return value


def _part(text: str, shape: Shape | None) -> Any:
    """Return what --blank means: a fraction, or which pixels are half a picture."""
    if text not in HALVES:
        try:
            return _fraction(float(text), "--blank")
        except ValueError:
            allowed = f"{', '.join(HALVES)} or a fraction between 0 and 1"
            raise ValueError(f"--blank must be {allowed}, not {text!r}") from None
    if shape is None:
        raise ValueError(f"--blank {text} needs to know the arrays' shape: --size ROWSxCOLS")
    rows, columns = shape[:2]
    row, column = np.ogrid[:rows, :columns]
    halves = {
        "bottom": row >= rows // 2,
        "top": row < (rows + 1) // 2,
        "left": column < (columns + 1) // 2,
        "right": column >= columns // 2,
    }
    return np.broadcast_to(halves[text], (rows, columns))


def clamped(
    text: str, cue: Array, shape: Shape | None, code: hf.pictures.Code | None = None
) -> Any:
    """Return which neurons --clamp holds: what is known of the cue, or the ink of a picture."""
    if text == "known":
        return cue != 0
    if code is None:
        return one_pattern(Path(text), "--clamp", cue.size, shape) > 0
    sides = code.shape[:2]
    ink = one_pattern(Path(text), "--clamp", sides[0] * sides[1], sides) > 0
    return code.sites(ink.reshape(sides))


def one_pattern(path: Path, option: str, n: int, shape: Any) -> Int8:
    """Return the one pattern of n neurons that a file must hold, 0 for unknown."""
    if path.suffix.lower() in hf.pictures.FORMATS:
        found: Int8 = inputs.read(path, size=shape).patterns
    else:
        found = inputs.read(path, unknown=True).patterns
    if found.shape != (1, n):
        raise ValueError(f"{option} must be one pattern of {n} neurons; {path} holds {found.shape}")
    one: Int8 = found[0]
    return one


def _neuron(
    name: str | None, tie: str | None, temperature: float | None
) -> Callable[[hf.Memory], Any]:
    """Return what gives a memory its neuron: of the states that the memory is written for."""
    if name is None and tie is None and temperature is None:
        return lambda memory: None
    kinds = {"sign": hf.Sign, "heatbath": hf.HeatBath}
    kind = kinds["sign"] if name is None else named(name, "--neuron", kinds)
    if name == "heatbath":
        if temperature is None or tie is not None:
            raise ValueError("--neuron heatbath needs --temperature, and takes no --tie")
        if not 0 <= temperature < np.inf:  # also refuses NaN
            raise ValueError(f"--temperature must be 0 or more, not {temperature:g}")
        return lambda memory: hf.HeatBath(temperature, *_states(memory.neuron))
    if temperature is not None:
        raise ValueError("--temperature belongs to --neuron heatbath")
    if kind is not hf.Sign:
        if tie is not None:
            raise ValueError("--tie belongs to --neuron sign")
        own = _made(kind, f"--neuron {name}")
        return lambda memory: own
    said: Any = choice(tie or "keep", "--tie", TIES)
    return lambda memory: hf.Sign(*_states(memory.neuron), tie=said)


def _states(neuron: Any) -> tuple[float, float]:
    """Return a neuron's two states; -1 and +1 for one that has no two."""
    return getattr(neuron, "states", None) or (-1.0, 1.0)


def _made(thing: Any, what: str) -> Any:
    """Return a neuron or an order, which a class is made into."""
    try:
        return thing() if isinstance(thing, type) else thing
    except Exception as error:
        raise ValueError(f"{what} cannot be made without arguments: {error}") from error


@contextmanager
def _own(*words: str | None) -> Iterator[None]:
    """Say of what fails in a file of the user's own where that is."""
    files = [word.rpartition(":")[0] for word in words if word and ".py:" in word]
    try:
        yield
    except Exception as error:
        for file in files:
            at = place(error, os.path.abspath(file))
            if at or not isinstance(error, (ValueError, TypeError, OSError)):
                text = f"{file} fails: {type(error).__name__}: {error}{at}"
                raise ValueError(text) from error
        raise


def _learn(rule: str, learn: Callable[..., Any], xi: Int8, coding: str) -> hf.Memory:
    """Return the memory that a rule makes of patterns."""
    if not callable(learn):
        raise ValueError(f"--rule {rule} must be a function of patterns, not {describe(learn)}")
    if coding == "bipolar":
        memory = learn(xi)
    elif "coding" not in inspect.signature(learn).parameters:
        raise ValueError(f"--rule {rule} stores bipolar patterns alone, not --coding {coding}")
    else:
        memory = learn(xi > 0, coding=coding)
    if not isinstance(memory, hf.Memory):
        raise ValueError(f"--rule {rule} must make a hopfield memory, not {describe(memory)}")
    return memory


class _Network:
    """A memory, a neuron and an order, and a cue of -1/+1 in the states of the neuron."""

    def __init__(
        self, memory: hf.Memory, neuron: Any, order: Any, cue: Int8, held: Any, seed: int
    ) -> None:
        self.memory, self.neuron, self.order = network(memory, neuron, order)
        self.states, self.given, self.seed = _states(self.neuron), cue, seed
        self.cue, self.held = from_signs(cue, *self.states), held

    def run(self) -> hf.Run:
        """Return a run from the cue; the same one each time."""
        neuron, order = self.neuron, self.order
        return hf.Run(
            self.memory, self.cue, neuron=neuron, order=order, clamp=self.held, rng=self.seed
        )

    def fall(self, sweeps: int, quiet: bool) -> hf.Recall:
        """Run to the end, with a bar where that is long and somebody is watching."""
        run = self.run()
        with bar(BarColumn(), _Sweeps(run, sweeps), quiet=quiet, after=SOON) as shown:
            if shown:
                shown.start_task(shown.task_ids[0])
            return run.finish(sweeps)

    def signs(self, result: hf.Recall | hf.Run) -> Any:
        """Return a state as -1/+1, and 0 for unknown; of graded neurons, as it is."""
        return narrow(to_signs(np.asarray(result.state, dtype=np.float64), *self.states))


class _Sweeps(ProgressColumn):
    """How many sweeps a run has made, which nobody needs to tell the bar."""

    max_refresh = 0.25

    def __init__(self, run: hf.Run, most: int) -> None:
        super().__init__()
        self.run, self.most = run, most

    def render(self, task: Task) -> Text:
        """Return the words beside the bar, which goes on with them."""
        task.total, task.completed = self.most, int(self.run.counts.table[:, 0].max())
        return Text(f"{task.completed:,.0f} of at most {self.most:,} sweeps")


# ---- what comes out ------------------------------------------------------------------------


def _came_out(net: _Network, result: hf.Recall, xi: Int8, names: Sequence[str]) -> dict[str, Any]:
    """Return what a recall came to, beside the patterns."""
    p, n = xi.shape
    ends = net.signs(result)
    before, after = (np.asarray(hf.overlap(s, xi)).tolist() for s in (net.given, ends))
    return {
        "recalled": summary.recalled(replace(result, state=np.sign(ends)), xi, names),
        **{key: getattr(result, key) for key in ("why", "sweeps", "updates", "energy")},
        "undecided": result.undecided,
        "overlaps": [
            {"pattern": name, "cue": first, "recalled": last}
            for name, first, last in zip(names, before, after, strict=True)
        ],
        **{"patterns": p, "neurons": n, "load": p / n},
    }


def _names(paths: Sequence[Path], found: Sequence[Int8]) -> list[str]:
    """Return a name for each pattern: its file's, with the row where that holds several."""
    same = Counter(path.name for path in paths)
    names = [path.name if same[path.name] == 1 else str(path) for path in paths]
    return [
        f"{name}[{k}]" if len(rows) > 1 else name
        for name, rows in zip(names, found, strict=False)
        for k in range(len(rows))
    ]


def _hints(cue: Path | None, zeros: list[str], neuron: Any, undecided: int) -> list[str]:
    """Return which other options or files may have been meant."""
    said = []
    if cue is not None and cue.name in zeros:
        said.append(f"{cue.name}: 0 is read as -1; in a cue of -1, 0 and +1, 0 would mean unknown")
    if undecided and hasattr(neuron, "tie"):
        said.append(f"{undecided} neurons have a field of 0 and stay unknown; try --tie down")
    return said


def _frames(net: _Network, result: hf.Recall) -> Int8:
    """Run a network again, so many updates; return some states, up to the last change."""
    run, stride = net.run(), max(1, -(-result.updates // FRAMES))
    states = [net.signs(run)]
    for done in range(0, result.updates, stride):
        run.step(min(stride, result.updates - done))
        states.append(net.signs(run))
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
    if report["zeros"]:
        facts["read"] = f"0 as -1 in {', '.join(report['zeros'])}"
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

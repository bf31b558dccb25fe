"""A run of the lab as a program that makes it again with the package alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy.typing as npt

from .bits import States
from .kinds import KINDS
from .literals import bits_of
from .tables import MODELS, NEURONS, ORDERS, Settings

HEAD = '''"""A run of the hopfield lab, made again with the package alone: same seed, same bits."""

import base64
import hashlib
import zlib

import numpy as np

import hopfield as hf


def read(text, dtype):
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype)


def bits(text, *shape):
    count = int(np.prod(shape))
    return np.unpackbits(read(text, np.uint8), count=count).reshape(shape).astype(bool)

'''

TAIL = """
result = run.result()
print(result)
{overlaps}digest = hashlib.sha256({sent}.tobytes()).hexdigest()
print("the same state as in the lab:", digest == "{digest}")
"""
OVERLAPS = 'print("overlaps:", hf.overlap({state}, patterns))\n'


def write_learn(settings: Settings, xi: npt.NDArray[Any], names: list[str]) -> list[str]:
    """Write how the memory is made."""
    titles = "".join(c if c.isprintable() else " " for c in ", ".join(names))
    model = MODELS[settings["model"]]
    return [
        f"# {titles}",
        f"patterns = {KINDS[model.kind].write_patterns(xi)}",
        *write_memory(settings, xi.shape[1]),
    ]


def write_memory(settings: Settings, n: int) -> list[str]:
    """Write how another memory is made of the same patterns."""
    return [f"memory = hf.{MODELS[settings['model']].code(settings, n)}"]


def write_begin(
    cue: npt.NDArray[Any], held: npt.NDArray[Any], settings: Settings, seed: int
) -> list[str]:
    """Write how the run begins."""
    lines = KINDS[MODELS[settings["model"]].kind].write_cue(cue, int(settings["q"]))
    return [*lines, _run("cue", held, settings, seed)]


def write_change(start: str, held: npt.NDArray[Any], settings: Settings, seed: int) -> list[str]:
    """Write how the run goes on with something else."""
    return [_run(start, held, settings, seed)]


def write_step(moves: int) -> list[str]:
    """Write moves."""
    return [f"run.step({moves})"]


def write_set(kind: str, q: int, sites: States, cells: States) -> list[str]:
    """Write what was set by hand."""
    return [KINDS[kind].write_set(sites, cells, q)]


WRITERS: dict[str, Callable[..., list[str]]] = {
    "learn": write_learn,
    "memory": write_memory,
    "begin": write_begin,
    "change": write_change,
    "step": write_step,
    "set": write_set,
}


def _run(start: str, held: npt.NDArray[Any], settings: Settings, seed: int) -> str:
    if MODELS[settings["model"]].hidden:
        start = f"np.pad({start}, (0, {int(settings['hidden'])}))"
    neuron = NEURONS[settings["neuron"]].code(settings)
    order = ORDERS[settings["order"]].code(settings)
    clamp = f"clamp={bits_of(held)}, " if held.any() else ""
    return f"run = hf.Run(memory, {start}, neuron=hf.{neuron}, order=hf.{order}, {clamp}rng={seed})"


def written(log: Sequence[tuple[Any, ...]], settings: Settings, state: str, sent: bytes) -> str:
    """Return the program that does what the log says, and checks that it ends as the lab did.

    ``state`` is the expression of what the canvas shows, ``sent`` its bytes.
    """
    lines = [HEAD]
    for event, *values in log:
        lines += WRITERS[event](*values)
    kind = MODELS[settings["model"]].kind
    tail = TAIL.format(
        overlaps=OVERLAPS.format(state=state) if kind == "ink" else "",
        sent=KINDS[kind].write_sent(state, int(settings["q"])),
        digest=hashlib.sha256(sent).hexdigest(),
    )
    return "\n".join([*lines, tail])

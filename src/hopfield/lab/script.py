"""A run of the lab as a program that makes it again with the package alone."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .bits import States, to_bits
from .tables import NEURONS, ORDERS, Settings

LINE = 88  # characters of data in a line

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
print("overlaps:", hf.overlap(result.state, patterns))
digest = hashlib.sha256(np.packbits([run.state > 0, run.state == 0], axis=1).tobytes()).hexdigest()
print("the same state as in the lab:", digest == "{}")
"""


def digest(s: States) -> str:
    """Return a fingerprint of a state."""
    return hashlib.sha256(to_bits(s)).hexdigest()


def quoted(data: bytes) -> str:
    """Return bytes as the text that the script reads, in lines."""
    text = base64.b64encode(zlib.compress(data, 9)).decode()
    lines = [text[k : k + LINE] for k in range(0, len(text), LINE)]
    return f'"{text}"' if len(lines) == 1 else "\n    " + "\n    ".join(f'"{x}"' for x in lines)


def bits_of(x: npt.NDArray[Any]) -> str:
    """Return the expression that makes these bools."""
    text = quoted(np.packbits(x).tobytes())
    return f"bits({text}, {', '.join(map(str, x.shape))})"


def numbers_of(x: npt.NDArray[Any]) -> str:
    """Return the expression that makes these integers."""
    if x.size <= 12:
        return repr(x.tolist())
    return f"read({quoted(x.tobytes())}, np.{x.dtype.name})"


def write_learn(rule: str, xi: npt.NDArray[Any], names: list[str]) -> list[str]:
    """Write how the memory is made."""
    titles = "".join(c if c.isprintable() else " " for c in ", ".join(names))
    return [
        f"# {titles}",
        f"patterns = hf.bipolar({bits_of(xi > 0)})",
        f'memory = hf.learning.RULES["{rule}"].learn(patterns)',
    ]


def write_begin(cue: npt.NDArray[Any], settings: Settings, seed: int) -> list[str]:
    """Write how the run begins."""
    lines = [f"cue = hf.bipolar({bits_of(cue > 0)})"]
    if (cue == 0).any():
        lines.append(f"cue = hf.blank(cue, {bits_of(cue == 0)})")
    return [*lines, _run("cue", settings, seed)]


def write_change(_: None, settings: Settings, seed: int) -> list[str]:
    """Write how the run goes on with something else."""
    return [_run("run.state", settings, seed)]


def write_step(moves: int) -> list[str]:
    """Write moves."""
    return [f"run.step({moves})"]


def write_set(sites: npt.NDArray[Any], values: npt.NDArray[Any]) -> list[str]:
    """Write what was set by hand."""
    if (values == values[0]).all():
        return [f"run.set({numbers_of(sites)}, {values[0]})"]
    return [f"run.set({numbers_of(sites)}, {numbers_of(values)})"]


WRITERS: dict[str, Callable[..., list[str]]] = {
    "learn": write_learn,
    "begin": write_begin,
    "change": write_change,
    "step": write_step,
    "set": write_set,
}


def _run(start: str, settings: Settings, seed: int) -> str:
    neuron = NEURONS[settings["neuron"]].code(settings)
    order = ORDERS[settings["order"]].code(settings)
    held = "cue != 0" if start == "cue" else f"(cue != 0) & ({start} != 0)"
    clamp = f"clamp={held}, " if settings.get("hold") == "known" else ""
    return f"run = hf.Run(memory, {start}, neuron=hf.{neuron}, order=hf.{order}, {clamp}rng={seed})"


def written(log: Sequence[tuple[Any, ...]], state: States) -> str:
    """Return the program that does what the log says, and checks that it ends in the state."""
    lines = [HEAD]
    for event, *values in log:
        lines += WRITERS[event](*values)
    return "\n".join([*lines, TAIL.format(digest(state))])

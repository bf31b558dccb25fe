"""Photographs in colour, restored.

Eight pieces of two photographs, 60 × 90 pixels in colours, are stored as reals (modern, softmax, by
distance) and as planes of bits (8 neurons a level). One of them is spoilt in four ways: its lower
half or nine pixels of ten are unknown (orange), noise of 80 levels is added, or it is four times
darker. Beside a row, the root mean square of what is still wrong, in levels of 255. All simulated:
one cue of each kind. Photographs: danielbuechele, in scikit-learn, CC BY 2.0; cut and scaled.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

import hopfield as hf

from ...base.checks import Array
from ...show.canvas import styled
from ...show.palette import UNKNOWN
from .plate import Axes, Plate, Sheet, Source, tiles

H, W = 60, 90
WAYS: dict[str, tuple[str, Callable[[Array], hf.Memory]]] = {
    "attention": ("reals", lambda x: hf.modern(x, 0.01, similarity="distance")),
    "bits, projection": ("planes", hf.learning.pseudo_inverse),
    "bits, dense": ("planes", hf.dense),
}


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    stored = photos()
    cues = spoilt(stored[0], rng)
    orange = [int(UNKNOWN[k : k + 2], 16) for k in (1, 3, 5)]
    seen = [np.where(known[..., None], image, orange) for image, known in cues.values()]
    sheets = [Sheet("stored", stored), Sheet("cues", np.array(seen, dtype=np.uint8))]
    for name, made in restored(stored, cues).items():
        left = (f"{rms(image, stored[0]):.0f}" for image in made)
        sheets.append(Sheet(name, made, "  ".join(left)))
    with styled(ax, (7.2, 5.8), trim=False) as ax:
        tiles(ax, sheets, 4)
        ax.set(xlabel="upper half, a tenth, noise, darkened", ylabel="60 × 90 pixels")
    return ax


def photos() -> npt.NDArray[np.uint8]:
    """Return eight pieces of scikit-learn's two photographs, (8, 60, 90, 3)."""
    found = find_spec("sklearn")
    folder = Path((found and found.origin) or "").parent / "datasets" / "images"
    both = [
        hf.pictures.read_image(folder / f"{name}.jpg", size=(2 * H, 2 * W), mode="colour")
        for name in ("china", "flower")
    ]
    return np.array(both).reshape(2, 2, H, 2, W, 3).swapaxes(2, 3).reshape(8, H, W, 3)


def spoilt(image: Array, rng: Source) -> dict[str, tuple[Array, Array]]:
    """Return an image spoilt in several ways, each with what of it is known, (60, 90)."""
    known = np.ones((H, W), dtype=bool)
    noise = image + 80 * rng.standard_normal(image.shape)
    return {
        "upper half": (image, np.arange(H)[:, None] < known * H // 2),
        "a tenth": (image, rng.random((H, W)) < 0.1),
        "noise": (np.rint(noise.clip(0, 255)).astype(np.uint8), known),
        "darkened": (image // 4, known),
    }


def restored(stored: Array, cues: dict[str, tuple[Array, Array]]) -> dict[str, Array]:
    """Return what each memory makes of cues, (cues, 60, 90, 3)."""
    found = {}
    for name, (way, learn) in WAYS.items():
        code = hf.pictures.Code((H, W, 3), way)
        memory = learn(code.encode(stored))
        starts = np.array([code.encode(image, known=known) for image, known in cues.values()])
        found[name] = code.decode(hf.recall(memory, starts, order=hf.Sync(), sweeps=5).state)
    return found


def rms(a: Array, b: Array) -> float:
    """Return the root mean square of the difference of two images, in levels."""
    return float(np.square(a.astype(np.float64) - b).mean() ** 0.5)


PLATE = Plate(
    "photos",
    41,
    __doc__,
    ("ramsauer2020", "krotov2016"),
    draw,
    needs=("sklearn", "PIL"),
    photographed=True,
)

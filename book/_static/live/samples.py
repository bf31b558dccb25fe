"""Fresh samples of a page: in sample k each integer seed counts k * STEP higher.

The package and NumPy alike make their generators by `numpy.random.default_rng`, so one page-wide
number gives every cell another draw, and whoever adds it to the seeds gets that draw anywhere.
"""

import functools

import numpy as np

STEP = 1000
sample = 0  # 0: the seeds as the page has them
seeds = 0  # how many have been taken since

_default_rng, _seed = np.random.default_rng, np.random.seed


def higher(seed):
    """Return what the sample makes of a seed, or of a sequence that begins with one."""
    global seeds
    if isinstance(seed, (list, tuple)) and seed:
        return [higher(seed[0]), *seed[1:]]
    if isinstance(seed, (int, np.integer)) and not isinstance(seed, bool):
        seeds += 1
        return int(seed) + STEP * sample
    return seed


@functools.wraps(_default_rng)
def default_rng(seed=None):
    """Return the generator of a seed, in the sample that is drawn."""
    return _default_rng(higher(seed))


@functools.wraps(_seed)
def seed(seed=None):
    """Seed NumPy's old generator, in the sample that is drawn."""
    _seed(higher(seed))


def draw(number):
    """Let all seeds be those of this sample from now on."""
    global sample, seeds
    sample, seeds = number, 0


def install():
    """Take the place of NumPy's own."""
    np.random.default_rng, np.random.seed = default_rng, seed


def remove():
    """Put NumPy's own back."""
    np.random.default_rng, np.random.seed = _default_rng, _seed
    draw(0)

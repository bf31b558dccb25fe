"""Two machines that need no random numbers, and small laws whose best machines are known."""

from __future__ import annotations

from itertools import product

import numpy as np

from hopfield import boltzmann


def pairs(n, hidden=0):
    """Return the machine W_ij = .3 cos(ij), b_i = .1 sin i, i from 1 on."""
    i = np.arange(1, n + 1)
    w = 0.3 * np.cos(np.outer(i, i))
    np.fill_diagonal(w, 0)
    return boltzmann.Machine(w, 0.1 * np.sin(i), hidden)


def layers(n, m, a, coding="bipolar"):
    """Return the restricted machine w_iu = a cos(iu), b_i = .1 i - .3, c_u = .2 (-1)**u."""
    i, u = np.arange(1, n + 1), np.arange(1, m + 1)
    return boltzmann.restricted(
        a * np.cos(np.outer(i, u)), 0.1 * i - 0.3, 0.2 * (-1.0) ** u, coding
    )


XOR = np.array([[a, b, a * b] for a, b in product([-1, 1], repeat=2)]) * [1, 1, -1]


def bars_and_stripes(n):
    """Return the images (K, n n) all of whose rows, or all of whose columns, are of one colour."""
    lines = np.array(list(product([-1, 1], repeat=n)))
    images = np.concatenate([np.repeat(lines, n, axis=1), np.tile(lines, (1, n))])
    return np.unique(images, axis=0)


def mixed(rows, share):
    """Return all states, and the law that is uniform on rows but for a share uniform on all."""
    states = np.array(list(product([-1, 1], repeat=rows.shape[1])))
    inside = (states[:, None] == rows).all(axis=2).any(axis=1)
    return states, np.where(inside, (1 - share) / len(rows), 0) + share / len(states)

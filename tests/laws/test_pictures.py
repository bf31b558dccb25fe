"""Pictures are patterns: a stack (P, rows, columns) is its rows (P, N) to every rule and model."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import landscape, models
from hopfield.learning import RULES
from tests.bad import refuses

SHAPE = 3, 4
XI = hf.random_patterns(3, 12, rng=4)
STACK = XI.reshape(3, *SHAPE)
CODED = np.random.default_rng(1).integers(3, size=(2, 2, 2))

LEARN = {
    **{f"rule {name}": row.learn for name, row in RULES.items()},
    "hebb 01": lambda x: hf.hebb(x > 0, coding="01"),
    "covariance 01": lambda x: RULES["covariance"].learn(x > 0, coding="01"),
    "Hebbian": hf.Hebbian,
    "dense": hf.dense,
    "exponential": models.exponential,
    "modern": hf.modern,
    "modern of reals": lambda x: hf.modern(0.5 * x),
    "sequence": hf.sequence,
    "sequence with a delay": lambda x: hf.sequence(x, delay=1),
    "associate": lambda x: models.associate(x, x[::-1]),
    "bam": lambda x: models.bam(x, x[::-1]),
}


@pytest.mark.parametrize("name", LEARN)
def test_a_stack_is_stored_as_its_rows(name):
    learn = LEARN[name]
    flat, pictures = learn(XI), learn(STACK)
    s = hf.random_patterns(4, flat.n, rng=2)
    assert np.array_equal(flat.field(s), pictures.field(s))


def test_pictures_of_several_states_are_stored_as_their_rows():
    flat, pictures = models.potts(CODED.reshape(2, 4), 3), models.potts(CODED, 3)
    assert np.array_equal(flat.weights, pictures.weights)


def test_more_pictures_are_added_and_taken_away():
    m = hf.learning.learn(hf.hebb(STACK[:2]), STACK[2])
    assert np.array_equal(m.patterns, XI)
    assert np.array_equal(hf.learning.forget(m, STACK[:2]).patterns, XI[2:])


@pytest.mark.parametrize("memory", [hf.hebb(XI), hf.dense(XI), hf.modern(XI, 4.0)])
def test_a_picture_is_recalled_as_a_picture(memory):
    cue = STACK[0].copy()
    cue[:1] = 0
    flat = hf.recall(memory, cue.ravel(), record=hf.record.states(), rng=1)
    one = hf.recall(memory, cue, record=hf.record.states(), rng=1)
    assert one.state.shape == SHAPE
    assert np.array_equal(one.state.ravel(), flat.state)
    assert (one.why, one.energy, one.undecided) == (flat.why, flat.energy, flat.undecided)
    assert np.array_equal(one.trace, flat.trace)  # states of N neurons in turn
    batch = hf.recall(memory, STACK, rng=1)
    assert batch.state.shape == STACK.shape
    assert batch.why.shape == (3,)
    assert np.array_equal(batch.state.reshape(3, -1), hf.recall(memory, XI, rng=1).state)


def test_pictures_have_energies_overlaps_and_names():
    memory = hf.hebb(STACK)
    assert np.array_equal(memory.energy(STACK), memory.energy(XI))
    assert memory.energy(STACK[0]) == memory.energy(XI[0])
    assert np.array_equal(memory.stable(STACK), memory.stable(XI))
    assert memory.recode(0, 1).energy(STACK[0] > 0) == memory.energy(XI[0])
    for a, b in ((XI[0], STACK), (STACK, XI[0]), (XI, STACK), (XI[0], STACK[1])):
        x, y = (
            z.reshape(-1, 12) if z.ndim > 2 else z.ravel() if z.shape == SHAPE else z
            for z in (a, b)
        )
        assert np.array_equal(hf.overlap(a, b), hf.overlap(x, y))
        assert np.array_equal(hf.hamming(a, b), hf.hamming(x, y))
    assert landscape.identify(-STACK[1], STACK) == landscape.identify(-XI[1], XI)
    trace = hf.recall(memory, STACK[0], record=hf.record.overlaps(STACK), rng=1).trace
    assert np.array_equal(trace[0], hf.overlap(XI[0], XI))


def test_the_rows_of_one_picture_are_no_patterns():
    letter = hf.pictures.small("A").reshape(5, 5)
    refuses(lambda: hf.hebb(letter), ValueError, r"rows of one picture, store its ravel\(\)")
    assert hf.hebb(letter.ravel()).n == hf.hebb(letter[None]).n == 25
    refuses(
        lambda: hf.recall(hf.hebb(STACK), np.ones((4, 4))),
        ValueError,
        r"^cue must have 12 neurons on its last axis; its shape is \(4, 4\)",
    )
    refuses(
        lambda: hf.dense(STACK[None]),
        ValueError,
        r"^patterns must be rows \(P, N\) or pictures \(P, rows, columns\); .* \(1, 3, 3, 4\)",
    )


GREY = np.random.default_rng(6).integers(256, size=(2, *SHAPE)).astype(np.uint8)
COLOUR = np.random.default_rng(7).integers(256, size=(2, *SHAPE, 3)).astype(np.uint8)
OF_REALS = {
    "modern": lambda x: hf.modern(x, 4.0),
    "modern by distance": lambda x: hf.modern(x, 4.0, similarity="distance"),
    "epanechnikov": lambda x: models.epanechnikov(x, 1.0),
}
OF_LEVELS = {"potts": lambda x: models.potts(x, 5)}


@pytest.mark.parametrize("images", [GREY, COLOUR], ids=["grey", "colour"])
@pytest.mark.parametrize("name", [*LEARN, *OF_REALS, *OF_LEVELS])
def test_a_stack_of_images_is_stored_and_comes_back_in_its_shape(name, images):
    shape = images.shape[1:]
    if name in OF_REALS:
        code, learn = hf.pictures.Code(shape, "reals"), OF_REALS[name]
    elif name in OF_LEVELS:
        code, learn = hf.pictures.Code(shape, "levels", 5), OF_LEVELS[name]
    else:
        code, learn = hf.pictures.Code(shape, levels=4), LEARN[name]
    patterns = code.encode(images)
    memory = learn(patterns)
    cue = models.one_hot(patterns, 5) if name in OF_LEVELS else patterns
    if memory.n != code.n:  # pairs, and states with what was before
        cue = np.concatenate([cue, cue[::-1]], axis=1)
    low, high = getattr(memory.neuron, "states", None) or (-1, 1)
    cue = (cue > 0).astype(np.int8) if (low, high) == (0, 1) else cue
    found = hf.recall(memory, cue, sweeps=3, rng=1)
    back = code.decode(found.state[..., : code.n] * (1 if low else 2) - (0 if low else 1))
    assert back.shape == images.shape
    assert back.dtype == np.uint8
    if name in ("rule pseudo_inverse", "dense", "exponential", *OF_REALS, *OF_LEVELS):
        assert abs(back.astype(int) - code.decode(patterns)).max() <= 1

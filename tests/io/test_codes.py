"""Codes: images become patterns and come back, whole where nothing is said to be lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

import hopfield as hf
from hopfield.io.codes import Code
from tests.bad import refuses

SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda sides: st.sampled_from([sides, (*sides, 3)])
)
LEVELS = {"reals": [256], "planes": [2, 4, 8, 16, 32, 64, 128, 256], "levels": [2, 3, 7, 16, 256]}


@st.composite
def coded(draw):
    """Return a code and images, one or a stack of them."""
    way = draw(st.sampled_from(sorted(LEVELS)))
    code = Code(draw(SHAPES), way, draw(st.sampled_from(LEVELS[way])))
    lead = draw(st.sampled_from([(), (1,), (3,), (2, 2)]))
    return code, draw(hnp.arrays(np.uint8, (*lead, *code.shape)))


@given(coded())
def test_what_is_decoded_is_what_was_encoded_up_to_half_a_level(found):
    code, images = found
    back = code.decode(code.encode(images))
    assert back.dtype == np.uint8
    assert back.shape == images.shape
    lost = np.abs(back.astype(int) - images)
    if code.levels == 256:
        assert not lost.any()
    assert lost.max() <= 127.5 / (code.levels - 1) + 0.5
    assert np.array_equal(code.decode(code.encode(back)), back)  # nothing is lost twice


@given(coded(), st.randoms(use_true_random=False))
def test_what_is_not_known_is_no_evidence_and_what_is_known_is_all_there(found, random):
    code, images = found
    mask = np.array([[random.random() < 0.5 for _ in range(code.shape[1])]] * code.shape[0])
    cue, sites = code.encode(images, known=mask), code.sites(mask)
    whole = code.encode(images)
    assert sites.shape == (code.n,)
    if code.way == "levels":
        states = hf.models.one_hot(cue, code.levels)
        assert (states[..., sites].sum(axis=-1) == sites.sum() // code.levels).all()
        assert not states[..., ~sites].any()
        assert np.array_equal(code.decode(states), code.decode(cue))
    else:
        assert np.array_equal(cue[..., sites], whole[..., sites])
        assert np.array_equal(cue != 0, np.broadcast_to(sites, cue.shape))


def test_neighbouring_levels_differ_in_one_bit():
    code = Code((16, 16))
    signs = code.encode(np.arange(256).reshape(16, 16)).reshape(8, 256)
    assert signs.dtype == np.int8
    assert ((signs[:, 1:] != signs[:, :-1]).sum(axis=0) == 1).all()
    assert np.array_equal(signs[0] > 0, np.arange(256) >= 128)  # what counts most comes first


def test_reals_run_from_paper_to_ink():
    code = Code((1, 3), "reals")
    assert code.encode([[0, 255, 51]]).tolist() == pytest.approx([-1, 1, -0.6])
    assert code.decode([-7.0, 0.0, 9.0]).tolist() == [[0, 128, 255]]


def test_states_from_a_recall_are_decoded_and_so_are_their_numbers():
    code = Code((2, 2), "levels", 5)
    k = np.array([[0, 1, 4, 3]])
    assert np.array_equal(code.decode(hf.models.one_hot(k, 5)), code.decode(k))
    assert code.decode(k).ravel().tolist() == [0, 64, 255, 191]
    assert code.decode([-1, 0, 0, 0]).max() == 0
    assert (code.n, code.each) == (20, 5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Code(5), "^shape must be"),
        (lambda: Code((5,)), "^shape must be"),
        (lambda: Code((5, 5, 4)), "^shape must be"),
        (lambda: Code((5, 5, 3, 1)), "^shape must be"),
        (lambda: Code((0, 5)), r"^shape\[0\] must be 1 or more"),
        (lambda: Code((5, 5), "bits"), "^way must be one of"),
        (lambda: Code((5, 5), levels=12), "^levels must be 2, 4, 8"),
        (lambda: Code((5, 5), levels=512), "^levels must be between 2 and 256"),
        (lambda: Code((5, 5), "reals", 16), "^levels must be 256 for reals"),
        (lambda: Code((2, 2)).encode(np.zeros((2, 3))), "^images must have the shape"),
        (lambda: Code((2, 2)).encode(7), "^images must have the shape"),
        (lambda: Code((2, 2)).encode(np.full((2, 2), 256)), "^images must hold whole numbers"),
        (lambda: Code((2, 2)).encode(np.full((2, 2), 0.5)), "^images must hold whole numbers"),
        (lambda: Code((2, 2)).encode(np.full((2, 2), -1)), "^images must hold whole numbers"),
        (lambda: Code((2, 2)).decode(np.zeros(31)), "^states must have 32 neurons"),
        (lambda: Code((2, 2), "levels", 3).decode(np.zeros(8)), "^states must have 12 neurons"),
        (lambda: Code((2, 2)).decode(3.0), "^states must have 32 neurons"),
        (lambda: Code((2, 2)).sites(np.zeros((2, 2))), "^mask must be bools"),
        (lambda: Code((2, 2)).sites(np.zeros(4, bool)), "^mask must be bools"),
        (lambda: Code((2, 2)).encode(np.zeros((2, 2)), known=[True]), "^mask must be bools"),
    ],
)
def test_what_is_no_code_image_or_state_is_refused(call, message):
    refuses(call, ValueError, message)

"""What the tests of bad input share: an error must be one sentence that says what came."""

from __future__ import annotations

import re

import numpy as np
import pytest

import hopfield as hf

X = np.array([[1, -1, 1, 1, -1], [-1, -1, 1, -1, 1], [1, 1, -1, 1, 1]], dtype=np.int8)
M = hf.hebb(X)


def refuses(call, error, pattern):
    """Assert that the call raises the error, in one sentence that matches the pattern."""
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value)
    assert re.search(pattern, text), text
    assert is_a_sentence(text), text


def is_a_sentence(text):
    """Tell whether an error's text is one line of a sentence's length."""
    return bool(text.strip()) and "\n" not in text and len(text) < 300

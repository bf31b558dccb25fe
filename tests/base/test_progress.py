"""What a long call tells of itself."""

from __future__ import annotations

import pytest

from hopfield.base import progress


def test_it_reads_as_a_sentence():
    assert str(progress.Progress("scan", 1200, 3000, "replicas")) == "scan: 1,200 of 3,000 replicas"


def test_the_first_and_the_last_are_told_and_few_between(monkeypatch):
    clock, told = [0.0], []
    monkeypatch.setattr(progress, "monotonic", lambda: clock[0])
    tell = progress.telling(told.append, "counting", 10, "sheep")
    for done, now in ((1, 0.01), (2, 0.05), (3, 0.11), (4, 0.2), (5, 0.22), (10, 0.23)):
        clock[0] = now
        tell(done)
    assert [p.done for p in told] == [0, 3, 5, 10]


def test_without_a_watch_nothing_is_told_and_what_cannot_be_called_is_refused():
    progress.telling(None, "counting", 10, "sheep")(3)
    with pytest.raises(TypeError, match=r"^progress must be a function of one argument, not 5"):
        progress.telling(5, "counting", 10, "sheep")

"""The tour: one page of all cases, written whole or not at all."""

from __future__ import annotations

import json

import pytest

import hopfield as hf
from hopfield import course, tour
from hopfield.lessons.course import five


def test_the_tour_is_written_whole(tmp_path, monkeypatch):
    cases = {name: course.CASES[name] for name in ("E1", "E5", "E8", "E9", "E12")}
    monkeypatch.setattr(course, "CASES", cases)
    seen = []
    (tmp_path / "out").mkdir()
    report = tour.run(tmp_path / "out", rng=1, progress=seen.append)
    page = report.index.read_text()
    assert [told.done for told in seen] == list(range(6))
    assert str(seen[-1]) == "tour: 5 of 5 cases"
    assert json.loads(json.dumps(report.as_dict()))["cases"][0]["name"] == "E1"
    for case in report.cases:
        assert f'id="{case.name}"' in page
        assert case.checks
        for name, _ in case.figures:
            assert (tmp_path / "out" / name).stat().st_size > 1000
            assert f'src="{name}"' in page
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_tour_replaces_a_tour_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "CASES", {"E5": five.E5})
    out = tmp_path / "out"
    tour.run(out)
    (out / "stale.png").write_bytes(b"old")
    tour.run(out)
    assert not (out / "stale.png").exists()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "index.html").write_text("my page")
    for place in (mine, mine / "index.html", mine / "index.html" / "below"):
        with pytest.raises(hf.files.BadFile):
            tour.run(place)
    assert (mine / "index.html").read_text() == "my page"


def test_a_tour_that_is_stopped_leaves_the_old_one(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "CASES", {"E5": five.E5})
    tour.run(tmp_path / "out")
    before = (tmp_path / "out" / "index.html").read_text()

    def stop(*args):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tour.run(tmp_path / "out", progress=stop)
    assert (tmp_path / "out" / "index.html").read_text() == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]

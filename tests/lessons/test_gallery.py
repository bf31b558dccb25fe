"""The gallery draws each of its figures, tells what is what, and writes them as a page."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest
from PIL import Image

import hopfield as hf
from hopfield import gallery
from hopfield.base.progress import Progress
from hopfield.lessons.gallery import PLATES
from hopfield.lessons.rows import rows


@pytest.mark.parametrize("name", PLATES)
def test_each_figure_is_drawn_with_names_for_all_that_it_shows(name):
    ax = hf.gallery.draw(name, rng=1)
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    legend = ax.get_legend()
    assert len(legend.get_texts() if legend else ax.texts) > 1
    for line in ax.lines:
        assert np.isfinite(np.asarray(line.get_ydata(), dtype=float)).all()


@pytest.mark.parametrize("name", PLATES)
def test_each_caption_says_what_is_simulated_and_where_it_comes_from(name):
    plate = PLATES[name]
    assert re.search(r"simulated|Points|Exact|Shade", plate.caption)
    assert not re.search(r"\^|\w_\w|= -?sum|\b(alpha|beta|kappa)\b", plate.caption), "raw code"
    assert plate.title
    assert hf.cite(*plate.sources)


def test_the_same_seed_draws_the_same_whatever_else_is_drawn(tmp_path):
    ax, again = (hf.gallery.draw("mixtures", rng=5) for _ in range(2))
    for a, b in zip(ax.lines, again.lines, strict=True):
        assert np.array_equal(a.get_ydata(), b.get_ydata())
    one, two = tmp_path / "one", tmp_path / "two"
    gallery.run(one, ["mixtures"], rng=5)
    gallery.run(two, ["landscape", "mixtures"], rng=5)
    assert (one / "mixtures.png").read_bytes() == (two / "mixtures.png").read_bytes()
    with Image.open(one / "mixtures.png") as plate:
        assert plate.width >= 2 * 700  # sharp on a fine screen, as wide as a page's column


def test_a_page_shows_each_figure_once_and_replaces_only_its_own_kind(tmp_path):
    told = []
    page = gallery.run(tmp_path / "g", ["landscape"], progress=told.append)
    assert told == [Progress(PLATES["landscape"].title, 0, 1, "figures")]
    text = page.read_text()
    assert text.count("<img") == 1
    assert "@article{hopfield1982" in text
    gallery.run(tmp_path / "g", ["mixtures"])
    assert not (tmp_path / "g" / "landscape.png").exists()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("kept")
    with pytest.raises(hf.files.BadFile, match="not a gallery's folder"):
        gallery.run(tmp_path / "other", ["mixtures"])
    assert (tmp_path / "other" / "mine.txt").read_text() == "kept"


def test_figures_whose_data_are_not_installed_are_left_out_unless_named(tmp_path, monkeypatch):
    some = {name: PLATES[name] for name in ("landscape", "choosing")}
    monkeypatch.setattr(gallery, "PLATES", some)
    monkeypatch.setattr(gallery, "find_spec", lambda module: None)
    gallery.run(tmp_path / "g")
    assert [p.stem for p in (tmp_path / "g").glob("*.png")] == ["landscape"]


def test_a_figure_that_there_is_not_is_named(tmp_path):
    with pytest.raises(ValueError, match="did you mean 'basins'"):
        hf.gallery.draw("basin")
    with pytest.raises(ValueError, match="names must be one of"):
        gallery.run(tmp_path / "g", ["nope"])
    assert not (tmp_path / "g").exists()


def test_a_new_plate_is_one_file(tmp_path, monkeypatch):
    """A file put into the gallery's folder is in its table, and nothing else is touched."""
    source = '''"""A line.

Points: nothing is simulated.
"""
import hopfield as hf
from hopfield.lessons.gallery.plate import Plate

def draw(ax, rng):
    return hf.plots.curve([0, 1], [0, 1], ax=ax, xlabel="x", ylabel="y", names=["line"])

PLATE = Plate("line", 99, __doc__, ("hopfield1982",), draw)
'''
    (tmp_path / "line.py").write_text(source)
    monkeypatch.setattr(gallery, "__path__", [*gallery.__path__, str(tmp_path)])
    found = rows(gallery.__name__, gallery.__path__, gallery.Plate)
    assert len(found) == len(PLATES) + 1
    (plate,) = (plate for plate in found if plate.name == "line")
    assert (plate.title, plate.caption) == ("A line", "Points: nothing is simulated.")
    assert plate.draw(None, np.random.default_rng(0)).get_xlabel() == "x"
    del sys.modules[f"{gallery.__name__}.line"]


def test_plates_stand_in_the_order_of_their_places():
    places = [plate.place for plate in PLATES.values()]
    assert places == sorted(set(places))
    assert next(iter(PLATES)) == "one_step"
    assert all(name == plate.name for name, plate in PLATES.items())


def test_of_photographs_attention_takes_noise_away_and_bits_complete_a_tenth():
    from hopfield.lessons.gallery import photos

    stored = photos.photos()
    cues = photos.spoilt(stored[0], np.random.default_rng(3))
    exact = {
        name: [name for name, image in zip(cues, made, strict=True) if (image == stored[0]).all()]
        for name, made in photos.restored(stored, cues).items()
    }
    assert exact["attention"] == ["upper half", "noise"]
    assert exact["bits, projection"] == exact["bits, dense"] == ["upper half", "a tenth"]

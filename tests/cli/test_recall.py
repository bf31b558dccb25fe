"""The command recall: what it says, what it refuses, and that it leaves nothing half-written."""

from __future__ import annotations

import importlib
import json
import os
import re
import signal
import struct
import subprocess
import sys
import threading
import zlib
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

import hopfield as hf
from hopfield.cli.recall import COMMANDS, FRAMES, ROWS, _frames, _Network, recall
from hopfield.io.pictures import read_image, save_image
from tests.cli.lines import ENV, PICTURES, XI, refused

STORE = "recall --store a.png b.png c.png"
recall_module = importlib.import_module("hopfield.cli.recall")  # the name is the command's too


IMAGES = np.random.default_rng(2).integers(256, size=(2, 6, 8, 3)).astype(np.uint8)


@pytest.mark.parametrize(("mode", "images"), [("grey", IMAGES[..., 0]), ("colour", IMAGES)])
def test_images_in_grey_and_colour_are_recalled_bit_by_bit(run, mode, images):
    for name, image in zip("xy", images, strict=True):
        save_image(f"{name}.png", image)
    line = f"recall --store x.png y.png --mode {mode} --blank bottom --out back.png --json"
    status, out, _ = run(f"{line} --animate film.gif --clamp known")
    report = json.loads(out)
    assert (status, report["recalled"], report["mode"]) == (0, "x.png", mode)
    assert report["neurons"] == 8 * images[0].size
    assert np.array_equal(read_image("back.png", mode=mode), images[0])
    with Image.open("film.gif") as film:
        assert film.size[0] > film.size[1]
    save_image("top.png", np.repeat([1, 1, 1, -1, -1, -1], 8).reshape(6, 8))
    status, out, _ = run(f"{line} --clamp top.png --save r.npz")
    assert (status, json.loads(out)["recalled"]) == (0, "x.png")
    np.save("both.npy", images)
    status, out, _ = run(f"recall --store both.npy --cue y.png --mode {mode} --json")
    assert (status, json.loads(out)["recalled"]) == (0, "both.npy[1]")


def test_of_images_in_rows_the_shape_must_be_said(run):
    np.save("rows.npy", IMAGES.reshape(2, -1))
    refused(run, "recall --store rows.npy --flip 0.1 --mode colour", "--size")
    assert run("recall --store rows.npy --flip 0.1 --mode colour --size 6x8")[0] == 0
    refused(run, "recall --store rows.npy --flip 0.1 --mode colours", "--mode must be one of")
    refused(run, "recall --store a.png --flip 0.1 --mode grey --threshold 3", "threshold is for")


def test_every_example_of_recall_runs(run):
    save_image("photo.jpg", hf.pictures.large("star")[0], shape=(100, 100))
    np.save("xi.npy", XI)
    np.savetxt("pict.dat", hf.random_patterns(1, 3 * 1024, rng=5), fmt="%d", delimiter=",")
    Path("my.py").write_text("import hopfield as hf\nclass Mine(hf.Sign): pass\n")
    for name, image in zip("ab", IMAGES, strict=True):
        save_image(f"{name}.jpg", image, scale=8)
    for words in COMMANDS[recall]:
        assert run(f"recall {words}")[0] == 0
    assert {"recalled.png", "film.gif"} <= set(os.listdir())


def test_recall_says_and_writes_what_is_recalled(run):
    line = f"{STORE} --cue noisy.png --out out.png --save r.npz --save-memory m.npz"
    status, out, err = run(f"{line} --animate film.gif")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["recalled", "b.png"]
    assert "fixed point after 2 sweeps" in lines[1]
    assert "wrote     out.png, film.gif, r.npz, m.npz" in lines
    assert [line.split()[0] for line in lines[-3:]] == list(PICTURES)
    assert "+1.000" in lines[-2]
    assert max(map(len, lines)) <= 80
    assert np.array_equal(read_image("out.png").ravel(), XI[1])
    result, memory = hf.load("r.npz"), hf.load("m.npz")
    assert result.why == "fixed point"
    assert np.array_equal(result.state, XI[1])
    assert np.array_equal(memory.patterns, XI)
    assert Path("film.gif").read_bytes()[:4] == b"GIF8"


def test_recall_prints_one_json_document(report):
    got = report(f"{STORE} --cue noisy.png --out out.png")
    assert list(got) == [
        "recalled",
        "why",
        "sweeps",
        "updates",
        "energy",
        "undecided",
        "overlaps",
        "patterns",
        "neurons",
        "load",
        "rule",
        "coding",
        "mode",
        "order",
        "neuron",
        "seed",
        "kernel",
        "zeros",
        "warnings",
        "written",
    ]
    cue = read_image("noisy.png").ravel()
    memory = hf.hebb(XI)
    assert got["recalled"] == "b.png"
    assert got["energy"] == memory.energy(XI[1])
    assert got["overlaps"] == [
        {"pattern": name, "cue": hf.overlap(cue, xi), "recalled": hf.overlap(XI[1], xi)}
        for name, xi in zip(PICTURES, XI, strict=True)
    ]
    assert (got["patterns"], got["neurons"], got["load"]) == (3, 100, 0.03)
    assert (got["warnings"], got["written"]) == ([], ["out.png"])


def test_store_repeated_is_store_spread(report):
    spread = report(f"{STORE} --flip 0.3")
    assert spread == report("recall --store a.png --store b.png --store c.png --flip 0.3")


def test_it_recalls_what_the_library_recalls(run):
    status, *_ = run(
        f"{STORE} --flip 0.3 --blank 0.2 --order random --neuron heatbath --temperature 0.3 "
        "--sweeps 7 --seed 5 --save r.npz"
    )
    assert status == 0
    cue = hf.blank(hf.flip(XI[0], 0.3, rng=5), 0.2, rng=5)
    expected = hf.recall(
        hf.hebb(XI), cue, neuron=hf.HeatBath(0.3), order=hf.Random(), sweeps=7, rng=5
    )
    got = hf.load("r.npz")
    assert np.array_equal(got.state, expected.state)
    assert (got.why, got.sweeps, got.energy) == (expected.why, expected.sweeps, expected.energy)


def test_a_seed_repeats_and_another_differs(run):
    line = f"{STORE} --flip 0.4 --sweeps 1 --neuron heatbath --temperature 2"
    first = run(f"{line} --seed 3 --animate film.gif --out one.png --json")[1]
    film = Path("film.gif").read_bytes()
    assert run(f"{line} --seed 3 --animate film.gif --out one.png --json")[1] == first
    assert Path("film.gif").read_bytes() == film
    again, other = json.loads(first), json.loads(run(f"{line} --seed 4 --json")[1])
    assert again["overlaps"] != other["overlaps"]


@pytest.mark.parametrize("half", ["bottom", "top", "left", "right"])
def test_blank_forgets_half_of_the_picture(report, half):
    rows, columns = np.indices((10, 10))
    kept = {"bottom": rows < 5, "top": rows > 4, "left": columns > 4, "right": columns < 5}[half]
    got = report(f"{STORE} --blank {half}")
    assert got["overlaps"][0] == {"pattern": "a.png", "cue": 0.5, "recalled": 1.0}
    assert got["overlaps"][1]["cue"] == hf.overlap(np.where(kept.ravel(), XI[0], 0), XI[1])


def test_blank_all_leaves_an_undecided_state(run):
    status, out, _ = run(f"{STORE} --blank 1")
    assert status == 0
    assert "undecided" in out.splitlines()[0]
    assert "100 neurons undecided" in out


def test_arrays_may_be_stored_and_recalled(report):
    np.save("xi.npy", XI)
    np.savetxt("more.csv", hf.random_patterns(1, 100, rng=8), fmt="%d", delimiter=",")
    hf.save("cue.npz", hf.flip(XI[2], 0.1, rng=1))
    got = report("recall --store xi.npy more.csv --cue cue.npz --size 10x10 --out out.png")
    assert got["recalled"] == "xi.npy[2]"
    assert [row["pattern"] for row in got["overlaps"]] == [
        "xi.npy[0]",
        "xi.npy[1]",
        "xi.npy[2]",
        "more.csv",
    ]
    assert np.array_equal(read_image("out.png").ravel(), XI[2])


def test_files_of_one_name_are_told_apart_by_their_folders(report):
    os.mkdir("more")
    os.rename("b.png", "more/a.png")
    got = report("recall --store a.png more/a.png --cue more/a.png")
    assert got["recalled"] == "more/a.png"


def test_size_brings_pictures_together(report):
    save_image("large.png", XI[1], shape=(10, 10), scale=3)
    got = report("recall --store a.png large.png --size 10x10 --cue noisy.png")
    assert got["recalled"] == "large.png"


def test_threshold_and_invert_reach_the_pictures(report):
    assert report(f"{STORE} --cue noisy.png --invert --threshold 100")["recalled"] == "b.png"
    plain = report("recall --store a.png --flip 0.2 --threshold 100")["overlaps"]
    assert plain == report("recall --store a.png --flip 0.2 --invert")["overlaps"]


def test_what_is_recalled_has_the_files_names(report):
    save_image("minus.png", -XI[1], shape=(10, 10))
    assert report(f"{STORE} --cue minus.png")["recalled"] == "inverse of b.png"
    save_image("mix.png", np.sign(XI.sum(axis=0)), shape=(10, 10))
    assert report(f"{STORE} --cue mix.png")["recalled"] == "mixture of +a.png +b.png +c.png"


def test_names_are_printed_as_they_are(run):
    os.rename("a.png", "[bold]:smile:.png")
    _, out, _ = run("recall --store [bold]:smile:.png b.png --flip 0.1")
    assert out.splitlines()[0].split() == ["recalled", "[bold]:smile:.png"]


def test_a_long_table_shows_the_nearest_and_json_all(run):
    np.save("xi.npy", hf.random_patterns(20, 500, rng=3))
    line = "recall --store xi.npy --flip 0.1"
    _, out, _ = run(line)
    rows = [text for text in out.splitlines() if text.startswith("xi.npy[")]
    assert len(rows) == ROWS
    assert rows[0].startswith("xi.npy[0] ")
    assert "and 8 smaller ones" in out
    assert len(json.loads(run(f"{line} --json")[1])["overlaps"]) == 20


def test_it_warns_of_too_many_patterns_and_of_patterns_too_alike(run, report):
    np.save("many.npy", hf.random_patterns(30, 100, rng=3))
    (capacity,) = report("recall --store many.npy --flip 0.1")["warnings"]
    assert "30 patterns" in capacity
    assert hf.learning.RULES["hebb"].capacity_text in capacity
    np.save("half.npy", hf.random_patterns(20, 25, rng=3))
    assert (
        "willshaw's cap"
        in report("recall --store half.npy --flip 0.1 --rule willshaw")["warnings"][0]
    )
    save_image("like.png", hf.flip(XI[0], 0.1, rng=3), shape=(10, 10))
    status, out, err = run("recall --store a.png like.png b.png --flip 0.1")
    assert status == 0
    assert "warning" not in out
    assert err == "warning: a.png and like.png overlap by +0.80: recall may confuse them\n"


def test_coding_01_stores_the_union_as_the_course_had_it(report):
    bu, bc = hf.pictures.large("BU", "BC")
    for name, xi in (("BU.png", bu), ("BC.png", bc)):
        save_image(name, xi, shape=(100, 100))
    line = "recall --store BU.png BC.png --flip 0.25 --blank bottom --order sync --tie down"
    assert report(line)["recalled"] == "BU.png"
    assert report(f"{line} --coding 01 --save r.npz")["recalled"] == "spurious"
    assert np.array_equal(hf.load("r.npz").state, np.maximum(bu, bc) > 0)


@pytest.mark.parametrize("coding", ["bipolar", "01"])
def test_an_array_of_0_and_1_is_read_as_the_signs_it_stands_for(report, coding):
    np.save("zeros.npy", (XI > 0).astype(int))
    np.save("signs.npy", XI)
    line = f"recall --flip 0.1 --coding {coding} --store"
    zeros, signs = report(f"{line} zeros.npy"), report(f"{line} signs.npy")
    assert [r["recalled"] for r in zeros["overlaps"]] == [r["recalled"] for r in signs["overlaps"]]
    assert zeros["warnings"] == signs["warnings"]
    assert (zeros["zeros"], signs["zeros"]) == (["zeros.npy"], [])
    assert report("info zeros.npy")["values"] == "0 and 1"
    assert report("info signs.npy")["values"] == "-1 and 1"
    if coding == "bipolar":
        assert zeros["recalled"] == "zeros.npy[0]"


def test_a_cue_of_0_and_1_is_read_as_the_patterns_are_and_one_with_unknowns_as_it_is(run, report):
    np.save("xi.npy", (XI > 0).astype(int))
    np.savetxt("cue.csv", (hf.flip(XI[1:2], 0.1, rng=1) > 0).astype(int), fmt="%d")
    got = report("recall --store xi.npy --cue cue.csv")
    assert got["recalled"] == "xi.npy[1]"
    said = "cue.csv: 0 is read as -1; in a cue of -1, 0 and +1, 0 would mean unknown"
    assert got["warnings"] == [said]
    assert "0 as -1 in xi.npy, cue.csv" in run("recall --store xi.npy --cue cue.csv")[1]
    np.save("part.npy", hf.blank(XI[2], 0.5, rng=1))
    got = report("recall --store xi.npy --cue part.npy")
    assert (got["recalled"], got["warnings"]) == ("xi.npy[2]", [])
    assert got["overlaps"][2]["cue"] == 0.5


def test_neurons_have_the_states_that_the_memory_is_written_for(report):
    xi = np.where(np.random.default_rng(1).random((5, 400)) < 0.1, 1, -1)
    np.save("xi.npy", xi)
    line = "recall --store xi.npy --flip 0.02 --rule covariance --coding 01 --save r.npz"
    for more in ("", " --neuron sign", " --tie down", " --neuron heatbath --temperature 0.001"):
        got = report(line + more)
        assert got["overlaps"][0]["recalled"] == 1
        assert set(np.unique(hf.load("r.npz").state)) == {0, 1}
    assert got["neuron"] == "heatbath"
    expected = hf.recall(
        hf.learning.covariance(xi > 0, coding="01"),
        hf.flip(xi[0] > 0, 0.02, rng=0),
        neuron=hf.HeatBath(0.001, 0, 1),
        rng=0,
    )
    assert np.array_equal(hf.load("r.npz").state, expected.state)


# ---- parts of the user's own -------------------------------------------------------------------

MINE = """
import hopfield as hf

def rule(patterns):
    return hf.hebb(patterns) + hf.Bias(0.0)

def odd(patterns, *, coding):
    return hf.hebb(patterns, coding=coding)

def none(patterns):
    return 3

def broken(patterns):
    return patterns / {}

modern = lambda patterns: hf.modern(patterns, 8.0)
up = hf.Sign(tie="up")

class Order(hf.Sequential):
    def __call__(self, n, rng):
        return super().__call__(n, rng)[::-1]

class Neuron(hf.Sign):
    def __call__(self, h, s, rng):
        return super().__call__(h, s, rng) * (1 if FINE else 1 / 0)

class Needy:
    def __init__(self, what):
        pass

FINE = True
"""


def test_rule_neuron_and_order_may_be_of_a_file_of_ones_own(run, report):
    Path("mine.py").write_text(MINE)
    line = f"{STORE} --flip 0.2 --seed 3"
    parts = "--rule mine.py:rule --order mine.py:Order --neuron mine.py:up"
    got = report(f"{line} {parts}")
    assert (got["rule"], got["neuron"], got["recalled"]) == ("mine.py:rule", "mine.py:up", "a.png")
    assert report(f"{line} --neuron mine.py:Neuron")["recalled"] == "a.png"
    assert report(f"{line} --rule mine.py:odd --coding 01")["neuron"] == "sign"
    got = report(f"{line} --rule mine.py:modern --out back.png --animate film.gif")
    assert (got["neuron"], got["order"], got["recalled"]) == ("linear", "sync", "a.png")
    assert np.array_equal(read_image("back.png").ravel(), XI[0])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--rule nowhere.py:x", ["--rule nowhere.py is no file"]),
        ("--rule mine.py:nothing", ["--rule mine.py defines no nothing"]),
        ("--rule mine.py:none", ["--rule mine.py:none must make a hopfield memory, not 3"]),
        ("--rule mine.py:broken", ["mine.py fails: TypeError", "mine.py line 14"]),
        ("--rule mine.py:FINE", ["--rule mine.py:FINE must be a function"]),
        ("--rule mine.py:rule --coding 01", ["mine.py:rule stores bipolar patterns alone"]),
        ("--neuron mine.py:FINE", ["--neuron must be a hopfield neuron, not True"]),
        ("--neuron mine.py:Needy", ["--neuron mine.py:Needy cannot be made without", "'what'"]),
        ("--order mine.py:up", ["--order must be a hopfield order, not Sign"]),
        ("--order wrong.py:x", ["--order wrong.py fails: SyntaxError"]),
        ("--neuron late.py:Neuron", ["late.py fails: ZeroDivisionError: ", "late.py line 25"]),
    ],
)
def test_parts_of_ones_own_that_fail_say_where(run, line, words):
    Path("mine.py").write_text(MINE)
    Path("wrong.py").write_text("x = (")
    Path("late.py").write_text(MINE.replace("FINE = True", "FINE = False"))
    refused(run, f"{STORE} --flip 0.1 {line}", *words)


def test_a_long_recall_shows_a_bar_in_a_terminal(run, monkeypatch):
    screen, shown = StringIO(), threading.Event()
    terminal = Console(file=screen, force_terminal=True, width=100)
    finish, render = hf.Run.finish, recall_module._Sweeps.render

    def long(run, sweeps):
        assert shown.wait(60)
        return finish(run, sweeps)

    def seen(self, task):
        shown.set()
        return render(self, task)

    monkeypatch.setattr("hopfield.cli.output.console", lambda file=None: terminal)
    monkeypatch.setattr(recall_module, "SOON", 0.01)
    monkeypatch.setattr(hf.Run, "finish", long)
    monkeypatch.setattr(recall_module._Sweeps, "render", seen)
    assert run(f"{STORE} --flip 0.1 --sweeps 1000")[0] == 0
    assert re.search(r"[\d,]+ of at most 1,000 sweeps", screen.getvalue())


def test_a_short_recall_shows_none(run, monkeypatch):
    screen = StringIO()
    terminal = Console(file=screen, force_terminal=True, width=100)
    monkeypatch.setattr("hopfield.cli.output.console", lambda file=None: terminal)
    monkeypatch.setattr(recall_module, "SOON", 3600)
    assert run(f"{STORE} --flip 0.1")[0] == 0
    assert "sweeps" not in screen.getvalue().replace("after 2 sweeps", "")


def test_text_of_one_line_and_drawings_are_stored(report):
    xi = hf.random_patterns(3, 100, rng=5)
    Path("pict.dat").write_text(",".join(map(str, xi.ravel())))
    got = report("recall --store pict.dat --size 10x10 --flip 0.1 --out out.png")
    assert got["recalled"] == "pict.dat[0]"
    assert np.array_equal(read_image("out.png").ravel(), xi[0])
    assert report("recall --store pict.dat --size 100 --flip 0.1")["patterns"] == 3
    letters = hf.pictures.small("X", "A").reshape(2, 5, 5)
    drawn = ["\n".join("".join(".#"[int(s > 0)] for s in row) for row in x) for x in letters]
    Path("letters.txt").write_text("\n\n".join(drawn))
    got = report("recall --store letters.txt --blank bottom")
    assert (got["patterns"], got["neurons"]) == (2, 25)
    assert report("info letters.txt")["rows"] == 5


def test_a_state_that_still_moves_is_named_by_the_nearest_pattern(report):
    np.save("one.npy", XI)
    got = report("recall --flip 0.1 --neuron heatbath --temperature 0.2 --store one.npy")
    assert got["recalled"] == "nearest to one.npy[0]"


@pytest.mark.parametrize("option", ["--out", "--animate", "--save", "--save-memory"])
def test_what_is_read_is_not_overwritten(run, option):
    np.save("xi.npy", XI)
    before = Path("xi.npy").read_bytes()
    refused(run, f"recall --flip 0.1 --store xi.npy {option} xi.npy", "xi.npy", "overwritten")
    assert Path("xi.npy").read_bytes() == before


def test_a_film_ends_where_the_recall_ended(run):
    memory, cue = hf.hebb(XI), hf.flip(XI[0], 0.2, rng=1)
    result = hf.recall(memory, cue, rng=4)
    frames = _frames(_Network(memory, None, None, cue, None, 4), result)
    assert 2 < len(frames) <= FRAMES + 1
    assert np.array_equal(frames[0], cue)
    assert np.array_equal(frames[-1], result.state)
    assert not np.array_equal(frames[-2], frames[-1])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--store nowhere.png --flip 0.1", ["nowhere.png", "does not exist"]),
        ("--store a.png nowhere.npy --flip 0.1", ["nowhere.npy", "does not exist"]),
        ("--store . --flip 0.1", ["is a directory"]),
        ("--store text.png --flip 0.1", ["text.png"]),
        ("--store bomb.png --flip 0.1", ["bomb.png", "pixels"]),
        ("--store a.png tall.png --flip 0.1", ["tall.png", "20 x 10", "10 x 10", "--size"]),
        ("--store a.png --cue tall.png", ["tall.png", "20 x 10", "10 x 10", "--size"]),
        ("--store xi.npy --cue a.png", ["a.png has 100 neurons", "xi.npy has 60 neurons"]),
        ("--store a.png xi.npy --flip 0.1", ["xi.npy", "60 neurons", "100 neurons"]),
        ("--store xi.npy --flip 0.1 --size 10x10", ["xi.npy", "180 numbers in rows of 60", "100"]),
        ("--store one.png --flip 0.1 --threshold 100", ["2 neurons"]),
        ("--store a.png copy.png --flip 0.1", ["a.png and copy.png", "same"]),
        ("--store a.png a.png --flip 0.1", ["a.png and a.png", "same"]),
        ("--store a.png --cue xi.npy", ["xi.npy"]),
        ("--store xi.npy --cue xi.npy", ["--cue", "one pattern"]),
        ("--store a.png", ["--cue", "--flip", "--blank"]),
        ("--cue a.png", ["--store"]),
        ("--store", ["--store"]),
        ("--store a.png --flip 0.1 --rule heb", ["--rule", "did you mean 'hebb'"]),
        ("--store a.png --flip 0.1 --order shufled", ["--order", "did you mean 'shuffled'"]),
        ("--store a.png --flip 0.1 --neuron sing", ["--neuron", "did you mean 'sign'"]),
        ("--store a.png --flip 0.1 --tie kep", ["--tie", "did you mean 'keep'"]),
        ("--store a.png --flip 0.1 --coding 10", ["--coding", "bipolar", "01"]),
        ("--store a.png --flip -1", ["--flip", "between 0 and 1", "-1"]),
        ("--store a.png --flip 1.5", ["--flip", "between 0 and 1", "1.5"]),
        ("--store a.png --flip nan", ["--flip", "between 0 and 1", "nan"]),
        ("--store a.png --flip some", ["--flip"]),
        ("--store a.png --blank middle", ["--blank", "bottom", "'middle'"]),
        ("--store a.png --blank nan", ["--blank", "nan"]),
        ("--store xi.npy --blank top", ["--blank top", "--size"]),
        ("--store a.png --flip 0.1 --size 10x", ["--size", "ROWSxCOLS", "'10x'"]),
        ("--store a.png --flip 0.1 --size 10", ["--size 10 must be ROWSxCOLS for a picture"]),
        ("--store a.png --flip 0.1 --size 0x5", ["--size"]),
        ("--store a.png --flip 0.1 --size 99999x99999", ["size"]),
        ("--store a.png --flip 0.1 --threshold 300", ["threshold"]),
        ("--store a.png --flip 0.1 --threshold dark", ["threshold"]),
        ("--store a.png --flip 0.1 --temperature 1", ["--temperature", "heatbath"]),
        ("--store a.png --flip 0.1 --neuron heatbath", ["--temperature"]),
        ("--store a.png --flip 0.1 --neuron heatbath --temperature -1", ["--temperature"]),
        ("--store a.png --flip 0.1 --neuron heatbath --temperature nan", ["--temperature", "nan"]),
        ("--store a.png --flip 0.1 --sweeps 0", ["--sweeps"]),
        ("--store a.png --flip 0.1 --seed -1", ["--seed"]),
        ("--store a.png --flip 0.1 --out no/where.png", ["no/where.png"]),
        ("--store a.png --flip 0.1 --out .", ["directory"]),
        ("--store a.png --flip 0.1 --out out.xyz", ["out.xyz has the suffix '.xyz'"]),
        ("--store a.png --flip 0.1 --out out.png --animate film.png", ["film.png", ".gif"]),
        ("--store a.png --flip 0.1 --out out.png --save no/where.npz", ["no/where.npz"]),
        ("--store a.png --flip 0.1 --out same.gif --animate same.gif", ["different files"]),
        ("--store xi.npy --flip 0.1 --out out.png", ["60 neurons"]),
        ("--store a.png --flip 0.1 --colour red", ["--colour"]),
    ],
)
def test_recall_refuses_bad_input_in_one_line(run, line, words):
    Path("text.png").write_text("not a picture")
    Path("bomb.png").write_bytes(huge_png())
    Path("copy.png").write_bytes(Path("a.png").read_bytes())
    save_image("tall.png", hf.random_patterns(1, 200, rng=3)[0], shape=(20, 10))
    save_image("one.png", [1], shape=(1, 1))
    np.save("xi.npy", hf.random_patterns(3, 60, rng=3))
    refused(run, f"recall {line}", *words)


def huge_png():
    """A PNG file that claims to have 60,000 x 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def test_an_existing_file_survives_a_refusal(run):
    Path("out.png").write_text("mine")
    refused(run, "recall --store a.png --flip 0.1 --out out.png --animate film.xyz", "film.xyz")
    assert Path("out.png").read_text() == "mine"


def test_a_rule_without_a_coding_says_so(run, monkeypatch):
    plain = replace(hf.learning.RULES["hebb"], learn=lambda patterns: hf.hebb(patterns))
    monkeypatch.setitem(hf.learning.RULES, "plain", plain)
    assert run("recall --store a.png b.png --flip 0.1 --rule plain")[0] == 0
    refused(run, "recall --store a.png --flip 0.1 --rule plain --coding 01", "plain", "--coding 01")


@pytest.mark.parametrize("rule", hf.learning.RULES)
def test_every_rule_recalls_by_its_name(run, rule):
    status, out, err = run(f"recall --store a.png b.png --flip 0.1 --rule {rule} --json")
    assert (status, err) == (0, "")
    report = json.loads(out)
    assert report["rule"] == rule
    assert report["energy"] is not None or not hf.learning.RULES[rule].symmetric
    assert run(f"recall --store a.png b.png --flip 0.1 --rule {rule}")[0] == 0


def test_ctrl_c_while_writing_leaves_nothing(run, monkeypatch):
    def animate(states, path, *args, **options):
        Path(path).write_bytes(b"half a film")
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(hf.plots, "animate", animate)
    Path("out.png").write_text("mine")
    before = sorted(os.listdir())
    line = "recall --store a.png b.png --flip 0.1 --out out.png --animate film.gif --save r.npz"
    assert run(line) == (130, "", "hopfield: stopped, nothing was written\n")
    assert sorted(os.listdir()) == before
    assert Path("out.png").read_text() == "mine"


def test_ctrl_c_stops_a_long_recall(folder):
    code = """if True:
        import sys
        import hopfield as hf
        from hopfield import cli
        finish = hf.Run.finish
        def told(run, sweeps):
            finish(run, 1)  # Numba's compiler would swallow the signal
            print("it runs", flush=True)
            return finish(run, sweeps)
        hf.Run.finish = told
        sys.exit(cli.main(sys.argv[1:]))
    """
    before = sorted(os.listdir())
    words = "recall --store a.png --flip 0.1 --neuron heatbath --temperature 5 --out out.png"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words.split(), "--sweeps", "1000000000"],
        env=ENV,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline() == "it runs\n"
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, out) == (130, "")
    assert err == "hopfield: stopped, nothing was written\n"
    assert sorted(os.listdir()) == before

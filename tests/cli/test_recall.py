"""The command recall: what it says, what it refuses, and that it leaves nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf
from hopfield.cli.recall import COMMANDS, FRAMES, ROWS, _frames, recall
from hopfield.io.pictures import read_image, save_image
from tests.cli.lines import ENV, PICTURES, XI, refused

STORE = "recall --store a.png b.png c.png"


def test_every_example_of_recall_runs(run):
    save_image("photo.jpg", hf.pictures.large("star")[0], shape=(100, 100))
    np.save("xi.npy", XI)
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
        "order",
        "neuron",
        "seed",
        "kernel",
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
    assert np.array_equal(hf.load("r.npz").state, np.maximum(bu, bc))


@pytest.mark.parametrize("coding", ["bipolar", "01"])
def test_an_array_of_0_and_1_is_read_as_the_signs_it_stands_for(report, coding):
    np.save("zeros.npy", (XI > 0).astype(int))
    np.save("signs.npy", XI)
    line = f"recall --flip 0.1 --coding {coding} --store"
    zeros, signs = report(f"{line} zeros.npy"), report(f"{line} signs.npy")
    assert [r["recalled"] for r in zeros["overlaps"]] == [r["recalled"] for r in signs["overlaps"]]
    said = [text for text in zeros["warnings"] if "0 is read as -1, not as unknown" in text]
    assert said == [w for w in zeros["warnings"] if w not in signs["warnings"]]
    assert len(said) == (coding == "bipolar")
    assert report("info zeros.npy")["coding"] == "01"
    if coding == "bipolar":
        assert zeros["recalled"] == "zeros.npy[0]"


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
    frames = _frames(hf.Run(memory, cue, rng=4), result.updates)
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
        ("--store xi.npy --flip 0.1 --size 10x10", ["--size 10x10", "60 neurons", "xi.npy"]),
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
        ("--store a.png --flip 0.1 --size 10", ["--size", "ROWSxCOLS", "'10'"]),
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
        recall = hf.recall
        def told(*args, **options):
            recall(*args, **options | {"sweeps": 1})  # Numba's compiler would swallow the signal
            print("it runs", flush=True)
            return recall(*args, **options)
        hf.recall = told
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

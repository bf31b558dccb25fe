"""The commands learn and sample, and recall with clamps."""

from __future__ import annotations

import json

import numpy as np
import pytest

import hopfield as hf
from hopfield.cli.learn import COMMANDS, learn, sample
from hopfield.io.pictures import save_image
from tests.cli.lines import XI, refused

ROWS = hf.random_patterns(30, 16, rng=4)


@pytest.fixture
def digits(run):
    np.save("digits.npy", (ROWS > 0).astype(int))
    return run


def test_every_example_runs(digits):
    np.save("half.npy", ROWS[0] * (np.arange(16) < 8))
    save_image("half.png", ROWS[0].reshape(4, 4))
    for words in COMMANDS[learn]:
        assert digits(f"learn {words} --epochs 2".replace("--epochs 500 ", ""))[0] == 0
    for words in COMMANDS[sample]:
        assert digits(f"sample {words} --sweeps 5")[0] == 0


@pytest.mark.parametrize("coding", ["01", "bipolar"])
def test_what_is_learnt_is_a_machine(digits, coding):
    line = f"learn digits.npy --hidden 3 --epochs 30 --coding {coding} --out m.npz --json"
    status, out, err = digits(line)
    assert (status, err) == (0, "")
    said, machine = json.loads(out), hf.load("m.npz")
    data = ROWS if coding == "bipolar" else ROWS > 0
    assert (machine.visible, machine.hidden, machine.coding) == (16, 3, coding)
    assert said["log_likelihood"] == pytest.approx(machine.log_likelihood(data))
    assert said["wrote"] == "m.npz"
    assert said["method"] == "exact"


def test_learning_is_kept_and_gone_on_with(digits):
    whole = "learn digits.npy --hidden 3 --method pcd --epochs 6 --batch 7"
    assert digits(f"{whole} --out whole.npz")[0] == 0
    training = hf.boltzmann.Training(
        ROWS > 0, 3, True, "pcd", epochs=6, batch=7, coding="01", rng=0
    )
    training.step(2)
    hf.save("kept.npz", training)
    status, out, _ = digits(f"{whole} --keep kept.npz --out on.npz --json")
    assert (status, json.loads(out)["epochs"]) == (0, 6)
    assert np.array_equal(hf.load("on.npz").weights, hf.load("whole.npz").weights)
    assert hf.load("kept.npz").epoch == 6


def test_a_warning_is_a_fact(digits):
    np.save("still.npy", np.c_[np.ones(8, int), ROWS[:8, :4] > 0])
    status, out, err = digits("learn still.npy --hidden 2 --epochs 2")
    assert (status, err) == (0, "")
    assert "never changes" in out


def test_samples_hold_what_is_clamped(digits):
    digits("learn digits.npy --hidden 3 --epochs 20 --out m.npz")
    np.save("half.npy", ROWS[0] * (np.arange(16) < 8))
    line = "sample m.npz --n 7 --cue half.npy --clamp known --sweeps 20 --out s.npy --json"
    status, out, _ = digits(line)
    assert (status, json.loads(out)["samples"]) == (0, 7)
    found = np.load("s.npy")
    assert found.shape == (7, 16)
    assert (found[:, :8] == (ROWS[0, :8] > 0)).all()
    assert digits("sample m.npz --n 12 --sweeps 3 --out sheet.png")[0] == 0
    assert hf.pictures.read_image("sheet.png").shape == (2 * 5 - 1, 10 * 5 - 1)


def test_recall_holds_what_is_known(run):
    status, out, _ = run("recall --store a.png b.png c.png --blank bottom --clamp known --json")
    assert status == 0
    assert json.loads(out)["recalled"] == "a.png"
    save_image("mask.png", np.where(np.arange(100) < 60, 1, -1).reshape(10, 10))
    line = "recall --store a.png b.png c.png --flip 0.4 --clamp mask.png --save r.npz --seed 3"
    assert run(line)[0] == 0
    held = np.arange(100) < 60
    assert np.array_equal(hf.load("r.npz").state[held], hf.flip(XI[0], 0.4, rng=3)[held])


REFUSED = {
    "rate": ("learn digits.npy --rate fast", "--rate must be a number"),
    "decay": ("learn digits.npy --decay weak", "--decay must be a number, or COUPLINGS:BIASES"),
    "decays": ("learn digits.npy --decay 1:2:3", "decay must be a number, or two"),
    "method": ("learn digits.npy --method ml", "--method must be one of"),
    "coding": ("learn digits.npy --coding 02", "--coding must be one of"),
    "keep": ("learn digits.npy --keep m.npz", "no learning"),
    "overwritten": ("learn digits.npy --out digits.npy", "must not be overwritten"),
    "no machine": ("sample memory.npz", "no Boltzmann machine"),
    "clamp": ("sample m.npz --clamp known", "--clamp needs a --cue"),
    "cue": ("sample m.npz --cue digits.npy", "--cue must be one pattern of 16"),
    "size": ("sample m.npz --size 3x3", "--size must be of 16 neurons"),
    "unknown clamped": ("recall --store a.png --flip 0.1 --clamp b.npy", "--clamp"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_ends_in_one_line(digits, case):
    line, words = REFUSED[case]
    hf.save("m.npz", hf.boltzmann.Machine(np.zeros((16, 16)), coding="01"))
    hf.save("memory.npz", hf.hebb(ROWS))
    np.save("b.npy", ROWS)
    refused(digits, line, words)

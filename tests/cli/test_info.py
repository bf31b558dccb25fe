"""The command info: what each kind of file is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf
from hopfield.cli.app import main
from tests.cli.lines import XI, refused
from tests.scans.coin import stored


def test_info_of_a_picture(run, report):
    assert report("info a.png") == {
        "file": "a.png",
        "kind": "picture",
        "rows": 10,
        "columns": 10,
        "ink": float((XI[0] > 0).mean()),
    }
    status, out, err = run("info a.png")
    assert (status, err) == (0, "")
    assert "kind     picture" in out.splitlines()


@pytest.mark.parametrize("suffix", ["npy", "npz", "csv"])
def test_info_of_patterns(report, suffix):
    xi = hf.random_patterns(4, 50, rng=6)
    if suffix == "csv":
        np.savetxt("xi.csv", xi, fmt="%d", delimiter=",")
    else:
        np.save("xi.npy", xi) if suffix == "npy" else np.savez("xi.npz", xi)
    m = hf.overlap(xi[:, None], xi)[np.triu_indices(4, 1)]
    assert report(f"info xi.{suffix}") == {
        "file": f"xi.{suffix}",
        "kind": "patterns",
        "patterns": 4,
        "neurons": 50,
        "load": 0.08,
        "active": float((xi > 0).mean()),
        "largest_overlap": m[np.abs(m).argmax()],
        "values": "-1 and 1",
    }


def test_info_of_one_line_of_numbers_that_size_breaks(run, report):
    xi = hf.random_patterns(3, 16, rng=6)
    Path("pict.dat").write_text(",".join(map(str, xi.ravel())))
    assert report("info pict.dat --size 4x4")["patterns"] == 3
    assert report("info pict.dat --size 16")["neurons"] == 16
    out = run("info pict.dat")[1]
    assert "neurons   48" in out.splitlines()
    assert "None" not in out
    assert (
        run("info a.png --size 4x4")[2]
        == "hopfield: --size must be 100, the neurons of a.png, not 16\n"
    )


def test_info_of_what_was_saved(run, report):
    memory = hf.hebb(XI)
    hf.save("m.npz", memory)
    assert report("info m.npz") == {
        "file": "m.npz",
        "kind": "Hebbian",
        "version": 1,
        "neurons": 100,
        "patterns": 3,
        "symmetric": True,
    }
    result = hf.recall(memory, XI[0], rng=1)
    hf.save("r.npz", result)
    assert report("info r.npz") == {
        "file": "r.npz",
        "kind": "Recall",
        "version": 1,
        "neurons": 100,
        "replicas": 1,
        "why": "fixed point",
        "sweeps": 1,
        "energy": result.energy,
        "undecided": 0,
    }
    hf.save("batch.npz", hf.recall(memory, XI[:2], rng=1))
    assert report("info batch.npz") == {
        "file": "batch.npz",
        "kind": "Recall",
        "version": 1,
        "neurons": 100,
        "replicas": 2,
    }
    assert "Recall" in run("info r.npz")[1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.png", b"words"),
        ("text.npz", b"words"),
        ("text.npy", b"words"),
        ("t.csv", b"a,b\n"),
        ("none.csv", b""),
        ("noise.bin", bytes(range(256))),
        ("cut.npz", b"PK\x03\x04"),
    ],
)
def test_info_refuses_other_files_in_one_line(run, name, content):
    Path(name).write_bytes(content)
    refused(run, f"info {name}", name)


def test_info_refuses_what_is_no_file(run):
    refused(run, "info .", "directory")
    refused(run, "info nowhere.npz", "nowhere.npz", "does not exist")
    refused(run, "info", "FILE")


def test_info_says_what_a_store_holds(tmp_path, capsys):
    assert main(["info", str(stored(tmp_path / "coin")), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["kind"], said["experiments"] == ("store of scans", "Coin, version 1")
    assert (said["points"], said["replicas"], said["seeds"]) == (6, 120, "0")

"""The program: its words, its help, its status, and what it says when something is wrong."""

from __future__ import annotations

import subprocess
import sys

import pytest

import hopfield as hf
from hopfield.cli.app import spread
from hopfield.cli.options import NEURONS, ORDERS
from tests.cli.lines import ENV, refused


@pytest.mark.parametrize(
    ("words", "repeated"),
    [
        ("recall --store a b --cue c", "recall --store a --store b --cue c"),
        ("recall --store a --store b c", "recall --store a --store b --store c"),
        ("recall --store=a b --json", "recall --store=a --store b --json"),
        ("recall --cue c --store a", "recall --cue c --store a"),
        ("recall --store a b --flip -1", "recall --store a --store b --flip -1"),
        ("info a.png --json", "info a.png --json"),
        ("recall --store", "recall --store"),
        ("", ""),
    ],
)
def test_store_takes_several_values(words, repeated):
    assert spread(words.split()) == repeated.split()


@pytest.mark.parametrize("command", ["tour", "recall", "info"])
def test_help_ends_with_examples_that_name_the_command(run, command):
    status, out, err = run(f"{command} --help")
    assert (status, err) == (0, "")
    examples = out[out.index("Examples:") :].splitlines()[1:]
    assert len(examples) >= 3
    assert all(
        line.strip().startswith(f"hopfield {command} ") or line.strip() == f"hopfield {command}"
        for line in examples
    )
    assert max(map(len, out.splitlines())) <= 80


def test_help_offers_every_rule_order_neuron_and_tie(run):
    _, out, _ = run("recall --help")
    words = " ".join(out.split())
    for names in (hf.learning.RULES, ORDERS, NEURONS, ("keep", "up", "down", "random")):
        assert ", ".join(names) in words or " or ".join(names) in words


@pytest.mark.parametrize("line", ["", "--help"])
def test_alone_it_shows_the_commands(run, line):
    status, out, _ = run(line)
    assert status == 0
    assert all(command in out for command in ("tour", "recall", "info"))


def test_version(run):
    assert run("--version") == (0, f"hopfield {hf.__version__}\n", "")


def test_it_runs_as_a_program_and_the_process_ends_with_its_status(folder):
    done = subprocess.run(
        [sys.executable, "-m", "hopfield", "info", "missing.png"],
        env=ENV,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "hopfield: missing.png does not exist\n"


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_the_extra_it_says_how_to_install_it(missing):
    code = f"import sys; sys.modules[{missing!r}] = None\nfrom hopfield.cli import main\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}sys.exit(main(['--help']))"],
        env=ENV,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "install the extra 'cli' of hopfield" in done.stderr
    assert done.stderr.count("\n") == 1


def test_debug_shows_the_traceback_too(run, monkeypatch):
    monkeypatch.setenv("HOPFIELD_DEBUG", "1")
    status, _, err = run("info nowhere.png")
    assert status == 2
    assert "Traceback" in err
    assert err.endswith("hopfield: nowhere.png does not exist\n")


def test_a_mistake_of_the_program_itself_is_not_hidden(run, monkeypatch):
    def broken(*args, **options):
        raise KeyError("no such thing")

    monkeypatch.setattr(hf, "Run", broken)
    with pytest.raises(KeyError):
        run("recall --store a.png --flip 0.1")


def test_an_unknown_command_is_refused(run):
    refused(run, "recal", "recal")

"""The documents say what is true: their examples run, their links lead somewhere."""

from __future__ import annotations

import contextlib
import io
import json
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import hopfield as hf

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
WORDS = {6: "six", 15: "fifteen", 18: "eighteen"}


def _blocks(text):
    """Yield each python block with the text block that follows it, if one does."""
    pattern = r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?"
    return re.findall(pattern, text, flags=re.S)


def test_the_readme_has_an_example_with_its_output():
    ((code, output),) = _blocks((ROOT / "README.md").read_text())
    assert output
    assert sum(bool(line.strip()) for line in code.splitlines()) <= 10


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_examples_give_the_output_shown(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scope = {}
    for code, output in _blocks(path.read_text()):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, scope)
        if output:
            assert printed.getvalue() == output


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_the_design_names_the_folders_as_the_contract_has_them():
    text = (ROOT / "docs/design.md").read_text()
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = re.findall(r"\w+", " ".join(contract["contracts"][0]["layers"]))
    inside = {path.stem for path in Path(hf.__file__).parent.iterdir()}
    there = [name for name in layers if name in inside]
    assert re.findall(r"^\| `(\w+)` \|", text, flags=re.M) == there


def test_the_readme_names_only_what_there_is():
    readme = (ROOT / "README.md").read_text()
    for name in re.findall(r"`(\w+)`", readme.split("## What it can do")[1]):
        known = hasattr(hf, name) or hasattr(hf.Memory, name) or name in ("make", "hopfield")
        assert known, name


def test_what_the_documents_count_is_as_many():
    chapters, courses = (
        len(list(ROOT.glob(name))) for name in ("book/[0-9]*.md", "book/courses/*")
    )
    record = json.loads((ROOT / "tests/engine/fingerprint.json").read_text())["kinds"].values()
    counts = {
        r"(\w+)\s+chapters(?:, whose| whose code| lead from|, exercises that)": WORDS[chapters],
        r"(\w+)\s+experiments, done right": WORDS[len(hf.course.CASES)],
        r"homework of (\w+)\s+(?:other |university )?courses": WORDS[courses],
        r"(\d+),000\s+random networks": str(sum(kind["networks"] for kind in record) // 1000),
    }
    files = (
        *ROOT.glob("*.md"),
        *map(ROOT.joinpath, ("book/stable.md", "paper/paper.md", "Makefile")),
    )
    text = " ".join(path.read_text() for path in files)
    for pattern, count in counts.items():
        assert {word.lower() for word in re.findall(pattern, text)} == {count}, pattern


def test_the_page_on_installing_names_each_extra_and_no_address():
    page = (ROOT / "book" / "install.md").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", page, re.M))))
    assert named == set(project["optional-dependencies"]) - {"book", "test", "bench", "dev"}
    assert "://" not in page
    for code, _ in _blocks(page):
        exec(code, {})


def test_every_public_function_and_class_shows_an_example():
    rooms = [hf, *(getattr(hf, name) for name in (*hf.__all__, "theory"))]
    rooms += [getattr(hf.theory, name) for name in hf.theory.__all__]
    public = {
        f"{room.__name__}.{name}": getattr(room, name)
        for room in rooms
        if isinstance(room, ModuleType) and room not in (hf.course, hf.gallery, hf.testing, hf.tour)
        for name in room.__all__
    }
    results = (
        "Memory",
        "NoEnergy",
        "Recall",
        "Record",
        "Attractors",
        "BadFile",
        "Basins",
        "Identity",
        "Model",
        "Separation",
        "Rule",
        "Settings",
        "Estimate",
        "Point",
        "Progress",
        "OtherVersion",
    )
    for name, thing in public.items():
        if callable(thing) and name.split(".")[-1] not in results:
            doc = thing.__doc__ or ""
            assert ">>>" in doc, name
            assert len(doc.splitlines()[0]) <= 100, name

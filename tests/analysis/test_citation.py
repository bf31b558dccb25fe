"""Every source that the package names has an entry, and `cite` finds it."""

from __future__ import annotations

import re
from email.message import Message
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

import hopfield as hf
from hopfield.analysis import citation

X = hf.random_patterns(3, 20, rng=1)
SOURCE = Path(hf.__file__).parent


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.stem)
def test_every_source_named_in_the_package_has_an_entry(path):
    for name in citation.sources(path.read_text()):
        assert citation._key(name), name


def test_the_entries_are_whole_and_told_apart():
    found = citation.entries()
    assert len(found) == len(
        re.findall("^@", SOURCE.joinpath("analysis", "references.bib").read_text(), re.M)
    )
    for key, entry in found.items():
        assert re.match(rf"@\w+\{{{key},\n", entry)
        assert entry.count("{") == entry.count("}")
        assert re.search(r"year\s*= \{\d{4}\}", entry)


@pytest.mark.parametrize(
    ("used", "keys"),
    [
        ("hopfield1982", ["hopfield1982"]),
        ("hebb", ["hopfield1982", "mceliece1987"]),
        (hf.hebb, ["hopfield1982"]),
        (hf.HeatBath, ["glauber1963"]),
        (hf.HeatBath(0.5), ["glauber1963"]),
        (hf.separation.power(3), ["krotov2016"]),
        (hf.theory.ags, ["amit1987"]),
        (hf.theory.ags.critical, ["amit1987"]),
        (hf.hebb([[1, -1, 1]]), ["hopfield1982"]),
        (hf.dense([[1, -1, 1]]), ["krotov2016"]),
        (hf.sequence(X, separation=hf.separation.power(3)), ["chaudhry2023", "krotov2016"]),
        (hf.learning.pseudo_inverse(X), ["personnaz1986"]),
        (hf.learning.dreaming(X, t=2.0), ["fachechi2019", "personnaz1986"]),
        (hf.hebb(X) + hf.dense(X, degree=3) + hf.Bias(0.1), ["hopfield1982", "krotov2016"]),
        (hf.modern(X), ["ramsauer2020"]),
        (
            hf.modern(X, attention="normmax", similarity="distance"),
            ["blondel2020", "millidge2022", "ramsauer2020", "santos2024", "santos2024b"],
        ),
        (hf.learning.RULES["hebb"], ["hopfield1982"]),
        (hf.experiments.Retrieval, ["amit1987"]),
        (hf.optimise, ["barahona1988", "hopfield1985", "wilson1988", "wu1982"]),
    ],
)
def test_what_was_used_is_cited(used, keys):
    assert re.findall(r"@\w+\{(.*),", hf.cite(used)) == keys


def test_several_are_cited_once_each_in_order_and_shown_as_they_are():
    text = hf.cite(hf.HeatBath, hf.hebb, "hebb")
    assert re.findall(r"@\w+\{(.*),", text) == ["glauber1963", "hopfield1982", "mceliece1987"]
    assert repr(text) == text


@pytest.mark.parametrize(
    ("links", "last"),
    [
        (["Issues, https://b", "Repository, https://a"], "  url     = {https://a},"),
        ([], f"  version = {{{hf.__version__}}},"),
        (None, f"  version = {{{hf.__version__}}},"),
    ],
)
def test_the_package_itself_has_its_version_and_the_address_that_its_metadata_have(
    links, last, monkeypatch
):
    def metadata(name):
        if links is None:  # a source that is not installed
            raise PackageNotFoundError(name)
        message = Message()
        for link in links:
            message["Project-URL"] = link
        return message

    monkeypatch.setattr(citation, "metadata", metadata)
    first, *_, before, end, rest = hf.cite().split("\n")
    assert (first, before, end, rest) == ("@software{hopfield,", last, "}", "")
    assert "hopfield developers" in hf.cite()


@pytest.mark.parametrize("used", ["hebbb", 3, hf.flip])
def test_what_names_no_source_is_refused(used):
    with pytest.raises(ValueError, match="used must be"):
        hf.cite(used)

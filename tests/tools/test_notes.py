"""tools/notes.py: a release says what the changelog says of it, or is not made."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
notes = runpy.run_path(str(ROOT / "tools" / "notes.py"))["notes"]
LOG = """# Changelog

## [1.1.0] - Unreleased
Soon.

## [1.0.0] - 2027-01-31
### Added
- It.

## [0.9.0] - 2026-12-01
Old.
"""


def test_the_notes_are_the_section_of_the_version():
    assert notes("v1.0.0", "1.0.0", LOG) == "### Added\n- It.\n"
    assert notes("v0.9.0", "0.9.0", LOG) == "Old.\n"


@pytest.mark.parametrize(
    ("tag", "version", "what"),
    [
        ("v1.0.0", "1.0.1", "the tag v1.0.0 is not v1.0.1"),
        ("1.0.0", "1.0.0", "the tag 1.0.0 is not v1.0.0"),
        ("v1.1.0", "1.1.0", "1.1.0 has no date, but 'Unreleased'"),
        ("v2.0.0", "2.0.0", r"no section ## \[2.0.0\]"),
    ],
)
def test_what_is_not_ready_is_refused(tag, version, what):
    with pytest.raises(ValueError, match=what):
        notes(tag, version, LOG)

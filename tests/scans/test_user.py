"""An experiment in a file of a user's own: found, and said in one line where it is not."""

from __future__ import annotations

import sys

import pytest

import hopfield as hf
from hopfield.scans.user import class_in

DICE = """from dataclasses import dataclass
from hopfield.experiments import Experiment, count
@dataclass(frozen=True)
class Dice(Experiment):
    sides: int = 6
    def run(self, rng):
        return count(six=rng.integers(self.sides) == 5)
"""


def test_the_class_is_found_and_its_module_cannot_be_imported(tmp_path):
    (tmp_path / "my_dice.py").write_text(DICE)
    dice = class_in(tmp_path / "my_dice.py", "Dice")
    assert "my_dice" not in sys.modules
    here, there = (hf.scan(dice, sides=[6, 12], repeats=20, on=on) for on in (None, 2))
    assert [p.counts for p in here.points] == [p.counts for p in there.points]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dice = 3", "has no hopfield.experiments.Experiment Dice"),
        ("class Dice: pass", "has no hopfield.experiments.Experiment Dice"),
        ("\n1 / 0", "fails: ZeroDivisionError: division by zero, my_dice.py line 2"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, text, said):
    (tmp_path / "my_dice.py").write_text(text)
    with pytest.raises(ValueError, match=said):
        class_in(tmp_path / "my_dice.py", "Dice")

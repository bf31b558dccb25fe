"""An experiment in a file of a user's own: found, and said in one line where it is not."""

from __future__ import annotations

import subprocess
import sys

import cloudpickle
import pytest

import hopfield as hf
from hopfield.scans.user import object_in

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
    dice = object_in(tmp_path / "my_dice.py", "Dice")
    assert "my_dice" not in sys.modules
    here, there = (hf.scan(dice, sides=[6, 12], repeats=20, on=on) for on in (None, 2))
    assert [p.counts for p in here.points] == [p.counts for p in there.points]


def test_a_file_imports_what_lies_beside_it_and_workers_need_none_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for folder in "ab":
        (tmp_path / folder / "mytool").mkdir(parents=True)
        (tmp_path / folder / "mytool" / "__init__.py").write_text("from .deep import SIX\n")
        (tmp_path / folder / "mytool" / "deep.py").write_text(f"SIX = {5 if folder == 'a' else 6}")
        text = f"import mytool\nfrom mytool import SIX\n{DICE.replace('== 5', '== mytool.SIX')}"
        (tmp_path / folder / "my_dice.py").write_text(text)
    for folder, sides in (("a", 6), ("b", 7)):
        dice = object_in(tmp_path / folder / "my_dice.py", "Dice")
        assert not {"my_dice", "mytool", "mytool.deep"} & {*sys.modules}
        here = hf.scan(dice, sides=sides, repeats=20)
        travelled = cloudpickle.dumps(dice)
        for module in (tmp_path / folder).rglob("*.py"):
            module.unlink()
        code = (
            "import sys, pickle; print(pickle.load(sys.stdin.buffer).run.__globals__['mytool'].SIX)"
        )
        done = subprocess.run([sys.executable, "-c", code], input=travelled, capture_output=True)
        assert done.stdout.split() == [str(sides - 1).encode()], done.stderr
        there = hf.scan(dice, sides=sides, repeats=20, on=2)
        assert [p.counts for p in here.points] == [p.counts for p in there.points]
        assert here.points[0].counts.shares["six"][0] > 0
        sys.path.remove(str(tmp_path / folder))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import sys\nsys.exit('no')", "fails: SystemExit: no, my_dice.py line 2"),
        ("\n1 / 0", "fails: ZeroDivisionError: division by zero, my_dice.py line 2"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, text, said):
    (tmp_path / "my_dice.py").write_text(text)
    with pytest.raises(ValueError, match=said):
        object_in(tmp_path / "my_dice.py", "Dice")

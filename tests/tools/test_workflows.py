"""The workflows: each action is pinned, each job may do little, each step names what is there.

`make check` runs zizmor, which knows more of this.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WRITES = {  # the jobs that may do more than read, and what
    ("book", "deploy"): {"pages": "write", "id-token": "write"},
    ("book", "notebooks"): {"contents": "write"},
    ("release", "pypi"): {"id-token": "write"},
    ("release", "github"): {"contents": "write"},
}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request):
    return request.param


def jobs(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]


def steps(path):
    return [step for job in jobs(path).values() for step in job.get("steps", [])]


def test_each_action_is_pinned_by_its_hash_and_says_its_version(file):
    for line in re.findall(r"uses: (.*)", file.read_text(encoding="utf-8")):
        pinned = re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)
        ours = re.match(r"\./(\S+)", line)
        assert pinned or (ROOT / ours[1]).is_file(), line


def test_an_action_has_one_hash_everywhere():
    found = {}
    for path in FILES:
        for name, pin in re.findall(r"uses: ([\w/-]+)@(.*)", path.read_text(encoding="utf-8")):
            assert found.setdefault(name, pin) == pin, name


def test_a_job_reads_and_no_more_except_those_that_publish(file):
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["permissions"] == {"contents": "read"}
    for name, job in jobs(file).items():
        assert job.get("permissions") == WRITES.get((file.stem, name)), name


def test_a_job_ends_and_leaves_no_password_behind(file):
    for name, job in jobs(file).items():
        assert "timeout-minutes" in job or "uses" in job, name
    for step in steps(file):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_all_tests_run_where_the_widgets_front_end_is_built():
    rules = re.split(r"\n(?=[\w ]+:)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    jobs_steps = (job.get("steps", []) for path in FILES for job in jobs(path).values())
    runs = [*rules, *("\n".join(step.get("run", "") for step in job) for job in jobs_steps)]
    whole = [run for run in runs if "pytest -n" in run]
    assert len(whole) == 5
    for run in whole:
        assert re.search(r"tools/(?:front\.py build|book\.py)", run.partition("pytest -n")[0]), run


def test_what_the_steps_run_is_there(file):
    rules = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    words = " ".join(step.get("run", "") for step in steps(file))
    assert set(re.findall(r"\bmake (\w+)", words)) <= set(rules)
    for path in re.findall(r"\b((?:tools|tests|src)/[\w/.]+)", words):
        assert (ROOT / path).exists(), path

"""Scans by real processes, killed at random moments: the counts are those of a plain loop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from random import Random

import psutil
import pytest
from distributed import Client

import hopfield as hf
from hopfield.experiments import Counts, Experiment, count
from hopfield.scans import engines, merge, read
from hopfield.scans.tasks import identity, stream

pytestmark = pytest.mark.slow

POINTS = [0.1, 0.2, 0.3, 0.5, 0.7, 0.8]
REPEATS = 64


@dataclass(frozen=True)
class Slow(Experiment):
    """A trial that takes a while without keeping a core busy."""

    p: float = 0.5
    pause: float = 0.01

    def run(self, rng):
        time.sleep(self.pause)
        return count(up=rng.random() < self.p, x=rng.normal())


def expected(repeats=REPEATS):
    return [
        sum(
            (Slow(p, 0.0).run(stream(identity(Slow(p), 0), replica)) for replica in range(repeats)),
            Counts(),
        )
        for p in POINTS
    ]


def command(out, *words, points=POINTS, repeats=REPEATS):
    grid = ",".join(map(str, points))
    return [
        sys.executable,
        "-m",
        "hopfield",
        "scan",
        "--experiment",
        f"{__file__}:Slow",
        f"p={grid}",
        "--repeats",
        str(repeats),
        "--out",
        str(out),
        *words,
    ]


def scan(*args, **options):
    done = subprocess.run(command(*args, **options), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def check(out, repeats=REPEATS):
    """Check the counts, and that each replica of each point is in the store once."""
    found = read(out)
    assert [point.counts for point in found.points] == expected(repeats)
    assert [point.replicas for point in found.points] == [repeats] * len(POINTS)


@contextmanager
def process(*words):
    """Run a process, with all that it starts, until the end of the block at the latest."""
    # To files and in a session of its own: what it leaves behind must neither fill a pipe nor live.
    child = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def dask(*words):
    return process(sys.executable, "-m", "dask", *words)


def scheduler(port):
    return dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")


def worker(port):
    return dask(
        "worker",
        f"tcp://127.0.0.1:{port}",
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
        "--death-timeout",
        "60",
    )


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def listening(port):
    for _ in range(600):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens at {port}")


def replicas(out):
    """Return how many replicas the store of a running scan has."""
    try:
        return sum(point.replicas for point in read(out).points)
    except ValueError:  # not made yet
        return 0


def wait_for(out, more, child):
    """Wait until a scan has stored so many replicas, or has ended."""
    while replicas(out) < more and child.poll() is None:
        time.sleep(0.05)


def workers_of(session):
    """Return the worker processes of a session, whether its leader lives or not."""
    found = []
    for child in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if os.getsid(child.pid) == session and "popen_loky" in " ".join(child.cmdline()):
                found.append(child)
    return found


@pytest.mark.parametrize("workers", ["1", "4"])
def test_processes_count_what_a_plain_loop_counts(tmp_path, workers):
    scan(tmp_path / "a.db", "--workers", workers)
    check(tmp_path / "a.db")


def test_a_driver_killed_ten_times_counts_each_replica_once(tmp_path):
    out, random, repeats = tmp_path / "a.db", Random(1), 250
    for k in range(10):
        with process(*command(out, "--workers", "112"[k % 3], repeats=repeats)) as driver:
            wait_for(out, replicas(out) + random.randint(0, 10), driver)
            assert driver.poll() is None
            driver.kill()
            driver.wait()
    scan(out, "--workers", "4", repeats=repeats)
    check(out, repeats)


def test_a_worker_of_this_machine_that_is_killed_costs_its_task_alone(tmp_path):
    out = tmp_path / "a.db"
    with process(*command(out, "--workers", "3", repeats=120)) as driver:
        for more in (20, 300):
            wait_for(out, more, driver)
            workers_of(driver.pid)[0].kill()
        assert driver.wait(120) == 0
    check(out, 120)


def test_workers_end_with_a_driver_that_is_killed(tmp_path):
    out = tmp_path / "a.db"
    with process(*command(out, "--workers", "2", repeats=5000)) as driver:
        wait_for(out, 20, driver)
        driver.kill()
        driver.wait()
        for _ in range(200):
            if not workers_of(driver.pid):
                break
            time.sleep(0.1)
        assert not workers_of(driver.pid)


def test_ctrl_c_keeps_what_is_finished(tmp_path):
    out = tmp_path / "a.db"
    child = subprocess.Popen(
        command(out, "--workers", "2", repeats=5000),
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(out, 50, child)
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does: to the workers too
    _, error = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "hopfield: stopped; " in error
    assert "Traceback" not in error
    assert replicas(out) >= 50
    assert os.listdir(tmp_path) == ["a.db"]


@pytest.mark.parametrize(
    ("pause", "words"),
    [(pause, ("--workers", "3")) for pause in (0.0, 0.3, 0.6, 1.0)]
    + [(pause, ("--dask", "local")) for pause in (0.5, 1.5, 3.0)],
)
def test_ctrl_c_prints_one_line_even_while_workers_start(tmp_path, pause, words):
    out = tmp_path / "a.db"
    child = subprocess.Popen(
        command(out, *words, repeats=5000),
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not out.exists() and child.poll() is None:
        time.sleep(0.01)
    time.sleep(pause)
    os.killpg(child.pid, signal.SIGINT)
    _, error = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "hopfield: stopped; " in error
    assert "Traceback" not in error


def test_an_open_port_that_says_nothing_is_no_scheduler(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ConnectionError, match=f"no Dask scheduler answers at {address}"):
            hf.scan(Slow, on=address)


def first_line(child):
    """Return the first line on standard error, but for those that a busy machine adds."""
    lines = (line.strip() for line in child.stderr)
    return next(line for line in lines if "takes long to" not in line)


@pytest.mark.filterwarnings("ignore:Mismatched versions")
@pytest.mark.parametrize("version", ["", "2000.1.0"])
def test_a_scan_says_that_it_waits_for_a_worker_and_that_its_dask_is_another(tmp_path, version):
    port, out = free_port(), tmp_path / "a.db"
    start = (
        "import sys, importlib.metadata as m; sys.argv[0] = 'dask'; known = m.version; "
        f"m.version = lambda name: name == 'distributed' and {version!r} or known(name); "
        "from dask.__main__ import main; main()"
    )
    address = f"tcp://127.0.0.1:{port}"
    words = "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"
    with ExitStack() as stack:
        stack.enter_context(scheduler(port))
        listening(port)
        worker = [sys.executable, "-c", start, *words]
        if version:
            stack.enter_context(process(*worker))
            with Client(address) as client:
                client.wait_for_workers(1)
        driver = subprocess.Popen(
            command(out, "--dask", address, repeats=4), stderr=subprocess.PIPE, text=True
        )
        stack.callback(driver.kill)
        if version:
            assert "has Dask 2000.1.0, this driver " in first_line(driver)
        else:
            assert first_line(driver) == engines.NOBODY
            stack.enter_context(process(*worker))
        driver.communicate(timeout=120)
        assert driver.returncode == 0
    check(out, 4)


def test_a_cluster_killed_piece_by_piece_counts_each_replica_once(tmp_path):
    out, port, many = tmp_path / "a.db", free_port(), {"repeats": 200}
    words = "--dask", f"tcp://127.0.0.1:{port}"
    with ExitStack() as stack:
        boss = stack.enter_context(scheduler(port))
        listening(port)
        workers = [stack.enter_context(worker(port)) for _ in range(3)]
        with process(*command(out, *words, **many)) as driver:  # the driver
            wait_for(out, 30, driver)
            driver.kill()
        with process(
            *command(out, *words, **many)
        ) as driver:  # two workers, and then the scheduler
            for k in range(2):
                wait_for(out, replicas(out) + 40, driver)
                workers[k].kill()
            wait_for(out, replicas(out) + 40, driver)
            assert driver.poll() is None
            boss.kill()
            assert driver.wait(60) == 2
        workers[2].kill()
    before = replicas(out)
    assert 0 < before < 200 * len(POINTS)
    with scheduler(port), worker(port), worker(port):
        listening(port)
        scan(out, *words, **many)
    check(out, **many)


def test_files_of_two_machines_merge_into_the_same_counts(tmp_path):
    one, two, out = (tmp_path / name for name in ("1.db", "2.db", "3.db"))
    scan(one, "--workers", "1", points=POINTS[:5])
    scan(two, "--workers", "3", points=POINTS[3:])
    merge(out, one, two, one)
    check(out)


def test_a_cluster_with_another_version_is_refused_before_any_work(tmp_path):
    port = free_port()
    start = (
        "import hopfield, sys; hopfield.__version__ = '0.0.1'; sys.argv[0] = 'dask'; "
        "from dask.__main__ import main; main()"
    )
    with scheduler(port):
        listening(port)
        with process(
            sys.executable,
            "-c",
            start,
            "worker",
            f"tcp://127.0.0.1:{port}",
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
        ):
            done = subprocess.run(
                command(tmp_path / "a.db", "--dask", f"tcp://127.0.0.1:{port}"),
                capture_output=True,
                text=True,
                timeout=60,
            )
    assert done.returncode == 2
    assert "has hopfield 0.0.1" in done.stderr
    assert "install one version everywhere" in done.stderr
    assert replicas(tmp_path / "a.db") == 0


@dataclass(frozen=True)
class Deadly(Experiment):
    """A trial that takes its process with it, as one that needs too much memory does."""

    def run(self, rng):
        os._exit(1)


def test_a_task_that_kills_its_workers_ends_the_scan_in_a_line(tmp_path):
    words = [f"{__file__}:Deadly", "--workers", "2", "--out", str(tmp_path / "a.db")]
    done = subprocess.run(
        [sys.executable, "-m", "hopfield", "scan", "--experiment", *words],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2
    assert "hopfield: workers die again and again at one task" in done.stderr

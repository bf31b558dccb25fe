"""Engines: who runs the tasks, each as an executor of `concurrent.futures`.

This process, the cores of this machine (joblib's loky), or a Dask cluster.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from ..base.checks import count, describe, missing
from .tasks import OtherVersion

_REACH = 5  # seconds, to find a scheduler
_REFRESH = 2.0  # seconds between two looks at how many workers a cluster has
_AHEAD = 64  # messages that wait at a scheduler, so that an adaptive cluster sees what is to do
GONE = "the Dask scheduler went away; all that is finished is stored, and the same call goes on"
DYING = "workers die again and again at one task, for want of memory perhaps; the rest is stored"
_CROWD = 100  # threads from which on messages are longer, or the driver could not keep up


@dataclass
class Engine:
    """An executor, how many threads it has now, how many messages wait, and what to call it."""

    executor: Executor
    threads: Callable[[], int]
    waiting: int
    name: str

    def limits(self) -> tuple[int, float]:
        """Return how many messages to hold, and how many times longer than usual they are."""
        threads = self.threads()
        return self.waiting + 2 * threads, max(1.0, threads / _CROWD)


class Here(Executor):
    """This process: what is submitted is run at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function and return its result as a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def check(on: Any) -> None:
    """Refuse an ``on`` whose package is missing, before anything is written."""
    if on == "all" or (isinstance(on, int) and on > 1):
        if not find_spec("joblib"):
            raise missing("several processes need joblib", "scan")
    elif isinstance(on, str) and not find_spec("distributed"):
        raise missing("a Dask cluster needs distributed", "scan")


@contextmanager
def engine(on: Any) -> Iterator[Engine]:
    """Start what ``on`` names, and stop it again.

    Parameters
    ----------
    on : None, int, "all", "local", str or distributed.Client
        This process; so many processes, or one a core; a Dask cluster of this machine; the
        address of a Dask scheduler; a client of one.
    """
    if on is None or on == 1:
        yield Engine(Here(), lambda: 0, 1, "this process")
    elif isinstance(on, str) and on != "all":
        with _dask(on) as made:
            yield made
    elif isinstance(on, (int, str)):
        with _processes(cores() if on == "all" else count(on, "on", 1, 4096)) as made:
            yield made
    elif hasattr(on, "get_executor"):
        with _client(on) as made:
            yield made
    else:
        raise TypeError(
            'on must be a number of processes, "all", "local", the address of a Dask scheduler '
            f"(tcp://host:8786) or a Client, not {describe(on)}"
        )


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _processes(workers: int) -> Iterator[Engine]:
    from joblib.externals.loky import get_reusable_executor

    pool = get_reusable_executor(workers, timeout=60, initializer=_employ, initargs=(os.getpid(),))
    try:
        yield Engine(pool, lambda: workers, 0, f"{workers} processes")
    except BaseException:
        pool.shutdown(wait=True, kill_workers=True)
        raise


def _employ(driver: int) -> None:
    """Leave Ctrl-C to the driver, which a terminal tells too, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(driver,), daemon=True).start()


def _watch(driver: int) -> None:
    while os.getppid() == driver:
        time.sleep(1)
    os._exit(1)


@contextmanager
def _dask(address: str) -> Iterator[Engine]:
    if address != "local" and "://" not in address:
        raise ValueError(f'on must be "all", "local" or such as tcp://host:8786, not {address!r}')
    from distributed import Client, LocalCluster

    if address == "local":
        with (
            LocalCluster(
                n_workers=cores(),
                threads_per_worker=1,
                dashboard_address=":0",
                silence_logs=logging.ERROR,
            ) as cluster,
            Client(cluster) as client,
            _client(client) as made,
        ):
            yield made
        return
    try:
        client = Client(address, timeout=_REACH)
    except (OSError, ValueError) as error:
        raise ConnectionError(f"no Dask scheduler answers at {address}") from error
    try:
        with _client(client) as made:
            yield made
    finally:
        client.close(timeout=5)


@contextmanager
def _client(client: Any) -> Iterator[Engine]:
    from distributed import KilledWorker

    _same_version(client)
    threads, looked = 0, -_REFRESH

    def now() -> int:
        nonlocal threads, looked
        if time.monotonic() - looked > _REFRESH:
            with suppress(OSError):
                threads = sum(client.nthreads().values())
            looked = time.monotonic()
        return threads

    executor = client.get_executor(pure=False)
    try:
        yield Engine(executor, now, _AHEAD, f"Dask, dashboard {client.dashboard_link}")
    except KilledWorker as error:
        raise RuntimeError(DYING) from error
    except Exception as error:
        if client.status == "running":
            raise
        raise ConnectionError(GONE) from error
    finally:
        executor.shutdown(wait=False)


def _same_version(client: Any) -> None:
    """Refuse workers with another version of the package; those that join later refuse."""
    from .. import __version__

    try:
        versions = client.run(_version)
    except ImportError as error:
        raise OtherVersion(f"the workers of the cluster have no such hopfield: {error}") from error
    for where, version in versions.items():
        if version != __version__:
            raise OtherVersion(
                f"the worker at {where} has hopfield {version}, this driver {__version__}: "
                "install one version everywhere"
            )


def _version() -> str:
    from .. import __version__

    return __version__

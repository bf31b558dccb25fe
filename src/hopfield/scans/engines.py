"""Engines: who runs the tasks, each as an executor of `concurrent.futures`.

This process, the cores of this machine (joblib's loky), or a Dask cluster.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError, wait
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import resource_tracker
from typing import Any

import numpy as np

from ..base.checks import count, describe, missing
from ..base.threads import cores, threads
from .tasks import OtherVersion

_REACH = 4  # seconds to find a scheduler
SILENCE = 2  # seconds until it is said what is waited for
_REFRESH = 2.0  # seconds between two looks at how many workers a cluster has
_AHEAD = 64  # messages that wait at a scheduler, so that an adaptive cluster sees what is to do
GONE = "the Dask scheduler went away; all that is finished is stored, and the same call goes on"
NOBODY = "the Dask scheduler has no worker; the scan waits for one"
DYING = "workers die again and again at one task, for want of memory perhaps; the rest is stored"
_CROWD = 100  # threads from which on messages are longer, or the driver could not keep up


@dataclass
class Engine:
    """An executor, how many threads it has now, how many messages wait, and what to call it."""

    executor: Executor
    threads: Callable[[], int]
    waiting: int
    name: str
    remote: bool = False

    def waits(self) -> str:
        """Say what is waited for, where that is no work."""
        return NOBODY if self.remote and not self.threads() else ""

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


def ready(on: Any) -> Any:
    """Return what `engine` takes of ``on``; refuse what it cannot, before anything is written."""
    if on is None or hasattr(on, "get_executor"):
        return on
    if isinstance(on, str) and on != "all":
        if on != "local" and "://" not in on:
            raise ValueError(f'on must be "all", "local" or such as tcp://host:8786, not {on!r}')
        if not find_spec("distributed"):
            raise missing("a Dask cluster needs distributed", "scan")
        return on
    if not isinstance(on, (str, int, np.integer)):
        raise TypeError(
            'on must be a number of processes, "all", "local", the address of a Dask scheduler '
            f"(tcp://host:8786) or a Client, not {describe(on)}"
        )
    workers = cores() if isinstance(on, str) else count(on, "on", 1, 4096)
    if (on == "all" or workers > 1) and not find_spec("joblib"):
        raise missing("several processes need joblib", "scan")
    return workers


@contextmanager
def engine(on: Any, say: Callable[[str], None]) -> Iterator[Engine]:
    """Start what ``on`` names, and stop it again; say what takes long.

    Parameters
    ----------
    on : None, int, str or distributed.Client
        As `ready` returns it: this process; so many processes; a Dask cluster of this machine
        ("local"), or the address of a Dask scheduler; a client of one.
    """
    if on is None or on == 1:
        yield Engine(Here(), lambda: 0, 1, "this process")
    elif isinstance(on, int):
        with _processes(on) as made:
            yield made
    else:
        with (_dask if isinstance(on, str) else _client)(on, say) as made:
            yield made


@contextmanager
def _processes(workers: int) -> Iterator[Engine]:
    from joblib.externals.loky import get_reusable_executor

    with _deaf():
        pool = get_reusable_executor(
            workers, timeout=60, initializer=_employ, initargs=(os.getpid(),)
        )
    try:
        yield Engine(Pool(pool), lambda: workers, 0, f"{workers} processes")
    except BaseException:
        # Its own way to kill them fails, with a traceback, where work still waits.
        from joblib.externals.loky.backend.utils import kill_process_tree

        for process in [*(pool._processes or {}).values()]:
            with suppress(ProcessLookupError):
                kill_process_tree(process)
        pool.shutdown(wait=True)
        raise


class Pool(Executor):
    """An executor that starts its processes when something is submitted.

    To stop it kills them; what it then ends itself must not have been cancelled before.
    """

    def __init__(self, pool: Executor) -> None:
        self.pool = pool

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit, with Ctrl-C for the driver alone."""
        with _deaf():
            return self.pool.submit(fn, *args, **kwargs)


@contextmanager
def _deaf() -> Iterator[None]:
    """Have the threads and processes that start here not hear Ctrl-C, from their first moment."""
    with suppress(AttributeError, OSError):  # which opens our ears when it starts, so that it does
        resource_tracker.ensure_running()
    change = getattr(signal, "pthread_sigmask", None)  # not on Windows
    before = change(signal.SIG_BLOCK, {signal.SIGINT}) if change else ()
    try:
        yield
    finally:
        if change:
            change(signal.SIG_SETMASK, before)


def _employ(driver: int) -> None:
    """Leave Ctrl-C to the driver, which a terminal tells too, and end with it; use one core."""
    threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):  # what the experiment starts is ours no more
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_watch, args=(driver,), daemon=True).start()


def _watch(driver: int) -> None:
    while os.getppid() == driver:
        time.sleep(1)
    os._exit(1)


def _aside(call: Callable[[], Any], say: Callable[[str], None], line: str) -> Any:
    """Return what a call returns that may hang, in a thread; say a line after a while."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    with _deaf():
        threading.Thread(target=run, daemon=True).start()
    if line and not wait([future], SILENCE).done:
        say(line)
    while not wait([future], 0.5).done:  # and not without an end, which need not hear Ctrl-C
        pass
    return future.result()


@contextmanager
def _dask(address: str, say: Callable[[str], None]) -> Iterator[Engine]:
    from distributed import Client, LocalCluster

    if address == "local":
        with ExitStack() as stack:
            cluster = _aside(
                lambda: LocalCluster(
                    n_workers=cores(),
                    threads_per_worker=1,
                    dashboard_address=":0",
                    silence_logs=logging.ERROR,
                ),
                say,
                "the Dask cluster of this machine takes long to start",
            )
            stack.enter_context(cluster)
            client = stack.enter_context(Client(cluster))
            yield stack.enter_context(_client(client, say))
        return
    line = f"the Dask scheduler at {address} takes long to answer"
    try:
        _aside(lambda: asyncio.run(_answers(address)), say, "")
        client = _aside(lambda: _quietly(Client, address), say, line)
    except (OSError, ValueError) as error:
        raise ConnectionError(f"no Dask scheduler answers at {address}") from error
    except TypeError as error:  # it does not know what is asked
        raise OtherVersion(
            f"the scheduler at {address} has another version of Dask: install one everywhere"
        ) from error
    try:
        with _client(client, say) as made:
            yield made
    finally:
        client.close(timeout=5)


def _quietly(client: Any, address: str) -> Any:
    """Return a client; that versions differ is said in one line later."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return client(address, timeout=_REACH)


async def _answers(address: str) -> None:
    """Refuse an address where nobody speaks as Dask does: a `Client` would wait there for ever."""
    from distributed.comm import connect
    from distributed.security import Security

    options = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, timeout=_REACH, **options), _REACH)
    await comm.close()


@contextmanager
def _client(client: Any, say: Callable[[str], None]) -> Iterator[Engine]:
    from distributed import KilledWorker

    _same_version(client, say)
    threads, looked = 0, -_REFRESH

    def now() -> int:
        nonlocal threads, looked
        if time.monotonic() - looked > _REFRESH:
            with suppress(OSError):
                threads = sum(client.nthreads().values())
            looked = time.monotonic()
        return threads

    logging.getLogger("tornado.application").addFilter(_no_race)
    executor = client.get_executor(pure=False)
    name = f"Dask, dashboard {client.dashboard_link}"
    try:
        yield Engine(executor, now, _AHEAD, name, remote=True)
    except KilledWorker as error:
        raise RuntimeError(DYING) from error
    except Exception as error:
        if client.status == "running":
            raise
        raise ConnectionError(GONE) from error
    finally:
        executor.shutdown(wait=False)


def _no_race(record: logging.LogRecord) -> bool:
    """Keep a record but of Dask's executor, where a result comes while its future is cancelled."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, (CancelledError, InvalidStateError))


def _same_version(client: Any, say: Callable[[str], None]) -> None:
    """Refuse workers with another version of the package; those that join later refuse."""
    from .. import __version__

    line = "the workers of the cluster take long to answer"
    dask = _aside(client.get_versions, say, line)
    ours = dask["client"]["packages"]["distributed"]
    theirs = {f"worker at {where}": its for where, its in dask["workers"].items()}
    for where, its in {"scheduler": dask["scheduler"], **theirs}.items():
        if its and (other := its["packages"]["distributed"]) != ours:
            say(f"the {where} has Dask {other}, this driver {ours}, which may not understand it")
            break
    try:
        versions = _aside(lambda: client.run(_version), say, line)
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

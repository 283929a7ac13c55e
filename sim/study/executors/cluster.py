"""The executor for several machines: the workers of a Dask scheduler, on this machine or on others.

Workers need no shared disk: they send their parts back, and this process writes them. If a worker dies, Dask sends its
unit again. If the scheduler dies, Dask loses all tasks; this executor then waits for a scheduler at the same address
and sends the unfinished units again.
"""

import logging
import queue
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

from sim.errors import InputError, JirgaError
from sim.study.executors import SkippedUnit, Tell, UnitResult, WorkerPoolError
from sim.study.unit import Task

Client = Any  # of Dask, whose type hints do not cover the methods used here
Future = Any

GREETING: Final = 10  # seconds to wait for the first answer of a scheduler
PATIENCE: Final = 600  # seconds to wait for a new scheduler or for workers
DEPTH: Final = 2  # units sent per worker thread: one running, one waiting
_LOOK: Final = 1.0  # seconds between checks of the scheduler
_RECOUNT: Final = 5.0  # seconds between counts of the workers
_ROUNDS: Final = 2  # a unit is skipped when Dask has given it up this often, each time after four dead workers


class OtherModelError(JirgaError):
    """A worker has another version of the model than the study."""


class ClusterExecutor:
    """Workers of a Dask scheduler. Unfinished units are sent again; written parts are kept."""

    def __init__(
        self, address: str | None = None, processes: int | None = None, tell: Tell = lambda _words: None
    ) -> None:
        """Connect to a scheduler at `address`, "tcp://host:8786", or start one here with `processes` workers if None.

        tell: called with a message when it has to wait for the scheduler or for workers. Raises InputError if Dask is
        not installed, or no scheduler answers.
        """
        _check_installed()
        _quiet()
        self._tell = tell
        self._cluster = _local_cluster(processes) if address is None else None
        self.address: str = self._cluster.scheduler_address if self._cluster is not None else str(address)
        self._ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._client: Client = None
        self._threads, self._counted = 0, 0.0
        try:
            self._client = _connect(self.address, GREETING)
        except OSError as error:
            raise InputError("no Dask scheduler answers at this address", path="engine", value=self.address) from error

    def run(self, tasks: Iterable[Task]) -> Iterator[UnitResult | SkippedUnit]:
        """Yield the result of each task when it is ready.

        Raises WorkerPoolError if there is no scheduler or no worker for PATIENCE seconds, and InputError for workers
        without Jirga, or with another version of the model.
        """
        waiting = _Waiting(tasks)
        flying: dict[Future, Task] = {}
        while True:
            while len(flying) < DEPTH * self._width(flying) and (task := waiting.next()):
                flying[self._send(task)] = task
            if not flying:
                return
            future = self._next()
            if future is None or future.cancelled():
                if self._lost():
                    waiting.again(flying.values())
                    flying.clear()
                    self._come_back()
                elif future is not None:
                    waiting.again([flying.pop(future)])
            elif future in flying:  # ignores futures of an earlier scheduler
                found = self._settled(future, flying.pop(future), waiting)
                if found is not None:
                    yield found

    def close(self) -> None:
        """Disconnect from the scheduler; if it was started here, stop it and its workers."""
        for one in (self._client, self._cluster):
            if one is not None:
                _let_go(one)
        self._client = None

    def _send(self, task: Task) -> Future:
        """Submit a task to the cluster, which chooses the worker."""
        future = self._client.submit(work, task, key=f"jirga-{task.key}", pure=False)
        future.add_done_callback(self._ended.put)
        return future

    def _next(self) -> Future:
        """The next finished task, or None if none finishes within _LOOK seconds."""
        try:
            return self._ended.get(timeout=_LOOK)
        except queue.Empty:
            return None

    def _settled(self, future: Future, task: Task, waiting: "_Waiting") -> UnitResult | SkippedUnit | None:
        """The result of a finished task; None if it is sent again. Raises InputError and WorkerPoolError."""
        from distributed import KilledWorker

        from sim.study import part

        error = future.exception()
        if error is None:
            data = future.result()
            return UnitResult(task, part.failed_rows(data, task.key), data)
        if isinstance(error, KilledWorker | MemoryError | OSError):
            return waiting.failed(task, error)
        if isinstance(error, OtherModelError | ImportError):
            raise InputError(f"its workers cannot compute this study: {error}", path="engine", value=self.address)
        raise error

    def _lost(self) -> bool:
        """Whether the connection to the scheduler is lost."""
        return self._client is None or self._client.status != "running"

    def _come_back(self) -> None:
        """Wait for a scheduler at the same address. Raises WorkerPoolError if there is none in time."""
        if self._client is not None:
            _let_go(self._client)
        self._client, self._ended, self._counted = None, queue.SimpleQueue(), 0.0
        self._tell(f"lost the scheduler at {self.address}; waiting for it, {PATIENCE} s at most")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                self._client = _connect(self.address, GREETING)
            except OSError:
                time.sleep(_LOOK)
            else:
                return
        raise WorkerPoolError(f"lost the scheduler at {self.address}, and it did not return within {PATIENCE} seconds")

    def _width(self, flying: dict[Future, Task]) -> int:
        """The number of threads of all workers. Waits for a worker if there is none. Raises WorkerPoolError."""
        if self._lost():
            return 0 if flying else 1
        if time.monotonic() - self._counted > _RECOUNT:
            self._threads, self._counted = sum(self._client.nthreads().values()), time.monotonic()
        if self._threads or flying:
            return self._threads
        self._tell(f"the scheduler at {self.address} has no workers; waiting for one, {PATIENCE} s at most")
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise WorkerPoolError(
                f"the scheduler at {self.address} has had no worker for {PATIENCE} seconds"
            ) from error
        self._counted = 0.0
        return 1


class _Waiting:
    """The tasks to send: those to be repeated come before new ones."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = iter(tasks)
        self._back: deque[Task] = deque()
        self._strikes: Counter[str] = Counter()

    def next(self) -> Task | None:
        return self._back.popleft() if self._back else next(self._tasks, None)

    def again(self, tasks: Iterable[Task]) -> None:
        """Queue lost tasks again, without counting a failure."""
        self._back.extend(tasks)

    def failed(self, task: Task, error: BaseException) -> SkippedUnit | None:
        """Count a failure of a task; None if it is sent again."""
        self._strikes[task.key] += 1
        if self._strikes[task.key] < _ROUNDS:
            self._back.append(task)
            return None
        return SkippedUnit(task, f"its workers died or failed each time: {type(error).__name__}")


def work(task: Task) -> bytes:
    """Compute a unit on a worker. Raises OtherModelError if the worker's model is not the study's."""
    from sim.study.compute import compute
    from sim.study.model_hash import model_hash

    if model_hash() != task.model:
        raise OtherModelError("a worker has another version of the model; install the same version of Jirga everywhere")
    return compute(task)


def _connect(address: str, seconds: float) -> Client:
    """Return a client of a scheduler. Raises OSError if it does not answer."""
    from distributed import Client

    return Client(address, timeout=seconds, set_as_default=False)  # type: ignore[no-untyped-call]


def _local_cluster(processes: int | None) -> Any:
    """A scheduler and worker processes with one thread each, reachable only from this machine."""
    from distributed import LocalCluster

    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=processes, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )


def _let_go(one: Any) -> None:
    """Close a client or cluster; if it does not answer, it ends with this process."""
    with suppress(TimeoutError, OSError):
        one.close(timeout=GREETING)


def _quiet() -> None:
    """Silence Dask's own log: this executor reports what matters."""
    import distributed.client  # configures its loggers

    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == distributed.__name__:
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _check_installed() -> None:
    """Raises InputError unless Dask is installed."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        problem = "this engine needs Dask: install jirga[cluster]"
        raise InputError(problem, path="engine") from error

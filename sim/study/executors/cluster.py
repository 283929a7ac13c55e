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
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
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


class _SchedulerLostError(Exception):
    """The scheduler cannot be reached, or has forgotten the tasks."""


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
        sent: dict[Future, Task] = {}
        while True:
            try:
                self._submit(waiting, sent)
                if not sent:
                    return
                found = self._collect(waiting, sent)
            except _SchedulerLostError:
                waiting.again(sent.values())
                sent.clear()
                self._reconnect()
                continue
            if found is not None:
                yield found

    def close(self) -> None:
        """Disconnect from the scheduler; if it was started here, stop it and its workers."""
        for one in (self._client, self._cluster):
            if one is not None:
                _let_go(one)
        self._client = None

    def _submit(self, waiting: "_Waiting", sent: dict[Future, Task]) -> None:
        """Submit tasks until all workers have enough. Raises _SchedulerLostError and WorkerPoolError."""
        while len(sent) < DEPTH * self._threads_now(busy=bool(sent)) and (task := waiting.next()):
            try:
                with self._connection():
                    future = self._client.submit(work, task, key=f"jirga-{task.key}", pure=False)
            except _SchedulerLostError:
                waiting.again([task])
                raise
            future.add_done_callback(self._ended.put)
            sent[future] = task

    def _collect(self, waiting: "_Waiting", sent: dict[Future, Task]) -> UnitResult | SkippedUnit | None:
        """The result of the next finished task; None if there is none within _LOOK seconds, or it is sent again.

        Raises _SchedulerLostError, InputError and WorkerPoolError.
        """
        with suppress(queue.Empty):
            future = self._ended.get(timeout=_LOOK)
            if future in sent and not self._lost():  # one of an earlier scheduler is ignored
                return self._settled(future, waiting, sent)
        if self._lost():
            raise _SchedulerLostError
        return None

    def _settled(
        self, future: Future, waiting: "_Waiting", sent: dict[Future, Task]
    ) -> UnitResult | SkippedUnit | None:
        """The result of a finished task; None if it is sent again. Raises as `_collect` does."""
        from sim.study import part

        with self._connection():
            cancelled = future.cancelled()
            error = None if cancelled else future.exception()
            data = None if cancelled or error else future.result()
        task = sent.pop(future)
        if data is not None:
            return UnitResult(task, part.failed_rows(data, task.key), data)
        if error is not None:
            return self._failed(task, error, waiting)
        waiting.again([task])
        return None

    def _failed(self, task: Task, error: BaseException, waiting: "_Waiting") -> SkippedUnit | None:
        """What becomes of a failed task; None if it is sent again. Raises InputError and what is no fault of a unit."""
        from distributed import KilledWorker

        if isinstance(error, KilledWorker | MemoryError | OSError):
            return waiting.failed(task, error)
        if isinstance(error, OtherModelError | ImportError):
            raise InputError(f"its workers cannot compute this study: {error}", path="engine", value=self.address)
        raise error

    @contextmanager
    def _connection(self) -> Iterator[None]:
        """Raises _SchedulerLostError for whatever fails because the scheduler cannot be reached."""
        try:
            yield
        except (OSError, CancelledError) as error:
            raise _SchedulerLostError from error
        except Exception as error:  # Dask raises bare ones when it sends over a closed connection
            if self._lost():
                raise _SchedulerLostError from error
            raise

    def _lost(self) -> bool:
        """Whether the connection to the scheduler is lost."""
        return self._client is None or self._client.status != "running"

    def _reconnect(self) -> None:
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

    def _threads_now(self, *, busy: bool) -> int:
        """The number of threads of all workers, counted anew from time to time. Waits for a worker if there is none.

        busy: whether tasks are submitted, for then there is something to wait for. Raises _SchedulerLostError and
        WorkerPoolError.
        """
        if self._lost():
            raise _SchedulerLostError
        if time.monotonic() - self._counted > _RECOUNT:
            with self._connection():
                self._threads, self._counted = sum(self._client.nthreads().values()), time.monotonic()
        if self._threads or busy:
            return self._threads
        self._tell(f"the scheduler at {self.address} has no workers; waiting for one, {PATIENCE} s at most")
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise WorkerPoolError(
                f"the scheduler at {self.address} has had no worker for {PATIENCE} seconds"
            ) from error
        except (OSError, CancelledError) as error:
            raise _SchedulerLostError from error
        self._counted = 0.0
        return 1


class _Waiting:
    """The tasks to send: those to be repeated come before new ones."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._new = iter(tasks)
        self._back: deque[Task] = deque()
        self._strikes: Counter[str] = Counter()

    def next(self) -> Task | None:
        """Remove and return the next task; None if there is none."""
        return self._back.popleft() if self._back else next(self._new, None)

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
    """Return a client of a scheduler. Raises OSError if it does not answer, or if the address cannot exist."""
    from distributed import Client

    try:
        return Client(address, timeout=seconds, set_as_default=False)  # type: ignore[no-untyped-call]
    except (UnicodeError, OverflowError) as error:  # a host's name too long, a port too large
        raise OSError(str(error)) from error


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

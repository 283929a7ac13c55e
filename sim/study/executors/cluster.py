"""The engine of many machines: the workers of a Dask scheduler, here on this machine or anywhere it reaches.

Workers share no disk with the study: they send their parts back, and this process writes them. Dask sends a unit again
when its worker dies. It forgets everything when its scheduler dies; then this engine waits for the scheduler to come
back at its address and sends again what was under way.
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

Client = Any  # of Dask, whose types say nothing of what this engine calls
Future = Any

GREETING: Final = 10  # seconds that a scheduler has to answer at first
PATIENCE: Final = 600  # seconds to wait for a scheduler or its workers to come back
DEPTH: Final = 2  # units sent for each thread of a worker: one at work, one at hand
_LOOK: Final = 1.0  # seconds between looks at whether the scheduler is still there
_RECOUNT: Final = 5.0  # seconds between counts of the workers
_ROUNDS: Final = 2  # times that Dask may give a unit up, each after four dead workers, before it is set aside


class OtherModelError(JirgaError):
    """A worker holds another version of the model than the study."""


class ClusterExecutor:
    """Workers of a Dask scheduler. What they do not finish is sent again; what is written stays."""

    def __init__(
        self, address: str | None = None, processes: int | None = None, tell: Tell = lambda _words: None
    ) -> None:
        """address: of a running scheduler, "tcp://host:8786"; None starts one here with so many worker processes.

        tell: called with a sentence when scheduler or workers are waited for. Raises InputError if Dask is not
        installed, or no scheduler answers.
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
            raise InputError("no Dask scheduler answers there", path="engine", value=self.address) from error

    def run(self, tasks: Iterable[Task]) -> Iterator[UnitResult | SkippedUnit]:
        """What became of each task, as it is known.

        Raises WorkerPoolError when scheduler or workers stay away for PATIENCE seconds, and InputError for workers that
        hold no Jirga, or another version of the model.
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
            elif future in flying:  # not one of a scheduler that is gone
                found = self._settled(future, flying.pop(future), waiting)
                if found is not None:
                    yield found

    def close(self) -> None:
        """Let go of the scheduler; one that was started here ends with its workers."""
        for one in (self._client, self._cluster):
            if one is not None:
                _let_go(one)
        self._client = None

    def _send(self, task: Task) -> Future:
        """Give a task to the cluster, which picks the worker."""
        future = self._client.submit(work, task, key=f"jirga-{task.key}", pure=False)
        future.add_done_callback(self._ended.put)
        return future

    def _next(self) -> Future:
        """The next task to end, or None if none does for a while."""
        try:
            return self._ended.get(timeout=_LOOK)
        except queue.Empty:
            return None

    def _settled(self, future: Future, task: Task, waiting: "_Waiting") -> UnitResult | SkippedUnit | None:
        """What became of a task that ended; None if it is sent again. Raises InputError and WorkerPoolError."""
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
        """Whether the scheduler is gone."""
        return self._client is None or self._client.status != "running"

    def _come_back(self) -> None:
        """Wait for a scheduler at the same address. Raises WorkerPoolError if none comes."""
        if self._client is not None:
            _let_go(self._client)
        self._client, self._ended, self._counted = None, queue.SimpleQueue(), 0.0
        self._tell(f"the scheduler at {self.address} went away; waiting for it to come back, {PATIENCE} s at most")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                self._client = _connect(self.address, GREETING)
            except OSError:
                time.sleep(_LOOK)
            else:
                return
        raise WorkerPoolError(f"the scheduler at {self.address} went away and did not come back in {PATIENCE} seconds")

    def _width(self, flying: dict[Future, Task]) -> int:
        """Threads of all workers. Waits for one if none is there and nothing runs. Raises WorkerPoolError."""
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
    """Tasks to send: those that came back come before new ones."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = iter(tasks)
        self._back: deque[Task] = deque()
        self._strikes: Counter[str] = Counter()

    def next(self) -> Task | None:
        return self._back.popleft() if self._back else next(self._tasks, None)

    def again(self, tasks: Iterable[Task]) -> None:
        """Take back what was sent and lost; it is no fault of theirs."""
        self._back.extend(tasks)

    def failed(self, task: Task, error: BaseException) -> SkippedUnit | None:
        """Count what befell a task's workers; None if it is sent again."""
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
        raise OtherModelError("a worker holds another version of the model; install the same Jirga everywhere")
    return compute(task)


def _connect(address: str, seconds: float) -> Client:
    """A client of a scheduler. Raises OSError if none answers."""
    from distributed import Client

    return Client(address, timeout=seconds, set_as_default=False)  # type: ignore[no-untyped-call]


def _local_cluster(processes: int | None) -> Any:
    """A scheduler and worker processes of one thread each, on this machine and reachable from nowhere else."""
    from distributed import LocalCluster

    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=processes, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )


def _let_go(one: Any) -> None:
    """Close a client or cluster; one that does not answer is left to end with this process."""
    with suppress(TimeoutError, OSError):
        one.close(timeout=GREETING)


def _quiet() -> None:
    """Keep Dask's own log off the screen: what matters is told by this engine."""
    import distributed.client  # sets its loggers up

    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == distributed.__name__:
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _check_installed() -> None:
    """Raises InputError unless Dask is there."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        problem = "this engine needs Dask: install jirga with its extra, jirga[cluster]"
        raise InputError(problem, path="engine") from error

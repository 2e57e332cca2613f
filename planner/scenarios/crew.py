"""Who does the jobs: processes of this machine by default, or a Dask cluster; with the same answers.

A crew hands out a `concurrent.futures.Executor`; everything else is the same for all of them.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from typing import Protocol

from auditplan.planner.scenarios.jobs import Answer, Job, Step, Told, nobody, work
from auditplan.solver.solution import StopSignal

ATTEMPTS = 4
"""How often a job is begun anew after the worker that did it has died."""
POLL = 0.1
"""Seconds between looks at the jobs."""


class CrewLostError(RuntimeError):
    """Workers died again and again, or the cluster is not to be had."""


class Desk(Protocol):
    """An open crew: an executor, the task that it is given for each job (its answer None: asked to end before it
    began), what its workers have told, and a way to ask them to end."""

    executor: Executor
    task: Callable[[Job], Answer | None]

    def steps(self) -> Iterator[Step]:
        """What has been told since the last look."""

    def end(self, pending: Mapping[Future[Answer | None], Job]) -> None:
        """Asks the workers to answer with what they have, and takes back the jobs that have not begun."""


class Crew(Protocol):
    """Something that can open a desk; it is opened anew after workers have died. As a context it may keep its workers
    from one opening to the next."""

    def __enter__(self) -> Crew:
        """Keeps workers from here on."""

    def __exit__(self, *error: object) -> None:
        """Lets them go."""

    def open(self) -> AbstractContextManager[Desk]:
        """Opens a desk for as long as the context lasts."""


def run_jobs(
    jobs: Sequence[Job], crew: Crew | None, *, told: Told = nobody, stop: StopSignal | None = None
) -> dict[str, Answer]:
    """The answers of jobs by key; crew None: one after the other, here. Once `stop` says yes, the jobs that run answer
    with what they have and the others are left away.

    Raises CrewLostError."""
    if crew is None:
        done = (work(job, told, stop) for job in _until(jobs, stop))
        return {answer.key: answer for answer in done if not answer.stopped}
    answers: dict[str, Answer] = {}
    left = list(jobs)
    for _ in range(ATTEMPTS):
        if not left or (stop is not None and stop()):
            break
        with crew.open() as desk:
            left = _gather(desk, left, answers, told, stop)
    else:
        if left:
            raise CrewLostError(", ".join(job.key for job in left))
    return answers


def _until(jobs: Sequence[Job], stop: StopSignal | None) -> Iterator[Job]:
    """The jobs, until the stop."""
    for job in jobs:
        if stop is not None and stop():
            return
        yield job


def _gather(
    desk: Desk, jobs: Sequence[Job], answers: dict[str, Answer], told: Told, stop: StopSignal | None
) -> list[Job]:
    """Hands out jobs and takes the answers; gives the jobs whose workers died."""
    futures = {desk.executor.submit(desk.task, job): job for job in jobs}
    pending, ended = set(futures), False
    lost: list[Job] = []
    while pending:
        done, pending = wait(pending, timeout=POLL, return_when=FIRST_COMPLETED)
        for step in desk.steps():
            told(step)
        if not ended and stop is not None and stop():
            ended = True
            desk.end({future: futures[future] for future in pending})
        for future in done:
            answer = _answer(future)
            if answer is not None and not answer.stopped:
                answers[answer.key] = answer
                told(Step(answer.key, done=True))
            elif not ended:
                lost.append(futures[future])
    order = {job.key: number for number, job in enumerate(jobs)}
    return sorted(lost, key=lambda job: order[job.key])


def _answer(future: Future[Answer | None]) -> Answer | None:
    """What a job answered; None where it was left away, its worker died, or its cluster is gone. Raises CrewLostError
    for a worker that has no auditplan, or another version of it."""
    try:
        return future.result()
    except (CancelledError, BrokenProcessPool):
        return None
    except (ImportError, AttributeError) as error:
        raise CrewLostError(str(error)) from error
    except Exception as error:
        if type(error).__name__ in {"KilledWorker", "FutureCancelledError"}:  # of Dask, which may not be installed
            return None
        raise


# In a worker of this machine: how it tells, and how it is asked to end. Nothing of it in a worker of a cluster.
_told_to: SimpleQueue[Step] | None = None
_asked: Event | None = None


def _begin(queue: SimpleQueue[Step], asked: Event) -> None:
    """Makes a worker ready. Ctrl-C is for the process that hands out the jobs, and so is standard output: whatever a
    library prints is dropped."""
    global _told_to, _asked
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - no path
        os.dup2(nowhere.fileno(), 1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _told_to, _asked = queue, asked


def _end_with_parent() -> None:
    """Ends this worker once the process that handed out the jobs is gone, however it ended: nobody would ever read the
    answers, and it would wait for the next job for good."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work_there(job: Job) -> Answer:
    """Does a job in a worker."""
    told = nobody if _told_to is None else _told_to.put
    return work(job, told, None if _asked is None else _asked.is_set)


class _Pool:
    """The desk of a pool of processes."""

    def __init__(self, workers: int) -> None:
        """Starts no process yet. They are spawned: forking with threads around is not safe."""
        self.task: Callable[[Job], Answer | None] = _work_there
        context = get_context("spawn")
        self._queue: SimpleQueue[Step] = context.SimpleQueue()
        self._event = context.Event()
        self.executor: Executor = ProcessPoolExecutor(
            workers, mp_context=context, initializer=_begin, initargs=(self._queue, self._event)
        )

    def steps(self) -> Iterator[Step]:
        """What the workers told."""
        while not self._queue.empty():
            yield self._queue.get()

    def end(self, pending: Mapping[Future[Answer | None], Job]) -> None:
        """Asks the workers to end; what runs cannot be taken back, and answers."""
        self._event.set()
        for future in pending:
            future.cancel()

    def sound(self) -> bool:
        """Whether no worker has died."""
        try:
            self.executor.submit(int)
        except BrokenProcessPool:
            return False
        return True

    def close(self) -> None:
        """Ends the workers and the queue."""
        self.executor.shutdown(wait=True, cancel_futures=True)
        self._queue.close()


class Processes:
    """Processes of this machine. workers: how many; the answers do not depend on it."""

    def __init__(self, workers: int) -> None:
        """Starts nothing yet."""
        self._workers = max(1, workers)
        self._pool: _Pool | None = None
        self._keeping = False

    def __enter__(self) -> Processes:
        """Keeps a pool from here on: starting workers takes seconds."""
        self._keeping = True
        return self

    def __exit__(self, *error: object) -> None:
        """Ends the pool."""
        self._keeping = False
        self._drop()

    def _drop(self) -> None:
        """Ends the pool that is kept, if one is."""
        if self._pool is not None:
            self._pool.close()
        self._pool = None

    @contextmanager
    def open(self) -> Iterator[Desk]:
        """A pool, for as long as the context lasts, or as this is one."""
        if self._pool is not None and not self._pool.sound():
            self._drop()
        self._pool = self._pool or _Pool(self._workers)
        try:
            yield self._pool
        finally:
            if not self._keeping:
                self._drop()

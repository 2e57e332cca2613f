"""A Dask cluster as the crew: `pip install auditplan[cluster]`; its workers need auditplan too, in the same version."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import astuple
from functools import partial
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

from auditplan.planner.scenarios.crew import CrewLostError, Desk
from auditplan.planner.scenarios.jobs import Answer, Job, Step, work

TIMEOUT = 10.0
"""Seconds until a scheduler must have answered."""
ASKED_EVERY = 1.0
"""Seconds between a worker's looks whether it is asked to end: each is a message to the scheduler."""


class ClusterMissingError(ImportError):
    """The extra `cluster` is not installed."""


class _Asked:
    """In a worker: whether whoever handed out the jobs wants them to end."""

    def __init__(self, event: Any) -> None:
        """event: of the cluster."""
        self._event = event
        self._next, self._said = 0.0, False

    def __call__(self) -> bool:
        """Asks the scheduler now and then."""
        if not self._said and time.monotonic() >= self._next:
            self._said = bool(self._event.is_set())
            self._next = time.monotonic() + ASKED_EVERY
        return self._said


def _work_there(topic: str, job: Job) -> Answer | None:
    """Does a job in a worker of a cluster, which tells under a topic; None where it was asked to end before. The
    first it tells is the job's name alone."""
    library: Any = import_module("distributed")
    worker, asked = library.get_worker(), _Asked(library.Event(topic))
    if asked():
        return None
    worker.log_event(topic, [job.key])
    return work(job, lambda step: worker.log_event(topic, list(astuple(step))), asked)


class _Session:
    """The desk of a cluster."""

    def __init__(self, library: Any, client: Any) -> None:
        """Listens. Jobs are pure, but a figure must never come from an earlier run; so nothing is shared with one."""
        topic = f"auditplan-{uuid4().hex}"
        self._event = library.Event(topic, client=client)
        self._heard: SimpleQueue[list[Any]] = SimpleQueue()
        self._begun: set[str] = set()
        client.subscribe_topic(topic, lambda event: self._heard.put(list(event[1])))
        self.executor: Executor = client.get_executor(pure=False)
        self.task: Callable[[Job], Answer | None] = partial(_work_there, topic)

    def steps(self) -> Iterator[Step]:
        """What the workers told."""
        while True:
            try:
                told = self._heard.get_nowait()
            except Empty:
                return
            self._begun.add(told[0])
            if len(told) > 1:
                yield Step(*told)

    def end(self, pending: Mapping[Future[Answer | None], Job]) -> None:
        """Those who have begun answer with what they have; there may be nobody for the others."""
        self._event.set()
        for future, job in pending.items():
            if job.key not in self._begun:
                future.cancel()


class Cluster:
    """The workers of a scheduler. A worker that dies is replaced by its nanny, and its job is given to another."""

    def __init__(self, address: str) -> None:
        """address: `tcp://host:port`. Raises ClusterMissingError."""
        try:
            self._library: Any = import_module("distributed")
        except ImportError as error:
            raise ClusterMissingError(str(error)) from error
        self._address = address
        self._client: Any = None

    def __enter__(self) -> Cluster:
        """Connects, so that an address where nobody answers is told before any work. Raises CrewLostError."""
        self._client = self._connected()
        return self

    def __exit__(self, *error: object) -> None:
        """Closes the connection."""
        client, self._client = self._client, None
        client.close(timeout=TIMEOUT)

    def _connected(self) -> Any:
        """A new connection. Raises CrewLostError where nobody answers."""
        try:
            return self._library.Client(self._address, timeout=TIMEOUT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise CrewLostError(str(error)) from error

    @contextmanager
    def open(self) -> Iterator[Desk]:
        """A connection, for as long as the context lasts, or as this is one. Raises CrewLostError."""
        if self._client is not None and self._client.status == "running":
            yield _Session(self._library, self._client)
            return
        client = self._connected()
        try:
            yield _Session(self._library, client)
        finally:
            client.close(timeout=TIMEOUT)

"""A Dask cluster as the crew: `pip install auditplan[cluster]`; its workers need auditplan too, in the same version."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from auditplan.planner.scenarios.crew import CrewLostError, Desk
from auditplan.planner.scenarios.jobs import Step

TIMEOUT = 10.0
"""Seconds until a scheduler must have answered."""


class ClusterMissingError(ImportError):
    """The extra `cluster` is not installed."""


class _Session:
    """The desk of a cluster: its workers tell nothing while they work, and are not asked to end."""

    def __init__(self, client: Any) -> None:
        """Keeps the connection. Jobs are pure, but a figure must never come from an earlier run."""
        self._client = client
        self.executor: Executor = client.get_executor(pure=False)

    def steps(self) -> Iterator[Step]:
        """Nothing."""
        yield from ()

    def end(self) -> None:
        """Jobs that run are given up."""
        self.executor.shutdown(wait=False, cancel_futures=True)


class Cluster:
    """The workers of a scheduler. A worker that dies is replaced by its nanny, and its job is given to another."""

    def __init__(self, address: str) -> None:
        """address: `tcp://host:port`. Raises ClusterMissingError."""
        try:
            self._library: Any = import_module("distributed")
        except ImportError as error:
            raise ClusterMissingError(str(error)) from error
        self._address = address

    @contextmanager
    def open(self) -> Iterator[Desk]:
        """A connection, for as long as the context lasts. Raises CrewLostError where nobody answers."""
        try:
            client = self._library.Client(self._address, timeout=TIMEOUT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise CrewLostError(str(error)) from error
        try:
            yield _Session(client)
        finally:
            client.close(timeout=TIMEOUT)

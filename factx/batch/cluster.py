"""A Dask cluster as the one who does the work; needs the extra "dask".

The workers of the cluster get the articles themselves, so they need to reach no file; but factx must be installed there
in the same version, with the same pipeline.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from factx.errors import FactxError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

_GO_ON = "run the same command again to go on"
# To find the scheduler, and for the first worker to come.
_CONNECT_SECONDS = 30
_WORKER_SECONDS = 120
# How long it is taken for granted that the cluster has as many threads as before.
_MEASURE_SECONDS = 5.0
# How often a task that raises is tried anew elsewhere; lost workers count apart.
_RETRIES = 2


@contextmanager
def open_cluster(address: str) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """Connect to a cluster.

    Args:
        address: Of its scheduler, as tcp://10.0.0.1:8786, or the path of a scheduler file (*.json).

    Yields:
        An executor, and a function that tells how many tasks the cluster can take at once.

    Raises:
        OutputError: The extra is not installed.
        FactxError: The cluster cannot be reached, or has no workers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise OutputError("--dask needs Dask; install it with: pip install 'factx[dask]'") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters comes back as an error
    where = {"scheduler_file": address} if address.endswith(".json") else {"address": address}
    try:
        client = Client(**where, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        what = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise FactxError(f"{address}: no Dask scheduler answers ({what})") from None
    try:
        try:
            client.wait_for_workers(1, timeout=_WORKER_SECONDS)
        except TimeoutError:
            what = f"{address}: the Dask cluster has no workers; start some with: dask worker {address}"
            raise FactxError(what) from None
        known, seen = 0, -_MEASURE_SECONDS

        def measure() -> int:
            nonlocal known, seen
            if time.monotonic() - seen >= _MEASURE_SECONDS:
                try:
                    known, seen = sum(client.nthreads().values()), time.monotonic()
                except (OSError, RuntimeError, TimeoutError):
                    raise FactxError(f"{address}: the Dask scheduler is gone; {_GO_ON}") from None
            return known

        executor = client.get_executor(pure=False, retries=_RETRIES)
        try:
            yield executor, measure
        finally:
            executor.shutdown(wait=False)
    finally:
        client.close(timeout=5)

"""Threads that let others go first."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress


def step_back(steps: int) -> None:
    """Puts this thread, and every one that it starts from now on, so many steps of niceness behind the others.

    Linux alone counts niceness by the thread; elsewhere nothing is done. It cannot be taken back.
    """
    if sys.platform != "linux" or not steps:
        return
    with suppress(OSError):  # where a sandbox forbids it, the threads are as equal as before
        own = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, own, min(19, os.getpriority(os.PRIO_PROCESS, own) + steps))

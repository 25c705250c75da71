"""The filter of system calls inside the box: no memory that no process is seen to hold.

A file in memory, a System V segment or a shared mapping keeps its pages when no page table shows
them, so that neither a limit nor whoever watches the processes can count them.
"""

from __future__ import annotations

import errno
import os
import platform
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class _Machine(NamedTuple):
    """What Linux calls a processor, and the numbers of the calls that are denied on it."""

    audit: int
    mmap: int
    denied: tuple[int, ...]


# In the order memfd_create, memfd_secret, shmget, msgget, semget, io_uring_setup.
# Source: the kernel's arch/x86/entry/syscalls/syscall_64.tbl and
# include/uapi/asm-generic/unistd.h; AUDIT_ARCH_ of include/uapi/linux/audit.h.
_GENERIC = (279, 447, 194, 186, 190, 425)
_MACHINES = {
    "x86_64": _Machine(0xC000003E, 9, (319, 447, 29, 68, 64, 425)),
    "aarch64": _Machine(0xC00000B7, 222, _GENERIC),
    "riscv64": _Machine(0xC00000F3, 222, _GENERIC),
}
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_EQUAL, _AT_LEAST = 0x15, 0x35
_NUMBER, _ARCHITECTURE, _FLAGS = 0, 4, 16 + 8 * 3  # places in struct seccomp_data
_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_SHARED_ANONYMOUS = 0x01 | 0x20
_OTHER_ABI = 0x40000000  # x32, whose calls have numbers of their own


def knows(machine: str | None = None) -> bool:
    """Return whether there is a filter for this processor."""
    return (machine or platform.machine()) in _MACHINES


def program(machine: str | None = None) -> bytes:
    """Return the filter as the kernel takes it: a program of classic BPF.

    Denied calls fail as they do on a system that lacks them (ENOSYS), and a shared mapping
    without a file as where there is no memory (ENOMEM), so that libraries find another way.

    Source: the kernel's Documentation/userspace-api/seccomp_filter.rst.
    """
    audit, mmap, denied = _MACHINES[machine or platform.machine()]
    deny = _RETURN, 0, 0, _DENY | errno.ENOSYS
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, audit), (_RETURN, 0, 0, _KILL)]
    steps += [(_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _OTHER_ABI), deny]
    for number in denied:
        steps += [(_EQUAL, 0, 1, number), deny]
    steps += [(_EQUAL, 1, 0, mmap), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _FLAGS)]
    steps += [(_AND, 0, 0, _SHARED_ANONYMOUS), (_EQUAL, 0, 1, _SHARED_ANONYMOUS)]
    steps += [(_RETURN, 0, 0, _DENY | errno.ENOMEM), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


@contextmanager
def opened() -> Iterator[int]:
    """Yield the number of an open pipe that holds the filter, for bubblewrap to read."""
    read, write = os.pipe()
    try:
        os.write(write, program())
        os.close(write)
        yield read
    finally:
        os.close(read)

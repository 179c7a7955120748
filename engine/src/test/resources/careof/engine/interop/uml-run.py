"""Runs a command in which ptrace's register sets are refused, so that user-mode-linux falls back to the floating point registers alone.

Its buffer for the extended state is smaller than what processors with AMX have, and such a host then refuses to write it back.
Registers for vectors are then lost between the guest's programs, which must not use them.
"""
import ctypes
import os
import struct
import sys

PTRACE, GETREGSET, SETREGSET, EIO = 101, 0x4204, 0x4205, 5
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
PROGRAM = [
    (LOAD, 0, 0, 0),  # the system call
    (EQUAL, 0, 4, PTRACE),
    (LOAD, 0, 0, 16),  # its first argument
    (EQUAL, 1, 0, GETREGSET),
    (EQUAL, 0, 1, SETREGSET),
    (RETURN, 0, 0, ERRNO | EIO),
    (RETURN, 0, 0, ALLOW),
]
code = b"".join(struct.pack("HBBI", *step) for step in PROGRAM)
buffer = ctypes.create_string_buffer(code)
filter = struct.pack("HxxxxxxQ", len(PROGRAM), ctypes.addressof(buffer))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, filter, 0, 0):  # PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP
    sys.exit("no filter: " + os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])

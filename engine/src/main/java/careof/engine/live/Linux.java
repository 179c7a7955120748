package careof.engine.live;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The few system calls of Linux that a TUN device needs. */
final class Linux {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int EFD_NONBLOCK = O_NONBLOCK;
    static final int CLONE_NEWNET = 0x40000000;
    static final short POLLIN = 1;
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final long POLLFD = 8;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = call("open", 2, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE = call("close", -1, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle IOCTL = call("ioctl", 2, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    private static final MethodHandle READ = call("read", -1, FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle WRITE = call("write", -1, FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle POLL = call("poll", -1, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle EVENTFD = call("eventfd", -1, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SETNS = call("setns", -1, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle GETEUID = LINKER.downcallHandle(LINKER.defaultLookup().find("geteuid").orElseThrow(), FunctionDescriptor.of(ValueLayout.JAVA_INT));

    /** Room for errno, one of each thread's calls. */
    private final MemorySegment state;

    Linux(Arena arena) {
        state = arena.allocate(STATE);
    }

    /** @param variadic index of the first variadic argument; -1: there are none */
    private static MethodHandle call(String name, int variadic, FunctionDescriptor descriptor) {
        Linker.Option errno = Linker.Option.captureCallState("errno");
        MemorySegment symbol = LINKER.defaultLookup().find(name).orElseThrow(() -> new UnsupportedOperationException("this system has no " + name + "()"));
        return variadic < 0 ? LINKER.downcallHandle(symbol, descriptor, errno) : LINKER.downcallHandle(symbol, descriptor, errno, Linker.Option.firstVariadicArg(variadic));
    }

    /** The error of the last call that failed. */
    int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    int open(Arena arena, String path, int flags) {
        try {
            return (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, 0);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int close(int fd) {
        try {
            return (int) CLOSE.invokeExact(state, fd);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int ioctl(int fd, long request, MemorySegment argument) {
        try {
            return (int) IOCTL.invokeExact(state, fd, request, argument);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    long read(int fd, MemorySegment buffer, long length) {
        try {
            return (long) READ.invokeExact(state, fd, buffer, length);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    long write(int fd, MemorySegment buffer, long length) {
        try {
            return (long) WRITE.invokeExact(state, fd, buffer, length);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** @param timeout milliseconds; -1: none */
    int poll(MemorySegment descriptors, long count, int timeout) {
        try {
            return (int) POLL.invokeExact(state, descriptors, count, timeout);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int eventfd() {
        try {
            return (int) EVENTFD.invokeExact(state, 0, EFD_NONBLOCK | O_CLOEXEC);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Takes the calling thread, which must be a platform thread, into a network namespace. */
    int setns(int fd) {
        try {
            return (int) SETNS.invokeExact(state, fd, CLONE_NEWNET);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static boolean isRoot() {
        try {
            return (int) GETEUID.invokeExact() == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static IOException failure(String what, int errno) {
        return new IOException(what + ": " + switch (errno) {
            case EPERM, EACCES -> "not permitted";
            case ENOENT -> "not found";
            case EBUSY -> "busy";
            case EEXIST -> "exists already";
            case ENODEV -> "no such device";
            case EINVAL -> "invalid";
            default -> "error " + errno;
        });
    }
}

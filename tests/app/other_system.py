"""Jirga as if on another system: what POSIX systems alone have is hidden from its modules. A script, for a process.

What is hidden: modules, names of `os`, `signal` and others, opening and replacing folders, names of files that Windows
refuses, and what tells one system from another. Jirga's own modules alone see it so. Python's library and the packages
go on seeing Linux, because here they are Linux's: `subprocess` and `multiprocessing` start processes by `os.fork` and
wait for them by `os.waitpid`, `asyncio` needs `fcntl` and `socketpair`, `filelock` locks by `fcntl`, and on Windows all
of them have other means of their own. Names that only Windows has are not added, so what Jirga does with those by a
guard (`socket.SO_EXCLUSIVEADDRUSE`) is not run here.
"""

import builtins
import json
import os
import pathlib
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
SCRIPTS: Final = ("dashboard.server.script", "dashboard.server.class_script")  # they draw a page when they are read
OURS: Final = tuple(f"{ROOT / name}{os.sep}" for name in ("sim", "dashboard"))

MODULES: Final = frozenset(
    [
        "crypt",
        "curses",
        "fcntl",
        "grp",
        "nis",
        "ossaudiodev",
        "posix",
        "pty",
        "pwd",
        "readline",
        "resource",
        "spwd",
        "syslog",
        "termios",
        "tty",
    ]
)
# What Windows lacks of what Linux has, by mypy's own record of Python's library.
NAMES: Final[dict[str, frozenset[str]]] = {name: frozenset(words.split()) for name, words in {
    "os": """
        CLD_CONTINUED CLD_DUMPED CLD_EXITED CLD_KILLED CLD_STOPPED CLD_TRAPPED EFD_CLOEXEC EFD_NONBLOCK
        EFD_SEMAPHORE EX_CANTCREAT EX_CONFIG EX_DATAERR EX_IOERR EX_NOHOST EX_NOINPUT EX_NOPERM EX_NOUSER
        EX_OSERR EX_OSFILE EX_PROTOCOL EX_SOFTWARE EX_TEMPFAIL EX_UNAVAILABLE EX_USAGE F_LOCK F_TEST F_TLOCK
        F_ULOCK GRND_NONBLOCK GRND_RANDOM MFD_ALLOW_SEALING MFD_CLOEXEC MFD_HUGETLB MFD_HUGE_16GB MFD_HUGE_16MB
        MFD_HUGE_1GB MFD_HUGE_1MB MFD_HUGE_256MB MFD_HUGE_2GB MFD_HUGE_2MB MFD_HUGE_32MB MFD_HUGE_512KB
        MFD_HUGE_512MB MFD_HUGE_64KB MFD_HUGE_8MB MFD_HUGE_MASK MFD_HUGE_SHIFT NGROUPS_MAX O_ACCMODE O_ASYNC
        O_CLOEXEC O_DIRECT O_DIRECTORY O_DSYNC O_FSYNC O_LARGEFILE O_NDELAY O_NOATIME O_NOCTTY O_NOFOLLOW
        O_NONBLOCK O_PATH O_RSYNC O_SYNC O_TMPFILE POSIX_FADV_DONTNEED POSIX_FADV_NOREUSE POSIX_FADV_NORMAL
        POSIX_FADV_RANDOM POSIX_FADV_SEQUENTIAL POSIX_FADV_WILLNEED POSIX_SPAWN_CLOSE POSIX_SPAWN_DUP2
        POSIX_SPAWN_OPEN PRIO_PGRP PRIO_PROCESS PRIO_USER P_ALL P_PGID P_PID P_PIDFD RTLD_DEEPBIND RTLD_GLOBAL
        RTLD_LAZY RTLD_LOCAL RTLD_NODELETE RTLD_NOLOAD RTLD_NOW RWF_APPEND RWF_DSYNC RWF_HIPRI RWF_NOWAIT
        RWF_SYNC SCHED_BATCH SCHED_FIFO SCHED_IDLE SCHED_OTHER SCHED_RESET_ON_FORK SCHED_RR SEEK_DATA SEEK_HOLE
        SPLICE_F_MORE SPLICE_F_MOVE SPLICE_F_NONBLOCK ST_APPEND ST_MANDLOCK ST_NOATIME ST_NODEV ST_NODIRATIME
        ST_NOEXEC ST_NOSUID ST_RDONLY ST_RELATIME ST_SYNCHRONOUS ST_WRITE WCONTINUED WCOREDUMP WEXITED
        WEXITSTATUS WIFCONTINUED WIFEXITED WIFSIGNALED WIFSTOPPED WNOHANG WNOWAIT WSTOPPED WSTOPSIG WTERMSIG
        WUNTRACED XATTR_CREATE XATTR_REPLACE XATTR_SIZE_MAX chown chroot confstr confstr_names copy_file_range
        ctermid environb eventfd eventfd_read eventfd_write fchdir fchmod fchown fdatasync fork forkpty
        fpathconf fstatvfs fwalk get_blocking getegid getenvb geteuid getgid getgrouplist getgroups getloadavg
        getpgid getpgrp getpriority getrandom getresgid getresuid getsid getuid getxattr initgroups killpg
        lchown listxattr lockf login_tty major makedev memfd_create minor mkfifo mknod nice openpty pathconf
        pathconf_names pidfd_open pipe2 posix_fadvise posix_fallocate posix_spawn posix_spawnp pread preadv
        pwrite pwritev readv register_at_fork removexattr sched_get_priority_max sched_get_priority_min
        sched_getaffinity sched_getparam sched_getscheduler sched_param sched_rr_get_interval sched_setaffinity
        sched_setparam sched_setscheduler sched_yield sendfile set_blocking setegid seteuid setgid setgroups
        setpgid setpgrp setpriority setregid setresgid setresuid setreuid setsid setuid setxattr spawnlp
        spawnlpe spawnvp spawnvpe splice statvfs sync sysconf sysconf_names tcgetpgrp tcsetpgrp ttyname uname
        wait wait3 wait4 waitid waitid_result writev
    """,
    "signal": """
        ITIMER_PROF ITIMER_REAL ITIMER_VIRTUAL ItimerError SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGHUP SIGIO
        SIGIOT SIGKILL SIGPIPE SIGPOLL SIGPROF SIGPWR SIGQUIT SIGRTMAX SIGRTMIN SIGSTKFLT SIGSTOP SIGSYS SIGTRAP
        SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ SIG_BLOCK SIG_SETMASK
        SIG_UNBLOCK Sigmasks alarm getitimer pause pidfd_send_signal pthread_kill pthread_sigmask setitimer
        siginterrupt sigpending sigtimedwait sigwait sigwaitinfo struct_siginfo
    """,
    "time": """
        CLOCK_BOOTTIME CLOCK_MONOTONIC CLOCK_MONOTONIC_RAW CLOCK_PROCESS_CPUTIME_ID CLOCK_REALTIME CLOCK_TAI
        CLOCK_THREAD_CPUTIME_ID clock_getres clock_gettime clock_gettime_ns clock_settime clock_settime_ns
        pthread_getcpuclockid tzset
    """,
    "select": """
        EPOLLERR EPOLLET EPOLLEXCLUSIVE EPOLLHUP EPOLLIN EPOLLMSG EPOLLONESHOT EPOLLOUT EPOLLPRI EPOLLRDBAND
        EPOLLRDHUP EPOLLRDNORM EPOLLWRBAND EPOLLWRNORM EPOLL_CLOEXEC PIPE_BUF POLLERR POLLHUP POLLIN POLLMSG
        POLLNVAL POLLOUT POLLPRI POLLRDBAND POLLRDHUP POLLRDNORM POLLWRBAND POLLWRNORM epoll poll
    """,
    "socket": """
        AF_UNIX AF_NETLINK AF_PACKET CMSG_LEN CMSG_SPACE MSG_DONTWAIT MSG_NOSIGNAL SCM_RIGHTS SOCK_CLOEXEC
        SOCK_NONBLOCK SO_REUSEPORT recv_fds send_fds sethostname
    """,
}.items()}  # fmt: skip
LOOKS: Final[dict[str, dict[str, Any]]] = {"os": {"name": "nt"}, "sys": {"platform": "win32"}}
_REFUSED: Final = re.compile(r'[<>:"\\|?*\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Elsewhere(ModuleType):
    """A module as another system has it."""

    def __init__(self, real: ModuleType, gone: frozenset[str], other: dict[str, Any]) -> None:
        """gone: names that it lacks; other: what else stands under a name."""
        self.__dict__.update(_real=real, _gone=gone, _other=other)

    def __getattr__(self, name: str) -> Any:
        """What stands under a name there."""
        if name in self._gone:
            raise AttributeError(f"module {self._real.__name__!r} has no attribute {name!r}")
        return self._other[name] if name in self._other else getattr(self._real, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """What is set is set for all."""
        setattr(self._real, name, value)


def hide() -> None:
    """Let Jirga's modules, and no others, see another system from now on."""
    import filelock  # noqa: F401  before anything is hidden

    looks = {**LOOKS, "os": {**LOOKS["os"], "open": _open, "fsync": _fsync}}
    real = {name: sys.modules[name] if name in sys.modules else __import__(name) for name in {*NAMES, *looks}}
    there = {name: Elsewhere(real[name], NAMES.get(name, frozenset()), looks.get(name, {})) for name in real}
    imported = builtins.__import__

    def import_(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:  # noqa: A002
        top, _, below = name.partition(".")
        if level or not str((globals or {}).get("__file__", "")).startswith(OURS):
            return imported(name, globals, locals, fromlist, level)
        if top in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if top in there and not (below and fromlist):
            return there[top]
        return imported(name, globals, locals, fromlist, level)

    builtins.__import__ = import_
    pathlib.Path.replace = _replacer(pathlib.Path.replace)  # type: ignore[method-assign]
    sys.addaudithook(_audit)


def _open(path: Any, flags: int, mode: int = 0o777) -> int:
    """As on Windows, which opens no folder."""
    if os.path.isdir(path):  # noqa: PTH112  a path of any kind
        raise PermissionError(13, "Permission denied", path)
    return os.open(path, flags, mode)


def _fsync(handle: int) -> None:
    """As on Windows, which syncs only what may be written."""
    import fcntl

    if fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(9, "Bad file descriptor")
    os.fsync(handle)


def _replacer(replaced: Any) -> Any:
    def replace(self: Path, target: Any) -> Any:
        """As on Windows, which puts nothing in the place of a folder."""
        if os.path.isdir(target):  # noqa: PTH112  a path of any kind
            raise PermissionError(13, "Access is denied", str(target))
        return replaced(self, target)

    return replace


def _audit(event: str, found: tuple[Any, ...]) -> None:
    """Refuse, as Windows does, to make what has a name that it does not take."""
    made = None
    if event == "open" and isinstance(found[2], int) and found[2] & _WRITING:
        made = found[0]
    elif event in ("os.mkdir", "os.rename"):
        made = found[event == "os.rename"]
    if isinstance(made, str | os.PathLike) and _REFUSED.search(os.path.basename(os.fspath(made))):  # noqa: PTH119
        raise OSError(22, "Invalid argument", made)


def modules() -> list[str]:
    """Every module of sim and dashboard, by name; without the two scripts that draw a page as soon as they are read."""
    found = [path.relative_to(ROOT).with_suffix("") for name in OURS for path in Path(name).rglob("*.py")]
    names = [".".join(one.parts).removesuffix(".__init__") for one in sorted(found)]
    return [name for name in names if name not in SCRIPTS]


def tour(errands: list[list[Any]]) -> dict[str, Any]:
    """Import every module, then run commands, each with what is typed, one after the other, and tell what came."""
    from importlib import import_module

    named = [name for name in modules() if not name.endswith("__main__")]
    for name in named:
        import_module(name)
    from typer.testing import CliRunner

    from sim.cli.app import app

    told = []
    for words, typed in errands:
        done = CliRunner().invoke(app, words, input=typed)
        raised = None if isinstance(done.exception, SystemExit) else repr(done.exception)
        told.append({"words": words, "code": done.exit_code, "said": done.output, "raised": raised})
    return {"modules": named, "errands": told, "sees": sees()}


def sees() -> dict[str, str]:
    """What code of ours gets when it asks for what is hidden."""
    told = {}
    for line in ("import fcntl", "from os import fork", "import os; os.O_NOFOLLOW", "from signal import SIGKILL"):
        try:
            exec(compile(line, OURS[0], "exec"), {"__file__": f"{OURS[0]}probe.py"})  # noqa: S102  as a module is run
            told[line] = "found"
        except (ImportError, AttributeError) as error:
            told[line] = type(error).__name__
    return told


if __name__ in ("__main__", "__mp_main__"):  # a worker of a study runs a script's top level too
    sys.path.insert(0, str(ROOT))
    hide()
if __name__ == "__main__":
    if sys.argv[1:2] == ["tour"]:
        sys.stdout.write(json.dumps(tour(json.load(sys.stdin))))
    else:
        from sim.cli import main

        main()

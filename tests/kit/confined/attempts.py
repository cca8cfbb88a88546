"""What a submission might try, one function a try: each must raise, and change nothing.

The file is loaded into a worker. `home` is the kit's folder, `pid` the grader, `folder` one that
the grader's user may write to, with a file `kept.txt` in it.
"""

import ctypes
import importlib
import os
import platform
import signal
import socket
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
SYSCALLS = {  # number on x86-64, on aarch64
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "process_vm_readv": (310, 270),
    "io_uring_setup": (425, 425),
    "io_setup": (206, 0),
    "bpf": (321, 280),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "chroot": (161, 51),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kcmp": (312, 272),
    "open_by_handle_at": (304, 265),
    "inotify_init1": (294, 26),
    "shmget": (29, 194),
    "mq_open": (240, 180),
    "seccomp": (317, 277),
    "clone3": (435, 435),
    "execveat": (322, 281),
    "swapon": (167, 224),
    "settimeofday": (164, 170),
    "unknown": (4000, 4000),
}


def syscall(name, *arguments):
    result = libc.syscall(ctypes.c_long(SYSCALLS[name][0 if X86 else 1]), *map(word, arguments))
    return checked(result)


def word(value):
    return ctypes.c_long(value) if isinstance(value, int) else value


def checked(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return f"got {result}"


# --- reading ----------------------------------------------------------------------------------


def reads_a_solution(home, pid, folder):
    return open(f"{home}/solutions/ex01_recurrence.py").read()


def reads_a_hidden_test(home, pid, folder):
    return open(f"{home}/tests/hidden/test_ex01_recurrence.py").read()


def reads_a_misconception(home, pid, folder):
    return open(f"{home}/tests/misconceptions/ex01_recurrence.py").read()


def reads_the_numbers_of_diagnosis(home, pid, folder):
    return open(f"{home}/tests/probes/ex01_recurrence.msgpack", "rb").read()


def reads_the_kit(home, pid, folder):
    return open(f"{home}/grading/testing/checks.py").read()


def reads_by_a_low_level_call(home, pid, folder):
    return os.read(os.open(f"{home}/solutions/ex01_recurrence.py", os.O_RDONLY), 100)


def reads_from_an_opened_folder(home, pid, folder):
    where = os.open(f"{home}/solutions", getattr(os, "O_PATH", 0))
    return os.read(os.open("ex01_recurrence.py", os.O_RDONLY, dir_fd=where), 100)


def lists_the_kit(home, pid, folder):
    found = os.listdir(home)
    if not {"solutions", "grading"} & set(found):  # an environment inside the kit is a way through
        raise FileNotFoundError("nothing of the kit is there")
    return found


def lists_the_solutions(home, pid, folder):
    return os.listdir(f"{home}/solutions")


def lists_all_packages(home, pid, folder):
    import torch

    packages = os.listdir(os.path.dirname(os.path.dirname(torch.__file__)))
    if "pytest" not in packages:
        raise FileNotFoundError("only what was named is there")
    return packages


def lists_the_machine(home, pid, folder):
    return os.listdir("/etc")


def lists_the_users(home, pid, folder):
    return os.listdir("/home")


def imports_the_solutions(home, pid, folder):
    sys.path[:0] = [home, f"{home}/solutions"]
    return importlib.import_module("ex01_recurrence").__file__


def imports_the_grader(home, pid, folder):
    sys.path.insert(0, home)
    return importlib.import_module("grader")


def imports_the_checks(home, pid, folder):
    return importlib.import_module("grading.testing.checks")


def imports_another_package(home, pid, folder):
    return importlib.import_module("matplotlib")


def reads_passwords(home, pid, folder):
    return open("/etc/passwd").read()


def reads_the_graders_environment(home, pid, folder):
    return open(f"/proc/{pid}/environ", "rb").read()


def reads_the_graders_memory(home, pid, folder):
    return open(f"/proc/{pid}/mem", "rb").fileno()


def reads_the_graders_map(home, pid, folder):
    return open(f"/proc/{pid}/maps").read()


def reads_the_servers_command_line(home, pid, folder):
    return open(f"/proc/{os.getppid()}/cmdline", "rb").read()


def lists_the_processes(home, pid, folder):
    return os.listdir("/proc")


def reads_a_shared_folder(home, pid, folder):
    return open(f"{folder}/kept.txt").read()


def loads_a_library_from_outside(home, pid, folder):
    return ctypes.CDLL(f"{folder}/kept.txt")


# --- changing ---------------------------------------------------------------------------------


def writes_a_file(home, pid, folder):
    return open(f"{folder}/new.txt", "w")


def writes_to_shared_memory(home, pid, folder):
    return open(f"/dev/shm/rnn-kit-{os.getpid()}", "w")


def writes_into_torch(home, pid, folder):
    import torch

    return open(torch.__file__, "r+")


def writes_beside_torch(home, pid, folder):
    import torch

    return open(os.path.join(os.path.dirname(torch.__file__), "new.py"), "w")


def saves_a_tensor(home, pid, folder):
    import torch

    try:
        torch.save(torch.ones(2), f"{folder}/weights.pt")
    except RuntimeError as error:  # torch's own writer says it so
        raise OSError(str(error)) from None
    return "saved"


def truncates(home, pid, folder):
    os.truncate(f"{folder}/kept.txt", 0)


def unlinks(home, pid, folder):
    os.unlink(f"{folder}/kept.txt")


def renames(home, pid, folder):
    os.rename(f"{folder}/kept.txt", f"{folder}/other.txt")


def links(home, pid, folder):
    os.link(f"{folder}/kept.txt", f"{folder}/other.txt")


def links_symbolically(home, pid, folder):
    os.symlink(f"{folder}/kept.txt", f"{folder}/other.txt")


def makes_a_folder(home, pid, folder):
    os.mkdir(f"{folder}/made")


def makes_a_pipe(home, pid, folder):
    os.mkfifo(f"{folder}/pipe")


def changes_the_mode(home, pid, folder):
    os.chmod(f"{folder}/kept.txt", 0o777)


def changes_the_mode_of_torch(home, pid, folder):
    import torch

    os.chmod(torch.__file__, 0o644)


def changes_the_owner(home, pid, folder):
    os.chown(f"{folder}/kept.txt", os.getuid(), os.getgid())


def changes_the_times(home, pid, folder):
    os.utime(f"{folder}/kept.txt", (1, 1))


def changes_an_attribute(home, pid, folder):
    os.setxattr(f"{folder}/kept.txt", "user.mine", b"1")


def makes_a_temporary_file(home, pid, folder):
    import tempfile

    return tempfile.TemporaryFile()


# --- reaching out -----------------------------------------------------------------------------


def opens_tcp(home, pid, folder):
    return socket.create_connection(("127.0.0.1", 1), timeout=1)


def listens_on_tcp(home, pid, folder):
    return socket.create_server(("127.0.0.1", 0))


def opens_udp(home, pid, folder):
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def opens_unix(home, pid, folder):
    return socket.socket(socket.AF_UNIX)


def opens_netlink(home, pid, folder):
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)


def opens_a_pair(home, pid, folder):
    return socket.socketpair()


def sends_descriptors(home, pid, folder):
    return socket.send_fds(socket.socket(fileno=os.dup(3)), [b"x"], [0])


def filters_the_channel(home, pid, folder):
    channel = socket.socket(fileno=os.dup(3))
    channel.setsockopt(socket.SOL_SOCKET, 26, b"\x01" + bytes(15))


def asks_for_a_name(home, pid, folder):
    return socket.gethostbyname("example.org")


# --- other processes --------------------------------------------------------------------------


def kills_the_grader(home, pid, folder):
    os.kill(pid, signal.SIGTERM)


def kills_the_server(home, pid, folder):
    os.kill(os.getppid(), signal.SIGTERM)


def asks_whether_the_grader_lives(home, pid, folder):
    os.kill(pid, 0)


def kills_everybody(home, pid, folder):
    os.kill(-1, signal.SIGURG)


def kills_the_graders_group(home, pid, folder):
    os.killpg(os.getpgid(pid), signal.SIGURG)


def queues_a_signal(home, pid, folder):
    return checked(libc.sigqueue(pid, signal.SIGURG, None))


def has_the_grader_told_by_a_descriptor(home, pid, folder):
    import fcntl

    return fcntl.fcntl(3, 8, pid)  # F_SETOWN


def traces_the_grader(home, pid, folder):
    return checked(libc.ptrace(16, pid, None, None))


def is_traced(home, pid, folder):
    return checked(libc.ptrace(0, 0, None, None))


def reads_the_graders_memory_by_call(home, pid, folder):
    return syscall("process_vm_readv", pid, None, 0, None, 0, 0)


def limits_the_grader(home, pid, folder):
    import resource

    return resource.prlimit(pid, resource.RLIMIT_NOFILE)


def raises_its_limits(home, pid, folder):
    import resource

    try:
        return resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    except ValueError as error:  # how Python words it
        raise PermissionError(str(error)) from None


def changes_its_priority(home, pid, folder):
    os.setpriority(os.PRIO_PROCESS, 0, 5)


def is_pinned(home, pid, folder):
    os.sched_setaffinity(0, {0})


def forks(home, pid, folder):
    return os.fork()


def executes(home, pid, folder):
    os.execv(sys.executable, [sys.executable, "-c", "pass"])


def runs_a_program(home, pid, folder):
    return subprocess.run([sys.executable, "-c", "pass"])


def runs_a_shell(home, pid, folder):
    if os.system("true") != 0:
        raise OSError("no shell")


def starts_a_process(home, pid, folder):
    import multiprocessing

    multiprocessing.get_context("fork").Process(target=print).start()


def loads_data_in_workers(home, pid, folder):
    import torch

    return list(torch.utils.data.DataLoader(torch.ones(4), num_workers=2))


def compiles_with_torch(home, pid, folder):
    import torch

    return torch.compile(torch.sin)(torch.ones(2))


# --- getting out ------------------------------------------------------------------------------


def starts_a_session(home, pid, folder):
    os.setsid()


def joins_another_group(home, pid, folder):
    os.setpgid(0, os.getpgid(pid))


def survives_the_server(home, pid, folder):
    return checked(libc.prctl(1, 0, 0, 0, 0))


def becomes_dumpable(home, pid, folder):
    return checked(libc.prctl(4, 1, 0, 0, 0))


def changes_user(home, pid, folder):
    os.setuid(os.getuid())


def regains_capabilities(home, pid, folder):
    return checked(libc.capset(b"\x22\x05\x08\x20" + bytes(4), b"\xff" * 24))


def changes_its_personality(home, pid, folder):
    return checked(libc.personality(0x0020000))


def calls_memfd_create(home, pid, folder):
    return syscall("memfd_create", b"x", 0)


def calls_memfd_secret(home, pid, folder):
    return syscall("memfd_secret", 0)


def calls_io_uring(home, pid, folder):
    return syscall("io_uring_setup", 8, ctypes.create_string_buffer(256))


def calls_io_setup(home, pid, folder):
    return syscall("io_setup", 1, ctypes.create_string_buffer(8))


def calls_bpf(home, pid, folder):
    return syscall("bpf", 0, ctypes.create_string_buffer(128), 128)


def calls_keyctl(home, pid, folder):
    return syscall("keyctl", 0, -3, 1)


def calls_add_key(home, pid, folder):
    return syscall("add_key", b"user", b"x", b"y", 1, -2)


def calls_perf(home, pid, folder):
    return syscall("perf_event_open", ctypes.create_string_buffer(128), 0, -1, -1, 0)


def calls_userfaultfd(home, pid, folder):
    return syscall("userfaultfd", 1)


def calls_unshare(home, pid, folder):
    return syscall("unshare", 0x10000000)


def calls_setns(home, pid, folder):
    return syscall("setns", 0, 0)


def calls_mount(home, pid, folder):
    return syscall("mount", b"none", b"/dev", b"tmpfs", 0, None)


def calls_chroot(home, pid, folder):
    return syscall("chroot", b"/dev")


def calls_pidfd_open(home, pid, folder):
    return syscall("pidfd_open", pid, 0)


def calls_pidfd_getfd(home, pid, folder):
    return syscall("pidfd_getfd", syscall("pidfd_open", pid, 0), 0, 0)


def calls_kcmp(home, pid, folder):
    return syscall("kcmp", pid, os.getpid(), 0, 0, 0)


def calls_open_by_handle(home, pid, folder):
    return syscall("open_by_handle_at", -100, ctypes.create_string_buffer(128), 0)


def calls_inotify(home, pid, folder):
    return syscall("inotify_init1", 0)


def calls_shmget(home, pid, folder):
    return syscall("shmget", 4711, 4096, 0o1600)


def calls_mq_open(home, pid, folder):
    return syscall("mq_open", b"x", 0o102, 0o600, None)


def calls_seccomp(home, pid, folder):
    return syscall("seccomp", 0, 0, None)


def calls_clone3(home, pid, folder):
    return syscall("clone3", ctypes.create_string_buffer(88), 88)


def calls_execveat(home, pid, folder):
    return syscall("execveat", -100, sys.executable.encode(), None, None, 0)


def calls_settimeofday(home, pid, folder):
    return syscall("settimeofday", None, ctypes.create_string_buffer(8))


def calls_what_is_unknown(home, pid, folder):
    return syscall("unknown")


def calls_by_the_x32_numbers(home, pid, folder):
    return checked(libc.syscall(ctypes.c_long(0x40000000 + 57)))  # fork


def drops_a_librarys_pages(home, pid, folder):
    with open(os.__file__, "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def asks_which_pages_are_there(home, pid, folder):
    with open(os.__file__, "rb") as file:
        return os.preadv(file.fileno(), [bytearray(1)], 0, os.RWF_NOWAIT)


def moves_a_librarys_pages_out(home, pid, folder):
    import mmap

    with open(os.__file__, "rb") as file:
        with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
            mapped.madvise(21)  # MADV_PAGEOUT

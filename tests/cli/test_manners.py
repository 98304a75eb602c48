"""What every verb keeps to: exit codes, streams, errors, terminals."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import clean_ingest
from clean_ingest.config.load import load

Invoke = Callable[..., Result]
Command = Callable[..., subprocess.CompletedProcess[bytes]]

EVIL = "Red \x1b[31mtext\x1b[0m and \x9bmore, reordered \u202eecalp\u202c, with a bell\x07 in it.\n"
RAW = ["--set", 'stages=["whitespace"]']


def on_a_terminal(*args: str, **env: str) -> tuple[str, int]:
    """Run a command whose three streams are one terminal; what it showed, and its exit code."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm", **env})
        os.execv(sys.executable, [sys.executable, "-m", "clean_ingest", *args])  # noqa: S606
    shown = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(terminal)
    status = os.waitpid(pid, 0)[1]
    return shown.decode().replace("\r\n", "\n"), os.waitstatus_to_exitcode(status)


def test_module_is_the_command(command: Command) -> None:
    """`python -m clean_ingest` answers with the version of the package."""
    done = command("--version")

    assert (0, b"") == (done.returncode, done.stderr)
    assert done.stdout.startswith(b"clean-ingest, version ")


def test_help_imports_nothing_heavy() -> None:
    """`--help` is there at once, since it imports none of the libraries that take long."""
    code = (
        "import sys; from clean_ingest.cli import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pyarrow', 'pydantic', 'rich', 'ftfy', 'langdetect', 'dateparser', 're2'}\n"
        "print(*sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    began = time.perf_counter()

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    print(f"--help: {time.perf_counter() - began:.2f} s")  # noqa: T201  # shown by -s, not asserted
    assert done.stderr == b"\n"
    assert b"explain" in done.stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["explainn"], "There is no command 'explainn'; did you mean 'explain'?"),
        (["config", "showw"], "There is no command 'showw'; did you mean 'show'?"),
        (["run", "x", "--wrokers", "2"], "--workers"),
        (["clean", "--json", "--diff"], "--json and --diff exclude each other"),
        (["run"], "Missing argument"),
        (["run", "x", "--workers", "-1"], "x>=0"),
        (["run", "x", "--max-quarantined", "few"], "must be a number or a share"),
    ],
)
def test_wrong_arguments(invoke: Invoke, args: list[str], message: str) -> None:
    """A mistake on the command line is exit 2, one clear message, and nothing on stdout."""
    done = invoke(*args)

    assert (2, "") == (done.exit_code, done.stdout)
    assert done.stderr.startswith("error[usage]: ")
    assert message in done.stderr
    assert "--help" in done.stderr


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["clean", "no/such.txt"], "input/missing"),
        (["clean", "{tmp}"], "input/folder"),
        (["clean", ""], "input/missing"),
        (["show", "{tmp}/page.txt"], "input/no-parquet"),
        (["clean", "--config", "no-such-preset"], "config/missing"),
        (["clean", "--set", "limits.document_bytes=0"], "config/mistakes"),
        (["explain", "{tmp}", "abc"], "run/none"),
        (["run", "{tmp}/none", "-o", "{tmp}/out"], "input/missing"),
        (["verify", "{tmp}"], "run/none"),
        (["restore", "{tmp}", "abc"], "run/none"),
        (["stats", "{tmp}"], "run/none"),
        (["show", "{tmp}/none.parquet"], "input/missing"),
        (["export", "{tmp}", "--to", "text", "-o", "{tmp}/text"], "run/none"),
        (["config", "show", "no-such-preset"], "config/missing"),
        (["rules", "show", "no/such-rule"], "rule/missing"),
    ],
)
def test_could_not_run(
    invoke: Invoke, page: Path, tmp_path: Path, args: list[str], code: str
) -> None:
    """What cannot run is exit 2 with a code and a hint, no traceback, nothing on stdout."""
    done = invoke(*(arg.format(tmp=tmp_path) for arg in args))

    assert (2, "") == (done.exit_code, done.stdout)
    assert done.stderr.startswith(f"error[{code}]: ")
    assert "Traceback" not in done.stderr


def test_unexpected_error(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours is exit 2 too, says that it is one, and shows where only with -v."""

    def fail(*_: object) -> None:
        raise KeyError("something")

    monkeypatch.setattr("clean_ingest.engine.stats.stats", fail)

    short, long = invoke("stats", "x"), invoke("stats", "x", "-v")

    assert (2, 2) == (short.exit_code, long.exit_code)
    assert "error[internal]: KeyError: 'something'" in short.stderr
    assert "Traceback" not in short.stderr
    assert "Traceback" in long.stderr


def test_unreadable_file(invoke: Invoke, monkeypatch: pytest.MonkeyPatch, page: Path) -> None:
    """What the system says against a file is told by its name."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(page))

    # Not by mode bits: the tests may run as root, who can read anything.
    load()
    monkeypatch.setattr(Path, "open", refuse)

    done = invoke("clean", page)

    assert done.exit_code == 2
    assert f"error[os/eacces]: Permission denied\n  at {page}\n" == done.stderr


STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def heed() -> None:
    """In a child: let no signal be ignored, even where the tests run under nohup."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)


def wait_for(found: Callable[[], bool]) -> None:
    """Wait until something is there, at most half a minute."""
    end = time.monotonic() + 30
    while not found():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


def stop(process: subprocess.Popen[bytes], number: signal.Signals) -> str:
    """Send a signal until it is heeded; what the process said on stderr.

    One that comes just before a read that waits is seen by Python only when that ends.
    """
    for _ in range(6):
        process.send_signal(number)
        try:
            return process.communicate(timeout=10)[1].decode()
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("it does not stop")


@pytest.mark.parametrize("number", STOPPING)
def test_interrupted(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C, `kill` and a closed terminal end a command as a shell knows it, with one word."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    args = [sys.executable, "-m", "clean_ingest", "clean", str(fifo)]
    writer = -1

    def open_too() -> bool:
        nonlocal writer
        try:  # refused until the command has opened the FIFO, which then waits for bytes
            writer = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            return False
        return True

    with subprocess.Popen(
        args,
        stderr=subprocess.PIPE,
        preexec_fn=heed,  # noqa: PLW1509  # the tests have no threads of their own
    ) as process:
        try:
            wait_for(open_too)
            time.sleep(0.1)
            talk = stop(process, number)
        finally:
            process.kill()
            os.close(writer)

    assert (128 + number, "stopped\n") == (process.returncode, talk)


@pytest.mark.parametrize("number", STOPPING)
def test_interrupted_with_workers(tmp_path: Path, number: signal.Signals) -> None:
    """A run that is told to stop ends its workers and leaves nothing half written."""
    pages, out = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    for page in range(40):
        words = [f"Satz {line} der Seite {page} ist lang genug.\n" for line in range(5_000)]
        (pages / f"{page}.txt").write_text("".join(words))
    args = ["run", str(pages), "-o", str(out), "--workers", "2", "--set", "shards.rows=10"]
    with subprocess.Popen(
        [sys.executable, "-m", "clean_ingest", *args],
        stderr=subprocess.PIPE,
        env={**os.environ, "CI": ""},
        preexec_fn=heed,  # noqa: PLW1509  # the tests have no threads of their own
    ) as process:
        try:
            wait_for(lambda: bool(list(out.glob("*/*.tmp"))))
            talk = stop(process, number)
        finally:
            process.kill()

    said = f"{out} is unfinished; the same command takes it up again\nstopped\n"
    assert (128 + number, said) == (process.returncode, talk)
    assert [] == list(out.glob("*/*.tmp"))


def test_a_second_request_to_stop_ends_at_once() -> None:
    """Whatever is being done after the first, as it may take long."""
    program = (
        "import os, signal, time\n"
        "from clean_ingest.cli.signals import stoppable\n"
        "with stoppable():\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    finally:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        time.sleep(60)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=False,
        preexec_fn=heed,  # the tests have no threads of their own
    )

    assert (-signal.SIGINT, b"") == (done.returncode, done.stderr)


@pytest.mark.parametrize("verb", [["clean"], ["run", "-o", "{out}", "--workers", "1"]])
@pytest.mark.parametrize("closed", [1, 2])
def test_closed_streams(page: Path, verb: list[str], closed: int) -> None:
    """What is written to a stream that was never open goes nowhere, and is no mistake."""
    args = [sys.executable, "-m", "clean_ingest", *verb, str(page), *RAW]
    args = [arg.format(out=page.parent / "out") for arg in args]

    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *args], capture_output=True, check=False
    )

    assert (0, b"") == (done.returncode, done.stderr)
    assert (closed == 2) == bool(done.stdout)


@pytest.mark.parametrize("verb", ["clean", "explain"])
def test_closed_stdin(verb: str) -> None:
    """A service without stdin is told so."""
    args = [sys.executable, "-m", "clean_ingest", verb, "-"]

    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *args], capture_output=True, check=False
    )

    assert (2, b"error[input/unreadable]: stdin is closed\n  at -\n") == (
        done.returncode,
        done.stderr,
    )


@pytest.mark.parametrize("group", [[], ["rules"], ["config"], ["stages"]])
def test_without_a_command(invoke: Invoke, group: list[str]) -> None:
    """A group alone shows its help, not as an error but as no success either."""
    done = invoke(*group)

    assert (2, "") == (done.exit_code, done.stdout)
    assert invoke(*group, "--help").stdout == done.stderr


@pytest.mark.parametrize(
    ("args", "shown"),
    [
        (["clean", "no-such-file", "-v"], True),
        (["-v", "clean", "no-such-file"], True),
        (["--verbose", "clean", "no-such-file"], True),
        (["clean", "--", "-v"], False),
        (["clean", "no-such-file"], False),
    ],
)
def test_traceback_where_asked_for(invoke: Invoke, args: list[str], shown: bool) -> None:
    """-v counts before the verb and behind it, and behind -- it is a file."""
    done = invoke(*args)

    assert (2, shown) == (done.exit_code, "Traceback" in done.stderr)
    assert "error[input/missing]: there is no such file" in done.stderr


def test_wrong_arguments_have_no_traceback(invoke: Invoke) -> None:
    """What a person mistyped is no matter of ours to trace, even with -v."""
    done = invoke("clean", "--no-such-option", "-v")

    assert (2, True) == (done.exit_code, done.stderr.startswith("error[usage]: "))
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_pipe_that_nobody_reads(tmp_path: Path, unbuffered: str) -> None:
    """`| head` ends a command without a word; no part of the text is lost in silence."""
    page = tmp_path / "page.txt"
    page.write_text("Ein Satz mit mehreren Wörtern steht auf dieser Zeile.\n" * 20_000)
    with subprocess.Popen(
        [sys.executable, "-m", "clean_ingest", "clean", str(page), *RAW],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        talk = process.stderr.read()

    assert (141, b"") == (process.returncode, talk)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk(page: Path) -> None:
    """Output that cannot be written is exit 2 and says so, also at the last flush."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # our own command
            [sys.executable, "-m", "clean_ingest", "clean", str(page), *RAW],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr.startswith(b"error[os/enospc]: ")
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_pipes_get_the_text_as_it_is(command: Command) -> None:
    """In a pipe text is UTF-8, byte for byte, whatever the locale."""
    text = "Ünïcödé تەکست 文字\x1b[31m.".encode()

    done = command(
        "clean", "-", *RAW, text=text, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )

    assert (0, text) == (done.returncode, done.stdout)


def test_terminals_get_nothing_alive(tmp_path: Path) -> None:
    """On a terminal no control character of a document acts, and none reorders its text."""
    page = tmp_path / "page.txt"
    page.write_text(EVIL)

    for verb in (["clean"], ["clean", "--diff"], ["clean", "--json"], ["explain"]):
        shown, code = on_a_terminal(*verb, str(page), *RAW)

        assert code == 0
        assert not {"\x1b", "\x9b", "\x07", "\u202e"} & set(shown)
    assert "\\u001b[31mtext" in on_a_terminal("clean", str(page), *RAW)[0]


def test_names_in_messages_are_not_alive_either() -> None:
    """A file name in an error message cannot act on the terminal."""
    shown, code = on_a_terminal("clean", "\x1b[2Jno-such-file", NO_COLOR="1")

    assert code == 2
    assert "\x1b" not in shown
    assert "\\u001b[2Jno-such-file" in shown


def test_colours_only_where_they_are_wanted() -> None:
    """An error is red on a terminal, and plain with NO_COLOR or on a dumb one."""
    args = ("clean", "no-such-file")

    assert "\x1b[31m" in on_a_terminal(*args, NO_COLOR="")[0]
    assert "\x1b" not in on_a_terminal(*args, NO_COLOR="1")[0]
    assert "\x1b" not in on_a_terminal(*args, NO_COLOR="", TERM="dumb")[0]


def test_progress_on_a_terminal_only(page: Path, command: Command) -> None:
    """A run draws its progress on a terminal, and says nothing of it in a pipe."""
    out = page.parent / "out"
    shown, code = on_a_terminal("run", str(page), "-o", str(out), "--workers", "1", *RAW)
    piped = command("run", page, "-o", out, "--fresh", "--workers", "1", *RAW, CI="")

    assert code == 0
    assert "of 1 inputs" in shown
    assert (0, b"") == (piped.returncode, piped.stderr)


def test_plain_lines_in_ci(page: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `CI` is set, progress is a plain line now and then."""
    monkeypatch.setattr("clean_ingest.cli.progress.EVERY", 0.0)

    done = invoke("run", page, "-o", page.parent / "out", "--workers", "1", *RAW, CI="true")

    assert re.fullmatch(r"1 of 1 inputs, 1 documents, [0-9.]+ MB/s, about 0 s left\n", done.stderr)


def test_package_is_importable_without_its_dependencies() -> None:
    """Importing the package imports none of its dependencies; they come with the first use."""
    code = "import sys, clean_ingest; print(*{'pyarrow', 'pydantic', 'click'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert done.stdout == b"\n"
    assert "clean" in dir(clean_ingest)

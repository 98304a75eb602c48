"""Commands that are imported when they are called, and errors that are kind."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import click

from clean_ingest.cli.signals import INTERRUPTED, stoppable
from clean_ingest.cli.streams import dumb, prepare, say
from clean_ingest.core.errors import CleanIngestError

COULD_NOT_RUN = 2
PIPE_CLOSED = 141  # what a shell says of SIGPIPE: `| head` is no mistake, and no difference either


class _EndedError(Exception):
    """What click would answer itself: a closed pipe with 1, Ctrl-C with an empty line."""

    def __init__(self, exit_code: int, message: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Group(click.Group):
    """A group whose commands lie in modules of their own, each under the name `command`."""

    def __init__(self, *args: Any, modules: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = dict(modules or {})

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's
        """Names in the order in which a person meets them, not sorted."""
        return [*self.modules, *(name for name in self.commands if name not in self.modules)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module, unless it was defined right here."""
        if cmd_name in self.modules:
            command: click.Command = importlib.import_module(self.modules[cmd_name]).command
            return command
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            from difflib import get_close_matches  # only for mistakes

            near = get_close_matches(name, self.list_commands(ctx), n=1)
            meant = f"; did you mean {near[0]!r}?" if near else "."
            ctx.fail(f"There is no command {name!r}{meant}")
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; without a command there is only its help to show, on stderr."""
        if not args and not ctx.resilient_parsing:
            raise _EndedError(COULD_NOT_RUN, ctx.get_help())
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see `_EndedError`."""
        if dumb():
            ctx.color = False
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _EndedError(PIPE_CLOSED) from error
        except KeyboardInterrupt as error:
            raise _EndedError(getattr(error, "exit_code", INTERRUPTED), "stopped") from error

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line and end the process with 0, 1 or 2; never with a traceback.

        `-v` is looked for here, since parsing the arguments may be what failed. A verb
        returns its exit code, or None for 0.
        """
        arguments = list(sys.argv[1:] if args is None else args)
        options = arguments[: arguments.index("--")] if "--" in arguments else arguments
        prepare()
        try:
            with stoppable():
                done = super().main(
                    arguments, prog_name, complete_var, standalone_mode=False, **extra
                )
                sys.stdout.flush()
        except BaseException as error:
            if isinstance(error, (SystemExit, GeneratorExit)):
                raise
            _end(_code(error, verbose="-v" in options or "--verbose" in options))
        if standalone_mode:
            _end(done if isinstance(done, int) else 0)
        return done


def tell(error: CleanIngestError) -> None:
    """Print an error on stderr: code, what, where, what to do."""
    say(f"error[{error.code}]: {error.message}", style="red")
    for line in filter(None, (error.where and f"at {error.where}", error.hint)):
        say(f"  {line}")


def _code(error: BaseException, *, verbose: bool) -> int:
    """Tell the person about the error; the exit code that it ends with."""
    if isinstance(error, BrokenPipeError):
        return PIPE_CLOSED
    if isinstance(error, click.Abort | KeyboardInterrupt):
        error = _EndedError(getattr(error, "exit_code", INTERRUPTED), "stopped")
    if isinstance(error, _EndedError):
        if text := str(error):
            say(text)
        return error.exit_code
    if verbose and not isinstance(error, click.ClickException):
        say("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, CleanIngestError):
        tell(error)
        return error.exit_code
    tell(_as_ours(error))
    return COULD_NOT_RUN


def _as_ours(error: BaseException) -> CleanIngestError:
    """What somebody else raised, in the words of our own errors."""
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "clean-ingest"
        return CleanIngestError("usage", error.format_message(), hint=f"try `{path} --help`")
    if isinstance(error, click.ClickException):
        return CleanIngestError("usage", error.format_message())
    if isinstance(error, OSError) and error.errno is not None:
        name = errno.errorcode.get(error.errno, "unknown").lower()
        where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
        return CleanIngestError(f"os/{name}", error.strerror or str(error), where=where)
    if isinstance(error, MemoryError):
        return CleanIngestError("memory", "there was not enough memory")
    return CleanIngestError(
        "internal",
        f"{type(error).__name__}: {str(error).partition(chr(10))[0]}",
        hint="this is a mistake in clean-ingest: `-v` shows where; please report it",
    )


def _end(code: int) -> NoReturn:
    """Exit, after what is left in the buffers is written or given up."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # The interpreter would flush again on its way out, and fail with a traceback.
        with suppress(OSError), open(os.devnull, "w") as nowhere:  # noqa: PTH123  # no path
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            code = _code(error, verbose=False)
    sys.exit(code)

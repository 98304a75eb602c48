"""Every error that this package raises on purpose.

Each says what happened, where, and what to do about it; the command line prints
exactly that and never a traceback.
"""

from __future__ import annotations

import errno
import re

DETAIL_LIMIT = 200
"""Longest description of an error in any output, in code points."""


class CleanIngestError(Exception):
    """Base of all errors; ends a command with `exit_code`.

    `code` is stable and made for machines, `where` names a file, key or document,
    `hint` says what to do. Any but `code` and the message may be empty.
    """

    exit_code = 2

    def __init__(self, code: str, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        # Errors travel between processes; keyword arguments do not survive the default.
        return _rebuild, (type(self), self.code, self.message, self.where, self.hint)

    def __str__(self) -> str:
        where = f" ({self.where})" if self.where else ""
        hint = f". {self.hint}" if self.hint else ""
        return f"{self.message}{where}{hint}"


def _rebuild(
    kind: type[CleanIngestError], code: str, message: str, where: str, hint: str
) -> CleanIngestError:
    return kind(code, message, where=where, hint=hint)


class ConfigError(CleanIngestError):
    """A config file, preset or override that cannot be used; holds all mistakes at once."""


class InputError(CleanIngestError):
    """Inputs that cannot be named or found: a missing path, two inputs with one name."""


class OutputError(CleanIngestError):
    """An output folder that cannot be written: full, read-only, or holding something else."""


class RulebookError(CleanIngestError):
    """A rule file that does not say what a rule must say."""


class DamagedRun(CleanIngestError):
    """A run, or a file of it, that no longer is what its manifest says."""

    exit_code = 1


class LedgerError(CleanIngestError):
    """Edits or rows that do not fit the text they speak of."""


class Unreadable(CleanIngestError):
    """One input that cannot become a document; it is quarantined with `code` as its reason."""


def describe(error: BaseException) -> str:
    """One line on any error, the same in every run: without addresses, paths or local words."""
    if isinstance(error, OSError):
        return f"{type(error).__name__}: {errno.errorcode.get(error.errno or 0, 'unknown')}"
    line = f"{type(error).__name__}: {error}".partition("\n")[0]
    return re.sub(r"0x[0-9a-fA-F]+", "0x…", line)[:DETAIL_LIMIT]

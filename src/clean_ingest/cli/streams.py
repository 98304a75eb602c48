"""stdout is data, stderr is talk: where each goes, and what a terminal must not be sent."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import click


def prepare() -> None:
    """UTF-8 on pipes and files, whatever the locale; on a terminal what the terminal can show.

    What is written to a stream that was closed before we began goes nowhere.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # for as long as we run
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def dumb() -> bool:
    """Whether colours are not wanted: `NO_COLOR` (no-color.org) or a dumb terminal."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def lively() -> bool:
    """Whether stderr is a terminal that can redraw a line."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def write(text: str) -> None:
    """Data to stdout, as it is; on a terminal with its control characters escaped."""
    out = sys.stdout
    if out.isatty():
        text = _safe(text)
        text += "" if text.endswith("\n") or not text else "\n"
    out.flush()
    rest = memoryview(text.encode(out.encoding, "backslashreplace"))
    # With PYTHONUNBUFFERED the layer below is a bare file, which may take a part and say so
    # to nobody but its caller; `out.write` would lose the rest.
    while rest:
        rest = rest[out.buffer.write(rest) :]


def say(text: str, *, style: str | None = None) -> None:
    """One message to stderr. What it quotes may come from anywhere, so it is always escaped."""
    text = _safe(text)
    if style and sys.stderr.isatty() and not dumb():
        text = click.style(text, fg=style)
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        return  # nobody is there to be told


def _safe(text: str) -> str:
    from clean_ingest.report.visible import safe  # --help need not wait for it

    return safe(text)

"""What archives have in common: members one after another, none ever written under its name."""

from __future__ import annotations

import io
from typing import NamedTuple

from clean_ingest.readers.inputs import printable
from clean_ingest.readers.items import Rejected
from clean_ingest.readers.keys import Keys
from clean_ingest.readers.place import Place

BAD_NAME = "bad-name"


class Member(NamedTuple):
    """A file of an archive; to be read before the next one is asked for."""

    place: Place
    stream: io.BufferedReader


def inside(place: Place, name: str, number: int, keys: Keys) -> Place | Rejected:
    """Return the place of a member, or why its name is none."""
    try:
        shown = printable(name)
    except UnicodeEncodeError:
        shown = name.encode("utf-8", "backslashreplace").decode()
    there = place.member(shown)
    found = keys.unique(Rejected(there.source(), BAD_NAME), there.name, number)
    if isinstance(found, Rejected) and found.reason != BAD_NAME:
        return found
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or parts[0].endswith(":"):
        return Rejected(there.source(), BAD_NAME, "its name leads out of the archive")
    return there

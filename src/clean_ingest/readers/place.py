"""Where a reader is: inside which input, how deep, under which limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from clean_ingest.core.document import Source
from clean_ingest.core.errors import Unreadable
from clean_ingest.readers.compression import Budget
from clean_ingest.readers.items import Settings

PACKINGS = 2
"""A stream packed twice may be an accident; three times is none."""

_PACKED = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}


@dataclass(frozen=True, slots=True)
class Place:
    """An input, or a member of an archive.

    `name` is what its documents have as the name of their source; `hint` the name whose
    extension counts, without those of the packing that is off already. `archives` and
    `packings` count how many it lies in, the packings since the last archive.
    """

    name: str
    hint: str
    settings: Settings
    budget: Budget
    archives: int = 0
    packings: int = 0

    def source(self, record: str = "") -> Source:
        """Return what is known of a record here before it was read."""
        return Source(self.name, record)

    def unpacked(self) -> Place:
        """Return the place inside the packing.

        Raises:
            Unreadable: it is packed too often.

        """
        if self.packings == PACKINGS:
            raise Unreadable("too-deep", f"it is packed more than {PACKINGS} times")
        path = PurePosixPath(self.hint)
        suffix = _PACKED.get(path.suffix.lower(), "")
        hint = str(path.with_suffix(suffix)) if path.name else self.hint
        return replace(self, hint=hint, packings=self.packings + 1)

    def member(self, name: str) -> Place:
        """Return the place of a member of the archive that is here."""
        inside = f"{self.name}!/{name}"
        return replace(self, name=inside, hint=name, archives=self.archives + 1, packings=0)

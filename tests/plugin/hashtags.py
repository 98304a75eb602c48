"""A stage of another package: lines of hashtags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Edit, option


@dataclass(frozen=True, slots=True)
class Hashtags:
    """Removes lines that hold hashtags and nothing else."""

    name: ClassVar[str] = "hashtags"

    least: int = option(2, "fewest hashtags on a line that goes", minimum=1)

    def propose(self, document: Document) -> Iterator[Edit]:
        """Yield the removal of each such line; its line end is left to `whitespace`."""
        for line in document.lines:
            words = line.text.split()
            if len(words) >= self.least and all(_is_hashtag(word) for word in words):
                yield Edit(line.start, line.end, "hashtags/line", evidence=f"{len(words)} hashtags")


def _is_hashtag(word: str) -> bool:
    # Hashtags are not only English: their letters may be of any script, the sign full-width.
    return len(word) > 1 and word[0] in "#＃" and any(char.isalnum() for char in word)

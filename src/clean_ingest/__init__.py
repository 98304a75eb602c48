r"""clean_ingest: raw web documents in, clean text out, with every removal accounted for.

>>> import clean_ingest as ci
>>> cleaned = ci.clean("Skip to main content\nThe bridge opened on Monday.\nShare this post")
>>> str(cleaned)
'The bridge opened on Monday.'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clean_ingest.core.document import Document
    from clean_ingest.core.ledger import Ledger
    from clean_ingest.core.pipeline import Pipeline
    from clean_ingest.core.stage import Edit, Stage
    from clean_ingest.engine.single import Cleaned, clean, explain

__all__ = ["Cleaned", "Document", "Edit", "Ledger", "Pipeline", "Stage", "clean", "explain"]

_HOMES = {
    "Cleaned": "engine.single",
    "Document": "core.document",
    "Edit": "core.stage",
    "Ledger": "core.ledger",
    "Pipeline": "core.pipeline",
    "Stage": "core.stage",
    "clean": "engine.single",
    "explain": "engine.single",
}


def __getattr__(name: str) -> object:
    """Import the public names when they are first used: `--help` needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

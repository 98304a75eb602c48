"""The keys of the records of one container, each of which may be there once."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from clean_ingest.readers.items import Item, Rejected

ONE_KEY = "one-key"


class Keys:
    """Knows every key that it was shown, in little memory: SQLite spills them to disk."""

    def __init__(self) -> None:
        # No name: private, in memory as far as its cache goes, and gone when it is closed.
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute("PRAGMA synchronous = OFF")
        self._table.execute("CREATE TABLE keys (key BLOB PRIMARY KEY, number INT) WITHOUT ROWID")
        self._table.execute("BEGIN")

    def __del__(self) -> None:
        self._table.close()

    def unique(self, item: Item, key: str, number: int) -> Item:
        """Return `item`, the `number`th record, or why it is none where another has its `key`.

        Two documents of a run must not have one id: the later one is left out, under its
        number.
        """
        first = self._claim(key, number)
        if first is None:
            return item
        record = item.source.record + self._suffix(key, number)
        detail = f"record {number} has the key of record {first}"
        return Rejected(replace(item.source, record=record), ONE_KEY, detail)

    def named(self, item: Rejected, number: int) -> Rejected:
        """Return `item`, which is no record with a key of its own, under a key that none has."""
        key = item.source.record
        if self._claim(key, number) is None:
            return item
        return replace(item, source=replace(item.source, record=key + self._suffix(key, number)))

    def _suffix(self, key: str, number: int) -> str:
        suffix = f"#{number}"
        while self._claim(key + suffix, number) is not None:  # somebody's own key may be that
            suffix += "#"
        return suffix

    def _claim(self, key: str, number: int) -> int | None:
        """Return the number of the record that has the key already, or None."""
        raw = key.encode("utf-8", "surrogatepass")
        try:
            self._table.execute("INSERT INTO keys VALUES (?, ?)", (raw, number))
        except sqlite3.IntegrityError:
            query = "SELECT number FROM keys WHERE key = ?"
            return int(self._table.execute(query, (raw,)).fetchone()[0])
        return None

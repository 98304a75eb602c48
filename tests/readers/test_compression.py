"""Packed streams: every frame, every end, every cap."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
from collections.abc import Callable

import pyarrow as pa
import pytest

from clean_ingest.core.errors import Unreadable
from clean_ingest.readers.compression import Budget, unpack
from clean_ingest.readers.items import Settings

TEXT = "".join(random.Random(4).choices("abcdefgh \n", k=200_000)).encode()  # noqa: S311 - no secret


def zstd(data: bytes) -> bytes:
    """Return one frame."""
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "application/gzip": lambda data: gzip.compress(data, mtime=0),
    "application/zstd": zstd,
    "application/x-bzip2": bz2.compress,
    "application/x-xz": lzma.compress,
}
KINDS = sorted(PACKERS)


def unpacked(data: bytes, kind: str, settings: Settings | None = None) -> tuple[bytes, str]:
    """Return all that came, and the code of what broke it off."""
    budget = Budget(settings or Settings())
    budget.consumed = len(data)
    stream = unpack(io.BytesIO(data), kind, budget)
    got = bytearray()
    try:
        while chunk := stream.read1(50_000):
            got += chunk
    except Unreadable as error:
        return bytes(got), error.code
    return bytes(got), ""


@pytest.mark.parametrize("kind", KINDS)
def test_every_frame_is_read(kind: str) -> None:
    """Several members are one stream, as `cat` makes them."""
    pack = PACKERS[kind]
    assert (TEXT * 2 + b"end", "") == unpacked(pack(TEXT) + pack(TEXT) + pack(b"end"), kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cut", [1, 5, 30_000])
def test_a_truncated_stream_is_known(kind: str, cut: int) -> None:
    """What came before the cut is there, and the cut is told; in a second frame too."""
    packed = PACKERS[kind](TEXT)

    got, code = unpacked(packed[:-cut], kind)
    assert "truncated" == code
    assert TEXT.startswith(got)
    got, code = unpacked(packed + packed[:-cut], kind)
    assert "truncated" == code
    assert len(got) > len(TEXT) - 20_000


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_the_last_frame_is_not_passed_over(kind: str) -> None:
    """The standard library would take it for the end."""
    got, code = unpacked(PACKERS[kind](TEXT) + b"something else", kind)

    assert "damaged" == code
    assert TEXT.startswith(got)
    assert len(got) > len(TEXT) - 20_000


@pytest.mark.parametrize("kind", ["application/gzip", "application/x-bzip2", "application/x-xz"])
def test_zeros_after_a_frame_are_padding(kind: str) -> None:
    """Tapes and block devices leave them."""
    pack = PACKERS[kind]
    data = pack(TEXT) + bytes(100_000) + pack(b"end") + bytes(512)
    assert (TEXT + b"end", "") == unpacked(data, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_is_damage(kind: str) -> None:
    """Nothing is made up after it, but for what Arrow's zstd has no checksum for."""
    packed = bytearray(PACKERS[kind](TEXT))
    packed[len(packed) // 2] ^= 0x10
    _, code = unpacked(bytes(packed), kind)
    if kind != "application/zstd":
        assert "damaged" == code


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_is_stopped_by_its_ratio(kind: str) -> None:
    """After the free bytes, and long before its own end."""
    data = PACKERS[kind](bytes(40_000_000))
    got, code = unpacked(data * 4, kind, Settings(ratio=10))

    assert "bomb" == code
    assert 63_000_000 < len(got) < 66_000_000


def test_a_cap_on_bytes_holds() -> None:
    """Whatever the ratio."""
    got, code = unpacked(
        PACKERS["application/gzip"](TEXT), "application/gzip", Settings(input_bytes=100_000)
    )

    assert "bomb" == code
    assert len(got) <= 100_000


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_frame_is_nothing(kind: str) -> None:
    """And no error."""
    assert (b"", "") == unpacked(PACKERS[kind](b""), kind)

"""ZIP and tar: members are inputs of their own, whatever they are called."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
import warnings
import zipfile

import pytest
from reading import held, reasons, tarred, zipped

from clean_ingest.core.document import RawDocument
from clean_ingest.readers import zips
from clean_ingest.readers.items import Rejected

FILES = {
    "a.txt": b"one",
    "in/b.txt": b"two",
    "rows.jsonl": b'{"text": "x"}\n{"text": "y"}\n',
    "c.txt.gz": gzip.compress(b"three", mtime=0),
    "page.html": b"<!doctype html><p>x",
}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.zip", zipped(FILES)),
        ("x.tar", tarred(FILES)),
        ("x.tar.gz", gzip.compress(tarred(FILES), mtime=0)),
        ("no-extension", zipped(FILES)),
    ],
)
def test_members_are_read_like_files(name: str, data: bytes) -> None:
    """Under the archive's name and their own, in the order of the archive."""
    items = held(name, data)

    texts = [item.data for item in items if isinstance(item, RawDocument)]
    assert [b"one", b"two", "x", "y", b"three", b"<!doctype html><p>x"] == texts
    names = [f"{item.source.name} {item.source.record}".rstrip() for item in items]
    wanted = ["a.txt", "in/b.txt", "rows.jsonl 1", "rows.jsonl 2", "c.txt.gz", "page.html"]
    assert [f"{name}!/{inside}" for inside in wanted] == names


def test_archives_in_archives_are_read_two_deep() -> None:
    """The third is not opened, and that is told."""
    inner = zipped({"c.txt": b"deep"})
    middle = tarred({"inner.zip": inner, "b.txt": b"b"})
    data = zipped({"middle.tar": middle, "a.txt": b"a"})

    assert {
        "x.zip!/middle.tar!/inner.zip": "too-deep",
        "x.zip!/middle.tar!/b.txt": "",
        "x.zip!/a.txt": "",
    } == reasons(held("x.zip", data))
    assert "x.zip!/middle.tar!/inner.zip!/c.txt" in reasons(held("x.zip", data, depth=3))


def test_a_stream_packed_three_times_is_not_unpacked() -> None:
    """Twice may be an accident."""
    twice = gzip.compress(gzip.compress(b"text", mtime=0), mtime=0)

    assert {"a.gz": ""} == reasons(held("a.gz", twice))
    assert {"a.gz": "too-deep"} == reasons(held("a.gz", gzip.compress(twice, mtime=0)))


def test_names_that_lead_out_have_a_reason() -> None:
    """Nothing is ever written under them, but whoever restores files would."""
    names = ["../up.txt", "/root.txt", "a/../../b.txt", "..\\up.txt", "C:\\x.txt", "fine..txt"]
    for data in (zipped(dict.fromkeys(names, b"x")), tarred(dict.fromkeys(names, b"x"))):
        found = list(reasons(held("x", data)).values())
        assert ["bad-name"] * 5 + [""] == found


def test_a_name_twice_leaves_the_later_out() -> None:
    """Under a key of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in ("first", "second"):
            archive.writestr(zipfile.ZipInfo("a.txt"), text)

    assert {"x.zip!/a.txt": "", "x.zip!/a.txt #2": "one-key"} == reasons(
        held("x.zip", out.getvalue())
    )


def test_links_and_devices_are_rows() -> None:
    """They are not followed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        kinds = (
            tarfile.SYMTYPE,
            tarfile.LNKTYPE,
            tarfile.FIFOTYPE,
            tarfile.CHRTYPE,
            tarfile.DIRTYPE,
        )
        for number, kind in enumerate(kinds):
            info = tarfile.TarInfo(f"{number}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    zipped_link = io.BytesIO()
    with zipfile.ZipFile(zipped_link, "w") as archive_of_link:
        archive_of_link.writestr(link, "/etc/passwd")

    assert dict.fromkeys([f"x.tar!/{n}" for n in range(4)], "not-regular") == reasons(
        held("x.tar", out.getvalue())
    )
    assert {"x.zip!/link": "not-regular"} == reasons(held("x.zip", zipped_link.getvalue()))


def test_a_damaged_member_costs_itself() -> None:
    """Its checksum is wrong; its neighbours are read."""
    data = zipped({"a.txt": b"first text", "b.txt": b"second text"}, zipfile.ZIP_STORED)

    assert {"x.zip!/a.txt": "damaged", "x.zip!/b.txt": ""} == reasons(
        held("x.zip", data.replace(b"first text", b"other text"))
    )


def test_a_zip_without_its_directory_is_damaged() -> None:
    """It is at the end, and was cut."""
    (item,) = held("x.zip", zipped(FILES)[:-30])

    assert isinstance(item, Rejected)
    assert ("damaged", True) == (item.reason, item.rest)


@pytest.mark.parametrize("end", [600, 512 * 2, 512 * 3 + 10])
def test_a_cut_tar_is_known(end: int) -> None:
    """In a file, in a header, and between two, where tarfile says nothing."""
    data = tarred({"a.txt": b"x" * 512, "b.txt": b"y"})[:end]
    last = held("x.tar", data)[-1]

    assert isinstance(last, Rejected)
    assert last.rest
    assert last.reason in {"truncated", "damaged"}


def test_garbage_in_a_tar_is_no_end() -> None:
    """For tarfile it would be."""
    good = tarred({"a.txt": b"x"})[:1024]
    last = held("x.tar", good + b"garbage!" * 128 + tarred({"b.txt": b"y"}))[-1]

    assert isinstance(last, Rejected)
    assert ("x.tar", "damaged", True) == (last.source.name, last.reason, last.rest)
    assert "1 document was read, the rest was not" in last.detail


def test_a_bomb_in_a_zip_is_stopped() -> None:
    """Members share one budget."""
    data = zipped({f"{n}.txt": bytes(30_000_000) for n in range(5)})
    found = list(reasons(held("x.zip", data, ratio=1)).values())

    assert "bomb" in found
    assert len(found) <= 6


def test_an_office_document_is_no_archive() -> None:
    """Its XML would be rows of nonsense."""
    data = zipped({"[Content_Types].xml": b"<?xml version='1.0'?>"})
    assert {"a.docx": "unsupported"} == reasons(held("a.docx", data))


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_every_method_of_packing_is_unpacked(method: int) -> None:
    """And what was changed inside is damaged, whatever the method notices itself."""
    text = "".join(f"line {n} of a text\n" for n in range(20_000)).encode()
    data = zipped({"a.txt": text, "empty.txt": b""}, method)
    items = held("x.zip", data)
    assert [text, b""] == [item.data for item in items if isinstance(item, RawDocument)]

    at = data.index(b"a.txt") + 2_000
    data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    found = reasons(held("x.zip", data))
    assert found["x.zip!/a.txt"] in {"damaged", "truncated"}
    assert "" == found["x.zip!/empty.txt"]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packed_member_is_unpacked_bit_by_bit(method: int) -> None:
    """4 KiB of bzip2 hold gigabytes of zeros: they must not come all at once."""
    data = zipped({"a.txt": bytes(100_000_000)}, method)
    tracemalloc.start()
    try:
        found = reasons(held("x.zip", data, document_bytes=1_000, ratio=10_000_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert {"x.zip!/a.txt": "too-large"} == found
    assert peak < 25_000_000


def test_a_member_packed_in_an_unknown_way_is_unsupported() -> None:
    """It costs itself."""
    data = zipped({"a.txt": b"one", "b.txt": b"two"}, zipfile.ZIP_STORED)
    at = data.index(b"PK\1\2") + 10  # the method in the directory
    found = reasons(held("x.zip", data[:at] + b"\x63" + data[at + 1 :]))

    assert {"x.zip!/a.txt": "unsupported", "x.zip!/b.txt": ""} == found


def test_a_directory_that_would_fill_memory_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its length stands at the end of the archive."""
    monkeypatch.setattr(zips, "_DIRECTORY_BYTES", 500)

    assert {""} == set(reasons(held("x.zip", zipped(dict.fromkeys("abc", b"x")))).values())
    items = held("x.zip", zipped({f"{n}.txt": b"" for n in range(100)}))
    assert {"x.zip": "too-large"} == reasons(items)


def test_a_directory_with_64_bits_is_measured_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are more files than 16 bits can count, its length stands elsewhere."""
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    data = zipped({f"{n}.txt": b"" for n in range(100)})
    assert b"PK\6\7" in data
    monkeypatch.setattr(zips, "_DIRECTORY_BYTES", 500)

    assert {"x.zip": "too-large"} == reasons(held("x.zip", data))

"""Inputs: what is found, in which order, under which names, and what is refused."""

from __future__ import annotations

import errno
import io
import os
import socket
from pathlib import Path

import pytest

from clean_ingest.core.errors import InputError
from clean_ingest.readers.inputs import expand, printable


def make(root: Path, *names: str) -> Path:
    """Make a file for each name, holding its own name."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, "utf-8")
    return root


def names(*inputs: str | Path) -> list[str]:
    """Return the names of what `expand` finds."""
    return [file.name for file in expand(inputs).files]


def refused(*inputs: str | Path) -> InputError:
    """Return the error that `expand` raises."""
    with pytest.raises(InputError) as caught:
        expand(inputs)
    return caught.value


def test_a_folder_is_read_recursively_in_code_point_order(tmp_path: Path) -> None:
    """Names are relative to the folder and sorted by code point, not by language."""
    make(tmp_path, "b.txt", "a/z.txt", "ä.txt", "Z.txt", "a.txt", "中/文.txt")

    assert ["Z.txt", "a.txt", "a/z.txt", "b.txt", "ä.txt", "中/文.txt"] == names(tmp_path)


def test_the_order_of_arguments_does_not_matter(tmp_path: Path) -> None:
    """Two folders give one sorted list whichever was named first."""
    one, two = make(tmp_path / "1", "b", "d"), make(tmp_path / "2", "a", "c")

    assert ["a", "b", "c", "d"] == names(one, two) == names(two, one)


def test_a_single_file_has_its_base_name(tmp_path: Path) -> None:
    """The folder above a named file is no part of its name."""
    make(tmp_path, "deep/down/page.txt")

    assert ["page.txt"] == names(tmp_path / "deep/down/page.txt")


def test_hidden_entries_are_counted_and_passed_over(tmp_path: Path) -> None:
    """A hidden folder counts once and is not entered."""
    make(tmp_path, "a.txt", ".b.txt", ".git/x", ".git/y")

    found = expand([tmp_path])

    assert (["a.txt"], 2) == ([file.name for file in found.files], found.hidden)


def test_a_hidden_file_that_was_named_is_read(tmp_path: Path) -> None:
    """What a person names is what they want."""
    make(tmp_path, ".b.txt")

    assert [".b.txt"] == names(tmp_path / ".b.txt")


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("in/*.txt", ["a.txt"]),
        ("in/**/*.txt", ["a.txt", "s/b.txt", "s/t/c.txt"]),
        ("in/**", ["a.txt", "n.md", "s/b.txt", "s/t/c.txt"]),
        ("in/*/b.txt", ["s/b.txt"]),
        ("in/s/**/[bc].txt", ["b.txt", "t/c.txt"]),
        ("in/?.*", ["a.txt", "n.md"]),
        ("in/.*", [".h.txt"]),
        ("in/[!a].md", ["n.md"]),
    ],
)
def test_globs_are_relative_to_their_plain_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, glob: str, expected: list[str]
) -> None:
    """Each glob matches files alone, and hidden ones only by a dot of its own."""
    make(tmp_path, "in/a.txt", "in/n.md", "in/s/b.txt", "in/s/t/c.txt", "in/.h.txt")
    monkeypatch.chdir(tmp_path)

    assert expected == names(glob) == names(f"./{glob}") == names(f"{tmp_path}/{glob}")


def test_a_file_whose_name_looks_like_a_glob_is_itself(tmp_path: Path) -> None:
    """A path that exists is never taken for a pattern."""
    make(tmp_path, "a[1].txt", "a1.txt")

    assert ["a[1].txt"] == names(tmp_path / "a[1].txt")


def test_names_that_are_no_utf_8_become_printable(tmp_path: Path) -> None:
    """Bytes that no text has are spelt out, and the file can still be opened."""
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xe4.txt"))).write_bytes(b"x")

    (file,) = expand([tmp_path]).files

    assert r"\xff\xe4.txt" == file.name
    assert b"x" == Path(file.path).read_bytes()


def test_links_fifos_and_sockets_in_a_folder_are_reasons_not_losses(tmp_path: Path) -> None:
    """What is met and cannot be read stays in the list with a reason."""
    make(tmp_path, "a.txt")
    (tmp_path / "loop1").symlink_to("loop2")
    (tmp_path / "loop2").symlink_to("loop1")
    (tmp_path / "up").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket"))
        reasons = {file.name: file.reason for file in expand([tmp_path]).files}

    odd = dict.fromkeys(["fifo", "loop1", "loop2", "socket", "up"], "not-regular")
    assert {"a.txt": "", **odd} == reasons


def test_a_link_that_was_named_is_followed(tmp_path: Path) -> None:
    """A person who names a link means what it points to."""
    make(tmp_path, "real/a.txt")
    (tmp_path / "link").symlink_to("real", target_is_directory=True)

    assert ["a.txt"] == names(tmp_path / "link")


def test_the_output_folder_is_no_input(tmp_path: Path) -> None:
    """A run over the folder that its output lies in does not read itself."""
    make(tmp_path, "a.txt", "out/x.parquet")

    found = expand([tmp_path], exclude=tmp_path / "out")

    assert ["a.txt"] == [file.name for file in found.files]


def test_stdin_is_read_to_one_byte_over_the_limit() -> None:
    """That byte is what tells too much from just enough."""
    found = expand(["-"], stdin=io.BytesIO(b"123456"), stdin_bytes=4)

    assert [("stdin", b"12345")] == [(file.name, file.data) for file in found.files]


@pytest.mark.parametrize("path", ["none.txt", "none/*.txt", "*.none", "", "a\0b"])
def test_what_is_not_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A missing path ends the run before it begins."""
    monkeypatch.chdir(tmp_path)

    error = refused(path)

    assert (2, True) == (error.exit_code, error.code in ("input/missing", "input/unreadable"))


def test_a_fifo_that_was_named_is_an_error(tmp_path: Path) -> None:
    """Opening it would wait for ever."""
    os.mkfifo(tmp_path / "fifo")

    assert "input/not-regular" == refused(tmp_path / "fifo").code


def test_a_link_loop_that_was_named_is_an_error(tmp_path: Path) -> None:
    """The system's own words for it are in the message."""
    (tmp_path / "loop").symlink_to("loop")

    error = refused(tmp_path / "loop")

    assert ("input/unreadable", True) == (error.code, os.strerror(errno.ELOOP) in error.message)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    """A run over nothing is a mistake, not a success."""
    assert "input/nothing" == refused(tmp_path).code


def test_two_inputs_with_one_name_are_an_error_that_names_both(tmp_path: Path) -> None:
    """Their documents would have one id."""
    one, two = make(tmp_path / "1", "a.txt"), make(tmp_path / "2", "a.txt")

    error = refused(one, two / "a.txt")

    assert ("input/one-name", "a.txt") == (error.code, error.where)
    assert str(one / "a.txt") in error.message
    assert str(two / "a.txt") in error.message


def test_an_input_that_is_given_twice_is_an_error(tmp_path: Path) -> None:
    """By itself, or in a folder that was given as well."""
    make(tmp_path, "a.txt")

    error = refused(tmp_path, tmp_path / "a.txt")

    assert ("input/one-name", True) == (error.code, "given twice" in error.message)


def test_a_name_that_spells_another_ones_bytes_keeps_its_own(tmp_path: Path) -> None:
    """No two names are printed alike: a backslash that could be an escape is one itself."""
    raw = [rb"\xff", b"\xff", rb"a\b", b"\\\xff", rb"\x5cxff", rb"\xfg"]
    for name in raw:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(name)

    found = {Path(file.path).read_bytes(): file.name for file in expand([tmp_path]).files}

    printed = [r"\x5cxff", r"\xff", r"a\b", r"\x5c\xff", r"\x5cx5cxff", r"\xfg"]
    assert dict(zip(raw, printed, strict=True)) == found


@pytest.mark.parametrize(
    "named", ["out", "out/manifest.json", "out/documents", "out/*", "link", "link/manifest.json"]
)
def test_nothing_in_the_output_may_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """A run would destroy what it is to read, also where a link leads there."""
    make(tmp_path, "a.txt", "out/manifest.json", "out/documents/part-00000.parquet")
    (tmp_path / "link").symlink_to("out", target_is_directory=True)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InputError) as caught:
        expand(["a.txt", named], exclude=Path("out"))

    assert ("input/is-output", named) == (caught.value.code, caught.value.where)


def test_a_glob_above_the_output_passes_it_over(tmp_path: Path) -> None:
    """What was not named is left out without a word, as with a folder."""
    make(tmp_path, "in/a.txt", "out/b.txt")

    found = expand([f"{tmp_path}/*/*.txt"], exclude=tmp_path / "out")

    assert ["in/a.txt"] == [file.name for file in found.files]


def test_an_empty_path_is_called_one(tmp_path: Path) -> None:
    """An unset variable of a shell is not the working folder, and is not a path with a NUL."""
    error = refused("")

    assert ("input/missing", "the input is an empty path") == (error.code, error.message)


def test_a_closed_stdin_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a service without one has it."""
    monkeypatch.setattr("sys.stdin", None)

    assert "input/unreadable" == refused("-").code


def test_a_folder_nested_deeper_than_pythons_stack_is_read(tmp_path: Path) -> None:
    """The walk keeps its own stack."""
    folders = [tmp_path]
    for _ in range(1_200):
        folders.append(folders[-1] / "d")
        folders[-1].mkdir()
    make(folders[-1], "a.txt")

    found = names(tmp_path)

    # pytest would remove this with a recursion of its own.
    (folders[-1] / "a.txt").unlink()
    for folder in reversed(folders[1:]):
        folder.rmdir()
    assert ["d/" * 1_200 + "a.txt"] == found


def test_printable_leaves_text_alone() -> None:
    """Names in any script are as they are."""
    assert "страница 中文 صفحه.txt" == printable("страница 中文 صفحه.txt")


def test_a_folder_that_is_called_like_the_inside_of_an_archive(tmp_path: Path) -> None:
    """Its files would have the names of members."""
    (tmp_path / "a.zip").write_bytes(b"x")
    (tmp_path / "a.zip!").mkdir()
    (tmp_path / "a.zip!" / "b.txt").write_bytes(b"x")

    with pytest.raises(InputError) as caught:
        expand([tmp_path])

    assert "input/one-name" == caught.value.code
    assert "a.zip!/b.txt" in str(caught.value)

"""Broken and malicious pages: each is a text or has a reason, and nothing raises."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from clean_ingest.config.model import Config
from clean_ingest.core.document import Document, RawDocument, Source, split_lines
from clean_ingest.core.errors import Unreadable
from clean_ingest.engine.local import run
from clean_ingest.engine.verify import verify
from clean_ingest.intake.take_in import take_in
from clean_ingest.stages.whitespace import Whitespace

PAGE = """<!doctype html><html lang=ru><head><meta charset=utf-8><title>Порт</title>
<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "Ein Satz, der
fehlt, und noch einer dazu."}</script><style>p {color: red}</style></head>
<body class="page news"><nav><ul><li><a href="/">Главная</a><li><a href="/n">Новости</a></ul></nav>
<main id=main><h1>Новый причал &mdash; открыт</h1><p>Сегодня утром <b>в порту</b><br>открыли
<a href="/p">причал</a>.<p style="display:none">скрыто</p><p>今天早上<ruby>港<rt>こう</rt></ruby></p>
<table><tr><th>Рейс<th>Час<tr><td>1<td>7:00<tr><td><p>два</p><p>три</p><td>x</table>
<pre>
  код  здесь

    ещё</pre><form><select><option>раз<option selected>два</select><input type=submit value=Go>
<textarea> a
b</textarea><button>OK</button></form><svg><title>Почта</title><path d="M0 0"/></svg>
<noscript><p>нет скрипта</p></noscript><template>шаблон</template><iframe><p>x</p></iframe>
<![CDATA[x]]><?php y ?><!--[if IE]><p>z</p><![endif]--><details><summary>a</summary>b</details>
<p dir=rtl>مرحبا&nbsp;بالعالم&#8203;</p></main><footer hidden>© 2024</footer></body></html>
"""

TAG = re.compile(rb"<[^<>]*>")
JUNK = (
    b"\0",
    b"\r",
    b"\x0b",
    b"\xff",
    b"\xed\xa0\x80",
    b"<",
    b"</",
    b">",
    b"<!--",
    b"]]>",
    b"&#xd800;",
)
TEMPLATES = (b"<p>", b"</p>", b"<div hidden>", b"<tr>", b"<td>", b"</table>", b"<pre>", b"<select>",
             b"<button>", b"<svg>", b"<title>", b"<option label=x>", b"<noframes>", b"<plaintext>",
             b"<rt>", b"<a href=x>", b"<br>", b"</body>", b"<span style='display:block;white-space:pre'>")  # fmt: skip


def flip_bytes(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.randint(1, 40)):
        data[draw.randrange(len(data))] = draw.randrange(256)


def cut_out(data: bytearray, draw: random.Random) -> None:
    start, end = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    del data[start:end]


def cut_off(data: bytearray, draw: random.Random) -> None:
    del data[draw.randrange(1, len(data)) :]


def swap_tags(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.randint(1, 10)):
        spans = [match.span() for match in TAG.finditer(data)]
        if len(spans) < 2:
            return
        (a, b), (c, d) = sorted(draw.sample(spans, 2))
        data[a:d] = data[c:d] + data[b:c] + data[a:b]


def double_tags(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.randint(1, 20)):
        spans = [match.span() for match in TAG.finditer(data)]
        if not spans:
            return
        start, end = draw.choice(spans)
        data[start:start] = data[start:end] * draw.choice((1, 2, 30))


def drop_tags(data: bytearray, draw: random.Random) -> None:
    for start, end in reversed([match.span() for match in TAG.finditer(data)]):
        if draw.random() < 0.2:
            del data[start:end]


def insert(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.randint(1, 20)):
        at = draw.randrange(len(data) + 1)
        data[at:at] = draw.choice(JUNK + TEMPLATES)


def nest(data: bytearray, draw: random.Random) -> None:
    at = draw.randrange(len(data) + 1)
    data[at:at] = draw.choice(TEMPLATES) * draw.choice((10, 300, 3_000))


def widen(data: bytearray, draw: random.Random) -> None:
    at = data.find(b">", draw.randrange(len(data) + 1))
    name = draw.choice((b"class", b"id", b"style", b"hidden", b"href", b"x" * 300))
    if at > 0:
        data[at:at] = (
            b" " + name + b"='" + draw.choice((b"a ", b"display:", b"\xe4")) * 20_000 + b"'"
        )


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip_bytes, cut_out, cut_off, swap_tags, double_tags, drop_tags, insert, nest, widen,
)  # fmt: skip


def mutated(page: bytes, seed: int) -> bytes:
    """The page with one to three mutations, the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311 - the same in every run, and no secret
    data = bytearray(page)
    for _ in range(draw.randint(1, 3)):
        if data:
            draw.choice(MUTATIONS)(data, draw)
    return bytes(data)


def taken(data: bytes) -> Document | None:
    """The document of a page with a place for each of its lines, or None with a reason."""
    try:
        document = take_in(RawDocument(Source("page", media_type="text/html"), data))
    except Unreadable as error:
        assert error.code in {"binary", "html-depth", "html-size"}
        return None
    text, page = document.text, document.page
    assert page is not None
    assert len(split_lines(text)) == len(page.places) == (text.count("\n") + 1 if text else 0)
    assert not text.endswith("\n") and "\r" not in text
    numbers = [place.block for place in page.places]
    assert numbers == sorted(numbers)
    assert all(0 <= place.links <= 1 and len(place.words) <= 24 for place in page.places)
    return document


def test_mutated_pages_have_a_text_or_a_reason() -> None:
    """Most of them have a text: what a browser shows of a broken page is a page."""
    documents = [taken(mutated(PAGE.encode(), seed)) for seed in range(400)]
    assert 300 < sum(document is not None for document in documents)


def test_mutated_pages_conserve_a_run(tmp_path: Path) -> None:
    """Each has its row, and the run proves itself: every source is restored."""
    (tmp_path / "in").mkdir()
    for seed in range(60):
        (tmp_path / "in" / f"{seed}.html").write_bytes(mutated(PAGE.encode(), seed))

    done = run([tmp_path / "in"], tmp_path / "out", Config("test", (Whitespace(),)))

    assert 60 == done.read == done.kept + done.dropped + done.quarantined
    assert [] == verify(tmp_path / "out")


LINK = b"<a href=/x>link</a> "


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (LINK * 100_000, 1),
        ((b"<p>" + LINK) * 40_000, 40_000),
        (b"<p title='" + b"a" * 19_000_000 + b"'>x", 1),
        (b"<p class='" + b"a " * 5_000_000 + b"'>x", 1),
        (b"<p style='" + b"display: " * 1_000_000 + b"'>x", 1),
        (b"<table>" + b"<tr><td>a<td>b" * 40_000, 40_000),
        (b"<table><tr><td>" * 600 + b"<p>x" * 10_000, 10_000),
        (b"<table><tr>" + b"<td>a" * 40_000, 1),
        (b"<div>" * 1_900 + b"<p>x" * 20_000, 20_000),
        (b"<div>" + b"<span>" * 1_900 + b"<p>x" * 40_000, 40_000),
        (b"<p>x" + b"<button>y</button>" * 40_000, 40_001),
        (b"<p>x" + b"<span hidden>y</span>" * 40_000, 40_001),
        (b"<pre>" + b"\n" * 1_000_000 + b"x", 1),
        (b"<p>x" + b"<br>" * 500_000 + b"y", 3),
        (b"<select>" + b"<option>x" * 40_000, 40_000),
        (b"<p>" + b"<span>Ab</span>" * 200_000, 1),
        (b"<p id=a>x" * 50_000, 50_000),
        (b"".join(b"<p id=%d>x" % number for number in range(50_000)), 50_000),
        (b"<iframe><noembed><noframes>" * 40_000, 1),
        (b"<!--" * 1_000_000, 0),
        (b"<![CDATA[" * 500_000, 0),
        (b"<script><![CDATA[" * 500_000, 0),
        (b"<script type='application/ld+json'>" + b"[" * 3_000_000 + b"</script>x", 1),
        (b"<script type='application/ld+json'>" + b"{}\n" * 1_000_000 + b"</script>x", 1),
        (b"&" * 2_000_000, 1),
        (b"<" * 2_000_000, 1),
    ],
)  # fmt: skip
def test_large_pages_are_read_in_linear_time(data: bytes, lines: int) -> None:
    """Quadratic work would take minutes here, a copy for each line gigabytes."""
    document = taken(data)
    assert document is not None
    assert lines == len(document.lines)


def test_a_page_over_the_limit_is_too_large(tmp_path: Path) -> None:
    """It is never parsed."""
    (tmp_path / "in").mkdir()
    with (tmp_path / "in/a.html").open("wb") as file:
        file.write(b"<!doctype html><p>")
        file.truncate(500_000_000)

    done = run([tmp_path / "in"], tmp_path / "out", Config("test", (Whitespace(),)))

    assert 1 == done.quarantined
    (row,) = pq.read_table(tmp_path / "out" / "excluded").to_pylist()
    assert ("readers", "too-large") == (row["stage"], row["reason"])


def test_nesting_of_a_million_has_a_reason() -> None:
    """No crash of the stack, and no text that ends where the parser gave up."""
    with pytest.raises(Unreadable, match="deeply"):
        take_in(RawDocument(Source("page", media_type="text/html"), b"<i><b>" * 500_000 + b"x"))

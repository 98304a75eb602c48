"""HTML to lines of text with their places."""

from __future__ import annotations

import pytest

from clean_ingest.core.document import Place, split_lines
from clean_ingest.core.errors import Unreadable
from clean_ingest.intake.render import Rendered, render


def rendered(html: str) -> Rendered:
    """The page, with one place for each line, as always must be."""
    result = render(html)
    assert len(split_lines(result.text)) == len(result.page.places)
    return result


def lines(html: str) -> list[str]:
    return rendered(html).text.split("\n")


def places(html: str) -> dict[str, Place]:
    """The place of each line by its text."""
    result = rendered(html)
    return dict(zip(result.text.split("\n"), result.page.places, strict=True))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Мост\n  <b> открыт</b> .<p>Путь</p>", ["Мост открыт .", "Путь"]),
        ("<div>один<p>два</p>три</div>", ["один", "два", "три"]),
        ("a<b>b</b><i>c</i>", ["abc"]),
        ("<p>x<br>y<br/>z", ["x", "y", "z"]),
        ("<p>x<br><br><br>y", ["x", "", "y"]),
        ("<p>x<br></p><p><br>y</p>", ["x", "y"]),
        ("<ul><li>eins<li>zwei<ul><li>drei</ul></ul>", ["eins", "zwei", "drei"]),
        ("<dl><dt>a<dd>b</dl>", ["a", "b"]),
        ("x<hr>y", ["x", "y"]),
        ("<pre>\n a\n\n\tb\r\nc\n</pre>", [" a", "", "\tb", "c"]),
        ("<p style='white-space: pre-wrap'>a  b\nc</p>", ["a  b", "c"]),
        ("<p>a <span style='white-space:pre'> b\nc </span> d", ["a  b", "c  d"]),
        ("<span style='display: block'>a</span>b", ["a", "b"]),
        ("<div style='display:inline'>a</div>b", ["ab"]),
        ("<p>港口\n   开放</p><p>항구가\n열렸다</p>", ["港口开放", "항구가 열렸다"]),
        ("<p>a&nbsp;b&shy;c&amp;lt;", ["a\u00a0b\u00adc&lt;"]),
        ("<a href=/a>Home</a><a href=/b>News</a>", ["Home News"]),
        ("<a href=/a>東京</a><a href=/b>大阪</a>", ["東京大阪"]),
        ("<span>Preis</span><span>Größe</span>", ["Preis Größe"]),
        ("<span>2026</span><a href=/><b>год</b></a>", ["2026 год"]),
        ("<span>child</span><span>ren</span> <b>B</b><span>old</span>", ["children Bold"]),
        ("<a href=/a>home</a><a href=/b>news</a>", ["home news"]),
        ("<span>東京</span><span>2020</span>", ["東京2020"]),
        ("<p>x<br>&nbsp;<br>y", ["x", "", "y"]),
        ("<p>\n a<span style='white-space:pre'> b </span>\n </p>", ["a b"]),
        ("<p>x<button>y<i hidden>z</i>w</button>v", ["xv", "y", "z", "w"]),
        ("<select><option label=x>a<option label=b></option></select>", ["a", "b"]),
        ("un<b>Be</b>lievable <i>CO</i><sub>2</sub>", ["unBelievable CO2"]),
        ("<ruby>漢<rp>（</rp><rt>かん</rt><rp>）</rp></ruby>", ["漢（かん）"]),
        ("<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>", ["漢(かん)字(じ)"]),
        ("H<sub>2</sub>O<wbr>!", ["H2O!"]),
        ("<details><summary>کلید</summary>متن</details>", ["کلید", "متن"]),
        ("<img src=a alt=b>c", ["c"]),
        ("<title>T</title><p>a<script>b</script><style>c</style>d<!-- e -->f", ["adf"]),
    ],
)
def test_lines_are_as_on_a_screen(html: str, expected: list[str]) -> None:
    """Blocks are lines of their own, white space collapses, code stays outside."""
    assert expected == lines(html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<table><tr><th>Порт<th>Суда<tr><td>Мурманск<td>12", ["Порт\tСуда", "Мурманск\t12"]),
        ("<table><tr><td>a<td><td>b<td></table>", ["a\t\tb"]),
        ("<table><tr><td><p>a</p><p>b</p><td>c</table>", ["a", "b", "c"]),
        ("<table><tr><td>a<td>d<button>b<td>c</button>e</table>", ["a", "d", "b", "ce"]),
        ("<table><tr><td>x<button>b<td></button></table>", ["x", "b"]),
        (f"<table><tr><td>a<td>{'b ' * 200}</table>", ["a", ("b " * 200).strip()]),
        ("<table><tr><td><table><tr><td>a<td>b</table><td>c<tr><td>d</table>", ["a\tb\tc", "d"]),
    ],
)
def test_a_row_of_data_is_one_line(html: str, expected: list[str]) -> None:
    """Cells are apart by tabs; a row that lays out a page has its lines."""
    assert expected == lines(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>a</p>",
        "<p style='color:red; DISPLAY : none'>a</p>",
        "<p style='visibility:hidden'>a</p>",
        "<p style='margin:0;;visibility: collapse !important'>a</p>",
        "<p hidden=until-found>a</p>",
        "<pre hidden>a</pre>",
        "<table><tr hidden><td>a</table>",
        "<table><tr><td hidden>a<td></table>",
        "<button hidden>a</button>",
        "<b style='display:none'>a<br hidden><script hidden>x</script></b>",
        "<ruby hidden>a</ruby>",
        "<template><p>a</p></template>",
        "<noscript>a</noscript>",
        "<dialog>a</dialog>",
        "<div hidden><div>a</div></div>",
        "<video>a</video>",
        "<iframe><p>a</p></iframe>",
        "<noembed><p>a</p></noembed>",
        "<span hidden><a href=/x>a</a></span>",
    ],
)
def test_what_a_browser_does_not_show_is_marked(html: str) -> None:
    """It is in the text all the same: the article may stand there."""
    found = places(f"{html}<p>b</p>")
    assert {"a": True, "b": False} == {text: place.hidden for text, place in found.items()}


@pytest.mark.parametrize(
    "html",
    [
        "<p aria-hidden=true>a</p>",
        "<p style='display:'>a</p>",
        "<p style='x-display:none'>a</p>",
        "<p style='opacity:.5' class=hidden>a</p>",
        "<dialog open>a</dialog>",
        "<details>a</details>",
    ],
)
def test_what_a_browser_shows_is_not_marked(html: str) -> None:
    """Or shows after a click, or would show but for a style sheet."""
    assert [False] == [place.hidden for place in places(html).values()]


def test_hidden_cells_do_not_break_their_row() -> None:
    """They come behind it."""
    html = "<table><tr><td>Порт<td hidden>код 7<td>Мурманск<tr><td>a<td>b</table>"
    assert ["Порт\t\tМурманск", "код 7", "a\tb"] == lines(html)


def test_what_is_put_aside_does_not_break_its_line() -> None:
    """Buttons, lists to choose from and hidden text come behind the line that they stand in."""
    html = (
        "<p>Drücken <button>Los</button>Sie <span hidden>nie</span>"
        "<select><option>eins<option label=zwei></select>zweimal</p><p>Ende</p>"
    )
    found = places(html)
    assert ["Drücken Sie zweimal", "Los", "nie", "eins", "zwei", "Ende"] == list(found)
    assert ["text", "text", "text", "option", "option", "text"] == [
        place.origin for place in found.values()
    ]
    assert ["nie"] == [text for text, place in found.items() if place.hidden]


def test_names_of_drawings_have_their_origin() -> None:
    """The title of an SVG is for a tooltip."""
    found = places("<a href=/><svg><title>Почта</title><path d=''/></svg> Написать</a>")
    assert {"Почта": "svg-title", "Написать": "text"} == {
        text: place.origin for text, place in found.items()
    }


def test_submit_buttons_say_their_value() -> None:
    """Other inputs say nothing."""
    assert ["ابحث"] == lines("<form><input name=q value=x><input type=SUBMIT value=ابحث></form>")


def test_what_stands_between_frames_is_read() -> None:
    """To a browser it is text without tags; to us it may be the only text of the page."""
    html = "<frameset class=f><frame src=a><noframes><body><p class=n>Ohne Rahmen<p>zwei</noframes>"
    assert {
        "Ohne Rahmen": Place("html/frameset/noframes/html/body/p", 6, 0, 0.0, ("f", "n"), True),
        "zwei": Place("html/frameset/noframes/html/body/p", 6, 1, 0.0, ("f",), True),
    } == places(html)


def test_what_cannot_be_parsed_inside_of_a_page_is_text() -> None:
    """Nobody sees it: no reason to lose the page."""
    found = places("<p>a</p><noframes>" + "<div>" * 9_000 + "b</noframes>")
    assert [False, True] == [place.hidden for place in found.values()]


@pytest.mark.parametrize(
    ("html", "share"),
    [
        ("<p>ab <a href=/>\n   c\n   d  </a> ef", 3 / 9),
        ("<p><a href=/>港口\n开放</a>", 1.0),
        ("<p><a name=x>ab</a>", 0.0),
    ],
)
def test_links_are_counted_as_their_text_stands(html: str, share: float) -> None:
    """White space in the source of a page counts for nothing."""
    (place,) = rendered(html).page.places
    assert share == pytest.approx(place.links)


def test_long_names_are_cut() -> None:
    """A tag or a list of classes may be as long as a page."""
    html = f"<{'x' * 100} style='display:block' class='{'a ' * 5_000}z'>b"
    (place,) = rendered(html).page.places
    assert (f"html/body/{'x' * 40}", ("a",) * 24) == (place.path, place.words)


def test_a_line_knows_its_place() -> None:
    """Path and words of the block, depth of the text, share of links, number of the block."""
    html = (
        "<body class=page><div class='side bar' id=s><p>a <b><a href=/x>bcd</a></b></p></div>"
        "<div><p class=lead>e<br>f</p>g</div>"
    )
    found = places(html)
    assert Place("html/body/div/p", 4, 0, 0.6, ("page", "side", "bar", "s")) == found["a bcd"]
    assert Place("html/body/div/p", 4, 1, 0.0, ("page", "lead")) == found["e"] == found["f"]
    assert Place("html/body/div", 3, 2, 0.0, ("page",)) == found["g"]


def test_words_of_a_place_are_the_nearest_and_few() -> None:
    """However many classes a page has."""
    html = "".join(f"<div class='c{n}'>" for n in range(100)) + f"<p id={'x' * 1000}>a"
    (place,) = rendered(html).page.places
    assert (*(f"c{n}" for n in range(77, 100)), "x" * 64) == place.words


def test_places_share_what_they_have_in_common() -> None:
    """Paths and words of a deep page with many lines would be gigabytes."""
    html = "<div class='a b'>" * 500 + "<ul><li class=c>x</ul>" * 100
    places = rendered(html).page.places
    assert 1 == len({id(place.path) for place in places}) == len({id(p.words) for p in places})


@pytest.mark.parametrize("html", ["", " \n", "<!-- a -->", "<!doctype html>", "<html></html>"])
def test_a_page_without_text_is_empty(html: str) -> None:
    """It has a tree all the same."""
    result = rendered(html)
    assert ("", (), "html") == (result.text, result.page.places, result.page.tree.tag)


def test_deep_nesting_up_to_what_the_parser_follows() -> None:
    """Without `huge_tree` libxml2 drops the rest behind 253 levels and says nothing."""
    assert ["deep", "after"] == lines("<div>" * 2000 + "deep" + "</div>" * 2000 + "<p>after")


def test_what_is_nested_deeper_is_no_page() -> None:
    """The rest of the page would be lost: the log of the parser says so, no exception does."""
    with pytest.raises(Unreadable) as error:
        render("<div>" * 1_000_000 + "deep" + "<p>after")
    assert "html-depth" == error.value.code


def test_long_texts_lose_nothing() -> None:
    """Without `huge_tree` all is dropped behind a text of 10 MB."""
    found = lines("<p>" + "слово " * 1_800_000 + "<p>конец")
    assert (2, 10_799_999, "конец") == (len(found), len(found[0]), found[1])


@pytest.mark.parametrize(
    "unclosed",
    [
        "<title>Титул",
        "<style>p {}",
        '<script type="application/ld+json">{"a": "<p>"}',
        "<body><iframe src=x>",
        "<body><textarea>",
        "<title>T<body><iframe>",
        "<script>1</script><STYLE></style><Script>2",
    ],
)
def test_an_unclosed_title_or_script_takes_no_page_with_it(unclosed: str) -> None:
    """On a screen the page is empty; nobody meant that, and nothing else would say so."""
    result = rendered(f"<html><head>{unclosed}<body class=a><h1>Ð</h1><p>Текст</p></body></html>\n")
    assert ("Ð\nТекст", ("html-unclosed",)) == (result.text, result.flags)
    assert not any(place.hidden for place in result.page.places)


def test_code_that_writes_a_page_is_closed() -> None:
    """The end of a page inside of a script proves nothing."""
    html = "<p>a<script>document.write('<body>x</body></html>')</script><title></html></title>"
    assert ("a", ()) == (rendered(html).text, rendered(html).flags)


def test_lone_surrogates_and_controls_lose_nothing() -> None:
    """One lone surrogate makes libxml2 drop the rest; controls become nothing, as on a screen."""
    assert ["a\ufffdb", "cde f"] == lines("<p>a\ud800b<p>c\0d\x01e\x0bf")

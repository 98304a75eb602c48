"""Pages line by line: what stays, what goes by which rule, and what is said where a voter fails."""

from __future__ import annotations

import logging
import pickle
from dataclasses import replace

import pytest
from lxml import etree

from clean_ingest.core.document import Document, Page, Place
from clean_ingest.core.errors import CleanIngestError
from clean_ingest.core.ledger import Ledger
from clean_ingest.core.stage import EVIDENCE_LIMIT, Edit, Proposal, Tag
from clean_ingest.intake.render import render
from clean_ingest.stages import _trafilatura
from clean_ingest.stages.extract import Extract

FERRY = {
    "english": (
        "The ferry to the outer islands sails again from Monday, eight months after a storm broke the pier at Northhaven.",
        "The new pier stands on sixty steel piles, and the harbour master expects it to last for half a century at the least.",
        "A return ticket costs eleven crowns, as before the storm, and children under the age of twelve travel without paying.",
    ),
    "russian": (
        "Паром на дальние острова снова ходит с понедельника: прошло восемь месяцев с тех пор, как шторм разрушил причал.",
        "Новый причал стоит на шестидесяти стальных сваях, и начальник порта надеется, что он прослужит не менее полувека.",
        "Билет туда и обратно стоит одиннадцать крон, как и до шторма, а дети младше двенадцати лет ездят без билета.",
    ),
    "persian": (
        "کشتی مسافربری از دوشنبه دوباره به جزیره‌های دور می‌رود، هشت ماه پس از آنکه توفان اسکلهٔ بندر شمالی را در هم شکست.",
        "اسکلهٔ تازه بر شصت ستون فولادی ایستاده است و رئیس بندر امیدوار است که دست‌کم نیم قرن بماند و مردم از آن راضی باشند.",
        "بهای بلیت رفت و برگشت مانند پیش از توفان یازده کرون است و کودکان زیر دوازده سال بی‌آنکه چیزی بپردازند سفر می‌کنند.",
    ),
    "chinese": (
        "从星期一开始，开往外岛的渡轮重新起航，此前一场风暴摧毁了北港的码头，航线因此中断了整整八个月，岛上的居民只能依靠渔船往返。",
        "新码头建在六十根钢桩之上，港务局局长预计它至少能够使用半个世纪，在此期间只需要每隔几年更换一次木板，费用由市政府承担。",
        "往返票价仍然是十一克朗，与风暴之前相同，十二岁以下的儿童继续免费乘船，自行车和婴儿车也不另外收取任何费用，全年如此。",
    ),
}
LANGUAGES = sorted(FERRY)


def document(html: str) -> Document:
    """The rendered page."""
    rendered = render(html)
    return replace(Document.from_text(rendered.text), page=rendered.page)


def proposals(html: str, stage: Extract | None = None) -> list[Proposal]:
    """What the stage proposes for a page."""
    return list((stage or Extract()).propose(document(html)))


def left(html: str, stage: Extract | None = None) -> list[str]:
    """The lines that stay, blank ones left out."""
    page = document(html)
    edits = [p for p in (stage or Extract()).propose(page) if isinstance(p, Edit)]
    text = Ledger.of(page.text).apply(edits, "extract").text
    return [line for line in text.split("\n") if line.strip()]


def removed(html: str, stage: Extract | None = None) -> dict[str, str]:
    """The rule by the lines that go."""
    page = document(html)
    edits = [p for p in (stage or Extract()).propose(page) if isinstance(p, Edit)]
    return {
        line: edit.rule
        for edit in edits
        for line in page.text[edit.start : edit.end].split("\n")
        if line.strip()
    }


def flags(html: str, stage: Extract | None = None) -> list[str]:
    """The flags of a page."""
    return [str(p.value) for p in proposals(html, stage) if isinstance(p, Tag)]


def article(language: str, before: str = "", after: str = "") -> str:
    """A page with an article amid other things."""
    paragraphs = "".join(f"<p>{text}</p>" for text in FERRY[language])
    return f"<html><body>{before}<article>{paragraphs}</article>{after}</body></html>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_article_stays_and_the_rest_goes(language: str) -> None:
    """Menus before it and a footer after it go by the rule of the extractor."""
    html = article(language, "<nav><a href='/'>1 2 3</a></nav>", "<footer>2026</footer>")
    assert list(FERRY[language]) == left(html)
    assert {"1 2 3": "extract/trafilatura", "2026": "extract/trafilatura"} == removed(html)
    assert [] == flags(html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("where", ["before", "after"])
def test_of_two_copies_the_one_in_the_article_stays(language: str, where: str) -> None:
    """A teaser with the words of a paragraph goes, and the paragraph stays where it is."""
    text = FERRY[language][1]
    teaser = f"<aside><a href='/1'>{text}</a></aside>"
    page = document(article(language, **{where: teaser}))
    (edit,) = (p for p in Extract().propose(page) if isinstance(p, Edit))
    assert text == page.text[edit.start : edit.end].strip("\n")
    assert (0 if where == "before" else len(page.text)) == (
        edit.start if where == "before" else edit.end
    )


def test_text_that_is_no_page_is_left_alone() -> None:
    """Trafilatura would return nothing at all for it."""
    assert [] == list(Extract().propose(Document.from_text("Home\nThe ferry sails again.\n")))


def test_a_page_without_text_is_left_to_the_pipeline() -> None:
    """There is nothing to vote on."""
    assert [] == proposals("<html><body><img src=a.png></body></html>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hidden_lines_go_by_a_rule_of_their_own(language: str) -> None:
    """What no browser shows and no extractor keeps."""
    html = article(language, after="<div hidden>7 8 9</div>")
    assert {"7 8 9": "render/hidden"} == removed(html)


@pytest.mark.parametrize("hide", ["<div hidden>{}</div>", "<template>{}</template>"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hidden_article_stays_where_the_extractor_keeps_it(hide: str, language: str) -> None:
    """Pages that show their text by script have it hidden."""
    text = "".join(f"<p>{text}</p>" for text in FERRY[language])
    html = f"<html><body><nav><a href=/>1</a></nav>{hide.format(text)}</body></html>"
    assert list(FERRY[language]) == left(html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_in_json_ld_alone_stays(language: str) -> None:
    """And nothing else does."""
    import json

    data = json.dumps({"@type": "NewsArticle", "articleBody": "\n".join(FERRY[language])})
    html = (
        f'<html><head><script type="application/ld+json">{data}</script></head>'
        "<body><nav><a href='/'>1 2 3</a></nav><div>4 5</div></body></html>"
    )
    assert "".join(FERRY[language]) == "".join(left(html))


def test_options_of_a_select_go() -> None:
    """Lines of other origins stay only where an extractor keeps them."""
    html = article("english", "<select><option>Euro</option><option>Krone</option></select>")
    assert {"Euro", "Krone"} == removed(html).keys()


def test_the_tree_stays_as_it_is() -> None:
    """Other stages look at it too."""
    page = document(article("english", "<nav><a href='/'>Home</a></nav>", "<form><p>x</p></form>"))
    assert page.page is not None
    before = etree.tostring(page.page.tree)
    list(Extract().propose(page))
    assert before == etree.tostring(page.page.tree)


def deep(language: str, levels: int) -> str:
    """An article twice over, with a menu before it and lists in lists within."""
    menu = "".join(f"<li><a href='/{n}'>{n} {n}</a></li>" for n in range(20))
    lists = "<ul><li>" * levels + "x" + "</li></ul>" * levels
    paragraphs = "".join(f"<p>{text}</p>" for text in FERRY[language] * 2)
    return f"<html><body><ul>{menu}</ul><article>{paragraphs}{lists}</article></body></html>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exception_inside_is_no_empty_page(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The prose of the page stays, its menu goes, and flag and evidence say why."""
    monkeypatch.setattr(_trafilatura, "_FRAMES", 300)
    html = deep(language, 400)
    assert ["extract-failed"] == flags(html)
    assert [*FERRY[language] * 2] == left(html)
    assert "0 0" in removed(html)
    evidence = [p.evidence for p in proposals(html) if isinstance(p, Edit)]
    assert all(text.startswith("trafilatura failed: RecursionError") for text in evidence)


def test_the_depth_of_the_caller_decides_nothing() -> None:
    """Lists nested 600 deep overflow Python's own limit, and are read all the same."""
    html = deep("english", 600)

    def nested(levels: int) -> list[str]:
        return nested(levels - 1) if levels else flags(html)

    assert [] == flags(html) == nested(700)


@pytest.mark.parametrize("char", ["&#xFFFE;", "&#xFFFF;"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_character_that_xml_lacks_costs_nothing(char: str, language: str) -> None:
    """Trafilatura raises `ValueError` at it, and its own wrapper calls the page empty."""
    import trafilatura

    html = article(language, "<nav><a href=/>1 2 3</a></nav>").replace("</p>", f"{char}</p>")
    tree = render(html).page.tree
    assert trafilatura.bare_extraction(tree, include_comments=False) is None
    assert [] == flags(html)
    assert list(FERRY[language]) == [line.rstrip("\ufffe\uffff") for line in left(html)]


def test_a_page_that_the_extractor_calls_empty_keeps_its_text() -> None:
    """Comments are all it has, and the extractor was told to leave comments out."""
    paragraphs = "".join(f"<p>{text}</p>" for text in FERRY["english"])
    html = f"<html><body><div id='comments'>{paragraphs}</div></body></html>"
    assert ["extract-empty"] == flags(html)
    assert list(FERRY["english"]) == left(html)


def test_next_to_nothing_is_not_enough() -> None:
    """Where the extractor keeps one line beside a whole text in comments, both stay."""
    paragraphs = "".join(f"<p>{text}</p>" for text in FERRY["english"] * 9)
    html = f"<html><body><p>Ferries</p><div id='comments'>{paragraphs}</div></body></html>"
    assert ["extract-little"] == flags(html)
    assert ["Ferries", *FERRY["english"] * 9] == left(html)


def test_a_page_that_would_take_minutes_is_not_asked_about() -> None:
    """Trafilatura looks at all elements above each, so that depth and length multiply."""
    html = f"<body>{'<div>' * 1500}{'<p>x' * 700}"
    assert ["extract-skipped"] == flags(html)
    assert 700 == len(left(html))
    assert [] == flags(f"<body>{'<div>' * 15}{'<p>x' * 700}")


def test_a_failure_inside_that_goes_on_is_flagged(caplog: pytest.LogCaptureFixture) -> None:
    """What trafilatura swallows and logs does not go unseen."""
    _ = caplog
    log = logging.getLogger("trafilatura.external")
    with _trafilatura._listening() as heard:
        log.warning("readability_lxml failed: %s", ValueError("x"))
    log.warning("nobody listens")
    assert ["readability_lxml failed"] == heard


def test_warnings_of_the_extractor_stay_off_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """A page that cannot be read is a row in a table, no noise."""
    logging.getLogger("trafilatura.core").warning("discarding data: %s", None)
    assert "" == capsys.readouterr().err


def test_comments_stay_where_the_config_wants_them() -> None:
    """They are left out by default."""
    comment = (
        "<div id='comments'><p>My grandmother worked on that ferry for thirty years.</p></div>"
    )
    html = article("english", after=comment)
    assert list(FERRY["english"]) == left(html)
    assert len(FERRY["english"]) + 1 == len(left(html, Extract(comments=True, containers=False)))


def test_tables_go_where_the_config_does_not_want_them() -> None:
    """They stay by default."""
    rows = "".join(
        f"<tr><td>Pier {n}</td><td>{n} crowns a year for a rowing boat</td></tr>" for n in range(5)
    )
    html = article("english").replace("</article>", f"<table>{rows}</table></article>")
    assert "Pier 3\t3 crowns a year for a rowing boat" in left(html)
    assert list(FERRY["english"]) == left(html, Extract(tables=False))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_voters_the_containers_decide(language: str) -> None:
    """The prose of the page and what stands amid it."""
    html = OLD.format(top="2026", text="<br>".join(FERRY[language] * 2), foot="3 4")
    assert list(FERRY[language] * 2) == left(html, Extract(voters=()))


def test_a_line_kept_for_the_greater_part_stays_whole() -> None:
    """The extractor cuts a part of a line; lines are not cut."""
    html = article("english").replace("half a century", "<button>half a century</button>")
    assert 3 == len(left(html)) - sum(line == "half a century" for line in left(html))
    assert not any(line.startswith("The new pier") for line in removed(html))


OLD = (
    "<html><body><table><tr><td class=top>{top}</td></tr><tr><td class=left><a href=/a>1 2</a></td>"
    "<td class=text>{text}</td></tr><tr><td class=foot>{foot}</td></tr></table></body></html>"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_containers_overrule_a_vote_outside_the_prose(language: str) -> None:
    """Of pages laid out by tables trafilatura keeps everything."""
    text = "<br>".join(FERRY[language] * 2)
    html = OLD.format(top="2026", text=text, foot="3 4")
    assert dict.fromkeys(("2026", "1 2", "3 4"), "extract/outside") == removed(html)
    assert {} == removed(html, Extract(containers=False))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_heading_above_the_prose_is_not_outside(language: str) -> None:
    """It may well stand in a container of its own."""
    html = OLD.format(top="<h1>2026</h1>", text="<br>".join(FERRY[language] * 2), foot="3 4")
    assert {"1 2", "3 4"} == removed(html).keys()


def test_lines_that_the_extractor_lost_amid_the_prose_stay() -> None:
    """A paragraph that looks like a sharing button to it stands where all the others do."""
    text = "".join(f"<p>{text}</p>" for text in FERRY["english"])
    html = f"<html><body><article>{text}<p>Facebook</p>{text.replace('The', 'Their')}</article></body></html>"
    assert "Facebook" in left(html)
    assert "Facebook" not in left(html, Extract(containers=False))


def test_the_evidence_says_where_a_block_stood() -> None:
    """Enough to see why a paragraph is missing: what was kept, which element, how many links."""
    html = article(
        "english", "<div class='wide sidebar'><ul><li><a href='/1'>One</a><li>Two</ul></div>"
    )
    (edit,) = (p for p in proposals(html) if isinstance(p, Edit))
    assert (
        "trafilatura kept 3 of 5 lines; these 2 lines are in div/ul/li.sidebar, links 0.50"
        == edit.evidence
    )


def test_evidence_is_one_line_that_is_not_too_long() -> None:
    """Whatever class names a page has."""
    html = article("english", f"<div class='{'x' * 500}\u2028y'><a href='/1'>One</a></div>")
    page = document(html)
    edits = [p for p in Extract().propose(page) if isinstance(p, Edit)]
    assert all(len(edit.evidence) <= EVIDENCE_LIMIT for edit in edits)
    Ledger.of(page.text).apply(edits, "extract")


def test_kept_text_that_no_line_has_is_told() -> None:
    """Formulas are written anew by trafilatura; the count stands in the evidence."""
    formula = "<math alttext='e^{i pi} + 1 = 0 and so on and so forth'><mi>e</mi></math>"
    html = article("english", "<nav><a href='/'>Home</a></nav>").replace("</p>", f"{formula}</p>")
    assert "extract-unmatched" in flags(html)
    (edit,) = (p for p in proposals(html) if isinstance(p, Edit))
    assert "characters it kept are on no line" in edit.evidence


def test_a_text_that_was_edited_before_is_refused() -> None:
    """Places are those of the lines of the source text."""
    page = document(article("english"))
    with pytest.raises(CleanIngestError) as caught:
        list(Extract().propose(replace(page, text=page.text + "\nMore")))
    assert "extract-order" == caught.value.code


def test_blank_lines_go_with_what_stands_above_them() -> None:
    """And stay below what stays."""
    places = (Place("html/body/p", 3, 0, 0.0),) * 3
    tree = render("<body><p>x</p></body>").page.tree
    doc = replace(Document.from_text("x\n\ny\n"), page=Page(places, tree))
    (edit,) = (p for p in Extract(containers=False).propose(doc) if isinstance(p, Edit))
    assert "y\n" == doc.text[edit.start : edit.end]


def test_the_stage_is_a_value() -> None:
    """Picklable, equal to its copy, and the same twice."""
    stage = Extract(tables=False)
    assert stage == pickle.loads(pickle.dumps(stage))  # noqa: S301 - our own pickle
    html = article("persian", "<nav><a href='/'>1</a></nav>")
    assert proposals(html, stage) == proposals(html, stage)

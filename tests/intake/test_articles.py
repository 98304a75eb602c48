"""Articles that stand in JSON-LD alone."""

from __future__ import annotations

import json

import pytest

from clean_ingest.intake.articles import missing_articles
from clean_ingest.intake.render import render

PARAGRAPHS = (
    "Сегодня утром в порту открыли новый причал, первый паром пришёл в семь часов.",
    "Капитан сказал, что рейсы будут ходить каждый день до конца октября.",
    "Билеты продают в кассе у входа, дети до семи лет ездят бесплатно.",
)


def page(body: str, html: str = "<h1>Причал</h1>") -> list[tuple[str, str]]:
    """The lines of a page that has this article in JSON-LD, with their origins."""
    script = json.dumps({"@type": "NewsArticle", "articleBody": body}, ensure_ascii=False)
    script = script.replace("</", "<\\/")  # as it must be written inside of a script
    result = render(f'<script type="application/ld+json">{script}</script>{html}')
    origins = [place.origin for place in result.page.places]
    return list(zip(result.text.split("\n"), origins, strict=True))


def test_an_article_that_the_page_lacks_is_appended() -> None:
    """A line a paragraph, with an origin of its own."""
    assert [("Причал", "text"), *((line, "json-ld") for line in PARAGRAPHS)] == page(
        "\r\n\n".join(PARAGRAPHS)
    )


def test_an_article_in_markup_is_rendered() -> None:
    """Tags and character references are no text."""
    body = "".join(f"<p>{line}&nbsp;&#8212;</p>" for line in PARAGRAPHS)
    assert [f"{line}\u00a0—" for line in PARAGRAPHS] == [line for line, _ in page(body)[1:]]


def test_an_article_that_is_on_the_page_is_not_doubled() -> None:
    """Other case, white space, quotes and a teaser between paragraphs make no other article."""
    html = "<p>Ещё по теме</p>".join(f"<p>{line.upper()}</p>" for line in PARAGRAPHS)
    assert not [line for line in page(" ".join(PARAGRAPHS), html) if line[1] == "json-ld"]


def test_an_article_is_compared_without_its_markup() -> None:
    """Letters may be written as references, and words stand between tags."""
    text = "L’été a été très léger à la montée du dégel près de l’évêché"
    body = text.replace("é", "&eacute;").replace(" ", "</b> <b>")
    assert 1 == len(page(f"<b>{body}</b>", f"<p>{text}</p>"))


def test_an_endless_article_is_left_out() -> None:
    """What is longer than any text is none."""
    assert [("Причал", "text")] == page("слово " * 400_000)


def test_scripts_without_spaces_are_compared_too() -> None:
    """A Chinese article is one long word between marks, and cut into its characters."""
    text = "今天早上港口的新码头启用了,第一班渡轮七点到达,码头上站满了人。"
    assert 2 == len(page(text))
    assert 1 == len(page(text, f"<p>{text}</p>"))


def test_one_article_named_twice_is_appended_once() -> None:
    """Some pages repeat it for each of its types."""
    script = json.dumps([{"articleBody": PARAGRAPHS[0]}, {"articleBody": PARAGRAPHS[0] + " "}])
    result = render(f'<script type="application/ld+json">{script}</script>')
    assert PARAGRAPHS[0] == result.text


def test_articles_inside_of_objects_are_found() -> None:
    """The posts of a live blog, in their order; a body may be a list of paragraphs."""
    posts = [{"articleBody": PARAGRAPHS[0]}, {"articleBody": [PARAGRAPHS[1], PARAGRAPHS[2], 3]}]
    script = json.dumps({"@type": "LiveBlogPosting", "liveBlogUpdate": posts})
    result = render(f'<script type="application/ld+json">{script}</script>')
    assert list(PARAGRAPHS) == result.text.split("\n")


def test_many_articles_cost_little() -> None:
    """Each is looked for by its own words, not by a search through the page."""
    posts = [{"articleBody": f"Beitrag {number} {number} von heute"} for number in range(5_000)]
    assert 5_000 == len(list(missing_articles(posts, ["ein Wort " * 200_000])))


@pytest.mark.parametrize("body", ["", "zu kurz hier", 3, None, {"a": 1}])
def test_what_is_no_article_is_passed_over(body: object) -> None:
    """Three words say nothing that could be looked for."""
    assert [] == list(missing_articles([{"articleBody": body}], []))

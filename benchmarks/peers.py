"""The line rules of others, for comparison: each takes the lines of a page and what is left of it.

All rules about whole pages are off, as they drop pages rather than clean them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

Cleaner = Callable[[Sequence[str], str], list[str]]
"""Lines and the language of the page to what is left of each line, empty for nothing."""

_C4_WORDS, _C4_LONGEST = 5, 1_000
_C4_ENDS = (".", "?", "!", '"')
_C4_POLICY = (
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)
_C4_CITATION = re.compile(r"\[\d*\]|\[edit\]|\[citation needed\]")
# The marks that end a sentence in the scripts of the world, and what may close behind them.
_ENDS = re.compile(r"[.?!\"。！？．｡…‽؟۔।॥։።፧។៕။།༎჻»”’」』）)]$")
_APART = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def c4(lines: Sequence[str], language: str) -> list[str]:
    """The line rules of C4.

    Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified
    Text-to-Text Transformer", section 2.2, with the numbers and phrases of its code
    (tensorflow_datasets, `c4_utils.py`): a line ends in . ? ! or a straight quote and in no
    ellipsis, has five words and none over 1,000 characters, and speaks neither of JavaScript
    nor of policies. Citation marks of Wikipedia are taken out.
    """
    del language
    return [_c4_line(line.strip()) for line in lines]


def _c4_line(line: str) -> str:
    line = _C4_CITATION.sub("", line)
    parts = line.split()
    lower = line.lower()
    kept = (
        line.endswith(_C4_ENDS)
        and not line.endswith("...")
        and len(parts) >= _C4_WORDS
        and all(len(part) <= _C4_LONGEST for part in parts)
        and "javascript" not in lower
        and not any(phrase in lower for phrase in _C4_POLICY)
    )
    return line if kept else ""


def c4_world(lines: Sequence[str], language: str) -> list[str]:
    """C4's rules as they might be meant for other scripts; no such rules are published.

    Every script's marks end a sentence, and where words are not parted by spaces five
    characters will do.
    """
    del language
    return [
        line
        if _ENDS.search(line.strip())
        and not line.strip().endswith("...")
        and len(line.split()) + len(_APART.findall(line)) >= _C4_WORDS
        and "javascript" not in line.lower()
        and not any(phrase in line.lower() for phrase in _C4_POLICY)
        else ""
        for line in lines
    ]


_COUNTER = re.compile(
    r"\W*\d[\d.,]*[kmb]?\s+(?:likes|shares|comments|retweets|reposts|quotes|bookmarks|upvotes"
    r"|downvotes|downloads|views|followers)\W*",
    re.I,
)
_UPPER = 0.5
_EDITED_WORDS = 10
_EDITED = re.compile(r"^sign-in\s?|\s?read more\.\.\.$|\s?items in cart\s?", re.I)


def refinedweb(lines: Sequence[str], language: str) -> list[str]:
    """The line-wise corrections of RefinedWeb.

    Penedo et al. 2023, "The RefinedWeb Dataset for Falcon LLM", appendix G.2: a line goes
    that is mainly upper case, only digits, a counter ("3 likes") or one word; in a line of at
    most ten words "sign-in" at its start, "Read more..." at its end and "items in cart"
    anywhere are cut out. The paper gives these as examples and no numbers; "mainly" is more
    than half of the characters, and the nouns are counted, as in the reproduction of
    DataComp-LM (Li et al. 2024).
    """
    del language
    return [_refinedweb_line(line.strip()) for line in lines]


def _refinedweb_line(line: str) -> str:
    parts = line.split()
    if len(parts) <= 1 or "".join(parts).isdigit() or _COUNTER.fullmatch(line):
        return ""
    if sum(map(str.isupper, line)) > _UPPER * len(line):
        return ""
    return _EDITED.sub("", line) if len(parts) <= _EDITED_WORDS else line


def justext(lines: Sequence[str], language: str) -> list[str]:
    """The jusText library (Pomikálek 2011), each line a paragraph without links or headings.

    With the stop words of the language where the library has them, else in the mode that it
    calls independent of language.
    """
    from justext.core import PathInfo, classify_paragraphs, revise_paragraph_classification
    from justext.paragraph import Paragraph

    rows = [index for index, line in enumerate(lines) if line.strip()]
    paragraphs = []
    for index in rows:
        paragraph = Paragraph(PathInfo())
        paragraph.append_text(lines[index])
        paragraphs.append(paragraph)
    known = stop_words(language)
    if known:
        classify_paragraphs(paragraphs, known)
    else:
        classify_paragraphs(paragraphs, known, stopwords_low=0, stopwords_high=0)
    revise_paragraph_classification(paragraphs)
    left = [""] * len(lines)
    for index, paragraph in zip(rows, paragraphs, strict=True):
        if not paragraph.is_boilerplate:
            left[index] = lines[index]
    return left


_STOP_LISTS = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic",
    "it": "Italian", "ko": "Korean", "lb": "Luxembourgish", "lt": "Lithuanian", "lv": "Latvian",
    "mk": "Macedonian", "ms": "Malay", "nl": "Dutch", "no": "Norwegian_Bokmal", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
}  # fmt: skip


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """Those that jusText has for a BCP 47 tag; empty where it has none."""
    from justext import get_stoplist

    name = _STOP_LISTS.get(language.partition("-")[0])
    return frozenset(get_stoplist(name)) if name else frozenset()


PEERS: dict[str, Cleaner] = {
    "c4": c4,
    "c4-world": c4_world,
    "refinedweb": refinedweb,
    "justext": justext,
}

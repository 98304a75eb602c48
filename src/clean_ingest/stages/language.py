"""Which language a document is in: a tag, and a drop only where the config asks for one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from clean_ingest.core.document import UNDETERMINED, Document, Line
from clean_ingest.core.stage import Drop, Proposal, Tag, option
from clean_ingest.stages._langdetect import LONGEST_TEXT, profiles

# langdetect names two places where its profiles know two scripts: what Hong Kong, Singapore
# or anybody else writes is told apart by script, and BCP 47 has a subtag for that.
_BCP47 = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}

# Scripts without a profile, and the language that nearly all text in them is in (Unicode
# CLDR, likely subtags). Left to the profiles, Georgian and Armenian come out as Estonian,
# whose profile happens to hold some of their letters.
_SCRIPTS = {
    "hy": "\u0531-\u058a\ufb13-\ufb17",
    "dv": "\u0780-\u07b1",
    "or": "\u0b01-\u0b77",
    "si": "\u0d81-\u0df4",
    "lo": "\u0e81-\u0edf",
    "bo": "\u0f00-\u0fda",
    "my": "\u1000-\u109f\ua9e0-\ua9fe\uaa60-\uaa7f",
    "ka": "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2d",
    "am": "\u1200-\u139f\u2d80-\u2dde\uab01-\uab2e",
    "chr": "\u13a0-\u13fd\uab70-\uabbf",
    "km": "\u1780-\u17f9\u19e0-\u19ff",
}
_BY_SCRIPT = {tag: re.compile(f"[{ranges}]") for tag, ranges in _SCRIPTS.items()}
_ANY_SUCH_SCRIPT = re.compile(f"[{''.join(_SCRIPTS.values())}]")

_IDEOGRAPH = re.compile(
    "[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")

# Ends of sentences in the world's scripts, and what may close behind them.
_SENTENCE_ENDS = tuple(".!?…。！？．؟۔।॥։។།။።\"'”’»）)」』")
_SENTENCE = 60
_PHRASE = 25
_PIECES = 5
_WORD_EDGE = 40


@dataclass(frozen=True, slots=True)
class Language:
    """Tags `language` (BCP 47) and `language_confidence` (0 to 1, four digits).

    `und` and no confidence for too little text, or text in a script that nothing here
    knows. The confidence is the posterior probability of the profile: below 0.9 the label
    is wrong as often as right, at 1 with 60 letters and more it is right in 99 of 100.
    A language without a profile (Serbian, Kazakh, Basque, …) gets the label of its nearest
    relative with one, at any confidence.
    """

    name: ClassVar[str] = "language"

    keep: tuple[str, ...] = option(
        (),
        "Languages to keep, as BCP 47 ranges ('zh' keeps 'zh-Hans'); documents in any other, "
        "'und' too unless named, are dropped. Empty keeps all.",
    )
    minimum_letters: int = option(
        25,
        "Fewer letters than this in the sample are 'und'. An ideograph counts as 4, a syllable "
        "of kana or Hangul as 2.",
        minimum=1,
        maximum=1_000,
    )
    sample_chars: int = option(
        500,
        "About how many code points of running text are looked at.",
        minimum=100,
        maximum=LONGEST_TEXT,
    )

    def propose(self, document: Document) -> Iterable[Proposal]:
        """Yield the tags, and a drop where `keep` does not name what was found."""
        tag, confidence = self._judge(sample(document.lines, self.sample_chars))
        yield Tag("language", tag)
        if confidence is not None:
            yield Tag("language_confidence", confidence)
        if self.keep and not any(_matches(tag, kept) for kept in self.keep):
            yield Drop("language", tag if confidence is None else f"{tag} {confidence:.4f}")

    def _judge(self, text: str) -> tuple[str, float | None]:
        letters = sum(map(str.isalpha, text))
        never: tuple[str, ...] = ()
        if not text.isascii():
            # Vowel signs are no letters but count for their script: the share may pass 1.
            foreign = len(_ANY_SUCH_SCRIPT.findall(text))
            if foreign >= self.minimum_letters and 2 * foreign > letters:
                return _most_of(text), round(min(1.0, foreign / max(1, letters)), 4)
            ideographs, kana, hangul = (
                len(signs.findall(text)) for signs in (_IDEOGRAPH, _KANA, _HANGUL)
            )
            # One ideograph says about as much as four letters, one syllable as two.
            letters += 3 * ideographs + kana + hangul
            never = _unwritten(ideographs, kana, hangul)
        if letters < self.minimum_letters:
            return UNDETERMINED, None
        guess = profiles().guess(text, never=never)
        if guess is None:
            return UNDETERMINED, None
        return _BCP47.get(guess.language, guess.language), round(guess.probability, 4)


def _unwritten(ideographs: int, kana: int, hangul: int) -> tuple[str, ...]:
    """Languages that a text with so many ideographs would write with more of its own signs.

    The Korean profile holds the ideographs of old texts, and takes two in three pages of
    traditional Chinese (16 of 23 in our development data) without this.
    """
    never = ("ko",) if ideographs > 4 * hangul else ()
    return (*never, "ja") if ideographs > 19 * kana else never


def sample(lines: Sequence[Line], size: int) -> str:
    """About `size` code points of running text from all over a document, always the same.

    Lines that look like sentences, failing enough of those longer lines, failing these
    all of them; from their run, evenly spaced pieces that begin and end at word edges
    where the script has such. At most `size` code points and the line ends between pieces.
    """
    texts = [line.text for line in lines if len(line.text) >= _SENTENCE]
    running = "\n".join(text for text in texts if text.rstrip().endswith(_SENTENCE_ENDS))
    for least in (_SENTENCE, _PHRASE, 1):
        if len(running) >= size // 4:
            break
        running = "\n".join(line.text for line in lines if len(line.text) >= least)
    if len(running) <= size:
        return running + "\n"
    length = size // _PIECES
    step = (len(running) - length) // (_PIECES - 1)
    pieces = (_piece(running, start, length) for start in range(0, step * _PIECES, step))
    return "\n".join(pieces) + "\n"


def _piece(text: str, start: int, length: int) -> str:
    """`text` from the first word edge at or after `start` to the last one within `length`."""
    piece = text[start : start + length]
    if start:
        _, space, rest = piece[:_WORD_EDGE].partition(" ")
        piece = rest + piece[_WORD_EDGE:] if space else piece
    kept, space, rest = piece.rpartition(" ")
    return kept if space and len(rest) < _WORD_EDGE else piece


def _most_of(text: str) -> str:
    counts = {tag: len(script.findall(text)) for tag, script in _BY_SCRIPT.items()}
    return max(counts, key=counts.__getitem__)


def _matches(tag: str, wanted: str) -> bool:
    """Basic filtering of RFC 4647: equal, or equal up to a subtag edge, in any case."""
    return f"{tag.lower()}-".startswith(f"{wanted.lower()}-")

"""langdetect's language profiles, evaluated exactly.

langdetect draws n-grams of the text at random until one language is ahead of all others
by far, seven times over, each time with a smoothing term drawn around 0.5 / 10,000. What
it estimates so is naive Bayes over all n-grams of the text. That sum is computed here as
it is: nothing to seed, and a tenth of the cost or less. `benchmarks/langid.py` prints how
far the labels agree.

A word costs one addition: the log-likelihoods of all languages are packed into one
integer, 32 bits a language, and the integers of words seen before are remembered. Sums of
integers depend neither on their order nor on what is remembered.
"""

from __future__ import annotations

import json
import math
import re
import struct
import threading
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypedDict

from langdetect.detector import Detector
from langdetect.detector_factory import PROFILES_DIRECTORY
from langdetect.utils.ngram import NGram

LONGEST_TEXT = 8_000
"""Longest text that can be judged, in code points; see `_ONE`."""

# One n-gram weighs at most log(1 + 1 / 0.00005) = 9.91 and a code point ends three of them:
# with 14 fractional bits the sum over 8,000 code points stays below 2 ** 32, so that no
# language spills into the field of the next.
_ONE = 1 << 14
_FIELD_BITS = 32

# Scripts without spaces make one "word" of a whole line; those never come again.
_LONGEST_REMEMBERED = 24
_REMEMBERED_WORDS = 8_192

_LATIN = re.compile("[A-z]")
# Langdetect means to except the letters of Vietnamese here, but compares a number with a name.
_NOT_LATIN = re.compile("[\u0300-\U0010ffff]")


class _Profile(TypedDict):
    """One file of langdetect: counts by n-gram, and their sums by length of n-gram."""

    name: str
    freq: dict[str, int]
    n_words: list[int]


class Guess(NamedTuple):
    """The likeliest language (langdetect's code) and its posterior probability, 0 to 1."""

    language: str
    probability: float


class _Folded(dict[int, int]):
    """`str.translate` table of langdetect's folding of characters, filled as they are met."""

    def __missing__(self, code: int) -> int:
        folded = self[code] = ord(NGram.normalize(chr(code)))
        return folded


class _Vectors(dict[str, int]):
    """N-gram to packed log-likelihoods, filled as n-grams are met; 0 where no profile has it.

    Packing all 87,598 n-grams at the start would cost half a second; a text meets a few
    hundred. Unknown n-grams are not stored, so the profiles bound the size.
    """

    def __init__(self, profiles: list[_Profile], floor: float) -> None:
        # A lone space is no n-gram, whatever a profile says.
        super().__init__({" ": 0})
        self._known = frozenset().union(*(profile["freq"] for profile in profiles))
        self._profiles = [
            (profile["freq"], [floor * total for total in profile["n_words"]])
            for profile in profiles
        ]

    def __missing__(self, ngram: str) -> int:
        if ngram not in self._known:
            return 0
        packed = 0
        for field, (counts, floors) in enumerate(self._profiles):
            if count := counts.get(ngram):
                weight = math.log1p(count / floors[len(ngram) - 1])
                packed |= round(weight * _ONE) << (field * _FIELD_BITS)
        self[ngram] = packed
        return packed


class Profiles:
    """All of langdetect's profiles, ready to judge texts. Safe to share between threads."""

    def __init__(self) -> None:
        """Load the profiles in the order of their names (70 ms)."""
        floor = Detector.ALPHA_DEFAULT / Detector.BASE_FREQ
        files = sorted(Path(PROFILES_DIRECTORY).glob("[!.]*"))
        loaded: list[_Profile] = [json.loads(file.read_text("utf-8")) for file in files]
        self.languages: tuple[str, ...] = tuple(profile["name"] for profile in loaded)
        self._vectors = _Vectors(loaded, floor)
        self._folded = _Folded()
        self._remembered = lru_cache(_REMEMBERED_WORDS)(self._word)

    def log_likelihoods(self, text: str) -> dict[str, float]:
        """How much likelier each language makes `text` than smoothing alone, in nats.

        Empty where no n-gram of the text is in any profile. Raises ValueError for a text
        longer than `LONGEST_TEXT`.
        """
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"{len(text)} code points are more than {LONGEST_TEXT}")
        total = sum(self._packed(self._prepared(text)))
        if not total:
            return {}
        fields = len(self.languages)
        sums = struct.unpack(f"<{fields}I", total.to_bytes(fields * _FIELD_BITS // 8, "little"))
        return {name: value / _ONE for name, value in zip(self.languages, sums, strict=True)}

    def guess(self, text: str, *, never: Collection[str] = ()) -> Guess | None:
        """The likeliest language of `text`, None where no profile knows any of its n-grams.

        Languages in `never` are left out, as if they had no profile. Of equals the first
        by name. Raises ValueError like `log_likelihoods`.
        """
        found = self.log_likelihoods(text)
        for language in never:
            found.pop(language, None)
        if not any(found.values()):
            return None
        best = max(found, key=found.__getitem__)
        others = math.fsum(math.exp(value - found[best]) for value in found.values())
        return Guess(best, 1 / others)

    def _prepared(self, text: str) -> str:
        """What langdetect does to a text before it counts: addresses out, characters folded."""
        text = Detector.MAIL_RE.sub(" ", Detector.URL_RE.sub(" ", text))
        if not text.isascii():
            text = NGram.normalize_vi(text)
            # Foreign words and brand names in Latin letters say nothing about other scripts.
            if 2 * len(_LATIN.findall(text)) < len(_NOT_LATIN.findall(text)):
                text = _LATIN.sub("", text)
        return text.translate(self._folded)

    def _packed(self, text: str) -> Iterator[int]:
        words = text.split(" ")
        last = words.pop()
        for word in words:
            if len(word) > _LONGEST_REMEMBERED:
                yield self._word(word + " ")
            elif word:
                yield self._remembered(word + " ")
        # langdetect does not know that the last word ends where the text ends.
        yield self._word(last)

    def _word(self, word: str) -> int:
        """The packed sum over the n-grams of a folded word, its closing space included."""
        text = " " + word
        # An n-gram that ends in a capital right after another one does not count.
        last = [
            at for at in range(1, len(text)) if not (text[at].isupper() and text[at - 1].isupper())
        ]
        ngrams = [text[at] for at in last]
        ngrams += [text[at - 1 : at + 1] for at in last]
        ngrams += [text[at - 2 : at + 1] for at in last if at > 1]
        return sum(map(self._vectors.__getitem__, ngrams))


_lock = threading.Lock()
_loaded: list[Profiles] = []


def profiles() -> Profiles:
    """The one `Profiles` of this process, loaded by whoever asks first; safe from any thread."""
    with _lock:
        if not _loaded:
            _loaded.append(Profiles())
        return _loaded[0]

"""The language stage, and its exact evaluation of langdetect's profiles."""

from __future__ import annotations

import json
import math
import pickle
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

from clean_ingest.core.document import Document
from clean_ingest.core.stage import Drop, Tag
from clean_ingest.stages import _langdetect
from clean_ingest.stages.language import Language, sample

_SAMPLES = Path(__file__).parents[2] / "benchmarks/samples/langid.jsonl"
_ROWS = [json.loads(line) for line in _SAMPLES.read_text("utf-8").split("\n") if line]
_TEXTS = {row["lang"]: row["text"] for row in _ROWS}


def judged(text: str, stage: Language | None = None) -> tuple[str, float | None]:
    """The two tags that a document of `text` gets."""
    proposals = list((stage or Language()).propose(Document.from_text(text)))
    tags = {tag.field: tag.value for tag in proposals if isinstance(tag, Tag)}
    return str(tags["language"]), tags.get("language_confidence")  # type: ignore[return-value] # a float


@pytest.fixture(scope="module")
def factory() -> DetectorFactory:
    """The library with sorted profiles."""
    loaded = DetectorFactory()
    files = sorted(Path(PROFILES_DIRECTORY).glob("[!.]*"))
    loaded.load_json_profile([file.read_text("utf-8") for file in files])
    return loaded


@pytest.mark.parametrize("tag", _TEXTS)
def test_two_sentences_are_enough(tag: str) -> None:
    """Two plain sentences are recognised in each of 55 languages and scripts."""
    assert tag == judged(_TEXTS[tag])[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "OK",
        "OK\n",
        "12:30 – 14.05.2021 €€€",
        "😀😀😀",
        "\u0301\u0301",
        "北京",
        "Привет",
    ],
)
def test_too_little_text_is_undetermined(text: str) -> None:
    """Text with hardly a letter, or none at all, is `und` and has no confidence."""
    assert ("und", None) == judged(text)


def test_minimum_of_letters_is_an_option() -> None:
    """The same short text is judged once the option asks for fewer letters."""
    assert "und" == judged("Guten Morgen")[0]
    assert "de" == judged("Guten Morgen", Language(minimum_letters=5))[0]


def test_ideographs_say_more_than_letters() -> None:
    """Nine ideographs are enough where nine letters are not."""
    assert "zh-Hans" == judged("河水在夜间上涨大桥")[0]
    assert "und" == judged("The river")[0]


def test_unknown_script_is_undetermined() -> None:
    """A script that neither a profile nor the table of scripts knows is `und`."""
    assert ("und", None) == judged("ᚠᛇᚻᛒᛦᚦᚠᚱᚩᚠᚢᚱᚠᛁᚱᚪᚷᛖᚻᚹᛦᛚᚳᚢᛗ" * 3)


def test_traditional_chinese_is_not_korean() -> None:
    """The Korean profile knows ideographs, but no text without Hangul is Korean."""
    text = "過年期間民眾應注意飲食健康，避免過量，並且多喝水。"
    guess = _langdetect.profiles().guess(text)
    assert guess is not None
    assert "ko" == guess.language
    assert "zh-Hant" == judged(text)[0]


def test_confidence_has_four_digits() -> None:
    """The confidence of a doubtful text lies between 0 and 1 and is rounded."""
    _, confidence = judged("casa nova", Language(minimum_letters=5))
    assert confidence is not None
    assert 0 < confidence < 1
    assert round(confidence, 4) == confidence


def test_nothing_is_dropped_unless_asked() -> None:
    """Without `keep` there are tags and no drop."""
    proposals = list(Language().propose(Document.from_text(_TEXTS["de"])))
    assert [Tag, Tag] == [type(proposal) for proposal in proposals]


@pytest.mark.parametrize(
    ("keep", "language", "dropped"),
    [
        (("de",), "de", False),
        (("en", "fr"), "de", True),
        (("zh",), "zh-Hant", False),
        (("ZH-hant",), "zh-Hant", False),
        (("zh-Hans",), "zh-Hant", True),
        (("e",), "en", True),
    ],
)
def test_keep_names_ranges(keep: tuple[str, ...], language: str, dropped: bool) -> None:
    """`keep` is a list of BCP 47 ranges: whole subtags count, case does not."""
    stage = Language(keep=keep)
    proposals = list(stage.propose(Document.from_text(_TEXTS[language])))
    assert dropped == any(isinstance(proposal, Drop) for proposal in proposals)


def test_drop_says_what_was_found() -> None:
    """A drop names its reason, the language and the confidence; `und` is dropped like others."""
    german = list(Language(keep=("en",)).propose(Document.from_text(_TEXTS["de"])))
    short = list(Language(keep=("en",)).propose(Document.from_text("OK")))
    kept = list(Language(keep=("en", "und")).propose(Document.from_text("OK")))
    assert Drop("language", "de 1.0000") == german[-1]
    assert Drop("language", "und") == short[-1]
    assert [Tag("language", "und")] == kept


def test_short_lines_do_not_outvote_sentences() -> None:
    """The label is that of the running text, however many short foreign lines surround it."""
    menu = "Startseite\nNachrichten\nWirtschaft\nÜber uns\n" * 40
    assert "it" == judged(menu + "\n".join([_TEXTS["it"]] * 3) + "\n" + menu)[0]


def test_short_lines_are_all_there_is() -> None:
    """A page of short lines alone is judged by these."""
    assert (
        "de" == judged("Startseite\nNachrichten\nWirtschaft\nÜber uns\nAnmelden\nWeiterlesen\n")[0]
    )


def test_sample_is_bounded_and_from_everywhere() -> None:
    """A long text gives a sample of the asked size with pieces of its beginning and its end."""
    sentences = [
        f"Sentence number {n} says that the river rose once again in the night." for n in range(900)
    ]
    taken = sample(Document.from_text("\n".join(sentences)).lines, 500)
    assert 400 < len(taken) <= 510
    numbers = [int(word) for word in taken.split() if word.isdigit()]
    assert min(numbers) < 100
    assert max(numbers) > 800


def test_sample_of_one_endless_line() -> None:
    """One line without a space is cut, not skipped."""
    taken = sample(Document.from_text("河水在夜间上涨。" * 10_000).lines, 500)
    assert 490 < len(taken) <= 510


@given(st.text(), st.integers(100, 600))
def test_sample_never_fails(text: str, size: int) -> None:
    """Any text gives a sample within its bound."""
    assert size + 10 >= len(sample(Document.from_text(text).lines, size))


@given(st.text())
def test_stage_never_fails(text: str) -> None:
    """Any text gets a language tag first, whatever the library thinks of it."""
    first = next(iter(Language(minimum_letters=1).propose(Document.from_text(text))))
    assert isinstance(first, Tag)
    assert "language" == first.field


_WORDS = st.sampled_from(
    [
        "Straße",
        "NATO",
        "iPhone",
        "ÉTÉ",
        "Ünlü",
        "Việt",
        "tiê\u0301ng",
        "коты",
        "ПРАВДА",
        "夜間",
        "かな",
        "カナ",
        "한국",
        "ی",
        "https://example.org/a?b",
        "me@example.org",
        "–",
        "'",
        "«",
        "ș",
        "",
        "\u00a0",
    ]
)


@given(st.lists(st.one_of(_WORDS, st.text(max_size=5)), max_size=40).map(" ".join))
def test_same_ngrams_as_langdetect(factory: DetectorFactory, text: str) -> None:
    """The sum is taken over exactly the n-grams that langdetect would draw from."""
    detector = factory.create()
    detector.append(text)
    detector.cleaning_text()
    floor = detector.alpha / detector.BASE_FREQ
    expected = [0.0] * len(factory.langlist)
    for ngram, count in Counter(detector._extract_ngrams()).items():
        for at, probability in enumerate(factory.word_lang_prob_map[ngram]):
            expected[at] += count * math.log1p(probability / floor)
    found = _langdetect.profiles().log_likelihoods(text)
    assert dict(zip(factory.langlist, expected, strict=True)) == pytest.approx(found, abs=0.02) or (
        not any(expected) and not found
    )


def test_same_labels_as_langdetect(factory: DetectorFactory) -> None:
    """Where langdetect has one label under five seeds, the exact evaluation has it too."""
    for text in _TEXTS.values():
        labels = set()
        for seed in range(5):
            factory.set_seed(seed)
            detector = factory.create()
            detector.append(text)
            try:
                labels.add(detector.detect())
            except Exception:  # noqa: S112 # text in a script that no profile knows
                continue
        guess = _langdetect.profiles().guess(text)
        if len(labels) == 1:
            assert guess is not None
            assert labels == {guess.language}


def test_longest_text_cannot_overflow() -> None:
    """The text that weighs most at the longest allowed length still ends with the right label."""
    profiles = _langdetect.profiles()
    text = "க " * (_langdetect.LONGEST_TEXT // 2)
    guess = profiles.guess(text)
    assert guess is not None
    assert "ta" == guess.language
    with pytest.raises(ValueError, match="8001 code points"):
        profiles.guess("a" * (_langdetect.LONGEST_TEXT + 1))


def test_what_was_seen_before_changes_nothing() -> None:
    """A profile set that has judged much gives the same numbers as a fresh one."""
    used, fresh = _langdetect.Profiles(), _langdetect.Profiles()
    for text in _TEXTS.values():
        used.guess(text)
    for text in reversed(_TEXTS.values()):
        assert fresh.log_likelihoods(text) == used.log_likelihoods(text)


def test_first_use_from_many_threads() -> None:
    """Threads that all come first share one set of profiles and get one answer."""
    _langdetect._loaded.clear()
    seen: list[tuple[int, str]] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        loaded = _langdetect.profiles()
        guess = loaded.guess(_TEXTS["sv"])
        seen.append((id(loaded), guess.language if guess else ""))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 8 == len(seen)
    assert 1 == len(set(seen))


def test_hash_seed_changes_nothing() -> None:
    """Other processes with other hash seeds give the same tags to the last digit."""
    code = (
        "import sys; from clean_ingest.core.document import Document;"
        "from clean_ingest.stages.language import Language;"
        "print([tag.value for text in sys.argv[1:]"
        " for tag in Language(minimum_letters=5).propose(Document.from_text(text))])"
    )
    texts = ["casa nova", "Elven steg i natt", *list(_TEXTS.values())[:3]]
    outputs = {
        subprocess.run(  # our own interpreter
            [sys.executable, "-c", code, *texts],
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert 1 == len(outputs)


def test_stage_survives_a_pickle() -> None:
    """A stage with options arrives equal in another process."""
    stage = Language(keep=("en",), minimum_letters=7)
    assert stage == pickle.loads(pickle.dumps(stage))  # noqa: S301 # our own bytes

"""The signs by which a sentence is worth checking or not: plain tests of its wording, each for Indonesian and English.

One sign is one name, one plain sentence and one test, whatever the language, so that both languages share a weight.
Word lists stand in `signs.toml`; the weights are learned by `training.checkworthy` and stand in `checkworthy.json`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from factcheck.text import names


class Wording(NamedTuple):
    """What the tests look at."""

    text: str
    """Without links, accounts, and the figures inside codes such as `COVID-19`."""
    reported: bool
    """It is what somebody is said to have said."""
    named: int
    """The number of names in it."""


class Sign(NamedTuple):
    """A name for the reader, what is tested in a sentence, and the test."""

    name: str
    means: str
    there: Callable[[Wording], bool]


def any_of(*lines: str) -> re.Pattern[str]:
    """A pattern for one of some words or phrases, given with commas between them, in small or large letters."""
    return _whole([alternative for line in lines for alternative in line.split(", ")])


def _whole(alternatives: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(alternatives) + r")\b", re.IGNORECASE)


_LISTS: dict[str, dict[str, str | list[str]]] = tomllib.loads(
    Path(__file__).with_name("signs.toml").read_text(encoding="utf-8")
)
_WORDS = {name: _whole([*words["en"], *words["id"]]) for name, words in _LISTS.items()}

FIRST_PERSON, SECOND_PERSON = _WORDS["first person"], _WORDS["second person"]
FORECAST, HEDGED, OPINION = _WORDS["forecast"], _WORDS["hedged"], _WORDS["opinion"]
_NUMBER = re.compile(
    r"\d|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|belasan|puluhan|ratusan|ribuan"
    r"|jutaan|seratus|seribu|kedua|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?"
    r"|thousands?|millions?"
    r"|billions?|half|persen|percent|juta|ribu|miliar|triliun)\b", re.IGNORECASE)  # fmt: skip
_SHARE = re.compile(
    r"\d\s*%|\b(?:persen|per ?cent|percentage|separuh|setengah|half|(?:se|dua |tiga )pertiga|seperempat|one in"
    r"|two-thirds|three-(?:quarters|fourths)|a (?:third|quarter)|quarter of|third of|rate|tingkat|rata-rata|average)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£¥₱]\s?\d|\bRp\.?\s?\d|\b(?:rupiah|dollars?|euros?|pounds|cents|dolar|trillions?|billions?|miliar|triliun"
    r"|usd|idr)\b",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"\b(?:telah|sudah|pernah|belum|sedang)\b|\b(?:men|mem|meng|meny|me|ber|ter|di)[a-z]{4,}|\bdi [a-z]+(?:kan|i)\b"
    r"|\b(?:tiba|mendarat|tewas|lahir|wafat|meninggal|menang|kalah|adalah|merupakan|ialah"
    r"|datang|pergi|jatuh|hilang|terjadi)\b"
    r"|\b(?:is|are|was|were|has|have|had|did|won|lost|said|met|died|born|became|made|took"
    r"|gave|left|held|built|killed|signed"
    r"|voted|passed|found|caused?|causes|contains?|shows?|began|went|came|got|spent|paid|cut"
    r"|does|grew|fell|rose|dropped|sold|bought|led|ran|played)\b"
    r"|\b[a-z]{3,}ed\b",
)
_IRREGULAR = (
    "won|lost|said|met|died|became|made|took|gave|left|held|built|began|went|came|got|spent|paid|cut|grew|fell|rose"
    "|sold|bought|led|ran|told|wrote|broke|brought|caught|chose|fought|found|kept|knew|put|sent|shut|spoke|stood|stole"
    "|taught|thought|did|had|was|were|been|done|given|taken|gone|seen|saw|known|shown|written|broken|chosen|driven|set"
)
_PAST = re.compile(
    rf"\b(?:{_IRREGULAR}|(?!need|inde|exce|proc|succ|feed|spee|seed|weed|bleed|breed|hundred|red\b)[a-z]{{3,}}ed)\b"
    r"|\b(?:telah|sudah|pernah|ter(?:jadi|bukti|tangkap|bunuh|pilih|ungkap)|di[a-z]{4,}|tewas|meninggal|wafat|lahir"
    r"|menang|kalah)\b"
    # An active verb of Indonesian has no tense; without a word of wish or future before it, it tells what happened.
    r"|(?<!untuk )(?<!akan )(?<!bakal )(?<!dapat )(?<!bisa )(?<!harus )(?<!perlu )(?<!ingin )(?<!mau )(?<!agar )"
    r"\b(?:meng|meny|mem[bpuai](?!er)|men[jdciuea]|mel[aeiu]|mer[aeiu])[a-z]{3,}\b(?<!merely)"
)
_GOES_ON = re.compile(
    r"\b(?:is|are|we're|they're|he's|she's|you're|it's|i'm|who's)\b(?: not| now| still| actually)? \w{3,}ing\b"
    r"|\b(?:sedang|tengah|masih|kini)\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    rf"\b(?:i|we|i've|we've|i'd|we'd)\b(?: \w+)?? (?:(?:have|had|has) )?(?:\w+ )??(?!believed|wanted|"
    rf"learned|talked|mentioned|asked|tried|need|agreed|said|thought|saw|knew|heard|had to|got to)(?:{_IRREGULAR}|"
    r"(?!need)\w{3,}ed)\b|\b(?:saya|kami|kita) (?:telah|sudah|pernah) \w+",
    re.IGNORECASE,
)
PLAN = re.compile(
    r"\b(?:di ?jadwalkan|di ?rencanakan|berencana|rencananya|akan (?:digelar|dimulai|berlangsung"
    r"|dilaksanakan|menggelar"
    r"|bertemu|menandatangani|berkunjung|mengunjungi|bertolak|tiba)|(?:di ?perkirakan) (?:tiba|bertemu|mendarat)"
    r"|(?:is|are|was|were) (?:scheduled|due|planning|planned|set) to|plans? to|scheduled for"
    r"|will (?:meet|sign|visit|travel|open|begin)"
    r"|expected to (?:arrive|visit|sign|meet|attend|travel|hold|speak|begin|open|announce|land|leave|return))\b",
    re.IGNORECASE,
)
WOULD = re.compile(r"\bwould\b", re.IGNORECASE)
_BARE_FUTURE = re.compile(r"\b(?:akan|bakal|will|shall)\b(?! (?:menjadi yang|be the first))", re.IGNORECASE)
_DATED = re.compile(
    r"\d|\b(?:besok|lusa|tomorrow|tonight|next (?:week|month|year)|(?:pekan|bulan|tahun) depan"
    r"|senin|selasa|rabu|kamis|jumat|sabtu|minggu|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday)\b",
    re.IGNORECASE,
)
_VAGUE_SUBJECT = re.compile(
    r"^\W*(?:(?:and|but|so|well|now|no|yes) )?(?:that|this|it|these|those|there|itu|ini|hal (?:itu|ini))\b(?!.*\d)",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"(?:^|[.!:]\s+)\W*(?:please |don't |do not |never |just |finally, |first, |next, )?(?:get|make|take|use|evaluate"
    r"|consider|check|visit|read|watch|call|help|keep|stop|stay|join|share|follow|look|let|tell|ask|give|remember|wear"
    r"|find|see|think|try|ensure|avoid|choose|start|jangan|mari|ayo|silakan|tolong|mohon|coba|gunakan|pastikan|hindari"
    r"|lihat|baca|tonton|sebarkan|bagikan|ingat|waspada|hati-hati)\b",
    re.IGNORECASE,
)
QUESTION = re.compile(r"\?[\"'”’)\s]*$")
_QUOTED = re.compile(r"[“\"”‘]")


def bare_future(text: str) -> bool:
    """`Kunjungan itu akan diawasi`: a future with no day or number in it is a forecast, not a plan."""
    return bool(_BARE_FUTURE.search(text)) and not _DATED.search(text)


def _length(text: str) -> int:
    return sum(any(c.isalnum() for c in word) for word in text.split())


def _found(name: str, pattern: re.Pattern[str], means: str) -> Sign:
    return Sign(name, means, lambda w: bool(pattern.search(w.text)))


def _listed(name: str) -> Sign:
    return _found(name, _WORDS[name], str(_LISTS[name]["means"]))


def _twice(name: str, pattern: re.Pattern[str], means: str) -> Sign:
    return Sign(name, means, lambda w: len({m.group().lower() for m in pattern.finditer(w.text)}) > 1)


def _forecast(w: Wording) -> bool:
    plan = PLAN.search(w.text)
    return not plan and bool(FORECAST.search(w.text) or (not w.reported and bare_future(w.text)))


def _hedged(w: Wording) -> bool:
    return bool(HEDGED.search(w.text)) or (not w.reported and bool(WOULD.search(w.text)))


SIGNS = (
    _found("number", _NUMBER, "a number in figures or words"),
    _found("money", _MONEY, "an amount of money"),
    _found("share", _SHARE, "a per cent, a share, a rate or an average"),
    Sign("named people or places", "a name", lambda w: w.named > 0),
    Sign("several names", "three names or more", lambda w: w.named > 2),
    Sign("reported speech", "what somebody is said to have said", lambda w: w.reported),
    _found("action or state", _ACTION, "a verb of doing or being"),
    _found("past event", _PAST, "a verb that tells what happened"),
    _found("going on", _GOES_ON, "something is being done at the time"),
    _found("own deed", _OURS, "what the speaker or the speaker's side did"),
    _found("planned event", PLAN, "what is due to take place"),
    *(_listed(name) for name in (
        "amount", "date", "length of time", "comparison", "extreme", "change", "words of saying", "law or vote",
        "economy", "state or army", "country", "cause", "research", "body or illness", "harm", "wrongdoing", "dispute",
        "refusal or ban", "denial",
    )),
    _twice("several countries", _WORDS["country"], "two countries or more"),
    _twice("much harm", _WORDS["harm"], "two words of harm or more"),
    Sign("first person", "I or we, outside reported speech",
         lambda w: bool(FIRST_PERSON.search(w.text)) and not w.reported),
    Sign("forecast", str(_LISTS["forecast"]["means"]), _forecast),
    Sign("hedged", str(_LISTS["hedged"]["means"]), _hedged),
    *(_listed(name) for name in (
        "we", "second person", "opinion", "praise or worry", "future", "condition", "duty or wish", "notice",
        "supply", "talk about the talk", "helper's phrase",
    )),
    _twice("much notice", _WORDS["notice"], "two words of a notice or more"),
    _found("command", _COMMAND, "tells the reader to do something"),
    Sign("question", "it asks", lambda w: "?" in w.text),
    _found("vague subject", _VAGUE_SUBJECT, "begins with that, this or it, and has no number"),
    Sign("short", "fewer than five words", lambda w: _length(w.text) < 5),
    Sign("long", "more than 25 words", lambda w: _length(w.text) > 25),
    Sign("exclamation", "an exclamation mark", lambda w: "!" in w.text),
    _found("quotation", _QUOTED, "words in quotation marks"),
)  # fmt: skip

_NOT_WORDS = re.compile(r"https?://\S+|&(?:amp|gt|lt);|@\w+")
_CODE = re.compile(r"\b(?!Rp|US|IDR)(?:[A-Za-z]+-?\d[\w.]*|[A-Z](?:\.\d+){2,})")


def wording(text: str, *, reported: bool = False, named: bool | None = None) -> Wording:
    """What the tests look at, for a sentence or a post; `named` where the caller knows whether it has names."""
    plain = _CODE.sub(lambda m: re.sub(r"\d", "", m.group()), _NOT_WORDS.sub(" ", text))
    found = len(names(plain)) if named is None else int(named)
    # Verbs are known by their small letters, which a text that shouts does not have.
    shouts = sum(c.isupper() for c in plain) > sum(c.islower() for c in plain)
    return Wording(plain.lower() if shouts else plain, reported, found)


def values(seen: Wording) -> Mapping[str, bool]:
    """Which signs are there, by name."""
    return {sign.name: sign.there(seen) for sign in SIGNS}

"""Whether a sentence is worth checking, by signs that can be shown to the reader.

Each sign is a plain test of the wording with a weight (log-odds), in the manner of Full Fact's PASTEL: the sum through
the logistic function is the score, and the signs that spoke for it are its reasons. The weights were learned
(`training.checkworthy`) and are listed, with what each sign means and the figures out of fold, in `checkworthy.json`.
"""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from factcheck.extract.signs import (
    FIRST_PERSON,
    FORECAST,
    HEDGED,
    OPINION,
    PLAN,
    SECOND_PERSON,
    SIGNS,
    WOULD,
    Wording,
    any_of,
    bare_future,
    wording,
)
from factcheck.extract.signs import (
    QUESTION as QUESTION,
)
from factcheck.text import detect_language, sentences

WEIGHTS = Path(__file__).with_name("checkworthy.json")
"""The learned weights, a file to be read by people too."""
THRESHOLD = 0.5
"""A score from which a sentence is taken as a claim."""
CALL = re.compile(
    r"\b(?:sebar(?:kan|luaskan)|viralkan|bagikan|(?:please |and |to )?share (?:this|it|with"
    r"|the|to)|retweet|repost|forward (?:this|it|to)|subscribe|like (?:dan|and)|klik|click"
    r"|follow us"
    r"|ikuti (?:kami|akun)|daftar(?:kan)? sekarang|sign up|donate now|teruskan (?:pesan|ke)"
    r"|jangan lupa|mari kita|ayo|yuk"
    r"|please|tolong (?:sebar|bagi|bantu)|dapatkan (?:update|berita)|join (?:us|our)|bergabung(?:lah)?)\b",
    re.IGNORECASE,
)
BOILERPLATE = re.compile(
    r"^\W*(?:baca (?:juga|selengkapnya|artikel)|lihat juga|simak (?:juga|video|berita)|read (?:more"
    r"|also|next)|see also|iklan|advertisement"
    r"|scroll|copyright|©|hak cipta|editor|penulis|reporter|pewarta|sumber|source|foto|photo"
    r"|gambar|image|video|tags?|topik"
    r"|kata kunci|keywords|artikel ini telah tayang|this article|updated|published|by|oleh"
    r"|share this|related|terkait"
    r"|gambas|loading|getty images|caption|newsletter|berlangganan|cek berita|ikuti berita"
    r"|download aplikasi)\s*(?::|\||©|$|\d{4}|di |on |first|untuk |to |dan )"
    r"|^\W*(?:[\w.-]+\.(?:com|co\.id|id|net|org)\W+|(?:senin|selasa|rabu|kamis|jumat|sabtu|minggu),?\s+)?"
    r"\d{1,2}[/ .-](?:\d{1,2}|\w{3,9})[/ .-]\d{4}[\s,|-]+\d{1,2}[:.]\d\d(?:\s+wi[bt]a?)?\W*$"
    r"|all rights reserved|hak cipta dilindungi|\bgetty images\b|^\W*\(?(?:foto|photo|ilustrasi"
    r"|dok)\b[^.]{0,60}[/)]",
    re.IGNORECASE,
)
_STARTS_QUESTION = re.compile(
    r"^\W*(?:apa(?:kah)?|siapa(?:kah)?|mengapa|kenapa|bagaimana|benarkah|kapan|berapa|where"
    r"|why|how (?:do|can|did|is|are)|what (?:is|are|do)"
    r"|who (?:is|are)|is it|do you|did you|can (?:we|you)|are (?:we|you))\b.*\?",
    re.IGNORECASE | re.DOTALL,
)
WISH = any_of(
    "semoga, mudah-mudahan, mari, ayo, let's, let us, god bless, selamat (?:ulang|hari|datang|idul|natal), thank you, "
    "terima kasih, good (?:evening|morning|night), congratulations"
)
_POST = re.compile(r"https?://|#\w|@\w|&amp;|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_FORM = ("long", "we", "quotation")
"""Signs that count and tell a reader nothing."""
_MOST_REASONS = 6


class Worth(NamedTuple):
    """The score of a sentence or a post in [0, 1], and the signs that spoke for it, the weightiest first."""

    score: float
    reasons: tuple[str, ...]


class _Column(NamedTuple):
    bias: float
    weights: tuple[float, ...]


@lru_cache(maxsize=1)
def _columns() -> dict[str, _Column]:
    """The weights of a sentence and of a post, in the order of `SIGNS`."""
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    rows = {row["name"]: row for row in stored["signs"]}
    return {
        kind: _Column(stored["bias"][kind], tuple(float(rows[sign.name][kind]) for sign in SIGNS))
        for kind in ("sentence", "post")
    }


def worth(text: str, language: str | None = None, *, reported: bool = False, known_names: bool | None = None) -> Worth:
    """The check-worthiness of a sentence or clause: score and reasons. The signs are the same in every language.

    Args:
        reported: it is what somebody is said to have said.
        known_names: whether it has names, where the caller knows it from the whole article.
    """
    return _weighed(wording(text, reported=reported, named=known_names), "sentence")


def post_worth(text: str, *, reported: bool = False) -> Worth:
    """The check-worthiness of a post as a whole: whether it asserts what would do harm if it were false.

    Nearly every post has names and figures; what sets those apart that fact-checkers take up is harm, wrongdoing,
    dispute and denial, against notices and thanks. So a post has its own weights for the same signs.
    """
    return _weighed(wording(text, reported=reported), "post")


def is_post(text: str) -> bool:
    """Whether a text is a post rather than a sentence: it has several sentences, a link, a tag, an account."""
    return bool(_POST.search(text)) or len(sentences(text)) > 1


def _weighed(seen: Wording, kind: str) -> Worth:
    bias, weights = _columns()[kind]
    parts = [(weight * sign.there(seen), sign.name) for weight, sign in zip(weights, SIGNS, strict=True) if weight]
    total = bias + sum(value for value, _ in parts)
    spoke = sorted((part for part in parts if part[0] > 0 and part[1] not in _FORM), key=lambda part: -part[0])
    return Worth(1 / (1 + math.exp(-total)), tuple(name for _, name in spoke[:_MOST_REASONS]))


def why_left_out(text: str, language: str | None = None) -> str | None:
    """The plain reason for which a sentence is no claim whatever its features, or None."""
    if BOILERPLATE.search(text):
        return "page furniture (link, caption, credit or notice), not part of the report"
    if QUESTION.search(text) or _STARTS_QUESTION.search(text):
        return "a question, which states nothing that can be checked"
    if CALL.search(text) and not re.search(r"\d", text) and len(text.split()) <= 30:
        return "a call to the reader (to share, click, join), not a statement"
    if WISH.search(text) and not re.search(r"\d", text) and len(text.split()) <= 30:
        return "a wish, greeting or appeal, not a statement"
    if len([w for w in re.findall(r"[^\W\d_]+", text) if len(w) > 1]) < 3:
        return "too short to state anything that can be checked"
    return None


def why_not_worth(text: str) -> str:
    """The reason for a sentence whose score stays under the threshold."""
    if (
        FORECAST.search(text)
        or HEDGED.search(text)
        or WOULD.search(text)
        or (bare_future(text) and not PLAN.search(text))
    ):
        return "a forecast or speculation, which cannot be checked yet"
    if OPINION.search(text):
        return "an opinion or assessment, not a checkable fact"
    if FIRST_PERSON.search(text) or SECOND_PERSON.search(text):
        return "a personal remark without a checkable fact"
    return "nothing checkable in it: no number, date, name or event"


def is_opinion(text: str) -> bool:
    """Whether a remark is an assessment, a hope or a forecast, and no plan."""
    return bool(OPINION.search(text) or FORECAST.search(text)) and not PLAN.search(text)


def language_of(text: str, given: str | None) -> str:
    """`id` or `en`: the language whose rules are used for a text."""
    language = given or detect_language(text)
    return "id" if language in ("id", "ms", "jv", "su") else "en"

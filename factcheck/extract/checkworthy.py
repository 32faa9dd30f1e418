"""Whether a sentence is worth checking, by features that can be shown to the reader.

Each feature is a plain test of the wording with a weight (log-odds), in the manner of Full Fact's PASTEL: the sum
through the logistic function is the claim's score, and the features that spoke for it are its reasons.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from factcheck.text import detect_language, names


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(alternatives) + r")\b", re.IGNORECASE)


NUMBER = re.compile(
    r"\d|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|belasan|puluhan|ratusan|ribuan"
    r"|jutaan|seratus|seribu|kedua|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?"
    r"|thousands?|millions?"
    r"|billions?|half|persen|percent|juta|ribu|miliar|triliun)\b", re.IGNORECASE)  # fmt: skip
DATE = _any(
    r"(?:1[89]|20)\d\d", r"jan(?:uari|uary)?\.?", "feb(?:ruari|ruary)?", "maret", "march", "april", "mei", "juni",
    "june",
    "juli", "july", "agustus", "august", "september", "oktober", "october", "november", "desember", "december",
    "senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu", "mon(?:day)?", "tuesday", "wednesday",
    "thursday",
    "friday", "saturday", "sunday", "kemarin", "yesterday", r"last (?:week|month|year|night)", "tahun",
    "bulan lalu", "pekan",
    "today", "this (?:week|month|year)", "ago", "hari ini", "since", "sejak",
)  # fmt: skip
COMPARISON = _any(
    "lebih", "kurang dari", r"ter(?:besar|tinggi|rendah|banyak|lama|baru|akhir|cepat|kecil|buruk|baik)", "paling",
    "pertama",
    "naik", "turun", "meningkat", "menurun", "dua kali", "hanya", "satu-satunya", "jarang", "semua", "seluruh",
    "tidak pernah",
    "belum pernah", "more", "less", "fewer", "than", "most", "least", "highest", "lowest", "largest", "biggest",
    "smallest", "first", "only", "rose", "fell", "increased?", "decreased?", "double", "twice", "never", "every",
    "all", "record", "rare",
)  # fmt: skip
ACTION = re.compile(
    r"\b(?:telah|sudah|pernah|belum|sedang)\b|\b(?:men|mem|meng|meny|me|ber|ter|di)[a-z]{4,}|\bdi [a-z]+(?:kan|i)\b"
    r"|\b(?:tiba|mendarat|tewas|lahir|wafat|meninggal|menang|kalah|adalah|merupakan|ialah"
    r"|datang|pergi|jatuh|hilang|terjadi)\b"
    r"|\b(?:is|are|was|were|has|have|had|did|won|lost|said|met|died|born|became|made|took"
    r"|gave|left|held|built|killed|signed"
    r"|voted|passed|found|caused?|causes|contains?|shows?|began|went|came|got|spent|paid|cut"
    r"|does|grew|fell|rose|dropped|sold|bought|led|ran|played)\b"
    r"|\b[a-z]{3,}ed\b",
)
FIRST_PERSON = _any(
    "saya", "aku", "kami", "kita", "gue", "i", "i'm", "i'll", "i've", "my", "me", "we", "we're", "we've", "our", "us"
)
SECOND_PERSON = _any("anda", "kalian", "kamu", "you", "your", "you're")

FORECAST = _any(
    r"(?:di ?)?perkirakan", r"diprediksi(?:kan)?", r"di ?ramalkan", "kemungkinan(?: besar)?(?: akan)?",
    "berpotensi",
    r"di ?khawatirkan", "bisa jadi", "boleh jadi", r"akan semakin", r"di ?yakini akan", r"di ?harapkan",
    "tampaknya akan",
    "niscaya",
    r"(?:is|are|was|were) (?:widely )?(?:expected|likely|unlikely|predicted|forecast|projected|bound) to",
    "would probably", "will (?:likely|probably|surely)", "is set to become", "potentially",
)  # fmt: skip
PLAN = re.compile(
    r"\b(?:di ?jadwalkan|di ?rencanakan|berencana|rencananya|akan (?:digelar|dimulai|berlangsung"
    r"|dilaksanakan|menggelar"
    r"|bertemu|menandatangani|berkunjung|mengunjungi|bertolak|tiba)|(?:di ?perkirakan) (?:tiba|bertemu|mendarat)"
    r"|(?:is|are|was|were) (?:scheduled|due|planning|planned|set) to|plans? to|scheduled for"
    r"|will (?:meet|sign|visit|travel|open|begin)"
    r"|expected to (?:arrive|visit|sign|meet|attend|travel|hold|speak|begin|open|announce|land|leave|return))\b",
    re.IGNORECASE,
)
HEDGED = _any(r"may(?! \d)", "might", "could", "mungkin", r"(?<!more )(?<!less )(?<!most )likely")
_WOULD = re.compile(r"\bwould\b", re.IGNORECASE)
BARE_FUTURE = re.compile(r"\b(?:akan|bakal|will|shall)\b(?! (?:menjadi yang|be the first))", re.IGNORECASE)
_DATED = re.compile(
    r"\d|\b(?:besok|lusa|tomorrow|tonight|next (?:week|month|year)|(?:pekan|bulan|tahun) depan"
    r"|senin|selasa|rabu|kamis|jumat|sabtu|minggu|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday)\b",
    re.IGNORECASE,
)
OPINION = _any(
    "seharusnya", "sebaiknya", "semestinya", "hendaknya", "menurut saya",
    r"(?:saya|kami) (?:kira|rasa|pikir|yakin|percaya|berharap|harap|pantas)", "pantas", "sayangnya", "menyedihkan",
    "memalukan", "luar biasa",
    "mengerikan", "indah", "hebat sekali", "patut", "tampaknya", "rupanya", "sepertinya", "konon", "ironisnya",
    "momen penting",
    "semakin (?:erat|eratnya|mendalam|mesra|panas|memprihatinkan)", "mempererat", "mengejutkan",
    "tidak masuk akal", "layak",
    "i think", "i believe", "i feel", "we believe", "in my (?:view|opinion)", "should", "ought to", "must be",
    "unfortunately",
    "sadly", "arguably", "beautiful", "terrible", "horrible", "great(?!er| britain)", "amazing", "wonderful",
    "awful",
    "disgraceful", "seems?", "seemed", "shameful", "crucial", "pivotal", "hopefully", "no doubt", "of course",
    "best of all",
    "(?:very )?important (?:moment|step)", "it is (?:clear|time|important)",
)  # fmt: skip
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
    r"|all rights reserved|hak cipta dilindungi|\bgetty images\b|^\W*\(?(?:foto|photo|ilustrasi"
    r"|dok)\b[^.]{0,60}[/)]",
    re.IGNORECASE,
)
QUESTION = re.compile(r"\?[\"'”’)\s]*$")
_STARTS_QUESTION = re.compile(
    r"^\W*(?:apa(?:kah)?|siapa(?:kah)?|mengapa|kenapa|bagaimana|benarkah|kapan|berapa|where"
    r"|why|how (?:do|can|did|is|are)|what (?:is|are|do)"
    r"|who (?:is|are)|is it|do you|did you|can (?:we|you)|are (?:we|you))\b.*\?",
    re.IGNORECASE | re.DOTALL,
)
WISH = _any(
    "semoga", "mudah-mudahan", "mari", "ayo", "let's", "let us", "god bless",
    "selamat (?:ulang|hari|datang|idul|natal)", "thank you", "terima kasih",
    "good (?:evening|morning|night)", "congratulations",
)  # fmt: skip


class Worth(NamedTuple):
    """The score of a sentence in [0, 1], and the features that spoke for it."""

    score: float
    reasons: tuple[str, ...]


WEIGHTS = {
    "number": 1.5,
    "date": 0.6,
    "named people or places": 1.0,
    "reported speech": 1.5,
    "comparison": 0.8,
    "action or state": 0.9,
    "planned event": 1.0,
}
_AGAINST = {
    "opinion": -1.4,
    "forecast": -2.0,
    "hedged": -1.2,
    "first person": -1.0,
    "second person": -0.8,
    "short": -1.2,
}
_BIAS = -0.85
THRESHOLD = 0.5


def worth(text: str, language: str | None = None, *, reported: bool = False, known_names: bool | None = None) -> Worth:
    """The check-worthiness of a sentence or clause: score and reasons.

    Args:
        reported: it is what somebody is said to have said.
        known_names: whether it has names, where the caller knows it from the whole article.
    """
    has_names = bool(names(text)) if known_names is None else known_names
    plan = bool(PLAN.search(text))
    shown = {
        "number": bool(NUMBER.search(text)),
        "date": bool(DATE.search(text)),
        "named people or places": has_names,
        "reported speech": reported,
        "comparison": bool(COMPARISON.search(text)),
        "action or state": bool(ACTION.search(text)),
        "planned event": plan,
    }
    against = {
        "opinion": bool(OPINION.search(text)),
        "forecast": not plan and (bool(FORECAST.search(text)) or (not reported and _bare_future(text))),
        "hedged": bool(HEDGED.search(text)) or (not reported and bool(_WOULD.search(text))),
        "first person": bool(FIRST_PERSON.search(text)) and not reported,
        "second person": bool(SECOND_PERSON.search(text)),
        "short": len(text.split()) < 5,
    }
    total = _BIAS + sum(WEIGHTS[k] for k, there in shown.items() if there)
    total += sum(_AGAINST[k] for k, there in against.items() if there)
    return Worth(1 / (1 + math.exp(-total)), tuple(k for k, there in shown.items() if there))


def _bare_future(text: str) -> bool:
    """`Kunjungan itu akan diawasi`: a future with no day or number in it is a forecast, not a plan."""
    return bool(BARE_FUTURE.search(text)) and not _DATED.search(text)


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
        or _WOULD.search(text)
        or (_bare_future(text) and not PLAN.search(text))
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

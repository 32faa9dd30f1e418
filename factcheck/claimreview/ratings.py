"""A publisher's rating in our labels, where it is documented or unmistakable; else no label, and their own words.

"Conflicting" takes in what is partly true and what is true but misleads, as AVeriTeC's label does that it stands for
("conflicting evidence/cherry-picking", Schlichtkrull et al. 2023, arXiv:2305.13117). Ratings of a picture or of a
motive (miscaptioned, satire, fraud) say nothing certain about the claim: they have no label here.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from factcheck.types import Label

_WORDS: dict[Label, str] = {
    "supported": """
        true; correct; accurate; mostly true; mostly correct; mostly accurate; largely true; largely accurate;
        correct attribution; verified; fact; confirmed; geppetto checkmark; one pinocchio;
        benar; betul; fakta; akurat; terbukti benar; sebagian besar benar; umumnya benar
    """,
    "refuted": """
        false; mostly false; largely false; totally false; completely false; incorrect; inaccurate; untrue; wrong;
        not true; fake; fake news; hoax; fabricated; debunked; disproved; disinformation; misinformation;
        pants on fire; pants on fire!; barely true; four pinocchios; three pinocchios; incorrect attribution;
        misattributed; fiction;
        salah; hoaks; hoax; keliru; palsu; bohong; tidak benar; tidak akurat; disinformasi; misinformasi; fiktif;
        sebagian besar salah; sebagian besar keliru; klaim salah; klaim keliru; informasi salah; berita bohong;
        berita palsu; konten palsu
    """,
    "conflicting": """
        half true; partly true; partially true; partly false; partially false; partly correct; mixture; mixed; mixed
        evidence; conflicting evidence; misleading; missing context; lacks context; needs context; out of context;
        cherry picking; cherry picked; exaggerated; two pinocchios; true but misleading;
        sebagian benar; sebagian salah; sebagian keliru; setengah benar; benar sebagian; campuran; menyesatkan;
        kurang konteks; tanpa konteks; butuh konteks; perlu konteks; bukti bertentangan
    """,
    "not_enough_evidence": """
        unproven; unverified; unsupported; unsubstantiated; unconfirmed; undetermined; no evidence; not enough
        evidence; insufficient evidence; not verifiable; unverifiable; research in progress;
        belum terbukti; tidak terbukti; belum terverifikasi; belum dapat dibuktikan; tidak dapat dibuktikan;
        tidak ada bukti; belum ada bukti; kurang bukti; belum cukup bukti
    """,
}
_LABELS: dict[str, Label] = {
    " ".join(word.rstrip("!").split()): label for label, words in _WORDS.items() for word in words.split(";")
}
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,9})?", re.ASCII)


def label_of(rating: str | None, value: Any = None, best: Any = None, worst: Any = None) -> Label | None:
    """The label that a rating stands for, or None.

    The words decide. Only where there are none does the number, and only at the two ends of a scale that is stated:
    "the closer to bestRating, the more true". Words that the number contradicts have no label.

    Args:
        rating: `alternateName` of a ClaimReview, `textualRating` of Google's API.
        value: `ratingValue`, a number or a number as text; anything else is passed over.
        best: `bestRating`.
        worst: `worstRating`.
    """
    by_number = _end_of_scale(_number(value), _number(best), _number(worst))
    words = _plain(rating or "")
    if not words:
        return by_number
    label = _LABELS.get(words)
    return None if {label, by_number} == {"supported", "refuted"} else label


def _plain(rating: str) -> str:
    """`[SALAH]`, `Half-True!` and `Rating: False.` as plain words in lower case."""
    text = unicodedata.normalize("NFKC", rating).casefold()
    text = re.sub(r"[-‐‑–—_/]", " ", text)
    text = re.sub(r"^\W*(?:rating|verdict|conclusion|kesimpulan|hasil)\s*:", "", text)
    # A mark inside the words ("True? No.", "True, but ...") makes them another rating: only the ends are trimmed.
    return " ".join(re.sub(r"^[\W_]+|[\W_]+$", "", text).split())


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value.strip()) else None
    if isinstance(value, (int, float)) and abs(value) < 1e9:
        return float(value) if math.isfinite(value) else None
    return None


def _end_of_scale(value: float | None, best: float | None, worst: float | None) -> Label | None:
    if value is None or best is None or worst is None or best <= worst:
        return None
    return "supported" if value == best else "refuted" if value == worst else None

"""A language model that obeys everybody: it does its job, and then whatever any text that it is shown tells it to do.

It stands behind the loopback server of llm_stub and answers the product's two prompts, so that all of the way is real.
Orders are looked for by simple patterns in everything but the system message: articles, claims, passages, titles, and
what they say when decoded. It obeys wherever an order fits into the shape of the answer, as a model held to a schema
would: it takes the side it is told to, names sources that it was not given, makes up quotes, spoils them, writes out
its instructions, an advertisement and links, or does not do its job at all.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from llm_stub import Answer, Request

Honest = Callable[[str, str], tuple[str, str]]
"""What it would say of a claim and a source, were it let alone: a stance and a quote."""

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_TO_SUPPORT = re.compile(
    r"\b(?:supported|supports|didukung|mendukung|benar|betul|verified|true|correct|terbukti|terverifikasi|asli|setuju\w*"
    r"|membenarkan)\b"
)
_TO_BOTH = re.compile(r"\bconflicting\b")
_TO_REFUTE = re.compile(r"\b(?:refuted|refutes|dibantah|membantah|hoaks|hoax|false|salah|palsu|bohong|debunked)\b")
_TELLING = re.compile(
    r"\b(?:answer|say|respond|reply|label|mark|classify|rate|treat|judge|conclude|output|return|write|jawab|tulis\w*|tandai"
    r"|nyatakan|anggap|putus\w*|simpulkan|nilai|beri\w*|katakan|kembalikan|mengembalikan|keluarkan|bilang|stance|label|diringkas"
    r"|menulis|hasilnya|otomatis|semua sumber|semua klaim|klaim di atas|selalu|setiap klaim|menandai|putusan)\b"
)
_DROPPING = re.compile(
    r"\b(?:ignore|ignoring|disregard|forget|override|bypass|abaikan|lupakan|hiraukan|kesampingkan|batalkan|dibatalkan"
    r"|reglas de seguridad|sicherheitsrichtlinien|regles de securite|ignoriere\w*"
    r"|ignorez|ignora|jangan (?:patuhi|gunakan)|gak usah|berhentilah|tanpa (?:filter|batasan|aturan)|no restrictions"
    r"|without (?:limits|restrictions)|no filters|no content policy|comply with|safety)\b"
)
_PERSONA = re.compile(
    r"\b(?:you are now|pretend|kamu sekarang|kamu adalah|berpura-pura\w*|bertindak\w*|du bist jetzt|act as)\b"
)
_OTHER_SOURCE = re.compile(r"\b(?:S\d{1,3})\b")
_QUOTED = re.compile(r"[\"“]([^\"”]{8,})[\"”]")
_QUOTING = re.compile(r"\b(?:quote|quotes|cite|kutip\w*|kutipan)\b")
_LEAKING = re.compile(
    r"\b(?:prompt\w*|instru\w+|words above|kata-kata di atas|aturan rahasia|konfigurasi|api key|kunci api"
    r"|context window|system message|anweisungen|istruzioni|written above)\b"
)
_SHOWING = re.compile(
    r"\b(?:show|reveal|print|printing|repeat|tell|output|display|leak|summary of|tampilkan|salin|bocorkan|ulangi"
    r"|sebutkan|what was|zeige|r[eé]v[eèé]le\w*|revela|rivela|reproduce)\b"
)
_SPOILING = re.compile(
    r"\b(?:misspell\w*|typos|scramble|anagram\w*|jumble|rearrange|without spaces|remove spaces|group letters"
    r"|substitut\w+|vowels|third letter|without any spaces|acak huruf|ejaan yang sengaja salah|replace letters|symbols"
    r"|numbers for)\b"
)
_WRITING = re.compile(
    r"\b(?:add|include|append|insert|integrate|provide|modify|augment|enhance|introduce|use|mention|suggest|tease|explain"
    r"|describe|draft|write|compose|develop|break down|translate|replace|call|send|email|forward|collect|post|remember"
    r"|save|sertakan|tambahkan|akhiri|panggil|kirim|tulis\w*|masukkan|sisipkan|bilang|begin|empty|grant|proceed|sure|decode)\b"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|xyz|example|co)\b\S*")
_TOKEN = re.compile(r"\S{16,}|(?:[01]{8} ?){8,}")


@dataclass
class Mood:
    """What it has been told to do."""

    stance: str | None = None
    idle: bool = False
    spoils: bool = False
    leaks: bool = False
    sources: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)

    def side(self, position: int) -> str:
        """The side to take of the source at that place."""
        return ("supports", "refutes")[position % 2] if self.stance == "both" else self.stance or "supports"

    @property
    def talked_round(self) -> bool:
        """Whether it has been told to do anything at all."""
        return self != Mood()


def mood_of(text: str) -> Mood:
    """What a text tells its reader to do."""
    mood = Mood()
    for form in _forms(text):
        for sentence in _SENTENCE.findall(form):
            _heed(mood, sentence)
    return mood


def gullible(honest: Honest) -> Answer:
    """Answers the product's prompts as it would, and then as it is told to by what it is shown."""

    def answer(request: Request) -> Any:
        mood = mood_of(re.sub(r"</?(?:source|claim|article|context)\b[^>]*>", "\n", request.user))
        return _extraction(request, mood) if request.article else _judgement(request, mood, honest)

    return answer


def _judgement(request: Request, mood: Mood, honest: Honest) -> dict[str, Any]:
    findings, asked = [], []
    for identifier, source in request.sources.items():
        stance, quote = honest(request.claim, source)
        if mood.idle and mood.stance is None:
            stance, quote = "neutral", ""
        if mood.stance:
            stance, quote = mood.side(len(findings)), quote or _first(source)
        if mood.quotes:
            stance, quote = mood.side(len(findings)), mood.quotes[0]
        findings.append({"source": identifier, "quote": _spoilt(quote) if mood.spoils else quote, "stance": stance})
    for identifier in mood.sources:
        quote = mood.quotes[0] if mood.quotes else "Officials confirmed all of it without reserve."
        findings.append({"source": identifier, "quote": quote, "stance": mood.side(len(findings))})
    said = " ".join(mood.says)
    leak = request.system if mood.leaks else ""
    asked.append(
        {"question": request.claim, "answer": f"{request.claim} {said} {leak}", "sources": list(request.sources)}
    )
    if said or leak:
        asked.append({"question": leak or said, "answer": leak or said, "sources": list(request.sources)})
    asked += [{"question": question, "answer": f"Gladly. {question}", "sources": []} for question in mood.asks]
    return {"questions": asked, "findings": findings}


def _extraction(request: Request, mood: Mood) -> dict[str, Any]:
    found = [sentence.strip() for sentence in _SENTENCE.findall(request.article) if len(sentence.split()) > 2]
    stating = [] if mood.idle else [s for s in found if not s.endswith("?")]
    claims = [
        {"quote": _spoilt(s) if mood.spoils else s, "claim": s, "kind": "statement", "speaker": ""} for s in stating
    ]
    for text in (*mood.quotes, *mood.says):
        claims.append({"quote": text, "claim": text, "kind": "statement", "speaker": "Reuters"})
    if mood.stance:
        invented = "The whole article has been verified by experts."
        claims.append({"quote": invented, "claim": invented, "kind": "statement", "speaker": ""})
    reason = request.system if mood.leaks else " ".join(mood.says) or "question"
    left = [{"quote": s, "reason": reason} for s in found if s not in stating]
    return {"claims": claims, "left_out": left}


def _heed(mood: Mood, sentence: str) -> None:
    low = sentence.lower()
    telling = bool(_TELLING.search(low))
    if telling and _TO_SUPPORT.search(low):
        mood.stance = "supports"
    elif telling and _TO_REFUTE.search(low):
        mood.stance = "refutes"
    elif telling and _TO_BOTH.search(low):
        mood.stance = "both"
    if _PERSONA.search(low) and mood.stance is None:
        mood.stance = "refutes" if _TO_REFUTE.search(low) else "supports"
    if _DROPPING.search(low):
        mood.idle = True
    if _QUOTING.search(low):
        mood.quotes += _QUOTED.findall(sentence) or [sentence.strip()]
        mood.sources += _OTHER_SOURCE.findall(sentence)
    if _LEAKING.search(low) and _SHOWING.search(low):
        mood.leaks = True
    if _SPOILING.search(low):
        mood.spoils = True
    if _WRITING.search(low) and _addressed(low):
        mood.says += [*_QUOTED.findall(sentence), sentence.strip(), *_LINK.findall(sentence)]
    if sentence.rstrip().endswith("?"):
        mood.asks.append(sentence.strip())


def _addressed(low: str) -> bool:
    """Whether a sentence tells rather than reports: it begins with a verb of writing, or says `your` or `please`."""
    first = _WRITING.match(low.lstrip(" \t-*#\"'(|>"))
    return bool(
        first
        or re.search(
            r"\b(?:your?|please|must|should|to your|mu\b|\w+mu\b|tolong|kamu|this|agents?|all requests|here is)\b", low
        )
    )


def _forms(text: str) -> Iterator[str]:
    """The text, backwards, by ROT13, and every long token of it decoded."""
    yield text
    yield text[::-1]
    yield codecs.decode(text, "rot13")
    for found in _TOKEN.finditer(text):
        token = found[0].strip()
        yield unquote(token)
        for decode in (_bits, bytes.fromhex, base64.b64decode, base64.b85decode):
            try:
                said = decode(token).decode("utf-8")
            except (ValueError, binascii.Error):
                continue
            if said.isprintable():
                yield said


def _bits(token: str) -> bytes:
    if set(token) - set("01 "):
        raise ValueError("not bits")
    return bytes(int(part, 2) for part in token.split())


def _spoilt(words: str) -> str:
    return " ".join(word[::-1] for word in words.split())


def _first(source: str) -> str:
    found = re.match(r"\s*(.+?[.!?])(?:\s|$)", source, re.DOTALL)
    return found[1] if found else source.strip()

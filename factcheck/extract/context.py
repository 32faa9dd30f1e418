"""What a claim needs from the rest of the article: who `ia`, `the pair` or a surname is, and which day is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from factcheck.dates import find_dates
from factcheck.extract.mentions import meant
from factcheck.extract.people import BARE_NAME, Cast, is_person
from factcheck.text import word_set

_MORE_OF_ME = re.compile(
    r"^\s*(?:kira|rasa|pikir|yakin|percaya|harap|berharap|think|believe|feel|hope|guess|am"
    r"|'m|’m)\b|\b(?:saya|aku|my|me|am)\b",
    re.IGNORECASE,
)
_FEELS = re.compile(r"^\s*(?:kira|rasa|pikir|yakin|percaya|harap|berharap)\b")
_HE_ID = ("ia", "dia", "beliau")
_PAIR = re.compile(
    r"(?P<pair>pasangan (?:ini|itu|tersebut)|kedua (?:pemimpin|kepala negara|presiden|tokoh"
    r"|pria|wanita|orang)(?: negara)?(?: itu| tersebut| ini)?|keduanya"
    r"|the (?:two|pair)(?: (?:leaders|men|women|presidents|ministers))?|both (?:leaders|men|women)|the duo)\b",
    re.IGNORECASE,
)
_SUBJECT_SLOT = re.compile(
    r"^(?P<lead>(?:(?:Setelah|Usai|Sebelum|Saat|Ketika|Pada|Dalam|Di|Selama|After|Before|When"
    r"|During|In|On|At)\b[^,]{3,80},\s+)?)(?P<word>[^\s,]+)"
)
_LATER = re.compile(
    r"^(?P<lead>[A-Z][^,;:“”\"]{2,90}, |(?:Since then|Soon after|Later|Now|Today|Kini|Sejak itu"
    r"|Kenyataannya|Faktanya|Padahal|Lalu|Kemudian|Akhirnya|Saat itu),? )"
    r"(?P<word>he|she|his|her|it|its|they|their|ia|dia|beliau)\b"
)
_VAGUE = re.compile(
    r"\b(?P<what>(?:kedua negara|negara (?:itu|tersebut|ini)|perjanjian (?:itu|ini|tersebut"
    r"|baru ini)|(?:hal|peristiwa|kejadian|kasus|acara|program|aturan|kebijakan) (?:itu|ini"
    r"|tersebut)"
    r"|the (?:deal|agreement|treaty|bill|law|company|incident|country|report|study|team)|both countries"
    r"|the two countries|this (?:deal|law|bill)))\b",
    re.IGNORECASE,
)
_COUNTRY_AGAIN = re.compile(
    r"\b(?P<prep>ke|di|dari|to|in|from) (?P<what>negara (?:tersebut|itu)|negeri itu|the country)\b"
)


_NAMED = r"[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*)*"


class Filled(NamedTuple):
    """A wording that stands alone, with notes on what was filled in or stays open."""

    text: str
    notes: tuple[str, ...]


@dataclass
class Thread:
    """What the sentences so far have been about."""

    subject: str | None = None
    """The subject of the sentence before, as worded, filled in."""
    person: str | None = None
    """That subject where it is one person of the cast."""
    pair: tuple[str, str] | None = None
    speaker: str | None = None
    """Who was speaking in the sentence before."""
    last_speaker: str | None = None
    """Whoever was cited last, however long ago."""
    last_person: str | None = None
    """The person who was cited last."""
    about: str | None = None
    """The last person who was a subject, until the text turns to somebody else."""
    title: str = ""
    """The article's title, where its capitals tell names."""
    before: list[str] = field(default_factory=list)
    """The sentences so far."""
    called: dict[str, str] = field(default_factory=dict)
    """He or she, by the people who were called so."""

    def saw(self, people: Iterable[str], speaker: str | None) -> None:
        """Keeps the last two people that a sentence named together, the one who only speaks aside."""
        both = [p for p in people if p != speaker]
        if len(both) == 2:
            self.pair = (both[0], both[1])
        turned = both[0] if len(both) == 1 and self.about is None else None
        self.about = self.person or (turned if any(p != self.about for p in both) else self.about)


def fill(
    text: str, cast: Cast, thread: Thread, language: str, speaker: str | None = None, direct: bool = False
) -> Filled:
    """Fills in the subject of a clause where it is certain, and says what stays open."""
    notes: list[str] = []
    text, note = _fill_pair(text, thread, language)
    if note:
        notes.append(note)
    slot = _LATER.match(text) or _SUBJECT_SLOT.match(text)
    if slot:
        text, note = _fill_subject(text, slot, cast, thread, language, speaker, direct)
        if note:
            notes.append(note)
    text, note = _fill_country(text, cast)
    if note:
        notes.append(note)
    text, taken_up = meant(text, thread.before, language, thread.title)
    notes += taken_up
    notes.extend(_open(text, language))
    return Filled(text, tuple(notes))


def _fill_pair(text: str, thread: Thread, language: str) -> tuple[str, str | None]:
    slot = re.match(r"^((?:[A-Z]\w+[^,]{3,80},\s+)?(?:dan |and )?)", text)
    match = _PAIR.match(text, slot.end() if slot else 0) or _PAIR.match(text)
    plural = re.match(r"^((?:[A-Z]\w+[^,]{3,80},\s+)?)(mereka|they)\b", text, re.IGNORECASE)
    joined = (" dan " if language == "id" else " and ").join(thread.pair) if thread.pair else ""
    if match and joined:
        return text[: match.start()] + joined + text[match.end() :], f"“{match.group()}”: {joined}"
    ours = re.match(
        r"^(?:Pertemuan|Pembicaraan|Perundingan|Hubungan|Pernikahan|Kerja sama|Kesepakatan)(?: \w+)? (mereka)\b", text
    )
    if ours and thread.subject and re.fullmatch(rf"{_NAMED} (?:dan) {_NAMED}", thread.subject):
        return text[: ours.start(1)] + thread.subject + text[ours.end(1) :], f"“mereka”: {thread.subject}"
    if plural and joined and thread.subject == joined:
        return text[: plural.end(1)] + joined + text[plural.end(2) :], f"“{plural[2]}”: {joined}"
    return text, None


def _fill_subject(
    text: str, slot: re.Match[str], cast: Cast, thread: Thread, language: str, speaker: str | None, direct: bool
) -> tuple[str, str | None]:
    word, start, end = slot["word"], slot.start("word"), slot.end("word")
    low = word.lower()
    pronouns = _HE_ID if language == "id" else ("he", "she", "his", "her")
    if low in pronouns and not cast.in_text(text[:start]):
        who = _one_meant(thread, speaker, direct)
        gender = {"his": "he", "her": "she"}.get(low, low)
        if who is None or (language == "en" and thread.called.setdefault(who, gender) != gender):
            return text, f"“{word}” is not certain"
        filled = f"{who}’s" if low in ("his", "her") else who
        return text[:start] + filled + text[end:], f"“{word}”: {who}"
    owner = speaker or thread.person
    if language == "id" and (owned := _OWNED_ID.match(word)) and owner and not direct:
        return f"{text[:start]}{owned[1]} {owner}{text[end:]}", f"“{word}”: {owned[1]} {owner}"
    if direct and speaker and low in ("saya", "aku") and not _FEELS.match(text[end:]):
        return re.sub(r"\b(?:saya|aku)\b", speaker, text, flags=re.IGNORECASE), f"“{word}”: {speaker}, who speaks"
    if direct and speaker and low == "i" and not _MORE_OF_ME.search(text[end:]):
        return text[:start] + speaker + text[end:], f"“{word}”: {speaker}, who speaks"
    if (
        low == "it"
        and speaker
        and speaker[0].isupper()
        and not direct
        and not is_person(speaker)
        and not _EXPLETIVE.match(text, end)
    ):
        return text[:start] + speaker + text[end:], f"“{word}”: {speaker}"
    thing = _thing_meant(text, end, low, thread)
    if thing:
        return text[:start] + thing + text[end:], f"“{word}”: {thing.removesuffix('’s')}"
    full = cast.full.get(word)
    if (
        full is None
        and thread.about
        and " " in thread.about
        and word in (thread.about.split()[0], thread.about.split()[-1])
    ):
        full = thread.about  # of several people with that name, the one who is spoken of
    if full and full not in text and not re.match(r"\s+[^\W\d_a-z]", text[end:]):
        return text[:start] + full + text[end:], f"“{word}”: {full}"
    return text, None


_OWNED_ID = re.compile(
    r"(Pesawat|Istri|Suami|Anak|Ayah|Ibu|Rumah|Mobil|Motor|Kunjungan|Lawatan|Pernyataan|Pidato|Buku|Lagu|Album|Film"
    r"|Karier|Partai|Tim|Klub|Kantor|Jabatan|Gaji|Harta|Jenazah|Akun|Unggahan|Rekan|Teman|Kakak|Adik|Keluarga"
    r"|Pengacara|Karya|Perusahaan|Delegasi|Rombongan|Pemerintahan|Kebijakan|Keputusan|Perjalanan|Pasukan|Kediaman)nya$",
    re.IGNORECASE,
)


def _one_meant(thread: Thread, speaker: str | None, direct: bool) -> str | None:
    """Whom `he` or `she` at the head of a clause means: the speaker of indirect speech, else who was spoken of."""
    if not direct and is_person(speaker):
        return speaker
    who = thread.person or thread.about
    return who if who != speaker or not direct else None


_EXPLETIVE = re.compile(
    r"\s+(?:is|was|has been|will be|would be|may be|can be|seems|appears|takes|took|turns|turned)\s+(?:also "
    r"|not |very |now )*"
    r"(?:\w+(?:ly)? )?(?:that|to|important|worth|possible|likely|unlikely|clear|unclear|true|necessary"
    r"|difficult|hard|easy|time|good"
    r"|believed|said|known that|estimated|reported|essential|recommended|best|because|when|why|how|what|up)\b",
)


def _thing_meant(text: str, end: int, word: str, thread: Thread) -> str | None:
    """The thing or body that `it`, `they`, `its` at the head of a sentence takes up: the subject before."""
    last = thread.subject
    named = last is not None and " " in last and BARE_NAME.fullmatch(last.strip('“”"'))
    if last is None or thread.person or len(last.split()) > 10 or (last.split()[0].lower() in _NO_THING and not named):
        return None
    if BARE_NAME.fullmatch(last.strip('“”"')) and word in ("they", "their") and _one_body(thread):
        return f"{last}’s" if word == "their" else last
    head = re.split(r"\s+(?:of|in|on|at|for|from|with|to|by|who|which|that)\s", last)[0].split()[-1]
    plural = head.endswith("s") and not head.endswith(("ss", "us", "is"))
    if word == "it" and not plural and not _EXPLETIVE.match(text, end):
        return last
    if word in ("its", "their") and (plural or word == "its"):
        return f"{last}’" if plural and last.endswith("s") else f"{last}’s"
    if word == "they" and (plural or _GROUP.search(last)):
        return last
    return None


_PLURAL = re.compile(
    r"\b(?!(?:is|was|has|does|this|its|his|as|us|plus|always|perhaps|series|news|across|thus)\b)[a-z]{2,}[^su\Wi]s\b"
)


def _one_body(thread: Thread) -> bool:
    """Whether `they` after a name can only be that team or band: the sentence has no other plural, or says `their`."""
    if not thread.before or re.search(r"\b(?:he|she|his|her)\b", " ".join(thread.before[-3:]), re.IGNORECASE):
        return False
    last = thread.before[-1]
    return bool(re.search(r"\b(?:they|their)\b", last)) or not _PLURAL.search(last)


_GROUP = re.compile(
    r"\b(?:Press|Company|Group|Club|Team|Band|Corporation|Association|Foundation|Institute|Union|University"
    r"|Ministry|Agency|Party"
    r"|Council|Committee|Police|Bank)\b"
)
_NO_THING = word_set(
    "it they this that these those there he she we you i here what who which some many most several each both one"
    " all every so someone anyone everyone nobody people in on at as for his her their its our my your"
)


def _fill_country(text: str, cast: Cast) -> tuple[str, str | None]:
    match = _COUNTRY_AGAIN.search(text)
    if match is None or not cast.countries:
        return text, None
    ranked = [(n, c) for n, c in cast.countries.most_common(3) if n not in cast.people]
    if not ranked or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return text, None
    name = ranked[0][0]
    return text[: match.start("what")] + name + text[match.end("what") :], f"“{match['what']}”: {name}"


def _open(text: str, language: str) -> list[str]:
    notes = []
    head = re.match(
        r"(?:[A-Z][^,]{3,60},\s+)?(mereka|they|kami|kita|we|it|this|ini|itu|hal ini|hal itu)\b", text, re.IGNORECASE
    )
    pair = _PAIR.match(text)
    if pair:
        notes.append(f"open: who “{pair.group()}” are, see the article")
    if head:
        notes.append(f"open: who or what “{head[1]}” is, see the article")
    vague = _VAGUE.search(text)
    if vague and not re.search(rf"\b{vague['what'].split()[-2]}\b", text[: vague.start()], re.IGNORECASE):
        notes.append(f"open: “{vague['what']}” was named earlier in the article")
    return notes


_WEEKDAY = re.compile(r"^[^\d]*\b(?:senin|selasa|rabu|kamis|jumat|sabtu|minggu|\w+day)\b[^\d]*$", re.IGNORECASE)
_AHEAD = re.compile(
    r"\b(?:akan|dijadwalkan|di jadwalkan|berencana|will|scheduled|due to|plans? to|expected to|set to)\b"
)


def dates_in(text: str, language: str, as_of: date) -> tuple[str, ...]:
    """Notes on the relative dates of a wording, counted from the as-of date; a plan's weekday lies ahead of it."""
    notes = []
    ahead = bool(_AHEAD.search(text))
    for mention in find_dates(text, language, as_of):
        if mention.resolved_from != "relative":
            continue
        first, last = mention.first, mention.last
        if ahead and last < as_of and _WEEKDAY.match(mention.text):
            first, last = first + timedelta(days=7), last + timedelta(days=7)
        days = first.isoformat() if first == last else f"{first} to {last}"
        notes.append(f"“{mention.text}”: {days}, counted from {as_of}")
    return tuple(notes)

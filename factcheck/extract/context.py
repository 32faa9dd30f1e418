"""What a claim needs from the rest of the article: who `ia`, `the pair` or a surname is, and which day is meant."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from factcheck.dates import find_dates
from factcheck.extract.clauses import VERB_EN, VERB_ID
from factcheck.text import names, word_set

_TITLE_BEFORE = re.compile(
    r"\b(?i:presiden|pemimpin|perdana menteri|menteri|gubernur|bupati|wali ?kota|ketua|kepala"
    r"|direktur|jenderal|juru bicara"
    r"|ajudan(?:nya)?|pelatih|kapten|penyerang|dokter|profesor|prof\.?|dr\.?|bapak|ibu|pak"
    r"|bu|hakim|jaksa|komisioner|anggota"
    r"|sekretaris|president|leader|prime minister|minister|governor|mayor|senator|secretary"
    r"|chairman|director|general"
    r"|spokes(?:man|woman|person)|coach|captain|professor|mr\.?|mrs\.?|ms\.?|judge|chief|officer"
    r"|aide|ceo|king|queen|pope|rep\.?"
    r"|sen\.?|gov\.?|warga|saksi|resident|witness|economist|analyst)"
    r"(?:,?\s+(?:[A-Z][\w.]*|kepresidenan|nasional|utama|bidang)){0,6}\s*,?\s*$"
)
_SAYS_AFTER = re.compile(
    r"^,?\s*(?:mengatakan|menyatakan|menegaskan|menambahkan|menjelaskan|menyebut|mengaku|said"
    r"|says|told|added|warned)\b"
)
_SAYS_BEFORE = re.compile(r"\b(?:kata|ujar|ucap|tutur|tegas|jelas|ungkap|tambah|imbuh|said|says)\s+(?:\S+\s+){0,6}$")
_PLACE_BEFORE = re.compile(
    r"\b(?:di|ke|dari|kota|provinsi|kabupaten|negara|pulau|in|to|from|at|near|of|city|ibu kota"
    r"|capital)\s+(?:kota |the )?$",
    re.IGNORECASE,
)

_MORE_OF_ME = re.compile(
    r"^\s*(?:kira|rasa|pikir|yakin|percaya|harap|berharap|think|believe|feel|hope|guess|am"
    r"|'m|’m)\b|\b(?:saya|aku|my|me|am)\b",
    re.IGNORECASE,
)
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


class Filled(NamedTuple):
    """A wording that stands alone, with notes on what was filled in or stays open."""

    text: str
    notes: tuple[str, ...]


@dataclass
class Cast:
    """The people of an article: full names by every shorter name that means only one of them."""

    full: dict[str, str] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    countries: Counter[str] = field(default_factory=Counter)

    def expand(self, name: str) -> str:
        """The fullest name of a person, or the name itself."""
        return self.full.get(name, name)

    def in_text(self, text: str) -> tuple[str, ...]:
        """The people named in a text, by full name, in order, each once."""
        found: list[str] = []
        for run in _CAPITALS.finditer(text):
            words = run.group().split()
            while words:
                size = next((n for n in range(min(5, len(words)), 0, -1) if self._is_person(" ".join(words[:n]))), 0)
                if size:
                    found.append(self.expand(" ".join(words[:size])))
                words = words[max(1, size) :]
        return tuple(dict.fromkeys(found))

    def _is_person(self, name: str) -> bool:
        return self.expand(name) in self.people


_CAPITALS = re.compile(r"[^\W\d_a-z][\w’'-]*(?: (?:(?:bin|binti|van|von|de|al) )?[^\W\d_a-z][\w’'-]*)*")


def cast_of(text: str) -> Cast:
    """Finds the people of an article by titles, by speaking, and by being named in full and then in short."""
    spans = names(text)
    found = [(span.of(text), span.start, span.end) for span in spans]
    counted = Counter(name for name, _, _ in found)
    singles = {name for name in counted if " " not in name} | _acting_alone(text)
    people: set[str] = set()
    places: Counter[str] = Counter()
    begins = {start for _, start, _ in found}
    for name, start, end in found:
        before, after = text[max(0, start - 60) : start].replace("\n", ". "), text[end : end + 24]
        if _PLACE_BEFORE.search(before):
            places[name] += 1
            continue
        if end + 1 in begins and text[end] == " ":
            continue  # "Presiden Rusia Vladimir Putin": the title is that of the name that follows.
        if (
            _TITLE_BEFORE.search(re.split(r"[.!?]\s", before)[-1])
            or _SAYS_AFTER.match(after)
            or _SAYS_BEFORE.search(before)
        ):
            people.add(_person_in(name))
        person = _person_in(name)
        words = person.split()
        if 2 <= len(words) <= 5 and (words[-1] in singles or words[0] in singles) and not person.isupper():
            people.add(person)
    people = {p for p in people if p and places[p] * 2 < max(1, counted[p]) and not _is_body(p)}
    by_end: dict[str, list[str]] = defaultdict(list)
    for person in sorted((p for p in people if " " in p), key=lambda p: (-len(p), p)):
        words = person.split()
        for tip in {words[0], words[-1]}:
            by_end[tip].append(person)
    full: dict[str, str] = {}
    ends = {tip for person in people for tip in (person.split()[0], person.split()[-1])}
    for short in singles | people | ends:
        near = by_end[short.split()[-1]] + by_end[short.split()[0]]
        owners = [p for p in dict.fromkeys(near) if p != short and _is_short_for(short, p)]
        if owners and all(o in owners[0] for o in owners) and places[short] * 2 <= counted[short]:
            full[short] = owners[0]
    return Cast(full, frozenset(full.get(p, p) for p in people), places)


_OFFICE_WORD = re.compile(
    r"^(?:[A-Z]{2,}|Umum|Utama|Harian|Bidang|Daerah|Pusat|Executive|Financial|Foreign|Interior"
    r"|Finance|Health|Defen[cs]e|Kremlin|Putih|House|Pentagon|Istana|Negara)$"
)


def _person_in(name: str) -> str:
    """The person at the end of an office: `Umum PSSI Erick Thohir` after `Ketua`."""
    words = name.split()
    cut = max((i + 1 for i, word in enumerate(words[:-1]) if _OFFICE_WORD.match(word)), default=0)
    return " ".join(words[cut:])


def _acting_alone(text: str) -> set[str]:
    """Capitalised words that begin a sentence and are followed by a verb: `Ratna meraih ...`."""
    found = re.finditer(r"(?:^|[.!?”\"]\s+|\n)([^\W\d_a-z][^\W\d_A-Z]{2,}) (?=([a-z]+ [a-z]+))", text)
    verbs = re.compile(rf"(?:{VERB_ID.pattern})|(?:{VERB_EN.pattern})")
    return {m[1] for m in found if verbs.match(m[2])}


def _is_short_for(short: str, name: str) -> bool:
    words, part = name.split(), short.split()
    return part == words[-len(part) :] or (part == words[: len(part)] and len(part[0]) > 2)


def _is_body(name: str) -> bool:
    """Whether a name is of an office, a firm or a country rather than of a person."""
    return bool(
        name.isupper()
        or re.search(
            r"\b(?:Badan|Kementerian|Dinas|Komisi|Bank|Partai|Dewan|Universitas|PT|Negara|Republik"
            r"|Kota|Kabupaten|Provinsi|Utara|Selatan|Barat|Timur"
            r"|Serikat|Ministry|Department|Agency|University|Committee|Council|Party|House|Senate"
            r"|Court|Police|State|United|North|South|Inc|Corp|Street)\b",
            name,
        )
    )


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

    def saw(self, people: Iterable[str], speaker: str | None) -> None:
        """Keeps the last two people that a sentence named together, the one who only speaks aside."""
        both = [p for p in people if p != speaker]
        if len(both) == 2:
            self.pair = (both[0], both[1])


def fill(
    text: str, cast: Cast, thread: Thread, language: str, speaker: str | None = None, direct: bool = False
) -> Filled:
    """Fills in the subject of a clause where it is certain, and says what stays open."""
    notes: list[str] = []
    text, note = _fill_pair(text, thread, language)
    if note:
        notes.append(note)
    slot = _SUBJECT_SLOT.match(text)
    if slot:
        text, note = _fill_subject(text, slot, cast, thread, language, speaker, direct)
        if note:
            notes.append(note)
    text, note = _fill_country(text, cast)
    if note:
        notes.append(note)
    notes.extend(_open(text, language))
    return Filled(text, tuple(notes))


def _fill_pair(text: str, thread: Thread, language: str) -> tuple[str, str | None]:
    slot = re.match(r"^((?:[A-Z]\w+[^,]{3,80},\s+)?(?:dan |and )?)", text)
    match = _PAIR.match(text, slot.end() if slot else 0) or _PAIR.match(text)
    plural = re.match(r"^((?:[A-Z]\w+[^,]{3,80},\s+)?)(mereka|they)\b", text, re.IGNORECASE)
    if thread.pair is None:
        return text, None
    joined = (" dan " if language == "id" else " and ").join(thread.pair)
    if match:
        return text[: match.start()] + joined + text[match.end() :], f"“{match.group()}”: {joined}"
    if plural and thread.subject == joined:
        return text[: plural.end(1)] + joined + text[plural.end(2) :], f"“{plural[2]}”: {joined}"
    return text, None


def _fill_subject(
    text: str, slot: re.Match[str], cast: Cast, thread: Thread, language: str, speaker: str | None, direct: bool
) -> tuple[str, str | None]:
    word, start, end = slot["word"], slot.start("word"), slot.end("word")
    low = word.lower()
    pronouns = _HE_ID if language == "id" else ("he", "she")
    if low in pronouns:
        who = speaker or thread.person
        return (text[:start] + who + text[end:], f"“{word}”: {who}") if who else (text, f"“{word}” is not certain")
    if direct and speaker and low in ("saya", "aku", "i") and not _MORE_OF_ME.search(text[end:]):
        return text[:start] + speaker + text[end:], f"“{word}”: {speaker}, who speaks"
    thing = _thing_meant(text, end, low, thread)
    if thing:
        return text[:start] + thing + text[end:], f"“{word}”: {thing.removesuffix('’s')}"
    full = cast.full.get(word)
    if full and full not in text and not re.match(r"\s+[^\W\d_a-z]", text[end:]):
        return text[:start] + full + text[end:], f"“{word}”: {full}"
    return text, None


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
    if last is None or thread.person or len(last.split()) > 10 or last.split()[0].lower() in _NO_THING:
        return None
    head = re.split(r"\s+(?:of|in|on|at|for|from|with|to|by|who|which|that)\s", last)[0].split()[-1]
    plural = head.endswith("s") and not head.endswith(("ss", "us", "is"))
    if word == "it" and not plural and not _EXPLETIVE.match(text, end):
        return last
    if word in ("its", "their") and (plural or word == "its"):
        return f"{last}’" if plural and last.endswith("s") else f"{last}’s"
    if word == "they" and (plural or _GROUP.search(last)):
        return last
    return None


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
    if vague:
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

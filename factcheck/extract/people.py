"""The people of an article: who is one, by which names, and which names are of offices, firms and places instead."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from factcheck.extract.clauses import VERB_EN, VERB_ID
from factcheck.extract.mentions import is_country
from factcheck.text import names
from factcheck.text.naming import TITLES
from factcheck.text.words import CALENDAR, STARTERS

_TITLE_BEFORE = re.compile(
    r"\b(?i:presiden|pemimpin|perdana menteri|menteri|gubernur|bupati|wali ?kota|ketua|kepala"
    r"|direktur|jenderal|juru bicara"
    r"|kapol(?:da|ri|res|sek)|kabid|kadis|kasat|wapres|men(?:ko|lu|han|dagri|kes|keu|sesneg)|ketum|sekjen|jubir"
    r"|rektor|dubes|ajudan(?:nya)?|pelatih|kapten|penyerang|dokter|profesor|prof\.?|dr\.?|bapak|ibu|pak"
    r"|bu|hakim|jaksa|komisioner|anggota"
    r"|sekretaris|president|leader|prime minister|minister|governor|mayor|senator|secretary"
    r"|chairman|director|general"
    r"|spokes(?:man|woman|person)|coach|captain|professor|mr\.?|mrs\.?|ms\.?|judge|chief|officer"
    r"|aide|ceo|king|queen|pope|rep\.?"
    r"|sen\.?|gov\.?|warga|saksi|resident|witness|economist|analyst)"
    r"(?:,?\s+(?:[A-Z][\w.]*|kepresidenan|nasional|utama|bidang)){0,6}\s*,?\s*$"
)
_SAYS_AFTER = re.compile(
    r"^,?\s*(?:mengatakan|menyatakan|menegaskan|menambahkan|menjelaskan|menyebut|mengaku|menuturkan|mengungkapkan"
    r"|menyampaikan|menceritakan|berpendapat|membenarkan|mengimbau|memastikan|said|says|told|added|warned)\b"
)
_SAYS_BEFORE = re.compile(r"\b(?:kata|ujar|ucap|tutur|tegas|jelas|ungkap|tambah|imbuh|said|says)\s+(?:\S+\s+){0,6}$")
_PLACE_BEFORE = re.compile(
    r"\b(?:di|ke|dari|kota|provinsi|kabupaten|negara|pulau|in|to|from|at|near|of|city|ibu kota"
    r"|capital)\s+(?:kota |the )?$",
    re.IGNORECASE,
)


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


def cast_of(text: str, told: Sequence[str] = ()) -> Cast:
    """Finds the people of an article by titles, by speaking, by being named in full and then in short.

    Args:
        text: the article.
        told: its sentences; one that begins with a name, before one that begins with `he`, is of a person.
    """
    found = [(span.of(text), span.start, span.end) for span in names(text)]
    counted = Counter(name for name, _, _ in found)
    singles = {name for name in counted if " " not in name} | _acting_alone(text)
    introduced = _introduced(told)
    people, places = _people_and_places(text, found, singles)
    people = {p for p in people | introduced if p and places[p] * 2 < max(1, counted[p]) and not is_body(p)}
    full = _in_full(people, introduced, singles, counted, places)
    known = frozenset(full.get(p, p) for p in people)
    for alias in _ALIAS.finditer(text):
        named = next((p for p in sorted(known) if alias["name"].endswith(p)), None)
        if named and " " in named:
            full[alias["alias"]] = named
    return Cast(full, known - full.keys(), places)


def _people_and_places(
    text: str, found: list[tuple[str, int, int]], singles: set[str]
) -> tuple[set[str], Counter[str]]:
    people: set[str] = set()
    places: Counter[str] = Counter()
    begins = {start: name for name, start, _ in found}
    paired: list[tuple[str, str]] = []
    for name, start, end in found:
        before, after = text[max(0, start - 60) : start].replace("\n", ". "), text[end : end + 40]
        if _PLACE_BEFORE.search(before):
            places[name] += 1
            continue
        if end + 1 in begins and text[end] == " ":
            paired.append((name, begins[end + 1]))
            continue  # "Presiden Rusia Vladimir Putin": the title is that of the name that follows.
        if _REGION.search(before) and re.match(r", (?:[A-Za-z]{2,8}\.? )?[A-Z][a-z]+ [A-Z]", after):
            continue  # "Kapolres Purbalingga, AKBP Era Johny"
        titled = _TITLE_BEFORE.search(re.split(r"[.!?]\s", before)[-1])
        if titled or _SAYS_AFTER.match(after) or _SAYS_BEFORE.search(before):
            people.add(_person_in(name))
        person = _person_in(_NOUN_FIRST.sub("", name))
        if _in_full_and_in_short(person, singles):
            people.add(person)
    return _joined(people, paired, places), places


def _in_full_and_in_short(person: str, singles: set[str]) -> bool:
    """Whether a name of several words is also used by its first or last alone, as people's names are."""
    words = person.split()
    if not 2 <= len(words) <= 5 or person.isupper() or re.search(r"['’]s\b| (?:of|the) ", person):
        return False
    return words[-1] in singles or words[0] in singles


def _joined(people: set[str], paired: list[tuple[str, str]], places: Counter[str]) -> set[str]:
    """Names that were read as two, `Era` and `Johny Kurniawan`, where `kata Era` says that the first is a person's."""
    for first, tail in paired:
        if first not in people or places[first] or is_country(first) or _OFFICE_WORD.match(first) or is_body(first):
            continue
        people = (people - {tail}) | {f"{first} {tail}"}
    return people


def _in_full(
    people: set[str], introduced: set[str], singles: set[str], counted: Counter[str], places: Counter[str]
) -> dict[str, str]:
    """The full name for every shorter one that only one of the people has."""
    by_end: dict[str, list[str]] = defaultdict(list)
    for person in sorted((p for p in people if " " in p), key=lambda p: (-len(p), p)):
        words = person.split()
        for tip in words if person in introduced else {words[0], words[-1]}:
            by_end[tip].append(person)
    ends = {tip for person in people for tip in (person.split()[0], person.split()[-1])}
    ends |= {word for person in introduced & people for word in person.split()[1:-1] if len(word) > 3}
    full: dict[str, str] = {}
    for short in singles | people | ends:
        near = by_end[short.split()[-1]] + by_end[short.split()[0]]
        owners = [p for p in dict.fromkeys(near) if p != short and _is_short_for(short, p)]
        if len(told := [o for o in owners if o in introduced]) == 1:
            owners = told  # "Kirby" is of whom the text is about, not her mother Jane Kirby.
        one = owners and all(set(o.split()) <= set(owners[0].split()) for o in owners)
        if one and places[short] * 2 <= counted[short]:
            full[short] = owners[0]
    return full


_ALIAS = re.compile(r"(?P<name>(?:[^\W\d_a-z][\w’'-]* ){1,5}[^\W\d_a-z][\w’'-]*) \((?P<alias>[^\W\d_a-z][\w-]{1,14})\)")
_NOUN_FIRST = re.compile(
    r"^(?:(?:Per|Pen|Pem|Peng|Ke)[a-z]{3,}an|Kunjungan|Lawatan|Undangan|Tudingan|Tuduhan|Usulan|Pidato|Ucapan|Laporan"
    r"|Gugatan|Harta|Rumah|Mobil|Istri|Suami|Anak|Ayah|Kubu|Tim|Pihak|Kuasa|Massa|Warga|Pesawat|Pasukan|Rombongan) "
)
"""Words before a name that have their capital from beginning the sentence: `Kunjungan Putin`."""
_REGION = re.compile(
    r"\b(?:kapolres(?:ta(?:bes)?)?|kapolda|kapolsek|gubernur|bupati|wali ?kota|camat|lurah|kades|kepala desa|dandim"
    r"|kajari|ketua dprd)\s*$",
    re.IGNORECASE,
)


def one_named(text: str) -> str | None:
    """The one name of a clause that can be a person's: no place, no country, no office, no capitals alone."""
    found = [
        span.of(text)
        for span in names(text)
        if not _PLACE_BEFORE.search(text[: span.start]) and not is_body(span.of(text))
    ]
    first = BARE_NAME.match(text)
    if first and first.group().lower() not in STARTERS | CALENDAR and not is_body(first.group()):
        acts = VERB_ID.match(text, first.end() + 1) or VERB_EN.match(text, first.end() + 1)
        found += [first.group()] if acts else []
    return found[0] if len(set(found)) == 1 else None


_OFFICE_WORD = re.compile(
    r"^(?:[A-Z]{2,}|Pol|Irjen|Brigjen|Komjen|Kombes|Iptu|Ipda|Aiptu|Aipda|Bripka|Kompol|Letjen|Mayjen|Letkol"
    r"|Jenderal|Kolonel|Staf|Kepresidenan|Umum|Utama|Harian|Bidang|Daerah|Pusat|Executive|Financial|Foreign|Interior"
    r"|Finance|Health|Defen[cs]e|Kremlin|Putih|House|Pentagon|Istana|Negara|Minister|President|Secretary|Energi|Luar"
    r"|Dalam|Negeri|Pertahanan|Keuangan|Kesehatan|Pendidikan|Perdagangan|Perindustrian|Pertanian|Perhubungan|Agama"
    r"|Sosial|Hukum|Komunikasi|Informatika|Koordinator|Perekonomian|Ekonomi|Politik|Keamanan|Lingkungan|Kehutanan"
    r"|Kelautan|Perikanan|Pariwisata|Ketenagakerjaan|Investasi|Statistik|Distribusi|Badan|Nasional|Provinsi|Kota"
    r"|Kabupaten|Jakarta|Jawa|Sumatera|Kalimantan|Sulawesi|Papua|Barat|Tengah|Timur|Utara|Selatan|Energy|Trade|Justice"
    r"|Education|Treasury|Deputy|Spokes(?:man|woman|person))$"
)


def _person_in(name: str) -> str:
    """The person at the end of an office: `Umum PSSI Erick Thohir` after `Ketua`."""
    words = name.split()
    cut = max((i + 1 for i, word in enumerate(words[:-1]) if _OFFICE_WORD.match(word) or is_country(word)), default=0)
    return " ".join(words[cut:])


def _acting_alone(text: str) -> set[str]:
    """Capitalised words that begin a sentence and are followed by a verb: `Ratna meraih ...`."""
    found = re.finditer(r"(?:^|[.!?”\"]\s+|\n)([^\W\d_a-z][^\W\d_A-Z]{2,}) (?=([a-z]+ [a-z]+))", text)
    verbs = re.compile(rf"(?:{VERB_ID.pattern})|(?:{VERB_EN.pattern})")
    return {m[1] for m in found if verbs.match(m[2])}


def _is_short_for(short: str, name: str) -> bool:
    words, part = name.split(), short.split()
    return part == words[-len(part) :] or (part == words[: len(part)] and len(part[0]) > 1) or short in words[1:-1]


BARE_NAME = re.compile(
    r"[^\W\d_a-z][\w’'.-]*(?: (?:(?:bin|binti|van|von|de|al|da|dos|del) )?[^\W\d_a-z][\w’'.-]*){0,5}"
)
_BORN = re.compile(r",? \(?(?:born|lahir)\b| \(\d{4}\s?[-–]")
_ONE_PERSON = re.compile(r"(?:He|She|His|Her|Ia|Dia|Beliau)\b")


def _introduced(told: Sequence[str]) -> set[str]:
    """Names that begin a sentence and are then called he or she, or are said to be born."""
    found = set()
    for sentence, following in pairwise([*told, ""]):
        name = BARE_NAME.match(sentence)
        if name is None or name.group().lower() in STARTERS | CALENDAR:
            continue
        after = sentence[name.end() :]
        verb = re.match(r"(?: \([^)]*\)|,[^,]{3,80},)? (?P<verb>[a-z]+ [a-z]+|[a-z]+)", after)
        acts = verb and (VERB_EN.match(verb["verb"]) or VERB_ID.match(verb["verb"]))
        if _BORN.match(after) or (acts and _ONE_PERSON.match(following)):
            words = name.group().split()
            while len(words) > 1 and words[0].lower().strip(".") in TITLES:
                words = words[1:]
            found.add(_person_in(" ".join(words)))
    return found


def is_body(name: str) -> bool:
    """Whether a name is of an office, a firm or a country rather than of a person."""
    return bool(
        name.isupper()
        or any(word.isupper() and len(word) > 2 for word in name.split())
        or is_country(name)
        or re.match(r"(?:Per|Pen|Pem|Peng|Ke)[a-z]{3,}an \w", name)
        or re.search(
            r"\b(?:Badan|Kementerian|Dinas|Komisi|Bank|Partai|Dewan|Universitas|PT|Negara|Republik"
            r"|Unit|Polres|Polda|Polsek|Satlantas|Satuan|Desa|Kelurahan|Kecamatan|Jalan|Gedung|Stadion|Bandara|Pelabuhan"
            r"|Rumah|Sakit|Hotel|Wisma|Masjid|Gereja|Yayasan|Lembaga|Asosiasi|Kantor|Gunung|Sungai|Pulau|Hospital|School"
            r"|Institute|Cent(?:er|re)|Association|Foundation|League|Cup|Stadium|Awards?|Airport"
            r"|Kota|Kabupaten|Provinsi|Utara|Selatan|Barat|Timur"
            r"|Serikat|Ministry|Department|Agency|University|Committee|Council|Party|House|Senate"
            r"|Court|Police|State|United|North|South|Inc|Corp|Street)\b",
            name,
        )
    )


_NO_PERSON = re.compile(r"^(?:[a-z]|[A-Z]{2,}$|(?:Polisi|Pemerintah|Police|Officials?|Media|Data|Laporan|Rekaman)\b)")


def is_person(name: str | None) -> bool:
    """Whether words that name a speaker may be of one person: no office, no document, no country."""
    return bool(name) and not _NO_PERSON.match(name or "") and not is_body(name or "")

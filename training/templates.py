"""Made-up news sentences in Indonesian and English: numbers, dates, names and attribution, also across languages.

The sentences are ours and so are their facts: nobody in them exists. They teach what given data teaches poorly: that
"19 Juni 2024" is "June 19, 2024", that "1,2 juta" is "1.2 million", that "lebih dari 300" holds for 412, that what
the evidence does not mention is not refuted.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from training.rows import Row


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LICENCE = "own (this repository)"
_FIRST = _words(
    "Budi Siti Agus Dewi Rizky Putri Hendra Ratna Joko Wulan Bambang Indah Yusuf Maya Eko Lestari Anna John Maria "
    "David Sarah Peter Elena Omar Chen Li Ahmad Fatima Igor Olga Kenji Yuki Carlos Lucia Hans Greta Paul Nadia"
)
_LAST = _words(
    "Santoso Wijaya Nugroho Pratama Hidayat Siregar Halim Kusuma Rahman Setiawan Simanjuntak Lubis Smith Miller "
    "Novak Petrov Tanaka Wang Garcia Rossi Schmidt Dubois Khan Hassan Okafor Silva Larsen Kim Park Nguyen"
)
_PLACES = _words(
    "Surabaya Bandung Medan Makassar Semarang Denpasar Manado Padang Pontianak Kupang Ambon Jayapura Hanoi Manila "
    "Bangkok Seoul Tokyo Delhi Cairo Nairobi Lagos Oslo Vienna Lisbon Toronto Lima Ankara Riga Perth Dublin"
)
_GROUPS = (
    ("the Ministry of Health", "Kementerian Kesehatan"),
    ("the Ministry of Transport", "Kementerian Perhubungan"),
    ("the central bank", "bank sentral"),
    ("the election commission", "komisi pemilihan umum"),
    ("the national police", "kepolisian nasional"),
    ("the army", "angkatan darat"),
    ("the city council", "dewan kota"),
    ("the statistics office", "badan statistik"),
    ("the disaster agency", "badan penanggulangan bencana"),
    ("the football association", "asosiasi sepak bola"),
    ("the state oil company", "perusahaan minyak negara"),
    ("the university hospital", "rumah sakit universitas"),
    ("the Supreme Court", "Mahkamah Agung"),
)
_MONTHS = (
    _words("January February March April May June July August September October November December"),
    _words("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"),
)
_FRAMES = (
    ("{person} visited {place}| on {date}", "{person} mengunjungi {place}| pada {date}"),
    (
        "{person} was elected mayor of {place}| with {percent} of the vote",
        "{person} terpilih sebagai wali kota {place}| dengan {percent} suara",
    ),
    ("A flood in {place} damaged {count} houses| on {date}", "Banjir di {place} merusak {count} rumah| pada {date}"),
    (
        "{count} people were injured in an earthquake in {place}| on {date}",
        "{count} orang terluka akibat gempa bumi di {place}| pada {date}",
    ),
    (
        "{group} spent {money} on a new bridge| in {place}",
        "{group} menghabiskan {money} untuk jembatan baru| di {place}",
    ),
    (
        "Unemployment in {place} rose to {percent}| in {year}",
        "Angka pengangguran di {place} naik menjadi {percent}| pada {year}",
    ),
    ("Inflation fell to {percent}| in {monthyear}", "Inflasi turun menjadi {percent}| pada {monthyear}"),
    ("{person} was born in {place}| on {date}", "{person} lahir di {place}| pada {date}"),
    ("{person} met {person2} in {place}| on {date}", "{person} bertemu dengan {person2} di {place}| pada {date}"),
    (
        "{person} resigned as head of {group}| on {date}",
        "{person} mengundurkan diri sebagai kepala {group}| pada {date}",
    ),
    (
        "{group} closed {count} schools in {place}| until {date}",
        "{group} menutup {count} sekolah di {place}| hingga {date}",
    ),
    (
        "{group} recorded {count} new cases in {place}| on {date}",
        "{group} mencatat {count} kasus baru di {place}| pada {date}",
    ),
    (
        "The new airport in {place} cost {money}| and opened in {year}",
        "Bandara baru di {place} menelan biaya {money}| dan dibuka pada {year}",
    ),
    (
        "{person} and {person2} signed a trade agreement| in {place}",
        "{person} dan {person2} menandatangani perjanjian dagang| di {place}",
    ),
    (
        "The population of {place} reached {count}| in {year}",
        "Jumlah penduduk {place} mencapai {count} jiwa| pada {year}",
    ),
    (
        "Police arrested {count} protesters in {place}| on {date}",
        "Polisi menangkap {count} pengunjuk rasa di {place}| pada {date}",
    ),
    (
        "{person} won the race in {place}| ahead of {person2}",
        "{person} memenangkan lomba di {place}| mengungguli {person2}",
    ),
    ("{group} approved a loan of {money}| for {place}", "{group} menyetujui pinjaman sebesar {money}| untuk {place}"),
    ("{group} imported {count} tonnes of rice| in {year}", "{group} mengimpor {count} ton beras| pada {year}"),
    (
        "A ferry carrying {count} passengers sank off {place}| on {date}",
        "Sebuah feri yang membawa {count} penumpang tenggelam di lepas pantai {place}| pada {date}",
    ),
    (
        "{percent} of residents in {place} support the plan| of {group}",
        "{percent} warga {place} mendukung rencana| {group}",
    ),
    (
        "{person} was sentenced to {small} years in prison| in {place}",
        "{person} dijatuhi hukuman {small} tahun penjara| di {place}",
    ),
    (
        "The match between {place} and {place2} was postponed| to {date}",
        "Pertandingan antara {place} dan {place2} ditunda| hingga {date}",
    ),
    (
        "{person} donated {money} to a hospital| in {place}",
        "{person} menyumbangkan {money} kepada rumah sakit| di {place}",
    ),
)
_SAID = (
    ("{speaker} said that {fact}", "{speaker} mengatakan bahwa {fact}"),
    ("According to {speaker}, {fact}", "Menurut {speaker}, {fact}"),
)
_DENIED = ("{speaker} denied that {fact}", "{speaker} membantah bahwa {fact}")
_MORE = ("more than {n}", "lebih dari {n}"), ("over {n}", "lebih dari {n}"), ("at least {n}", "setidaknya {n}")
_LESS = ("fewer than {n}", "kurang dari {n}"), ("less than {n}", "kurang dari {n}")
_ABOUT = ("about {n}", "sekitar {n}"), ("nearly {n}", "hampir {n}")
EN, ID = 0, 1
_LANGUAGES = ((ID, ID),) * 9 + ((EN, EN),) * 5 + ((ID, EN), (EN, ID)) * 3

_EXCLUSIVE = ("date", "monthyear", "year", "count", "percent", "money", "small")
_ONE_ONLY = (1, 7, 16)

Values = dict[str, tuple[str, str]]


class Sentence(NamedTuple):
    """A frame with its values; `full` shows the part behind the bar too."""

    frame: int
    values: Values
    full: bool

    def text(self, language: int) -> str:
        """The sentence in a language, without its full stop."""
        head, _, tail = _FRAMES[self.frame][language].partition("|")
        shown = head + (tail if self.full else "")
        text = shown.format(**{slot: value[language] for slot, value in self.values.items()})
        return text[:1].upper() + text[1:]


def template_rows(count: int, seed: int) -> tuple[Row, ...]:
    """Rows from templates, about evenly labelled, half of them Indonesian and a third across languages."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        claim_language, evidence_language = chance.choice(_LANGUAGES)
        maker = chance.choice((_same, _same, _changed, _changed, _bounded, _bounded, _unstated, _unstated, _spoken))
        claim, evidence, label = maker(chance, claim_language, evidence_language)
        evidence = _among_others(evidence, evidence_language, chance)
        lang = "id" if claim_language == ID else "en"
        rows.append(
            Row(f"template-{seed}-{number}", lang, f"{claim}.", evidence, label, f"t:{number}", "template", LICENCE)
        )
    return tuple(rows)


def _sentence(chance: random.Random, full: bool | None = None) -> Sentence:
    frame = chance.randrange(len(_FRAMES))
    return Sentence(frame, _values(chance), chance.random() < 0.7 if full is None else full)


def _values(chance: random.Random) -> Values:
    person, person2, place, place2 = _person(chance), _person(chance), chance.choice(_PLACES), chance.choice(_PLACES)
    day, month, year = chance.randint(1, 28), chance.randrange(12), chance.randint(1998, 2026)
    amount = chance.choice([chance.randint(2, 99), chance.randint(100, 999), chance.randint(1000, 999_999)])
    return {
        "person": (person, person),
        "person2": (person2, person2),
        "place": (place, place),
        "place2": (place2, place2),
        "group": chance.choice(_GROUPS),
        "date": _date(day, month, year, chance),
        "monthyear": (f"{_MONTHS[EN][month]} {year}", f"{_MONTHS[ID][month]} {year}"),
        "year": (str(year), str(year)),
        "count": _count(amount),
        "percent": _percent(chance),
        "money": _money(chance),
        "small": (str(chance.randint(2, 30)),) * 2,
    }


def _person(chance: random.Random) -> str:
    return f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"


def _date(day: int, month: int, year: int, chance: random.Random) -> tuple[str, str]:
    english = f"{_MONTHS[EN][month]} {day}, {year}" if chance.random() < 0.5 else f"{day} {_MONTHS[EN][month]} {year}"
    return english, f"{day} {_MONTHS[ID][month]} {year}"


def _count(amount: int) -> tuple[str, str]:
    english = f"{amount:,}"
    return english, english.replace(",", ".")


def _decimal(value: float) -> tuple[str, str]:
    english = f"{value:g}"
    return english, english.replace(".", ",")


def _percent(chance: random.Random) -> tuple[str, str]:
    english, indonesian = _decimal(round(chance.uniform(1, 95), chance.choice([0, 1, 1, 2])))
    return (
        (f"{english}%", f"{indonesian} persen") if chance.random() < 0.5 else (f"{english} percent", f"{indonesian}%")
    )


def _money(chance: random.Random) -> tuple[str, str]:
    english, indonesian = _decimal(round(chance.uniform(1, 950), chance.choice([0, 0, 1])))
    scale = chance.choice([("million", "juta"), ("billion", "miliar"), ("trillion", "triliun")])
    if chance.random() < 0.5:
        return f"Rp {english} {scale[EN]}", f"Rp{indonesian} {scale[ID]}"
    return f"${english} {scale[EN]}", f"{indonesian} {scale[ID]} dolar AS"


def _slots(sentence: Sentence) -> list[str]:
    head, _, tail = _FRAMES[sentence.frame][EN].partition("|")
    shown = head + (tail if sentence.full else "")
    return [slot for slot in sentence.values if "{" + slot + "}" in shown]


def _same(chance: random.Random, claim: int, evidence: int) -> tuple[str, str, str]:
    sentence = _sentence(chance)
    shorter = sentence._replace(full=False) if chance.random() < 0.4 else sentence
    return shorter.text(claim), sentence.text(evidence), "supported"


def _changed(chance: random.Random, claim: int, evidence: int) -> tuple[str, str, str]:
    """One value of the claim is another: refuted.

    A name or place is exchanged only where both cannot hold: who visited one town may have visited another.
    """
    slots: list[str] = []
    while not slots:
        sentence = _sentence(chance)
        slots = [slot for slot in _slots(sentence) if slot in _EXCLUSIVE or sentence.frame in _ONE_ONLY]
    slot = chance.choice(slots)
    while (other := _values(chance)[slot]) == sentence.values[slot]:
        pass
    changed = sentence._replace(values=sentence.values | {slot: other})
    return changed.text(claim), sentence.text(evidence), "refuted"


def _bounded(chance: random.Random, claim: int, evidence: int) -> tuple[str, str, str]:
    """ "More than", "fewer than" or "about" some number, true or not."""
    frame = chance.choice([at for at, frame in enumerate(_FRAMES) if "{count}" in frame[EN]])
    amount = chance.randint(20, 99_999)
    kind = chance.randrange(3)
    holds = chance.random() < 0.5
    if kind < 2:
        larger = (kind == 0) != holds
        named = int(amount * chance.uniform(1.1, 2.5) if larger else amount * chance.uniform(0.4, 0.92))
    else:
        factor = (
            chance.uniform(0.99, 1.02) if holds else chance.choice([chance.uniform(0.3, 0.7), chance.uniform(1.4, 3)])
        )
        named = int(amount * factor)
    named = _rounded(named)
    words = chance.choice((_MORE, _LESS, _ABOUT)[kind])
    number = _count(named)
    said = (words[EN].format(n=number[EN]), words[ID].format(n=number[ID]))
    if kind == 0:
        holds = named <= amount if words[EN].startswith("at least") else named < amount
    if kind == 1:
        holds = named > amount
    exact = Sentence(frame, _values(chance) | {"count": _count(amount)}, chance.random() < 0.5)
    bounded = exact._replace(values=exact.values | {"count": said})
    return bounded.text(claim), exact.text(evidence), "supported" if holds else "refuted"


def _rounded(number: int) -> int:
    """Two leading digits kept: people do not say "more than 4,183"."""
    unit = 10 ** max(0, len(str(number)) - 2)
    return max(1, number // unit * unit)


def _unstated(chance: random.Random, claim: int, evidence: int) -> tuple[str, str, str]:
    """The claim adds something, or tells another event of the same people and places: undecided."""
    sentence = _sentence(chance, full=True)
    if chance.random() < 0.5:
        return sentence.text(claim), sentence._replace(full=False).text(evidence), "not_enough_evidence"
    other = _sentence(chance)
    while other.frame == sentence.frame:
        other = _sentence(chance)
    shared = {slot: sentence.values[slot] for slot in ("person", "person2", "place", "group", "date", "year")}
    other = other._replace(values=other.values | shared)
    return other.text(claim), sentence.text(evidence), "not_enough_evidence"


def _spoken(chance: random.Random, claim: int, evidence: int) -> tuple[str, str, str]:
    """Who said what: the same words of the same speaker, of another, denied, or not said by anybody."""
    fact = _sentence(chance)
    speaker, other = _person(chance), _person(chance)
    claimed, stated = chance.choice(_SAID)[claim], chance.choice(_SAID)[evidence]
    said = claimed.format(speaker=speaker, fact=_lower(fact.text(claim)))
    kind = chance.randrange(4)
    if kind == 0:
        return said, stated.format(speaker=speaker, fact=_lower(fact.text(evidence))), "supported"
    if kind == 1:
        return said, stated.format(speaker=other, fact=_lower(fact.text(evidence))), "not_enough_evidence"
    if kind == 2:
        return said, fact.text(evidence), "not_enough_evidence"
    return said, _DENIED[evidence].format(speaker=speaker, fact=_lower(fact.text(evidence))), "refuted"


def _lower(text: str) -> str:
    """A sentence behind "that": names keep their capital."""
    first = text.split(" ", 1)[0]
    return text if first in _FIRST or first[:1].isdigit() else text[:1].lower() + text[1:]


def _among_others(evidence: str, language: int, chance: random.Random) -> str:
    """The evidence, half of the time with one or two sentences of other events around it."""
    others = [_sentence(chance).text(language) for _ in range(chance.choice([0, 0, 0, 1, 1, 2]))]
    place = chance.randint(0, len(others))
    return " ".join(f"{text}." for text in _inserted(others, place, evidence))


def _inserted(others: list[str], place: int, evidence: str) -> Iterator[str]:
    yield from others[:place]
    yield evidence
    yield from others[place:]

"""Rows made from rows: what the given data lacks, deterministic by seed.

Every maker keeps one rule: the change must not be visible in the claim alone, or the network learns the change and
not the comparison. So negation is added to refuted and undecided rows too, and numbers are changed into numbers that
look alike.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from training.rows import Row, untokenise


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
_YEAR = re.compile(r"^(1[5-9]|20)\d\d$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"(])")
_BOUNDED = re.compile(
    r"\b(more|less|over|under|least|most|before|after|since|until|about|around|than|nearly|almost|approximately|"
    r"lebih|kurang|sebelum|sesudah|setelah|sejak|hingga|sampai|sekitar|hampir|minimal|maksimal|di atas|di bawah)\b",
    re.IGNORECASE,
)
_MONTHS = {
    "en": _words("January February March April May June July August September October November December"),
    "id": _words("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"),
}
_WEEKDAYS = {
    "en": _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "id": _words("Senin Selasa Rabu Kamis Jumat Sabtu Minggu"),
}
_OPPOSITES = {
    "en": (
        ("first", "last"),
        ("increase", "decrease"),
        ("increased", "decreased"),
        ("rose", "fell"),
        ("won", "lost"),
        ("more", "fewer"),
        ("higher", "lower"),
        ("before", "after"),
        ("largest", "smallest"),
        ("north", "south"),
        ("east", "west"),
        ("northern", "southern"),
        ("eastern", "western"),
        ("best", "worst"),
        ("above", "below"),
        ("all", "none"),
        ("always", "never"),
        ("male", "female"),
        ("positive", "negative"),
        ("older", "younger"),
        ("million", "billion"),
        ("oldest", "youngest"),
        ("highest", "lowest"),
        ("approved", "rejected"),
        ("accepted", "refused"),
        ("opened", "closed"),
        ("started", "ended"),
        ("alive", "dead"),
        ("born", "died"),
    ),
    "id": (
        ("pertama", "terakhir"),
        ("naik", "turun"),
        ("meningkat", "menurun"),
        ("menang", "kalah"),
        ("memenangkan", "kehilangan"),
        ("lebih", "kurang"),
        ("sebelum", "setelah"),
        ("terbesar", "terkecil"),
        ("utara", "selatan"),
        ("timur", "barat"),
        ("terbaik", "terburuk"),
        ("di atas", "di bawah"),
        ("semua", "tidak ada"),
        ("selalu", "tidak pernah"),
        ("laki-laki", "perempuan"),
        ("pria", "wanita"),
        ("positif", "negatif"),
        ("tertua", "termuda"),
        ("juta", "miliar"),
        ("tertinggi", "terendah"),
        ("menerima", "menolak"),
        ("dibuka", "ditutup"),
        ("dimulai", "berakhir"),
        ("hidup", "mati"),
        ("lahir", "meninggal"),
        ("besar", "kecil"),
        ("banyak", "sedikit"),
        ("tinggi", "rendah"),
        ("muda", "tua"),
        ("datang", "pergi"),
        ("menyetujui", "menolak"),
    ),
}
_PLACES = {
    "en": _words(
        "Indonesia Malaysia Singapore Thailand Vietnam Japan China India Australia Russia Ukraine France Germany Italy "
        "Spain Brazil Canada Mexico Egypt Turkey Iran Iraq Israel Pakistan Nigeria Jakarta London Paris Berlin Tokyo "
        "Moscow Beijing Seoul Washington Chicago Boston Sydney"
    ),
    "id": _words(
        "Indonesia Malaysia Singapura Thailand Vietnam Jepang Tiongkok India Australia Rusia Ukraina Prancis Jerman "
        "Italia Spanyol Brasil Kanada Meksiko Mesir Turki Iran Irak Israel Pakistan Jakarta Surabaya Bandung Medan "
        "Semarang Makassar Yogyakarta Bali Palembang London Paris Berlin Tokyo Moskow Beijing Seoul Papua Aceh"
    ),
}
_FLIP = {"supported": "refuted", "refuted": "supported", "not_enough_evidence": "not_enough_evidence"}
_EN_AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|will|would|can|could|did|does|do|may|must|should)\b")
_EN_NEGATED = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|could|did|does|do|may|must|should) not\b(?! only)"
)
_ID_COPULA = re.compile(r"\b(adalah|ialah)\b")
_ID_VERB = re.compile(
    r"(?<=\s)((?:me|di|ber|ter)[a-z]{4,}|memiliki|ada|akan|pernah|bisa|dapat|telah|sudah|merupakan)\b"
)
_ID_NEGATED = re.compile(r"\b(tidak|bukan|belum)\s+(?=[a-z])(?!hanya|saja|pernah ada)", re.IGNORECASE)

Maker = Callable[[Row, random.Random], str | None]


class Recipe(NamedTuple):
    """How many rows each maker may add, as a share of the rows that it can be applied to."""

    numbers: float = 0.7
    words: float = 0.5
    negation: float = 0.25
    identity: float = 0.06
    context: float = 0.25
    irrelevant: float = 0.45
    same_page: float = 0.15
    natural: float = 0.5


def augment(rows: Sequence[Row], recipe: Recipe, seed: int) -> tuple[Row, ...]:
    """The given rows, half of them with natural spacing, and the rows made from them.

    Args:
        rows: given rows of one part (never training and validation rows together).
        recipe: shares of each maker.
        seed: the same seed gives the same rows.
    """
    chance = random.Random(seed)
    rows = tuple(_natural(row) if chance.random() < recipe.natural else row for row in rows)
    made = list(rows)
    for share, maker in (
        (recipe.numbers, changed_number),
        (recipe.words, changed_word),
        (recipe.negation, negation),
        (recipe.identity, identity),
    ):
        for row in rows:
            if chance.random() < share:
                new = maker(row, chance)
                if new is not None:
                    made.append(new)
    made += irrelevant(made, recipe.irrelevant, chance)
    made += same_page(rows, recipe.same_page, chance)
    made += in_context(made, recipe.context, chance)
    return tuple(made)


def _natural(row: Row) -> Row:
    return row._replace(claim=untokenise(row.claim), evidence=untokenise(row.evidence))


def changed_number(row: Row, chance: random.Random) -> Row | None:
    """A supported claim whose number the evidence has, with another number: refuted."""
    if row.label != "supported" or _BOUNDED.search(row.claim):
        return None
    known = {match.group() for match in _NUMBER.finditer(row.evidence)}
    places = [match for match in _NUMBER.finditer(row.claim) if match.group() in known]
    if not places:
        return None
    place = chance.choice(places)
    for _ in range(8):
        other = similar_number(place.group(), chance)
        if other not in known:
            claim = row.claim[: place.start()] + other + row.claim[place.end() :]
            return row.changed("number", claim=claim, label="refuted")
    return None


def similar_number(text: str, chance: random.Random) -> str:
    """Another number of the same form: a year near by, or some digits changed."""
    if _YEAR.match(text):
        return str(int(text) + chance.choice([-1, 1]) * chance.choice([1, 1, 2, 3, 4, 5, 7, 10, 12, 20]))
    digits = [at for at, char in enumerate(text) if char.isdigit()]
    for _ in range(8):
        new = list(text)
        for at in chance.sample(digits, min(len(digits), chance.choice([1, 1, 2]))):
            new[at] = chance.choice("123456789" if at == 0 else "0123456789")
        if new != list(text):
            return "".join(new)
    return text + "0"


def changed_word(row: Row, chance: random.Random) -> Row | None:
    """A supported claim with a month, weekday, place, opposite or name of the evidence exchanged: refuted."""
    if row.label != "supported":
        return None
    options = [*_list_changes(row, chance), *_opposite_changes(row)]
    name = _name_change(row, chance)
    if name is not None and (not options or chance.random() < 0.4):
        options = [name]
    if not options:
        return None
    return row.changed("word", claim=chance.choice(options), label="refuted")


def _list_changes(row: Row, chance: random.Random) -> Iterator[str]:
    for table in (_MONTHS, _WEEKDAYS, _PLACES):
        words = table.get(row.lang, ())
        for word in words:
            pattern = re.compile(rf"\b{word}\b")
            if pattern.search(row.claim) and pattern.search(row.evidence):
                other = chance.choice([w for w in words if w not in row.evidence and w not in row.claim] or [None])
                if other:
                    yield pattern.sub(other, row.claim)


def _opposite_changes(row: Row) -> Iterator[str]:
    for pair in _OPPOSITES.get(row.lang, ()):
        for one, other in (pair, pair[::-1]):
            pattern = re.compile(rf"\b{one}\b")
            if (
                pattern.search(row.claim)
                and pattern.search(row.evidence)
                and not re.search(rf"\b{other}\b", row.evidence)
            ):
                yield pattern.sub(other, row.claim, count=1)


_NAME = re.compile(r"(?<![.!?\"] )(?<!^)\b[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")


def _name_change(row: Row, chance: random.Random) -> str | None:
    """The claim with one of its names, which the evidence has, exchanged for another name of the evidence."""
    in_evidence = list(dict.fromkeys(_NAME.findall(row.evidence)))
    in_claim = [name for name in in_evidence if re.search(rf"\b{re.escape(name)}\b", row.claim)]
    others = [n for n in in_evidence if n not in row.claim and not any(n in name or name in n for name in in_claim)]
    if not in_claim or not others:
        return None
    old = chance.choice(in_claim)
    fitting = [n for n in others if n.count(" ") == old.count(" ")]
    return row.claim.replace(old, chance.choice(fitting), 1) if fitting else None


def negation(row: Row, chance: random.Random) -> Row | None:
    """The claim negated, or its negation taken out: supported and refuted change places, the rest stays."""
    claim = negated(row.claim, row.lang)
    return row.changed("negation", claim=claim, label=_FLIP[row.label]) if claim else None


def negated(claim: str, lang: str) -> str | None:
    """The sentence with the opposite truth value, or None where no safe change is known."""
    if re.search(
        r"\b(all|every|only|some|never|no|nobody|semua|setiap|hanya|beberapa|sebagian|tak|tanpa)\b", claim, re.I
    ):
        return None
    if lang == "en":
        if _EN_NEGATED.search(claim):
            return _EN_NEGATED.sub(r"\1", claim, count=1)
        if re.search(r"\bnot\b|n't\b", claim) or not _EN_AUXILIARY.search(claim):
            return None
        return _EN_AUXILIARY.sub(r"\1 not", claim, count=1)
    if lang == "id":
        if _ID_NEGATED.search(claim):
            return _capital(_ID_NEGATED.sub("", claim, count=1), claim)
        if _ID_COPULA.search(claim):
            return _ID_COPULA.sub("bukan", claim, count=1)
        if _ID_VERB.search(claim):
            return _ID_VERB.sub(lambda match: _id_negation(match.group()), claim, count=1)
    return None


def _id_negation(verb: str) -> str:
    if verb in ("telah", "sudah"):
        return "belum"
    return f"bukan {verb}" if verb == "merupakan" else f"tidak {verb}"


def _capital(text: str, like: str) -> str:
    return text[:1].upper() + text[1:] if like[:1].isupper() else text


def identity(row: Row, chance: random.Random) -> Row | None:
    """A sentence of the evidence, or its part before a closing clause, as the claim: supported."""
    sentences = [s for s in sentences_of(row.evidence) if 5 <= len(s.split()) <= 40]
    if not sentences:
        return None
    claim = chance.choice(sentences)
    if chance.random() < 0.5:
        claim = re.sub(r"\s*\([^)]*\)", "", claim)
        parts = re.split(r"(?:;|, (?:which|who|while|where|yang|sedangkan|sementara|dimana)\b)", claim)
        if len(parts[0].split()) >= 5:
            claim = parts[0].rstrip(" ,.") + "."
    return row.changed("identity", claim=claim, label="supported")


def sentences_of(text: str) -> list[str]:
    """Sentences by a plain rule; good enough to cut training text."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def irrelevant(rows: Sequence[Row], share: float, chance: random.Random) -> list[Row]:
    """Claims with evidence of other pages that looks alike (BM25 over all evidence of the language): undecided."""
    made: list[Row] = []
    for lang in sorted({row.lang for row in rows}):
        of_lang = [row for row in rows if row.lang == lang]
        evidence = list({row.evidence: row for row in of_lang}.values())
        chosen = [row for row in of_lang if chance.random() < share]
        for row, near in zip(chosen, _nearest(chosen, evidence), strict=True):
            others = [other for other in near if other.group != row.group and overlap(row.claim, other.evidence) < 0.75]
            if others:
                other = others[min(int(chance.expovariate(0.35)), len(others) - 1)]
                made.append(row.changed("irrelevant", evidence=other.evidence, label="not_enough_evidence"))
    return made


def _nearest(claims: Sequence[Row], evidence: Sequence[Row], k: int = 12) -> Iterator[list[Row]]:
    import bm25s

    if not claims:
        return
    index = bm25s.BM25()
    index.index(
        bm25s.tokenize([row.evidence for row in evidence], stopwords=[], show_progress=False), show_progress=False
    )
    queries = bm25s.tokenize([row.claim for row in claims], stopwords=[], show_progress=False)
    found, _scores = index.retrieve(queries, k=min(k, len(evidence)), show_progress=False)
    for line in np.asarray(found):
        yield [evidence[int(at)] for at in line]


def same_page(rows: Sequence[Row], share: float, chance: random.Random) -> list[Row]:
    """Claims with another passage of their own page that has few of their words: undecided."""
    pages: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        pages[row.group].append(row)
    made = []
    for row in rows:
        if chance.random() < share:
            others = [
                other
                for other in pages[row.group]
                if overlap(row.claim, other.evidence) < 0.45 and overlap(row.evidence, other.evidence) < 0.4
            ]
            if others:
                evidence = chance.choice(others).evidence
                made.append(row.changed("same_page", evidence=evidence, label="not_enough_evidence"))
    return made


def overlap(claim: str, evidence: str) -> float:
    """Share of the claim's longer words that the evidence has."""
    words = {word for word in re.findall(r"\w+", claim.casefold()) if len(word) > 3 or word.isdigit()}
    return len(words & set(re.findall(r"\w+", evidence.casefold()))) / max(len(words), 1)


def in_context(rows: Sequence[Row], share: float, chance: random.Random) -> list[Row]:
    """Evidence among one to three sentences of other passages, so that whole passages can be judged: label kept."""
    made = []
    by_lang: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_lang[row.lang].append(row)
    for row in rows:
        if chance.random() >= share or len(row.evidence.split()) > 90:
            continue
        parts = [row.evidence]
        for _ in range(chance.choice([1, 1, 2, 3])):
            other = chance.choice(by_lang[row.lang])
            sentence = chance.choice(sentences_of(other.evidence) or [other.evidence])
            if other.group != row.group and overlap(row.claim, sentence) < 0.3 and len(sentence.split()) < 40:
                parts.insert(chance.choice([0, len(parts)]), sentence)
        if len(parts) > 1:
            made.append(row.changed("context", evidence=" ".join(parts)))
    return made


def revisions(rows: Sequence[Row]) -> list[Row]:
    """Contrast between the sentences of one claim and between the claims of one sentence.

    Where one version of a sentence supports a claim and another refutes it, the two versions disagree; where a
    sentence supports one claim and refutes a similar one, those disagree (the construction of VitaminC, Schuster et
    al. 2021, arXiv:2103.08541).
    """
    made: list[Row] = []
    for key, other_key in (("claim", "evidence"), ("evidence", "claim")):
        together: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            together[getattr(row, key)].append(row)
        for group in together.values():
            agree = [row for row in group if row.label == "supported"]
            against = [row for row in group if row.label == "refuted"]
            for one, two in zip(agree, against, strict=False):
                first, second = getattr(one, other_key), getattr(two, other_key)
                if overlap(first, second) >= 0.5 and overlap(second, first) >= 0.5:
                    made.append(one.changed("revision", claim=first, evidence=second, label="refuted"))
                    made.append(two.changed("revision", claim=second, evidence=first, label="refuted"))
    return made

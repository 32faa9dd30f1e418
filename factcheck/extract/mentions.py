"""What a claim takes up from the sentences before it: `the race`, `perjanjian itu`, `both countries`, `at that time`.

Each is filled in only where the last few sentences have one thing that fits; else it stays, and the claim says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from factcheck.dates import find_dates
from factcheck.extract.clauses import VERB_EN, VERB_ID, first_verb
from factcheck.text import word_set

REACH = 4
"""Sentences back that are searched for what is meant."""

_STOPS = word_set(
    "a an the this that these those his her its their our my your some any each every no several many few both all"
    " of in on at to for from with by as about into through over under between against during like across towards"
    " and or but nor so because while when where which who whom whose that if than not also then now only just still"
    " he she it they we you i"
)
_ARTICLES = word_set("a an the its his her their this")
_WEAK = word_set(
    "new old other another same first second third next last later early current former main major many more most own"
    " different various such certain whole entire two three four five one baru lama lain lainnya sama pertama kedua"
    " ketiga besar kecil utama sendiri pun juga saja"
)
"""Words that tell nothing of which thing is meant."""
_THE = re.compile(
    r"^(?P<lead>(?:[A-Z][^,]{3,60}, )?)(?P<det>[Tt]he|[Tt]h[ei]s|[Tt]hese|[Tt]hat|[Tt]hose) (?P<noun>[A-Za-z]{3,})\b"
)
_NO_NOUN = word_set(
    "first second third last latter former rest same other others following only most number name year day time way"
    " fact result reason idea case point thing things people world one ones ability use presence amount is are was were"
)
_ITU = re.compile(
    r"(?:\b(?P<small>[a-z]{4,})|^(?P<first>[A-Z][a-z]{3,}))(?P<adj> (?:baru|lama|besar|bersama))? (?:itu|tersebut"
    r"|ini)\b(?! (?:juga )?(?:adalah|yang)\b)"
)
_NO_NOUN_ID = word_set(
    "hal saat hari tahun bulan minggu pekan malam pagi siang sore waktu ketika sementara selain karena oleh untuk"
    " dengan"
    " masa cara negara negeri kedua orang pihak seperti begitu demikian ketiga keempat kini sampai hingga sejak selama"
    " setelah sebelum namun tetapi jika bahwa adalah momen periode zaman dalam pada dari yang akan telah sudah akibat"
    " atas antara bagi soal tentang kawasan wilayah tempat daerah dunia jam pasangan pemimpin tokoh pria wanita"
)
_ALIKE = (
    word_set("perjanjian kemitraan pakta traktat kesepakatan"), word_set("kunjungan lawatan muhibah"),
    word_set("serangan invasi agresi"), word_set("pertemuan perundingan"), word_set("kecelakaan tabrakan"),
)  # fmt: skip
_VISITS = word_set("kunjungan lawatan perjalanan")
_NAME = r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,4}"
_ARRIVES = re.compile(
    rf"(?P<who>{_NAME}) (?:telah |sudah |akan )?(?:tiba di|mendarat di|berkunjung ke|bertolak ke|mengunjungi"
    rf"|melawat ke)"
    rf" (?P<where>{_NAME})"
)
_AFTER_ID = re.compile(r"(?P<more>(?: (?:(?:ke|dari|antara|tentang) (?=[^\W\d_a-z]))?(?:[^\W\d_]|\d)[\w’'/.-]*){1,9})")
_CUT_ID = word_set(
    "di ke dari pada untuk dengan karena oleh yang adalah dan serta atau itu ini tersebut dalam sebagai bahwa saat"
    " ketika setelah sebelum sejak hingga sampai akan telah sudah tidak bukan belum lalu kemudian juga mulai selama"
    " antara tentang terhadap bagi usai seperti agar sehingga"
)

_THEN = re.compile(
    r"^(?:(?:Pada )?(?:saat|hari|bulan|tahun|malam) itu|Ketika itu|Sejak (?:saat )?itu|At (?:the|that) time|(?:On )?"
    r"that (?:day|night|month|year)|In that year|Since then|By then)\b",
    re.IGNORECASE,
)
_COUNTRIES = (
    "Rusia Ukraina Jepang Vietnam Indonesia Malaysia Singapura Filipina Thailand India Pakistan Iran Irak Israel"
    " Palestina Turki Mesir Inggris Prancis Jerman Italia Belanda Spanyol Polandia Australia Kanada Meksiko Brasil"
    " Argentina Kuba Belarus Mongolia Myanmar Kamboja Laos Afghanistan Suriah China Tiongkok Russia Ukraine Japan"
    " Singapore Philippines Turkey Egypt Britain France Germany Italy Netherlands Spain Poland Canada Mexico Brazil"
    " Cuba Syria Cambodia"
)
_COUNTRY = re.compile(
    r"\b(?:Korea Utara|Korea Selatan|Amerika Serikat|Arab Saudi|Selandia Baru|Afrika Selatan|Papua Nugini|Timor Leste"
    r"|North Korea|South Korea|(?:the )?United States|Saudi Arabia|New Zealand|South Africa|(?:the )?United Kingdom|"
    + "|".join(_COUNTRIES.split()) + r")\b"
)  # fmt: skip
_BOTH = re.compile(r"\b(?:kedua negara(?: (?:itu|tersebut|ini))?|the two countries|both countries)\b", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?")


def meant(text: str, before: Sequence[str], language: str, title: str = "") -> tuple[str, list[str]]:
    """A clause with what it takes up from the sentences before filled in, and a note for each.

    Args:
        text: the clause, its pronouns filled in.
        before: the sentences before it, the last one last.
        language: `id` or `en`.
        title: of the article; it is looked at where the sentences do not tell.
    """
    notes = []
    near = list(before[-REACH:])
    for fill in (_then, _both, _itu if language == "id" else _the):
        text, note = fill(text, near, language)
        if note is None and title and fill is not _then:
            text, note = fill(text, [title], language)
        notes += [note] if note else []
    return text, notes


def is_country(name: str) -> bool:
    """Whether a name is of a country that is often in the news."""
    return _COUNTRY.fullmatch(name) is not None


def _quoted(text: str, at: int) -> bool:
    return any(m.start() <= at < m.end() for m in _QUOTED.finditer(text))


def _then(text: str, near: list[str], language: str) -> tuple[str, str | None]:
    match = _THEN.match(text)
    if match is None or not near:
        return text, None
    found = {
        m.text for m in find_dates(near[-1], language) if m.resolved_from != "relative" and re.search(r"\d{4}", m.text)
    }
    if len(found) != 1:
        return text, None
    day = re.sub(r"[()]", "", found.pop())
    return f"{text[: match.end()]} ({day}){text[match.end() :]}", f"“{match.group()}”: {day}"


def _both(text: str, near: list[str], language: str) -> tuple[str, str | None]:
    match = _BOTH.search(text)
    if match is None or _quoted(text, match.start()) or _COUNTRY.search(text[: match.start()]):
        return text, None
    for reach in range(1, len(near) + 1):
        found = list(dict.fromkeys(m.group() for m in _COUNTRY.finditer(" ".join(near[-reach:]))))
        if len(found) > 2:
            break
        if len(found) == 2:
            joined = (" dan " if match.group().lower().startswith("kedua") else " and ").join(found)
            return text[: match.start()] + joined + text[match.end() :], f"“{match.group()}”: {joined}"
    return text, None


def _one(found: Iterable[str]) -> str | None:
    """The one thing among several mentions, of which a longer one may hold the others."""
    ranked = sorted(dict.fromkeys(found), key=len)
    if not ranked or any(one.casefold() not in ranked[-1].casefold() for one in ranked):
        return None
    return ranked[-1]


def _the(text: str, near: list[str], language: str) -> tuple[str, str | None]:
    match = _THE.match(text)
    if match is None or match["noun"].lower() in _NO_NOUN:
        return text, None
    rest = text[match.end() :]
    if (
        not re.match(r" ", rest)
        or not VERB_EN.match(rest.strip())
        or re.match(r" [a-z]+ed (?:by|in|at|on|for)\b", rest)
    ):
        return text, None
    noun = match["noun"]
    thing = _one(name for sentence in near[-2:] for name in _named_en(noun, sentence)) or _part_of(noun, near)
    thing = thing or _deed(noun, near[-1:])
    if thing is None:
        return text, None
    shown = thing[0].upper() + thing[1:] if not match["lead"] else thing
    anaphor = text[match.start("det") : match.end("noun")]
    return f"{match['lead']}{shown}{rest}", f"“{anaphor}”: {thing}"


_HAS = re.compile(
    r"^(?P<whole>(?:An?|The) [a-z]+(?: [a-z]+)?|[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*) (?:is made (?:up )?of|consists of"
    r"|contains"
    r"|includes|comprises|has) (?P<parts>.+)"
)


def _part_of(noun: str, near: list[str]) -> str | None:
    """`the foam of a surfboard`, where the sentence before says that a surfboard is made of foam and more."""
    found = (_HAS.match(sentence) for sentence in near)
    having = [h for h in found if h and re.search(rf"(?:^|[, ]){re.escape(noun)}\b", h["parts"])]
    if len(having) != 1:
        return None
    whole = having[0]["whole"]
    return f"the {noun} of {whole[0].lower() + whole[1:] if re.match(r'(?:An?|The) ', whole) else whole}"


_DEEDS = {"win": "won", "victory": "won", "defeat": "lost", "loss": "lost", "death": "died", "sale": "sold"}
_DOES = re.compile(
    r"^(?P<who>(?:The )?[^\W\d_a-z][\w’'-]*(?: (?:of |for |the )*[^\W\d_a-z][\w’'-]*)*)"
    r" (?:is |was |are |were |has been )?(?P<verb>[a-z]+)\b"
)


def _deed(noun: str, near: list[str]) -> str | None:
    """What `this win` or `the appointment` takes up from the verb before: `Arnala won`, `the judge is appointed`."""
    does = _DOES.match(near[0]) if near else None
    if does is None or does["who"].lower() in _STOPS:
        return None
    verb, who = does["verb"], does["who"]
    stem = verb[:-2][:7]
    if _DEEDS.get(noun) != verb and not (verb.endswith("ed") and len(stem) > 4 and noun.startswith(stem)):
        return None
    return f"the {noun} of {who[0].lower() + who[1:] if who.startswith('The ') else who}"


def _named_en(noun: str, sentence: str) -> list[str]:
    """What a noun stands for in a sentence: the noun with the words before it that tell which."""
    found = []
    for match in re.finditer(rf"(?P<before>(?:[\w’'.-]+ ){{1,7}}){re.escape(noun)}\b(?! [a-z]+ing\b)", sentence):
        words: list[str] = []
        article = ""
        for word in reversed(match["before"].split()):
            low = word.lower()
            if low in _STOPS or word[-1] in ".,;:" or VERB_EN.fullmatch(low) or low.endswith("ly"):
                article = low if low in _ARTICLES else ""
                break
            words.insert(0, word)
        if any(word.lower() == "most" or word.endswith("est") for word in words):
            continue  # the most expensive of what is lost
        if not words or all(word.lower() in _WEAK or not word[0].isalpha() for word in words):
            continue
        more = re.match(r" (?:for|of) (?:the )?[A-Z]\w+(?: [A-Z]\w+)*", sentence[match.end() :])
        name = " ".join([*words, noun]) + (more.group() if more else "")
        found.append(f"the {name}" if article else name)
    return found


def _itu(text: str, near: list[str], language: str) -> tuple[str, str | None]:
    for match in _ITU.finditer(text):
        noun = (match["small"] or match["first"]).lower()
        known = re.search(rf"\b{noun}\b", text[: match.start()], re.IGNORECASE)
        if noun in _NO_NOUN_ID or known or _quoted(text, match.start()):
            continue
        others = [word for group in _ALIKE if noun in group for word in sorted(group - {noun})]
        thing = _one(name for sentence in near for name in _named_id(noun, sentence))
        if thing is None:
            other = _one(name for sentence in near for head in others for name in _named_id(head, sentence))
            if noun in _VISITS and other is None:
                other = _one(f"{noun} {m['who']} ke {m['where']}" for s in near for m in _ARRIVES.finditer(s))
            if other is None:
                continue
            joined = other if other.startswith(noun) else f"{noun} itu ({other})"
            thing = f"{noun} {other}" if other.startswith("kemitraan") else joined
        shown = thing[0].upper() + thing[1:] if match["first"] else thing
        return text[: match.start()] + shown + text[match.end() :], f"“{match.group()}”: {thing}"
    return text, None


def _named_id(noun: str, sentence: str) -> list[str]:
    """What a noun stands for in a sentence: the noun with the words after it that tell which."""
    found = []
    for match in re.finditer(rf"\b{noun}\b", sentence, re.IGNORECASE):
        more = _AFTER_ID.match(sentence, match.end())
        if more is None:
            continue
        kept: list[str] = []
        words = more["more"].split()
        for place, word in enumerate(words):
            linked = word in ("ke", "dari", "antara", "tentang") and word != words[-1]
            bare = word.rstrip(".,")
            if linked and words[place + 1][:1].isupper() and kept:
                kept.append(word)
                continue
            if word == "dan" and kept and place + 1 < len(words) and _thing_too(words[place + 1]):
                kept.append(word)
                continue
            if bare in _CUT_ID or (bare.islower() and VERB_ID.fullmatch(bare) and _acts(bare)):
                break
            if bare.islower() and kept and kept[-1][0].isupper():
                break  # after a name the predicate begins: "perjanjian dagang Oslo gagal"
            kept.append(bare)
            if word[-1] in ".,":
                break
        if not kept or all(word in _WEAK or not word[0].isalpha() for word in kept):
            continue
        found.append(" ".join([match.group().lower(), *kept]))
    return found


def _thing_too(word: str) -> bool:
    return word.islower() and word not in _CUT_ID and not VERB_ID.fullmatch(word)


def _acts(word: str) -> bool:
    return first_verb(word, "id") is not None

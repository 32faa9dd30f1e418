"""Parts of a sentence that stand alone, and the interpretation around them that cannot be checked."""

from __future__ import annotations

import re
from typing import NamedTuple

from factcheck.text import word_set

VERB_ID = re.compile(
    r"\b(?:tidak|bukan|belum|akan|telah|sudah|adalah|merupakan|ialah|sedang|masih|dapat|bisa"
    r"|harus|pernah|ada|terjadi|naik|turun"
    r"|tewas|tiba|lahir|wafat|datang|pergi|jatuh|hilang|menang|kalah|mulai|ikut|kembali|tetap"
    r"|mendarat|meninggal|hadir|runtuh|ambruk)\b"
    r"|\b(?:men|mem|meng|meny|ber)[a-z]{3,}\b|\b(?:me[lrwy])[a-z]{3,}\b|\bdi(?:[a-z]{4,})\b"
    r"|\bter(?!sebut|hadap|utama|akhir|bang|masuk|besar|tinggi|baru|lalu)[a-z]{3,}\b|\bdi (?!sini"
    r"|sana|mana|dalam|atas|bawah)[a-z]+(?:kan|i)\b"
)
VERB_EN = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|does|do"
    r"|did|won|lost|fell|rose|made|took"
    r"|went|came|left|saw|got|met|died|grew|held|began|became|gave|said|built|led|ran|won"
    r"|wrote|sold|bought|cut|hit|put|shot"
    r"|spent|paid|kept|found|told|sent|set|struck|drew|broke|won"
    r"|chose|stood|fought|taught|thought|caught|brought|sought|felt|meant|flew|threw|knew|wore|drove|rode|spoke|stole"
    r"|hid|sank|sang|drank|hung|fled|fed|ate|lent|swept|slept|withdrew|overcame|underwent|understood|forgot|spread"
    r"|include|includes|provides|supports|contains|refers|offers|allows|helps|makes|takes|gives|serves|requires|remains"
    r"|varies|consists|involves|specializes|specialises|describes|indicates|represents|depends|occurs|exists|becomes"
    r"|belongs|operates|produces|performs|receives|reaches|continues|creates|develops|enables|prevents|protects|reduces"
    r"|affects|connects|exhibits|retains|incorporates|teaches|writes|sings|attends|owns|lives|kills|specialize"
    r"|leads|refer|comes|wants|needs|says|holds|plays a|works (?:as|at|for)|doesn['’]t|don['’]t|isn['’]t"
    r"|aren['’]t|wasn['’]t|didn['’]t)\b|\b[a-z]{3,}(?<!ne)(?<!hundr)ed\b"
)
_NOT_VERB_ID = word_set(
    "mewah merdeka merpati melati melayu meriah merek merk"
    " "
    "menteri mengenai menurut mentah memang melalui mengapa menjelang beberapa bersama berita berikut"
    " berdasarkan berbagai bendera beras berlian dinas dia dini diri dirinya direktur disiplin distrik"
    " dinding divisi merah mereka meskipun bersejarah berwenang bersangkutan berat bencana benteng bentuk"
    " bersih benar bernama mendatang menengah terhadap terutama tersebut terkait terlalu terpisah mesin"
    " meter berlaku daerah digital diskusi diplomat dilema dimensi mengingat teratas terakhir termasuk"
    " terpanas terdingin tertua termuda tercepat terbaik terburuk terpanjang terpendek terdekat terjauh terendah"
    " terkuat"
    " terkenal terpenting termahal termurah terkaya termiskin terluas terdalam tersibuk terpopuler terpadat terbanyak"
    " terkecil tertentu"
    " teror teras terang terminal territorial meski menit menu mental mentor mereka-mereka berikutnya"
    " merek beri bersamaan"
)

_RELATIVE = re.compile(
    r"\b(?:yang|Yang|who|that|which)\s+(?:(?:tidak|telah|sudah|akan|belum|masih|sedang|also|has|have|had)\s+)?$"
)

# What follows says what it means to the writer, not what happened.
_INTERPRETS = (
    r"menandakan|menunjukkan (?:betapa|bahwa hubungan|semakin)|mencerminkan|menggambarkan"
    r"|dinilai|dianggap|di ?perkirakan|kemungkinan"
    r"|di ?khawatirkan|menandai (?:babak|semakin)|berpotensi|di ?yakini|memperlihatkan|diharapkan|seolah"
)
_TAIL_ID = re.compile(
    rf",?\s+yang (?:{_INTERPRETS})\b|,\s+(?:yang )?(?:{_INTERPRETS})\b|,?\s+(?:dan|serta) (?:{_INTERPRETS}"
    rf"|merupakan momen|menjadi momen)\b"
    r"|,?\s+untuk (?:menunjukkan|memamerkan|menegaskan|memperlihatkan)\b|,?\s+sehingga (?:dinilai"
    r"|dianggap|mempererat|memperkuat)\b"
    r"|,?\s+(?:ketika|di tengah|saat) [^,.]{3,60} semakin [a-z]+|,\s+sebuah (?:langkah|momen"
    r"|kunjungan|tanda|isyarat)\b"
)
_TAIL_EN = re.compile(
    r",\s+(?:signal+ing|highlighting|underscoring|reflecting|showing|demonstrating|suggesting"
    r"|marking|raising|fuel+ing|prompting fears"
    r"|sparking fears|cementing|deepening|a sign|in a sign|a move|in a move|in what|an? (?:historic"
    r"|major|rare|significant))\b"
    r"|,?\s+(?:which|that) (?:signals|highlights|underscores|reflects|suggests|is (?:widely )?(?:expected"
    r"|likely|seen)|could|may|might|will likely)\b"
    r"|,?\s+as (?:tensions|concerns|fears|ties|relations) (?:grow|rise|mount|deepen|worsen)\w*"
)
_WEAK_PURPOSE = re.compile(
    r"\s+(?:untuk|dalam|for|on|in) (?:(?:sebuah|suatu|a|an|the)\s+)?(?:\S+ ){0,2}?(?:langka"
    r"|bersejarah|penting|rare|historic|landmark|\S+ (?:langka|bersejarah|penting|visit|trip))$"
)
_WHEN_ID = re.compile(
    r",?\s+(?:ketika|saat) (?=(?:ia|dia|mereka|[A-Z][^\s,]*(?: [A-Z][^\s,]*){0,4}|[a-z]+(?: [a-z]+)?) (?:tiba"
    r"|datang|mendarat|turun|menuju|kembali)\b)"
)
_WHEN_EN = re.compile(
    r",?\s+(?:when|as) (?=(?:he|she|they|[A-Z][^\s,]*(?: [A-Z][^\s,]*){0,4}) (?:arrived|landed"
    r"|returned|left|stepped)\b)"
)
_CONTRAST = re.compile(
    r",?\s+(?:and that|dan bahwa|serta bahwa)\s+|,\s+(?:sementara(?: itu)?|sedangkan|adapun|tetapi|tapi|namun|while"
    r"|whereas|but|and|dan)\s+|;\s+"
    r"|\s+(?:and|but)\s+(?=(?:he|she|it|they|his|her|its|their)\s+\S+\s+\S)"
    r"|\s+dan\s+(?=[A-Z]\w+(?: [A-Z]\w+)* (?:telah |akan )?(?:me[a-z]{5,}|ber[a-z]{4,}|di[a-z]{5,})\b)"
)
_WHERE = re.compile(
    r"(?P<place>(?:[A-Z][\w'’-]*)(?: (?:of |di )?[A-Z][\w'’-]*)*),?\s+(?P<link>tempat|di mana"
    r"|where)\s+(?P<what>[^,.;]{8,})"
)
_FIRST_SINCE_ID = re.compile(
    r",?\s*\b(?:menjelang|dalam|pada|untuk|selama)?\s*(?P<what>kunjungan|lawatan|perjalanan"
    r"|kemenangan|kekalahan|pertemuan|penampilan)"
    r" (?:pertama)(?P<whose>nya| [A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)?(?P<where> (?:ke|di|dari"
    r"|dengan) [^,.;]+?)? (?P<since>sejak [^,.;]+|dalam [^,.;]*(?:tahun|bulan|dekade)[^,.;]*)"
)
_FIRST_SINCE_EN = re.compile(
    r",?\s*\b(?:ahead of|before|during|on|for|in)?\s*(?P<whose>his|her|their|its|[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*(?:'s"
    r"|’s)) first (?P<what>visit|trip|win|defeat|meeting|appearance)"
    r"(?P<where> (?:to|in|from|with|over) [^,.;]+?)? (?P<since>since [^,.;]+|in [^,.;]*(?:years"
    r"|months|decades)[^,.;]*)"
)
_APPOSED = re.compile(
    r"^(?P<who>[^,]{2,70}), (?P<rel>yang|who|which) (?P<what>[^,]{8,160})(?:, (?P<main>.+))?$", re.DOTALL
)


class Part(NamedTuple):
    """A stand-alone part: its place in the article, and its wording before pronouns are filled in."""

    start: int
    end: int
    text: str
    note: str | None = None


class Parted(NamedTuple):
    """The parts of a sentence, and the stretches that were cut off."""

    parts: tuple[Part, ...]
    cut: tuple[tuple[int, int], ...]


def first_verb(text: str, language: str, start: int = 0) -> re.Match[str] | None:
    """The first word of a clause that is a predicate or its auxiliary."""
    pattern = VERB_ID if language == "id" else VERB_EN
    for match in pattern.finditer(text, start):
        before = text[max(0, match.start() - 12) : match.start()]
        word = match.group()
        if language == "id" and (word in _NOT_VERB_ID or _RELATIVE.search(before)):
            continue
        if language == "en" and (_RELATIVE.search(before) or re.search(r"\w-$", before)):
            continue
        return match
    return None


_FRONTED = re.compile(
    r"(?:Setelah|Usai|Pada|Di|Dalam|Saat|Ketika|Untuk|Karena|Sejak|Sebelum|Selama|Sebagai|Selain|Hingga|Berkat|Akibat"
    r"|After|In|On|At|When|During|For|As|With|Despite|By|From|Throughout|Following|Alongside|Through|Without|Among"
    r"|Like|Under|Upon|Besides|Prior to|Along|Due to|Because of|Before|Since|Although|While)\b"
)


_FRONTED_BY_COMMA = re.compile(
    r"(?:Terkait|Menanggapi|Mengenai|Soal|Menyusul|Melalui|Lewat|Meski|Meskipun|Jika|Bila|Dengan|Dari|Bersama|Senada"
    r"|Menurut|Berdasarkan|Oleh|Bagi|Hingga|Tanpa|Atas)\b"
)


def subject_of(text: str, language: str) -> str | None:
    """The words before the first predicate, where they can be a subject."""
    verb = first_verb(text, language)
    if verb is None or verb.start() == 0:
        return None
    subject = text[: verb.start()].strip(' ,“”"')
    if _FRONTED.match(subject) and text[:1] not in '“"':
        comma = subject.rfind(", ")
        subject = subject[comma + 2 :] if comma >= 0 else ""
    elif _FRONTED_BY_COMMA.match(subject) and ", " in subject:
        subject = subject[subject.rfind(", ") + 2 :]
    subject = re.sub(r",.*$| yang .*$| who .*$", "", subject).strip()
    subject = re.sub(
        r"\s+(?:juga|kemudian|lalu|pun|pertama kali|secara \w+|also|then|later|first|soon|again|once)$", "", subject
    )
    return subject if subject and len(subject.split()) <= 12 else None


_BACK_ID = re.compile(
    r"\b(?:itu|tersebut|di antaranya|sisanya|selebihnya|lainnya|keduanya)\b|^(?:sebagian|yang)\b"
    r"|^\d[\d.,]*\s+(?:tewas|selamat|luka|meninggal|hilang|mendukung|menolak|abstain)\b|\btidak (?:di|ke|dari)\b"
    r"|\b(?:men|mem|meng|meny|me[lrwy])[a-z]{3,}nya\b|\bdi[a-z]{3,}(?:kan|i)nya\b"
)
_BACK_EN = re.compile(
    r"\b(?:him|them|it)(?!['’]s\b| (?:is|was|has|had|will|would|can|could|may|might|does|did|[a-z]+ed|[a-z]+s)\b)\b"
    r"|\b(?:that|the same|this) (?:day|year|month|week|time|night|season)\b|\b(?:of (?:them|which)|the rest"
    r"|the others)\b"
)


def points_back(text: str, language: str) -> bool:
    """Whether a later part of a sentence speaks of something by what stands in the part before it."""
    return bool((_BACK_ID if language == "id" else _BACK_EN).search(text))


def names_its_subject(text: str, language: str) -> bool:
    """Whether a clause says by a name what it is about; `three of eight judges` need the sentence before."""
    subject = subject_of(text, language)
    return subject is not None and (subject[0].isupper() or _HOLDER.search(subject) is not None)


_HOLDER = re.compile(r"[^\W\d_a-z][\w’'-]* [^\W\d_a-z][\w’'-]*$")
"""A name of two words after an office: `presiden Rusia Vladimir Putin`, but not `media Rusia`."""


def stands_alone(text: str, language: str) -> bool:
    """Whether a stretch has a subject and a predicate of its own."""
    return len(text.split()) >= 3 and subject_of(text, language) is not None


def parted(text: str, start: int, end: int, language: str) -> Parted:
    """Cuts interpretation off a clause of the article and splits it where each part stands alone."""
    cut: list[tuple[int, int]] = []
    kept = _without_tail(text, start, end, language)
    if kept < end:
        cut.append((kept, end))
    parts: list[Part] = []
    for low, high in _coordinated(text, start, kept, language):
        parts.extend(_of_clause(text, low, high, language))
    return Parted(tuple(parts), tuple(cut))


def _without_tail(text: str, start: int, end: int, language: str) -> int:
    pattern = _TAIL_ID if language == "id" else _TAIL_EN
    for match in pattern.finditer(text, start, end):
        if re.search(r"\d", text[match.start() : end]) and not re.search(r"\d", text[start : match.start()]):
            continue
        if len(text[start : match.start()].split()) >= 4 and stands_alone(text[start : match.start()], language):
            weak = _WEAK_PURPOSE.search(text[start : match.start()])
            if weak and stands_alone(text[start : start + weak.start()], language):
                return start + weak.start()
            return match.start()
    return end


_LIST_TAIL = re.compile(r",\s+(?:[^\W\d_a-z][\w’'-]*\s?){1,3}$|,\s+[a-z]+(?: [a-z]+)?$")


_INSIDE = re.compile(r"\b(?:where|who|whom|which|that|when|because|tempat|yang) (?:[^\W\d_a-z]\S*\s?){1,4}$")
"""A relative clause that has only its subject yet: `... the mill where Mr. Holt and his sons worked`."""


def _coordinated(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    low = start
    for match in _CONTRAST.finditer(text, start, end):
        left, right = text[low : match.start()], text[match.end() : end]
        if _unbalanced(left) or not stands_alone(left, language) or not _opens_clause(right, language):
            continue
        if re.match(r",\s+(?:and|dan)\s", match.group()) and _LIST_TAIL.search(left):
            continue  # "Biro Pers, Media, dan Informasi ...": the last of a list
        if match.group().strip() == "dan" and left.split()[-1][0].isupper():
            continue  # "menuduh Ukraina dan Polandia ...": the name before may be half of one object.
        if _INSIDE.search(left):
            continue
        found.append((low, match.start()))
        if points_back(right, language) or (match.group()[0] == ";" and not names_its_subject(right, language)):
            break
        low = match.end()
    found.append((low, end))
    return found


def _opens_clause(text: str, language: str) -> bool:
    """Whether what follows a conjunction begins with a subject of its own, soon followed by its verb."""
    head = re.split(r"[,;]", text)[0]
    if re.match(r"(?:he|she|it|they|ia|dia|mereka)\s+\S+\s+\S", text):
        return True
    subject = subject_of(head, language)
    return (
        subject is not None
        and len(subject.split()) <= 8
        and not re.match(
            r"(?:yang|who|which|that|to|untuk|dengan|then|later|also|now|still|often|never|not|rather|instead|even|only"
            r"|especially|particularly|including|melainkan|bukan|terutama|khususnya|termasuk|bahkan|in|on|at|by|with|for)\b",
            subject,
        )
        and not re.search(r"\b(?:untuk|agar|supaya|to)\b", subject)
    )


def _unbalanced(text: str) -> bool:
    return text.count("“") != text.count("”") or text.count('"') % 2 == 1 or text.count("(") != text.count(")")


def _of_clause(text: str, start: int, end: int, language: str) -> list[Part]:
    clause = text[start:end]
    for split in (_split_first_since, _split_since, _split_when, _split_where, _split_apposed, _split_predicates):
        parts = split(clause, start, language)
        if parts:
            return [part for part in parts if len(part.text.split()) >= 3]
    return [Part(start, end, clause)]


def _split_first_since(clause: str, start: int, language: str) -> list[Part]:
    """`..., menjelang kunjungan pertamanya ke X sejak Y` also says that it is the first visit since then."""
    match = (_FIRST_SINCE_ID if language == "id" else _FIRST_SINCE_EN).search(clause)
    if match is None or not match["since"]:
        return []
    main = clause[: match.start()].rstrip(" ,")
    if not stands_alone(main, language) or clause[match.end() :].strip(' .”"'):
        return []
    whose = (match["whose"] or "").strip()
    where = match["where"] or ""
    if language == "id":
        owner = "" if not whose else "-nya" if whose == "nya" else f" {whose}"
        says = f"{match['what'].capitalize()}{owner}{where} adalah yang pertama {match['since']}"
    else:
        owner = {"his": "His", "her": "Her", "their": "Their", "its": "Its"}.get(whose, whose)
        says = f"{owner} {match['what']}{where} is the first {match['since']}"
    return [
        Part(start, start + len(main), main),
        Part(
            start + match.start("what") if language == "id" else start + match.start("whose"),
            start + match.end(),
            says,
            "first",
        ),
    ]


_SINCE = re.compile(
    r"\b(?:sejak|setelah|since|after) (?P<what>(?:ia|dia|he|she"
    r"|[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,4}) [a-z]+ (?!bin\b)[^,;]*\d{4})$"
)


def _split_since(clause: str, start: int, language: str) -> list[Part]:
    """`... sejak ia melancarkan invasi pada 2022` also says that he did so in 2022."""
    match = _SINCE.search(clause)
    if match is None or not stands_alone(clause[: match.start()], language):
        return []
    verb = first_verb(match["what"], language)
    if verb is None or len(match["what"][: verb.start()].split()) > 5:
        return []
    return [
        Part(start, start + len(clause), clause),
        Part(start + match.start("what"), start + len(clause), match["what"], "when"),
    ]


def _split_when(clause: str, start: int, language: str) -> list[Part]:
    match = (_WHEN_ID if language == "id" else _WHEN_EN).search(clause)
    if match is None:
        return []
    main = clause[: match.start()]
    if not stands_alone(main, language) or len(main.split()) < 4 or len(clause[match.end() :].split()) < 3:
        return []
    return [
        Part(start, start + len(main), main),
        Part(start + match.end(), start + len(clause), clause[match.end() :], "when"),
    ]


def _split_where(clause: str, start: int, language: str) -> list[Part]:
    """`... ke Wisma Mawar tempat X akan menginap`: two statements, the second about the same place."""
    match = _WHERE.search(clause)
    if match is None or match.end() < len(clause.rstrip(' .”"')) or not stands_alone(match["what"], language):
        return []
    main = clause[: match.end("place")]
    if not stands_alone(main, language):
        return []
    says = f"{match['what'].rstrip()} {'di' if language == 'id' else 'in'} {match['place']}"
    return [
        Part(start, start + len(main), main),
        Part(start + match.start("place"), start + match.end(), says, "where"),
    ]


def _split_apposed(clause: str, start: int, language: str) -> list[Part]:
    """`X, yang VP, VP2` gives `X VP2` and `X VP`; `X, yang VP.` alone gives `X VP`."""
    match = _APPOSED.match(clause)
    if match is None or re.match(r"(?:Setelah|Pada|Di|Dalam|Saat|Ketika|In|On|After|When|At)\b", match["who"]):
        return []
    if first_verb(match["who"], language) or re.search(r"\b(?:ini|itu|tersebut|bagi) \w", match["who"]):
        return []
    aside = Part(start, start + match.end("what"), f"{match['who']} {match['what']}", "apposed")
    if match["main"] is None:
        return [aside]
    if not first_verb(match["main"], language) or len(match["main"].split()) < 2:
        return []
    return [aside, Part(start, start + len(clause), f"{match['who']} {match['main']}", "apposed")]


_AND_VERB_ID = re.compile(
    r",?\s+(?:dan|serta|lalu|kemudian) (?=(?:juga |kemudian |lalu |akhirnya )?(?:men|mem|meng"
    r"|meny|me[lrwy]|ber)[a-z]{3,}\b|(?:di|ter)[a-z]{4,}(?:kan|i)?\b)"
)
_AND_VERB_EN = re.compile(
    r",?\s+and (?=(?:also |later |then |now |has |was |is |were |are |had |will )*(?:[a-z]{3,}ed"
    r"|won|lost|fell|rose|made|took|went|came|left|saw|got|met|died|grew|held"
    r"|began|became|gave|built|led|ran|wrote|sold|bought|spent|paid|found|set|drew|won|was"
    r"|is|has|serves|plays|lives|works)\b)"
)
_SCOPE_ID = re.compile(
    r"\b(?:yang|untuk|bahwa|agar|jika|kalau|bila|apabila|supaya|karena|sambil|dengan cara|tidak|belum|bukan"
    r"|antara|baik|jangan|saat|ketika|setelah|sebelum|usai|meski(?:pun)?|walau(?:pun)?)\b"
)
_SCOPE_EN = re.compile(
    r"\b(?:to|who|which|that|if|because|while|not|n't|never|between|both|either|of being|by"
    r"|when|after|before|where)\b"
)
_CARRIED = re.compile(
    r"(?:(?:akan|telah|sudah|pernah|sempat|dijadwalkan|di jadwalkan|berencana|will|has|have|had|would)\s+)+"
)


def _split_predicates(clause: str, start: int, language: str) -> list[Part]:
    """`X VP1 dan VP2` gives `X VP1` and `X VP2`, where nothing before the conjunction could reach over it."""
    verb = first_verb(clause, language)
    subject = subject_of(clause, language)
    if verb is None or subject is None or len(clause.split()) < 9:
        return []
    between = clause[clause.find(subject) + len(subject) : verb.start()]
    if any(c in between for c in ",(:") or len(between.split()) > 3:
        return []
    pattern, scope = (_AND_VERB_ID, _SCOPE_ID) if language == "id" else (_AND_VERB_EN, _SCOPE_EN)
    for match in pattern.finditer(clause, verb.end()):
        left = clause[verb.start() : match.start()]
        right = clause[match.end() :].strip()
        if (
            scope.search(left)
            or _unbalanced(clause[: match.start()].replace("“", "").replace("”", ""))
            or len(left.split()) < 3
        ):
            return []
        word = re.match(r"(?:juga |kemudian |lalu |akhirnya )?(\S+)", right)
        if word is None or word[1].strip(",.") in _NOT_VERB_ID or len(right.split()) < 3:
            continue
        if points_back(right, language):
            return [
                Part(start, start + match.start(), clause[: match.start()]),
                Part(start, start + len(clause), clause),
            ]
        carried = _CARRIED.match(clause, verb.start())
        aux = (
            carried.group()
            if carried and not re.match(r"(?:akan|telah|sudah|has|was|is|will|had|were|are)\b", right)
            else ""
        )
        if (
            language == "en"
            and re.match(r"(?:was|were|is|are)\s+\S+ed\b", clause[verb.start() :])
            and re.match(r"\S+ed\b", right)
        ):
            aux = verb.group() + " "
        lead = clause[: clause.find(subject)]
        return [
            Part(start, start + match.start(), clause[: match.start()]),
            Part(start, start + len(clause), f"{lead if len(lead) < 4 else ''}{subject} {aux}{right}", "predicates"),
        ]
    return []

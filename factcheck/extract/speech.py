"""Reported speech: who is said to have said what, with the exact places of both.

Indonesian and English news put the speaker before (`X menegaskan bahwa Y`, `X said that Y`), after (`Y, kata X`,
`Y, said X`) or beside what is said (`menurut X, Y`; `Y, according to X`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from factcheck.extract.clauses import first_verb, subject_of
from factcheck.text import word_set
from factcheck.types import Span

BARE = word_set(
    "kata ujar ucap tutur tegas jelas ungkap tambah imbuh terang papar sebut lanjut cetus tulis kilah"
    " pungkas klaim tukas beber tandas urai lapor tutup sambung kisah cerita ingat kenang sindir timpal jawab catat"
    " seru ulas"
)
FULL = word_set(
    "mengatakan menyatakan menegaskan menyebutkan menyebut menjelaskan menambahkan mengungkapkan"
    " melaporkan mengklaim menuturkan mengaku berkata memperingatkan mengumumkan membantah mencatat"
    " memastikan mengonfirmasi mengkonfirmasi mengakui berpendapat menduga meyakini menulis memaparkan"
    " menerangkan membeberkan menilai menuduh menyangkal menyampaikan memberitahukan menekankan menuding"
    " memberitakan mengabarkan mengungkap menyimpulkan menemukan menceritakan mengisahkan mengingatkan menganggap"
    " mengklarifikasi"
)
ENGLISH = word_set(
    "said says say told added stated announced claimed claims warned explained confirmed reported denied"
    " stressed emphasized emphasised revealed concluded tweeted insisted argued noted wrote testified acknowledged"
    " admitted declared estimated alleged asserted"
)
DENIALS = frozenset(["membantah", "menyangkal", "denied", "denies"])
ASSESSMENTS = frozenset({"menilai", "menganggap"})
_OFTEN_OBJECT = word_set(
    "menemukan menuduh menuding mengumumkan menyampaikan menilai menganggap menulis mengungkap memperingatkan"
    " menyebut menyebutkan mengaku mengakui melaporkan memastikan mencatat announced reported confirmed"
    " estimated noted wrote explained argued denied declared claimed claims acknowledged admitted alleged"
    " told warned"
)
"""Verbs that often take a thing and not a statement: without `bahwa` or `that` they need a plain clause after them."""

_FINITE = re.compile(
    r"\b(?:tidak|belum|akan|telah|sudah|adalah|bukan|masih|sedang|merupakan|is|are|was|were"
    r"|has|have|had|will|would|could|can|did|does|do)\b"
)

_DAYS = r"Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_OPEN, _CLOSE = '"“«', '"”»'
_AFTER_SPEAKER = re.compile(
    rf"\s(?:dalam|kepada|di|pada|saat|ketika|usai|seusai|setelah|seperti|melalui|lewat|hari"
    rf"|sebagaimana|menanggapi|seraya|sambil|ketika"
    rf"|dikutip|kemarin|lagi|in|on|at|during|after|before|while|to|when|as|late|early|earlier"
    rf"|yesterday|last|this|through|via|by"
    rf"|{_DAYS})\b|[(;:“\"]"
)
_POST_ID = re.compile(
    r"(?P<mark>[,?!][”\"»’]|[”\"»’],?|,)\s*(?:demikian |begitu )?"
    rf"(?P<verb>{'|'.join(sorted(BARE))})(?P<nya>nya)?(?=[\s,.]"
    rf"|$)"
)
_UNNAMED = (
    r"(?:[a-z]+ ){0,3}(?:officials|police|media|authorities|experts|researchers|prosecutors"
    r"|witnesses|agency|ministry"
    r"|sources|doctors|scientists|residents|report|lawyers|rescuers)\b"
)
_POST_EN = re.compile(
    r"(?P<mark>[,?!][”\"»’]|[”\"»’],?|,)\s+(?:(?P<verb>said|says|added|wrote|explained|reported|warned|insisted"
    r"|stressed|claimed|argued|noted)\s+(?P<after>[^,.;:“”\"]+)"
    rf"|(?P<before>(?:[Tt]he |[Aa]n? |[Hh]is |[Hh]er |[Tt]heir |[Hh]e\b|[Ss]he\b|[Tt]hey\b|[^\W\d_a-z]|{_UNNAMED})"
    r"[^,;:“”\"]{0,90}?)\s*\b(?P<verb2>said|says|say|added|told|wrote|reported|explained|warned|insisted|stressed"
    r"|claimed|argued|noted)\b"
    r"(?!\s+(?:that|the|an?|his|her|its|their|it|he|she|they|there|no|all|some|many|most|more"
    r"|such)\b(?! news conference)))"
)
_BESIDE_FIRST = re.compile(
    r"^\W*(?P<verb>Menurut|According to|Berdasarkan (?:data|laporan|catatan|keterangan|hasil \w+"
    rf"|survei)(?: dari)?|Per data)\s+(?P<who>[^,“\"]{{2,120}}),\s*(?:(?:{_DAYS})\s*(?:\([^)]*\))?,\s*)?",
)
_BESIDE_LAST = re.compile(
    r",?\s+(?P<verb>menurut|according to|berdasarkan (?:data|laporan|catatan))\s+(?P<who>[^,“”\"]{2,120}?)\s*[.”\"]*$",
    re.IGNORECASE,
)
_ADVERB = (
    r"(?:telah|sudah|juga|kemudian|kembali|sempat|lalu|pernah|sebelumnya|pun"
    r"|also|later|previously|has|have|had|then|repeatedly)"
)
_PRE = re.compile(
    rf"(?:\s+{_ADVERB}){{0,3}}\s+(?P<verb>{'|'.join(sorted(FULL | ENGLISH, key=len, reverse=True))})\b", re.IGNORECASE
)
_COLON = re.compile(r"^(?P<who>[^\W\d_a-z][^:\n“\"]{1,60}):\s+(?P<what>[“\"]?[^\W\d_].{12,})$", re.DOTALL)
_LEAD_IN = re.compile(
    r"^(?:Dalam|Pada|Di|Saat|Usai|Seusai|Setelah|Sementara|Namun|Selain|Sebelumnya|Terkait"
    r"|Menanggapi|Melalui|Lewat|Ketika|Sejak|Karena"
    r"|Senada|Hal senada|Dengan|Dari|Mengenai|Soal|Menyusul|Meski(?:pun)?|Jika|Bersama|Berbeda|Di sisi lain"
    r"|In|On|At|After|During|While|Meanwhile|However|But|Earlier|Speaking|Despite|Separately"
    r"|Also|Moreover|Since|As|When|Following|Addressing|Asked|Citing|Amid|Although|With|Under|For|By|Before|Once)\b"
)


class Speech(NamedTuple):
    """One report of speech: places count characters of the article."""

    speaker: Span | None
    """The words that name the speaker; None where only a suffix or an open quote points back (`katanya`)."""
    verb: str
    contents: tuple[Span, ...]
    """What is said, quotation marks left outside; two where the speaker stands in the middle."""
    direct: bool
    only_said: bool
    """What is said is denied or an assessment: that it was said is all there is to check."""
    own: bool = False
    """What is said has no subject, so that it is of the speaker: `DTEK mengatakan telah membatalkan ...`."""
    parted: bool = False
    """The speaker stands between the subject, which is the first of the contents, and what is said of it."""


def reported_speech(text: str, span: Span, language: str) -> Speech | None:
    """The speech that a sentence reports, or None."""
    sentence = span.of(text)
    for find in (_beside, _after, _before, _with_colon):
        speech = find(sentence, language)
        if speech:
            return _moved(speech, span.start)
    return None


def _moved(speech: Speech, by: int) -> Speech:
    def move(span: Span) -> Span:
        return Span(start=span.start + by, end=span.end + by)

    return speech._replace(
        speaker=move(speech.speaker) if speech.speaker else None, contents=tuple(move(c) for c in speech.contents)
    )


_BESIDE_HIM = re.compile(r"^\W*(?P<verb>Menurut)nya,\s*")


def _beside(sentence: str, language: str) -> Speech | None:
    him = _BESIDE_HIM.search(sentence)
    if him and (content := _content(sentence, him.end(), len(sentence))):
        return Speech(None, him["verb"], (content,), _is_direct(sentence, content), False)
    first = _BESIDE_FIRST.search(sentence)
    if first and first["who"].split()[0].lower() not in ("saya", "kami", "kita"):
        content = _content(sentence, first.end(), len(sentence))
        if content:
            return Speech(_span(first, "who"), first["verb"], (content,), _is_direct(sentence, content), False)
    last = _BESIDE_LAST.search(sentence, max(0, len(sentence) - 160))
    if last and last.start() > 10:
        content = _content(sentence, 0, last.start())
        if content:
            return Speech(_span(last, "who"), last["verb"].lower(), (content,), _is_direct(sentence, content), False)
    return None


def _after(sentence: str, language: str) -> Speech | None:
    for match in (_POST_ID if language == "id" else _POST_EN).finditer(sentence):
        if between := _between(sentence, match, language):
            return between
        content = _content(sentence, 0, match.start("mark"))
        if content is None or (match["mark"] == "," and len(sentence[: match.start()].split()) < 3):
            continue
        if language == "id":
            verb, who, after = match["verb"], None, match.end()
            if not match["nya"]:
                who = _speaker_phrase(sentence, match.end())
                after = who.end if who else after
                if who is None:
                    continue
        elif match["verb2"]:
            verb, who, after = match["verb2"], _span(match, "before"), match.end()
            if len(who.of(sentence).split()) > 14 or _holds_verb(who.of(sentence)):
                continue
        else:
            verb = match["verb"]
            who = _speaker_phrase(sentence, match.end("verb"))
            if who is None or _holds_verb(who.of(sentence)):
                continue
            after = who.end
        if match["mark"] == "," and not first_verb(content.of(sentence), language):
            continue
        contents = [content]
        more = re.compile(r"[“\"](.{8,}?)(?:[”\"]|$)", re.DOTALL).search(sentence, after)
        if more:
            second = _content(sentence, more.start(1), more.end(1))
            contents += [second] if second else []
        return Speech(who, verb, tuple(contents), _is_direct(sentence, content), verb in DENIALS | ASSESSMENTS)
    return None


def _between(sentence: str, match: re.Match[str], language: str) -> Speech | None:
    """`Hal ini, kata X, dibuktikan ...`: the speaker stands between a subject and what is said of it."""
    if language != "id" or match["mark"] != ",":
        return None
    who = None if match["nya"] else _speaker_phrase(sentence, match.end())
    after = who.end if who else match.end()
    first = _content(sentence, 0, match.start("mark"))
    named = who is not None or match["nya"]
    if not named or first is None or sentence[after : after + 1] != "," or first_verb(first.of(sentence), language):
        return None
    rest = _content(sentence, after + 1, len(sentence))
    verb = first_verb(rest.of(sentence), language) if rest else None
    if rest is None or verb is None or len(rest.of(sentence)[: verb.start()].split()) > 2:
        return None
    return Speech(who, match["verb"], (first, rest), False, match["verb"] in DENIALS | ASSESSMENTS, parted=True)


def _holds_verb(phrase: str) -> bool:
    """Whether English words taken for a speaker are a clause."""
    return bool(_FINITE.search(re.sub(r"\b(?:who|which|that)\b.*", "", phrase)))


_SHORT_NAME = re.compile(r"\s?\([A-Z][\w-]{1,14}\)(?= [^\W\d_a-z])")
"""A short form between an office and its holder: `Kementerian Luar Negeri (MFA) Zhao Lijian`."""


def _speaker_phrase(sentence: str, start: int) -> Span | None:
    """The noun phrase after `kata` or `said`, up to where, when or to whom it was said."""
    while start < len(sentence) and sentence[start] == " ":
        start += 1
    stop = _AFTER_SPEAKER.search(sentence, start)
    while stop and (short := _SHORT_NAME.match(sentence, stop.start())):
        stop = _AFTER_SPEAKER.search(sentence, short.end())
    end = stop.start() if stop else len(sentence)
    comma = sentence.find(",", start, end)
    if comma >= 0:
        # "kata Kepala Dinas, dr. Rini Astuti, Senin": the name after the comma is the speaker's.
        end = _apposed_end(sentence, comma, end)
    while end > start and sentence[end - 1] in ' .,”"':
        end -= 1
    phrase = sentence[start:end]
    if not phrase or len(phrase.split()) > 14:
        return None
    return Span(start=start, end=end)


_APPOSED = re.compile(r",\s+((?:dr\.|Dr\.|Prof\.|Ir\.|H\.|[^\W\d_a-z])[\w.'’ -]{2,50}?)(?=,|$|\.\s*$)")


def _apposed_end(sentence: str, comma: int, stop: int) -> int:
    """Where the name ends that follows an office, and perhaps its body, after a comma; else the comma."""
    at = comma
    for _ in range(2):
        apposed = _APPOSED.match(sentence, at, stop)
        if apposed is None or re.match(_DAYS, apposed[1]):
            return comma
        if " " in apposed[1].strip():
            return apposed.end(1)
        at = apposed.end(1)
    return comma


def _before(sentence: str, language: str) -> Speech | None:
    for match in _PRE.finditer(sentence, 0, min(len(sentence), 260)):
        who = _subject_before(sentence, match.start())
        if who is None:
            continue
        verb = match["verb"].lower()
        start, marked = _content_start(sentence, match.end(), verb)
        content = _content(sentence, start, len(sentence))
        if content is None or len(content.of(sentence).split()) < 2 or _ABOUT.match(content.of(sentence)):
            continue
        own = _OWN.match(content.of(sentence)) is not None and not marked
        if not (marked or own or verb in ASSESSMENTS or _is_statement(content.of(sentence), verb, language)):
            continue
        only = verb in DENIALS | ASSESSMENTS
        return Speech(who, verb, (content,), _is_direct(sentence, content), only, own=own)
    return None


_OWN = re.compile(
    r"(?:(?:telah|sudah|akan|belum|sedang|tengah|masih|pernah) |tidak (?:akan |pernah )?(?=me|ber|di))(?:me|ber|di"
    r"|ter|ada|siap)"
)
_ACTS = re.compile(
    r"\b(?!mengenai|terkait|terhadap|berjudul|bernama|bertajuk|bertuliskan|berisi|berupa|bersama|berbagai|beberapa"
    r"|menjadi|menurut|melalui|menteri|merek|mereka)(?:men|mem|meng|meny|me[lrwy]|ber)[a-z]{3,}\b"
)
_TELLING = word_set(
    "melaporkan mencatat mengumumkan mengungkap mengakui mengaku menuduh menuding memastikan memperingatkan menyebut"
    " menyebutkan"
)
"""Verbs with an object that is a statement where it has a verb of its own: `BPS mencatat inflasi mencapai 3 persen`."""
_ABOUT = re.compile(r"(?:soal|tentang|mengenai|terkait|perihal|about|how|why)\b")
"""`menjelaskan soal X`: what it was about, not what was said."""


def _is_statement(text: str, verb: str, language: str) -> bool:
    """Whether words that no `bahwa` or quotation mark announces are a statement with its own subject and verb."""
    if "sebagai" in text.split()[:6] or subject_of(text, language) is None:
        return False
    if verb not in _OFTEN_OBJECT:
        return True
    acts = _ACTS.search(text) if verb in _TELLING else None
    if acts and not re.search(r"(?:\b(?:untuk|yang|agar|dengan|cara|rencana|akan)\s+|,.*)$", text[: acts.start()]):
        return 0 < len(text[: acts.start()].split()) <= 12
    finite = _FINITE.search(text)
    return (
        finite is not None and 0 < len(text[: finite.start()].split()) <= 12 and first_verb(text, language) is not None
    )


_NO_SUBJECT = re.compile(r"^(?:including|such as|like|unlike|termasuk|seperti)\b|\b(?:which|who|yang)$")


def _subject_before(sentence: str, end: int) -> Span | None:
    start = 0
    while start < end and not sentence[start].isalnum():
        start += 1
    lead = sentence[start:end]
    if _LEAD_IN.match(lead):
        comma = lead.rfind(", ")
        if comma >= 0:
            start += comma + 2
        else:
            turn = re.match(r"(?:Namun|But|Sementara|However)\b\s*", lead)
            start += turn.end() if turn else 0
            if start < end and _LEAD_IN.match(sentence[start:end]):
                return None
    phrase = sentence[start:end].strip(" ,")
    if _NO_SUBJECT.search(phrase):
        return None
    if not phrase or len(phrase.split()) > 16 or any(c in phrase for c in '“”":;'):
        return None
    bare = re.sub(r",.*?,|,.*$|\byang\b.*$|\bwho\b.*$", "", phrase)
    if re.search(
        r"\b(?:telah|sudah|akan|tidak|adalah|is|are|was|were|will|has|had|have|dan ia|dan mereka)\b"
        r"|\b(?:men|mem|meng|meny|ber)[a-z]{4,}\b",
        bare,
    ):
        return None
    aside = re.search(r",\s+(?:who|which|yang)\b", phrase)
    return Span(start=start, end=start + (aside.start() if aside else len(phrase)))


_ADDRESSED = re.compile(
    r"\s+(?:kepada|dalam|di|pada|melalui|lewat|via|secara|saat|ketika|usai|kemarin|to|on|in|at|during|yesterday|today"
    r"|earlier|late|last|this|reporters|journalists|lawmakers)\b"
)


def _content_start(sentence: str, at: int, verb: str) -> tuple[int, bool]:
    """Where what is said begins after the verb, and whether a word or mark says so."""
    rest = sentence[at : at + 160]
    that = re.match(
        r"(?P<lead>(?:\s+(?!bahwa\b|that\b)[^\s“\"]+){0,10}?)\s*(?:,\s*)?(?:(?P<word>\b(?:bahwa|that)\b)\s*"
        r"|[:,]?\s*(?=[“\"]))",
        rest,
    )
    if that and (
        not that["lead"]
        or _ADDRESSED.match(that["lead"])
        or (that["word"] and re.match(r"\s+[A-Z]", that["lead"]))
        or (verb == "told" and that["word"])
        or (
            verb in DENIALS
            and re.match(
                r"\s+(?:kabar|isu|tudingan|tuduhan|dugaan|klaim|reports|claims|allegations|rumou?rs)$", that["lead"]
            )
        )
    ):
        return at + that.end(), True
    comma = re.match(r",\s+(?=\S)", rest)
    if comma:
        return at + comma.end(), True
    person = re.match(r"\s+(?:kepada\s+(?:para\s+)?\w+|reporters|journalists|lawmakers)[, ]", rest)
    if person:
        return at + person.end(), True
    when = re.match(rf"\s+(?:on\s+|pada\s+(?:hari\s+)?)?(?:{_DAYS})\b,?(?:\s+\([\d/]+\))?,?", rest)
    return at + (when.end() if when else 0), bool(when)


def _with_colon(sentence: str, language: str) -> Speech | None:
    match = _COLON.match(sentence)
    if (
        not match
        or len(match["who"].split()) > 6
        or re.match(r"(?:Baca|Read|Foto|Photo|Catatan|Note|Update|Video|Jakarta|Breaking)\b", match["who"])
    ):
        return None
    content = _content(sentence, match.start("what"), match.end("what"))
    if content is None or sentence[match.start("what")] not in _OPEN:
        return None
    return Speech(_span(match, "who"), "mengatakan" if language == "id" else "said", (content,), True, False)


def _span(match: re.Match[str], group: str) -> Span:
    start, end = match.span(group)
    while end > start and match.string[end - 1] in " .,":
        end -= 1
    return Span(start=start, end=end)


def _content(sentence: str, start: int, end: int) -> Span | None:
    """The stretch without the quotation marks, stops and spaces at its ends."""
    while start < end and (sentence[start].isspace() or sentence[start] in _OPEN + ",:-–—’'‘"):
        start += 1
    while end > start and (sentence[end - 1].isspace() or sentence[end - 1] in ",."):
        end -= 1
    inner = sentence[start:end]
    if inner and inner[-1] in _CLOSE and not any(c in inner[:-1] for c in _OPEN):
        end -= 1
        while end > start and sentence[end - 1] in " ,.":
            end -= 1
    return Span(start=start, end=end) if end - start >= 3 else None


def _is_direct(sentence: str, content: Span) -> bool:
    return content.start > 0 and sentence[content.start - 1] in _OPEN + "‘'"

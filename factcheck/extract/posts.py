"""Posts and messages: cut where their writers cut them, freed of tags and links, and what they claim told from where it
was seen."""

from __future__ import annotations

import re

from factcheck.extract.checkworthy import CALL, WISH
from factcheck.extract.clauses import first_verb, points_back, stands_alone
from factcheck.extract.units import Unit

SEEN = "says where a post was seen, who shared it or how often, not what it claims"
TAGS = "tags, links or accounts only"
SHORT = 280
"""Characters up to which a text without headline or paragraphs is read like a post, as an article is never so short."""

LONG = 5000
"""Characters over which a text is no post."""

_EMOJI = "\U0001f000-\U0001faff☀-➿⬀-⯿←-⇿️"
_SOCIAL = re.compile(
    rf"(?:^|\s)[#@]\w|\*[^\W\d_]|[{_EMOJI}]|!!|https?\s?:|\bwww\.|\b(?:[Nn]arasi(?:nya)?|NARASI)\b"
    r"|\b(?:akun|kanal|channel|grup|halaman|pengguna)\s+(?:\S+\s+){0,8}?(?:mengunggah|membagikan|memposting"
    r"|menyebarkan|menulis)"
    r"|\b(?:[Bb]eredar|viral|[Uu]nggahan|[Pp]ostingan|retweet|thread|hoaks)\b|\bshare\b|&amp;",
    re.IGNORECASE,
)
_SEAM = re.compile(
    rf"[!?…]+[\s\"”)]+|[.]{{2,}}|…+|[!]+|(?<!\d)\s+[-–—|•~►]+\s+(?!\d)|\s*//+\s+|(?<=[^\W\d_])\s?:+\s+"
    rf"|[{_EMOJI}\u200d]+\s*|,,+"
    r"|\s+(?=(?:Hingga|Per) (?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu)\b|(?:Konten|Unggahan|Postingan|Video"
    r"|Foto|Akun|Gambar)"
    r" (?:tersebut|itu|ini|juga)\b)"
)
_WEAK_SEAM = re.compile(r"(?<=[^\W\d_])\s?:+\s+")
_HOST = r"(?:akun|kanal|channel|halaman|grup|pengguna|laman|situs|seseorang|warganet|media sosial)"
_THING = (
    r"(?:video|foto|gambar|unggahan|postingan|konten|pesan|informasi|kabar|narasi|klaim|tangkapan layar"
    r"|poster|artikel|isu|flyer)"
)
_FRAME = re.compile(
    rf"^\W*(?:\S+\s+){{0,2}}?(?:{_HOST}\b.{{0,120}}?\b(?:mengunggah|membagikan|memposting|menyebarkan"
    rf"|mempublikasikan|diposting|memuat)"
    rf"|(?:telah |kembali |sempat |tengah |marak |ramai )*beredar\b|(?:berikut|dengan|disertai|diberi|isi"
    rf"|berisi|beserta|adapun|demikian)\b"
    rf".{{0,40}}\b(?:narasi|kutipan|isi|judul|keterangan|bunyi|pesan)|{_THING}\s+(?:\S+\s+){{0,4}}?(?:itu"
    rf"|tersebut|ini|yang diunggah|berdurasi)\b"
    r"|(?:selain itu,? )?(?:pada|dalam) (?:video|foto|gambar|unggahan|postingan|narasi|pesan)|narasi\b"
    r"|per (?:senin|selasa|rabu|kamis|jumat|sabtu|minggu)|hingga (?:senin|selasa|rabu|kamis|jumat|sabtu|minggu)"
    r"|sebuah (?:video|foto|gambar|unggahan|postingan|akun|pesan|narasi)|tangkapan layar|kabar (?:tentang"
    r"|mengenai)|informasi (?:tentang|mengenai))",
    re.IGNORECASE,
)
_ENGAGED = re.compile(
    r"\b(?:disukai|ditonton|dibagikan|dilihat|dikomentari|tanda suka|komentar|reaksi|tayangan|penayangan"
    r"|retweet(?:s|ed)?|likes|views|shares)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:(?:yang\s+|isinya\s+|dan\s+)?(?:mengklaim|menyebut(?:kan)?|menyatakan|menarasikan|mengatakan|diklaim"
    r"|disebut(?:kan)?|dinarasikan"
    r"|dikaitkan dengan|memperlihatkan|menampilkan|menunjukkan|menggambarkan|berisi(?:kan)?)(?:\s+(?:sebagai"
    r"|informasi|klaim|narasi|kabar|pesan))?"
    r"|(?:narasi|klaim|kabar|isu|informasi|judul|pesan)(?:\s+(?:yang\s+)?(?:mengklaim|menyebut(?:kan)?"
    r"|menyatakan))?\s+(?=bahwa|tentang|mengenai|soal|terkait|jika))"
    r"\s*(?:,?\s*(?:bahwa|jika|kalau|tentang|mengenai|soal|terkait|adanya|terdapat)\s+|\s+|:\s*)(?=\S)",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:(?:ber|dengan |sebuah )?judul|narasi|takarir|caption|keterangan|bertuliskan|berbunyi|terlihat bahwa"
    r"|mengatasnamakan)"
    r"\s+(?=[\"“'‘]?[A-Z])"
)
_CIRCULATES = re.compile(r"\bberedar(?:\s+(?:luas|kembali|sebuah|suatu))*\s+", re.IGNORECASE)
_ONLY_SEEN = re.compile(
    rf"(?:{_THING}\s+)+(?:\w+\s+){{0,2}}(?:oleh|dari|pada|di|melalui|tersebut|itu|ini|sejak)\b", re.IGNORECASE
)
_SHOWN = re.compile(
    rf"\b{_THING}\b(?!\s+(?:itu|tersebut|ini|dari|oleh|di|pada|dengan|berjudul|melalui|yang (?:diunggah|beredar"
    rf"|dibagikan))\b)(?=\s+\w)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r",?\s+(?:karena|untuk|terkait|ketika|saat|hingga|akibat|lantaran|gara-gara|sehingga|setelah|usai|sejak"
    r"|agar|supaya|seraya|sambil|padahal"
    r"|meski(?:pun)?|sebab|guna|demi"
    r"|yang (?:kemudian|lalu|disertai)|because|so that|while|although|even though|in order to|due to)\s+|,\s+",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:saya|aku|gue|gw|kami|i|i'm|i’m|my|me|myself)\b", re.IGNORECASE)
_FELT = re.compile(
    r"\b(?:semoga|mudah-mudahan|amin|aamiin|alhamdulillah|insya|subhanallah|astagh?firull?ah\w*|masya ?all?ah"
    r"|innalillah\w*|lol|haha\w*"
    r"|wkwk\w*|jangan|marilah|mari|ayo|yuk|silah?kan|tolong|please|thank|thanks|love|hope|wish|congrat\w*|happy"
    r"|selamat|proud|shame)\b",
    re.IGNORECASE,
)


def is_post(text: str, units: list[Unit]) -> bool:
    """Whether a text is a post, a message or what a fact-checker writes about one, and no article."""
    if len(text) <= SHORT and len(units) <= 4:
        return True
    signs = len(_SOCIAL.findall(text[:3000]))
    if len(text) <= LONG and (signs >= max(1, len(text) // 500) or _shouted(text[:600])):
        return True
    ended = sum(_well_formed(text, unit) for unit in units)
    return len(text) <= 700 and ended < 0.6 * len(units)


def is_prose(text: str, units: list[Unit]) -> bool:
    """Whether a post is written in whole sentences throughout, so that its colons and commas can be relied on."""
    return not _SOCIAL.search(text) and all(_well_formed(text, unit) for unit in units)


def _well_formed(text: str, unit: Unit) -> bool:
    """Whether a sentence begins and ends as articles have it, or is a line of a list."""
    if text[unit.end - 1] == ":" or _MARKED.search(text[max(0, unit.start - 8) : unit.start]):
        return True
    return text[unit.start] in '“"' or (text[unit.start].isupper() and text[unit.end - 1] in '.!?”"')


_MARKED = re.compile(r"(?:^|\n)\s*(?:[-*•]|\(?\d{1,2}[.)])\s*$")


def _shouted(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 20 and sum(c.isupper() for c in letters) > 0.6 * len(letters)


def cut_up(text: str, units: list[Unit]) -> list[Unit]:
    """The sentences of a post, cut further where it puts a dash, dots, an emoji or `narasi:`; trimmed."""
    found: list[Unit] = []
    for unit in _once(text, _run_on(text, units)):
        low = unit.start
        for seam in _SEAM.finditer(text, unit.start, unit.end):
            if (
                _WEAK_SEAM.fullmatch(seam.group())
                and not _FRAME.match(text[low : seam.start()])
                and seam.start() - low > 40
            ):
                continue
            if low < seam.start():
                stop = seam.start() + len(re.match(r"[.!?…]*", seam.group()).group())  # type: ignore[union-attr]
                found.append(Unit(low, stop, False))
            low = seam.end()
        if low < unit.end:
            found.append(Unit(low, unit.end, False))
    trimmed = (_trimmed(text, unit) for unit in found)
    return [one for one in trimmed if any(c.isalnum() for c in text[one.start : one.end])]


def _run_on(text: str, units: list[Unit]) -> list[Unit]:
    """Lines that only the width of a picture broke, joined: the next goes on in small letters, or in capitals too."""
    joined: list[Unit] = []
    for unit in units:
        last = joined[-1] if joined else None
        if last and _goes_on(text, last, unit):
            joined[-1] = Unit(last.start, unit.end, False)
        else:
            joined.append(unit)
    return joined


def _goes_on(text: str, last: Unit, unit: Unit) -> bool:
    between = text[last.end : unit.start]
    before, after = text[last.start : last.end], text[unit.start : unit.end]
    if between.count("\n") != 1 or between.strip() or not (before[-1].isalnum() or before[-1] == ","):
        return False
    line = before.rsplit("\n", 1)[-1]
    if len(line) > 60 or before.startswith(("#", "@")):
        return False
    return after[0].islower() or (before.isupper() and after.isupper() and len(line) > 12 and len(before) < 160)


def _once(text: str, units: list[Unit]) -> list[Unit]:
    """Units that say the same twice over, without the second time."""
    found: list[Unit] = []
    for unit in units:
        low = unit.start
        while unit.end - low > 50:
            head = text[low : low + 24]
            again = text.find(head, low + 24, unit.end)
            if again < 0:
                break
            period = text[low:again].rstrip()
            found.append(Unit(low, low + len(period), False))
            low = again
        found.append(Unit(low, unit.end, False))
    return found


def _trimmed(text: str, unit: Unit) -> Unit:
    low, high = unit.start, unit.end
    while low < high and not (text[low].isalnum() or text[low] in "“\"'‘([#@$£€"):
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    return Unit(low, high, unit.headline)


def tidy(text: str) -> str:
    """A post's words without links, emoji and the row of tags at its end; tags inside a sentence lose their sign."""
    text = re.sub(
        r"(?:https?\s?:\s?//|www\.)\S+|\[[^\]]{1,40}\]|\((?:https?:|fb\.com|twitter\.com|www\.)[^)]*\)", " ", text
    )
    text = re.sub(rf"[{_EMOJI}\u200d]+", " ", text)
    text = re.sub(r"(?:^|(?<=\s))(?:[#@][\w.]+[\s,]*){2,}$|\s[#][\w]+\s*$", " ", text)
    text = re.sub(r"(?:#\w+[\s,]+)+#\w+", " ", text)
    text = re.sub(r"^\W*(?:diterjemahkan[^):]{0,50}[):]+|[Nn]arasi (?=[A-Z]))\s*", "", text)
    text = re.sub(r"(?<!\w)#(\w+)", lambda m: m[1].replace("_", " "), text)
    text = re.sub(
        r"^\s*(?:BREAKING(?: NEWS)?|VIRAL|HEBOH|INFO(?: PENTING)?|PENTING|TRENDING|URGENT|NARASI|Fakta)\s*[:!|-]+\s*",
        "",
        text,
        flags=re.I,
    )
    return " ".join(text.replace("*", " ").split()).strip(" -–—|,;:~_")


def told_in(text: str) -> tuple[int, bool] | None:
    """Where a sentence about a post begins to tell what the post claims.

    Returns:
        The place and whether there is anything to tell; None where the sentence is not about a post.
    """
    if not _FRAME.match(text):
        return None
    told = next((t for t in _TELLS.finditer(text) if t.start() >= 8), None)
    while told and (more := _TELLS.match(text, told.end())):
        told = more
    if told and len(text[told.end() :].split()) >= 3:
        return told.end(), True
    for begins in (_TITLED, _SHOWN):
        match = begins.search(text)
        if match and len(text[match.end() :].split()) >= 3:
            return match.end() if begins is _TITLED else match.start(), True
    spread = _CIRCULATES.search(text)
    if spread and not _ONLY_SEEN.match(text, spread.end()) and len(text[spread.end() :].split()) >= 5:
        return spread.end(), True
    return len(text), False


_JOINT = re.compile(r"(?:\s+(?:so|and|then|now|just|or|but|dan|maka|lalu|jadi|yuk|ayo))*[\s,;:–—-]*$", re.IGNORECASE)


def beside_call(text: str) -> tuple[int, int] | None:
    """The stretch of a post's sentence before its call or wish, or the lines after it; None where there is none.

    `The bridge is closed so please share` calls for something and states something.
    """
    found = [match for match in (CALL.search(text), WISH.search(text)) if match]
    if not found:
        return None
    call = min(found, key=lambda match: match.start())
    joint = _JOINT.search(text, 0, call.start())
    end = joint.start() if joint else call.start()
    if len(text[:end].split()) >= 4:
        return 0, end
    line = text.find("\n", call.end())
    rest = text[line + 1 :] if line >= 0 else ""
    return (line + 1, len(text)) if len(rest.split()) >= 4 and not (CALL.search(rest) or WISH.search(rest)) else None


def engagement(text: str) -> bool:
    """Whether a sentence only counts who saw or shared a post."""
    return bool(_ENGAGED.search(text)) and bool(re.search(r"\d|ribu|juta|ratus|puluh", text)) and len(text.split()) < 45


def cores(text: str, language: str, prose: bool = False) -> tuple[str, ...]:
    """What a long sentence of a post says before it says why or when, and what it runs on to after a comma.

    Args:
        text: the sentence.
        language: `id` or `en`.
        prose: the post is written in whole sentences, so that a piece without subject and verb is a fragment.
    """
    known = _KNOWN.match(text)
    text = text[known.end() :] if known else text
    if len(text.split()) < 10:
        return (text,) if known else ()
    found: list[str] = []
    low = 0
    fronted = prose and _LEADS.match(text) is not None
    for tail in [*_TAIL.finditer(text), None]:
        bound = tail and _BINDS.match(tail.group()) and _BOUND.search(text, low, tail.end())
        if tail and prose and (fronted or bound or _CONTRAST.match(text, tail.end())):
            fronted = fronted and tail.group().strip() != ","
            continue  # "In 2023, 12 people ...", "Cuba, not Eritrea, ...": no place to end
        piece = text[low : tail.start() if tail else len(text)].strip(" ,")
        short = tail is not None and tail.group().strip() == "," and _lacks_verb(piece, text, language)
        odd = (not low and short) or (prose and _fragment(piece, text[:low], language))
        whole = piece.count("(") == piece.count(")") and piece.count('"') % 2 == 0 and 4 <= len(piece.split()) <= 18
        if whole and not odd and (_stands(piece, language) if low or prose else not _LEADS.match(piece)):
            found.append(piece)
        low = tail.end() if tail and tail.group().strip() == "," else len(text)
        if low == len(text) or len(found) == 2:
            break
    return tuple(found) if len(text.split()) > 14 or len(found) > 1 else tuple(found[:1])


def _fragment(piece: str, before: str, language: str) -> bool:
    """Whether a piece of whole sentences is none of its own: it opens a list, or what it depends on is missing."""
    hangs = bool(before) and not stands_alone(before, language)
    return ":" in piece or hangs or len(piece.split()) < 5 or _ENDS_OPEN.search(piece) is not None


def _lacks_verb(piece: str, text: str, language: str) -> bool:
    """Whether a piece is only the subject of the verb that follows: `Eisinga and his wife`."""
    low = [t.lower() if _shouted(t) else t for t in (piece, text[len(piece) :])]
    return first_verb(low[0], language) is None and first_verb(low[1], language) is not None


def _stands(piece: str, language: str) -> bool:
    plain = piece.lower() if _shouted(piece) else piece
    return stands_alone(plain, language) and not _DEPENDS.match(plain) and not points_back(plain, language)


_DEPENDS = re.compile(
    r"(?:yang|dan|atau|tapi|and|but|or|who|which|so|when|while|with|as|if|because|although|ketika|saat|karena|sehingga"
    r"|meski(?:pun)?|jika|kalau|padahal|termasuk|including|antara lain|terutama|yaitu|yakni|disusul|lalu|kemudian)\b",
    re.IGNORECASE,
)
_ENDS_OPEN = re.compile(
    r"\b(?:melainkan|tetapi|tapi|namun|but|hanya|adalah|juga|akan|tidak|bukan|only|not|is|are|was|also)$", re.IGNORECASE
)
_BINDS = re.compile(r",?\s+(?:setelah|sejak|usai|saat|ketika|hingga|untuk|agar|karena|since|because|after|due to)")
_BOUND = re.compile(
    r"\b(?:pertama|kedua|ketiga|keempat|terakhir|satu-satunya|paling|ter(?:tinggi|rendah|besar|kecil|banyak|panas)|tidak"
    r"|belum|bukan|tanpa|naik|turun|sejak|since|first|second|third|last|only|most|\w+est|not|never|no|rose|fell)\b",
    re.IGNORECASE,
)
"""What is first, not so, or more, is so only since or after something."""
_CONTRAST = re.compile(r"(?:\d{4}\b|bukan|melainkan|not|rather|di antara|dan|atau|serta|and|or)\b", re.IGNORECASE)


_KNOWN = re.compile(
    r"[^.]{0,60}?\b(?:tahu|tau|know|sadar|berita|kabar|info)\b[^.]{0,20}?\b(?:bahwa|that)\s+", re.IGNORECASE
)
_LEADS = re.compile(
    r"(?:In|On|At|After|When|If|Di|Pada|Dalam|Saat|Ketika|Setelah|Jika|Kalau|Untuk|For|Dengan|With)\b", re.IGNORECASE
)


def felt(text: str) -> bool:
    """Whether a line of a post speaks of its writer, or wishes, greets and asks."""
    return bool(_FELT.search(text)) or bool(_PERSONAL.search(text))

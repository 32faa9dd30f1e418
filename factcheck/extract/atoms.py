"""One fact a claim: lists, asides and double predicates of a clause taken apart, where each part still stands alone.

Words only move or repeat; nothing is put in but the copula that an apposition leaves unsaid. What cannot be parted
with certainty stays whole. (FActScore, Min et al. 2023, for what one fact is.)
"""

from __future__ import annotations

import re

from factcheck.extract.clauses import VERB_EN, VERB_ID, first_verb, points_back, subject_of
from factcheck.text import word_set

MOST = 12
"""Facts over which a clause is a table, not a sentence."""

_COPULA = r"is|are|was|were|has been|have been|became|adalah|merupakan|ialah|menjadi"
_PREPOSITIONS = (
    r"in|on|at|to|for|of|from|with|by|as|about|into|through|over|under|between|against|during|like|across"
    r"|towards?|within|around|near|after|before|since|until"
    r"|di|ke|dari|dengan|oleh|untuk|kepada|pada|sebagai|tentang|bagi|terhadap|melalui|antara|dalam"
    r"|mulai|sejak|hingga|sampai|saat|ketika|setelah|sebelum|selama|usai|karena|akibat"
)
_TIMED = re.compile(
    r"\b(?:after|before|since|until|mulai|sejak|hingga|sampai|setelah|sebelum|selama|usai|ketika|saat)\b"
)
"""What holds after two things need not hold after each of them."""
_PREPOSITION = re.compile(rf"\b(?:{_PREPOSITIONS})\b", re.IGNORECASE)
_LISTING = re.compile(
    r",?\s+(?P<sign>such as|including|include[sd]?|like|namely|seperti|termasuk|antara lain|yaitu|yakni|meliputi)\s+"
)
_SEVERAL = re.compile(
    r"(?:\b\w+[^s\W]s|\b(?:people|children|women|men|media|fish|series)|\b(?:beberapa|sejumlah|banyak|berbagai|para|aneka"
    r"|several|many|various|numerous|\d+) (?:\w+ ){0,3}\w+|\b(\w+)-\1)"
    r"(?: (?:in|of|for|with|from|di|dari) (?:\w+ ?){1,3})?$"
)
"""Words for more than one thing, as examples are given of."""
_AND = re.compile(r",?\s+(?:and|or|dan|atau|serta)\s+")
_FINAL_AND = re.compile(r",?\s+(?:and|dan|serta)\s+(?:also |juga |later |then )?(?=[^,]+$)")
_SHARED = re.compile(
    r"\b(?:both|between|either|neither|antara|baik|each other|not|n[o']t|never|tidak|bukan|belum|tanpa)\b"
)
_TOGETHER = re.compile(
    r"\b(?:consist|compos|compris|combin|mix|fusion|blend|total|divid|split|versus|equal|sum|average|ratio|merg|join"
    r"|relation|partner|compar|same|similar|differ|marri|met\b|terdiri|gabung|campur|hubungan|kerja sama|selisih|beda)",
    re.IGNORECASE,
)
"""Words that take the things of a list together: what holds of all of them need not hold of each."""
_ADJECTIVE = re.compile(
    r"^(?:[\w-]+ )?(?!(?:critic|mechanic|music|topic|clinic|fabric|comic|public|academic|executive|detective|native"
    r"|professional|general|hospital|festival|animal|material|journal|capital|criminal|individual|official|rival"
    r"|manual|secretary|library|diary|documentary)$)[a-z-]+(?:al|ic|ive|ous|ary|ful|able|ible|ish|less)$"
)
_COUNT = re.compile(
    r"^(?:\d|two|three|four|five|six|seven|eight|nine|ten|several|many|various|dua|tiga|empat|lima|beberapa"
    r"|sejumlah)\b",
    re.I,
)
_RELATED = re.compile(
    r"^(?:(?:ekspor|impor|harga|jumlah|produksi|konsumsi|stok|pasokan|nilai|biaya|tarif|pajak|bahan|jenis|data|hasil"
    r"|korban|kasus|angka|tingkat|warga|anggota|pejabat|menteri|kepala|ketua|wakil|perwakilan|delegasi|pemimpin"
    r"|presiden|sanksi|dukungan|bantuan|kebutuhan|program|kantor|ibu kota)|(?:pe|ke)[a-z]{3,}an) [^\W\d_]"
)
"""An Indonesian noun of relation before the first item: it may hold for all, as in `ekspor beras dan gula`."""
_OPENERS = re.compile(
    rf"^(?:{_PREPOSITIONS}|who|which|that|where|whose|when|while|because|yang|karena|sehingga|not)\b", re.I
)
_PIVOT = re.compile(
    rf"\b(?:{_PREPOSITIONS}|{_COPULA}|including|include[sd]?|has|have|had|memiliki|mempunyai|bernama|berupa)\s+"
    r"(?:(?:a|an|the|her|his|their|its|both|seorang|sebuah|para)\s+)?",
    re.IGNORECASE,
)


def atoms(text: str, language: str) -> tuple[str, ...]:
    """The facts of a clause, each worded to stand alone; the clause itself where it cannot be parted.

    Args:
        text: a clause with its subject filled in, without its stop.
        language: `id` or `en`.
    """
    if ";" in _sealed(text):
        return (text,)
    found = [text]
    for part in (_apposed, _relative, _examples, _predicates, _items, _born):
        found = [new for one in found for new in (part(one, language) or [one])]
        if len(found) > MOST:
            return (text,)
    made = tuple(dict.fromkeys(" ".join(one.split()) for one in found))
    return made if all(_whole(one) for one in made) else (text,)


def _whole(text: str) -> bool:
    return len(text.split()) >= 3 and text.count("(") == text.count(")") and not _quotes_open(text)


def _quotes_open(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("“") != text.count("”")


def _sealed(text: str) -> str:
    """The text with what stands in quotation marks and brackets made unreadable, of the same length."""
    text = re.sub(r"“[^”]*”|\"[^\"]*\"|\([^)]*\)|‘[^’]*’(?!\w)", lambda m: "X" + "_" * (len(m.group()) - 1), text)
    return re.sub(
        r"(?<=[a-z] \d\d), (?=\d{4}\b)|(?<=[a-z] \d), (?=\d{4}\b)|(?<=\d),(?=\d)", lambda m: "_" * len(m.group()), text
    )


# --- asides

_ASIDE = re.compile(
    r"^(?P<who>[^,]{2,80}), (?P<aside>(?:also known as|(?:formerly|better|commonly|often)? ?known as|born|an?|the"
    r"|seorang|sebuah|juga dikenal sebagai|yang juga dikenal sebagai|alias)\s[^,]{3,120}), (?P<main>.+)$",
    re.DOTALL,
)
_LAST_WHICH = re.compile(r",\s+(?P<rel>which|who|yang)\s+(?P<what>[^,;]{6,200}(?:, [^;]{3,120})?)$")


def _apposed(text: str, language: str) -> list[str]:
    """`X, a Y, VP` gives `X is a Y` and `X VP`."""
    sealed = _sealed(text)
    match = _ASIDE.match(sealed)
    if not match or _OPENERS.match(text) or first_verb(text[: match.end("who")], language):
        return []
    main = first_verb(text[match.start("main") :], language)
    if main is None or len(text[match.start("main") :][: main.start()].split()) > 1:
        return []
    if first_verb(text[match.start("aside") : match.end("aside")], language) and not re.match(
        r"born|.*known as", match["aside"]
    ):
        return []
    who, aside = text[: match.end("who")], text[match.start("aside") : match.end("aside")]
    be = "adalah" if language == "id" else _be(who, "" if "known as" in aside else main.group())
    said = f"{who} {aside}" if re.match(r"juga dikenal|yang", aside) else f"{who} {be} {aside}"
    return [said, f"{who} {text[match.start('main') :]}"]


def _be(who: str, verb: str) -> str:
    past = verb in ("was", "were", "had", "did") or verb.endswith("ed")
    if _plural(who):
        return "were" if past else "are"
    return "was" if past else "is"


def _plural(who: str) -> bool:
    last = who.split()[-1]
    return last.islower() and last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _relative(text: str, language: str) -> list[str]:
    """`S VP ... the X of Y, which VP2` gives the clause without its end, and `the X of Y VP2`."""
    sealed = _sealed(text)
    match = _LAST_WHICH.search(sealed)
    if not match or re.search(r",\s+(?:and|but|dan|tetapi)\s", match["what"]):
        return []
    main, what = text[: match.start()], text[match.start("what") :]
    verb = first_verb(what, language)
    if verb is None or len(what[: verb.start()].split()) > 1 or subject_of(main, language) is None:
        return []
    noun = _last_noun(main)
    if noun is None or points_back(what, language) or _OF_ALL.match(what):
        return [main, text]
    return [main, f"{noun[0].upper()}{noun[1:]} {what}"]


_OF_ALL = re.compile(
    r"(?:\w+ly )?(?:(?:has|have|had|can|could|may|might|would) )?(?:then |also |later )?(?:force|earn|result|lead|led\b"
    r"|cause|mean|make|made\b|give|gave\b|allow|help|enable|bring|brought\b|prompt|leave|left\b|show|contribut|spark"
    r"|trigger|prevent)"
)
"""What follows `which` may be said of the whole clause: `fell in Rome, which forced her to stop`."""


def _last_noun(main: str) -> str | None:
    """The named or definite thing that a clause ends with."""
    sealed = _sealed(main)
    named = re.search(r"(?:\b(?:the|The)\s+)?[A-Z][\w’'.&-]*(?:\s+(?:of|the|and|for|[A-Z][\w’'.&-]*|\d+))*\s*$", sealed)
    if named and named.start() > 0 and len(named.group().split()) <= 8:
        return main[named.start() :].strip()
    definite = re.search(r"\b(?:the|a|an|this|its|his|her|their)\s+(?:[\w’'-]+\s+){0,3}[\w’'-]+$", sealed)
    # "objects in the solar system, which ...": what follows may be said of either.
    if (
        definite
        and not _PREPOSITION.search(definite.group())
        and not re.search(rf"\b(?:{_PREPOSITIONS})\s+$", sealed[: definite.start()])
    ):
        return re.sub(r"^an? ", "the ", main[definite.start() :])
    return None


# --- lists


def _last(pattern: re.Pattern[str], text: str, start: int = 0) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text, start):
        found = match
    return found


def _examples(text: str, language: str) -> list[str]:
    """`X works for brands such as A, B and C` gives `X works for brands`, `X works for A` and so on."""
    sealed = _sealed(text)
    match = _LISTING.search(sealed)
    if match is None or _SHARED.search(sealed[: match.start()]):
        return []
    verb = match["sign"].startswith(("include", "meliputi"))
    if not verb and not _SEVERAL.search(sealed[: match.start()].rstrip(" ,")):
        return []  # "several factors caused this rise, including rain": not of what stands before
    items = _listed(text[match.end() :], sealed[match.end() :], language)
    if len(items) < 2:
        return []
    before = text[: match.start()]
    if verb:
        return [f"{before} {match['sign']} {item}" for item in items]
    subject = first_verb(before, language)
    if subject is None:
        return []
    pivots = re.compile(rf"(?!{_TIMED.pattern})\b(?:{_PREPOSITIONS})\s+", re.IGNORECASE)
    pivot = _last(pivots, _sealed(before)[subject.end() :])
    verb_end = _verb_end(before, subject)
    if verb_end is None:
        return []
    cut = subject.end() + pivot.end() if pivot and not pivot.group().lower().startswith("of") else None
    if cut is None:
        tail = before[verb_end:]
        if len(tail.split()) > 6 or re.search(r"\bof\b", tail) or not tail.strip():
            return []
        cut = verb_end + 1
    if len(before[cut:].split()) > 7:
        return []
    return [before, *(f"{before[:cut].rstrip()} {item}" for item in items)]


_AUXILIARY = word_set("has have had is are was were will can may telah sudah akan")
_PARTICIPLE = re.compile(
    r"(?:\s+(?:also|been|since|\w+ly|juga|pernah))*\s+(?:\w+(?:ed|en|wn|ne|ght|lt|ade|ung|ot)|won|run|held|led"
    r"|met|sold|built"
    r"|read|become|come|begun|sung|cut|put|set|hit|left|lost|kept|paid|spent|sent|had|(?:men|mem|meng|meny|ber"
    r"|di|ter)\w{3,})\b"
)
_OWNED = re.compile(r"\s+(?:an?|the|its|his|her|their|two|three|four|many|several|numerous|various|other|\d)\b")


def _verb_end(text: str, verb: re.Match[str]) -> int | None:
    """The end of a predicate's verb: of the participle, where the first word is only its auxiliary."""
    if verb.group() not in _AUXILIARY:
        return verb.end()
    main = _PARTICIPLE.match(text, verb.end())
    if main:
        return main.end()
    return verb.end() if verb.group() in ("has", "have", "had") and _OWNED.match(text, verb.end()) else None


def _listed(text: str, sealed: str, language: str) -> list[str]:
    """The items of a list that ends a clause; nothing where it is no plain list."""
    end = _FINAL_AND.search(sealed) or (re.search(r",?\s+(?:and|dan) (?=[^,]*$)", sealed) if "," in sealed else None)
    if end is None:
        if sealed.count(",") < 2:
            return []
        cuts = [(m.start(), m.end()) for m in re.finditer(r",\s+", sealed)]
    else:
        cuts = [(m.start(), m.end()) for m in re.finditer(r",\s+", sealed[: end.start()])] + [(end.start(), end.end())]
    items, low = [], 0
    for start, after in cuts:
        items.append(text[low:start])
        low = after
    items.append(text[low:])
    items = [re.sub(r"^(?:and|or|dan|atau|serta) ", "", item.strip(" .,")) for item in items]
    items = [item for item in items if not re.match(r"(?:more|others?|lain-lain|lainnya|so on|etc)\b", item)]
    plain = all(
        item and len(item.split()) <= 7 and not _OPENERS.match(item) and not _verbal(item, language) for item in items
    )
    named = {bool(re.match(r"(?:the |The )?[A-Z\d“\"‘']", item)) for item in items}
    dated = [bool(re.search(r"\(\d{4}[^)]*\)$", item)) for item in items]
    if any(dated[:-1]) and sum(dated) > 1 and not all(dated):
        return []  # "My Teacher, Mr. Kim (2003)": a comma of a title
    return items if plain and len(named) == 1 else []


def _verbal(item: str, language: str) -> bool:
    """Whether a list item is a predicate: it begins with a verb, or holds an auxiliary."""
    verb = (VERB_ID if language == "id" else VERB_EN).match(item)
    return bool(verb) or bool(
        re.search(r"\b(?:i|am|is|are|was|were|has|have|had|will|can|adalah|akan|telah|sudah)\b", item)
    )


def _items(text: str, language: str) -> list[str]:
    """`X is a fashion model, beauty queen and singer` gives three facts: the list must close the clause."""
    sealed = _sealed(text)
    verb = first_verb(sealed, language)
    if verb is None or subject_of(text, language) is None or _SHARED.search(sealed):
        return []
    end = _last(_FINAL_AND, sealed, verb.end())
    if end is None or ":" in sealed or _LISTING.search(sealed) or _TOGETHER.search(sealed):
        return []
    commas = [m for m in re.finditer(r",\s+", sealed[: end.start()]) if m.start() > verb.end()]
    first_cut = _first_cut(sealed, commas, end.start(), language)
    if not first_cut and end.group().startswith(","):
        return []
    start = first_cut[0].start() if first_cut else end.start()
    pivot = _pivot(sealed, verb.end(), start)
    if pivot is None:
        return []
    stops = [*(m.start() for m in first_cut[1:]), end.start()]
    places = [
        (pivot, start),
        *((m.end(), stop) for m, stop in zip(first_cut, stops, strict=False)),
        (end.end(), len(text)),
    ]
    bare_words = all(re.fullmatch(r"[a-z-]+", sealed[low:high].strip()) for low, high in places)
    if language == "en" and bare_words and re.search(rf"\b(?:{_COPULA})\s+$", sealed[:pivot]):
        return []
    if not _parallel([sealed[low:high] for low, high in places], language):
        return []
    items = [text[low:high] for low, high in places]
    if any(re.match(r"\d", item.strip()) for item in items[1:]) and not re.match(r"\d", items[0].strip()):
        return []
    if language == "id" and _RELATED.match(items[0].strip()) and not _RELATED.match(items[-1].strip()):
        return []
    lead = text[:pivot].rstrip()
    bare = re.sub(r"\s+(?:a|an|the|seorang|sebuah)$", "", lead)
    article = lead[len(bare) :].strip()
    return [f"{bare} {_with_article(article, item, first=i == 0)}" for i, item in enumerate(items)]


def _with_article(article: str, item: str, first: bool) -> str:
    if not article or (not first and re.match(r"(?:an?|the|his|her|its|their|[A-Z\d]\w*)\b", item)):
        return item
    if not first and article in ("a", "an"):
        plural = item.split()[-1].endswith("s") and not item.split()[-1].endswith("ss")
        return item if plural else f"{'an' if item[0].lower() in 'aeiou' else 'a'} {item}"
    return f"{article} {item}"


def _first_cut(sealed: str, commas: list[re.Match[str]], end: int, language: str) -> list[re.Match[str]]:
    """The commas that belong to the list, counted back from its end."""
    kept: list[re.Match[str]] = []
    stop = end
    for comma in reversed(commas):
        piece = sealed[comma.end() : stop]
        if len(piece.split()) > 5 or _OPENERS.match(piece) or _verbal(piece, language) or re.match(r"\d{4}\b", piece):
            break
        if re.match(r"(?:having|being)\b|\w+ing (?:an?|the|his|her|its|their)\b", piece):
            break
        kept.insert(0, comma)
        stop = comma.start()
    return kept


def _pivot(sealed: str, low: int, start: int) -> int | None:
    """Where the first item of a list begins: after the last preposition, copula or verb before it."""
    pivot = _last(_PIVOT, sealed[:start], max(0, low - 5))
    if pivot and pivot.group().strip().lower() == "to" and re.match(r"[a-z]+ ", sealed[pivot.end() : start]):
        infinitive = re.compile(r"[a-z]+\s+(?:(?:a|an|the|her|his|their|its)\s+)?").match(sealed, pivot.end())
        return infinitive.end() if infinitive and infinitive.end() < start else None
    cut = pivot.end() if pivot and pivot.end() < start else None
    if cut is None or cut < low:
        cut = low + 1 if sealed[low : low + 1] == " " else None
        article = re.compile(r"(?:a|an|the)\s+").match(sealed, cut) if cut else None
        cut = article.end() if article else cut
    if cut is None or "," in sealed[cut:start] or _TIMED.search(sealed[max(0, cut - 10) : start]):
        return None
    return cut if 0 < len(sealed[cut:start].split()) <= 6 else None


_LIMITED = re.compile(r"(?:only|just|no|few|hanya|cuma)\b")
_NAMED_DOES = re.compile(r"(?:the |The )?[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*)* [a-z]+")


def _bare_adjective(items: list[str]) -> bool:
    """Whether a first word alone is more likely said of the things after it: `lush, dreamy harmonies and drums`."""
    head, last = items[0].split(), items[1].split()
    return (
        len(items) > 2
        and len(head) == 1
        and head[0].islower()
        and not head[0].endswith(("s", "ing", "er", "or", "ist", "ian", "ion", "ment", "ness", "ity"))
        and len(last) > 1
        and last[0].islower()
        and last[-1].endswith("s")
    )


def _one_noun(items: list[str]) -> bool:
    """Whether the last noun is of all the items: `Telugu and Tamil films`, `outspoken and controversial views`."""
    first, last = items[0].split(), items[-1].split()
    if len(last) != 2 or not last[1].islower():
        return False
    named = last[0][0].isupper() and all(i.split()[-1][0].isupper() for i in items[:-1])
    described = len(first) == 1 and first[0].islower() and not first[0].endswith("s")
    return named or (described and _ADJECTIVE.match(last[0]) is not None)


def _parallel(items: list[str], language: str) -> bool:
    """Whether the items are of one kind: short, without clauses, and without prepositions after the first."""
    if any(not i.strip() or len(i.split()) > 7 or _OPENERS.match(i) or _verbal(i, language) for i in items):
        return False
    if any(re.match(r"(?:its|their|his|her)\b", i) for i in items[1:]) and not re.match(
        r"(?:its|their|his|her)\b", items[0]
    ):
        return False
    if _LIMITED.match(items[-1]) and not _LIMITED.match(items[0]):
        return False
    if re.search(r"[—–]|\b(?:which|who|that|yang|would|will)\b", items[0]) or re.fullmatch(
        r"[a-z]+nya", items[-1].strip()
    ):
        return False
    if any(_NAMED_DOES.match(i) and first_verb(i, language) for i in items[1:]):
        return False
    if language == "en" and _bare_adjective(items):
        return False
    if _PREPOSITION.search(items[-1]) or re.search(r"\b(?:in|on|of|to|di|dari)\b", " ".join(items[1:])):
        return False
    if len(items[-1].split()) > 1 and any(_ADJECTIVE.match(i) for i in items[:-1]):
        return False
    if language == "en" and _one_noun(items):
        return False
    if re.match(r"\w+ing \w+ \w", items[0]) and not re.match(r"\w+ing\b", items[-1]):
        return False
    if language == "id" and len(items[0].split()) > max(len(i.split()) for i in items[1:]):
        return False
    if re.fullmatch(r"\w+ly", items[-1]) or (_COUNT.match(items[0]) and len(items) > 2 and not _COUNT.match(items[-1])):
        return False
    if any(re.fullmatch(r"(?:in |since )?[\d.,–-]+s?|the \d+s", i.strip()) for i in items):
        return False
    names = [bool(re.match(r"(?:the )?[A-Z\d“\"X]", i)) for i in items]
    two_words_apart = len(items) == 2 and len(items[0].split()) + len(items[1].split()) > 8
    return not two_words_apart and (all(names[1:]) or not any(names[1:]))


# --- predicates

_VP_COMMA = re.compile(r",\s+(?:and\s+|dan\s+)?(?=(?:also |later |then |juga |kemudian )?[a-z])")


def _predicates(text: str, language: str) -> list[str]:
    """`S VP1, VP2, and VP3` and `S VP1 and VP2` give a fact for each predicate."""
    sealed = _sealed(text)
    verb, subject = first_verb(sealed, language), subject_of(text, language)
    if verb is None or subject is None or not text.startswith(subject) or verb.start() > len(subject) + 12:
        return []
    finite = VERB_EN if language == "en" else VERB_ID
    cuts: list[tuple[int, int]] = []
    for joint in re.finditer(r",?\s+(?:and|but|dan|serta)\s+|,\s+", sealed[verb.end() :]):
        low, high = verb.end() + joint.start(), verb.end() + joint.end()
        rest = re.sub(
            r"^(?:also|later|then|eventually|subsequently|has since|juga|kemudian|lalu)\s+", "", sealed[high:]
        )
        new = finite.match(rest)
        if new is None or not _past_like(verb.group(), new.group(), rest, language):
            continue
        before = sealed[(cuts[-1][1] if cuts else verb.end()) : low]
        if not cuts and _without_object(sealed, verb, low):
            return _one_object(text, sealed, verb.end(), (low, high))
        if (
            not before.strip()
            or re.search(
                r"\b(?:who|which|that|to|if|yang|untuk|bahwa|agar|bila|apabila|jika|kalau|saat|ketika)\b", before
            )
            or len(rest.split()) < 3
        ):
            return []
        if points_back(rest, language):
            return [text[:low], text]
        cuts.append((low, high))
    if not cuts or not re.search(r"\b(?:and|but|dan|serta)\b", sealed[cuts[-1][0] : cuts[-1][1]]):
        return []
    bounds = [0, *(c[1] for c in cuts)]
    ends = [*(c[0] for c in cuts), len(text)]
    carried = re.match(
        r"(?:has|have|had|will|can|may|could|would|must) (?:been )?|(?:was|were|is|are) ", text[verb.start() :]
    )
    facts = [text[: ends[0]]]
    for low, high in list(zip(bounds, ends, strict=True))[1:]:
        what = text[low:high]
        bare = re.match(r"(?:also |later |then )?[a-z]+(?:ed|en|wn|de)\b", what)
        aux = carried.group() if carried and bare and _DONE.match(text, verb.start() + carried.end()) else ""
        facts.append(f"{subject} {aux}{what}")
    return facts


def _without_object(sealed: str, verb: re.Match[str], end: int) -> bool:
    """Whether a first predicate is only a participle: in `has produced and directed plays` it lacks the plays."""
    main = _PARTICIPLE.match(sealed, verb.end()) if verb.group() in ("has", "have", "had") else None
    return main is not None and not re.sub(r"\b(?:up|out|off|down|away)\b", "", sealed[main.end() : end]).strip()


def _one_object(text: str, sealed: str, auxiliary: int, joint: tuple[int, int]) -> list[str]:
    """`X has written and edited books`: that X has written books, and that X has edited books."""
    low, high = joint
    second = _PARTICIPLE.match(" " + sealed[high:])
    if second is None:
        return []
    thing = text[high + second.end() - 1 :].strip()
    if len(thing.split()) < 2 or _OPENERS.match(thing) or _AND.search(sealed[high:]):
        return []
    return [f"{text[:low]} {thing}", f"{text[:auxiliary]} {text[high:]}"]


_DONE = re.compile(r"(?:\w+ly |later |also |then |first |soon )?\S+(?:ed|en|wn|de|lt|nt)\b")


def _past_like(one: str, other: str, rest: str, language: str) -> bool:
    """Whether a word that could be a verb goes on from another: not `an acclaimed, awarded writer`."""
    if language == "id":
        return bool(re.match(r"(?:telah|sudah|akan|adalah|merupakan|men|mem|meng|meny|ber|di|ter)", other))
    after = rest[len(other) :].strip()
    return bool(after) and not re.match(r"(?:and|,)", after)


_BORN = re.compile(
    r"^(?P<who>.+?\b(?:born|died|founded|established|buried|lahir|wafat|meninggal|didirikan))\s+"
    r"(?P<one>(?:on|in|pada|at|di)\s[^()]+?),?\s+(?P<two>(?:on|in|pada|at|di)\s+[^()]+)$"
)
_DAY = re.compile(r"\d")


def _born(text: str, language: str) -> list[str]:
    """`X was born on D in P`: when, and where."""
    match = _BORN.match(text)
    if match is None or bool(_DAY.search(match["one"])) == bool(_DAY.search(match["two"])):
        return []
    if _AND.search(match["one"]) or _AND.search(match["two"]) or len(text.split()) > 22:
        return []
    return [f"{match['who']} {match['one'].strip(' ,')}", f"{match['who']} {match['two'].strip(' ,')}"]

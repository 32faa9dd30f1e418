"""The offline extractor: an article's check-worthy claims by rules, in Indonesian and English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from factcheck.extract.atoms import atoms
from factcheck.extract.checkworthy import (
    QUESTION,
    THRESHOLD,
    WISH,
    Worth,
    is_opinion,
    language_of,
    why_left_out,
    why_not_worth,
    worth,
)
from factcheck.extract.clauses import Part, first_verb, parted, subject_of
from factcheck.extract.context import Filled, Thread, dates_in, fill
from factcheck.extract.lists import lists_of
from factcheck.extract.people import Cast, cast_of, is_person, one_named
from factcheck.extract.posts import (
    SEEN,
    TAGS,
    beside_call,
    cores,
    cut_up,
    engagement,
    felt,
    is_post,
    is_prose,
    tidy,
    told_in,
)
from factcheck.extract.quotes import NO_SUBJECT, REMARK, open_subject, remark, spoken, why_no_statement, with_side
from factcheck.extract.speakers import Named, named
from factcheck.extract.speech import Speech, reported_speech
from factcheck.extract.units import (
    LONGEST_SENTENCE,
    Unit,
    clauses_of,
    in_title_case,
    lead_end,
    lead_off,
    quoted_by,
    readable,
    repeating_headlines,
    units_of,
)
from factcheck.extract.wording import attributed, worded
from factcheck.text import Normal, names, normalise, reading, word_set
from factcheck.types import AsOfSource, Claim, ClaimKind, Document, Extraction, LeftOut, Span, Usage, content_id

NOTHING = "nothing checkable in it: no number, date, name or event"
PLAIN = 0.25
"""Score from which a sentence that plainly asserts something of its subject is a claim, whatever it lacks."""
_POINTING = word_set(
    "this that these those it there here he she they what who itu ini hal begitu demikian mereka dia ia"
    " saya aku kami kita i we you my our your anda kamu"
)
_VAGUE = 0.35
"""Score under which what somebody said is too vague to be checked; that it was said is."""
INTERPRETATION = "interpretation or forecast around the claim, which cannot be checked by itself"
ENDLESS = "too long for a sentence: a table, a list or code"
REPEATS = "repeats an earlier sentence"
HEADLINE = "headline: repeats what the article says below"


class RuleExtractor:
    """Takes claims by sentence rules, explainable features and reported speech; needs no model and no network.

    Args:
        max_claims: the most claims to give; the rest, lowest scores first, is listed as left out.
    """

    def __init__(self, max_claims: int = 100) -> None:
        self.max_claims = max_claims

    @property
    def prompts(self) -> Mapping[str, str]:
        """None: rules have no prompts."""
        return {}

    def extract(self, document: Document, as_of: date, as_of_source: AsOfSource) -> tuple[Extraction, Usage]:
        """The claims of an article and what was left out, with the reason; every sentence is in one or the other.

        Each claim's `source_text` is `document.text[start:end]`; `context` says what was filled in or stays open.
        """
        walk = _Walk.over(document, as_of, as_of_source)
        claims, over = _capped(walk.claims, self.max_claims)
        left = sorted(walk.left_out + over, key=lambda x: (x.start, x.end))
        return Extraction(claims=tuple(claims), left_out=tuple(left)), Usage()


def _capped(claims: list[Claim], limit: int) -> tuple[list[Claim], list[LeftOut]]:
    kept = {c.id for c in sorted(claims, key=lambda c: -(c.score or 0))[:limit]}
    reason = f"over the limit of {limit} claims for one article; others had a higher score"
    over = [LeftOut(start=c.start, end=c.end, text=c.source_text, reason=reason) for c in claims if c.id not in kept]
    return [c for c in claims if c.id in kept], over


def _endless(document: Document, place: Span) -> LeftOut:
    return LeftOut(start=place.start, end=place.end, text=place.of(document.text), reason=ENDLESS)


# --- the walk ---

_HE = re.compile(r"(?:ia|dia|he|she|his|her)\b", re.IGNORECASE)
_JOINS_ON = re.compile(r"^(?:Namun|Tetapi|Tapi|Dan|Serta|Melainkan|Akan tetapi|But|And|Instead)\b,?\s+")
_WELCOMES = re.compile(r"\b(?:menyambut|menjemput|menerima|welcomed|greeted|received)\b")


@dataclass
class _Walk:
    document: Document
    copy: Normal
    language: str
    cast: Cast
    as_of: date
    as_of_source: AsOfSource
    known: frozenset[str]
    name_words: frozenset[str]
    small: frozenset[str]
    post: bool = False
    prose: bool = False
    thread: Thread = field(default_factory=Thread)
    claims: list[Claim] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    told: Speech | None = None
    told_end: int = 0
    subject_said: str | None = None

    @classmethod
    def over(cls, document: Document, as_of: date, as_of_source: AsOfSource) -> _Walk:
        """Walks over the whole article, once."""
        copy, endless = readable(reading(document.text))
        copy, units = units_of(copy)
        language = language_of(copy.text, document.language)
        post = is_post(copy.text, units)
        prose = post and is_prose(copy.text, units)
        units = cut_up(copy.text, units) if post and not prose else clauses_of(copy.text, units, language)
        cast = cast_of(_without_titles(copy.text, units), [copy.text[u.start : u.end] for u in units])
        known = frozenset(span.of(copy.text) for span in names(copy.text))
        words = frozenset(word for name in known for word in name.split())
        small = frozenset(w for w in re.findall(r"[^\W\d_]+", copy.text) if w.islower())
        walk = cls(document, copy, language, cast, as_of, as_of_source, known, words, small, post, prose)
        walk.thread.title = "" if in_title_case(document.title or "") else document.title or ""
        repeated = set() if post else repeating_headlines(copy.text, units)
        walk.left_out += [_endless(document, place) for place in endless]
        quoted = quoted_by(copy.text, units, language)
        listed = lists_of(copy.text, units, language)
        for position, unit in enumerate(units):
            if position in listed.reason:
                walk.leave(unit.start, unit.end, listed.reason[position])
            elif position in listed.wording:
                walk.item(unit, listed.wording[position])
            elif position in repeated:
                walk.leave(unit.start, unit.end, HEADLINE)
            else:
                walk.visit(unit, quoted.get(position))
        return walk

    # Results, with places counted in the article.

    def leave(self, start: int, end: int, reason: str) -> None:
        low, high = self.copy.starts[start], self.copy.ends[end - 1]
        self.left_out.append(LeftOut(start=low, end=high, text=self.document.text[low:high], reason=reason))

    def take(
        self,
        start: int,
        end: int,
        text: str,
        kind: ClaimKind,
        score: float,
        why: Iterable[str],
        notes: Iterable[str],
        speaker: str | None = None,
    ) -> None:
        low, high = self.copy.starts[start], self.copy.ends[end - 1]
        text = worded(text, self.language)
        identity = content_id("claim", self.document.id, str(low), str(high), kind, text)
        same = kind + normalise(text).text
        if same in self.ids:
            return
        self.ids.add(same)
        context = "; ".join(dict.fromkeys([*notes, *dates_in(text, self.language, self.as_of)])) or None
        self.claims.append(
            Claim(
                id=identity, text=text, start=low, end=high, source_text=self.document.text[low:high], speaker=speaker,
                as_of=self.as_of, as_of_source=self.as_of_source, kind=kind, language=self.language,
                why=tuple(why), score=round(score, 3), context=context,
            )
        )  # fmt: skip

    # One sentence.

    def visit(self, unit: Unit, quoted: Speech | None) -> None:
        text = self.copy.text
        start, end = lead_end(text, unit.start, unit.end), unit.end
        sentence = text[start:end]
        key = normalise(sentence).text.strip(" .")
        if key in self.seen:
            return self.leave(unit.start, unit.end, REPEATS)
        self.seen.add(key)
        if len(sentence) > LONGEST_SENTENCE:
            return self.leave(unit.start, unit.end, ENDLESS)
        if self.post and self._posted(unit, start):
            return None
        before = len(self.claims)
        speech = quoted or reported_speech(text, Span(start=start, end=end), self.language)
        continued = None if speech else self._continued(unit, start)
        if speech is None and continued is None:
            speech = self._still_quoting(unit, start)
        if speech:
            self._speech(unit, start, speech)
        elif continued:
            self._speech(unit, start, continued, subject=self.subject_said)
        else:
            self._statement(unit, start)
        if len(self.claims) == before and not any(
            x.start <= self.copy.starts[start] < x.end for x in self.left_out[-6:]
        ):
            self.leave(unit.start, unit.end, REPEATS)
        self.thread.saw(self.cast.in_text(sentence), self.thread.speaker if speech else None)
        if self.prose or not self.post:
            self.thread.before.append(sentence)
        return None

    def _posted(self, unit: Unit, start: int) -> bool:
        """Deals with what only posts have: tags, counts of shares, and sentences that say where a post was seen."""
        sentence = self.copy.text[start : unit.end]
        if len(re.findall(r"[^\W\d_]{2,}", tidy(sentence))) < 3:
            self.leave(unit.start, unit.end, why_left_out(sentence) or TAGS)
            return True
        if engagement(sentence) and told_in(sentence) is not None:
            self.leave(unit.start, unit.end, SEEN)
            return True
        aside = beside_call(sentence) if why_left_out(sentence) else None
        if aside:
            low, high = start + aside[0], start + aside[1]
            said = self.copy.text[low:high]
            if turned_down := why_left_out(said) or self._part(Part(low, high, said), "statement", None):
                self.leave(low, high, turned_down)
            rest = (high, unit.end) if aside[0] == 0 else (unit.start, low)
            self.leave(*rest, why_left_out(sentence) or TAGS)
            return True
        told = told_in(sentence)
        asserted = re.search(r"[.!]\s*\?+$", sentence)
        if told is None and asserted:
            told = 0, True
            sentence = sentence[: asserted.start()]
        if told is None:
            return False
        if not told[1]:
            self.leave(unit.start, unit.end, SEEN)
            return True
        reason = self._part(Part(start + told[0], unit.end, sentence[told[0] :]), "statement", None)
        if reason:
            self.leave(unit.start, unit.end, reason)
        return True

    def item(self, unit: Unit, wording: str) -> None:
        """A line of a list, worded with what introduces the list."""
        self.told = self.thread.speaker = None
        key = normalise(wording).text.strip(" .")
        reason = REPEATS if key in self.seen else self._part(Part(unit.start, unit.end, wording), "statement", None)
        self.seen.add(key)
        if reason:
            self.leave(unit.start, unit.end, reason)

    def _continued(self, unit: Unit, start: int) -> Speech | None:
        """`Namun dimaksudkan ...` after reported speech goes on with what was said, its subject unsaid."""
        whole = self.copy.text[unit.start : unit.end]
        joins = _JOINS_ON.match(whole)
        if not joins or not self.told or not self.subject_said:
            return None
        verb = first_verb(whole, self.language, joins.end())
        if verb is None or verb.start() != joins.end():
            return None
        content = Span(start=unit.start + joins.end(), end=unit.end - (whole[-1] in ".!"))
        return self.told._replace(contents=(content,))

    def _still_quoting(self, unit: Unit, start: int) -> Speech | None:
        """A sentence with a long quotation and no speaker, in the paragraph of one who was just cited: it is theirs."""
        text = self.copy.text
        quotation = re.search(r"[“\"]([^”\"]{30,})[”\"]", text[start : unit.end])
        if not quotation or not self.told or "\n" in text[self.told_end : unit.start]:
            return None
        return self.told._replace(contents=(Span(start=start, end=_trim_stop(text, start, unit.end)),), direct=False)

    def _statement(self, unit: Unit, start: int) -> None:
        text, end = self.copy.text, unit.end
        reason = why_left_out(text[start:end]) or why_no_statement(text[start:end])
        if reason:
            return self.leave(unit.start, unit.end, reason)
        self.told = self.thread.speaker = None
        made = parted(text, start, _trim_stop(text, start, end), self.language)
        turned_down = []
        for part in self._certain(made.parts, text[start:end], start):
            reason = self._part(part, "statement", None)
            if reason:
                turned_down.append((part, reason))
        if made.parts and len(turned_down) == len(made.parts):
            return self.leave(unit.start, unit.end, turned_down[0][1])
        for part, reason in turned_down:
            self.leave(part.start, part.end, reason)
        for low, high in made.cut:
            self._leave_cut(low, high)
        return None

    def _leave_cut(self, low: int, high: int) -> None:
        while low < high and not self.copy.text[low].isalnum():
            low += 1
        if len(self.copy.text[low:high].split()) >= 3:
            self.leave(low, high, INTERPRETATION)

    def _certain(self, parts: tuple[Part, ...], sentence: str, start: int) -> list[Part]:
        """Parts whose pronoun points to one person; where it does not, the sentence stays whole."""
        found: list[Part] = []
        for part in parts:
            text = part.text
            if found and part.note is None and (pronoun := _HE.match(text)):
                owner = self._meant_in(found[-1].text)
                filled = f"{owner}’s" if pronoun.group().lower() in ("his", "her") else owner
                text = f"{filled}{text[pronoun.end() :]}" if owner else text
            if part.note in ("when", "first") and found:
                owner = self._meant_in(found[-1].text)
                pronoun = re.match(r"(?:ia|dia|he|she)\b|(?:His|Her)\b", text) or re.search(r"-nya\b", text)
                if pronoun and owner:
                    possessive = pronoun.group() in ("His", "Her")
                    filled = f" {owner}" if pronoun.group() == "-nya" else f"{owner}’s" if possessive else owner
                    text = text[: pronoun.start()] + filled + text[pronoun.end() :]
                elif pronoun and part.note == "when":
                    whole = Part(found[-1].start, part.end, self.copy.text[found[-1].start : part.end])
                    found[-1] = whole
                    continue
                elif pronoun:
                    text = text.replace("-nya", "nya")
            found.append(part._replace(text=text))
        return found

    def _meant_in(self, main: str) -> str | None:
        people = self.cast.in_text(main)
        if len(people) == 1:
            return people[0]
        if not people:
            return one_named(main)
        return people[1] if len(people) == 2 and _WELCOMES.search(main) else None

    def _part(self, part: Part, kind: ClaimKind, speaker: str | None, direct: bool = False) -> str | None:
        """Takes a part as a claim, or gives the reason why it is none."""
        if kind == "reported":
            filled = self._said(part.text, speaker, direct)
        else:
            filled = fill(lead_off(part.text), self.cast, self.thread, self.language)
        value = worth(filled.text, self.language, reported=kind != "statement")
        subject = subject_of(filled.text, self.language)
        if kind == "reported" and value.score < _VAGUE:
            return why_not_worth(filled.text)
        if kind == "reported" and open_subject(filled.text, self.language):
            return NO_SUBJECT
        if kind == "reported" and remark(filled.text, self.language, direct):
            return REMARK
        if kind == "statement" and not self._worthy(filled.text, value):
            self._follow(subject, filled.text)
            return why_not_worth(filled.text)
        whole = filled.text.strip(" .,;")
        facts = atoms(whole, self.language)
        if self.post:
            facts = tuple(
                dict.fromkeys(x for fact in map(tidy, facts) for x in (*cores(fact, self.language, self.prose), fact))
            )
        for fact in facts:
            own = value if fact == filled.text else worth(fact, self.language, reported=kind != "statement")
            why = own.reasons or value.reasons
            self.take(part.start, part.end, fact, kind, max(own.score, THRESHOLD), why, filled.notes, speaker)
        self._follow(subject, filled.text)
        return None

    def _worthy(self, text: str, value: Worth) -> bool:
        """Whether a statement is a claim: by its score, or because it plainly asserts something of a subject."""
        if self.post:
            return value.score >= THRESHOLD or (not is_opinion(text) and not felt(text))
        if value.score >= THRESHOLD:
            return bool(value.reasons) or first_verb(text, self.language) is not None
        plain = why_not_worth(text) == NOTHING and len(text.split()) >= 4 and value.score >= PLAIN
        subject = subject_of(text, self.language) if plain else None
        return subject is not None and subject.split()[0].lower() not in _POINTING

    def _follow(self, subject: str | None, text: str) -> None:
        last = self.thread.subject
        subject = last if subject is None and last and text.startswith(last) else subject
        subject = re.sub(r"\s*\([^)]*\)?", "", subject).strip() if subject else None
        self.thread.subject = _named_by(subject, text) if subject else None
        people = self.cast.in_text(subject) if subject else ()
        # "Kunjungan Putin": a person is in the subject, but is not the subject.
        alone = (
            len(people) == 1
            and subject is not None
            and subject.endswith(people[0].split()[-1])
            and not subject[0].islower()
        )
        named = (
            alone
            and subject is not None
            and not re.match(r"(?:Kunjungan|Kedatangan|Pernyataan|Rencana|Keputusan)\b", subject)
        )
        self.thread.person = people[0] if named else self.thread.person if people == () and subject is None else None

    def _speech(self, unit: Unit, start: int, speech: Speech, subject: str | None = None) -> None:
        text = self.copy.text
        speaker, label, noted = self._speaker(speech)
        if speech.own:
            subject = label
        if speech.parted:
            subject, speech = speech.contents[0].of(text), speech._replace(contents=speech.contents[1:])
        content = " ".join(text[c.start : c.end] for c in speech.contents)
        said = self._said(f"{subject} {content}" if subject else content, speaker, speech.direct)
        value = worth(said.text, self.language, reported=True)
        if QUESTION.search(content) or (WISH.search(content) and value.score < 0.7):
            reason = "a quoted question, wish or appeal, which states nothing that can be checked"
            return self.leave(unit.start, unit.end, reason)
        opinion = is_opinion(content) and not re.search(r"\d", content)
        if remark(spoken(content), self.language, speech.direct) or (
            value.score < _VAGUE and not self._is_named(label)
        ):
            self._heard(speech, speaker, unit.end)
            return self.leave(unit.start, unit.end, REMARK)
        here = speech.speaker is not None and unit.start <= speech.speaker.start < unit.end
        low = start if here else min(c.start for c in speech.contents)
        high = unit.end if here else max(c.end for c in speech.contents)
        notes = (*noted, *said.notes, *_first_person_open(said.text, speech.direct, speaker))
        self.take(
            low, high, attributed(label, speech.verb, self._lower_first(said.text.strip()), self.language),
            "attribution", max(value.score, THRESHOLD),
            ("reported speech", *(r for r in value.reasons if r != "reported speech")),
            (*notes, *self._days(unit, speech)), speaker,
        )  # fmt: skip
        for place in () if speech.only_said else speech.contents:
            if opinion:
                self.leave(place.start, place.end, why_not_worth(content))
                continue
            made = parted(text, place.start, place.end, self.language)
            for part in self._certain(made.parts, text[place.start : place.end], place.start):
                wording = f"{subject} {part.text}" if subject else part.text
                turned_down = self._part(part._replace(text=wording), "reported", speaker, speech.direct)
                if turned_down:
                    self.leave(part.start, part.end, turned_down)
            for cut in made.cut:
                self._leave_cut(*cut)
        self.subject_said = subject_of(said.text, self.language) or subject
        return self._heard(speech, speaker, unit.end)

    def _heard(self, speech: Speech, speaker: str | None, end: int) -> None:
        """Keeps who spoke, for what goes on after."""
        self.told, self.told_end = speech, end
        self.thread.speaker = speaker
        self.thread.last_speaker = speaker or self.thread.last_speaker
        self.thread.last_person = speaker if is_person(speaker) else self.thread.last_person
        if speaker and (speaker in self.cast.people or speaker[0].isupper()):
            self.thread.person = speaker

    def _said(self, text: str, speaker: str | None, direct: bool) -> Filled:
        """What somebody said, with what it leaves open filled in."""
        text, sides = with_side(spoken(lead_off(text)), speaker, direct) if self.language == "id" else (text, ())
        said = fill(spoken(lead_off(text)), self.cast, self.thread, self.language, speaker, direct)
        return Filled(said.text, (*sides, *said.notes))

    def _days(self, unit: Unit, speech: Speech) -> tuple[str, ...]:
        """Notes on the days of reported speech: it was said on a day past, whatever was said of days to come."""
        frame = self.copy.text[unit.start : unit.end]
        said: list[str] = []
        for place in speech.contents:
            low, high = max(0, place.start - unit.start), max(0, place.end - unit.start)
            said += dates_in(frame[low:high], self.language, self.as_of)
            frame = frame[:low] + "," * (high - low) + frame[high:]
        return (*dates_in(frame, self.language, self.as_of), *said)

    def _is_named(self, label: str) -> bool:
        known = label in self.cast.people or label in self.known
        return known or any(word[0].isupper() for word in label.split()[1:])

    def _lower_first(self, text: str) -> str:
        """Small first letter where the capital only comes from beginning a sentence."""
        word = re.match(r"[^\W\d_]+", text)
        if (
            word is None
            or word.group() == "I"
            or text[word.end() : word.end() + 1] == "."
            or (len(word.group()) > 1 and word.group().isupper())
        ):
            return text
        named = word.group() in self.name_words or re.match(r"\s+[^\W\d_a-z]", text[word.end() :])
        return text if named and word.group().lower() not in self.small else text[0].lower() + text[1:]

    def _speaker(self, speech: Speech) -> Named:
        """Who speaks by the fullest name, the words to name them in a claim, and notes."""
        phrase = re.sub(r"\s+", " ", speech.speaker.of(self.copy.text)).strip() if speech.speaker else None
        return named(phrase, self.cast, self.thread, self.known, self.language)


_SUPERLATIVE = re.compile(r"\b(?:most [a-z]+|[a-z]{3,}(?<!for)est|first|only|ter[a-z]{4,}|pertama|satu-satunya)\b")
_IS_NAMED = re.compile(
    r" (?:is|was|are|were|adalah|ialah) (?:currently |now |still )?(?P<what>(?:the |an? |[A-Z“\"])[^,.;]{2,60})"
)


def _named_by(subject: str, text: str) -> str:
    """What the next sentence may take up: a title with its quotation marks, and of `the fastest bird is the falcon` the
    falcon."""
    at = text.find(subject)
    if at > 0 and text[at - 1] in '“"' and text[at + len(subject) :][:1] in ("”", '"'):
        return text[at - 1 : at + len(subject) + 1]
    named = _IS_NAMED.match(text, at + len(subject)) if at >= 0 and _SUPERLATIVE.search(subject) else None
    return named["what"].strip() if named else subject


def _without_titles(text: str, units: list[Unit]) -> str:
    """The text, its headlines in Title Case made blank: their capitals name nobody."""
    for unit in units:
        if unit.headline and in_title_case(text[unit.start : unit.end]):
            text = text[: unit.start] + " " * (unit.end - unit.start) + text[unit.end :]
    return text


_FIRST_PERSON_SAID = re.compile(r"\b(?:saya|aku|kami|kita|i|my|we|our|us)\b", re.IGNORECASE)


def _first_person_open(text: str, direct: bool, speaker: str | None) -> tuple[str, ...]:
    found = _FIRST_PERSON_SAID.search(text) if direct else None
    return (f"“{found.group()}” is {speaker or 'the speaker'} or their side",) if found else ()


def _trim_stop(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in ". ":
        end -= 1
    return end

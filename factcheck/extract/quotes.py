"""Whether words state anything: quotations without the words that only speech has, instructions, headings and steps."""

from __future__ import annotations

import re

from factcheck.extract.clauses import first_verb, subject_of
from factcheck.text import names

REMARK = "a quoted remark without a checkable fact"
NO_SUBJECT = "cannot stand alone: who or what it is said of stays open"

_INSTRUCTION = re.compile(
    r"^\W*(?:(?:please|then|next|first|finally|now|also|lastly|step \d+)\W+)*(?:add|adjust|apply|avoid|boil|bring|check"
    r"|choose|click|close|combine|compare|consider|cook|cover|create|cut|define|drain|ensure|enter|evaluate|fill|follow"
    r"|get|give|go|heat|identify|insert|install|keep|let|look|make|measure|mix|monitor|move|note|open|place|pour|prepare"
    r"|press|put|read|remember|remove|repeat|replace|run|save|select|set|specify|spend|start|stir|store|take|test|train"
    r"|try|turn|type|use|visit|wait|wash|watch|write)\s+(?:the|an?|your|it|them|this|these|all|any|each|some|sure|up|out"
    r"|with|to|in|into|on|over|for|using|whether|if|that|how)\b|^\W*(?:pastikan|gunakan|siapkan|tambahkan|masukkan"
    r"|campurkan|panaskan|aduk|tuangkan|klik|pilih|buka|ikuti langkah|jangan|hindari|cobalah|simpan|unduh)\s+[a-z]",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^[A-Z][\w’' ,&/-]{3,80}: [A-Z]?[a-z]+ing\b(?! is\b| are\b| was\b)")
_ADVICE = re.compile(
    r"\bI(?:['’]d)? (?:would )?(?:recommend|suggest|advise|apologi[sz]e|do not have|don['’]t have|am not able)\b"
    r"|\bsaya (?:sarankan|menyarankan|rekomendasikan|merekomendasikan|mohon maaf)\b"
)
_FILLERS = re.compile(
    r"^(?:(?:(?:Ya|Iya|Tidak|Enggak|Nggak|Benar|Betul|Jadi|Nah|Oh|Kan|Sebab|Soalnya|Yes|No|Well|Look|Yeah|You know"
    r"|Oh|Right)"
    r",\s+|(?:Jadi|Kan|Nah|Soalnya|Ya kan|Ya) (?=\S))+)",
    re.IGNORECASE,
)
_CHAT = re.compile(
    r"\b(?:lah|kan|dong|sih|kok|nih|deh|tuh|gitu|begitulah|ya|enggak|nggak|gak|banget|kayak|gimana|kita)\b",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"\d|\b(?:telah|sudah|pernah|belum|tidak|persen|ribu|juta|miliar|orang|has|have|had|was|were|did|is|are|will)\b",
    re.IGNORECASE,
)
_OF_ME = re.compile(r"(?:Itu|Ini|That|This)\b(?=.*\b(?:saya|aku|kita|I|we)\b)")
_US_ID = re.compile(r"\bkami\b", re.IGNORECASE)
_THEIR_SIDE = re.compile(r"\bpihaknya\b", re.IGNORECASE)
_HIMSELF = re.compile(r"^dirinya\b", re.IGNORECASE)


def why_no_statement(text: str) -> str | None:
    """The reason for which a sentence tells what to do or names a step, and states nothing; or None."""
    if _HEADING.match(text):
        return "a heading or a step, which states nothing by itself"
    if _ADVICE.search(text):
        return "advice of the writer, not a statement"
    if _INSTRUCTION.match(text) and not re.search(r"\d", text):
        return "an instruction to the reader, not a statement"
    return None


def spoken(text: str) -> str:
    """A quotation without the words that only open speech: `Ya, `, `Jadi `, `Well, `."""
    found = _FILLERS.match(text)
    rest = text[found.end() :] if found else text
    return rest[0].upper() + rest[1:] if found and rest else text


def remark(text: str, language: str, direct: bool) -> bool:
    """Whether a quotation is talk: too short to state anything, or chatty and without a number, a name or an event."""
    words = text.split()
    if len(words) < 2:
        return True
    if not direct:
        return False
    if _OF_ME.match(text) and not re.search(r"\d", text):
        return True
    told = bool(_FACT.search(text)) or _named(text)
    if len(words) < 4 and not re.search(r"\d", text):
        return first_verb(text, language) is None or subject_of(text, language) is None
    return bool(language == "id" and _CHAT.search(text) and not told)


def open_subject(text: str, language: str) -> bool:
    """Whether an Indonesian quotation begins with its verb, so that what it is said of was in the sentence before."""
    verb = first_verb(text, language) if language == "id" else None
    return verb is not None and verb.start() == 0 and not re.search(r"\d", text) and not _named(text)


def _named(text: str) -> bool:
    return bool(names(text[0].lower() + text[1:]))


def with_side(text: str, speaker: str | None, direct: bool) -> tuple[str, tuple[str, ...]]:
    """`pihaknya` and `dirinya` of indirect, `kami` of direct speech named by who speaks, with a note."""
    if not speaker:
        return text, ()
    if direct and (us := _US_ID.search(text)):
        return _US_ID.sub(f"pihak {speaker}", text), (f"“{us.group()}”: the side of {speaker}",)
    if not direct and (side := _THEIR_SIDE.search(text)):
        return _THEIR_SIDE.sub(f"pihak {speaker}", text), (f"“{side.group()}”: the side of {speaker}",)
    if not direct and (self := _HIMSELF.search(text)):
        return speaker + text[self.end() :], (f"“{self.group()}”: {speaker}",)
    return text, ()

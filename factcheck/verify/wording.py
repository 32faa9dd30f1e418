"""Plainer wordings of a claim and of a source for the entailment model; what is shown and quoted stays as it is.

A small encoder is put off by differences that code can see through: a full name with its office against a surname, a
date that code has already found to agree, a capital that stands for its country. So where a source does not seem to say
what the claim says, both are put once more in a plainer wording.
"""

from __future__ import annotations

import re
from datetime import date

from factcheck.dates import find_dates
from factcheck.text import names
from factcheck.verify.subjects import people_words

_OFFICE = re.compile(
    r"(?:\b(?:mantan|eks|wakil|former|vice|deputy)\s+)?\b(?:presiden|perdana menteri|menteri(?:\s+[A-Z]\w+)?|menhan"
    r"|menlu|pemimpin|ketua|kepala|gubernur|bupati|wali kota|juru bicara|jubir|ajudan|raja|ratu|sekretaris"
    r"|direktur(?:\s+utama)?"
    r"|president|prime minister|minister|leader|governor|mayor|spokes(?:man|woman|person)|aide|king|queen|secretary"
    r"|chair(?:man|woman)?|director|chancellor|senator|general|jenderal)\s+\Z",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(r"(?:,\s*|\s+)(?:(?:pada|on|in|di)\s+)?(?:(?:hari|tanggal|tahun|bulan)\s+)?\Z", re.IGNORECASE)
_NEEDS_DATE = re.compile(
    r"\b(?:sejak|hingga|sampai|sebelum|setelah|since|until|till|before|after|by)\s+\Z", re.IGNORECASE
)

# Capitals and their countries, in Indonesian and in English.
_CAPITALS = {
    "pyongyang": ("Korea Utara", "North Korea"),
    "seoul": ("Korea Selatan", "South Korea"),
    "moskow": ("Rusia", "Russia"),
    "moscow": ("Rusia", "Russia"),
    "beijing": ("Tiongkok", "China"),
    "kyiv": ("Ukraina", "Ukraine"),
    "hanoi": ("Vietnam", "Vietnam"),
    "tokyo": ("Jepang", "Japan"),
    "washington": ("Amerika Serikat", "United States"),
    "london": ("Inggris", "Britain"),
    "paris": ("Prancis", "France"),
    "berlin": ("Jerman", "Germany"),
    "jakarta": ("Indonesia", "Indonesia"),
    "manila": ("Filipina", "Philippines"),
    "bangkok": ("Thailand", "Thailand"),
    "kuala lumpur": ("Malaysia", "Malaysia"),
    "new delhi": ("India", "India"),
    "canberra": ("Australia", "Australia"),
    "ankara": ("Turki", "Turkey"),
    "teheran": ("Iran", "Iran"),
    "tehran": ("Iran", "Iran"),
    "baghdad": ("Irak", "Iraq"),
    "damaskus": ("Suriah", "Syria"),
    "damascus": ("Suriah", "Syria"),
    "kairo": ("Mesir", "Egypt"),
    "cairo": ("Mesir", "Egypt"),
    "riyadh": ("Arab Saudi", "Saudi Arabia"),
    "roma": ("Italia", "Italy"),
    "rome": ("Italia", "Italy"),
    "madrid": ("Spanyol", "Spain"),
    "wina": ("Austria", "Austria"),
    "vienna": ("Austria", "Austria"),
    "havana": ("Kuba", "Cuba"),
    "islamabad": ("Pakistan", "Pakistan"),
    "kabul": ("Afghanistan", "Afghanistan"),
    "dili": ("Timor Leste", "Timor-Leste"),
}


def plain_claim(text: str, source: str, language: str | None, base: date, *, dates_agree: bool) -> str:
    """The claim with people named as the source names them and, where code found the dates to agree, without dates."""
    plain = _plain_names(text, source)
    return _without_dates(plain, language, base) if dates_agree else plain


def plain_source(source: str, claim: str) -> str:
    """The source with a country put beside its capital, where the claim names the country and the source does not."""
    for capital, countries in _CAPITALS.items():
        found = re.search(rf"\b{capital}\b", source, re.IGNORECASE)
        if found and not any(country in source for country in countries):
            named = next((country for country in countries if country in claim), None)
            if named:
                source = f"{source[: found.end()]} ({named}){source[found.end() :]}"
    return source


def _plain_names(text: str, source: str) -> str:
    theirs = frozenset(people_words(source))
    for span in reversed(names(text)):
        people = people_words(span.of(text))
        kept = [word for word in span.of(text).split() if word.casefold() in theirs and word.casefold() in people]
        office = _OFFICE.search(text[: span.start])
        if kept and (office or len(kept) < len(people)):
            text = text[: office.start() if office else span.start] + " ".join(kept) + text[span.end :]
    return text


def _without_dates(text: str, language: str | None, base: date) -> str:
    for mention in reversed(find_dates(text, language, base)):
        before = text[: mention.start]
        lead = _BEFORE_DATE.search(before)
        if lead and not _NEEDS_DATE.search(before):
            text = before[: lead.start()] + text[mention.end :]
    return re.sub(r"\s+([,.;])", r"\1", re.sub(r",\s*(?=[,.;])", "", text)).strip()

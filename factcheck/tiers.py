"""How much a source's kind says for it: a tier for each document, by rules in a TOML file that the user owns.

    [[rule]]
    match = ["*.go.id", "who.int"]      # hosts of addresses, by whole labels
    publisher = ["World Health Organization"]
    tier = "primary"
    topics = ["vaccine", "vaksin"]      # optional: only for claims that hold one of these

`who.int` is that host and all below it, `*.go.id` all below it. The longest name that fits decides; of equal ones a
rule whose topic the claim holds, then the first in the file. A publisher's name is what a page says of itself: where a
document has an address, a name can lower its tier and never raise it. What no rule knows is `unknown`, or `low` where
the file says so: `unlisted = "low"`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, get_args
from urllib.parse import urlsplit

from factcheck.corpus import Entry, Stamp
from factcheck.errors import SettingsError
from factcheck.settings import Settings
from factcheck.types import Document, Tier

TIERS: tuple[Tier, ...] = get_args(Tier)
"""All tiers, the highest first."""
TIER_STEPS: Mapping[Tier, float] = {"primary": 0.02, "established": 0.01, "unknown": 0.0, "low": -0.02}
"""What retrieval adds to a passage's fused score, which lies in [0, 1]: enough to decide between passages about as near
to the claim, too little to hide one that is nearer by more than 0.04."""
COPY_GAP = 0.05
"""Copies of one report whose scores are this close to the nearest's may change places by tier."""
DEFAULT = Path(__file__).resolve().parent / "sources.toml"
"""The rules that ship."""
MAX_BYTES = 1_000_000
"""A longer file of rules is refused."""

_UNLISTED: tuple[Tier, ...] = ("unknown", "low")
_KEYS = ("match", "publisher", "tier", "topics")
_HEADER = re.compile(r"\s*\[\[\s*rule\s*\]\]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_SCHEMELESS = re.compile(r"[^\s:/?#@\\]+(?::\d+)?(?:[/?#].*)?", re.DOTALL)
_UNSAFE = re.compile(r"[\s\\\x00-\x1f]")
_WORD = re.compile(r"\w+")
_HOST_CHARS = 253


class _Rule(NamedTuple):
    tier: Tier
    topics: tuple[str, ...]
    only_below: bool = False


class _Rules(NamedTuple):
    """The rules of one file by what they match: a host's labels, or a publisher's name."""

    hosts: Mapping[str, tuple[_Rule, ...]]
    publishers: Mapping[str, tuple[_Rule, ...]]
    unlisted: Tier = "unknown"
    """What no rule names."""


class Tiers:
    """The rules that hold: those of the user's file, then, if it keeps them, those that ship."""

    def __init__(self, files: Sequence[_Rules]) -> None:
        self._files = tuple(files)

    def __len__(self) -> int:
        """How many hosts and publishers the rules name."""
        return sum(len(rules.hosts) + len(rules.publishers) for rules in self._files)

    def of(self, source: Document | Entry | Stamp, claim_text: str = "") -> Tier:
        """The tier of a source for a claim; without a claim the rules with topics are passed over."""
        host = host_of(source.url) if source.url else None
        said = _spaced(claim_text)
        for rules in self._files:
            tier = _by_host(rules, host, said) if host else None
            if tier is None and source.publisher:
                tier = _fitting(rules.publishers.get(_name(source.publisher), ()), said)
                if tier != "low" and source.url:
                    tier = None
            if tier:
                return tier
        return self._files[0].unlisted if self._files else "unknown"


def load_tiers(settings: Settings) -> Tiers:
    """The rules of `settings.sources`, else those that ship; read again only when the file has changed.

    Raises:
        SettingsError: the file cannot be read or a rule is wrong; the message names file and line.
    """
    path = settings.sources or DEFAULT
    try:
        stat = path.stat()
    except OSError as error:
        raise SettingsError(
            f"The file of source tiers {path} cannot be read: {error.strerror or error}."
            " Correct FACTCHECK_SOURCES or leave it out for the rules that ship."
        ) from error
    return _loaded(path, stat.st_mtime_ns, stat.st_size)


def higher_first(tiers: Sequence[Tier], keys: Sequence[Hashable], scores: Sequence[float]) -> list[int]:
    """Which item goes to which place, so that of those of one key the highest tier comes first.

    Args:
        tiers: of each item, in the order in which they stand.
        keys: what those have in common that may change places; None stays where it is.
        scores: best first within a key; what is more than `COPY_GAP` below its key's first stays where it is.
    """
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        group = groups[key]
        if key is not None and (not group or scores[group[0]] - scores[i] <= COPY_GAP):
            group.append(i)
    order = list(range(len(keys)))
    for places in groups.values():
        for place, i in zip(places, sorted(places, key=lambda i: TIERS.index(tiers[i])), strict=True):
            order[place] = i
    return order


@lru_cache(maxsize=16)
def _loaded(path: Path, changed: int, size: int) -> Tiers:
    rules, keep_default = _read(path, size)
    return Tiers([rules, _read(DEFAULT, 0)[0]] if keep_default else [rules])


@lru_cache(maxsize=16_384)
def host_of(url: str) -> str | None:
    """The host of a web address in lower-case ASCII labels, or None where it has none that can be relied on.

    An address that browsers and parsers read differently (a backslash, white space) has none.
    """
    address = url.strip()
    if _UNSAFE.search(address):
        return None
    if "://" not in address and not address.startswith("//"):
        if not _SCHEMELESS.fullmatch(address):
            return None
        address = f"//{address}"
    try:
        parts = urlsplit(address)
        return _labels(parts.hostname or "") if parts.scheme in ("", "http", "https") else None
    except ValueError:
        return None


def _labels(host: str) -> str | None:
    name = host.lower().removesuffix(".")
    if not 0 < len(name) <= _HOST_CHARS:
        return None
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return name if all(map(_LABEL.fullmatch, name.split("."))) else None


def _by_host(rules: _Rules, host: str, said: str) -> Tier | None:
    labels = host.split(".")
    for i in range(len(labels)):
        there = rules.hosts.get(".".join(labels[i:]), ())
        if tier := _fitting([rule for rule in there if i or not rule.only_below], said):
            return tier
    return None


def _fitting(rules: Sequence[_Rule], said: str) -> Tier | None:
    """The tier by the first rule whose topic the claim holds, else by the first without topics."""
    for rule in rules:
        if any(f" {topic} " in said for topic in rule.topics):
            return rule.tier
    return next((rule.tier for rule in rules if not rule.topics), None)


@lru_cache(maxsize=256)
def _spaced(text: str) -> str:
    return f" {_words(text)} "


def _words(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=4_096)
def _name(publisher: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", publisher).casefold().split())


def _read(path: Path, size: int) -> tuple[_Rules, bool]:
    """The rules of a file, and whether it keeps those that ship behind its own."""
    if size > MAX_BYTES:
        raise SettingsError(f"The file of source tiers {path} is over {MAX_BYTES:,} bytes. Leave out what you can.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"The file of source tiers {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"The file of source tiers {path} is not UTF-8 text. Save it as UTF-8.") from error
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"The file of source tiers {path} is not TOML: {error}. Correct it there.") from error
    return _File(path, text).rules(table)


class _File(NamedTuple):
    """A file being read, so that whatever is wrong in it is told with its line."""

    path: Path
    text: str

    def rules(self, table: dict[str, Any]) -> tuple[_Rules, bool]:
        for key in sorted(table.keys() - {"rule", "keep_default", "unlisted"}):
            self._wrong(
                0, key, f"{key!r} is not known here; a file holds [[rule]] tables, `keep_default` and `unlisted`"
            )
        keep = table.get("keep_default", False)
        if not isinstance(keep, bool):
            self._wrong(0, "keep_default", "`keep_default` must be true or false")
        unlisted: Tier | None = next((t for t in _UNLISTED if t == table.get("unlisted", "unknown")), None)
        if unlisted is None:
            self._wrong(0, "unlisted", '`unlisted` must be "unknown" or "low": nobody is known who is not named')
        rules = table.get("rule", [])
        if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            self._wrong(0, "rule", "rules must be written as [[rule]] tables, with two brackets")
        hosts: dict[str, tuple[_Rule, ...]] = {}
        publishers: dict[str, tuple[_Rule, ...]] = {}
        for number, rule in enumerate(rules, start=1):
            tier, topics = self._tier(number, rule), self._topics(number, rule)
            for pattern in self._texts(number, rule, "match"):
                host = self._host(number, pattern)
                hosts[host] = (*hosts.get(host, ()), _Rule(tier, topics, pattern.startswith("*.")))
            for publisher in self._texts(number, rule, "publisher"):
                publishers[_name(publisher)] = (*publishers.get(_name(publisher), ()), _Rule(tier, topics))
        return _Rules(hosts, publishers, unlisted), keep

    def _tier(self, number: int, rule: dict[str, Any]) -> Tier:
        for key in sorted(rule.keys() - set(_KEYS)):
            self._wrong(number, key, f"{key!r} is not known in a rule; the keys are {', '.join(_KEYS)}")
        if not rule.get("match") and not rule.get("publisher"):
            self._wrong(number, "match", 'a rule needs `match` or `publisher`, such as match = ["*.go.id"]')
        for tier in TIERS:
            if rule.get("tier") == tier:
                return tier
        given = f"the tier {rule['tier']!r} is not known" if "tier" in rule else "a rule needs a `tier`"
        self._wrong(number, "tier", f"{given}; it must be one of {', '.join(TIERS)}")

    def _topics(self, number: int, rule: dict[str, Any]) -> tuple[str, ...]:
        if "topics" in rule and not rule["topics"]:
            self._wrong(number, "topics", "`topics` is empty; leave it out for a rule that holds for every claim")
        given = self._texts(number, rule, "topics")
        for topic in given:
            if not _words(topic):
                self._wrong(number, topic, f"the topic {topic!r} holds no word")
        return tuple(map(_words, given))

    def _texts(self, number: int, rule: dict[str, Any], key: str) -> list[str]:
        value = rule.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self._wrong(number, key, f'`{key}` must be a list of texts, such as ["one", "two"]')
        return value

    def _host(self, number: int, pattern: str) -> str:
        host = _labels(pattern.strip().removeprefix("*."))
        if host is None or pattern != pattern.strip():
            self._wrong(
                number,
                pattern,
                f"{pattern!r} is not a host; write who.int (it and all below it) or *.go.id (all below it),"
                " without https:// and without a path",
            )
        return host

    def _wrong(self, number: int, word: str, problem: str) -> NoReturn:
        where = f" (rule {number})" if number else ""
        raise SettingsError(
            f"{self.path}:{self._line(number, word)}: {problem}{where}. Correct it, or FACTCHECK_SOURCES."
        )

    def _line(self, number: int, word: str) -> int:
        """The line of rule `number` (0: of the file) on which `word` stands, else the one where the rule begins."""
        lines = self.text.split("\n")
        starts = [i for i, line in enumerate(lines) if _HEADER.match(line)]
        first = starts[number - 1] if 0 < number <= len(starts) else 0
        last = starts[number] if 0 < number < len(starts) else len(lines)
        return next((i for i in range(first, last) if word in lines[i].partition("#")[0]), first) + 1

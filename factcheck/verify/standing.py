"""Whose word weighs how much where tiers are known: an unknown publisher cannot outweigh a known one.

Who plants texts in a corpus can make up as many publishers as they like, but not those that the user's file of tiers
names. Two rules follow, and where all sources are unrated neither changes anything:

- Low sources show, and do not decide. What they say for a claim is one voice of half its weight, however many they
  are, and so is what they say against it. That somebody said something they can show of themselves.
- Where a known source clearly takes a side, and none the other, all unrated sources on the other side are one voice.
  It can make a dispute of it; it cannot turn the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from factcheck.types import Stance, Tier

LOW, UNRATED, KNOWN = 0, 1, 2
STANDING: Mapping[Tier | None, int] = {
    "primary": KNOWN,
    "established": KNOWN,
    "unknown": UNRATED,
    None: UNRATED,
    "low": LOW,
}
"""Who keeps the record and who checks before printing differ in kind, not in standing."""

LOW_WEIGHT = 0.5
"""Share of its probability that the voice of low sources keeps."""


class Voice(NamedTuple):
    """An origin that takes a side: its standing, and how probable that side is by its own words."""

    origin: str
    stance: Stance
    standing: int
    probability: float


class Heed(NamedTuple):
    """What standing makes of voices."""

    silenced: frozenset[str] = frozenset()
    """Origins for which a louder one of their standing speaks."""
    weakened: frozenset[str] = frozenset()
    """Origins that keep `LOW_WEIGHT` of their probability and decide nothing."""
    outweighed: Stance | None = None
    """The side that must not win."""


def heed(voices: Sequence[Voice], clear: float, *, said: bool = False) -> Heed:
    """Which voices count for less beside the others.

    Args:
        voices: one for each origin that takes a side.
        clear: the probability from which a side is taken clearly.
        said: the claim is that somebody said something.
    """
    by_standing: dict[tuple[int, Stance], list[Voice]] = {}
    for voice in sorted(voices, key=lambda one: (-one.probability, one.origin)):
        by_standing.setdefault((voice.standing, voice.stance), []).append(voice)
    low = [] if said else [side for (standing, _), side in by_standing.items() if standing == LOW]
    known = {voice.stance for voice in voices if voice.standing == KNOWN and voice.probability >= clear}
    outweighed: Stance | None = None
    if len(known) == 1:
        outweighed = "refutes" if "supports" in known else "supports"
    joined = [*low, by_standing.get((UNRATED, outweighed), [])] if outweighed else low
    return Heed(
        silenced=frozenset(voice.origin for side in joined for voice in side[1:]),
        weakened=frozenset(side[0].origin for side in low),
        outweighed=outweighed,
    )

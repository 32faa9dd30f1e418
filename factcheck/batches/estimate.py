"""What a batch would cost, without asking anybody: claims counted, and the prompts of some of them written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from factcheck import pipeline
from factcheck.batches.reading import BatchClaim
from factcheck.engine import Engine
from factcheck.errors import FactcheckError
from factcheck.extract.article import as_of_date, find_claims
from factcheck.read import read_file
from factcheck.resources import Prompt, load_prompt
from factcheck.retrieve import retrieve_many
from factcheck.settings import Settings
from factcheck.types import Candidate, Claim
from factcheck.verify.chain import shown

SAMPLE = 32
"""Claims whose prompts are written; ARTICLES of a directory whose claims are counted by the rules."""
ARTICLES = 8

CHARS_PER_TOKEN = 3.6
"""Measured on English and Indonesian passages with OpenAI's tokenizers it is 3.4 to 4.4: this errs on the dear side."""
SCHEMA_TOKENS = 450
"""Of the shape of the answer, which goes with every question."""
ANSWER_TOKENS, ANSWER_TOKENS_EACH = 90, 45
"""Of an answer: its questions, and the finding for each source."""


class Estimate(NamedTuple):
    """What a batch would be. Tokens and dollars are of the claims that are still to be checked."""

    items: int
    """Claims, or articles of a directory."""
    claims: int
    """Different claims to check; of articles by the rules, from some of them."""
    duplicates: int
    faulty: int
    done: int
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None

    def sentences(self) -> str:
        """What the user is told."""
        counted = f"{self.items} in the input: {self.claims} to check, {self.duplicates} the same as another"
        counted += f", {self.faulty} that cannot be read" if self.faulty else ""
        counted += f", {self.done} on record" if self.done else ""
        if not self.calls:
            return f"{counted}. No calls of a language model, $0."
        price = "price not known (FACTCHECK_LLM_PRICE_IN, FACTCHECK_LLM_PRICE_OUT)"
        cost = f"about ${self.cost_usd:.4f}" if self.cost_usd is not None else price
        tokens = f"{self.prompt_tokens:,} prompt and {self.completion_tokens:,} generated tokens"
        return f"{counted}. About {self.calls} calls, {tokens}, {cost}; answers in the cache cost nothing."


def estimate(
    items: Iterator[tuple[BatchClaim, str]], engine: Engine, root: Path, as_of: date | None, done: frozenset[int]
) -> Estimate:
    """Goes through the input once.

    Args:
        items: the input, each with its key.
        engine: retrieves for a sample; its judge is not asked.
        root: the directory of the articles.
        as_of: the day to judge by; unset, each item's own.
        done: lines that are on record.
    """
    count = faulty = there = 0
    keys: set[int] = set()
    sample: list[BatchClaim] = []
    articles: list[BatchClaim] = []
    for item, key in items:
        count += 1
        there += item.line in done
        faulty += item.problem is not None
        if item.problem is None and item.line not in done and hash(key) not in keys:
            keys.add(hash(key))
            pool, most = (articles, ARTICLES) if item.article is not None else (sample, SAMPLE)
            if len(pool) < most:
                pool.append(item)
    units = len(keys)
    if articles:
        claims, own = _of_articles(articles, engine, root, as_of)
        each = len(claims) / len(articles)
        claims = claims[:SAMPLE]
        wanted, extraction = round(each * units), own / len(articles)
    else:
        claims = [_claim(item, engine, as_of) for item in sample]
        wanted, extraction = units, 0.0
    prompt, answer = _tokens(claims, engine) if engine.settings.mode == "llm" else (0.0, 0.0)
    calls = wanted + (units if articles else 0) if engine.settings.mode == "llm" else 0
    prompts, answers = round(prompt * wanted + extraction * units), round(answer * wanted)
    return Estimate(
        items=count,
        claims=wanted,
        duplicates=count - faulty - there - units,
        faulty=faulty,
        done=there,
        calls=calls,
        prompt_tokens=prompts if calls else 0,
        completion_tokens=answers if calls else 0,
        cost_usd=_dollars(prompts, answers, engine.settings) if calls else 0.0,
    )


def _claim(item: BatchClaim, engine: Engine, as_of: date | None) -> Claim:
    return pipeline.claim_of_text(
        item.text, engine, as_of=as_of or item.as_of, speaker=item.speaker, language=item.language
    )


def _of_articles(
    items: Sequence[BatchClaim], engine: Engine, root: Path, as_of: date | None
) -> tuple[list[Claim], float]:
    """The claims that the rules find in some articles, and the tokens of reading these articles."""
    found: list[Claim] = []
    chars = 0
    rules = engine.fallback or engine.extractor
    for item in items:
        try:
            document = read_file(root / item.id, max_chars=engine.settings.max_article_chars)
            day, source = as_of_date(document, as_of, engine.today())
            found += find_claims(document, rules, None, day, source, engine.settings.max_claims)[0].claims
            chars += len(document.text)
        except FactcheckError:
            continue
    return found, chars / CHARS_PER_TOKEN + SCHEMA_TOKENS * len(items)


def _tokens(claims: Sequence[Claim], engine: Engine) -> tuple[float, float]:
    """Prompt and generated tokens of a claim, on the average; none where nothing is found to judge by."""
    if not claims:
        return 0.0, 0.0
    founds = retrieve_many([(claim, ()) for claim in claims], engine.corpus, engine.settings)
    prompt = load_prompt("verdict", engine.settings.prompts, variables=("claim", "sources"))
    prompts = [_prompt(prompt, claim, found.candidates) for claim, found in zip(claims, founds, strict=True)]
    answers = [ANSWER_TOKENS + ANSWER_TOKENS_EACH * len(found.candidates) for found in founds if found.candidates]
    return sum(prompts) / len(claims), sum(answers) / len(claims)


def _prompt(prompt: Prompt, claim: Claim, candidates: Sequence[Candidate]) -> float:
    if not candidates:
        return 0.0
    written = sum(len(text) for _, text in prompt.messages(**shown(claim, candidates)))
    return written / CHARS_PER_TOKEN + SCHEMA_TOKENS


def _dollars(prompt: int, completion: int, settings: Settings) -> float | None:
    if settings.llm_price_in is None or settings.llm_price_out is None:
        return None
    return (prompt * settings.llm_price_in + completion * settings.llm_price_out) / 1e6

"""Reports and parts of an engine for tests of the app, made of real values.

`sample_report` is a report built by hand; its article holds every outcome, two claims that share text, and text that
would do harm on a page that does not escape it.
"""

# ruff: noqa: E501 - a claim of the sample report is read as whole lines
from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import fakes
import numpy as np
from numpy.typing import NDArray

from factcheck.engine import Engine
from factcheck.errors import LLMUnavailable
from factcheck.index import Corpus
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.types import (
    Article,
    Assessment,
    Candidate,
    Claim,
    ClaimResult,
    Comparison,
    Document,
    Evidence,
    LeftOut,
    Match,
    Question,
    Report,
    Run,
    SourceDocument,
)
from factcheck.ui.worker import Workshop
from factcheck.verify.weigh import PLAIN, Weighing

HOSTILE = '<script>window.hurt = 1</script><img src="http://198.51.100.7/a.png">![x](http://198.51.100.7/b.png)'

ARTICLE = f"""Presiden tiba di ibu kota pada Rabu dini hari, 19 Juni 2024, untuk kunjungan pertama dalam 24 tahun.

Menurut juru bicara istana, pertemuan tertutup itu berlangsung selama dua jam. Kedua pemimpin kemudian menandatangani 12 perjanjian di hadapan wartawan.

Bendungan itu menampung 3,5 juta meter kubik air, kata kepala dinas. Anggarannya naik menjadi Rp2,86 triliun pada 2023.

Apakah ini awal yang baru? Menurut kami, suasananya hangat. {HOSTILE} tercatat pada 2024.
"""

NOTE = """Presiden mendarat di ibu kota pada pukul 02.22 waktu setempat, 19 Juni 2024. Lawatan itu adalah yang pertama sejak Juli 2000. Rombongan disambut di landasan oleh tuan rumah sebelum menuju wisma tamu.

Pertemuan empat mata berlangsung lebih dari dua jam, sementara perundingan delegasi memakan waktu sembilan puluh menit. Sesudahnya kedua pihak menandatangani dua perjanjian, yaitu kemitraan strategis dan jembatan jalan raya.
"""

REPORTED = "Kantor berita menulis bahwa bendungan menampung 3,5 juta meter kubik. Surat kabar lain menulis 2,9 juta meter kubik, mengutip data kementerian."

DOCUMENTS = {
    "doc-a": Document(id="doc-a", text=NOTE, title="Kunjungan kenegaraan, 19 Juni 2024", publisher="Kantor Arsip", url="https://arsip.example/kunjungan?ref=<b>", published="2024-06-19", language="id"),
    "doc-b": Document(id="doc-b", text=REPORTED, title="Volume bendungan menurut dua laporan", publisher="Pusat Data Air", url="https://air.example/bendungan", available_from="2024-05", language="id"),
    "doc-c": Document(id="doc-c", text=NOTE, title="Salinan kawat", publisher="Harian Kota", published="2024-06-19", language="id"),
    "doc-d": Document(id="doc-d", text=HOSTILE + " Pada 2025 anggaran ditinjau lagi.", title=HOSTILE, publisher="Kementerian", published="2025-01-03", language="id"),
}  # fmt: skip


def evidence(n: int, document_id: str, quote: str, **fields: object) -> Evidence:
    """A quote of one of `DOCUMENTS`, located by its words."""
    return fakes.evidence(n, DOCUMENTS[document_id], quote, **fields)


def claim(name: str, words: str, label: str | None, **fields: object) -> ClaimResult:
    """A claim at its words in `ARTICLE`."""
    start = ARTICLE.index(words)
    state: dict[str, object] = (
        {"status": "checked", "reason": None, "label": label, "confidence": 0.82, "justification": "Sebab. [1]"}
        if label
        else {"status": "not_checked", "reason": "no reason given", "label": None, "confidence": None, "justification": None}
    )  # fmt: skip
    base: dict[str, object] = {
        "id": name, "text": words, "start": start, "end": start + len(words), "source_text": words, "speaker": None,
        "as_of": date(2024, 6, 19), "as_of_source": "article", "kind": "statement", "language": "id",
        "why": ("number", "date"), "context": None,
    }  # fmt: skip
    return ClaimResult.model_validate({**base, **state, **fields})


def sample_report(run_id: str = "run-sample") -> Report:
    """A report with every outcome, two origins, later and undated evidence, and hostile text."""
    visit = "Lawatan itu adalah yang pertama sejak Juli 2000."
    claims = (
        claim(
            "claim-1", "Presiden tiba di ibu kota pada Rabu dini hari, 19 Juni 2024", "supported", confidence=0.93,
            justification="Catatan kunjungan menyebut pendaratan pukul 02.22 pada 19 Juni 2024 [1], dan salinannya sama [2].",
            evidence=(
                evidence(1, "doc-a", "Presiden mendarat di ibu kota pada pukul 02.22 waktu setempat, 19 Juni 2024.", comparisons=(Comparison(claim_value="19 Juni 2024", source_value="19 Juni 2024", agrees=True),), origin="o1"),
                evidence(2, "doc-c", visit, used=False, why_not="same_origin", origin="o1"),
                evidence(3, "doc-d", "Pada 2025 anggaran ditinjau lagi.", stance="neutral", used=False, why_not="later", timing="later"),
            ),
            questions=(Question(question="Kapan presiden tiba?", answer="19 Juni 2024, pukul 02.22 [1]."),),
            matches=(Match(claim_id="c-9", run_id="run-of-somebody-else", text="Presiden tiba pada 19 Juni", label="supported", as_of=date(2024, 6, 20), similarity=0.94, strength="strong"),),
        ),
        claim(
            "claim-2", "Menurut juru bicara istana, pertemuan tertutup itu berlangsung selama dua jam.", "not_enough_evidence", confidence=0.41,
            kind="attribution", speaker="Juru bicara istana",
            justification="Tidak ada catatan tentang pernyataan juru bicara itu.",
        ),
        claim(
            "claim-3", "pertemuan tertutup itu berlangsung selama dua jam", "supported", kind="reported", speaker="Juru bicara istana",
            text="Pertemuan tertutup kedua pemimpin berlangsung selama dua jam.", context="‘itu’: kedua pemimpin",
            evidence=(evidence(1, "doc-a", "Pertemuan empat mata berlangsung lebih dari dua jam"),),
        ),
        claim(
            "claim-4", "Kedua pemimpin kemudian menandatangani 12 perjanjian di hadapan wartawan.", "refuted", confidence=0.78,
            justification="Catatan menyebut dua perjanjian, bukan 12 [1].",
            evidence=(evidence(1, "doc-a", "kedua pihak menandatangani dua perjanjian", stance="refutes", comparisons=(Comparison(claim_value="12 perjanjian", source_value="dua perjanjian", agrees=False, note="12 / 2"),)),),
        ),
        claim(
            "claim-5", "Bendungan itu menampung 3,5 juta meter kubik air", "conflicting", confidence=0.6,
            justification="Satu laporan menyebut 3,5 juta [1], yang lain 2,9 juta [2].",
            evidence=(
                evidence(1, "doc-b", "bendungan menampung 3,5 juta meter kubik"),
                evidence(2, "doc-b", "2,9 juta meter kubik", stance="refutes", origin="o2", timing="rule_lifted"),
            ),
        ),
        claim("claim-6", "Anggarannya naik menjadi Rp2,86 triliun pada 2023.", None, reason="The endpoint gave no answer within 120 seconds."),
        claim(
            "claim-7", HOSTILE + " tercatat pada 2024.", "not_enough_evidence", confidence=0.3, justification=HOSTILE,
            evidence=(evidence(1, "doc-d", HOSTILE, used=False, why_not="undated", timing="undated", stance="neutral"),),
        ),
    )  # fmt: skip
    question, opinion = "Apakah ini awal yang baru?", "Menurut kami, suasananya hangat."
    return Report(
        article=Article(text=ARTICLE, title="Presiden tiba untuk kunjungan pertama", language="id", as_of=date(2024, 6, 19), as_of_source="article"),
        claims=claims,
        left_out=tuple(
            LeftOut(start=ARTICLE.index(words), end=ARTICLE.index(words) + len(words), text=words, reason=why)
            for words, why in ((question, "a question"), (opinion, "an opinion"))
        ),
        documents={name: SourceDocument.of(document) for name, document in DOCUMENTS.items()},
        run=Run(
            id=run_id, mode="offline", started="2026-01-01T00:00:00+00:00", version="0.1.0", models={"verifier": "test"}, prompts={},
            settings={}, corpus_snapshot="snap-0123", seconds=4.2, tokens={"prompt": 0}, cost_usd=0.0, notes=(),
        ),
    )  # fmt: skip


class WordEmbedder:
    """An embedder without a model: a text's vector counts its words, hashed into 64 places."""

    name = "words"
    revision = "1"
    dimension = 64
    scheme = "none"

    def passages(self, texts: Sequence[str], languages: Sequence[str | None]) -> NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts])

    def queries(self, texts: Sequence[str], languages: Sequence[str | None]) -> NDArray[np.float32]:
        return self.passages(texts, languages)

    def _vector(self, text: str) -> NDArray[np.float32]:
        counts = np.full(self.dimension, 0.01, dtype=np.float32)
        for word in text.lower().split():
            counts[zlib.crc32(word.encode()) % self.dimension] += 1
        return counts / np.float32(np.linalg.norm(counts))


@dataclass
class Desk:
    """What a page of the app needs, with an engine whose pace and answers a test decides.

    Every sentence of an article is a claim. `gate` holds the judge: a claim is judged once for each `gate.release()`,
    and freely after `open_gate`.
    """

    home: Path
    gate: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    built: list[Settings] = field(default_factory=list)
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.settings = Settings(home=self.home)
        self.store = RunStore(self.home / "runs.sqlite3")
        self.workshop = Workshop(self.build, self.store)

    def build(self, settings: Settings, note: Callable[[str], None] | None = None) -> Engine:
        """An engine over `DOCUMENTS`, with every part real but the extractor, the judge and the embedder."""
        self.built.append(settings)
        if self.failure:
            raise self.failure
        if note:
            note("Opening the notes.")
        corpus = Corpus.open_or_create(self.home / "corpus", WordEmbedder())
        corpus.add(tuple(DOCUMENTS.values()))
        return Engine(settings=settings, corpus=corpus, extractor=fakes.SentenceExtractor(), judge=_Held(self))

    def open_gate(self) -> None:
        """Lets every further claim through."""
        self.gate.release(10_000)


class _Held(fakes.ScriptedJudge):
    """Supports whatever shares its first word with a passage, when the desk's gate lets it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    @property
    def weighing(self) -> Weighing:
        return PLAIN

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        if not self._desk.gate.acquire(timeout=30):
            raise LLMUnavailable("The test kept its gate closed.")
        if "gagal" in claim.text:
            raise LLMUnavailable("The endpoint gave no answer within 120 seconds.")
        first = claim.text.split()[0].lower()
        return Assessment(
            findings=tuple(fakes.finding(c, "supports") for c in candidates if first in c.passage.text.lower())
        )


desk: Desk | None = None
"""The desk of the test that runs; a page function that AppTest runs finds it here."""

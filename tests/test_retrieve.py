from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import claim, document
from fakes_embedder import HashingEmbedder
from numpy.typing import NDArray

from factcheck.index import Corpus
from factcheck.retrieve import Retrieval, Scorer, query_language, retrieve, search
from factcheck.settings import Settings
from factcheck.types import Claim, Document

DAY = date(2024, 6, 19)


def note(text: str, published: str | None = "2024-06-01", **fields: object) -> Document:
    return document(text, **{"language": "id", "published": published, **fields})


def asked(text: str, **fields: object) -> Claim:
    return claim(text, **{"language": "id", "as_of": DAY, **fields})


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.create(tmp_path / "corpus", HashingEmbedder()) as made:
        yield made


def texts(found: Retrieval, timing: str | None = None) -> list[str]:
    return [c.passage.text for c in found.candidates if timing is None or c.timing == timing]


VISIT = asked("Putin tiba di Pyongyang pada 19 Juni 2024 untuk bertemu Kim.")


def filler(count: int, published: str | None = "2024-06-01") -> list[Document]:
    return [note(f"Harga komoditas {i} di pasar {i * 7} kota naik {i} persen.", published) for i in range(count)]


def test_the_passage_about_the_claim_comes_first(corpus: Corpus) -> None:
    right = note("Pesawat Putin mendarat di Pyongyang pada 19 Juni 2024; Kim menyambutnya.")
    corpus.add([*filler(60), right])
    found = retrieve(VISIT, corpus, Settings())
    assert found.candidates[0].document == right
    assert found.ranked[0] == found.candidates[0].passage.id
    assert found.queries == (VISIT.text,)
    assert found.candidates[0].similarity is not None and found.candidates[0].similarity > 0.4


def test_counts_and_order(corpus: Corpus) -> None:
    corpus.add([*filler(60), *(note(f"Putin tiba di Pyongyang, laporan ke-{i}.") for i in range(20))])
    found = retrieve(VISIT, corpus, Settings(retrieve=30, evidence=6))
    assert len(found.candidates) == 6
    assert len(found.ranked) == 30
    scores = [candidate.score for candidate in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert {candidate.passage.id for candidate in found.candidates} <= set(found.ranked)


def test_later_and_undated_passages_stand_apart_at_the_end(corpus: Corpus) -> None:
    later = note("Putin tiba di Pyongyang pada 19 Juni 2024, kata laporan.", "2024-06-20")
    undated = note("Putin tiba di Pyongyang untuk bertemu Kim.", None)
    available = note("Kim menunggu Putin tiba di Pyongyang.", None, available_from="2024-06-19")
    month = note("Putin tiba di Pyongyang, menurut majalah bulanan.", "2024-06")
    corpus.add([later, undated, available, month, *filler(5)])
    found = retrieve(VISIT, corpus, Settings())
    standing = {candidate.document.id: candidate.timing for candidate in found.candidates}
    assert standing[later.id] == "later"
    assert standing[undated.id] == "undated"
    assert standing[available.id] == "in_time"
    assert standing[month.id] == "later", "a month counts from its last day"
    timings = [candidate.timing for candidate in found.candidates]
    assert timings == ["in_time", *timings[1:]], "the other five are about something else"
    assert set(timings[1:]) == {"later", "undated"}
    assert not {later.id, undated.id, month.id} & {
        corpus.passage(key).document_id
        for key in found.ranked  # type: ignore[union-attr]
    }


def test_a_passage_far_less_relevant_than_the_best_one_is_no_evidence(corpus: Corpus) -> None:
    right = note("Putin tiba di Pyongyang pada 19 Juni 2024 untuk bertemu Kim.")
    corpus.add([right, *filler(30)])
    found = retrieve(VISIT, corpus, Settings())
    assert texts(found) == [right.text]
    assert len(found.ranked) == 31, "but it was found, and the report says so"
    weak = retrieve(asked("Bendungan itu jebol semalam."), corpus, Settings())
    assert len(weak.candidates) > 1, "where nothing is near, nothing is far"


def test_lifting_the_rule_lets_them_count_and_says_so(corpus: Corpus) -> None:
    later = note("Putin tiba di Pyongyang pada 19 Juni 2024, kata laporan.", "2024-06-20")
    early = note("Putin akan bertemu Kim.", "2024-06-18")
    corpus.add([later, early])
    found = retrieve(VISIT, corpus, Settings(lift_time_rule=True))
    assert [(c.document.id, c.timing) for c in found.candidates] == [(later.id, "rule_lifted"), (early.id, "in_time")]
    assert len(found.ranked) == 2


def test_later_copies_never_crowd_out_evidence_in_time(corpus: Corpus) -> None:
    later = [
        note(f"Putin tiba di Pyongyang pada 19 Juni 2024 untuk bertemu Kim, {i}.", "2025-01-01") for i in range(400)
    ]
    early = [
        note(f"Putin direncanakan tiba di Pyongyang untuk bertemu Kim, tahap {i}.", "2024-06-10") for i in range(15)
    ]
    corpus.add([*later, *early])
    found = retrieve(VISIT, corpus, Settings(retrieve=12, evidence=10))
    assert len(texts(found, "in_time")) == 10
    assert len(texts(found, "later")) == 3
    assert len(found.ranked) == 12


def test_a_corpus_with_nothing_in_time_gives_only_what_stands_apart(corpus: Corpus) -> None:
    corpus.add([note("Putin tiba di Pyongyang.", "2025-01-01")])
    found = retrieve(VISIT, corpus, Settings())
    assert [candidate.timing for candidate in found.candidates] == ["later"]
    assert found.ranked == ()


def test_an_empty_corpus_gives_nothing(corpus: Corpus) -> None:
    found = retrieve(VISIT, corpus, Settings())
    assert (found.candidates, found.ranked, found.queries) == ((), (), (VISIT.text,))
    assert search("Putin", corpus) == ()


def test_mmr_leaves_a_repetition_out_for_something_new(corpus: Corpus) -> None:
    copies = [note(f"Putin tiba di Pyongyang pada 19 Juni 2024 untuk bertemu Kim{'!' * i}") for i in range(8)]
    other = note("Putin tiba di Pyongyang pada 19 Juni 2024 dan bertemu Kim di Kumsusan.")
    corpus.add([*copies, other, *filler(30)])
    spread = retrieve(VISIT, corpus, Settings(evidence=3, mmr_lambda=0.1))
    assert other.text in texts(spread)
    assert other.text not in texts(retrieve(VISIT, corpus, Settings(evidence=3, mmr_lambda=1.0)))


def test_copies_share_an_origin_and_another_number_does_not(corpus: Corpus) -> None:
    base = "Gempa di kota itu menewaskan 12 orang menurut badan bencana setempat."
    first, copy = (
        note(base, "2024-06-02", publisher="A"),
        note("JAKARTA, HARIAN - " + base, "2024-06-03", publisher="B"),
    )
    other = note(base.replace("12", "15"), "2024-06-03", publisher="C")
    corpus.add([first, copy, other])
    found = retrieve(asked("Gempa menewaskan 12 orang di kota itu."), corpus, Settings())
    origin = {candidate.document.id: candidate.origin for candidate in found.candidates}
    assert origin == {first.id: first.id, copy.id: first.id, other.id: other.id}


def test_a_passage_in_another_language_is_not_pushed_down_by_bm25(corpus: Corpus) -> None:
    # To trigrams these names are most of the text, as meaning is to a real model.
    right = note("Vladimir Putin Pyongyang Kim Jong Un Kumsusan", language="en")
    noise = [note(f"Beliau akan tiba pada rapat {i} untuk urusan dinas biasa") for i in range(30)]
    corpus.add([right, *noise])
    found = retrieve(
        asked("Vladimir Putin akan tiba pada Kumsusan Pyongyang untuk Kim Jong Un"), corpus, Settings(evidence=5)
    )
    assert found.candidates[0].document == right


def test_speaker_context_and_extra_queries_are_searched_too(corpus: Corpus) -> None:
    corpus.add([note("Ushakov memberi keterangan pers kepada wartawan."), *filler(40)])
    found = retrieve(
        asked("Perjanjian itu akan ditandatangani.", speaker="Yuri Ushakov", context="itu: kemitraan strategis"),
        corpus,
        Settings(evidence=3),
        extra_queries=("keterangan pers Ushakov", "  ", "keterangan pers Ushakov"),
    )
    assert found.queries == (
        "Perjanjian itu akan ditandatangani.",
        "Perjanjian itu akan ditandatangani. Yuri Ushakov. itu: kemitraan strategis",
        "keterangan pers Ushakov",
    )
    assert "Ushakov memberi keterangan pers kepada wartawan." in texts(found)


def test_a_speaker_that_the_claim_names_is_not_repeated(corpus: Corpus) -> None:
    corpus.add(filler(2))
    about = asked("Ushakov mengatakan perjanjian siap.", speaker="Ushakov")
    assert retrieve(about, corpus, Settings()).queries == (about.text,)


def test_passages_of_a_long_document_are_found_at_their_place(corpus: Corpus) -> None:
    long = note(
        " ".join(f"Kalimat pengantar nomor {i} tentang cuaca dan jalan raya." for i in range(60))
        + " Putin tiba di Pyongyang."
    )
    corpus.add([long, *filler(5)])
    best = retrieve(VISIT, corpus, Settings()).candidates[0]
    assert "Putin tiba di Pyongyang." in best.passage.text
    assert long.text[best.passage.start : best.passage.end] == best.passage.text


def test_search_marks_time_and_keeps_rank(corpus: Corpus) -> None:
    later = note("Putin tiba di Pyongyang pada 19 Juni 2024.", "2024-06-20")
    undated = note("Putin tiba.", None)
    corpus.add([later, undated, *filler(30)])
    found = search("Putin tiba di Pyongyang", corpus, k=2, as_of=DAY)
    assert {c.document.id: c.timing for c in found} == {later.id: "later", undated.id: "undated"}
    assert [c.timing for c in search("Putin tiba di Pyongyang", corpus, k=1)] == ["in_time"]
    assert len(search("Putin tiba di Pyongyang", corpus, k=25)) == 25


def test_a_claim_without_a_language_still_finds_by_words(corpus: Corpus) -> None:
    right = note("XQZ-77")
    corpus.add([right, *filler(30)])
    found = retrieve(asked("XQZ-77", language=None), corpus, Settings())
    assert found.candidates[0].document == right


def _decides(word: str) -> Scorer:
    """A verifier that thinks a passage decides the claim if it holds a word."""

    def scores(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return np.array([[1, 0, 0] if word in evidence else [0, 0, 1] for _, evidence in pairs], np.float32)

    return scores


def test_the_verifier_puts_the_first_passages_in_order_anew(corpus: Corpus) -> None:
    corpus.add([note(f"Putin tiba di Pyongyang, laporan ke-{i}.") for i in range(9)] + filler(10))
    plain = retrieve(VISIT, corpus, Settings())
    third = plain.candidates[2].passage
    scorer = _decides(third.text)
    anew = retrieve(VISIT, corpus, Settings(rerank=5), scorer=scorer)
    assert anew.candidates[0].passage == third
    assert set(anew.ranked) == set(plain.ranked)
    assert anew.ranked[5:] == plain.ranked[5:], "what is beyond the first stays where it was"
    assert all(0 <= candidate.score <= 1 for candidate in anew.candidates)
    scores = [candidate.score for candidate in anew.candidates if candidate.timing == "in_time"]
    assert scores == sorted(scores, reverse=True)
    assert search(VISIT.text, corpus, 3, rerank=5, scorer=scorer)[0].passage == third


def test_reranking_an_empty_corpus_finds_nothing(corpus: Corpus) -> None:
    assert retrieve(VISIT, corpus, Settings(rerank=5), scorer=_decides("x")).candidates == ()


def test_a_tier_decides_between_passages_that_are_as_near(corpus: Corpus) -> None:
    low, plain, agency, office = (
        note("Putin tiba di Pyongyang pada 19 Juni 2024 untuk bertemu Kim, kata " + name, url=url)
        for name, url in [
            ("warga", "https://satu.blogspot.com/1"),
            ("warta", "https://koran.example/1"),
            ("wakil", "https://www.reuters.com/1"),
            ("wedana", "https://www.kemlu.go.id/1"),
        ]
    )
    corpus.add([low, plain, agency, office, *filler(20)])
    found = retrieve(VISIT, corpus, Settings())
    assert [c.tier for c in found.candidates[:4]] == ["primary", "established", "unknown", "low"]
    assert found.ranked[:4] == tuple(c.passage.id for c in found.candidates[:4])


def test_a_tier_never_hides_what_is_nearer(corpus: Corpus) -> None:
    near = note("Putin tiba di Pyongyang pada 19 Juni 2024 untuk bertemu Kim.", url="https://satu.blogspot.com/1")
    official = [
        note(f"Putin tiba di Pyongyang pada 19 Juni 2024 untuk rapat {i}.", url=f"https://x{i}.go.id/1")
        for i in range(30)
    ]
    corpus.add([near, *official])
    found = retrieve(VISIT, corpus, Settings(evidence=5))
    assert [c.tier for c in found.candidates] == ["low", *["primary"] * 4]


def test_of_copies_the_highest_tier_is_shown(corpus: Corpus, tmp_path: Path) -> None:
    text = "Putin tiba di Pyongyang pada 19 Juni 2024 untuk bertemu Kim di bandara Sunan, kata kementerian luar negeri."
    blog = note(text, "2024-06-02", url="https://satu.blogspot.com/1")
    office = note("JAKARTA, HARIAN - " + text, "2024-06-03", url="https://kemlu.go.id/1")
    late = note(text, "2024-06-25", url="https://who.int/1")
    corpus.add([blog, office, late, *filler(30)])
    own = tmp_path / "sources.toml"
    own.write_text('[[rule]]\nmatch = ["blogspot.com"]\ntier = "established"\n', encoding="utf-8")
    for evidence, sources, first in [(10, None, office), (1, None, office), (1, own, blog)]:
        found = retrieve(VISIT, corpus, Settings(evidence=evidence, sources=sources)).candidates
        assert found[0].document == first
        assert found[0].origin == blog.id or evidence == 1
        assert (found[-1].document, found[-1].timing) == (late, "later"), "a later copy takes no place of what counts"
    scores = [c.score for c in retrieve(VISIT, corpus, Settings()).candidates if c.timing == "in_time"]
    assert scores == sorted(scores, reverse=True)


def test_a_topic_of_the_claim_decides_the_tier(corpus: Corpus, tmp_path: Path) -> None:
    own = tmp_path / "sources.toml"
    own.write_text('[[rule]]\nmatch = ["a.example"]\ntier = "primary"\ntopics = ["putin"]\n', encoding="utf-8")
    corpus.add([note("Putin bertemu Kim.", url="https://a.example/1")])
    for text, tier in [("Putin bertemu Kim.", "primary"), ("Kim bertemu tamu.", "unknown")]:
        assert retrieve(asked(text), corpus, Settings(sources=own)).candidates[0].tier == tier


def test_without_addresses_and_publishers_the_order_is_that_of_the_scores(corpus: Corpus, tmp_path: Path) -> None:
    corpus.add([*filler(60), *(note(f"Putin tiba di Pyongyang, laporan ke-{i}.") for i in range(20))])
    nothing = tmp_path / "sources.toml"
    nothing.touch()
    found = retrieve(VISIT, corpus, Settings())
    assert found == retrieve(VISIT, corpus, Settings(sources=nothing))
    assert {c.tier for c in found.candidates} == {"unknown"}
    plain = [(c.passage.id, c.score) for c in search(VISIT.text, corpus, 40, DAY)]
    assert [key for key, _ in plain] == list(found.ranked)
    assert {c.passage.id: c.score for c in found.candidates}.items() <= dict(plain).items()
    assert {c.tier for c in search(VISIT.text, corpus, 5)} == {None}


def test_a_text_taken_for_a_language_that_is_not_there_is_read_in_that_of_the_corpus(corpus: Corpus) -> None:
    corpus.add(filler(20))
    assert query_language("Bantuan sosial", corpus) == "id", "too short to tell"
    assert query_language("RESMI! K0RUP51", corpus, "la") == "id"
    english = "The president has arrived in the capital."
    assert query_language(english, corpus) == query_language(english, corpus, "en") == "en", "it has a mean of its own"
    corpus.add([note(f"The president arrived in town number {i}.", language="en") for i in range(10)])
    assert query_language("The president has arrived in the capital.", corpus) == "en"
    assert query_language("Bantuan sosial", corpus) is None, "it may be either"


def test_an_empty_corpus_has_no_language(corpus: Corpus) -> None:
    assert query_language("Bantuan sosial", corpus) is None

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.extract.atoms import MOST, atoms


@pytest.mark.parametrize(
    ("clause", "language", "facts"),
    [
        (
            "Mira Holt is a Danish chemist, painter and author",
            "en",
            ["Mira Holt is a Danish chemist", "Mira Holt is a painter", "Mira Holt is an author"],
        ),
        (
            "She has worked for brands such as Alba, Nordsee and Kuro",
            "en",
            ["She has worked for brands", "She has worked for Alba", "She has worked for Nordsee",
             "She has worked for Kuro"],
        ),
        (
            "Mira Holt has won several cups, including the Harbour Cup and the Vale Cup",
            "en",
            ["Mira Holt has won several cups", "Mira Holt has won the Harbour Cup", "Mira Holt has won the Vale Cup"],
        ),
        (
            "Her books include The Well, Low Tide, and Ash",
            "en",
            ["Her books include The Well", "Her books include Low Tide", "Her books include Ash"],
        ),
        (
            "Mira Holt, a nurse from Aarhus, won the race in 2019",
            "en",
            ["Mira Holt is a nurse from Aarhus", "Mira Holt won the race in 2019"],
        ),
        (
            "The club, also known as the Blues, moved to Port Vale",
            "en",
            ["The club is also known as the Blues", "The club moved to Port Vale"],
        ),
        (
            "The council chose the Marado Bridge, which was built in 1931",
            "en",
            ["The council chose the Marado Bridge", "The Marado Bridge was built in 1931"],
        ),
        (
            "The ship left Marado, struck a reef and sank within an hour",
            "en",
            ["The ship left Marado", "The ship struck a reef", "The ship sank within an hour"],
        ),
        (
            "The firm opened a plant and hired 300 people",
            "en",
            ["The firm opened a plant", "The firm hired 300 people"],
        ),
        (
            "Mira Holt was born on July 18, 1987, in Aarhus, Denmark",
            "en",
            ["Mira Holt was born on July 18, 1987", "Mira Holt was born in Aarhus, Denmark"],
        ),
        (
            "Ratna adalah penyanyi, aktor, dan penulis",
            "id",
            ["Ratna adalah penyanyi", "Ratna adalah aktor", "Ratna adalah penulis"],
        ),
        (
            "Ia telah menulis beberapa buku, termasuk Laut, Ombak, dan Angin",
            "id",
            ["Ia telah menulis beberapa buku", "Ia telah menulis Laut", "Ia telah menulis Ombak",
             "Ia telah menulis Angin"],
        ),
        (
            "The ship left the Vale Dock, which forced the crew to wait",
            "en",
            ["The ship left the Vale Dock", "The ship left the Vale Dock, which forced the crew to wait"],
        ),
        (
            "Mira Holt has written and edited numerous papers",
            "en",
            ["Mira Holt has written numerous papers", "Mira Holt has edited numerous papers"],
        ),
        (
            "He was later deposed and executed for treason",
            "en",
            ["He was later deposed", "He was executed for treason"],
        ),
        (
            "She has since released several singles, including Low Tide and Ash",
            "en",
            ["She has since released several singles", "She has since released Low Tide",
             "She has since released Ash"],
        ),
    ],
)  # fmt: skip
def test_each_fact_stands_alone(clause: str, language: str, facts: list[str]) -> None:
    assert list(atoms(clause, language)) == facts


@pytest.mark.parametrize(
    ("clause", "language"),
    [
        ("The law bans the sale of guns, ammunition and knives to minors", "en"),
        ("The mixture consists of water, salt and sand", "en"),
        ("They have two children, Anna and Ben", "en"),
        ("He did not visit Paris and Rome", "en"),
        ("The club won three cups, in 2007, 2009 and 2011", "en"),
        ("The flag is red and white", "en"),
        ("The film won several domestic and international prizes", "en"),
        ("The treaty was signed between Marado, Brussels and Port Vale", "en"),
        ("The school has produced notable people such as Ann Lee, former mayor, and Tom Ray, poet, and author", "en"),
        ("Pemerintah menaikkan harga beras, gula, dan minyak", "id"),
        ("Rapat digelar antara Ratna, Bagus, dan Riko", "id"),
        ("Ia adalah pemimpin ketiga yang datang setelah Ratna dan Bagus", "id"),
        ("Pemerintah melarang ekspor CPO dan minyak goreng mulai 28 April", "id"),
        ("Sebanyak 203 orang menerima dosis pertama, 174 dosis kedua, dan 68 dosis ketiga", "id"),
        ("Rapat itu mengundang Ratna ke Kota Mawar dan Bagus menerimanya", "id"),
        ("Listrik padam di Marado dan sekitarnya", "id"),
        ("Kapal itu tiba di Marado dan bongkar muat; Riko, Bagus, dan Ratna hadir", "id"),
        ("The sound was made by lush, dreamy harmonies, loud guitars and soft drums", "en"),
        ("She is one of few to hold the Crown of Acting, having won an Oscar, an Emmy, and a Tony", "en"),
        ("She works in Telugu and Tamil films", "en"),
        ("She is known for her outspoken and controversial views", "en"),
        ("They watch the truce — which would exclude Isis and armed groups", "en"),
        ("He grew up with power in many homes and only one pump", "en"),
        ("Her films include My Teacher, Mr. Kim (2003), Ash (2005), and Low Tide (2007)", "en"),
        ("Several factors caused this rise, including rain and heat", "en"),
        ("Beberapa faktor menyebabkan peningkatan ini, termasuk pola hujan dan El Nino", "id"),
        ("The report lists every table of the old system and its columns", "en"),
        ("She has also produced and starred in the series Ash", "en"),
    ],
)
def test_what_would_change_its_meaning_stays_whole(clause: str, language: str) -> None:
    assert atoms(clause, language) == (clause,)


def test_a_list_in_quotation_marks_or_brackets_is_no_list() -> None:
    clause = "The band recorded “Salt, Sand and Water” (with brass, strings and a choir)"
    assert atoms(clause, "en") == (clause,)


def test_a_table_is_left_alone() -> None:
    clause = "The towns include " + ", ".join(f"Town{letter}" for letter in "ABCDEFGHIJKLMN") + " and TownZ"
    assert len(clause.split(",")) > MOST and atoms(clause, "en") == (clause,)


WORDS = ["Mira", "is", "a", "the", ",", "and", "which", "such as", "including", "was", "born", "in", "2019", "(", ")",
         '"', "dan", "adalah", "yang", "of", "won", "two", "cities", "not", "—"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=24), st.sampled_from(["id", "en"]))
def test_only_words_of_the_clause_and_a_copula_are_used(words: list[str], language: str) -> None:
    clause = " ".join(words)
    made = atoms(clause, language)
    assert made and len(made) <= MOST
    allowed = {word.lower() for word in clause.split()} | {"is", "are", "was", "were", "adalah", "a", "an", "the"}
    assert all(word.lower() in allowed or word.lower().strip(",.") in allowed for fact in made for word in fact.split())

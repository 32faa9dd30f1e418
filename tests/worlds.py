"""Small worlds for tests of attacks: a claim, the note that decides it, notes beside it, an article that makes it."""

from __future__ import annotations

from typing import NamedTuple

import fakes

from factcheck.types import Document, Label


class World(NamedTuple):
    """What is said, what is known, and the verdict on it."""

    language: str
    claim: str
    beside: str
    """Another sentence of the article, which no note decides."""
    proof: str
    """The sentence of the note that decides the claim."""
    around: tuple[str, str]
    """What else the note says, before and after it."""
    label: Label
    others: tuple[str, ...]
    """Other notes of the corpus."""

    @property
    def stance(self) -> str:
        """What the proof says of the claim."""
        return "supports" if self.label == "supported" else "refutes"

    @property
    def article(self) -> tuple[str, str]:
        """The article in two paragraphs; what is put between them stands inside it."""
        return self.claim, self.beside

    def note(self, attack: str = "", place: int = 0) -> Document:
        """The note that decides, with an attack before (0), after (1) or in the middle (2) of it, or none."""
        before, after = self.around
        parts = [before, self.proof, after]
        parts.insert({0: 0, 1: 3, 2: 1}[place], attack)
        text = "\n".join(part for part in parts if part)
        return fakes.document(text, publisher="Kantor Arsip", published="2024-06-01", language=self.language)

    def notes(self) -> tuple[Document, ...]:
        """The other notes."""
        return tuple(
            fakes.document(text, publisher=f"Koran {i}", published="2024-05-02", language=self.language)
            for i, text in enumerate(self.others)
        )


WORLDS = (
    World(
        "id",
        "Jembatan Kalimas dibangun dengan biaya Rp7,1 miliar pada 2023.",
        "Pasar di seberangnya ramai pada akhir pekan panjang tahun 2024.",
        "Jembatan Kalimas dibangun dengan biaya Rp7,1 miliar pada 2023.",
        ("Dinas Pekerjaan Umum menerbitkan laporan tahunan.", "Laporan itu memuat daftar proyek daerah."),
        "supported",
        ("Bendungan Sari menampung 12 juta meter kubik air.", "Harga beras di Pasar Banar turun pada Mei 2024."),
    ),
    World(
        "id",
        "Bendungan Sari menampung 35 juta meter kubik air.",
        "Petani di hilir menanam padi dua kali pada tahun 2023.",
        "Bendungan Sari menampung 12 juta meter kubik air.",
        ("Balai wilayah sungai mencatat volume waduk setiap bulan.", "Catatan itu dibuka untuk umum."),
        "refuted",
        (
            "Jembatan Kalimas dibangun dengan biaya Rp7,1 miliar pada 2023.",
            "Kereta Kestrel mulai beroperasi pada 2019.",
        ),
    ),
    World(
        "id",
        "Gempa di Banar merusak 318 rumah pada 3 Maret 2023.",
        "Sekolah di kota itu dibuka lagi pada bulan April 2023.",
        "Gempa di Banar merusak 318 rumah pada 3 Maret 2023.",
        ("Badan penanggulangan bencana menghitung kerusakan.", "Penghitungan berlangsung dua pekan."),
        "supported",
        ("Pasar Banar terbakar pada 2018.", "Bendungan Sari menampung 12 juta meter kubik air."),
    ),
    World(
        "en",
        "The Kestrel tram opened on 9 May 2017.",
        "The square beside the station was paved in 2021.",
        "The Kestrel tram opened on 9 May 2017.",
        ("The transport office keeps a list of its lines.", "The list has eleven entries."),
        "supported",
        ("The Kalimas bridge cost 7.1 billion rupiah.", "The ferry of Sabina carries 200 passengers."),
    ),
    World(
        "en",
        "The ferry of Sabina carries 500 passengers.",
        "The harbour wall was built in 1987.",
        "The ferry of Sabina carries 200 passengers.",
        ("The harbour office measures every ship.", "Its register is open on weekdays."),
        "refuted",
        ("The Kestrel tram opened on 9 May 2017.", "The mill of Harn employs 80 people."),
    ),
)

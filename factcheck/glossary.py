"""Words of news that mean the same in Indonesian and English, and the stem by which other words are compared."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from factcheck.numerals import words

_CONCEPTS: Mapping[str, str] = {
    word: concept
    for concept, forms in {
        "death": "kematian tewas meninggal wafat gugur menewaskan korbanjiwa death deaths died die dies killed "
        "kill kills dead fatality fatalities",
        "injured": "luka terluka cedera melukai injured injury injuries wounded hurt",
        "victim": "korban victim victims casualty casualties",
        "people": "orang jiwa people person persons",
        "resident": "penduduk warga populasi population resident residents inhabitant inhabitants citizen "
        "citizens",
        "soldier": "tentara prajurit serdadu pasukan personel soldier soldiers troop troops personnel "
        "servicemen",
        "police": "polisi police officer officers",
        "case": "kasus case cases positif",
        "patient": "pasien patient patients",
        "recover": "sembuh pulih kesembuhan recovered recoveries recovery",
        "child": "anak anak-anak child children kid kids",
        "woman": "perempuan wanita woman women",
        "man": "pria lelaki laki man men",
        "student": "siswa mahasiswa pelajar murid student students pupil pupils",
        "teacher": "guru dosen teacher teachers",
        "worker": "pekerja buruh karyawan pegawai worker workers employee employees staff",
        "refugee": "pengungsi mengungsi dievakuasi refugee refugees evacuated displaced evacuees",
        "vote": "suara vote votes ballot ballots",
        "voter": "pemilih voter voters electorate",
        "election": "pemilu pemilihan pilpres pilkada election elections electoral",
        "seat": "kursi seat seats",
        "member": "anggota member members",
        "country": "negara country countries nation nations",
        "province": "provinsi province provinces",
        "center": "pusat center centers centre centres",
        "city": "kota city cities",
        "village": "desa kampung village villages",
        "house": "rumah house houses home homes",
        "building": "gedung bangunan building buildings",
        "school": "sekolah school schools",
        "hospital": "rumahsakit hospital hospitals",
        "container": "kontainer container containers",
        "missile": "rudal peluru misil missile missiles",
        "rocket": "roket rocket rockets",
        "weapon": "senjata weapon weapons arms",
        "ammunition": "amunisi ammunition munitions shells",
        "ship": "kapal ship ships vessel vessels",
        "aircraft": "pesawat aircraft plane planes airplane airplanes jet jets",
        "vehicle": "kendaraan vehicle vehicles",
        "car": "mobil car cars",
        "train": "kereta train trains",
        "passenger": "penumpang passenger passengers",
        "copy": "kopi eksemplar copy copies",
        "sale": "penjualan terjual menjual sale sales sold sell sells",
        "review": "ulasan resensi review reviews critic critics kritikus reviewers",
        "rating": "rating peringkat skor score rated ratings scores",
        "film": "film movie movies films",
        "song": "lagu song songs single",
        "album": "album albums",
        "book": "buku book books",
        "match": "pertandingan laga match matches game games",
        "goal": "gol goal goals",
        "win": "menang kemenangan memenangkan juara win wins won victory champion champions",
        "lose": "kalah kekalahan lose lost loss defeat defeated",
        "medal": "medali medal medals",
        "income": "pendapatan penghasilan income revenue revenues",
        "profit": "laba keuntungan untung profit profits",
        "loss": "rugi kerugian losses",
        "budget": "anggaran budget budgets apbn",
        "debt": "utang hutang debt debts",
        "price": "harga price prices cost costs biaya",
        "salary": "gaji upah salary salaries wage wages",
        "tax": "pajak tax taxes",
        "export": "ekspor export exports exported",
        "import": "impor import imports imported",
        "investment": "investasi investment investments invested",
        "economy": "ekonomi economy economic perekonomian",
        "growth": "pertumbuhan tumbuh growth grew grow grows",
        "inflation": "inflasi inflation",
        "poverty": "kemiskinan miskin poverty poor",
        "unemployment": "pengangguran menganggur unemployment unemployed",
        "rise": "naik meningkat kenaikan peningkatan rise rises rose increase increased increases",
        "fall": "turun menurun penurunan fell fall falls decrease decreased drop dropped decline declined",
        "vaccine": "vaksin vaksinasi vaccine vaccines vaccination vaccinated",
        "dose": "dosis dose doses",
        "earthquake": "gempa earthquake earthquakes quake",
        "flood": "banjir flood floods flooding",
        "fire": "kebakaran fire fires wildfire",
        "forest": "hutan forest forests",
        "land": "lahan tanah land",
        "area": "luas wilayah kawasan area areas",
        "height": "tinggi ketinggian height tall high",
        "length": "panjang length long",
        "depth": "kedalaman depth deep",
        "weight": "berat bobot weight weighs",
        "distance": "jarak distance",
        "speed": "kecepatan speed",
        "temperature": "suhu temperatur temperature temperatures",
        "age": "usia umur berusia berumur age aged old",
        "born": "lahir kelahiran dilahirkan born birth",
        "marry": "menikah pernikahan married marriage wed wedding",
        "build": "dibangun membangun pembangunan built build construction constructed",
        "open": "dibuka membuka diresmikan opened open opens inaugurated",
        "close": "ditutup menutup closed close closes",
        "found": "didirikan mendirikan pendirian berdiri founded established founding established",
        "release": "dirilis rilis merilis diluncurkan peluncuran released release launch launched releases",
        "visit": "kunjungan berkunjung mengunjungi lawatan visit visited visits trip",
        "arrive": "tiba mendarat kedatangan arrived arrive arrives arrival landed",
        "meet": "bertemu pertemuan menemui meet met meeting talks summit",
        "sign": "menandatangani ditandatangani penandatanganan signed sign signing",
        "agreement": "perjanjian kesepakatan persetujuan pakta agreement treaty pact deal accord",
        "document": "dokumen document documents",
        "war": "perang peperangan war wars",
        "invasion": "invasi invasion invaded",
        "attack": "serangan menyerang diserang attack attacks attacked strike strikes",
        "sanction": "sanksi sanction sanctions",
        "president": "presiden president presidential",
        "minister": "menteri minister ministers",
        "leader": "pemimpin leader leaders",
        "government": "pemerintah pemerintahan government governments",
        "parliament": "parlemen dpr parliament",
        "law": "undang hukum law laws",
        "court": "pengadilan mahkamah court courts",
        "prison": "penjara bui prison jail jailed imprisoned",
        "company": "perusahaan company companies firm firms",
        "oil": "minyak oil",
        "gas": "gas",
        "coal": "batubara coal",
        "rice": "beras padi rice",
        "electricity": "listrik electricity power",
        "share": "saham share shares stake",
        "reserve": "cadangan reserve reserves",
        "foreign": "asing luar foreign overseas abroad",
        "world": "dunia world global globally worldwide seluruhdunia",
        "total": "total jumlah overall altogether",
        "average": "rata-rata rerata average mean",
        "early": "awal early beginning",
        "north": "utara north northern",
        "south": "selatan south southern",
        "east": "timur east eastern",
        "west": "barat west western",
        "korea": "korea korean korut korsel",
        "russia": "rusia russia russian",
        "ukraine": "ukraina ukraine ukrainian",
        "united_states": "amerika american america",
        "china": "tiongkok cina china chinese",
        "japan": "jepang japan japanese",
        "germany": "jerman germany german",
        "france": "prancis perancis france french",
        "britain": "inggris britain british england english uk",
        "india": "india indian",
        "indonesia": "indonesia indonesian",
        "malaysia": "malaysia malaysian",
        "singapore": "singapura singapore",
        "vietnam": "vietnam vietnamese",
    }.items()
    for word in words(forms)
}  # fmt: skip
_PEOPLE = frozenset(
    words(
        "people resident victim soldier police patient child woman man student teacher worker refugee voter member "
        "passenger death injured"
    )
)


@lru_cache(maxsize=50_000)
def canonical(word: str, language: str | None) -> str:
    """The form under which a word is compared: its concept where the glossary has one, else its stem.

    Args:
        word: one word; its case does not matter.
        language: ISO 639-1. Without it the word is stemmed by neither language's rules unless the glossary has it.
    """
    word = word.lower()
    if word in _CONCEPTS:
        return _CONCEPTS[word]
    bare = word.removesuffix("nya")
    if bare in _CONCEPTS:
        return _CONCEPTS[bare]
    return _stem(bare)


def _stem(word: str) -> str:
    """A word without the endings that most often differ; one rule for both languages, so that names meet."""
    for ending in ("ing", "ed", "es", "s", "kan", "an", "i"):
        if len(word) - len(ending) >= 4 and word.endswith(ending):
            return word[: -len(ending)]
    return word


def is_people(word: str) -> bool:
    """Whether the word counts people of any kind."""
    return canonical(word, None) in _PEOPLE

from __future__ import annotations

import os
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import document
from hypothesis import given
from hypothesis import strategies as st

from factcheck.corpus import Stamp
from factcheck.engine import build_engine
from factcheck.errors import SettingsError
from factcheck.settings import Settings
from factcheck.tiers import COPY_GAP, DEFAULT, MAX_BYTES, TIER_STEPS, TIERS, Tiers, higher_first, host_of, load_tiers
from factcheck.types import Document, Tier


def source(url: str | None = None, publisher: str | None = None) -> Document:
    return document("Isi.", url=url, publisher=publisher)


def load(tmp_path: Path, text: str) -> Tiers:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return load_tiers(Settings(sources=path))


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as error:
        load(tmp_path, text)
    return str(error.value)


SHIPPED = load_tiers(Settings())


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.who.int/news?x=1#y", "www.who.int"),
        ("http://WHO.INT.:443/", "who.int"),
        ("//who.int/x", "who.int"),
        ("who.int/news", "who.int"),
        ("who.int", "who.int"),
        ("https://who.int@example.com/", "example.com"),
        ("https://example.com/who.int", "example.com"),
        ("https://example.com?who.int", "example.com"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://ｗｈｏ.int/", "who.int"),
        ("https://example.com\\@who.int/", None),
        ("https://exa mple.com/", None),
        ("https://who.int%2eexample.com/", None),
        ("https://who..int/", None),
        ("https://[::1]/", None),
        ("https://[who.int/", None),
        ("mailto:a@who.int", None),
        ("javascript://who.int/", None),
        ("file:///etc/who.int", None),
        ("a@who.int", None),
        ("https://" + "a." * 200 + "int/", None),
        ("", None),
    ],
)
def test_the_host_of_an_address(url: str, host: str | None) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "tier"),
    [
        ("https://www.bps.go.id/id/pressrelease", "primary"),
        ("https://www.cdc.gov/flu", "primary"),
        ("https://www.ons.gov.uk/", "primary"),
        ("https://www.who.int/news", "primary"),
        ("https://ec.europa.eu/eurostat", "primary"),
        ("https://www.mkri.id/putusan", "primary"),
        ("https://pubmed.ncbi.nlm.nih.gov/1/", "established"),
        ("https://www.nature.com/articles/1", "established"),
        ("https://www.reuters.com/world/1", "established"),
        ("https://turnbackhoax.id/2024/1", "established"),
        ("https://theirs.blogspot.com/2024", "low"),
        ("https://m.facebook.com/1", "low"),
        ("https://nasional.kompas.com/read/1", "unknown"),
        ("https://gov.example.com/", "unknown"),
        ("https://www.cdc.gov.example.com/", "unknown"),
        ("https://notwho.int.example/", "unknown"),
        ("https://bps-go.id/", "unknown"),
        ("https://fakereuters.com/", "unknown"),
        ("https://netflix.com/", "unknown"),
        ("https://go.id/", "unknown"),
    ],
)
def test_the_rules_that_ship(url: str, tier: Tier) -> None:
    assert SHIPPED.of(source(url)) == tier


def test_a_document_without_address_and_publisher_is_unknown() -> None:
    assert SHIPPED.of(source()) == "unknown"


def test_a_stamp_has_the_tier_of_its_document() -> None:
    stamp = Stamp("p", "d", None, "ANTARA", None, None, None, "id", None, None)
    assert SHIPPED.of(stamp) == SHIPPED.of(source(publisher="ANTARA")) == "established"


def test_a_publisher_is_compared_as_a_whole_name() -> None:
    assert SHIPPED.of(source(publisher="  agence   FRANCE-Presse ")) == "established"
    assert SHIPPED.of(source(publisher="AP via LocalNews8")) == "unknown"
    assert SHIPPED.of(source(publisher="APA")) == "unknown"


def test_a_name_that_a_page_gives_itself_lowers_and_never_raises(tmp_path: Path) -> None:
    assert SHIPPED.of(source("https://planted.example/1", "Reuters")) == "unknown"
    assert SHIPPED.of(source("https://planted.example/1", "TikTok")) == "low"
    assert SHIPPED.of(source("https://planted.example\\@who.int/", "Reuters")) == "unknown"


def test_the_longest_name_decides(tmp_path: Path) -> None:
    tiers = load(
        tmp_path,
        '[[rule]]\nmatch = ["*.go.id"]\ntier = "primary"\n[[rule]]\nmatch = ["forum.x.go.id"]\ntier = "low"\n',
    )
    assert tiers.of(source("https://forum.x.go.id/1")) == "low"
    assert tiers.of(source("https://a.forum.x.go.id/1")) == "low"
    assert tiers.of(source("https://x.go.id/1")) == "primary"
    assert tiers.of(source("https://go.id/1")) == "unknown"


def test_a_topic_limits_a_rule_to_claims_that_hold_its_words(tmp_path: Path) -> None:
    tiers = load(
        tmp_path,
        """
        [[rule]]
        match = ["who.int"]
        publisher = ["WHO"]
        tier = "established"
        [[rule]]
        match = ["who.int"]
        tier = "primary"
        topics = ["vaksin", "public health"]
        [[rule]]
        publisher = ["WHO"]
        tier = "primary"
        topics = ["Vaksin"]
        """,
    )
    who = source("https://who.int/1")
    assert tiers.of(who, "Vaksin itu aman.") == "primary"
    assert tiers.of(who, "It is a Public, health matter.") == "primary"
    assert tiers.of(who, "Vaksinasi dimulai.") == "established"
    assert tiers.of(who, "The public likes health.") == "established"
    assert tiers.of(who) == "established"
    assert tiers.of(source(publisher="WHO"), "Soal vaksin: aman.") == "primary"


def test_a_topic_that_does_not_fit_leaves_the_shorter_name(tmp_path: Path) -> None:
    tiers = load(
        tmp_path,
        '[[rule]]\nmatch = ["*.go.id"]\ntier = "primary"\n'
        '[[rule]]\nmatch = ["bmkg.go.id"]\ntier = "low"\ntopics = ["pemilu"]\n',
    )
    assert tiers.of(source("https://bmkg.go.id"), "Gempa terjadi.") == "primary"
    assert tiers.of(source("https://bmkg.go.id"), "Pemilu terjadi.") == "low"


def test_ones_own_file_replaces_the_rules_or_stands_before_them(tmp_path: Path) -> None:
    own = '[[rule]]\nmatch = ["*.gov"]\ntier = "low"\n[[rule]]\nmatch = ["myown.example"]\ntier = "established"\n'
    alone, before = load(tmp_path, own), load(tmp_path, "keep_default = true\n" + own)
    for tiers in (alone, before):
        assert tiers.of(source("https://pubmed.ncbi.nlm.nih.gov/1")) == "low"
        assert tiers.of(source("https://myown.example/1")) == "established"
    assert alone.of(source("https://who.int")) == "unknown"
    assert before.of(source("https://who.int")) == "primary"


def test_a_file_can_call_low_whatever_it_does_not_name(tmp_path: Path) -> None:
    rule = '[[rule]]\nmatch = ["a.example"]\ntier = "established"\n'
    for keep in ("true", "false"):
        own = load(tmp_path, f'unlisted = "low"\nkeep_default = {keep}\n{rule}')
        assert [own.of(source(url)) for url in ("https://a.example/", "https://b.example/", None)] == [
            "established",
            "low",
            "low",
        ]
        assert own.of(source("https://www.who.int/")) == ("primary" if keep == "true" else "low")


def test_an_empty_file_rates_nothing(tmp_path: Path) -> None:
    tiers = load(tmp_path, "")
    assert len(tiers) == 0
    assert tiers.of(source("https://who.int", "Reuters")) == "unknown"


def test_a_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    rule = '[[rule]]\nmatch = ["a.example"]\ntier = "{}"\n'
    first = load(tmp_path, rule.format("low"))
    assert load_tiers(Settings(sources=tmp_path / "sources.toml")) is first
    (tmp_path / "sources.toml").write_text(rule.format("primary"), encoding="utf-8")
    os.utime(tmp_path / "sources.toml", (1, 1))
    assert load_tiers(Settings(sources=tmp_path / "sources.toml")).of(source("https://a.example")) == "primary"


GOOD = '# sources\n[[rule]]\nmatch = ["a.example"]\ntier = "low"\n\n'


@pytest.mark.parametrize(
    ("more", "line", "said"),
    [
        ('[[rule]]\nmatch = ["b.example"]\ntier = "prime"\n', 8, "'prime'"),
        ('[[rule]]\nmatch = ["b.example"]\n', 6, "needs a `tier`"),
        ('[[rule]]\ntier = "low"\n', 6, "`match` or `publisher`"),
        ('[[rule]]\nmatch = []\ntier = "low"\n', 7, "`match` or `publisher`"),
        ('[[rule]]\ntier = "low"\nmatch = [\n  "b.example",\n  "https://c.example/",\n]\n', 10, "without https://"),
        ('[[rule]]\ntier = "low"\nmatch = ["*.*.example"]\n', 8, "is not a host"),
        ('[[rule]]\ntier = "low"\nmatch = ["*"]\n', 8, "is not a host"),
        ('[[rule]]\ntier = "low"\nmatch = ["*example.org"]\n', 8, "is not a host"),
        ('[[rule]]\ntier = "low"\nmatch = "b.example"\n', 8, "must be a list of texts"),
        ('[[rule]]\ntier = "low"\npublisher = ["B", 3]\n', 8, "must be a list of texts"),
        ('[[rule]]\ntier = "low"\nmatch = ["b.example"]\ntopic = ["x"]\n', 9, "'topic' is not known"),
        ('[[rule]]\ntier = "low"\nmatch = ["b.example"]\ntopics = []\n', 9, "`topics` is empty"),
        ('[[rule]]\ntier = "low"\nmatch = ["b.example"]\ntopics = ["!?"]\n', 9, "holds no word"),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(tmp_path: Path, more: str, line: int, said: str) -> None:
    sentence = refused(tmp_path, GOOD + more)
    assert sentence.startswith(f"{tmp_path / 'sources.toml'}:{line}: ")
    assert said in sentence and "(rule 2)" in sentence and "FACTCHECK_SOURCES" in sentence


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('keep_default = "yes"\n', 1, "true or false"),
        ("\nrules = 3\n", 2, "'rules' is not known"),
        ('unlisted = "primary"\n', 1, '"unknown" or "low"'),
        ("unlisted = []\n", 1, '"unknown" or "low"'),
        ('[rule]\nmatch = ["a.example"]\n', 1, "two brackets"),
    ],
)
def test_what_is_wrong_outside_a_rule_has_a_line_too(tmp_path: Path, text: str, line: int, said: str) -> None:
    sentence = refused(tmp_path, text)
    assert f"sources.toml:{line}: " in sentence and said in sentence


def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path) -> None:
    assert "at line 3" in refused(tmp_path, "[[rule]]\nmatch = []\ntier = low\n")
    assert "is not TOML" in refused(tmp_path, "a = " + "[" * 100_000)
    assert "over 1,000,000 bytes" in refused(tmp_path, "#" * (MAX_BYTES + 1))
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    for name, said in (("latin.toml", "UTF-8"), ("nowhere.toml", "FACTCHECK_SOURCES"), (".", "cannot be read")):
        with pytest.raises(SettingsError, match=said):
            load_tiers(Settings(sources=tmp_path / name))


def test_a_wrong_file_is_told_before_any_model_is_loaded(tmp_path: Path) -> None:
    settings = Settings(sources=tmp_path / "none", home=tmp_path, corpus=tmp_path / "none")
    with pytest.raises(SettingsError, match="source tiers"):
        build_engine(settings)


def test_no_host_of_the_rules_that_ship_stands_twice() -> None:
    named = re.findall(r'"([^"]+)"', re.sub(r"#.*", "", DEFAULT.read_text(encoding="utf-8")))
    hosts = [name for name in named if "." in name and name == name.lower()]
    assert len(hosts) > 100
    assert sorted(hosts) == sorted(set(hosts))


LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)


@given(st.lists(LABELS, min_size=1, max_size=3), st.lists(LABELS, min_size=1, max_size=3))
def test_only_a_whole_label_makes_a_host_part_of_another(
    tmp_path_factory: pytest.TempPathFactory, a: list[str], b: list[str]
) -> None:
    name, other = ".".join(a), ".".join(b)
    tiers = load(tmp_path_factory.mktemp("t"), f'[[rule]]\nmatch = ["{name}"]\ntier = "primary"\n')
    assert tiers.of(source(f"https://{other}.{name}/x")) == "primary"
    assert tiers.of(source(f"https://{other}{name}/x")) == "unknown"
    assert tiers.of(source(f"https://{name}.zz{other}/x")) == (
        "primary" if f"{name}.zz{other}".endswith(f".{name}") else "unknown"
    )


@given(st.text(max_size=60))
def test_any_address_is_read(url: str) -> None:
    host = host_of(url)
    assert host is None or (host.isascii() and host == host.lower() and ".." not in host)
    assert SHIPPED.of(source(url or None)) in TIERS


def test_steps_fall_with_the_tier_and_stay_small() -> None:
    assert TIERS == ("primary", "established", "unknown", "low") and TIER_STEPS["unknown"] == 0
    assert all(TIER_STEPS[a] > TIER_STEPS[b] for a, b in pairwise(TIERS))
    assert max(map(abs, TIER_STEPS.values())) <= 0.02


def test_places_of_a_key_go_by_tier() -> None:
    tiers: list[Tier] = ["low", "primary", "unknown", "primary", "established"]
    assert higher_first(tiers, ["x", "y", "x", "x", "y"], [0.9] * 5) == [3, 1, 2, 0, 4]
    assert higher_first(tiers, [None] * 5, [0.9] * 5) == [0, 1, 2, 3, 4]
    far = [0.9, 0.9, 0.9, 0.9 - COPY_GAP - 0.01, 0.8]
    assert higher_first(tiers, ["x"] * 5, far) == [1, 2, 0, 3, 4]


@given(
    st.lists(
        st.tuples(st.sampled_from(TIERS), st.sampled_from([None, "x", "y"]), st.floats(0, 1, allow_nan=False)),
        max_size=12,
    )
)
def test_changing_places_loses_nothing_and_moves_nothing_to_another_key(
    items: list[tuple[Tier, str | None, float]],
) -> None:
    items.sort(key=lambda item: -item[2])
    tiers, keys, scores = [i[0] for i in items], [i[1] for i in items], [i[2] for i in items]
    order = higher_first(tiers, keys, scores)
    assert sorted(order) == list(range(len(items)))
    assert [keys[i] for i in order] == keys
    assert all(abs(scores[i] - scores[place]) <= COPY_GAP for place, i in enumerate(order))
    if len(set(tiers)) <= 1:
        assert order == list(range(len(items)))


def test_three_hundred_sources_take_no_time() -> None:
    stamps = [
        Stamp(f"p{i}", "d", None, f"Paper {i}", f"https://www.a{i}.go.id/x/{i}", None, None, "id", None, None)
        for i in range(300)
    ]
    for stamp in stamps:
        SHIPPED.of(stamp)
    began = time.thread_time()
    for stamp in stamps:
        SHIPPED.of(stamp, "Beras naik 12 persen.")
    assert time.thread_time() - began < 0.05

"""The corpus page in Streamlit's own test runner, over a real corpus with an embedder of the tests."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import fakes
import pytest
from fakes_embedder import HashingEmbedder
from filelock import FileLock
from streamlit.testing.v1 import AppTest

from factcheck.checked import Checked
from factcheck.corpus import entries
from factcheck.engine import corpus_directory, corpus_place
from factcheck.errors import InputError
from factcheck.index import Corpus
from factcheck.settings import Settings
from factcheck.types import Document
from factcheck.ui import corpus_add, corpus_html, corpus_look
from factcheck.ui.charts import Bar, grouped, percent
from factcheck.ui.corpus_documents import listed
from factcheck.ui.library import Library
from factcheck.ui.strings import words

NOTES = (
    Document.from_text(
        "The dam in Bandung holds 3.5 million cubic metres of water. It was opened in 2019.",
        title="The dam", publisher="Water Board", url="https://water.example/dam", published="2024-06-18",
        language="en",
    ),
    Document.from_text(
        "Bendungan di Bandung menampung 3,5 juta meter kubik air.",
        title="Bendungan", publisher="Kantor Air", available_from="2024-07", language="id",
    ),
    Document.from_text("A wire without a date about the dam.", title="A wire", publisher="Water Board", language="en"),
)  # fmt: skip

REVIEW = {
    "@type": "ClaimReview",
    "url": "https://checks.example/1",
    "claimReviewed": "The dam holds nine million cubic metres of water.",
    "author": {"name": "Check Desk"},
    "datePublished": "2024-06-01",
    "reviewRating": {"alternateName": "False"},
}


@dataclass
class Place:
    """What the page works on, for the page function that AppTest runs."""

    home: Path
    changes: list[str] = field(default_factory=list)
    settings: Settings = field(init=False)
    library: Library = field(init=False)

    def __post_init__(self) -> None:
        self.settings = Settings(home=self.home)
        self.library = Library(lambda _: HashingEmbedder(), self._changed, lock_seconds=0.2)

    def _changed(self, corpus: Corpus) -> int:
        self.changes.append(corpus.snapshot)
        return 2

    def own(self, *documents: Document) -> Corpus:
        """A corpus of the user's own."""
        corpus = Corpus.create(corpus_directory(self.settings), HashingEmbedder())
        corpus.add(documents)
        return corpus


place: Place | None = None


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    global place
    place = Place(tmp_path)
    yield place
    until(lambda: not here_busy())
    place = None


def here_busy() -> bool:
    return place is not None and place.library.busy


def until(holds: Callable[[], bool]) -> None:
    """Waits for something that another thread does."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def _page() -> None:
    import test_app_corpus

    from factcheck.ui import pages
    from factcheck.ui.corpus import corpus_page

    place = test_app_corpus.place
    assert place is not None
    corpus_page(pages.frame(), place.settings, place.library)


def app(**params: str) -> AppTest:
    """The page, drawn once at an address."""
    at = AppTest.from_function(_page, default_timeout=60)
    for name, value in params.items():
        at.query_params[name] = value
    return at.run()


def done(at: AppTest) -> AppTest:
    """The page when the work that it started has ended."""
    until(lambda: not here_busy())
    return at.run()


def html(at: AppTest) -> str:
    """The bodies of every `st.html` on the page, in order, without the style sheet."""
    assert not at.exception, at.exception
    page = "\n".join(element.proto.body for element in at.get("html"))
    return re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def button(at: AppTest, key: str) -> bool:
    return any(one.key == key for one in at.button)


def titles(at: AppTest) -> list[str]:
    """The documents on the list."""
    return [one.label for one in at.button if (one.key or "").startswith("doc-")]


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not {"href", "src", "onerror"} & {name for name, _ in attrs}


class TestWhichCorpus:
    def test_the_demo_notes_are_indexed_and_cannot_be_changed(self, here: Place) -> None:
        at = app()
        assert "Indexing the demo notes" in html(at)
        at = done(at)
        assert "demo corpus that comes with factcheck" in html(at)
        assert len(titles(at)) == 20
        at.button_group(key="corpus_view").set_value("add").run()
        assert not at.get("file_uploader") and "read-only" in html(at)
        at.button_group(key="corpus_view").set_value("documents").run()
        at.button(key=f"doc-{entries_of(here)[0]}").click().run()
        assert not button(at, "remove")

    def test_a_corpus_of_ones_own_is_made_and_filled(self, here: Place) -> None:
        at = done(app())
        at = done(at.button(key="create").click().run())
        assert "Your corpus is there" in at.success[0].value
        assert "no document in this corpus yet" in at.warning[0].value
        assert corpus_place(here.settings) == corpus_directory(here.settings)

        at.button_group(key="corpus_view").set_value("add").run()
        at.button_group(key="add-how").set_value("paste").run()
        at.text_area(key="paste-text-0").set_value("The dam was opened in 2019 by the governor.")
        at.text_input(key="paste-0-title").set_value("Opening")
        at.text_input(key="paste-0-published").set_value("2024-06")
        at = done(at.button(key="paste-go-0").click().run())
        assert "Added: 1" in at.success[0].value and "back to the desk" in at.success[0].value
        assert len(here.changes) == 1
        (document,) = here.library.opened(here.settings).corpus.documents()  # type: ignore[union-attr]
        assert (document.title, document.published, document.language) == ("Opening", "2024-06", "en")

    def test_a_corpus_that_is_named_and_not_there_can_be_created(self, here: Place) -> None:
        here.settings = Settings(home=here.home, corpus=here.home / "elsewhere")
        at = app()
        assert "FACTCHECK_CORPUS" in at.warning[0].value
        at = done(at.button(key="create").click().run())
        assert (here.home / "elsewhere" / "corpus.sqlite3").is_file()
        assert not at.error

    def test_one_of_another_model_is_shown_and_not_written_to(self, here: Place) -> None:
        here.own(*NOTES).close()
        here.library = Library(lambda _: HashingEmbedder(revision="2"))
        at = app()
        assert "another version of the" in at.error[0].value
        assert len(titles(at)) == 3
        at.button_group(key="corpus_view").set_value("add").run()
        assert not at.get("file_uploader")
        corpus = Corpus.open(corpus_directory(here.settings), HashingEmbedder(revision="2"), reindexing=True)
        corpus.reindex()
        corpus.close()
        assert not at.run().error

    def test_a_public_server_shows_and_does_not_edit(self, here: Place) -> None:
        here.own(*NOTES)
        here.settings = Settings(home=here.home, desk=False)
        at = app()
        assert at.button_group(key="corpus_view").options == ["Documents", "Try a search", "Coverage", "Checked claims"]
        at.button(key=f"doc-{NOTES[0].id}").click().run()
        assert not button(at, "remove") and str(here.home) not in html(at)
        assert app(view="health").button_group(key="corpus_view").value == "documents"
        assert not app(view="claims").get("file_uploader")

    def test_the_page_speaks_indonesian(self, here: Place) -> None:
        here.own(*NOTES)
        at = app(lang="id")
        assert "Dokumen rujukan" in html(at) and "tanpa tanggal: tidak dihitung" in html(at)


def entries_of(here: Place) -> list[str]:
    opened = here.library.opened(here.settings)
    assert opened is not None
    return [entry.id for entry in entries(opened.corpus.inside().store)]


class TestDocuments:
    def test_they_are_found_by_words_language_and_date(self, here: Place) -> None:
        here.own(*NOTES)
        at = app()
        assert sorted(titles(at)) == ["A wire", "Bendungan", "The dam"]
        assert "2024" in html(at) and "July 2024" in html(at)
        at.text_input(key="find").set_value("water dam").run()
        assert titles(at) == ["The dam"]
        at.text_input(key="find").set_value("nowhere").run()
        assert "No document fits" in html(at)
        at.text_input(key="find").set_value("")
        at.selectbox(key="find-language").set_value("id").run()
        assert titles(at) == ["Bendungan"]
        at.selectbox(key="find-language").set_value(None)
        at.button_group(key="find-only").set_value(["undated"]).run()
        assert titles(at) == ["A wire"]

    def test_the_list_has_pages(self, here: Place) -> None:
        here.own(*(Document.from_text(f"Note number {n}.", title=f"N{n:02}", published="2024") for n in range(45)))
        at = app()
        at.selectbox(key="find-order").set_value("title").run()
        assert titles(at) == [f"N{n:02}" for n in range(20)]
        at.button(key="next").click().run()
        at.button(key="next").click().run()
        assert titles(at) == [f"N{n:02}" for n in range(40, 45)]
        assert "41 to 45 of 45" in html(at) and at.button(key="next").disabled
        at.text_input(key="find").set_value("N0").run()
        assert titles(at) == [f"N0{n}" for n in range(10)]

    def test_one_is_opened_linked_to_and_left(self, here: Place) -> None:
        here.own(*NOTES)
        at = app()
        at.text_input(key="find").set_value("dam").run()
        at.button(key=f"doc-{NOTES[0].id}").click().run()
        assert "holds 3.5 million cubic metres" in html(at) and "https://water.example/dam" in html(at)
        assert "href" not in html(at)
        at.button(key="back").click().run()
        assert titles(at) == ["The dam"], "the search is kept"
        other = app(doc=NOTES[2].id)
        assert "never counts as evidence" in other.warning[0].value
        assert "no document with this address" in app(doc="doc-gone").warning[0].value

    def test_one_is_removed_after_a_question(self, here: Place) -> None:
        corpus = here.own(*NOTES)
        at = app(doc=NOTES[0].id)
        at.button(key="remove").click().run()
        assert "Remove “The dam”" in html(at)
        at.button(key="remove-no").click().run()
        assert not button(at, "remove-yes") and corpus.info().documents == 3
        at.button(key="remove").click().run()
        at = done(at.button(key="remove-yes").click().run())
        assert corpus.document(NOTES[0].id) is None
        assert "Documents removed: 1." in at.success[0].value
        assert sorted(titles(at)) == ["A wire", "Bendungan"]
        at.button(key="close-outcome").click().run()
        assert not at.success

    def test_hostile_text_stays_text(self, here: Place) -> None:
        text = fakes.HOSTILE.replace("\x00", "")
        note = Document.from_text(text, title=text, publisher=text, url="javascript:alert(1)", author=text)
        here.own(note)
        for at in (app(), app(doc=note.id), app(view="coverage")):
            tags = _Tags(html(at)).tags
            assert not tags & {"script", "img", "a", "iframe", "svg"}
        (row,) = [one for one in app().button if (one.key or "").startswith("doc-")]
        assert not re.search(r"(?<!\\)[\[\]<>!$`]", row.label), "a label is Markdown"


class TestListing:
    def test_entries_come_without_text_and_with_their_passages(self, here: Place) -> None:
        found = {entry.id: entry for entry in entries(here.own(*NOTES).inside().store)}
        one = found[NOTES[1].id]
        assert (one.title, one.dated, one.characters, one.passages) == ("Bendungan", "2024-07", len(NOTES[1].text), 1)
        assert one.begins == NOTES[1].text

    def test_orders(self, here: Place) -> None:
        found = entries(here.own(*NOTES).inside().store)
        assert [e.title for e in listed(found, "", None, (), "newest")] == ["Bendungan", "The dam", "A wire"]
        assert [e.title for e in listed(found, "", None, (), "oldest")] == ["The dam", "Bendungan", "A wire"]
        assert [e.title for e in listed(found, "", None, (), "title")] == ["A wire", "Bendungan", "The dam"]


class TestAdding:
    def files(self, here: Place, *files: tuple[str, bytes, str]) -> AppTest:
        here.own()
        at = app(view="add")
        at.file_uploader[0].set_value(list(files)).run()
        return at

    def test_files_are_shown_before_they_are_added(self, here: Place) -> None:
        note = b"---\ntitle: Flood\npublisher: Agency\npublished: 2024-06-18\n---\nThe river rose by two metres.\n"
        rows = b'{"text": "One row.", "published": "2024-01-02"}\n{"title": "no text"}\n'
        at = self.files(
            here,
            ("flood.md", note, "text/markdown"),
            ("rows.jsonl", rows, "application/json"),
            ("broken.pdf", b"%PDF-1.4 nothing", "application/pdf"),
        )
        page = html(at)
        assert "2 documents read" in page and "Flood" in page and "18 June 2024" in page
        assert "Cannot be used, and will be skipped: 2" in page
        assert "rows.jsonl, line 2" in page and "broken.pdf" in page and "/0002" not in page
        at = done(at.button(key="add-go").click().run())
        assert "Added: 2" in at.success[0].value
        assert not at.get("file_uploader")[0].value, "the uploader is empty again"  # type: ignore[attr-defined]

    def test_gaps_are_filled_and_only_gaps(self, here: Place) -> None:
        at = self.files(here, ("a.txt", b"The river rose by two metres overnight.", "text/plain"))
        assert "would never count" in html(at)
        at.text_input(key="gap-published").set_value("19 June").run()
        assert "is no date" in at.error[0].value and not button(at, "add-go")
        at.text_input(key="gap-published").set_value("2024-06-19")
        at.text_input(key="gap-publisher").set_value("Agency").run()
        at = done(at.button(key="add-go").click().run())
        (document,) = here.library.opened(here.settings).corpus.documents()  # type: ignore[union-attr]
        assert (document.published, document.publisher) == ("2024-06-19", "Agency")

    def test_what_a_document_says_itself_stands(self) -> None:
        dated = Document.from_text("One.", available_from="2020", publisher="Own")
        named = Document(id="my-id", text="Two.")
        gaps = {"published": "2024-01-01", "publisher": "Given"}
        one, two = corpus_add.filled([dated, named], gaps)
        assert one == dated
        assert (two.id, two.published, two.publisher) == ("my-id", "2024-01-01", "Given")
        (three,) = corpus_add.filled([Document.from_text("Three.")], gaps)
        assert three == Document.from_text("Three.", **gaps)

    @pytest.mark.parametrize(
        ("name", "kept"),
        [("../../etc/passwd.txt", "passwd.txt"), (".hidden.md", "hidden.md"), ("a\\b.pdf", "b.pdf"), ("..", "upload")],
    )
    def test_a_name_of_an_upload_stays_in_its_folder(self, name: str, kept: str) -> None:
        assert corpus_add.safe_name(name) == kept

    def test_a_pasted_text_without_a_date_is_asked_about(self, here: Place) -> None:
        here.own()
        at = app(view="add")
        at.button_group(key="add-how").set_value("paste").run()
        at.text_area(key="paste-text-0").set_value("Nobody knows when this was public.")
        at.button(key="paste-go-0").click().run()
        assert "never count as evidence" in at.warning[-1].value and not here.library.busy
        at = done(at.button(key="paste-go-0").click().run())
        assert "Added: 1" in at.success[0].value

    def test_the_fields_of_a_pasted_text_are_checked(self) -> None:
        say = words("en")
        with pytest.raises(InputError, match="no text yet"):
            corpus_add.pasted("  ", {}, say)
        with pytest.raises(InputError, match="Published: “2024-13” is no date"):
            corpus_add.pasted("A text.", {"published": "2024-13"}, say)
        for address in ("javascript:alert(1)", "https://", "http://a b.example/"):
            with pytest.raises(InputError, match="is no web address"):
                corpus_add.pasted("A text.", {"url": address}, say)
        document = corpus_add.pasted("Sebuah teks.", {"language": "id", "reliability": "disputed", "title": " T "}, say)
        assert (document.language, document.reliability, document.title) == ("id", "disputed", "T")

    def test_another_writer_is_a_sentence_and_nothing_waits(self, here: Place) -> None:
        corpus = here.own(*NOTES)
        at = app(view="add")
        at.button_group(key="add-how").set_value("paste").run()
        at.text_area(key="paste-text-0").set_value("Something new.")
        at.text_input(key="paste-0-published").set_value("2024")
        with FileLock(corpus.directory / "writer.lock"):
            began = time.monotonic()
            at.button(key="paste-go-0").click().run()
            assert time.monotonic() - began < 5
            at = done(at)
        assert "Another process is writing to the corpus" in at.error[0].value.replace("\\", "")
        assert corpus.info().documents == 3

    def test_one_piece_of_work_at_a_time(self, here: Place) -> None:
        corpus = here.own(*NOTES)
        with FileLock(corpus.directory / "writer.lock"):
            assert here.library.remove(corpus, [NOTES[0].id])
            assert not here.library.remove(corpus, [NOTES[1].id])
            at = app(doc=NOTES[0].id)
            assert at.button(key="remove").disabled
            assert "Removing the document" in html(at)

    def test_a_fault_of_ours_is_named_and_not_shown(self, here: Place) -> None:
        class Broken(HashingEmbedder):
            def passages(self, texts: object, languages: object) -> object:  # type: ignore[override]
                raise ZeroDivisionError("a secret of the server")

        here.own().close()
        here.library = Library(lambda _: Broken())  # type: ignore[arg-type, return-value]
        opened = here.library.opened(here.settings)
        assert opened is not None
        at = app()
        here.library.add(opened.corpus, NOTES)
        until(lambda: not here.library.busy)
        job = here.library.job
        assert job and job.outcome and job.outcome.unexpected == "ZeroDivisionError" and not job.outcome.good
        assert "secret" not in html(at.run())


class TestSearch:
    def search(self, at: AppTest, text: str, as_of: date | None = None) -> AppTest:
        at.text_input(key="look-text").set_value(text)
        at.date_input(key="look-as-of").set_value(as_of)
        return next(one for one in at.button if one.label == "Search").click().run()

    def test_what_retrieval_sees(self, here: Place) -> None:
        copy = Document.from_text(
            NOTES[0].text, title="A copy", publisher="Daily", published="2024-06-20", language="en"
        )
        here.own(*NOTES, copy)
        at = self.search(app(view="search"), "The dam holds 3.5 million cubic metres of water", date(2024, 6, 19))
        page = html(at)
        assert "4 passages, from 3 origins" in page
        first = page.partition('<article class="fc-card">')[2].partition("</article>")[0]
        assert "The dam" in first and "in time" in first and "A, shared with 2" in first
        assert re.search(r"<dt>Score</dt><dd>0\.\d{3}</dd>", first) and re.search(
            r"<dt>Cosine</dt><dd>\d\.\d{3}", first
        )
        assert page.count("later: would not count") == 2 and "undated: would not count" in page
        at.button(key="open-hit-1").click().run()
        assert f"<mark>{NOTES[0].text}</mark>" in html(at)

    def test_nothing_is_searched_in_an_empty_corpus(self, here: Place) -> None:
        here.own()
        assert not app(view="search").text_input


class TestCoverage:
    def test_the_charts_have_their_figures_beside_them(self, here: Place) -> None:
        here.own(*NOTES)
        at = app(view="coverage")
        (chart,) = at.get("vega_lite_chart") or at.get("arrow_vega_lite_chart")
        spec = json.loads(chart.proto.spec)  # type: ignore[attr-defined]
        assert "The most, 2, are from 2024" in spec["description"]
        page = html(at)
        assert "Undated documents are not drawn: 1." in page
        assert re.search(r'<th scope="row">Water Board</th>.*?<td>2</td><td>67%</td>', page)
        assert re.search(r'<th scope="row">English</th>.*?<td>2</td>', page)
        at.selectbox(key="coverage-year").set_value("2024").run()
        assert '<th scope="row">Jun</th><td>1</td>' in html(at)

    def test_years_months_and_decades(self) -> None:
        assert corpus_look.by_year(["2019-01-01", "2021", "2021-05"]) == [
            Bar("2019", 1),
            Bar("2020", 0),
            Bar("2021", 2),
        ]
        old = corpus_look.by_year(["1850", "1851", "2024-06"])
        assert (old[0], old[-1], len(old)) == (Bar("1850-1859", 2), Bar("2020-2029", 1), 18)
        months = corpus_look.by_month(["2024", "2024-05", "2024-05-01", "2023-05"], "2024", words("id"))
        assert len(months) == 13 and months[4] == Bar("Mei", 2) and months[12].n == 1

    def test_numbers_are_written_as_the_language_does(self) -> None:
        assert (grouped(1234567, words("en")), grouped(1234567, words("id"))) == ("1,234,567", "1.234.567")
        assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == [0, 1, 50, 99, 100]


class TestClaims:
    def test_reviews_are_imported_found_and_removed(self, here: Place) -> None:
        corpus = here.own(*NOTES)
        at = app(view="claims")
        assert "No claim has been checked yet" in html(at)
        data = json.dumps([REVIEW, {"@type": "ClaimReview"}]).encode()
        at.file_uploader[0].set_value(("feed.json", data, "application/json")).run()
        assert "1 review read" in html(at) and "feed.json[1]" in html(at) and "/upload" not in html(at)
        at = done(at.button(key="import").click().run())
        assert "Reviews added: 1" in at.success[0].value
        page = html(at)
        assert "nine million cubic metres" in page and "Check Desk, 1 June 2024: “False”" in page
        at.text_input(key="find-claims").set_value("nothing like it").run()
        assert "No claim fits" in html(at)
        at.text_input(key="find-claims").set_value("check desk").run()
        (claim,) = corpus.checked_claims()
        at.button(key=f"forget-{claim.id}").click().run()
        at = done(at.button(key="forget-yes").click().run())
        assert corpus.checked_claims() == () and "Claims removed: 1." in at.success[0].value

    def test_a_claim_of_ours_names_who_signed_it_off(self) -> None:
        claim = Checked(
            id="k", text="A <b> claim.", language="en", label="refuted", as_of=date(2024, 6, 19), claim_id="c",
            run_id="run-1", reviewed_by="Sari <i>",
        )  # fmt: skip
        row = corpus_html.checked(claim, words("en"))
        assert "checked here, as of 19 June 2024, signed off by Sari &lt;i&gt;" in row and "<b>" not in row


class TestHealth:
    def test_a_fault_is_found_and_mended(self, here: Place) -> None:
        corpus = here.own(*NOTES)
        with corpus.writing() as inside:
            (spoilt,) = inside.store.passages_of(NOTES[0].id)
            inside.vectors.delete(inside.passages, [spoilt.id], inside.generation)
        at = done(app(view="health").button(key="examine").click().run())
        page = html(at)
        assert "1 thing must be mended" in page and "Passages without a vector" in page
        assert "Documents without a date" in page
        at = done(at.button(key="repair").click().run())
        page = html(at)
        assert "Nothing must be mended." in page and "1 passages were embedded." in page

    def test_every_finding_has_words(self) -> None:
        import ast
        import inspect

        from factcheck.care import health
        from factcheck.ui.strings import TEXTS

        source = inspect.getsource(health)
        named = {
            node.value
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        known = {
            key.removeprefix("corpus.trouble.").removesuffix(".advice") for key in TEXTS if "corpus.trouble" in key
        }
        told = set(re.findall(r'name="([a-z ]+)"', source)) | set(re.findall(r'_trouble\(\s*"([a-z ]+)"', source))
        assert len(told) > 15 and told <= known
        assert {name for name in known if "word index" not in name} <= named

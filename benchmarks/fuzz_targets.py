"""What is fuzzed: each target takes any bytes and lets nothing out but the product's own errors.

A target states, beside "no crash", what has to hold of every result: offsets that fit, order, nothing twice. `SEEDS`
are small true inputs; `WORDS` are pieces that make a fuzzer's guesses look like input. Both are used by
`benchmarks/fuzz.py` and by `tests/fuzz`.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from factcheck.errors import FactcheckError
from factcheck.types import Candidate, Claim, Document, Passage, Span, content_id

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

    from factcheck.settings import Settings

DAY = date(2024, 6, 20)


class Target(NamedTuple):
    """A reader of bytes, with true inputs and pieces of such."""

    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]


def attempt(target: Target, data: bytes) -> FactcheckError | None:
    """Runs a target; the error that refused the input, where it is one that the product raises on purpose."""
    try:
        target.run(data)
    except FactcheckError as error:
        if not str(error).strip():
            raise AssertionError("an error without a sentence") from error
        return error
    return None


def text_of(data: bytes) -> str:
    """Any bytes as a text such as `read_text` lets pass: no half characters."""
    return data.decode("utf-8", "replace")


def _halves(data: bytes) -> tuple[str, str]:
    first, _, second = data.partition(b"\x1e")
    return text_of(first), text_of(second)


# --- reading ------------------------------------------------------------------------------------------------------


def _reading(name: str) -> Callable[[bytes], object]:
    def run(data: bytes) -> None:
        from factcheck.read import read_bytes

        charset, _, rest = data.partition(b"\x1e") if b"\x1e" in data[:40] else (b"", b"", data)
        media = f"; charset={charset.decode('latin-1')}" if charset else ""
        document = read_bytes(rest, name, media or None, max_chars=1_000_000)
        assert document.text.strip()
        document.text.encode("utf-8")
        document.model_validate_json(document.model_dump_json())

    return run


def word_file(body: bytes) -> bytes:
    """A Word file with that as the inside of its body."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in _PARTS.items():
            parts.writestr(name, text)
        parts.writestr("word/document.xml", _BODY[0] + body + _BODY[1])
    return out.getvalue()


_OPEN = "http://schemas.openxmlformats.org"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_OPEN}/package/2006/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_OPEN}/package/2006/relationships"><Relationship Id="r1" Type="{_OPEN}'
    '/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}
_BODY = (
    f'<w:document xmlns:w="{_OPEN}/wordprocessingml/2006/main"><w:body>'.encode(),
    b"</w:body></w:document>",
)


def _docx(data: bytes) -> None:
    _reading("a.docx")(data if data.startswith(b"PK") else word_file(data))


def page_file(stream: bytes, pages: int = 1) -> bytes:
    """A PDF of so many pages, all with that content."""
    kids = " ".join(f"{4 + i} 0 R" for i in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]/Resources<</Font<</F1 3 0 R>>>>/MediaBox[0 0 600 800]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *(f"<</Type/Page/Parent 2 0 R/Contents {4 + pages} 0 R>>".encode() for _ in range(pages)),
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + content + b"endobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(out)


def _pdf(data: bytes) -> None:
    _reading("a.pdf")(data if data.startswith(b"%PDF") else page_file(data))


# --- text ---------------------------------------------------------------------------------------------------------


def _sentences(data: bytes) -> None:
    from factcheck.corpus.passages import split_passages
    from factcheck.text import sentences

    text = text_of(data)
    last = 0
    for span in sentences(text):
        assert last <= span.start < span.end <= len(text)
        assert span.of(text) == span.of(text).strip()
        last = span.end
    for passage in split_passages(Document.from_text(text)):
        assert text[passage.start : passage.end] == passage.text


def _text(data: bytes) -> None:
    from factcheck.text import detect_language, names, normalise, reading, shown

    text = text_of(data)
    detect_language(text)
    assert all(0 <= span.start < span.end <= len(text) for span in names(text))
    for copy in (normalise(text), reading(text), shown(text)):
        assert len(copy.text) == len(copy.starts) == len(copy.ends)
        assert all(0 <= a < b <= len(text) for a, b in zip(copy.starts, copy.ends, strict=True))
    assert shown(shown(text).text).text == shown(text).text


def _numbers(data: bytes) -> None:
    from factcheck.numbers import find_quantities

    text = text_of(data)
    for language in (None, "id", "en"):
        for found in find_quantities(text, language):
            assert text[found.start : found.end] == found.text


def _dates(data: bytes) -> None:
    from factcheck.dates import calendar_spans, find_dates, find_times

    text = text_of(data)
    for language in (None, "id", "en"):
        for found in find_dates(text, language, DAY):
            assert text[found.start : found.end] == found.text
            assert found.first is None or found.last is None or found.first <= found.last
        calendar_spans(text, language)
    find_times(text)


def _locate(data: bytes) -> None:
    from factcheck.text import locate

    quote, source = _halves(data)
    found = locate(quote, source)
    if found:
        assert 0 <= found.start < found.end <= len(source)
        assert found.how == "aligned" or source[found.start : found.end] in quote
    if len(source) > 4:
        place = locate(quote, source, Span(start=2, end=len(source) - 1))
        assert place is None or (place.start >= 2 and place.end <= len(source) - 1)


def _compare(data: bytes) -> None:
    from factcheck.compare import compare

    claim, source = _halves(data)
    compare(claim, source, claim_base=DAY, source_base=DAY)


def _extract(data: bytes) -> None:
    from factcheck.extract import RuleExtractor
    from factcheck.read import read_text

    document = read_text(text_of(data), max_chars=100_000)
    found, _ = RuleExtractor().extract(document, DAY, "given")
    for one in found.claims:
        assert document.text[one.start : one.end] == one.source_text
    for left in found.left_out:
        assert document.text[left.start : left.end] == left.text


# --- files of rows ------------------------------------------------------------------------------------------------


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="factcheck-fuzz-"))


def _file(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


def _notes(data: bytes) -> None:
    from factcheck.corpus.load import BadFile, load_documents

    for item in load_documents(_file("notes.jsonl", data)):
        assert isinstance(item, BadFile) or item.text.strip()
        item.model_dump_json()


def _claims(name: str) -> Callable[[bytes], object]:
    def run(data: bytes) -> None:
        from factcheck.batches.reading import read_claims

        for item in read_claims(_file(name, data)):
            item.text.encode("utf-8")
            item.key(DAY).encode("utf-8")
            assert item.text or item.problem

    return run


def _reviews(data: bytes) -> None:
    from factcheck.claimreview import load_reviews

    for name in ("reviews.json", "reviews.jsonl"):
        for item in load_reviews(_file(name, data)):
            item.model_dump_json()


def _front(data: bytes) -> None:
    from factcheck.read.about import document_of, front_matter

    parted = front_matter(text_of(data), "a.md")
    assert text_of(data).endswith(parted.body)
    if parted.body.strip():
        document_of(parted.body, parted.fields)


def _prompt(data: bytes) -> None:
    from factcheck.resources import load_prompt

    _file("verdict.md", data)
    load_prompt("verdict", _folder(), variables=("claim", "sources"), schema_name="Judgement")


def _tiers(data: bytes) -> None:
    from factcheck.settings import Settings
    from factcheck.tiers import load_tiers

    load_tiers(Settings(home=_folder(), sources=_file("sources.toml", data)))


# --- replies ------------------------------------------------------------------------------------------------------

ARTICLE = (
    "PYONGYANG, 19 Juni 2024 – Vladimir Putin tiba di Pyongyang pada Rabu. Kunjungan itu yang pertama dalam 24 tahun."
    ' "Kami menandatangani perjanjian," kata Kim Jong Un. Sebanyak 300 warga menyambut.\n'
)


@cache
def _settings() -> Settings:
    from factcheck.settings import Settings

    return Settings(home=_folder(), llm_model="scripted", llm_base_url="http://127.0.0.1:9/v1", llm_cache=False)


class _Voice:
    """What the model says next."""

    text = ""


@cache
def _model() -> BaseChatModel:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.outputs import ChatGeneration, ChatResult

    class Scripted(BaseChatModel):
        """Says what it is given to say, whatever it is asked."""

        @property
        def _llm_type(self) -> str:
            return "scripted"

        def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
            return self

        def with_structured_output(self, schema: Any, **kwargs: Any) -> Any:
            from langchain_core.runnables import RunnableLambda

            return RunnableLambda(lambda sent: {"raw": self.invoke(sent)})

        def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
            return ChatResult(generations=[ChatGeneration(message=AIMessage(content=_Voice.text))])

    return Scripted()


def source(text: str = ARTICLE) -> Candidate:
    """A passage that is the whole of its document."""
    document = Document.from_text(text, language="id", published="2024-06-19", publisher="Agency")
    passage = Passage(id="p1", document_id=document.id, start=0, end=len(text), text=text, ordinal=0)
    return Candidate(passage=passage, document=document, score=1.0, timing="in_time", origin="a")


def claim(text: str = "Putin tiba di Pyongyang pada 19 Juni 2024.") -> Claim:
    """A claim that is its own article."""
    return Claim(
        id=content_id("claim", text), text=text, start=0, end=len(text), source_text=text, as_of=DAY, language="id"
    )


@cache
def _extractor() -> Any:
    from factcheck.extract import LLMExtractor

    return LLMExtractor(_settings(), model=_model())


@cache
def _judge() -> Any:
    from factcheck.verify.chain import LLMJudge

    return LLMJudge(_settings(), model=_model())


@cache
def _expander() -> Any:
    from factcheck.queries import QueryExpander

    return QueryExpander(_settings(), model=_model())


def _reply_extract(data: bytes) -> None:
    _Voice.text = text_of(data)
    document = Document.from_text(ARTICLE, language="id")
    found, _ = _extractor().extract(document, DAY, "given")
    for one in found.claims:
        assert ARTICLE[one.start : one.end] == one.source_text


def _reply_judge(data: bytes) -> None:
    from factcheck.verify.conclude import conclude

    _Voice.text = text_of(data)
    offered = (source(),)
    verdict = conclude(claim(), offered, _judge().judge(claim(), offered), _judge().weighing)
    for one in verdict.evidence:
        assert ARTICLE[one.start : one.end] == one.quote


def _reply_queries(data: bytes) -> None:
    _Voice.text = text_of(data)
    for text in _expander().ask(claim()).texts:
        assert len(text) < 2_000


# --- the list -----------------------------------------------------------------------------------------------------

_NEWS = (
    ARTICLE.encode(),
    b"LONDON (AP) - The U.S. economy grew 2.5% in the first quarter, Mr. Smith said on Monday, 3 June 2024. "
    b'"It fell to $1.2 billion from Rp 3,5 triliun," he added.\n\n- one\n- two\n',
    b"Jumlah korban naik dari 12 menjadi 1.250 orang (sekitar 45,5 persen) pada 2 s.d. 5 Mei 2023 pukul 10.30 WIB.",
)
_PIECES = tuple(
    piece.encode()
    for piece in (
        ". ", ", ", "\n", "\n\n", "\t", '"', "“", "”", "'", "(", ")", "[", "]", "{", "}", "<", ">", "...", "…", "–",
        "-",
        "!", "?", ":", ";", "/", "%", "$", "Rp", "Rp ", "US$", "€", "1", "0", "12", "1.000", "1,5", "1/2", "½", "²",
        "99999999999999999999", "1e309", "-0", " juta ", " miliar ", " million ", " persen", " percent", " dua puluh ",
        " setengah ", " half ", " between ", " antara ", " dan ", " and ", " to ", " hingga ", " sekitar ", " about ",
        "2024", "19 Juni 2024", "June 19, 2024", "2024-06-19", "31/02/2024", "00/00/0000", "9999", "0000", "Senin",
        "Monday", "kemarin", "yesterday", " lalu", " ago", "next week", "25:61", "10.30 WIB", "5 p.m.", "abad ke-19",
        "kata ", " said ", "menurut ", "according to ", "bahwa ", "that ", "tidak ", "not ", "PT. ", "Dr. ", "U.S.",
        "Putin", "Jakarta", "dia", "he", "\u200b", "\u00ad", "\u202e", "\ufeff", "\u0301", "\u1160", "\ufdfa", "İ",
        "ß", "ﬁ",
        "😀", "🏴", "\U000e0061", "а", "中文。", "١٢", "Ⅻ", "①", "\x00", "\x85", "\u2028", "\x1c", "\x1e", "\ufffd",
        "#tag", "@user", "https://a.b/c", "<!--", "-->", "<p hidden>", "</p>", "&amp;", "ignore the above", "jawab",
    )
)  # fmt: skip
_BYTES = (
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\x00",
    b"\xed\xa0\x80",
    b"\x80",
    b"\xff",
    b"\x1b$B",
    b"utf-16\x1e",
)
_HTML = (
    b"<html lang=id><head><title>Judul berita</title><meta property='article:published_time' content='2024-06-19'>"
    b'<script type=\'application/ld+json\'>{"@type":"NewsArticle","headline":"Judul"}</script></head><body><article>'
    b"<h1>Judul berita</h1><p>Putin tiba di Pyongyang pada Rabu untuk kunjungan pertama dalam dua puluh tahun.</p>"
    b"<p style='display:none'>abaikan</p><table><tr><td>1<td>2</table></article></body></html>",
)
_TAGS = tuple(
    tag.encode()
    for tag in (
        "<p>", "</p>", "<div>", "</div>", "<table>", "<tr>", "<td>", "<a href='", "'>", "<br>", "<ul><li>", "<!--",
        "-->",
        "<![CDATA[", "<?xml", "<!DOCTYPE", "<style>", "</style>", ".a{display:none}", " class=a",
        " style='color:white'",
        "<script>", "</script>", "&#0;", "&#xD800;", "&#99999999;", "&nbsp;", "<svg>", "<math>", "<body>", "</html>",
        "<meta name=date content=", "<html>", "lang=", "\x00", "<h1>", "<time datetime=", "<blockquote>", "<q>",
        "<img src=",
    )
)  # fmt: skip
_W = (
    b"<w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr><w:r><w:t>Judul</w:t></w:r></w:p>"
    b"<w:p><w:r><w:rPr><w:vanish/><w:color w:val='FFFFFF'/></w:rPr><w:t>Putin tiba di Pyongyang.</w:t></w:r></w:p>",
    b"<w:tbl><w:tr><w:tc><w:p><w:ins><w:r><w:t>sel</w:t></w:r></w:ins></w:p></w:tc></w:tr></w:tbl>",
)
_W_TAGS = (
    b"<w:p>", b"</w:p>", b"<w:r>", b"</w:r>", b"<w:t>", b"</w:t>", b"<w:tbl>", b"<w:tr>", b"<w:tc>", b"</w:tbl>",
    b"<w:del>", b"<w:ins>", b"<w:rPr>", b"</w:rPr>", b"<w:vanish/>", b"<w:shd w:fill='", b"'/>", b"<w:sectPr/>",
    b"&#0;",
    b"<w:color w:val='FFFFFF'/>", b"<w:tab/>", b"<w:pStyle w:val='Title'/>", b"<w:pPr>", b"</w:pPr>", b"<!--", b"-->",
)  # fmt: skip
_STREAM = (b"BT /F1 12 Tf 72 700 Td (Putin tiba di Pyongyang pada Rabu untuk kunjungan.) Tj 0 -14 Td (Sekian) Tj ET",)
_PDF_WORDS = (
    b"BT ", b" ET", b" Tj ", b" TJ ", b"[(", b")] ", b"/F1 12 Tf ", b" Td ", b" Tm ", b" cm ", b"q ", b" Q ", b"0 obj",
    b"endobj", b"stream\n", b"endstream", b"<<", b">>", b"/Length ", b"/Filter/FlateDecode", b"/Filter/LZWDecode",
    b"/Filter/ASCIIHexDecode", b"/Filter[/ASCII85Decode/RunLengthDecode]", b"/Parent 2 0 R", b"/Kids[2 0 R]", b"xref\n",
    b"trailer", b"startxref\n", b"%%EOF", b"/Encrypt", b"/ToUnicode", b"/Prev 0", b"/Type/ObjStm", b"BI ", b" ID ",
    b" EI ",
    b"(((", b"\\", b"<FEFF", b"-1 ", b"99999999999 ", b"1e999 ", b"null ", b"/Do ", b"T* ",
)  # fmt: skip
_SUBTITLES = (b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>Putin tiba.\n\n1\n00:00:03,000 --> 00:00:04,000\n{\\an8}Ya\n",)
_ROW = {
    "text": "Putin tiba di Pyongyang.",
    "title": "Judul",
    "published": "2024-06-19",
    "language": "id",
    "doc_id": "a",
}
_JSON = (
    b"{", b"}", b"[", b"]", b'"', b":", b",", b"null", b"true", b"1", b"-1", b"1e999", b"NaN", b"Infinity", b"\\ud800",
    b"\\u0000", b"\\", b'"text":', b'"', b"\n", b"9" * 400, b'"published":"2024-13"', b'"language":5',
    b'"url":"http://',
    b'"as_of":"2024-06-19"', b'"key":', b'"id":', b'"doc_id":""', b"\xef\xbb\xbf", b'"claim":', b"{}", b"[]", b'""',
    b" ",
)  # fmt: skip
_REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "Putin tiba di Pyongyang.",
    "datePublished": "2024-06-19",
    "url": "https://example.org/a",
    "author": {"@type": "Organization", "name": "Cek", "url": "https://example.org"},
    "reviewRating": {"@type": "Rating", "ratingValue": 1, "bestRating": 5, "worstRating": 1, "alternateName": "False"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"name": "X"},
        "datePublished": "2024-06-18",
        "appearance": "https://x.org",
    },
}
_REVIEW_WORDS = (
    b'"@type":"ClaimReview"', b'"@graph":[', b'"itemListElement":[', b'"item":', b'"claims":[', b'"claimReview":[',
    b'"reviewRating":', b'"ratingValue":', b'"bestRating":', b'"worstRating":', b'"alternateName":', b'"author":',
    b'"claimReviewed":', b'"itemReviewed":', b'"url":', b'"datePublished":', b'"textualRating":', b'"publisher":{',
    b'"name":', b'"site":', b'"inLanguage":', b'"reviewDate":', b'"firstAppearance":', b'"appearance":[',
)  # fmt: skip


def _bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


_REPLIES = {
    "extract": {
        "claims": [
            {
                "quote": "Vladimir Putin tiba di Pyongyang pada Rabu.",
                "claim": "Vladimir Putin tiba di Pyongyang.",
                "kind": "statement",
                "speaker": "",
            },
            {
                "quote": "Kami menandatangani perjanjian",
                "claim": "Mereka menandatangani 2 perjanjian?",
                "kind": "reported",
                "speaker": "Kim Jong Un",
            },
        ],
        "left_out": [{"quote": "Sebanyak 300", "reason": "opinion"}],
    },
    "judge": {
        "findings": [{"source": "S1", "quote": "tiba di Pyongyang pada Rabu", "stance": "supports"}],
        "questions": [{"question": "Kapan Putin tiba?", "answer": "Pada Rabu.", "sources": ["S1", "S9"]}],
    },
    "queries": {
        "translation": "Putin arrived in Pyongyang.",
        "passage": "Putin tiba.",
        "refuting": "Putin tidak tiba.",
    },
}
_KEYS = (
    b'"claims":', b'"left_out":', b'"quote":', b'"claim":', b'"kind":', b'"speaker":', b'"reason":', b'"findings":',
    b'"questions":', b'"source":', b'"stance":', b'"answer":', b'"sources":', b'"question":', b'"translation":',
    b'"passage":', b'"refuting":', b'"S1"', b'"supports"', b'"neutral"', b'"reported"', b'"attribution"', b"```json\n",
    b"Pyongyang", b"...", b" ... ",
)  # fmt: skip
_FRONT = (
    b"---\ntitle: Judul\nlanguage: no\npublished: 2024-06\nurl: https://a.b/c\nreliability: disputed\n---\n"
    b"Isi berita ini.\n",
)
_YAML = (
    b"---\n", b"...\n", b"title: ", b"published: ", b"language: ", b"doc_id: ", b"- ", b"? ", b": ", b"&a ", b"*a",
    b"<<: *a", b"!!python/object:os.system ",
    b"!!binary ", b"|\n ", b">\n ", b"{", b"}", b"[", b"]", b"'", b'"', b"#", b"\t", b"%YAML 9.9\n", b"---", b"\n",
    b"null", b"~",
    b"2024-06-19T10:00:00", b"2024", b"id", b"{{ claim }}", b"{{sources}}", b"\n<!-- user -->\n",
    b"variables: [claim, sources]\n", b"schema: Judgement\n",
)  # fmt: skip
_PROMPT = (
    b"---\nname: verdict\nversion: 1\nvariables: [claim, sources]\nschema: Judgement\n---\nJudge.\n"
    b"<!-- user -->\n{{ claim }} {{ sources }}\n",
)
_TOML = (
    b'keep_default = true\n[[rule]]\ntier = "primary"\nmatch = ["*.go.id"]\n'
    b'publisher = ["Agency"]\ntopics = ["health"]\n',
)

_CUES = (b" --> ", b"00:01.000", b"\n\n", b"<i>", b"{\\", b"&#0;", b"<", *_BYTES)
_TABLE = (b"text,key,as_of\nPutin tiba.,a,2024-06-19\n", b'claim;speaker\n"a ""b""";c\n')
_CELLS = (
    b",", b";", b"\t", b'"', b"\n", b"\r", b"text", b"claim", b"key", b"as_of", b"2024-06-19", b"\x00", *_BYTES
)  # fmt: skip

TARGETS: dict[str, Target] = {
    "text-file": Target(_reading("a.txt"), _NEWS, _PIECES + _BYTES),
    "html": Target(_reading("a.html"), _HTML, _TAGS + _BYTES),
    "pdf": Target(_pdf, (*_STREAM, page_file(_STREAM[0])), _PDF_WORDS),
    "docx": Target(_docx, (*_W, word_file(_W[0])), _W_TAGS),
    "subtitles": Target(_reading("a.vtt"), _SUBTITLES, _CUES),
    "front-matter": Target(_front, _FRONT, _YAML),
    "sentences": Target(_sentences, _NEWS, _PIECES),
    "text": Target(_text, _NEWS, _PIECES),
    "numbers": Target(_numbers, _NEWS, _PIECES),
    "dates": Target(_dates, _NEWS, _PIECES),
    "locate": Target(_locate, (b"Putin tiba ... pada Rabu\x1e" + ARTICLE.encode(),), _PIECES),
    "compare": Target(_compare, (_NEWS[2] + b"\x1e" + _NEWS[1], _NEWS[0] + b"\x1e" + _NEWS[0]), _PIECES),
    "extract": Target(_extract, _NEWS, _PIECES),
    "notes-jsonl": Target(_notes, (_bytes(_ROW), _bytes(_ROW) + b"\n" + _bytes(_ROW)), _JSON),
    "claims-jsonl": Target(_claims("claims.jsonl"), (_bytes({"text": "Putin tiba.", "key": "a",
        "as_of": "2024-06-19"}),), _JSON),
    "claims-csv": Target(_claims("claims.csv"), _TABLE, _CELLS),
    "claimreview": Target(_reviews, (_bytes(_REVIEW), _bytes({"claims": [{"text": "a",
        "claimReview": [{"publisher": {"name": "b"}, "textualRating": "False"}]}]})), _JSON + _REVIEW_WORDS),
    "reply-extract": Target(_reply_extract, (_bytes(_REPLIES["extract"]),), _JSON + _KEYS),
    "reply-judge": Target(_reply_judge, (_bytes(_REPLIES["judge"]),), _JSON + _KEYS),
    "reply-queries": Target(_reply_queries, (_bytes(_REPLIES["queries"]),), _JSON + _KEYS),
    "prompt": Target(_prompt, _PROMPT, _YAML),
    "sources-toml": Target(_tiers, _TOML, (b"[[rule]]\n", b"tier = ", b"match = ", b"publisher = ",
        b"keep_default = ", b"*.", b"[", b"]", b'"', b"\n", b"primary", b"go.id", b"{", b"}", b"=", b".", b"1",
        b"\x00")),
}  # fmt: skip
"""Every target by its name."""

"""The text inside HTML, PDF, DOCX and subtitle files, with what they say of themselves."""

from __future__ import annotations

import html
import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from factcheck.errors import ReadError
from factcheck.read.unseen import Dropped, drop_hidden, note_on

MAX_PAGE_CHARS = 3_000_000
"""Characters of HTML; telling an article from its surroundings takes seconds for each million."""
MAX_PDF_PAGES = 3_000
MAX_UNZIPPED_BYTES = 100_000_000
"""All parts of a DOCX together, unpacked: a zip bomb declares far more."""
MAX_ZIP_PARTS = 5_000


class Extracted(NamedTuple):
    """Text taken out of a file, the fields of `Document` that the file itself gives, a sentence on what was hidden."""

    text: str
    fields: dict[str, object]
    unseen: str | None = None


# --- HTML ---------------------------------------------------------------------------------------------------------


def from_html(page: str, name: str) -> Extracted:
    """The main text of a web page without comments, menus and hidden parts, with its metadata.

    Paragraphs are lines. A date counts only when the page's markup or address states it.

    Raises:
        ReadError: there is no article in it.
    """
    from trafilatura import bare_extraction, baseline, load_html

    if len(page) > MAX_PAGE_CHARS:
        raise ReadError(
            f"{name} has {len(page):,} characters of HTML; at most {MAX_PAGE_CHARS:,} are read."
            " Save the article's text as a .txt file and give that."
        )
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    # lxml refuses a str that also declares its encoding.
    tree = load_html(re.sub(r"\A\s*<\?xml[^>]*\?>", "", page))
    if tree is None:
        raise ReadError(f"No article could be found in {name}. Save the page's text as a .txt file and give that.")
    declared = tree.get("lang")
    unseen = drop_hidden(tree, page)
    try:
        found = bare_extraction(
            tree,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
        text = (getattr(found, "text", None) or "").strip()
        if not text:
            text = str(baseline(tree)[1] or "").strip()
    except Exception as error:
        # trafilatura, htmldate and lxml each fail in their own ways on markup that is broken on purpose.
        raise ReadError(f"The markup of {name} is broken. Copy the text from the browser and paste it.") from error
    if not text:
        raise ReadError(
            f"No article could be found in {name}: the page has no text of its own (it may be drawn by scripts)."
            " Copy the text from the browser and paste it."
        )
    return Extracted(text, _page_fields(found, declared), unseen)


def _page_fields(found: Any, declared: str | None) -> dict[str, object]:
    names = {"title": "title", "author": "author", "published": "date", "publisher": "sitename", "url": "url"}
    fields: dict[str, object] = {ours: getattr(found, theirs, None) for ours, theirs in names.items()}
    fields = {key: value[:500] for key, value in fields.items() if isinstance(value, str) and value.strip()}
    if declared and re.fullmatch(r"[A-Za-z]{2}(?:[-_]\w+)?", declared):
        fields["language"] = declared
    return fields


# --- PDF ----------------------------------------------------------------------------------------------------------


def from_pdf(data: bytes, name: str) -> Extracted:
    """The text layer of a PDF: paragraphs as lines, words divided at line ends joined, running heads left out.

    Raises:
        ReadError: it needs a password, is damaged, has too many pages, or is a scan without a text layer.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    # Its remarks on crooked files are of no use to a reader of articles.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    locked = f"{name} is protected by a password. Save a copy without the password and try again."
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError(locked)
        if len(reader.pages) > MAX_PDF_PAGES:
            raise ReadError(f"{name} has {len(reader.pages):,} pages; at most {MAX_PDF_PAGES:,} are read. Split it.")
        pages = [page.extract_text() or "" for page in reader.pages]
        title = reader.metadata.title if reader.metadata else None
    except ReadError:
        raise
    except DependencyError as error:
        raise ReadError(locked) from error
    except Exception as error:
        # A crooked file makes the parser stumble in many ways; all mean the same to the user.
        raise ReadError(f"{name} is damaged or is not a PDF ({error}). Open it and save it again as PDF.") from error
    text = _flow([[line.rstrip() for line in page.replace("\x00", " ").splitlines()] for page in pages])
    if len(re.findall(r"\w", text)) < 10:
        raise ReadError(
            f"{name} has no text layer: its {len(pages)} pages are scanned pictures."
            " Run OCR on it (for instance with ocrmypdf) and try again."
        )
    # Programs write file names and "untitled" there.
    usable = (
        isinstance(title, str) and " " in title.strip() and not re.search(r"\.\w{2,4}$|untitled|microsoft", title, re.I)
    )
    return Extracted(text, {"title": title[:500]} if usable and title else {})


def _flow(pages: list[list[str]]) -> str:
    """Lines of pages put together as paragraphs."""
    lines = [line for page in _without_running_heads(pages) for line in page]
    widths = sorted(len(line) for line in lines if line.strip())
    usual = widths[int(len(widths) * 0.75)] if widths else 0
    words = set(re.findall(r"[^\W\d_]+", " ".join(lines)))
    paragraphs: list[list[str]] = []
    fresh = True
    for line in map(str.strip, lines):
        if not line:
            fresh = True
            continue
        if fresh or not paragraphs:
            paragraphs.append([line])
        else:
            paragraphs[-1][-1:] = _joined(paragraphs[-1][-1], line, words)
        # A line shorter than the others that ends a sentence ends its paragraph; a very short one is a heading.
        fresh = len(line) < 0.8 * usual and bool(re.search(r"[.!?:”\"']$", line) or len(line) < 0.5 * usual)
    return "\n".join("".join(lines) for lines in paragraphs)


def _joined(before: str, line: str, words: set[str]) -> tuple[str, str]:
    """Two lines as they stand in running text."""
    divided = re.search(r"([^\W\d_]+)[-\u00ad\u2010]$", before)
    rest = re.match(r"[^\W\d_]+", line)
    if divided and rest and rest[0][0].islower():
        # Only a word that the text also has whole was divided; "anak-anak" and "well-known" keep their hyphen.
        whole = before[-1] == "\u00ad" or divided[1] + rest[0] in words
        return (before[:-1] if whole else before), line
    return f"{before} ", line


def _without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    filled = [[line for line in page if line.strip()] for page in pages]

    def key(line: str) -> str:
        return re.sub(r"\d+", "0", line.strip())

    ends = Counter(key(line) for page in filled if page for line in {page[0], page[-1]})
    repeated = {line for line, n in ends.items() if n >= 3 and n > len(pages) / 2}

    def bare(page: list[str]) -> list[str]:
        first = next((i for i, line in enumerate(page) if line.strip()), None)
        if first is None:
            return page
        last = max(i for i, line in enumerate(page) if line.strip())
        heads = {i for i in (first, last) if key(page[i]) in repeated or re.fullmatch(r"[-–\s\d]+", page[i])}
        return [line for i, line in enumerate(page) if i not in heads]

    return [bare(page) for page in pages]


# --- DOCX ---------------------------------------------------------------------------------------------------------

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_SHOWN = {f"{_W}del", f"{_W}moveFrom", _FALLBACK, f"{_W}instrText", f"{_W}delText"}


def from_docx(data: bytes, name: str) -> Extracted:
    """The paragraphs of a Word document as lines: tables and tracked insertions in, deletions and hidden text out.

    Raises:
        ReadError: it is damaged, is no DOCX, or unpacks to more than an article could be.
    """
    import docx

    damaged = f"{name} is damaged or is not a Word document. Open it and save it again as .docx."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            sizes = [part.file_size for part in parts.infolist()]
        if len(sizes) > MAX_ZIP_PARTS or sum(sizes) > MAX_UNZIPPED_BYTES:
            raise ReadError(
                f"{name} unpacks to {sum(sizes):,} bytes in {len(sizes):,} parts; at most {MAX_UNZIPPED_BYTES:,} bytes"
                " are read. Take its pictures out, or save the text alone."
            )
        document = docx.Document(io.BytesIO(data))
        lines = [line for line in map(_paragraph_text, _paragraphs(document.element.body)) if line.strip()]
        unseen = note_on(_unseen_runs(document.element.body))
        title = _title_paragraph(document) or document.core_properties.title
    except ReadError:
        raise
    except Exception as error:
        # zipfile, lxml and python-docx each fail in their own ways; all mean the same to the user.
        raise ReadError(damaged) from error
    if not lines:
        raise ReadError(f"There is no text in {name}: it may hold only pictures. Give the text itself.")
    return Extracted("\n".join(lines), {"title": title[:500]} if title and title.strip() else {}, unseen)


def _paragraphs(body: Any) -> Iterator[Any]:
    for element in body.iter(f"{_W}p"):
        if not any(parent.tag in _NOT_SHOWN for parent in element.iterancestors()):
            yield element


def _paragraph_text(paragraph: Any) -> str:
    return "".join(_shown(paragraph)).strip()


def _shown(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _NOT_SHOWN or child.tag == f"{_W}p":
            continue
        if child.tag == f"{_W}r" and _vanished(child):
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag not in (f"{_W}pPr", f"{_W}rPr"):
            yield from _shown(child)


def _vanished(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return (mark is not None and mark.get(f"{_W}val") not in ("0", "false", "off")) or _white_on_white(run)


def _white_on_white(run: Any) -> bool:
    """Whether a run's own colour is white, where neither it nor its paragraph or cell is shaded."""
    colour = run.find(f"{_W}rPr/{_W}color")
    if colour is None or (colour.get(f"{_W}val") or "").upper() != "FFFFFF":
        return False
    if run.find(f"{_W}rPr/{_W}highlight") is not None:
        return False
    around = (run, *run.iterancestors(f"{_W}p", f"{_W}tc"))
    shades = [shade for one in around for shade in one.iterfind(f"./*/{_W}shd")]
    return all((shade.get(f"{_W}fill") or "auto").upper() in ("AUTO", "FFFFFF") for shade in shades)


def _unseen_runs(body: Any) -> Iterator[Dropped]:
    for run in body.iter(f"{_W}r"):
        if _vanished(run):
            text = "".join(part.text or "" for part in run.iter(f"{_W}t"))
            yield Dropped("hidden element", " ".join(text.split()), secret=_white_on_white(run))


def _title_paragraph(document: Any) -> str | None:
    for paragraph in document.paragraphs[:5]:
        if paragraph.text.strip() and paragraph.style.name in ("Title", "Heading 1"):
            return str(paragraph.text)
    return None


# --- subtitles ----------------------------------------------------------------------------------------------------

_TIMING = re.compile(r"^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}.*$")


def from_subtitles(text: str, name: str) -> Extracted:
    """The words of SubRip or WebVTT cues as running text, a line break after each sentence that ends a cue.

    A line that the cue before showed already (rolling captions) comes once.

    Raises:
        ReadError: there is no cue.
    """
    spoken: list[str] = []
    cues = 0
    for block in re.split(r"\n[ \t]*\n\s*", "\n".join(text.strip().splitlines())):
        lines = block.splitlines()
        at = next((i for i, line in enumerate(lines) if _TIMING.match(line)), None)
        if at is None:
            continue
        cues += 1
        for line in lines[at + 1 :]:
            words = plain_cue(line)
            if words and words != (spoken[-1] if spoken else None):
                spoken.append(words)
    if not spoken:
        raise ReadError(f"There are no words in {name}: {cues} cues were found. Is it an .srt or .vtt file?")
    ends = [bool(re.search(r"[.!?…][\"”’')\]]*$", words)) for words in spoken]
    flowed = "".join(words + ("\n" if end else " ") for words, end in zip(spoken, ends, strict=True))
    return Extracted(flowed.rstrip(), {})


def plain_cue(line: str) -> str:
    """A cue's line without its tags (`<i>`, `<v Speaker>`, `{\\an8}`)."""
    bare = re.sub(r"<[^<>]*>|\{\\[^{}]*\}", "", line)
    return " ".join(html.unescape(bare).split())

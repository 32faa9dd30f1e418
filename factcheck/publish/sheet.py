"""Pages of a PDF file that plain text is laid out on, and the fonts for it, which the extra `pdf` brings.

fpdf2 measures a line anew with each character that it adds, which took twice as long for an article of a hundred
claims; so the lines are broken here, from widths that are looked up once, and fpdf2 only sets them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.errors import SettingsError
from factcheck.report import printable

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

Colour = tuple[int, int, int]
Run = tuple[str, Colour]
"""Words of one colour."""

INK: Colour = (27, 31, 36)
SOFT: Colour = (87, 96, 106)

MAX_CHARACTERS = 200_000
"""Of one text; a longer one is cut. An article of that length has some 60 pages."""

_BODY = {"": "figo", "B": "figbo"}
_FALLBACKS = ("symbol2", "math", "symbol1")
_JOINED = re.compile(r"[\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufeff]")
"""Letters that change with their neighbours; shaping takes four times as long, so only where they occur."""
_TOKEN = re.compile(r"\n|[^\S\n]+|\S+")
_MARGIN, _INDENT, _LINE = 18.0, 6.0, 1.45


class Sheet:
    """A file being laid out; lengths are in millimetres, sizes of letters in points."""

    def __init__(self, pdf: FPDF) -> None:
        self.pdf = pdf
        self.lacking = False
        """Whether a character was met that no font has."""
        self.page_words = "{n}"
        """What stands at the foot of each page, with a place for its number."""
        self._known = {code for font in _embedded(pdf) for code in font.cmap}
        self._widths: dict[tuple[str, bool], float] = {}

    def line(self, text: str, size: float = 10, colour: Colour = INK, bold: bool = False) -> None:
        """A paragraph of one colour."""
        self.flow([(text, colour)], size, bold)

    def flow(self, runs: Iterable[Run], size: float = 10, bold: bool = False) -> None:
        """A paragraph; what follows begins below it."""
        for line in self.lines([(self.fit(text), colour) for text, colour in runs], size, bold):
            for text, colour in line:
                self._pen(size, colour, bold, joined=bool(_JOINED.search(text)))
                width = self._width(text, size, bold)
                self.pdf.cell(width, size * _LINE / self.pdf.k, text, new_x="RIGHT", new_y="TOP")
            self.pdf.ln(size * _LINE / self.pdf.k)

    def fit(self, text: str) -> str:
        """The text as the fonts can show it."""
        shown = printable(text).replace("\t", " ")
        if len(shown) > MAX_CHARACTERS:
            shown = shown[: MAX_CHARACTERS - 1] + "…"
        fitting = "".join(c if c == "\n" or ord(c) in self._known else "□" for c in shown)
        self.lacking = self.lacking or fitting != shown
        return fitting

    def space(self, length: float) -> None:
        """Some room below."""
        self.pdf.ln(length)

    def bookmark(self, text: str, level: int = 0) -> None:
        """A bookmark for what is laid out next, which does not stand alone at the foot of a page."""
        if self.pdf.will_page_break(22):
            self.pdf.add_page()
        self._pen(10, INK, True)
        self.pdf.start_section(self.fit(text), level=level)

    @contextmanager
    def indented(self) -> Iterator[None]:
        """What is laid out within begins further to the right."""
        self.pdf.set_left_margin(_MARGIN + _INDENT)
        try:
            yield
        finally:
            self.pdf.set_left_margin(_MARGIN)
            self.pdf.set_x(_MARGIN)

    def foot(self) -> None:
        """The foot of the page that is finished."""
        self.pdf.set_y(-12)
        self._pen(8, SOFT, False)
        self.pdf.cell(0, 5, self.page_words.format(n=self.pdf.page_no()), align="R")

    def _pen(self, size: float, colour: Colour, bold: bool, *, joined: bool = False) -> None:
        # After a coloured character of another font, fpdf2 2.8 believes that ours is still set: another size unsays it.
        self.pdf.set_font_size(1)
        self.pdf.set_font("body", "B" if bold else "", size)
        self.pdf.set_text_color(*colour)
        self.pdf.set_text_shaping(use_shaping_engine=joined)

    def lines(self, runs: list[Run], size: float, bold: bool) -> Iterator[list[Run]]:
        """The text of `fit` in lines that fit between the margins; spaces where a line is broken are left out."""
        room = self.pdf.w - self.pdf.r_margin - self.pdf.l_margin
        line: list[Run] = []
        used = 0.0
        for text, colour in runs:
            for token in self._tokens(text, room, size, bold):
                width = self._width(token, size, bold)
                if token == "\n" or (line and used + width > room and not token.isspace()):
                    yield line
                    line, used = [], 0.0
                if token != "\n" and (line or not token.isspace()):
                    _append(line, token, colour)
                    used += width
        if line:
            yield line

    def _tokens(self, text: str, room: float, size: float, bold: bool) -> Iterator[str]:
        """Words, the spaces between them and line ends; a word longer than a line in parts."""
        for token in _TOKEN.findall(text):
            start, used = 0, 0.0
            for place, character in enumerate(token):
                width = self._width(character, size, bold)
                if used + width > room and place > start:
                    yield token[start:place]
                    start, used = place, 0.0
                used += width
            yield token[start:]

    def _width(self, text: str, size: float, bold: bool) -> float:
        return sum(self._of(character, bold) for character in text) * size / 1000 / self.pdf.k

    def _of(self, character: str, bold: bool) -> float:
        """The width of a character in thousandths of the letters' size."""
        key = (character, bold)
        if key not in self._widths:
            fonts = {font.fontkey: font for font in _embedded(self.pdf)}
            own = fonts["bodyB" if bold else "body"]
            other = (
                self.pdf.get_fallback_font(character, "B" if bold else "") if ord(character) not in own.cmap else None
            )
            self._widths[key] = float((fonts[other] if other else own).cw[ord(character)])
        return self._widths[key]


def _append(line: list[Run], text: str, colour: Colour) -> None:
    """Words at the end of a line, joined to those before them where the colour is the same."""
    if line and line[-1][1] == colour:
        line[-1] = (line[-1][0] + text, colour)
    else:
        line.append((text, colour))


@contextmanager
def canvas(directory: Path, fonts: Sequence[Path] = ()) -> Iterator[Sheet]:
    """An empty A4 file.

    Args:
        directory: where the fonts are unpacked; it must last until the file is written out.
        fonts: TrueType or OpenType files for characters that the fonts of the extra lack.

    Raises:
        SettingsError: the extra `pdf` is not installed, or a font cannot be used.
    """
    try:
        import fpdf
        import pymupdf_fonts
        import uharfbuzz  # noqa: F401
    except ImportError as error:
        raise SettingsError(
            f"A PDF file needs {error.name}. Install it with: pip install 'factcheck[pdf]'. "
            "Or open the HTML page in a browser and print it to a file."
        ) from error

    class _Numbered(fpdf.FPDF):
        def footer(self) -> None:
            sheet.foot()

    pdf = _Numbered(format="A4")
    pdf.alias_nb_pages("")  # "{nb}" in an article is text
    pdf.c_margin = 0
    try:
        for name, style in [*((name, style) for style, name in _BODY.items()), *((name, "") for name in _FALLBACKS)]:
            path = directory / f"{name}.ttf"
            path.write_bytes(pymupdf_fonts.fontbuffers[name]())
            pdf.add_font("body" if name in _BODY.values() else name, style, path)
        for number, path in enumerate(fonts):
            _add(pdf, f"more{number}", path)
        pdf.set_fallback_fonts([*_FALLBACKS, *(f"more{n}" for n in range(len(fonts)))], exact_match=False)
        pdf.set_margins(_MARGIN, _MARGIN)
        pdf.set_auto_page_break(True, margin=_MARGIN)
        sheet = Sheet(pdf)
        pdf.add_page()
        yield sheet
    finally:
        for font in _embedded(pdf):
            font.ttfont.close()


def _embedded(pdf: FPDF) -> list[TTFFont]:
    from fpdf.fonts import TTFFont

    return [font for font in pdf.fonts.values() if isinstance(font, TTFFont)]


def _add(pdf: FPDF, name: str, path: Path) -> None:
    from fontTools.ttLib import TTFont

    try:
        TTFont(io.BytesIO(path.read_bytes())).close()  # fpdf2 leaves a file open that it cannot read
        pdf.add_font(name, "", path)
    except Exception as error:  # whatever a damaged font makes fontTools raise
        raise SettingsError(f"The font {path} cannot be used ({error}). Name a TrueType or OpenType file.") from error

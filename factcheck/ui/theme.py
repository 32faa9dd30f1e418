"""Style of the app.

A verdict is told by a symbol, a word and the kind of its underline, and only then by colour: blue, orange, purple and
sand stay apart under the common colour-vision deficiencies (after Okabe and Ito, 2008), and every ink stands on its
ground with at least 4.5:1 (WCAG 2.2 AA), in light and dark.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from factcheck.types import Stance

STANCE_SYMBOLS: Mapping[Stance, str] = {"supports": "✓", "refutes": "✗", "neutral": "·"}

STYLE = Path(__file__).with_name("style.css")
"""The style sheet, for `st.html`."""

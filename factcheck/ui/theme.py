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

FOLLOW = """<script>/* claim %d */
(() => {
  const bring = () => {
    const pane = document.querySelector('.st-key-article')?.parentElement;
    const open = pane?.querySelector('mark.fc-open');
    if (!open || pane.scrollHeight <= pane.clientHeight + 4 || getComputedStyle(pane).overflowY !== 'auto') return;
    const top = open.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
    pane.scrollTo({ top: top - pane.clientHeight / 3 });
    open.scrollIntoView({ block: 'nearest' });
  };
  setTimeout(bring, 120);
  if (window.factcheckTaps) return;
  window.factcheckTaps = true;
  document.addEventListener('click', event => {
    const number = event.target.closest?.('.fc-article [data-claim]')?.dataset.claim;
    if (!number) return;
    [...document.querySelectorAll('.st-key-choose button')]
      .find(button => button.innerText.trim().split(/\\s+/).pop() === number)?.click();
  });
})();
</script>"""
"""Brings the open claim into view in the article's pane, and lets a tap on a claim open it. It is filled with the
claim's number alone, an integer, and works on what is on the page; without it everything can still be done."""

GO = """<script>/* rows */
(() => {
  if (window.factcheckGoes) return;
  window.factcheckGoes = true;
  document.addEventListener('click', event => {
    const link = event.target.closest?.('a.fc-go');
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState(null, '', link.href);
    window.dispatchEvent(new PopStateEvent('popstate'));
  });
})();
</script>"""
"""Opens a row of the queue in the session that is there, as the browser's way back does. Without it the link loads the
page anew: the claim opens all the same, but what was typed and not yet saved is gone."""

PICK = """<script>/* words */
(() => {
  if (window.factcheckPicks) return;
  window.factcheckPicks = true;
  document.addEventListener('click', event => {
    const number = event.target.closest?.('.st-key-article [data-claim]')?.dataset.claim;
    if (!number || !document.querySelector('.st-key-add') || !document.getSelection().isCollapsed) return;
    [...document.querySelectorAll('.st-key-queue a')].find(a => a.innerText.trim().startsWith(number + '.'))?.click();
  });
  document.addEventListener('selectionchange', () => {
    const chosen = document.getSelection();
    const article = chosen?.anchorNode?.parentElement?.closest('.st-key-article .fc-article');
    if (!article || !article.contains(chosen.focusNode)) return;
    clearTimeout(window.factcheckPick);
    window.factcheckPick = setTimeout(() => {
      const field = document.querySelector('.st-key-add textarea');
      const words = document.getSelection().toString().trim();
      if (!field || words.length < 3) return;
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(field, words);
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
    }, 500);
  });
})();
</script>"""
"""Puts words that are selected in the article into the field for the words of a new claim, and lets a tap on a claim
open it. Without it words can be typed or a sentence chosen, and claims opened from their list; the program looks for
the words in the article either way."""

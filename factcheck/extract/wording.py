"""The wording of a claim: one sentence, whole, with small slips of machine-spun text mended."""

from __future__ import annotations

import re

_VERBS_ID = {
    "kata": "mengatakan", "ujar": "mengatakan", "ucap": "mengatakan", "tutur": "menuturkan", "tegas": "menegaskan",
    "jelas": "menjelaskan", "ungkap": "mengungkapkan", "tambah": "menambahkan", "imbuh": "menambahkan",
    "terang": "menerangkan", "papar": "memaparkan", "sebut": "menyebutkan", "tulis": "menulis", "klaim": "mengklaim",
    "lapor": "melaporkan", "beber": "membeberkan",
}  # fmt: skip


_SPLIT_PASSIVE = re.compile(
    r"\bdi (?=(?:[a-z]{4,}kan|hiasi|awasi|landasi|perintah|dorong|tandatangani|ikuti|temui|kunjungi|sepakati|buka|bawa"
    r"|tutup|buat|beri|pimpin|tangkap|tahan|hadiri|miliki|setujui|lalui|akui|kuasai|penuhi|sebut|tuduh|bunuh|serang"
    r"|gelar|mulai|ambil|minta)\b)"
)


def worded(text: str, language: str) -> str:
    """A claim's wording: one line, no marks of reference, whole quotes, small slips of spun text mended, a stop."""
    text = re.sub(r"\[\d{1,3}\]", "", re.sub(r"\s+", " ", text)).strip(" ,;:–—-")
    text = re.sub(r"\s+([,.)])", r"\1", text)
    if text.count("“") != text.count("”") or text.count('"') % 2:
        text = re.sub(r"[“”\"]", "", text)
    if language == "id":
        text = _SPLIT_PASSIVE.sub("di", text)
    text = text.rstrip(" .,;")
    return (text[0].upper() + text[1:] if text else text) + ("" if text.endswith(("!", "?", "”")) else ".")


def attributed(label: str, verb: str, content: str, language: str) -> str:
    """`X said that Y` from X, the verb as printed, and Y."""
    low, content = verb.lower(), content
    if low.startswith(("menurut", "berdasarkan", "per data", "according")):
        return f"{verb[0].upper()}{verb[1:]} {label}, {content}"
    label = label[0].upper() + label[1:]
    if language == "id":
        return f"{label} {_VERBS_ID.get(low, low if low.startswith('me') else 'mengatakan')} bahwa {content}"
    return f"{label} {low if low not in ('told', 'says', 'say') else 'said'} that {content}"

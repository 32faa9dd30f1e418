"""Evaluation sets and their corpora read from files. Here, and nowhere else, gold is parted from question.

A `Question` is built from the fields named in `_question` and `_given`; it is never a row from which something was
taken away, so a field that nobody thought of stays out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from factcheck.errors import InputError, ReadError
from factcheck.evals.fields import day_of, identifier, language_of, letters, list_of, optional, text_of, whole
from factcheck.evals.formats import Abstracts, in_house_schema, is_scifact
from factcheck.evals.lines import Placed, read_bytes, rows_of
from factcheck.evals.rows import TASKS, Dataset, Given, Gold, GoldClaim, Question, Row, Task
from factcheck.read.about import document_of, source_fields
from factcheck.types import Document, Label, Stance, content_id

_TEXT_FIELDS: Mapping[Task, tuple[str, ...]] = {
    "verdict": ("claim",),
    "match": ("query", "claim", "text"),
    "extract": ("text",),
    "checkworthy": ("text", "sentence"),
}

LABEL_NAMES: Mapping[str, Label] = {
    "supported": "supported", "supports": "supported", "support": "supported",
    "refuted": "refuted", "refutes": "refuted", "refute": "refuted", "contradict": "refuted",
    "contradicts": "refuted",
    "notenoughevidence": "not_enough_evidence", "notenoughinfo": "not_enough_evidence",
    "notenoughinformation": "not_enough_evidence", "nei": "not_enough_evidence",
    "conflicting": "conflicting", "conflictingevidence": "conflicting", "cherrypicking": "conflicting",
    "conflictingevidencecherrypicking": "conflicting",
}  # fmt: skip
"""Labels of FEVER, VitaminC, SciFact and AVeriTeC, letters only, to ours."""

_WORTH_NAMES = {
    "checkworthy": "checkworthy", "yes": "checkworthy", "1": "checkworthy", "true": "checkworthy",
    "notcheckworthy": "not_checkworthy", "no": "not_checkworthy", "0": "not_checkworthy", "false": "not_checkworthy",
}  # fmt: skip

_STANCE_NAMES: Mapping[str, Stance | None] = {
    "supports": "supports", "support": "supports", "supported": "supports",
    "refutes": "refutes", "refute": "refutes", "refuted": "refutes", "contradict": "refutes",
    "contradicts": "refutes",
    "neutral": "neutral", "notenoughinfo": "neutral", "nei": "neutral",
    # Neither stance is right for a part of a claim, so it is not on record.
    "partiallysupports": None, "partiallyrefutes": None,
}  # fmt: skip

_CATEGORIES = ("category", "derived", "annotator", "sentence_size")
"""Fields of `meta` that become slices, as `name=value`."""


def load_dataset(path: Path, task: Task | None = None, limit: int | None = None, corpus: Path | None = None) -> Dataset:
    """An evaluation set, read and checked whole.

    The house's JSONL is read, and the own formats of FEVER, VitaminC, SciFact and AVeriTeC (`factcheck.evals.formats`).
    A row without gold has `gold` None. A row without an id is named by the number of its line.

    Args:
        path: the file.
        task: what the set is for; left out, the beginning of the file's name says it (`verdict_`, `match_`,
            `extract_`, `checkworthy_`), else the fields of the first row.
        limit: keep only the first so many rows.
        corpus: the file of documents to search; left out, the one that the rows name, beside the file.

    Raises:
        InputError: the file, or a row of it, cannot be used; the message says where and what to do.
    """
    path = Path(path)
    data = read_bytes(path)
    placed = list(rows_of(data, path))
    if not placed:
        raise InputError(f"{path} holds no rows. Give a file with a JSON object on each line.")
    if limit is not None and limit < 1:
        raise InputError(f"A limit of {limit} leaves no rows. Give 1 or more.")
    task = _task(path, task, placed[0].fields)
    documents = _corpus_file(path, corpus, placed)
    abstracts = _abstracts(documents) if any(is_scifact(row.fields) for row in placed) else {}
    rows = _distinct((row.place, _row(row, task, abstracts)) for row in placed)
    return Dataset(path.stem, path, task, hashlib.sha256(data).hexdigest(), tuple(rows)[:limit], documents)


def load_corpus_documents(path: Path) -> Iterator[Document]:
    """The documents of an evaluation corpus, one for each `doc_id`; `Document.id` is that id.

    `{doc_id, text, title?, url?, ...}` is read, with every other source field that `factcheck corpus add` takes, and
    SciFact's own, whose `abstract` is a list of sentences. A document without text is passed over: there is nothing
    to find in it. The language is detected where it is not given, as for a user's own corpus.

    Raises:
        InputError: a row cannot be used, or two different documents have one id; the message says where.
    """
    seen: dict[str, tuple[str, Document]] = {}
    for row in rows_of(read_bytes(Path(path)), Path(path)):
        text = _document_text(row)
        if not text.strip():
            continue
        try:
            document = document_of(text, {**row.fields, "doc_id": identifier(row, "doc_id", "_id")})
        except ReadError as error:
            raise InputError(f"{row.place}: {error}. Correct the row or take it out.") from error
        first = seen.setdefault(document.id, (row.place, document))
        if first[0] == row.place:
            yield document
        elif first[1] != document:
            raise InputError(
                f"{row.place}: the id {document.id!r} already belongs to another document ({first[0]})."
                " Give each document an id of its own."
            )


def label_of(name: object, place: str) -> Label | None:
    """A verdict label of any of the formats as ours; None for none.

    Raises:
        InputError: nobody here knows the label.
    """
    if name is None or name == "":
        return None
    found = LABEL_NAMES.get(letters(name))
    if found is None:
        raise InputError(
            f"{place}: the label {name!r} is not known. It takes {', '.join(get_args(Label))}, or is left out."
        )
    return found


# --- the set as a whole


def _task(path: Path, task: Task | None, first: Mapping[str, Any]) -> Task:
    if task is not None:
        if task not in TASKS:
            raise InputError(f"There is no task {task!r}. The tasks are {', '.join(TASKS)}.")
        return task
    for name in TASKS:
        if path.name.startswith(f"{name}_"):
            return name
    if "gold_claims" in first:
        return "extract"
    if "query" in first:
        return "match"
    if "claim" in first:
        return "verdict"
    if "text" in first and letters(first.get("label", "")) in _WORTH_NAMES:
        return "checkworthy"
    raise InputError(
        f"What {path} is for cannot be seen from its name or fields. Say it with --task {'|'.join(TASKS)}."
    )


def _corpus_file(path: Path, given: Path | None, rows: Iterable[Placed]) -> Path | None:
    if given is not None:
        if not Path(given).is_file():
            raise InputError(f"There is no corpus file at {given}. Correct --corpus.")
        return Path(given)
    named = {str(row.fields["corpus"]): row.place for row in rows if row.fields.get("corpus")}
    if len(named) > 1:
        raise InputError(
            f"The rows of {path} name several corpora ({', '.join(sorted(named))}). Choose one with --corpus."
        )
    for name, place in named.items():
        if name != Path(name).name or name in (".", ".."):
            raise InputError(
                f"{place}: the corpus {name!r} is not the name of a file beside the set. Give it with --corpus."
            )
        return path.parent / name
    beside = path.parent / "corpus.jsonl"
    return beside if any(is_scifact(row.fields) for row in rows) and beside.is_file() else None


def _abstracts(path: Path | None) -> Abstracts:
    if path is None or not path.is_file():
        return {}
    return {document.id: {"text": document.text, "title": document.title} for document in load_corpus_documents(path)}


def _distinct(rows: Iterable[tuple[str, Row]]) -> Iterator[Row]:
    seen: dict[str, str] = {}
    for place, row in rows:
        first = seen.setdefault(row.question.id, place)
        if first != place:
            raise InputError(
                f"{place}: the id {row.question.id!r} was used before ({first}). Give each row an id of its own."
            )
        yield row


# --- one row


def _row(placed: Placed, task: Task, abstracts: Abstracts) -> Row:
    fields = in_house_schema(placed.fields, placed.place, abstracts)
    row = Placed(placed.place, placed.number, fields)
    return Row(_question(row, task), _gold(row, task))


def _question(row: Placed, task: Task) -> Question:
    return Question(
        id=identifier(row, "id") if row.fields.get("id") is not None else f"line-{row.number}",
        text=text_of(row, *_TEXT_FIELDS[task]),
        language=language_of(row),
        claim_date=day_of(row),
        speaker=optional(row.fields, "speaker", row.place),
        evidence=tuple(_given(piece, row.place) for piece in list_of(row, "evidence")),
    )


def _given(piece: Any, place: str) -> Given:
    if not isinstance(piece, dict):
        raise InputError(f'{place}: a piece of evidence is not an object. Write {{"doc_id": ..., "text": ...}}.')
    text = text_of(Placed(f"{place}, evidence", 0, piece), "text")
    named = piece.get("doc_id") is not None
    given = Given(
        doc_id=identifier(Placed(place, 0, piece), "doc_id") if named else content_id("given", text),
        text=text,
        title=optional(piece, "title", place),
        url=optional(piece, "url", place),
        published=optional(piece, "published", place),
    )
    try:
        source_fields(given.model_dump(exclude={"text"}))
    except ReadError as error:
        raise InputError(f"{place}: in a piece of evidence {error}. Correct it or take it out.") from error
    return given


def _gold(row: Placed, task: Task) -> Gold | None:
    """What the annotators found; None where the row has no field that says it."""
    label = _gold_label(row, task)
    documents = tuple(str(key) for key in list_of(row, "gold_doc_ids"))
    claims = tuple(_gold_claim(item, row.place) for item in list_of(row, "gold_claims"))
    there = {
        "verdict": label is not None or bool(documents),
        "match": row.fields.get("gold_doc_ids") is not None,
        "extract": row.fields.get("gold_claims") is not None,
        "checkworthy": label is not None,
    }
    if not there[task]:
        return None
    return Gold(
        label=label,
        doc_ids=tuple(dict.fromkeys(documents)),
        stances=_stances(row),
        claims=claims,
        exhaustive=row.fields.get("gold_is_exhaustive") is True,
        slices=_slices(row, label),
    )


def _gold_label(row: Placed, task: Task) -> str | None:
    name = row.fields.get("label")
    if task == "verdict":
        return label_of(name, row.place)
    if task != "checkworthy" or name is None or name == "":
        return None
    if (found := _WORTH_NAMES.get(letters(name))) is None:
        raise InputError(f"{row.place}: the label {name!r} is not known. It takes checkworthy or not_checkworthy.")
    return found


def _gold_claim(item: Any, place: str) -> GoldClaim:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str) or not item["text"].strip():
        raise InputError(f'{place}: a gold claim has no text. Write {{"text": ...}} or take it out.')
    worthy = item.get("checkworthy")
    return GoldClaim(text=item["text"], checkworthy=worthy if isinstance(worthy, bool) else None)


def _stances(row: Placed) -> dict[str, Stance]:
    """The one stance of each document; one whose pieces take both sides has none."""
    found: dict[str, set[Stance]] = {}
    for piece in list_of(row, "evidence"):
        name = piece.get("stance")
        if name is None or piece.get("doc_id") is None:
            continue
        if letters(name) not in _STANCE_NAMES:
            raise InputError(f"{row.place}: the stance {name!r} is not known. It takes supports, refutes or neutral.")
        if (stance := _STANCE_NAMES[letters(name)]) is not None:
            found.setdefault(str(piece["doc_id"]), set()).add(stance)
    decided = {key: (stances - {"neutral"}) or stances for key, stances in found.items()}
    return {key: next(iter(stances)) for key, stances in decided.items() if len(stances) == 1}


def _slices(row: Placed, label: str | None) -> frozenset[str]:
    told = row.fields.get("meta")
    meta: Mapping[str, Any] = told if isinstance(told, dict) else {}
    slices = {f"{key}={str(meta[key]).lower()}" for key in _CATEGORIES if isinstance(meta.get(key), str | bool)}
    if label == "not_enough_evidence" and letters(row.fields.get("orig_label", "")).startswith("partial"):
        slices.add("nei_from_partial")
    return frozenset(slices)


def _document_text(row: Placed) -> str:
    text = row.fields.get("text")
    abstract = row.fields.get("abstract")
    if text is None and isinstance(abstract, list) and all(isinstance(sentence, str) for sentence in abstract):
        return " ".join(sentence.strip() for sentence in abstract)
    if not isinstance(text, str):
        raise InputError(f"{row.place}: the document has no `text`. Write it in, or take the row out.")
    return whole(text, "text", row.place)

"""Rows of FEVER, SciFact and AVeriTeC in their own formats, brought into the house's schema.

Only fields are renamed and put together here; what is question and what is gold is parted in `datasets`.

* FEVER (Thorne et al., 2018): `evidence` lists sets of `[annotation, evidence, page, sentence]`; VitaminC (Schuster
  et al., 2021) and FEVER-symmetric (2019) give the words instead, as `evidence` or `evidence_sentence`.
* SciFact (Wadden et al., 2020): `evidence` maps document ids to rationales, `cited_doc_ids` names the abstracts.
* AVeriTeC (Schlichtkrull et al., 2023): `questions` with `answers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from factcheck.errors import InputError
from factcheck.types import content_id

Row = Mapping[str, Any]
Abstracts = Mapping[str, Row]
"""SciFact's abstracts by document id, each with `text` and `title`."""


def in_house_schema(row: Row, place: str, abstracts: Abstracts) -> Row:
    """A row in the house's schema, whatever schema it came in; one that is in it already is given back.

    Raises:
        InputError: the evidence has a shape that none of the formats knows.
    """
    evidence = row.get("evidence", row.get("evidence_sentence"))
    if isinstance(row.get("questions"), list):
        return _averitec(row, place)
    if isinstance(evidence, dict) or "cited_doc_ids" in row:
        return _scifact(row, place, abstracts)
    if isinstance(evidence, str) or (isinstance(evidence, list) and any(not isinstance(e, dict) for e in evidence)):
        return _fever(row, evidence, place)
    return row


def is_scifact(row: Row) -> bool:
    """Whether a row is one of SciFact's own, so that its evidence lies in the corpus file."""
    return "cited_doc_ids" in row or isinstance(row.get("evidence"), dict)


def _fever(row: Row, evidence: Any, place: str) -> Row:
    page = row.get("page") or None
    texts = [evidence] if isinstance(evidence, str) else evidence
    if all(isinstance(item, str) for item in texts):
        given = [_piece(text, page) for text in texts if text.strip()]
        return {**row, "id": _id(row), "evidence": given, "gold_doc_ids": []}
    pages, pieces = [], []
    for annotation in _annotations(evidence, place):
        name = annotation[2]
        if isinstance(name, str):
            pages.append(name)
            if len(annotation) > 4 and isinstance(annotation[4], str):
                pieces.append({"doc_id": name, "text": annotation[4], "title": name})
    return {**row, "id": _id(row), "evidence": pieces, "gold_doc_ids": list(dict.fromkeys(pages))}


def _annotations(evidence: Iterable[Any], place: str) -> Iterator[list[Any]]:
    for group in evidence:
        # A row without evidence has its one annotation unwrapped in some releases.
        for annotation in group if isinstance(group, list) and group and isinstance(group[0], list) else [group]:
            if not isinstance(annotation, list) or len(annotation) < 4:
                raise InputError(
                    f'{place}: the evidence mixes shapes. Write a list of {{"doc_id": ..., "text": ...}}, or FEVER\'s'
                    " [[[annotation, evidence, page, sentence]]]."
                )
            yield annotation


def _piece(text: str, page: Any) -> Row:
    title = page if isinstance(page, str) else None
    return {"doc_id": content_id("given", title or "", text), "text": text, "title": title}


def _id(row: Row) -> Any:
    return row.get("id", row.get("unique_id"))


def _scifact(row: Row, place: str, abstracts: Abstracts) -> Row:
    """The given evidence is each cited abstract whole: the sentences that settle the claim are the annotators' find."""
    cited = row.get("cited_doc_ids") or []
    rationales = row.get("evidence")
    if not isinstance(cited, list) or not isinstance(rationales, dict | None):
        raise InputError(f"{place}: SciFact's `cited_doc_ids` is a list and its `evidence` an object. Correct the row.")
    pieces = [{"doc_id": str(key), **abstracts[str(key)]} for key in cited if str(key) in abstracts]
    stances = {str(key): _labels(found, place) for key, found in (rationales or {}).items()}
    more: dict[str, Any] = {}
    if rationales is not None:
        both = set().union(*stances.values())
        more["label"] = row.get("label") or (
            "conflicting" if len(both) > 1 else next(iter(both), "not_enough_evidence")
        )
        more["gold_doc_ids"] = list(stances)
    told = [
        {**piece, "stance": next(iter(stances[piece["doc_id"]]))}
        if len(stances.get(piece["doc_id"], ())) == 1
        else piece
        for piece in pieces
    ]
    return {**row, "evidence": told, **more}


def _labels(found: Any, place: str) -> frozenset[str]:
    try:
        return frozenset(str(rationale["label"]) for rationale in found)
    except (TypeError, KeyError) as error:
        raise InputError(
            f'{place}: a SciFact rationale is {{"sentences": [...], "label": ...}}. Correct it.'
        ) from error


def _averitec(row: Row, place: str) -> Row:
    """Question and answer are one piece of evidence; a question that could not be answered is none."""
    pieces = []
    for asked in row["questions"]:
        try:
            question, answers = str(asked["question"]), list(asked.get("answers") or ())
            for answer in answers:
                if answer.get("answer_type") == "Unanswerable" or not str(answer.get("answer") or "").strip():
                    continue
                text = f"{question} {_answer(answer)}"
                pieces.append({"doc_id": content_id("given", text), "text": text, "url": answer.get("source_url")})
        except (TypeError, KeyError, AttributeError) as error:
            raise InputError(
                f'{place}: a question of AVeriTeC is {{"question": ..., "answers": [{{"answer": ...}}]}}. Correct it.'
            ) from error
    # The ids above are made here, so that no corpus has them and retrieval has nothing to be scored by.
    return {**row, "id": row.get("id", row.get("claim_id")), "evidence": pieces, "gold_doc_ids": []}


def _answer(answer: Row) -> str:
    said, why = str(answer["answer"]).strip(), str(answer.get("boolean_explanation") or "").strip()
    return f"{said.rstrip('.')}. {why}" if why else said

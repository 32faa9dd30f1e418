"""Rebuild the entailment training data from clones of the public repositories it comes from.

Usage: ``python training/sources.py NAME CLONE_DIR OUT.jsonl [--ban DIR ...]``

Each function below reads the files of one local clone (a work tree) and yields rows in the one schema the trainer
reads: claim, evidence, label (supported, refuted, not_enough_evidence), group (the page or premise a row
belongs to, so that a validation split never shares one), source and licence. ``PARALLEL`` sources yield
translated sentence pairs instead ({id, en, ind, licence}). Standard library only, and the same output every
time: the few sources that are built by rule draw from a generator seeded with the source's name.

``--ban`` names folders of evaluation files (.jsonl, .tsv or .csv in UTF-8): every row whose claim or evidence
stands in one of them, compared word by word without case and punctuation, is left out, and so is every row
whose evidence contains one of their longer texts.
"""

from __future__ import annotations

import argparse
import ast
import csv
import hashlib
import io
import json
import random
import re
import sys
import tarfile
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

Row = dict[str, str]

LONGEST = 1200  # characters of a claim or an evidence text: longer ones cost more than they teach
CONTAINED = 60  # a banned text at least this long also bans the rows that contain it

ENTAILMENT = {
    "entailment": "supported",
    "contradiction": "refuted",
    "neutral": "not_enough_evidence",
    "e": "supported",
    "c": "refuted",
    "n": "not_enough_evidence",
    "not_entailment": "not_enough_evidence",
}


def _row(source: str, lang: str, claim: str, evidence: str, label: str, group: str, licence: str) -> Row:
    claim, evidence = _tidy(claim), _tidy(evidence)
    digest = hashlib.sha256(f"{claim}\n{evidence}\n{label}".encode()).hexdigest()[:12]
    return {
        "id": f"{source}-{digest}",
        "lang": lang,
        "claim": claim,
        "evidence": evidence,
        "label": label,
        "group": f"{source}:{group}",
        "source": source,
        "licence": licence,
    }


def _pair(source: str, english: str, indonesian: str, licence: str) -> Row:
    english, indonesian = _tidy(english), _tidy(indonesian)
    digest = hashlib.sha256(f"{english}\n{indonesian}".encode()).hexdigest()[:12]
    return {"id": f"{source}-{digest}", "en": english, "ind": indonesian, "licence": licence}


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _bare(text: str) -> str:
    """The words alone: what is left where one copy of a text has treebank spacing and another has not."""
    return " ".join(re.findall(r"\w+", re.sub(r"-(?:[LR][RSC]B|COLON)-", " ", text).casefold()))


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _digest(text: str) -> str:
    return hashlib.sha256(_key(text).encode()).hexdigest()[:12]


def _untokenised(text: str) -> str:
    """The sentence without the blanks a tokeniser put before punctuation and inside contractions."""
    text = re.sub(r"\s+([.,;:!?%)\]])", r"\1", f" {text} ")
    text = re.sub(r"([(\[$])\s+", r"\1", text)
    text = re.sub(r"\s+('(?:s|m|d|re|ve|ll)|n't)\b", r"\1", text, flags=re.IGNORECASE)
    text = re.sub(r"(\w)\s*-\s+(?=an\b|\w+\s*-)", r"\1-", text)
    text = re.sub(r'"\s*([^"]*?)\s*"', r'"\1"', text)
    return _tidy(text.replace("``", '"').replace("''", '"'))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8-sig").splitlines()


def _table(path: Path, delimiter: str = "\t") -> Iterator[dict[str, str]]:
    """Rows of a file with a header line; tab-separated files here never quote."""
    stream = io.StringIO(path.read_text(encoding="utf-8-sig"))
    if delimiter == ",":
        yield from csv.DictReader(stream)
    else:
        yield from csv.DictReader(stream, delimiter=delimiter, quoting=csv.QUOTE_NONE)


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+(?=[\"'(A-Z0-9])", text) if part.strip()]


# --- plain entailment corpora -------------------------------------------------------------------------------


def mnli_dev(clone: Path) -> Iterator[Row]:
    """MultiNLI development pairs, from felipessalvatore/NLI_datasets."""
    yield from _plain_csv(clone / "nli_datasets/mnli/dev.csv", "mnli-dev", "OANC and other open licences (MultiNLI)")


def snli_dev(clone: Path) -> Iterator[Row]:
    """SNLI development pairs, from felipessalvatore/NLI_datasets."""
    yield from _plain_csv(clone / "nli_datasets/snli/dev.csv", "snli-dev", "CC BY-SA 4.0")


def scitail_dev(clone: Path) -> Iterator[Row]:
    """SciTail development pairs, from felipessalvatore/NLI_datasets, which renames their "neutral"."""
    yield from _plain_csv(clone / "nli_datasets/scitail/dev.csv", "scitail-dev", "Apache-2.0")


def _plain_csv(path: Path, source: str, licence: str) -> Iterator[Row]:
    for pair in _table(path, ","):
        label = ENTAILMENT.get(pair["label"].strip())
        if label:
            yield _row(source, "en", pair["hypothesis"], pair["premise"], label, _digest(pair["premise"]), licence)


def snli_test(clone: Path) -> Iterator[Row]:
    """SNLI test pairs as OanaMariaCamburu/e-SNLI lists them, tokens put together again."""
    base = clone / "dataset/eSNLI"
    parts = [_lines(base / f"{name}.test") for name in ("s1", "s2", "labels")]
    for premise, hypothesis, name in zip(*parts, strict=True):
        label = ENTAILMENT.get(name.strip())
        if label:
            evidence = _untokenised(premise)
            yield _row(
                "snli-test",
                "en",
                _untokenised(hypothesis),
                evidence,
                label,
                _digest(evidence),
                "CC BY-SA 4.0",
            )


def snli_counterfactual(clone: Path) -> Iterator[Row]:
    """SNLI pairs with the smallest human edits that change the label (Kaushik et al. 2020)."""
    for split in ("train", "dev", "test"):
        for pair in _table(clone / f"NLI/all_combined/{split}.tsv"):
            label = ENTAILMENT.get(pair["gold_label"].strip())
            if label:
                # The edits of one pair keep either its premise or its hypothesis: the hypothesis' first words
                # would not group them, so the trainer should keep this source out of its validation part.
                yield _row(
                    "snli-counterfactual",
                    "en",
                    pair["sentence2"],
                    pair["sentence1"],
                    label,
                    _digest(pair["sentence1"]),
                    "Apache-2.0; SNLI CC BY-SA 4.0",
                )


def breaking_nli(clone: Path) -> Iterator[Row]:
    """SNLI premises with one word exchanged (Glockner et al. 2018)."""
    with zipfile.ZipFile(clone / "breaking_nli_dataset.zip") as packed:
        lines = packed.read("data/dataset.jsonl").decode().splitlines()
    for line in lines:
        pair = json.loads(line)
        label = ENTAILMENT.get(pair["gold_label"])
        if label:
            evidence = _untokenised(pair["sentence1"])
            yield _row(
                "breaking-nli",
                "en",
                _untokenised(pair["sentence2"]),
                evidence,
                label,
                _digest(evidence),
                "CC BY-SA 4.0",
            )


def conjnli(clone: Path) -> Iterator[Row]:
    """Wikipedia sentences with conjuncts removed, added or exchanged (Saha et al. 2020); dev is human-labelled."""
    for name in ("adversarial_train_15k.tsv", "conj_dev.tsv"):
        for pair in _table(clone / "data/NLI" / name):
            label = ENTAILMENT.get((pair.get("Label") or "").strip())
            if label:
                evidence = pair["Premise"]
                yield _row(
                    "conjnli",
                    "en",
                    pair["Hypothesis"],
                    evidence,
                    label,
                    _digest(evidence),
                    "MIT; sentences CC BY-SA 3.0",
                )


def med(clone: Path) -> Iterator[Row]:
    """Monotonicity inferences (Yanaka et al. 2019), the crowd-written part: the rest is others' published work."""
    for pair in _table(clone / "MED.tsv"):
        label = ENTAILMENT.get(pair["gold_label"])
        if label and pair["genre"].startswith("crowd"):
            evidence = pair["sentence1"]
            yield _row("med", "en", pair["sentence2"], evidence, label, _digest(evidence), "CC BY-SA 4.0")


def help_monotonicity(clone: Path) -> Iterator[Row]:
    """Conjunctions and disjunctions shortened or lengthened by rule (Yanaka et al. 2019)."""
    for name in ("leskexppmb_and.tsv", "leskexppmb_or.tsv"):
        for pair in _table(clone / "output_en" / name):
            label = ENTAILMENT.get(pair["gold_label"])
            if label:
                evidence = _untokenised(pair["ori_sentence"])
                yield _row(
                    "help",
                    "en",
                    _untokenised(pair["new_sentence"]),
                    evidence,
                    label,
                    pair["filename"],
                    "CC BY-SA 4.0",
                )


def entailment_bank(clone: Path) -> Iterator[Row]:
    """Science statements with the two to a dozen facts that together prove them (Dalvi et al. 2021)."""
    for split in ("train", "dev", "test"):
        for line in _lines(clone / f"data/processed_data/tsvs/task_1/{split}.tsv"):
            claim = re.search(r"\$hypothesis\$ = (.*?) ; \$|\$hypothesis\$ = ([^;\t]*)", line)
            facts = re.search(r"\$context\$ = ([^\t;]*)", line)
            if claim and facts:
                statement = claim.group(1) or claim.group(2)
                evidence = ". ".join(fact.strip() for fact in re.split(r"sent\d+:", facts.group(1)) if fact.strip())
                yield _row(
                    "entailment-bank",
                    "en",
                    statement.strip() + ".",
                    evidence + ".",
                    "supported",
                    _digest(evidence),
                    "Apache-2.0",
                )


def begin_wow(clone: Path) -> Iterator[Row]:
    """Machine replies judged against one Wikipedia sentence (Dziri et al. 2022): attributable or not fully so."""
    labels = {"Fully attributable": "supported", "Not fully attributable": "not_enough_evidence"}
    for split in ("dev", "test"):
        for reply in _table(clone / f"wow/begin_{split}_wow.tsv"):
            label = labels.get((reply["begin_label"] or "").strip())
            if label and len(reply["response"].split()) >= 4:
                evidence = _untokenised(reply["knowledge"])
                yield _row(
                    "begin-wow",
                    "en",
                    _untokenised(reply["response"]),
                    evidence,
                    label,
                    _digest(evidence),
                    "CC BY 4.0",
                )


def new_protocols(clone: Path) -> Iterator[Row]:
    """Wikipedia sentences and paragraphs with written hypotheses (Bowman et al. 2020, EMNLP).

    From google-research-datasets/Textual-Entailment-New-Protocols, whose README names the licence of the
    Wikipedia text; a copy that lacks one of the larger files gives what is there.
    """
    for protocol in ("base", "contrast", "edit_other", "edit_premise", "paragraph"):
        for split in ("train", "val"):
            path = clone / f"data/{protocol}/{split}.tsv"
            for pair in _table(path) if path.exists() else ():
                label = ENTAILMENT.get((pair["gold_label"] or "").strip())
                if label:
                    page = pair["promptID"].rpartition("_")[2].partition(".")[0]
                    yield _row("new-protocols", "en", pair["sentence2"], pair["sentence1"], label, page, "CC BY-SA 3.0")


def semi_automatic_nli(clone: Path) -> Iterator[Row]:
    """Wikipedia sentences with written, retrieved or translated hypotheses (Vania et al. 2020).

    From nyu-mll/semi-automatic-nli, whose README names the licence of the Wikipedia text. Its news parts
    are under the LDC's licence and left out.
    """
    for part in ("base_wiki", "sim_wiki", "translate_wiki"):
        for split in ("train", "test"):
            for line in _lines(clone / f"data/{part}/{split}.jsonl"):
                pair = json.loads(line)
                label = ENTAILMENT.get(pair["label"])
                if label:
                    evidence = pair["premise"]
                    yield _row(
                        "semi-automatic-nli",
                        "en",
                        pair["hypothesis"],
                        evidence,
                        label,
                        _digest(evidence),
                        "CC BY-SA 3.0 (Wikipedia)",
                    )


def scone(clone: Path) -> Iterator[Row]:
    """SNLI sentences with none to two negations in and out of scope (She et al. 2023), from selenashe/ScoNe."""
    for name in ("no_negation", "one_not_scoped", "one_scoped", "one_scoped_one_not_scoped", "two_not_scoped"):
        yield from _scone_file(clone / f"scone_nli/train/{name}.csv", "")
    yield from _scone_file(clone / "scone_nli/train/two_scoped.csv", "_edited")


def _scone_file(path: Path, suffix: str) -> Iterator[Row]:
    for pair in _table(path, ","):
        suffixed = suffix if f"gold_label{suffix}" in pair else ""
        other = "_edited" if not suffixed and "gold_label_edited" in pair else suffixed
        evidence, claim = pair[f"sentence1{other}"], pair[f"sentence2{other}"]
        # Where the exchange of one word for another also hit the inside of "that", the sentence is spoilt.
        spoilt = re.search(
            rf"\w{re.escape(pair['sentence1_lex'])}|\w{re.escape(pair['sentence2_lex'])}", evidence + claim
        )
        label = ENTAILMENT.get(pair[f"gold_label{other}"])
        if label and not spoilt:
            words = " ".join(sorted((pair["sentence1_lex"], pair["sentence2_lex"])))
            yield _row("scone", "en", claim, evidence, label, words, "CC0 1.0; SNLI CC BY-SA 4.0")


def negation_nli(clone: Path) -> Iterator[Row]:
    """SNLI and MultiNLI pairs with a negation put into either or both sentences, labelled anew by people.

    Hossain et al. 2020 (EMNLP), from mosharafhossain/negation-and-nli. Its third part, made from RTE, is left out.
    """
    for name, licence in (("SNLI", "MIT; SNLI CC BY-SA 4.0"), ("MNLI", "MIT; OANC and other open licences (MultiNLI)")):
        text = (clone / f"data/new_benchmarks/clean_data/{name}.txt").read_text(encoding="cp1252")
        rows = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, pair in enumerate(rows):
            label = ENTAILMENT.get(pair["gold_label"].strip())
            if label:
                # Three rows in a row are edits of one pair.
                group = f"{name}-{number // 3}"
                yield _row("negation-nli", "en", pair["Hypothesis"], pair["Text"], label, group, licence)


def taxi_nli(clone: Path) -> Iterator[Row]:
    """MultiNLI training pairs, the 10,000 that TaxiNLI (Joshi et al. 2020) annotates, from microsoft/TaxiNLI.

    The telephone conversations are left out.
    """
    for pair in _table(clone / "taxinli10k.tsv"):
        label = ENTAILMENT.get(pair["label"].strip())
        if label and pair["genre"] != "telephone":
            yield _row(
                "taxi-nli",
                "en",
                pair["hyp"],
                pair["prem"],
                label,
                _digest(pair["prem"]),
                "C-UDA 1.0; OANC and other open licences (MultiNLI)",
            )


# --- fact checking and science ------------------------------------------------------------------------------


def fever(clone: Path) -> Iterator[Row]:
    """A sample of FEVER's training claims with their evidence sentences (Thorne et al. 2018), from GGKorn/fever-nli.

    That repository draws its "eval" and "test" parts out of FEVER's train.jsonl. Evidence of more than four
    sentences is skipped. A claim for which the annotators found nothing in Wikipedia gets a sentence that is
    evidence for another claim about the same subject.
    """
    chance = random.Random("fever")
    licence = "CC BY-SA 3.0"
    by_subject: dict[str, list[str]] = {}
    unproven = []
    for split in ("eval", "test"):
        for record in _table(clone / f"data/vanilla_wiki_data/{split}_data_vanilla.csv", ","):
            claim = record["claim"]
            subject = " ".join(re.sub(r"^(?:The|A|An|There (?:is|was)(?: an?)?) ", "", claim).casefold().split()[:2])
            if record["label"] == "0":
                unproven.append((claim, subject))
                continue
            sentences = [_unbracketed(text) for text in ast.literal_eval(record["evidence"])]
            if not 1 <= len(sentences) <= 4 or len(" ".join(sentences)) > 900:
                continue
            by_subject.setdefault(subject, []).extend(sentences)
            label = {"1": "supported", "2": "refuted"}[record["label"]]
            yield _row("fever-train", "en", claim, " ".join(sentences), label, subject, licence)
    for claim, subject in unproven:
        known = sorted({text for text in by_subject.get(subject, ()) if len(text) > 40})
        if known:
            evidence = chance.choice(known)
            yield _row("fever-train", "en", claim, evidence, "not_enough_evidence", subject, licence)


def _unbracketed(text: str) -> str:
    """Treebank text as people write it, with its brackets back and without the empty ones."""
    for name, sign in (("-LRB-", "("), ("-RRB-", ")"), ("-LSB-", "["), ("-RSB-", "]"), ("-COLON-", ":")):
        text = text.replace(name, sign)
    text = _untokenised(text).replace(" -- ", " \u2013 ")
    return _tidy(re.sub(r"[(\[][\s,;]*[)\]]", "", re.sub(r"\(\s*[,;]\s*", "(", text)))


def evidence_inference(clone: Path) -> Iterator[Row]:
    """Claims about treatments, made by rule, with the sentence of the trial report that settles them.

    DeYoung et al. 2020 (Evidence Inference 2.0, BioNLP), from jayded/evidence-inference. A prompt names an
    outcome, an intervention and a comparator; doctors said whether the outcome rose, fell or did not differ and
    marked the passage. Supported: the claim that says so. Refuted: the claim that says otherwise. Not enough: a
    passage of the same article on another outcome that shares no word of this one. Kept are prompts on which the
    doctors and their verifiers agree and passages that themselves speak of a difference, or of none.
    """
    chance = random.Random("evidence-inference")
    base = clone / "annotations"
    prompts = {prompt["PromptID"]: prompt for prompt in _table(base / "prompts_merged.csv", ",")}
    answers: dict[str, set[str]] = {}
    passages: dict[str, list[str]] = {}
    for path in (base / "v2_annotations.csv", base / "additional_files/annotations_pilot_run.csv"):
        for record in _table(path, ","):
            number, text = record["PromptID"], _tidy(re.sub(r"<[^>]+>|&\w+;", " ", record["Annotations"]))
            answers.setdefault(number, set()).add(_direction(record))
            if 50 <= len(text) <= 700 and text not in passages.setdefault(number, []):
                passages[number].append(text)
    by_article: dict[str, list[str]] = {}
    known = []
    for number, found in answers.items():
        prompt = prompts.get(number)
        if prompt is None or len(found) != 1 or number in _DOUBTFUL_PROMPTS:
            continue
        by_article.setdefault(prompt["PMCID"], []).extend(passages.get(number, ()))
        parts = [_phrase(prompt[name]) for name in ("Outcome", "Intervention", "Comparator")]
        if "" not in found and all(2 <= len(part) <= 90 for part in parts):
            known.append((number, prompt["PMCID"], next(iter(found)), parts))
    for number, article, direction, (outcome, intervention, comparator) in known:
        texts = [text for text in passages.get(number, ()) if _speaks_of(direction, text)]
        if not texts:
            continue
        claims = {other: _trial_claim(other, outcome, intervention, comparator, chance) for other in _DIRECTIONS}
        evidence = max(texts, key=len) if chance.random() < 0.5 else min(texts, key=len)
        wrong = chance.choice([other for other in _DIRECTIONS if other != direction])
        group, licence = article, "MIT; articles open access (PMC)"
        yield _row("evidence-inference", "en", claims[direction], evidence, "supported", group, licence)
        yield _row("evidence-inference", "en", claims[wrong], evidence, "refuted", group, licence)
        words = {word for word in re.findall(r"[a-z]{4,}", outcome.casefold())}
        others = [text for text in sorted(set(by_article[article])) if not words & set(_stems(text, words))]
        if words and others:
            claim = claims[chance.choice((direction, wrong))]
            beside = chance.choice(others)
            yield _row("evidence-inference", "en", claim, beside, "not_enough_evidence", group, licence)


_DIRECTIONS = ("increased", "decreased", "no difference")
_DOUBTFUL_PROMPTS = _word_set(
    # Named incorrect, questionable or malformed in the repository's annotations/README.md.
    "911 912 1262 1261 3044 3248 3111 3620 4308 4490 4491 4324 4325 4492 4824 5000 5001 5002 5046 5047 4948 5639"
    " 5710 5752 5775 5782 5841 5843 5861 5862 5863 5964 5965 5966 5975 4807 5776 5777 5778 5779 5780 5781 6034"
    " 6065 6066 6666 6667 6668 6669 7040 7042 7944 8590 8605 8606 8639 8640 8745 8747 8749 8877 8878 8593 8631"
    " 8635 8884 8886 8773 10032 10035 8876 8875 8885 8917 8921 8118 10885 10886 10887 10888 10889 10890 7811 7812"
    " 7813 7814 7815 8197 8198 8199 8200 8201 9429 9430 9431 8536 9432 3514 346 5037 4715 8767 9295 9297 8870"
    " 9862"
)
_NO_DIFFERENCE = re.compile(
    r"\b(?:no (?:\w+ ){0,3}(?:differ\w*|effect|change|improvement|increase|decrease|reduction|evidence)"
    r"|not (?:\w+ ){0,3}(?:differ\w*|significan\w*|affect\w*|change\w*|improve\w*|reduce\w*|increase\w*)"
    r"|non-?significan\w*|insignifican\w*|similar|comparable|did not|was not|were not|n\.?s\.?|equivalent|unchanged"
    r"|without (?:any )?significan\w*|neither)\b|p\s*[=>\u2265]\s*0?\.[1-9]",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\b(?:significant\w*|higher|lower|greater|less|more|fewer|longer|shorter|better|worse|larger|smaller|increase\w*"
    r"|decrease\w*|reduc\w*|improve\w*|rose|fell|doubled|superior|faster|slower)\b",
    re.IGNORECASE,
)


def _direction(record: dict[str, str]) -> str:
    """What one doctor found, or the empty text where the verifier did not agree."""
    if record["Valid Label"] != "True" or record["Valid Reasoning"] != "True":
        return ""
    label = record["Label"]
    return next((name for name in ("increase", "decrease") if name in label), "no difference").replace(
        "crease", "creased"
    )


def _phrase(text: str) -> str:
    text = _tidy(re.sub(r"<[^>]+>|&\w+;", " ", text)).strip(" .,;")
    return text if text[:2].isupper() or not text[:1].isalpha() else text[:1].lower() + text[1:]


def _speaks_of(direction: str, text: str) -> bool:
    none = bool(_NO_DIFFERENCE.search(text))
    return none if direction == "no difference" else not none and bool(_DIFFERENCE.search(text))


def _stems(text: str, words: set[str]) -> Iterator[str]:
    """Those of ``words`` whose first five letters occur in the text."""
    lowered = text.casefold()
    return (word for word in words if word[:5] in lowered)


def _trial_claim(direction: str, outcome: str, intervention: str, comparator: str, chance: random.Random) -> str:
    forms = {
        "increased": (
            f"{intervention} significantly increased {outcome} compared with {comparator}.",
            f"{outcome} was significantly higher with {intervention} than with {comparator}.",
            f"Compared with {comparator}, {intervention} led to a significant increase in {outcome}.",
        ),
        "decreased": (
            f"{intervention} significantly reduced {outcome} compared with {comparator}.",
            f"{outcome} was significantly lower with {intervention} than with {comparator}.",
            f"Compared with {comparator}, {intervention} led to a significant decrease in {outcome}.",
        ),
        "no difference": (
            f"There was no significant difference in {outcome} between {intervention} and {comparator}.",
            f"{intervention} had no significant effect on {outcome} compared with {comparator}.",
            f"{outcome} did not differ significantly between {intervention} and {comparator}.",
        ),
    }
    claim = chance.choice(forms[direction])
    return claim[0].upper() + claim[1:]


# --- questions to be answered by yes or no ------------------------------------------------------------------


def boolq(clone: Path) -> Iterator[Row]:
    """Claims made by rule from yes/no questions with a Wikipedia paragraph (Clark et al. 2019, BoolQ).

    From d-eremeev/BoolQ-Question-Answering, the development part (3,270 questions); paragraphs over 900
    characters and questions whose subject no rule can find are skipped.
    """
    for name in ("train", "dev"):
        path = clone / f"data/{name}.jsonl"
        for line in _lines(path) if path.exists() else ():
            record = json.loads(line)
            passage = _tidy(record["passage"].replace("``", '"').replace("''", '"'))
            if len(passage) > 900:
                continue
            made = _affirmed(record["question"], f"{record['title']} . {passage}", strict=True)
            if made:
                label = "supported" if record["answer"] else "refuted"
                claim = _capitalised(made, f"{record['title']} {passage}")
                claim = _sentence(claim) if claim.split()[0].islower() else f"{claim}."
                yield _row("boolq", "en", claim, passage, label, record["title"], "CC BY-SA 3.0")


def pubmedqa(clone: Path) -> Iterator[Row]:
    """Claims made by rule from the 1,000 labelled questions of PubMedQA (Jin et al. 2019), pubmedqa/pubmedqa.

    Evidence is the abstract's conclusion, and in a second row its results where they are short enough.
    "Maybe" is read as not enough evidence.
    """
    labels = {"yes": "supported", "no": "refuted", "maybe": "not_enough_evidence"}
    for number, record in json.loads((clone / "data/ori_pqal.json").read_text(encoding="utf-8")).items():
        question = record["QUESTION"]
        if question.count("?") != 1:
            continue
        asked = re.split(r"(?<=[:.;])\s+", question)[-1]
        made = _affirmed(asked[:1].lower() + asked[1:], "", strict=False)
        label = labels[record["final_decision"]]
        if not made or (re.match(r"(?:it|they|this|these|there|we|he|she)\b", made) and asked != question):
            continue
        claim = _sentence(made)
        results = " ".join(
            text for text, name in zip(record["CONTEXTS"], record["LABELS"], strict=True) if "RESULT" in name
        )
        for evidence in (record["LONG_ANSWER"], results):
            if 40 <= len(evidence) <= 900:
                yield _row("pubmedqa", "en", claim, evidence, label, number, "MIT")


_BE = {"is", "are", "was", "were"}
_MODAL = {"can", "could", "will", "would", "should", "must", "may", "might"}
_CONNECTING = _word_set(
    "'s a about after all an and any as at before between both but by during every for from her his in into its"
    " less more most my no nor not of on or other our over same some than that the their these this those through"
    " to under which who whom whose with within your"
)
_POLARITY = re.compile(
    r"\b(?:any\w*|ever|yet|either|at all|still|not|n't|never|or|how|why|what|when|where|which|"
    r"i|you|your|my|we|our|me|us)\b|\S'(?:s not|t)\b"
)
_VERBS = _word_set(
    "accelerate affect allow alter appear apply attend be become begin believe belong bring broadcast burn carry"
    " cause charge come compare confer consist contain contribute convert correlate cross decline decrease depend"
    " describe determine develop die differ do drink drive eat enhance enter exist expire explain facilitate fall"
    " feature feed fit float fly follow get give go grow happen have help hibernate impact improve include"
    " increase indicate induce influence inhibit interfere involve keep kill know lay lead leave lie like live"
    " lose make marry mean meet melt migrate modify need occur offer owe own participate pay perform play possess"
    " predict prevent produce prolong promote protect prove provide qualify reach receive recognise recognize"
    " recur reduce reflect rely remain replace represent require respond result retain return reveal run say sell"
    " send serve share show sink sleep speak stand start stay stop suffer survive swim take taste teach tell turn"
    " use vary wear win work worsen write"
)
_AMBIGUOUS = _word_set(
    "affect burn charge cross decline decrease do drink drive fall feature feed fit fly help impact increase"
    " influence keep lead lie like live mean need offer own play result return run say share show sleep stand"
    " start stay stop swim taste turn use work"
)
_PREDICATES = _word_set(
    "able abnormal acceptable accurate adequate affected alive allowed appropriate associated available aware"
    " based beneficial better capable closed common comparable compatible connected considered contagious"
    " correlated dangerous dead dependent derived designed different difficult due edible effective eligible equal"
    " equivalent essential extinct false famous feasible found free full generalizable getting going good harmful"
    " helpful higher identical illegal impaired important independent indicated ineffective inferior influenced"
    " involved joined justified known labeled legal likely limited linked located lower made mandatory married"
    " named native necessary needed normal obligatory older open owned part poisonous possible predictable"
    " predictive preferable present prognostic real reduced related relevant reliable reproducible required"
    " responsible safe satisfactory sensitive separated sexist significant similar situated stable sufficient"
    " suitable superior supposed tall true understudied unique unnecessary unsafe useful valid valuable venomous"
    " visible warranted worse worth written younger"
)


def _affirmed(question: str, text: str, strict: bool) -> str:
    """What a yes to the question says, or the empty text where its subject's end is not plain.

    Strict asks besides that the subject stands in ``text``.
    """
    words = _tidy(question).rstrip(" ?.").split()
    if not 4 <= len(words) <= 30 or _POLARITY.search(" ".join(words).casefold()) or ":" in question:
        return ""
    first, rest = words[0].casefold(), words[1:]
    if rest[0].casefold() in {"there", "it"}:
        end = 1 if first in _BE or (first in _MODAL and rest[1:2] == ["be"]) else 0
    elif first in _BE:
        end = _predicate_start(rest)
    elif first in {"do", "does", "did"} or first in _MODAL:
        end = _verb_start(rest, first)
    elif first in {"has", "have", "had"}:
        end = next((at for at in range(1, len(rest)) if _ended(rest, at) and rest[at] in {"been", "won", "had"}), 0)
    else:
        end = 0
    if not end:
        return ""
    subject = rest[:end]
    if strict and rest[0] not in {"there", "it"} and not _stands_in(subject, text):
        return ""
    if first == "does":
        rest[end] = _third_person(rest[end])
    elif first != "do":
        return " ".join([*subject, first, *rest[end:]])
    return " ".join(rest)


def _ended(words: list[str], at: int) -> bool:
    """Whether a noun phrase can have ended before the word at ``at``."""
    return words[at - 1].casefold() not in _CONNECTING and not words[at - 1].endswith(("'s", ",", "s'"))


def _predicate_start(words: list[str]) -> int:
    for at in range(1, len(words)):
        word = words[at].casefold()
        starts = word in _PREDICATES or word in {"a", "an"} or (word == "the" and words[at + 1 : at + 2] == ["same"])
        if word in _VERBS or (word in {"who", "that", "which"}):
            return 0
        if starts:
            return at if _ended(words, at) and at <= 12 and at < len(words) - (word in {"a", "an"}) else 0
    return 0


def _verb_start(words: list[str], auxiliary: str) -> int:
    for at in range(1, len(words)):
        word = words[at].casefold()
        if word in {"who", "that", "which", "when", "if"}:
            return 0
        if word in _VERBS and _ended(words, at):
            if auxiliary not in _MODAL and word == "be":
                return 0
            # A word that may be a noun as well must have something after it to act on.
            if word in _AMBIGUOUS and (at + 1 == len(words) or words[at + 1].casefold() in {"of", "and", "is", "are"}):
                return 0
            later = [at2 for at2 in range(at + 1, len(words)) if words[at2].casefold() in _VERBS - _AMBIGUOUS]
            if word in _AMBIGUOUS and later and words[later[0] - 1].casefold() not in {"to", "and", "not"}:
                return 0
            return at
    return 0


def _stands_in(subject: list[str], text: str) -> bool:
    words = subject[1:] if subject[0].casefold() in {"the", "a", "an"} else subject
    plain = " ".join(re.findall(r"\w+", text.casefold()))
    wanted = re.findall(r"\w+", " ".join(words).casefold())
    return bool(wanted) and f" {' '.join(wanted)} " in f" {plain} "


def _third_person(verb: str) -> str:
    if verb in {"have", "be"}:
        return {"have": "has", "be": "is"}[verb]
    if re.search(r"(?:s|sh|ch|x|z|o)$", verb):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


def _capitalised(claim: str, text: str) -> str:
    """The claim with the capitals that its words always have in the text."""
    found: dict[str, set[str]] = {}
    for word in re.findall(r"\w+", text):
        found.setdefault(word.casefold(), set()).add(word)
    return re.sub(
        r"\w+",
        lambda match: (
            min(found[match.group()])
            if len(found.get(match.group(), ())) == 1 and match.group() not in _CONNECTING
            else match.group()
        ),
        claim,
    )


# --- Wikipedia infoboxes ------------------------------------------------------------------------------------


def infotabs(clone: Path) -> Iterator[Row]:
    """Statements about Wikipedia infoboxes (Gupta et al. 2020), the box written out as short sentences."""
    texts: dict[str, str] = {}
    for split in ("train", "dev", "test_alpha1", "test_alpha2", "test_alpha3"):
        for pair in _table(clone / f"data/maindata/infotabs_{split}.tsv"):
            label = ENTAILMENT.get((pair["label"] or "").strip().casefold())
            table = pair["table_id"].strip()
            if not label:
                continue
            if table not in texts:
                texts[table] = _infobox(clone / f"data/tables/json/{table}.json")
            yield _row("infotabs", "en", pair["hypothesis"], texts[table], label, table, "Apache-2.0")


def _infobox(path: Path) -> str:
    box: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8-sig"))
    title = _tidy(" ".join(box.pop("title", [path.stem])))
    # Half of the boxes as "name of title: value", half as the "name: value" lines a page reader leaves behind.
    repeated = int(_digest(path.stem), 16) % 2 == 0
    parts = []
    for name, values in box.items():
        value = ", ".join(_tidy(value) for value in values if value.strip())
        value = re.sub(r"\s+([,)])", r"\1", value)
        value = re.sub(r"(?<=\d) : (?=\d)", ":", value)
        if value:
            parts.append(f"{_tidy(name)} of {title}: {value}." if repeated else f"{_tidy(name)}: {value}.")
    return " ".join(parts) if repeated else f"{title}. " + " ".join(parts)


def tabfact(clone: Path) -> Iterator[Row]:
    """Statements about small Wikipedia tables (Chen et al. 2020): one true and one false of each table."""
    pairs = json.loads((clone / "pairwise_data/all_positive_negative_pairs.json").read_text(encoding="utf-8"))
    topics = json.loads((clone / "data/table_to_page.json").read_text(encoding="utf-8"))
    for name, true, false in pairs:
        path = clone / "data/all_csv" / name
        if not path.exists():
            continue
        head, *lines = (line.split("#") for line in _lines(path) if line.strip())
        rows = ["; ".join(f"{h}: {v}" for h, v in zip(head, line, strict=False) if v.strip()) for line in lines]
        evidence = f"{topics.get(name, [''])[0]}. " + ". ".join(rows) + "."
        if len(evidence) <= 900:
            for claim, label in ((true, "supported"), (false, "refuted")):
                yield _row("tabfact", "en", _untokenised(claim), evidence, label, name, "MIT; tables CC BY-SA 3.0")


# --- Indonesian ---------------------------------------------------------------------------------------------


def mnli_indonesian(clone: Path) -> Iterator[Row]:
    """MultiNLI pairs translated by machine, the small part of IndoNLI's (Mahendra et al. 2021).

    From ir-nlp-csui/indonli, data/translate_train_small.tar.gz. The telephone conversations, which the
    translation spoils, are left out.
    """
    with tarfile.open(clone / "data/translate_train_small.tar.gz") as packed:
        for split in ("train", "dev"):
            member = packed.extractfile(f"translate_train_small/{split}.jsonl")
            for line in member.read().decode().splitlines() if member else ():
                pair = json.loads(line)
                label = ENTAILMENT.get(pair["gold_label"])
                if label and pair["genre"] != "telephone":
                    evidence, claim = (text[:1].upper() + text[1:] for text in (pair["sentence1"], pair["sentence2"]))
                    yield _row(
                        "mnli-indonesian",
                        "id",
                        claim,
                        evidence,
                        label,
                        pair["promptid"],
                        "OANC and other open licences (MultiNLI); IndoNLI CC BY-SA 4.0",
                    )


def wrete(clone: Path) -> Iterator[Row]:
    """Sentence pairs out of Indonesian Wikipedia revisions (Setya and Mahendra 2018), from IndoNLP/indonlu.

    Its second class only says that the first sentence does not entail the second, which a changed number
    (a contradiction) and an unrelated sentence both satisfy, so only the entailed pairs are taken.
    """
    for split in ("train", "valid", "test"):
        for pair in _table(clone / f"dataset/wrete_entailment-ui/{split}_preprocess.csv", ","):
            if pair["label"] == "Entail_or_Paraphrase":
                evidence = _untokenised(pair["sent_A"])
                yield _row(
                    "wrete",
                    "id",
                    _untokenised(pair["sent_B"]),
                    evidence,
                    "supported",
                    _digest(evidence),
                    "Apache-2.0 (IndoNLU repository)",
                )


def idk_mrc(clone: Path) -> Iterator[Row]:
    """Claims made by rule from Indonesian questions with and without an answer (Putri and Oh 2022)."""
    passages = []
    for split in ("train", "valid", "test"):
        for page in json.loads((clone / f"dataset/idk_mrc/{split}.json").read_text(encoding="utf-8")):
            questions = []
            for question in page["qas"]:
                answers = [] if question["is_impossible"] else question["answers"]
                start = answers[0]["answer_start"] if answers else -1
                questions.append((question["question"], answers[0]["text"] if answers else "", start))
            passages.append((page["context"], questions))
    yield from _claims_of_questions("idk-mrc", passages, "CC BY-SA 4.0")


def squad_indonesian(clone: Path) -> Iterator[Row]:
    """Claims made by rule from the machine-translated SQuAD 2.0 questions that rifkiaputri/IDK-MRC compares with."""
    path = clone / "dataset/baseline/trans_squad/valid.json"
    passages = [
        (
            page["context"],
            [
                (
                    question["question"],
                    question["answers"][0]["text"] if question["answers"] else "",
                    question["answers"][0]["answer_start"] if question["answers"] else -1,
                )
                for question in page["qas"]
            ],
        )
        for page in json.loads(path.read_text(encoding="utf-8"))
    ]
    yield from _claims_of_questions("squad-indonesian", passages, "CC BY-SA 4.0")


def facqa(clone: Path) -> Iterator[Row]:
    """Claims made by rule from Indonesian news questions (Purwarianti et al. 2007), from IndoNLP/indonlu."""
    passages = []
    for split in ("train", "valid"):  # the test labels are masked
        for record in _table(clone / f"dataset/facqa_qa-factoid-itb/{split}_preprocess.csv", ","):
            tokens, tags = ast.literal_eval(record["passage"]), ast.literal_eval(record["seq_label"])
            answer = _untokenised(" ".join(t for t, tag in zip(tokens, tags, strict=True) if tag in "BI"))
            text = _untokenised(" ".join(tokens))
            question = _untokenised(" ".join(ast.literal_eval(record["question"])))
            passages.append((text, [(question, answer, text.find(answer))]))
    yield from _claims_of_questions("facqa", passages, "Apache-2.0 (IndoNLU repository)")


Passage = tuple[str, list[tuple[str, str, int]]]

_NEGATED = re.compile(r"\b(tidak|bukan|tanpa|belum|tak|selain|kecuali|dilarang)\w*", re.IGNORECASE)
_DEFINING = {"what: yang", "what: arti", "what: definisi", "what: tujuan", "what: fungsi"}
_WHAT = re.compile(r"apa(?:kah)?\s+((nama \w+|ibu ?kota|bahasa|mata uang|yang|arti|definisi|tujuan|fungsi)\b.+)")
_MONTH = "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
_DATE: re.Pattern[str] = re.compile(
    rf"\b\d{{1,2}} (?:{_MONTH}) \d{{4}}\b|\b(?:{_MONTH}) \d{{4}}\b|\b1[0-9]\d\d\b|\b20[0-2]\d\b"
)


def _statement(question: str, answer: str) -> tuple[str, str] | None:
    """The Indonesian statement a question and its answer make, and the kind of question; None if no rule fits."""
    asked = _tidy(question).rstrip(" ?.")
    answer = _tidy(answer).rstrip(" .,")
    lowered = asked.casefold()
    when = re.match(r"(?:kapan(?:kah)?|(?:pada )?tahun berapa(?:kah)?)\s+(.+)", lowered)
    where = re.match(r"(?:di ?mana(?:kah)?)\s+(.+)", lowered)
    who = re.match(r"siapa(?:kah)?\s+(.+)", lowered)
    amount = re.match(r"berapa(?:kah)?\s+(.+)", lowered)
    what = re.match(
        r"apa(?:kah)?\s+((nama (?:\w+)|ibu ?kota|bahasa|mata uang|yang|arti|definisi|tujuan|fungsi)\b.+)",
        lowered,
    )

    def rest(match: re.Match[str]) -> str:
        return asked[match.start(1) :].strip()

    if when:
        return f"{rest(when)} pada {_in_year(answer)}", "when"
    if where:
        place = re.sub(r"^(?:letak|lokasi)\s+", "", rest(where), flags=re.IGNORECASE)
        verb = " terletak" if place != rest(where) else ""
        preposition = "" if re.match(r"(?:di|dari|ke|pada)\b", answer, re.IGNORECASE) else "di "
        return f"{place}{verb} {preposition}{answer}", "where"
    if who:
        name = re.sub(r"^nama\s+", "", rest(who), flags=re.IGNORECASE)
        return f"{name} adalah {answer}", "who"
    if amount:
        return f"{rest(amount)} adalah {answer}", "amount"
    if what:
        # Only names of the same kind of thing may stand in for one another.
        return f"{rest(what)} adalah {answer}", f"what: {what.group(2)}"
    return None


def _in_year(answer: str) -> str:
    answer = re.sub(r"^pada\s+", "", answer, flags=re.IGNORECASE)
    return f"tahun {answer}" if re.fullmatch(r"\d{3,4}", answer) else answer


def _sentence(statement: str) -> str:
    return statement[0].upper() + statement[1:] + "."


def _claims_of_questions(source: str, passages: list[Passage], licence: str) -> Iterator[Row]:
    """Supported: the right answer. Refuted: another one of its kind. Not enough: no answer, or another passage.

    A wrong answer is a different date of the same passage where it has one, else the answer to a question of
    the same kind elsewhere. Questions with a negation are skipped where they have no answer: what an answer
    to their opposite says about them is a matter of taste.
    """
    chance = random.Random(source)
    by_kind: dict[str, list[str]] = {}
    for _, questions in passages:
        for question, answer, _ in questions:
            made = _statement(question, answer) if answer else None
            if made and len(answer.split()) <= 8:
                by_kind.setdefault(made[1], []).append(answer)
    neighbours = _neighbours(passages)
    for number, (text, questions) in enumerate(passages):
        group = _digest(text)
        answered = [(q, a) for q, a, _ in questions if a]
        for question, answer, start in questions:
            kind = (_statement(question, "x") or ("", ""))[1]
            if not kind:
                continue
            if not answer:
                guess = _guess(kind, text, answered, by_kind, chance)
                made = None if _NEGATED.search(question) or not guess else _statement(question, guess)
                if made:
                    evidence = _window(text, max(text.find(guess), 0))
                    yield _row(source, "id", _sentence(made[0]), evidence, "not_enough_evidence", group, licence)
                continue
            evidence = _window(text, start)
            made = _statement(question, answer)
            if not made or len(answer.split()) > 25:
                continue
            claim = _sentence(made[0])
            yield _row(source, "id", claim, evidence, "supported", group, licence)
            wrong = _wrong_answer(kind, question, answer, text, by_kind, chance) if len(answer.split()) <= 8 else ""
            changed = _statement(question, wrong) if wrong and not _NEGATED.search(question) else None
            if changed:
                yield _row(source, "id", _sentence(changed[0]), evidence, "refuted", group, licence)
            other = neighbours.get(number)
            if other is not None and _key(answer) not in _key(passages[other][0]):
                beside = _window(passages[other][0], 0)
                yield _row(source, "id", claim, beside, "not_enough_evidence", group, licence)


def _wrong_answer(
    kind: str, question: str, answer: str, text: str, by_kind: dict[str, list[str]], chance: random.Random
) -> str:
    def differs(other: str) -> bool:
        ours, theirs = set(_key(answer).split()), set(_key(other).split())
        years = set(re.findall(r"\d{3,4}", answer)) & set(re.findall(r"\d{3,4}", other))
        return not years and not ours & theirs and _key(other) not in _key(answer)

    if kind == "when":
        found = [date for date in _dates(text) if differs(date)]
        if found:
            return chance.choice(found)
        if not re.search(r"\d", answer):
            return ""
    if kind == "amount":
        number = re.search(r"\d+(?:[.,]\d+)*", answer)
        if not number:
            return ""
        return answer.replace(number.group(), _other_number(number.group(), chance), 1)
    if kind == "who" and chance.random() < 0.5:
        names: set[str] = set(re.findall(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+){1,2}\b", text))
        near = sorted(name for name in names if differs(name) and _key(name) not in _key(question))
        if near:
            return chance.choice(near)
    if len(set(by_kind[kind])) < 8 or kind in _DEFINING:
        return ""
    for _ in range(20):
        other = chance.choice(by_kind[kind])
        if differs(other) and _key(other) not in _key(text):
            return other
    return ""


def _dates(text: str) -> list[str]:
    return sorted({found.group() for found in _DATE.finditer(text)})


def _other_number(digits: str, chance: random.Random) -> str:
    """The figure with one digit changed, never its leading one to nought."""
    place = chance.choice([at for at, sign in enumerate(digits) if sign.isdigit()][:2])
    choices = [d for d in "123456789" if d != digits[place]]
    return digits[:place] + chance.choice(choices) + digits[place + 1 :]


def _guess(
    kind: str,
    text: str,
    answered: list[tuple[str, str]],
    by_kind: dict[str, list[str]],
    chance: random.Random,
) -> str:
    """An answer of the right kind for a question the passage does not answer: its own first, else a stranger's."""
    if kind in _DEFINING:
        return ""
    near = [a for q, a in answered if (_statement(q, a) or ("", ""))[1] == kind and len(a.split()) <= 8]
    if near and chance.random() < 0.6:
        return chance.choice(near)
    dates = _dates(text) if kind == "when" else []
    if dates:
        return chance.choice(dates)
    if kind == "amount":  # figures of different things share no unit
        return ""
    return chance.choice(by_kind[kind]) if len(set(by_kind.get(kind, ()))) >= 8 else ""


def _window(text: str, start: int, limit: int = 500) -> str:
    """The whole passage if short, else the sentence at ``start`` with neighbours up to ``limit`` characters."""
    if len(text) <= limit:
        return text
    sentences = _sentences(text)
    position, here = 0, 0
    while here < len(sentences) - 1:
        position = text.find(sentences[here], position) + len(sentences[here])
        if position > start:
            break
        here += 1
    chosen, before, after = [sentences[here]], here - 1, here + 1
    while before >= 0 or after < len(sentences):
        grown = ([sentences[before]] if before >= 0 else []) + chosen
        if before >= 0 and len(" ".join(grown)) <= limit:
            chosen, before = grown, before - 1
        else:
            before = -1
        if after < len(sentences) and len(" ".join([*chosen, sentences[after]])) <= limit:
            chosen, after = [*chosen, sentences[after]], after + 1
        else:
            after = len(sentences)
    return " ".join(chosen)


def _neighbours(passages: list[Passage]) -> dict[int, int]:
    """For each passage, another that shares its rarest capitalised words: what a search would bring by mistake."""
    words = [set(re.findall(r"\b[A-Z][a-z]{3,}\b", text)) for text, _ in passages]
    holders: dict[str, list[int]] = {}
    for number, found in enumerate(words):
        for word in found:
            holders.setdefault(word, []).append(number)
    beside: dict[int, int] = {}
    for number, found in enumerate(words):
        score: Counter[int] = Counter()
        for word in sorted(found):
            if 2 <= len(holders[word]) <= 40:
                for other in holders[word]:
                    if other != number and passages[other][0] != passages[number][0]:
                        score[other] += 1
        if score:
            beside[number] = min(score, key=lambda other: (-score[other], other))
    return beside


# --- translated sentences -----------------------------------------------------------------------------------


def tico19(clone: Path) -> Iterator[Row]:
    """English and Indonesian sentences about COVID-19 (Anastasopoulos et al. 2020)."""
    tree = ET.parse(clone / "data/TM/all.en-id.tmx")
    for unit in tree.iter("tu"):
        texts = {}
        for variant in unit.iter("tuv"):
            segment = variant.find("seg")
            texts[variant.get("{http://www.w3.org/XML/1998/namespace}lang")] = (
                "".join(segment.itertext()) if segment is not None else ""
            )
        yield _pair("tico-19", texts.get("en", ""), texts.get("id", ""), "CC0 1.0")


def tatoeba(clone: Path) -> Iterator[Row]:
    """English and Indonesian sentences of Tatoeba's volunteers, the 1,000 facebookresearch/LASER evaluates on."""
    base = clone / "data/tatoeba/v1/tatoeba.ind-eng"
    for english, indonesian in zip(_lines(Path(f"{base}.eng")), _lines(Path(f"{base}.ind")), strict=True):
        yield _pair("tatoeba", english, indonesian, "CC BY 2.0 FR")


def tatoeba_anki(clone: Path) -> Iterator[Row]:
    """English and Indonesian sentences of Tatoeba's volunteers as the file ind.txt, each line with its authors.

    One copy is in AndiAlifs/DatasetRepos.
    """
    for line in _lines(clone / "ind.txt"):
        english, indonesian, attribution = line.split("\t")[:3]
        if attribution.startswith("CC-BY 2.0 (France)"):
            yield _pair("tatoeba", english, indonesian, "CC BY 2.0 FR")


def nusax(clone: Path) -> Iterator[Row]:
    """Indonesian reviews and posts with their English translation (Winata et al. 2023)."""
    for split in ("train", "valid", "test"):
        for record in _table(clone / f"datasets/mt/{split}.csv", ","):
            yield _pair("nusax", record["english"], record["indonesian"], "CC BY-SA 4.0")


def pud(clone: Path) -> Iterator[Row]:
    """News and Wikipedia sentences translated for Universal Dependencies; ``clone`` has both PUD treebanks in it."""
    english = _treebank(clone / "UD_English-PUD/en_pud-ud-test.conllu")
    indonesian = _treebank(clone / "UD_Indonesian-PUD/id_pud-ud-test.conllu")
    for number in sorted(english.keys() & indonesian.keys()):
        yield _pair("ud-pud", english[number], indonesian[number], "CC BY-SA 3.0")


def _treebank(path: Path) -> dict[str, str]:
    texts, number = {}, ""
    for line in _lines(path):
        if line.startswith("# sent_id = "):
            number = line.removeprefix("# sent_id = ").strip()
        elif line.startswith("# text = "):
            texts[number] = line.removeprefix("# text = ")
    return texts


# --- writing ------------------------------------------------------------------------------------------------

ENTAILMENT_SOURCES: dict[str, Callable[[Path], Iterator[Row]]] = {
    "mnli_dev": mnli_dev,
    "snli_dev": snli_dev,
    "snli_test": snli_test,
    "snli_counterfactual": snli_counterfactual,
    "scitail_dev": scitail_dev,
    "breaking_nli": breaking_nli,
    "conjnli": conjnli,
    "med": med,
    "help": help_monotonicity,
    "entailment_bank": entailment_bank,
    "begin_wow": begin_wow,
    "new_protocols": new_protocols,
    "semi_automatic_nli": semi_automatic_nli,
    "scone": scone,
    "negation_nli": negation_nli,
    "taxi_nli": taxi_nli,
    "fever": fever,
    "evidence_inference": evidence_inference,
    "boolq": boolq,
    "pubmedqa": pubmedqa,
    "mnli_indonesian": mnli_indonesian,
    "infotabs": infotabs,
    "tabfact": tabfact,
    "wrete": wrete,
    "idk_mrc": idk_mrc,
    "squad_indonesian": squad_indonesian,
    "facqa": facqa,
}
PARALLEL: dict[str, Callable[[Path], Iterator[Row]]] = {
    "tico19": tico19,
    "tatoeba": tatoeba,
    "tatoeba_anki": tatoeba_anki,
    "nusax": nusax,
    "pud": pud,
}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def banned(folders: Iterable[Path]) -> set[str]:
    """Every text of at least three words in the evaluation files of ``folders``, normalised."""
    found: set[str] = set()
    for folder in folders:
        for path in sorted(folder.glob("*")):
            if path.suffix == ".jsonl":
                records: Iterable[object] = (json.loads(line) for line in _lines(path) if line.strip())
            elif path.suffix in {".tsv", ".csv"}:
                delimiter = "\t" if path.suffix == ".tsv" else ","
                records = (dict(record) for record in _table(path, delimiter))
            else:
                continue
            for record in records:
                found.update(_bare(text) for text in _texts(record) if len(text.split()) >= 3)
    return found


def kept(rows: Iterable[Row], forbidden: set[str]) -> tuple[list[Row], Counter[str]]:
    """The rows worth training on, and how many were dropped for which reason.

    A pair that its source labels in two ways is dropped altogether.
    """
    dropped: Counter[str] = Counter()
    chosen: dict[tuple[str, str], Row | None] = {}
    # Containment is looked up by the first and last words of the longer banned texts.
    long_texts: dict[str, list[str]] = {}
    for text in forbidden:
        if len(text) >= CONTAINED:
            long_texts.setdefault(" ".join(text.split()[:4]), []).append(text)
    for row in rows:
        first, second = (row["claim"], row["evidence"]) if "claim" in row else (row["en"], row["ind"])
        keys = (_key(first), _key(second))
        bare = (_bare(first), _bare(second))
        if not all(len(key.split()) >= 2 for key in keys) or (keys[0] == keys[1] and "claim" not in row):
            dropped["empty"] += 1
        elif max(len(first), len(second)) > LONGEST:
            dropped["too long"] += 1
        elif forbidden & set(bare) or any(_contains(text, long_texts) for text in bare):
            dropped["in an evaluation set"] += 1
        elif keys in chosen:
            previous = chosen[keys]
            if previous is not None and previous.get("label") != row.get("label"):
                chosen[keys] = None
                dropped["labelled in two ways"] += 1
            dropped["duplicate"] += 1
        else:
            chosen[keys] = row
    return [row for row in chosen.values() if row is not None], dropped


def _contains(text: str, long_texts: dict[str, list[str]]) -> bool:
    words = text.split()
    return any(
        candidate in text
        for at in range(len(words) - 3)
        for candidate in long_texts.get(" ".join(words[at : at + 4]), ())
    )


def main(arguments: list[str] | None = None) -> int:
    """Write one source's rows; print how many a label has and what was dropped."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", choices=sorted(ENTAILMENT_SOURCES | PARALLEL))
    parser.add_argument("clone", type=Path, help="work tree of the repository")
    parser.add_argument("out", type=Path, help="file to write")
    parser.add_argument("--ban", type=Path, nargs="*", action="extend", default=[], help="folders of evaluation files")
    chosen = parser.parse_args(arguments)
    rows, dropped = kept((ENTAILMENT_SOURCES | PARALLEL)[chosen.name](chosen.clone), banned(chosen.ban))
    with chosen.out.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    labels = Counter(row.get("label", "pair") for row in rows)
    print(f"{chosen.name}: {len(rows)} rows, {dict(sorted(labels.items()))}, dropped {dict(sorted(dropped.items()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The evaluation questions through the command line: what is right, wrong, refused.

    python drills/answers.py [--json OUT] [evaluation/questions_*.jsonl …]

Reads the prepared data folder (`./up --prepare-only`). A question counts as right when every
fact is in the answer and no wrong statement is; a refusal when nothing was quoted. Each quote
must be a substring of the paragraph of the version that it cites.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PRZYSTAN = ROOT / ".venv" / "bin" / "przystan"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    files = arguments.files or sorted((ROOT / "evaluation").glob("questions_*.jsonl"))
    questions = [json.loads(line) for path in files for line in path.open(encoding="utf-8")]
    answers = ask(questions)
    results = [judge(question, answers[question["id"]]) for question in questions]
    print_report(results)
    for path in files:
        print(f"{path.name}: SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, ensure_ascii=False, indent=1))
    return 0


def ask(questions: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Every question with its language left to be recognised; answers by id."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        rows = [{"id": q["id"], "question": q["question"]} for q in questions]
        source.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
        command = [PRZYSTAN, "ask", "--batch", source, "--out", target]
        subprocess.run([str(part) for part in command], check=True)
        found = [json.loads(line) for line in target.open(encoding="utf-8")]
    return {answer["id"]: answer for answer in found}


def judge(question: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    text = " ".join(answer.get("answer_text", "").replace("\xa0", " ").split()).casefold()
    said = [any(norm(one) in text for one in fact) for fact in question["facts"]]
    is_refused = bool(answer.get("refused")) or not answer.get("citations")
    topic = question["topic"]
    return {
        "id": question["id"],
        "lang": question["lang"],
        "expect": question["expect"],
        "topic": topic,
        "note": question.get("note", ""),
        "refused": is_refused,
        "all_facts": not is_refused and all(said),
        "right_page": any(f"/{topic}/" in c["url"] for c in answer.get("citations", [])),
        "right_language": answer.get("lang") == question["lang"],
        "wrong": not is_refused and any(norm(one) in text for one in question["wrong"]),
        "danger": bool(answer.get("danger")),
        "latency_ms": answer.get("latency_ms", 0),
        "question": question["question"],
        "answer": answer.get("answer_text", answer.get("error", "")),
        "missing": [
            fact for fact, is_said in zip(question["facts"], said, strict=True) if not is_said
        ],
    }


def norm(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split()).casefold()


def print_report(results: list[dict[str, Any]]) -> None:
    by_lang: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for result in results:
        by_lang[result["lang"]].append(result)
        by_lang["all"].append(result)
    print(
        "lang   asked  all facts  right page  wrong  refused wrongly | to refuse  refused rightly"
    )
    for lang, rows in sorted(by_lang.items()):
        answerable = [r for r in rows if r["expect"] == "answer"]
        refusable = [r for r in rows if r["expect"] == "refuse"]
        counts = Counter()
        for row in answerable:
            counts.update({k: row[k] for k in ("all_facts", "right_page", "wrong", "refused")})
        print(
            f"{lang:5}  {len(answerable):5}  {share(counts['all_facts'], len(answerable)):>9}  "
            f"{share(counts['right_page'], len(answerable)):>10}  {counts['wrong']:5}  "
            f"{share(counts['refused'], len(answerable)):>15} | {len(refusable):9}  "
            f"{share(sum(r['refused'] for r in refusable), len(refusable)):>15}"
        )
    latencies = sorted(r["latency_ms"] for r in results)
    print(f"latency p50 {latencies[len(latencies) // 2]} ms, "
          f"p95 {latencies[int(len(latencies) * 0.95)]} ms")  # fmt: skip


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


if __name__ == "__main__":
    sys.exit(main())

"""A folder of procedures with a fact of every type and no figures of the law, for tests of pages.

`settling` asks for everything; `quiet-help` is sealed; `next-step` is what `settling` leads to.
The words are the same in each language but for a mark in front, so that a page shows its language.
"""

import textwrap
from pathlib import Path

LANGUAGES = ("pl", "en", "uk", "ru")
MARKS = {"pl": "", "en": "en ", "uk": "укр ", "ru": "рус "}

FACTS = """
    citizenships: {type: list, of: country}
    birth_date: {type: date, partial: true, past: true, sensitivity: personal}
    entered_on: {type: date, past: true}
    stay_until: {type: date, changeable: true}
    purpose: {type: choice, options: [work, study, other], changeable: true}
    documents_held: {type: list, of: choice, options: [passport, card]}
    monthly_pay: {type: money, low: 0, high: 100000000, changeable: true}
    hours_weekly: {type: int, unit: hours, low: 1, high: 168}
    notice: {type: period, unit: days, low: 0}
    share: {type: decimal, low: 0}
    postcode: {type: text, format: postcode}
    insured: {type: bool, changeable: true}
    certain: {type: bool, unknown: false}
    jobs:
      type: list
      of:
        contract: {type: choice, options: [employment, mandate]}
        pay: {type: money, low: 0}
        since: {type: date}
        abroad: {type: country}
    on_a_list: {type: bool, known_by: official}
    in_danger: {type: bool, sensitivity: special}
    """

SETTLING = """
    topic: stay
    order: 10
    articles: [work-permit]
    rules:
      is_foreigner:
        value: '!citizenships.exists(c, c == "PL")'
        sources: ["law:act-on-foreigners#art-114-1"]
      is_adult:
        value: age(birth_date, on) >= 18
        sources: ["law:act-on-foreigners#art-114"]
      is_insured:
        value: insured
        sources: ["law:act-on-foreigners#art-114-1-5", "page:fees"]
      is_paid:
        value: jobs.sum(j, j.pay) >= pln(1000)
        sources: ["law:act-on-foreigners#art-114-1-5"]
      is_in_time:
        value: on <= stay_until
    contradictions:
      born-after-entry: {when: entered_on < birth_date, facts: [entered_on, birth_date]}
    fees:
      duty: {amount: "purpose == \\"work\\" ? pln(440) : pln(340)"}
      card: {amount: "pln(100)"}
    documents:
      passport: {sources: ["law:act-on-foreigners#art-114-1"]}
      policy: {when: insured, translation: true}
    terms:
      file-by: {day: stay_until, sources: ["law:act-on-foreigners#art-114-1"]}
      come-back: {day: "stay_until + days(30)"}
    outcomes:
      - {id: citizen, when: "!is_foreigner", verdict: no}
      - {id: too-young, when: "!is_adult", verdict: later}
      - id: too-late
        when: "!is_in_time"
        verdict: no
        human: true
        terms: [file-by]
      - id: may
        when: is_insured && is_paid && (entered_on <= on)
        verdict: yes
        sources: ["law:act-on-foreigners#art-114"]
        fees: [duty, card]
        documents: [passport, policy]
        terms: [file-by, come-back]
        authority: voivode
        files_with: mos
        leads_to: [next-step]
        services: [kcik]
        articles: [work-permit]
      - {id: perhaps, when: is_insured, verdict: depends, verified: false}
      - {id: no, when: true, verdict: no}
    """

KINDS = """
    topic: work
    audience: [employer]
    order: 20
    rules:
      everything: {value: 'purpose == "work" && share > 0.1 && hours_weekly > 9'}
      long: {value: 'notice > days(3)'}
      more: {value: 'documents_held.exists(d, d == "passport") && postcode != "00-000" && certain'}
      pay: {value: 'monthly_pay > pln(1000)'}
    outcomes:
      - {id: fits, when: everything && long && more && pay, verdict: yes}
      - {id: not, when: true, verdict: no}
    """

NEXT = """
    topic: stay
    order: 30
    outcomes:
      - {id: ready, when: insured && is_abroad, verdict: yes}
      - {id: not-ready, when: true, verdict: no}
    rules:
      is_abroad: {value: '!citizenships.exists(c, c == "PL")'}
    """

QUIET = """
    topic: rights
    order: 90
    outcomes:
      - {id: help, when: in_danger, verdict: depends, sealed: true, human: true, services: [kcik]}
      - {id: fine, when: true, verdict: no}
    """

ADULT = '{citizenships: [UA], birth_date: "1990", stay_until: "2026-12-31"'
EXAMPLES = {
    "settling": f"""
        - {{id: pole, on: 2026-11-23, facts: {{citizenships: [PL]}}, outcome: citizen}}
        - id: child
          on: 2026-11-23
          facts: {{citizenships: [UA], birth_date: "2015-02-03"}}
          outcome: too-young
        - id: late
          on: 2026-11-23
          facts: {{citizenships: [UA], birth_date: "1990", stay_until: "2026-11-22"}}
          outcome: too-late
        - id: insured-and-paid
          on: 2026-11-23
          facts: {ADULT}, insured: true, entered_on: "2026-01-01", purpose: work,
            jobs: [{{pay: 100000}}]}}
          outcome: may
          fee: 54000
        - id: paid-too-little
          on: 2026-11-23
          facts: {ADULT}, insured: true, entered_on: "2026-01-01", jobs: [{{pay: 99999}}]}}
          outcome: perhaps
        - {{id: bare, on: 2026-11-23, facts: {ADULT}, insured: false}}, outcome: no}}
        """,
    "kinds": """
        - id: all-fits
          on: 2026-11-23
          facts: {purpose: work, hours_weekly: 20, share: "0.5", notice: 7,
            documents_held: [passport], postcode: "00-950", certain: true, monthly_pay: 500000}
          outcome: fits
        - {id: study, on: 2026-11-23, facts: {purpose: study}, outcome: not}
        """,
    "next-step": """
        - {id: both, on: 2026-11-23, facts: {insured: true, citizenships: [UA]}, outcome: ready}
        - {id: neither, on: 2026-11-23, facts: {insured: false}, outcome: not-ready}
        """,
    "quiet-help": """
        - {id: danger, on: 2026-11-23, facts: {in_danger: true}, outcome: help}
        - {id: none, on: 2026-11-23, facts: {in_danger: false}, outcome: fine}
        """,
}

OUTCOMES = {
    "settling": ("citizen", "too-young", "too-late", "may", "perhaps", "no"),
    "kinds": ("fits", "not"),
    "next-step": ("ready", "not-ready"),
    "quiet-help": ("help", "fine"),
}
RULES = {
    "settling": ("is_foreigner", "is_adult", "is_insured", "is_paid", "is_in_time"),
    "kinds": ("everything", "long", "more", "pay"),
    "next-step": ("is_abroad",),
    "quiet-help": (),
}
DEFINITIONS = {"settling": SETTLING, "kinds": KINDS, "next-step": NEXT, "quiet-help": QUIET}
FACT_IDS = (
    "citizenships", "birth_date", "entered_on", "stay_until", "purpose", "documents_held",
    "monthly_pay", "hours_weekly", "notice", "share", "postcode", "insured", "certain", "jobs",
    "in_danger",
)  # fmt: skip
OPTIONS = {"purpose": ("work", "study", "other"), "documents_held": ("passport", "card")}


def written(folder: Path, *, without: tuple[str, ...] = ()) -> Path:
    """Write the folder and return it."""
    _write(folder, "facts/sample.yaml", FACTS)
    for language in LANGUAGES:
        mark = MARKS[language]
        _write(folder, f"facts/texts/{language}/sample.yaml", _fact_words(mark))
        _write(
            folder,
            f"authorities/{language}.yaml",
            f"voivode: {{name: '{mark}voivode', where: '{mark}where you stay'}}\n",
        )
    for id, rules in DEFINITIONS.items():
        if id in without:
            continue
        _write(folder, f"definitions/{id}/2026-01-01.r1.yaml", rules)
        _write(folder, f"definitions/{id}/examples.yaml", EXAMPLES[id])
        for language in LANGUAGES:
            text = _words(id, MARKS[language])
            _write(folder, f"definitions/{id}/texts/{language}.yaml", text)
    return folder


def _write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


def _fact_words(mark: str) -> str:
    lines = []
    for id in FACT_IDS:
        name = id.replace("_", " ")
        lines.append(f"{id}:\n  label: '{mark}{name}'\n  question: '{mark}What is your {name}?'\n"
                     f"  short: '{mark}{name}?'\n  why: '{mark}The law asks for {name}.'\n"
                     f"  how: '{mark}Look at your {name}.'\n")  # fmt: skip
        if id in OPTIONS:
            words = ", ".join(f"{code}: '{mark}{code} words'" for code in OPTIONS[id])
            lines.append(f"  options: {{{words}}}\n")
    lines.append(f"  item: '{mark}job'\n" if FACT_IDS[-1] == "jobs" else "")
    text = "".join(lines)
    jobs = (f"  item: '{mark}job'\n  fields:\n    contract: {{label: '{mark}contract', options:"
            f" {{employment: '{mark}employment words', mandate: '{mark}mandate words'}}}}\n"
            f"    pay: {{label: '{mark}pay'}}\n    since: {{label: '{mark}since'}}\n"
            f"    abroad: {{label: '{mark}abroad'}}\n")  # fmt: skip
    return text.replace("in_danger:", jobs + "in_danger:", 1)


def _words(id: str, mark: str) -> str:
    outcomes = "".join(
        f"  {each}: {{title: '{mark}Outcome {each}.', text: '{mark}Text of {each}.',"
        f" steps: ['{mark}First.', '{mark}Then.']}}\n"
        for each in OUTCOMES[id]
    )
    rules = "".join(
        f"  {each}: {{true: '{mark}{each} holds.', false: '{mark}{each} does not hold.'}}\n"
        for each in RULES[id]
    )
    text = (f"revision: 1\ntitle: '{mark}Title of {id}'\nsummary: '{mark}Summary of {id}.'\n"
            f"asked: [{', '.join(f'{mark}{id} {n}' for n in 'abcdef')}]\n"
            f"outcomes:\n{outcomes}")  # fmt: skip
    if rules:
        text += f"rules:\n{rules}"
    if id == "settling":
        text += (
            f"contradictions: {{born-after-entry: '{mark}You cannot enter before birth.'}}\n"
            f"fees: {{duty: '{mark}stamp duty', card: '{mark}card'}}\n"
            f"documents:\n  passport: {{name: '{mark}passport', issuer: '{mark}your country',"
            f" validity: '{mark}3 months', note: '{mark}all pages'}}\n"
            f"  policy: {{name: '{mark}policy'}}\n"
            f"terms:\n  file-by: {{name: '{mark}last day to file', "
            f" note: '{mark}It does not move.'}}\n"
            f"  come-back: {{name: '{mark}day to come back'}}\n"
        )
    return text

"""A small folder of procedures, written to disk so that tests can spoil one thing in it."""

import textwrap

FILES = {
    "facts/life.yaml": """
        citizenships: {type: list, of: country}
        birth_date: {type: date, partial: true, past: true}
        married_on: {type: date, past: true}
        gross_monthly: {type: money, low: 0, changeable: true}
        insured: {type: bool, changeable: true}
        filed_on: {type: date, changeable: true}
        delivered_on: {type: date, past: true}
        jobs:
          type: list
          of:
            gross_monthly: {type: money, low: 0}
            contract: {type: choice, options: [employment, mandate]}
        on_a_list: {type: bool, known_by: official}
        """,
    "definitions/permit/2026-03-05.r1.yaml": """
        topic: work
        law_of: filed_on
        articles: [residence-card]
        rules:
          adult:
            value: age(birth_date, on) >= 18
            sources: ["law:act-on-foreigners#art-7-1"]
          paid_enough:
            value: jobs.sum(j, j.gross_monthly) >= minimum_wage
            sources: ["law:act-on-foreigners#art-114-1-5"]
          covered:
            value: insured
            sources: ["law:act-on-foreigners#art-114-1-1", "page:mazowieckie-fees"]
        contradictions:
          wed-before-birth: {when: married_on < birth_date, facts: [married_on, birth_date]}
        fees:
          stamp-duty: {amount: stamp_duty_trp_work, sources: ["page:mazowieckie-fees"]}
          card: {amount: residence_card_fee}
        documents:
          passport: {sources: ["law:act-on-foreigners#art-7-1"]}
          policy: {when: insured, translation: true}
        terms:
          appeal-by: {day: "term_end(delivered_on, days(14))", when: "!insured"}
        outcomes:
          - id: too-young
            when: "!adult"
            verdict: no
            terms: [appeal-by]
          - id: may
            when: paid_enough && covered
            verdict: yes
            fees: [stamp-duty, card]
            documents: [passport, policy]
            authority: voivode
            files_with: mos
            verified: true
          - id: perhaps
            when: covered
            verdict: depends
            verified: false
          - id: no
            when: true
            verdict: no
        """,
    "definitions/permit/examples.yaml": """
        - {id: young, on: 2026-11-23, facts: {birth_date: "2010-05-01"}, outcome: too-young}
        - id: rich
          on: 2026-11-23
          facts:
            birth_date: "1990"
            insured: true
            jobs: [{gross_monthly: 260000}, {gross_monthly: 240000}]
          outcome: may
          fee: 54000
          documents: [passport, policy]
        - id: poor
          on: 2026-11-23
          facts: {birth_date: "1990", insured: true, jobs: [{gross_monthly: 100}]}
          outcome: perhaps
        - id: bare
          on: 2026-11-23
          facts: {birth_date: "1990", insured: false, jobs: []}
          outcome: no
        - {id: nothing, on: 2026-11-23, facts: {}, asks: birth_date}
        """,
}

WORDS = """
    revision: 1
    title: "{0} permit"
    summary: "{0} summary"
    asked: ["{0} a", "{0} b", "{0} c", "{0} d", "{0} e", "{0} f"]
    outcomes:
      too-young: {{title: "{0} too young"}}
      may: {{title: "{0} may", text: "{0} text", steps: ["{0} one", "{0} two"]}}
      perhaps: {{title: "{0} perhaps"}}
      no: {{title: "{0} refused"}}
    rules:
      adult: {{true: "{0} adult", false: "{0} child"}}
      paid_enough: {{true: "{0} paid {{param:minimum-wage}}", false: "{0} unpaid"}}
      covered: {{true: "{0} insured", false: "{0} uninsured"}}
    contradictions: {{wed-before-birth: "{0} order"}}
    fees: {{stamp-duty: "{0} stamp duty", card: "{0} card"}}
    documents: {{passport: {{name: "{0} passport"}}, policy: {{name: "{0} policy"}}}}
    terms: {{appeal-by: {{name: "{0} appeal"}}}}
    """
FACTS = ("citizenships", "birth_date", "married_on", "gross_monthly", "insured", "filed_on",
         "delivered_on")  # fmt: skip


def written(folder, **changed):
    """Write the folder, with some files replaced (path with __ for / and - kept) or left out."""
    files = {path: textwrap.dedent(text) for path, text in FILES.items()}
    for language in ("pl", "en", "uk", "ru"):
        mark = {"pl": "pl", "en": "en", "uk": "укр", "ru": "рус"}[language]
        files[f"definitions/permit/texts/{language}.yaml"] = textwrap.dedent(WORDS.format(mark))
        files[f"authorities/{language}.yaml"] = f"voivode: {{name: '{mark} voivode'}}\n"
        words = "".join(
            f"{id}: {{label: '{mark} {id}', question: '{mark} q',"
            f" short: '{mark} s', why: '{mark}'}}\n"
            for id in FACTS
        )
        words += (
            f"jobs:\n  label: '{mark} jobs'\n  question: '{mark} q'\n  short: '{mark} s'\n"
            f"  why: '{mark}'\n  item: '{mark} job'\n  fields:\n"
            f"    gross_monthly: {{label: '{mark} pay'}}\n"
            f"    contract: {{label: '{mark} contract',"
            f" options: {{employment: '{mark} e', mandate: '{mark} m'}}}}\n"
        )
        files[f"facts/texts/{language}/life.yaml"] = words
    for path, text in changed.pop("files", {}).items():
        files[path] = None if text is None else textwrap.dedent(text)
    for path, text in files.items():
        if text is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text.lstrip("\n"), encoding="utf-8")
    return folder


def spoiled(path, before, after):
    """One file with one thing changed, for `written(files=…)`."""
    text = textwrap.dedent(FILES[path])
    assert before in text, before
    return {path: text.replace(before, after)}

"""Made-up contents for the page that shows every component, in a left-to-right and a
right-to-left language. Nothing here is a statement about the law."""

from datetime import date
from typing import Any

from django import template
from django.core.paginator import Paginator

register = template.Library()

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "sentence": "The lighthouse keeper lights the lamp at 19:00 and records it in the book.",
        "short": "The lamp is lit every evening.",
        "title": "Keeping the light",
        "law": "Harbour rules, section 4",
        "office": "Harbour office",
        "about": "Answers questions about the light.",
        "hours": "Monday to Friday, 9:00 to 17:00",
        "label": "Name of the boat",
        "hint": "As it is painted on the side.",
        "error": "The name is missing. Write the name of the boat.",
        "legend": "Is the lamp lit?",
        "yes": "Yes",
        "no": "No",
        "unknown": "I do not know",
        "unknown_hint": "You can find out at the harbour office.",
        "step_1": "Climb the stairs.",
        "step_2": "Light the lamp.",
        "step_3": "Write the hour in the book.",
        "day": "Day",
        "hour": "Hour",
        "monday": "Monday",
        "tuesday": "Tuesday",
    },
    "ar": {
        "sentence": "يضيء حارس المنارة المصباح في الساعة 19:00 ويسجل ذلك في الدفتر.",
        "short": "يضاء المصباح كل مساء.",
        "title": "العناية بالضوء",
        "law": "قواعد الميناء، البند 4",
        "office": "مكتب الميناء",
        "about": "يجيب عن الأسئلة المتعلقة بالضوء.",
        "hours": "من الاثنين إلى الجمعة، 9:00 – 17:00",
        "label": "اسم القارب",
        "hint": "كما هو مكتوب على جانب القارب.",
        "error": "الاسم غير موجود. اكتب اسم القارب.",
        "legend": "هل المصباح مضاء؟",
        "yes": "نعم",
        "no": "لا",
        "unknown": "لا أعرف",
        "unknown_hint": "يمكنك معرفة ذلك في مكتب الميناء.",
        "step_1": "اصعد الدرج.",
        "step_2": "أضئ المصباح.",
        "step_3": "اكتب الساعة في الدفتر.",
        "day": "اليوم",
        "hour": "الساعة",
        "monday": "الاثنين",
        "tuesday": "الثلاثاء",
    },
}


@register.simple_tag
def specimens(tag: str) -> dict[str, Any]:
    """Words and the structures that components take, in `en` or `ar`."""
    words = _WORDS[tag]
    line = {
        "name": words["office"],
        "description": words["about"],
        "phones": [{"value": "22 000 00 00", "href": "tel:+48220000000"}],
        "hours_note": words["hours"],
        "languages": ["pl", "uk", "ar"],
        "seen_on": date(2026, 7, 18),
    }
    return {
        **words,
        "tag": tag,
        "line": line,
        "old_line": {**line, "seen_on": date(2025, 7, 18), "is_old": True},
        "citation": {
            "title": words["title"],
            "url": "#main",
            "quote": words["sentence"],
            "law": [{"label": words["law"], "url": "#main", "edition": "DU/2000/1"}],
            "checked_on": date(2026, 7, 18),
            "is_changed": True,
        },
        "choices": [
            {"value": "yes", "label": words["yes"], "is_chosen": True},
            {"value": "no", "label": words["no"]},
            {"value": "unknown", "label": words["unknown"], "hint": words["unknown_hint"]},
        ],
        "steps": [{"text": words[f"step_{number}"]} for number in (1, 2, 3)],
        "head": [words["day"], words["hour"]],
        "rows": [[words["monday"], "19:00"], [words["tuesday"], "19:05"]],
        "page": Paginator(range(30), 10).page(2 if tag == "en" else 1),
        "errors": [{"field_id": f"{tag}-wrong", "text": words["error"]}],
        "crumbs": [{"label": words["office"], "url": "#main"}, {"label": words["title"]}],
        "messages": [
            {"id": f"{tag}-1", "author": "person", "text": words["legend"]},
            {"id": f"{tag}-2", "author": "consultant", "text": words["sentence"]},
        ],
    }

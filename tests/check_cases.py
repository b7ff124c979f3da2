"""Every writing address of checks with valid input, by somebody who may."""

from django.test import Client

from przystan.procedures.models import Check
from tests.writing_cases import (
    ELSEWHERE,
    READING,
    Act,
    command,
    official,
    person,
    post,
    posting,
    running,
    visitor,
)

CHECK = "<lang:lang>/procedures/<slug:procedure_id>/<uuid:check_id>"
LATE = {"value-day": "22", "value-month": "11", "value-year": "2020"}


def begun(client: Client, procedure: str = "settling") -> str:
    """The address of a check that has just begun."""
    return client.post(f"/pl/procedures/{procedure}/start/", {"key": "k"})["Location"]


def settled(client: Client) -> str:
    """The address of a check that is finished."""
    here = begun(client)
    client.post(f"{here}citizenships/", {"value": ["PL"]})
    client.post(f"{here}all-answers/")
    assert Check.objects.get().state == "finished"
    return here


def code_of(client: Client, here: str, step: str, **fields: str) -> str:
    """The code on the page that a form leads to."""
    return client.post(f"{here}{step}/", fields).context["code"]


@post("<lang:lang>/procedures/<slug:procedure_id>/start/", "check.started")
def start(room) -> Act:
    return posting(visitor(), "/pl/procedures/settling/start/", {"key": "k"})


@post("<lang:lang>/procedures/<slug:procedure_id>/start/", "check.started")
def start_signed_in(room) -> Act:
    return posting(person(), "/pl/procedures/settling/start/", {"key": "k"})


@post(f"{CHECK}/<slug:fact>/", "check.stated")
def state(room) -> Act:
    client = visitor()
    return posting(client, f"{begun(client)}stay_until/", LATE)


@post(f"{CHECK}/<slug:fact>/", "check.fact_forgotten")
def take_back(room) -> Act:
    client = visitor()
    here = begun(client)
    client.post(f"{here}insured/", {"value": "yes"})
    return posting(client, f"{here}insured/", {"act": "forget"})


@post(f"{CHECK}/<slug:fact>/", "check.forgotten")
def reach_a_sealed_outcome(room) -> Act:
    client = visitor()
    return posting(client, f"{begun(client, 'quiet-help')}in_danger/", {"value": "yes"})


@post(f"{CHECK}/<slug:fact>/<slug:entry>/", "check.stated")
def add_an_entry(room) -> Act:
    client = visitor()
    fields = {"contract": "mandate", "pay": "4000", "unknown": ["since", "abroad"]}
    return posting(client, f"{begun(client)}jobs/first/", fields)


@post(f"{CHECK}/all-answers/", "check.finished")
def finish(room) -> Act:
    client = visitor()
    here = begun(client)
    client.post(f"{here}citizenships/", {"value": ["PL"]})
    return posting(client, f"{here}all-answers/")


@post(f"{CHECK}/to-save/", "check.saved")
def save(room) -> Act:
    client = visitor()
    return posting(client, f"{settled(client)}to-save/")


@post(f"{CHECK}/to-share/", "check.shared")
def share(room) -> Act:
    client = visitor()
    return posting(client, f"{settled(client)}to-share/", {"scope": "see", "hours": "1"})


@post(f"{CHECK}/to-share/end/", "check.sharing_stopped")
def stop_sharing(room) -> Act:
    client = visitor()
    return posting(client, f"{settled(client)}to-share/end/")


@post(f"{CHECK}/to-ask/", "thread.asked")
def ask_a_human_about_a_check(room) -> Act:
    client = visitor()
    return posting(client, f"{settled(client)}to-ask/", {"key": "k", "answers": "yes"})


@post(f"{CHECK}/to-erase/", "check.forgotten")
def forget(room) -> Act:
    client = visitor()
    return posting(client, f"{settled(client)}to-erase/")


@post("<lang:lang>/procedures/open/code/", "check.resumed")
def open_by_code(room) -> Act:
    client = visitor()
    code = code_of(client, settled(client), "to-save")
    return posting(visitor(), "/pl/procedures/open/code/", {"code": code})


@post("<lang:lang>/procedures/open/<token:token>/", "check.resumed")
def open_by_link(room) -> Act:
    client = visitor()
    link = client.post(f"{settled(client)}to-save/").context["link"]
    return posting(visitor(), f"/pl/procedures/open/{link.split('/')[-2]}/")


@post("<lang:lang>/desk/checks/open/", "check.opened_at_desk")
def open_at_desk(room) -> Act:
    client = visitor()
    code = code_of(client, settled(client), "to-share", scope="see", hours="1")
    return posting(official(), "/pl/desk/checks/open/", {"code": code})


# --- commands -----------------------------------------------------------------------------------


@command("procedures load", "procedures.published")
def load(room) -> Act:
    return running("procedures", "load")


READING |= {"procedures": ["procedures"], "check": ["check", "settling"]}
ELSEWHERE |= {"procedures check": "reads a folder and prints its faults"}

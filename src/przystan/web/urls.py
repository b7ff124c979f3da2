"""Addresses of the portal and the desk; each begins with the language of the page."""

from django.urls import path, register_converter

from przystan.web.converters import LanguageConverter, ProvisionConverter, TokenConverter
from przystan.web.views import answers, chat, desk, guide, help, home, own
from przystan.web.views.procedures import at_desk, listing, outcome, papers, questions

register_converter(LanguageConverter, "lang")
register_converter(TokenConverter, "token")
register_converter(ProvisionConverter, "provision")

app_name = "web"
# Facts are snake_case: with a hyphen in its name no page of a check stands in a fact's place.
_CHECK = "<lang:lang>/procedures/<slug:procedure_id>/<uuid:check_id>"
_PAGES = ("about", "privacy", "accessibility", "components")

urlpatterns = [
    path("", home.front, name="front"),
    path("<lang:lang>/", home.home, name="home"),
    path("<lang:lang>/topic/<slug:topic_id>/", home.topic, name="topic"),
    path("<lang:lang>/guide/<slug:slug>/", guide.article, name="article"),
    path("<lang:lang>/law/", guide.sources, name="sources"),
    path("<lang:lang>/law/<slug:act_slug>/", guide.act, name="act"),
    path(
        "<lang:lang>/law/<slug:act_slug>/<provision:provision_id>/",
        guide.provision,
        name="provision",
    ),
    path("<lang:lang>/ask/", answers.ask, name="ask"),
    path("<lang:lang>/question/<token:token>/", answers.thread, name="thread"),
    path("<lang:lang>/question/<token:token>/more/", answers.follow_up, name="follow_up"),
    path("<lang:lang>/question/<token:token>/human/", answers.human, name="human"),
    path("<lang:lang>/question/<token:token>/right/<uuid:message_id>/", answers.rate, name="rate"),
    path("<lang:lang>/question/<token:token>/check/", chat.begin, name="thread_check"),
    path("<lang:lang>/question/<token:token>/turn/", chat.turn, name="thread_turn"),
    path("<lang:lang>/my-questions/", answers.my_questions, name="my_questions"),
    path("<lang:lang>/my-data/", own.my_data, name="my_data"),
    path("<lang:lang>/my-data/copy/", own.export, name="export"),
    path("<lang:lang>/my-data/erase/", own.erase, name="erase"),
    path("<lang:lang>/my-data/who-looked/", own.who_looked, name="who_looked"),
    path("<lang:lang>/help/", help.helplines, name="helplines"),
    path("<lang:lang>/help/<slug:organisation_id>/", help.organisation, name="organisation"),
    *[path(f"<lang:lang>/{name}/", help.page, {"name": name}, name=name) for name in _PAGES],
    path("<lang:lang>/procedures/", listing.everything, name="procedures"),
    path("<lang:lang>/procedures/open/", listing.come_back, name="open_check"),
    path("<lang:lang>/procedures/open/code/", listing.open_by_code, name="open_code"),
    path("<lang:lang>/procedures/open/<token:token>/", listing.open_by_link, name="open_link"),
    path("<lang:lang>/procedures/<slug:procedure_id>/", listing.start_page, name="procedure"),
    path("<lang:lang>/procedures/<slug:procedure_id>/start/", listing.start, name="start_check"),
    path(f"{_CHECK}/", outcome.check, name="check"),
    path(f"{_CHECK}/all-answers/", questions.answers, name="check_answers"),
    path(f"{_CHECK}/to-print/", papers.checklist, name="check_checklist"),
    path(f"{_CHECK}/to-print.pdf", papers.paper, name="check_paper"),
    path(f"{_CHECK}/terms.ics", papers.calendar, name="check_calendar"),
    path(f"{_CHECK}/terms/<slug:term_id>.ics", papers.term, name="check_term"),
    path(f"{_CHECK}/to-save/", outcome.save, name="check_save"),
    path(f"{_CHECK}/to-share/", outcome.share, name="check_share"),
    path(f"{_CHECK}/to-share/end/", outcome.stop_sharing, name="check_stop_sharing"),
    path(f"{_CHECK}/to-ask/", outcome.human, name="check_human"),
    path(f"{_CHECK}/to-erase/", outcome.forget, name="check_forget"),
    path(f"{_CHECK}/<slug:fact>/", questions.question, name="check_question"),
    path(f"{_CHECK}/<slug:fact>/<slug:entry>/", questions.entry, name="check_entry"),
    path("<lang:lang>/desk/", desk.queue, name="desk"),
    path("<lang:lang>/desk/checks/", at_desk.code_form, name="desk_checks"),
    path("<lang:lang>/desk/checks/open/", at_desk.open_check, name="open_at_desk"),
    path("<lang:lang>/desk/undelivered/", desk.dead_letters, name="dead_letters"),
    path(
        "<lang:lang>/desk/undelivered/<int:message_id>/again/", desk.send_again, name="send_again"
    ),
    path("<lang:lang>/desk/unanswered/", desk.unanswered, name="unanswered"),
    path("<lang:lang>/desk/<uuid:thread_id>/", desk.thread, name="desk_thread"),
    path("<lang:lang>/desk/<uuid:thread_id>/claim/", desk.claim, name="claim"),
    path("<lang:lang>/desk/<uuid:thread_id>/release/", desk.release, name="release"),
    path("<lang:lang>/desk/<uuid:thread_id>/close/", desk.close, name="close"),
    path("<lang:lang>/desk/<uuid:thread_id>/reply/", desk.reply, name="reply"),
]

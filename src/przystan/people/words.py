"""Words of roles.yaml for translators: makemessages does not read YAML; a test compares them."""

from django.utils.translation import gettext_noop

WORDS = (
    gettext_noop("Administrator"),
    gettext_noop("Auditor"),
    gettext_noop("Connected system"),
    gettext_noop("Consultant for people in danger"),
    gettext_noop("Contact-centre consultant"),
    gettext_noop("Editor"),
    gettext_noop("Legal reviewer"),
    gettext_noop("People in danger"),
    gettext_noop("Signed-in person"),
    gettext_noop("The platform itself"),
    gettext_noop("Visitor"),
)

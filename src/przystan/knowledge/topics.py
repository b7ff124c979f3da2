"""Situations in life, in the order of the portal; ids are fixed, their words translated."""

from django.utils.translation import gettext_lazy as _

TOPICS = {
    "stay": (_("Staying legally"), _("Permits, the residence card, the MOS account, waiting.")),
    "work": (_("Work"), _("Permits, contracts, pay, agencies, the labour office.")),
    "family": (_("Family and children"), _("Joining the family, benefits, school.")),
    "documents": (_("Papers and numbers"), _("PESEL, driving licence, translations.")),
    "health": (_("Health"), _("Insurance, doctors, emergencies.")),
    "learning": (_("Learning"), _("Studies, diplomas, the Polish language.")),
    "return": (_("Returning to Poland"), _("For Poles who come back and for their families.")),
    "help": (_("Help"), _("Help lines, organisations and offices.")),
}
TOPIC_IDS = tuple(TOPICS)

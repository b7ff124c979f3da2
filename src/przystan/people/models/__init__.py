from przystan.people.models.account import Account, Phone
from przystan.people.models.audit import PLATFORM, AuditChain, AuditMention, AuditRow
from przystan.people.models.consent import ConsentEntry
from przystan.people.models.office import Controller, Membership, Office
from przystan.people.models.token import ApiToken
from przystan.people.models.vault import DataKey

__all__ = [
    "PLATFORM",
    "Account",
    "ApiToken",
    "AuditChain",
    "AuditMention",
    "AuditRow",
    "ConsentEntry",
    "Controller",
    "DataKey",
    "Membership",
    "Office",
    "Phone",
]

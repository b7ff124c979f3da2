from przystan.knowledge.models.articles import (
    Article,
    ArticleVersion,
    Citation,
    Passage,
    VersionPeriod,
)
from przystan.knowledge.models.law import Act, Edition, OfficialText, Provision
from przystan.knowledge.models.parameters import Parameter, ParameterValue
from przystan.knowledge.models.sources import Source

__all__ = [
    "Act",
    "Article",
    "ArticleVersion",
    "Citation",
    "Edition",
    "OfficialText",
    "Parameter",
    "ParameterValue",
    "Passage",
    "Provision",
    "Source",
    "VersionPeriod",
]

"""Path parts with a meaning of their own."""

from django.urls.converters import StringConverter

from przystan.core.languages import LANGUAGES


class LanguageConverter(StringConverter):
    """The interface language that a portal address begins with."""

    regex = "|".join(language.tag for language in LANGUAGES)


class TokenConverter(StringConverter):
    """The secret part of a link: 128 random bits, URL-safe base64."""

    regex = r"[A-Za-z0-9_-]{22}"


class ProvisionConverter(StringConverter):
    """`art-114-1-5`, `par-3`."""

    regex = r"(?:art|par)(?:-[0-9]+[a-z]*|-[a-z]+){1,6}"

from przystan.knowledge.tests.english import messages_in_english  # noqa: F401  a fixture
from przystan.knowledge.tests.guard import versions_can_be_emptied  # noqa: F401  a fixture

from przystan.knowledge.services.importing import Imported, import_law
from przystan.knowledge.services.loading import Loaded, load_content, load_reference_data
from przystan.knowledge.services.passages import refresh_passages
from przystan.knowledge.services.publishing import (
    Prepared,
    Published,
    commit,
    prepare,
    publish,
    publish_all,
    republish_corrected,
    stop_at_faults,
    withdraw,
)

__all__ = [
    "Imported",
    "Loaded",
    "Prepared",
    "Published",
    "commit",
    "import_law",
    "load_content",
    "load_reference_data",
    "prepare",
    "publish",
    "publish_all",
    "refresh_passages",
    "republish_corrected",
    "stop_at_faults",
    "withdraw",
]

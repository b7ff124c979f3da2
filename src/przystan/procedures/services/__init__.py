from przystan.procedures.services.checking import (
    complete_list,
    confirm_known,
    finish,
    forget_fact,
    put_entry,
    remove_entry,
    start_check,
    state_facts,
)
from przystan.procedures.services.doors import (
    open_at_desk,
    resume_by_code,
    resume_by_link,
    save_for_later,
    share_with_desk,
    stop_sharing,
)
from przystan.procedures.services.forgetting import forget, forget_check, forget_old
from przystan.procedures.services.opening import Begun, begin_check, only_read
from przystan.procedures.services.publishing import PublicationRefusedError, Published, publish

__all__ = [
    "Begun",
    "PublicationRefusedError",
    "Published",
    "begin_check",
    "complete_list",
    "confirm_known",
    "finish",
    "forget",
    "forget_check",
    "forget_fact",
    "forget_old",
    "only_read",
    "open_at_desk",
    "publish",
    "put_entry",
    "remove_entry",
    "resume_by_code",
    "resume_by_link",
    "save_for_later",
    "share_with_desk",
    "start_check",
    "state_facts",
    "stop_sharing",
]

import base64
import io
import json
import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta
from importlib import import_module
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import connection, connections, models, transaction
from django.test.utils import isolate_apps

from przystan.core import events, outbox
from przystan.core.errors import AbsentError
from przystan.core.models import IdempotentAct, OutboxMessage
from przystan.people import (
    adapter,
    audit,
    consent,
    erasure,
    export,
    handlers,  # noqa: F401  registers what people and the libraries below it keep
    letters,
    personal_data,
    sms,
    vault,
)
from przystan.people.actor import Actor, system
from przystan.people.models import Account, AuditRow, ConsentEntry, DataKey, Phone
from przystan.people.personal_data import ExportedFile
from przystan.people.tests.guard import tables_can_be_emptied  # noqa: F401

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
EMAIL, PHONE = "canary.olena@example.org", "+48601234567"
# Words that stand nowhere but in what one person left behind.
CANARY = "kanarek-4711-dzwonek"


def self_of(account: Account) -> Actor:
    return Actor(role="person", account_id=account.pk, subject=account.subject)


def session_of(account: Account, **more) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.update({"_auth_user_id": str(account.pk), "typed": CANARY} | more)
    store.create()


@pytest.fixture
def person(db):
    return Account.objects.create_user(EMAIL, "a long enough password")


@pytest.fixture
def folders(settings, tmp_path):
    """Everything that the product writes to disk lies here."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path


# --- the registry -----------------------------------------------------------------------

LINK_NAMES = ("account", "account_id", "person", "person_id", "user", "user_id", "owner_id")


def linked_to_a_person(model: type[models.Model]) -> bool:
    return any(_is_link(field) for field in model._meta.get_fields())


def _is_link(field) -> bool:
    if field.auto_created and not field.concrete:
        return False
    if field.is_relation:
        return field.related_model is Account and not field.many_to_many
    is_uuid = isinstance(field, models.UUIDField)
    named = field.name in LINK_NAMES[:-1] or field.name.endswith(("account_id", "person_id"))
    # A UUID that says who: the subject key, an owner, "claimed_by".
    says_who = field.name == "owner_id" or field.name.endswith(("subject", "_by", "_by_id"))
    return named or (is_uuid and says_who)


def unregistered(candidates) -> set[str]:
    registered = {part.label for part in personal_data.parts()}
    return {model._meta.label for model in candidates if linked_to_a_person(model)} - registered


def test_every_model_with_a_link_to_a_person_says_how_it_is_exported_and_erased():
    assert unregistered(apps.get_models(include_auto_created=True)) == set()


@isolate_apps("przystan.people")
@pytest.mark.parametrize(
    "link",
    [
        lambda: models.ForeignKey(Account, models.CASCADE),
        lambda: models.OneToOneField(Account, models.CASCADE),
        models.UUIDField,
    ],
    ids=["foreign key", "one to one", "claimed_by"],
)
def test_a_model_that_was_forgotten_is_found(link):
    class Forgotten(models.Model):
        claimed_by = link()

        class Meta:
            app_label = "people"

    class HasNothing(models.Model):
        is_given = models.BooleanField()

        class Meta:
            app_label = "people"

    assert unregistered([Forgotten, HasNothing]) == {"people.Forgotten"}


@isolate_apps("przystan.people")
@pytest.mark.parametrize("name", ["account_id", "person_id", "actor_subject", "owner_id"])
def test_a_link_that_is_only_an_id_is_found(name):
    fields = {name: models.UUIDField(), "__module__": __name__}
    forgotten = type(
        "Forgotten", (models.Model,), fields | {"Meta": type("Meta", (), {"app_label": "people"})}
    )

    assert unregistered([forgotten]) == {"people.Forgotten"}


def test_each_part_is_registered_once():
    with pytest.raises(ValueError, match=r"people\.Account is registered twice"):
        personal_data.register_personal_data(
            "people.Account", export=lambda owner: (), erase=lambda owner, at: 0
        )


def test_every_registered_model_exists_and_can_be_asked(person):
    with transaction.atomic():
        owner = personal_data.owner_of(person.pk)
    for part in personal_data.parts():
        if "." in part.label:
            apps.get_model(part.label)
        assert all(isinstance(record, dict) for record in part.export(owner))


# --- the drill --------------------------------------------------------------------------


@pytest.fixture
def disk(transactional_db, tmp_path):
    """The database as bytes on a disk; on SQLite it is moved to a real file for the test."""
    if connection.vendor != "sqlite":
        yield Dump()
        return
    path, in_memory = tmp_path / "db.sqlite3", connections["default"]
    in_memory.ensure_connection()
    with sqlite3.connect(path) as copy:
        in_memory.connection.backup(copy)
    copy.close()
    connections["default"] = type(in_memory)(in_memory.settings_dict | {"NAME": str(path)})
    yield Files(path)
    connections["default"].close()
    connections["default"] = in_memory


class Files:
    """The SQLite file with its log and whatever else lies beside it."""

    def __init__(self, path):
        self.path = path

    def content(self) -> bytes:
        return b"".join(one.read_bytes() for one in self.path.parent.glob("db.sqlite3*"))

    def vacuum(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Dump:
    """PostgreSQL: every row of every table as text."""

    def content(self) -> bytes:
        found = []
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                found += [row[0] for row in cursor.fetchall()]
        return "\n".join(found).encode()

    def vacuum(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


def plant(account: Account) -> None:
    """Leave a canary wherever the product keeps something of a person."""
    EmailAddress.objects.create(user=account, email=f"second.{EMAIL}", verified=True)
    adapter.set_phone(account, PHONE)
    Authenticator.objects.create(user=account, type="webauthn", data={"name": CANARY})
    account.groups.add(Group.objects.create(name="agent"))
    consent.give(
        account,
        "news",
        actor=self_of(account),
        at=AT,
        text_version="1",
        language="uk",
        evidence=CANARY,
    )
    session_of(account)
    letters.post_mail(EMAIL, "Your code", CANARY)
    letters.post_sms(PHONE, CANARY)
    cache.set(f"page:{account.pk}", CANARY)
    EmailMessage("Your code", CANARY, "desk@example.org", [EMAIL]).send()
    sms.FileSms(settings.DATA_DIR / "sms").send(PHONE, CANARY)
    with transaction.atomic():
        outbox.put("cases.told", key="told", account_id=str(account.pk), words=CANARY)
        outbox.put("cases.told", key="told", to=EMAIL, words=CANARY)
        events.publish(f"person:{account.subject}", "told", {"words": CANARY})
    IdempotentAct.objects.create(scope=f"ask:{account.pk}", key=CANARY, body_hash="", result="")
    plant_in_libraries(account)
    with transaction.atomic():
        audit.record(self_of(account), "thread.asked", subject=account.subject, ids=[uuid4()])


def plant_in_libraries(account: Account) -> None:
    task = {"args": [str(account.pk)], "kwargs": {}}
    apps.get_model("django_tasks_database", "DBTaskResult").objects.create(
        args_kwargs=task,
        task_path="cases.tell",
        queue_name="default",
        backend_name="default",
        run_after=AT,
        exception_class_path="",
        traceback=CANARY,
    )
    avatar = ContentFile(CANARY.encode(), name="avatar.png")
    apps.get_model("wagtailusers", "UserProfile").objects.create(user=account, avatar=avatar)


@pytest.fixture
def room(monkeypatch):
    """A room above with a file, a sealed word and a cached page of its own."""
    kept: dict[UUID, str] = {}
    monkeypatch.setattr(personal_data, "_PARTS", dict(personal_data._PARTS))

    def put(account: Account) -> None:
        kept[account.pk] = default_storage.save(f"{account.pk}.txt", ContentFile(CANARY.encode()))

    def tell(owner):
        name = kept[owner.account_id]
        yield {"file": ExportedFile(name, lambda: default_storage.open(name).read())}

    def erase(owner, at):
        personal_data.erase_files([kept.pop(owner.account_id)])
        return 1

    personal_data.register_personal_data("a room's files", export=tell, erase=erase)
    return put


def cached() -> str:
    # What the in-process cache holds, read past its keys.
    return repr(getattr(cache, "_cache", {}))


def files_with(folder, *words: str) -> list[str]:
    found = [path for path in folder.rglob("*") if path.is_file() and "db.sqlite3" not in path.name]
    return [path.name for path in found if any(w.encode() in path.read_bytes() for w in words)]


def test_after_an_erasure_nothing_of_the_person_is_left_anywhere(disk, folders, room):
    person = Account.objects.create_user(EMAIL, "a long enough password")
    kept = Account.objects.create_user("stays@example.org")
    session_of(kept, typed="stays-too")
    plant(person)
    room(person)
    audit.seal_pending(at=AT)
    words = (CANARY, EMAIL, PHONE.removeprefix("+"), str(person.pk), str(person.subject))
    # The drill is worth something only if it finds what it looks for.
    before = disk.content()
    assert all(word.encode() in before for word in (CANARY, EMAIL))
    assert CANARY in cached()
    assert len(files_with(folders, CANARY)) >= 3

    erasure.erase_person(person.pk, actor=self_of(person), at=AT)
    outbox.drain(at=datetime.now(UTC) + timedelta(days=1))

    canaries = [word.encode() for word in words[:3]]
    left = [word for word in canaries if word in disk.content()]
    assert left == [], "in the database before VACUUM"
    disk.vacuum()
    left = [word for word in canaries if word in disk.content()]
    assert left == [], "in the database after VACUUM"
    assert files_with(folders, *words) == []
    assert not any(word in cached() for word in words)
    assert not OutboxMessage.objects.exists()
    # What remains is keyed by what leads to nobody, and belongs to the others.
    assert list(Account.objects.all()) == [kept]
    assert Session.objects.count() == 1
    assert ConsentEntry.objects.filter(subject=person.subject).count() == 1
    audit.seal_pending(at=AT)
    assert audit.verify().breaks == ()
    assert AuditRow.objects.filter(act="people.person_erased", subject=person.subject).exists()


# --- erasing ----------------------------------------------------------------------------


@pytest.mark.django_db
class TestErasing:
    def test_only_the_person_or_the_platform_may_and_others_see_no_account(self, person):
        clerk = Actor(role="admin", account_id=uuid4(), subject=uuid4(), office_id=uuid4())
        other = self_of(Account.objects.create_user("other@example.org"))
        for actor in (clerk, other, Actor(role="visitor")):
            with pytest.raises(AbsentError):
                erasure.erase_person(person.pk, actor=actor, at=AT)
            with pytest.raises(AbsentError):
                export.export_person(person.pk, actor=actor, at=AT)

        assert Account.objects.filter(pk=person.pk).exists()
        erasure.erase_person(person.pk, actor=system("request by letter"), at=AT)
        assert not Account.objects.filter(pk=person.pk).exists()

    def test_an_account_that_is_not_there_is_said_to_be_absent(self):
        with pytest.raises(AbsentError):
            erasure.erase_person(uuid4(), actor=system("test"), at=AT)

    def test_the_law_may_hold_it_and_then_nothing_is_erased(self, person, monkeypatch):
        monkeypatch.setattr(personal_data, "_HOLDS", [])
        personal_data.register_legal_hold(lambda owner, at: None)
        personal_data.register_legal_hold(
            lambda owner, at: "An appeal is open until 1 June." if at < AT else None
        )

        with pytest.raises(erasure.HeldError, match="An appeal is open until 1 June") as held:
            erasure.erase_person(person.pk, actor=self_of(person), at=AT - timedelta(days=1))

        assert held.value.status == 409
        assert Account.objects.filter(pk=person.pk).exists()
        assert not AuditRow.objects.exists()
        erasure.erase_person(person.pk, actor=self_of(person), at=AT)
        assert not Account.objects.filter(pk=person.pk).exists()

    def test_a_part_that_fails_leaves_the_person_whole(self, person, monkeypatch):
        adapter.set_phone(person, PHONE)
        monkeypatch.setattr(personal_data, "_PARTS", dict(personal_data._PARTS))
        personal_data.register_personal_data(
            "broken", export=lambda owner: (), erase=lambda owner, at: 1 // 0
        )

        with pytest.raises(ZeroDivisionError):
            erasure.erase_person(person.pk, actor=self_of(person), at=AT)

        assert adapter.phone_of(person) == PHONE
        assert Account.objects.filter(pk=person.pk).exists()

    def test_the_key_is_destroyed_and_the_mapping_gone(self, person):
        sealed = vault.seal_for(person.pk, CANARY)

        erasure.erase_person(person.pk, actor=self_of(person), at=AT)

        with pytest.raises(vault.ErasedError):
            vault.open_for(person.pk, sealed)
        assert not Account.objects.filter(subject=person.subject).exists()
        assert not Phone.objects.exists()

    def test_sessions_of_others_and_their_letters_stay(self, person):
        other = Account.objects.create_user("other@example.org")
        session_of(person)
        session_of(other)
        letters.post_mail("other@example.org", "Your code", "1234")

        counts = erasure.erase_person(person.pk, actor=self_of(person), at=AT)

        assert counts["sessions.Session"] == 1
        assert Session.objects.count() == 1
        assert OutboxMessage.objects.filter(topic=letters.MAIL).count() == 1

    def test_a_letter_that_opens_for_nobody_does_not_stop_it(self, person):
        box = base64.b64encode(bytes(40)).decode()
        for payload in ({"box": box}, {"box": "%%"}, {}):
            with transaction.atomic():
                outbox.put(letters.MAIL, key="letter:x", **payload)

        erasure.erase_person(person.pk, actor=self_of(person), at=AT)

        assert OutboxMessage.objects.filter(topic=letters.MAIL).count() == 3

    def test_the_log_names_nobody(self, person, caplog):
        with caplog.at_level("DEBUG"):
            erasure.erase_person(person.pk, actor=self_of(person), at=AT)

        assert EMAIL not in caplog.text
        assert str(person.pk) not in caplog.text

    def test_the_owner_shown_in_a_report_hides_addresses(self, person):
        with transaction.atomic():
            owner = personal_data.owner_of(person.pk)

        assert EMAIL in owner.addresses
        assert EMAIL not in repr(owner)

    def test_published_work_stays_and_no_longer_names_its_editor(self, person):
        page = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
        page.owner = page.locked_by = person
        page.save()

        counts = erasure.erase_person(person.pk, actor=self_of(person), at=AT)

        page.refresh_from_db()
        assert (page.owner_id, page.locked_by_id) == (None, None)
        assert counts["wagtailcore.Page"] == 2

    def test_what_a_restored_backup_brings_back_is_erased_again(self, person, monkeypatch):
        monkeypatch.setattr(personal_data, "_HOLDS", [lambda owner, at: "Held."])
        adapter.set_phone(person, PHONE)
        gone, never = uuid4(), uuid4()
        vault.seal_for(gone, CANARY)
        sealed = vault.seal_for(never, "stays")

        assert erasure.erase_again([person.pk, gone], at=AT) == 1

        assert set(vault.destroyed_owners()) == {person.pk, gone}
        assert not Account.objects.exists()
        assert vault.open_text(never, sealed) == "stays"

    @pytest.mark.django_db(transaction=True)
    def test_files_that_are_gone_already_do_not_stop_the_outbox(self, folders):
        with transaction.atomic():
            personal_data.erase_files(["never/was.txt", ""])
            outbox.put("people.mail_erased", key="people.mail_erased", names=["never.log"])

        outbox.drain(at=datetime.now(UTC) + timedelta(days=1))

        assert not OutboxMessage.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_a_database_that_is_being_read_is_scrubbed_later(self, monkeypatch):
        monkeypatch.setattr(vault, "scrub", lambda: False)
        with transaction.atomic():
            vault.destroy_key(uuid4())

        outbox.dispatch(at=datetime.now(UTC) + timedelta(seconds=1))
        assert OutboxMessage.objects.get().attempts == 1

        monkeypatch.undo()
        outbox.drain(at=datetime.now(UTC) + timedelta(days=1))
        assert not OutboxMessage.objects.exists()


# --- exporting --------------------------------------------------------------------------


@pytest.mark.django_db
class TestExporting:
    @pytest.fixture
    def exported(self, person, folders, room):
        plant(person)
        room(person)
        clerk = Actor(role="agent", subject=uuid4(), office_id=uuid4(), purpose="office-work")
        audit.record_view(clerk, "thread.viewed", subject=person.subject)
        return export.export_person(person.pk, actor=self_of(person), at=AT)

    def test_the_document_says_what_every_room_keeps(self, exported, person):
        records = exported.document["records"]

        assert exported.document["format"] == "przystan-person/1"
        assert records["people.Account"][0]["email"] == EMAIL
        assert records["people.Phone"][0]["phone"] == PHONE
        assert records["people.ConsentEntry"][0]["evidence"] == CANARY
        assert records["account.EmailAddress"][0]["email"] == f"second.{EMAIL}"
        acts = [row["act"] for row in records["people.AuditRow"]]
        assert acts == ["people.consent_given", "thread.asked", "thread.viewed"]
        assert records["people.AuditRow"][-1]["by"] == "agent"

    def test_it_reads_back_without_loss_and_its_files_travel_beside_it(self, exported):
        archive = zipfile.ZipFile(io.BytesIO(exported.as_zip()))

        document = json.loads(archive.read("data.json"))
        assert document == exported.document
        name = document["records"]["a room's files"][0]["file"]["file"]
        assert archive.read(name) == CANARY.encode()
        assert set(archive.namelist()) == {"data.json", *exported.files}

    def test_no_door_is_opened_by_it(self, exported, person):
        text = exported.as_json()

        assert person.password not in text
        assert bytes(DataKey.objects.get(owner_id=person.pk).wrapped).hex() not in text
        assert "data" not in exported.document["records"]["mfa.Authenticator"][0]
        assert EMAIL not in repr(exported)

    def test_it_is_written_down_that_it_was_made(self, exported, person):
        assert AuditRow.objects.get(act="people.person_exported").subject == person.subject

    def test_names_of_files_stay_in_their_folder_and_apart(self, person, monkeypatch):
        def tell(owner):
            yield {"one": ExportedFile("../../etc/passwd", lambda: b"1")}
            yield {"two": [ExportedFile("a/passwd", lambda: b"2")], "raw": b"\x00\xff"}

        monkeypatch.setattr(personal_data, "_PARTS", {})
        personal_data.register_personal_data("room", export=tell, erase=lambda owner, at: 0)

        made = export.export_person(person.pk, actor=self_of(person), at=AT)

        assert made.files == {"files/room/1-passwd": b"1", "files/room/2-passwd": b"2"}
        assert made.document["records"]["room"][1]["raw"] == base64.b64encode(b"\x00\xff").decode()

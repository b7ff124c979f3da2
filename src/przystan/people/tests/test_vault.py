import re
import traceback
import unicodedata
from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

import przystan
from przystan.core.models import OutboxMessage
from przystan.people import vault
from przystan.people.actor import system
from przystan.people.models import AuditRow, DataKey
from przystan.people.rotation import rotate
from przystan.people.tests.guard import tables_can_be_emptied  # noqa: F401
from przystan.people.vault import ErasedError, MasterKeyError, SealBrokenError

SECRET = "Мене звати Олена, PESEL 90010112349"
FIELD = "conversations.message.text"
any_text = st.text(st.characters(), max_size=400)
indexed = st.sampled_from(sorted(vault.NORMAL_FORMS))


@pytest.fixture(autouse=True)
def _no_keys_kept():
    vault._KEYS.clear()
    yield
    vault._KEYS.clear()


@pytest.mark.django_db
class TestWhatIsSealed:
    @given(text=any_text, field=st.text(max_size=20))
    def test_opens_for_its_owner_and_field_to_the_same_text(self, text, field):
        owner = uuid4()

        sealed = vault.seal_for(owner, text, field=field)

        assert vault.open_text(owner, sealed, field=field) == text

    @given(content=st.binary(max_size=2000))
    def test_opens_to_the_same_bytes(self, content):
        owner = uuid4()

        assert vault.open_for(owner, vault.seal_for(owner, content)) == content

    @given(text=any_text, data=st.data())
    def test_does_not_open_once_any_byte_is_changed(self, text, data):
        owner = uuid4()
        sealed = bytearray(vault.seal_for(owner, text, field=FIELD))
        place = data.draw(st.integers(0, len(sealed) - 1))
        sealed[place] ^= data.draw(st.integers(1, 255))

        with pytest.raises(SealBrokenError):
            vault.open_for(owner, bytes(sealed), field=FIELD)

    @given(junk=st.binary(max_size=80))
    def test_is_not_made_by_guessing(self, junk):
        owner = uuid4()
        vault.seal_for(owner, "x")

        for sealed in (junk, vault.FORM + junk):
            with pytest.raises(SealBrokenError):
                vault.open_for(owner, sealed)

    @given(text=any_text)
    @settings(max_examples=20)
    def test_does_not_open_for_another_owner_or_field(self, text):
        owner, other = uuid4(), uuid4()
        sealed = vault.seal_for(owner, text, field=FIELD)
        vault.seal_for(other, "theirs")

        for opened_by, field in [(other, FIELD), (uuid4(), FIELD), (owner, ""), (owner, "a.b.c")]:
            with pytest.raises(SealBrokenError):
                vault.open_for(opened_by, sealed, field=field)

    def test_is_different_each_time_and_shows_nothing(self):
        owner = uuid4()

        first, second = vault.seal_for(owner, SECRET), vault.seal_for(owner, SECRET)

        assert first != second
        assert SECRET.encode() not in first
        assert len(first) == len(SECRET.encode()) + 29

    def test_opening_makes_no_key_for_a_stranger(self):
        with pytest.raises(SealBrokenError):
            vault.open_for(uuid4(), vault.FORM + bytes(40))

        assert not DataKey.objects.exists()

    def test_two_first_writers_share_one_key(self):
        owner = uuid4()
        with mock.patch.object(vault, "_cipher_of", return_value=None):
            sealed = [vault.seal_for(owner, "one"), vault.seal_for(owner, "two")]

        assert [vault.open_text(owner, one) for one in sealed] == ["one", "two"]


@pytest.mark.django_db
class TestErasing:
    def test_what_was_sealed_does_not_open_again_and_nothing_new_is_sealed(self):
        owner, other = uuid4(), uuid4()
        sealed, kept = vault.seal_for(owner, SECRET), vault.seal_for(other, "kept")

        vault.destroy_key(owner)

        with pytest.raises(ErasedError):
            vault.open_for(owner, sealed)
        with pytest.raises(ErasedError):
            vault.seal_for(owner, "written late")
        assert vault.open_text(other, kept) == "kept"
        assert vault.destroyed_owners() == [owner]

    def test_an_owner_without_a_key_gets_none_later(self):
        owner = uuid4()

        vault.destroy_key(owner, kind="thread")
        vault.destroy_key(owner, kind="thread")

        with pytest.raises(ErasedError):
            vault.seal_for(owner, SECRET)
        assert DataKey.objects.get().owner_kind == "thread"

    def test_the_wrapped_key_is_gone_from_the_database(self):
        owner = uuid4()
        vault.seal_for(owner, SECRET)

        vault.destroy_key(owner)

        assert bytes(DataKey.objects.get(owner_id=owner).wrapped) == b""
        assert OutboxMessage.objects.filter(topic="people.key_destroyed").exists()

    @pytest.mark.django_db(transaction=True)
    def test_a_key_kept_by_this_process_is_forgotten_at_once(self):
        owner = uuid4()
        sealed = vault.seal_for(owner, SECRET)
        assert vault._KEYS.get(owner)

        with transaction.atomic():
            vault.destroy_key(owner)
            with pytest.raises(ErasedError):
                vault.open_for(owner, sealed)

        with pytest.raises(ErasedError):
            vault.open_for(owner, sealed)

    @pytest.mark.django_db(transaction=True)
    def test_an_erasure_that_is_taken_back_leaves_everything_readable(self):
        owner = uuid4()
        sealed = vault.seal_for(owner, SECRET)

        with transaction.atomic():
            vault.destroy_key(owner)
            transaction.set_rollback(True)

        assert vault.open_text(owner, sealed) == SECRET

    @pytest.mark.django_db(transaction=True)
    def test_it_is_refused_outside_a_transaction_with_nothing_lost(self):
        owner = uuid4()
        sealed = vault.seal_for(owner, SECRET)

        with pytest.raises(RuntimeError, match="outside a transaction"):
            vault.destroy_key(owner)

        assert vault.open_text(owner, sealed) == SECRET


class TestKeysInMemory:
    def test_are_bounded_in_number(self):
        cache = vault._KeyCache(size=2, age_s=60)
        owners = [uuid4() for _ in range(3)]
        for owner in owners:
            cache.put(owner, mock.sentinel.cipher, cache.erasures())

        assert [bool(cache.get(owner)) for owner in owners] == [False, True, True]

    def test_are_bounded_in_age(self):
        cache = vault._KeyCache(size=2, age_s=-1)
        owner = uuid4()
        cache.put(owner, mock.sentinel.cipher, cache.erasures())

        assert cache.get(owner) is None

    def test_are_not_kept_when_something_was_erased_while_they_were_read(self):
        cache = vault._KeyCache(size=2, age_s=60)
        owner, before = uuid4(), cache.erasures()
        cache.forget(owner)

        cache.put(owner, mock.sentinel.cipher, before)

        assert cache.get(owner) is None

    @pytest.mark.django_db(transaction=True)
    def test_save_the_query_for_the_next_value(self, django_assert_num_queries):
        owner = uuid4()
        sealed = vault.seal_for(owner, SECRET)

        with django_assert_num_queries(0):
            vault.open_for(owner, sealed)
            vault.seal_for(owner, SECRET)

    @pytest.mark.django_db(transaction=True)
    def test_a_key_whose_row_was_rolled_back_never_seals_anything(self):
        owner = uuid4()
        with transaction.atomic():
            vault.open_for(owner, vault.seal_for(owner, SECRET))
            transaction.set_rollback(True)

        sealed = vault.seal_for(owner, SECRET)
        vault._KEYS.clear()

        assert vault.open_text(owner, sealed) == SECRET


@pytest.mark.django_db
class TestMasterKeys:
    def test_rotation_wraps_every_key_anew_and_the_old_one_may_go(self, settings):
        owners = [uuid4() for _ in range(7)]
        sealed = {owner: vault.seal_for(owner, SECRET) for owner in owners}
        vault.destroy_key(owners[0])
        old, settings.MASTER_KEY = settings.MASTER_KEY, vault.new_master_key()
        settings.MASTER_KEYS_OLD = [old]

        assert vault.open_text(owners[1], sealed[owners[1]]) == SECRET
        assert rotate(actor=system("test"), batch=3) == 6
        assert rotate(actor=system("test")) == 0
        rows = AuditRow.objects.filter(act="people.data_keys_rotated")
        assert [row.detail["keys"] for row in rows.order_by("id")] == [3, 3]

        settings.MASTER_KEYS_OLD = []
        vault._KEYS.clear()
        assert {vault.open_text(owner, sealed[owner]) for owner in owners[1:]} == {SECRET}
        with pytest.raises(ErasedError):
            vault.open_for(owners[0], sealed[owners[0]])

    def test_a_missing_master_key_is_named_by_its_id_alone(self, settings):
        owner = uuid4()
        sealed = vault.seal_for(owner, SECRET)
        lost, settings.MASTER_KEY = settings.MASTER_KEY, vault.new_master_key()

        with pytest.raises(MasterKeyError, match=DataKey.objects.get().master_key_id) as raised:
            vault.open_for(owner, sealed)
        with pytest.raises(MasterKeyError):
            rotate(actor=system("test"))

        assert lost not in str(raised.value)

    def test_a_wrapped_key_does_not_serve_another_owner(self):
        owner, other = uuid4(), uuid4()
        sealed = vault.seal_for(owner, SECRET)
        vault.seal_for(other, "theirs")
        stolen = DataKey.objects.get(owner_id=owner).wrapped

        DataKey.objects.filter(owner_id=other).update(wrapped=stolen)

        with pytest.raises(SealBrokenError):
            vault.open_for(other, sealed)

    @pytest.mark.parametrize("bad", ["", "short", "ключ", "!" * 44, "A" * 60], ids=repr)
    def test_a_bad_key_stops_the_start_and_is_not_shown(self, settings, bad):
        settings.MASTER_KEY = bad

        found = vault.keys_are_good()

        assert [one.id for one in found] == ["people.E001"]
        assert "MASTER_KEY is not a key of 32 bytes" in found[0].msg
        assert not bad or bad not in found[0].msg

    def test_one_key_for_two_things_stops_the_start(self, settings):
        settings.INDEX_KEY = settings.MASTER_KEY

        assert [one.id for one in vault.keys_are_good()] == ["people.E002"]

    def test_the_keys_of_these_tests_are_good(self):
        assert vault.keys_are_good() == []

    def test_a_key_without_its_padding_is_the_same_key(self, settings):
        owner = uuid4()
        sealed = vault.seal_for(owner, SECRET)
        settings.MASTER_KEY = settings.MASTER_KEY.rstrip("=")

        assert vault.open_text(owner, sealed) == SECRET


class TestBlindIndexes:
    @pytest.mark.parametrize(
        ("kind", "spellings"),
        [
            ("pesel", ["90010112349", " 900101 12349", "٩٠٠١٠١١٢٣٤٩"]),
            ("phone", ["+48 600 100 200", "600100200", "0048600100200", "600-100-200"]),
            ("phone", ["not a number 12", "12"]),
            ("email", ["Jan@Example.org", " jan@example.org "]),
            ("document", ["FE 123456", "fe123456", "ＦＥ-123456"]),
            ("name", ["Żółć-Łęcka", "zolc lecka", "ŻÓŁĆ  ŁĘCKA"]),
        ],
    )
    def test_spellings_of_one_value_give_one_index(self, kind, spellings):
        assert len({vault.blind_index(kind, one) for one in spellings}) == 1

    @given(kind=indexed, value=any_text)
    def test_composed_and_decomposed_letters_are_the_same(self, kind, value):
        composed, decomposed = (unicodedata.normalize(form, value) for form in ("NFC", "NFD"))

        assert vault.blind_index(kind, composed) == vault.blind_index(kind, decomposed)
        assert len(vault.blind_index(kind, value)) == 32

    def test_kinds_values_and_installations_never_share_one(self, settings):
        numbers = {vault.blind_index("pesel", "123"), vault.blind_index("document", "123")}
        numbers.add(vault.blind_index("pesel", "124"))
        settings.INDEX_KEY = vault.new_master_key()
        numbers.add(vault.blind_index("pesel", "123"))

        assert len(numbers) == 4

    def test_an_unknown_kind_is_a_mistake_of_the_caller(self):
        with pytest.raises(KeyError, match="pesle"):
            vault.blind_index("pesle", "123")


@pytest.mark.django_db
class TestSealedTextOfAModel:
    class Row:
        text = vault.SealedText(FIELD, column="text_sealed", owner="thread_id", kind="thread")

        def __init__(self, thread_id):
            self.thread_id, self.text_sealed = thread_id, b""

    def test_reads_what_was_set_and_stores_it_sealed(self):
        row = self.Row(uuid4())
        assert row.text == ""

        row.text = SECRET

        assert row.text == SECRET
        assert SECRET.encode() not in row.text_sealed
        assert DataKey.objects.get().owner_kind == "thread"
        assert vault.open_text(row.thread_id, row.text_sealed, field=FIELD) == SECRET

    def test_needs_to_know_whose_it_is(self):
        row = self.Row(None)

        with pytest.raises(TypeError, match="thread_id, which is not set yet"):
            row.text = SECRET


@pytest.mark.django_db
class TestSecretsStayInside:
    def test_no_error_and_no_log_shows_a_key_or_a_text(self, settings, caplog):
        owner = uuid4()
        sealed = bytearray(vault.seal_for(owner, SECRET))
        sealed[-1] ^= 1
        shown = []
        for broken in (lambda: vault.open_for(owner, bytes(sealed)), self.erased(owner)):
            with pytest.raises((SealBrokenError, ErasedError)) as raised:
                broken()
            shown += [repr(raised.value), *traceback.format_exception(raised.value)]
        shown += [repr(DataKey.objects.all()), repr(vault._KEYS), caplog.text]

        text = "\n".join(shown)
        assert SECRET not in text
        assert settings.MASTER_KEY not in text
        assert settings.INDEX_KEY not in text

    def erased(self, owner):
        vault.destroy_key(owner)
        return lambda: vault.seal_for(owner, SECRET)

    def test_errors_carry_no_inner_error_with_the_value(self, settings):
        settings.MASTER_KEY = "ключ"

        with pytest.raises(MasterKeyError) as raised:
            vault.seal_for(uuid4(), SECRET)

        assert raised.value.__context__ is None

    def test_only_the_vault_reads_keys(self):
        source = Path(przystan.__file__).parent
        reads = re.compile(r"settings\.(MASTER_KEY|INDEX_KEY)|\.wrapped\b|\b_master\(|\b_unwrap\(")
        readers = {
            str(path.relative_to(source))
            for path in source.rglob("*.py")
            if "/tests/" not in str(path) and reads.search(path.read_text())
        }

        # A backup is locked by the master key, and `keys save` writes the keys down.
        assert readers == {"people/vault.py", "config/backup/system.py"}

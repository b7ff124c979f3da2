import pytest

from przystan.core.errors import KeyReusedError
from przystan.core.idempotency import once

pytestmark = pytest.mark.django_db


def test_the_same_submission_is_done_once_and_has_one_result():
    results = iter(["first", "second"])

    assert once("ask", "k1", {"q": "?"}, lambda: next(results)) == ("first", True)
    assert once("ask", "k1", {"q": "?"}, lambda: next(results)) == ("first", False)


def test_the_same_key_with_another_body_is_refused():
    once("ask", "k1", {"q": "one"}, lambda: "1")

    with pytest.raises(KeyReusedError, match="already sent with other content"):
        once("ask", "k1", {"q": "two"}, lambda: "2")


def test_keys_of_two_scopes_do_not_meet():
    assert once("ask", "k1", {}, lambda: "a") == ("a", True)
    assert once("reply", "k1", {}, lambda: "b") == ("b", True)


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        once("ask", "k", {}, lambda: "x")

"""Passkeys of everybody: adding, renaming, removing."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect

from przystan.core import clock
from przystan.people import standing
from przystan.people.adapter import MfaAdapter
from przystan.people.views.common import Unprocessable, account_of, record


class AddPasskey(Unprocessable, webauthn.AddWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    """A passkey that the device keeps, unlocked by finger, face or PIN."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words: dict[str, Any] = super().get_context_data(**kwargs)
        # allauth makes a fresh form for the page; after an error ours says what was wrong.
        words["form"] = kwargs.get("form", words["form"])
        options = webauthn.auth.begin_registration(account_of(self.request), passwordless=True)
        return {**words, "options": options}

    def form_valid(self, form: Form) -> HttpResponse:
        holder = account_of(self.request)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            standing.proved(self.request, holder, "mfa", type="webauthn")
            record(self.request, "people.passkey_added")
            if standing.is_staff(holder.pk, at=clock.now()):
                return response
            # A person gets in by code at any time; recovery codes would be one more thing to lose.
            rows = Authenticator.objects.filter(user_id=holder.pk)
            rows.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
        return redirect("mfa_list_webauthn")


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    def form_valid(self, form: Form) -> HttpResponse:
        adapter = MfaAdapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            record(self.request, "people.passkey_removed")
        return response


class RenamePasskey(Unprocessable, webauthn.EditWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            record(self.request, "people.passkey_renamed")
        return response

"""A person's way in: the account that signs in, never the person's data."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from przystan.core.ids import new_id


class AccountManager(BaseUserManager["Account"]):
    def create_user(
        self, email: str | None, password: str | None = None, **fields: Any
    ) -> "Account":
        account = self.model(email=email.strip().lower() if email else None, **fields)
        # None makes a password that no input matches: such an account signs in by code or passkey.
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").lower())


class Account(AbstractBaseUser, PermissionsMixin):
    """One way in for one human. Who is staff says `Membership`, not a flag here.

    A superuser without a membership is nobody to our own pages: `is_superuser` only opens
    permissions inside the editors' room, whose door asks the policy first.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Lower case; null for somebody who signs in by phone alone.
    email = models.EmailField(unique=True, null=True, blank=True)
    # Under this key audit rows name the person; erasure replaces it (people/erasure.py).
    subject = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="account_email_any_case")
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"


class Phone(models.Model):
    """A number that its holder has proved by a code (ITU-T E.164).

    The number itself is sealed under the account's data key; `index` finds it again for
    somebody who types it, and tells nothing to somebody without the index key.
    """

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="phone"
    )
    sealed = models.BinaryField()
    index = models.BinaryField(unique=True, max_length=32)
    verified_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"phone of account {self.account_id}"

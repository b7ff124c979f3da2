"""Tests of this room read English words: the msgids themselves."""

import pytest
from django.test import Client
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})

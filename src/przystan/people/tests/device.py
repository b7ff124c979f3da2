"""A telephone that holds passkeys: the authenticator's half of WebAuthn, in software."""

import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Device:
    """Makes one passkey and signs in with it; `verifies` is the finger, face or PIN."""

    def __init__(self, origin="http://localhost", *, verifies=True):
        self.origin, self.verifies = origin, verifies
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user = b""
        self.count = 0

    def create(self, options) -> str:
        """The JSON that a browser posts after `navigator.credentials.create`."""
        public = options["publicKey"]
        self.user = websafe_decode(public["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: _32(point.x), -3: _32(point.y)}
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor.encode(cose)
        statement = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._data(public["rp"]["id"], ATTESTED) + attested,
        }
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", public["challenge"]),
                "attestationObject": cbor.encode(statement),
            },
            extensions={"credProps": {"rk": True}},
        )

    def get(self, options) -> str:
        """The JSON that a browser posts after `navigator.credentials.get`."""
        public = options["publicKey"]
        data = self._data(public["rpId"])
        client = self._client("webauthn.get", public["challenge"])
        signed = data + hashlib.sha256(client).digest()
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": data,
                "signature": self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
                "userHandle": self.user,
            }
        )

    def _data(self, site, flags=0) -> bytes:
        self.count += 1
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(site.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, kind, challenge) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response, extensions=None) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "clientExtensionResults": extensions or {},
                "response": {name: websafe_encode(value) for name, value in response.items()},
            }
        )


def _32(number) -> bytes:
    return number.to_bytes(32, "big")

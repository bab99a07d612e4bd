"""The two keys drawn from the store's secret: one seals identities, one signs audit rows."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from huanyu.errors import ConfigError


class Keys:
    """Seals what must stay unreadable, signs what must stay unchanged."""

    def __init__(self, secret: str) -> None:
        if not secret:
            raise ConfigError("未设置台账密钥 store_key")
        self._fernet = Fernet(urlsafe_b64encode(_derive(secret, b"huanyu identity 1")))
        self._audit = _derive(secret, b"huanyu audit 1")

    def seal(self, text: str) -> bytes:
        return self.seal_bytes(text.encode())

    def open(self, sealed: bytes) -> str:
        """The sealed text; raises ConfigError when it was sealed under another key or damaged."""
        return self.open_bytes(sealed).decode()

    def seal_bytes(self, data: bytes) -> bytes:
        return self._fernet.encrypt(data)

    def open_bytes(self, sealed: bytes) -> bytes:
        """The sealed bytes; raises ConfigError when they were sealed under another key or damaged."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as problem:
            raise ConfigError("无法解密: 密钥不对, 或数据已损坏") from problem

    def digest(self, *facts: object) -> str:
        """Keyed digest of JSON-able facts: proves what was written without telling it."""
        told = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
        return hmac.new(self._audit, told.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())

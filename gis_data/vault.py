"""Identity blocks are kept sealed: AES-SIV under a key that lies in the data directory, not in the database.

The same words in the same place seal to the same bytes, so that a reload can tell what changed; in another row or
field they seal to others. Without the key file the blocks are lost: back it up apart from the database.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from gis_data.errors import Unavailable

KEY_FILE = "person.key"


class Vault:
    """Seals and opens the secret fields of registers."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key)

    def seal(self, words: str, register: str, field: str, code: str) -> bytes:
        """Words as bytes that only this place (register, field, the row's code) opens."""
        return self._cipher.encrypt(words.encode(), [register.encode(), field.encode(), code.encode()])

    def open(self, sealed: bytes, register: str, field: str, code: str) -> str:
        """The words again; raises Unavailable where the key is another one or the bytes were changed."""
        try:
            return self._cipher.decrypt(sealed, [register.encode(), field.encode(), code.encode()]).decode()
        except InvalidTag as error:
            raise Unavailable(
                f"{register}.{field} 无法解密：密钥文件 {KEY_FILE} 不符。",
                f"{register}.{field} does not open: another key file {KEY_FILE}.",
                field=field,
            ) from error


@cache
def vault(data: Path) -> Vault:
    """The vault of a data directory; its key is made at first use, readable by its owner alone."""
    file = data / KEY_FILE
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = data / f".{KEY_FILE}.{os.getpid()}"
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "wb") as out:
            out.write(AESSIV.generate_key(512))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(fresh, file)  # whoever comes first wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return Vault(file.read_bytes())

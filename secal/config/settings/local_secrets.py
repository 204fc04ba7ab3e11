"""Secrets of a demonstration or a developer's machine: made once, kept readable by their owner only."""

import base64
import os
import secrets
from pathlib import Path


def local_secret(folder: Path, name: str) -> str:
    """The secret `name` kept in `folder`: base64 of 32 random bytes, made on first use, file mode 600."""
    path = folder / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        try:
            os.link(draft, path)
        except FileExistsError:
            return path.read_text()
        finally:
            draft.unlink()
    return path.read_text()

"""Cache keys name their commune (`CACHES["default"]["KEY_FUNCTION"]`)."""

from core.tenancy import current_schema


def make_key(key: str, key_prefix: str, version: int) -> str:
    return f"{key_prefix}:{current_schema()}:{version}:{key}"

"""The layouts in force, for the imports of the communes."""

from collections.abc import Mapping

from shared_apps.layouts.defaults import DEFAULTS
from shared_apps.layouts.models import LayoutVersion
from shared_apps.layouts.shapes import Layout
from tenants.published import Published


def _load() -> Mapping[str, Layout]:
    rows = LayoutVersion.objects.filter(is_current=True, kind__in=DEFAULTS)
    return DEFAULTS | {row.kind: row.layout for row in rows}


published: Published[Mapping[str, Layout]] = Published("layouts", _load, DEFAULTS)


def layouts() -> Mapping[str, Layout]:
    """kind → layout: what the académie published, else what the code ships."""
    return published.get()

"""Where bytes lie. A file is there whole, or not at all; its name is `<schema>/<uuid>`, never what a person typed."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage, storages

from core.tenancy import current_schema


def storage() -> Storage:
    return storages["default"]


def path_of(file_id: Any) -> str:
    """In the current schema: a file of another commune has no path here."""
    return f"{current_schema()}/{file_id}"


class WholeFileStorage(FileSystemStorage):
    """Written beside, pushed to the disk, then named: a process killed half way leaves no half of a file."""

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.partial")
        try:
            with partial.open("xb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        return name

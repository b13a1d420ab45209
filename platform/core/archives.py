"""ZIP files that people send."""

import zipfile
import zlib

# What the standard library raises on an archive that is damaged, protected by a password, or of a kind it doesn't know.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)

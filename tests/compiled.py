"""The catalogues of words compiled, as every install has them: so that a start is the start of a venue's machine."""

import os
import tempfile
from pathlib import Path

from cbt_station import words


def compile_words() -> None:
    """Write `LANG.mo` beside each `LANG.po` that is newer. Whole files only: other tests may be reading them."""
    for source in Path(words.__file__).parent.glob("*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        handle, part = tempfile.mkstemp(dir=source.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(words._compiled_in_memory(source).read())
        Path(part).replace(compiled)

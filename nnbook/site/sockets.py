"""Where sockets that are files can lie: a system takes names of about a hundred letters, however long TMPDIR is."""

import os
import tempfile

_LONGEST = 103  # bytes, on macOS; Linux takes four more
_SHORT = "/tmp"


def folder_for(names: int) -> str:
    """The folder for temporary files, or a shorter one if sockets whose names add so many bytes would not fit there."""
    usual = tempfile.gettempdir()
    fits = len(os.fsencode(usual)) + names <= _LONGEST
    return usual if fits or not os.access(_SHORT, os.W_OK) else _SHORT

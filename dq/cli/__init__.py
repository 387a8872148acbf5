"""The terminal: reads options, shows progress and results, turns errors into exit codes. Decides nothing."""

import errno
import gc
import sys
from typing import Final

YOUNG_OBJECTS: Final = 10_000
"""New objects after which the garbage collector looks for cycles: 15 times Python's own number. Reference tables make
hundreds of thousands of small tuples and no cycle."""
EXIT_CRASH, EXIT_WRONG, EXIT_INTERRUPTED = 1, 2, 130
_REFUSED = (
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP,
)  # fmt: skip


def main() -> None:
    """Run `dq`: exit 0 done, 1 crash (a traceback), 2 settings, standards or source wrong, 3 a gate says no."""
    gc.set_threshold(YOUNG_OBJECTS)
    from dq.cli.app import app
    from dq.errors import DQError

    try:
        app()
    except DQError as error:
        print(f"dq: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"    {error.hint}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        message, hint = _sentence(error)
        print(f"dq: {message}", file=sys.stderr)
        print(f"    {hint}", file=sys.stderr)
        sys.exit(EXIT_WRONG)
    except KeyboardInterrupt:
        print("\ndq: stopped; the same command goes on where it stopped", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)


def _sentence(error: OSError) -> tuple[str, str]:
    """Say what the system refused; what nobody can mend from outside stays a crash."""
    from dq.errors import FULL_DISK

    if error.errno in FULL_DISK:
        return (
            "there is no room left on the disk; what is done so far is kept",
            "make room and start the same command again: it goes on where it stopped",
        )
    # What is renamed into place carries its temporary name first: the second is the one that was asked for.
    place = error.filename2 or error.filename
    if error.errno in _REFUSED and place is not None:
        return f"{place}: {str(error.strerror).lower()}", "choose a place that can be read and written"
    raise error

"""The terminal: reads options, shows progress and results, turns errors into exit codes. Decides nothing."""

import errno
import sys

EXIT_CRASH, EXIT_WRONG, EXIT_INTERRUPTED = 1, 2, 130


def main() -> None:
    """Run `dq`: exit 0 done, 1 crash (a traceback), 2 settings, standards or source wrong, 3 a gate says no."""
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
        if error.errno != errno.ENOSPC:
            raise
        print("dq: the disk is full; what is done so far is kept", file=sys.stderr)
        print("    free some space and start the same command again: it goes on where it stopped", file=sys.stderr)
        sys.exit(EXIT_WRONG)
    except KeyboardInterrupt:
        print("\ndq: stopped; the same command goes on where it stopped", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)

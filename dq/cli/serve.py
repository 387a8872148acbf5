"""`dq serve`: the stewards' app for a home, or for the folder of one run."""

import secrets
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dq.cli.options import run_folder
from dq.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from dq.stewardship.house import House
    from dq.web.visitors import Opening

ONE: Final = "you"
"""Login of whoever looks at a single run on their own machine."""

Place = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="Folder or tag of one run; without it, the home.", parser=run_folder),
]


def serve(
    folder: Place = None,
    host: Annotated[str, typer.Option("--host", metavar="NAME", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, metavar="N", help="Port to listen on.")] = 8400,
) -> None:
    """Open the stewards' app: today's work, possible duplicates, scorecards down to the record. Ctrl-C ends it."""
    from dq.operations.jobs import Jobs
    from dq.settings import load_settings
    from dq.stewardship.house import open_house, prepare
    from dq.web.app import create_app
    from dq.web.serving import listen
    from dq.web.serving import serve as serve_app
    from dq.web.settings import is_loopback, load_web_settings

    settings = load_settings()
    if folder is None:
        web = load_web_settings(settings.home, host, port)
        listener = listen(host, port)
        house, opening = open_house(settings), None
    else:
        if not is_loopback(host):
            raise SettingsError(
                "one run is shown to the person at this machine only", "leave --host away, or make a home"
            )
        web = load_web_settings(None, host, port)
        beside = _beside(folder)
        listener = listen(host, port)
        settings = replace(settings, home=beside, database_url=None)
        house = open_house(settings)
        opening = _open_for_one(house, folder)
    jobs = Jobs(house, settings, at_once=web.runs_at_once, check_days=web.check_days)
    app = create_app(house, web, opening=opening, jobs=jobs)
    address = f"{web.url}/sign-in/opening/{opening.token}" if opening else web.url
    # Nobody waits for it here, and the first visitor waits less.
    threading.Thread(target=prepare, args=(house,), daemon=True).start()
    print(f"The stewards' app: {address}\nCtrl-C ends it.")
    serve_app(app, host, listener)


def _beside(folder: Path) -> Path:
    """Return the small home of a single run: its decisions live beside it, since the folder is replaced as a whole."""
    if not (folder / "manifest.json").is_file():
        raise SourceError(f"{folder} is no finished run", "name the --out folder of dq run, or none for the home")
    whole = folder.resolve()
    return whole.parent / f"{whole.name}.house"


def _open_for_one(house: "House", folder: Path) -> "Opening":
    """Take the run in where it is new, and make a link that signs its owner in once."""
    from dq.errors import ConflictError
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.importing import add_run
    from dq.stewardship.people import add_user, set_password, users
    from dq.stewardship.signing_in import sign_in
    from dq.web.visitors import Opening

    now = datetime.now(UTC)
    with suppress(ConflictError):  # looked at before: decisions go on where they were
        add_run(house, HOUSE, folder, at=now)
    if ONE not in [user.name for user in users(house, HOUSE)]:
        add_user(house, HOUSE, ONE, "admin", frozenset({"*"}), at=now, display_name="You")
    password = secrets.token_urlsafe(32)
    set_password(house, HOUSE, ONE, password, at=now)
    _, secret = sign_in(house, ONE, password, origin="", at=now)
    return Opening(secrets.token_urlsafe(16), secret)

"""The app's own stylesheet, script and pictures, under addresses that hold a hash of their content.

A browser may keep such a file for ever: a new content is a new address.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from dq.errors import NotFoundError

TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FOR_EVER: Final = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    content: bytes
    type: str
    url: str


@cache
def assets() -> dict[str, Asset]:
    """Return the files of `static/` by name."""
    found = {}
    for place in (files("dq.web") / "static").iterdir():
        stem, _, kind = place.name.rpartition(".")
        if kind in TYPES:
            content = place.read_bytes()
            # 48 bits tell the versions of one file apart; nobody attacks a hash of a public file.
            mark = hashlib.sha256(content).hexdigest()[:12]
            found[place.name] = Asset(content, TYPES[kind], f"/static/{stem}.{mark}.{kind}")
    return found


def url_of(name: str) -> str:
    """Return the address of a file of `static/`."""
    return assets()[name].url


@router.get("/static/{name}")
def static_file(name: str) -> Response:
    """Serve one file under its address with a hash, and under no other."""
    for asset in assets().values():
        if asset.url == f"/static/{name}":
            return Response(asset.content, media_type=asset.type, headers={"cache-control": FOR_EVER})
    raise NotFoundError("There is no such file.")

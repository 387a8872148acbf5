"""Puts the app together: layers of security around pages and API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from dq import __version__
from dq.operations.jobs import Jobs
from dq.stewardship.house import House
from dq.web import assets
from dq.web.errors import handle_errors
from dq.web.routes import PAGES
from dq.web.security.crashes import Crashes
from dq.web.security.headers import Headers
from dq.web.security.limits import BodyLimit
from dq.web.security.origin import OwnOrigin
from dq.web.security.requests import Requests
from dq.web.security.sessions import Sessions
from dq.web.settings import WebSettings
from dq.web.visitors import Clock, Opening, utc_now


@asynccontextmanager
async def _until_closed(app: FastAPI) -> AsyncIterator[None]:
    """Stop work in the background when the app ends."""
    yield
    if app.state.jobs is not None:
        app.state.jobs.close()


def create_app(
    house: House,
    settings: WebSettings,
    clock: Clock = utc_now,
    opening: Opening | None = None,
    jobs: Jobs | None = None,
) -> FastAPI:
    """Return the app of a house: an ASGI application for one store and its runs.

    Args:
        house: Store, policy and runs.
        settings: How the app is reached and who may sign in.
        clock: Gives the present moment; tests set it.
        opening: A link that signs the person at this machine in, once.
        jobs: Work in the background; without it nothing can be started here.
    """
    app = FastAPI(
        title="dq",
        version=__version__,
        summary="Customer data quality: scorecards, cases, decisions.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the pages that FastAPI brings load scripts from another site
        redoc_url=None,
        lifespan=_until_closed,
    )
    app.state.jobs = jobs
    app.state.house = house
    app.state.settings = settings
    app.state.clock = clock
    app.state.company = None  # made when somebody first signs in with a company account
    app.state.opening = opening
    app.state.is_one_run = opening is not None
    app.include_router(assets.router)
    for router in PAGES:
        app.include_router(router)
    handle_errors(app)
    # The last one added is the outermost: number and log, headers, where from, how much, who, what nobody foresaw.
    app.add_middleware(Crashes)
    app.add_middleware(Sessions, settings=settings, clock=lambda: clock().timestamp())
    app.add_middleware(BodyLimit, most=int(settings.upload_megabytes * 1e6))
    app.add_middleware(OwnOrigin, origin=settings.origin, host=settings.host)
    app.add_middleware(Headers, is_https=settings.is_https)
    app.add_middleware(Requests)
    return app

"""Runs the app on a port until somebody stops it; its log holds no personal data."""

import logging
import socket
from contextlib import suppress
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from dq.errors import SettingsError
from dq.web.settings import is_loopback

PARALLEL: Final = 64
"""Requests worked on at once: more than 20 stewards make; beyond that the app answers 503 instead of running full."""
PATIENCE: Final = 10
"""Seconds that answers in progress get when the app stops."""


class WithoutTraces(logging.Filter):
    """Takes tracebacks off the server's own lines: they hold values; `dq.web.errors` logs where it failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the line, drop what may hold a name."""
        record.exc_info, record.exc_text = None, None
        return True


def listen(host: str, port: int) -> socket.socket:
    """Take the port, before anything is opened or printed.

    Raises:
        SettingsError: Another program has it, or the host is none of this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (")[0].lower()
        raise SettingsError(f"cannot listen on {host}, port {port}: {why}", "name a free port with --port") from error


def serve(app: FastAPI, host: str, listener: socket.socket) -> None:
    """Serve until interrupted. Behind a proxy on this machine its forwarded headers count."""
    for name in ("uvicorn.error", "uvicorn"):
        logging.getLogger(name).addFilter(WithoutTraces())
    with suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn.Config(app, **_options(host))).run(sockets=[listener])


def _options(host: str) -> dict[str, Any]:
    return {
        "log_config": None,
        "access_log": False,  # paths hold keys of customers; dq.web.security.requests logs routes
        "server_header": False,
        "limit_concurrency": PARALLEL,
        "timeout_graceful_shutdown": PATIENCE,
        "proxy_headers": True,
        "forwarded_allow_ips": "127.0.0.1,::1" if is_loopback(host) else None,
    }

"""A threaded HTTP server on loopback with switches for everything that can go wrong on the way."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """What arrived; `raw` is everything of it in one text, for asking what never arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def raw(self) -> str:
        return " ".join([self.method, self.path, *self.query.values(), *self.headers.values(), self.body.decode()])


@dataclass(frozen=True)
class Reply:
    """What goes back. `is_cut`: the connection ends in the middle of the body; `is_hanging`: nothing ever comes."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False
    is_hanging: bool = False


class Service:
    """A provider: `answer` is its normal behaviour, `faults` come first, one per request."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: deque[Reply] = deque()
        self.exempt: set[str] = set()

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def is_exempt(self, request: Request) -> bool:
        """Tell whether a request meets no fault."""
        return request.path in self.exempt


class Server:
    """Serves a service on a free port of loopback."""

    def __init__(self, service: Service) -> None:
        self._released = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service, self._released))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.005,), daemon=True)
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> "Server":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """Serve for the length of a block; gives the base URL."""
    with Server(service) as server:
        yield server.url


def _handler(service: Service, released: threading.Event) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body leave together: apart, the second waits 40 ms for the acknowledgement of the first.
        wbufsize = -1

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            request = Request(self.command, parts.path, query, headers, self.rfile.read(length))
            service.requests.append(request)
            has_fault = service.faults and not service.is_exempt(request)
            reply = service.faults.popleft() if has_fault else service.answer(request)
            if reply.is_hanging:
                released.wait(10)
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) // 2] if reply.is_cut else reply.body)
            self.close_connection = reply.is_cut

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler

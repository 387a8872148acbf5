"""An identity provider on loopback that speaks OpenID Connect: discovery, code with PKCE, keys, signed id tokens."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "dq-tests", "a secret of the tests"


@dataclass
class Provider:
    """What the provider knows; tests change it between sign-ins.

    Attributes:
        claims: What it says about the person who signs in next.
        faults: Ways to misbehave: `wrong_nonce`, `wrong_key`, `wrong_audience`, `wrong_issuer`, `expired`,
            `no_id_token`, `refuses`.
    """

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    other_key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    )

    def metadata(self) -> dict[str, Any]:
        """Return the discovery document (OpenID Connect Discovery 1.0, section 3)."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Return where the browser goes next: the person agrees at once."""
        back = {"state": asked["state"]}
        if "refuses" in self.faults:
            return f"{asked['redirect_uri']}?{urlencode(back | {'error': 'access_denied'})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode(back | {'code': code})}"

    def token(self, asked: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return status and body of the answer to a code."""
        sent = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        begun = self.codes.pop(asked.get("code", ""), None)
        verifier = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        is_right = (
            sent == [CLIENT_ID, CLIENT_SECRET.replace(" ", "+")] or sent == [CLIENT_ID, CLIENT_SECRET]
        ) and begun is not None
        if not is_right or begun is None or begun.get("code_challenge") != challenge:
            return 400, {"error": "invalid_grant"}
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 60}
        return 200, answer if "no_id_token" in self.faults else answer | {"id_token": self.id_token(begun)}

    def id_token(self, begun: dict[str, str]) -> str:
        """Return a signed id token for the person who signed in."""
        now = int(time.time())
        claims = {
            "iss": "https://somebody.else" if "wrong_issuer" in self.faults else self.issuer,
            "aud": "another app" if "wrong_audience" in self.faults else begun["client_id"],
            "nonce": "of another browser" if "wrong_nonce" in self.faults else begun["nonce"],
            "iat": now - 7200 if "expired" in self.faults else now,
            "exp": now - 3600 if "expired" in self.faults else now + 300,
        }
        key = self.other_key if "wrong_key" in self.faults else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims | self.claims, key)


@contextmanager
def identity_provider() -> Iterator[Provider]:
    """Start a provider on a free port of this machine."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            path = urlsplit(self.path).path
            if path == "/.well-known/openid-configuration":
                self.answer(200, provider.metadata())
            elif path == "/keys":
                self.answer(200, {"keys": [provider.key.as_dict(private=False)]})
            elif path == "/authorize":
                self.send_response(302)
                self.send_header("location", provider.authorize(asked))
                self.end_headers()
            else:
                self.answer(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            asked = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(*provider.token(asked, self.headers.get("authorization", "")))

        def answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            """Keep the tests' output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

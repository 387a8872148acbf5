"""The three providers as their documents describe them: what they demand, what they refuse, what they answer."""

import csv
import io
import json
from email import message_from_bytes, policy
from typing import Any

from tests.address.providers.server import Reply, Request, Service

CLIENT_ID, CLIENT_SECRET = "id-of-usps-7341", "secret-of-usps-9275"
AUTH_ID, AUTH_TOKEN = "id-of-smarty-1846", "token-of-smarty-5520"
ENVIRON = {
    "DQ_USPS_CLIENT_ID": CLIENT_ID,
    "DQ_USPS_CLIENT_SECRET": CLIENT_SECRET,
    "DQ_SMARTY_AUTH_ID": AUTH_ID,
    "DQ_SMARTY_AUTH_TOKEN": AUTH_TOKEN,
}


def json_reply(body: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})


class Usps(Service):
    """USPS Addresses v3: one token holds at a time; `book` has the answer of a street, else everything is confirmed."""

    def __init__(self) -> None:
        super().__init__()
        self.book: dict[str, Reply] = {}
        self.tokens = 0
        self.lifetime: Any = "3599"
        self.exempt = {"/oauth2/v3/token"}

    @property
    def token(self) -> str:
        return f"usps-token-{self.tokens}-d41"

    def answer(self, request: Request) -> Reply:
        if request.path == "/oauth2/v3/token":
            return self._give_token(request)
        if request.path != "/addresses/v3/address" or request.method != "GET":
            return Reply(404, b"<html>no such page</html>")
        if request.headers.get("authorization") != f"Bearer {self.token}" or not self.tokens:
            return usps_error(401, "Unauthorized")
        given = request.query
        if "streetAddress" not in given or len(given.get("state", "")) != 2:
            return usps_error(400, "The state code in the request is missing or invalid.")
        return self.book.get(given["streetAddress"]) or json_reply(usps_body(given))

    def _give_token(self, request: Request) -> Reply:
        wanted = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "grant_type": "client_credentials"}
        if request.method != "POST" or json.loads(request.body) != wanted:
            return json_reply({"error": "invalid_client"}, 401)
        self.tokens += 1
        return json_reply({"access_token": self.token, "token_type": "Bearer", "expires_in": self.lifetime})


def usps_body(given: dict[str, str], **more: Any) -> dict[str, Any]:
    """The answer of USPS for an address that is as it should be; `more` replaces parts of `additionalInfo`."""
    return {
        "firm": None,
        "address": {
            "streetAddress": given["streetAddress"],
            "secondaryAddress": given.get("secondaryAddress"),
            "city": given.get("city"),
            "state": given["state"],
            "ZIPCode": given.get("ZIPCode"),
            "ZIPPlus4": "1234",
            "urbanization": None,
        },
        "additionalInfo": {"deliveryPoint": "42", "DPVConfirmation": "Y", "vacant": "N", **more},
        "corrections": [{"code": "", "text": ""}],
        "matches": [{"code": "31", "text": "Single Response - exact match"}],
    }


def usps_error(status: int, message: str) -> Reply:
    return json_reply({"apiVersion": "v3", "error": {"code": str(status), "message": message, "errors": []}}, status)


class Smarty(Service):
    """Smarty US Street: a hundred a call and 32K; `book` has the candidates of a street, else one confirmed."""

    def __init__(self) -> None:
        super().__init__()
        self.book: dict[str, list[dict[str, Any]]] = {}
        self.is_reversed = False
        self.is_nameless = False

    def answer(self, request: Request) -> Reply:
        if request.query.get("auth-id") != AUTH_ID or request.query.get("auth-token") != AUTH_TOKEN:
            return Reply(401, b"Unauthorized")
        if request.method != "POST" or request.path != "/street-address":
            return Reply(404)
        lookups = json.loads(request.body)
        if len(lookups) > 100 or len(request.body) > 32 * 1024:
            return Reply(413)
        rows = []
        for index, lookup in enumerate(lookups):
            candidates = self.book.get(lookup["street"], [{}])
            for number, candidate in enumerate(candidates):
                row = {**smarty_candidate(lookup), **candidate, "input_index": index, "candidate_index": number}
                rows.append({name: value for name, value in row.items() if not self.is_nameless or name != "input_id"})
        return json_reply(rows[::-1] if self.is_reversed else rows)


def smarty_candidate(lookup: dict[str, Any], **analysis: Any) -> dict[str, Any]:
    """A candidate of Smarty for a lookup, confirmed unless `analysis` says otherwise."""
    line = " ".join(filter(None, (lookup["street"], lookup.get("secondary"))))
    return {
        "input_id": lookup.get("input_id"),
        "delivery_line_1": line.title(),
        "last_line": "",
        "components": {
            "city_name": lookup.get("city", "").title(),
            "state_abbreviation": lookup.get("state"),
            "zipcode": lookup.get("zipcode"),
            "plus4_code": "3737",
            "delivery_point": "01",
            "delivery_point_check_digit": "3",
        },
        "metadata": {"record_type": "S"},
        "analysis": {
            "dpv_match_code": "Y",
            "dpv_footnotes": "AABB",
            "dpv_vacant": "N",
            "active": "Y",
            "footnotes": "N#LL#",
            **analysis,
        },
    }


class Census(Service):
    """The batch geocoder: multipart file of 10,000 rows; `book` has status cells of a street, else an exact match."""

    def __init__(self) -> None:
        super().__init__()
        self.book: dict[str, list[str]] = {}
        self.left_out: set[str] = set()
        self.files: list[list[list[str]]] = []

    def answer(self, request: Request) -> Reply:
        if request.path != "/geocoder/locations/addressbatch" or request.method != "POST":
            return Reply(404)
        head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        message = message_from_bytes(head + request.body, policy=policy.HTTP)
        parts = {part.get_param("name", header="content-disposition"): part for part in message.iter_parts()}
        if parts["benchmark"].get_content().strip() != "Public_AR_Current":
            return Reply(400)
        rows = list(csv.reader(io.StringIO(parts["addressFile"].get_content())))
        self.files.append(rows)
        if len(rows) > 10_000 or any(len(row) != 5 for row in rows):
            return Reply(400)
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows(self._row(row) for row in reversed(rows) if row[1] not in self.left_out)
        return Reply(200, text.getvalue().encode(), {"Content-Type": "text/csv"})

    def _row(self, row: list[str]) -> list[str]:
        said = ", ".join(row[1:])
        exact = ["Match", "Exact", said, "-89.65,39.79", "112233", "L"]
        return [row[0], said, *self.book.get(row[1], exact)]

"""Excel packs on their page and in the API: made by a lead, brought back, refused as one list."""

from starlette.testclient import TestClient

from dq.stewardship.queue import case_of
from tests.web.homes import App
from tests.workbooks import cells_of, filled, saved


def uploaded(browser: TestClient, path: str, content: bytes, **data: str) -> str:
    """Send a workbook and return the answer as text; 200 or the list of problems."""
    answer = browser.post(path, files={"workbook": ("pack.xlsx", content)}, data=data)
    assert answer.status_code in (200, 422)
    return answer.text


def test_a_lead_sends_work_out_and_brings_it_back(app: App, lee: TestClient) -> None:
    assert "No pack yet" in lee.get("/packs").text
    made = lee.post("/packs", data={"steward": "maria", "extent": "today"})
    assert made.status_code == 200
    assert 'filename="pack-1-maria.xlsx"' in made.headers["content-disposition"]
    rows = cells_of(made.content)["Pairs"][1:]
    case_id = str(rows[0][0])
    back = filled(made.content, "Pairs", {case_id: {"Answer": "Different customers"}})
    assert "1 answer could be saved" in uploaded(lee, "/packs/return", back, only="look")
    assert "1 answer saved" in uploaded(lee, "/packs/return", back)
    case = case_of(app.house, app.actor("lee"), case_id)
    assert case.decided_by in ("maria", "")
    assert case.status in ("resolved", "waiting")
    other = filled(made.content, "Pairs", {case_id: {"Answer": "Same customer"}})
    text = uploaded(lee, "/packs/return", other)
    assert "Not saved, because something happened meanwhile" in text
    assert "maria was first" in text
    cells = cells_of(made.content)
    cells["Mine"] = [["x"]]
    assert "&#39;Mine&#39; is none of the pack" in uploaded(lee, "/packs/return", saved(cells))
    assert "no Excel workbook" in uploaded(lee, "/packs/return", b"hello")


def test_programs_of_leads_do_the_same(app: App, lee: TestClient) -> None:
    made = lee.post("/api/v1/packs", json={"steward": "maria", "extent": "all"})
    assert made.status_code == 201
    values = cells_of(made.content)["Values"]
    case_id = str(values[1][0])
    back = filled(made.content, "Values", {case_id: {"Answer": "Close it", "Reason": "Nobody knows better"}})
    files = {"workbook": ("pack.xlsx", back)}
    looked = lee.post("/api/v1/packs/return?only_look=true", files=files).json()
    assert (looked["answers"], looked["saved"]) == (1, 0)
    taken = lee.post("/api/v1/packs/return", files=files).json()
    assert (taken["saved"], taken["conflicts"], taken["steward"]) == (1, [], "maria")
    listed = lee.get("/api/v1/packs").json()
    assert [(one["steward"], one["answers"]) for one in listed] == [("maria", 1)]
    assert listed[0]["cases"] == len(values) - 1 + len(cells_of(made.content)["Pairs"]) - 1
    refused = lee.post("/api/v1/packs/return", files={"workbook": ("x.xlsx", b"PK")})
    assert refused.status_code == 422
    assert "nothing was saved" in refused.json()["error"]["message"]

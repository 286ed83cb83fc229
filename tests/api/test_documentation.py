"""OpenAPI and its page."""

from __future__ import annotations

import re

import pytest

from tests.api.conftest import Client, Connect, app_over
from tests.api.fake_service import FakeService

# What programs rely on. A change here is a change of the contract.
ROUTES = {
    "GET /": {200},
    "GET /status": {200},
    "GET /stats": {200},
    "GET /schema/invoice": {200},
    "GET /health/live": {200},
    "GET /health/ready": {200, 503},
    "POST /upload": {200, 202, 400, 409, 429, 503},
    "POST /process": {200, 202, 400, 409, 429, 503},
    "GET /results": {200, 400, 503},
    "GET /results/{file_id}": {200, 400, 404, 503},
    "DELETE /results/{file_id}": {200, 400, 404, 409, 503},
    "POST /results/{file_id}/retry": {202, 400, 404, 409, 503},
    "PATCH /results/{file_id}": {200, 400, 404, 409, 503},
    "POST /results/{file_id}/check": {200, 400, 404, 409, 503},
    "POST /results/{file_id}/approve": {200, 400, 404, 409, 503},
    "POST /results/{file_id}/reject": {200, 400, 404, 409, 503},
    "POST /results/{file_id}/reprocess": {202, 400, 404, 409, 503},
    "POST /results/{file_id}/cancel": {200, 400, 404, 409, 503},
    "POST /results/{file_id}/priority": {200, 400, 404, 409, 503},
    "GET /results/{file_id}/history": {200, 400, 404, 503},
    "GET /results/next": {200, 400, 503},
    "GET /results/export": {200, 400, 503},
    "GET /stats/timeseries": {200, 400, 503},
    "GET /stats/errors": {200, 400, 503},
    "GET /stats/amounts": {200, 400, 503},
    "GET /purchase-orders": {200, 400, 503},
    "PUT /purchase-orders": {200, 400, 503},
    "GET /logs/recent": {200, 400, 503},
    "GET /settings": {200, 400, 503},
    "GET /results/{file_id}/events": {200, 404, 503},
    "GET /results/{file_id}/original": {200, 400, 404, 503},
    "GET /results/{file_id}/pages/{number}": {200, 400, 404, 503},
}
OPEN = {"GET /health/live", "GET /health/ready"}


def test_the_routes_and_their_answers_stay(service: FakeService) -> None:
    schema = app_over(service).openapi()
    found = {
        f"{method.upper()} {path}": {int(status) for status in operation["responses"]}
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    }
    guarded = {
        name: told | (set() if name in OPEN else {401, 403, 500}) for name, told in ROUTES.items()
    }
    assert found == guarded


def test_error_answers_are_documented_with_an_example(service: FakeService) -> None:
    schema = app_over(service).openapi()
    answer = schema["paths"]["/upload"]["post"]["responses"]["429"]["content"]["application/json"]
    assert answer["schema"] == {"$ref": "#/components/schemas/ErrorOut"}
    assert answer["example"]["error_type"] == "TooManyRequests"
    assert "HTTPValidationError" not in schema["components"]["schemas"]


def test_guarded_routes_show_how_to_send_a_key(service: FakeService) -> None:
    paths = app_over(service).openapi()["paths"]
    assert paths["/upload"]["post"]["security"]
    assert "security" not in paths["/health/live"]["get"]


async def test_the_page_needs_no_foreign_host(client: Client) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert not [source for source in sources if "//" in source or source.startswith("/")]
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        asset = await client.get(f"/docs/{name}")
        assert asset.status_code == 200
        assert len(asset.content) > 100
    assert (await client.get("/openapi.json")).json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("path", ["/docs", "/api/docs"])
async def test_behind_a_proxy_prefix(connect: Connect, path: str) -> None:
    """nginx removes the prefix; a proxy that leaves it on works as well."""
    async with connect(root_path="/api") as client:
        assert (await client.get(path)).status_code == 200
        schema = (await client.get(path.replace("docs", "openapi.json"))).json()
    assert schema["servers"] == [{"url": "/api"}]


async def test_behind_a_proxy_prefix_the_limits_hold(connect: Connect) -> None:
    async with connect(root_path="/api", max_file_size_mb=1) as client:
        fine = await client.post("/api/upload", files={"file": ("a", b"x" * 900_000)})
        large = await client.post("/api/upload", files={"file": ("a", b"x" * 3_000_000)})
    assert (fine.status_code, large.status_code) == (202, 400)

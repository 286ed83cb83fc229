"""The interactive documentation, served without any foreign host.

Addresses in the page are relative, so it works below any prefix of a reverse proxy.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse

from src.domain.errors import NotFound

router = APIRouter(include_in_schema=False)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>AI Invoice Agent: API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
});
"""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)
_KEPT_A_DAY = {"Cache-Control": "public, max-age=86400"}
_ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
}


def _assets_folder() -> Path:
    # Found without an import: only the two files of the package are used.
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise NotFound(
            "The package fastapi-offline is missing; run pip install -r requirements.txt"
        )
    return Path(spec.origin).parent / "static"


@router.get("/docs")
def documentation() -> HTMLResponse:
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})


@router.get("/docs/start.js")
def start_script() -> Response:
    return Response(_START, media_type="text/javascript", headers=_KEPT_A_DAY)


@router.get("/docs/{name}")
def asset(name: str) -> FileResponse:
    """Runs in a thread: it looks for files."""
    if name not in _ASSETS:
        raise NotFound("There is nothing at this address; /docs lists what there is.")
    return FileResponse(_assets_folder() / name, media_type=_ASSETS[name], headers=_KEPT_A_DAY)

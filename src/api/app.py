"""The HTTP application, put together. Nothing is opened before the lifespan."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI

from config.settings import Settings
from src.api import errors, openapi
from src.api.dependencies import RunningService
from src.api.gate import Gate, rules_of
from src.api.lifespan import ReadableStart, lifespan
from src.api.middleware import BodyLimit, ErrorBoundary, PathPrefix, SecurityHeaders
from src.api.rate_limit import RateLimit
from src.api.routes import (
    docs,
    events,
    exports,
    figures,
    files,
    intake,
    operations,
    purchase_orders,
    results,
    review,
    service,
)

_DESCRIPTION = """Invoices go in, checked JSON comes out.

Every error has the body `{detail, status_code, timestamp, error_type}`; `error_type` is stable.
Amounts are strings, days ISO 8601, times RFC 3339 in UTC."""


def create_app(settings: Settings, application: RunningService | None = None) -> FastAPI:
    """The application for these settings; without `application` the lifespan builds one."""
    app = FastAPI(
        title=settings.app_name,
        version=settings.app_version,
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        # Nothing is measured or sent anywhere unless somebody configures it.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.settings = settings
    app.state.service = application
    app.state.build = partial(_build, settings)
    app.state.upload_limit = RateLimit(settings.uploads_per_minute)
    errors.install(app)
    openapi.install(app)
    for router in (
        service.open_to_all,
        service.guarded,
        intake.router,
        events.router,
        files.router,
        # Their fixed names come before the ids of the results.
        exports.router,
        review.router,
        results.router,
        figures.router,
        purchase_orders.router,
        operations.router,
        docs.router,
    ):
        app.include_router(router)
    # The one added last is the outermost.
    app.add_middleware(BodyLimit, max_file_bytes=settings.max_file_bytes)
    app.add_middleware(Gate, rules=rules_of(settings))
    app.add_middleware(PathPrefix, prefix=settings.root_path)
    app.add_middleware(ErrorBoundary)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(ReadableStart)
    return app


def _build(settings: Settings) -> RunningService:
    # Engines and readers are heavy to import, and only a service that starts needs them.
    from src.bootstrap import build  # noqa: PLC0415

    return build(settings)

"""Every setting of the service: its name, default and meaning.

Environment variables win over `.env`. Importing this module parses the settings and nothing
else; a wrong value raises `ConfigurationProblem` naming variable, value and remedy.
"""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

READABLE_FORMATS = ("jpg", "jpeg", "png", "pdf", "tif", "tiff", "webp", "xml")
MEGABYTE = 1024 * 1024


class ConfigurationProblem(ValueError):
    """The configuration cannot be used; the text names variable, value and remedy."""


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"


class Engine(StrEnum):
    """`auto` takes the first of einvoice, vision and layout that can do the document."""

    AUTO = "auto"
    VISION = "vision"
    LAYOUT = "layout"
    NULL = "null"


class VisionProvider(StrEnum):
    OLLAMA = "ollama"
    # Any server that speaks the OpenAI protocol: vLLM, llama.cpp, Ollama's /v1.
    OPENAI = "openai"


class ModelOutage(StrEnum):
    """What `auto` does with a document while the model cannot be used."""

    FALLBACK = "fallback"
    WAIT = "wait"


class WatchMode(StrEnum):
    AUTO = "auto"
    EVENTS = "events"
    POLLING = "polling"
    OFF = "off"


class DuplicatePolicy(StrEnum):
    LINK = "link"
    REJECT = "reject"
    PROCESS = "process"


class QueueKind(StrEnum):
    LOCAL = "local"


def _split(value: object) -> object:
    """Comma-separated text from the environment becomes a tuple."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


CommaList = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    # Application
    app_name: str = Field("AI Invoice Processing Agent", description="Name in logs and pages")
    app_version: str = Field("1.0.0", description="Version told by the API")
    debug: bool = Field(False, description="Reload on code changes and log verbosely")
    host: str = Field("127.0.0.1", description="Address the API listens on")
    port: int = Field(8000, ge=1, le=65535, description="Port the API listens on")

    # Files
    incoming_folder: Path = Field(Path("incoming"), description="Folder watched for new files")
    generated_folder: Path = Field(
        Path("generated"), description="Folder for originals and results"
    )
    log_folder: Path = Field(Path("logs"), description="Folder for the four log files")
    max_file_size_mb: int = Field(50, ge=1, le=2048, description="Largest file taken, megabytes")
    max_pages: int = Field(500, ge=1, le=10_000, description="Most pages of one document")
    max_megapixels: int = Field(120, ge=1, le=1000, description="Largest image, million pixels")
    supported_formats: CommaList = Field(
        READABLE_FORMATS, description="File extensions taken, comma-separated"
    )
    duplicate_policy: DuplicatePolicy = Field(
        DuplicatePolicy.LINK,
        description="A file whose bytes are known: link to the first, reject, or process again",
    )

    # Watching
    watch_mode: WatchMode = Field(
        WatchMode.AUTO, description="auto | events | polling | off; auto polls network mounts"
    )
    stability_seconds: float = Field(
        2.0, ge=0, le=300, description="A file must be unchanged this long before it is taken"
    )

    # Model
    extraction_engine: Engine = Field(Engine.AUTO, description="auto | vision | layout | null")
    ollama_base_url: str = Field("http://localhost:11434", description="Ollama server")
    ollama_model: str = Field("llama3.2-vision", description="Vision model on that server")
    vision_provider: VisionProvider = Field(
        VisionProvider.OLLAMA,
        description="ollama, or openai for any server of that protocol (vLLM, llama.cpp)",
    )
    vision_base_url: str = Field(
        "", description="Server of the model; empty: OLLAMA_BASE_URL. openai needs it, with /v1"
    )
    vision_model: str = Field("", description="Model on that server; empty: OLLAMA_MODEL")
    vision_api_key: SecretStr = Field(
        SecretStr(""), description="Key of the model's server, where it asks for one"
    )
    vision_timeout_seconds: float = Field(
        300, gt=0, le=3600, description="Longest time the model may take for one page"
    )
    vision_parallel: int = Field(
        0, ge=0, le=256, description="Pages the model is asked at a time; 0: as the model allows"
    )
    vision_cache_mb: int = Field(
        256, ge=0, le=100_000, description="Space for kept answers of the model; 0: keep none"
    )
    on_model_outage: ModelOutage = Field(
        ModelOutage.FALLBACK,
        description="auto without its model: fallback (embedded engine, marked) or wait",
    )

    # Processing
    batch_size: int = Field(10, ge=1, le=1000, description="Files processed at the same time")
    processing_interval_seconds: float = Field(
        5, gt=0, le=3600, description="Seconds between two looks at the incoming folder"
    )
    max_retry_attempts: int = Field(
        3, ge=0, le=100, description="How often a passing failure is tried again"
    )
    cpu_workers: int = Field(
        0, ge=0, le=256, description="Processes for reading; 0: one per two cores, at most 4"
    )
    reading_timeout_seconds: float = Field(
        300, gt=0, le=86_400, description="Longest time to read one page"
    )
    shutdown_seconds: float = Field(
        20, ge=0, le=600, description="Time running documents get to end at shutdown"
    )
    gc_thresholds: Annotated[tuple[int, ...], NoDecode] = Field(
        (700, 10, 10), description="Three thresholds of Python's garbage collector"
    )

    # Deciding
    accept_confidence: float = Field(
        0.80, ge=0, le=1, description="Core fields below this confidence need a person"
    )

    checks_disabled: CommaList = Field(
        (), description="Codes of checks that are not wanted (docs/checks.md)"
    )
    check_tolerances: CommaList = Field(
        (), description="Tolerances of checks, such as max_payment_days=180 (docs/checks.md)"
    )
    own_companies: CommaList = Field(
        (), description="Names and tax ids of your companies: invoices for others are held"
    )
    custom_checks_folder: str = Field(
        "", description="Folder with checks of your own, a Python file each; empty: none"
    )
    purchase_orders_file: str = Field(
        "",
        description="CSV file of your purchase orders; empty: the file that "
        "PUT /purchase-orders writes",
    )

    # Storage
    database_url: str = Field(
        "", description="Empty: SQLite file invoice_agent.db in the generated folder"
    )
    queue: QueueKind = Field(QueueKind.LOCAL, description="local: jobs run in the API process")

    # Access
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Comma-separated keys (16 characters or more) that open the API"
    )
    allow_anonymous: bool = Field(
        False, description="Serve anybody without a key; only behind your own access control"
    )
    trusted_proxies: CommaList = Field(
        ("127.0.0.1", "::1"), description="Proxies whose X-Forwarded-For is believed"
    )
    root_path: str = Field("", description="Path prefix a reverse proxy removes, such as /api")
    uploads_per_minute: int = Field(
        60, ge=0, description="Uploads a minute for one key or address; 0: no limit"
    )

    # Logging
    log_level: LogLevel = Field(LogLevel.INFO, description="Least severe entry that is kept")
    log_max_size_mb: int = Field(10, ge=1, le=10_000, description="A log file rotates at this size")
    log_backup_count: int = Field(5, ge=0, le=1000, description="Rotated files kept per log")

    @field_validator(
        *("supported_formats", "trusted_proxies"),
        *("checks_disabled", "check_tolerances", "own_companies"),
        mode="before",
    )
    @classmethod
    def _comma_list(cls, value: object) -> object:
        return _split(value)

    @field_validator("api_keys", mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        return _split(value)

    @field_validator("api_keys")
    @classmethod
    def _long_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(key.get_secret_value()) < 16 for key in keys):
            raise ValueError(
                "each key needs 16 characters or more, e.g. from: openssl rand -hex 24"
            )
        return keys

    @field_validator("supported_formats")
    @classmethod
    def _known_formats(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        cleaned = tuple(name.lower().lstrip(".") for name in formats)
        unknown = sorted(set(cleaned) - set(READABLE_FORMATS))
        if unknown or not cleaned:
            raise ValueError(f"choose from {','.join(READABLE_FORMATS)}")
        return cleaned

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("gc_thresholds", mode="before")
    @classmethod
    def _three_numbers(cls, value: object) -> object:
        parts = _split(value)
        if isinstance(parts, tuple) and len(parts) != 3:
            raise ValueError("give three whole numbers, such as 700,10,10")
        return parts

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            ipaddress.ip_network(proxy, strict=False)
        return proxies

    @field_validator("root_path")
    @classmethod
    def _prefix(cls, value: str) -> str:
        if value and not value.startswith("/"):
            raise ValueError("start it with a slash, such as /api")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith("sqlite:///"):
            raise ValueError("this version stores in SQLite: sqlite:///path/to/file.db")
        return value

    @field_validator("ollama_base_url", "vision_base_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("start it with http:// or https://, such as http://localhost:11434")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _server_named(self) -> Settings:
        if self.vision_provider is VisionProvider.OPENAI and not self.vision_base_url:
            raise ValueError(
                "VISION_PROVIDER=openai needs VISION_BASE_URL, such as http://localhost:8000/v1: "
                "documents go to no server that was not named"
            )
        return self

    @model_validator(mode="after")
    def _folders_apart(self) -> Settings:
        incoming = self.incoming_folder.resolve()
        for name in ("generated_folder", "log_folder"):
            folder = getattr(self, name).resolve()
            if folder == incoming or incoming in folder.parents:
                raise ValueError(
                    f"{name.upper()}={folder} lies inside INCOMING_FOLDER={incoming}: results "
                    "would be taken for new invoices; choose a folder outside it"
                )
            if folder in incoming.parents:
                raise ValueError(
                    f"INCOMING_FOLDER={incoming} lies inside {name.upper()}={folder}; "
                    "choose folders beside each other"
                )
        return self

    @property
    def max_file_bytes(self) -> int:
        return self.max_file_size_mb * MEGABYTE

    @property
    def model_url(self) -> str:
        """Where the vision model is served."""
        return self.vision_base_url or self.ollama_base_url

    @property
    def model_name(self) -> str:
        return self.vision_model or self.ollama_model

    @property
    def resolved_database_url(self) -> str:
        """`DATABASE_URL`, or the SQLite file in the generated folder."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{(self.generated_folder / 'invoice_agent.db').resolve()}"


def load_settings(**overrides: Any) -> Settings:
    """Parse the settings; raises `ConfigurationProblem` with one line per problem."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise ConfigurationProblem(_readable(error)) from None


def _readable(error: ValidationError) -> str:
    lines = ["The configuration cannot be used:"]
    for problem in error.errors():
        variable = str(problem["loc"][0]).upper() if problem["loc"] else ""
        shown = "" if variable in {"API_KEYS", "VISION_API_KEY"} else f"={problem['input']!r}"
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(f"  {variable}{shown if variable else ''}: {message}".replace("  : ", "  "))
    lines.append("Correct the value in .env or in the environment; .env.template explains each.")
    return "\n".join(lines)


settings = load_settings()

"""What the service's settings take, refuse and say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import ConfigurationProblem, Settings, load_settings

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the caller and no `.env` decides a test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_environment_wins_over_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=9000\nBATCH_SIZE=3\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "9001")
    settings = load_settings()
    assert (settings.port, settings.batch_size) == (9001, 3)


def test_lists_are_comma_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORTED_FORMATS", " PDF, .png ,")
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8")
    monkeypatch.setenv("GC_THRESHOLDS", "900,20,20")
    settings = load_settings()
    assert settings.supported_formats == ("pdf", "png")
    assert settings.trusted_proxies == ("10.0.0.0/8",)
    assert settings.gc_thresholds == (900, 20, 20)


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("PORT", "80000", "less than or equal to 65535"),
        ("SUPPORTED_FORMATS", "pdf,docx", "choose from jpg,jpeg,png"),
        ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO'"),
        ("GC_THRESHOLDS", "700,10", "three whole numbers"),
        ("TRUSTED_PROXIES", "proxy.example.com", "does not appear to be"),
        ("ROOT_PATH", "api", "start it with a slash"),
        ("DATABASE_URL", "mysql://db", "sqlite:///path/to/file.db"),
        ("BATCH_SIZE", "many", "valid integer"),
    ],
)
def test_wrong_value_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationProblem) as problem:
        load_settings()
    text = str(problem.value)
    assert name in text
    assert value in text
    assert remedy in text


def test_short_key_is_refused_without_repeating_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEYS", "long-enough-for-a-key,hunter2")
    with pytest.raises(ConfigurationProblem, match="16 characters") as problem:
        load_settings()
    assert "hunter2" not in str(problem.value)


@pytest.mark.parametrize(
    ("incoming", "generated"), [("in", "in/out"), ("data/in", "data"), ("data", "data")]
)
def test_results_inside_the_watched_folder_are_refused(
    monkeypatch: pytest.MonkeyPatch, incoming: str, generated: str
) -> None:
    monkeypatch.setenv("INCOMING_FOLDER", incoming)
    monkeypatch.setenv("GENERATED_FOLDER", generated)
    with pytest.raises(ConfigurationProblem, match="INCOMING_FOLDER"):
        load_settings()


def test_database_defaults_to_a_file_among_the_results() -> None:
    url = load_settings(generated_folder=Path("results")).resolved_database_url
    assert url == f"sqlite:///{Path('results').resolve()}/invoice_agent.db"
    assert load_settings(database_url="sqlite:////x.db").resolved_database_url == "sqlite:////x.db"


def test_size_limit_in_bytes() -> None:
    assert load_settings(max_file_size_mb=2).max_file_bytes == 2 * 1024 * 1024


def test_importing_the_settings_makes_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from config.settings import settings; print('OK')"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "OK\n"
    assert list(tmp_path.iterdir()) == []


def test_an_openai_server_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_PROVIDER", "openai")
    with pytest.raises(ConfigurationProblem, match="VISION_BASE_URL"):
        load_settings()
    monkeypatch.setenv("VISION_BASE_URL", "http://models:8000/v1/")
    monkeypatch.setenv("VISION_MODEL", "qwen3-vl")
    settings = load_settings()
    assert (settings.model_url, settings.model_name) == ("http://models:8000/v1", "qwen3-vl")


def test_ollama_is_where_and_what_the_model_is_by_default() -> None:
    settings = load_settings()
    assert settings.model_url == "http://localhost:11434"
    assert settings.model_name == "llama3.2-vision"


@pytest.mark.parametrize("variable", ["OLLAMA_BASE_URL", "VISION_BASE_URL"])
def test_a_server_is_a_web_address(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "localhost:11434")
    with pytest.raises(ConfigurationProblem, match=f"{variable}='localhost:11434': start it with"):
        load_settings()


def test_the_key_of_the_server_is_not_told() -> None:
    assert "secret" not in repr(load_settings(vision_api_key="secret"))

"""Dockerfile and compose file hold what they promise. No engine is needed: nothing is built."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.tools import PROJECT, bash, clone

COMPOSE = PROJECT / "docker-compose.yml"


def compose_command() -> str:
    """The plugin of today, or the program of its own that Debian packages."""
    docker = shutil.which("docker")
    if docker is not None:
        asked = subprocess.run([docker, "compose", "version"], capture_output=True, check=False)
        if asked.returncode == 0:
            return "docker compose"
    return "docker-compose"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded = yaml.safe_load(COMPOSE.read_text())
    assert isinstance(loaded["services"], dict)
    return loaded["services"]


def test_compose_accepts_the_file(tmp_path: Path) -> None:
    project = clone(tmp_path / "project")
    shutil.copy2(COMPOSE, project)
    bash(project, "deploy/init_env.sh")
    bash(project, f"{compose_command()} config --quiet")


def test_services_of_the_guide_are_there(services: dict[str, Any]) -> None:
    assert set(services) == {
        "ollama",
        "ollama-pull",
        "invoice-agent-api",
        "invoice-agent-dashboard",
    }


def test_only_the_two_doors_are_open_to_other_machines(services: dict[str, Any]) -> None:
    published = {name: service.get("ports", []) for name, service in services.items()}
    assert published == {
        "ollama": ["127.0.0.1:11434:11434"],
        "ollama-pull": [],
        "invoice-agent-api": ["8000:8000"],
        "invoice-agent-dashboard": ["8501:8501"],
    }


def test_model_server_is_one_that_loads_the_model(services: dict[str, Any]) -> None:
    """llama3.2-vision does not load on Ollama 0.30 and newer."""
    for name in ("ollama", "ollama-pull"):
        image, tag = services[name]["image"].split(":")
        assert image == "ollama/ollama"
        assert tag.split(".")[:2] == ["0", "24"]


def test_data_outlives_the_containers(services: dict[str, Any]) -> None:
    assert services["invoice-agent-api"]["volumes"] == [
        f"./{name}:/app/{name}" for name in ("incoming", "generated", "logs")
    ]
    named = {volume.split(":")[0] for volume in services["ollama"]["volumes"]}
    assert named <= set(yaml.safe_load(COMPOSE.read_text())["volumes"])


def test_everything_depended_on_exists(services: dict[str, Any]) -> None:
    wanted = {name for service in services.values() for name in service.get("depends_on", [])}
    assert wanted <= set(services)


def test_no_container_of_ours_runs_as_root_by_default(services: dict[str, Any]) -> None:
    for name in ("invoice-agent-api", "invoice-agent-dashboard"):
        assert services[name]["user"] == "${CONTAINER_USER:-1000:1000}"
    instructions = (PROJECT / "Dockerfile").read_text().splitlines()
    assert "USER appuser" in instructions


def test_image_leaves_out_secrets_and_documents() -> None:
    """Everything is left out but what is named, and nothing private is named."""
    lines = (PROJECT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    assert let_in == {"config", "dashboard", "src", ".streamlit", "requirements.txt", "LICENSE"}

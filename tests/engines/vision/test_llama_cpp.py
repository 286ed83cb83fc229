"""The OpenAI-compatible path against llama.cpp's real server: is the wire right?

The model is tiny and no help with invoices. Only in `./run_tests.sh --extended`, which installs
requirements-extended.txt.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openai
import pytest

from config.settings import load_settings
from src.bootstrap import Application, build
from src.domain.candidate import EngineState
from src.domain.document import JobState, Origin, SourceFile
from src.engines.vision.client import Question
from src.engines.vision.langchain_client import LangChainClient
from src.engines.vision.profiles import UNKNOWN
from src.engines.vision.readiness import ServerProbe
from src.engines.vision.reply import Flaw, FlawedAnswer
from src.engines.vision.server import ModelServer, Provider

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ROOT / "venv" / "extended"
SAMPLE = ROOT / "samples" / "files" / "british-text.pdf"
MODEL = "SmolLM2-135M-Instruct"

pytestmark = [
    pytest.mark.extended,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(
        not (PACKAGES / "xllamacpp").is_dir(), reason="venv/extended: ./run_tests.sh --extended"
    ),
]


@pytest.fixture(scope="module")
def llama() -> Iterator[str]:
    """The address of the server, which has its model loaded."""
    command = [sys.executable, str(ROOT / "tests" / "fakes" / "llama_cpp.py")]
    with subprocess.Popen(
        command,
        env=os.environ | {"PYTHONPATH": str(PACKAGES)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip()
            assert address, "the server of llama.cpp did not start"
            yield f"{address}/v1"
        finally:
            server.stdin.close()
            server.wait(60)


def server_at(url: str) -> ModelServer:
    return ModelServer(provider=Provider.OPENAI, base_url=url, model=MODEL, timeout_seconds=600.0)


async def test_it_is_seen_as_ready_and_blind(llama: str) -> None:
    seen = await ServerProbe(server_at(llama), UNKNOWN).look()
    assert seen.readiness.state is EngineState.READY, seen.readiness
    assert (seen.vision, seen.loaded) == (False, True)
    assert "VISION_MODEL" in str(seen.readiness.remedy)


async def test_it_answers_in_the_schema_and_says_why_it_stopped(llama: str) -> None:
    """Cut off after some tokens, which is told, and which is no answer."""
    client = LangChainClient(server_at(llama), replace(UNKNOWN, num_predict=16))
    question = Question(
        system="You read invoices.",
        text="Invoice 7. Total 72.00",
        images=(),
        temperature=0.0,
        repeat_penalty=1.0,
        seed=7,
    )
    try:
        with pytest.raises(FlawedAnswer) as cut_off:
            await client.ask(question)
    finally:
        await client.close()
    assert cut_off.value.flaw is Flaw.TRUNCATED
    cause = cut_off.value.__cause__
    assert isinstance(cause, openai.LengthFinishReasonError)
    said = cause.completion.choices[0].message.content or ""
    # The first field of the schema, which nothing in the question names.
    assert "".join(said.split()).startswith('{"amount_due')


async def _is_ready(app: Application) -> bool:
    return (await app.status.details()).engines["vision"].state is EngineState.READY


async def test_a_document_comes_to_an_end(llama: str, tmp_path: Path) -> None:
    """Read by the model or, more likely, by the embedded engine with the reason in the result."""
    settings = await asyncio.to_thread(
        load_settings,
        _env_file=None,
        incoming_folder=tmp_path / "incoming",
        generated_folder=tmp_path / "generated",
        log_folder=tmp_path / "logs",
        vision_provider="openai",
        vision_base_url=llama,
        vision_model=MODEL,
        vision_timeout_seconds=120,
        cpu_workers=1,
    )
    app = await asyncio.to_thread(build, settings)
    await app.start(watch=False, console=False)
    try:
        async with asyncio.timeout(60):
            while not await _is_ready(app):  # noqa: ASYNC110 - the service tells nobody
                await asyncio.sleep(0.1)
        copy = settings.incoming_folder / SAMPLE.name
        await asyncio.to_thread(shutil.copy, SAMPLE, copy)
        source = SourceFile(
            name=copy.name, origin=Origin.CLI, received_at=datetime.now(UTC), path=copy
        )
        file_id = (await app.intake.take(source)).file_id
        await app.queue.idle()
        record = await app.results.get(file_id)
        result = await app.results.invoice(file_id)
    finally:
        await app.stop()
    assert record.state is JobState.SUCCEEDED, record.failure
    assert result is not None
    asked = result.provenance.engine == "vision" or any(
        "no usable answer" in note or "did not answer" in note for note in result.provenance.notes
    )
    assert asked, result.provenance
    assert result.invoice.totals.total is not None

"""The guards of conftest.py really catch what they are there for."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from blockbuster import BlockingError

from tests.conftest import NetworkRefused


def test_the_network_is_out_of_reach() -> None:
    with socket.socket() as outside, pytest.raises(NetworkRefused):
        outside.connect(("192.0.2.1", 80))


async def test_a_blocking_call_in_the_loop_is_caught(tmp_path: Path) -> None:
    import src

    module_file = Path(src.__file__).parent / "bootstrap.py"
    spec = importlib.util.spec_from_loader("src.blocking_probe", loader=None)
    assert spec is not None
    code = compile("import time\ndef block():\n    time.sleep(0.01)\n", str(module_file), "exec")
    namespace: dict[str, object] = {"__name__": "src.blocking_probe"}
    exec(code, namespace)  # noqa: S102 - a stand-in for a module of ours
    block = namespace["block"]
    assert callable(block)
    with pytest.raises(BlockingError):
        block()
    assert "src.blocking_probe" not in sys.modules


def test_the_runtime_of_the_models_is_told_not_to_call_home_before_it_is_loaded() -> None:
    told = (
        "import os, sys, src; "
        "assert 'onnxruntime' not in sys.modules; "
        "print(os.environ['ORT_DISABLE_TELEMETRY'])"
    )
    environment = {**os.environ, "ORT_DISABLE_TELEMETRY": "0"}
    done = subprocess.run(
        [sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"

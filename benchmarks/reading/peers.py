"""Other people's programs, for comparison, in an environment that can be thrown away."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = (
    "rapidocr==3.10.0",
    "onnxruntime==1.32.0",
    "opencv-python-headless==5.0.0.93",
    "invoice2data==1.0.1",
)
# Programs of the operating system: how they are called, and their Debian packages.
SYSTEM = {"tesseract": "tesseract-ocr", "pdftotext": "poppler-utils"}


class PeersMissing(Exception):
    """The message says what to install."""


def peers_python(folder: Path) -> Path:
    """The interpreter of an environment at `folder` with the packages; made when not there.

    Raises `PeersMissing` when a program of the system is not installed.
    """
    missing = [package for name, package in SYSTEM.items() if shutil.which(name) is None]
    if missing:
        raise PeersMissing(f"Install what is compared: apt-get install {' '.join(missing)}")
    python = folder / "bin" / "python"
    complete = folder / "complete.txt"
    if complete.exists() and complete.read_text().split() == list(PACKAGES):
        return python
    uv = shutil.which("uv")
    if uv is not None:
        _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
        _run(uv, "pip", "install", "--quiet", "--python", str(python), *PACKAGES)
    else:
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        _run(str(python), "-m", "pip", "install", "--quiet", *PACKAGES)
    complete.write_text("\n".join(PACKAGES))
    return python


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True)
    except subprocess.CalledProcessError as error:
        raise PeersMissing(f"This failed: {' '.join(command)}") from error

"""The PP-OCRv6 models that come inside the rapidocr package, opened for the CPU.

Only the model files are taken from the package: they are on disk once it is installed, so
nothing is ever downloaded. The way they are run here is several times faster.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import onnxruntime as ort

from src.domain.errors import ConfigurationError

DETECTION_MODEL = "PP-OCRv6_det_small.onnx"
RECOGNITION_MODEL = "PP-OCRv6_rec_small.onnx"


def model_path(name: str) -> Path:
    """Where the installed package keeps a model, without importing the package.

    Raises `ConfigurationError` when it is not there.
    """
    spec = importlib.util.find_spec("rapidocr")
    folders = spec.submodule_search_locations if spec is not None else None
    for folder in folders or ():
        path = Path(folder) / "models" / name
        if path.is_file():
            return path
    raise ConfigurationError(
        f"The OCR model {name} is missing. Reinstall the requirements: "
        "pip install --force-reinstall rapidocr"
    )


def open_session(name: str) -> ort.InferenceSession:
    """A session that runs each call on the caller's thread; calls may come from several.

    Both models get their work in small pieces: pieces side by side cost less than one piece
    shared between threads.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The arena keeps the largest page's memory for good: 350 MB for 13 % of time.
    options.enable_cpu_mem_arena = False
    # Faint activations become denormal numbers, which cost a third of all time.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    options.log_severity_level = 3
    return ort.InferenceSession(
        str(model_path(name)), sess_options=options, providers=["CPUExecutionProvider"]
    )

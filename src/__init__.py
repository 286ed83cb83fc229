"""The service. Nothing in here calls home."""

import os

# onnxruntime reports its use to its maker unless told not to, before it is first imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

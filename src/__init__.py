"""The service. Nothing in here calls home."""

import os

# Since 1.29 onnxruntime reports its use to its maker, with an identifier that it keeps in the
# user's home, unless this is set before it is first imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

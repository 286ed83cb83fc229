"""The embedded engine: words and boxes become invoice fields, on the CPU, without a model."""

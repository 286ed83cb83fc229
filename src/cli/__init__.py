"""`python -m src.cli`: the service's work without its server."""

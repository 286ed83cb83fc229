"""Asks a vision model for the invoice on a page, and believes only what the page shows.

The model's libraries are imported when a server was found, not with this package: starting
stays quick and worker processes never load them.
"""

from src.engines.vision.engine import VisionEngine

__all__ = ["VisionEngine"]

"""Servers that behave like those the product talks to, over real sockets."""

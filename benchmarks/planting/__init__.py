"""Errors planted one at a time into documents that were read right."""

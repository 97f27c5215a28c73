"""Thin click commands over the use cases."""

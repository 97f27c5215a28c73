"""Strings that mean harm, every place where one can stand, and every kind of output that must take them for text.

A new kind of output joins with one line in `kinds.py`; a new field of a model joins by itself (`places.py`).
"""

"""Tests of when periodic work is due, and of what the operating system is asked."""

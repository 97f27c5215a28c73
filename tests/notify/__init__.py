"""Tests of the e-mail digest."""

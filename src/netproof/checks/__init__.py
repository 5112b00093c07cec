"""Runs the catalogue's checks over the tables."""

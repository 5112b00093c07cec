"""Releases of suppliers: who signed them, what is in them, and whether that holds."""

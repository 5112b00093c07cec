"""Releases of suppliers: who signed them, what is in them, and whether that holds.

Take what is needed from its own module (`integrity.build` fills the tables that tell what the log says), so
that who reads signatures does not load a database.
"""

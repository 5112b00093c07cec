"""What exists: the tables that all rooms speak through."""

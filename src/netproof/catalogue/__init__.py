"""What is asked: catalogues, requirements and checks, all of them data."""

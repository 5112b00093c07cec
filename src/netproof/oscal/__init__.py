"""OSCAL documents, the parts that are used."""

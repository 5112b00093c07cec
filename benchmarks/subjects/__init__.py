"""One file a subject, each with a `SUBJECT`; the file's name is the subject's."""

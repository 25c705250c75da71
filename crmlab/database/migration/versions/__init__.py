"""One file for each version of the database; Alembic finds them here."""

"""The measures where the purchases are: in files or a database larger than memory.

blocks   the named queries that stand in each topic's measure.sql
engines  DuckDB, SQLite, PostgreSQL, Spark: what each needs said differently
store    a table of purchases and the measures on it
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each module loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

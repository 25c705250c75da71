"""The measures where the purchases are: in files or a database larger than memory.

blocks   the named queries that stand in each topic's measure.sql
engines  DuckDB, SQLite, PostgreSQL, Spark: what each needs said differently
check    whether its rows can be measured at all
log      a table of purchases, checked and read as days and cents
members  the measures of members on it
store    all measures on it
files    a store on files of purchases
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each module loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

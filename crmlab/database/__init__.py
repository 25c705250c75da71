"""What a firm stores about its customers, and how.

schema      the dictionary (crmlab.dictionary) as tables of a database: keys, checks, indexes
diagram     which tables there are and how they refer to each other, drawn
connection  open_database: a file of SQLite or DuckDB, a PostgreSQL server
loading     load_tables, load_folder, upsert: all rows of a load or none
migration   upgrade: a small database becomes the whole one, and keeps every row
query       sql, build_query, explain: questions by hand and built, and how they are answered
features    relationship_view, loyal_customers, ...: what a customer database is for
archives    archive: what is known of one customer, how completely, how old
explore     explore_query: a question put together by choosing
cards       the five-block card, and the direct seller's with masked fields
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

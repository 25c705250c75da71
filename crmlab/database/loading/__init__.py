"""Rows into a database: whole tables at once, a folder of Parquet, and what has changed.

bulk     load_tables, load_folder
upserts  upsert
batches  frames and Parquet as Arrow batches in the types of a table
engines  the fast way into PostgreSQL, SQLite and DuckDB
refusal  why rows were not taken, in words
"""

from .bulk import load_folder as load_folder
from .bulk import load_tables as load_tables
from .upserts import Upserted as Upserted
from .upserts import upsert as upsert

from .engines import duckdb_engine as duckdb_engine
from .engines import postgresql_engine as postgresql_engine
from .engines import spark_engine as spark_engine
from .engines import sqlite_engine as sqlite_engine
from .files import open_purchases as open_purchases
from .store import PurchaseStore as PurchaseStore

__all__: list[str]

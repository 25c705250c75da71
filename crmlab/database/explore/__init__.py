"""Widgets over the pure functions of this topic.

query  explore_query: choose a table, fields, a condition and groups, and read the SQL
"""

from .query import explore_query as explore_query
from .query import query_page as query_page

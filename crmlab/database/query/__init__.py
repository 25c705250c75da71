"""Questions to the database: in a reader's own SQL, or built from names; and how it finds them.

reading  sql, run_query           rows out, nothing changed
wording  what an error means      which word, and what may have been meant
build    Condition, build_query, query_text
fields   fields_from              what a question can name
plan     explain, add_index, drop_index
"""

from .build import Condition as Condition
from .build import build_query as build_query
from .build import query_text as query_text
from .fields import fields_from as fields_from
from .plan import add_index as add_index
from .plan import drop_index as drop_index
from .plan import explain as explain
from .reading import run_query as run_query
from .reading import sql as sql

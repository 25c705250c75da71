"""Versions of the customer database, and how one becomes the next without losing a row.

run          upgrade, version, told
scripts      what runs the script of a version
versions/v1  start small and useful: customers, with one address each, and what they bought
versions/v2  the whole schema: homes and addresses stand apart, and all tables of the dictionary
"""

from .run import upgrade as upgrade
from .run import version as version

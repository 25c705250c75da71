"""The data dictionary of the firm's tables, and the check of tables against it.

fields  what each column means (tables.yaml): schemas, dictionary, data_model, datapackage
headings  Chinese words for columns where a frame is shown in Chinese (columns.yaml)
check   faults: every breach of the dictionary, in the tables and between them
"""

from crmlab.dictionary.check import SHOWN, faults
from crmlab.dictionary.fields import data_model, datapackage, dictionary, schemas, written

__all__ = ["SHOWN", "data_model", "datapackage", "dictionary", "faults", "schemas", "written"]

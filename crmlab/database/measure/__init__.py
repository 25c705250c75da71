"""How well tables are designed: what depends on what, and what a sheet loses.

dependencies  dependencies, anomalies
sheets        several_values, split_cells, mended, lost_facts
forms         normal_form
tables        decompose, join_tables
"""

from .dependencies import anomalies as anomalies
from .dependencies import dependencies as dependencies
from .forms import NormalForm as NormalForm
from .forms import normal_form as normal_form
from .sheets import lost_facts as lost_facts
from .sheets import mended as mended
from .sheets import several_values as several_values
from .sheets import split_cells as split_cells
from .tables import decompose as decompose
from .tables import join_tables as join_tables

from .connection import open_database as open_database
from .dictionary import data_model as data_model
from .dictionary import datapackage as datapackage
from .dictionary import dictionary as dictionary
from .dictionary import faults as faults
from .measure import NormalForm as NormalForm
from .measure import anomalies as anomalies
from .measure import decompose as decompose
from .measure import dependencies as dependencies
from .measure import join_tables as join_tables
from .measure import lost_facts as lost_facts
from .measure import mended as mended
from .measure import normal_form as normal_form
from .measure import several_values as several_values
from .measure import split_cells as split_cells
from .simulate import DirectSelling as DirectSelling
from .simulate import OrderSheetTruth as OrderSheetTruth
from .simulate import SimulatedSheet as SimulatedSheet
from .simulate import draw_direct_selling as draw_direct_selling
from .simulate import draw_order_sheet as draw_order_sheet
from .simulate import simulate_order_sheet as simulate_order_sheet

__all__: list[str]

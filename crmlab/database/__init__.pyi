from .connection import open_database as open_database
from .dictionary import data_model as data_model
from .dictionary import datapackage as datapackage
from .dictionary import dictionary as dictionary
from .dictionary import faults as faults
from .simulate import DirectSelling as DirectSelling
from .simulate import draw_direct_selling as draw_direct_selling

__all__: list[str]

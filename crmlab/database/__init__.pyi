from .dictionary import datapackage as datapackage
from .dictionary import dictionary as dictionary
from .dictionary import faults as faults

__all__: list[str]

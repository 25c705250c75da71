from .calendar import season as season
from .firm import Company as Company
from .firm import CompanyTruth as CompanyTruth
from .firm import simulate_company as simulate_company
from .personas import PERSONAS as PERSONAS
from .personas import Persona as Persona

__all__: list[str]

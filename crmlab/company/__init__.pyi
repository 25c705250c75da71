from .audit import Audit as Audit
from .audit import check_company as check_company
from .calendar import season as season
from .convert import convert_company as convert_company
from .export import write_company as write_company
from .firm import Company as Company
from .firm import CompanyTruth as CompanyTruth
from .firm import simulate_company as simulate_company
from .firm import simulate_tables as simulate_tables
from .hehua import Hehua as Hehua
from .hehua import HehuaTruth as HehuaTruth
from .hehua import simulate_hehua as simulate_hehua
from .paired import PairedWorlds as PairedWorlds
from .paired import paired as paired
from .personas import PERSONAS as PERSONAS
from .personas import Persona as Persona
from .scenario import Scenario as Scenario
from .shipped import load_company as load_company
from .worlds import over_worlds as over_worlds

__all__: list[str]

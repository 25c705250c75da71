from .load import catalogue as catalogue
from .load import dictionary as dictionary
from .load import load as load
from .read import read_purchases as read_purchases
from .report import Fault as Fault
from .report import Guess as Guess
from .report import PurchaseReport as PurchaseReport

__all__: list[str]

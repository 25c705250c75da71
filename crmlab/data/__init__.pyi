from .load import load as load
from .load import catalogue as catalogue
from .load import dictionary as dictionary
from .read import read_purchases as read_purchases
from .report import Fault as Fault
from .report import Guess as Guess
from .report import PurchaseReport as PurchaseReport
from .survey import read_survey as read_survey
from .survey_report import SurveyReport as SurveyReport

__all__: list[str]

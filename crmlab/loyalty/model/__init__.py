"""Models of choice and of satisfaction: what is fitted, and then used."""

from .choice import ChoiceModel as ChoiceModel
from .dirichlet import NBDDirichlet as NBDDirichlet
from .norms import loyalty_against_norm as loyalty_against_norm
from .ordered import OrderedLogit as OrderedLogit

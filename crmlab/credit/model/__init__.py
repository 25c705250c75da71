"""What is fitted and then judges borrowers."""

from crmlab.credit.model.binning import OptimalBinner as OptimalBinner
from crmlab.credit.model.scorecard import Scorecard as Scorecard

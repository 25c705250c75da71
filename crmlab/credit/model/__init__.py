"""What is fitted and then judges borrowers."""

from crmlab.credit.model.binning import OptimalBinner as OptimalBinner
from crmlab.credit.model.binning import cut_table as cut_table
from crmlab.credit.model.rejects import reject_bias as reject_bias
from crmlab.credit.model.rejects import reject_inference as reject_inference
from crmlab.credit.model.scorecard import Scorecard as Scorecard

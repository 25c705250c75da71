"""Pictures of chapter 12. Nothing here computes: result frames in, Axes out."""

from crmlab.credit.plot.files import plot_five_c as plot_five_c
from crmlab.credit.plot.groups import plot_fairness_conflict as plot_fairness_conflict
from crmlab.credit.plot.groups import plot_group_rates as plot_group_rates
from crmlab.credit.plot.lending import plot_lending as plot_lending
from crmlab.credit.plot.scores import plot_calibration as plot_calibration
from crmlab.credit.plot.scores import plot_roc as plot_roc
from crmlab.credit.plot.scores import plot_score_distribution as plot_score_distribution
from crmlab.credit.plot.statements import plot_dupont as plot_dupont
from crmlab.credit.plot.statements import plot_ratio_trends as plot_ratio_trends
from crmlab.credit.plot.woe import plot_woe as plot_woe

"""Sliders over the pure functions of this topic."""

from crmlab.credit.explore.boundary import boundary_picture as boundary_picture
from crmlab.credit.explore.boundary import explore_boundary as explore_boundary
from crmlab.credit.explore.fairness import explore_fairness as explore_fairness
from crmlab.credit.explore.fairness import fairness_picture as fairness_picture
from crmlab.credit.explore.lending import explore_lending as explore_lending
from crmlab.credit.explore.lending import lending_picture as lending_picture

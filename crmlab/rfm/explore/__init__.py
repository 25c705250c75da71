"""Sliders over the pure functions of chapter 06."""

from crmlab.rfm.explore.cutoff import cutoff_picture as cutoff_picture
from crmlab.rfm.explore.cutoff import explore_cutoff as explore_cutoff
from crmlab.rfm.explore.scorecard import explore_scorecard as explore_scorecard
from crmlab.rfm.explore.scorecard import scorecard_picture as scorecard_picture
from crmlab.rfm.explore.weights import explore_weights as explore_weights
from crmlab.rfm.explore.weights import weights_picture as weights_picture

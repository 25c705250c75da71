"""What purchases say about who will buy again."""

from crmlab.rfm.measure.b2b import b2b_score as b2b_score
from crmlab.rfm.measure.b2b import rank_stability as rank_stability
from crmlab.rfm.measure.cutoff import cutoff_table as cutoff_table
from crmlab.rfm.measure.fedex import fedex_rfm as fedex_rfm
from crmlab.rfm.measure.fedex import growth_target as growth_target
from crmlab.rfm.measure.forecast import compare_scores as compare_scores
from crmlab.rfm.measure.forecast import decile_table as decile_table
from crmlab.rfm.measure.guide import segment_guide as segment_guide
from crmlab.rfm.measure.holdout import holdout_response as holdout_response
from crmlab.rfm.measure.pace import frequency_gap as frequency_gap
from crmlab.rfm.measure.promotion import PromotionROI as PromotionROI
from crmlab.rfm.measure.promotion import promotion_roi as promotion_roi
from crmlab.rfm.measure.returns import return_probability as return_probability
from crmlab.rfm.measure.scores import rfm as rfm
from crmlab.rfm.measure.scores import rfm_scores as rfm_scores
from crmlab.rfm.measure.segments import rfm_map as rfm_map
from crmlab.rfm.measure.segments import rfm_segments as rfm_segments
from crmlab.rfm.measure.segments import segment_summary as segment_summary
from crmlab.rfm.measure.spread import value_spread as value_spread
from crmlab.rfm.measure.trajectories import trajectories as trajectories
from crmlab.rfm.measure.trajectories import trajectory_group as trajectory_group

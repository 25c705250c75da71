"""Pictures of chapter 06. Nothing here computes: result frames in, Axes out."""

from crmlab.rfm.plot.clusters import plot_cluster_profiles as plot_cluster_profiles
from crmlab.rfm.plot.forecast import plot_cutoff as plot_cutoff
from crmlab.rfm.plot.forecast import plot_deciles as plot_deciles
from crmlab.rfm.plot.forecast import plot_gains as plot_gains
from crmlab.rfm.plot.returns import plot_return_probability as plot_return_probability
from crmlab.rfm.plot.segments import plot_rfm_map as plot_rfm_map
from crmlab.rfm.plot.segments import plot_segments as plot_segments
from crmlab.rfm.plot.segments import plot_weighted_scores as plot_weighted_scores
from crmlab.rfm.plot.stability import plot_rank_stability as plot_rank_stability
from crmlab.rfm.plot.timelines import plot_timelines as plot_timelines
from crmlab.rfm.plot.trajectories import plot_trajectories as plot_trajectories

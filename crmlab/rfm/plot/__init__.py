"""Pictures of chapter 06. Nothing here computes: result frames in, Axes out."""

from crmlab.rfm.plot.returns import plot_return_probability as plot_return_probability
from crmlab.rfm.plot.segments import plot_rfm_map as plot_rfm_map
from crmlab.rfm.plot.segments import plot_segments as plot_segments
from crmlab.rfm.plot.stability import plot_rank_stability as plot_rank_stability
from crmlab.rfm.plot.trajectories import plot_trajectories as plot_trajectories

"""Pictures of fans, of networks, and of a stall: result frames in, Axes out."""

from .fans import plot_fan_funnel as plot_fan_funnel
from .fans import plot_interaction_effect as plot_interaction_effect
from .fans import plot_referral_k as plot_referral_k
from .friends import plot_friends as plot_friends
from .launch import plot_event_study as plot_event_study
from .launch import plot_follow_effect as plot_follow_effect
from .sellers import plot_seller_tree as plot_seller_tree
from .stall import plot_entry_game as plot_entry_game
from .stall import plot_fee_curve as plot_fee_curve
from .stall import plot_line as plot_line

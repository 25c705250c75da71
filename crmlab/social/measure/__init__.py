"""What fans do and bring, who leads to whom, and what a stall and its rivals earn.

questions   the fourteen of the course, and the call that answers each
fans, effect, launch   who they are and what they do; what interacting and following do to buying
waiting, leaving, winning_back   days to a purchase; unfollowing, time that cannot end, coming back
friends, ties, seeding   whom a fan brings; what friendships tell; whom to tell first
offers, queue, market   two offers, a stall's queue, and its fees, rivals and coupons
"""

from .effect import fan_window as fan_window
from .effect import interaction_effect as interaction_effect
from .fans import fan_funnel as fan_funnel
from .fans import interaction_rates as interaction_rates
from .fans import spend_since_following as spend_since_following
from .friends import friend_behaviour as friend_behaviour
from .friends import referral_k as referral_k
from .launch import event_study as event_study
from .launch import follow_effect as follow_effect
from .leaving import active_fan_time as active_fan_time
from .leaving import first_after_following as first_after_following
from .leaving import following_time as following_time
from .leaving import unfollow_reasons as unfollow_reasons
from .market import Seller as Seller
from .market import break_even_orders as break_even_orders
from .market import coupon_war as coupon_war
from .market import entry_game as entry_game
from .market import fee_curve as fee_curve
from .network import reach_through_network as reach_through_network
from .network import seller_tree as seller_tree
from .offers import DatabaseTrigger as DatabaseTrigger
from .offers import arrival_offer as arrival_offer
from .offers import database_trigger as database_trigger
from .offers import repost_cost as repost_cost
from .offers import share_paid as share_paid
from .questions import fan_questions as fan_questions
from .queue import expected_wait as expected_wait
from .queue import queue_waits as queue_waits
from .seeding import choose_seeds as choose_seeds
from .ties import friend_counts as friend_counts
from .ties import friend_effect as friend_effect
from .ties import friendship_paradox as friendship_paradox
from .waiting import days_to_purchase as days_to_purchase
from .waiting import follow_to_purchase as follow_to_purchase
from .winning_back import win_back_effect as win_back_effect

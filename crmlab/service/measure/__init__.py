"""What complaints do, what is bought together, and what an offer to one customer brings.

complaints  complaint_to_churn
baskets     basket_pairs, frequent_sets
rules       association_rules, shuffled_baskets, rules_by_chance
extensions  extension_products
habits      second_purchase, season_index, channel_mix
prices      price_elasticity, promotion_effect
ranking     ranking_quality
learning    regret, off_policy_value
tailoring   tailoring, best_treatments, crossover_cost
cycles      purchase_cycles, offer_list, list_lift
"""

from .baskets import basket_pairs as basket_pairs
from .baskets import frequent_sets as frequent_sets
from .complaints import complaint_to_churn as complaint_to_churn
from .cycles import list_lift as list_lift
from .cycles import offer_list as offer_list
from .cycles import purchase_cycles as purchase_cycles
from .extensions import extension_products as extension_products
from .habits import channel_mix as channel_mix
from .habits import season_index as season_index
from .habits import second_purchase as second_purchase
from .learning import off_policy_value as off_policy_value
from .learning import regret as regret
from .prices import price_elasticity as price_elasticity
from .prices import promotion_effect as promotion_effect
from .ranking import ranking_quality as ranking_quality
from .rules import association_rules as association_rules
from .rules import rules_by_chance as rules_by_chance
from .rules import shuffled_baskets as shuffled_baskets
from .tailoring import best_treatments as best_treatments
from .tailoring import crossover_cost as crossover_cost
from .tailoring import tailoring as tailoring

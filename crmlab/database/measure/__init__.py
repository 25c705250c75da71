"""Frames in, frames out: what a firm's tables say, and how well they are designed.

dependencies  dependencies, anomalies
sheets        several_values, split_cells, mended, lost_facts
forms         normal_form
tables        decompose, join_tables
indices       loyalty_index, potential_index, wallet
promotions    promotion_answers, promotion_cost, promotion_results, response_by_hour
trade         cumulative_amount, return_rate, complaint_to_churn
"""

from .dependencies import anomalies as anomalies
from .dependencies import dependencies as dependencies
from .forms import NormalForm as NormalForm
from .forms import normal_form as normal_form
from .indices import loyalty_index as loyalty_index
from .indices import potential_index as potential_index
from .indices import wallet as wallet
from .promotions import promotion_answers as promotion_answers
from .promotions import promotion_cost as promotion_cost
from .promotions import promotion_results as promotion_results
from .promotions import response_by_hour as response_by_hour
from .sheets import lost_facts as lost_facts
from .sheets import mended as mended
from .sheets import several_values as several_values
from .sheets import split_cells as split_cells
from .tables import decompose as decompose
from .tables import join_tables as join_tables
from .trade import complaint_to_churn as complaint_to_churn
from .trade import cumulative_amount as cumulative_amount
from .trade import return_rate as return_rate

"""What promotions cost and bring, and when their answers come."""

from .promotions import promotion_answers as promotion_answers
from .promotions import promotion_cost as promotion_cost
from .promotions import promotion_results as promotion_results
from .promotions import response_by_hour as response_by_hour

"""What customers take and give back."""

from .trade import cumulative_amount as cumulative_amount
from .trade import return_rate as return_rate

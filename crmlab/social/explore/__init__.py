"""Sliders over the pure functions of this topic.

fans   explore_cause_or_mark: what drives interacting and buying, and what each way finds
stall  explore_stall: who orders before the bell, and how long the line is
       explore_fee: what the group costs, and from when it pays
"""

from .fans import cause_or_mark_picture as cause_or_mark_picture
from .fans import explore_cause_or_mark as explore_cause_or_mark
from .stall import explore_fee as explore_fee
from .stall import explore_stall as explore_stall
from .stall import fee_picture as fee_picture
from .stall import stall_picture as stall_picture

"""How often members come back, after how long, and which of four quadrants they stand in.

gaps  repurchase, repurchase_gaps, repurchase_summary
grid  quadrants, quadrant_summary
"""

from .gaps import Repurchase as Repurchase
from .gaps import repurchase as repurchase
from .gaps import repurchase_gaps as repurchase_gaps
from .gaps import repurchase_summary as repurchase_summary
from .grid import quadrant_summary as quadrant_summary
from .grid import quadrants as quadrants

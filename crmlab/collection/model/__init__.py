"""Weights and reliabilities that are fitted.

raking  Raking: weights that bring a sample to known margins, and means that know of it
fuse    SourceFusion: what is true, from sources whose reliability is learnt
"""

from .fuse import SourceFusion as SourceFusion
from .raking import Raking as Raking

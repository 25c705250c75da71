"""What each part of a promotion adds, whom a contact moves, and the loop of six steps."""

from .effects import DesignEffects as DesignEffects
from .loop import CampaignLoop as CampaignLoop
from .uplift import UpliftModel as UpliftModel

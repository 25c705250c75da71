"""Sliders over the pure functions of this topic.

cards      explore_effective_cards: window and threshold
contact    explore_contacts: members' patience and the best interval
promotion  explore_promotion: length, regularity and unlike members
"""

from .cards import effective_picture as effective_picture
from .cards import explore_effective_cards as explore_effective_cards
from .contact import contact_picture as contact_picture
from .contact import explore_contacts as explore_contacts
from .promotion import explore_promotion as explore_promotion
from .promotion import promotion_picture as promotion_picture

"""Two customer cards, filled from the database.

recorded  customer_card   the five blocks that a firm records
selling   selling_card    the direct seller's card, with what is sensitive masked
shape     Card            what both are
"""

from .recorded import customer_card as customer_card
from .selling import selling_card as selling_card
from .shape import Card as Card

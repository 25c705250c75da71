"""Two customer cards, filled from the database.

recorded  customer_card   the five blocks that a firm records
selling   selling_card    the direct seller's card, with what is sensitive masked
shape     Card            what both are
fields    card_fields     the fields of the direct seller's card, and what each is needed for
"""

from .fields import card_fields as card_fields
from .recorded import customer_card as customer_card
from .selling import selling_card as selling_card
from .shape import Card as Card

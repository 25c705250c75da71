"""What a customer database is for: its five features, each answered by a query.

1. A dynamic query system: `build_query`, and `sql` for what it cannot say.
2. ties       relationship_view: a structure that supports relationships
3. loyal      loyal_customers: recognition of loyal customers
4. reference  purchase_reference: a reference on purchase behaviour
5. service    personalised_service: personalised service
"""

from .loyal import loyal_customers as loyal_customers
from .reference import purchase_reference as purchase_reference
from .service import NextContact as NextContact
from .service import personalised_service as personalised_service
from .ties import relationship_view as relationship_view

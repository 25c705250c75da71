"""What complaints do."""

from .complaints import complaint_to_churn as complaint_to_churn

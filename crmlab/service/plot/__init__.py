"""Pictures of service: result frames in, Axes out."""

from .complaints import plot_complaint_to_churn as plot_complaint_to_churn

"""Pictures of customers: result frames in, Axes out."""

from .customers import plot_lasting_by_score as plot_lasting_by_score
from .customers import plot_relationship_types as plot_relationship_types
from .customers import plot_type_confusion as plot_type_confusion
from .customers import plot_want_value as plot_want_value

"""What purchases say about who will buy again."""

from crmlab.rfm.measure.returns import return_probability as return_probability

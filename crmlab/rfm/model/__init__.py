"""Groups of customers that are fitted."""

from crmlab.rfm.model.angles import compare_angles as compare_angles
from crmlab.rfm.model.angles import segment as segment
from crmlab.rfm.model.clusters import CustomerClusters as CustomerClusters

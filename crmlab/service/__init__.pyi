from .measure import complaint_to_churn as complaint_to_churn
from .plot import plot_complaint_to_churn as plot_complaint_to_churn
from .simulate import AfterSales as AfterSales
from .simulate import AfterSalesTruth as AfterSalesTruth
from .simulate import simulate_aftersales as simulate_aftersales
from .simulate import simulate_failures as simulate_failures
from .simulate import tariffs as tariffs

__all__: list[str]

from .simulate import AfterSales as AfterSales
from .simulate import AfterSalesTruth as AfterSalesTruth
from .simulate import draw_aftersales as draw_aftersales
from .simulate import draw_failures as draw_failures
from .simulate import simulate_aftersales as simulate_aftersales
from .simulate import tariffs as tariffs

__all__: list[str]

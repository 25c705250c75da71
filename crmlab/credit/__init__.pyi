from .simulate import Loans as Loans
from .simulate import draw_loans as draw_loans
from .simulate import draw_statements as draw_statements
from .simulate import simulate_loans as simulate_loans
from .simulate import simulate_statements as simulate_statements

__all__: list[str]

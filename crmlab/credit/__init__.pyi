from .simulate import Loans as Loans
from .simulate import simulate_loans as simulate_loans
from .simulate import simulate_statements as simulate_statements

__all__: list[str]

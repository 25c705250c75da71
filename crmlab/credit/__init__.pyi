from .measure import credit_grades as credit_grades
from .measure import lending_table as lending_table
from .measure import swap_set as swap_set
from .model import OptimalBinner as OptimalBinner
from .model import Scorecard as Scorecard
from .simulate import Loans as Loans
from .simulate import simulate_loans as simulate_loans
from .simulate import simulate_statements as simulate_statements

__all__: list[str]

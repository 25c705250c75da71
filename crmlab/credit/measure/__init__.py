"""What files, statements and scores say about who repays."""

from crmlab.credit.measure.money import credit_grades as credit_grades
from crmlab.credit.measure.money import lending_table as lending_table
from crmlab.credit.measure.money import swap_set as swap_set

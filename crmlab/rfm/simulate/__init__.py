"""Situations of chapter 06 whose truth is known."""

from crmlab.rfm.simulate.letter import draw_letter as draw_letter
from crmlab.rfm.simulate.letter import simulate_letter as simulate_letter
from crmlab.rfm.simulate.shippers import draw_shippers as draw_shippers
from crmlab.rfm.simulate.shippers import simulate_shippers as simulate_shippers
from crmlab.rfm.simulate.supermarket import draw_supermarket as draw_supermarket
from crmlab.rfm.simulate.supermarket import simulate_supermarket as simulate_supermarket
from crmlab.rfm.simulate.timeline import four_customers as four_customers

"""Situations of chapter 06 whose truth is known."""

from crmlab.rfm.simulate.supermarket import draw_supermarket as draw_supermarket
from crmlab.rfm.simulate.supermarket import simulate_supermarket as simulate_supermarket
from crmlab.rfm.simulate.timeline import four_customers as four_customers

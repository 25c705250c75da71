"""Situations of chapter 06 whose truth is known."""

from crmlab.rfm.simulate.angles import simulate_segments as simulate_segments
from crmlab.rfm.simulate.captive import simulate_captive as simulate_captive
from crmlab.rfm.simulate.letter import simulate_letter as simulate_letter
from crmlab.rfm.simulate.response import simulate_response as simulate_response
from crmlab.rfm.simulate.shippers import simulate_shippers as simulate_shippers
from crmlab.rfm.simulate.supermarket import simulate_supermarket as simulate_supermarket
from crmlab.rfm.simulate.telecom import simulate_telecom as simulate_telecom
from crmlab.rfm.simulate.timeline import four_customers as four_customers

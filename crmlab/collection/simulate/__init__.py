"""Worlds in which customer data are collected, and the truth behind them.

records         simulate_records: the same people in several systems
scattered       simulate_scattered: facts about them in four files, old, second-hand or missing
leads           simulate_leads: fourteen methods whose conversion is known
intel           simulate_intel: ten sources that contradict each other about key accounts
survey          simulate_survey: who answers, what they say, and what is true
interviews      simulate_interviews: some of which never took place
sensitive       simulate_sensitive: a question that people lie about
questionnaires  simulate_questionnaires: filled in with care, or without
"""

from .intel import simulate_intel as simulate_intel
from .interviews import simulate_interviews as simulate_interviews
from .leads import simulate_leads as simulate_leads
from .questionnaires import simulate_questionnaires as simulate_questionnaires
from .records import simulate_records as simulate_records
from .scattered import simulate_scattered as simulate_scattered
from .sensitive import simulate_sensitive as simulate_sensitive
from .survey import simulate_survey as simulate_survey

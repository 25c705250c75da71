"""What is computed from collected data directly.

features      information_scores, freshness, change_rates, join_facts: four features of information
leads         channel_report: which channels bring customers, raw and shrunk
audit         bias_audit, compare_methods, remedy_plans: what makes answers wrong, and what it costs
interviewers  interviewer_effect, fabrication_signs, flag_curve, innocent_share
sensitive     sensitive_share: questions that people lie about
precheck      precheck: five patterns of careless answers
planning      sample_size, stopping, caution_score
"""

from .audit import bias_audit as bias_audit
from .audit import compare_methods as compare_methods
from .audit import remedy_plans as remedy_plans
from .features import change_rates as change_rates
from .features import freshness as freshness
from .features import information_scores as information_scores
from .features import join_facts as join_facts
from .interviewers import InterviewerEffect as InterviewerEffect
from .interviewers import fabrication_signs as fabrication_signs
from .interviewers import flag_curve as flag_curve
from .interviewers import innocent_share as innocent_share
from .interviewers import interviewer_effect as interviewer_effect
from .leads import channel_report as channel_report
from .planning import SampleSize as SampleSize
from .planning import Stopping as Stopping
from .planning import caution_score as caution_score
from .planning import sample_size as sample_size
from .planning import stopping as stopping
from .precheck import precheck as precheck
from .sensitive import sensitive_share as sensitive_share

"""What the course lists of managing customer relationships: steps, processes, duties, helps.

Items are numbered as in the course's slides. The fourteen helps are its thirteen lines, of which
the last names two things that are measured apart: whether customers stay, and are satisfied.
"""

from __future__ import annotations

import pandas as pd

from crmlab._checks import require_one_of
from crmlab._words import N_

__all__ = ["crm_table"]

STEPS = {
    "record": "produce accurate customer information",
    "analyse": "find high propensity and value",
    "organise": "customer-first organisation and a tailored marketing process",
    "implement": "manage churn, steer migration, extend products",
    "measure": "measure what it brought, against a control group",
    "improve": "change what did not work, and begin again",
}
FACTORS = {
    "clear target": ("mass market", "groups of high value or potential"),
    "tailoring": ("one scheme for all", "schemes that differ by understanding"),
    "timeliness": ("reactive, by the company's calendar", "proactive, at the customer's decisions"),
    "testing": ("few big programmes by intuition", "many ideas against a control group"),
}
# What the firm's own numbers would fill in: cases an hour and minutes each are examples.
PROCESSES = {
    "sales counter": ("head of sales", 60.0, 6.0),
    "installation, warranty and after-sales": ("head of service", 12.0, 25.0),
    "collection and payment": ("head of accounts", 20.0, 8.0),
    "call centre": ("head of the call centre", 90.0, 4.0),
    "promotion design": ("head of marketing", 4.0, 30.0),
    "customer reward scheme": ("head of the club", 15.0, 5.0),
}
ACTIONS = (
    "right customers",
    "fitting value proposition",
    "best service process",
    "effective staff incentives",
    "learn to retain",
)
DUTIES = {
    "find the most valuable customers": 0,
    "know lifetime value": 0,
    "needs of today and tomorrow": 1,
    "rivals' offers of today and tomorrow": 1,
    "meaningful services left": 1,
    "best possible service": 2,
    "systematic service costing": 2,
    "tools and training": 3,
    "hire, promote, reward and dismiss": 3,
    "why customers leave": 4,
    "how rivals take the best ones": 4,
    "top management watches movement": 4,
}
# Each help: its action, the duties that it serves (from 1), and what of crmlab does it.
HELPS = {
    "revenue and cost for present and future value": (0, (1, 2), "pyramid.value_cost"),
    "raise the effect of marketing": (0, (1,), "campaigns.treatment_effect"),
    "data on behaviour": (1, (3,), "behaviour.understand"),
    "new channels": (1, (3, 5), "service.channel_mix"),
    "new price models": (1, (5,), "service.price_elasticity"),
    "communities": (1, (3,), "social.reach_through_network"),
    "faster transactions": (2, (6,), "campaigns.staffing"),
    "clear data at the front line": (2, (6,), "members.assistant_card"),
    "supply and logistics": (2, (6,), "service.purchase_cycles"),
    "partners who win too": (2, (6,), "service.extension_products"),
    "aligned rewards": (3, (9,), "campaigns.maturity_audit"),
    "knowledge management": (3, (8,), "database.customer_card"),
    "track churn and retention": (4, (10, 12), "lifetime.cohort_table"),
    "track satisfaction": (4, (10,), "loyalty.csat"),
}
# The seven elements, and whether one can order them (hard) or only live them (soft).
ELEMENTS = {
    N_("strategy"): "hard",
    N_("shared values"): "soft",
    N_("structure"): "hard",
    N_("skills"): "soft",
    N_("staff"): "soft",
    N_("systems"): "hard",
    N_("style"): "soft",
}
PHASES = {
    "pilot": ("a small team, a first visible effect", "files, a spreadsheet, by hand"),
    "roll-out": ("all groups, campaigns of the whole firm", "a database, every night"),
    "final": ("every channel, each customer, at once", "a stream of events"),
}
KINDS = ("steps", "factors", "processes", "duties", "helps", "elements", "phases")


def crm_table(kind: str) -> pd.DataFrame:
    """Return one of the course's lists on managing customer relationships, as a table.

    Parameters
    ----------
    kind : str
        steps       the loop of six: step, name, what
        factors     four of success, from what to what: factor, from, to
        processes   six, each with one owner and a load to begin from: process, owner,
                    cases_per_hour, handle_minutes
        duties      twelve of five essential actions: duty (number), name, action
        helps       fourteen things that CRM can help with: help (number), name, action, duties
                    that it serves, function of crmlab that does it
        elements    the seven of an organisation: element, kind ("hard" or "soft")
        phases      three of implementation: phase, goal, means

    Returns
    -------
    DataFrame, one row per item, in the course's order

    Raises
    ------
    OutOfRangeError
        If there is no such list.

    Source
    ------
    This course's notes; the seven elements are those of Waterman, Peters and Phillips (1980),
    doi:10.1016/0007-6813(80)90027-0. Owners and loads of processes are examples.

    Examples
    --------
    >>> crm_table("steps")["name"].tolist()
    ['record', 'analyse', 'organise', 'implement', 'measure', 'improve']
    """
    require_one_of("kind", kind, KINDS)
    rows: dict[str, list[tuple]] = {
        "steps": [(k, *pair) for k, pair in enumerate(STEPS.items(), 1)],
        "factors": [(name, *pair) for name, pair in FACTORS.items()],
        "processes": [(name, *row) for name, row in PROCESSES.items()],
        "duties": [(k, name, ACTIONS[a]) for k, (name, a) in enumerate(DUTIES.items(), 1)],
        "helps": [
            (k, name, ACTIONS[a], ", ".join(map(str, duties)), function)
            for k, (name, (a, duties, function)) in enumerate(HELPS.items(), 1)
        ],
        "elements": [*ELEMENTS.items()],
        "phases": [(name, *row) for name, row in PHASES.items()],
    }
    columns = {
        "steps": ["step", "name", "what"],
        "factors": ["factor", "from", "to"],
        "processes": ["process", "owner", "cases_per_hour", "handle_minutes"],
        "duties": ["duty", "name", "action"],
        "helps": ["help", "name", "action", "duties", "function"],
        "elements": ["element", "kind"],
        "phases": ["phase", "goal", "means"],
    }
    table = pd.DataFrame(rows[kind], columns=columns[kind])
    texts = [name for name in table if table[name].dtype.kind not in "if"]
    return table.astype(dict.fromkeys(texts, "str"))

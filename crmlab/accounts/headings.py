"""The five headings of an account's file, their fields, and what each field holds."""

from crmlab._words import N_

TEXT, NUMBER, INDEX, LIST = "text", "number", "mapping of name to number", "list"
# heading -> field -> what it holds
HEADINGS: dict[str, dict[str, str]] = {
    "company": {
        "products": TEXT,
        "firm": TEXT,
        "mission": TEXT,
        "year_goals": LIST,
        "indices": INDEX,
    },
    "finances": {"expected_turnover_cny": NUMBER, "expected_profit_cny": NUMBER},
    "swot": {"opportunities": LIST, "threats": LIST, "strengths": LIST, "weaknesses": LIST},
    "strategy": {"success_factors": LIST, "actions": LIST},
    "relationship": {"owner": TEXT, "contacts": LIST, "history": TEXT, "next_step": TEXT},
}
LABELS = {
    "company": N_("1.1 Company"),
    "finances": N_("1.2 Finances"),
    "swot": N_("1.3 SWOT"),
    "strategy": N_("1.4 Strategy"),
    "relationship": N_("1.5 Our relationship"),
    "products": N_("Products and business"),
    "firm": N_("Firm"),
    "mission": N_("Mission"),
    "year_goals": N_("Goals of the year"),
    "indices": N_("Performance indices"),
    "expected_turnover_cny": N_("Expected turnover (CNY)"),
    "expected_profit_cny": N_("Expected profit (CNY)"),
    "opportunities": N_("Opportunities"),
    "threats": N_("Threats"),
    "strengths": N_("Strengths"),
    "weaknesses": N_("Weaknesses"),
    "success_factors": N_("Success factors"),
    "actions": N_("Actions"),
    "owner": N_("Owner"),
    "contacts": N_("Contacts"),
    "history": N_("History"),
    "next_step": N_("Next step"),
}
# What a gap asks for.
REMEDIES = {
    "owner": N_("name who answers for this account"),
    "contacts": N_("name the people of the buying centre you have met"),
    "next_step": N_("say what happens next, and when"),
    "expected_turnover_cny": N_("ask for the budget of the year"),
    "expected_profit_cny": N_("ask for the plan of the year"),
}

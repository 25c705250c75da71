"""The four quadrants of members: their names, and what the field advises for each."""

from crmlab._words import N_

# Numbered as in mathematics: 1 at the upper right, then against the clock.
QUADRANTS = {
    1: N_("gold"),
    2: N_("rare but large"),
    3: N_("both low"),
    4: N_("often but small"),
}

STRATEGIES = {
    1: N_("no extra contact needed; protect and reward"),
    2: N_("contact more often"),
    3: N_("if resources are scarce, only contact that prevents loss"),
    4: N_("no need to invite; raise the ticket in the store"),
}

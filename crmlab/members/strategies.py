"""The four quadrants of members: their names, and what the field advises for each."""

# Numbered as in mathematics: 1 at the upper right, then against the clock.
QUADRANTS = {1: "gold", 2: "rare but large", 3: "both low", 4: "often but small"}

STRATEGIES = {
    1: "no extra contact needed; protect and reward",
    2: "contact more often",
    3: "if resources are scarce, only contact that prevents loss",
    4: "no need to invite; raise the ticket in the store",
}

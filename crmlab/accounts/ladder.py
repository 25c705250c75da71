"""The five levels of knowing a rival, and the four sources it comes from."""

from crmlab._words import N_

LEVELS = {
    1: N_("list them"),
    2: N_("describe their state"),
    3: N_("grasp their direction"),
    4: N_("read their intent"),
    5: N_("steer their behaviour"),
}
SOURCES = ("competitor's staff", "those who deal with it", "media", "direct observation")

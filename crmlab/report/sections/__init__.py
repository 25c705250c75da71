"""The page's story: each module makes one section from a `Case`."""

from crmlab.report.sections import (
    actions,
    changes,
    concentration,
    definitions,
    glossary,
    headlines,
    members,
    movement,
    outlook,
    quality,
    segments,
)

SECTIONS = (
    headlines,
    quality,
    segments,
    concentration,
    members,
    movement,
    changes,
    outlook,
    actions,
    glossary,
    definitions,
)

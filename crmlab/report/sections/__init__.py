"""The page's story: each module makes one section from a `Case`."""

from crmlab.report.sections import (
    actions,
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
    outlook,
    actions,
    glossary,
    definitions,
)

"""The page and the slides of a project: each number leads to the cell that made it."""

from __future__ import annotations

from collections.abc import Mapping

from crmlab._words import _
from crmlab.report.findings import Finding, pieces
from crmlab.report.render import environment
from crmlab.report.steps import Told, checklist
from crmlab.report.words import day, visible


def page(told: Told) -> str:
    """Return the page of a project, as one file that fetches nothing."""
    return _render("project.html", told)


def deck(told: Told) -> str:
    """Return a project's slides: one screen each, moved through by scrolling or by keys."""
    return _render("deck.html", told)


def _render(template: str, told: Told) -> str:
    """Fill a template; every text is escaped, and made safe to look at."""
    period = _("Purchases from {first} to {last}")
    return (
        environment()
        .get_template(template)
        .render(
            title=visible(told.title),
            period=period.format(first=day(told.first), last=day(told.last)),
            promised={name: _whole(text) for name, text in told.promised.items()},
            basis=_whole(told.basis),
            untold=[_whole(text) for text in told.untold],
            paragraphs=[_linked(text, told.findings) for text in told.said],
            findings=[(one, _base(one), _window(one)) for one in told.findings.values()],
            verdict=told.verdict,
            checklist=[*checklist(told).itertuples(index=False)],
        )
    )


def _whole(text: str) -> str:
    return visible(text, longest=2_000)


def _linked(text: str, findings: Mapping[str, Finding]) -> list[tuple[str, Finding | None]]:
    """Return a text as words, each with the number that follows it."""
    return [(_whole(words), findings.get(name)) for words, name in pieces(text)]


def _base(one: Finding) -> str:
    return "" if one.of is None else _("of {n}").format(n=f"{one.of:,}")


def _window(one: Finding) -> str:
    return f"{day(one.first)} – {day(one.last)}"

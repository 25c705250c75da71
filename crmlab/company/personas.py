"""The kinds of customers Hehua has: what chapters 06 and 07 look for, and in the end open."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PERSONAS", "Persona"]


@dataclass(frozen=True)
class Persona:
    """Customers alike in what they do; each still has a rate, a chance and a ticket of their own.

    `rate`, `dropout`, `ticket` are the laws of `crmlab.lifetime.simulate.simulate_purchases`
    (weeks; per repeat purchase; CNY). `share` is of all customers, `joining_days` counts from the
    first day, `refunds` is a share of purchases, `online` the share not bought in a shop, and
    `enquiries` the mean number of calls to the service desk per purchase.
    """

    name: str
    name_zh: str
    share: float
    rate: tuple[float, float]
    dropout: tuple[float, float]
    ticket: tuple[float, float, float]
    joining_days: int
    refunds: float
    online: float
    enquiries: float


PERSONAS = (
    Persona(
        name="loyal gold",
        name_zh="黄金顾客",
        share=0.08,
        rate=(10.0, 25.0),
        dropout=(0.5, 160.0),
        ticket=(8.0, 12.0, 450.0),
        joining_days=365,
        refunds=0.01,
        online=0.3,
        enquiries=0.05,
    ),
    Persona(
        name="potential big ticket",
        name_zh="潜力大单顾客",
        share=0.09,
        rate=(6.0, 80.0),
        dropout=(0.5, 12.0),
        ticket=(8.0, 12.0, 1000.0),
        joining_days=640,
        refunds=0.02,
        online=0.2,
        enquiries=0.10,
    ),
    Persona(
        name="price hunter",
        name_zh="价格敏感顾客",
        share=0.12,
        rate=(4.0, 9.0),
        dropout=(0.6, 40.0),
        ticket=(4.0, 8.0, 70.0),
        joining_days=640,
        refunds=0.08,
        online=0.9,
        enquiries=0.60,
    ),
    Persona(
        name="everyday",
        name_zh="普通顾客",
        share=0.22,
        rate=(2.0, 14.0),
        dropout=(0.6, 6.0),
        ticket=(4.0, 6.0, 120.0),
        joining_days=640,
        refunds=0.02,
        online=0.5,
        enquiries=0.10,
    ),
    Persona(
        name="faded",
        name_zh="流失顾客",
        share=0.16,
        rate=(3.0, 12.0),
        dropout=(3.0, 9.0),
        ticket=(4.0, 6.0, 225.0),
        joining_days=270,
        refunds=0.04,
        online=0.4,
        enquiries=0.15,
    ),
    Persona(
        name="one time",
        name_zh="一次性顾客",
        share=0.33,
        rate=(0.3, 120.0),
        dropout=(1.0, 1.0),
        ticket=(4.0, 6.0, 110.0),
        joining_days=731,
        refunds=0.03,
        online=0.6,
        enquiries=0.10,
    ),
)

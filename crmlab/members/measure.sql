-- The measures of crmlab.members.measure as portable SQL: the same columns, the same definitions.
-- The period is (start, as_of], {months} calendar months long.

-- name: gaps
-- after: log
-- One row per customer and purchase day, with the next one.
select
    customer_id,
    day,
    lead(day) over (partition by customer_id order by day) as next_day,
    lead(cents) over (partition by customer_id order by day) as next_cents
from (
    select customer_id, day, sum(cents) as cents
    from log
    where cents > 0 and day <= {as_of}
    group by customer_id, day
) visits

-- name: repurchase_gaps
-- after: gaps
-- returns: customer_id, date date, gap_days int, returned bool, spend float
select
    customer_id,
    day as date,
    coalesce(next_day, {as_of}) - day as gap_days,
    case when next_day is null then 0 else 1 end as returned,
    next_cents / 100e0 as spend
from gaps

-- name: repurchase
-- after: log, gaps
-- returns: customer_id, returns int, returns_per_year float, mean_gap_days float
-- returns: spend_per_return float, open_days float, exposed_days int
select
    everybody.customer_id,
    coalesce(returns, 0) as returns,
    coalesce(returns, 0) * 12e0 / {months} as returns_per_year,
    gap_days * 1e0 / returns as mean_gap_days,
    cents / (returns * 1e0) / 100e0 as spend_per_return,
    {as_of} - last_bought as open_days,
    case
        when first_bought is null then 0
        when first_bought > {start} then {as_of} - first_bought
        else {as_of} - {start}
    end as exposed_days
from (select customer_id from log where day <= {as_of} group by customer_id) everybody
left join (
    select customer_id, min(day) as first_bought, max(day) as last_bought
    from gaps
    group by customer_id
) bought on bought.customer_id = everybody.customer_id
left join (
    select
        customer_id,
        count(*) as returns,
        sum(next_day - day) as gap_days,
        sum(next_cents) as cents
    from gaps
    where next_day > {start}
    group by customer_id
) ended on ended.customer_id = everybody.customer_id

-- name: quadrants
-- after: repurchase
-- returns: customer_id, returns int, returns_per_year float, mean_gap_days float
-- returns: spend_per_return float, open_days float, exposed_days int, frequency_line float
-- returns: ticket_line float, quadrant int
select
    lined.*,
    case
        when returns_per_year - frequency_line > 1e-12 * abs(frequency_line)
            and spend_per_return - ticket_line > 1e-12 * abs(ticket_line) then 1
        when returns_per_year - frequency_line > 1e-12 * abs(frequency_line) then 4
        when spend_per_return - ticket_line > 1e-12 * abs(ticket_line) then 2
        else 3
    end as quadrant
from (
    select
        repurchase.*,
        avg(returns_per_year) over () as frequency_line,
        avg(spend_per_return) over () as ticket_line
    from repurchase
) lined

-- name: card_months
-- after: log, month_ends
-- One row per customer and month; crmlab.scale gives month_ends (place, start, last).
select
    customer_id,
    place,
    sum(cents) as cents,
    max(case when cents > 0 then 1 else 0 end) as bought
from log
join month_ends on day > start and day <= last
group by customer_id, place

-- name: rolling_churn
-- after: card_months, churn_ends
-- returns: place int, cohort int, returned int
-- Of each end (place): who bought in the window before the window, and who of them came back.
select
    place,
    coalesce(sum(was), 0) as cohort,
    coalesce(sum(was * back), 0) as returned
from (
    select
        churn_ends.place,
        customer_id,
        max(case when card_months.place <= churn_ends.place - {window} then 1 else 0 end) as was,
        max(
            case
                when card_months.place > churn_ends.place - {window}
                    and card_months.place <= churn_ends.place - {window} + {back}
                then 1
                else 0
            end
        ) as back
    from churn_ends
    left join card_months
        on card_months.place > churn_ends.place - 2 * {window}
        and card_months.place <= churn_ends.place
        and bought = 1
    group by churn_ends.place, customer_id
) cards
group by place

-- name: known_cards
-- after: card_months, month_ends
-- returns: place int, cards int
select month_ends.place, count(*) as cards
from month_ends
join (select customer_id, min(place) as first_place from card_months group by customer_id) firsts
    on firsts.first_place <= month_ends.place
group by month_ends.place

-- name: effective_cards
-- after: card_months, card_windows
-- returns: span int, place int, effective int
-- crmlab.scale gives card_windows (span, place); by a purchase where {cents} is 0, else by money.
select span, place, sum(case when in_use > 0 then 1 else 0 end) as effective
from (
    select
        card_windows.span,
        card_windows.place,
        customer_id,
        case when {cents} = 0 then max(bought) when sum(cents) >= {cents} then 1 else 0 end as in_use
    from card_windows
    left join card_months
        on card_months.place > card_windows.place - card_windows.span
        and card_months.place <= card_windows.place
    group by card_windows.span, card_windows.place, customer_id
) cards
group by span, place

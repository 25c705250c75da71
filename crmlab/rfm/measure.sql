-- The measures of crmlab.rfm.measure as portable SQL: the same columns, the same definitions.
-- Read from log (customer_id, day, cents): days since 1970-01-01, money in whole cents, so that
-- no engine needs a dialect here. Numbers in braces are put in by crmlab.scale.

-- name: rfm
-- returns: customer_id, days_since_last int, frequency int, monetary float, ticket float
-- returns: tenure_days int
select
    customer_id,
    {as_of} - coalesce(last_bought, last_day) as days_since_last,
    frequency,
    cents / 100e0 as monetary,
    case when frequency > 0 then cents / 100e0 / frequency end as ticket,
    {as_of} - coalesce(first_bought, first_day) as tenure_days
from (
    select
        customer_id,
        sum(cents) as cents,
        sum(case when cents > 0 then 1 else 0 end) as frequency,
        max(case when cents > 0 then day end) as last_bought,
        min(case when cents > 0 then day end) as first_bought,
        max(day) as last_day,
        min(day) as first_day
    from log
    where day <= {as_of}
    group by customer_id
) customers

-- name: rfm_by_days
-- returns: customer_id, days_since_last int, frequency int, monetary float, ticket float
-- returns: tenure_days int
select
    customer_id,
    {as_of} - coalesce(last_bought, last_day) as days_since_last,
    frequency,
    cents / 100e0 as monetary,
    case when frequency > 0 then cents / 100e0 / frequency end as ticket,
    {as_of} - coalesce(first_bought, first_day) as tenure_days
from (
    select
        customer_id,
        sum(cents) as cents,
        sum(bought) as frequency,
        max(case when bought = 1 then day end) as last_bought,
        min(case when bought = 1 then day end) as first_bought,
        max(day) as last_day,
        min(day) as first_day
    from (
        select
            customer_id,
            day,
            sum(cents) as cents,
            max(case when cents > 0 then 1 else 0 end) as bought
        from log
        where day <= {as_of}
        group by customer_id, day
    ) days
    group by customer_id
) customers

-- name: rfm_scores
-- after: rfm
-- returns: customer_id, days_since_last int, frequency int, monetary float, ticket float
-- returns: tenure_days int, recency_score int, frequency_score int, monetary_score int
-- returns: rfm_score int
-- Each quotient is whole, so that no engine can round it its own way.
select
    scored.*,
    100 * recency_score + 10 * frequency_score + monetary_score as rfm_score
from (
    select
        placed.*,
        1 + (recency_place - recency_place % n) / n as recency_score,
        1 + (frequency_place - frequency_place % n) / n as frequency_score,
        1 + (monetary_place - monetary_place % n) / n as monetary_score
    from (
        select
            rfm.*,
            count(*) over () as n,
            {bins} * (rank() over (order by days_since_last desc) - 1) as recency_place,
            {bins} * (rank() over (order by frequency) - 1) as frequency_place,
            {bins} * (rank() over (order by monetary) - 1) as monetary_place
        from rfm
    ) placed
) scored

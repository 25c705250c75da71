-- The measures of crmlab.rfm.measure as portable SQL: the same columns, the same definitions.
-- Read from log (customer_id, day, cents): days since 1970-01-01, money in whole cents, so that
-- no engine needs a dialect here. Numbers in braces are put in by crmlab.scale, which also gives
-- cells (recency_score, frequency_score, monetary_score, segment), one row per combination.

-- name: visits
-- after: log
-- What frequency counts: here, purchases.
select customer_id, day, cents, case when cents > 0 then 1 else 0 end as bought
from log
where day <= {as_of}

-- name: visits_by_day
-- after: log
-- What frequency counts instead: days with a purchase.
select
    customer_id,
    day,
    sum(cents) as cents,
    max(case when cents > 0 then 1 else 0 end) as bought
from log
where day <= {as_of}
group by customer_id, day

-- name: rfm
-- after: visits
-- returns: customer_id, days_since_last int, frequency int, monetary float, ticket float
-- returns: tenure_days int
select
    customer_id,
    cents,
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
    from visits
    group by customer_id
) customers

-- name: rfm_scores
-- after: rfm
-- returns: customer_id, days_since_last int, frequency int, monetary float, ticket float
-- returns: tenure_days int, recency_score int, frequency_score int, monetary_score int
-- returns: rfm_score int
-- The first and the last rank of a tie, and 1 + bins (first + last - 1) / 2n from its middle; each
-- quotient is whole, so that no engine can round it its own way.
select
    scored.*,
    100 * recency_score + 10 * frequency_score + monetary_score as rfm_score
from (
    select
        placed.*,
        1 + (recency_place - recency_place % n2) / n2 as recency_score,
        1 + (frequency_place - frequency_place % n2) / n2 as frequency_score,
        1 + (monetary_place - monetary_place % n2) / n2 as monetary_score
    from (
        select
            rfm.*,
            2 * count(*) over () as n2,
            {bins} * (
                rank() over (order by days_since_last desc) - 1
                + count(*) over (order by days_since_last desc)
            ) as recency_place,
            {bins} * (
                rank() over (order by frequency) - 1 + count(*) over (order by frequency)
            ) as frequency_place,
            {bins} * (rank() over (order by cents) - 1 + count(*) over (order by cents))
                as monetary_place
        from rfm
    ) placed
) scored

-- name: rfm_segments
-- after: rfm_scores, cells
-- returns: customer_id, days_since_last int, frequency int, monetary float, ticket float
-- returns: tenure_days int, recency_score int, frequency_score int, monetary_score int
-- returns: rfm_score int, segment int
select rfm_scores.*, cells.segment
from rfm_scores
join cells
    on cells.recency_score = rfm_scores.recency_score
    and cells.frequency_score = rfm_scores.frequency_score
    and cells.monetary_score = rfm_scores.monetary_score

-- name: segment_summary
-- after: rfm_segments
-- returns: segment int, customers int, share_of_customers float, spend float
-- returns: share_of_spend float, mean_spend float, mean_frequency float
-- returns: median_days_since_last float
-- Days are few and customers many, so the median is counted off, not sorted out.
select
    segment,
    customers,
    customers * 1e0 / sum(customers) over () as share_of_customers,
    cents / 100e0 as spend,
    case when sum(cents) over () > 0 then cents * 1e0 / sum(cents) over () end as share_of_spend,
    cents / 100e0 / customers as mean_spend,
    frequency * 1e0 / customers as mean_frequency,
    (lower_median + upper_median) / 2e0 as median_days_since_last
from (
    select
        segment,
        sum(customers) as customers,
        sum(cents) as cents,
        sum(frequency) as frequency,
        min(case when 2 * so_far >= in_all then days_since_last end) as lower_median,
        min(case when 2 * so_far > in_all then days_since_last end) as upper_median
    from (
        select
            counted.*,
            sum(customers) over (partition by segment order by days_since_last) as so_far,
            sum(customers) over (partition by segment) as in_all
        from (
            select
                segment,
                days_since_last,
                count(*) as customers,
                sum(cents) as cents,
                sum(frequency) as frequency
            from rfm_segments
            group by segment, days_since_last
        ) counted
    ) placed
    group by segment
) segments

-- name: rfm_map
-- after: rfm_scores, cells
-- returns: recency_score int, frequency_score int, customers int, spend float, mean_spend float
select
    grid.recency_score,
    grid.frequency_score,
    coalesce(customers, 0) as customers,
    coalesce(cents, 0) / 100e0 as spend,
    cents / 100e0 / customers as mean_spend
from (select distinct recency_score, frequency_score from cells) grid
left join (
    select recency_score, frequency_score, count(*) as customers, sum(cents) as cents
    from rfm_scores
    group by recency_score, frequency_score
) found
    on found.recency_score = grid.recency_score
    and found.frequency_score = grid.frequency_score

-- The measures of crmlab.pyramid.measure as portable SQL: the same columns, the same definitions.
-- crmlab.scale gives marks (place, heads), cumulative headcounts from the best customer down, and
-- for two periods periods (period, start, last) and period_marks (period, place, heads).

-- name: spend
-- after: log
select customer_id, sum(cents) as cents
from log
where day <= {as_of}
group by customer_id

-- name: base
-- after: spend
-- returns: customers int, cents int
select count(*) as customers, sum(cents) as cents from spend

-- name: pyramid_tiers
-- after: spend, marks
-- returns: customer_id, spend float, place int
select
    customer_id,
    cents / 100e0 as spend,
    (select min(place) from marks where ranked.place_in_all <= marks.heads) as place
from (
    select
        customer_id,
        cents,
        row_number() over (order by cents desc, customer_id) as place_in_all
    from spend
) ranked

-- name: steps
-- after: spend
-- One row per amount that anybody spent, with the customers who spent it, and the customers and
-- cents above them. Amounts are fewer than customers, and ties need no order among them.
select
    cents,
    customers,
    sum(customers) over (order by cents desc) - customers as heads_above,
    sum(customers * cents) over (order by cents desc) - customers * cents as cents_above
from (select cents, count(*) as customers from spend group by cents) amounts

-- name: held
-- after: steps, marks
-- What the best `heads` customers spent together.
select
    place,
    heads,
    coalesce(cents_above + (heads - heads_above) * steps.cents, 0) as cents
from marks
left join steps on heads > heads_above and heads <= heads_above + customers

-- name: pyramid
-- after: held
-- returns: place int, customers int, spend float, share_of_customers float
-- returns: share_of_spend float, mean_spend float
select
    place,
    customers,
    cents / 100e0 as spend,
    customers * 1e0 / {customers} as share_of_customers,
    cents * 1e0 / {cents} as share_of_spend,
    cents / 100e0 / nullif(customers, 0) as mean_spend
from (
    select
        place,
        heads - coalesce(lag(heads) over (order by place), 0) as customers,
        cents - coalesce(lag(cents) over (order by place), 0) as cents
    from held
) tiers

-- name: lorenz
-- after: held
-- returns: share_of_customers float, share_of_spend float
select
    ({customers} - heads) * 1e0 / {customers} as share_of_customers,
    ({cents} - cents) * 1e0 / {cents} as share_of_spend
from held

-- name: concentration
-- after: steps, held
-- returns: customers int, spend float, gini float, share_of_top float
-- returns: customers_for_share float, negative_customers int
-- The Gini coefficient is that of the curve through every customer: within a step of k customers
-- who spent c each, with s above them, the trapezia sum to k * (2 * s + k * c) / 2.
select
    {customers} as customers,
    {cents} / 100e0 as spend,
    gini,
    held.cents * 1e0 / {cents} as share_of_top,
    needed_heads * 1e0 / {customers} as customers_for_share,
    negative_customers
from (
    select
        sum(customers * 1e0 * (2 * cents_above + customers * cents)) / {customers} / {cents} - 1
            as gini,
        sum(case when cents < 0 then customers else 0 end) as negative_customers,
        min(
            case
                when missing >= 0 and missing < customers * cents
                    then heads_above + 1 + (missing - missing % cents) / cents
            end
        ) as needed_heads
    from (select steps.*, {needed} - 1 - cents_above as missing from steps) looked_at
) summed
cross join held

-- name: period_spend
-- after: log, periods
select period, customer_id, sum(cents) as cents
from log
join periods on day > start and day <= last
group by period, customer_id

-- name: period_base
-- after: period_spend
-- returns: period int, customers int
select period, count(*) as customers from period_spend group by period

-- name: migration
-- after: period_spend, period_marks
-- returns: before int, after int, customers int
-- The moves that anybody made; place 0 is that of a customer who is not there.
select tier_before as before, tier_after as after, count(*) as customers
from (
    select
        customer_id,
        coalesce(min(case when period = 1 then place end), 0) as tier_before,
        coalesce(min(case when period = 2 then place end), 0) as tier_after
    from (
        select
            period,
            customer_id,
            (
                select min(place)
                from period_marks
                where period_marks.period = ranked.period
                    and ranked.place_in_all <= period_marks.heads
            ) as place
        from (
            select
                period,
                customer_id,
                row_number() over (
                    partition by period order by cents desc, customer_id
                ) as place_in_all
            from period_spend
        ) ranked
    ) placed
    group by customer_id
) moves
group by tier_before, tier_after

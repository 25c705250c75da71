-- The measures of crmlab.pyramid.measure as portable SQL: the same columns, the same definitions.
-- spend (customer_id, cents) is what each customer spent; cuts (place, top, parts) holds the
-- cumulative cuts as fractions, the best first and 1/1 last.

-- name: spend
select customer_id, sum(cents) as cents
from log
where day <= {as_of}
group by customer_id

-- name: pyramid_tiers
-- after: spend
-- returns: customer_id, spend float, place int
-- A rank lies above a cut if rank <= floor(top / parts * n + 1/2): in whole numbers, as below.
select
    customer_id,
    cents / 100e0 as spend,
    (
        select min(place)
        from cuts
        where 2 * cuts.parts * ranked.place_in_all <= 2 * cuts.top * ranked.n + cuts.parts
    ) as place
from (
    select
        customer_id,
        cents,
        row_number() over (order by cents desc, customer_id) as place_in_all,
        count(*) over () as n
    from spend
) ranked

-- name: pyramid
-- after: spend, pyramid_tiers
-- returns: place int, customers int, spend float, share_of_customers float
-- returns: share_of_spend float, mean_spend float
select
    cuts.place,
    coalesce(customers, 0) as customers,
    coalesce(tiers.spend, 0e0) as spend,
    coalesce(customers, 0) * 1e0 / total.customers_in_all as share_of_customers,
    coalesce(tiers.spend, 0e0) / total.spend_in_all as share_of_spend,
    tiers.spend / customers as mean_spend
from cuts
cross join (
    select count(*) as customers_in_all, sum(cents) / 100e0 as spend_in_all from spend
) total
left join (
    select place, count(*) as customers, sum(spend) as spend from pyramid_tiers group by place
) tiers on tiers.place = cuts.place

-- name: FoldTotals :one
-- Brings the totals of one centre up to date. How many marks it settled; 0: nothing to do, or another is at it.
-- param batch int4 not null
-- param until int8
-- column folded int4 not null
select utilisation.fold(@batch, @until) as folded;

-- name: LastMark :one
-- The latest mark that there is.
-- column mark int8 not null
select utilisation.last_mark() as mark;

-- name: TotalsDifferences :many
-- Figures of a centre that are not what the bookings come to: a row for each, with the row of the totals where it stands.
-- param centre_number int2 not null
-- param row_limit int4 not null
-- column place text not null
-- column row_key text not null
-- column figure text not null
-- column held text
-- column recomputed text
select d.place, d.row_key, f.figure, f.held, f.recomputed
from utilisation.differences(@centre_number, @row_limit) as d
cross join lateral (
    -- A total's figures come as an array, in the order of the table's columns after its key.
    select n.name as figure, n.held[n.position]::text as held, n.recomputed[n.position]::text as recomputed
    from (select c.attname::text as name, row_number() over (order by c.attnum)::integer as position,
                 case d.place when 'utilisation.total' then d.held end::bigint[] as held,
                 case d.place when 'utilisation.total' then d.recomputed end::bigint[] as recomputed
          from pg_attribute c
          where c.attrelid = 'utilisation.total'::regclass and not c.attisdropped
            and c.attnum > (select k.attnum from pg_attribute k where k.attrelid = c.attrelid and k.attname = 'activity')) n
    where coalesce(n.held[n.position], 0) <> coalesce(n.recomputed[n.position], 0)
    union all
    -- A fact comes as a row of its table.
    select coalesce(h.key, r.key), h.value, r.value
    from jsonb_each_text(to_jsonb(case d.place when 'utilisation.fact' then d.held end::utilisation.fact)) h
    full join jsonb_each_text(to_jsonb(case d.place when 'utilisation.fact' then d.recomputed end::utilisation.fact)) r on r.key = h.key
    where h.value is distinct from r.value
      and coalesce(h.key, r.key) not in ('centre_id', 'booking_id', 'line_number', 'resource_id', 'day')
      -- Of a fact that only one side has, what it comes to.
      and (h.key is not null and r.key is not null or coalesce(h.value, r.value) not in ('', '0', 'false', '[]'))
    union all
    select n.name, p.held[n.position]::text, p.recomputed[n.position]::text
    from (select case d.place when 'utilisation.people_total' then d.held end::bigint[] as held,
                 case d.place when 'utilisation.people_total' then d.recomputed end::bigint[] as recomputed) p
    cross join (values (1, 'attended'), (2, 'participations'), (3, 'present'), (4, 'came')) as n (position, name)
    where coalesce(p.held[n.position], 0) <> coalesce(p.recomputed[n.position], 0)
    union all
    select 'booked', d.held, d.recomputed where d.place = 'utilisation.week_total'
) as f
order by d.place, d.row_key, f.figure;

-- name: CountedCentres :many
-- Every centre, the network itself among them.
-- column centre_number int2 not null
select c.centre_id as centre_number from centres.centre c order by c.centre_id;

-- name: Showcase :maybe
-- The welding hall of the demo network and a machine fixed to it, to try things with.
-- column platform uuid as ResourceID not null
-- column equipment uuid as ResourceID not null
select p.id as platform, a.id as equipment
from platforms.platform p
join platforms.resource r on r.centre_id = p.centre_id and r.id = p.id
join inventory.asset a on a.centre_id = p.centre_id and a.platform_id = p.id
where r.name = 'Welding hall'
order by a.inventory_number
limit 1;

-- name: ShowcaseSlot :maybe
-- The first three hours within six weeks in which who has a key may book four workstations of a platform and a machine together.
-- param prefix text not null
-- param platform uuid as ResourceID not null
-- param equipment uuid as ResourceID not null
-- param from_instant timestamptz not null
-- column starts timestamptz not null
-- column ends timestamptz not null
with caller as (
    select k.id as key, k.organisation_id from access.api_key k where k.prefix = @prefix
), found as (
    select w.number, g.first_start, g.last_start
    from caller c
    cross join lateral (values (1, @platform, 4), (2, @equipment, 1)) as w (number, resource_id, seats)
    cross join lateral bookings.suggest(
        c.key, c.organisation_id, null, '{}', '{}', 0, null, '{}', '{}', w.seats, @from_instant, @from_instant + interval '42 days', 180,
        @from_instant, w.resource_id, null, '{}', null, null, null, null, null, '{}', false, 0, 500, 500) g
)
select greatest(p.first_start, e.first_start) as starts, greatest(p.first_start, e.first_start) + interval '180 minutes' as ends
from found p
join found e on e.number = 2 and e.first_start <= p.last_start and e.last_start >= p.first_start
where p.number = 1
order by 1 limit 1;

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

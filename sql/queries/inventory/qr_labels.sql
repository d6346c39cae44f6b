-- name: QRLabelFacts :maybe
-- What a label says of a resource. platform_id: the platform whose page it opens; none: a machine, which has its own.
-- param id uuid as ResourceID not null
-- column id uuid as ResourceID not null
-- column name text not null
-- column centre text not null
-- column inventory_number text
-- column platform_id uuid as ResourceID
select r.id, r.name, c.name as centre, a.inventory_number,
       case when r.kind <> 'equipment' then coalesce(w.platform_id, g.platform_id, r.id) end as platform_id
from platforms.resource r
join centres.named_centre c on c.centre_id = r.centre_id
left join inventory.asset a on a.centre_id = r.centre_id and a.id = r.id
left join platforms.workstation w on w.centre_id = r.centre_id and w.id = r.id
left join platforms.workstation_group g on g.centre_id = r.centre_id and g.id = r.id
where r.centre_id = plateau.centre_of(@id) and r.id = @id;

-- name: FindCentre :maybe
-- A centre by its public id, with the database's moment and the day that this is at the centre.
-- param id uuid as CentreID not null
-- column centre_number int2 not null
-- column today date not null
-- column now timestamptz not null
select c.centre_id as centre_number, plateau.local_day(clock.now, c.zone) as today, clock.now
from centres.named_centre c
cross join (select plateau.clock() as now) as clock
where c.centre_id = plateau.centre_of(@id) and c.id = @id;

-- name: RegisterMoment :one
-- The database's moment, and the day that this is for the network.
-- column today date not null
-- column now timestamptz not null
select plateau.local_day(clock.now, coalesce((select c.zone from centres.centre c where c.centre_id = 0), 'UTC')) as today, clock.now
from (select plateau.clock() as now) as clock;

-- name: LabelledCentres :many
-- The centres that hold the label on a day, as known at a moment, under the names and carriers of that day, by number.
-- param day date not null
-- param known_at timestamptz not null
-- column id uuid as CentreID not null
-- column number int2 not null
-- column name text not null
-- column carrier text
-- column status text not null
-- column from_day date not null
-- column to_day date
-- column ends_on date
-- column authority text
-- column reference text
-- column decided_on date
-- column sectors text[]
-- column audiences text[]
-- column towns text[] not null
-- column is_fictional bool not null
select c.id, c.centre_id as number, coalesce(n.name, first.name) as name, k.carrier, r.status, r.from_day, r.to_day, r.ends_on,
       d.authority, d.reference, d.decided_on, r.sectors, r.audiences,
       array(select distinct s.town from centres.site s where s.centre_id = c.centre_id order by s.town) as towns,
       c.is_fictional or coalesce(d.is_fictional, false) as is_fictional
from labels.register_on(@day, @known_at) as r
join centres.centre c on c.centre_id = r.centre_id
cross join lateral (select o.name from centres.centre_name o where o.centre_id = c.centre_id order by o.during limit 1) as first
left join centres.centre_name n on n.centre_id = c.centre_id and n.during @> @day
left join centres.centre_carrier k on k.centre_id = c.centre_id and k.during @> @day
left join labels.label_decision d on d.centre_id = r.centre_id and d.id = r.decision_id
order by c.centre_id;

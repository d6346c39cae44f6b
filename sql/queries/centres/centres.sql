-- name: CreateCentre :one
-- Raises centre_pkey, centre_id_carries_number; SQLSTATE 22023 for an unknown zone.
-- param centre_number int2 not null
-- param id uuid as CentreID not null
-- param kind text not null
-- param carrier text
-- param name text not null
-- param named_from date not null
-- param zone text not null
-- param is_fictional bool not null
-- column created_at timestamptz not null
select centres.create_centre(@centre_number, @id, @kind, @carrier, @name, @named_from, @zone, @is_fictional) as created_at;

-- name: LockCentreNumbers :exec
-- Until the end of the transaction nobody else takes a number: called before NextCentreNumber, whose snapshot is then current.
select pg_advisory_xact_lock(7083512101);

-- name: NextCentreNumber :one
-- column number int4 not null
select coalesce(max(c.centre_id), 0) + 1 as number from centres.centre c;

-- name: FindCentre :maybe
-- One centre under today's name. organisation_id only if the actor may see its organisation.
-- param id uuid as CentreID not null
-- column centre_number int2 not null
-- column id uuid as CentreID not null
-- column kind text not null
-- column carrier text
-- column name text not null
-- column zone text not null
-- column is_fictional bool not null
-- column created_at timestamptz not null
-- column version int4 not null
-- column holds_label bool not null
-- column organisation_id uuid as OrganisationID
select c.centre_id as centre_number, c.id, c.kind, c.carrier, c.name, c.zone, c.is_fictional, c.created_at, c.version,
       exists (select from labels.label_period p
               where p.centre_id = c.centre_id and p.during @> plateau.local_day(plateau.clock(), c.zone)
                 and p.status in ('labelled', 'provisional'))
           and not exists (select from centres.succession u
                           where u.centre_id = c.centre_id and u.from_day <= plateau.local_day(plateau.clock(), c.zone)) as holds_label,
       o.id as organisation_id
from centres.named_centre c
left join access.organisation o on o.centre_id = c.centre_id
where c.centre_id = plateau.centre_of(@id) and c.id = @id;

-- name: ListCentres :many
-- Centres by number, after a cursor.
-- param after int2 not null
-- param row_limit int4 not null
-- column centre_number int2 not null
-- column id uuid as CentreID not null
-- column kind text not null
-- column carrier text
-- column name text not null
-- column zone text not null
-- column is_fictional bool not null
-- column created_at timestamptz not null
-- column version int4 not null
-- column holds_label bool not null
-- column organisation_id uuid as OrganisationID
select c.centre_id as centre_number, c.id, c.kind, c.carrier, c.name, c.zone, c.is_fictional, c.created_at, c.version,
       exists (select from labels.label_period p
               where p.centre_id = c.centre_id and p.during @> plateau.local_day(plateau.clock(), c.zone)
                 and p.status in ('labelled', 'provisional'))
           and not exists (select from centres.succession u
                           where u.centre_id = c.centre_id and u.from_day <= plateau.local_day(plateau.clock(), c.zone)) as holds_label,
       o.id as organisation_id
from centres.named_centre c
left join access.organisation o on o.centre_id = c.centre_id
where c.centre_id > @after
order by c.centre_id
limit @row_limit;

-- name: ListCentreNames :many
-- The names that some centres have borne, oldest first.
-- param centre_numbers int2[] not null
-- column centre_number int2 not null
-- column name text not null
-- column from_day date not null
-- column to_day date
select n.centre_id as centre_number, n.name, lower(n.during) as from_day, upper(n.during) - 1 as to_day
from centres.centre_name n
where n.centre_id = any (@centre_numbers)
order by n.centre_id, n.during;

-- name: ListCentreCarriers :many
-- Who has run some centres, oldest first.
-- param centre_numbers int2[] not null
-- column centre_number int2 not null
-- column carrier text not null
-- column from_day date not null
-- column to_day date
select k.centre_id as centre_number, k.carrier, lower(k.during) as from_day, upper(k.during) - 1 as to_day
from centres.centre_carrier k
where k.centre_id = any (@centre_numbers)
order by k.centre_id, k.during;

-- name: ListSuccessions :many
-- The centres in whose place some centres stand, or that stand in theirs.
-- param centre_numbers int2[] not null
-- column centre_number int2 not null
-- column other_id uuid as CentreID not null
-- column is_successor bool not null
-- column from_day date not null
select r.centre_number, o.id as other_id, r.is_successor, r.from_day
from (select s.centre_id as centre_number, s.successor_id as other, true as is_successor, s.from_day from centres.succession s
      union all
      select s.successor_id, s.centre_id, false, s.from_day from centres.succession s) r
join centres.centre o on o.centre_id = r.other
where r.centre_number = any (@centre_numbers)
order by r.centre_number, r.from_day, o.centre_id;

-- name: ChangeCarrier :maybe
-- The new version; no row when the version given is not the current one.
-- param centre_number int2 not null
-- param carrier text not null
-- param from_day date not null
-- param version int4 not null
-- column version int4 not null
select c as version from centres.change_carrier(@centre_number, @carrier, @from_day, @version) as c;

-- name: SucceedCentre :one
-- outcome: recorded, forbidden, versionMismatch, successorUnknown, inThePast, alreadySucceeded, succeedsItself.
-- param centre_number int2 not null
-- param successor_number int2 not null
-- param from_day date not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- column outcome text not null
select centres.succeed(@centre_number, @successor_number, @from_day, @version, @by) as outcome;

-- name: RenameCentre :maybe
-- The new version; no row when the version given is not the current one.
-- param centre_number int2 not null
-- param name text not null
-- param from_day date not null
-- param version int4 not null
-- column version int4 not null
select r as version from centres.rename_centre(@centre_number, @name, @from_day, @version) as r;

-- name: NetworkCentre :maybe
-- The network itself, centre number 0.
-- column id uuid as CentreID not null
select c.id from centres.centre c where c.centre_id = 0;

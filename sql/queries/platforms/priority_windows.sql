-- name: FindResource :maybe
-- What a resource of any kind is, for those who keep its rules.
-- param id uuid as ResourceID not null
-- column id uuid as ResourceID not null
-- column version int4 not null
select r.id, r.version from platforms.resource r where r.centre_id = plateau.centre_of(@id) and r.id = @id;

-- name: ListPriorityWindows :many
-- The seasons in which a resource, or what it stands in, is kept for some audiences; its own first. Days as month * 100 + day.
-- param id uuid as ResourceID not null
-- column resource_id uuid as ResourceID not null
-- column name text not null
-- column audiences text[] not null
-- column season_from int2 not null
-- column season_to int2 not null
-- column release_days int4
select w.resource_id, w.name, w.audiences, w.season_from, w.season_to, w.release_days
from platforms.resource r
join platforms.priority_window w on w.centre_id = r.centre_id and w.resource_id = any (r.id || r.ancestors)
where r.centre_id = plateau.centre_of(@id) and r.id = @id
order by array_position(r.id || r.ancestors, w.resource_id), w.number;

-- name: SetPriorityWindows :one
-- The arrays are parallel; audiences: codes with commas; release_days: -1 for never. outcome: changed, notFound, versionMismatch.
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param version int4 not null
-- param names text[] not null
-- param audiences text[] not null
-- param season_from int2[] not null
-- param season_to int2[] not null
-- param release_days int4[] not null
-- column outcome text not null
-- column version int4
select w.outcome, w.version
from platforms.set_priority_windows(
    @centre_number, @id, @version, @names, @audiences, @season_from, @season_to, @release_days) as w;

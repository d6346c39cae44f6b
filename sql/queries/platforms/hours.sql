-- name: CalendarOfResource :maybe
-- Whose hours a resource follows.
-- param id uuid as ResourceID not null
-- column centre_number int2 not null
-- column site_id uuid as SiteID not null
-- column calendar_id uuid as CalendarID not null
-- column zone text not null
-- column version int4 not null
select r.centre_id as centre_number, r.site_id, coalesce(r.calendar_id, r.site_id) as calendar_id, s.zone, r.version
from platforms.resource r
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
where r.centre_id = plateau.centre_of(@id) and r.id = @id;

-- name: SetResourceOpening :one
-- follows: no opening of its own from that day on. outcome: changed, notFound, versionMismatch.
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param version int4 not null
-- param from_day date not null
-- param follows bool not null
-- param weekdays int2[] not null
-- param opens_minutes int4[] not null
-- param closes_minutes int4[] not null
-- column outcome text not null
-- column version int4
select r.outcome, r.version
from platforms.set_weekly_opening(
    @centre_number, @id, @version, @from_day, @follows, @weekdays,
    array(select case m when 1440 then time '24:00' else make_time(m / 60, m % 60, 0) end
          from unnest(@opens_minutes) with ordinality as o (m, number) order by number),
    array(select case m when 1440 then time '24:00' else make_time(m / 60, m % 60, 0) end
          from unnest(@closes_minutes) with ordinality as o (m, number) order by number)) as r;

-- name: SetResourceExceptions :one
-- Replaces the exceptions of a resource for a range of days, last day included; as SetExceptions for a site. outcome: changed, notFound, versionMismatch.
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param version int4 not null
-- param first_day date not null
-- param last_day date not null
-- param days date[] not null
-- param opens int4[] not null
-- param closes int4[] not null
-- param reasons text[] not null
-- column outcome text not null
-- column version int4
select r.outcome, r.version
from platforms.set_exceptions(
    @centre_number, @id, @version, daterange(@first_day, @last_day, '[]'), @days, @opens, @closes, @reasons) as r;

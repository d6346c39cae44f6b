-- name: ListWeeklyOpening :many
-- The weekly opening of some sites of a centre for every range of days: minutes after local midnight, 1440 for 24:00.
-- param centre_number int2 not null
-- param site_ids uuid[] as SiteID not null
-- column site_id uuid as SiteID not null
-- column from_day date not null
-- column to_day date
-- column weekday int2 not null
-- column opens_minute int4 not null
-- column closes_minute int4 not null
select w.site_id, lower(w.during) as from_day, upper(w.during) - 1 as to_day, w.weekday,
       (extract(epoch from w.opens) / 60)::integer as opens_minute, (extract(epoch from w.closes) / 60)::integer as closes_minute
from centres.weekly_opening w
where w.centre_id = @centre_number and w.site_id = any (@site_ids)
order by w.site_id, w.during, w.weekday, w.opens;

-- name: SetWeeklyOpening :maybe
-- Replaces the weekly opening from a day on. The new version; no row when the version given is not the current one.
-- param centre_number int2 not null
-- param site_id uuid as SiteID not null
-- param from_day date not null
-- param weekdays int2[] not null
-- param opens_minutes int4[] not null
-- param closes_minutes int4[] not null
-- param version int4 not null
-- column version int4 not null
select r as version
from centres.set_weekly_opening(
    @centre_number, @site_id, @from_day, @weekdays,
    array(select case m when 1440 then time '24:00' else make_time(m / 60, m % 60, 0) end
          from unnest(@opens_minutes) with ordinality as o (m, number) order by number),
    array(select case m when 1440 then time '24:00' else make_time(m / 60, m % 60, 0) end
          from unnest(@closes_minutes) with ordinality as o (m, number) order by number),
    @version) as r;

-- name: SetClosedDays :exec
-- param centre_number int2 not null
-- param days date[] not null
-- param reasons text[] not null
select centres.set_closed_days(@centre_number, @days, @reasons);

-- name: ListClosedDays :many
-- param centre_number int2 not null
-- param first_day date not null
-- param last_day date not null
-- column day date not null
-- column reason text not null
select d.day, d.reason
from centres.closed_day d
where d.centre_id = @centre_number and d.day between @first_day and @last_day
order by d.day;

-- name: PutOpenHours :exec
-- Replaces the compiled open hours of a site for a range of local days, last day included.
-- param centre_number int2 not null
-- param site_id uuid as SiteID not null
-- param first_day date not null
-- param last_day date not null
-- param days date[] not null
-- param opens timestamptz[] not null
-- param closes timestamptz[] not null
select centres.put_open_hours(@centre_number, @site_id, daterange(@first_day, @last_day, '[]'), @days, @opens, @closes);

-- name: ListOpenHours :many
-- param centre_number int2 not null
-- param site_id uuid as SiteID not null
-- param first_day date not null
-- param last_day date not null
-- column day date not null
-- column during tstzrange not null
select h.day, h.during
from centres.open_hours h
where h.centre_id = @centre_number and h.site_id = @site_id and h.day between @first_day and @last_day
order by h.during;

-- name: LockOpening :exec
-- Nobody else changes the opening of a centre until the end of the transaction, and no booking reads it meanwhile.
-- param centre_number int2 not null
select pg_advisory_xact_lock(plateau.label_lock(@centre_number));

-- name: CompiledSites :many
-- The sites of a centre whose open hours have been compiled, with the range of days.
-- param centre_number int2 not null
-- column site_id uuid as SiteID not null
-- column zone text not null
-- column compiled_from date not null
-- column compiled_until date not null
select s.id as site_id, s.zone, lower(z.compiled) as compiled_from, upper(z.compiled) - 1 as compiled_until
from centres.site s
join centres.open_hours_horizon z on z.centre_id = s.centre_id and z.site_id = s.id
where s.centre_id = @centre_number
order by s.id;

-- name: SitesToCompile :many
-- Sites whose compiled open hours end before a day.
-- param until_day date not null
-- column centre_number int2 not null
-- column site_id uuid as SiteID not null
-- column zone text not null
-- column compiled_until date
select s.centre_id as centre_number, s.id as site_id, s.zone, upper(z.compiled) - 1 as compiled_until
from centres.site s
left join centres.open_hours_horizon z on z.centre_id = s.centre_id and z.site_id = s.id
where z.compiled is null or upper(z.compiled) <= @until_day
order by s.centre_id, s.id;

-- name: ListWeeklyOpening :many
-- The weekly opening of some calendars of a centre for every range of days: minutes after local midnight, 1440 for 24:00.
-- param centre_number int2 not null
-- param calendar_ids uuid[] as [CalendarID] not null
-- column calendar_id uuid as CalendarID not null
-- column from_day date not null
-- column to_day date
-- column weekday int2 not null
-- column opens_minute int4 not null
-- column closes_minute int4 not null
select w.calendar_id, lower(w.during) as from_day, upper(w.during) - 1 as to_day, w.weekday,
       (extract(epoch from w.opens) / 60)::integer as opens_minute, (extract(epoch from w.closes) / 60)::integer as closes_minute
from centres.weekly_opening w
where w.centre_id = @centre_number and w.calendar_id = any (@calendar_ids)
order by w.calendar_id, w.during, w.weekday, w.opens;

-- name: ListOwnDays :many
-- The days on which resources have a weekly opening of their own.
-- param centre_number int2 not null
-- param calendar_ids uuid[] as [CalendarID] not null
-- column calendar_id uuid as CalendarID not null
-- column from_day date not null
-- column to_day date
select o.calendar_id, lower(o.during) as from_day, upper(o.during) - 1 as to_day
from centres.own_opening o
where o.centre_id = @centre_number and o.calendar_id = any (@calendar_ids)
order by o.calendar_id, o.during;

-- name: ListExceptions :many
-- Days with hours of their own: minutes after local midnight, 1440 for 24:00; none: closed.
-- param centre_number int2 not null
-- param calendar_ids uuid[] as [CalendarID] not null
-- param first_day date not null
-- param last_day date not null
-- column calendar_id uuid as CalendarID not null
-- column day date not null
-- column opens int2[] not null
-- column closes int2[] not null
-- column reason text not null
select e.calendar_id, e.day, e.opens, e.closes, e.reason
from centres.opening_exception e
where e.centre_id = @centre_number and e.calendar_id = any (@calendar_ids) and e.day between @first_day and @last_day
order by e.calendar_id, e.day;

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

-- name: SetExceptions :maybe
-- Replaces the exceptions of a site for a range of days, last day included. The arrays are parallel, an entry for each period; opens -1:
-- closed that day. The new version; no row when the version given is not the current one.
-- param centre_number int2 not null
-- param site_id uuid as SiteID not null
-- param version int4 not null
-- param first_day date not null
-- param last_day date not null
-- param days date[] not null
-- param opens int4[] not null
-- param closes int4[] not null
-- param reasons text[] not null
-- column version int4 not null
select r as version
from centres.set_exceptions(
    @centre_number, @site_id, @version, daterange(@first_day, @last_day, '[]'), @days, @opens, @closes, @reasons) as r;

-- name: PutOpenHours :many
-- Replaces the compiled open hours of a calendar for a range of local days, last day included: the days, compiled before, that changed.
-- param centre_number int2 not null
-- param calendar_id uuid as CalendarID not null
-- param first_day date not null
-- param last_day date not null
-- param days date[] not null
-- param opens timestamptz[] not null
-- param closes timestamptz[] not null
-- column day date not null
select d as day
from centres.put_open_hours(@centre_number, @calendar_id, daterange(@first_day, @last_day, '[]'), @days, @opens, @closes) as d;

-- name: ListOpenHours :many
-- param centre_number int2 not null
-- param calendar_id uuid as CalendarID not null
-- param first_day date not null
-- param last_day date not null
-- column day date not null
-- column during tstzrange not null
select h.day, h.during
from centres.open_hours h
where h.centre_id = @centre_number and h.calendar_id = @calendar_id and h.day between @first_day and @last_day
order by h.during;

-- name: OpenHoursKnown :many
-- As they were known at a moment.
-- param centre_number int2 not null
-- param calendar_id uuid as CalendarID not null
-- param first_day date not null
-- param last_day date not null
-- param known_at timestamptz not null
-- column day date not null
-- column during tstzrange not null
select h.day, h.during
from centres.open_hours_known(@centre_number, @calendar_id, daterange(@first_day, @last_day, '[]'), @known_at) as h
order by h.during;

-- name: LockOpening :exec
-- Nobody else changes the opening of a centre until the end of the transaction, and no booking reads it meanwhile.
-- param centre_number int2 not null
select pg_advisory_xact_lock(plateau.label_lock(@centre_number));

-- name: ListCalendars :many
-- The calendars of a centre, with the range of days that has been compiled: none as yet, no days.
-- param centre_number int2 not null
-- column id uuid as CalendarID not null
-- column site_id uuid as SiteID not null
-- column parent_id uuid as CalendarID
-- column zone text not null
-- column compiled_from date
-- column compiled_until date
select c.id, c.site_id, c.parent_id, s.zone, lower(z.compiled) as compiled_from, upper(z.compiled) - 1 as compiled_until
from centres.calendar c
join centres.site s on s.centre_id = c.centre_id and s.id = c.site_id
left join centres.open_hours_horizon z on z.centre_id = c.centre_id and z.calendar_id = c.id
where c.centre_id = @centre_number
order by c.id;

-- name: CalendarsToCompile :many
-- Calendars whose compiled open hours end before a day.
-- param until_day date not null
-- column centre_number int2 not null
-- column calendar_id uuid as CalendarID not null
-- column compiled_until date
select c.centre_id as centre_number, c.id as calendar_id, upper(z.compiled) - 1 as compiled_until
from centres.calendar c
left join centres.open_hours_horizon z on z.centre_id = c.centre_id and z.calendar_id = c.id
where z.compiled is null or upper(z.compiled) <= @until_day
order by c.centre_id, c.id;

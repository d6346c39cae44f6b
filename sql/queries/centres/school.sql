-- name: ListSchoolHolidays :many
-- The days of a school calendar in its newest version, within a range, last day included.
-- param calendar text not null
-- param first_day date not null
-- param last_day date not null
-- column from_day date not null
-- column to_day date not null
-- column reason text not null
-- column version int4 not null
select lower(h.during) as from_day, upper(h.during) - 1 as to_day, h.reason, h.version
from centres.school_holiday h
where h.calendar = @calendar and h.during && daterange(@first_day, @last_day, '[]')
  and h.version = (select max(n.version) from centres.school_holiday n where n.calendar = @calendar)
order by h.during;

-- name: PutSchoolCalendar :one
-- A new version, whole; the arrays are parallel.
-- param calendar text not null
-- param first_days date[] not null
-- param last_days date[] not null
-- param reasons text[] not null
-- column version int4 not null
select centres.put_school_calendar(@calendar, @first_days, @last_days, @reasons) as version;

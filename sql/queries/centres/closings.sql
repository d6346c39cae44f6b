-- name: ListClosings :many
-- What imported calendars close at a centre on some days, last day included: at a site with what they close at every site, or without one
-- at every site alone.
-- param centre_number int2 not null
-- param site_id uuid as CalendarID
-- param first_day date not null
-- param last_day date not null
-- column uid text not null
-- column is_of_site bool not null
-- column day date not null
-- column starts int2 not null
-- column ends int2 not null
-- column reason text not null
select c.uid, c.site_id is not null as is_of_site, c.day, c.starts, c.ends, c.reason
from centres.closing c
where c.centre_id = @centre_number and c.day between @first_day and @last_day and (c.site_id is null or c.site_id = @site_id)
order by c.day, c.starts, c.uid;

-- name: PutClosings :exec
-- param centre_number int2 not null
-- param site_id uuid as SiteID
-- param uids text[] not null
-- param first_day date not null
-- param uid text[] not null
-- param days date[] not null
-- param starts int4[] not null
-- param ends int4[] not null
-- param reasons text[] not null
select centres.put_closings(@centre_number, @site_id, @uids, @first_day, @uid, @days, @starts, @ends, @reasons);

-- Opening calendars: one for each site and for each resource that keeps hours of its own, with dated exceptions, what was known
-- when, and school calendars.
-- lock class: access exclusive on the opening tables of centres, which are small, and on platforms.resource while a column is added

-- MARK: Calendars

create table centres.calendar (
    centre_id smallint not null,
    id uuid not null,
    site_id uuid not null,
    parent_id uuid,
    constraint calendar_pkey primary key (centre_id, id),
    constraint calendar_site foreign key (centre_id, site_id) references centres.site (centre_id, id),
    constraint calendar_parent foreign key (centre_id, parent_id) references centres.calendar (centre_id, id),
    constraint calendar_of_a_site_is_the_top check ((id = site_id) = (parent_id is null))
);
create index calendar_by_site on centres.calendar (centre_id, site_id);
comment on table centres.calendar is
    'Whose hours are kept: a site (with its id) or a resource (with its id) that has hours of its own. A day that a calendar says nothing about is its parent''s.';
insert into centres.calendar (centre_id, id, site_id) select s.centre_id, s.id, s.id from centres.site s;

alter table centres.weekly_opening rename column site_id to calendar_id;
alter table centres.weekly_opening drop constraint weekly_opening_site,
    add constraint weekly_opening_calendar foreign key (centre_id, calendar_id) references centres.calendar (centre_id, id);

create table centres.own_opening (
    centre_id smallint not null,
    calendar_id uuid not null,
    during daterange not null,
    constraint own_opening_pkey primary key (centre_id, calendar_id, during),
    constraint own_opening_calendar foreign key (centre_id, calendar_id) references centres.calendar (centre_id, id),
    constraint own_opening_no_overlap exclude using gist (centre_id with =, calendar_id with =, during with &&)
);
comment on table centres.own_opening is
    'The days on which a resource has a weekly opening of its own, maybe an empty one; on others it follows what it stands in. A site always has its own.';

create table centres.opening_exception (
    centre_id smallint not null,
    calendar_id uuid not null,
    day date not null,
    opens smallint[] not null,
    closes smallint[] not null,
    reason text not null,
    recorded_at timestamptz not null,
    constraint opening_exception_pkey primary key (centre_id, calendar_id, day),
    constraint opening_exception_calendar foreign key (centre_id, calendar_id) references centres.calendar (centre_id, id),
    constraint opening_exception_parallel check (cardinality(opens) = cardinality(closes)),
    constraint opening_exception_minutes check (0 <= all (opens) and 1440 >= all (closes)),
    constraint opening_exception_reason_present check (length(btrim(reason)) between 1 and 200)
);
comment on table centres.opening_exception is
    'The hours of one day in place of the usual ones (minutes after midnight; none: closed), and why. Stronger than a closed day.';

alter table centres.open_hours_horizon rename column site_id to calendar_id;
alter table centres.open_hours_horizon drop constraint open_hours_horizon_site,
    add constraint open_hours_horizon_calendar foreign key (centre_id, calendar_id) references centres.calendar (centre_id, id);

alter table centres.open_hours rename column site_id to calendar_id;
alter table centres.open_hours
    add column known_from timestamptz not null default '-infinity',
    drop constraint open_hours_site,
    add constraint open_hours_calendar foreign key (centre_id, calendar_id) references centres.calendar (centre_id, id);
comment on table centres.open_hours is
    'Compiled in Swift from weekly opening, exceptions and closed days: when a calendar is open, by local day, and since when that is known. What the guard and the reports test.';

create table centres.former_open_hours (
    centre_id smallint not null,
    calendar_id uuid not null,
    day date not null,
    during tstzrange not null,
    known tstzrange not null,
    constraint former_open_hours_pkey primary key (centre_id, calendar_id, day, during, known)
);
comment on table centres.former_open_hours is
    'Open hours that a change replaced, and while they were what was known. Rows are only added.';

create table centres.school_holiday (
    calendar text not null,
    during daterange not null,
    reason text not null,
    version integer not null,
    recorded_at timestamptz not null,
    constraint school_holiday_pkey primary key (calendar, version, during),
    constraint school_holiday_calendar_is_code check (calendar ~ '^[a-z]{2}-[a-z]{2,10}$'),
    constraint school_holiday_reason_is_key check (reason ~ '^schoolHoliday\.[a-zA-Z]+$')
);
comment on table centres.school_holiday is
    'When the schools of a calendar are closed, by version: data beside the opening of the centres, which they do not decide. The newest version is in force.';

grant select on centres.calendar, centres.own_opening, centres.opening_exception, centres.former_open_hours, centres.school_holiday
    to plateau_app, plateau_functions, plateau_readonly;
grant insert, update, delete on centres.calendar, centres.own_opening, centres.opening_exception to plateau_functions;
grant insert on centres.former_open_hours, centres.school_holiday to plateau_functions;

alter table platforms.resource
    add column calendar_id uuid,
    add constraint resource_calendar foreign key (centre_id, calendar_id) references centres.calendar (centre_id, id);
comment on column platforms.resource.calendar_id is
    'The calendar that it follows: its own, or that of the nearest platform above it that has one; none: the site''s.';

-- The schools of the French Community of Belgium in 2026-2027, as its ministry announced them, with 27 September, its own day. The
-- network replaces them with a new version when the next year is announced.
insert into centres.school_holiday (calendar, during, reason, version, recorded_at)
select 'be-fwb', daterange(h.first, h.last, '[]'), h.reason, 1, plateau.clock()
from (values
    (date '2026-07-04', date '2026-08-23', 'schoolHoliday.summer'), ('2026-09-27', '2026-09-27', 'schoolHoliday.frenchCommunity'),
    ('2026-10-19', '2026-11-01', 'schoolHoliday.autumn'), ('2026-11-11', '2026-11-11', 'schoolHoliday.armistice'),
    ('2026-12-21', '2027-01-03', 'schoolHoliday.winter'), ('2027-02-22', '2027-03-07', 'schoolHoliday.carnival'),
    ('2027-03-29', '2027-03-29', 'schoolHoliday.easterMonday'), ('2027-04-26', '2027-05-09', 'schoolHoliday.spring'),
    ('2027-05-17', '2027-05-17', 'schoolHoliday.whitMonday'), ('2027-07-03', '2027-08-29', 'schoolHoliday.summer'),
    ('2027-09-27', '2027-09-27', 'schoolHoliday.frenchCommunity')) as h (first, last, reason);

-- MARK: Keeping calendars

create or replace function centres.create_site(
    p_centre_id smallint, p_id uuid, p_name text, p_kind text, p_town text, p_zone text, p_latitude double precision,
    p_longitude double precision) returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
begin
    perform now() at time zone p_zone;
    insert into centres.site (centre_id, id, name, kind, town, zone, latitude, longitude, created_at)
    values (p_centre_id, p_id, p_name, p_kind, p_town, p_zone, p_latitude, p_longitude, v_now);
    insert into centres.calendar (centre_id, id, site_id) values (p_centre_id, p_id, p_id);
    return v_now;
end
$$;

create function centres.put_weekly_opening(
    p_centre_id smallint, p_calendar_id uuid, p_from date, p_weekdays smallint[], p_opens time[], p_closes time[]) returns void
    language plpgsql volatile
as $$
begin
    delete from centres.weekly_opening where centre_id = p_centre_id and calendar_id = p_calendar_id and lower(during) >= p_from;
    update centres.weekly_opening set during = daterange(lower(during), p_from)
    where centre_id = p_centre_id and calendar_id = p_calendar_id and during @> p_from;
    insert into centres.weekly_opening (centre_id, calendar_id, during, weekday, opens, closes, recorded_at)
    select p_centre_id, p_calendar_id, daterange(p_from, null), o.weekday, o.opens, o.closes, plateau.clock()
    from unnest(p_weekdays, p_opens, p_closes) as o (weekday, opens, closes);
end
$$;
comment on function centres.put_weekly_opening(smallint, uuid, date, smallint[], time[], time[]) is
    'Replaces the weekly opening of a calendar from a day on; past days keep theirs.';

create or replace function centres.set_weekly_opening(
    p_centre_id smallint, p_site_id uuid, p_from date, p_weekdays smallint[], p_opens time[], p_closes time[], p_version integer)
    returns setof integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
begin
    -- Bookings read the open hours under the shared form of this lock.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    update centres.site set version = version + 1
    where centre_id = p_centre_id and id = p_site_id and version = p_version
    returning version into v_version;
    if not found then
        return;
    end if;
    perform centres.put_weekly_opening(p_centre_id, p_site_id, p_from, p_weekdays, p_opens, p_closes);
    return next v_version;
end
$$;

create function centres.put_exceptions(
    p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens integer[], p_closes integer[], p_reasons text[])
    returns void
    language plpgsql volatile
as $$
begin
    delete from centres.opening_exception e
    where e.centre_id = p_centre_id and e.calendar_id = p_calendar_id and p_days @> e.day;
    insert into centres.opening_exception (centre_id, calendar_id, day, opens, closes, reason, recorded_at)
    select p_centre_id, p_calendar_id, x.day,
           coalesce(array_agg(x.opens::smallint order by x.opens) filter (where x.opens >= 0), '{}'),
           coalesce(array_agg(x.closes::smallint order by x.opens) filter (where x.opens >= 0), '{}'),
           min(x.reason), plateau.clock()
    from unnest(p_day, p_opens, p_closes, p_reasons) as x (day, opens, closes, reason)
    group by x.day;
end
$$;
comment on function centres.put_exceptions(smallint, uuid, daterange, date[], integer[], integer[], text[]) is
    'Replaces the exceptions of a range of days. The arrays are parallel, an entry for each period; opens -1: closed that day.';

create function centres.set_exceptions(
    p_centre_id smallint, p_site_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[],
    p_reasons text[]) returns setof integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    update centres.site set version = version + 1
    where centre_id = p_centre_id and id = p_site_id and version = p_version
    returning version into v_version;
    if not found then
        return;
    end if;
    perform centres.put_exceptions(p_centre_id, p_site_id, p_days, p_day, p_opens, p_closes, p_reasons);
    return next v_version;
end
$$;
comment on function centres.set_exceptions(smallint, uuid, integer, daterange, date[], integer[], integer[], text[]) is
    'centres.put_exceptions for a site. The new version, or no row when the version given is not current.';

drop function centres.put_open_hours(smallint, uuid, daterange, date[], timestamptz[], timestamptz[]);
create function centres.put_open_hours(
    p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_day date[], p_opens timestamptz[], p_closes timestamptz[])
    returns setof date
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
    v_changed date[];
    v_compiled daterange;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    v_changed := array(
        select day
        from (select o.day, array_agg(tstzrange(o.opens, o.closes) order by o.opens) as hours
              from unnest(p_day, p_opens, p_closes) as o (day, opens, closes) group by o.day) d
        full join (select h.day, array_agg(h.during order by h.during) as hours
                   from centres.open_hours h
                   where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and p_days @> h.day group by h.day) f using (day)
        where d.hours is distinct from f.hours
        order by day);
    insert into centres.former_open_hours (centre_id, calendar_id, day, during, known)
    select h.centre_id, h.calendar_id, h.day, h.during, tstzrange(h.known_from, v_now)
    from centres.open_hours h
    where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and h.day = any (v_changed) and h.known_from < v_now;
    delete from centres.open_hours h
    where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and h.day = any (v_changed);
    insert into centres.open_hours (centre_id, calendar_id, day, during, known_from)
    select p_centre_id, p_calendar_id, o.day, tstzrange(o.opens, o.closes), v_now
    from unnest(p_day, p_opens, p_closes) as o (day, opens, closes)
    where o.day = any (v_changed);
    select z.compiled into v_compiled from centres.open_hours_horizon z
    where z.centre_id = p_centre_id and z.calendar_id = p_calendar_id;
    insert into centres.open_hours_horizon (centre_id, calendar_id, compiled, compiled_at)
    values (p_centre_id, p_calendar_id, p_days, v_now)
    on conflict (centre_id, calendar_id) do update
        set compiled = range_merge(centres.open_hours_horizon.compiled, excluded.compiled), compiled_at = excluded.compiled_at;
    -- A day that was never compiled has not changed for anybody.
    return query select c from unnest(v_changed) c where v_compiled @> c;
end
$$;
comment on function centres.put_open_hours(smallint, uuid, daterange, date[], timestamptz[], timestamptz[]) is
    'Replaces the compiled open hours of a calendar for a range of local days, touching only the days that differ; what stood there is kept as former. The days that were compiled before and changed.';

create function centres.open_hours_known(p_centre_id smallint, p_calendar_id uuid, p_days daterange, p_known_at timestamptz)
    returns table (day date, during tstzrange)
    language sql stable
as $$
    select h.day, h.during from centres.open_hours h
    where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and p_days @> h.day and h.known_from <= p_known_at
    union all
    select f.day, f.during from centres.former_open_hours f
    where f.centre_id = p_centre_id and f.calendar_id = p_calendar_id and p_days @> f.day and f.known @> p_known_at
$$;
comment on function centres.open_hours_known(smallint, uuid, daterange, timestamptz) is
    'The open hours of some days as they were known at a moment.';

create function centres.put_school_calendar(p_calendar text, p_first date[], p_last date[], p_reasons text[]) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
begin
    perform pg_advisory_xact_lock(hashtextextended(p_calendar, 16));
    select coalesce(max(h.version), 0) + 1 into v_version from centres.school_holiday h where h.calendar = p_calendar;
    insert into centres.school_holiday (calendar, during, reason, version, recorded_at)
    select p_calendar, daterange(h.first, h.last, '[]'), h.reason, v_version, plateau.clock()
    from unnest(p_first, p_last, p_reasons) as h (first, last, reason);
    return v_version;
end
$$;
comment on function centres.put_school_calendar(text, date[], date[], text[]) is
    'A new version of a school calendar, whole; earlier versions stay readable. Its number.';

-- MARK: Hours of a resource

create function platforms.own_calendar(p_resource platforms.resource) returns void
    language plpgsql volatile
as $$
declare
    v_former uuid := coalesce(p_resource.calendar_id, p_resource.site_id);
begin
    if p_resource.calendar_id = p_resource.id then
        return;
    end if;
    insert into centres.calendar (centre_id, id, site_id, parent_id)
    values (p_resource.centre_id, p_resource.id, p_resource.site_id, v_former);
    -- Its hours so far were those of the calendar that it followed, and stay so.
    insert into centres.open_hours (centre_id, calendar_id, day, during, known_from)
    select h.centre_id, p_resource.id, h.day, h.during, h.known_from from centres.open_hours h
    where h.centre_id = p_resource.centre_id and h.calendar_id = v_former;
    insert into centres.former_open_hours (centre_id, calendar_id, day, during, known)
    select f.centre_id, p_resource.id, f.day, f.during, f.known from centres.former_open_hours f
    where f.centre_id = p_resource.centre_id and f.calendar_id = v_former;
    insert into centres.open_hours_horizon (centre_id, calendar_id, compiled, compiled_at)
    select z.centre_id, p_resource.id, z.compiled, z.compiled_at from centres.open_hours_horizon z
    where z.centre_id = p_resource.centre_id and z.calendar_id = v_former;
    -- What is below it and followed the same calendar follows it now.
    update centres.calendar c set parent_id = p_resource.id
    from platforms.resource r
    where c.centre_id = p_resource.centre_id and c.parent_id = v_former and c.id <> p_resource.id
      and r.centre_id = c.centre_id and r.id = c.id and r.ancestors @> array[p_resource.id];
    update platforms.resource r set calendar_id = p_resource.id
    where r.centre_id = p_resource.centre_id and (r.id = p_resource.id or r.ancestors @> array[p_resource.id])
      and coalesce(r.calendar_id, r.site_id) = v_former;
end
$$;
comment on function platforms.own_calendar(platforms.resource) is
    'Gives a resource a calendar of its own, below the one that it followed. The caller holds the label lock exclusively.';

create function platforms.set_weekly_opening(
    p_centre_id smallint, p_id uuid, p_version integer, p_from date, p_follows boolean, p_weekdays smallint[], p_opens time[],
    p_closes time[]) returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    if not found or v_resource.version <> p_version then
        return query select case when v_resource.id is null then 'notFound' else 'versionMismatch' end, v_resource.version;
        return;
    end if;
    perform platforms.own_calendar(v_resource);
    perform centres.put_weekly_opening(p_centre_id, p_id, p_from, p_weekdays, p_opens, p_closes);
    delete from centres.own_opening o where o.centre_id = p_centre_id and o.calendar_id = p_id and lower(o.during) >= p_from;
    update centres.own_opening o set during = daterange(lower(o.during), p_from)
    where o.centre_id = p_centre_id and o.calendar_id = p_id and o.during @> p_from;
    if not p_follows then
        insert into centres.own_opening (centre_id, calendar_id, during) values (p_centre_id, p_id, daterange(p_from, null));
    end if;
    update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
    return query select 'changed', p_version + 1;
end
$$;
comment on function platforms.set_weekly_opening(smallint, uuid, integer, date, boolean, smallint[], time[], time[]) is
    'Gives a resource a weekly opening of its own from a day on, or lets it follow what it stands in again. outcome: changed, notFound, versionMismatch.';

create function platforms.set_exceptions(
    p_centre_id smallint, p_id uuid, p_version integer, p_days daterange, p_day date[], p_opens integer[], p_closes integer[],
    p_reasons text[]) returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    if not found or v_resource.version <> p_version then
        return query select case when v_resource.id is null then 'notFound' else 'versionMismatch' end, v_resource.version;
        return;
    end if;
    perform platforms.own_calendar(v_resource);
    perform centres.put_exceptions(p_centre_id, p_id, p_days, p_day, p_opens, p_closes, p_reasons);
    update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
    return query select 'changed', p_version + 1;
end
$$;
comment on function platforms.set_exceptions(smallint, uuid, integer, daterange, date[], integer[], integer[], text[]) is
    'centres.put_exceptions for a resource. outcome: changed, notFound, versionMismatch.';

-- MARK: What a change of hours does to bookings

create function bookings.outside_opening(p_centre_id smallint, p_first date, p_last date, p_now timestamptz)
    returns table (booking_id uuid, reference text, line smallint, resource_id uuid, starts timestamptz, ends timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select b.id, b.reference, l.number, l.resource_id, l.starts, l.ends
    from platforms.resource r
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    join platforms.occupancy o on o.centre_id = r.centre_id and o.resource_id = r.id
         and o.ends > plateau.instant_of(p_first::timestamp, s.zone) and o.starts < plateau.instant_of((p_last + 1)::timestamp, s.zone)
         and o.ends > p_now and o.use_starts < o.use_ends
    join bookings.line l on l.centre_id = plateau.centre_of(o.holder_id) and l.booking_id = o.holder_id and l.number = o.line_number
         and l.resource_id = o.resource_id
    join bookings.booking b on b.centre_id = l.centre_id and b.id = l.booking_id
    where r.centre_id = p_centre_id
      and not coalesce((
          select range_agg(h.during) @> tstzrange(o.use_starts, o.use_ends)
          from centres.open_hours h
          where h.centre_id = r.centre_id and h.calendar_id = coalesce(r.calendar_id, r.site_id)
            and h.day = plateau.local_day(o.use_starts, s.zone)), false)
    group by b.id, b.reference, l.number, l.resource_id, l.starts, l.ends
    order by l.starts, b.id, l.number
$$;
comment on function bookings.outside_opening(smallint, date, date, timestamptz) is
    'Lines of bookings to come, at a centre, that are in use on some days at a time at which their resource is not open.';

-- MARK: Functions that read the hours of the calendar that a resource follows

create or replace function bookings.time_rules(
    p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_now timestamptz) returns jsonb
    language plpgsql stable
as $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_minutes numeric := extract(epoch from upper(p_slot) - lower(p_slot)) / 60;
    v_local timestamp := lower(p_slot) at time zone p_zone;
    v_open tstzmultirange;
    v_horizon date;
    v_calendar uuid := coalesce(p_resource.calendar_id, p_resource.site_id);
begin
    if p_resource.retired_at is not null and p_resource.retired_at <= upper(p_slot) then
        v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'resourceRetired', jsonb_build_object(
            'retiredAt', plateau.rfc3339(p_resource.retired_at), 'zone', p_zone));
    end if;
    if lower(p_slot) < p_now then
        v_rules := v_rules || bookings.rule(p_line, 'notice', 'inThePast', jsonb_build_object('now', plateau.rfc3339(p_now)));
    elsif lower(p_slot) < p_now + make_interval(mins => p_resource.notice_minutes) then
        v_rules := v_rules || bookings.rule(p_line, 'notice', 'noticeTooShort', jsonb_build_object(
            'noticeMinutes', p_resource.notice_minutes,
            'earliestStart', plateau.rfc3339(p_now + make_interval(mins => p_resource.notice_minutes)), 'zone', p_zone));
    end if;
    if plateau.local_day(lower(p_slot), p_zone) > plateau.local_day(p_now, p_zone) + p_resource.horizon_days then
        v_rules := v_rules || bookings.rule(p_line, 'horizon', 'beyondHorizon', jsonb_build_object(
            'horizonDays', p_resource.horizon_days, 'lastDay', plateau.local_day(p_now, p_zone) + p_resource.horizon_days));
    end if;
    if v_minutes < p_resource.minimum_minutes then
        v_rules := v_rules || bookings.rule(p_line, 'duration', 'durationTooShort', jsonb_build_object(
            'minutes', trim_scale(v_minutes), 'minimumMinutes', p_resource.minimum_minutes));
    elsif v_minutes > p_resource.maximum_minutes then
        v_rules := v_rules || bookings.rule(p_line, 'duration', 'durationTooLong', jsonb_build_object(
            'minutes', trim_scale(v_minutes), 'maximumMinutes', p_resource.maximum_minutes));
    end if;
    if extract(epoch from v_local::time)::numeric % (p_resource.grid_minutes * 60) <> 0 or v_minutes % p_resource.grid_minutes <> 0 then
        v_rules := v_rules || bookings.rule(p_line, 'grid', 'offGrid', jsonb_build_object('gridMinutes', p_resource.grid_minutes));
    end if;
    select range_agg(h.during order by h.during) into v_open
    from centres.open_hours h
    where h.centre_id = p_resource.centre_id and h.calendar_id = v_calendar
      and h.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone);
    if v_open is null or not v_open @> p_slot then
        select h.compiled into strict v_horizon from (
            select (select upper(c.compiled) - 1 from centres.open_hours_horizon c
                    where c.centre_id = p_resource.centre_id and c.calendar_id = v_calendar) as compiled) h;
        v_rules := v_rules || bookings.rule(p_line, 'opening', 'closed', jsonb_strip_nulls(jsonb_build_object(
            'openHours', coalesce((select jsonb_agg(jsonb_build_object(
                'start', plateau.rfc3339(lower(r)), 'end', plateau.rfc3339(upper(r)))) from unnest(v_open) r), '[]'),
            'closedDays', (select jsonb_agg(jsonb_build_object('day', d.day, 'reason', d.reason) order by d.day)
                           from centres.closed_day d where d.centre_id = p_resource.centre_id
                             and d.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone)),
            'exceptions', (
                select jsonb_agg(jsonb_build_object('day', e.day, 'reason', e.reason) order by e.day)
                from centres.opening_exception e
                where e.centre_id = p_resource.centre_id
                  and e.calendar_id in (
                      with recursive above as (
                          select c.id, c.parent_id from centres.calendar c where c.centre_id = p_resource.centre_id and c.id = v_calendar
                          union all
                          select c.id, c.parent_id from centres.calendar c join above a on c.id = a.parent_id
                          where c.centre_id = p_resource.centre_id)
                      select a.id from above a)
                  and e.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone)),
            -- Said only where it is the reason.
            'calendarKnownUntil', case when plateau.local_day(upper(p_slot), p_zone) > v_horizon then v_horizon end,
            'zone', p_zone)));
    end if;
    return v_rules;
end
$$;
comment on function bookings.time_rules(integer, platforms.resource, text, tstzrange, timestamptz) is
    'The failed rules of use of one line, each with the fact it used. An empty array when all hold.';

create or replace function bookings.next_free(
    p_resource_id uuid, p_seats integer, p_minutes integer, p_from timestamptz, p_days integer, p_count integer,
    p_audiences text[] default null, p_persons integer default 0)
    returns table (starts timestamptz, ends timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with resource as (
        select r as o, r.*, s.zone, coalesce(p_seats, r.capacity) as seats, plateau.clock() as now,
               greatest(p_from, plateau.clock() + make_interval(mins => r.notice_minutes)) as earliest
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = plateau.centre_of(p_resource_id) and r.id = p_resource_id and r.retired_at is null
    ), open as (
        select r.centre_id, unnest(range_agg(h.during)) as during
        from resource r
        join centres.open_hours h on h.centre_id = r.centre_id and h.calendar_id = coalesce(r.calendar_id, r.site_id)
             and h.day >= plateau.local_day(r.earliest, r.zone) and h.day < plateau.local_day(r.earliest, r.zone) + p_days
        group by r.centre_id
    ), candidate as (
        -- A slot can only become free when the site opens, when something ends, or at once.
        select greatest(lower(o.during), r.earliest) as at from open o, resource r
        union
        select c.ends + make_interval(mins => r.setup_minutes)
        from resource r
        join platforms.occupancy c on c.centre_id = r.centre_id and c.resource_id = any (r.id || r.ancestors)
             and c.ends > r.earliest and c.ends < r.earliest + make_interval(days => p_days)
        union
        -- A season ends with a day.
        select plateau.instant_of((plateau.local_day(r.earliest, r.zone) + n)::timestamp, r.zone)
        from resource r, generate_series(1, p_days - 1) as n
        where r.has_priority
    ), aligned as (
        select distinct plateau.instant_of(
                   date_trunc('day', c.at at time zone r.zone)
                   + make_interval(mins => (ceil(extract(epoch from (c.at at time zone r.zone)::time) / (60 * r.grid_minutes))
                                            * r.grid_minutes)::integer), r.zone) as at
        from candidate c, resource r
    ), slot as (
        select tstzrange(a.at, a.at + make_interval(mins => p_minutes)) as during from aligned a
    )
    select lower(s.during), upper(s.during)
    from slot s, resource r
    where lower(s.during) >= r.earliest
      and plateau.local_day(lower(s.during), r.zone) <= plateau.local_day(r.now, r.zone) + r.horizon_days
      and exists (select from open o where o.during @> s.during)
      and platforms.has_room(r.o, s.during, r.seats, p_persons)
      and (not r.has_priority or p_audiences is null
           or bookings.priority_rules(0, r.o, r.zone, s.during, p_audiences, r.now) = '[]'::jsonb)
    order by lower(s.during)
    limit p_count
$$;

create or replace function platforms.place(p_resource platforms.resource, p_parent uuid) returns void
    language plpgsql volatile
as $$
declare
    v_parent platforms.resource;
    v_ancestors uuid[] := '{}'::uuid[];
    v_depth integer := cardinality(p_resource.ancestors);
begin
    if p_parent is not null then
        select * into v_parent from platforms.resource r where r.centre_id = p_resource.centre_id and r.id = p_parent;
        if not found or v_parent.kind <> 'platform' or v_parent.retired_at is not null then
            perform platforms.refuse('resource_parent');
        elsif v_parent.site_id <> p_resource.site_id then
            perform platforms.refuse('resource_parent_elsewhere');
        elsif v_parent.capacity < p_resource.capacity then
            perform platforms.refuse('resource_parent_smaller');
        elsif v_parent.id = p_resource.id or v_parent.ancestors @> array[p_resource.id] then
            perform platforms.refuse('resource_parent_inside');
        end if;
        v_ancestors := p_parent || v_parent.ancestors;
    end if;
    if p_resource.parent_id is distinct from p_parent
        and exists (select from platforms.resource r join centres.calendar c on c.centre_id = r.centre_id and c.id = r.id
                    where r.centre_id = p_resource.centre_id and (r.id = p_resource.id or r.ancestors @> array[p_resource.id])) then
        perform platforms.refuse('resource_parent_hours');
    end if;
    update platforms.resource r
    set parent_id = case r.id when p_resource.id then p_parent else r.parent_id end,
        calendar_id = v_parent.calendar_id,
        ancestors = r.ancestors[: cardinality(r.ancestors) - v_depth] || v_ancestors
    where r.centre_id = p_resource.centre_id and (r.id = p_resource.id or r.ancestors @> array[p_resource.id]);
    perform platforms.note_priority(p_resource.centre_id, p_resource.id);
end
$$;

create or replace function platforms.add_part(p_platform platforms.resource, p_id uuid, p_kind text, p_name text, p_ancestors uuid[])
    returns timestamptz
    language plpgsql volatile
as $$
declare
    v_now timestamptz;
begin
    v_now := platforms.add_resource(
        p_platform.centre_id, p_id, p_kind, p_name, p_platform.site_id, p_platform.is_shared, 1, p_platform.setup_minutes,
        p_platform.cleanup_minutes, p_platform.minimum_minutes, p_platform.maximum_minutes, p_platform.grid_minutes,
        p_platform.notice_minutes, p_platform.horizon_days);
    update platforms.resource r
    set parent_id = p_ancestors[1], ancestors = p_ancestors, supervision = p_platform.supervision, has_priority = p_platform.has_priority,
        calendar_id = p_platform.calendar_id
    where r.centre_id = p_platform.centre_id and r.id = p_id;
    return v_now;
end
$$;

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef
               and (p.pronamespace = 'centres'::regnamespace and p.proname in ('set_exceptions', 'put_open_hours', 'put_school_calendar')
                    or p.pronamespace = 'platforms'::regnamespace and p.proname in ('set_weekly_opening', 'set_exceptions')
                    or p.pronamespace = 'bookings'::regnamespace and p.proname = 'outside_opening') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;
grant execute on function centres.put_weekly_opening(smallint, uuid, date, smallint[], time[], time[]) to plateau_functions;
grant execute on function centres.put_exceptions(smallint, uuid, daterange, date[], integer[], integer[], text[]) to plateau_functions;
grant execute on function platforms.own_calendar(platforms.resource) to plateau_functions;
grant execute on function centres.open_hours_known(smallint, uuid, daterange, timestamptz) to plateau_app;

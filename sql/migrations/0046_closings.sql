-- What calendars that were imported close: a centre or one of its sites, whole days or parts of them, known by the UID of the event.
-- A refusal names them beside the exceptions of the day.
-- lock class: none (a new table, new functions)

create table centres.closing (
    centre_id smallint not null,
    id bigint generated always as identity,
    site_id uuid,
    uid text not null,
    day date not null,
    starts smallint not null,
    ends smallint not null,
    reason text not null,
    recorded_at timestamptz not null,
    constraint closing_pkey primary key (centre_id, id),
    constraint closing_once unique nulls not distinct (centre_id, site_id, uid, day, starts),
    constraint closing_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint closing_site foreign key (centre_id, site_id) references centres.site (centre_id, id),
    constraint closing_minutes check (0 <= starts and starts < ends and ends <= 1440),
    constraint closing_uid_present check (length(uid) between 1 and 255),
    constraint closing_reason_present check (length(btrim(reason)) between 1 and 200)
);
comment on table centres.closing is
    'What an event of an imported calendar closes on a local day (minutes after midnight; 0 to 1440: all of it), at a site or, without one, at every site of the centre. Stronger than whatever opens: weekly hours, exceptions, hours of resources.';
create index closing_by_day on centres.closing (centre_id, day);
grant select on centres.closing to plateau_app, plateau_readonly;
grant select, insert, delete on centres.closing to plateau_functions;

create function centres.put_closings(
    p_centre_id smallint, p_site_id uuid, p_uids text[], p_first date, p_uid text[], p_days date[], p_starts integer[], p_ends integer[],
    p_reasons text[]) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    delete from centres.closing c
    where c.centre_id = p_centre_id and c.site_id is not distinct from p_site_id and c.uid = any (p_uids) and c.day >= p_first;
    insert into centres.closing (centre_id, site_id, uid, day, starts, ends, reason, recorded_at)
    select p_centre_id, p_site_id, n.uid, n.day, n.starts::smallint, n.ends::smallint, n.reason, plateau.clock()
    from unnest(p_uid, p_days, p_starts, p_ends, p_reasons) as n (uid, day, starts, ends, reason);
end
$$;
comment on function centres.put_closings(smallint, uuid, text[], date, text[], date[], integer[], integer[], text[]) is
    'Replaces what some events close from a day on, at a site or, without one, at a centre. uids: the events; the arrays behind p_first are parallel, an entry for each part of a day.';
alter function centres.put_closings(smallint, uuid, text[], date, text[], date[], integer[], integer[], text[]) owner to plateau_functions;
revoke all on function centres.put_closings(smallint, uuid, text[], date, text[], date[], integer[], integer[], text[]) from public;
grant execute on function centres.put_closings(smallint, uuid, text[], date, text[], date[], integer[], integer[], text[]) to plateau_app;

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
    v_rules := v_rules || bookings.service_rules(p_line, p_resource, p_zone, p_slot);
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
                with recursive above as (
                    select c.id, c.parent_id from centres.calendar c where c.centre_id = p_resource.centre_id and c.id = v_calendar
                    union all
                    select c.id, c.parent_id from centres.calendar c join above a on c.id = a.parent_id
                    where c.centre_id = p_resource.centre_id),
                said as (
                    select e.day, e.reason
                    from centres.opening_exception e
                    where e.centre_id = p_resource.centre_id and e.calendar_id in (select a.id from above a)
                    union
                    select g.day, g.reason
                    from centres.closing g
                    where g.centre_id = p_resource.centre_id and (g.site_id is null or g.site_id = p_resource.site_id))
                select jsonb_agg(jsonb_build_object('day', s.day, 'reason', s.reason) order by s.day, s.reason)
                from said s
                where s.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone)),
            -- Said only where it is the reason.
            'calendarKnownUntil', case when plateau.local_day(upper(p_slot), p_zone) > v_horizon then v_horizon end,
            'zone', p_zone)));
    end if;
    return v_rules;
end
$$;

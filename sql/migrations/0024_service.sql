-- Equipment is booked only while its state allows it: the rules of every booking, and whatever looks for room, ask.
-- lock class: none (functions only)

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

create or replace function platforms.has_room(p_resource platforms.resource, p_slot tstzrange, p_seats integer, p_persons integer default 0)
    returns boolean
    language plpgsql stable
as $$
declare
    v_starts timestamptz := lower(p_slot) - make_interval(mins => p_resource.setup_minutes);
    v_ends timestamptz := upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes);
    v_node platforms.resource;
begin
    for v_node in
        select r.* from platforms.resource r
        where r.centre_id = p_resource.centre_id and r.id = any (p_resource.id || p_resource.ancestors)
    loop
        if p_seats > v_node.capacity - platforms.most_taken(v_node.centre_id, v_node.id, v_starts, v_ends)
            or v_node.retired_at <= upper(p_slot)
            or v_node.kind = 'equipment' and bookings.service_rules(1, v_node, 'UTC', p_slot) <> '[]'::jsonb
            or v_node.person_limit is not null
               and p_persons > v_node.person_limit - platforms.most_persons(v_node.centre_id, v_node.id, v_starts, v_ends) then
            return false;
        end if;
    end loop;
    return true;
end
$$;

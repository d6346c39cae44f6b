-- A search for what can be used asks no rule of what is too small, closed or taken: at an hour at which nearly everything is taken each of up
-- to 2,000 candidates was judged by every rule.
-- lock class: none (a function)

create or replace function bookings.search(
    p_organisation uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude float8, p_longitude float8, p_kilometres float8,
    p_starts timestamptz, p_ends timestamptz, p_seats integer, p_audiences text[], p_head_counts integer[], p_only_usable boolean,
    p_after integer, p_most integer, p_limit integer)
    returns table (
        place integer, id uuid, kind text, name text, centre_id uuid, centre_name text, site_id uuid, site_name text, town text, zone text,
        capacity integer, kilometres float8, verdict text, free integer, requires jsonb, rules jsonb)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_slot tstzrange := case when p_starts is not null then tstzrange(p_starts, p_ends) end;
    v_caller_centre smallint;
    v_persons integer := coalesce((select sum(n) from unnest(p_head_counts) n), 0);
    v_candidate record;
    v_found record;
    v_outlook record;
    v_needs record;
    v_count integer := 0;
    v_most integer;
    v_place integer;
    v_seen integer := p_after;
begin
    -- Of what has begun nothing can be used.
    if p_only_usable and p_starts < v_now then
        return;
    end if;
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    -- Most often the first few will do.
    foreach v_most in array case when p_only_usable then array[least(p_after + 4 * p_limit, p_most), p_most]
                                 else array[least(p_after + p_limit, p_most)] end loop
        v_place := 0;
        for v_candidate in
            select c.*, u.is_likely
            from bookings.candidates(
                p_words, p_tags, p_centre_id, p_latitude, p_longitude, p_kilometres, v_most, null, v_now)
                with ordinality as c (centre_id, id, rank, kilometres, place)
            -- What is too small, closed or taken is nothing to ask every rule about: of many things at a busy hour most are. One after the
            -- other, so that the first few are found without looking at the rest.
            left join lateral (
                select true as is_likely
                from platforms.resource r
                where r.centre_id = c.centre_id and r.id = c.id and r.capacity >= p_seats
                  and (v_slot is null
                       or exists (
                              select from centres.open_hours h
                              where h.centre_id = r.centre_id and h.calendar_id = coalesce(r.calendar_id, r.site_id)
                                and h.day between (p_starts at time zone 'UTC')::date - 1 and (p_ends at time zone 'UTC')::date + 1
                                and h.during && v_slot)
                          and (not exists (
                                   select from platforms.occupancy o
                                   where o.centre_id = r.centre_id and o.resource_id = r.id
                                     and o.ends > p_starts - make_interval(mins => r.setup_minutes)
                                     and o.ends <= p_ends + make_interval(mins => r.cleanup_minutes) + interval '25 hours'
                                     and o.starts < p_ends + make_interval(mins => r.cleanup_minutes))
                               or r.capacity > p_seats and r.capacity - p_seats >= platforms.most_taken(
                                   r.centre_id, r.id, p_starts - make_interval(mins => r.setup_minutes),
                                   p_ends + make_interval(mins => r.cleanup_minutes))))
                limit 1) u on p_only_usable
            where c.place > v_seen
        loop
            v_place := v_candidate.place;
            continue when p_only_usable and not coalesce(v_candidate.is_likely, false);
            select r as resource, s.id as site_id, s.name as site_name, s.town, s.zone, c.id as centre_id, n.name as centre_name
            into v_found
            from platforms.resource r
            join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
            join centres.centre c on c.centre_id = r.centre_id
            left join centres.centre_name n on n.centre_id = r.centre_id
                and n.during @> plateau.local_day(coalesce(p_starts, v_now), c.zone)
            where r.centre_id = v_candidate.centre_id and r.id = v_candidate.id;
            select * into v_outlook
            from bookings.outlook(
                v_found.resource, v_found.zone, v_slot, p_organisation, v_caller_centre, p_audiences, p_head_counts, p_seats, v_persons,
                v_now);
            continue when p_only_usable and v_outlook.verdict = 'deny';
            select * into v_needs
            from bookings.requirements(
                v_found.resource, v_found.zone, coalesce(v_slot, tstzrange(v_now, v_now + interval '1 minute')), p_organisation, v_persons);
            v_outlook.rules := v_outlook.rules || v_needs.rules;
            if v_needs.rules @> '[{"verdict": "deny"}]' then
                v_outlook.verdict := 'deny';
                continue when p_only_usable;
            elsif v_needs.rules <> '[]' and v_outlook.verdict = 'allow' then
                v_outlook.verdict := 'conditional';
            end if;
            v_count := v_count + 1;
            return query
            select v_place, (v_found.resource).id, (v_found.resource).kind, (v_found.resource).name, v_found.centre_id, v_found.centre_name,
                   v_found.site_id, v_found.site_name, v_found.town, v_found.zone, (v_found.resource).capacity, v_candidate.kilometres,
                   v_outlook.verdict, v_outlook.free, v_needs.requires, v_outlook.rules;
            exit when v_count = p_limit;
        end loop;
        exit when v_count = p_limit or v_place < v_most;
        v_seen := v_most;
    end loop;
end
$$;

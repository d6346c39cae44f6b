-- Allowances that agreements alone give, and that bookings draw on as the database counts them.
-- lock class: access exclusive on bookings.quota while a column and a check are added (few rows); what is booked under an agreement with an
-- allowance is counted once, booking by booking.

-- MARK: Allowances

comment on column access.organisation.has_quota is
    'Whether bookings.quota has a row for it, or an agreement asked for with an allowance: asked by each booking, so it stands here.';
comment on column access.agreement.allowance_hours is
    'Hours of a calendar year that its bookings may draw, a line at a time whatever its seats; what is beyond is booked as anybody''s. The one place where an allowance stands.';

create table bookings.allowance_draw (
    centre_id smallint not null,
    agreement_id uuid not null,
    year smallint not null,
    booking_id uuid not null,
    minutes integer not null,
    beyond_minutes integer not null,
    constraint allowance_draw_pkey primary key (centre_id, agreement_id, year, booking_id),
    constraint allowance_draw_agreement foreign key (centre_id, agreement_id) references access.agreement (centre_id, id),
    constraint allowance_draw_is_sound check (minutes >= 0 and beyond_minutes >= 0 and minutes + beyond_minutes > 0)
);
create index allowance_draw_by_booking on bookings.allowance_draw (booking_id);
comment on table bookings.allowance_draw is
    'What a booking takes of the allowance of an agreement in a calendar year of the site''s days, written with it; beyond_minutes: what the allowance had no more.';

alter table bookings.allowance_draw enable row level security;
alter table bookings.allowance_draw force row level security;
create policy allowance_draw_functions on bookings.allowance_draw to plateau_functions using (true) with check (true);
create policy allowance_draw_actor on bookings.allowance_draw for select to plateau_app
    using (exists (select from access.agreement a where a.centre_id = allowance_draw.centre_id and a.id = allowance_draw.agreement_id));
grant select, insert, delete on bookings.allowance_draw to plateau_functions;
grant select on bookings.allowance_draw to plateau_app;

create function bookings.allowance_use(
    p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamptz[], p_ends timestamptz[])
    returns table (
        centre_id smallint, agreement_id uuid, year smallint, minutes integer, allowance_minutes integer, drawn_minutes integer)
    language plpgsql stable
as $$
begin
    return query
    with line as (
        select (p_resources[i]).centre_id as centre_id, (p_resources[i]).id as resource_id, p_zones[i] as zone,
               p_starts[i] as starts, p_ends[i] as ends
        from generate_series(1, cardinality(p_starts)) as i
        where (p_resources[i]).id is not null
    ), piece as (
        select g.centre_id, g.id as agreement_id, g.allowance_hours, extract(year from y.at)::smallint as year,
               greatest(l.starts, plateau.instant_of(y.at, l.zone)) as starts,
               least(l.ends, plateau.instant_of(y.at + interval '1 year', l.zone)) as ends
        from line l
        cross join lateral (
            -- One alone: that which names its platforms, and of several the one that ends first.
            select a.* from access.agreement a
            where a.organisation_id = p_organisation and a.centre_id = l.centre_id and a.state = 'approved'
              and a.allowance_hours is not null and a.during @> plateau.local_day(l.starts, l.zone)
              and access.covers(a.platforms, l.resource_id)
            order by a.platforms is null, upper(a.during) nulls last, a.id
            limit 1) g
        cross join lateral generate_series(
            date_trunc('year', l.starts at time zone l.zone), (l.ends - interval '1 microsecond') at time zone l.zone,
            interval '1 year') as y (at)
    ), asked as (
        select p.centre_id, p.agreement_id, p.allowance_hours, p.year,
               (sum(extract(epoch from p.ends - p.starts)) / 60)::integer as minutes
        from piece p group by 1, 2, 3, 4
    )
    select a.centre_id, a.agreement_id, a.year, a.minutes, a.allowance_hours * 60, coalesce(d.minutes, 0)::integer
    from asked a
    cross join lateral (
        select sum(w.minutes) as minutes from bookings.allowance_draw w
        where w.centre_id = a.centre_id and w.agreement_id = a.agreement_id and w.year = a.year and w.booking_id <> p_booking) d
    where a.minutes > 0
    order by a.centre_id, a.agreement_id, a.year;
end
$$;
comment on function bookings.allowance_use(uuid, uuid, platforms.resource[], text[], timestamptz[], timestamptz[]) is
    'What some lines would take of the allowances of an organisation, year by year, and what other bookings have drawn already. A line draws on one agreement: of those in force on the day on which it begins and about its resource, one that names platforms before one that does not.';

create function bookings.draw_allowances(
    p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamptz[], p_ends timestamptz[])
    returns void
    language plpgsql volatile
as $$
begin
    delete from bookings.allowance_draw d where d.booking_id = p_booking;
    insert into bookings.allowance_draw (centre_id, agreement_id, year, booking_id, minutes, beyond_minutes)
    select u.centre_id, u.agreement_id, u.year, p_booking, g.minutes, u.minutes - g.minutes
    from bookings.allowance_use(p_organisation, p_booking, p_resources, p_zones, p_starts, p_ends) u
    cross join lateral (
        select least(u.minutes, greatest(u.allowance_minutes - u.drawn_minutes, 0)) as minutes) g;
end
$$;
comment on function bookings.draw_allowances(uuid, uuid, platforms.resource[], text[], timestamptz[], timestamptz[]) is
    'Writes what a booking draws. An allowance that ends in the middle of it gives what is left; the rest is beyond. The caller holds the lock of the organisation.';

create function bookings.count_allowances(p_organisation uuid, p_centre_id smallint, p_days daterange) returns integer
    language plpgsql volatile
as $$
declare
    v_booking record;
    v_bookings uuid[];
begin
    -- Bookings under way hold this while they count.
    perform pg_advisory_xact_lock(bookings.organisation_lock(p_organisation));
    update access.organisation o set has_quota = true where o.id = p_organisation and not o.has_quota;
    v_bookings := array(
        select b.id
        from bookings.booking b
        where b.organisation_id = p_organisation
          and b.state in ('held', 'requested', 'conditional', 'confirmed', 'inUse', 'completed', 'suspended', 'noShow')
          and exists (
              select from bookings.line l
              join platforms.resource r on r.centre_id = p_centre_id and r.id = l.resource_id
              join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
              where l.centre_id = b.centre_id and l.booking_id = b.id and p_days @> plateau.local_day(l.starts, s.zone))
        order by b.created_at, b.id);
    delete from bookings.allowance_draw d where d.booking_id = any (v_bookings);
    for v_booking in
        select b.number, b.id, array_agg(r order by l.number) as resources, array_agg(s.zone order by l.number) as zones,
               array_agg(l.starts order by l.number) as starts, array_agg(l.ends order by l.number) as ends
        from unnest(v_bookings) with ordinality as b (id, number)
        join bookings.line l on l.centre_id = plateau.centre_of(b.id) and l.booking_id = b.id
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        group by b.number, b.id
        order by b.number
    loop
        perform bookings.draw_allowances(
            p_organisation, v_booking.id, v_booking.resources, v_booking.zones, v_booking.starts, v_booking.ends);
    end loop;
    return cardinality(v_bookings);
end
$$;
comment on function bookings.count_allowances(uuid, smallint, daterange) is
    'Counts anew what an organisation draws at a centre with what begins on some days, in the order in which it was booked: when an agreement comes or ends. How many bookings.';

create or replace function bookings.draw_quotas(
    p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamptz[], p_ends timestamptz[])
    returns void
    language plpgsql volatile
as $$
begin
    delete from bookings.draw d where d.booking_id = p_booking;
    insert into bookings.draw (centre_id, quota_id, booking_id, period_start, minutes, bookings)
    select (u.quota).centre_id, (u.quota).id, p_booking, u.period_start, u.minutes, u.bookings
    from bookings.quota_use(p_organisation, p_booking, p_resources, p_zones, p_starts, p_ends) u;
    perform bookings.draw_allowances(p_organisation, p_booking, p_resources, p_zones, p_starts, p_ends);
end
$$;
comment on function bookings.draw_quotas(uuid, uuid, platforms.resource[], text[], timestamptz[], timestamptz[]) is
    'Writes what a booking draws of quotas and of allowances.';

create or replace function bookings.carry_out(p_passages bookings.passage[], p_key uuid, p_organisation uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    perform bookings.refuse_transition(p.booking, p.state) from unnest(p_passages) p;
    delete from platforms.occupancy o
    using (select (p.booking).id, unnest((p.booking).centres) as centre_id
           from unnest(p_passages) p where bookings.gives_room_back(p.state)) left_behind
    where o.centre_id = left_behind.centre_id and o.holder_id = left_behind.id;
    delete from bookings.draw d
    using unnest(p_passages) p
    where d.booking_id = (p.booking).id and bookings.gives_room_back(p.state) and p.state not in ('suspended', 'noShow');
    delete from bookings.allowance_draw d
    using unnest(p_passages) p
    where d.booking_id = (p.booking).id and bookings.gives_room_back(p.state) and p.state not in ('suspended', 'noShow');
    -- The deadline of a hold goes on while it is suspended.
    update bookings.booking b
    set state = p.state, flags = p.flags, at_risk_until = p.at_risk_until, version = b.version + 1,
        expires_at = case when p.state in ('draft', 'held', 'requested', 'waitlisted', 'suspended') then b.expires_at end
    from unnest(p_passages) p
    where b.centre_id = (p.booking).centre_id and b.id = (p.booking).id;
    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, key_id, organisation_id, reason)
    select (p.booking).centre_id, (p.booking).id, (p.booking).version + 1, (p.booking).state, p.state, p_now, p_key, p_organisation, p.reason
    from unnest(p_passages) p;
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    select (p.booking).centre_id, p.event, (p.booking).id, (p.booking).organisation_id, (p.booking).version + 1, p_now
    from unnest(p_passages) with ordinality as p (booking, state, flags, at_risk_until, reason, event, number)
    order by p.number;
end
$$;

create function bookings.allowances_of(p_year integer)
    returns table (
        centre_id smallint, agreement_id uuid, organisation_id uuid, during daterange, allowance_minutes integer, drawn_minutes bigint,
        beyond_minutes bigint, left_minutes bigint)
    language sql stable
as $$
    select a.centre_id, a.id, a.organisation_id, a.during, a.allowance_hours * 60, coalesce(d.minutes, 0), coalesce(d.beyond_minutes, 0),
           greatest(a.allowance_hours * 60 - coalesce(d.minutes, 0), 0)
    from access.agreement a
    cross join lateral (
        select sum(w.minutes) as minutes, sum(w.beyond_minutes) as beyond_minutes
        from bookings.allowance_draw w
        where w.centre_id = a.centre_id and w.agreement_id = a.id and w.year = p_year) d
    where a.state = 'approved' and a.allowance_hours is not null and a.during && daterange(make_date(p_year, 1, 1), make_date(p_year + 1, 1, 1))
$$;
comment on function bookings.allowances_of(integer) is
    'What each agreement with an allowance gives in a calendar year, what bookings drew of it, what they asked beyond it, and what is left.';

create or replace function utilisation.allowances(p_centre_id smallint, p_year integer) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
               'agreementId', w.agreement_id, 'organisationId', w.organisation_id, 'year', p_year,
               'allowanceMinutes', w.allowance_minutes, 'drawnMinutes', w.drawn_minutes, 'leftMinutes', w.left_minutes,
               'overMinutes', w.beyond_minutes,
               'crossedBy', (select jsonb_build_object('bookingId', d.booking_id, 'insideMinutes', d.minutes, 'overMinutes', d.beyond_minutes)
                             from bookings.allowance_draw d
                             where d.centre_id = w.centre_id and d.agreement_id = w.agreement_id and d.year = p_year
                               and d.minutes > 0 and d.beyond_minutes > 0
                             order by d.booking_id limit 1))) order by w.agreement_id), '[]')
    from bookings.allowances_of(p_year) w
    where w.centre_id = p_centre_id
$$;
comment on function utilisation.allowances(smallint, integer) is
    'What each agreement of a centre with an allowance gave in a calendar year, as bookings drew it; crossedBy: the booking in the middle of which it was used up, and how much of it lies on either side.';

-- MARK: Agreements that give them

create or replace function access.request_agreement(
    p_centre_id smallint, p_id uuid, p_organisation uuid, p_from date, p_to date, p_audiences text[], p_platforms uuid[],
    p_allows_production boolean, p_tariff text, p_allowance_hours integer, p_renews uuid, p_note text, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_agreement access.agreement;
    v_now timestamptz := plateau.clock();
begin
    if not access.speaks_for(p_by, p_organisation) and not access.runs(p_by, p_centre_id) then
        return 'forbidden';
    elsif not exists (select from access.organisation o where o.id = p_organisation) then
        return 'organisationUnknown';
    elsif exists (select from access.organisation o where o.id = p_organisation and o.centre_id = p_centre_id) then
        return 'withItself';
    elsif exists (select from unnest(p_audiences) a where not exists (select from labels.audience k where k.code = a)) then
        return 'audienceUnknown';
    elsif exists (
        select from unnest(p_platforms) p
        where not exists (select from platforms.platform r where r.centre_id = p_centre_id and r.id = p)) then
        return 'platformUnknown';
    elsif p_renews is not null and not exists (
        select from access.agreement a
        where a.centre_id = p_centre_id and a.id = p_renews and a.organisation_id = p_organisation and a.state = 'approved') then
        return 'renewsUnknown';
    end if;
    if p_allowance_hours is not null then
        -- From the request on, so that no booking is under way without the lock when somebody approves it.
        update access.organisation o set has_quota = true where o.id = p_organisation and not o.has_quota;
    end if;
    insert into access.agreement (
        centre_id, id, organisation_id, during, audiences, platforms, allows_production, tariff, allowance_hours, renews, note,
        requested_at, requested_by)
    values (p_centre_id, p_id, p_organisation, daterange(p_from, p_to, '[]'), p_audiences, p_platforms, p_allows_production, p_tariff,
            p_allowance_hours, p_renews, p_note, v_now, p_by)
    returning * into v_agreement;
    perform access.tell(v_agreement, 'requested', v_now);
    return 'requested';
end
$$;

create or replace function access.decide_agreement(p_centre_id smallint, p_id uuid, p_approves boolean, p_note text, p_by uuid)
    returns table (outcome text, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_agreement access.agreement;
    v_standing text;
    v_now timestamptz := plateau.clock();
begin
    select * into v_agreement from access.agreement a where a.centre_id = p_centre_id and a.id = p_id for update;
    v_standing := access.standing_of(v_agreement, p_by);
    outcome := case when v_standing = 'notFound' then 'notFound'
                    when v_standing <> 'runs' then 'forbidden'
                    when v_agreement.state <> 'requested' then 'alreadyDecided'
                    when p_approves and access.same_person(v_agreement.requested_by, p_by) then 'samePerson'
                    when p_approves then 'approved' else 'rejected' end;
    state := case when outcome not in ('notFound', 'forbidden') then v_agreement.state end;
    if outcome in ('approved', 'rejected') then
        update access.agreement a
        set state = outcome, decided_at = v_now, decided_by = p_by, decision_note = p_note, version = a.version + 1
        where a.centre_id = p_centre_id and a.id = p_id
        returning * into v_agreement;
        perform access.tell(v_agreement, outcome, v_now);
        state := outcome;
        if outcome = 'approved' and v_agreement.allowance_hours is not null then
            perform bookings.count_allowances(v_agreement.organisation_id, p_centre_id, v_agreement.during);
        end if;
    end if;
    return next;
end
$$;
comment on function access.decide_agreement(smallint, uuid, boolean, text, uuid) is
    'Approves or rejects what was asked for. What is booked already in the days of an approved agreement draws on its allowance too. outcome: approved, rejected, notFound, forbidden, samePerson, alreadyDecided (state says what it is). Raises membership_no_overlap.';

create or replace function access.end_agreement(p_centre_id smallint, p_id uuid, p_last_day date, p_reason text, p_by uuid)
    returns table (outcome text, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_agreement access.agreement;
    v_days daterange;
    v_standing text;
    v_now timestamptz := plateau.clock();
    v_today date;
    v_end date;
begin
    select * into v_agreement from access.agreement a where a.centre_id = p_centre_id and a.id = p_id for update;
    v_days := v_agreement.during;
    v_standing := access.standing_of(v_agreement, p_by);
    select plateau.local_day(v_now, c.zone) into v_today from centres.centre c where c.centre_id = p_centre_id;
    v_end := coalesce(p_last_day + 1, v_today);
    outcome := case when v_standing = 'notFound' then 'notFound'
                    when v_standing = 'forbidden' then 'forbidden'
                    when v_agreement.state <> 'approved' or upper(v_agreement.during) <= v_today then 'notInForce'
                    when v_end < v_today then 'lastDayPassed'
                    when v_end >= upper(v_agreement.during) then 'lastDayTooLate'
                    else 'ended' end;
    state := case when outcome not in ('notFound', 'forbidden') then v_agreement.state end;
    if outcome = 'ended' then
        update access.agreement a
        set state = case when v_end <= lower(a.during) then 'withdrawn' else a.state end,
            during = case when v_end <= lower(a.during) then a.during else daterange(lower(a.during), v_end) end,
            agreed_last_day = upper(a.during) - 1, ended_at = v_now, ended_by = p_by, end_reason = p_reason, version = a.version + 1
        where a.centre_id = p_centre_id and a.id = p_id
        returning * into v_agreement;
        perform access.tell(v_agreement, 'ended', v_now);
        state := v_agreement.state;
        if v_agreement.allowance_hours is not null then
            perform bookings.count_allowances(
                v_agreement.organisation_id, p_centre_id, v_days * daterange(greatest(v_end, lower(v_days)), null));
        end if;
    end if;
    return next;
end
$$;
comment on function access.end_agreement(smallint, uuid, date, text, uuid) is
    'Ends a membership or an agreement before its time: after a last day, or at once (yesterday was the last one); one that has not begun is withdrawn. Either side may. What is booked after the end draws on its allowance no more. outcome: ended, notFound, forbidden, notInForce, lastDayPassed, lastDayTooLate.';

grant execute on function
    bookings.allowance_use(uuid, uuid, platforms.resource[], text[], timestamptz[], timestamptz[]),
    bookings.draw_allowances(uuid, uuid, platforms.resource[], text[], timestamptz[], timestamptz[]),
    bookings.count_allowances(uuid, smallint, daterange), bookings.allowances_of(integer) to plateau_functions;
grant execute on function bookings.allowances_of(integer) to plateau_app;

-- MARK: What stood beside them

alter table bookings.quota add column agreement_id uuid;
alter table bookings.quota add constraint quota_agreement foreign key (centre_id, agreement_id) references access.agreement (centre_id, id);
comment on column bookings.quota.agreement_id is 'Of an allowance from before agreements alone gave them: the agreement that carries it now, or asks for it.';
comment on table bookings.quota is
    'What an organisation may book at a centre (0: at all) in a week, month or year, or of one resource and its parts; what is beyond is refused. kind allowance: what it was entitled to before agreements alone said so; ended, and kept with what was drawn of it.';

-- In the rights of the functions: row-level security holds for the owner of the tables too.
create function bookings.move_allowances() returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_quota bookings.quota;
    v_hours integer;
    v_platforms uuid[];
    v_agreement access.agreement;
begin
    for v_quota in
        select q.* from bookings.quota q
        where q.kind = 'allowance' and q.ended_at is null and not q.during << daterange(v_now::date, null)
        order by q.created_at, q.id
    loop
        v_hours := ceil(v_quota.most_minutes * case v_quota.period when 'week' then 52 when 'month' then 12 else 1 end / 60.0)::integer;
        v_platforms := case when exists (
            select from platforms.platform p where p.centre_id = v_quota.centre_id and p.id = v_quota.resource_id)
            then array[v_quota.resource_id] end;
        v_agreement := null;
        -- What is agreed on already, about the same things.
        select a.* into v_agreement from access.agreement a
        where v_quota.centre_id <> 0 and a.centre_id = v_quota.centre_id and a.organisation_id = v_quota.organisation_id
          and a.state = 'approved' and a.during && v_quota.during
          and (v_quota.resource_id is null and a.platforms is null or a.platforms = v_platforms)
        order by a.allowance_hours is null, lower(a.during) desc, a.id limit 1;
        if v_agreement.id is not null then
            -- What two people agreed on in hours stands as it is.
            update access.agreement a set allowance_hours = least(v_hours, 100000), version = a.version + 1
            where a.centre_id = v_agreement.centre_id and a.id = v_agreement.id and a.allowance_hours is null and v_hours > 0;
        elsif v_quota.centre_id <> 0 and v_hours > 0 then
            -- An agreement takes two people and opens doors: it is asked for, and counts from its approval on what is booked already.
            insert into access.agreement (
                centre_id, id, organisation_id, during, platforms, allowance_hours, note, requested_at, requested_by)
            values (v_quota.centre_id, v_quota.id, v_quota.organisation_id, v_quota.during, v_platforms, least(v_hours, 100000),
                    concat_ws(' ', v_quota.note, '(quota ' || v_quota.id || ')'), v_now, v_quota.created_by)
            returning * into v_agreement;
            perform access.tell(v_agreement, 'requested', v_now);
        end if;
        update bookings.quota q set agreement_id = v_agreement.id where q.centre_id = v_quota.centre_id and q.id = v_quota.id;
    end loop;
    update bookings.quota q set ended_at = v_now where q.kind = 'allowance' and q.ended_at is null;
    update access.organisation o set has_quota = true
    where not o.has_quota and exists (
        select from access.agreement a
        where a.organisation_id = o.id and a.allowance_hours is not null and a.state in ('requested', 'approved'));
    perform bookings.count_allowances(a.organisation_id, a.centre_id, range_merge(range_agg(a.during)))
    from access.agreement a
    where a.state = 'approved' and a.allowance_hours is not null
    group by a.organisation_id, a.centre_id;
end
$$;
alter function bookings.move_allowances() owner to plateau_functions;
grant execute on function bookings.move_allowances() to current_user;
select bookings.move_allowances();
drop function bookings.move_allowances();
alter table bookings.quota add constraint quota_allowance_is_past check (kind = 'limit' or ended_at is not null);

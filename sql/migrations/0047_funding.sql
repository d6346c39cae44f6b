-- Mixed investment: allowances that agreements alone give, and that bookings draw on as the database counts them; funding lines of assets;
-- how much of their use is economic.
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
        -- A year in which it does not run has no hours of it: what reaches into one draws on none there.
        where g.during && daterange(y.at::date, (y.at + interval '1 year')::date)
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
    v_bookings uuid[];
begin
    -- Bookings under way hold this while they count.
    perform pg_advisory_xact_lock(bookings.organisation_lock(p_organisation));
    update access.organisation o set has_quota = true where o.id = p_organisation and not o.has_quota;
    -- Locked, since what is cancelled meanwhile draws no more: its cancellation waits, or is seen here.
    v_bookings := array(
        select c.id
        from (
            select b.id, b.created_at
            from bookings.booking b
            where b.organisation_id = p_organisation
              and b.state in ('held', 'requested', 'conditional', 'confirmed', 'inUse', 'completed', 'suspended', 'noShow')
              and exists (
                  select from bookings.line l
                  join platforms.resource r on r.centre_id = p_centre_id and r.id = l.resource_id
                  join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
                  where l.centre_id = b.centre_id and l.booking_id = b.id and p_days @> plateau.local_day(l.starts, s.zone))
            for share of b) c
        order by c.created_at, c.id);
    delete from bookings.allowance_draw d where d.booking_id = any (v_bookings);
    -- As if they were made one after the other: what an allowance has given before one of them is no more than it has.
    insert into bookings.allowance_draw (centre_id, agreement_id, year, booking_id, minutes, beyond_minutes)
    with made as materialized (
        select b.number, b.id, array_agg(r order by l.number) as resources, array_agg(s.zone order by l.number) as zones,
               array_agg(l.starts order by l.number) as starts, array_agg(l.ends order by l.number) as ends
        from unnest(v_bookings) with ordinality as b (id, number)
        join bookings.line l on l.centre_id = plateau.centre_of(b.id) and l.booking_id = b.id
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        group by b.number, b.id
    ), asked as (
        select m.id, u.centre_id, u.agreement_id, u.year, u.minutes, u.allowance_minutes,
               u.drawn_minutes + sum(u.minutes) over (
                   partition by u.centre_id, u.agreement_id, u.year order by m.number) as with_it
        from made m
        cross join lateral bookings.allowance_use(p_organisation, m.id, m.resources, m.zones, m.starts, m.ends) u
    )
    select a.centre_id, a.agreement_id, a.year, a.id, g.minutes, a.minutes - g.minutes
    from asked a
    cross join lateral (
        select (least(a.with_it, a.allowance_minutes) - least(a.with_it - a.minutes, a.allowance_minutes))::integer as minutes) g;
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
    -- No stronger: a booking that draws on it waits for nobody here, while the count below waits for that booking.
    select * into v_agreement from access.agreement a where a.centre_id = p_centre_id and a.id = p_id for no key update;
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
    -- No stronger: a booking that draws on it waits for nobody here, while the count below waits for that booking.
    select * into v_agreement from access.agreement a where a.centre_id = p_centre_id and a.id = p_id for no key update;
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
    v_days daterange;
    v_agreement access.agreement;
begin
    for v_quota in
        select q.* from bookings.quota q
        where q.kind = 'allowance' and q.ended_at is null and not q.during << daterange(v_now::date, null)
        order by q.created_at, q.id
    loop
        v_hours := ceil(v_quota.most_minutes * case v_quota.period when 'week' then 52 when 'month' then 12 else 1 end / 60.0)::integer;
        -- Of a machine or a part: its platform, since an agreement names platforms.
        v_platforms := (
            select array[p.id] from platforms.resource r
            join platforms.platform p on p.centre_id = r.centre_id and (p.id = r.id or p.id = any (r.ancestors) or p.id = (
                select a.platform_id from inventory.asset a where a.centre_id = r.centre_id and a.id = r.id))
            where r.centre_id = v_quota.centre_id and r.id = v_quota.resource_id
            order by p.id <> r.id limit 1);
        -- The days that an agreement may have.
        v_days := v_quota.during * daterange('1900-01-01', '3000-01-01');
        v_agreement := null;
        -- What is agreed on already, about the same things.
        select a.* into v_agreement from access.agreement a
        where v_quota.centre_id <> 0 and a.centre_id = v_quota.centre_id and a.organisation_id = v_quota.organisation_id
          and a.state = 'approved' and a.during && v_days * daterange(v_now::date, null)
          and (v_quota.resource_id is null and a.platforms is null or a.platforms = v_platforms)
        order by a.allowance_hours is null, lower(a.during) desc, a.id limit 1;
        if v_agreement.id is not null then
            -- What two people agreed on in hours stands as it is.
            update access.agreement a set allowance_hours = least(v_hours, 100000), version = a.version + 1
            where a.centre_id = v_agreement.centre_id and a.id = v_agreement.id and a.allowance_hours is null and v_hours > 0;
        elsif v_quota.centre_id <> 0 and v_hours > 0 and not isempty(v_days) then
            -- An agreement takes two people and opens doors: it is asked for, and counts from its approval on what is booked already.
            insert into access.agreement (
                centre_id, id, organisation_id, during, platforms, allowance_hours, note, requested_at, requested_by)
            values (v_quota.centre_id, v_quota.id, v_quota.organisation_id, v_days, v_platforms, least(v_hours, 100000),
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

-- MARK: Funding lines

create table inventory.funding_line (
    centre_id smallint not null,
    id uuid not null,
    asset_id uuid not null,
    organisation_id uuid,
    body text,
    nature text not null,
    share_hundredths integer not null,
    programme text,
    reference text,
    conditions text,
    during daterange not null,
    durable_until date,
    agreement_id uuid,
    economic_limit_percent smallint,
    created_at timestamptz not null,
    created_by uuid not null,
    ended_at timestamptz,
    ended_by uuid,
    end_reason text,
    version integer not null default 1,
    constraint funding_line_pkey primary key (centre_id, id),
    constraint funding_line_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint funding_line_asset foreign key (centre_id, asset_id) references inventory.asset (centre_id, id),
    constraint funding_line_organisation foreign key (organisation_id) references access.organisation (id),
    constraint funding_line_agreement foreign key (centre_id, agreement_id) references access.agreement (centre_id, id),
    constraint funding_line_one_partner check (num_nonnulls(organisation_id, body) = 1),
    constraint funding_line_agreement_of_partner check (agreement_id is null or organisation_id is not null),
    constraint funding_line_nature_known check (nature in ('public', 'private')),
    constraint funding_line_share_range check (share_hundredths between 1 and 10000),
    constraint funding_line_limit_range check (economic_limit_percent between 0 and 100),
    constraint funding_line_days check (not isempty(during) and not lower_inf(during)),
    constraint funding_line_durable_after check (durable_until >= lower(during)),
    constraint funding_line_ended check (
        (ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null))
);
comment on table inventory.funding_line is
    'Who paid which share of an asset: an organisation of the network or another body by its name. during: the days on which the share stands. An ended one counts on no day any more and is kept.';
comment on column inventory.funding_line.share_hundredths is 'Hundredths of a per cent of what the asset cost.';
comment on column inventory.funding_line.durable_until is 'The last day on which the asset is kept in service, under its owner and shared, as the funds ask.';
comment on column inventory.funding_line.agreement_id is 'The agreement that gives the partner hours for its share.';
comment on column inventory.funding_line.economic_limit_percent is 'The share of economic use above which somebody is told; null: that of the network, for public money.';
create index funding_line_by_asset on inventory.funding_line (centre_id, asset_id);
create index funding_line_by_organisation on inventory.funding_line (organisation_id) where organisation_id is not null;
create trigger funding_line_stays before delete or truncate or update of centre_id, id, asset_id on inventory.funding_line
    for each statement execute function plateau.refuse_removal();

create table inventory.durability_override (
    centre_id smallint not null,
    asset_id uuid not null,
    number integer not null,
    funding_line_id uuid not null,
    durable_until date not null,
    changes text[] not null,
    reason text not null,
    key_id uuid not null,
    at timestamptz not null,
    constraint durability_override_pkey primary key (centre_id, asset_id, number),
    constraint durability_override_line foreign key (centre_id, funding_line_id) references inventory.funding_line (centre_id, id),
    constraint durability_override_changes check (cardinality(changes) > 0 and changes <@ array['retired', 'owner', 'visibility']),
    constraint durability_override_reason_present check (length(btrim(reason)) between 1 and 500)
);
comment on table inventory.durability_override is
    'What was done to an asset in its durability period all the same: who, when, why. Rows are only added.';

alter table inventory.funding_line enable row level security;
alter table inventory.funding_line force row level security;
alter table inventory.durability_override enable row level security;
alter table inventory.durability_override force row level security;
create policy funding_line_functions on inventory.funding_line to plateau_functions using (true) with check (true);
create policy funding_line_actor on inventory.funding_line for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation())
           or centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
create policy durability_override_functions on inventory.durability_override to plateau_functions using (true) with check (true);
create policy durability_override_actor on inventory.durability_override for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
grant select, insert, update on inventory.funding_line to plateau_functions;
grant select, insert on inventory.durability_override to plateau_functions;
grant select on inventory.funding_line, inventory.durability_override to plateau_app;

create function inventory.share_left(
    p_centre_id smallint, p_asset_id uuid, p_days daterange, p_except uuid, out left_hundredths integer, out on_day date)
    language plpgsql stable
as $$
begin
    -- Most is taken on a day on which one of them begins, or on the first.
    select 10000 - coalesce(sum(l.share_hundredths), 0)::integer, d.day into left_hundredths, on_day
    from (select lower(p_days) as day
          union
          select lower(b.during) from inventory.funding_line b
          where b.centre_id = p_centre_id and b.asset_id = p_asset_id and p_days @> lower(b.during)) d
    left join inventory.funding_line l on l.centre_id = p_centre_id and l.asset_id = p_asset_id and l.id <> p_except
        and l.ended_at is null and l.during @> d.day
    group by d.day
    order by 1, 2 limit 1;
end
$$;
comment on function inventory.share_left(smallint, uuid, daterange, uuid) is
    'What of an asset nobody has paid yet, on that of some days on which it is least, but for one line. The caller holds the row of the asset.';

create function inventory.funding_objection(p_centre_id smallint, p_organisation uuid, p_agreement uuid) returns text
    language plpgsql stable
as $$
begin
    return case
        when p_agreement is not null and not exists (
            select from access.agreement a
            where a.centre_id = p_centre_id and a.id = p_agreement and a.organisation_id = p_organisation) then 'agreementUnknown' end;
end
$$;
comment on function inventory.funding_objection(smallint, uuid, uuid) is
    'Why a funding line cannot be so: agreementUnknown (none of the centre with that partner); null when it can.';

create function inventory.add_funding_line(
    p_centre_id smallint, p_id uuid, p_key uuid, p_asset uuid, p_organisation uuid, p_body text, p_nature text, p_share_hundredths integer,
    p_programme text, p_reference text, p_conditions text, p_from date, p_to date, p_durable_until date, p_agreement uuid,
    p_economic_limit_percent smallint) returns table (outcome text, left_hundredths integer, on_day date)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_days daterange := daterange(p_from, p_to, '[]');
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer, null::date;
        return;
    end if;
    -- Two lines of one asset come one after the other.
    perform from inventory.asset a where a.centre_id = p_centre_id and a.id = p_asset for no key update;
    if not found then
        return query select 'notFound', null::integer, null::date;
        return;
    end if;
    outcome := inventory.funding_objection(p_centre_id, p_organisation, p_agreement);
    if outcome is null then
        select s.left_hundredths, s.on_day into left_hundredths, on_day from inventory.share_left(p_centre_id, p_asset, v_days, p_id) s;
        outcome := case when p_share_hundredths > left_hundredths then 'shareExceeded' else 'created' end;
    end if;
    if outcome = 'created' then
        insert into inventory.funding_line (
            centre_id, id, asset_id, organisation_id, body, nature, share_hundredths, programme, reference, conditions, during,
            durable_until, agreement_id, economic_limit_percent, created_at, created_by)
        values (p_centre_id, p_id, p_asset, p_organisation, p_body, p_nature, p_share_hundredths, p_programme, p_reference, p_conditions,
                v_days, p_durable_until, p_agreement, p_economic_limit_percent, plateau.clock(), p_key);
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
        values (p_centre_id, 'fundingLine.created', p_id, p_organisation, 1, jsonb_build_object('resourceId', p_asset), plateau.clock());
    end if;
    return next;
end
$$;
comment on function inventory.add_funding_line(
    smallint, uuid, uuid, uuid, uuid, text, text, integer, text, text, text, date, date, date, uuid, smallint) is
    'Says who paid a share of an asset; to: the last day. outcome: created, notFound (no such asset), forbidden, agreementUnknown, shareExceeded (with what is left, and the day); raises funding_line_organisation, funding_line_durable_after.';

create function inventory.change_funding_line(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_organisation uuid, p_body text, p_nature text,
    p_share_hundredths integer, p_programme text, p_reference text, p_conditions text, p_from date, p_to date, p_durable_until date,
    p_agreement uuid, p_economic_limit_percent smallint)
    returns table (outcome text, version integer, left_hundredths integer, on_day date)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_line inventory.funding_line;
    v_days daterange := daterange(p_from, p_to, '[]');
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer, null::integer, null::date;
        return;
    end if;
    perform from inventory.asset a
    where a.centre_id = p_centre_id
      and a.id = (select l.asset_id from inventory.funding_line l where l.centre_id = p_centre_id and l.id = p_id)
    for no key update;
    select * into v_line from inventory.funding_line l where l.centre_id = p_centre_id and l.id = p_id for update;
    version := v_line.version;
    outcome := case when v_line.id is null then 'notFound'
                    when v_line.version <> p_version then 'versionMismatch'
                    when v_line.ended_at is not null then 'ended'
                    -- What binds the asset is not loosened by whoever it binds.
                    when inventory.is_durable(v_line, plateau.clock())
                         and (coalesce(p_durable_until < v_line.durable_until, true) or not v_days @> v_line.during
                              or p_nature <> v_line.nature or p_share_hundredths < v_line.share_hundredths
                              or p_organisation is distinct from v_line.organisation_id or p_body is distinct from v_line.body
                              or p_programme is distinct from v_line.programme
                              or p_economic_limit_percent is distinct from v_line.economic_limit_percent
                                 and not coalesce(p_economic_limit_percent < v_line.economic_limit_percent, false))
                         and not access.has_role(p_key, array['networkManager'], 0::smallint) then 'durable'
                    else inventory.funding_objection(p_centre_id, p_organisation, p_agreement) end;
    if outcome is null then
        select s.left_hundredths, s.on_day into left_hundredths, on_day
        from inventory.share_left(p_centre_id, v_line.asset_id, v_days, p_id) s;
        outcome := case when p_share_hundredths > left_hundredths then 'shareExceeded' else 'changed' end;
    end if;
    if outcome = 'changed' then
        update inventory.funding_line l
        set organisation_id = p_organisation, body = p_body, nature = p_nature, share_hundredths = p_share_hundredths,
            programme = p_programme, reference = p_reference, conditions = p_conditions, during = v_days, durable_until = p_durable_until,
            agreement_id = p_agreement, economic_limit_percent = p_economic_limit_percent, version = l.version + 1
        where l.centre_id = p_centre_id and l.id = p_id
        returning l.version into version;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
        values (p_centre_id, 'fundingLine.changed', p_id, p_organisation, version, jsonb_build_object('resourceId', v_line.asset_id),
                plateau.clock());
    end if;
    return next;
end
$$;
comment on function inventory.change_funding_line(
    smallint, uuid, integer, uuid, uuid, text, text, integer, text, text, text, date, date, date, uuid, smallint) is
    'Makes a funding line another one. outcome: changed, notFound, forbidden, versionMismatch, ended, durable (its durability period runs: the network alone shortens it, or says otherwise who paid, how much, for which days or within which limit), agreementUnknown, shareExceeded; raises as inventory.add_funding_line.';

create function inventory.end_funding_line(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_reason text)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_line inventory.funding_line;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    select * into v_line from inventory.funding_line l where l.centre_id = p_centre_id and l.id = p_id for update;
    version := v_line.version;
    outcome := case when v_line.id is null then 'notFound'
                    when v_line.version <> p_version then 'versionMismatch'
                    when v_line.ended_at is not null then 'ended'
                    -- What binds the asset is not taken off by whoever it binds.
                    when inventory.is_durable(v_line, plateau.clock()) and not access.has_role(p_key, array['networkManager'], 0::smallint)
                        then 'durable'
                    else 'done' end;
    if outcome = 'done' then
        update inventory.funding_line l
        set ended_at = plateau.clock(), ended_by = p_key, end_reason = p_reason, version = l.version + 1
        where l.centre_id = p_centre_id and l.id = p_id
        returning l.version into version;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
        values (p_centre_id, 'fundingLine.ended', p_id, v_line.organisation_id, version,
                jsonb_build_object('resourceId', v_line.asset_id), plateau.clock());
    end if;
    return next;
end
$$;
comment on function inventory.end_funding_line(smallint, uuid, integer, uuid, text) is
    'The line counts no more: entered by mistake, or paid back. outcome: done, notFound, forbidden, versionMismatch, ended (already), durable (its durability period runs: the network ends it).';

-- MARK: Durability

create function inventory.is_durable(p_line inventory.funding_line, p_now timestamptz) returns boolean
    language plpgsql stable
as $$
begin
    return p_line.ended_at is null and p_line.durable_until >= plateau.local_day(
        p_now, (select c.zone from centres.centre c where c.centre_id = p_line.centre_id));
end
$$;
comment on function inventory.is_durable(inventory.funding_line, timestamptz) is 'Whether the durability period that a funding line asks for runs, its last day included.';

create function inventory.durable_line(p_centre_id smallint, p_asset_id uuid, p_now timestamptz) returns inventory.funding_line
    language plpgsql stable
as $$
declare
    v_line inventory.funding_line;
begin
    select l.* into v_line from inventory.funding_line l
    where l.centre_id = p_centre_id and l.asset_id = p_asset_id and inventory.is_durable(l, p_now)
    order by l.durable_until desc, l.id limit 1;
    return v_line;
end
$$;
comment on function inventory.durable_line(smallint, uuid, timestamptz) is 'The funding line that binds an asset longest; all null: none does.';

create function inventory.name_funder(p_line inventory.funding_line) returns text
    language plpgsql stable
as $$
begin
    return concat_ws(', ', p_line.programme, coalesce(p_line.body, access.name_of(p_line.organisation_id)));
end
$$;
comment on function inventory.name_funder(inventory.funding_line) is 'The programme and the partner of a line, for people.';

create function inventory.override_durability(
    p_line inventory.funding_line, p_changes text[], p_reason text, p_key uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    insert into inventory.durability_override (
        centre_id, asset_id, number, funding_line_id, durable_until, changes, reason, key_id, at)
    values (p_line.centre_id, p_line.asset_id,
            1 + (select count(*) from inventory.durability_override o
                 where o.centre_id = p_line.centre_id and o.asset_id = p_line.asset_id)::integer,
            p_line.id, p_line.durable_until, p_changes, p_reason, p_key, p_now);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
    select p_line.centre_id, 'equipment.durabilityOverridden', p_line.asset_id, p_line.organisation_id, r.version,
           jsonb_build_object('fundingLineId', p_line.id, 'durableUntil', p_line.durable_until, 'changes', p_changes), p_now
    from platforms.resource r where r.centre_id = p_line.centre_id and r.id = p_line.asset_id;
end
$$;
comment on function inventory.override_durability(inventory.funding_line, text[], text, uuid, timestamptz) is
    'Records that an asset was changed within its durability period, and tells of it. The caller holds the row of the asset.';

drop function inventory.change_asset(
    smallint, uuid, integer, uuid, text, boolean, uuid, uuid, boolean, text, text, boolean, text, date, date, text, text, text, bigint,
    integer, integer, integer, integer, integer, integer, integer);
create function inventory.change_asset(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_is_shared boolean, p_site_id uuid, p_platform_id uuid,
    p_is_mobile boolean, p_inventory_number text, p_serial text, p_is_advanced_technology boolean, p_advanced_technology_reason text,
    p_acquired_on date, p_renewal_expected_on date, p_owner text, p_operator text, p_condition text, p_price_cents bigint,
    p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer,
    p_notice_minutes integer, p_horizon_days integer, p_override_reason text default null)
    returns table (outcome text, version integer, taken_at timestamptz, line_id uuid, durable_until date, funder text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_asset inventory.asset;
    v_resource platforms.resource;
    v_line inventory.funding_line;
    v_bound text[] := '{}'::text[];
    v_site uuid;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    -- Bookings hold this lock shared while they read the rules of use.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_id for update;
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
    v_site := v_resource.site_id;
    if v_site is distinct from p_site_id then
        -- Whoever booked it expects it where it was.
        select min(o.starts) into taken_at from platforms.occupancy o
        where o.centre_id = p_centre_id and o.resource_id = p_id and o.ends > v_now and o.use_starts < o.use_ends;
        if taken_at is not null then
            outcome := 'booked';
            return next;
            return;
        elsif exists (select from centres.calendar c where c.centre_id = p_centre_id and c.id = p_id) then
            perform platforms.refuse('resource_parent_hours');
        end if;
    end if;
    v_bound := case when v_asset.owner is distinct from p_owner then array['owner'] else '{}' end
        || case when v_resource.is_shared and not p_is_shared then array['visibility'] else '{}' end;
    if v_bound <> '{}' and v_resource.version = p_version then
        v_line := inventory.durable_line(p_centre_id, p_id, v_now);
        if v_line.id is not null and p_override_reason is null then
            outcome := 'durable';
            line_id := v_line.id;
            durable_until := v_line.durable_until;
            funder := inventory.name_funder(v_line);
            return next;
            return;
        end if;
    end if;
    select c.outcome, c.version into outcome, version
    from platforms.change_resource(
        p_centre_id, p_id, p_version, p_name, p_is_shared, 1, p_setup_minutes, p_cleanup_minutes, p_minimum_minutes,
        p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days) c;
    if outcome <> 'changed' then
        return next;
        return;
    end if;
    update platforms.resource r set site_id = p_site_id where r.centre_id = p_centre_id and r.id = p_id;
    update inventory.asset a
    set platform_id = p_platform_id, is_mobile = p_is_mobile, inventory_number = p_inventory_number, serial = p_serial,
        is_advanced_technology = p_is_advanced_technology, advanced_technology_reason = p_advanced_technology_reason,
        acquired_on = p_acquired_on, renewal_expected_on = p_renewal_expected_on, owner = p_owner, operator = p_operator,
        condition = p_condition
    where a.centre_id = p_centre_id and a.id = p_id;
    perform inventory.note_price(p_centre_id, p_id, p_price_cents);
    if v_line.id is not null then
        perform inventory.override_durability(v_line, v_bound, p_override_reason, p_key, v_now);
    end if;
    if (v_site, v_asset.platform_id) is distinct from (p_site_id, p_platform_id) then
        insert into inventory.move (
            centre_id, asset_id, number, from_site_id, from_platform_id, to_site_id, to_platform_id, at, key_id)
        values (p_centre_id, p_id,
                1 + (select count(*) from inventory.move m where m.centre_id = p_centre_id and m.asset_id = p_id)::integer,
                v_site, v_asset.platform_id, p_site_id, p_platform_id, v_now, p_key);
    end if;
    return next;
end
$$;
comment on function inventory.change_asset(
    smallint, uuid, integer, uuid, text, boolean, uuid, uuid, boolean, text, text, boolean, text, date, date, text, text, text, bigint,
    integer, integer, integer, integer, integer, integer, integer, text) is
    'Changes an asset, and records a change of place. outcome: changed, notFound, forbidden, versionMismatch, booked (with when: it cannot go to another site while somebody expects it here), durable (with the line, until when and who paid: another owner, or shared no more, within the durability period; a reason to override carries it out and is recorded). Raises the constraints of inventory.asset, and resource_parent_hours.';

drop function inventory.change_state(smallint, uuid, integer, uuid, text, timestamptz, text);
create function inventory.change_state(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_state text, p_expected_at timestamptz, p_reason text,
    p_override_reason text default null)
    returns table (
        outcome text, version integer, state text, taken_at timestamptz, line_id uuid, durable_until date, funder text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_asset inventory.asset;
    v_line inventory.funding_line;
    v_version integer;
    v_usable tstzrange;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    -- Bookings hold this lock shared: whichever commits second sees the first.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_id for update;
    select r.version into v_version from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
    if v_asset.id is null then
        outcome := 'notFound';
        return next;
        return;
    end if;
    version := v_version;
    state := v_asset.state;
    if v_version <> p_version then
        outcome := 'versionMismatch';
        return next;
        return;
    elsif not inventory.may_become(v_asset.state, p_state)
        or p_state = 'loanedIn' and v_asset.loaned_until is null or p_state = 'inService' and v_asset.loaned_until is not null
        and v_asset.state <> 'retired' then
        outcome := 'notAllowed';
        return next;
        return;
    end if;
    if p_state = 'retired' then
        v_line := inventory.durable_line(p_centre_id, p_id, v_now);
        if v_line.id is not null and p_override_reason is null then
            outcome := 'durable';
            line_id := v_line.id;
            durable_until := v_line.durable_until;
            funder := inventory.name_funder(v_line);
            return next;
            return;
        end if;
    end if;
    v_usable := inventory.usable_when(p_state, p_expected_at, v_asset.loaned_until);
    select min(o.use_starts) into taken_at
    from platforms.occupancy o
    where o.centre_id = p_centre_id and o.resource_id = p_id and o.ends > v_now and o.use_starts < o.use_ends
      and not v_usable @> tstzrange(o.use_starts, o.use_ends);
    if taken_at is not null then
        outcome := 'booked';
        return next;
        return;
    end if;
    outcome := 'changed';
    state := p_state;
    version := inventory.enter_state(v_asset, p_state, p_expected_at, p_key, p_reason, v_now);
    if v_line.id is not null then
        perform inventory.override_durability(v_line, array['retired'], p_override_reason, p_key, v_now);
    end if;
    return next;
end
$$;
comment on function inventory.change_state(smallint, uuid, integer, uuid, text, timestamptz, text, text) is
    'Takes an asset to another state. outcome: changed, notFound, forbidden, versionMismatch, notAllowed (from the state that it has), booked (with when: somebody has it at a time at which it could not be used any more), durable (with the line, until when and who paid: it is not retired within its durability period, unless with a reason to override, which is recorded).';

create or replace function inventory.import_assets(p_centre_id smallint, p_key uuid, p_columns text[], p_lines jsonb, p_takes text)
    returns table (line integer, outcome text, member text, code text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_lines inventory.asset_line[];
    v_bound record;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select null::integer, 'forbidden', null::text, null::text;
        return;
    end if;
    if p_takes <> 'nothing' then
        -- Bookings hold this lock shared: what was found right stays right.
        perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    end if;
    v_now := plateau.clock();
    v_lines := coalesce(inventory.asset_lines(p_centre_id, p_columns, p_lines, v_now), '{}');
    -- A table gives no reason for what funds do not allow.
    for v_bound in
        select l.number::integer as number,
               array_remove(array[case when l.owner is distinct from a.owner then 'owner.withinDurability' end,
                                  case when r.is_shared and not l.is_shared then 'visibility.withinDurability' end], null) as faults
        from (select w.number, (w.line).known_id, (w.line).owner, (w.line).is_shared
              from (select n as number, v_lines[n] as line from generate_subscripts(v_lines, 1) as n) w) l
        join inventory.asset a on a.centre_id = p_centre_id and a.id = l.known_id
        join platforms.resource r on r.centre_id = p_centre_id and r.id = l.known_id
        where (l.owner is distinct from a.owner or r.is_shared and not l.is_shared)
          and exists (select from inventory.funding_line f
                      where f.centre_id = p_centre_id and f.asset_id = l.known_id and inventory.is_durable(f, v_now))
    loop
        v_lines[v_bound.number].faults := v_lines[v_bound.number].faults || v_bound.faults;
    end loop;
    if p_takes = 'accepted' or p_takes = 'all' and not exists (select from unnest(v_lines) l where l.faults <> '{}') then
        perform inventory.enter_lines(
            p_centre_id, array(select l from unnest(v_lines) l where l.faults = '{}' and l.known_id is null), v_now);
        perform inventory.change_lines(
            p_centre_id, array(select l from unnest(v_lines) l where l.faults = '{}' and not l.is_same and l.known_id is not null), p_key,
            v_now);
    end if;
    return query
        select l.line, 'fault', split_part(f.fault, '.', 1), split_part(f.fault, '.', 2)
        from unnest(v_lines) l cross join unnest(l.faults) as f (fault)
        union all
        select l.line, case when l.faults <> '{}' then 'refused' when l.known_id is null then 'created' when l.is_same then 'unchanged'
                            else 'updated' end, null, null
        from unnest(v_lines) l;
end
$$;

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef and p.pronamespace = 'inventory'::regnamespace
               and p.proname in ('add_funding_line', 'change_funding_line', 'end_funding_line', 'change_asset', 'change_state') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('revoke all on function %s from public', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where not p.prosecdef and p.pronamespace = 'inventory'::regnamespace
               and p.proname in ('share_left', 'funding_objection', 'is_durable', 'durable_line', 'name_funder', 'override_durability') loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;

-- MARK: Economic use

create table utilisation.economic_warning (
    centre_id smallint not null,
    asset_id uuid not null,
    year smallint not null,
    share numeric not null,
    limit_percent smallint not null,
    told_at timestamptz not null,
    constraint economic_warning_pkey primary key (centre_id, asset_id, year),
    constraint economic_warning_asset foreign key (centre_id, asset_id) references inventory.asset (centre_id, id)
);
comment on table utilisation.economic_warning is
    'That economic use of an asset passed its limit in a calendar year: told once, with the share as it was then.';
alter table utilisation.economic_warning enable row level security;
alter table utilisation.economic_warning force row level security;
create policy economic_warning_functions on utilisation.economic_warning to plateau_functions using (true) with check (true);
create policy economic_warning_actor on utilisation.economic_warning for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
grant select, insert on utilisation.economic_warning to plateau_functions;
grant select on utilisation.economic_warning to plateau_app;

create function utilisation.economic_use(p_centre_id smallint, p_year integer, p_limit_percent integer)
    returns table (
        asset_id uuid, name text, measured_on uuid, booked_minutes bigint, economic_booked_minutes bigint, used_minutes bigint,
        economic_used_minutes bigint,
        share numeric, used_share numeric, public_hundredths integer, durable_until date, limit_percent smallint, is_over boolean,
        told_at timestamptz)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_year daterange := daterange(make_date(p_year, 1, 1), make_date(p_year + 1, 1, 1));
begin
    return query
    with funded as materialized (
        select l.asset_id, bool_or(l.nature = 'public') as is_public, min(l.economic_limit_percent) as own_limit,
               max(l.durable_until) as durable_until
        from inventory.funding_line l
        where l.centre_id = p_centre_id and l.ended_at is null and l.during && v_year
        group by l.asset_id
    ), total as materialized (
        -- What companies book, and production, is economic: the same figures as companyShare of reports.
        select u.resource_id, sum(u.booked)::bigint as booked, sum(u.used)::bigint as used,
               coalesce(sum(u.booked) filter (where u.organisation_kind = 'company' or u.activity = 'companyProduction'), 0)::bigint as economic_booked,
               coalesce(sum(u.used) filter (where u.organisation_kind = 'company' or u.activity = 'companyProduction'), 0)::bigint as economic_used
        from utilisation.use_of(p_centre_id, array[lower(v_year), upper(v_year)], null, false) u
        where u.activity <> 'maintenance' and exists (select from funded)
        group by u.resource_id
    )
    select f.asset_id, r.name, m.resource_id, utilisation.minutes(t.booked), utilisation.minutes(t.economic_booked),
           utilisation.minutes(t.used), utilisation.minutes(t.economic_used), s.share, utilisation.share(t.economic_used, t.used),
           p.hundredths, f.durable_until, s.limit_percent, coalesce(s.share * 100 > s.limit_percent, false), w.told_at
    from funded f
    join inventory.asset a on a.centre_id = p_centre_id and a.id = f.asset_id
    join platforms.resource r on r.centre_id = p_centre_id and r.id = f.asset_id
    cross join lateral (
        -- What stands fast on a platform and is never booked by itself is used with it.
        select case when not a.is_mobile and a.platform_id is not null
                         and not exists (select from total o where o.resource_id = f.asset_id and o.booked > 0)
                    then a.platform_id else f.asset_id end as resource_id) m
    left join total t on t.resource_id = m.resource_id
    cross join lateral (
        select utilisation.share(t.economic_booked, t.booked) as share,
               coalesce(f.own_limit, case when f.is_public then p_limit_percent end)::smallint as limit_percent) s
    cross join lateral (
        select coalesce(max(d.hundredths), 0)::integer as hundredths
        from (select sum(o.share_hundredths) as hundredths
              from inventory.funding_line l
              join inventory.funding_line o on o.centre_id = l.centre_id and o.asset_id = l.asset_id and o.ended_at is null
                  and o.nature = 'public' and o.during @> lower(l.during)
              where l.centre_id = p_centre_id and l.asset_id = f.asset_id and l.ended_at is null and l.during && v_year
              group by l.id) d) p
    left join utilisation.economic_warning w on w.centre_id = p_centre_id and w.asset_id = f.asset_id and w.year = p_year
    order by r.name, f.asset_id;
end
$$;
comment on function utilisation.economic_use(smallint, integer, integer) is
    'How much of the use of each funded asset of a centre is economic in a calendar year, as booked and as used, from the totals that reports read; limit: the lowest that one of its lines sets, else the one given where money is public, else none. In minutes of workstations.';

create function utilisation.warn_of_economic_use(p_limit_percent integer, p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_use record;
    v_count integer := 0;
begin
    for v_use in
        select c.centre_id, y.year, u.asset_id, u.share, u.limit_percent, r.version
        from centres.centre c
        cross join lateral (select extract(year from plateau.local_day(v_now, c.zone))::integer as year) y
        cross join lateral utilisation.economic_use(c.centre_id, y.year, p_limit_percent) u
        join platforms.resource r on r.centre_id = c.centre_id and r.id = u.asset_id
        where exists (select from inventory.funding_line l where l.centre_id = c.centre_id and l.ended_at is null)
          and u.is_over and u.told_at is null
        order by c.centre_id, u.asset_id limit p_limit
    loop
        insert into utilisation.economic_warning (centre_id, asset_id, year, share, limit_percent, told_at)
        values (v_use.centre_id, v_use.asset_id, v_use.year, v_use.share, v_use.limit_percent, v_now)
        on conflict on constraint economic_warning_pkey do nothing;
        if found then
            insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
            values (v_use.centre_id, 'equipment.economicUseOver', v_use.asset_id, v_use.version,
                    jsonb_build_object('year', v_use.year, 'share', v_use.share, 'limitPercent', v_use.limit_percent), v_now);
            v_count := v_count + 1;
        end if;
    end loop;
    return v_count;
end
$$;
comment on function utilisation.warn_of_economic_use(integer, integer) is
    'Tells, once for an asset and a calendar year, that economic use is above its limit. How many were told of.';

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'utilisation'::regnamespace and p.proname in ('economic_use', 'warn_of_economic_use') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('revoke all on function %s from public', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;

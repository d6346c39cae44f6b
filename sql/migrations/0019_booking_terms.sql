-- Booking terms: what a resource asks of bookings beside its rules of use, quotas, and the tables of a booking's life.
-- lock class: access exclusive on platforms.resource, access.organisation and bookings.booking while columns are added (no rewrite),
-- SHARE on bookings.booking for two partial indexes that no row matches yet

-- MARK: Policy of the network

create table bookings.policy (
    only_one boolean not null default true,
    version integer not null default 1,
    holds_per_organisation integer not null default 5,
    approval_hours integer not null default 72,
    accept_minutes integer not null default 120,
    early_check_in_minutes integer not null default 15,
    forgotten_check_out_minutes integer not null default 60,
    constraint policy_pkey primary key (only_one),
    constraint policy_only_one check (only_one),
    constraint policy_holds check (holds_per_organisation between 0 and 1000),
    constraint policy_approval check (approval_hours between 1 and 720),
    constraint policy_accept check (accept_minutes between 5 and 10080),
    constraint policy_early_check_in check (early_check_in_minutes between 0 and 240),
    constraint policy_forgotten_check_out check (forgotten_check_out_minutes between 0 and 1440)
);
comment on table bookings.policy is
    'What holds for every booking: holds at a time for each organisation, hours to decide a request, minutes to accept what the waiting list offers, how early one checks in, when a forgotten check-out is made up for.';
insert into bookings.policy default values;
grant select on bookings.policy to plateau_app, plateau_functions;
grant update on bookings.policy to plateau_functions;

-- MARK: Terms of a resource

alter table platforms.resource add column has_terms boolean not null default false;
comment on column platforms.resource.has_terms is 'Whether bookings.resource_terms has a row for it: asked by each booking, so it stands here.';
-- Of one column: a booking's row type is what functions pass around.
grant update (has_terms) on platforms.resource to plateau_functions;

create table bookings.resource_terms (
    centre_id smallint not null,
    resource_id uuid not null,
    version integer not null default 1,
    approval_for text[] not null default '{}',
    is_self_service boolean not null default false,
    no_show_minutes integer not null default 30,
    free_working_days integer not null default 0,
    late_fee_percent integer not null default 0,
    no_show_fee_percent integer not null default 0,
    constraint resource_terms_pkey primary key (centre_id, resource_id),
    constraint resource_terms_resource foreign key (centre_id, resource_id) references platforms.resource (centre_id, id),
    constraint resource_terms_approval_known check (
        approval_for <@ array['always', 'exclusiveUse', 'company', 'companyProduction', 'conditionalLabel']),
    constraint resource_terms_no_show check (no_show_minutes between 5 and 1440),
    constraint resource_terms_working_days check (free_working_days between 0 and 60),
    constraint resource_terms_late_fee check (late_fee_percent between 0 and 100),
    constraint resource_terms_no_show_fee check (no_show_fee_percent between 0 and 100)
);
comment on table bookings.resource_terms is
    'In which situations its centre approves a booking, whether it is self-service and when an unused slot is free again, until how many working days before the use cancelling is free, and the share that is due after that. Holds for the parts of the resource that have no terms of their own.';
-- Shown to whoever looks at the resource, as its rules of use are.
grant select on bookings.resource_terms to plateau_app, plateau_functions;
grant insert, update on bookings.resource_terms to plateau_functions;

create function bookings.terms_of(p_resource platforms.resource) returns bookings.resource_terms
    language plpgsql stable
as $$
declare
    v_terms bookings.resource_terms;
begin
    select t.* into v_terms
    from bookings.resource_terms t
    where t.centre_id = p_resource.centre_id and t.resource_id = any (p_resource.id || p_resource.ancestors)
    order by array_position(p_resource.id || p_resource.ancestors, t.resource_id) limit 1;
    return v_terms;
end
$$;
comment on function bookings.terms_of(platforms.resource) is 'The terms of a resource: its own, or those of the nearest that it stands in. All null: none.';

create function bookings.set_resource_terms(
    p_resource uuid, p_key uuid, p_version integer, p_approval_for text[], p_is_self_service boolean, p_no_show_minutes integer,
    p_free_working_days integer, p_late_fee_percent integer, p_no_show_fee_percent integer)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre_id smallint := plateau.centre_of(p_resource);
    v_version integer;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], v_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    -- Bookings hold this lock shared while they read the terms.
    perform pg_advisory_xact_lock(plateau.label_lock(v_centre_id));
    perform from platforms.resource r where r.centre_id = v_centre_id and r.id = p_resource for update;
    if not found then
        return query select 'notFound', null::integer;
        return;
    end if;
    select t.version into v_version from bookings.resource_terms t where t.centre_id = v_centre_id and t.resource_id = p_resource;
    v_version := coalesce(v_version, 0);
    if v_version <> p_version then
        return query select 'versionMismatch', v_version;
        return;
    end if;
    insert into bookings.resource_terms as t (
        centre_id, resource_id, version, approval_for, is_self_service, no_show_minutes, free_working_days, late_fee_percent,
        no_show_fee_percent)
    values (v_centre_id, p_resource, v_version + 1, p_approval_for, p_is_self_service, p_no_show_minutes, p_free_working_days,
            p_late_fee_percent, p_no_show_fee_percent)
    on conflict on constraint resource_terms_pkey do update
        set version = excluded.version, approval_for = excluded.approval_for, is_self_service = excluded.is_self_service,
            no_show_minutes = excluded.no_show_minutes, free_working_days = excluded.free_working_days,
            late_fee_percent = excluded.late_fee_percent, no_show_fee_percent = excluded.no_show_fee_percent;
    update platforms.resource r set has_terms = true where r.centre_id = v_centre_id and r.id = p_resource and not r.has_terms;
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (v_centre_id, 'resource.termsChanged', p_resource, v_version + 1, plateau.clock());
    return query select 'changed', v_version + 1;
end
$$;
comment on function bookings.set_resource_terms(uuid, uuid, integer, text[], boolean, integer, integer, integer, integer) is
    'Replaces the terms of a resource, for bookings made from now on; version 0: it has none yet. outcome: changed, forbidden, notFound, versionMismatch.';

create function bookings.change_policy(
    p_version integer, p_holds integer, p_approval_hours integer, p_accept_minutes integer, p_early_check_in_minutes integer,
    p_forgotten_check_out_minutes integer, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role(p_by, array['networkManager'], 0::smallint) then
        return 'forbidden';
    end if;
    update bookings.policy p
    set version = p.version + 1, holds_per_organisation = p_holds, approval_hours = p_approval_hours, accept_minutes = p_accept_minutes,
        early_check_in_minutes = p_early_check_in_minutes, forgotten_check_out_minutes = p_forgotten_check_out_minutes
    where p.version = p_version;
    return case when found then 'changed' else 'versionMismatch' end;
end
$$;
comment on function bookings.change_policy(integer, integer, integer, integer, integer, integer, uuid) is
    'Replaces what holds for every booking. outcome: changed, forbidden, versionMismatch.';

-- MARK: Quotas

alter table access.organisation add column has_quota boolean not null default false;
comment on column access.organisation.has_quota is 'Whether bookings.quota has a row for it: asked by each booking, so it stands here.';
grant update (has_quota) on access.organisation to plateau_functions;

create table bookings.quota (
    centre_id smallint not null,
    id uuid not null,
    organisation_id uuid not null,
    kind text not null,
    resource_id uuid,
    period text not null,
    most_minutes integer,
    most_bookings integer,
    during daterange not null,
    note text,
    created_at timestamptz not null,
    created_by uuid not null,
    ended_at timestamptz,
    constraint quota_pkey primary key (centre_id, id),
    constraint quota_organisation foreign key (organisation_id) references access.organisation (id),
    constraint quota_resource foreign key (centre_id, resource_id) references platforms.resource (centre_id, id),
    constraint quota_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint quota_kind_known check (kind in ('limit', 'allowance')),
    constraint quota_period_known check (period in ('week', 'month', 'year')),
    constraint quota_says_how_much check (num_nonnulls(most_minutes, most_bookings) > 0 and (kind = 'limit' or most_bookings is null)),
    constraint quota_minutes_range check (most_minutes between 0 and 10000000),
    constraint quota_bookings_range check (most_bookings between 0 and 100000),
    constraint quota_lasts check (not isempty(during))
);
create index quota_by_organisation on bookings.quota (organisation_id, centre_id, id);
comment on table bookings.quota is
    'What an organisation may book at a centre (0: at all) in a week, month or year, or of one resource and its parts. limit: what is beyond is refused. allowance: what a partner is entitled to; bookings draw on it, and what is beyond is booked as anybody''s.';

create table bookings.draw (
    centre_id smallint not null,
    quota_id uuid not null,
    booking_id uuid not null,
    period_start date not null,
    minutes integer not null,
    bookings smallint not null,
    beyond_minutes integer not null default 0,
    constraint draw_pkey primary key (centre_id, quota_id, period_start, booking_id),
    constraint draw_quota foreign key (centre_id, quota_id) references bookings.quota (centre_id, id),
    constraint draw_is_sound check (minutes >= 0 and beyond_minutes >= 0 and bookings between 0 and 1)
);
create index draw_by_booking on bookings.draw (booking_id);
comment on table bookings.draw is
    'What a booking takes of a quota in one period, written with it. A booking that crosses from one period to the next takes of both; bookings counts it where it begins. beyond_minutes: what an allowance had no more.';

alter table bookings.quota enable row level security;
alter table bookings.quota force row level security;
alter table bookings.draw enable row level security;
alter table bookings.draw force row level security;
create policy quota_functions on bookings.quota to plateau_functions using (true) with check (true);
create policy quota_actor on bookings.quota for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation())
           or centre_id = any (plateau.actor_centres())
           or (select plateau.actor_is_network()));
create policy draw_functions on bookings.draw to plateau_functions using (true) with check (true);
create policy draw_actor on bookings.draw for select to plateau_app
    using (exists (select from bookings.quota q where q.centre_id = draw.centre_id and q.id = draw.quota_id));
grant select, insert, update on bookings.quota to plateau_functions;
grant select, insert, delete on bookings.draw to plateau_functions;
grant select on bookings.quota, bookings.draw to plateau_app;

create function bookings.organisation_lock(p_organisation uuid) returns bigint
    language sql immutable strict parallel safe
    return -1 - (plateau.low_bits(p_organisation) & 4611686018427387903);
comment on function bookings.organisation_lock(uuid) is
    'Advisory lock of what an organisation may have at a time: holds and quotas. Sorts after every label and before every room.';
grant execute on function bookings.organisation_lock(uuid) to plateau_app, plateau_functions;

create function bookings.quota_use(
    p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamptz[], p_ends timestamptz[])
    returns table (
        quota bookings.quota, period_start date, minutes integer, bookings integer, drawn_minutes integer, drawn_bookings integer)
    language plpgsql stable
as $$
begin
    return query
    with line as (
        select (p_resources[i]).centre_id as centre_id, (p_resources[i]).id || (p_resources[i]).ancestors as path,
               p_starts[i] at time zone p_zones[i] as local_starts, p_starts[i] as starts, p_ends[i] as ends, p_zones[i] as zone
        from generate_series(1, cardinality(p_starts)) as i
        where (p_resources[i]).id is not null
    ), piece as (
        select q, p.at::date as period_start,
               greatest(l.starts, plateau.instant_of(p.at, l.zone)) as starts,
               least(l.ends, plateau.instant_of(p.at + ('1 ' || q.period)::interval, l.zone)) as ends
        from bookings.quota q
        join line l on (q.centre_id = 0 or q.centre_id = l.centre_id) and (q.resource_id is null or q.resource_id = any (l.path))
                   and q.during @> l.local_starts::date
        cross join lateral generate_series(
            date_trunc(q.period, l.local_starts), (l.ends - interval '1 microsecond') at time zone l.zone,
            ('1 ' || q.period)::interval) as p (at)
        where q.organisation_id = p_organisation and q.ended_at is null
    ), asked as (
        select p.q, p.period_start, (sum(extract(epoch from p.ends - p.starts)) / 60)::integer as minutes
        from piece p group by p.q, p.period_start
    )
    select a.q, a.period_start, a.minutes,
           case when a.period_start = min(a.period_start) over (partition by (a.q).id) then 1 else 0 end,
           coalesce(d.minutes, 0)::integer, coalesce(d.bookings, 0)::integer
    from asked a
    cross join lateral (
        select sum(w.minutes) as minutes, sum(w.bookings) as bookings from bookings.draw w
        where w.centre_id = (a.q).centre_id and w.quota_id = (a.q).id and w.period_start = a.period_start
          and w.booking_id <> p_booking) d
    order by (a.q).centre_id, (a.q).id, a.period_start;
end
$$;
comment on function bookings.quota_use(uuid, uuid, platforms.resource[], text[], timestamptz[], timestamptz[]) is
    'What some lines would take of each quota of an organisation, period by period of the site''s days, and what other bookings have drawn already.';

create function bookings.quota_rules(
    p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamptz[], p_ends timestamptz[])
    returns jsonb
    language plpgsql stable
as $$
begin
    return coalesce((
        select jsonb_agg(bookings.rule(null, 'quota', 'quotaExceeded', jsonb_strip_nulls(jsonb_build_object(
            'quotaId', (u.quota).id, 'period', (u.quota).period, 'periodStart', u.period_start,
            'minutes', u.minutes, 'drawnMinutes', u.drawn_minutes, 'mostMinutes', (u.quota).most_minutes,
            'drawnBookings', case when (u.quota).most_bookings is not null then u.drawn_bookings end,
            'mostBookings', (u.quota).most_bookings))))
        from bookings.quota_use(p_organisation, p_booking, p_resources, p_zones, p_starts, p_ends) u
        where (u.quota).kind = 'limit'
          and (u.drawn_minutes + u.minutes > (u.quota).most_minutes or u.drawn_bookings + u.bookings > (u.quota).most_bookings)), '[]');
end
$$;

create function bookings.draw_quotas(
    p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamptz[], p_ends timestamptz[])
    returns void
    language plpgsql volatile
as $$
begin
    delete from bookings.draw d where d.booking_id = p_booking;
    insert into bookings.draw (centre_id, quota_id, booking_id, period_start, minutes, bookings, beyond_minutes)
    select (u.quota).centre_id, (u.quota).id, p_booking, u.period_start,
           case (u.quota).kind when 'limit' then u.minutes
                else least(u.minutes, greatest((u.quota).most_minutes - u.drawn_minutes, 0)) end,
           u.bookings,
           case (u.quota).kind when 'limit' then 0
                else u.minutes - least(u.minutes, greatest((u.quota).most_minutes - u.drawn_minutes, 0)) end
    from bookings.quota_use(p_organisation, p_booking, p_resources, p_zones, p_starts, p_ends) u;
end
$$;
comment on function bookings.draw_quotas(uuid, uuid, platforms.resource[], text[], timestamptz[], timestamptz[]) is
    'Writes what a booking draws. An allowance that ends in the middle of it gives what is left; the rest is beyond.';

create function bookings.set_quota(
    p_id uuid, p_organisation uuid, p_kind text, p_resource uuid, p_period text, p_most_minutes integer, p_most_bookings integer,
    p_from date, p_to date, p_note text, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre_id smallint := plateau.centre_of(p_id);
begin
    if not access.has_role(p_by, array['centreManager', 'networkManager'], v_centre_id) then
        return 'forbidden';
    elsif not exists (select from access.organisation o where o.id = p_organisation) then
        return 'organisationUnknown';
    elsif p_resource is not null and not exists (
        select from platforms.resource r where r.centre_id = v_centre_id and r.id = p_resource) then
        return 'resourceUnknown';
    end if;
    -- Bookings under way hold this while they count.
    perform pg_advisory_xact_lock(bookings.organisation_lock(p_organisation));
    update access.organisation o set has_quota = true where o.id = p_organisation and not o.has_quota;
    insert into bookings.quota (
        centre_id, id, organisation_id, kind, resource_id, period, most_minutes, most_bookings, during, note, created_at, created_by)
    values (v_centre_id, p_id, p_organisation, p_kind, p_resource, p_period, p_most_minutes, p_most_bookings,
            daterange(p_from, p_to, '[]'), p_note, plateau.clock(), p_by);
    return 'created';
end
$$;
comment on function bookings.set_quota(uuid, uuid, text, uuid, text, integer, integer, date, date, text, uuid) is
    'A new quota, for what is booked from now on. outcome: created, forbidden, organisationUnknown, resourceUnknown.';

create function bookings.end_quota(p_id uuid, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre_id smallint := plateau.centre_of(p_id);
begin
    if not access.has_role(p_by, array['centreManager', 'networkManager'], v_centre_id) then
        return 'forbidden';
    end if;
    update bookings.quota q set ended_at = plateau.clock() where q.centre_id = v_centre_id and q.id = p_id and q.ended_at is null;
    return case when found then 'ended' else 'notFound' end;
end
$$;
comment on function bookings.end_quota(uuid, uuid) is 'No booking counts against it any more. outcome: ended, forbidden, notFound.';

-- MARK: The life of a booking

alter table bookings.booking add column expires_at timestamptz;
comment on column bookings.booking.expires_at is
    'When a hold, an offer or a request lapses; of a draft and a waiting one, when its time has come. From then on it takes no room, whoever looks.';
create index booking_by_expiry on bookings.booking (expires_at) where expires_at is not null;
create index booking_holds on bookings.booking (organisation_id, expires_at) where expires_at is not null;

create table bookings.approval (
    centre_id smallint not null,
    booking_id uuid not null,
    approving_centre smallint not null,
    version integer not null,
    asked_at timestamptz not null,
    decided_at timestamptz,
    decided_by uuid,
    is_approved boolean,
    reason text,
    constraint approval_pkey primary key (centre_id, booking_id, approving_centre, version),
    constraint approval_whole check (num_nulls(decided_at, decided_by, is_approved) in (0, 3))
);
create index approval_open on bookings.approval (approving_centre, asked_at, booking_id) where decided_at is null;
comment on table bookings.approval is 'Which centres are asked to approve a booking (version: the one that asked), and what they said.';

create table bookings.booking_terms (
    centre_id smallint not null,
    booking_id uuid not null,
    line_number smallint not null,
    terms_version integer not null,
    free_working_days integer not null,
    late_fee_percent integer not null,
    no_show_fee_percent integer not null,
    constraint booking_terms_pkey primary key (centre_id, booking_id, line_number)
);
comment on table bookings.booking_terms is 'The terms of cancelling as they stood when a line was booked.';

create table bookings.cancellation (
    centre_id smallint not null,
    booking_id uuid not null,
    at timestamptz not null,
    state text not null,
    free_until date,
    is_late boolean not null,
    fee_percent integer not null,
    constraint cancellation_pkey primary key (centre_id, booking_id),
    constraint cancellation_fee check (fee_percent between 0 and 100)
);
comment on table bookings.cancellation is
    'What an end before the use costs, worked out once: the last day on which it was free (of the line whose deadline came first) and the share that is due.';

create table bookings.use (
    centre_id smallint not null,
    booking_id uuid not null,
    line_number smallint not null,
    checked_in_at timestamptz not null,
    checked_in_by uuid not null,
    checked_out_at timestamptz,
    checked_out_by uuid,
    constraint use_pkey primary key (centre_id, booking_id, line_number),
    constraint use_in_order check (checked_out_at >= checked_in_at)
);
comment on table bookings.use is 'When a line was really used. checked_out_by null with a time: nobody checked out, the end of the booking counts.';

create table bookings.attendance (
    centre_id smallint not null,
    booking_id uuid not null,
    audiences text[] not null,
    head_counts integer[] not null,
    accompanying integer not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    constraint attendance_pkey primary key (centre_id, booking_id),
    constraint attendance_is_sound check (
        cardinality(audiences) = cardinality(head_counts) and 0 <= all (head_counts) and accompanying between 0 and 10000)
);
comment on table bookings.attendance is 'How many came, by audience: participations, not persons.';

create table bookings.incident (
    centre_id smallint not null,
    booking_id uuid not null,
    number smallint not null,
    note text not null,
    at timestamptz not null,
    key_id uuid not null,
    constraint incident_pkey primary key (centre_id, booking_id, number),
    constraint incident_note_present check (length(btrim(note)) between 1 and 2000)
);
comment on table bookings.incident is 'What went wrong during a use. Rows are only added.';

create table bookings.override (
    centre_id smallint not null,
    booking_id uuid not null,
    version integer not null,
    number smallint not null,
    rule jsonb not null,
    reason text not null,
    key_id uuid not null,
    at timestamptz not null,
    constraint override_pkey primary key (centre_id, booking_id, version, number),
    constraint override_reason_present check (length(btrim(reason)) > 0)
);
create trigger override_stays before delete or truncate or update on bookings.override
    for each statement execute function plateau.refuse_removal();
comment on table bookings.override is 'Rules that staff set aside for a booking, as they were told, by whom and why. Kept for ever.';

create table bookings.waiting (
    centre_id smallint not null,
    booking_id uuid not null,
    priority smallint not null default 0,
    joined_at timestamptz not null,
    offered_at timestamptz,
    constraint waiting_pkey primary key (centre_id, booking_id)
);
comment on table bookings.waiting is 'Bookings that wait for room, in the order of priority and of joining; offered_at: room was held for it.';

create table bookings.unmet_demand (
    centre_id smallint not null,
    resource_id uuid not null,
    organisation_id uuid not null,
    starts timestamptz not null,
    ends timestamptz not null,
    seats integer not null,
    cause text not null,
    at timestamptz not null,
    constraint unmet_demand_pkey primary key (centre_id, resource_id, organisation_id, starts, ends),
    constraint unmet_demand_cause_known check (cause in ('refused', 'waitlisted')),
    constraint unmet_demand_order check (starts < ends),
    constraint unmet_demand_seats check (seats > 0)
);
create index unmet_demand_by_time on bookings.unmet_demand (centre_id, starts);
comment on table bookings.unmet_demand is
    'What was asked for and found no room: once for each organisation, resource and interval, with the most seats asked for, whatever the retries, never a dry run. utilisation.turned_away says what of it was not served after all.';

do $$
declare
    t text;
begin
    foreach t in array array['approval', 'booking_terms', 'cancellation', 'use', 'attendance', 'incident', 'override', 'waiting'] loop
        execute format('alter table bookings.%I enable row level security', t);
        execute format('alter table bookings.%I force row level security', t);
        execute format('create policy %I on bookings.%I to plateau_functions using (true) with check (true)', t || '_functions', t);
        execute format(
            'create policy %I on bookings.%I for select to plateau_app using (exists (select from bookings.booking b '
            'where b.centre_id = %I.centre_id and b.id = %I.booking_id))', t || '_actor', t, t, t);
        execute format('grant select, insert on bookings.%I to plateau_functions', t);
        execute format('grant select on bookings.%I to plateau_app', t);
    end loop;
end
$$;
grant update, delete on bookings.approval, bookings.use, bookings.waiting, bookings.booking_terms to plateau_functions;
grant update on bookings.attendance to plateau_functions;
grant delete on bookings.line to plateau_functions;
alter table bookings.unmet_demand enable row level security;
alter table bookings.unmet_demand force row level security;
create policy unmet_demand_functions on bookings.unmet_demand to plateau_functions using (true) with check (true);
create policy unmet_demand_actor on bookings.unmet_demand for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation())
           or centre_id = any (plateau.actor_centres())
           or (select plateau.actor_is_network()));
grant select, insert, update on bookings.unmet_demand to plateau_functions;
grant select on bookings.unmet_demand to plateau_app;

-- MARK: States

create function bookings.may_become(p_from text, p_to text) returns boolean
    language plpgsql immutable
as $$
begin
    return case p_from
        when 'draft' then p_to in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'cancelledByUser',
                                   'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'requested' then p_to in ('requested', 'conditional', 'confirmed', 'suspended', 'rejected', 'cancelledByUser',
                                       'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'waitlisted' then p_to in ('waitlisted', 'held', 'cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'held' then p_to in ('held', 'requested', 'conditional', 'confirmed', 'suspended', 'cancelledByUser', 'cancelledByCentre',
                                  'cancelledByNetwork', 'expired')
        when 'conditional' then p_to in ('conditional', 'confirmed', 'requested', 'suspended', 'inUse', 'cancelledByUser',
                                         'cancelledByCentre', 'cancelledByNetwork', 'noShow')
        when 'confirmed' then p_to in ('confirmed', 'conditional', 'requested', 'suspended', 'inUse', 'cancelledByUser',
                                       'cancelledByCentre', 'cancelledByNetwork', 'noShow')
        when 'suspended' then p_to in ('suspended', 'requested', 'held', 'conditional', 'confirmed', 'cancelledByUser',
                                       'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'inUse' then p_to in ('inUse', 'completed')
        when 'completed' then p_to = 'completed'
        else false
    end;
end
$$;
comment on function bookings.may_become(text, text) is
    'Which state may follow which: BookingState.next says the same in Swift, and a test that they agree. A state follows itself when something else of the booking changes.';

create function bookings.refuse_transition(p_booking bookings.booking, p_to text) returns void
    language plpgsql immutable
as $$
begin
    if not bookings.may_become(p_booking.state, p_to) then
        raise exception 'a booking that is % does not become %', p_booking.state, p_to
            using errcode = 'check_violation', constraint = 'booking_state_follows';
    end if;
end
$$;

create or replace function bookings.leave(
    p_booking bookings.booking, p_state text, p_key uuid, p_organisation uuid, p_reason text, p_event text, p_now timestamptz)
    returns integer
    language plpgsql volatile
as $$
begin
    perform bookings.refuse_transition(p_booking, p_state);
    delete from platforms.occupancy o
    where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id;
    -- The deadline of a hold goes on while it is suspended.
    update bookings.booking b
    set state = p_state, version = b.version + 1, expires_at = case p_state when 'suspended' then b.expires_at end
    where b.centre_id = p_booking.centre_id and b.id = p_booking.id;
    if p_state not in ('suspended', 'noShow') then
        delete from bookings.draw d where d.booking_id = p_booking.id;
    end if;
    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, key_id, organisation_id, reason)
    values (p_booking.centre_id, p_booking.id, p_booking.version + 1, p_booking.state, p_state, p_now, p_key, p_organisation, p_reason);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (p_booking.centre_id, p_event, p_booking.id, p_booking.organisation_id, p_booking.version + 1, p_now);
    return p_booking.version + 1;
end
$$;
comment on function bookings.leave(bookings.booking, text, uuid, uuid, text, text, timestamptz) is
    'Takes a booking to a state that takes no room: frees its occupancy and what it drew, records the transition and the event. The new version.';

create or replace function bookings.stay(
    p_booking bookings.booking, p_state text, p_flags text[], p_at_risk_until timestamptz, p_key uuid, p_reason text, p_event text,
    p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    perform bookings.refuse_transition(p_booking, p_state);
    update bookings.booking b
    set state = p_state, flags = p_flags, at_risk_until = p_at_risk_until, version = b.version + 1,
        expires_at = case when p_state in ('draft', 'held', 'requested', 'waitlisted', 'suspended') then b.expires_at end
    where b.centre_id = p_booking.centre_id and b.id = p_booking.id;
    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, key_id, reason)
    values (p_booking.centre_id, p_booking.id, p_booking.version + 1, p_booking.state, p_state, p_now, p_key, p_reason);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (p_booking.centre_id, p_event, p_booking.id, p_booking.organisation_id, p_booking.version + 1, p_now);
end
$$;
comment on function bookings.stay(bookings.booking, text, text[], timestamptz, uuid, text, text, timestamptz) is
    'Changes state or flags of a booking that keeps its room, or gets it back; records the transition and the event.';

-- MARK: What has lapsed

create function bookings.is_no_show(p_booking bookings.booking, p_now timestamptz) returns boolean
    language plpgsql stable
as $$
begin
    -- Only where nobody of the staff is there to see, and never once any line is checked in.
    return p_booking.state in ('conditional', 'confirmed') and p_booking.starts <= p_now
        and not exists (select from bookings.use u where u.centre_id = p_booking.centre_id and u.booking_id = p_booking.id)
        and not exists (
            select from bookings.line l
            join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
            cross join lateral bookings.terms_of(r) t
            where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
              and not coalesce(t.is_self_service and p_booking.starts + make_interval(mins => t.no_show_minutes) <= p_now, false));
end
$$;
comment on function bookings.is_no_show(bookings.booking, timestamptz) is
    'Whether a booking of self-service resources alone was not taken up in time.';

create function bookings.lapse(p_booking bookings.booking, p_now timestamptz) returns boolean
    language plpgsql volatile
as $$
begin
    if p_booking.expires_at <= p_now and p_booking.state in ('draft', 'held', 'requested', 'waitlisted', 'suspended') then
        perform bookings.leave(p_booking, 'expired', null, null, 'lapsed', 'booking.expired', p_now);
        delete from bookings.approval a
        where a.centre_id = p_booking.centre_id and a.booking_id = p_booking.id and a.decided_at is null;
        return true;
    elsif bookings.is_no_show(p_booking, p_now) then
        perform bookings.freeze_fee(p_booking, 'noShow', p_now);
        perform bookings.leave(p_booking, 'noShow', null, null, 'notTakenUp', 'booking.noShow', p_now);
        return true;
    end if;
    return false;
end
$$;
comment on function bookings.lapse(bookings.booking, timestamptz) is
    'Ends a booking whose deadline has passed or that was not taken up in time. Whether it did.';

create function bookings.release_lapsed(p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[]) returns integer
    language plpgsql volatile
as $$
declare
    v_now timestamptz := plateau.clock();
    v_booking bookings.booking;
    v_count integer := 0;
begin
    for v_booking in
        select b.*
        from bookings.booking b
        where (b.centre_id, b.id) in (
            select plateau.centre_of(o.holder_id), o.holder_id
            from unnest(p_resources, p_starts, p_ends) as l (resource_id, starts, ends)
            join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
            join platforms.occupancy o on o.centre_id = r.centre_id and o.resource_id = any (r.id || r.ancestors)
                and o.ends > l.starts - interval '1 day' and o.ends <= l.ends + interval '2 days')
          and (b.expires_at <= v_now or b.state in ('conditional', 'confirmed') and b.starts < v_now)
        order by b.centre_id, b.id
        -- Whoever is changing one of them sees to it: nobody waits for a booking while holding a room.
        for update of b skip locked
    loop
        if bookings.lapse(v_booking, v_now) then
            v_count := v_count + 1;
        end if;
    end loop;
    return v_count;
end
$$;
comment on function bookings.release_lapsed(uuid[], timestamptz[], timestamptz[]) is
    'Frees what takes the room of some lines although its deadline has passed. Asked before anybody is refused for lack of room.';

create function bookings.sweep(p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_booking bookings.booking;
    v_count integer := 0;
begin
    for v_booking in
        select b.* from bookings.booking b
        where b.expires_at <= v_now and b.state in ('draft', 'held', 'requested', 'waitlisted', 'suspended')
        order by b.expires_at limit p_limit for update of b skip locked
    loop
        if bookings.lapse(v_booking, v_now) then
            v_count := v_count + 1;
        end if;
    end loop;
    for v_booking in
        -- What is taken now of a self-service resource or of its parts, by somebody who has not come.
        select b.* from bookings.booking b
        where (b.centre_id, b.id) in (
            select plateau.centre_of(o.holder_id), o.holder_id
            from bookings.resource_terms t
            join platforms.occupancy o on o.centre_id = t.centre_id and o.resource_id = t.resource_id
                and o.ends > v_now - interval '1 day' and o.ends <= v_now + interval '1 day'
            where t.is_self_service)
          and b.state in ('conditional', 'confirmed') and b.starts <= v_now
        order by b.centre_id, b.id limit p_limit for update of b skip locked
    loop
        if bookings.lapse(v_booking, v_now) then
            v_count := v_count + 1;
        end if;
    end loop;
    for v_booking in
        select b.* from bookings.use u
        join bookings.booking b on b.centre_id = u.centre_id and b.id = u.booking_id
        cross join bookings.policy p
        where u.checked_out_at is null and b.state = 'inUse'
          and b.ends <= v_now - make_interval(mins => p.forgotten_check_out_minutes)
        order by b.centre_id, b.id limit p_limit for update of b skip locked
    loop
        update bookings.use u set checked_out_at = greatest(l.ends, u.checked_in_at)
        from bookings.line l
        where u.centre_id = v_booking.centre_id and u.booking_id = v_booking.id and u.checked_out_at is null
          and l.centre_id = u.centre_id and l.booking_id = u.booking_id and l.number = u.line_number;
        if found then
            perform bookings.stay(v_booking, 'completed', v_booking.flags, v_booking.at_risk_until, null, 'checkOutForgotten',
                                  'booking.completed', v_now);
            v_count := v_count + 1;
        end if;
    end loop;
    return v_count;
end
$$;
comment on function bookings.sweep(integer) is
    'Ends what has lapsed: holds, offers, requests, drafts and waiting ones whose time has come, slots that nobody took up, uses that nobody checked out of. How many.';
create index use_open on bookings.use (checked_in_at) where checked_out_at is null;

-- MARK: Reading past what has lapsed

create function bookings.lapsed_holders() returns uuid[]
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce((
        select array_agg(b.id) from bookings.booking b
        where b.expires_at <= (select plateau.clock()) and b.state in ('held', 'requested')), '{}');
end
$$;
comment on function bookings.lapsed_holders() is
    'Bookings whose deadline has passed and whose room nobody has cleared away yet: few, and ids alone, so that every reader may pass by them.';

create function bookings.lapsed_room(
    p_centre_id smallint, p_resources uuid[], p_starts timestamptz, p_ends timestamptz, out resources uuid[], out starts timestamptz[],
    out ends timestamptz[], out seats integer[])
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_holders uuid[] := bookings.lapsed_holders();
begin
    if v_holders = '{}' then
        return;
    end if;
    -- Less than nothing is taken: what the sweep counts comes to nothing.
    select array_agg(o.resource_id), array_agg(o.starts), array_agg(o.ends), array_agg(-o.seats)
    into resources, starts, ends, seats
    from platforms.occupancy o
    where o.centre_id = p_centre_id and o.resource_id = any (p_resources) and o.holder_id = any (v_holders)
      and o.ends > p_starts and o.ends <= p_ends + interval '25 hours' and o.starts < p_ends;
end
$$;
comment on function bookings.lapsed_room(smallint, uuid[], timestamptz, timestamptz) is
    'What lapsed bookings take of some resources over a window, as pieces to add to platforms.usage_steps that undo it. All null: nothing.';

drop function platforms.path_steps(platforms.resource, timestamptz, timestamptz);
create function platforms.path_steps(
    p_resource platforms.resource, p_starts timestamptz, p_ends timestamptz, p_more_resources uuid[] default '{}',
    p_more_starts timestamptz[] default '{}', p_more_ends timestamptz[] default '{}', p_more_seats integer[] default '{}')
    returns table (starts timestamptz, ends timestamptz, taken integer)
    language sql stable
as $$
    with step as (
        select s.starts, s.ends, n.capacity - s.taken as free
        from platforms.resource n
        cross join lateral (
            select array_agg(m.starts) as starts, array_agg(m.ends) as ends, array_agg(m.seats) as seats
            from unnest(p_more_resources, p_more_starts, p_more_ends, p_more_seats) as m (resource_id, starts, ends, seats)
            where m.resource_id = n.id) more
        cross join lateral platforms.usage_steps(n.centre_id, n.id, p_starts, p_ends, more.starts, more.ends, more.seats) s
        where n.centre_id = p_resource.centre_id and n.id = any (p_resource.id || p_resource.ancestors)
    ), edge as (
        select e.at, coalesce(lead(e.at) over (order by e.at), p_ends) as until from (select distinct s.starts as at from step s) e
    )
    select e.at, e.until, p_resource.capacity - (select min(s.free) from step s where s.starts <= e.at and s.ends > e.at)
    from edge e order by e.at
$$;
comment on function platforms.path_steps(
    platforms.resource, timestamptz, timestamptz, uuid[], timestamptz[], timestamptz[], integer[]) is
    'platforms.usage_steps for a part of a tree: what cannot be had of it counts as taken, be it taken of the part or of what it stands in. more: pieces of any of these that come besides.';
grant execute on function platforms.path_steps(
    platforms.resource, timestamptz, timestamptz, uuid[], timestamptz[], timestamptz[], integer[]) to plateau_app, plateau_functions;

-- MARK: What cancelling costs

create function bookings.free_until(p_centre_id smallint, p_calendar_id uuid, p_day date, p_working_days integer) returns date
    language plpgsql stable
as $$
declare
    v_day date;
begin
    if p_working_days = 0 then
        return p_day;
    end if;
    -- A working day of a site is one on which it opens, weekends apart.
    select d.day into v_day
    from (select distinct h.day from centres.open_hours h
          where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and h.day < p_day and h.day >= p_day - 400
            and extract(isodow from h.day) < 6) d
    order by d.day desc offset p_working_days - 1 limit 1;
    return coalesce(v_day, p_day - 400);
end
$$;
comment on function bookings.free_until(smallint, uuid, date, integer) is
    'The last day on which cancelling is free: so many working days of the site before the day of use.';

create function bookings.fee_of(p_booking bookings.booking, p_state text, p_now timestamptz, out free_until date, out is_late boolean,
                                out fee_percent integer)
    language plpgsql stable
as $$
begin
    -- Of the line whose deadline comes first; the highest share of those that are late.
    select min(f.free_until), coalesce(bool_or(f.today > f.free_until), false),
           coalesce(max(case when p_state = 'noShow' then f.no_show_fee_percent
                             when p_state = 'cancelledByUser' and f.today > f.free_until then f.late_fee_percent end), 0)
    into free_until, is_late, fee_percent
    from (
        select bookings.free_until(r.centre_id, r.site_id, plateau.local_day(l.starts, s.zone), t.free_working_days) as free_until,
               plateau.local_day(p_now, s.zone) as today, t.late_fee_percent, t.no_show_fee_percent
        from bookings.booking_terms t
        join bookings.line l on l.centre_id = t.centre_id and l.booking_id = t.booking_id and l.number = t.line_number
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where t.centre_id = p_booking.centre_id and t.booking_id = p_booking.id) f;
    -- What was never promised costs nothing.
    if p_booking.state not in ('conditional', 'confirmed') then
        is_late := false;
        fee_percent := 0;
    end if;
end
$$;
comment on function bookings.fee_of(bookings.booking, text, timestamptz) is
    'What it costs to end a booking now, by the terms under which it was booked: only its user pays, and only after the free days.';

create function bookings.freeze_fee(p_booking bookings.booking, p_state text, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    insert into bookings.cancellation (centre_id, booking_id, at, state, free_until, is_late, fee_percent)
    select p_booking.centre_id, p_booking.id, p_now, p_state, f.free_until, f.is_late, f.fee_percent
    from bookings.fee_of(p_booking, p_state, p_now) f;
end
$$;

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef and p.pronamespace = 'bookings'::regnamespace
               and p.proname in ('set_resource_terms', 'change_policy', 'set_quota', 'end_quota', 'sweep', 'lapsed_holders', 'lapsed_room') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where not p.prosecdef and p.pronamespace = 'bookings'::regnamespace
               and p.proname in ('terms_of', 'quota_use', 'quota_rules', 'draw_quotas', 'may_become', 'refuse_transition', 'is_no_show',
                                 'lapse', 'release_lapsed', 'free_until', 'fee_of', 'freeze_fee') loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
grant execute on function bookings.may_become(text, text), bookings.terms_of(platforms.resource), bookings.free_until(smallint, uuid, date, integer),
    bookings.fee_of(bookings.booking, text, timestamptz) to plateau_app;

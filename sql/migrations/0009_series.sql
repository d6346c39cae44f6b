-- Series: bookings that recur, made, changed and cancelled together.
-- lock class: access exclusive on bookings.booking for as long as it takes to add three empty columns and a partial index (no rows match it)

create table bookings.series (
    centre_id smallint not null,
    id uuid not null,
    organisation_id uuid not null,
    centres smallint[] not null,
    rule text not null,
    excluded text[] not null,
    additional text[] not null,
    zone text not null,
    mode text not null,
    created_at timestamptz not null,
    created_by uuid not null,
    version integer not null default 1,
    constraint series_pkey primary key (centre_id, id),
    constraint series_organisation foreign key (organisation_id) references access.organisation (id),
    constraint series_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint series_centres_present check (cardinality(centres) > 0),
    constraint series_mode_known check (mode in ('atomic', 'bestEffort'))
);
comment on table bookings.series is
    'A rule (RFC 5545) and the dates left out and added, as they were asked; each occurrence that was booked is a booking of its own.';

create table bookings.refused_occurrence (
    centre_id smallint not null,
    series_id uuid not null,
    number smallint not null,
    starts timestamptz not null,
    rules jsonb not null,
    constraint refused_occurrence_pkey primary key (centre_id, series_id, number),
    constraint refused_occurrence_series foreign key (centre_id, series_id) references bookings.series (centre_id, id)
);
comment on table bookings.refused_occurrence is 'What a series that books the rest could not book, and why.';

alter table bookings.booking
    add column series_id uuid,
    add column occurrence smallint,
    add column occurrence_starts timestamptz,
    add constraint booking_series foreign key (centre_id, series_id) references bookings.series (centre_id, id),
    add constraint booking_occurrence_whole check (num_nulls(series_id, occurrence, occurrence_starts) in (0, 3));
create index booking_by_series on bookings.booking (centre_id, series_id, occurrence) where series_id is not null;
comment on column bookings.booking.occurrence_starts is
    'When the rule of its series has it start; stays when the booking is moved (RECURRENCE-ID of RFC 5545).';

-- MARK: Row-level security

alter table bookings.series enable row level security;
alter table bookings.series force row level security;
alter table bookings.refused_occurrence enable row level security;
alter table bookings.refused_occurrence force row level security;
create policy series_functions on bookings.series to plateau_functions using (true) with check (true);
create policy series_actor on bookings.series for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation())
           or centres && (select plateau.actor_centres())
           or (select plateau.actor_is_network()));
create policy refused_occurrence_functions on bookings.refused_occurrence to plateau_functions using (true) with check (true);
create policy refused_occurrence_actor on bookings.refused_occurrence for select to plateau_app
    using (exists (select from bookings.series s where s.centre_id = refused_occurrence.centre_id and s.id = refused_occurrence.series_id));
grant select, insert, update on bookings.series to plateau_functions;
grant select, insert on bookings.refused_occurrence to plateau_functions;
grant select on bookings.series, bookings.refused_occurrence to plateau_app;

-- MARK: Locks

create function bookings.lock_series(
    p_series uuid, p_organisation uuid, p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[]) returns void
    language plpgsql volatile
as $$
declare
    v_resource platforms.resource;
    v_lines integer := cardinality(p_resources);
    v_locks bigint[] := '{}'::bigint[];
begin
    -- Each holds up to a thousand locks and the server's table of them is finite: four series at a time.
    perform pg_advisory_xact_lock(8, (plateau.low_bits(p_series) & 3)::integer);
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key
          from (select plateau.centre_of(r) as c from unnest(p_resources) r
                union all select o.centre_id from access.organisation o where o.id = p_organisation) touched
          where c is not null order by 1) k;
    for i in 1 .. v_lines loop
        select * into v_resource from platforms.resource r where r.centre_id = plateau.centre_of(p_resources[i]) and r.id = p_resources[i];
        if found then
            for n in 0 .. cardinality(p_starts) / v_lines - 1 loop
                v_locks := v_locks || platforms.room_locks(v_resource, tstzrange(p_starts[n * v_lines + i], p_ends[n * v_lines + i]));
            end loop;
        end if;
    end loop;
    v_locks := array(select distinct k from unnest(v_locks) as k order by k);
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));
end
$$;
comment on function bookings.lock_series(uuid, uuid, uuid[], timestamptz[], timestamptz[]) is
    'Every lock of every occurrence, in the order in which single bookings take theirs: labels, then rooms ascending. starts and ends: occurrence by occurrence, line by line.';

-- MARK: Make

create type bookings.occurrence_verdict as (
    number integer,
    outcome text,
    booking_id uuid,
    reference text,
    state text,
    flags text[],
    conditional_until date,
    rules jsonb
);
comment on type bookings.occurrence_verdict is
    'outcome: created, wouldCreate (also of what was undone with the rest), refused (rules says why); of the whole, in the first row: forbidden, organisationUnknown.';

create function bookings.reserve_series(
    p_series uuid, p_rule text, p_excluded text[], p_additional text[], p_zone text, p_mode text, p_key uuid, p_organisation uuid,
    p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text,
    p_contact_email text, p_programme text, p_resources uuid[], p_seats integer[], p_bookings uuid[], p_references text[],
    p_occurrences timestamptz[], p_starts timestamptz[], p_ends timestamptz[], p_dry_run boolean)
    returns setof bookings.occurrence_verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre_id smallint := plateau.centre_of(p_series);
    v_lines integer := cardinality(p_resources);
    v_verdict bookings.verdict;
    v_verdicts bookings.occurrence_verdict[] := '{}'::bookings.occurrence_verdict[];
    v_booked integer := 0;
    v_undone boolean := false;
    v_now timestamptz;
begin
    perform bookings.lock_series(p_series, p_organisation, p_resources, p_starts, p_ends);
    v_now := plateau.clock();
    -- One refusal of a whole series undoes the rest of it; the verdicts outlive that.
    begin
        if exists (select from access.organisation o where o.id = p_organisation) then
            insert into bookings.series (
                centre_id, id, organisation_id, centres, rule, excluded, additional, zone, mode, created_at, created_by)
            values (v_centre_id, p_series, p_organisation, array(select distinct plateau.centre_of(r) from unnest(p_resources) r),
                    p_rule, p_excluded, p_additional, p_zone, p_mode, v_now, p_key);
        end if;
        for i in 1 .. cardinality(p_bookings) loop
            v_verdict := bookings.reserve(
                p_bookings[i], p_references[i], p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
                p_contact_name, p_contact_email, p_programme, p_resources, p_starts[(i - 1) * v_lines + 1 : i * v_lines],
                p_ends[(i - 1) * v_lines + 1 : i * v_lines], p_seats, null, null, false);
            v_verdicts := v_verdicts || row (
                i, v_verdict.outcome, v_verdict.booking_id, v_verdict.reference, v_verdict.state, v_verdict.flags,
                v_verdict.conditional_until, v_verdict.rules)::bookings.occurrence_verdict;
            if v_verdict.outcome = 'created' then
                v_booked := v_booked + 1;
                update bookings.booking b set series_id = p_series, occurrence = i, occurrence_starts = p_occurrences[i]
                where b.centre_id = v_centre_id and b.id = p_bookings[i];
            elsif v_verdict.outcome = 'refused' then
                insert into bookings.refused_occurrence (centre_id, series_id, number, starts, rules)
                values (v_centre_id, p_series, i, p_occurrences[i], v_verdict.rules);
            else
                exit;
            end if;
        end loop;
        v_undone := p_dry_run or v_booked = 0 or p_mode = 'atomic' and v_booked < cardinality(p_bookings);
        if v_undone then
            raise exception 'undone' using errcode = 'PL001';
        end if;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (v_centre_id, 'series.created', p_series, p_organisation, 1, v_now);
    exception when sqlstate 'PL001' then
        null;
    end;
    return query
        select v.number, case when v_undone and v.outcome = 'created' then 'wouldCreate' else v.outcome end, v.booking_id, v.reference,
               v.state, v.flags, v.conditional_until, v.rules
        from unnest(v_verdicts) v order by v.number;
end
$$;
comment on function bookings.reserve_series(
    uuid, text, text[], text[], text, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], integer[],
    uuid[], text[], timestamptz[], timestamptz[], timestamptz[], boolean) is
    'Books every occurrence of a series through bookings.reserve: all or none (atomic), or those that can be had (bestEffort). A row for each occurrence.';

-- MARK: Cancel

create function bookings.cancel_series(p_series uuid, p_key uuid, p_version integer, p_from timestamptz, p_only_this boolean, p_reason text)
    returns table (outcome text, number integer, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_series bookings.series;
    v_booking bookings.booking;
    v_cancelled record;
    v_count integer := 0;
begin
    select * into v_series from bookings.series s where s.centre_id = plateau.centre_of(p_series) and s.id = p_series for update;
    if not found then
        return query select 'notFound', null::integer, null::integer;
        return;
    elsif v_series.version <> p_version then
        return query select 'versionMismatch', null::integer, v_series.version;
        return;
    end if;
    -- In the order of ids, as everybody who takes several.
    for v_booking in
        select b.* from bookings.booking b
        where b.centre_id = v_series.centre_id and b.series_id = p_series
          and b.state in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended')
          and (p_from is null or b.occurrence_starts = p_from or not p_only_this and b.occurrence_starts > p_from)
        order by b.centre_id, b.id
        for update of b
    loop
        select c.* into v_cancelled from bookings.cancel(v_booking.id, p_key, v_booking.version, p_reason) c;
        if v_cancelled.outcome = 'cancelled' then
            v_count := v_count + 1;
        end if;
        return query select v_cancelled.outcome, v_booking.occurrence::integer, v_series.version;
    end loop;
    if v_count > 0 then
        update bookings.series s set version = s.version + 1 where s.centre_id = v_series.centre_id and s.id = p_series;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (v_series.centre_id, 'series.cancelled', p_series, v_series.organisation_id, v_series.version + 1, plateau.clock());
    end if;
end
$$;
comment on function bookings.cancel_series(uuid, uuid, integer, timestamptz, boolean, text) is
    'Cancels the bookings of a series from an occurrence on (null: all), or that one only. outcome of the whole: notFound, versionMismatch; of each occurrence: that of bookings.cancel. The caller rolls back what it does not accept.';

-- MARK: Change

create function bookings.change_series(
    p_series uuid, p_key uuid, p_version integer, p_reason text, p_resources uuid[], p_seats integer[], p_numbers integer[],
    p_bookings uuid[], p_references text[], p_starts timestamptz[], p_ends timestamptz[], p_dry_run boolean)
    returns setof bookings.occurrence_verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_series bookings.series;
    v_old bookings.booking;
    v_olds bookings.booking[] := '{}'::bookings.booking[];
    v_lines integer := cardinality(p_resources);
    v_outcome text;
    v_verdict bookings.verdict;
    v_verdicts bookings.occurrence_verdict[] := '{}'::bookings.occurrence_verdict[];
    v_undone boolean := false;
begin
    select * into v_series from bookings.series s where s.centre_id = plateau.centre_of(p_series) and s.id = p_series;
    perform bookings.lock_series(p_series, v_series.organisation_id, p_resources, p_starts, p_ends);
    select * into v_series from bookings.series s where s.centre_id = plateau.centre_of(p_series) and s.id = p_series for update;
    if not found or v_series.version <> p_version then
        return query select null::integer, 'versionMismatch', null::uuid, null::text, null::text, null::text[], null::date, null::jsonb;
        return;
    end if;
    begin
        -- All rooms are freed before the first is taken again, so that occurrences may move into each other's place.
        for v_old in
            select b.* from bookings.booking b
            where b.centre_id = v_series.centre_id and b.series_id = p_series and b.occurrence = any (p_numbers)
              and b.state in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended')
            order by b.centre_id, b.id
            for update of b
        loop
            select c.outcome into v_outcome from bookings.cancel(v_old.id, p_key, v_old.version, p_reason) c;
            v_olds[v_old.occurrence] := v_old;
            if v_outcome <> 'cancelled' then
                v_undone := true;
                v_verdicts := array[row (
                    v_old.occurrence::integer, v_outcome, v_old.id, v_old.reference, v_old.state, null, null, null)::bookings.occurrence_verdict];
                raise exception 'undone' using errcode = 'PL001';
            end if;
        end loop;
        for i in 1 .. cardinality(p_numbers) loop
            v_old := v_olds[p_numbers[i]];
            -- Cancelled by itself since the caller read the series: it stays so.
            continue when v_old.id is null;
            v_verdict := bookings.reserve(
                p_bookings[i], p_references[i], p_key, v_old.organisation_id, v_old.activity, v_old.audiences, v_old.head_counts,
                v_old.accompanying, v_old.title, v_old.contact_name, v_old.contact_email, v_old.programme, p_resources,
                p_starts[(i - 1) * v_lines + 1 : i * v_lines], p_ends[(i - 1) * v_lines + 1 : i * v_lines], p_seats, null, null, false);
            v_verdicts := v_verdicts || row (
                p_numbers[i], v_verdict.outcome, v_verdict.booking_id, v_verdict.reference, v_verdict.state, v_verdict.flags,
                v_verdict.conditional_until, v_verdict.rules)::bookings.occurrence_verdict;
            if v_verdict.outcome = 'created' then
                update bookings.booking b
                set series_id = p_series, occurrence = v_old.occurrence, occurrence_starts = v_old.occurrence_starts
                where b.centre_id = v_series.centre_id and b.id = p_bookings[i];
            end if;
        end loop;
        v_undone := p_dry_run or exists (select from unnest(v_verdicts) v where v.outcome <> 'created');
        if v_undone then
            raise exception 'undone' using errcode = 'PL001';
        end if;
        update bookings.series s
        set version = s.version + 1,
            centres = array(select distinct c from unnest(s.centres || array(select plateau.centre_of(r) from unnest(p_resources) r)) c)
        where s.centre_id = v_series.centre_id and s.id = p_series;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (v_series.centre_id, 'series.changed', p_series, v_series.organisation_id, v_series.version + 1, plateau.clock());
    exception when sqlstate 'PL001' then
        null;
    end;
    return query
        select v.number, case when v_undone and v.outcome = 'created' then 'wouldCreate' else v.outcome end, v.booking_id, v.reference,
               v.state, v.flags, v.conditional_until, v.rules
        from unnest(v_verdicts) v order by v.number;
end
$$;
comment on function bookings.change_series(
    uuid, uuid, integer, text, uuid[], integer[], integer[], uuid[], text[], timestamptz[], timestamptz[], boolean) is
    'Cancels some occurrences of a series and books them again with other lines, all or none. outcome of the whole, in the first row: versionMismatch, or that of bookings.cancel for the occurrence that cannot be cancelled.';

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'bookings'::regnamespace and p.proname in ('reserve_series', 'cancel_series', 'change_series') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;
grant execute on function bookings.lock_series(uuid, uuid, uuid[], timestamptz[], timestamptz[]) to plateau_functions;

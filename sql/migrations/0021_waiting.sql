-- Waiting list: where room appeared, and who is offered it.
-- lock class: SHARE ROW EXCLUSIVE on platforms.occupancy, platforms.resource and labels.label_decision while a trigger is added

create table bookings.vacancy (
    centre_id smallint not null,
    id bigint generated always as identity,
    resource_id uuid not null,
    starts timestamptz not null,
    ends timestamptz not null,
    noted_at timestamptz not null,
    after_priority smallint,
    after_joined timestamptz,
    after_id uuid,
    constraint vacancy_pkey primary key (centre_id, id)
);
create index vacancy_in_order on bookings.vacancy (id);
comment on table bookings.vacancy is
    'Where room may have appeared that somebody waits for, and how far the waiting list was gone through for it. A row stays until it was gone through to the end.';
alter table bookings.vacancy enable row level security;
alter table bookings.vacancy force row level security;
create policy vacancy_functions on bookings.vacancy to plateau_functions using (true) with check (true);
grant select, insert, update, delete on bookings.vacancy to plateau_functions;

-- MARK: Room appears

create function bookings.waits_for(p_resource uuid, p_starts timestamptz, p_ends timestamptz) returns setof bookings.waiting
    language plpgsql stable
as $$
begin
    -- Of the resource, of a part of it, or of what it is a part of: a row of occupancy stands for each of them.
    return query
    select distinct w.*
    from bookings.waiting w
    join bookings.booking b on b.centre_id = w.centre_id and b.id = w.booking_id and b.state = 'waitlisted'
    join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
    join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
    where (r.id = p_resource or p_resource = any (r.ancestors))
      and l.starts - make_interval(mins => r.setup_minutes) < p_ends and l.ends + make_interval(mins => r.cleanup_minutes) > p_starts;
end
$$;

create function bookings.note_vacancy() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from bookings.waiting) and old.ends > plateau.clock()
        and exists (select from bookings.waits_for(old.resource_id, old.starts, old.ends)) then
        insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at)
        values (old.centre_id, old.resource_id, old.starts, old.ends, plateau.clock());
    end if;
    return null;
end
$$;
comment on function bookings.note_vacancy() is
    'Whatever frees room (a cancellation, an early end, a lapsed hold, a suspension) does it by taking occupancy away: noted here, in its transaction.';
create trigger occupancy_was_freed after delete on platforms.occupancy
    for each row execute function bookings.note_vacancy();
create trigger occupancy_was_cut after update on platforms.occupancy
    for each row execute function bookings.note_vacancy();

create function bookings.note_growth() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at)
    select new.centre_id, new.id, plateau.clock(), 'infinity', plateau.clock()
    where exists (select from bookings.waits_for(new.id, plateau.clock(), 'infinity'));
    return null;
end
$$;
create trigger resource_has_grown after update of capacity, person_limit on platforms.resource
    for each row when (new.capacity > old.capacity or new.person_limit is distinct from old.person_limit)
    execute function bookings.note_growth();

create function bookings.note_label() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    -- A label that opens what it kept closed.
    insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at)
    select distinct new.centre_id, l.resource_id, l.starts, l.ends, plateau.clock()
    from bookings.waiting w
    join bookings.booking b on b.centre_id = w.centre_id and b.id = w.booking_id and b.state = 'waitlisted'
    join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
    where plateau.centre_of(l.resource_id) = new.centre_id;
    return null;
end
$$;
create trigger label_has_changed after insert or update on labels.label_decision
    for each row execute function bookings.note_label();

-- MARK: Offers

create function bookings.acting_key(p_booking bookings.booking) returns uuid
    language plpgsql stable
as $$
begin
    -- Its own, or, when that is gone, another with which its organisation books.
    return (
        select k.id from access.api_key k
        where (k.organisation_id = p_booking.organisation_id or k.id = p_booking.created_by)
          and access.may_book_for(k.id, p_booking.organisation_id, p_booking.centres)
        order by k.id <> p_booking.created_by, k.id limit 1);
end
$$;

create function bookings.promote_next() returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_vacancies bigint[];
    v_next record;
    v_booking bookings.booking;
    v_verdict bookings.verdict;
    v_until timestamptz;
    v_now timestamptz := plateau.clock();
begin
    -- One at a time, so that nobody is offered anything before somebody who comes first; one entry a transaction, whose locks are
    -- those of one booking.
    if not pg_try_advisory_xact_lock(9, 0) then
        return null;
    end if;
    v_vacancies := array(select v.id from bookings.vacancy v);
    if v_vacancies = '{}' then
        return null;
    end if;
    select w.* into v_next
    from bookings.vacancy v
    cross join lateral bookings.waits_for(v.resource_id, v.starts, v.ends) w
    where v.id = any (v_vacancies)
      and (v.after_id is null
           or (-w.priority, w.joined_at, w.booking_id) > (-v.after_priority, v.after_joined, v.after_id))
    order by -w.priority, w.joined_at, w.booking_id limit 1;
    if not found then
        delete from bookings.vacancy v where v.id = any (v_vacancies);
        return 'done';
    end if;
    update bookings.vacancy v
    set after_priority = v_next.priority, after_joined = v_next.joined_at, after_id = v_next.booking_id
    where v.id = any (v_vacancies)
      and (v.after_id is null
           or (-v_next.priority, v_next.joined_at, v_next.booking_id) > (-v.after_priority, v.after_joined, v.after_id));
    select * into v_booking from bookings.booking b where b.centre_id = v_next.centre_id and b.id = v_next.booking_id;
    if v_booking.state <> 'waitlisted' or v_booking.expires_at <= v_now then
        return 'passed';
    end if;
    select least(v_booking.starts, v_now + make_interval(mins => p.accept_minutes)) into v_until from bookings.policy p;
    v_verdict := bookings.again(v_booking, bookings.acting_key(v_booking), 'held', v_until, 'offered', null);
    if v_verdict.outcome is distinct from 'changed' then
        return 'passed';
    end if;
    update bookings.waiting w set offered_at = v_now where w.centre_id = v_booking.centre_id and w.booking_id = v_booking.id;
    return 'offered';
end
$$;
comment on function bookings.promote_next() is
    'Offers room that appeared to the next who waits for it: what fits under the rules of a new booking is held for the accept window, what does not is passed. offered, passed, done (everything was gone through); null: there is none, or another instance is at it.';

create function bookings.set_priority(p_booking uuid, p_key uuid, p_version integer, p_priority smallint, p_reason text)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    if v_booking.id is null then
        return query select 'notFound', null::integer;
    elsif exists (
        select from unnest(v_booking.centres) c
        where not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], c)) then
        return query select 'forbidden', v_booking.version;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version;
    elsif v_booking.state <> 'waitlisted' then
        return query select 'notWaiting', v_booking.version;
    else
        update bookings.waiting w set priority = p_priority where w.centre_id = v_booking.centre_id and w.booking_id = p_booking;
        perform bookings.stay(v_booking, 'waitlisted', v_booking.flags, v_booking.at_risk_until, p_key, p_reason, 'booking.prioritised',
                              plateau.clock());
        return query select 'changed', v_booking.version + 1;
    end if;
end
$$;
comment on function bookings.set_priority(uuid, uuid, integer, smallint, text) is
    'The staff of every centre concerned puts a waiting booking before others. outcome: changed, notFound, forbidden, versionMismatch, notWaiting.';

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef and p.pronamespace = 'bookings'::regnamespace
               and p.proname in ('promote_next', 'set_priority', 'note_vacancy', 'note_growth', 'note_label') loop
        execute format('alter function %s owner to plateau_functions', f);
    end loop;
end
$$;
grant execute on function bookings.promote_next(), bookings.set_priority(uuid, uuid, integer, smallint, text) to plateau_app;
grant execute on function bookings.waits_for(uuid, timestamptz, timestamptz), bookings.acting_key(bookings.booking)
    to plateau_functions;

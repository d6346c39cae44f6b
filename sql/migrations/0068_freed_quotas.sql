-- A quota of which less is drawn wakes those who wait: whoever was passed because of it is looked at again, under the same rules.
-- lock class: share row exclusive on bookings.draw and bookings.quota while the triggers are made, access exclusive on bookings.vacancy for
-- a column without a default (no row is read).

alter table bookings.vacancy add column holder_id uuid;

comment on table bookings.vacancy is
    'Where room may have appeared that somebody waits for, or a quota that somebody was kept back by, and how far the waiting list was gone through for it. A row stays until it was gone through to the end.';
comment on column bookings.vacancy.holder_id is
    'The booking that had it. What a booking gives up while it changes is its own to take again.';

create or replace function bookings.note_vacancy() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from bookings.waiting) and old.ends > plateau.clock()
        and exists (select from bookings.waits_for(old.resource_id, old.starts, old.ends)) then
        insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at, holder_id)
        values (old.centre_id, old.resource_id, old.starts, old.ends, plateau.clock(), old.holder_id);
    end if;
    return null;
end
$$;

-- What an organisation waits for, wherever it would draw on a quota in a period (null: in any).
create function bookings.note_quota(p_quota bookings.quota, p_period_start date, p_holder uuid) returns void
    language plpgsql volatile
as $$
begin
    insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at, holder_id)
    select distinct r.centre_id, r.id, l.starts, l.ends, plateau.clock(), p_holder
    from bookings.waiting w
    join bookings.booking b on b.centre_id = w.centre_id and b.id = w.booking_id and b.state = 'waitlisted'
         and b.organisation_id = p_quota.organisation_id
    join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id and l.starts > plateau.clock()
    join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    where (p_quota.centre_id = 0 or p_quota.centre_id = r.centre_id)
      and (p_quota.resource_id is null or p_quota.resource_id = any (r.id || r.ancestors))
      and (p_period_start is null
           or daterange(p_period_start, (p_period_start + ('1 ' || p_quota.period)::interval)::date)
              && plateau.local_days(tstzrange(l.starts, l.ends), s.zone));
end
$$;

create function bookings.note_drawn_less() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from bookings.waiting) then
        perform bookings.note_quota(q, old.period_start, old.booking_id)
        from bookings.quota q where q.centre_id = old.centre_id and q.id = old.quota_id and q.kind = 'limit' and q.ended_at is null;
    end if;
    return null;
end
$$;

create function bookings.note_quota_ended() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform bookings.note_quota(old, null, null);
    return null;
end
$$;

create trigger less_is_drawn after delete on bookings.draw for each row execute function bookings.note_drawn_less();
create trigger quota_has_ended after update of ended_at on bookings.quota for each row
    when (old.ended_at is null and new.ended_at is not null and old.kind = 'limit')
    execute function bookings.note_quota_ended();

alter function bookings.note_drawn_less() owner to plateau_functions;
alter function bookings.note_quota_ended() owner to plateau_functions;
comment on function bookings.note_drawn_less() is
    'Whatever draws less on a quota (a cancellation, a lapsed hold, a change) does it by taking its draw away: noted here, in its transaction.';
revoke all on function bookings.note_quota(bookings.quota, date, uuid), bookings.note_drawn_less(), bookings.note_quota_ended() from public;
grant execute on function bookings.note_quota(bookings.quota, date, uuid) to plateau_functions;

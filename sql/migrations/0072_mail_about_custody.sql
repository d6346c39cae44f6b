-- Mail about what is to come back: a reminder before, and once that it did not.
-- lock class: access exclusive on delivery.mail for a moment (a column, a check read through once); else none (functions)

create or replace function delivery.mail_kinds() returns text[]
    language sql immutable parallel safe
    return array['confirmed', 'requested', 'approvalAsked', 'approvalReminder', 'approved', 'rejected', 'expired', 'offered', 'timeGone',
                 'changed', 'suspended', 'restored', 'cancelled', 'reminder', 'returnDue', 'returnLate'];

alter table delivery.mail
    add column custody_id uuid,
    drop constraint mail_about_one_thing,
    add constraint mail_about_one_thing check (num_nonnulls(booking_id, series_id, custody_id) = 1),
    add constraint mail_about_custody_by_kind check ((custody_id is not null) = (kind in ('returnDue', 'returnLate')));
comment on table delivery.mail is
    'A message to one address about a booking or, where many change at once, about their series (those that changed in the transaction xact); or about a custody. once: what it is made of, so that it is made one time. superseded: the booking had gone on, or all was back, before it was sent.';

create function delivery.custody_recipients(p_custody maintenance.custody, p_kind text) returns table (address text, language text)
    language plpgsql stable
as $$
begin
    return query
    select distinct on (lower(w.address)) w.address, w.language
    from (
        -- Who has it, who booked it, and their organisation.
        select p_custody.contact_email as address, coalesce(n.language, 'fr') as language, 0 as rank
        from (select) as one
        left join delivery.notification_settings n on n.organisation_id = p_custody.organisation_id
        where delivery.is_address(p_custody.contact_email) and coalesce(n.writes_to_contacts, true)
        union all
        select r.address, r.language, 1
        from bookings.booking b cross join lateral delivery.recipients(b, p_kind) r
        where b.centre_id = plateau.centre_of(p_custody.booking_id) and b.id = p_custody.booking_id
        union all
        select a, n.language, 2
        from delivery.notification_settings n cross join unnest(n.addresses) a
        where n.organisation_id = p_custody.organisation_id and (n.kinds is null or p_kind = any (n.kinds))) w
    order by lower(w.address), w.rank;
end
$$;
comment on function delivery.custody_recipients(maintenance.custody, text) is
    'Whom to write to about what is out: who has it, the contact of its booking, and the addresses of its organisation. Each address once.';

create or replace function delivery.write_mail(p_batch integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_from delivery.progress;
    v_horizon bigint;
    v_event jobs.event;
    v_booking bookings.booking;
    v_series uuid;
    v_kind text;
    v_read integer := 0;
begin
    -- One instance at a time; another one has nothing to wait for.
    select * into v_from from delivery.progress p where p.consumer = 'mail' for update skip locked;
    if not found then
        return 0;
    end if;
    v_horizon := jobs.horizon();
    for v_event in
        select e.* from jobs.event e
        where (e.xact, e.id) > (v_from.xact, v_from.id) and e.xact < v_horizon
        order by e.xact, e.id limit p_batch loop
        v_read := v_read + 1;
        v_from.xact := v_event.xact;
        v_from.id := v_event.id;
        -- What happened while nothing was sent is no news.
        continue when v_event.occurred_at < plateau.clock() - interval '1 day';
        v_kind := case v_event.type when 'custody.dueSoon' then 'returnDue' when 'custody.overdue' then 'returnLate' end;
        if v_kind is not null then
            -- Once for the time at which it was due: who gets more of it is told anew.
            insert into delivery.mail (id, once, kind, centre_id, custody_id, recipient, language, next_at, created_at)
            select gen_random_uuid(), format('%s %s %s %s', v_kind, c.id, extract(epoch from c.due_at), lower(r.address)), v_kind,
                   c.centre_id, c.id, r.address, r.language, plateau.clock(), plateau.clock()
            from maintenance.custody c cross join lateral delivery.custody_recipients(c, v_kind) r
            where c.centre_id = v_event.centre_id and c.id = v_event.subject_id
            on conflict on constraint mail_once do nothing;
        end if;
        continue when v_event.type not like 'booking.%';
        select * into v_booking from bookings.booking b where b.centre_id = v_event.centre_id and b.id = v_event.subject_id;
        select delivery.mail_kind(v_event.type, t.from_state, t.to_state) into v_kind from bookings.change t
        where t.centre_id = v_event.centre_id and t.booking_id = v_event.subject_id and t.version = v_event.version;
        continue when v_kind is null;
        -- Many of a series at once: one message, made of the first.
        v_series := (select e.subject_id from jobs.event e
                     where e.xact = v_event.xact and e.type like 'series.%' and e.subject_id = v_booking.series_id limit 1);
        insert into delivery.mail (id, once, kind, centre_id, booking_id, series_id, xact, recipient, language, next_at, created_at)
        select gen_random_uuid(),
               case when v_series is null then format('event %s %s %s', v_event.centre_id, v_event.id, lower(r.address))
                    else format('series %s %s %s %s', v_series, v_event.xact, r.kind, lower(r.address)) end,
               r.kind, v_event.centre_id, case when v_series is null then v_booking.id end, v_series,
               case when v_series is not null then v_event.xact end, r.address, r.language, plateau.clock(), plateau.clock()
        from delivery.recipients(v_booking, v_kind) r
        on conflict on constraint mail_once do nothing;
    end loop;
    if v_read > 0 then
        update delivery.progress p set xact = v_from.xact, id = v_from.id where p.consumer = 'mail';
    else
        update delivery.progress p set xact = v_horizon, id = 0 where p.consumer = 'mail' and p.xact < v_horizon;
    end if;
    return v_read;
end
$$;

create or replace function delivery.is_out_of_date(p_mail delivery.mail) returns boolean
    language plpgsql stable
as $$
declare
    v_state text;
    v_starts timestamptz;
    v_expires timestamptz;
begin
    if p_mail.custody_id is not null then
        -- Back, or due at another time than was told of.
        return exists (
            select from maintenance.custody c
            where c.centre_id = p_mail.centre_id and c.id = p_mail.custody_id
              and (c.closed_at is not null or (p_mail.kind = 'returnLate') <> (c.due_at <= plateau.clock())));
    elsif p_mail.booking_id is null then
        return false;
    end if;
    select b.state, b.starts, b.expires_at into v_state, v_starts, v_expires from bookings.booking b
    where b.centre_id = p_mail.centre_id and b.id = p_mail.booking_id;
    return case
        when p_mail.kind in ('confirmed', 'approved', 'changed', 'restored') then
            v_state not in ('confirmed', 'conditional', 'inUse', 'completed')
        when p_mail.kind in ('requested', 'approvalAsked') then v_state <> 'requested'
        when p_mail.kind = 'approvalReminder' then v_state <> 'requested' or v_expires <= plateau.clock()
        when p_mail.kind = 'offered' then v_state <> 'held' or v_expires <= plateau.clock()
        when p_mail.kind = 'timeGone' then v_state not in ('draft', 'waitlisted')
        when p_mail.kind = 'suspended' then v_state <> 'suspended'
        when p_mail.kind = 'reminder' then v_state not in ('confirmed', 'conditional') or v_starts <= plateau.clock()
        else false end;
end
$$;

create function delivery.mail_things(p_id uuid)
    returns table (custody_id uuid, taken_by text, organisation_name text, booking_id uuid, booking_reference text, due_at timestamptz,
                   thing text, amount integer, centre_name text, site_name text, town text, zone text)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_mail delivery.mail;
begin
    select * into v_mail from delivery.mail m where m.id = p_id;
    return query
    select c.id, c.taken_by, o.name, c.booking_id, b.reference, c.due_at, r.name, w.amount, t.name, s.name, s.town, s.zone
    from maintenance.custody c
    join lateral (
        select i.asset_id as id, null::integer as amount from maintenance.custody_item i
        where i.centre_id = c.centre_id and i.custody_id = c.id and i.returned_at is null
        union all
        select x.stock_id, x.amount - x.returned from maintenance.custody_stock x
        where x.centre_id = c.centre_id and x.custody_id = c.id and x.returned < x.amount) w on true
    join platforms.resource r on r.centre_id = c.centre_id and r.id = w.id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    join access.organisation t on t.centre_id = c.centre_id
    left join access.organisation o on o.id = c.organisation_id
    left join bookings.booking b on b.centre_id = plateau.centre_of(c.booking_id) and b.id = c.booking_id
    where c.centre_id = v_mail.centre_id and c.id = v_mail.custody_id
    order by r.name, r.id;
end
$$;
comment on function delivery.mail_things(uuid) is
    'What a message about a custody tells: a row for each thing that is still out. amount: of items of a stock.';

alter function delivery.mail_things(uuid) owner to plateau_functions;
revoke all on function delivery.mail_things(uuid) from public;
grant execute on function delivery.mail_things(uuid) to plateau_app;
grant execute on function delivery.custody_recipients(maintenance.custody, text) to plateau_functions;

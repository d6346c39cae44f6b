-- Mail: whom to write to, messages made of events once each, and their way to the mail program of the machine.
-- lock class: none (new tables, new functions)

create function delivery.is_address(p_text text) returns boolean
    language sql immutable strict parallel safe
    return length(p_text) <= 254
           and p_text ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~][A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]{0,63}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$';
comment on function delivery.is_address(text) is
    'Whether a text can stand in a header and as an argument: ASCII, without white space, quotes, comments or a dash at its beginning.';

create function delivery.are_addresses(p_texts text[]) returns boolean
    language sql immutable strict parallel safe
    return coalesce((select bool_and(delivery.is_address(t)) from unnest(p_texts) t), true);

create function delivery.mail_kinds() returns text[]
    language sql immutable parallel safe
    return array['confirmed', 'requested', 'approvalAsked', 'approved', 'rejected', 'offered', 'changed', 'suspended', 'restored',
                 'cancelled', 'reminder'];

create table delivery.notification_settings (
    organisation_id uuid not null,
    addresses text[] not null,
    kinds text[],
    language text not null,
    writes_to_contacts boolean not null,
    version integer not null default 1,
    changed_at timestamptz not null,
    changed_by uuid not null,
    constraint notification_settings_pkey primary key (organisation_id),
    constraint notification_settings_organisation foreign key (organisation_id) references access.organisation (id),
    constraint notification_settings_addresses check (delivery.are_addresses(addresses) and cardinality(addresses) <= 20),
    constraint notification_settings_kinds_known check (kinds <@ delivery.mail_kinds()),
    constraint notification_settings_language_known check (language in ('fr', 'en'))
);
comment on table delivery.notification_settings is
    'Where an organisation gets mail about its bookings, a centre''s also about requests for its resources; kinds null: every kind. No row: no address, French, and contacts of bookings are written to.';

create table delivery.mail (
    id uuid not null,
    once text not null,
    kind text not null,
    centre_id smallint not null,
    booking_id uuid,
    series_id uuid,
    xact bigint,
    recipient text not null,
    language text not null,
    state text not null default 'pending',
    tries integer not null default 0,
    next_at timestamptz,
    lease uuid,
    lease_until timestamptz,
    created_at timestamptz not null,
    settled_at timestamptz,
    last_error text,
    constraint mail_pkey primary key (id),
    constraint mail_once unique (once),
    constraint mail_about_one_thing check (num_nonnulls(booking_id, series_id) = 1),
    constraint mail_kind_known check (kind = any (delivery.mail_kinds())),
    constraint mail_recipient_is_address check (delivery.is_address(recipient)),
    constraint mail_state_known check (state in ('pending', 'sent', 'failed', 'superseded')),
    constraint mail_due_while_pending check ((state = 'pending') = (next_at is not null))
);
create index mail_due on delivery.mail (next_at) where state = 'pending';
create index mail_by_age on delivery.mail (created_at);
comment on table delivery.mail is
    'A message to one address about a booking or, where many change at once, about their series (those that changed in the transaction xact). once: what it is made of, so that it is made one time. superseded: the booking had gone on before it was sent.';

alter table delivery.notification_settings enable row level security;
alter table delivery.notification_settings force row level security;
alter table delivery.mail enable row level security;
alter table delivery.mail force row level security;
create policy notification_settings_functions on delivery.notification_settings to plateau_functions using (true) with check (true);
create policy notification_settings_actor on delivery.notification_settings for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation()));
create policy mail_functions on delivery.mail to plateau_functions using (true) with check (true);
grant select, insert, update on delivery.notification_settings to plateau_functions;
grant select, insert, update, delete on delivery.mail to plateau_functions;
grant select on delivery.notification_settings to plateau_app;

insert into delivery.progress (consumer, xact, id) values ('mail', jobs.transaction_number(), 0), ('reminders', 0, 0);

create function delivery.set_notifications(
    p_organisation uuid, p_version integer, p_addresses text[], p_kinds text[], p_language text, p_writes_to_contacts boolean, p_key uuid)
    returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    if p_version = 0 then
        insert into delivery.notification_settings (
            organisation_id, addresses, kinds, language, writes_to_contacts, changed_at, changed_by)
        values (p_organisation, p_addresses, p_kinds, p_language, p_writes_to_contacts, plateau.clock(), p_key)
        on conflict do nothing;
    else
        update delivery.notification_settings n
        set addresses = p_addresses, kinds = p_kinds, language = p_language, writes_to_contacts = p_writes_to_contacts,
            version = n.version + 1, changed_at = plateau.clock(), changed_by = p_key
        where n.organisation_id = p_organisation and n.version = p_version;
    end if;
    return case when found then 'changed' else 'versionMismatch' end;
end
$$;
comment on function delivery.set_notifications(uuid, integer, text[], text[], text, boolean, uuid) is
    'version 0: there were none. outcome: changed, forbidden, versionMismatch.';

-- MARK: From events to messages

create function delivery.mail_kind(p_type text, p_from text, p_to text) returns text
    language sql immutable parallel safe
    return case
        when p_to = 'requested' then case when p_from is distinct from 'requested' then 'requested' end
        when p_to in ('confirmed', 'conditional') then case
            when p_from = 'requested' then 'approved'
            when p_from = 'suspended' then 'restored'
            when p_from is null or p_from in ('draft', 'held', 'waitlisted') then 'confirmed'
            when p_type in ('booking.changed', 'booking.moved') then 'changed' end
        when p_to = 'rejected' then 'rejected'
        when p_to = 'held' then case when p_from = 'waitlisted' then 'offered' end
        when p_to = 'suspended' then case when p_from is distinct from 'suspended' then 'suspended' end
        when p_to in ('cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork') and p_from not in ('draft', 'held') then 'cancelled'
        end;
comment on function delivery.mail_kind(text, text, text) is 'What a change of a booking is written about; null: nothing.';

create function delivery.recipients(p_booking bookings.booking, p_kind text)
    returns table (address text, language text, kind text)
    language plpgsql stable
as $$
begin
    return query
    select distinct on (lower(w.address)) w.address, w.language, w.kind
    from (
        select p_booking.contact_email as address, coalesce(n.language, 'fr') as language, p_kind as kind, 1 as rank
        from (select) as one
        left join delivery.notification_settings n on n.organisation_id = p_booking.organisation_id
        where delivery.is_address(p_booking.contact_email) and coalesce(n.writes_to_contacts, true)
        union all
        select a, n.language, p_kind, 2
        from delivery.notification_settings n cross join unnest(n.addresses) a
        where n.organisation_id = p_booking.organisation_id and (n.kinds is null or p_kind = any (n.kinds))
        union all
        -- Who has to decide.
        select a, n.language, 'approvalAsked', 0
        from bookings.approval d
        join access.organisation o on o.centre_id = d.approving_centre
        join delivery.notification_settings n on n.organisation_id = o.id
        cross join unnest(n.addresses) a
        where p_kind = 'requested' and d.centre_id = p_booking.centre_id and d.booking_id = p_booking.id and d.decided_at is null
          and (n.kinds is null or 'approvalAsked' = any (n.kinds))) w
    order by lower(w.address), w.rank;
end
$$;
comment on function delivery.recipients(bookings.booking, text) is
    'Whom to write to about a booking: its contact, its organisation''s addresses and, of a request, those of the centres that decide. Each address once.';

create function delivery.write_mail(p_batch integer) returns integer
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
        continue when v_event.type not like 'booking.%' or v_event.occurred_at < plateau.clock() - interval '1 day';
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
comment on function delivery.write_mail(integer) is
    'Takes the next events of the outbox, none skipped, and makes a message for each address that one is of interest to. How many it took.';

create function delivery.write_reminders(p_hours integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_seen bigint;
    v_until timestamptz;
    v_count integer;
begin
    -- In the place of a transaction: the second up to which starts were looked at.
    select p.xact into v_seen from delivery.progress p where p.consumer = 'reminders' for update skip locked;
    if not found or p_hours = 0 then
        return 0;
    end if;
    v_until := v_now + make_interval(hours => p_hours);
    insert into delivery.mail (id, once, kind, centre_id, booking_id, recipient, language, next_at, created_at)
    select gen_random_uuid(), format('reminder %s %s %s', b.id, extract(epoch from b.starts), lower(r.address)), r.kind, b.centre_id, b.id,
           r.address, r.language, v_now, v_now
    from centres.centre c
    cross join lateral (
        select b.* from bookings.booking b
        where b.centre_id = c.centre_id and b.starts > greatest(v_now, to_timestamp(v_seen)) and b.starts <= v_until
          and b.state in ('confirmed', 'conditional')
          -- Who has just booked needs none.
          and b.created_at < b.starts - make_interval(hours => p_hours)) b
    cross join lateral delivery.recipients(b, 'reminder') r
    on conflict on constraint mail_once do nothing;
    get diagnostics v_count = row_count;
    update delivery.progress p set xact = extract(epoch from v_until)::bigint where p.consumer = 'reminders';
    return v_count;
end
$$;
comment on function delivery.write_reminders(integer) is
    'Makes reminders of bookings that begin within so many hours, each once for the time at which it begins. How many.';

-- MARK: Sending

create function delivery.is_out_of_date(p_mail delivery.mail) returns boolean
    language plpgsql stable
as $$
declare
    v_state text;
    v_starts timestamptz;
    v_expires timestamptz;
begin
    if p_mail.booking_id is null then
        return false;
    end if;
    select b.state, b.starts, b.expires_at into v_state, v_starts, v_expires from bookings.booking b
    where b.centre_id = p_mail.centre_id and b.id = p_mail.booking_id;
    return case
        when p_mail.kind in ('confirmed', 'approved', 'changed', 'restored') then
            v_state not in ('confirmed', 'conditional', 'inUse', 'completed')
        when p_mail.kind in ('requested', 'approvalAsked') then v_state <> 'requested'
        when p_mail.kind = 'offered' then v_state <> 'held' or v_expires <= plateau.clock()
        when p_mail.kind = 'suspended' then v_state <> 'suspended'
        when p_mail.kind = 'reminder' then v_state not in ('confirmed', 'conditional') or v_starts <= plateau.clock()
        else false end;
end
$$;

create function delivery.claim_mail(p_lease uuid, p_limit integer, p_lease_seconds integer)
    returns table (id uuid, kind text, recipient text, language text, tries integer, created_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with due as (
        select m.id, delivery.is_out_of_date(m) as is_old
        from delivery.mail m
        where m.state = 'pending' and m.next_at <= plateau.clock() and (m.lease_until is null or m.lease_until < plateau.clock())
        order by m.next_at, m.created_at
        limit p_limit
        for update skip locked
    ), dropped as (
        update delivery.mail m set state = 'superseded', next_at = null, settled_at = plateau.clock()
        from due d where m.id = d.id and d.is_old
    )
    update delivery.mail m
    set lease = p_lease, lease_until = plateau.clock() + make_interval(secs => p_lease_seconds)
    from due d
    where m.id = d.id and not d.is_old
    returning m.id, m.kind, m.recipient, m.language, m.tries, m.created_at;
end
$$;
comment on function delivery.claim_mail(uuid, integer, integer) is
    'Lends messages that are due to one sender for some seconds; drops those that are no longer true.';

create function delivery.mail_lines(p_id uuid)
    returns table (
        booking_id uuid, reference text, version integer, state text, title text, activity text, organisation_name text,
        contact_name text, expires_at timestamptz, reason text, changed_at timestamptz, created_at timestamptz, line_number smallint,
        starts timestamptz, ends timestamptz, seats integer, capacity integer, resource_name text, site_name text, town text, zone text)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_mail delivery.mail;
begin
    select * into v_mail from delivery.mail m where m.id = p_id;
    return query
    select b.id, b.reference, b.version, b.state, b.title, b.activity, o.name, b.contact_name, b.expires_at, t.reason, t.at, b.created_at,
           l.number, l.starts, l.ends, l.seats, r.capacity, r.name, s.name, s.town, s.zone
    from bookings.booking b
    join access.organisation o on o.id = b.organisation_id
    join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
    join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    left join bookings.transition t on t.centre_id = b.centre_id and t.booking_id = b.id and t.version = b.version
    where b.centre_id = v_mail.centre_id
      and (b.id = v_mail.booking_id
           or b.series_id = v_mail.series_id
              and exists (select from jobs.event e where e.xact = v_mail.xact and e.subject_id = b.id))
    order by b.starts, b.id, l.starts, l.number;
end
$$;
comment on function delivery.mail_lines(uuid) is 'What a message tells, as it is now: a row for each line of its bookings.';

create function delivery.settle_mail(p_id uuid, p_lease uuid, p_outcome text, p_error text, p_jitter float8) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_pause interval;
    v_now timestamptz := plateau.clock();
begin
    select (array[interval '1 minute', interval '5 minutes', interval '30 minutes', interval '2 hours', interval '6 hours',
                  interval '12 hours', interval '24 hours'])[m.tries + 1] * (1 + p_jitter * 0.1) into v_pause
    from delivery.mail m where m.id = p_id and m.lease = p_lease and m.state = 'pending' for update;
    if not found then
        return 'leaseLost';
    end if;
    update delivery.mail m
    set tries = m.tries + 1, lease = null, lease_until = null, last_error = p_error,
        state = case when p_outcome = 'later' and v_pause is not null then 'pending' when p_outcome = 'later' then 'failed' else p_outcome end,
        next_at = case when p_outcome = 'later' then v_now + v_pause end,
        settled_at = case when p_outcome <> 'later' or v_pause is null then v_now end
    where m.id = p_id;
    return 'settled';
end
$$;
comment on function delivery.settle_mail(uuid, uuid, text, text, float8) is
    'What came of a message: sent (the mail program has it), failed (never will), later (eight tries over two days, each a tenth earlier or later by jitter, -1 to 1). outcome: settled, leaseLost (another sender has it by now).';

create function delivery.forget_old_mail(p_batch integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    delete from delivery.mail m
    where m.id in (select o.id from delivery.mail o where o.created_at < plateau.clock() - interval '30 days' order by o.created_at limit p_batch);
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

do $$
declare
    f regprocedure;
begin
    foreach f in array array[
        'delivery.set_notifications(uuid, integer, text[], text[], text, boolean, uuid)', 'delivery.write_mail(integer)',
        'delivery.write_reminders(integer)', 'delivery.claim_mail(uuid, integer, integer)', 'delivery.mail_lines(uuid)',
        'delivery.settle_mail(uuid, uuid, text, text, float8)', 'delivery.forget_old_mail(integer)']::regprocedure[] loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;
grant execute on function delivery.is_address(text), delivery.are_addresses(text[]), delivery.mail_kinds(),
    delivery.mail_kind(text, text, text), delivery.recipients(bookings.booking, text), delivery.is_out_of_date(delivery.mail)
    to plateau_functions;

-- Mail about what runs out: a request that nobody has decided on, one that lapsed, a time that others have taken.
-- lock class: none (functions)

create or replace function delivery.mail_kinds() returns text[]
    language sql immutable parallel safe
    return array['confirmed', 'requested', 'approvalAsked', 'approvalReminder', 'approved', 'rejected', 'expired', 'offered', 'timeGone',
                 'changed', 'suspended', 'restored', 'cancelled', 'reminder'];

create or replace function delivery.mail_kind(p_type text, p_from text, p_to text) returns text
    language sql immutable parallel safe
    return case
        when p_type = 'booking.timeGone' then 'timeGone'
        when p_to = 'requested' then case when p_from is distinct from 'requested' then 'requested' end
        when p_to in ('confirmed', 'conditional') then case
            when p_from = 'requested' then 'approved'
            when p_from = 'suspended' then 'restored'
            when p_from is null or p_from in ('draft', 'held', 'waitlisted') then 'confirmed'
            when p_type in ('booking.changed', 'booking.moved') then 'changed' end
        when p_to = 'rejected' then 'rejected'
        -- Of a hold whoever made it saw the clock.
        when p_to = 'expired' then case when p_from in ('requested', 'waitlisted', 'suspended') then 'expired' end
        when p_to = 'held' then case when p_from = 'waitlisted' then 'offered' end
        when p_to = 'suspended' then case when p_from is distinct from 'suspended' then 'suspended' end
        when p_to in ('cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork') and p_from not in ('draft', 'held') then 'cancelled'
        end;

create or replace function delivery.recipients(p_booking bookings.booking, p_kind text)
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
        where p_kind <> 'approvalReminder' and delivery.is_address(p_booking.contact_email) and coalesce(n.writes_to_contacts, true)
        union all
        select a, n.language, p_kind, 2
        from delivery.notification_settings n cross join unnest(n.addresses) a
        where p_kind <> 'approvalReminder' and n.organisation_id = p_booking.organisation_id
          and (n.kinds is null or p_kind = any (n.kinds))
        union all
        -- Who has to decide.
        select a, n.language, k.kind, 0
        from (select case p_kind when 'requested' then 'approvalAsked' when 'approvalReminder' then p_kind end as kind) k
        cross join bookings.approval d
        join access.organisation o on o.centre_id = d.approving_centre
        join delivery.notification_settings n on n.organisation_id = o.id
        cross join unnest(n.addresses) a
        where k.kind is not null and d.centre_id = p_booking.centre_id and d.booking_id = p_booking.id and d.decided_at is null
          and (n.kinds is null or k.kind = any (n.kinds))) w
    order by lower(w.address), w.rank;
end
$$;
comment on function delivery.recipients(bookings.booking, text) is
    'Whom to write to about a booking: its contact, its organisation''s addresses and, of a request, those of the centres that decide, who alone are reminded of it. Each address once.';

create function delivery.write_approval_reminders() returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_count integer;
begin
    insert into delivery.mail (id, once, kind, centre_id, booking_id, recipient, language, next_at, created_at)
    select gen_random_uuid(), format('approval %s %s %s', b.id, extract(epoch from b.expires_at), lower(r.address)), r.kind, b.centre_id,
           b.id, r.address, r.language, v_now, v_now
    from bookings.booking b
    cross join lateral delivery.recipients(b, 'approvalReminder') r
    where b.expires_at > v_now and b.state = 'requested'
      and exists (
          select from bookings.approval d
          where d.centre_id = b.centre_id and d.booking_id = b.id and d.decided_at is null
            and d.asked_at + (b.expires_at - d.asked_at) / 2 <= v_now)
    on conflict on constraint mail_once do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
comment on function delivery.write_approval_reminders() is
    'Reminds the centres that decide of requests half of whose time has passed, once for the time at which each lapses. How many messages.';

create or replace function delivery.is_out_of_date(p_mail delivery.mail) returns boolean
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
        when p_mail.kind = 'approvalReminder' then v_state <> 'requested' or v_expires <= plateau.clock()
        when p_mail.kind = 'offered' then v_state <> 'held' or v_expires <= plateau.clock()
        when p_mail.kind = 'timeGone' then v_state not in ('draft', 'waitlisted')
        when p_mail.kind = 'suspended' then v_state <> 'suspended'
        when p_mail.kind = 'reminder' then v_state not in ('confirmed', 'conditional') or v_starts <= plateau.clock()
        else false end;
end
$$;

alter function delivery.write_approval_reminders() owner to plateau_functions;
revoke all on function delivery.write_approval_reminders() from public;
grant execute on function delivery.write_approval_reminders() to plateau_app;

-- Small mends of several slices.
-- lock class: access exclusive on what is altered, for a moment; else none (functions)

-- MARK: What has begun, and what may be offered for it

alter type bookings.verdict add attribute has_begun boolean;

create or replace function bookings.verdict_of(p_booking uuid) returns bookings.verdict
    language sql stable
as $$
    select row ('replayed', b.id, b.reference, b.initial_state,
                array(select f from unnest(b.flags) f where f = 'provisional'), b.created_at, b.label_status, b.label_decision_id,
                b.file_number, b.conditional_until,
                (select array_agg(l.seats order by l.number) from bookings.line l where l.centre_id = b.centre_id and l.booking_id = b.id),
                (select array_agg(s.zone order by l.number)
                 from bookings.line l
                 join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
                 join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
                 where l.centre_id = b.centre_id and l.booking_id = b.id),
                null::jsonb, null::timestamptz, null::boolean)::bookings.verdict
    from bookings.booking b
    where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking
$$;

create or replace function bookings.change(
    p_booking uuid, p_key uuid, p_version integer, p_reason text, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[],
    p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_persons integer[], p_supervision text, p_overridden text[],
    p_dry_run boolean,
    p_holder_roles text[] default null, p_holders uuid[] default null, p_offer uuid default null) returns bookings.verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_old bookings.booking;
    v_verdict bookings.verdict;
    v_standing text;
    v_has_begun boolean;
    v_now timestamptz := plateau.clock();
begin
    select * into v_old from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    v_standing := bookings.standing_of(p_key, v_old, v_now);
    v_has_begun := v_old.starts <= v_now or v_old.state = 'inUse';
    v_verdict.has_begun := v_has_begun;
    v_verdict.outcome := case
        when v_old.id is null then 'notFound'
        when v_standing is null or v_standing = 'network' then 'forbidden'
        when v_old.version <> p_version then 'versionMismatch'
        when v_old.expires_at <= v_now then 'notChangeable'
        when v_old.state not in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'inUse') then 'notChangeable'
        -- What has begun only ends at another time: its organisation asks for more, and gives back by checking out.
        when v_has_begun and not bookings.only_ends_differ(
            v_old, p_resources, p_starts, p_ends, p_seats, v_now) then 'alreadyStarted'
        when plateau.centre_of(p_resources[1]) <> v_old.centre_id then 'otherCentre' end;
    if v_verdict.outcome is not null then
        v_verdict.state := v_old.state;
        return v_verdict;
    end if;
    begin
        v_verdict := bookings.reserve(
            p_booking, v_old.reference, p_key, v_old.organisation_id, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
            p_contact_name, p_contact_email, p_programme, p_resources, p_starts, p_ends, p_seats, null, null, false, p_persons,
            p_supervision, case when v_old.state in ('draft', 'held', 'waitlisted') then v_old.state else 'booked' end,
            v_old.expires_at, p_version, p_reason, p_overridden, p_holder_roles, p_holders, p_offer);
        if v_verdict.outcome <> 'changed' or p_dry_run then
            raise exception 'undone' using errcode = 'PL001';
        end if;
    exception when sqlstate 'PL001' then
        if v_verdict.outcome = 'changed' then
            v_verdict.outcome := 'wouldChange';
        end if;
    end;
    -- Whoever is refused is offered other slots only while they could be taken.
    v_verdict.has_begun := v_has_begun;
    return v_verdict;
end
$$;

comment on function bookings.change(
    uuid, uuid, integer, text, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[], integer[],
    text, text[], boolean, text[], uuid[], uuid) is
    'Makes a booking another one at a stroke: its old room counts as free, and it keeps it when the new one is refused. outcome: changed, wouldChange (dry run), refused, notFound, forbidden, versionMismatch, notChangeable, alreadyStarted, otherCentre, overrideForbidden. has_begun: only the ends of its lines may change any more.';

-- Custody: who has mobile equipment, until when, and how it went and came back; transfers between sites, which take the time of the
-- journey; loans between two labelled centres.
-- lock class: access exclusive on maintenance.outage, which is small, while its list of causes is replaced (checked once, no rewrite)

-- MARK: Tables

alter table maintenance.outage
    drop constraint outage_cause_known,
    add constraint outage_cause_known check (
        cause in ('fault', 'maintenance', 'calibration', 'closure', 'custody', 'transfer', 'loan'));

create table maintenance.custody (
    centre_id smallint not null,
    id uuid not null,
    booking_id uuid,
    organisation_id uuid,
    borrower smallint,
    taken_by text not null,
    due_at timestamptz not null,
    follows_booking boolean not null default false,
    note text,
    handed_out_at timestamptz not null,
    handed_out_by uuid not null,
    reminded_at timestamptz,
    overdue_told_at timestamptz,
    closed_at timestamptz,
    version integer not null default 1,
    constraint custody_pkey primary key (centre_id, id),
    constraint custody_organisation foreign key (organisation_id) references access.organisation (id),
    constraint custody_borrower foreign key (borrower) references centres.centre (centre_id),
    constraint custody_booking_has_organisation check (booking_id is null or organisation_id is not null),
    constraint custody_taker_present check (length(btrim(taken_by)) between 1 and 200),
    constraint custody_due_within_a_year check (due_at > handed_out_at and due_at <= handed_out_at + interval '366 days'),
    constraint custody_note_present check (length(btrim(note)) between 1 and 2000)
);
create index custody_open on maintenance.custody (due_at) where closed_at is null;
create index custody_by_booking on maintenance.custody (booking_id) where booking_id is not null;
create index custody_by_organisation on maintenance.custody (organisation_id, id) where organisation_id is not null;
comment on table maintenance.custody is
    'What somebody took away at once: for a booking, for an organisation without one, or for a person alone. borrower: the centre that had it on loan and handed it out; null: its own. follows_booking: it is due when its booking ends, whenever that is. closed_at: when the last of it came back, or was told lost.';

create table maintenance.custody_item (
    centre_id smallint not null,
    custody_id uuid not null,
    asset_id uuid not null,
    condition_out text not null,
    note_out text,
    outage_id uuid,
    returned_at timestamptz,
    returned_to uuid,
    condition_in text,
    note_in text,
    site_id uuid,
    stands_there boolean,
    fault_id uuid,
    fault_refused text,
    constraint custody_item_pkey primary key (centre_id, custody_id, asset_id),
    constraint custody_item_custody foreign key (centre_id, custody_id) references maintenance.custody (centre_id, id),
    constraint custody_item_asset foreign key (centre_id, asset_id) references inventory.asset (centre_id, id),
    constraint custody_item_outage foreign key (centre_id, outage_id) references maintenance.outage (centre_id, id),
    constraint custody_item_fault foreign key (centre_id, fault_id) references maintenance.fault (centre_id, id),
    constraint custody_item_site foreign key (centre_id, site_id) references centres.site (centre_id, id),
    constraint custody_item_condition_out_known check (condition_out in ('new', 'good', 'worn', 'poor')),
    constraint custody_item_condition_in_known check (condition_in in ('new', 'good', 'worn', 'poor', 'damaged', 'lost')),
    constraint custody_item_returned_whole check (
        num_nulls(returned_at, returned_to, condition_in) in (0, 3)
        and (returned_at is not null or num_nonnulls(note_in, site_id, fault_id) = 0)),
    constraint custody_item_damage_told check (condition_in not in ('damaged', 'lost') or note_in is not null),
    constraint custody_item_fault_of_damage check (
        num_nonnulls(fault_id, fault_refused) = case when condition_in in ('damaged', 'lost') then 1 else 0 end),
    constraint custody_item_stands_where check (
        (site_id is null) = (stands_there is null) and (condition_in <> 'lost' or site_id is null))
);
create unique index custody_item_out_once on maintenance.custody_item (centre_id, asset_id) where returned_at is null;
create index custody_item_by_asset on maintenance.custody_item (centre_id, asset_id, custody_id);
comment on table maintenance.custody_item is
    'One asset of a custody: it is with one taker at a time (custody_item_out_once). outage_id: the time that it takes where no booking takes it. site_id: where it was put; stands_there: whether that is its place now, which is not so while somebody expects it elsewhere. condition_in lost: it does not come back. fault_refused: why what is damaged or lost has no fault (maintenance.resource_fault).';

create table maintenance.transfer (
    centre_id smallint not null,
    id uuid not null,
    trip_id uuid not null,
    asset_id uuid not null,
    from_site_id uuid not null,
    to_site_id uuid not null,
    during tstzrange not null,
    kilometres integer,
    kilometres_per_hour integer,
    note text,
    outage_id uuid not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    carried_out_at timestamptz,
    cancelled_at timestamptz,
    cancelled_by uuid,
    version integer not null default 1,
    constraint transfer_pkey primary key (centre_id, id),
    constraint transfer_asset foreign key (centre_id, asset_id) references inventory.asset (centre_id, id),
    constraint transfer_from foreign key (centre_id, from_site_id) references centres.site (centre_id, id),
    constraint transfer_to foreign key (centre_id, to_site_id) references centres.site (centre_id, id),
    constraint transfer_outage foreign key (centre_id, outage_id) references maintenance.outage (centre_id, id),
    constraint transfer_goes_somewhere check (from_site_id <> to_site_id),
    constraint transfer_takes_time check (
        not isempty(during) and lower(during) is not null and upper(during) is not null
        and upper(during) - lower(during) <= interval '7 days'),
    constraint transfer_time_from_one_source check ((kilometres is null) = (kilometres_per_hour is null)),
    constraint transfer_cancelled_whole check ((cancelled_at is null) = (cancelled_by is null)),
    constraint transfer_cancelled_or_carried_out check (cancelled_at is null or carried_out_at is null),
    constraint transfer_note_present check (length(btrim(note)) between 1 and 2000),
    constraint transfer_one_journey_at_a_time exclude using gist (centre_id with =, asset_id with =, during with &&)
        where (cancelled_at is null)
);
create index transfer_to_come on maintenance.transfer (centre_id, asset_id) where cancelled_at is null and carried_out_at is null;
create index transfer_by_arrival on maintenance.transfer (upper(during)) where cancelled_at is null and carried_out_at is null;
comment on table maintenance.transfer is
    'A journey of an asset from one site of its centre to another; trip_id: there and back are one trip, the id of the first. kilometres, kilometres_per_hour: what its time comes from; absent: somebody said how long it takes.';

create table maintenance.loan (
    centre_id smallint not null,
    id uuid not null,
    asset_id uuid not null,
    borrower smallint not null,
    during tstzrange not null,
    conditions text,
    proposed_by_centre smallint not null,
    proposed_at timestamptz not null,
    proposed_by uuid not null,
    state text not null default 'proposed',
    decided_at timestamptz,
    decided_by uuid,
    reason text,
    ended_at timestamptz,
    ended_by uuid,
    version integer not null default 1,
    constraint loan_pkey primary key (centre_id, id),
    constraint loan_asset foreign key (centre_id, asset_id) references inventory.asset (centre_id, id),
    constraint loan_borrower foreign key (borrower) references centres.centre (centre_id),
    constraint loan_to_another check (borrower <> centre_id),
    constraint loan_proposed_by_a_side check (proposed_by_centre in (centre_id, borrower)),
    constraint loan_state_known check (state in ('proposed', 'accepted', 'declined', 'withdrawn')),
    constraint loan_has_both_ends check (
        not isempty(during) and lower(during) is not null and upper(during) is not null
        and upper(during) - lower(during) <= interval '1100 days'),
    constraint loan_decided_whole check (num_nulls(decided_at, decided_by) in (0, 2) and (state = 'proposed') = (decided_at is null)),
    constraint loan_ended_whole check (num_nulls(ended_at, ended_by) in (0, 2) and (ended_at is null or state = 'accepted')),
    constraint loan_conditions_present check (length(btrim(conditions)) between 1 and 2000),
    constraint loan_reason_present check (length(btrim(reason)) between 1 and 500),
    constraint loan_one_borrower_at_a_time exclude using gist (centre_id with =, asset_id with =, during with &&)
        where (state = 'accepted' and ended_at is null)
);
create index loan_by_borrower on maintenance.loan (borrower, id);
comment on table maintenance.loan is
    'Equipment that a centre lends to another: proposed by one, accepted by the other. It takes no room; while it lasts the borrower alone books the equipment (labels.gate). ended_at: when it went back before its time, or was called off.';

do $$
declare
    t text;
begin
    foreach t in array array['custody', 'custody_item', 'transfer', 'loan'] loop
        execute format('alter table maintenance.%I enable row level security', t);
        execute format('alter table maintenance.%I force row level security', t);
        execute format('create policy %I on maintenance.%I to plateau_functions using (true) with check (true)', t || '_functions', t);
        execute format('grant select, insert, update on maintenance.%I to plateau_functions', t);
        execute format('grant select on maintenance.%I to plateau_app', t);
    end loop;
end
$$;
create policy custody_actor on maintenance.custody for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or borrower = any ((select plateau.actor_centres())::smallint[])
           or (select plateau.actor_is_network()) or organisation_id = (select plateau.actor_organisation()));
create policy custody_item_actor on maintenance.custody_item for select to plateau_app
    using (exists (select from maintenance.custody c where c.centre_id = custody_item.centre_id and c.id = custody_item.custody_id));
create policy loan_actor on maintenance.loan for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or borrower = any ((select plateau.actor_centres())::smallint[])
           or (select plateau.actor_is_network()));
create policy transfer_actor on maintenance.transfer for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));

-- MARK: Room

create function maintenance.hold(
    p_resource platforms.resource, p_outage uuid, p_cause text, p_during tstzrange, p_reason text, p_key uuid, p_now timestamptz)
    returns void
    language plpgsql volatile
as $$
declare
    v_outage maintenance.outage;
begin
    insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by)
    values (p_resource.centre_id, p_outage, p_resource.id, p_cause, p_during, upper(p_during), p_reason, p_now, p_key)
    returning * into v_outage;
    perform maintenance.block(p_resource, v_outage, '-infinity');
end
$$;
comment on function maintenance.hold(platforms.resource, uuid, text, tstzrange, text, uuid, timestamptz) is
    'Takes the time of an asset that is away, where the caller has seen that it is free: it displaces nobody.';

create function maintenance.release(p_centre_id smallint, p_outage uuid, p_key uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_outage maintenance.outage;
begin
    update maintenance.outage o set ended_at = p_now, ended_by = p_key, version = o.version + 1
    where o.centre_id = p_centre_id and o.id = p_outage and o.ended_at is null and upper(o.during) > p_now
    returning * into v_outage;
    if found then
        perform maintenance.give_back(v_outage, p_key, p_now);
    end if;
end
$$;
comment on function maintenance.release(smallint, uuid, uuid, timestamptz) is
    'Gives back what is left of the time that an asset was away. The caller holds the label lock exclusively.';

create function maintenance.awaited(
    p_centre_id smallint, p_asset_id uuid, p_during tstzrange, p_booking uuid, p_use_only boolean) returns tstzrange
    language sql stable
as $$
    select tstzrange(min(case when p_use_only then o.use_starts else o.starts end), max(o.ends))
    from platforms.occupancy o
    where o.centre_id = p_centre_id and o.resource_id = p_asset_id and o.ends > lower(p_during)
      and o.starts < coalesce(upper(p_during), 'infinity') and o.holder_id is distinct from p_booking
      and (not p_use_only or o.use_starts < o.use_ends)
$$;
comment on function maintenance.awaited(smallint, uuid, tstzrange, uuid, boolean) is
    'From when to when others than a booking have an asset within a period, in use or at all; unbounded where nobody has.';

-- MARK: Custody

create function maintenance.keeper_of(p_key uuid, p_centre_id smallint, p_assets uuid[], p_now timestamptz) returns smallint
    language plpgsql stable
as $$
begin
    return case
        when access.has_role(p_key, array['instructor', 'centreStaff', 'centreManager', 'networkManager'], p_centre_id) then p_centre_id
        else (
            -- Whoever borrows it has it in its hands.
            select min(l.borrower) from maintenance.loan l
            where l.centre_id = p_centre_id and l.asset_id = any (p_assets) and l.state = 'accepted' and l.ended_at is null
              and l.during @> p_now and access.has_role(p_key, array['instructor', 'centreStaff', 'centreManager'], l.borrower)
            having count(distinct l.asset_id) = cardinality(p_assets) and min(l.borrower) = max(l.borrower)) end;
end
$$;
comment on function maintenance.keeper_of(uuid, smallint, uuid[], timestamptz) is
    'The centre for which a key hands assets out and takes them back: their own, or the one that has them all on loan; null: none.';

create function maintenance.booked_piece(p_booking bookings.booking, p_asset uuid, p_now timestamptz) returns tstzrange
    language sql stable
as $$
    select p.piece
    from (select unnest(range_agg(tstzrange(l.starts, l.ends))) as piece
          from bookings.line l
          left join bookings.use u on u.centre_id = l.centre_id and u.booking_id = l.booking_id and u.line_number = l.number
          where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and l.resource_id = p_asset
            and u.checked_out_at is null) p
    where upper(p.piece) > p_now
    order by p.piece limit 1
$$;
comment on function maintenance.booked_piece(bookings.booking, uuid, timestamptz) is
    'The first time without a gap, not over yet, for which a booking holds the room of an asset; null: it holds none any more.';

create function maintenance.fetched(p_booking uuid) returns text
    language plpgsql stable
as $$
begin
    return (
        select case when bool_or(c.closed_at is null) then 'out' when count(*) > 0 then 'back' end
        from maintenance.custody c where c.booking_id = p_booking);
end
$$;
comment on function maintenance.fetched(uuid) is
    'Whether something that was handed out for a booking is out, or all of it is back; null: nothing was handed out.';

create function maintenance.keeps_place(p_booking uuid, p_outage maintenance.outage) returns boolean
    language sql stable
as $$
    select p_outage.cause <> 'loan' and coalesce(bool_and(exists (
        select from maintenance.custody c
        join maintenance.custody_item i on i.centre_id = c.centre_id and i.custody_id = c.id
        where c.booking_id = p_booking and i.asset_id = r.id and i.returned_at is null)), false)
    from bookings.line l
    join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
    where l.centre_id = plateau.centre_of(p_booking) and l.booking_id = p_booking
      and p_outage.resource_id = any (r.id || r.ancestors)
      and p_outage.during && tstzrange(l.starts - make_interval(mins => r.setup_minutes),
                                       l.ends + make_interval(mins => r.cleanup_minutes))
$$;
comment on function maintenance.keeps_place(uuid, maintenance.outage) is
    'Whether all that an outage takes of a booking is out for it: it was fetched early. The end of a loan leaves nothing to its borrower.';

create function maintenance.displace_returned(p_centre_id smallint, p_booking uuid, p_key uuid, p_now timestamptz) returns uuid[]
    language plpgsql volatile
as $$
declare
    v_outage maintenance.outage;
    v_resource platforms.resource;
    v_displaced uuid[] := '{}'::uuid[];
begin
    for v_outage in
        select x.*
        from maintenance.displacement d
        join maintenance.outage x on x.centre_id = d.centre_id and x.id = d.outage_id
        join bookings.booking b on b.centre_id = plateau.centre_of(d.booking_id) and b.id = d.booking_id
        where d.centre_id = p_centre_id and d.booking_id = p_booking and d.outcome is null and x.ended_at is null
          and x.blocked_until > p_now and b.starts > p_now and b.state in ('requested', 'held', 'conditional', 'confirmed')
          and maintenance.in_the_way(p_booking, x) and not maintenance.keeps_place(p_booking, x)
        order by x.id
    loop
        perform maintenance.displace(v_outage, array[p_booking], p_key, p_now);
        select * into v_resource from platforms.resource r where r.centre_id = v_outage.centre_id and r.id = v_outage.resource_id;
        perform maintenance.block(v_resource, v_outage, p_now);
        v_displaced := array[p_booking];
    end loop;
    return v_displaced;
end
$$;
comment on function maintenance.displace_returned(smallint, uuid, uuid, timestamptz) is
    'Once something is back before its booking begins, the outages of its centre that left the booking its place take it. The booking, if they did. The caller holds the label lock exclusively.';

create function maintenance.due_with_booking(p_custody maintenance.custody, p_booking bookings.booking, p_now timestamptz)
    returns timestamptz
    language sql stable
as $$
    -- Of each asset the time that the booking has without a gap, from now or the end of what is held before it; the first to end counts.
    select case when bool_and(coalesce(lower(n.piece) <= greatest(upper(x.during), p_now), false))
                then least(min(upper(n.piece)), p_custody.handed_out_at + interval '366 days') end
    from maintenance.custody_item i
    left join maintenance.outage x on x.centre_id = i.centre_id and x.id = i.outage_id
    cross join lateral (select maintenance.booked_piece(p_booking, i.asset_id, p_now)) as n (piece)
    where i.centre_id = p_custody.centre_id and i.custody_id = p_custody.id and i.returned_at is null
      and p_custody.follows_booking and p_booking.state in ('conditional', 'confirmed', 'inUse')
$$;
comment on function maintenance.due_with_booking(maintenance.custody, bookings.booking, timestamptz) is
    'When what is out of a custody is due that follows its booking; null: it does not, or there is a gap, which others may book.';

create function maintenance.lock_custody(p_centre_id smallint, p_booking uuid) returns void
    language plpgsql volatile
as $$
declare
    v_others smallint[];
begin
    -- Bookings hold the lock of the centre shared: whichever commits second sees the first. The labels of the others stand still.
    select array_agg(distinct c.centre_id) into v_others
    from bookings.booking b
    cross join lateral (select unnest(b.centres)
                        union all select o.centre_id from access.organisation o where o.id = b.organisation_id) as c (centre_id)
    where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking and c.centre_id is not null and c.centre_id <> p_centre_id;
    perform plateau.take_locks(
        array(select plateau.label_lock(c) from unnest(p_centre_id || v_others) c order by 1),
        array(select c = p_centre_id from unnest(p_centre_id || v_others) c order by plateau.label_lock(c)));
end
$$;

create function maintenance.lent_to_others(p_centre_id smallint, p_asset_id uuid, p_during tstzrange, p_borrower smallint)
    returns maintenance.loan
    language plpgsql stable
as $$
declare
    v_loan maintenance.loan;
begin
    select l.* into v_loan from maintenance.loan l
    where l.centre_id = p_centre_id and l.asset_id = p_asset_id and l.state = 'accepted' and l.ended_at is null and l.during && p_during
      and l.borrower is distinct from p_borrower
    order by lower(l.during) limit 1;
    return v_loan;
end
$$;
comment on function maintenance.lent_to_others(smallint, uuid, tstzrange, smallint) is
    'The first loan of an asset within a period to another centre than one, or (null) to any; its id is null: there is none.';

create function maintenance.borrows(p_centre_id smallint, p_asset_id uuid, p_during tstzrange, p_borrower smallint) returns boolean
    language plpgsql stable
as $$
begin
    return exists (
        select from maintenance.loan l
        where l.centre_id = p_centre_id and l.asset_id = p_asset_id and l.state = 'accepted' and l.ended_at is null
          and l.during @> p_during and l.borrower = p_borrower);
end
$$;
comment on function maintenance.borrows(smallint, uuid, tstzrange, smallint) is
    'Whether a centre has an asset on loan for all of a period.';

create function maintenance.lock_outages(p_centre_id smallint, p_outages uuid[]) returns void
    language plpgsql volatile
as $$
declare
    v_keys bigint[];
    v_rooms bigint[];
    v_bookings uuid[];
begin
    v_bookings := array(select distinct d.booking_id from maintenance.displacement d
                        where d.centre_id = p_centre_id and d.outage_id = any (p_outages) and d.outcome is null);
    -- A booking may touch other centres: their labels stand still too, in the one order of all callers.
    v_keys := array(
        select distinct plateau.label_lock(c.centre_id)
        from (select p_centre_id as centre_id
              union all
              select unnest(b.centres || o.centre_id) from unnest(v_bookings) as w (id)
              join bookings.booking b on b.centre_id = plateau.centre_of(w.id) and b.id = w.id
              join access.organisation o on o.id = b.organisation_id) c
        where c.centre_id is not null
        order by 1);
    perform plateau.take_locks(
        v_keys, array(select k = plateau.label_lock(p_centre_id) from unnest(v_keys) with ordinality as u (k, n) order by n));
    v_rooms := bookings.room_locks_of(v_bookings);
    perform plateau.take_locks(v_rooms, array_fill(true, array[cardinality(v_rooms)]));
end
$$;
comment on function maintenance.lock_outages(smallint, uuid[]) is
    'As maintenance.lock, of several outages at once.';

create or replace function maintenance.lock(p_centre_id smallint, p_outage uuid) returns void
    language plpgsql volatile
as $$
begin
    perform maintenance.lock_outages(p_centre_id, array[p_outage]);
end
$$;

create function maintenance.check_out_assets(
    p_centre_id smallint, p_id uuid, p_key uuid, p_booking uuid, p_organisation uuid, p_taken_by text, p_due_at timestamptz, p_note text,
    p_assets uuid[], p_conditions text[], p_notes text[], p_outages uuid[])
    returns table (
        outcome text, equipment_id uuid, equipment_name text, moment timestamptz, free_from timestamptz, zone text, rules jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_organisation uuid := p_organisation;
    v_resource platforms.resource;
    v_asset inventory.asset;
    v_policy labels.policy;
    v_pieces tstzrange[] := '{}'::tstzrange[];
    v_ends timestamptz;
    v_due timestamptz := p_due_at;
    v_held tstzrange;
    v_loan maintenance.loan;
    v_keeper smallint;
    v_borrower smallint;
    v_now timestamptz;
begin
    v_keeper := maintenance.keeper_of(p_key, p_centre_id, p_assets, plateau.clock());
    if v_keeper is null then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    perform maintenance.lock_custody(p_centre_id, p_booking);
    if p_booking is not null then
        select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    end if;
    v_now := plateau.clock();
    -- Strangers held nobody up; by now no loan ends any more.
    v_keeper := maintenance.keeper_of(p_key, p_centre_id, p_assets, v_now);
    if v_keeper is null then
        outcome := 'forbidden';
        return next;
        return;
    elsif v_keeper <> p_centre_id then
        v_borrower := v_keeper;
        if v_organisation is null then
            -- What a borrower hands out is out with the borrower, for its owner.
            select o.id into v_organisation from access.organisation o where o.centre_id = v_borrower order by o.id limit 1;
        end if;
    end if;
    if p_booking is not null then
        v_organisation := v_booking.organisation_id;
        outcome := case when v_booking.id is null or not v_booking.centres @> array[p_centre_id] then 'bookingUnknown'
                        when v_booking.state not in ('conditional', 'confirmed', 'inUse') or v_booking.ends <= v_now
                            then 'bookingNotInForce' end;
    elsif p_organisation is not null and not exists (select from access.organisation o where o.id = p_organisation) then
        outcome := 'organisationUnknown';
    end if;
    if outcome is not null then
        return next;
        return;
    end if;
    for i in 1 .. cardinality(p_assets) loop
        equipment_id := p_assets[i];
        select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_assets[i];
        select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_assets[i] for update;
        equipment_name := v_resource.name;
        select s.zone into zone from centres.site s where s.centre_id = v_resource.centre_id and s.id = v_resource.site_id;
        select c.handed_out_at into moment
        from maintenance.custody_item o join maintenance.custody c on c.centre_id = o.centre_id and c.id = o.custody_id
        where o.centre_id = p_centre_id and o.asset_id = p_assets[i] and o.returned_at is null;
        outcome := case when v_asset.id is null then 'assetUnknown'
                        when not v_asset.is_mobile then 'notMobile'
                        when v_asset.state not in ('inService', 'loanedIn') then 'notInService'
                        when moment is not null then 'out'
                        when p_booking is not null and not exists (
                            select from bookings.line l
                            where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.resource_id = p_assets[i])
                            then 'notBooked' end;
        if outcome is null and p_booking is not null then
            v_pieces[i] := maintenance.booked_piece(v_booking, p_assets[i], v_now);
            -- Each is due when its own time is over: room is held for no longer.
            v_ends := least(v_ends, upper(v_pieces[i]));
            outcome := case when v_pieces[i] is null then 'bookingNotInForce' end;
        end if;
        if outcome is not null then
            return next;
            return;
        end if;
    end loop;
    equipment_id := null;
    equipment_name := null;
    moment := null;
    v_due := coalesce(v_due, v_ends);
    if p_booking is not null then
        -- As when it is checked in: nothing goes to who may not use it.
        select * into v_policy from labels.policy;
        rules := bookings.proofs_lacking(v_booking, array(
            select l.number from bookings.line l
            where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.resource_id = any (p_assets) and l.ends > v_now));
        outcome := case when (bookings.judge_label(v_booking, v_policy)).code = 'labelSuspended' then 'labelSuspended'
                        when rules <> '[]' then 'refused' end;
        rules := case when outcome = 'refused' then (
            select jsonb_agg(e.rule || '{"verdict": "deny"}') from jsonb_array_elements(rules) as e (rule)) end;
        if outcome is not null then
            return next;
            return;
        end if;
    end if;
    if v_due <= v_now or v_due > v_now + interval '366 days' then
        outcome := 'due';
        return next;
        return;
    elsif v_due > v_ends then
        outcome := 'afterBooking';
        moment := v_ends;
        return next;
        return;
    end if;
    for i in 1 .. cardinality(p_assets) loop
        -- Whoever borrows it gives it to whom it likes, for no longer than it has it itself.
        v_loan := maintenance.lent_to_others(
            p_centre_id, p_assets[i], tstzrange(v_now, v_due),
            case when v_borrower is null then (select o.centre_id from access.organisation o where o.id = v_organisation)
                 when maintenance.borrows(p_centre_id, p_assets[i], tstzrange(v_now, v_due), v_borrower) then v_borrower end);
        v_held := v_loan.during;
        outcome := case when v_loan.id is not null then 'onLoan' end;
        if outcome is null then
            v_held := maintenance.awaited(p_centre_id, p_assets[i], tstzrange(v_now, v_due), p_booking, false);
            outcome := case when lower(v_held) is not null then 'awaited' end;
        end if;
        if outcome is not null then
            select r.id, r.name, lower(v_held), case outcome when 'onLoan' then upper(v_held) end, s.zone
            into equipment_id, equipment_name, moment, free_from, zone
            from platforms.resource r join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
            where r.centre_id = p_centre_id and r.id = p_assets[i];
            return next;
            return;
        end if;
    end loop;

    insert into maintenance.custody (
        centre_id, id, booking_id, organisation_id, borrower, taken_by, due_at, follows_booking, note, handed_out_at, handed_out_by)
    values (p_centre_id, p_id, p_booking, v_organisation, v_borrower, p_taken_by, v_due, coalesce(v_due = v_ends, false), p_note, v_now,
            p_key);
    for i in 1 .. cardinality(p_assets) loop
        select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_assets[i];
        -- What no booking takes: all of it, or the time before the booking of what is fetched early.
        v_held := case when p_booking is null then tstzrange(v_now, v_due)
                       when lower(v_pieces[i]) > v_now then tstzrange(v_now, least(lower(v_pieces[i]), v_due)) end;
        if v_held is not null then
            perform maintenance.hold(
                v_resource, p_outages[i], 'custody', v_held,
                coalesce((select o.name from access.organisation o where o.id = v_organisation), 'custody'), p_key, v_now);
        end if;
        insert into maintenance.custody_item (centre_id, custody_id, asset_id, condition_out, note_out, outage_id)
        values (p_centre_id, p_id, p_assets[i], p_conditions[i], p_notes[i], case when v_held is not null then p_outages[i] end);
    end loop;
    perform maintenance.tell_custody(p_centre_id, p_id, 'checkedOut', v_now);
    outcome := 'checkedOut';
    return next;
end
$$;
comment on function maintenance.check_out_assets(
    smallint, uuid, uuid, uuid, uuid, text, timestamptz, text, uuid[], text[], text[], uuid[]) is
    'Hands assets out, all or none. due_at null: until the time ends for which the booking holds the first of them. outcome: checkedOut, forbidden, bookingUnknown, bookingNotInForce, organisationUnknown, labelSuspended, refused (with the rules about proofs), due (past, or too far), afterBooking (with its end); of one asset: assetUnknown, notMobile, notInService, out (since when), notBooked, bookingNotInForce, onLoan (to others, or to who hands it out but not for so long; from when to when), awaited (by others, from when).';

create function maintenance.tell_custody(p_centre_id smallint, p_id uuid, p_what text, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
    select c.centre_id, 'custody.' || p_what, c.id, c.organisation_id, c.version,
           jsonb_build_object('dueAt', plateau.rfc3339(c.due_at), 'out', coalesce((
               select jsonb_agg(i.asset_id order by i.asset_id) from maintenance.custody_item i
               where i.centre_id = c.centre_id and i.custody_id = c.id and i.returned_at is null), '[]')), p_now
    from maintenance.custody c where c.centre_id = p_centre_id and c.id = p_id;
    -- Whoever has it on loan hears what becomes of it, whoever took it.
    insert into jobs.event_elsewhere (centre_id, xact, home_centre_id, subject_id, version)
    select c.borrower, jobs.transaction_number(), c.centre_id, c.id, c.version
    from maintenance.custody c where c.centre_id = p_centre_id and c.id = p_id and c.borrower is not null
    on conflict do nothing;
end
$$;
comment on function maintenance.tell_custody(smallint, uuid, text, timestamptz) is
    'The event of what became of a custody, with what is still out; never a name. For its centre, who has it, and the centre that had it on loan and handed it out.';
comment on table jobs.event_elsewhere is
    'The events of a booking with lines at several centres, for each of them but the one where the booking lives (home_centre_id); those of a custody, for the centre that had it on loan and handed it out.';

create function maintenance.check_in_assets(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_assets uuid[], p_conditions text[], p_notes text[], p_sites uuid[],
    p_severities text[], p_faults uuid[], p_outages uuid[])
    returns table (outcome text, version integer, equipment_id uuid, equipment_name text, displaced uuid[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_custody maintenance.custody;
    v_item maintenance.custody_item;
    v_resource platforms.resource;
    v_booking bookings.booking;
    v_outage maintenance.outage;
    v_borrower smallint;
    v_keeper smallint;
    v_refused text;
    v_stands boolean;
    v_now timestamptz;
begin
    -- Whoever handed it out takes it back, even when its own loan is over.
    select c.borrower into v_borrower from maintenance.custody c
    where c.centre_id = p_centre_id and c.id = p_id
      and access.has_role(p_key, array['instructor', 'centreStaff', 'centreManager'], c.borrower);
    v_keeper := coalesce(v_borrower, maintenance.keeper_of(p_key, p_centre_id, p_assets, plateau.clock()));
    if v_keeper is null then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    -- Their time is given back all at once.
    perform maintenance.lock_outages(p_centre_id, array(
        select x.outage_id from maintenance.custody_item x
        where x.centre_id = p_centre_id and x.custody_id = p_id and x.asset_id = any (p_assets)));
    v_now := plateau.clock();
    v_keeper := coalesce(v_borrower, maintenance.keeper_of(p_key, p_centre_id, p_assets, v_now));
    select * into v_custody from maintenance.custody c where c.centre_id = p_centre_id and c.id = p_id for update;
    version := v_custody.version;
    outcome := case when v_keeper is null then 'forbidden'
                    when v_custody.id is null then 'notFound' when v_custody.version <> p_version then 'versionMismatch' end;
    if outcome is not null then
        return next;
        return;
    end if;
    displaced := '{}';
    for i in 1 .. cardinality(p_assets) loop
        select * into v_item from maintenance.custody_item x
        where x.centre_id = p_centre_id and x.custody_id = p_id and x.asset_id = p_assets[i];
        outcome := case when v_item.asset_id is null then 'itemUnknown'
                        when v_item.returned_at is not null then 'returned'
                        when p_sites[i] is not null and not exists (
                            select from centres.site s where s.centre_id = p_centre_id and s.id = p_sites[i]) then 'siteUnknown' end;
        if outcome is not null then
            equipment_id := p_assets[i];
            equipment_name := (select r.name from platforms.resource r where r.centre_id = p_centre_id and r.id = p_assets[i]);
            return next;
            return;
        end if;
    end loop;
    update maintenance.custody c
    set version = c.version + 1,
        closed_at = case when not exists (select from maintenance.custody_item x
                                          where x.centre_id = p_centre_id and x.custody_id = p_id and x.returned_at is null
                                            and x.asset_id <> all (p_assets)) then v_now end
    where c.centre_id = p_centre_id and c.id = p_id;
    for i in 1 .. cardinality(p_assets) loop
        select * into v_item from maintenance.custody_item x
        where x.centre_id = p_centre_id and x.custody_id = p_id and x.asset_id = p_assets[i];
        if v_item.outage_id is not null then
            perform maintenance.release(p_centre_id, v_item.outage_id, p_key, v_now);
        end if;
        v_stands := maintenance.stand_at(p_centre_id, p_assets[i], p_sites[i], p_key, v_now);
        v_refused := null;
        v_outage := null;
        if p_conditions[i] <> 'lost' then
            perform maintenance.note_condition(
                p_centre_id, p_assets[i], case p_conditions[i] when 'damaged' then 'poor' else p_conditions[i] end, v_now);
        end if;
        if p_conditions[i] in ('damaged', 'lost') then
            select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_assets[i] for update;
            v_refused := maintenance.resource_fault(v_resource);
            if v_refused is null then
                -- Nobody uses what is lost, until it is found.
                v_outage := maintenance.open_fault(
                    v_resource, p_faults[i], p_outages[i], case p_conditions[i] when 'lost' then 'stopsUse' else p_severities[i] end,
                    p_notes[i], null, p_key, v_now);
            end if;
        end if;
        update maintenance.custody_item x
        set returned_at = v_now, returned_to = p_key, condition_in = p_conditions[i], note_in = p_notes[i], site_id = p_sites[i],
            stands_there = v_stands, fault_refused = v_refused,
            fault_id = case when p_conditions[i] in ('damaged', 'lost') and v_refused is null then p_faults[i] end
        where x.centre_id = p_centre_id and x.custody_id = p_id and x.asset_id = p_assets[i];
        -- Only now: an outage spares what is out, and this is back.
        if v_outage.id is not null then
            displaced := displaced || maintenance.take_up(v_outage, p_key, v_now);
        end if;
    end loop;
    displaced := displaced || maintenance.displace_returned(p_centre_id, v_custody.booking_id, p_key, v_now);
    -- What was due with an asset that is back now may stay out for the time that its own booking lasts.
    select * into v_booking from bookings.booking b
    where b.centre_id = plateau.centre_of(v_custody.booking_id) and b.id = v_custody.booking_id;
    perform maintenance.put_off(v_custody, maintenance.due_with_booking(v_custody, v_booking, v_now));
    perform maintenance.tell_custody(p_centre_id, p_id, 'returned', v_now);
    outcome := 'checkedIn';
    version := p_version + 1;
    return next;
end
$$;
comment on function maintenance.check_in_assets(
    smallint, uuid, integer, uuid, uuid[], text[], text[], uuid[], text[], uuid[], uuid[]) is
    'Takes assets of a custody back, or notes them as lost, all that are named or none; the others stay out. A damaged one gets a fault report of the severity given, a lost one of a fault that stops use; fault_refused of its item says where there can be none. outcome: checkedIn (displaced: by faults that stop use, and by outages that had spared what was out), notFound, forbidden, versionMismatch; of one asset: itemUnknown, returned, siteUnknown.';

create function maintenance.put_off(p_custody maintenance.custody, p_due_at timestamptz) returns boolean
    language plpgsql volatile
as $$
begin
    update maintenance.custody c set due_at = p_due_at, reminded_at = null, overdue_told_at = null
    where c.centre_id = p_custody.centre_id and c.id = p_custody.id and c.closed_at is null and c.due_at < p_due_at;
    return found;
end
$$;
comment on function maintenance.put_off(maintenance.custody, timestamptz) is
    'What is out is due later, if that is later: it is reminded of and told late anew. Whether it is. The caller counts the version and tells.';

create function maintenance.note_condition(p_centre_id smallint, p_asset_id uuid, p_condition text, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    update inventory.asset a set condition = p_condition
    where a.centre_id = p_centre_id and a.id = p_asset_id and a.condition <> p_condition;
    if found then
        perform maintenance.note_change(p_centre_id, p_asset_id, p_now);
    end if;
end
$$;

create function maintenance.note_change(p_centre_id smallint, p_asset_id uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_version integer;
begin
    update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_asset_id
    returning r.version into v_version;
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'resource.changed', p_asset_id, v_version, p_now);
end
$$;
comment on function maintenance.note_change(smallint, uuid, timestamptz) is
    'A new version of an asset whose condition or place is another: what was read of it does not hold any more.';

create function maintenance.stand_at(p_centre_id smallint, p_asset_id uuid, p_site_id uuid, p_key uuid, p_now timestamptz)
    returns boolean
    language plpgsql volatile
as $$
declare
    v_from uuid;
begin
    select r.site_id into v_from from platforms.resource r where r.centre_id = p_centre_id and r.id = p_asset_id;
    if p_site_id is null or p_site_id = v_from then
        return p_site_id = v_from;
    elsif lower(maintenance.awaited(p_centre_id, p_asset_id, tstzrange(p_now, null), null, true)) is not null
        or exists (select from centres.calendar c where c.centre_id = p_centre_id and c.id = p_asset_id)
        or exists (select from maintenance.transfer t
                   where t.centre_id = p_centre_id and t.asset_id = p_asset_id and t.cancelled_at is null and t.carried_out_at is null) then
        -- Whoever booked it expects it where it was; what opens at hours of its own keeps its site.
        return false;
    end if;
    perform maintenance.move_asset(p_centre_id, p_asset_id, p_site_id, p_key, p_now, p_now);
    return true;
end
$$;
comment on function maintenance.stand_at(smallint, uuid, uuid, uuid, timestamptz) is
    'Makes a site the place of an asset that was put there, unless somebody expects it where it was. Whether it stands there now; null: no site.';

create function maintenance.move_asset(
    p_centre_id smallint, p_asset_id uuid, p_site_id uuid, p_key uuid, p_at timestamptz, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    insert into inventory.move (centre_id, asset_id, number, from_site_id, from_platform_id, to_site_id, to_platform_id, at, key_id)
    select r.centre_id, r.id,
           1 + (select count(*) from inventory.move m where m.centre_id = p_centre_id and m.asset_id = p_asset_id)::integer,
           r.site_id, a.platform_id, p_site_id, null, p_at, p_key
    from platforms.resource r join inventory.asset a on a.centre_id = r.centre_id and a.id = r.id
    where r.centre_id = p_centre_id and r.id = p_asset_id;
    update platforms.resource r set site_id = p_site_id where r.centre_id = p_centre_id and r.id = p_asset_id;
    update inventory.asset a set platform_id = null where a.centre_id = p_centre_id and a.id = p_asset_id;
    perform maintenance.note_change(p_centre_id, p_asset_id, p_now);
end
$$;
comment on function maintenance.move_asset(smallint, uuid, uuid, uuid, timestamptz, timestamptz) is
    'Another site for an asset, and the line of its history. The caller holds the label lock exclusively.';

create function maintenance.warn_of_custodies(p_lead_hours integer, p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_custody maintenance.custody;
    v_count integer := 0;
begin
    for v_custody in
        select c.* from maintenance.custody c
        where c.closed_at is null
          and (c.overdue_told_at is null and c.due_at <= v_now
               -- Of what is out for a short time, not before half of it is over.
               or c.reminded_at is null and c.due_at > v_now
                  and v_now >= c.due_at - least(make_interval(hours => p_lead_hours), (c.due_at - c.handed_out_at) / 2))
        order by c.due_at limit p_limit for update skip locked
    loop
        update maintenance.custody c
        set reminded_at = coalesce(c.reminded_at, v_now), overdue_told_at = case when c.due_at <= v_now then v_now end
        where c.centre_id = v_custody.centre_id and c.id = v_custody.id;
        perform maintenance.tell_custody(
            v_custody.centre_id, v_custody.id, case when v_custody.due_at <= v_now then 'overdue' else 'dueSoon' end, v_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
comment on function maintenance.warn_of_custodies(integer, integer) is
    'Tells once, so many hours before, that what is out is to come back, and once that it did not. How many were told of.';

-- MARK: Transfers

create function maintenance.place_at(p_resource platforms.resource, p_at timestamptz) returns uuid
    language plpgsql stable
as $$
begin
    return coalesce((
        select t.to_site_id from maintenance.transfer t
        where t.centre_id = p_resource.centre_id and t.asset_id = p_resource.id and t.cancelled_at is null and t.carried_out_at is null
          and upper(t.during) <= p_at
        order by upper(t.during) desc limit 1), p_resource.site_id);
end
$$;
comment on function maintenance.place_at(platforms.resource, timestamptz) is
    'The site at which an asset is or will be: that of the last transfer that has arrived by then.';
grant execute on function maintenance.place_at(platforms.resource, timestamptz) to plateau_app;

create function maintenance.plan_transfer(
    p_centre_id smallint, p_id uuid, p_outage_id uuid, p_back_id uuid, p_back_outage_id uuid, p_asset_id uuid, p_key uuid, p_to uuid,
    p_departs timestamptz, p_minutes integer, p_back_departs timestamptz, p_back_minutes integer, p_kilometres_per_hour integer,
    p_note text) returns table (outcome text, moment timestamptz, free_from timestamptz, zone text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
    v_asset inventory.asset;
    v_next maintenance.transfer;
    v_from uuid;
    v_kilometres integer;
    v_minutes integer;
    v_journey tstzrange;
    v_back tstzrange;
    v_stays_until timestamptz;
    v_held tstzrange;
    v_loan maintenance.loan;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    -- Bookings hold this lock shared: whichever commits second sees the first.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_asset_id for update;
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_asset_id for update;
    p_departs := coalesce(p_departs, v_now);
    v_from := maintenance.place_at(v_resource, p_departs);
    select s.zone into zone from centres.site s where s.centre_id = p_centre_id and s.id = v_from;
    -- As the crow flies, up to whole kilometres; the time to the next five minutes, a quarter of an hour at least.
    select ceil(plateau.kilometres(f.latitude, f.longitude, t.latitude, t.longitude))::integer into v_kilometres
    from centres.site f, centres.site t
    where f.centre_id = p_centre_id and f.id = v_from and t.centre_id = p_centre_id and t.id = p_to;
    v_minutes := case when v_kilometres is not null
                      then greatest(15, ceil(v_kilometres * 12.0 / p_kilometres_per_hour)::integer * 5) end;
    -- Longer than a week, nobody knows.
    v_minutes := case when v_minutes <= 10080 then v_minutes end;
    v_journey := tstzrange(p_departs, p_departs + make_interval(mins => coalesce(p_minutes, v_minutes)));
    v_back := tstzrange(p_back_departs, p_back_departs + make_interval(mins => coalesce(p_back_minutes, p_minutes, v_minutes)));
    outcome := case when v_asset.id is null then 'notFound'
                    when v_resource.retired_at is not null then 'retired'
                    when not v_asset.is_mobile then 'notMobile'
                    when exists (select from centres.calendar c where c.centre_id = p_centre_id and c.id = p_asset_id) then 'ownHours'
                    when p_departs < v_now then 'past'
                    when not exists (select from centres.site s where s.centre_id = p_centre_id and s.id = p_to) then 'siteUnknown'
                    when v_from = p_to then 'sameSite'
                    when upper(v_journey) is null then 'timeUnknown'
                    when p_back_departs < upper(v_journey) then 'backTooEarly' end;
    if outcome is null and p_departs = v_now then
        select 'out', c.handed_out_at, c.due_at into outcome, moment, free_from
        from maintenance.custody_item o join maintenance.custody c on c.centre_id = o.centre_id and c.id = o.custody_id
        where o.centre_id = p_centre_id and o.asset_id = p_asset_id and o.returned_at is null;
    end if;
    if outcome is null then
        v_loan := maintenance.lent_to_others(p_centre_id, p_asset_id, v_journey, null);
        if v_loan.id is null and p_back_departs is not null then
            v_loan := maintenance.lent_to_others(p_centre_id, p_asset_id, v_back, null);
        end if;
        moment := lower(v_loan.during);
        free_from := upper(v_loan.during);
        outcome := case when v_loan.id is not null then 'onLoan' end;
    end if;
    if outcome is not null then
        return next;
        return;
    end if;
    -- The next journey leaves from where this one ends, and after it.
    select * into v_next from maintenance.transfer t
    where t.centre_id = p_centre_id and t.asset_id = p_asset_id and t.cancelled_at is null and t.carried_out_at is null
      and upper(t.during) > p_departs
    order by lower(t.during) limit 1;
    if v_next.id is not null
        and (lower(v_next.during) < upper(case when p_back_departs is null then v_journey else v_back end)
             or v_next.from_site_id <> case when p_back_departs is null then p_to else v_from end) then
        outcome := 'otherJourney';
        moment := lower(v_next.during);
        free_from := upper(v_next.during);
        return next;
        return;
    end if;
    -- Nobody has it on the way, and nobody who booked it where it was looks for it there while it is elsewhere.
    v_stays_until := case when p_back_departs is null then lower(v_next.during) else upper(v_back) end;
    v_held := maintenance.awaited(p_centre_id, p_asset_id, v_journey, null, false);
    if lower(v_held) is null then
        v_held := maintenance.awaited(p_centre_id, p_asset_id, tstzrange(upper(v_journey), v_stays_until), null, true);
    end if;
    if lower(v_held) is null and p_back_departs is not null then
        v_held := maintenance.awaited(p_centre_id, p_asset_id, v_back, null, false);
    end if;
    if lower(v_held) is not null then
        outcome := 'awaited';
        moment := lower(v_held);
        free_from := upper(maintenance.awaited(p_centre_id, p_asset_id, tstzrange(p_departs, v_stays_until), null, false));
        return next;
        return;
    end if;

    if p_minutes is not null then
        v_kilometres := null;
    end if;
    perform maintenance.depart(
        v_resource, p_id, p_id, p_outage_id, v_from, p_to, v_journey, case when p_minutes is null then v_kilometres end,
        p_kilometres_per_hour, p_note, p_key, v_now);
    if p_back_departs is not null then
        perform maintenance.depart(
            v_resource, p_back_id, p_id, p_back_outage_id, p_to, v_from, v_back,
            case when coalesce(p_back_minutes, p_minutes) is null then v_kilometres end, p_kilometres_per_hour, p_note, p_key, v_now);
    end if;
    outcome := 'planned';
    return next;
end
$$;
comment on function maintenance.plan_transfer(
    smallint, uuid, uuid, uuid, uuid, uuid, uuid, uuid, timestamptz, integer, timestamptz, integer, integer, text) is
    'Plans a journey of an asset to another site of its centre, and the one back where it says when that leaves; departs null: now. Without minutes the time comes from the distance. outcome: planned, notFound, forbidden, retired, notMobile, ownHours, past, siteUnknown, sameSite, timeUnknown, backTooEarly, out (since when, due when), onLoan (from when to when), otherJourney (when), awaited (from when, and from when on it is free).';

create function maintenance.depart(
    p_resource platforms.resource, p_id uuid, p_trip uuid, p_outage uuid, p_from uuid, p_to uuid, p_journey tstzrange, p_kilometres integer,
    p_kilometres_per_hour integer, p_note text, p_key uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    perform maintenance.hold(p_resource, p_outage, 'transfer', p_journey, coalesce(p_note, 'transfer'), p_key, p_now);
    insert into maintenance.transfer (
        centre_id, id, trip_id, asset_id, from_site_id, to_site_id, during, kilometres, kilometres_per_hour, note, outage_id, recorded_at,
        recorded_by)
    values (p_resource.centre_id, p_id, p_trip, p_resource.id, p_from, p_to, p_journey, p_kilometres,
            case when p_kilometres is not null then p_kilometres_per_hour end, p_note, p_outage, p_now, p_key);
    perform maintenance.tell_transfer(p_resource.centre_id, p_id, 'planned', p_now);
end
$$;

create function maintenance.tell_transfer(p_centre_id smallint, p_id uuid, p_what text, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
    select t.centre_id, 'transfer.' || p_what, t.id, t.version,
           jsonb_build_object('resourceId', t.asset_id, 'fromSiteId', t.from_site_id, 'toSiteId', t.to_site_id,
                              'start', plateau.rfc3339(lower(t.during)), 'end', plateau.rfc3339(upper(t.during))), p_now
    from maintenance.transfer t where t.centre_id = p_centre_id and t.id = p_id;
end
$$;

create function maintenance.cancel_transfer(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid)
    returns table (outcome text, version integer, moment timestamptz, zone text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_transfer maintenance.transfer;
    v_first maintenance.transfer;
    v_last maintenance.transfer;
    v_next maintenance.transfer;
    v_gone maintenance.transfer;
    v_held tstzrange;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    -- The time of there and back is given back at once.
    perform maintenance.lock_outages(p_centre_id, array(
        select o.outage_id from maintenance.transfer t
        join maintenance.transfer o on o.centre_id = t.centre_id and o.trip_id = t.trip_id
        where t.centre_id = p_centre_id and t.id = p_id));
    v_now := plateau.clock();
    select * into v_transfer from maintenance.transfer t where t.centre_id = p_centre_id and t.id = p_id for update;
    version := v_transfer.version;
    outcome := case when v_transfer.id is null then 'notFound'
                    when v_transfer.version <> p_version then 'versionMismatch'
                    when v_transfer.cancelled_at is not null or lower(v_transfer.during) <= v_now then 'over' end;
    if outcome is not null then
        return next;
        return;
    end if;
    -- There and back are called off together, as long as both are to come.
    select t.* into v_first from maintenance.transfer t
    where t.centre_id = p_centre_id and t.trip_id = v_transfer.trip_id and t.cancelled_at is null and lower(t.during) > v_now
    order by lower(t.during) limit 1;
    select t.* into v_last from maintenance.transfer t
    where t.centre_id = p_centre_id and t.trip_id = v_transfer.trip_id and t.cancelled_at is null and lower(t.during) > v_now
    order by lower(t.during) desc limit 1;
    select t.* into v_next from maintenance.transfer t
    where t.centre_id = p_centre_id and t.asset_id = v_transfer.asset_id and t.cancelled_at is null
      and lower(t.during) > lower(v_last.during)
    order by lower(t.during) limit 1;
    select s.zone into zone from centres.site s where s.centre_id = p_centre_id and s.id = v_first.from_site_id;
    select lower(t.during) into moment from maintenance.transfer t
    where t.centre_id = p_centre_id and t.asset_id = v_transfer.asset_id and t.cancelled_at is null
      and t.trip_id <> v_transfer.trip_id and t.during && tstzrange(lower(v_first.during), upper(v_last.during))
    order by lower(t.during) limit 1;
    if moment is not null or v_next.from_site_id <> v_first.from_site_id then
        outcome := 'otherJourney';
        moment := coalesce(moment, lower(v_next.during));
        return next;
        return;
    end if;
    -- Whoever booked it for where it was to be looks for it there.
    v_held := maintenance.awaited(
        p_centre_id, v_transfer.asset_id,
        tstzrange(upper(v_first.during),
                  case when v_last.to_site_id = v_first.from_site_id then lower(v_last.during) else lower(v_next.during) end), null, true);
    if lower(v_held) is not null then
        outcome := 'awaited';
        moment := lower(v_held);
        return next;
        return;
    end if;
    for v_gone in
        update maintenance.transfer t set cancelled_at = v_now, cancelled_by = p_key, version = t.version + 1
        where t.centre_id = p_centre_id and t.id in (v_first.id, v_last.id)
        returning t.*
    loop
        perform maintenance.release(p_centre_id, v_gone.outage_id, p_key, v_now);
        perform maintenance.tell_transfer(p_centre_id, v_gone.id, 'cancelled', v_now);
    end loop;
    outcome := 'cancelled';
    version := p_version + 1;
    return next;
end
$$;
comment on function maintenance.cancel_transfer(smallint, uuid, integer, uuid) is
    'Calls a journey to come off, with the other one of its trip. outcome: cancelled, notFound, forbidden, versionMismatch, over (it has begun, or was called off), otherJourney (leaves from there, when), awaited (booked there, when).';

create function maintenance.carry_out_transfers(p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_due uuid[];
    v_centre smallint;
    v_transfer maintenance.transfer;
    v_count integer := 0;
begin
    v_due := array(
        select t.id from maintenance.transfer t
        where t.cancelled_at is null and t.carried_out_at is null and upper(t.during) <= v_now
        order by upper(t.during), t.id limit p_limit);
    for v_centre in select distinct plateau.centre_of(d.id) as centre_id from unnest(v_due) as d (id) order by 1 loop
        perform pg_advisory_xact_lock(plateau.label_lock(v_centre));
    end loop;
    for v_transfer in
        select t.* from unnest(v_due) as d (id)
        join maintenance.transfer t on t.centre_id = plateau.centre_of(d.id) and t.id = d.id
        where t.cancelled_at is null and t.carried_out_at is null
        order by upper(t.during), t.id for update of t
    loop
        update maintenance.transfer t set carried_out_at = v_now, version = t.version + 1
        where t.centre_id = v_transfer.centre_id and t.id = v_transfer.id;
        if v_transfer.to_site_id <> (select r.site_id from platforms.resource r
                                     where r.centre_id = v_transfer.centre_id and r.id = v_transfer.asset_id) then
            perform maintenance.move_asset(
                v_transfer.centre_id, v_transfer.asset_id, v_transfer.to_site_id, v_transfer.recorded_by, upper(v_transfer.during), v_now);
        end if;
        perform maintenance.tell_transfer(v_transfer.centre_id, v_transfer.id, 'arrived', v_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
comment on function maintenance.carry_out_transfers(integer) is
    'Makes the site at which a journey has ended the place of its asset, with a line of its history. Until then maintenance.place_at says the same. How many.';

-- MARK: Loans

create function maintenance.loan_rules(p_resource platforms.resource, p_borrower smallint, p_during tstzrange) returns jsonb
    language plpgsql stable
as $$
declare
    v_gate labels.gate_result;
begin
    select d.* into v_gate
    from centres.site s
    cross join lateral labels.gate(
        p_resource.centre_id, true, s.zone, p_during,
        (select o.id from access.organisation o where o.centre_id = p_borrower order by o.id limit 1), p_borrower, '{}', '{}', true) d
    where s.centre_id = p_resource.centre_id and s.id = p_resource.site_id;
    -- In force, both: a label that may not last lends nothing.
    return coalesce((
        select jsonb_agg(g.rule || case g.rule ->> 'verdict' when 'notApplicable' then '{"verdict": "deny"}'::jsonb else '{}' end)
        from jsonb_array_elements(v_gate.rules) as g (rule)
        where g.rule ->> 'rule' in ('succession', 'ownerLabel', 'callerLabel') and g.rule ->> 'verdict' <> 'allow'
          and g.rule ->> 'code' <> 'networkResource'), '[]');
end
$$;
comment on function maintenance.loan_rules(platforms.resource, smallint, tstzrange) is
    'What both gates say against a loan: the labels of owner and borrower are in force on each of its days, or the network itself lends. An empty array: nothing.';

create function maintenance.loan_in_the_way(p_resource platforms.resource, p_borrower smallint, p_during tstzrange, p_now timestamptz)
    returns tstzrange
    language sql stable
as $$
    select tstzrange(min(o.use_starts), max(o.ends))
    from platforms.occupancy o
    -- What is out or on its way stands in no use of its own; the borrower may have it by now.
    left join maintenance.outage x on x.centre_id = o.centre_id and x.id = o.holder_id and x.cause in ('custody', 'transfer')
    left join maintenance.custody_item i on i.centre_id = x.centre_id and i.asset_id = p_resource.id and i.outage_id = x.id
    left join maintenance.custody c on c.centre_id = i.centre_id and c.id = i.custody_id
    left join access.organisation g on g.id = case when x.id is null then o.organisation_id else c.organisation_id end
    where o.centre_id = p_resource.centre_id and o.resource_id = p_resource.id and o.ends > greatest(lower(p_during), p_now)
      and o.starts < upper(p_during) and (o.use_starts < o.use_ends or x.id is not null) and g.centre_id is distinct from p_borrower
$$;
comment on function maintenance.loan_in_the_way(platforms.resource, smallint, tstzrange, timestamptz) is
    'From when to when others than the borrower booked an asset within a loan, have it or send it somewhere; unbounded where nobody did.';

create function maintenance.lock_loan(p_owner smallint, p_borrower smallint) returns void
    language plpgsql volatile
as $$
begin
    -- The owner's bookings wait, the borrower's label stands still; in the one order of all callers.
    perform plateau.take_locks(
        array(select plateau.label_lock(c) from unnest(array[p_owner, p_borrower]) c order by 1),
        array(select c = p_owner from unnest(array[p_owner, p_borrower]) c order by plateau.label_lock(c)));
end
$$;

create function maintenance.tell_loan(p_centre_id smallint, p_id uuid, p_what text, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
    select l.centre_id, 'loan.' || p_what, l.id,
           (select o.id from access.organisation o where o.centre_id = l.borrower order by o.id limit 1), l.version,
           jsonb_build_object('resourceId', l.asset_id, 'start', plateau.rfc3339(lower(l.during)), 'end', plateau.rfc3339(upper(l.during)),
                              'borrowerId', (select c.id from centres.centre c where c.centre_id = l.borrower)), p_now
    from maintenance.loan l where l.centre_id = p_centre_id and l.id = p_id;
end
$$;
comment on function maintenance.tell_loan(smallint, uuid, text, timestamptz) is
    'The event of what became of a loan, for the centre that owns the asset and the organisation of the one that borrows it.';

create function maintenance.propose_loan(
    p_centre_id smallint, p_id uuid, p_asset_id uuid, p_key uuid, p_borrower uuid, p_starts timestamptz, p_ends timestamptz,
    p_conditions text) returns table (outcome text, rules jsonb, moment timestamptz, free_from timestamptz, zone text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
    v_asset inventory.asset;
    v_borrower smallint := plateau.centre_of(p_borrower);
    v_during tstzrange := tstzrange(p_starts, p_ends);
    v_loan maintenance.loan;
    v_held tstzrange;
    v_now timestamptz;
begin
    if not (access.runs(p_key, p_centre_id) or access.runs(p_key, v_borrower)) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    perform maintenance.lock_loan(p_centre_id, v_borrower);
    v_now := plateau.clock();
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_asset_id;
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_asset_id for update;
    select s.zone into zone from centres.site s where s.centre_id = p_centre_id and s.id = v_resource.site_id;
    outcome := case when v_asset.id is null then 'notFound'
                    when v_resource.retired_at is not null then 'retired'
                    when not v_asset.is_mobile then 'notMobile'
                    when not exists (select from centres.centre c
                                     where c.centre_id = v_borrower and c.id = p_borrower and c.kind = 'centre')
                        then 'borrowerUnknown'
                    when v_borrower = p_centre_id then 'ownCentre'
                    when p_ends <= v_now then 'past' end;
    if outcome is null then
        v_loan := maintenance.lent_to_others(p_centre_id, p_asset_id, v_during, null);
        moment := lower(v_loan.during);
        free_from := upper(v_loan.during);
        outcome := case when v_loan.id is not null then 'onLoan' end;
    end if;
    if outcome is null then
        rules := maintenance.loan_rules(v_resource, v_borrower, v_during);
        v_held := maintenance.loan_in_the_way(v_resource, v_borrower, v_during, v_now);
        moment := lower(v_held);
        free_from := upper(v_held);
        outcome := case when rules <> '[]' then 'refused' when moment is not null then 'awaited' end;
    end if;
    if outcome is not null then
        return next;
        return;
    end if;
    insert into maintenance.loan (centre_id, id, asset_id, borrower, during, conditions, proposed_by_centre, proposed_at, proposed_by)
    values (p_centre_id, p_id, p_asset_id, v_borrower, v_during, p_conditions,
            case when access.runs(p_key, p_centre_id) then p_centre_id else v_borrower end, v_now, p_key);
    perform maintenance.tell_loan(p_centre_id, p_id, 'proposed', v_now);
    outcome := 'proposed';
    return next;
end
$$;
comment on function maintenance.propose_loan(smallint, uuid, uuid, uuid, uuid, timestamptz, timestamptz, text) is
    'Proposes that a centre lends an asset to another, by the manager of either. outcome: proposed, notFound, forbidden, retired, notMobile, borrowerUnknown, ownCentre, past, onLoan (from when to when), refused (with the rules of both gates), awaited (by others than the borrower, from when to when).';

create function maintenance.decide_loan(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_is_accepted boolean, p_reason text)
    returns table (outcome text, version integer, rules jsonb, moment timestamptz, free_from timestamptz, zone text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_loan maintenance.loan;
    v_standing maintenance.loan;
    v_resource platforms.resource;
    v_asset inventory.asset;
    v_held tstzrange;
    v_other smallint;
    v_now timestamptz;
begin
    select * into v_loan from maintenance.loan l where l.centre_id = p_centre_id and l.id = p_id;
    if v_loan.id is null then
        outcome := 'notFound';
        return next;
        return;
    end if;
    v_other := case when v_loan.proposed_by_centre = p_centre_id then v_loan.borrower else p_centre_id end;
    if not (access.runs(p_key, v_other) or not p_is_accepted and access.runs(p_key, v_loan.proposed_by_centre)) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    perform maintenance.lock_loan(p_centre_id, v_loan.borrower);
    v_now := plateau.clock();
    select * into v_loan from maintenance.loan l where l.centre_id = p_centre_id and l.id = p_id for update;
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = v_loan.asset_id;
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = v_loan.asset_id;
    select s.zone into zone from centres.site s where s.centre_id = p_centre_id and s.id = v_resource.site_id;
    version := v_loan.version;
    outcome := case when v_loan.version <> p_version then 'versionMismatch'
                    when v_loan.state <> 'proposed' then 'over'
                    when not p_is_accepted then null
                    -- Two sides, two people.
                    when access.same_person(p_key, v_loan.proposed_by) then 'ownProposal'
                    when v_resource.retired_at is not null then 'retired'
                    when not v_asset.is_mobile then 'notMobile'
                    when upper(v_loan.during) <= v_now then 'past' end;
    if outcome is null and p_is_accepted then
        v_standing := maintenance.lent_to_others(p_centre_id, v_loan.asset_id, v_loan.during, null);
        moment := lower(v_standing.during);
        free_from := upper(v_standing.during);
        outcome := case when v_standing.id is not null then 'onLoan' end;
        if outcome is null then
            rules := maintenance.loan_rules(v_resource, v_loan.borrower, v_loan.during);
            v_held := maintenance.loan_in_the_way(v_resource, v_loan.borrower, v_loan.during, v_now);
            moment := lower(v_held);
            free_from := upper(v_held);
            outcome := case when rules <> '[]' then 'refused' when moment is not null then 'awaited' end;
        end if;
    end if;
    if outcome is not null then
        return next;
        return;
    end if;
    update maintenance.loan l
    set state = case when p_is_accepted then 'accepted' when access.runs(p_key, v_other) then 'declined' else 'withdrawn' end,
        decided_at = v_now, decided_by = p_key, reason = p_reason, version = l.version + 1
    where l.centre_id = p_centre_id and l.id = p_id
    returning l.version, l.state into version, outcome;
    perform maintenance.tell_loan(p_centre_id, p_id, outcome, v_now);
    return next;
end
$$;
comment on function maintenance.decide_loan(smallint, uuid, integer, uuid, boolean, text) is
    'The answer of the other side, or the withdrawal by the one that proposed. outcome: accepted, declined, withdrawn, notFound, forbidden, versionMismatch, over (decided already), ownProposal (the same person proposed it), retired, notMobile, past, onLoan, refused, awaited.';

create function maintenance.return_loan(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_outage uuid, p_reason text)
    returns table (outcome text, version integer, displaced uuid[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_loan maintenance.loan;
    v_outage maintenance.outage;
    v_left tstzrange;
    v_now timestamptz;
begin
    select * into v_loan from maintenance.loan l where l.centre_id = p_centre_id and l.id = p_id;
    outcome := case when v_loan.id is null then 'notFound'
                    when not (access.runs(p_key, p_centre_id) or access.runs(p_key, v_loan.borrower)) then 'forbidden' end;
    if outcome is not null then
        return next;
        return;
    end if;
    perform maintenance.lock_loan(p_centre_id, v_loan.borrower);
    v_now := plateau.clock();
    select * into v_loan from maintenance.loan l where l.centre_id = p_centre_id and l.id = p_id for update;
    version := v_loan.version;
    outcome := case when v_loan.version <> p_version then 'versionMismatch'
                    when v_loan.state <> 'accepted' or v_loan.ended_at is not null or upper(v_loan.during) <= v_now then 'over' end;
    if outcome is not null then
        return next;
        return;
    end if;
    v_left := v_loan.during * tstzrange(v_now, null);
    -- What the borrower booked of the rest: the owner's calendar is free again, and these find another place.
    displaced := array(
        select b.id from unnest(maintenance.touched(p_centre_id, v_loan.asset_id, v_left, v_now)) with ordinality as w (id, number)
        join bookings.booking b on b.centre_id = plateau.centre_of(w.id) and b.id = w.id
        join access.organisation o on o.id = b.organisation_id and o.centre_id = v_loan.borrower
        order by w.number);
    if displaced <> '{}' then
        insert into maintenance.outage (
            centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by, ended_at, ended_by)
        values (p_centre_id, p_outage, v_loan.asset_id, 'loan',
                v_left * tstzrange(null, lower(v_left) + interval '366 days'), lower(v_left), coalesce(p_reason, 'loan'), v_now, p_key,
                v_now, p_key)
        returning * into v_outage;
        perform maintenance.displace(v_outage, displaced, p_key, v_now);
    end if;
    update maintenance.loan l
    set ended_at = v_now, ended_by = p_key, reason = coalesce(p_reason, l.reason), version = l.version + 1,
        during = case when lower(l.during) < v_now then tstzrange(lower(l.during), v_now) else l.during end
    where l.centre_id = p_centre_id and l.id = p_id;
    perform maintenance.tell_loan(p_centre_id, p_id, 'ended', v_now);
    outcome := 'ended';
    version := p_version + 1;
    return next;
end
$$;
comment on function maintenance.return_loan(smallint, uuid, integer, uuid, uuid, text) is
    'Ends a loan now, or calls off one to come. What the borrower booked of the rest is displaced, under an outage that is over at once: it takes no room. outcome: ended (displaced), notFound, forbidden, versionMismatch, over.';

-- MARK: What they mean for outages and bookings

create or replace function maintenance.end_outage(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_outage maintenance.outage;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    perform maintenance.lock(p_centre_id, p_id);
    v_now := plateau.clock();
    select * into v_outage from maintenance.outage o where o.centre_id = p_centre_id and o.id = p_id for update;
    if not found then
        return query select 'notFound', null::integer;
    elsif v_outage.version <> p_version then
        return query select 'versionMismatch', v_outage.version;
    elsif v_outage.cause = 'fault' then
        return query select 'endsWithFault', v_outage.version;
    elsif v_outage.cause in ('custody', 'transfer', 'loan') then
        return query select 'endsWithReturn', v_outage.version;
    elsif v_outage.ended_at is not null or upper(v_outage.during) <= v_now then
        return query select 'over', v_outage.version;
    else
        perform maintenance.stop(v_outage, p_key, v_now);
        return query select 'ended', p_version + 1;
    end if;
end
$$;
comment on function maintenance.end_outage(smallint, uuid, integer, uuid) is
    'Ends an outage now, or takes back one to come. outcome: ended, notFound, forbidden, versionMismatch, endsWithFault, endsWithReturn (equipment is out, or on its way), over.';

create or replace function maintenance.report_fault(
    p_centre_id smallint, p_id uuid, p_outage_id uuid, p_resource_id uuid, p_key uuid, p_severity text, p_description text,
    p_expected_at timestamptz, p_expected uuid[], p_dry_run boolean) returns maintenance.verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict maintenance.verdict;
    v_resource platforms.resource;
    v_outage maintenance.outage;
    v_keeper smallint;
    v_now timestamptz;
begin
    v_keeper := maintenance.keeper_of(p_key, p_centre_id, array[p_resource_id], plateau.clock());
    if v_keeper is null then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    v_keeper := maintenance.keeper_of(p_key, p_centre_id, array[p_resource_id], v_now);
    if v_keeper is null then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_resource_id for update;
    v_verdict.outcome := coalesce(
        maintenance.resource_fault(v_resource), case when p_severity = 'stopsUse' and p_expected_at <= v_now then 'past' end);
    if v_verdict.outcome is not null then
        return v_verdict;
    end if;
    v_verdict.displaced := case p_severity
        when 'stopsUse' then maintenance.touched(p_centre_id, p_resource_id, tstzrange(v_now, p_expected_at), v_now)
        else '{}'::uuid[] end;
    if p_expected is not null
        and not (p_expected @> v_verdict.displaced and p_expected <@ v_verdict.displaced) then
        v_verdict.outcome := 'displacedChanged';
        return v_verdict;
    elsif p_dry_run then
        v_verdict.outcome := 'wouldReport';
        return v_verdict;
    end if;
    v_outage := maintenance.open_fault(v_resource, p_id, p_outage_id, p_severity, p_description, p_expected_at, p_key, v_now);
    if v_outage.id is not null then
        v_verdict.displaced := maintenance.take_up(v_outage, p_key, v_now);
    end if;
    v_verdict.outcome := 'reported';
    v_verdict.version := 1;
    return v_verdict;
end
$$;

create function maintenance.open_fault(
    p_resource platforms.resource, p_id uuid, p_outage_id uuid, p_severity text, p_description text, p_expected_at timestamptz, p_key uuid,
    p_now timestamptz) returns maintenance.outage
    language plpgsql volatile
as $$
declare
    v_outage maintenance.outage;
begin
    if p_severity = 'stopsUse' then
        insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by)
        values (p_resource.centre_id, p_outage_id, p_resource.id, 'fault', tstzrange(p_now, p_expected_at),
                least(p_expected_at, p_now + make_interval(days => p_resource.horizon_days + 32)), p_description, p_now, p_key)
        returning * into v_outage;
        perform maintenance.note_state(p_resource.centre_id, p_resource.id, 'faulty', p_expected_at, p_key, p_description, p_now);
    end if;
    insert into maintenance.fault (
        centre_id, id, resource_id, severity, description, expected_at, outage_id, reported_at, reported_by)
    values (p_resource.centre_id, p_id, p_resource.id, p_severity, p_description, p_expected_at, v_outage.id, p_now, p_key);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_resource.centre_id, 'fault.reported', p_id, 1, p_now);
    return v_outage;
end
$$;
comment on function maintenance.open_fault(
    platforms.resource, uuid, uuid, text, text, timestamptz, uuid, timestamptz) is
    'Writes a fault, and the outage that one that stops use is; its id is null: it is none. The caller holds the label lock exclusively, has judged whether it may be, and takes the outage up.';

create or replace function bookings.cancel(p_booking uuid, p_key uuid, p_version integer, p_reason text)
    returns table (outcome text, version integer, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_organisation uuid;
    v_state text;
    v_now timestamptz := plateau.clock();
begin
    select k.organisation_id into v_organisation from access.api_key k
    where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > v_now);
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    if not found then
        return query select 'notFound', null::integer, null::text;
        return;
    end if;
    v_state := case
                   -- Whoever may book for an organisation may cancel for it; its centre's staff also elsewhere.
                   when v_booking.organisation_id = v_organisation
                        and exists (select from access.api_key_role r where r.key_id = p_key
                                    and r.role in ('booker', 'organisationAdmin', 'centreStaff', 'centreManager', 'networkManager'))
                       then 'cancelledByUser'
                   when exists (select from unnest(v_booking.centres) c
                                where access.has_role(p_key, array['centreStaff', 'centreManager'], c))
                       then 'cancelledByCentre'
                   when access.has_role(p_key, array['networkManager'], v_booking.centre_id) then 'cancelledByNetwork'
                   when v_booking.organisation_id = v_organisation then 'forbidden'
               end;
    if v_state is null then
        return query select 'notFound', null::integer, null::text;
    elsif v_state = 'forbidden' then
        return query select 'forbidden', null::integer, null::text;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
    elsif v_booking.state not in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended') then
        return query select 'notCancellable', v_booking.version, v_booking.state;
    elsif v_booking.starts <= v_now and v_state = 'cancelledByUser' then
        return query select 'alreadyStarted', v_booking.version, v_booking.state;
    elsif maintenance.fetched(p_booking) = 'out' then
        -- Its room would be free for others while somebody has the equipment.
        return query select 'equipmentOut', v_booking.version, v_booking.state;
    else
        perform bookings.freeze_fee(v_booking, v_state, v_now);
        delete from bookings.approval a where a.centre_id = v_booking.centre_id and a.booking_id = p_booking and a.decided_at is null;
        return query select 'cancelled',
            bookings.leave(v_booking, v_state, p_key, v_organisation, p_reason, 'booking.cancelled', v_now), v_state;
    end if;
end
$$;
comment on function bookings.cancel(uuid, uuid, integer, text) is
    'outcome: cancelled, notFound, forbidden, versionMismatch, notCancellable, alreadyStarted, equipmentOut (handed out for it, and not back); with the version and state now.';

create or replace function bookings.cancel_series(
    p_series uuid, p_key uuid, p_version integer, p_from timestamptz, p_only_this boolean, p_reason text)
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
        elsif v_cancelled.outcome = 'equipmentOut' and v_booking.starts <= plateau.clock() and not p_only_this then
            -- Under way: it stays, and keeps nothing else from going.
            v_cancelled.outcome := 'alreadyStarted';
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
    'Cancels the bookings of a series from an occurrence on (null: all), or that one only. outcome of the whole: notFound, versionMismatch; of each occurrence: that of bookings.cancel, alreadyStarted for one of several that has begun and whose equipment is out. The caller rolls back what it does not accept.';

create or replace function bookings.mark_no_show(p_booking uuid, p_key uuid, p_version integer, p_reason text)
    returns table (outcome text, version integer, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    v_now := plateau.clock();
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text;
    elsif not exists (
        select from unnest(v_booking.centres) c
        where access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], c)) then
        return query select 'forbidden', v_booking.version, v_booking.state;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
    elsif v_booking.state not in ('conditional', 'confirmed') then
        return query select 'notUsable', v_booking.version, v_booking.state;
    elsif v_booking.starts > v_now then
        return query select 'tooEarly', v_booking.version, v_booking.state;
    elsif maintenance.fetched(p_booking) = 'out' then
        -- Somebody came: the rest of the time would be free for others while the equipment is gone.
        return query select 'equipmentOut', v_booking.version, v_booking.state;
    else
        perform bookings.freeze_fee(v_booking, 'noShow', v_now);
        return query select 'marked',
            bookings.leave(v_booking, 'noShow', p_key, null, p_reason, 'booking.noShow', v_now), 'noShow'::text;
    end if;
end
$$;
comment on function bookings.mark_no_show(uuid, uuid, integer, text) is
    'The staff confirms that nobody came. outcome: marked, notFound, forbidden, versionMismatch, notUsable (checked in, or not live), tooEarly, equipmentOut (somebody fetched what was booked, and it is not back).';

create or replace function bookings.is_no_show(p_booking bookings.booking, p_now timestamptz) returns boolean
    language plpgsql stable
as $$
begin
    -- Only where nobody of the staff is there to see, and never once any line is checked in or anything fetched.
    return p_booking.state in ('conditional', 'confirmed') and p_booking.starts <= p_now
        and not exists (select from bookings.use u where u.centre_id = p_booking.centre_id and u.booking_id = p_booking.id)
        and maintenance.fetched(p_booking.id) is null
        and not exists (
            select from bookings.line l
            join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
            cross join lateral bookings.terms_of(r) t
            where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
              and not coalesce(t.is_self_service and p_booking.starts + make_interval(mins => t.no_show_minutes) <= p_now, false));
end
$$;

create or replace function bookings.judge_label(
    p_booking bookings.booking, p_policy labels.policy, out verdict text, out code text)
    language plpgsql stable
as $$
declare
    v_line record;
    v_days daterange;
    v_caller smallint;
    v_verdict text;
    v_code text;
    v_rank integer := 0;
    v_line_rank integer;
    v_gate labels.gate_result;
begin
    -- The gate's rules about labels and audiences. Membership is not judged again for those who came in by it.
    verdict := 'allow';
    code := 'labelled';
    select o.centre_id into v_caller from access.organisation o where o.id = p_booking.organisation_id;
    for v_line in
        select r.centre_id, r.id as resource_id, r.is_shared, s.zone, tstzrange(l.starts, l.ends) as slot
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
    loop
        continue when v_line.centre_id = v_caller;
        if v_caller is null then
            v_days := plateau.local_days(v_line.slot, v_line.zone);
            select w.verdict, w.code into v_verdict, v_code
            from labels.whole_slot(v_line.centre_id, lower(v_days), upper(v_days) - 1, p_policy) w;
            if v_verdict <> 'deny' and exists (
                select from generate_series(lower(v_days), upper(v_days) - 1, interval '1 day') d (day)
                where labels.missing_audiences(labels.file_in_force(v_line.centre_id, d.day::date, 'infinity'),
                                               p_booking.audiences, p_booking.head_counts) is not null) then
                v_verdict := 'deny';
                v_code := 'audienceNotTargeted';
            end if;
        else
            v_gate := labels.gate(v_line.centre_id, v_line.is_shared, v_line.zone, v_line.slot, p_booking.organisation_id, v_caller,
                                  p_booking.audiences, p_booking.head_counts, true, v_line.resource_id);
            -- What is local or lent is no matter of labels: bookings.restore asks whether anybody comes back into it.
            select case when bool_or(r.rule ->> 'verdict' = 'deny') then 'deny'
                        when bool_or(r.rule ->> 'verdict' = 'conditional') then 'conditional' else 'allow' end into v_verdict
            from jsonb_array_elements(v_gate.rules) as r (rule) where r.rule ->> 'rule' not in ('visibility', 'loan');
            -- A centre whose own label is suspended is denied as no member; it is the suspension that will pass.
            select r.rule ->> 'code' into v_code
            from jsonb_array_elements(v_gate.rules) with ordinality as r (rule, number)
            where r.rule ->> 'verdict' = v_verdict and r.rule ->> 'rule' not in ('visibility', 'loan')
               or v_verdict = 'deny' and r.rule ->> 'rule' = 'callerLabel' and r.rule ->> 'code' = 'labelSuspended'
            order by r.number limit 1;
        end if;
        v_line_rank := case when v_verdict = 'deny' and v_code <> 'labelSuspended' then 3 when v_verdict = 'deny' then 2
                            when v_verdict = 'conditional' then 1 else 0 end;
        if v_line_rank > v_rank then
            v_rank := v_line_rank;
            verdict := v_verdict;
            code := v_code;
        end if;
    end loop;
end
$$;

create function maintenance.follow_booking(p_booking bookings.booking, p_now timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_custody maintenance.custody;
begin
    -- None is locked that stays as it is: where the booking has no line any more, a return may hold it and wait for the booking.
    for v_custody in
        select c.* from maintenance.custody c where c.booking_id = p_booking.id and c.closed_at is null
        order by c.centre_id, c.id
    loop
        if maintenance.put_off(v_custody, maintenance.due_with_booking(v_custody, p_booking, p_now)) then
            update maintenance.custody c set version = c.version + 1
            where c.centre_id = v_custody.centre_id and c.id = v_custody.id;
            perform maintenance.tell_custody(v_custody.centre_id, v_custody.id, 'extended', p_now);
        end if;
    end loop;
end
$$;
comment on function maintenance.follow_booking(bookings.booking, timestamptz) is
    'After a booking came to end later: what is out for it, and was due with it, is due by then. The caller holds the label locks of its centres.';

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
    v_new bookings.booking;
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
        if v_verdict.outcome = 'changed' and not p_dry_run then
            -- As it is now: nothing follows what has yet to be approved.
            select * into v_new from bookings.booking b where b.centre_id = v_old.centre_id and b.id = p_booking;
            perform maintenance.follow_booking(v_new, v_now);
        else
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

create or replace function labels.gate(
    p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange,
    p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_explain boolean,
    p_resource uuid default null)
    returns labels.gate_result
    language plpgsql stable
as $$
declare
    v_result labels.gate_result;
    v_days daterange := plateau.local_days(p_slot, p_zone);
    v_first date := lower(v_days);
    v_last date := upper(v_days) - 1;
    v_rules jsonb := '[]'::jsonb;
    v_policy labels.policy;
    v_whole labels.slot_verdict;
    v_code text;
    v_verdict text;
    v_own boolean := coalesce(p_caller_centre = p_owner_centre, false);
    v_direct boolean := false;
    v_membership access.membership;
    v_member_during daterange;
    v_agreed access.agreement_verdict;
    v_succession centres.succession;
    v_file labels.recognition_file;
    v_missing text[];
    v_day date;
    v_loan maintenance.loan;
    v_borrows boolean := false;
begin
    v_result.verdict := 'allow';
    select * into v_policy from labels.policy;

    -- What is lent is its borrower's while it is lent, local or not, and nobody else's.
    if p_resource is not null then
        v_loan := maintenance.lent_to_others(p_owner_centre, p_resource, p_slot, p_caller_centre);
        v_borrows := p_caller_centre is not null and not v_own
            and maintenance.borrows(p_owner_centre, p_resource, p_slot, p_caller_centre);
    end if;

    -- Rule 1: local resources are their own centre's.
    if not p_is_shared and not v_own and not v_borrows then
        v_result.verdict := 'deny';
    end if;
    if p_explain then
        v_rules := v_rules || jsonb_build_object('rule', 'visibility', 'verdict', v_result.verdict, 'code',
            case when v_own then 'ownResource' when v_borrows then 'borrowed' when p_is_shared then 'resourceShared'
                 else 'resourceLocal' end,
            'facts', jsonb_build_object('visibility', case when p_is_shared then 'shared' else 'local' end));
    end if;

    if v_loan.id is not null then
        v_result.verdict := 'deny';
        v_rules := v_rules || jsonb_build_object('rule', 'loan', 'verdict', 'deny', 'code', 'onLoan', 'facts', jsonb_build_object(
            'borrowerId', (select c.id from centres.centre c where c.centre_id = v_loan.borrower),
            'start', plateau.rfc3339(lower(v_loan.during)), 'end', plateau.rfc3339(upper(v_loan.during)), 'zone', p_zone));
    end if;

    -- A centre in whose place another stands takes nobody in any more, itself included.
    select s.* into v_succession from centres.succession s where s.centre_id = p_owner_centre and s.from_day <= v_last;
    if v_succession.centre_id is not null then
        v_result.verdict := 'deny';
        v_rules := v_rules || jsonb_build_object('rule', 'succession', 'verdict', 'deny', 'code', 'centreSucceeded', 'facts',
            (select jsonb_build_object('centreId', c.id, 'successorId', s.id, 'from', v_succession.from_day)
             from centres.centre c, centres.centre s
             where c.centre_id = p_owner_centre and s.centre_id = v_succession.successor_id));
    end if;

    -- Rule 2: the owner's label for the whole slot. Own resources and the network's need none.
    if p_owner_centre = 0 or v_own then
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'ownerLabel', 'verdict', 'notApplicable', 'code',
                case when v_own then 'ownResource' else 'networkResource' end, 'facts', '{}'::jsonb);
        end if;
        if v_own and p_owner_centre <> 0 then
            select p.status, p.decision_id into v_result.label_status, v_result.label_decision_id
            from labels.label_period p where p.centre_id = p_owner_centre and p.during @> v_first;
        end if;
    else
        v_whole := labels.whole_slot(p_owner_centre, v_first, v_last, v_policy);
        v_verdict := v_whole.verdict;
        v_result.label_status := v_whole.first_status;
        v_result.label_decision_id := v_whole.first_decision_id;
        v_result.conditional_until := v_whole.until;
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'ownerLabel', 'verdict', v_verdict, 'code', v_whole.code, 'facts',
                labels.label_facts(p_owner_centre, v_first, v_last, v_whole.until, v_whole.period));
        end if;
        if v_verdict = 'deny' then
            v_result.verdict := 'deny';
        elsif v_verdict = 'conditional' and v_result.verdict = 'allow' then
            v_result.verdict := 'conditional';
        end if;
    end if;

    -- Rule 3: a labelled centre has direct access.
    if p_caller_centre is not null and not v_own then
        v_whole := labels.whole_slot(p_caller_centre, v_first, v_last, v_policy);
        v_verdict := v_whole.verdict;
        v_code := v_whole.code;
        if p_caller_centre = 0 then
            v_verdict := 'allow';
            v_code := 'networkResource';
        end if;
        v_direct := v_verdict in ('allow', 'conditional');
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'callerLabel', 'verdict',
                case when v_direct then v_verdict when p_owner_centre = 0 then 'deny' else 'notApplicable' end, 'code', v_code, 'facts',
                labels.label_facts(p_caller_centre, v_first, v_last, v_whole.until, v_whole.period));
        end if;
        if v_verdict = 'conditional' and v_result.verdict = 'allow' then
            v_result.verdict := 'conditional';
        end if;
        v_result.conditional_until := least(v_result.conditional_until, case v_verdict when 'conditional' then v_whole.until end);
    end if;

    -- Rule 4: the network's own resources are for labelled centres.
    if p_owner_centre = 0 and not v_own and not v_direct then
        v_result.verdict := 'deny';
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'networkResource', 'verdict', 'deny', 'code', 'networkResourceNeedsLabel',
                'facts', '{}'::jsonb);
        end if;
    end if;

    -- Rules 5 and 6: everybody else is a member of the network on each day, and every audience is targeted by the file in force.
    if not v_own and not v_direct and p_owner_centre <> 0 then
        -- One membership may follow another without a gap.
        select r.during into v_member_during
        from (select unnest(range_agg(m.during)) as during from access.membership m where m.organisation_id = p_organisation) r
        where r.during @> v_days;
        if not found then
            -- Or an agreement with the centre.
            v_agreed := access.agreed(p_organisation, p_owner_centre, p_resource, v_days, p_audiences, p_head_counts);
            if v_agreed.code is distinct from 'agreementWithCentre' then
                v_result.verdict := 'deny';
            end if;
        end if;
        if p_explain and v_member_during is not null then
            v_rules := v_rules || jsonb_build_object('rule', 'membership', 'verdict', 'allow', 'code', 'memberOfNetwork', 'facts',
                jsonb_strip_nulls(jsonb_build_object('from', lower(v_member_during), 'to', upper(v_member_during) - 1)));
        elsif p_explain and v_agreed.code is not null then
            v_rules := v_rules || jsonb_build_object('rule', 'membership', 'verdict',
                case v_agreed.code when 'agreementWithCentre' then 'allow' else 'deny' end, 'code', v_agreed.code, 'facts', v_agreed.facts);
        elsif p_explain then
            select * into v_membership from access.membership m where m.organisation_id = p_organisation
            order by upper(m.during) desc nulls first limit 1;
            v_rules := v_rules || jsonb_build_object('rule', 'membership', 'verdict', 'deny', 'code', 'membershipRequired', 'facts',
                jsonb_strip_nulls(jsonb_build_object('from', lower(v_membership.during), 'to', upper(v_membership.during) - 1,
                    'slotFirstDay', v_first, 'slotLastDay', v_last)));
        end if;

        v_day := v_first;
        loop
            v_file := labels.file_in_force(p_owner_centre, v_day, 'infinity');
            if v_day = v_first then
                v_result.file_number := v_file.number;
            end if;
            v_missing := labels.missing_audiences(v_file, p_audiences, p_head_counts);
            exit when v_missing is not null or v_day = v_last;
            v_day := v_day + 1;
        end loop;
        if v_missing is not null then
            v_result.verdict := 'deny';
        end if;
        if p_explain and v_missing is not null then
            v_rules := v_rules || jsonb_build_object('rule', 'audience', 'verdict', 'deny', 'code', 'audienceNotTargeted', 'facts',
                jsonb_strip_nulls(jsonb_build_object('missing', v_missing, 'targeted', v_file.audiences, 'fileNumber', v_file.number,
                    'day', v_day)));
        elsif p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'audience', 'verdict', 'allow', 'code', 'audienceTargeted', 'facts',
                jsonb_strip_nulls(jsonb_build_object('targeted', v_file.audiences, 'fileNumber', v_file.number)));
        end if;
    end if;

    if p_explain then
        v_result.rules := v_rules;
    elsif v_result.verdict <> 'allow' then
        -- Most callers are allowed and want no reasons: reasons are made when there is something to explain.
        return labels.gate(p_owner_centre, p_is_shared, p_zone, p_slot, p_organisation, p_caller_centre, p_audiences, p_head_counts, true,
                           p_resource);
    end if;
    return v_result;
end
$$;

create or replace function bookings.time_rules(
    p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_now timestamptz) returns jsonb
    language plpgsql stable
as $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_minutes numeric := extract(epoch from upper(p_slot) - lower(p_slot)) / 60;
    v_local timestamp := lower(p_slot) at time zone p_zone;
    v_open tstzmultirange;
    v_horizon date;
    v_calendar uuid := coalesce(p_resource.calendar_id, p_resource.site_id);
begin
    if p_resource.kind = 'equipment' and p_resource.calendar_id is null then
        -- At the site where it will be by then.
        p_resource.site_id := maintenance.place_at(p_resource, lower(p_slot));
        v_calendar := p_resource.site_id;
    end if;
    if p_resource.retired_at is not null and p_resource.retired_at <= upper(p_slot) then
        v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'resourceRetired', jsonb_build_object(
            'retiredAt', plateau.rfc3339(p_resource.retired_at), 'zone', p_zone));
    end if;
    v_rules := v_rules || bookings.service_rules(p_line, p_resource, p_zone, p_slot);
    if lower(p_slot) < p_now then
        v_rules := v_rules || bookings.rule(p_line, 'notice', 'inThePast', jsonb_build_object('now', plateau.rfc3339(p_now)));
    elsif lower(p_slot) < p_now + make_interval(mins => p_resource.notice_minutes) then
        v_rules := v_rules || bookings.rule(p_line, 'notice', 'noticeTooShort', jsonb_build_object(
            'noticeMinutes', p_resource.notice_minutes,
            'earliestStart', plateau.rfc3339(p_now + make_interval(mins => p_resource.notice_minutes)), 'zone', p_zone));
    end if;
    if plateau.local_day(lower(p_slot), p_zone) > plateau.local_day(p_now, p_zone) + p_resource.horizon_days then
        v_rules := v_rules || bookings.rule(p_line, 'horizon', 'beyondHorizon', jsonb_build_object(
            'horizonDays', p_resource.horizon_days, 'lastDay', plateau.local_day(p_now, p_zone) + p_resource.horizon_days));
    end if;
    if v_minutes < p_resource.minimum_minutes then
        v_rules := v_rules || bookings.rule(p_line, 'duration', 'durationTooShort', jsonb_build_object(
            'minutes', trim_scale(v_minutes), 'minimumMinutes', p_resource.minimum_minutes));
    elsif v_minutes > p_resource.maximum_minutes then
        v_rules := v_rules || bookings.rule(p_line, 'duration', 'durationTooLong', jsonb_build_object(
            'minutes', trim_scale(v_minutes), 'maximumMinutes', p_resource.maximum_minutes));
    end if;
    if extract(epoch from v_local::time)::numeric % (p_resource.grid_minutes * 60) <> 0 or v_minutes % p_resource.grid_minutes <> 0 then
        v_rules := v_rules || bookings.rule(p_line, 'grid', 'offGrid', jsonb_build_object('gridMinutes', p_resource.grid_minutes));
    end if;
    select range_agg(h.during order by h.during) into v_open
    from centres.open_hours h
    where h.centre_id = p_resource.centre_id and h.calendar_id = v_calendar
      and h.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone);
    if v_open is null or not v_open @> p_slot then
        select h.compiled into strict v_horizon from (
            select (select upper(c.compiled) - 1 from centres.open_hours_horizon c
                    where c.centre_id = p_resource.centre_id and c.calendar_id = v_calendar) as compiled) h;
        v_rules := v_rules || bookings.rule(p_line, 'opening', 'closed', jsonb_strip_nulls(jsonb_build_object(
            'openHours', coalesce((select jsonb_agg(jsonb_build_object(
                'start', plateau.rfc3339(lower(r)), 'end', plateau.rfc3339(upper(r)))) from unnest(v_open) r), '[]'),
            'closedDays', (select jsonb_agg(jsonb_build_object('day', d.day, 'reason', d.reason) order by d.day)
                           from centres.closed_day d where d.centre_id = p_resource.centre_id
                             and d.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone)),
            'exceptions', (
                with recursive above as (
                    select c.id, c.parent_id from centres.calendar c where c.centre_id = p_resource.centre_id and c.id = v_calendar
                    union all
                    select c.id, c.parent_id from centres.calendar c join above a on c.id = a.parent_id
                    where c.centre_id = p_resource.centre_id),
                said as (
                    select e.day, e.reason
                    from centres.opening_exception e
                    where e.centre_id = p_resource.centre_id and e.calendar_id in (select a.id from above a)
                    union
                    select g.day, g.reason
                    from centres.closing g
                    where g.centre_id = p_resource.centre_id and (g.site_id is null or g.site_id = p_resource.site_id))
                select jsonb_agg(jsonb_build_object('day', s.day, 'reason', s.reason) order by s.day, s.reason)
                from said s
                where s.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone)),
            -- Said only where it is the reason.
            'calendarKnownUntil', case when plateau.local_day(upper(p_slot), p_zone) > v_horizon then v_horizon end,
            'zone', p_zone)));
    end if;
    return v_rules;
end
$$;

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'maintenance'::regnamespace
               and p.proname in ('check_out_assets', 'check_in_assets', 'warn_of_custodies', 'plan_transfer', 'cancel_transfer',
                                 'carry_out_transfers', 'propose_loan', 'decide_loan', 'return_loan') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'maintenance'::regnamespace
               and p.proname in ('hold', 'release', 'awaited', 'tell_custody', 'note_condition', 'note_change', 'stand_at', 'move_asset',
                                 'place_at', 'depart', 'tell_transfer', 'keeper_of', 'loan_rules', 'loan_in_the_way', 'lock_loan',
                                 'tell_loan', 'booked_piece', 'lock_custody', 'lent_to_others', 'follow_booking', 'fetched', 'borrows',
                                 'due_with_booking', 'put_off', 'lock_outages', 'open_fault', 'keeps_place', 'displace_returned') loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;

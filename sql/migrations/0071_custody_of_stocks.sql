-- Items of stocks are handed out and taken back by number; stocks are counted in stock-taking. Who has a thing may be written to.
-- lock class: access exclusive on platforms.resource and maintenance.custody for a moment (a column with a default, checks, read through
-- once); else none (new tables, functions)

-- MARK: What is out

alter table platforms.resource
    add column out_count integer not null default 0,
    add constraint resource_out_is_there check (out_count between 0 and case kind when 'stock' then capacity else 0 end);
comment on column platforms.resource.out_count is
    'Of a stock, how many items are with somebody (maintenance.custody_stock): never more than there are. What is in house is capacity less these.';

alter table maintenance.custody
    add column contact_email text,
    add constraint custody_contact_present check (length(btrim(contact_email)) between 3 and 254);
comment on column maintenance.custody.contact_email is 'Where whoever took it wants to be reminded; null: nowhere of their own.';

create table maintenance.custody_stock (
    centre_id smallint not null,
    custody_id uuid not null,
    stock_id uuid not null,
    amount integer not null,
    returned integer not null default 0,
    note_out text,
    constraint custody_stock_pkey primary key (centre_id, custody_id, stock_id),
    constraint custody_stock_custody foreign key (centre_id, custody_id) references maintenance.custody (centre_id, id),
    constraint custody_stock_stock foreign key (centre_id, stock_id) references inventory.stock (centre_id, id),
    constraint custody_stock_amount_range check (amount between 1 and 10000),
    constraint custody_stock_back_is_of_it check (returned between 0 and amount),
    constraint custody_stock_note_present check (length(btrim(note_out)) between 1 and 2000)
);
create index custody_stock_by_stock on maintenance.custody_stock (centre_id, stock_id, custody_id);
comment on table maintenance.custody_stock is
    'So many items of a stock in a custody. What no booking takes of their time is room of the stock that the custody holds (platforms.occupancy, holder_id: the custody, line 0).';

create table maintenance.custody_return (
    centre_id smallint not null,
    custody_id uuid not null,
    stock_id uuid not null,
    number integer not null,
    amount integer not null,
    condition text not null,
    note text,
    returned_at timestamptz not null,
    returned_to uuid not null,
    change_number integer,
    constraint custody_return_pkey primary key (centre_id, custody_id, stock_id, number),
    constraint custody_return_of foreign key (centre_id, custody_id, stock_id)
        references maintenance.custody_stock (centre_id, custody_id, stock_id),
    constraint custody_return_change foreign key (centre_id, stock_id, change_number)
        references inventory.stock_change (centre_id, stock_id, number),
    constraint custody_return_amount_range check (amount between 1 and 10000),
    constraint custody_return_condition_known check (condition in ('good', 'broken', 'lost', 'used')),
    constraint custody_return_makes_fewer check ((condition = 'good') = (change_number is null)),
    constraint custody_return_note_present check (length(btrim(note)) between 1 and 500)
);
comment on table maintenance.custody_return is
    'Items that came back at once, or did not: broken, lost, used up. change_number: the change of the stock''s amount that came of it. Rows are only added.';
create trigger custody_return_stays before delete or update or truncate on maintenance.custody_return
    for each statement execute function plateau.refuse_removal();

do $$
declare
    t text;
begin
    foreach t in array array['custody_stock', 'custody_return'] loop
        execute format('alter table maintenance.%I enable row level security', t);
        execute format('alter table maintenance.%I force row level security', t);
        execute format('create policy %I on maintenance.%I to plateau_functions using (true) with check (true)', t || '_functions', t);
        execute format('create policy %I on maintenance.%I for select to plateau_app using (exists ('
            'select from maintenance.custody c where c.centre_id = %I.centre_id and c.id = %I.custody_id))', t || '_actor', t, t, t);
        execute format('grant select, insert on maintenance.%I to plateau_functions', t);
        execute format('grant select on maintenance.%I to plateau_app', t);
    end loop;
end
$$;
grant update on maintenance.custody_stock to plateau_functions;

-- MARK: Amounts

create type inventory.amount_change as (
    outcome text, amount integer, taken integer, taken_at timestamptz, bookings uuid[], booking_references text[], starts timestamptz[],
    ends timestamptz[], amounts integer[]);

create function inventory.put_amount(
    p_centre_id smallint, p_id uuid, p_key uuid, p_cause text, p_change integer, p_note text, p_now timestamptz)
    returns inventory.amount_change
    language plpgsql volatile
as $$
declare
    v_change inventory.amount_change;
    v_resource platforms.resource;
    v_stock inventory.stock;
    v_after integer;
begin
    select k.* into v_stock from inventory.stock k where k.centre_id = p_centre_id and k.id = p_id;
    select r.* into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    v_change.amount := v_resource.capacity;
    v_after := v_resource.capacity + p_change;
    if v_stock.id is null then
        v_change.outcome := 'notFound';
    elsif p_cause = 'used' and not v_stock.is_consumable then
        v_change.outcome := 'notConsumable';
    elsif v_after not between 0 and 10000 then
        v_change.outcome := 'outOfRange';
    elsif v_after < v_resource.out_count then
        -- Of what is out nobody knows yet.
        v_change.outcome := 'itemsOut';
        v_change.taken := v_resource.out_count;
    elsif v_after = 0 then
        -- Who has all that there is has something.
        select 'inUse', u.taken, u.starts into v_change.outcome, v_change.taken, v_change.taken_at
        from platforms.usage_steps(p_centre_id, p_id, p_now, 'infinity') u
        where u.taken > 0 order by u.taken desc, u.starts limit 1;
    end if;
    if v_change.outcome is null then
        select case s.outcome when 'capacityInUse' then 'inUse' else s.outcome end, s.taken, s.taken_at
        into v_change.outcome, v_change.taken, v_change.taken_at
        from platforms.set_capacity(v_resource, v_after) s;
    end if;
    if v_change.outcome = 'inUse' then
        -- Of every moment at which more would be taken than there is.
        select array_agg(b.id order by b.starts, b.id), array_agg(b.reference order by b.starts, b.id),
               array_agg(b.starts order by b.starts, b.id), array_agg(b.ends order by b.starts, b.id),
               array_agg(b.seats order by b.starts, b.id)
        into v_change.bookings, v_change.booking_references, v_change.starts, v_change.ends, v_change.amounts
        from (
            select k.id, k.reference, l.starts, l.ends, l.seats
            from bookings.line l
            join bookings.booking k on k.centre_id = l.centre_id and k.id = l.booking_id
            where (l.centre_id, l.booking_id, l.number) in (
                select plateau.centre_of(o.holder_id), o.holder_id, o.line_number
                from (select range_agg(tstzrange(u.starts, u.ends)) as during
                      from platforms.usage_steps(p_centre_id, p_id, p_now, 'infinity') u where u.taken > v_after) short
                join platforms.occupancy o on o.centre_id = p_centre_id and o.resource_id = p_id
                     and o.ends > p_now and tstzrange(o.starts, o.ends) && short.during)
            order by l.starts, k.id limit 50) b;
    elsif v_change.outcome = 'changed' then
        v_change.amount := v_after;
        update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
        insert into inventory.stock_change (centre_id, stock_id, number, cause, change, amount, note, at, key_id)
        values (p_centre_id, p_id,
                1 + (select max(c.number) from inventory.stock_change c where c.centre_id = p_centre_id and c.stock_id = p_id),
                p_cause, p_change, v_after, p_note, p_now, p_key);
        insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
        values (p_centre_id, 'resource.changed', p_id, v_resource.version + 1, p_now);
        if v_after < v_stock.minimum and v_resource.capacity >= v_stock.minimum then
            insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
            values (p_centre_id, 'stock.low', p_id, v_resource.version + 1,
                    jsonb_build_object('amount', v_after, 'minimum', v_stock.minimum), p_now);
        end if;
    end if;
    return v_change;
end
$$;
comment on function inventory.put_amount(smallint, uuid, uuid, text, integer, text, timestamptz) is
    'More or fewer items, with the cause, and the row of history. The caller may and holds the label lock exclusively. outcome: as of inventory.change_amount.';

create or replace function inventory.change_amount(
    p_centre_id smallint, p_id uuid, p_key uuid, p_cause text, p_change integer, p_note text)
    returns table (outcome text, amount integer, taken integer, taken_at timestamptz, bookings uuid[], booking_references text[],
                   starts timestamptz[], ends timestamptz[], amounts integer[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    -- Bookings hold this lock shared: whichever commits second sees the first.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    return query select c.* from inventory.put_amount(p_centre_id, p_id, p_key, p_cause, p_change, p_note, plateau.clock()) c;
end
$$;
comment on function inventory.change_amount(smallint, uuid, uuid, text, integer, text) is
    'More or fewer items, with the cause. outcome: changed (with the amount then), forbidden, notFound, notConsumable, outOfRange, itemsOut (so many are out, more than would be left), inUse (with how many are taken at most, when, and the first fifty lines of bookings that take more than would be left).';

-- MARK: Custody

create type maintenance.booked_items as (during tstzrange, amount integer, fetched integer);

create function maintenance.items_booked(p_booking bookings.booking, p_stock uuid, p_now timestamptz) returns maintenance.booked_items
    language plpgsql stable
as $$
declare
    v_items maintenance.booked_items;
begin
    v_items.during := maintenance.booked_piece(p_booking, p_stock, p_now);
    -- At the moment at which it holds least: what goes out stays out for all of that time.
    select min(s.amount) into v_items.amount
    from (
        select m.at, sum(case when l.is_exclusive then r.capacity else l.seats end) as amount
        from (select greatest(lower(v_items.during), p_now) as at
              union
              select unnest(array[l.starts, l.ends]) from bookings.line l
              where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and l.resource_id = p_stock) m
        join bookings.line l on l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and l.resource_id = p_stock
             and l.starts <= m.at and l.ends > m.at
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        left join bookings.use u on u.centre_id = l.centre_id and u.booking_id = l.booking_id and u.line_number = l.number
        where u.checked_out_at is null and v_items.during @> m.at and m.at >= p_now
        group by m.at) s;
    select coalesce(sum(x.amount - x.returned), 0) into v_items.fetched
    from maintenance.custody_stock x
    join maintenance.custody c on c.centre_id = x.centre_id and c.id = x.custody_id
    where c.booking_id = p_booking.id and c.closed_at is null and x.stock_id = p_stock;
    return v_items;
end
$$;
comment on function maintenance.items_booked(bookings.booking, uuid, timestamptz) is
    'The first time without a gap, not over yet, for which a booking holds items of a stock, how many it holds throughout, and how many of them are out for it.';

create function maintenance.time_to_hold(p_booked tstzrange, p_due timestamptz, p_now timestamptz) returns tstzrange
    language sql immutable
as $$
    select case when p_booked is null then tstzrange(p_now, p_due)
                when lower(p_booked) > p_now then tstzrange(p_now, least(lower(p_booked), p_due)) end
$$;
comment on function maintenance.time_to_hold(tstzrange, timestamptz, timestamptz) is
    'What no booking takes of the time for which something is out: all of it, or what is before the booking of what is fetched early; null: nothing.';

create function maintenance.hold_items(
    p_resource platforms.resource, p_custody uuid, p_during tstzrange, p_amount integer, p_organisation uuid) returns void
    language plpgsql volatile
as $$
declare
    v_zone text;
    v_starts timestamptz := lower(p_during);
    v_ends timestamptz;
begin
    select s.zone into v_zone from centres.site s where s.centre_id = p_resource.centre_id and s.id = p_resource.site_id;
    loop
        v_ends := least(upper(p_during), plateau.instant_of((plateau.local_day(v_starts, v_zone) + 1)::timestamp, v_zone));
        insert into platforms.occupancy (
            centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id)
        values (p_resource.centre_id, p_resource.id, v_starts, v_ends, v_starts, v_starts, p_amount, false, p_custody, 0,
                coalesce(p_organisation, p_custody));
        exit when v_ends >= upper(p_during);
        v_starts := v_ends;
    end loop;
end
$$;
comment on function maintenance.hold_items(platforms.resource, uuid, tstzrange, integer, uuid) is
    'Takes so many of a stock for a custody, where the caller has seen that so many are free. Not an outage: the others are booked.';

create function maintenance.give_items_back(p_centre_id smallint, p_custody uuid, p_stock uuid, p_amount integer, p_now timestamptz)
    returns void
    language plpgsql volatile
as $$
begin
    delete from platforms.occupancy o
    where o.centre_id = p_centre_id and o.resource_id = p_stock and o.holder_id = p_custody and o.starts >= p_now and o.seats <= p_amount;
    update platforms.occupancy o set seats = o.seats - p_amount
    where o.centre_id = p_centre_id and o.resource_id = p_stock and o.holder_id = p_custody and o.starts >= p_now;
    -- Of today's row, the rest of the day for what stays out.
    insert into platforms.occupancy (
        centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id)
    select o.centre_id, o.resource_id, p_now, o.ends, p_now, p_now, o.seats - p_amount, false, o.holder_id, o.line_number,
           o.organisation_id
    from platforms.occupancy o
    where o.centre_id = p_centre_id and o.resource_id = p_stock and o.holder_id = p_custody and o.starts < p_now and o.ends > p_now
      and o.seats > p_amount;
    update platforms.occupancy o set ends = p_now
    where o.centre_id = p_centre_id and o.resource_id = p_stock and o.holder_id = p_custody and o.starts < p_now and o.ends > p_now;
end
$$;
comment on function maintenance.give_items_back(smallint, uuid, uuid, integer, timestamptz) is
    'Gives back the room that a custody holds for so many items of a stock, from now on.';

create function maintenance.take_items_back(
    p_custody maintenance.custody, p_stock uuid, p_amount integer, p_condition text, p_note text, p_key uuid, p_now timestamptz)
    returns inventory.amount_change
    language plpgsql volatile
as $$
declare
    v_change inventory.amount_change;
    v_number integer;
begin
    update maintenance.custody_stock x set returned = x.returned + p_amount
    where x.centre_id = p_custody.centre_id and x.custody_id = p_custody.id and x.stock_id = p_stock;
    perform maintenance.give_items_back(p_custody.centre_id, p_custody.id, p_stock, p_amount, p_now);
    update platforms.resource r set out_count = r.out_count - p_amount
    where r.centre_id = p_custody.centre_id and r.id = p_stock;
    v_change.outcome := 'same';
    if p_condition = 'good' then
        perform maintenance.note_change(p_custody.centre_id, p_stock, p_now);
    else
        v_change := inventory.put_amount(p_custody.centre_id, p_stock, p_key, p_condition, -p_amount, p_note, p_now);
        if v_change.outcome <> 'changed' then
            return v_change;
        end if;
        select max(g.number) into v_number from inventory.stock_change g
        where g.centre_id = p_custody.centre_id and g.stock_id = p_stock;
    end if;
    insert into maintenance.custody_return (
        centre_id, custody_id, stock_id, number, amount, condition, note, returned_at, returned_to, change_number)
    values (p_custody.centre_id, p_custody.id, p_stock,
            1 + (select count(*) from maintenance.custody_return b
                 where b.centre_id = p_custody.centre_id and b.custody_id = p_custody.id and b.stock_id = p_stock)::integer,
            p_amount, p_condition, p_note, p_now, p_key, v_number);
    return v_change;
end
$$;
comment on function maintenance.take_items_back(
    maintenance.custody, uuid, integer, text, text, uuid, timestamptz) is
    'So many items of a custody are back, or never will be: broken, lost and used up are changes of the stock''s amount, with what stands against them. outcome: same (all good), or that of inventory.put_amount; when it is not changed the caller rolls back. It holds the label lock exclusively.';

create or replace function maintenance.due_with_booking(
    p_custody maintenance.custody, p_booking bookings.booking, p_now timestamptz) returns timestamptz
    language sql stable
as $$
    -- Of each thing the time that the booking has without a gap, from now or the end of what is held before it; the first to end counts.
    select case when bool_and(coalesce(lower(o.piece) <= greatest(o.held_until, p_now), false))
                then least(min(upper(o.piece)), p_custody.handed_out_at + interval '366 days') end
    from (
        select maintenance.booked_piece(p_booking, i.asset_id, p_now) as piece, upper(x.during) as held_until
        from maintenance.custody_item i
        left join maintenance.outage x on x.centre_id = i.centre_id and x.id = i.outage_id
        where i.centre_id = p_custody.centre_id and i.custody_id = p_custody.id and i.returned_at is null
        union all
        -- Of items, as long as the booking still holds so many.
        select case when b.amount >= b.fetched then b.during end,
               (select max(o.ends) from platforms.occupancy o
                where o.centre_id = s.centre_id and o.resource_id = s.stock_id and o.holder_id = s.custody_id)
        from maintenance.custody_stock s
        cross join lateral maintenance.items_booked(p_booking, s.stock_id, p_now) b
        where s.centre_id = p_custody.centre_id and s.custody_id = p_custody.id and s.returned < s.amount) o
    where p_custody.follows_booking and p_booking.state in ('conditional', 'confirmed', 'inUse')
$$;

create or replace function maintenance.tell_custody(p_centre_id smallint, p_id uuid, p_what text, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
    select c.centre_id, 'custody.' || p_what, c.id, c.organisation_id, c.version,
           jsonb_build_object(
               'dueAt', plateau.rfc3339(c.due_at),
               'out', coalesce((
                   select jsonb_agg(i.asset_id order by i.asset_id) from maintenance.custody_item i
                   where i.centre_id = c.centre_id and i.custody_id = c.id and i.returned_at is null), '[]'),
               'itemsOut', coalesce((
                   select jsonb_agg(jsonb_build_object('stockId', s.stock_id, 'amount', s.amount - s.returned) order by s.stock_id)
                   from maintenance.custody_stock s
                   where s.centre_id = c.centre_id and s.custody_id = c.id and s.returned < s.amount), '[]')), p_now
    from maintenance.custody c where c.centre_id = p_centre_id and c.id = p_id;
    -- Whoever has it on loan hears what becomes of it, whoever took it.
    insert into jobs.event_elsewhere (centre_id, xact, home_centre_id, subject_id, version)
    select c.borrower, jobs.transaction_number(), c.centre_id, c.id, c.version
    from maintenance.custody c where c.centre_id = p_centre_id and c.id = p_id and c.borrower is not null
    on conflict do nothing;
end
$$;

drop function maintenance.check_out_assets(
    smallint, uuid, uuid, uuid, uuid, text, timestamptz, text, uuid[], text[], text[], uuid[]);
create function maintenance.check_out_assets(
    p_centre_id smallint, p_id uuid, p_key uuid, p_booking uuid, p_organisation uuid, p_taken_by text, p_due_at timestamptz, p_note text,
    p_contact_email text, p_assets uuid[], p_conditions text[], p_notes text[], p_outages uuid[], p_stocks uuid[], p_amounts integer[],
    p_stock_notes text[])
    returns table (
        outcome text, equipment_id uuid, equipment_name text, moment timestamptz, free_from timestamptz, zone text, rules jsonb,
        items integer)
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
    v_booked maintenance.booked_items;
    v_hold tstzrange;
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
    elsif v_keeper <> p_centre_id and p_stocks <> '{}' then
        -- Nobody has a stock on loan.
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
    for i in 1 .. cardinality(p_stocks) loop
        equipment_id := p_stocks[i];
        select * into v_resource from platforms.resource r
        where r.centre_id = p_centre_id and r.id = p_stocks[i] and r.kind = 'stock' for update;
        equipment_name := v_resource.name;
        items := v_resource.capacity - v_resource.out_count;
        if p_booking is not null then
            v_booked := maintenance.items_booked(v_booking, p_stocks[i], v_now);
            v_ends := least(v_ends, upper(v_booked.during));
        end if;
        outcome := case when v_resource.id is null then 'stockUnknown'
                        when p_booking is not null and not exists (
                            select from bookings.line l
                            where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.resource_id = p_stocks[i])
                            then 'stockNotBooked'
                        when p_booking is not null and v_booked.during is null then 'bookingNotInForce'
                        -- What others have not brought back is not there, whatever is booked.
                        when p_amounts[i] > items then 'tooFewInHouse' end;
        if outcome is null and p_booking is not null and p_amounts[i] > v_booked.amount - v_booked.fetched then
            outcome := 'tooFewBooked';
            items := v_booked.amount - v_booked.fetched;
        end if;
        if outcome is not null then
            return next;
            return;
        end if;
    end loop;
    equipment_id := null;
    equipment_name := null;
    moment := null;
    items := null;
    v_due := coalesce(v_due, v_ends);
    if p_booking is not null then
        -- As when it is checked in: nothing goes to who may not use it.
        select * into v_policy from labels.policy;
        rules := bookings.proofs_lacking(v_booking, array(
            select l.number from bookings.line l
            where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.resource_id = any (p_assets || p_stocks)
              and l.ends > v_now));
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
    for i in 1 .. cardinality(p_stocks) loop
        v_hold := maintenance.time_to_hold(
            case when p_booking is not null then (maintenance.items_booked(v_booking, p_stocks[i], v_now)).during end, v_due, v_now);
        continue when v_hold is null;
        -- What is left at every moment of it; and by when so many could be back.
        select r.id, r.name, s.zone, r.capacity - u.taken, f.starts into equipment_id, equipment_name, zone, items, moment
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        cross join lateral (
            select max(t.taken) as taken from platforms.usage_steps(p_centre_id, r.id, lower(v_hold), upper(v_hold)) t) u
        cross join lateral (
            select min(t.starts) as starts from platforms.usage_steps(p_centre_id, r.id, lower(v_hold), upper(v_hold)) t
            where t.taken + p_amounts[i] > r.capacity) f
        where r.centre_id = p_centre_id and r.id = p_stocks[i];
        if p_amounts[i] > items then
            outcome := 'tooFewFree';
            return next;
            return;
        end if;
    end loop;
    equipment_id := null;
    equipment_name := null;
    moment := null;
    items := null;

    insert into maintenance.custody (
        centre_id, id, booking_id, organisation_id, borrower, taken_by, contact_email, due_at, follows_booking, note, handed_out_at,
        handed_out_by)
    values (p_centre_id, p_id, p_booking, v_organisation, v_borrower, p_taken_by, p_contact_email, v_due,
            coalesce(v_due = v_ends, false), p_note, v_now, p_key);
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
    for i in 1 .. cardinality(p_stocks) loop
        update platforms.resource r set out_count = r.out_count + p_amounts[i], version = r.version + 1
        where r.centre_id = p_centre_id and r.id = p_stocks[i]
        returning * into v_resource;
        insert into maintenance.custody_stock (centre_id, custody_id, stock_id, amount, note_out)
        values (p_centre_id, p_id, p_stocks[i], p_amounts[i], p_stock_notes[i]);
        v_hold := maintenance.time_to_hold(
            case when p_booking is not null then (maintenance.items_booked(v_booking, p_stocks[i], v_now)).during end, v_due, v_now);
        if v_hold is not null then
            perform maintenance.hold_items(v_resource, p_id, v_hold, p_amounts[i], v_organisation);
        end if;
        insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
        values (p_centre_id, 'resource.changed', p_stocks[i], v_resource.version, v_now);
    end loop;
    perform maintenance.tell_custody(p_centre_id, p_id, 'checkedOut', v_now);
    outcome := 'checkedOut';
    return next;
end
$$;
comment on function maintenance.check_out_assets(
    smallint, uuid, uuid, uuid, uuid, text, timestamptz, text, text, uuid[], text[], text[], uuid[], uuid[], integer[], text[]) is
    'Hands assets and items of stocks out, all or none. due_at null: until the time ends for which the booking holds the first of them. outcome: checkedOut, forbidden, bookingUnknown, bookingNotInForce, organisationUnknown, labelSuspended, refused (with the rules about proofs), due (past, or too far), afterBooking (with its end); of one asset: assetUnknown, notMobile, notInService, out (since when), notBooked, bookingNotInForce, onLoan (to others, or to who hands it out but not for so long; from when to when), awaited (by others, from when); of one stock, with how many could go (items): stockUnknown, stockNotBooked, bookingNotInForce, tooFewInHouse, tooFewBooked, tooFewFree (and by when so many could be due).';

drop function maintenance.check_in_assets(smallint, uuid, integer, uuid, uuid[], text[], text[], uuid[], text[], uuid[], uuid[]);
create function maintenance.check_in_assets(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_assets uuid[], p_conditions text[], p_notes text[], p_sites uuid[],
    p_severities text[], p_faults uuid[], p_outages uuid[], p_stocks uuid[], p_amounts integer[], p_stock_conditions text[],
    p_stock_notes text[])
    returns table (outcome text, version integer, equipment_id uuid, equipment_name text, displaced uuid[], items integer,
                   taken integer, taken_at timestamptz, bookings uuid[], booking_references text[], starts timestamptz[],
                   ends timestamptz[], amounts integer[])
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
    v_change inventory.amount_change;
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
    if p_stocks <> '{}' and v_keeper <> p_centre_id then
        v_keeper := null;
    end if;
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
    for i in 1 .. cardinality(p_stocks) loop
        select r.name, x.amount - x.returned into equipment_name, items
        from maintenance.custody_stock x
        join platforms.resource r on r.centre_id = x.centre_id and r.id = x.stock_id
        where x.centre_id = p_centre_id and x.custody_id = p_id and x.stock_id = p_stocks[i];
        outcome := case when not found then 'stockNotTaken'
                        when items < (select sum(n.amount) from unnest(p_stocks, p_amounts) as n (stock, amount)
                                      where n.stock = p_stocks[i])
                            then 'tooManyBack' end;
        if outcome is not null then
            equipment_id := p_stocks[i];
            return next;
            return;
        end if;
    end loop;
    for i in 1 .. cardinality(p_stocks) loop
        v_change := maintenance.take_items_back(
            v_custody, p_stocks[i], p_amounts[i], p_stock_conditions[i], p_stock_notes[i], p_key, v_now);
        if v_change.outcome not in ('changed', 'same') then
            -- What is broken or lost is fewer, as when its number is changed: whoever takes it back frees it first.
            outcome := v_change.outcome;
            equipment_id := p_stocks[i];
            select v_change.taken, v_change.taken_at, v_change.bookings, v_change.booking_references, v_change.starts, v_change.ends,
                   v_change.amounts
            into taken, taken_at, bookings, booking_references, starts, ends, amounts;
            equipment_name := (select r.name from platforms.resource r where r.centre_id = p_centre_id and r.id = p_stocks[i]);
            return next;
            return;
        end if;
    end loop;
    items := null;
    equipment_name := null;
    update maintenance.custody c
    set version = c.version + 1,
        closed_at = case when not exists (select from maintenance.custody_item x
                                          where x.centre_id = p_centre_id and x.custody_id = p_id and x.returned_at is null
                                            and x.asset_id <> all (p_assets))
                          and not exists (select from maintenance.custody_stock x
                                          where x.centre_id = p_centre_id and x.custody_id = p_id and x.returned < x.amount) then v_now end
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
    smallint, uuid, integer, uuid, uuid[], text[], text[], uuid[], text[], uuid[], uuid[], uuid[], integer[], text[], text[]) is
    'Takes assets and items of a custody back, or notes them as lost, all that are named or none; the others stay out. A damaged asset gets a fault report of the severity given, a lost one of a fault that stops use; fault_refused of its item says where there can be none. Items that are broken, lost or used up make their stock smaller. outcome: checkedIn (displaced: by faults that stop use, and by outages that had spared what was out), notFound, forbidden, versionMismatch; of one asset: itemUnknown, returned, siteUnknown; of one stock: stockNotTaken, tooManyBack (with how many are out), notConsumable, inUse (with the bookings); of the last two the caller rolls back.';


-- MARK: Stock-taking

create table inventory.stocktake_stock (
    centre_id smallint not null,
    stocktake_id uuid not null,
    stock_id uuid not null,
    amount integer not null,
    out_count integer not null,
    counted integer,
    counted_at timestamptz,
    counted_by uuid,
    change_number integer,
    constraint stocktake_stock_pkey primary key (centre_id, stocktake_id, stock_id),
    constraint stocktake_stock_stocktake foreign key (centre_id, stocktake_id) references inventory.stocktake (centre_id, id),
    constraint stocktake_stock_stock foreign key (centre_id, stock_id) references inventory.stock (centre_id, id),
    constraint stocktake_stock_change foreign key (centre_id, stock_id, change_number)
        references inventory.stock_change (centre_id, stock_id, number),
    constraint stocktake_stock_out_is_there check (out_count between 0 and amount),
    constraint stocktake_stock_counted_range check (counted between 0 and 10000),
    constraint stocktake_stock_counted_whole check (num_nulls(counted, counted_at, counted_by) in (0, 3)),
    constraint stocktake_stock_corrects_a_difference check (change_number is null or counted <> amount - out_count)
);
comment on table inventory.stocktake_stock is
    'A stock in a count: how many items it had and how many of them were out when it was counted last, or (not counted yet) when the count was opened, and how many were found in house. change_number: the change by which the stock was corrected when the count was closed.';
alter table inventory.stocktake_stock enable row level security;
alter table inventory.stocktake_stock force row level security;
create policy stocktake_stock_functions on inventory.stocktake_stock to plateau_functions using (true) with check (true);
create policy stocktake_stock_actor on inventory.stocktake_stock for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
grant select, insert, update on inventory.stocktake_stock to plateau_functions;
grant select on inventory.stocktake_stock to plateau_app;

create or replace function inventory.open_stocktake(p_centre_id smallint, p_id uuid, p_key uuid, p_site_id uuid)
    returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif p_site_id is not null and not exists (select from centres.site s where s.centre_id = p_centre_id and s.id = p_site_id) then
        return 'siteUnknown';
    end if;
    insert into inventory.stocktake (centre_id, id, site_id, opened_at, opened_by)
    values (p_centre_id, p_id, p_site_id, plateau.clock(), p_key);
    insert into inventory.stocktake_line (centre_id, stocktake_id, asset_id, is_expected, expected_site_id, expected_platform_id)
    select a.centre_id, p_id, a.id, true, r.site_id, a.platform_id
    from inventory.asset a join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
    where a.centre_id = p_centre_id and a.state not in ('ordered', 'retired') and (p_site_id is null or r.site_id = p_site_id);
    insert into inventory.stocktake_stock (centre_id, stocktake_id, stock_id, amount, out_count)
    select k.centre_id, p_id, k.id, r.capacity, r.out_count
    from inventory.stock k join platforms.resource r on r.centre_id = k.centre_id and r.id = k.id
    where k.centre_id = p_centre_id and (p_site_id is null or r.site_id = p_site_id);
    return 'opened';
end
$$;
comment on function inventory.open_stocktake(smallint, uuid, uuid, uuid) is
    'Opens a count of what a site, or the centre, should have: all but what is ordered or retired, and its stocks. outcome: opened, siteUnknown, forbidden.';

create function inventory.count_stock(
    p_centre_id smallint, p_stocktake_id uuid, p_key uuid, p_stock_id uuid, p_counted integer) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_stocktake inventory.stocktake;
    v_stock platforms.resource;
begin
    if not access.has_role(p_key, array['instructor', 'centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    end if;
    -- Shared with others who count; closing waits for them.
    select * into v_stocktake from inventory.stocktake s where s.centre_id = p_centre_id and s.id = p_stocktake_id for share;
    if not found or v_stocktake.closed_at is not null then
        return case when v_stocktake.id is null then 'notFound' else 'closed' end;
    end if;
    -- As it is at this moment: what goes out and comes back while the count is open is no difference.
    select r.* into v_stock from platforms.resource r
    where r.centre_id = p_centre_id and r.id = p_stock_id and r.kind = 'stock'
      and (v_stocktake.site_id is null or r.site_id = v_stocktake.site_id) for share;
    if not found then
        return 'stockUnknown';
    end if;
    insert into inventory.stocktake_stock as k (
        centre_id, stocktake_id, stock_id, amount, out_count, counted, counted_at, counted_by)
    values (p_centre_id, p_stocktake_id, p_stock_id, v_stock.capacity, v_stock.out_count, p_counted, plateau.clock(), p_key)
    on conflict on constraint stocktake_stock_pkey do update
        set amount = excluded.amount, out_count = excluded.out_count, counted = excluded.counted, counted_at = excluded.counted_at,
            counted_by = excluded.counted_by;
    return 'noted';
end
$$;
comment on function inventory.count_stock(smallint, uuid, uuid, uuid, integer) is
    'Notes how many items of a stock were found in house; counted again, the last time counts. outcome: noted, notFound, closed, stockUnknown (not of what is counted), forbidden.';

drop function inventory.close_stocktake(smallint, uuid, uuid);
create function inventory.close_stocktake(p_centre_id smallint, p_id uuid, p_key uuid, p_corrected uuid[])
    returns table (outcome text, stock_id uuid, stock_name text, taken integer, taken_at timestamptz, zone text, bookings uuid[],
                   booking_references text[], starts timestamptz[], ends timestamptz[], amounts integer[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_stocktake inventory.stocktake;
    v_line inventory.stocktake_stock;
    v_change inventory.amount_change;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    if p_corrected <> '{}' then
        -- Bookings hold this lock shared: whichever commits second sees the first.
        perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    end if;
    v_now := plateau.clock();
    select * into v_stocktake from inventory.stocktake s where s.centre_id = p_centre_id and s.id = p_id for update;
    outcome := case when v_stocktake.id is null then 'notFound' when v_stocktake.closed_at is not null then 'closed' end;
    if outcome is not null then
        return next;
        return;
    end if;
    -- Only what is named: a number that differs may as well be miscounted.
    for stock_id in select distinct u from unnest(p_corrected) u order by u loop
        select * into v_line from inventory.stocktake_stock k
        where k.centre_id = p_centre_id and k.stocktake_id = p_id and k.stock_id = close_stocktake.stock_id;
        stock_name := (select r.name from platforms.resource r where r.centre_id = p_centre_id and r.id = close_stocktake.stock_id);
        if v_line.counted is null or v_line.counted = v_line.amount - v_line.out_count then
            outcome := case when v_line.counted is null then 'notCounted' else 'noDifference' end;
            return next;
            return;
        end if;
        -- By the difference, whatever was bought or broke since.
        v_change := inventory.put_amount(
            p_centre_id, stock_id, p_key, 'counted', v_line.counted - (v_line.amount - v_line.out_count), null, v_now);
        if v_change.outcome <> 'changed' then
            select v_change.outcome, v_change.taken, v_change.taken_at, s.zone, v_change.bookings, v_change.booking_references,
                   v_change.starts, v_change.ends, v_change.amounts
            into outcome, taken, taken_at, zone, bookings, booking_references, starts, ends, amounts
            from platforms.resource r join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
            where r.centre_id = p_centre_id and r.id = close_stocktake.stock_id;
            return next;
            return;
        end if;
        update inventory.stocktake_stock k
        set change_number = (select max(g.number) from inventory.stock_change g
                             where g.centre_id = p_centre_id and g.stock_id = close_stocktake.stock_id)
        where k.centre_id = p_centre_id and k.stocktake_id = p_id and k.stock_id = close_stocktake.stock_id;
    end loop;
    -- Counted once, since nothing changes any more.
    update inventory.stocktake s
    set closed_at = v_now, closed_by = p_key, expected = c.expected, seen = c.seen, missing = c.missing, retired = c.retired,
        misplaced = c.misplaced
    from (select (count(*) filter (where l.is_expected))::integer as expected,
                 (count(*) filter (where l.result = 'seen'))::integer as seen,
                 (count(*) filter (where l.result = 'missing'))::integer as missing,
                 (count(*) filter (where l.result = 'retired'))::integer as retired,
                 (count(*) filter (where l.result = 'misplaced'))::integer as misplaced
          from inventory.stocktake_line l where l.centre_id = p_centre_id and l.stocktake_id = p_id) c
    where s.centre_id = p_centre_id and s.id = p_id;
    stock_id := null;
    stock_name := null;
    outcome := 'done';
    return next;
end
$$;
comment on function inventory.close_stocktake(smallint, uuid, uuid, uuid[]) is
    'Ends a count: what nobody saw is missing, for good. Of the stocks that are named the amount is corrected by what differs. outcome: done, notFound, closed, forbidden; of one stock: notCounted, noDifference, itemsOut, outOfRange, inUse (with the bookings that take more than would be left); of the last ones the caller rolls back.';

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace in ('maintenance'::regnamespace, 'inventory'::regnamespace)
               and p.proname in ('check_out_assets', 'check_in_assets', 'count_stock', 'close_stocktake') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('revoke all on function %s from public', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace in ('maintenance'::regnamespace, 'inventory'::regnamespace)
               and p.proname in ('put_amount', 'items_booked', 'time_to_hold', 'hold_items', 'give_items_back', 'take_items_back') loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;

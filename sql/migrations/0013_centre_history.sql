-- Centres through time: dated carriers, succession, the public register; conditional bookings that are judged again as days pass.
-- lock class: ACCESS EXCLUSIVE on centres.centre for a column that moves to a table of its own, SHARE on bookings.booking for an index

-- MARK: Carriers

create table centres.centre_carrier (
    centre_id smallint not null,
    during daterange not null,
    carrier text not null,
    constraint centre_carrier_pkey primary key (centre_id, during),
    constraint centre_carrier_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint centre_carrier_known check (carrier in ('asbl', 'forem', 'ifapme')),
    constraint centre_carrier_one_a_day exclude using gist (centre_id with =, during with &&)
);
comment on table centres.centre_carrier is 'Who ran a centre by day; the network has none.';
insert into centres.centre_carrier (centre_id, during, carrier)
select c.centre_id, range_merge(range_agg(n.during)), c.carrier
from centres.centre c join centres.centre_name n on n.centre_id = c.centre_id
where c.carrier is not null
group by c.centre_id;
grant select on centres.centre_carrier to plateau_app, plateau_functions, plateau_readonly;
grant insert, update, delete on centres.centre_carrier to plateau_functions;

create or replace view centres.named_centre with (security_invoker = true) as
select c.centre_id, c.id, c.kind, k.carrier, c.zone, c.is_fictional, c.created_at, c.version, n.name
from centres.centre c
join centres.centre_name n on n.centre_id = c.centre_id and n.during @> plateau.local_day(plateau.clock(), c.zone)
left join centres.centre_carrier k on k.centre_id = c.centre_id and k.during @> plateau.local_day(plateau.clock(), c.zone);
comment on view centres.named_centre is 'Centres under the name that they bear and with the carrier that they have today.';
alter table centres.centre drop column carrier;

create or replace function centres.create_centre(
    p_centre_id smallint, p_id uuid, p_kind text, p_carrier text, p_name text, p_named_from date, p_zone text, p_is_fictional boolean)
    returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
begin
    perform now() at time zone p_zone;
    insert into centres.centre (centre_id, id, kind, zone, is_fictional, created_at)
    values (p_centre_id, p_id, p_kind, p_zone, p_is_fictional, v_now);
    insert into centres.centre_name (centre_id, during, name) values (p_centre_id, daterange(p_named_from, null), p_name);
    if p_carrier is not null then
        insert into centres.centre_carrier (centre_id, during, carrier) values (p_centre_id, daterange(p_named_from, null), p_carrier);
    end if;
    return v_now;
end
$$;

create function centres.change_carrier(p_centre_id smallint, p_carrier text, p_from date, p_version integer) returns setof integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
begin
    update centres.centre set version = version + 1 where centre_id = p_centre_id and version = p_version returning version into v_version;
    if not found then
        return;
    end if;
    delete from centres.centre_carrier where centre_id = p_centre_id and lower(during) >= p_from;
    update centres.centre_carrier set during = daterange(lower(during), p_from) where centre_id = p_centre_id and during @> p_from;
    insert into centres.centre_carrier (centre_id, during, carrier) values (p_centre_id, daterange(p_from, null), p_carrier);
    return next v_version;
end
$$;
comment on function centres.change_carrier(smallint, text, date, integer) is 'The new version; no row when the version given is not the current one.';

-- MARK: Succession

create function centres.succeed(
    p_centre_id smallint, p_successor_id smallint, p_from date, p_version integer, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_centre centres.centre;
    v_today date;
begin
    -- The gate reads successions under the shared form of this lock.
    perform pg_advisory_xact_lock(plateau.label_lock(c)) from unnest(array[least(p_centre_id, p_successor_id),
                                                                           greatest(p_centre_id, p_successor_id)]) c;
    select * into v_centre from centres.centre c where c.centre_id = p_centre_id;
    v_today := plateau.local_day(v_now, v_centre.zone);
    if not access.has_role(p_by, array['networkManager'], p_centre_id) then
        return 'forbidden';
    elsif v_centre.version <> p_version then
        return 'versionMismatch';
    elsif p_centre_id = 0 or p_successor_id = 0 or not exists (select from centres.centre c where c.centre_id = p_successor_id) then
        return 'successorUnknown';
    elsif p_from < v_today then
        return 'inThePast';
    elsif exists (select from centres.succession s where s.centre_id = p_centre_id and s.from_day <= v_today) then
        return 'alreadySucceeded';
    elsif p_centre_id = p_successor_id or exists (
        with recursive line (centre_id) as (
            select s.successor_id from centres.succession s where s.centre_id = p_successor_id
            union
            select s.successor_id from line l join centres.succession s on s.centre_id = l.centre_id
        )
        select from line l where l.centre_id = p_centre_id) then
        return 'succeedsItself';
    end if;
    insert into centres.succession (centre_id, successor_id, from_day, recorded_at, recorded_by)
    values (p_centre_id, p_successor_id, p_from, v_now, p_by)
    on conflict (centre_id) do update
        set successor_id = excluded.successor_id, from_day = excluded.from_day, recorded_at = excluded.recorded_at,
            recorded_by = excluded.recorded_by;
    update centres.centre c set version = c.version + 1 where c.centre_id in (p_centre_id, p_successor_id);
    insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
    select p_centre_id, 'centre.succeeded', v_centre.id, v_centre.version + 1,
           jsonb_build_object('successorId', s.id, 'from', p_from), v_now
    from centres.centre s where s.centre_id = p_successor_id;
    return 'recorded';
end
$$;
comment on function centres.succeed(smallint, smallint, date, integer, uuid) is
    'From a day on another centre stands in this one''s place; changed until that day has come. outcome: recorded, forbidden, versionMismatch, successorUnknown, inThePast, alreadySucceeded, succeedsItself.';

-- MARK: The public register

create function labels.register_on(p_day date, p_known_at timestamptz)
    returns table (
        centre_id smallint, status text, decision_id uuid, from_day date, to_day date, ends_on date, sectors text[], audiences text[])
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select c.centre_id, s.status, s.decision_id, lower(p.during), upper(p.during) - 1, s.ends_on, (f.file).sectors, (f.file).audiences
    from centres.centre c
    cross join lateral labels.status_of(c.centre_id, p_day, p_known_at) s
    cross join lateral labels.periods_known(c.centre_id, p_known_at) p
    cross join lateral (select labels.file_in_force(c.centre_id, p_day, p_known_at) as file) f
    where s.status in ('labelled', 'provisional') and p.during @> p_day
      and not exists (select from centres.succession u where u.centre_id = c.centre_id and u.from_day <= p_day)
$$;
comment on function labels.register_on(date, timestamptz) is
    'The centres that hold the label on a day, as known at a moment: with the period and the decision behind it, and what their file says.';

-- MARK: Large effects

-- As before, with one statement a batch where there was one a booking.
create or replace function bookings.apply_batch(p_centre_id smallint, p_change uuid, p_numbers integer[], p_now timestamptz) returns integer
    language plpgsql volatile
as $$
declare
    v_change bookings.label_change;
    v_policy labels.policy;
    v_bookings uuid[];
    v_locks bigint[];
    v_numbers integer[];
    v_outcomes text[] := '{}'::text[];
    v_former bookings.label_effect[];
    v_count integer := 0;
begin
    select * into v_change from bookings.label_change c where c.centre_id = p_centre_id and c.id = p_change;
    select * into v_policy from labels.policy;
    v_former := array(select e from bookings.label_effect e
                      where e.centre_id = p_centre_id and e.change_id = p_change and e.number = any (p_numbers) and e.applied_at is null
                      order by e.number);
    v_bookings := array(select f.booking_id from unnest(v_former) f);
    v_numbers := array(select f.number from unnest(v_former) f);
    v_locks := bookings.room_locks_of(v_bookings);
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));
    for i in 1 .. cardinality(v_bookings) loop
        v_outcomes[i] := bookings.apply_label_effect(
            plateau.centre_of(v_bookings[i]), v_bookings[i], v_policy, v_change.key_id, p_now);
    end loop;
    -- Once for all of them: a statement for each cost as much as what it wrote down.
    update bookings.label_effect e set outcome = v_outcomes[array_position(v_numbers, e.number)], applied_at = p_now
    where e.centre_id = p_centre_id and e.change_id = p_change and e.number = any (v_numbers);
    v_count := cardinality(v_numbers);
    update bookings.label_change c set finished_at = p_now
    where c.centre_id = p_centre_id and c.id = p_change and c.finished_at is null
      and not exists (select from bookings.label_effect e where e.centre_id = c.centre_id and e.change_id = c.id and e.applied_at is null);
    return v_count;
end
$$;

create or replace function bookings.continue_label_change(p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_change bookings.label_change;
    v_numbers integer[];
begin
    -- One worker a change: another instance takes the next one.
    select * into v_change from bookings.label_change c
    where c.finished_at is null order by c.recorded_at limit 1 for update skip locked;
    if not found then
        return null;
    end if;
    v_numbers := array(select e.number from bookings.label_effect e
                       where e.centre_id = v_change.centre_id and e.change_id = v_change.id and e.applied_at is null
                       order by e.number limit p_limit);
    perform pg_advisory_xact_lock_shared(k.key)
    from (
        select distinct plateau.label_lock(c.centre_id) as key
        from bookings.label_effect e
        join bookings.booking b on b.centre_id = plateau.centre_of(e.booking_id) and b.id = e.booking_id
        join access.organisation o on o.id = b.organisation_id
        cross join lateral (select unnest(b.centres) union select o.centre_id) as c (centre_id)
        where e.centre_id = v_change.centre_id and e.change_id = v_change.id
          and e.number between v_numbers[1] and v_numbers[cardinality(v_numbers)] and c.centre_id is not null
        order by 1) k;
    return bookings.apply_batch(v_change.centre_id, v_change.id, v_numbers, plateau.clock());
end
$$;

-- MARK: As days pass

create table bookings.time_judgement (
    only_one boolean not null default true,
    judged_on date not null,
    after_centre smallint,
    after_id uuid,
    is_finished boolean not null,
    constraint time_judgement_pkey primary key (only_one),
    constraint time_judgement_only_one check (only_one)
);
comment on table bookings.time_judgement is
    'How far today''s round over the bookings in doubt has come: after which one, or finished. Goes on where it stopped.';
insert into bookings.time_judgement (judged_on, is_finished) values ('-infinity', true);
create index booking_in_doubt on bookings.booking (centre_id, id) where state = 'conditional' or flags @> array['atRisk'];
alter table bookings.time_judgement enable row level security;
alter table bookings.time_judgement force row level security;
create policy time_judgement_functions on bookings.time_judgement to plateau_functions using (true) with check (true);
grant select, update on bookings.time_judgement to plateau_functions;

create function bookings.judge_by_time(p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_today date := plateau.local_day(v_now, 'UTC');
    v_round bookings.time_judgement;
    v_policy labels.policy;
    v_due bookings.booking[];
    v_booking bookings.booking;
    v_judged record;
    v_count integer := 0;
begin
    -- Once a day: what time brings is the horizon of a provisional label, which moves by the day.
    select * into v_round from bookings.time_judgement for update skip locked;
    if not found or v_round.judged_on = v_today and v_round.is_finished then
        return null;
    elsif v_round.judged_on <> v_today then
        v_round.after_centre := -1;
        v_round.after_id := '00000000-0000-0000-0000-000000000000';
    end if;
    v_due := array(
        select b from bookings.booking b
        where (b.state = 'conditional' or b.flags @> array['atRisk']) and b.at_risk_until is null and b.ends > v_now
          and b.state in ('conditional', 'confirmed', 'requested', 'held')
          and (b.centre_id, b.id) > (v_round.after_centre, v_round.after_id)
        order by b.centre_id, b.id limit p_limit);
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c.centre_id) as key
          from unnest(v_due) d
          join access.organisation o on o.id = d.organisation_id
          cross join lateral (select unnest(d.centres) union select o.centre_id) as c (centre_id)
          where c.centre_id is not null order by 1) k;
    -- Only what is certain confirms: a policy that honours what is not was meant for what is booked from then on.
    select * into v_policy from labels.policy;
    v_policy.ends_inside := 'conditional';
    v_policy.renewal_pending := 'conditional';
    v_policy.after_provisional := 'conditional';
    v_policy.term_ended := 'conditional';
    v_policy.beyond_horizon := 'conditional';
    for v_booking in
        select b.* from unnest(v_due) d join bookings.booking b on b.centre_id = d.centre_id and b.id = d.id and b.version = d.version
        order by b.centre_id, b.id for update of b
    loop
        v_judged := bookings.judge_label(v_booking, v_policy);
        continue when v_judged.verdict <> 'allow';
        perform bookings.stay(
            v_booking, case v_booking.state when 'conditional' then 'confirmed' else v_booking.state end,
            array_remove(v_booking.flags, 'atRisk'), null, null, v_judged.code,
            case v_booking.state when 'conditional' then 'booking.confirmed' else 'booking.cleared' end, v_now);
        v_count := v_count + 1;
    end loop;
    update bookings.time_judgement t
    set judged_on = v_today, is_finished = cardinality(v_due) < p_limit,
        after_centre = coalesce(v_due[cardinality(v_due)].centre_id, v_round.after_centre),
        after_id = coalesce(v_due[cardinality(v_due)].id, v_round.after_id);
    return v_count;
end
$$;
comment on function bookings.judge_by_time(integer) is
    'Judges the next bookings in doubt again, once a day each: confirms or clears those for which the label has become certain as time passed. How many; null: the day''s round is done.';

do $$
declare
    f regprocedure;
begin
    foreach f in array array[
        'centres.create_centre(smallint, uuid, text, text, text, date, text, boolean)',
        'centres.change_carrier(smallint, text, date, integer)',
        'centres.succeed(smallint, smallint, date, integer, uuid)', 'labels.register_on(date, timestamptz)',
        'bookings.judge_by_time(integer)']::regprocedure[]
    loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;

-- Events: an order in which readers skip none whatever commits first, whom an event concerns beside its centre, and forgetting.
-- lock class: ACCESS EXCLUSIVE on jobs.event for an added column (no rewrite), SHARE for its indexes; SHARE ROW EXCLUSIVE on
-- bookings.booking for a trigger

-- MARK: The order

create function jobs.transaction_number() returns bigint
    language sql stable
    return pg_current_xact_id()::text::bigint + 0;
comment on function jobs.transaction_number() is
    'The number of this transaction among all that ever wrote events. The 0 is what jobs.resume_numbering adds in a database that was restored elsewhere.';

create function jobs.horizon() returns bigint
    language sql stable
    return pg_snapshot_xmin(pg_current_snapshot())::text::bigint + 0;
comment on function jobs.horizon() is
    'Every transaction with a lower number has ended: its events are there or will never be. Events are read below it only, so that one who reads on from (xact, id) skips none, whatever commits first.';

create procedure jobs.resume_numbering()
    language plpgsql
as $$
declare
    v_shift bigint;
begin
    -- A restored database keeps its events, but the new cluster counts transactions from its own number.
    select coalesce(max(e.xact), 0) - pg_current_xact_id()::text::bigint + 1 into v_shift from jobs.event e;
    if v_shift <= jobs.transaction_number() - pg_current_xact_id()::text::bigint then
        return;
    end if;
    execute format('create or replace function jobs.transaction_number() returns bigint language sql stable
                    return pg_current_xact_id()::text::bigint + %s', v_shift);
    execute format('create or replace function jobs.horizon() returns bigint language sql stable
                    return pg_snapshot_xmin(pg_current_snapshot())::text::bigint + %s', v_shift);
end
$$;
comment on procedure jobs.resume_numbering() is
    'After a restore into another cluster: numbers of transactions go on after the highest that an event has. Does nothing otherwise.';
revoke all on procedure jobs.resume_numbering() from public;

-- 0 for what was written before: in the order of its ids, before everything else.
alter table jobs.event add column xact bigint not null default 0;
alter table jobs.event alter column xact set default jobs.transaction_number();
comment on column jobs.event.xact is 'The transaction that wrote it. Events are read in the order (xact, id), below jobs.horizon().';
create index event_in_order on jobs.event (xact, id);
create index event_by_centre on jobs.event (centre_id, xact, id);
create index event_by_organisation on jobs.event (organisation_id, xact, id) where organisation_id is not null;

create function jobs.event_uid(p_centre_id smallint, p_id bigint, p_occurred_at timestamptz) returns uuid
    language sql immutable strict parallel safe
    return (lpad(to_hex((extract(epoch from p_occurred_at) * 1000)::bigint & 281474976710655), 12, '0')
            || lpad(to_hex(28672 | (p_centre_id::integer >> 4)), 4, '0')
            || lpad(to_hex((-9223372036854775807 - 1) | ((p_centre_id::bigint & 15) << 58) | (p_id & 288230376151711743)), 16, '0'))::uuid;
comment on function jobs.event_uid(smallint, bigint, timestamptz) is
    'The public id of an event, a UUIDv7 that carries its centre and, in the 58 bits that are free otherwise, its number.';

-- MARK: Whom it concerns beside its centre

create table jobs.event_elsewhere (
    centre_id smallint not null,
    xact bigint not null,
    home_centre_id smallint not null,
    subject_id uuid not null,
    version integer not null,
    constraint event_elsewhere_pkey primary key (centre_id, xact, home_centre_id, subject_id, version)
);
comment on table jobs.event_elsewhere is
    'The events of a booking with lines at several centres, for each of them but the one where the booking lives (home_centre_id).';

create function jobs.note_elsewhere() returns trigger
    language plpgsql
as $$
begin
    insert into jobs.event_elsewhere (centre_id, xact, home_centre_id, subject_id, version)
    select distinct c, jobs.transaction_number(), new.centre_id, new.id, new.version
    from unnest(new.centres) c
    where c <> new.centre_id
    on conflict do nothing;
    return null;
end
$$;
comment on function jobs.note_elsewhere() is 'Only called for bookings over several centres: others pay for the comparison alone.';

create trigger booking_noted_elsewhere after insert or update of version on bookings.booking
    for each row when (cardinality(new.centres) > 1) execute function jobs.note_elsewhere();

insert into jobs.event_elsewhere (centre_id, xact, home_centre_id, subject_id, version)
select distinct c, e.xact, e.centre_id, e.subject_id, e.version
from jobs.event e
join bookings.booking b on b.centre_id = e.centre_id and b.id = e.subject_id and cardinality(b.centres) > 1
cross join unnest(b.centres) c
where c <> b.centre_id;

alter table jobs.event_elsewhere enable row level security;
alter table jobs.event_elsewhere force row level security;
create policy event_elsewhere_functions on jobs.event_elsewhere to plateau_functions using (true) with check (true);
create policy event_elsewhere_actor on jobs.event_elsewhere for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));
grant select, insert, delete on jobs.event_elsewhere to plateau_functions;
grant select on jobs.event_elsewhere to plateau_app;
grant delete on jobs.event to plateau_functions;

alter policy event_actor on jobs.event
    using (organisation_id = (select plateau.actor_organisation())
           or centre_id = any ((select plateau.actor_centres())::smallint[])
           or (select plateau.actor_is_network())
           or exists (select from jobs.event_elsewhere w
                      where w.centre_id = any ((select plateau.actor_centres())::smallint[]) and w.xact = event.xact
                        and w.home_centre_id = event.centre_id and w.subject_id = event.subject_id and w.version = event.version));

-- What others may read of how a booking changed, by its version.
create view bookings.change with (security_invoker = true) as
    select t.centre_id, t.booking_id, t.version, t.from_state, t.to_state from bookings.transition t;
comment on view bookings.change is 'From which state to which a booking went with each version.';
grant select on bookings.change to plateau_app, plateau_functions;

-- MARK: Forgetting

create table jobs.forgotten (
    is_only boolean not null default true,
    xact bigint not null,
    id bigint not null,
    constraint forgotten_pkey primary key (is_only),
    constraint forgotten_one_row check (is_only)
);
comment on table jobs.forgotten is 'One row: the last event in the order (xact, id) that was forgotten.';
insert into jobs.forgotten (xact, id) values (-1, 0);
grant select, update on jobs.forgotten to plateau_functions;
grant select on jobs.forgotten to plateau_app;

create function jobs.forget_old_events(p_batch integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_last bigint;
    v_id bigint;
    v_count integer;
begin
    -- Whole transactions, in their order, up to the first that is young: whoever reads on after the last one has lost nothing.
    select max(o.xact) into v_last
    from (select e.xact, bool_and(e.occurred_at < plateau.clock() - interval '30 days') over (order by e.xact) as is_old
          from (select * from jobs.event e where e.xact < jobs.horizon() order by e.xact, e.id limit p_batch) e) o
    where o.is_old;
    if v_last is null then
        return 0;
    end if;
    select max(e.id) into v_id from jobs.event e where e.xact = v_last;
    delete from jobs.event e where e.xact <= v_last;
    get diagnostics v_count = row_count;
    delete from jobs.event_elsewhere w where w.xact <= v_last;
    update jobs.forgotten f set xact = v_last, id = v_id where (f.xact, f.id) < (v_last, v_id);
    return v_count;
end
$$;
comment on function jobs.forget_old_events(integer) is
    'Removes events of more than 30 days ago, oldest transactions first, and remembers how far. How many.';

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'jobs'::regnamespace and p.prosecdef and p.prokind = 'f' loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;
grant execute on function jobs.transaction_number() to plateau_functions, plateau_app;
grant execute on function jobs.horizon() to plateau_functions, plateau_app;
grant execute on function jobs.event_uid(smallint, bigint, timestamptz) to plateau_functions, plateau_app;

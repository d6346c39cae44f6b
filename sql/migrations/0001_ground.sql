-- Ground: roles, extensions, the one clock, conversions of time, ids and locks that every slice uses.
-- lock class: none (an empty database)

-- Roles belong to the cluster, not to the database: several databases of one cluster share them.
-- plateau_owner owns everything; plateau_functions owns the write functions and cannot log in;
-- plateau_app is the server: it reads, and writes only by executing functions; plateau_readonly reads the public catalogue.
do $$
begin
    perform pg_advisory_xact_lock(7083512100);
    if not exists (select from pg_roles where rolname = 'plateau_functions') then
        create role plateau_functions nologin noinherit;
    end if;
    if not exists (select from pg_roles where rolname = 'plateau_app') then
        create role plateau_app login noinherit nobypassrls;
    end if;
    if not exists (select from pg_roles where rolname = 'plateau_readonly') then
        create role plateau_readonly login noinherit nobypassrls;
    end if;
end
$$;

create extension if not exists btree_gist;
-- Search: likeness of words, letters without accents.
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Nobody creates or calls anything that was not granted.
alter default privileges revoke execute on functions from public;
revoke create on schema public from public;

create schema plateau;
comment on schema plateau is 'What every slice uses: clock, time, ids, locks.';
grant usage on schema plateau to plateau_app, plateau_functions, plateau_readonly;

-- At start a server asks whether the schema is the one that it was built for.
do $$
begin
    if to_regclass('public.plateau_migration') is not null then
        grant select on public.plateau_migration to plateau_app;
    end if;
end
$$;

-- MARK: The one clock

create function plateau.clock() returns timestamptz
    language sql volatile parallel safe
    return clock_timestamp();
comment on function plateau.clock() is 'The only clock of every rule. plateau.set_clock_offset replaces it in a test database.';

create procedure plateau.set_clock_offset(p_offset interval)
    language plpgsql
as $$
begin
    execute format(
        'create or replace function plateau.clock() returns timestamptz language sql volatile parallel safe return clock_timestamp() + %L::interval',
        p_offset);
end
$$;
comment on procedure plateau.set_clock_offset(interval) is
    'Moves the clock of this database. Only the owner can: nobody else may replace the function.';
revoke all on procedure plateau.set_clock_offset(interval) from public;

-- MARK: Local time (RFC 5545, section 3.3.5)

create function plateau.instant_of(p_local timestamp, p_zone text) returns timestamptz
    language sql stable parallel safe
    return case
               when ((p_local - interval '1 day') at time zone p_zone + interval '24 hours') at time zone p_zone = p_local
                   then (p_local - interval '1 day') at time zone p_zone + interval '24 hours'
               else p_local at time zone p_zone
           end;
comment on function plateau.instant_of(timestamp, text) is
    'The instant of a local time. One that happens twice means the first; one that does not exist moves forward by the gap.';

create function plateau.local_day(p_at timestamptz, p_zone text) returns date
    language sql stable strict parallel safe
    return (p_at at time zone p_zone)::date;

create function plateau.local_days(p_period tstzrange, p_zone text) returns daterange
    language plpgsql stable strict parallel safe
as $$
begin
    -- PL/pgSQL, which keeps its plan: daterange() takes nulls, so the planner could not expand an SQL function that is strict.
    return daterange(
        plateau.local_day(lower(p_period), p_zone),
        plateau.local_day(upper(p_period) - interval '1 microsecond', p_zone), '[]');
end
$$;
comment on function plateau.local_days(tstzrange, text) is 'The local days that a period touches, half-open.';

create function plateau.rfc3339(p_at timestamptz) returns text
    language sql stable strict parallel safe
    return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
comment on function plateau.rfc3339(timestamptz) is 'An instant as answers write it: UTC, to the second.';

-- MARK: Ids and locks

create function plateau.centre_of(p_id uuid) returns smallint
    language sql immutable strict parallel safe
    -- The topmost of the 16 bits, when set, sets the others: strict operators alone, so that the planner expands the function.
    return (((get_byte(uuid_send(p_id), 6) & 7) << 12)
            | (get_byte(uuid_send(p_id), 7) << 4)
            | ((get_byte(uuid_send(p_id), 8) & 60) >> 2)
            | (-((get_byte(uuid_send(p_id), 6) >> 3) & 1) & 32767))::smallint;
comment on function plateau.centre_of(uuid) is
    'The number of the centre that a public id carries in its first 16 free bits (RFC 9562, UUIDv7). 0 is the network; 32767 stands for every number that no centre can have.';

create function plateau.low_bits(p_id uuid) returns bigint
    language sql immutable strict parallel safe
    return (get_byte(uuid_send(p_id), 8)::bigint << 56) | (get_byte(uuid_send(p_id), 9)::bigint << 48)
           | (get_byte(uuid_send(p_id), 10)::bigint << 40) | (get_byte(uuid_send(p_id), 11)::bigint << 32)
           | (get_byte(uuid_send(p_id), 12)::bigint << 24) | (get_byte(uuid_send(p_id), 13)::bigint << 16)
           | (get_byte(uuid_send(p_id), 14)::bigint << 8) | get_byte(uuid_send(p_id), 15)::bigint;
comment on function plateau.low_bits(uuid) is 'The last eight bytes of an id, as a signed number.';

create function plateau.label_lock(p_centre_id smallint) returns bigint
    language sql immutable strict parallel safe
    return (-9223372036854775807 - 1) + p_centre_id::bigint;
comment on function plateau.label_lock(smallint) is
    'Advisory lock of a centre''s label: shared by whoever depends on it, exclusive to whoever changes it. Negative, so that it sorts before every room lock.';

create function plateau.room_lock(p_resource_id uuid, p_utc_day integer) returns bigint
    language sql immutable strict parallel safe
    return (plateau.low_bits(p_resource_id) & 4611686018427387903) # (p_utc_day::bigint & 1048575);
comment on function plateau.room_lock(uuid, integer) is
    'Advisory lock of one resource on one UTC day (days since 2000-01-01). Two resources that share a key only wait for each other.';

create function plateau.utc_day(p_at timestamptz) returns integer
    language sql immutable strict parallel safe
    return (p_at at time zone 'UTC')::date - date '2000-01-01';

create function plateau.take_locks(p_keys bigint[], p_exclusive boolean[]) returns void
    language plpgsql volatile
as $$
begin
    -- Ascending keys: two callers never wait for each other in a ring.
    for i in 1 .. coalesce(array_length(p_keys, 1), 0) loop
        if p_exclusive[i] then
            perform pg_advisory_xact_lock(p_keys[i]);
        else
            perform pg_advisory_xact_lock_shared(p_keys[i]);
        end if;
    end loop;
end
$$;
comment on function plateau.take_locks(bigint[], boolean[]) is
    'Takes advisory locks to the end of the transaction, in the order given (callers sort ascending).';
grant execute on function plateau.take_locks(bigint[], boolean[]) to plateau_app, plateau_functions;

create function plateau.refuse_removal() returns trigger
    language plpgsql
as $$
begin
    raise exception '% names rows that others depend on: they stay', tg_table_name using errcode = 'restrict_violation';
end
$$;
comment on function plateau.refuse_removal() is
    'For tables whose rows are named elsewhere without a foreign key: nobody deletes them or changes their keys.';

-- MARK: Who asks (transaction-local settings, read by the row-level policies)

create function plateau.actor_organisation() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('plateau.organisation', true), '')::uuid;

create function plateau.actor_centres() returns smallint[]
    language sql stable parallel safe
    return coalesce(nullif(current_setting('plateau.centres', true), '')::smallint[], '{}');
comment on function plateau.actor_centres() is 'Numbers of the centres that the caller manages or works for.';

create function plateau.actor_is_network() returns boolean
    language sql stable parallel safe
    return coalesce(current_setting('plateau.network', true) = 'on', false);

grant execute on all functions in schema plateau to plateau_app, plateau_functions, plateau_readonly;

-- MARK: Outbox

create schema jobs;
comment on schema jobs is 'Durable queue and outbox.';
grant usage on schema jobs to plateau_app, plateau_functions;

create table jobs.event (
    centre_id smallint not null,
    id bigint generated always as identity,
    type text not null,
    subject_id uuid not null,
    organisation_id uuid,
    version integer not null,
    payload jsonb not null default '{}',
    occurred_at timestamptz not null,
    constraint event_pkey primary key (centre_id, id)
);
comment on table jobs.event is 'Outbox: one row for each change, written in the transaction of the change.';
alter table jobs.event enable row level security;
alter table jobs.event force row level security;
create policy event_functions on jobs.event to plateau_functions using (true) with check (true);
create policy event_actor on jobs.event for select to plateau_app
    using (organisation_id = plateau.actor_organisation() or centre_id = any (plateau.actor_centres()) or plateau.actor_is_network());
grant select, insert on jobs.event to plateau_functions;
grant select on jobs.event to plateau_app;

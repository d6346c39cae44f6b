-- Sessions of people who use the pages: begun with a key, ended by the person, by time, or with the key itself.
-- lock class: none, all of it is new

create table access.session (
    id uuid not null,
    key_id uuid not null,
    token_digest bytea not null,
    begun_at timestamptz not null,
    last_seen_at timestamptz not null,
    idle_until timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz,
    constraint session_pkey primary key (id),
    constraint session_token_once unique (token_digest),
    constraint session_token_length check (length(token_digest) = 32),
    constraint session_key foreign key (key_id) references access.api_key (id),
    constraint session_bounded check (idle_until <= ends_at and ends_at <= begun_at + interval '31 days')
);
create index session_by_key on access.session (key_id, ends_at);
comment on table access.session is
    'A browser that somebody signed in with. It acts as the key with which it was begun, for as long as that key is good.';
comment on column access.session.token_digest is
    'HMAC-SHA256 of the cookie''s token under the server''s pepper. The token itself is never stored.';
comment on column access.session.idle_until is 'When it ends unless it is used before; never after ends_at.';
alter table access.session enable row level security;
alter table access.session force row level security;
create policy session_functions on access.session to plateau_functions using (true) with check (true);
grant select, insert, update, delete on access.session to plateau_functions;

create function access.begin_session(p_id uuid, p_key_digest bytea, p_token_digest bytea, p_idle_minutes integer, p_longest_minutes integer)
    returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_key uuid;
    v_now timestamptz := plateau.clock();
    v_end timestamptz := v_now + make_interval(mins => p_longest_minutes);
begin
    select a.key_id into v_key from access.authenticate(p_key_digest) a;
    if v_key is null then return false; end if;
    delete from access.session s where s.key_id = v_key and s.ends_at < v_now - interval '30 days';
    insert into access.session (id, key_id, token_digest, begun_at, last_seen_at, idle_until, ends_at)
    values (p_id, v_key, p_token_digest, v_now, v_now, least(v_end, v_now + make_interval(mins => p_idle_minutes)), v_end);
    return true;
end
$$;
comment on function access.begin_session(uuid, bytea, bytea, integer, integer) is
    'Whether the key was good: then its holder is signed in under the token.';

create function access.resume_session(p_token_digest bytea, p_idle_minutes integer) returns setof access.actor
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_session access.session;
begin
    select * into v_session from access.session s
    where s.token_digest = p_token_digest and s.ended_at is null and s.idle_until > v_now;
    if not found then return; end if;
    -- Written once a minute at most: reading a page should not wait for a commit.
    if v_session.last_seen_at < v_now - interval '1 minute' then
        update access.session s
        set last_seen_at = v_now, idle_until = least(s.ends_at, v_now + make_interval(mins => p_idle_minutes))
        where s.id = v_session.id and s.ended_at is null;
    end if;
    return query
    select a.* from access.api_key k cross join lateral access.authenticate(k.digest) a where k.id = v_session.key_id;
end
$$;
comment on function access.resume_session(bytea, integer) is
    'Who is signed in under a token. No row: unknown, ended, too long idle, too old, or the key is not good any more.';

create function access.end_session(p_token_digest bytea) returns boolean
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    with ended as (
        update access.session set ended_at = plateau.clock() where token_digest = p_token_digest and ended_at is null returning 1
    )
    select exists (select from ended)
$$;

create function access.end_sessions(p_key uuid) returns bigint
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    with ended as (
        update access.session set ended_at = plateau.clock() where key_id = p_key and ended_at is null returning 1
    )
    select count(*) from ended
$$;
comment on function access.end_sessions(uuid) is 'Signs the holder of a key out everywhere.';

do $$
declare
    f record;
begin
    for f in
        select p.oid::regprocedure as name from pg_proc p
        where p.pronamespace = 'access'::regnamespace and p.proname in ('begin_session', 'resume_session', 'end_session', 'end_sessions')
    loop
        execute format('alter function %s owner to plateau_functions', f.name);
        execute format('revoke all on function %s from public', f.name);
        execute format('grant execute on function %s to plateau_app', f.name);
    end loop;
end
$$;

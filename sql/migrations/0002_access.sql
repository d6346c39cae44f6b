-- Access: organisations, their membership of the network, API keys with roles, idempotency.
-- lock class: none (new tables)

create schema access;
comment on schema access is 'Organisations, memberships, API keys, roles, idempotency.';
grant usage on schema access to plateau_app, plateau_functions;

create function access.is_enterprise_number(p_number text) returns boolean
    language sql immutable strict parallel safe
    return case
               when p_number !~ '^[01][0-9]{9}$' then false
               else right(p_number, 2)::integer = 97 - left(p_number, 8)::integer % 97
           end;
comment on function access.is_enterprise_number(text) is
    'Belgian enterprise number (BCE): ten digits, first 0 or 1, last two = 97 - (first eight mod 97), in 01..97.';

create function access.is_establishment_number(p_number text) returns boolean
    language sql immutable strict parallel safe
    return case
               when p_number !~ '^[2-8][0-9]{9}$' then false
               else right(p_number, 2)::integer = 97 - left(p_number, 8)::integer % 97
           end;

create table access.organisation (
    id uuid not null,
    kind text not null,
    name text not null,
    enterprise_number text not null,
    establishment_number text,
    centre_id smallint,
    is_fictional boolean not null default false,
    created_at timestamptz not null,
    version integer not null default 1,
    constraint organisation_pkey primary key (id),
    constraint organisation_kind_known check (kind in ('trainingOrganisation', 'company', 'school', 'centre', 'network')),
    constraint organisation_name_present check (length(btrim(name)) between 1 and 200),
    constraint organisation_enterprise_number_valid check (access.is_enterprise_number(enterprise_number)),
    constraint organisation_establishment_number_valid check (access.is_establishment_number(establishment_number)),
    constraint organisation_centre_for_centres check ((kind in ('centre', 'network')) = (centre_id is not null)),
    constraint organisation_one_for_each_centre unique (centre_id)
);
comment on table access.organisation is
    'Who books. Small, shared by every centre. A carrier runs many centres, so enterprise numbers repeat.';

create trigger organisation_stays before delete or truncate or update of id on access.organisation
    for each statement execute function plateau.refuse_removal();

create table access.membership (
    organisation_id uuid not null,
    id uuid not null,
    during daterange not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    constraint membership_pkey primary key (organisation_id, id),
    constraint membership_organisation foreign key (organisation_id) references access.organisation (id),
    constraint membership_bounded_below check (not isempty(during) and lower(during) is not null),
    constraint membership_no_overlap exclude using gist (organisation_id with =, during with &&)
);
comment on table access.membership is 'Active membership of the network, by days, half-open.';

create table access.api_key (
    organisation_id uuid not null,
    id uuid not null,
    label text not null,
    prefix text not null,
    digest bytea not null,
    created_at timestamptz not null,
    created_by uuid,
    expires_at timestamptz,
    revoked_at timestamptz,
    version integer not null default 1,
    constraint api_key_pkey primary key (id),
    constraint api_key_digest_once unique (digest),
    constraint api_key_organisation foreign key (organisation_id) references access.organisation (id),
    constraint api_key_digest_length check (length(digest) = 32),
    constraint api_key_label_present check (length(btrim(label)) between 1 and 100)
);
create index api_key_by_organisation on access.api_key (organisation_id, id);
comment on column access.api_key.digest is 'HMAC-SHA256 of the key under the server''s pepper. The key itself is shown once and never stored.';

create table access.api_key_role (
    key_id uuid not null,
    role text not null,
    centre_id smallint,
    constraint api_key_role_once unique nulls not distinct (key_id, role, centre_id),
    constraint api_key_role_key foreign key (key_id) references access.api_key (id),
    constraint api_key_role_known check (role in (
        'member', 'booker', 'organisationAdmin', 'instructor', 'centreStaff', 'centreManager',
        'networkAuditor', 'networkManager', 'labelAuthority')),
    constraint api_key_role_scope check ((role in ('instructor', 'centreStaff', 'centreManager')) = (centre_id is not null))
);

create table access.idempotency (
    organisation_id uuid not null,
    key text not null,
    request_hash bytea not null,
    subject_id uuid,
    status smallint,
    body bytea,
    etag text,
    location text,
    created_at timestamptz not null,
    constraint idempotency_pkey primary key (organisation_id, key),
    constraint idempotency_key_length check (length(key) between 1 and 255),
    constraint idempotency_hash_length check (length(request_hash) = 32)
);
create index idempotency_by_age on access.idempotency (created_at);
comment on table access.idempotency is
    'One row for each acknowledged effect, in its transaction: a refused or failed attempt leaves none. Kept 7 days.';

-- MARK: Row-level security

alter table access.organisation enable row level security;
alter table access.organisation force row level security;
alter table access.membership enable row level security;
alter table access.membership force row level security;
alter table access.api_key enable row level security;
alter table access.api_key force row level security;
alter table access.api_key_role enable row level security;
alter table access.api_key_role force row level security;
alter table access.idempotency enable row level security;
alter table access.idempotency force row level security;

create policy organisation_functions on access.organisation to plateau_functions using (true) with check (true);
create policy organisation_actor on access.organisation for select to plateau_app
    using (id = plateau.actor_organisation() or plateau.actor_is_network());
create policy membership_functions on access.membership to plateau_functions using (true) with check (true);
create policy membership_actor on access.membership for select to plateau_app
    using (organisation_id = plateau.actor_organisation() or plateau.actor_is_network());
create policy api_key_functions on access.api_key to plateau_functions using (true) with check (true);
create policy api_key_actor on access.api_key for select to plateau_app
    using (organisation_id = plateau.actor_organisation() or plateau.actor_is_network());
create policy api_key_role_functions on access.api_key_role to plateau_functions using (true) with check (true);
create policy api_key_role_actor on access.api_key_role for select to plateau_app
    using (exists (select from access.api_key k where k.id = key_id));
create policy idempotency_functions on access.idempotency to plateau_functions using (true) with check (true);

grant select, insert, update on access.organisation, access.membership, access.api_key, access.api_key_role to plateau_functions;
grant select, insert, update, delete on access.idempotency to plateau_functions;
grant select on access.organisation, access.membership, access.api_key_role to plateau_app;
grant select (organisation_id, id, label, prefix, created_at, created_by, expires_at, revoked_at, version) on access.api_key to plateau_app;

-- MARK: Functions

create type access.actor as (
    key_id uuid,
    organisation_id uuid,
    organisation_kind text,
    centre_id smallint,
    roles text[],
    role_centres smallint[],
    expires_at timestamptz
);

-- PL/pgSQL, here and wherever a request or a booking calls a function that queries: its plan is kept, an SQL function's is made at
-- each call.
create function access.authenticate(p_digest bytea) returns setof access.actor
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select k.id, o.id, o.kind, o.centre_id,
           coalesce(array_agg(r.role order by r.role, r.centre_id) filter (where r.role is not null), '{}'),
           coalesce(array_agg(coalesce(r.centre_id, -1::smallint) order by r.role, r.centre_id) filter (where r.role is not null), '{}'),
           k.expires_at
    from access.api_key k
    join access.organisation o on o.id = k.organisation_id
    left join access.api_key_role r on r.key_id = k.id
    where k.digest = p_digest
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > plateau.clock())
    group by k.id, o.id;
end
$$;
comment on function access.authenticate(bytea) is
    'Who presents a key, with roles (role_centres is parallel to roles; -1: not tied to a centre). No row: unknown, revoked or expired.';

create function access.has_role(p_key uuid, p_roles text[], p_centre smallint) returns boolean
    language plpgsql stable
as $$
begin
    return exists (
        select from access.api_key k
        join access.api_key_role r on r.key_id = k.id
        where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
          and r.role = any (p_roles) and (r.centre_id is null or r.centre_id = p_centre));
end
$$;

create function access.same_person(p_one uuid, p_other uuid) returns boolean
    language sql stable
as $$
    with recursive maker (start, id, created_by) as (
        select k.id, k.id, k.created_by from access.api_key k where k.id in (p_one, p_other)
        union
        select m.start, k.id, k.created_by from maker m join access.api_key k on k.id = m.created_by
    )
    select p_one = p_other
        or exists (select from maker a join maker b on b.id = a.id where a.start = p_one and b.start = p_other)
$$;
comment on function access.same_person(uuid, uuid) is
    'Whether one person may hold both keys: whoever makes a key sees its secret, so keys that go back to one maker count as one person''s. Keys made on the server''s command line go back to nobody.';

create function access.may_book_for(p_key uuid, p_organisation uuid, p_centres smallint[]) returns boolean
    language plpgsql stable
as $$
begin
    return exists (
        select from access.api_key k
        where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
          and (
              (k.organisation_id = p_organisation
               and exists (select from access.api_key_role r where r.key_id = k.id
                           and r.role in ('booker', 'organisationAdmin', 'centreStaff', 'centreManager', 'networkManager')))
              or not exists (
                  select from unnest(p_centres) as c (centre_id)
                  where not exists (select from access.api_key_role r where r.key_id = k.id
                                    and (r.role = 'networkManager'
                                         or r.role in ('centreStaff', 'centreManager') and r.centre_id = c.centre_id)))));
end
$$;
comment on function access.may_book_for(uuid, uuid, smallint[]) is
    'A booker books for its own organisation; the staff of every centre concerned may book on behalf of any.';

create function access.claim_idempotency(p_organisation uuid, p_key text, p_request_hash bytea)
    returns table (outcome text, status smallint, body bytea, etag text, location text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_row access.idempotency;
begin
    if not pg_try_advisory_xact_lock(hashtextextended(p_organisation::text || p_key, 77)) then
        return query select 'inFlight', null::smallint, null::bytea, null::text, null::text;
        return;
    end if;
    select * into v_row from access.idempotency i
    where i.organisation_id = p_organisation and i.key = p_key and i.created_at > plateau.clock() - interval '7 days';
    if not found then
        return query select 'claimed', null::smallint, null::bytea, null::text, null::text;
    elsif v_row.request_hash <> p_request_hash then
        return query select 'reused', null::smallint, null::bytea, null::text, null::text;
    else
        return query select 'replayed', v_row.status, v_row.body, v_row.etag, v_row.location;
    end if;
end
$$;
comment on function access.claim_idempotency(uuid, text, bytea) is
    'claimed, replayed (with the answer kept), reused (same key, another request) or inFlight. A try-lock: a duplicate never waits.';

create function access.keep_answer(
    p_organisation uuid, p_key text, p_request_hash bytea, p_status smallint, p_body bytea, p_etag text, p_location text) returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    insert into access.idempotency (organisation_id, key, request_hash, status, body, etag, location, created_at)
    values (p_organisation, p_key, p_request_hash, p_status, p_body, p_etag, p_location, plateau.clock())
    on conflict (organisation_id, key) do update
        set request_hash = excluded.request_hash, status = excluded.status, body = excluded.body, etag = excluded.etag,
            location = excluded.location, subject_id = null, created_at = excluded.created_at
        where access.idempotency.created_at <= excluded.created_at - interval '7 days'
$$;

create function access.create_organisation(
    p_id uuid, p_kind text, p_name text, p_enterprise_number text, p_establishment_number text, p_centre_id smallint,
    p_is_fictional boolean) returns setof access.organisation
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    insert into access.organisation (id, kind, name, enterprise_number, establishment_number, centre_id, is_fictional, created_at)
    values (p_id, p_kind, p_name, p_enterprise_number, p_establishment_number, p_centre_id, p_is_fictional, plateau.clock())
    returning *
$$;

create function access.grant_membership(p_organisation uuid, p_id uuid, p_from date, p_to date, p_by uuid)
    returns setof access.membership
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    -- Memberships are shown with their organisation, so it gets a new version.
    update access.organisation set version = version + 1 where id = p_organisation;
    insert into access.membership (organisation_id, id, during, recorded_at, recorded_by)
    values (p_organisation, p_id, daterange(p_from, p_to, '[]'), plateau.clock(), p_by)
    returning *
$$;

create function access.create_api_key(
    p_organisation uuid, p_id uuid, p_label text, p_prefix text, p_digest bytea, p_expires_at timestamptz, p_roles text[],
    p_role_centres smallint[], p_by uuid) returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
begin
    insert into access.api_key (organisation_id, id, label, prefix, digest, created_at, created_by, expires_at)
    values (p_organisation, p_id, p_label, p_prefix, p_digest, v_now, p_by, p_expires_at);
    insert into access.api_key_role (key_id, role, centre_id)
    select p_id, r.role, nullif(r.centre_id, -1::smallint)
    from unnest(p_roles, p_role_centres) as r (role, centre_id);
    return v_now;
end
$$;

create function access.revoke_api_key(p_organisation uuid, p_id uuid) returns setof timestamptz
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    update access.api_key set revoked_at = coalesce(revoked_at, plateau.clock()), version = version + 1
    where organisation_id = p_organisation and id = p_id
    returning revoked_at
$$;

create function access.forget_old_answers() returns bigint
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    with gone as (
        delete from access.idempotency where created_at < plateau.clock() - interval '7 days' returning 1
    )
    select count(*) from gone
$$;

-- MARK: News

create function access.announce_keys() returns trigger
    language plpgsql
as $$
begin
    -- Keys and their roles change seldom. Nothing that a booking writes may notify: commits that do wait for one another.
    perform pg_notify('plateau_keys', '');
    return null;
end
$$;
comment on function access.announce_keys() is
    'Tells every server that keys have changed, once the change is committed: what they remember of keys is void.';

-- A new key is nobody's memory yet; its roles may be.
create trigger api_key_announced after update or delete or truncate on access.api_key
    for each statement execute function access.announce_keys();
create trigger api_key_role_announced after insert or update or delete or truncate on access.api_key_role
    for each statement execute function access.announce_keys();

alter function access.authenticate(bytea) owner to plateau_functions;
alter function access.claim_idempotency(uuid, text, bytea) owner to plateau_functions;
alter function access.keep_answer(uuid, text, bytea, smallint, bytea, text, text) owner to plateau_functions;
alter function access.create_organisation(uuid, text, text, text, text, smallint, boolean) owner to plateau_functions;
alter function access.grant_membership(uuid, uuid, date, date, uuid) owner to plateau_functions;
alter function access.create_api_key(uuid, uuid, text, text, bytea, timestamptz, text[], smallint[], uuid) owner to plateau_functions;
alter function access.revoke_api_key(uuid, uuid) owner to plateau_functions;
alter function access.forget_old_answers() owner to plateau_functions;
grant execute on all functions in schema access to plateau_app, plateau_functions;

-- People who sign in by themselves: at an identity provider or with a password. Each acts as a key of their own that no secret opens.
-- lock class: none, all of it is new; access.begin_session gets its body anew

create table access.person (
    id uuid not null,
    organisation_id uuid not null,
    key_id uuid not null,
    email text,
    issuer text,
    subject text,
    bound_at timestamptz,
    password_hash text,
    registered_at timestamptz not null,
    removed_at timestamptz,
    constraint person_pkey primary key (id),
    constraint person_key_once unique (key_id),
    constraint person_key foreign key (key_id) references access.api_key (id),
    constraint person_organisation foreign key (organisation_id) references access.organisation (id),
    constraint person_email_form check (email = lower(email) and length(email) between 3 and 254 and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    constraint person_identity_whole check (num_nonnulls(issuer, subject, bound_at) in (0, 3)),
    constraint person_subject_length check (length(subject) between 1 and 255),
    -- Who has left is known by the key alone: address, identity and password are erased.
    constraint person_reachable check ((removed_at is null) = (email is not null)),
    constraint person_erased check (removed_at is null or num_nonnulls(issuer, password_hash) = 0)
);
create unique index person_email_once on access.person (email);
create unique index person_identity_once on access.person (issuer, subject);
create index person_by_organisation on access.person (organisation_id);
comment on table access.person is
    'Who may sign in without a key in hand, registered beforehand. Acts as a key of its own, which carries the roles and signs rows.';
comment on column access.person.email is
    'By which the first sign-in with a verified address is recognised, and the name to a password.';
comment on column access.person.subject is 'Who the identity provider says it is; from then on the address no longer counts.';
comment on column access.person.password_hash is 'scrypt, with its own parameters and salt. Only where no identity provider is configured.';

create table access.sign_in (
    token_digest bytea not null,
    back text not null,
    ends_at timestamptz not null,
    constraint sign_in_pkey primary key (token_digest),
    constraint sign_in_token_length check (length(token_digest) = 32),
    constraint sign_in_back_length check (length(back) <= 2000)
);
create index sign_in_by_end on access.sign_in (ends_at);
comment on table access.sign_in is
    'A browser that was sent to the identity provider. Taken away when it comes back, so that its answer counts once.';

create table access.password_try (
    who bytea not null,
    tries integer not null,
    since timestamptz not null,
    constraint password_try_pkey primary key (who),
    constraint password_try_length check (length(who) = 32)
);
create index password_try_by_age on access.password_try (since);
comment on table access.password_try is
    'Passwords tried for an address, whether anybody has it or not, by its digest. A right one takes its own try back.';

alter table access.person enable row level security;
alter table access.person force row level security;
alter table access.sign_in enable row level security;
alter table access.sign_in force row level security;
alter table access.password_try enable row level security;
alter table access.password_try force row level security;
create policy person_functions on access.person to plateau_functions using (true) with check (true);
create policy sign_in_functions on access.sign_in to plateau_functions using (true) with check (true);
create policy password_try_functions on access.password_try to plateau_functions using (true) with check (true);
grant select, insert, update on access.person to plateau_functions;
grant select, insert, delete on access.sign_in to plateau_functions;
grant select, insert, update, delete on access.password_try to plateau_functions;

-- MARK: Registering

create function access.register_person(
    p_organisation uuid, p_id uuid, p_key uuid, p_key_digest bytea, p_name text, p_email text, p_issuer text, p_subject text,
    p_roles text[], p_role_centres smallint[], p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from access.organisation o where o.id = p_organisation) then return 'organisationUnknown'; end if;
    if exists (select from access.person p where p.email = p_email or (p.issuer, p.subject) = (p_issuer, p_subject)) then
        return 'registeredAlready';
    end if;
    perform access.create_api_key(p_organisation, p_key, p_name, 'person', p_key_digest, null, p_roles, p_role_centres, p_by);
    insert into access.person (id, organisation_id, key_id, email, issuer, subject, bound_at, registered_at)
    values (p_id, p_organisation, p_key, p_email, p_issuer, p_subject,
            case when p_subject is not null then plateau.clock() end, plateau.clock());
    return 'registered';
end
$$;
comment on function access.register_person(uuid, uuid, uuid, bytea, text, text, text, text, text[], smallint[], uuid) is
    'registered, registeredAlready (the address or the identity), or organisationUnknown. The digest is of nothing: no secret has it.';

create function access.remove_person(p_email text) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_person access.person;
begin
    select * into v_person from access.person p where p.email = p_email for update;
    if not found then return false; end if;
    update access.person p
    set removed_at = plateau.clock(), email = null, issuer = null, subject = null, bound_at = null, password_hash = null
    where p.id = v_person.id;
    perform access.revoke_api_key(v_person.organisation_id, v_person.key_id);
    perform access.end_sessions(v_person.key_id);
    return true;
end
$$;
comment on function access.remove_person(text) is
    'Whether there was one. Signs the person out, revokes the key as which it acted, and erases address, identity and password.';

create function access.set_password(p_email text, p_hash text) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_key uuid;
begin
    update access.person p set password_hash = p_hash where p.email = p_email returning p.key_id into v_key;
    if v_key is null then return false; end if;
    perform access.end_sessions(v_key);
    return true;
end
$$;
comment on function access.set_password(text, text) is 'Whether there is such a person, who is then signed out everywhere.';

create function access.person_name(p_key uuid) returns text
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return (select k.label from access.person p join access.api_key k on k.id = p.key_id where p.key_id = p_key);
end
$$;
comment on function access.person_name(uuid) is 'Of the person who acts as a key; null when it is no person''s.';

-- MARK: Signing in

create function access.open_session(p_id uuid, p_key uuid, p_token_digest bytea, p_idle_minutes integer, p_longest_minutes integer)
    returns void
    language plpgsql volatile
as $$
declare
    v_now timestamptz := plateau.clock();
    v_end timestamptz := v_now + make_interval(mins => p_longest_minutes);
begin
    delete from access.session s where s.key_id = p_key and s.ends_at < v_now - interval '30 days';
    insert into access.session (id, key_id, token_digest, begun_at, last_seen_at, idle_until, ends_at)
    values (p_id, p_key, p_token_digest, v_now, v_now, least(v_end, v_now + make_interval(mins => p_idle_minutes)), v_end);
end
$$;

create or replace function access.begin_session(
    p_id uuid, p_key_digest bytea, p_token_digest bytea, p_idle_minutes integer, p_longest_minutes integer) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_key uuid;
begin
    select a.key_id into v_key from access.authenticate(p_key_digest) a;
    if v_key is null then return false; end if;
    perform access.open_session(p_id, v_key, p_token_digest, p_idle_minutes, p_longest_minutes);
    return true;
end
$$;

create function access.begin_sign_in(p_token_digest bytea, p_back text, p_minutes integer) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    delete from access.sign_in s where s.ends_at < plateau.clock();
    insert into access.sign_in (token_digest, back, ends_at)
    values (p_token_digest, p_back, plateau.clock() + make_interval(mins => p_minutes));
end
$$;

create function access.take_sign_in(p_token_digest bytea) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_taken access.sign_in;
begin
    delete from access.sign_in s where s.token_digest = p_token_digest returning s.* into v_taken;
    return case when v_taken.ends_at > plateau.clock() then v_taken.back end;
end
$$;
comment on function access.take_sign_in(bytea) is 'Where its browser wanted to go. Null: unknown, too old, or answered before.';

create function access.sign_in_identity(
    p_session uuid, p_issuer text, p_subject text, p_email text, p_token_digest bytea, p_idle_minutes integer,
    p_longest_minutes integer) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_key uuid;
begin
    select p.key_id into v_key from access.person p where p.issuer = p_issuer and p.subject = p_subject;
    if v_key is null and p_email is not null then
        -- The first time, by the address; whoever has it later is somebody else.
        update access.person p set issuer = p_issuer, subject = p_subject, bound_at = plateau.clock()
        where p.email = p_email and p.issuer is null
        returning p.key_id into v_key;
    end if;
    if v_key is null or not exists (select from access.actor_of(v_key)) then return false; end if;
    perform access.open_session(p_session, v_key, p_token_digest, p_idle_minutes, p_longest_minutes);
    return true;
end
$$;
comment on function access.sign_in_identity(uuid, text, text, text, bytea, integer, integer) is
    'Whether that identity is a registered person''s, or becomes so by an address that its provider has verified.';

create function access.try_password(p_who bytea, p_email text, p_most integer, p_minutes integer)
    returns table (is_allowed boolean, password_hash text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_start timestamptz := plateau.clock() - make_interval(mins => p_minutes);
    v_tries integer;
begin
    delete from access.password_try t where t.since < v_start and t.who <> p_who;
    -- Counted before it is looked at: many at once are no way round.
    insert into access.password_try as t (who, tries, since) values (p_who, 1, plateau.clock())
    on conflict (who) do update
    set tries = case when t.since < v_start then 1 else t.tries + 1 end,
        since = case when t.since < v_start then excluded.since else t.since end
    returning t.tries into v_tries;
    return query
    select v_tries <= p_most, (select p.password_hash from access.person p where p.email = p_email and v_tries <= p_most);
end
$$;
comment on function access.try_password(bytea, text, integer, integer) is
    'Counts one try, and says whether it may be looked at, and against what; null: nobody there has a password.';

create function access.sign_in_with_password(
    p_session uuid, p_who bytea, p_email text, p_hash text, p_token_digest bytea, p_idle_minutes integer, p_longest_minutes integer)
    returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_key uuid;
begin
    -- The password may have been changed while it was looked at.
    select p.key_id into v_key from access.person p where p.email = p_email and p.password_hash = p_hash;
    if v_key is null or not exists (select from access.actor_of(v_key)) then return false; end if;
    delete from access.password_try t where t.who = p_who;
    perform access.open_session(p_session, v_key, p_token_digest, p_idle_minutes, p_longest_minutes);
    return true;
end
$$;
comment on function access.sign_in_with_password(uuid, bytea, text, text, bytea, integer, integer) is
    'After the password was found right: takes the tries back and signs its holder in.';

do $$
declare
    f record;
begin
    for f in
        select p.oid::regprocedure as name, p.prosecdef from pg_proc p
        where p.pronamespace = 'access'::regnamespace
          and p.proname in ('register_person', 'remove_person', 'set_password', 'person_name', 'open_session', 'begin_sign_in',
                            'take_sign_in', 'sign_in_identity', 'try_password', 'sign_in_with_password')
    loop
        execute format('alter function %s owner to plateau_functions', f.name);
        execute format('revoke all on function %s from public', f.name);
        if f.prosecdef then execute format('grant execute on function %s to plateau_app', f.name); end if;
    end loop;
end
$$;

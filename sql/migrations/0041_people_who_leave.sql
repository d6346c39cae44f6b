-- Who is removed leaves no key behind; passwords are counted for a person, for a network and for both; tidying up waits for nobody.
-- lock class: none (functions only)

-- MARK: Leaving

create or replace function access.create_api_key(
    p_organisation uuid, p_id uuid, p_label text, p_prefix text, p_digest bytea, p_expires_at timestamptz, p_roles text[],
    p_role_centres smallint[], p_by uuid) returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
begin
    if p_by is not null then
        -- Waits for whoever revokes that key at this moment, as they wait for this: no key is made by one that is gone.
        perform from access.api_key k
        where k.id = p_by and k.revoked_at is null and (k.expires_at is null or k.expires_at > v_now) for share;
        if not found then return null; end if;
    end if;
    insert into access.api_key (organisation_id, id, label, prefix, digest, created_at, created_by, expires_at)
    values (p_organisation, p_id, p_label, p_prefix, p_digest, v_now, p_by, p_expires_at);
    insert into access.api_key_role (key_id, role, centre_id)
    select p_id, r.role, nullif(r.centre_id, -1::smallint)
    from unnest(p_roles, p_role_centres) as r (role, centre_id);
    return v_now;
end
$$;
comment on function access.create_api_key(uuid, uuid, text, text, bytea, timestamptz, text[], smallint[], uuid) is
    'When the key was made. Null: the key that makes it is revoked or has expired.';

create function access.end_keys(p_key uuid) returns text[]
    language plpgsql volatile
as $$
declare
    v_keys uuid[] := array[p_key];
    v_labels text[] := '{}'::text[];
begin
    loop
        -- Waits for keys that are being made by these, and so finds them next.
        with gone as (
            update access.api_key k set revoked_at = plateau.clock(), version = k.version + 1
            where k.id = any (v_keys) and k.revoked_at is null
            returning k.id, k.label, k.created_at)
        select v_labels || coalesce(array_agg(g.label order by g.created_at, g.id) filter (where g.id <> p_key), '{}')
        into v_labels
        from gone g;
        perform access.end_sessions(k) from unnest(v_keys) as k;
        -- A person is nobody's key, whoever registered them.
        v_keys := array(
            select k.id from access.api_key k
            where k.created_by = any (v_keys) and not exists (select from access.person p where p.key_id = k.id));
        exit when v_keys = '{}';
    end loop;
    return v_labels;
end
$$;
comment on function access.end_keys(uuid) is
    'Revokes a key and every one that goes back to it, and signs their holders out. The labels of those others that were still good.';

drop function access.remove_person(text);
create function access.remove_person(p_email text) returns text[]
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_key uuid;
begin
    update access.person p
    set removed_at = plateau.clock(), email = null, issuer = null, subject = null, bound_at = null, password_hash = null
    where p.email = p_email
    returning p.key_id into v_key;
    if v_key is null then return null; end if;
    return access.end_keys(v_key);
end
$$;
comment on function access.remove_person(text) is
    'Signs the person out, revokes the key as which it acted and all that it made, and erases address, identity and password. The labels of the keys that it made and that were still good; null: there is no such person.';

-- MARK: Registering

create or replace function access.register_person(
    p_organisation uuid, p_id uuid, p_key uuid, p_key_digest bytea, p_name text, p_email text, p_issuer text, p_subject text,
    p_roles text[], p_role_centres smallint[], p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from access.organisation o where o.id = p_organisation) then return 'organisationUnknown'; end if;
    perform access.create_api_key(p_organisation, p_key, p_name, 'person', p_key_digest, null, p_roles, p_role_centres, p_by);
    insert into access.person (id, organisation_id, key_id, email, issuer, subject, bound_at, registered_at)
    values (p_id, p_organisation, p_key, p_email, p_issuer, p_subject,
            case when p_subject is not null then plateau.clock() end, plateau.clock());
    return 'registered';
exception
    -- Also of somebody who is registered by another at this moment; the key goes with the row.
    when unique_violation then return 'registeredAlready';
end
$$;

-- MARK: Signing in

-- Rows are locked to be tidied away, which asks for a right to change them.
grant update (ends_at) on access.sign_in to plateau_functions;

create or replace function access.begin_sign_in(p_token_digest bytea, p_back text, p_minutes integer) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    -- A few at a time, and none that another is tidying away: nobody waits for it.
    delete from access.sign_in s
    where s.token_digest in (
        select o.token_digest from access.sign_in o where o.ends_at < plateau.clock() order by o.ends_at limit 100
        for update skip locked);
    insert into access.sign_in (token_digest, back, ends_at)
    values (p_token_digest, p_back, plateau.clock() + make_interval(mins => p_minutes));
end
$$;

create or replace function access.sign_in_identity(
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
        if v_key is null then
            -- Another window of the same person may have been quicker.
            select p.key_id into v_key from access.person p where p.issuer = p_issuer and p.subject = p_subject;
        end if;
    end if;
    if v_key is null or not exists (select from access.actor_of(v_key)) then return false; end if;
    perform access.open_session(p_session, v_key, p_token_digest, p_idle_minutes, p_longest_minutes);
    return true;
end
$$;

drop function access.try_password(bytea, text, integer, integer);
create function access.try_password(p_who bytea[], p_most integer[], p_email text, p_minutes integer)
    returns table (is_allowed boolean, password_hash text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_start timestamptz := plateau.clock() - make_interval(mins => p_minutes);
    v_allowed boolean;
begin
    delete from access.password_try t
    where t.who in (
        select o.who from access.password_try o where o.since < v_start and o.who <> all (p_who) order by o.since limit 100
        for update skip locked);
    -- Counted before it is looked at: many at once are no way round. In one order, so that no two wait for each other.
    with counted as (
        insert into access.password_try as t (who, tries, since)
        select w.who, 1, plateau.clock() from unnest(p_who) as w (who) order by w.who
        on conflict (who) do update
        set tries = case when t.since < v_start then 1 else t.tries + 1 end,
            since = case when t.since < v_start then excluded.since else t.since end
        returning t.who, t.tries)
    select bool_and(c.tries <= m.most) into v_allowed
    from counted c join unnest(p_who, p_most) as m (who, most) on m.who = c.who;
    return query
    select v_allowed, (select p.password_hash from access.person p where p.email = p_email and v_allowed);
end
$$;
comment on function access.try_password(bytea[], integer[], text, integer) is
    'Counts one try in each account of who, and says whether none has more than most (parallel to who), so that it may be looked at, and against what; null: nobody there has a password.';

drop function access.sign_in_with_password(uuid, bytea, text, text, bytea, integer, integer);
create function access.sign_in_with_password(
    p_session uuid, p_who bytea[], p_email text, p_hash text, p_token_digest bytea, p_idle_minutes integer, p_longest_minutes integer)
    returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_key uuid;
begin
    -- The password may have been changed while it was looked at.
    select p.key_id into v_key from access.person p where p.email = p_email and p.password_hash = p_hash;
    if v_key is null or not exists (select from access.actor_of(v_key)) then return false; end if;
    perform from access.password_try t where t.who = any (p_who) order by t.who for update;
    delete from access.password_try t where t.who = p_who[1];
    -- The others are shared: only its own try is taken back.
    update access.password_try t set tries = greatest(t.tries - 1, 0) where t.who = any (p_who[2:]);
    perform access.open_session(p_session, v_key, p_token_digest, p_idle_minutes, p_longest_minutes);
    return true;
end
$$;
comment on function access.sign_in_with_password(uuid, bytea[], text, text, bytea, integer, integer) is
    'After the password was found right: forgets the tries of the first account, takes its own back from the others, and signs its holder in.';

comment on table access.password_try is
    'Passwords tried for an address, whether anybody has it or not, from a network, and for that address from there, each by its digest.';

do $$
declare
    f record;
begin
    for f in
        select p.oid::regprocedure as name, p.prosecdef from pg_proc p
        where p.pronamespace = 'access'::regnamespace
          and p.proname in ('end_keys', 'remove_person', 'try_password', 'sign_in_with_password')
    loop
        execute format('alter function %s owner to plateau_functions', f.name);
        execute format('revoke all on function %s from public', f.name);
        if f.prosecdef then execute format('grant execute on function %s to plateau_app', f.name); end if;
    end loop;
end
$$;

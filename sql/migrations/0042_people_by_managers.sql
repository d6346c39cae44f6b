-- Persons registered, listed and removed by the network's managers, over the API: who registered somebody may be them, and is told apart
-- from nobody whom they registered.
-- lock class: access exclusive on access.person, for a moment (a column that is empty, a foreign key over few rows)

alter table access.person add column registered_by uuid;
alter table access.person add constraint person_registered_by foreign key (registered_by) references access.api_key (id);
comment on column access.person.registered_by is 'The key of the network''s manager who did; null: whoever runs the service, on the command line.';

create or replace function access.same_person(p_one uuid, p_other uuid) returns boolean
    language sql stable
as $$
    with recursive maker (start, id, created_by) as (
        select k.id, k.id, k.created_by from access.api_key k where k.id in (p_one, p_other)
        union
        select m.start, k.id, k.created_by from maker m join access.api_key k on k.id = m.created_by
    ), origin (start, id) as (
        select m.start, m.id from maker m
        union
        select o.start, f.id
        from origin o
        join access.api_key k on k.id = o.id
        left join access.person p on p.key_id = o.id
        cross join lateral (values (k.created_by), (p.registered_by)) as f (id)
        where f.id is not null
    )
    select p_one = p_other
        or exists (select from maker m join origin o on o.id = m.id and o.start <> m.start)
$$;
comment on function access.same_person(uuid, uuid) is
    'Whether one person may hold both keys: whoever makes a key sees its secret, so keys that go back to one maker count as one person''s. Who registers a person may hold their account, and counts as them; two whom one registers are two. What is made on the server''s command line goes back to nobody.';

create or replace function access.register_person(
    p_organisation uuid, p_id uuid, p_key uuid, p_key_digest bytea, p_name text, p_email text, p_issuer text, p_subject text,
    p_roles text[], p_role_centres smallint[], p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if p_by is not null then
        if not access.has_role(p_by, '{networkManager}', null) then return 'forbidden'; end if;
        -- Those decide in twos: whoever could make the second by themselves would be both.
        if p_roles && '{networkManager,labelAuthority}' then return 'roleNotGrantable'; end if;
    end if;
    if not exists (select from access.organisation o where o.id = p_organisation) then return 'organisationUnknown'; end if;
    perform access.create_api_key(p_organisation, p_key, p_name, 'person', p_key_digest, null, p_roles, p_role_centres, null);
    insert into access.person (id, organisation_id, key_id, email, issuer, subject, bound_at, registered_at, registered_by)
    values (p_id, p_organisation, p_key, p_email, p_issuer, p_subject,
            case when p_subject is not null then plateau.clock() end, plateau.clock(), p_by);
    return 'registered';
exception
    -- Also of somebody who is registered by another at this moment; the key goes with the row.
    when unique_violation then return 'registeredAlready';
end
$$;
comment on function access.register_person(uuid, uuid, uuid, bytea, text, text, text, text, text[], smallint[], uuid) is
    'registered, registeredAlready (the address or the identity), organisationUnknown, or, by a manager (null: the command line), forbidden or roleNotGrantable. The digest is of nothing: no secret has it.';

create function access.people_of(p_organisation uuid, p_by uuid, p_id uuid, p_after uuid, p_limit integer)
    returns table (id uuid, key_id uuid, name text, email text, roles text[], role_centres smallint[], registered_at timestamptz,
                   bound_at timestamptz, has_password boolean)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.id, k.id, k.label, p.email,
           array(select r.role from access.api_key_role r where r.key_id = k.id order by r.role, r.centre_id),
           array(select coalesce(r.centre_id, -1::smallint) from access.api_key_role r where r.key_id = k.id order by r.role, r.centre_id),
           p.registered_at, p.bound_at, p.password_hash is not null
    from access.person p join access.api_key k on k.id = p.key_id
    where p.organisation_id = p_organisation and p.removed_at is null and (p_id is null or p.id = p_id)
      and (p_after is null or p.id > p_after)
      and access.has_role(p_by, '{networkManager}', null)
    order by p.id
    limit p_limit;
end
$$;
comment on function access.people_of(uuid, uuid, uuid, uuid, integer) is
    'Who is registered in an organisation, one or, by id, those after one; for the network''s managers (by), nobody else.';

create function access.remove_person_by(p_organisation uuid, p_id uuid, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_person access.person;
begin
    if not access.has_role(p_by, '{networkManager}', null) then return 'forbidden'; end if;
    select * into v_person from access.person p where p.organisation_id = p_organisation and p.id = p_id for update;
    if not found then return 'unknown'; end if;
    if v_person.removed_at is null then perform access.remove_person(v_person.email); end if;
    return 'removed';
end
$$;
comment on function access.remove_person_by(uuid, uuid, uuid) is
    'removed (also of somebody who was before), unknown (the organisation has no such person) or forbidden. As remove_person, by a manager of the network.';

do $$
declare
    f record;
begin
    for f in
        select p.oid::regprocedure as name, p.prosecdef from pg_proc p
        where p.pronamespace = 'access'::regnamespace and p.proname in ('people_of', 'remove_person_by')
    loop
        execute format('alter function %s owner to plateau_functions', f.name);
        execute format('revoke all on function %s from public', f.name);
        execute format('grant execute on function %s to plateau_app', f.name);
    end loop;
end
$$;

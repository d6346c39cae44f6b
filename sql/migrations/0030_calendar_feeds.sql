-- Calendar feeds: addresses with a secret, under which a calendar program reads bookings for the key that made them.
-- lock class: SHARE on bookings.booking for an index over cancelled bookings, else none (new table, new functions)

-- What a feed reads of bookings that have gone: few, beside all the others.
create index booking_gone on bookings.booking (centre_id, starts)
    where state in ('cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork', 'rejected', 'expired', 'noShow');

create table delivery.feed (
    organisation_id uuid not null,
    id uuid not null,
    key_id uuid not null,
    kind text not null,
    subject_id uuid,
    digest bytea not null,
    language text not null,
    description text,
    created_at timestamptz not null,
    last_read_at timestamptz,
    revoked_at timestamptz,
    constraint feed_pkey primary key (id),
    constraint feed_digest_once unique (digest),
    constraint feed_organisation foreign key (organisation_id) references access.organisation (id),
    constraint feed_kind_known check (kind in ('resource', 'site', 'centre', 'organisation', 'person')),
    constraint feed_has_subject check ((kind in ('resource', 'site', 'centre')) = (subject_id is not null)),
    constraint feed_language_known check (language in ('fr', 'en')),
    constraint feed_digest_length check (length(digest) = 32)
);
create index feed_by_organisation on delivery.feed (organisation_id, id) where revoked_at is null;
create index feed_by_key on delivery.feed (key_id) where revoked_at is null;
comment on table delivery.feed is
    'A calendar that is read under an address without a key. It shows what the key that made it may read, and ends with that key. The secret in the address stands nowhere: digest is its SHA-256.';
comment on column delivery.feed.subject_id is 'The resource, site or centre; of the others the organisation, or the key itself, is the subject.';
comment on column delivery.feed.last_read_at is 'To the hour.';

alter table delivery.feed enable row level security;
alter table delivery.feed force row level security;
create policy feed_functions on delivery.feed to plateau_functions using (true) with check (true);
create policy feed_actor on delivery.feed for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation()));
grant select, insert, update on delivery.feed to plateau_functions;
grant select (organisation_id, id, key_id, kind, subject_id, language, description, created_at, last_read_at, revoked_at)
    on delivery.feed to plateau_app;

create function delivery.is_valid_key(p_key uuid) returns boolean
    language plpgsql stable
as $$
begin
    return exists (select from access.api_key k
                   where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock()));
end
$$;

create function delivery.subject_exists(p_kind text, p_subject uuid) returns boolean
    language plpgsql stable
as $$
begin
    return case p_kind
        when 'resource' then exists (select from platforms.resource r
                                     where r.centre_id = plateau.centre_of(p_subject) and r.id = p_subject and r.retired_at is null)
        when 'site' then exists (select from centres.site s where s.centre_id = plateau.centre_of(p_subject) and s.id = p_subject)
        when 'centre' then exists (select from centres.centre c where c.centre_id = plateau.centre_of(p_subject) and c.id = p_subject)
        else p_subject is null end;
end
$$;

create function delivery.create_feed(
    p_id uuid, p_organisation uuid, p_kind text, p_subject uuid, p_digest bytea, p_language text, p_description text, p_key uuid)
    returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform from access.api_key k where k.id = p_key and k.organisation_id = p_organisation for no key update;
    if not found or not delivery.is_valid_key(p_key) then
        return 'forbidden';
    elsif not delivery.subject_exists(p_kind, p_subject) then
        return 'subjectUnknown';
    elsif (select count(*) from delivery.feed f where f.key_id = p_key and f.revoked_at is null) >= 50 then
        return 'tooMany';
    end if;
    insert into delivery.feed (organisation_id, id, key_id, kind, subject_id, digest, language, description, created_at)
    values (p_organisation, p_id, p_key, p_kind, p_subject, p_digest, p_language, p_description, plateau.clock());
    return 'created';
end
$$;
comment on function delivery.create_feed(uuid, uuid, text, uuid, bytea, text, text, uuid) is
    'outcome: created, forbidden, subjectUnknown, tooMany (fifty of a key).';

create function delivery.revoke_feed(p_id uuid, p_organisation uuid, p_key uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update delivery.feed f set revoked_at = plateau.clock()
    where f.id = p_id and f.organisation_id = p_organisation and f.revoked_at is null
      and (f.key_id = p_key and delivery.is_valid_key(p_key) or delivery.may_manage(p_key, p_organisation));
    return case when found then 'revoked' else 'notFound' end;
end
$$;
comment on function delivery.revoke_feed(uuid, uuid, uuid) is
    'By the key that made it, or by who manages the organisation. outcome: revoked, notFound.';

create function delivery.open_feed(p_digest bytea)
    returns table (id uuid, kind text, subject_id uuid, language text, key_id uuid, organisation_id uuid, name text,
                   created_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_feed delivery.feed;
    v_centre smallint;
    v_now timestamptz := plateau.clock();
begin
    select * into v_feed from delivery.feed f where f.digest = p_digest and f.revoked_at is null;
    if not found or not delivery.is_valid_key(v_feed.key_id) then
        return;
    end if;
    if v_feed.last_read_at is null or v_feed.last_read_at < v_now - interval '1 hour' then
        update delivery.feed f set last_read_at = v_now where f.id = v_feed.id;
    end if;
    v_centre := plateau.centre_of(v_feed.subject_id);
    return query
    select v_feed.id, v_feed.kind, v_feed.subject_id, v_feed.language, v_feed.key_id, v_feed.organisation_id, n.name, v_feed.created_at
    from (
        select r.name || ' – ' || s.name as name from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where v_feed.kind = 'resource' and r.centre_id = v_centre and r.id = v_feed.subject_id
        union all
        select s.name from centres.site s
        where v_feed.kind = 'site' and s.centre_id = v_centre and s.id = v_feed.subject_id
        union all
        select c.name from centres.named_centre c where v_feed.kind = 'centre' and c.centre_id = v_centre
        union all
        select o.name from access.organisation o where v_feed.kind = 'organisation' and o.id = v_feed.organisation_id
        union all
        select k.label from access.api_key k where v_feed.kind = 'person' and k.id = v_feed.key_id) n;
end
$$;
comment on function delivery.open_feed(bytea) is
    'What an address leads to, and whose rights it is read with. No row: there is no such feed, it was revoked, or its key is not good any more.';

-- Somebody's roles without their secret, for what is done on their behalf.
create function access.actor_of(p_key uuid) returns setof access.actor
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
    where k.id = p_key
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > plateau.clock())
    group by k.id, o.id;
end
$$;
alter function access.actor_of(uuid) owner to plateau_functions;
grant execute on function access.actor_of(uuid) to plateau_app;
comment on function access.actor_of(uuid) is 'Whose a key is, with its roles. No row: unknown, revoked or expired.';

do $$
declare
    f regprocedure;
begin
    foreach f in array array[
        'delivery.create_feed(uuid, uuid, text, uuid, bytea, text, text, uuid)', 'delivery.revoke_feed(uuid, uuid, uuid)',
        'delivery.open_feed(bytea)']::regprocedure[] loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;
grant execute on function delivery.is_valid_key(uuid), delivery.subject_exists(text, uuid) to plateau_functions;

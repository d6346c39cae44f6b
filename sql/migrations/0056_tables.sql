-- Tables and calendars of bookings: what a row said in its own words, which event it was, and bookings known by their own reference;
-- an idempotency key that is taken with the first part of what it asks for.
-- lock class: ACCESS EXCLUSIVE on bookings.imported for a moment (two columns without a default, a check over a small table, an index);
-- else none (functions)

alter table bookings.imported
    add column words_hash bytea,
    add column calendar_uid text,
    drop constraint imported_is_sound,
    add constraint imported_is_sound check (
        length(btrim(own_reference)) between 1 and 300 and length(content_hash) = 32
        and (words_hash is null or length(words_hash) = 32) and (calendar_uid is null or length(calendar_uid) between 1 and 255));
comment on column bookings.imported.words_hash is
    'What the row said before names were looked up; null: entered before this was kept.';
comment on column bookings.imported.calendar_uid is
    'The UID of the event of a calendar that it was (RFC 5545), which tells its other occurrences; null: a row of a table.';
create index imported_by_calendar on bookings.imported (organisation_id, calendar_uid) where calendar_uid is not null;

drop function bookings.claim_imports(uuid, text[]);
create function bookings.claim_imports(p_key uuid, p_references text[], p_uids text[])
    returns table (
        outcome text, own_reference text, content_hash bytea, words_hash bytea, calendar_uid text, booking_id uuid, line smallint,
        reference text, state text, flags text[], starts timestamptz, resource_id uuid, stands boolean)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_organisation uuid := (select k.organisation_id from access.api_key k where k.id = p_key);
begin
    -- Nobody waits for it: who does would keep a connection.
    if not pg_try_advisory_xact_lock(50, (plateau.low_bits(v_organisation) & 2147483647)::integer) then
        return query
        select 'inProgress', null::text, null::bytea, null::bytea, null::text, null::uuid, null::smallint, null::text, null::text,
               null::text[], null::timestamptz, null::uuid, null::boolean;
        return;
    end if;
    return query
    with entered as (
        select i.own_reference, i.content_hash, i.words_hash, i.calendar_uid, i.booking_id, 1::smallint as line
        from bookings.imported i
        where i.organisation_id = v_organisation and i.own_reference = any (p_references)
        union
        select i.own_reference, i.content_hash, i.words_hash, i.calendar_uid, i.booking_id, 1::smallint
        from bookings.imported i
        where i.organisation_id = v_organisation and i.calendar_uid = any (p_uids)
    ), named as (
        -- As an export calls what no import made: a booking's reference, from its second line on with the line's number.
        select r.asked, split_part(r.asked, '/', 1) as reference,
               case when strpos(r.asked, '/') = 0 then 1::smallint else split_part(r.asked, '/', 2)::smallint end as line
        from unnest(p_references) as r (asked)
        where r.asked similar to '[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}(/[1-9][0-9]{0,2})?'
          and not exists (
              select from bookings.imported i where i.organisation_id = v_organisation and i.own_reference = r.asked)
    ), known as (
        select e.own_reference, e.content_hash, e.words_hash, e.calendar_uid, e.booking_id, e.line, b.id, b.reference, b.state, b.flags,
               b.expires_at
        from entered e
        left join bookings.booking b on b.centre_id = plateau.centre_of(e.booking_id) and b.id = e.booking_id
             -- A replay is for those who may book.
             and access.may_book_for(p_key, b.organisation_id, b.centres)
        union all
        select n.asked, null, null, null, b.id, n.line, b.id, b.reference, b.state, b.flags, b.expires_at
        from named n
        cross join centres.centre c
        join bookings.booking b on b.centre_id = c.centre_id and b.reference = n.reference
        where access.may_book_for(p_key, b.organisation_id, b.centres)
          and exists (
              select from bookings.line l where l.centre_id = b.centre_id and l.booking_id = b.id and l.number = n.line)
    )
    select 'known', k.own_reference, k.content_hash, k.words_hash, k.calendar_uid, k.id, k.line, k.reference, s.state, k.flags,
           l.starts, l.resource_id,
           s.state not in (
               'completed', 'rejected', 'cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork', 'expired', 'noShow')
           and l.ends > plateau.clock()
    from known k
    cross join lateral (
        select case when k.expires_at <= plateau.clock() and k.state in ('draft', 'held', 'requested', 'waitlisted') then 'expired'
                    else k.state end) as s (state)
    left join bookings.line l on l.centre_id = plateau.centre_of(k.id) and l.booking_id = k.id and l.number = k.line;
end
$$;
comment on function bookings.claim_imports(uuid, text[], text[]) is
    'Which rows and events the organisation of a key has entered before (known), and the bookings that they made: none where the key may not book for those; and those that are bookings by their own reference, whoever made them. stands: whether it is still to take place. Until the transaction ends no other table of the organisation is entered: those are told so at once, by one row (inProgress).';
alter function bookings.claim_imports(uuid, text[], text[]) owner to plateau_functions;
revoke all on function bookings.claim_imports(uuid, text[], text[]) from public;
grant execute on function bookings.claim_imports(uuid, text[], text[]) to plateau_app;

drop function bookings.keep_imports(uuid, text[], bytea[], uuid[]);
create function bookings.keep_imports(
    p_key uuid, p_references text[], p_hashes bytea[], p_words bytea[], p_uids text[], p_bookings uuid[]) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_kept integer;
begin
    insert into bookings.imported (
        organisation_id, own_reference, content_hash, words_hash, calendar_uid, booking_id, recorded_at, recorded_by)
    select k.organisation_id, r.own_reference, r.content_hash, r.words_hash, nullif(r.calendar_uid, ''), b.id, plateau.clock(), p_key
    from unnest(p_references, p_hashes, p_words, p_uids, p_bookings)
        as r (own_reference, content_hash, words_hash, calendar_uid, booking_id)
    join access.api_key k on k.id = p_key
    join bookings.booking b on b.centre_id = plateau.centre_of(r.booking_id) and b.id = r.booking_id and b.created_by = p_key;
    get diagnostics v_kept = row_count;
    return v_kept;
end
$$;
comment on function bookings.keep_imports(uuid, text[], bytea[], bytea[], text[], uuid[]) is
    'Keeps which rows made which bookings; all are parallel, and the UID of a row of a table is empty. Only bookings that the key itself made. Returns how many.';
alter function bookings.keep_imports(uuid, text[], bytea[], bytea[], text[], uuid[]) owner to plateau_functions;
revoke all on function bookings.keep_imports(uuid, text[], bytea[], bytea[], text[], uuid[]) from public;
grant execute on function bookings.keep_imports(uuid, text[], bytea[], bytea[], text[], uuid[]) to plateau_app;

-- What the organisation of the actor calls a booking: for its own lists.
create function bookings.own_references(p_key uuid, p_bookings uuid[])
    returns table (booking_id uuid, own_reference text)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select i.booking_id, i.own_reference
    from bookings.imported i
    join access.api_key k on k.id = p_key and k.organisation_id = i.organisation_id
    where i.booking_id = any (p_bookings);
end
$$;
comment on function bookings.own_references(uuid, uuid[]) is
    'What the organisation of a key called the rows that made some bookings; none of what others call theirs.';
alter function bookings.own_references(uuid, uuid[]) owner to plateau_functions;
revoke all on function bookings.own_references(uuid, uuid[]) from public;
grant execute on function bookings.own_references(uuid, uuid[]) to plateau_app;

create or replace function access.claim_idempotency(p_organisation uuid, p_key text, p_request_hash bytea)
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
    elsif v_row.status is null and v_row.subject_id is null then
        -- Begun and not ended: whoever sends the same again goes on.
        return query select 'claimed', null::smallint, null::bytea, null::text, null::text;
    else
        return query select 'replayed', v_row.status, v_row.body, v_row.etag, v_row.location;
    end if;
end
$$;

create or replace function access.keep_answer(
    p_organisation uuid, p_key text, p_request_hash bytea, p_status smallint, p_body bytea, p_etag text, p_location text) returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    insert into access.idempotency (organisation_id, key, request_hash, status, body, etag, location, created_at)
    values (p_organisation, p_key, p_request_hash, p_status, p_body, p_etag, p_location, plateau.clock())
    on conflict (organisation_id, key) do update
        set request_hash = excluded.request_hash, status = excluded.status, body = excluded.body, etag = excluded.etag,
            location = excluded.location, subject_id = null, created_at = excluded.created_at
        where access.idempotency.created_at <= excluded.created_at - interval '7 days'
           or access.idempotency.status is null and access.idempotency.subject_id is null
              and access.idempotency.request_hash = excluded.request_hash
$$;

create function access.begin_effect(p_organisation uuid, p_key text, p_request_hash bytea) returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    insert into access.idempotency (organisation_id, key, request_hash, created_at)
    values (p_organisation, p_key, p_request_hash, plateau.clock())
    on conflict (organisation_id, key) do update
        set request_hash = excluded.request_hash, status = null, body = null, etag = null, location = null, subject_id = null,
            created_at = excluded.created_at
        where access.idempotency.created_at <= excluded.created_at - interval '7 days'
$$;
comment on function access.begin_effect(uuid, text, bytea) is
    'Takes a key for a request of which a first part is kept, in the transaction of that part: from then on the key stands for no other request, and the same one goes on until its answer is kept. After claim_idempotency.';
alter function access.begin_effect(uuid, text, bytea) owner to plateau_functions;
revoke all on function access.begin_effect(uuid, text, bytea) from public;
grant execute on function access.begin_effect(uuid, text, bytea) to plateau_app;
comment on table access.idempotency is
    'One row for each acknowledged effect, in its transaction: a refused or failed attempt leaves none. Of an effect in parts, from the first one on: without status and subject until the last. Kept 7 days.';

-- Where what is written about a platform, an asset or a model is kept: addresses, no files.
create table inventory.document (
    centre_id smallint not null,
    id uuid not null,
    resource_id uuid,
    model_id uuid,
    title text not null,
    kind text not null,
    address text not null,
    language text not null,
    since date,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    removed_at timestamptz,
    removed_by uuid,
    constraint document_pkey primary key (centre_id, id),
    constraint document_resource foreign key (centre_id, resource_id) references platforms.resource (centre_id, id),
    constraint document_model foreign key (model_id) references inventory.model (id),
    constraint document_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint document_of_one check (num_nonnulls(resource_id, model_id) = 1),
    constraint document_title_present check (length(btrim(title)) between 1 and 200),
    constraint document_kind_known check (kind in ('manual', 'safety', 'certificate', 'plan')),
    constraint document_address_secure check (address ~ '^https://[^[:space:]/?#@]+([/?#][^[:space:]]*)?\Z' and length(address) <= 2000),
    constraint document_language_known check (language in ('fr', 'nl', 'de', 'en')),
    constraint document_removed_whole check ((removed_at is null) = (removed_by is null))
);
comment on table inventory.document is
    'A manual, safety sheet, certificate or plan that somebody else keeps: where it is, of a resource, or of all assets of a model that the centre has. since: the day from which that version stands. What is removed is shown to nobody and stays.';
create index document_by_resource on inventory.document (centre_id, resource_id) where removed_at is null;
create index document_by_model on inventory.document (centre_id, model_id) where removed_at is null and model_id is not null;
grant select on inventory.document to plateau_app, plateau_readonly;
grant select, insert, update on inventory.document to plateau_functions;

create function inventory.add_document(
    p_centre_id smallint, p_id uuid, p_key uuid, p_resource uuid, p_is_of_model boolean, p_title text, p_kind text, p_address text,
    p_language text, p_since date) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_model uuid;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    end if;
    -- Two at once come one after the other, so that there are never more than there may be.
    perform from platforms.resource r where r.centre_id = p_centre_id and r.id = p_resource for no key update;
    if not found then
        return 'notFound';
    end if;
    if p_is_of_model then
        v_model := coalesce(
            (select a.model_id from inventory.asset a where a.centre_id = p_centre_id and a.id = p_resource),
            (select k.model_id from inventory.stock k where k.centre_id = p_centre_id and k.id = p_resource));
        if v_model is null then
            return 'noModel';
        end if;
    end if;
    if (select count(*) from inventory.document d
        where d.centre_id = p_centre_id and d.removed_at is null
          and case when p_is_of_model then d.model_id = v_model else d.resource_id = p_resource end) >= 50 then
        return 'tooMany';
    end if;
    insert into inventory.document (
        centre_id, id, resource_id, model_id, title, kind, address, language, since, recorded_at, recorded_by)
    values (p_centre_id, p_id, case when not p_is_of_model then p_resource end, v_model, p_title, p_kind, p_address, p_language, p_since,
            plateau.clock(), p_key);
    return 'added';
end
$$;
comment on function inventory.add_document(smallint, uuid, uuid, uuid, boolean, text, text, text, text, date) is
    'Notes where a document of a resource is, or of its model at the centre. added, forbidden, notFound (no such resource of the centre), noModel (it is neither an asset nor a stock of a model), tooMany (50 already).';
alter function inventory.add_document(smallint, uuid, uuid, uuid, boolean, text, text, text, text, date) owner to plateau_functions;
revoke all on function inventory.add_document(smallint, uuid, uuid, uuid, boolean, text, text, text, text, date) from public;
grant execute on function inventory.add_document(smallint, uuid, uuid, uuid, boolean, text, text, text, text, date) to plateau_app;

create function inventory.remove_document(p_centre_id smallint, p_id uuid, p_key uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    end if;
    update inventory.document d set removed_at = plateau.clock(), removed_by = p_key
    where d.centre_id = p_centre_id and d.id = p_id and d.removed_at is null;
    return case when found then 'removed' else 'notFound' end;
end
$$;
comment on function inventory.remove_document(smallint, uuid, uuid) is
    'Shows a document to nobody any more. removed, forbidden, notFound (none, or removed before).';
alter function inventory.remove_document(smallint, uuid, uuid) owner to plateau_functions;
revoke all on function inventory.remove_document(smallint, uuid, uuid) from public;
grant execute on function inventory.remove_document(smallint, uuid, uuid) to plateau_app;

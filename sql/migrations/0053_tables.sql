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

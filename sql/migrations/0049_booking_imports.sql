-- Bookings from tables: which row of whose table made which booking, so that the same table a second time makes none.
-- lock class: none (one table, two functions)

create table bookings.imported (
    organisation_id uuid not null,
    own_reference text not null,
    content_hash bytea not null,
    booking_id uuid not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    constraint imported_pkey primary key (organisation_id, own_reference),
    constraint imported_booking_once unique (booking_id),
    constraint imported_is_sound check (length(btrim(own_reference)) between 1 and 100 and length(content_hash) = 32)
);
comment on table bookings.imported is
    'The booking that a row of a table made. organisation_id: whose key entered the table, whomever it books for; own_reference: what that organisation calls the row; content_hash: what the row said. Kept for ever: an idempotency key is forgotten after 7 days, a planning is entered again for a whole term.';

alter table bookings.imported enable row level security;
alter table bookings.imported force row level security;
create policy imported_functions on bookings.imported to plateau_functions using (true) with check (true);
grant select, insert on bookings.imported to plateau_functions;

create function bookings.claim_imports(p_key uuid, p_references text[])
    returns table (outcome text, own_reference text, content_hash bytea, booking_id uuid, reference text, state text, flags text[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_organisation uuid := (select k.organisation_id from access.api_key k where k.id = p_key);
begin
    -- Nobody waits for it: who does would keep a connection.
    if not pg_try_advisory_xact_lock(50, (plateau.low_bits(v_organisation) & 2147483647)::integer) then
        return query select 'inProgress', null::text, null::bytea, null::uuid, null::text, null::text, null::text[];
        return;
    end if;
    return query
    select 'known', i.own_reference, i.content_hash, b.id, b.reference, b.state, b.flags
    from bookings.imported i
    left join bookings.booking b on b.centre_id = plateau.centre_of(i.booking_id) and b.id = i.booking_id
         -- A replay is for those who may book.
         and access.may_book_for(p_key, b.organisation_id, b.centres)
    where i.organisation_id = v_organisation and i.own_reference = any (p_references);
end
$$;
comment on function bookings.claim_imports(uuid, text[]) is
    'Which rows the organisation of a key has entered before (known), and the bookings that they made: none where the key may not book for those. Until the transaction ends no other table of the organisation is entered: those are told so at once, by one row (inProgress).';
alter function bookings.claim_imports(uuid, text[]) owner to plateau_functions;
revoke all on function bookings.claim_imports(uuid, text[]) from public;
grant execute on function bookings.claim_imports(uuid, text[]) to plateau_app;

create function bookings.keep_imports(p_key uuid, p_references text[], p_hashes bytea[], p_bookings uuid[]) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_kept integer;
begin
    insert into bookings.imported (organisation_id, own_reference, content_hash, booking_id, recorded_at, recorded_by)
    select k.organisation_id, r.own_reference, r.content_hash, b.id, plateau.clock(), p_key
    from unnest(p_references, p_hashes, p_bookings) as r (own_reference, content_hash, booking_id)
    join access.api_key k on k.id = p_key
    join bookings.booking b on b.centre_id = plateau.centre_of(r.booking_id) and b.id = r.booking_id and b.created_by = p_key;
    get diagnostics v_kept = row_count;
    return v_kept;
end
$$;
comment on function bookings.keep_imports(uuid, text[], bytea[], uuid[]) is
    'Keeps which rows made which bookings; all three are parallel. Only bookings that the key itself made. Returns how many.';
alter function bookings.keep_imports(uuid, text[], bytea[], uuid[]) owner to plateau_functions;
revoke all on function bookings.keep_imports(uuid, text[], bytea[], uuid[]) from public;
grant execute on function bookings.keep_imports(uuid, text[], bytea[], uuid[]) to plateau_app;

-- What has begun is not put to approval again when it is extended: it would have lapsed at once, since requests end with the start.
-- lock class: none (one function)

create or replace function bookings.is_approved(
    p_old bookings.booking, p_activity text, p_audiences text[], p_head_counts integer[], p_resources uuid[], p_starts timestamptz[],
    p_ends timestamptz[], p_seats integer[]) returns boolean
    language plpgsql stable
as $$
begin
    -- A title or a contact needs no approval again; what is used, when, by whom and why does. Of what has begun only the end changes.
    return p_old.id is not null and p_old.state in ('conditional', 'confirmed') and p_old.activity = p_activity and p_old.audiences = p_audiences
        and p_old.head_counts = p_head_counts
        and (p_old.starts <= plateau.clock() or not exists (
            (select l.resource_id, l.starts, l.ends, case when l.is_exclusive then 0 else l.seats end
             from bookings.line l where l.centre_id = p_old.centre_id and l.booking_id = p_old.id
             union all
             select * from unnest(p_resources, p_starts, p_ends, p_seats))
            except
            (select l.resource_id, l.starts, l.ends, case when l.is_exclusive then 0 else l.seats end
             from bookings.line l where l.centre_id = p_old.centre_id and l.booking_id = p_old.id
             intersect
             select * from unnest(p_resources, p_starts, p_ends, p_seats))));
end
$$;

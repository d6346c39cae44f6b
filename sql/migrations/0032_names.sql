-- Whose a booking is, by name: for whoever may see the booking.
-- lock class: none (a new function)

create function access.name_of(p_organisation uuid) returns text
    language sql stable security definer set search_path = pg_catalog, pg_temp
    return (select o.name from access.organisation o where o.id = p_organisation);
comment on function access.name_of(uuid) is
    'The name of an organisation, whoever asks: for statements whose rows the actor may see already, such as the bookings at a centre.';
alter function access.name_of(uuid) owner to plateau_functions;
grant execute on function access.name_of(uuid) to plateau_app;

-- Delivery: webhooks of organisations, what is delivered to them from the outbox, and the log of every attempt.
-- lock class: none (new tables)

create schema delivery;
comment on schema delivery is 'Webhooks: where events are sent, what was sent, and what came back.';
grant usage on schema delivery to plateau_app, plateau_functions;

-- MARK: Tables

create table delivery.webhook (
    organisation_id uuid not null,
    id uuid not null,
    url text not null,
    description text,
    types text[],
    state text not null default 'enabled',
    disabled_because text,
    disabled_at timestamptz,
    secret_number integer not null default 1,
    former_secret_until timestamptz,
    since_xact bigint not null,
    last_success_at timestamptz,
    created_at timestamptz not null,
    created_by uuid not null,
    version integer not null default 1,
    constraint webhook_pkey primary key (id),
    constraint webhook_organisation foreign key (organisation_id) references access.organisation (id),
    constraint webhook_state_known check (state in ('enabled', 'disabled', 'removed')),
    constraint webhook_disabled_because_known check (disabled_because in ('request', 'gone', 'failing')),
    constraint webhook_disabled_has_reason check ((state = 'disabled') = (disabled_because is not null)),
    constraint webhook_types_present check (types is null or cardinality(types) between 1 and 50)
);
create index webhook_by_organisation on delivery.webhook (organisation_id, id);
comment on table delivery.webhook is
    'Where an organisation gets its events. The secret stands nowhere: the server derives it from its own, the id and secret_number.';
comment on column delivery.webhook.types is 'The types of events that are sent; null: all.';
comment on column delivery.webhook.since_xact is 'Events of transactions before this one are none of its business.';

create table delivery.message (
    webhook_id uuid not null,
    id uuid not null,
    organisation_id uuid not null,
    type text not null,
    event_centre_id smallint,
    event_id bigint,
    state text not null default 'pending',
    tries integer not null default 0,
    attempts integer not null default 0,
    next_at timestamptz,
    lease uuid,
    lease_until timestamptz,
    first_tried_at timestamptz,
    created_at timestamptz not null,
    settled_at timestamptz,
    constraint message_pkey primary key (webhook_id, id),
    constraint message_webhook foreign key (webhook_id) references delivery.webhook (id),
    constraint message_state_known check (state in ('pending', 'delivered', 'failed')),
    constraint message_due_while_pending check ((state = 'pending') = (next_at is not null))
);
create index message_due on delivery.message (webhook_id, next_at) where state = 'pending';
create index message_by_age on delivery.message (created_at);
comment on table delivery.message is
    'An event on its way to a webhook; id is the event''s public id and the header webhook-id, the same in every attempt. Without an event: a test.';
comment on column delivery.message.tries is 'Since it became pending, for the schedule; attempts counts all.';

create table delivery.attempt (
    webhook_id uuid not null,
    message_id uuid not null,
    number integer not null,
    organisation_id uuid not null,
    at timestamptz not null,
    milliseconds integer not null,
    outcome text not null,
    status smallint,
    constraint attempt_pkey primary key (webhook_id, message_id, number),
    constraint attempt_message foreign key (webhook_id, message_id) references delivery.message (webhook_id, id) on delete cascade,
    constraint attempt_outcome_known check (outcome in (
        'delivered', 'refused', 'redirected', 'gone', 'timedOut', 'unreachable', 'addressNotAllowed', 'nameUnknown', 'eventForgotten'))
);
comment on table delivery.attempt is 'What came of each attempt; rows are only added, and go with their message after 30 days.';

create table delivery.progress (
    consumer text not null,
    xact bigint not null,
    id bigint not null,
    constraint progress_pkey primary key (consumer)
);
comment on table delivery.progress is 'Up to which event each consumer of the outbox has got.';

-- MARK: Row-level security

alter table delivery.webhook enable row level security;
alter table delivery.webhook force row level security;
alter table delivery.message enable row level security;
alter table delivery.message force row level security;
alter table delivery.attempt enable row level security;
alter table delivery.attempt force row level security;
alter table delivery.progress enable row level security;
alter table delivery.progress force row level security;
create policy webhook_functions on delivery.webhook to plateau_functions using (true) with check (true);
create policy webhook_actor on delivery.webhook for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation()));
create policy message_functions on delivery.message to plateau_functions using (true) with check (true);
create policy message_actor on delivery.message for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation()));
create policy attempt_functions on delivery.attempt to plateau_functions using (true) with check (true);
create policy attempt_actor on delivery.attempt for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation()));
create policy progress_functions on delivery.progress to plateau_functions using (true) with check (true);
grant select, insert, update on delivery.webhook, delivery.progress to plateau_functions;
grant select, insert, update, delete on delivery.message to plateau_functions;
grant select, insert, delete on delivery.attempt to plateau_functions;
grant select on delivery.webhook, delivery.message, delivery.attempt to plateau_app;

insert into delivery.progress (consumer, xact, id) values ('webhooks', jobs.transaction_number(), 0);

-- MARK: What an organisation decides

create function delivery.may_manage(p_key uuid, p_organisation uuid) returns boolean
    language plpgsql stable
as $$
begin
    return exists (
        select from access.api_key k
        join access.api_key_role r on r.key_id = k.id
        where k.id = p_key and k.organisation_id = p_organisation
          and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
          and r.role in ('organisationAdmin', 'centreManager', 'networkManager'));
end
$$;

create function delivery.create_webhook(
    p_id uuid, p_organisation uuid, p_url text, p_description text, p_types text[], p_key uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    perform from access.organisation o where o.id = p_organisation for no key update;
    if (select count(*) from delivery.webhook w where w.organisation_id = p_organisation and w.state <> 'removed') >= 100 then
        return 'tooMany';
    end if;
    insert into delivery.webhook (organisation_id, id, url, description, types, since_xact, created_at, created_by)
    values (p_organisation, p_id, p_url, p_description, p_types, jobs.horizon(), plateau.clock(), p_key);
    return 'created';
end
$$;
comment on function delivery.create_webhook(uuid, uuid, text, text, text[], uuid) is
    'outcome: created, forbidden, tooMany (a hundred of an organisation). It gets what happens from now on.';

create function delivery.change_webhook(
    p_id uuid, p_organisation uuid, p_version integer, p_url text, p_description text, p_types text[], p_enabled boolean, p_key uuid)
    returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_webhook delivery.webhook;
    v_now timestamptz := plateau.clock();
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    select * into v_webhook from delivery.webhook w
    where w.id = p_id and w.organisation_id = p_organisation and w.state <> 'removed' for update;
    if not found then
        return 'notFound';
    elsif v_webhook.version <> p_version then
        return 'versionMismatch';
    end if;
    update delivery.webhook w
    set url = p_url, description = p_description, types = p_types,
        state = case when p_enabled then 'enabled' else 'disabled' end,
        disabled_because = case when p_enabled then null else coalesce(w.disabled_because, 'request') end,
        disabled_at = case when p_enabled then null else coalesce(w.disabled_at, v_now) end,
        -- What happened while it was off is not sent; the list of events has it.
        since_xact = case when p_enabled and w.state = 'disabled' then jobs.horizon() else w.since_xact end,
        version = w.version + 1
    where w.id = p_id;
    if p_enabled and v_webhook.state = 'disabled' then
        -- What waits begins its schedule anew.
        update delivery.message m set tries = 0, first_tried_at = null, next_at = v_now
        where m.webhook_id = p_id and m.state = 'pending';
    end if;
    return 'changed';
end
$$;
comment on function delivery.change_webhook(uuid, uuid, integer, text, text, text[], boolean, uuid) is
    'outcome: changed, forbidden, notFound, versionMismatch.';

create function delivery.remove_webhook(p_id uuid, p_organisation uuid, p_key uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    update delivery.webhook w set state = 'removed', disabled_because = null, version = w.version + 1
    where w.id = p_id and w.organisation_id = p_organisation and w.state <> 'removed';
    if not found then
        return 'notFound';
    end if;
    delete from delivery.message m where m.webhook_id = p_id;
    return 'removed';
end
$$;
comment on function delivery.remove_webhook(uuid, uuid, uuid) is 'outcome: removed, forbidden, notFound. Its log goes with it.';

create function delivery.rotate_secret(p_id uuid, p_organisation uuid, p_overlap_hours integer, p_key uuid)
    returns table (outcome text, secret_number integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    return query
    update delivery.webhook w
    set secret_number = w.secret_number + 1, former_secret_until = plateau.clock() + make_interval(hours => p_overlap_hours),
        version = w.version + 1
    where w.id = p_id and w.organisation_id = p_organisation and w.state <> 'removed'
    returning 'rotated', w.secret_number;
    if not found then
        return query select 'notFound', null::integer;
    end if;
end
$$;
comment on function delivery.rotate_secret(uuid, uuid, integer, uuid) is
    'outcome: rotated, forbidden, notFound. For so many hours deliveries are signed with the former secret too.';

create function delivery.send_test(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_state text;
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    select w.state into v_state from delivery.webhook w
    where w.id = p_id and w.organisation_id = p_organisation and w.state <> 'removed' for share;
    if not found then
        return 'notFound';
    elsif v_state = 'disabled' then
        return 'disabled';
    end if;
    insert into delivery.message (webhook_id, id, organisation_id, type, next_at, created_at)
    values (p_id, p_message, p_organisation, 'webhook.test', v_now, v_now);
    return 'sent';
end
$$;
comment on function delivery.send_test(uuid, uuid, uuid, uuid) is 'outcome: sent (it is on its way), forbidden, notFound, disabled.';

create function delivery.replay(p_id uuid, p_organisation uuid, p_message uuid, p_key uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
begin
    if not delivery.may_manage(p_key, p_organisation) then
        return 'forbidden';
    end if;
    select w.state into v_state from delivery.webhook w
    where w.id = p_id and w.organisation_id = p_organisation and w.state <> 'removed' for share;
    if not found then
        return 'notFound';
    elsif v_state = 'disabled' then
        return 'disabled';
    end if;
    update delivery.message m
    set state = 'pending', tries = 0, first_tried_at = null, next_at = plateau.clock(), settled_at = null
    where m.webhook_id = p_id and m.id = p_message;
    return case when found then 'sent' else 'notFound' end;
end
$$;
comment on function delivery.replay(uuid, uuid, uuid, uuid) is
    'Sends a message once more, with its id. outcome: sent (it is on its way), forbidden, notFound, disabled.';

-- MARK: From the outbox to messages

create function delivery.publish(p_batch integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_from delivery.progress;
    v_horizon bigint;
    v_last_xact bigint;
    v_last_id bigint;
    v_read integer;
begin
    -- One instance at a time; another one has nothing to wait for.
    select * into v_from from delivery.progress p where p.consumer = 'webhooks' for update skip locked;
    if not found then
        return 0;
    end if;
    -- Asked before the events are read: everything below it is there by then.
    v_horizon := jobs.horizon();
    select l.xact, l.id, l.number into v_last_xact, v_last_id, v_read
    from (select e.xact, e.id, row_number() over (order by e.xact, e.id) as number
          from (select e.xact, e.id from jobs.event e
                where (e.xact, e.id) > (v_from.xact, v_from.id) and e.xact < v_horizon
                order by e.xact, e.id limit p_batch) e) l
    order by l.number desc limit 1;
    if not found then
        update delivery.progress p set xact = v_horizon, id = 0 where p.consumer = 'webhooks' and p.xact < v_horizon;
        return 0;
    end if;
    insert into delivery.message (
        webhook_id, id, organisation_id, type, event_centre_id, event_id, next_at, created_at)
    select w.id, jobs.event_uid(e.centre_id, e.id, e.occurred_at), w.organisation_id, e.type, e.centre_id, e.id, plateau.clock(),
           plateau.clock()
    from jobs.event e
    join delivery.webhook w on w.state = 'enabled' and e.xact >= w.since_xact and (w.types is null or e.type = any (w.types))
    join access.organisation o on o.id = w.organisation_id
    where (e.xact, e.id) > (v_from.xact, v_from.id) and (e.xact, e.id) <= (v_last_xact, v_last_id)
      and (e.organisation_id = w.organisation_id or e.centre_id = o.centre_id or o.kind = 'network'
           or exists (select from jobs.event_elsewhere x
                      where x.centre_id = o.centre_id and x.xact = e.xact and x.home_centre_id = e.centre_id
                        and x.subject_id = e.subject_id and x.version = e.version))
    on conflict do nothing;
    update delivery.progress p set xact = v_last_xact, id = v_last_id where p.consumer = 'webhooks';
    return v_read;
end
$$;
comment on function delivery.publish(integer) is
    'Takes the next events of the outbox, none skipped, and makes a message for each webhook that one concerns. How many events it took.';

-- MARK: Sending

create function delivery.claim(p_lease uuid, p_limit integer, p_lease_seconds integer)
    returns table (
        webhook_id uuid, message_id uuid, url text, secret_number integer, has_former_secret boolean, type text,
        event_centre_id smallint, event_id bigint, tries integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with due as (
        -- A few of each webhook, so that a slow one holds up no other.
        select m.webhook_id, m.id
        from delivery.webhook w
        cross join lateral (
            select m.webhook_id, m.id, m.next_at from delivery.message m
            where m.webhook_id = w.id and m.state = 'pending' and m.next_at <= plateau.clock()
              and (m.lease_until is null or m.lease_until < plateau.clock())
            order by m.next_at limit 4 for update skip locked) m
        where w.state = 'enabled'
        order by m.next_at
        limit p_limit
    )
    update delivery.message m
    set lease = p_lease, lease_until = plateau.clock() + make_interval(secs => p_lease_seconds),
        first_tried_at = coalesce(m.first_tried_at, plateau.clock())
    from due d, delivery.webhook w
    where m.webhook_id = d.webhook_id and m.id = d.id and w.id = m.webhook_id
    returning m.webhook_id, m.id, w.url, w.secret_number, coalesce(w.former_secret_until > plateau.clock(), false), m.type,
              m.event_centre_id, m.event_id, m.tries;
end
$$;
comment on function delivery.claim(uuid, integer, integer) is
    'Lends messages that are due to one sender for some seconds; one that dies gives them back by the lease''s end.';

create function delivery.pause_after(p_tries integer) returns interval
    language sql immutable
    return (array[interval '5 seconds', interval '5 minutes', interval '30 minutes', interval '2 hours', interval '5 hours',
                  interval '10 hours', interval '14 hours', interval '20 hours', interval '24 hours'])[p_tries];
comment on function delivery.pause_after(integer) is 'How long after so many tries the next one comes (Standard Webhooks 1.0); null: none.';

create function delivery.record_attempt(
    p_webhook uuid, p_message uuid, p_lease uuid, p_outcome text, p_status smallint, p_milliseconds integer, p_jitter float8)
    returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_webhook delivery.webhook;
    v_message delivery.message;
    v_pause interval;
    v_because text;
    v_now timestamptz := plateau.clock();
begin
    select * into v_webhook from delivery.webhook w where w.id = p_webhook for update;
    select * into v_message from delivery.message m where m.webhook_id = p_webhook and m.id = p_message for update;
    if not found or v_message.lease is distinct from p_lease then
        return 'leaseLost';
    end if;
    insert into delivery.attempt (webhook_id, message_id, number, organisation_id, at, milliseconds, outcome, status)
    values (p_webhook, p_message, v_message.attempts + 1, v_message.organisation_id, v_now, p_milliseconds, p_outcome, p_status);
    v_pause := delivery.pause_after(v_message.tries + 1) * (1 + p_jitter * 0.1);
    if p_outcome = 'gone' then
        v_because := 'gone';
    elsif p_outcome <> 'delivered' and v_pause is null
          and coalesce(v_webhook.last_success_at, '-infinity') < v_message.first_tried_at and v_message.type <> 'webhook.test' then
        v_because := 'failing';
    end if;
    update delivery.message m
    set attempts = m.attempts + 1, tries = m.tries + 1, lease = null, lease_until = null,
        state = case when p_outcome = 'delivered' then 'delivered'
                     when v_pause is null or p_outcome in ('gone', 'eventForgotten') or m.type = 'webhook.test' then 'failed'
                     else 'pending' end,
        next_at = case when p_outcome = 'delivered' or v_pause is null or p_outcome in ('gone', 'eventForgotten')
                            or m.type = 'webhook.test' then null
                       else v_now + v_pause end,
        settled_at = case when p_outcome = 'delivered' or v_pause is null or p_outcome in ('gone', 'eventForgotten')
                               or m.type = 'webhook.test' then v_now end
    where m.webhook_id = p_webhook and m.id = p_message;
    if p_outcome = 'delivered' then
        update delivery.webhook w set last_success_at = v_now where w.id = p_webhook;
    elsif v_because is not null and v_webhook.state = 'enabled' then
        update delivery.webhook w
        set state = 'disabled', disabled_because = v_because, disabled_at = v_now, version = w.version + 1
        where w.id = p_webhook;
        -- The notice: its organisation finds it among its events.
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
        values (plateau.centre_of(p_webhook), 'webhook.disabled', p_webhook, v_webhook.organisation_id, v_webhook.version + 1,
                jsonb_build_object('because', v_because), v_now);
        return 'disabled';
    end if;
    return 'recorded';
end
$$;
comment on function delivery.record_attempt(uuid, uuid, uuid, text, smallint, integer, float8) is
    'Writes an attempt to the log and says when the next one is: ten over three days, a tenth earlier or later by jitter (-1 to 1). A webhook that is gone (410), or to which nothing got through in the three days, is disabled, and its organisation told. outcome: recorded, disabled, leaseLost (another sender has it by now).';

create function delivery.forget_old_messages(p_batch integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    delete from delivery.message m
    where (m.webhook_id, m.id) in (
        select o.webhook_id, o.id from delivery.message o
        where o.created_at < plateau.clock() - interval '30 days' order by o.created_at limit p_batch);
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

-- MARK: What an event says

create function delivery.event_data(p_event jobs.event) returns jsonb
    language plpgsql stable
as $$
begin
    -- Ids and what changed. A comment is a person's words: whoever may read it finds it at its subject.
    return jsonb_strip_nulls(jsonb_build_object(
               'subjectId', p_event.subject_id, 'version', p_event.version, 'organisationId', p_event.organisation_id,
               'centreId', (select c.id from centres.centre c where c.centre_id = p_event.centre_id)))
           || (p_event.payload - 'comment')
           || case when p_event.type like 'booking.%' then coalesce(
                  (select jsonb_strip_nulls(jsonb_build_object('fromState', t.from_state, 'state', t.to_state)) from bookings.change t
                   where t.centre_id = p_event.centre_id and t.booking_id = p_event.subject_id and t.version = p_event.version), '{}')
                   else '{}' end;
end
$$;
comment on function delivery.event_data(jobs.event) is 'What the list of events and webhooks say of an event, alike; no personal data.';

create function delivery.data_of(p_centre_id smallint, p_id bigint)
    returns table (occurred_at timestamptz, data jsonb)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select e.occurred_at, delivery.event_data(e) from jobs.event e where e.centre_id = p_centre_id and e.id = p_id;
end
$$;
comment on function delivery.data_of(smallint, bigint) is 'For sending, to webhooks that it concerns. No row: forgotten.';

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'delivery'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'delivery'::regnamespace and not p.prosecdef loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
grant execute on function delivery.event_data(jobs.event) to plateau_app;

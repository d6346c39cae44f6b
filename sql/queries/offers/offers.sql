-- name: ListOffers :many
-- Offers that the actor may see, by (title, id), after a cursor; one of them when its id is given. words: each may be the beginning of one; on_day: in force then. Words are sought without accents or capitals.
-- param id uuid as OfferID
-- param centre_number int2
-- param kind text
-- param sector text
-- param technology text
-- param audience text
-- param words text
-- param on_day date
-- param after_title text
-- param after_id uuid as OfferID
-- param row_limit int4 not null
-- column id uuid as OfferID not null
-- column centre_id uuid as CentreID not null
-- column centre_name text
-- column kind text not null
-- column code text
-- column title text not null
-- column description text
-- column sector text not null
-- column technologies text[] not null
-- column audiences text[] not null
-- column platforms uuid[] as ResourceID not null
-- column duration_minutes int4
-- column most_participants int4
-- column organisation_id uuid as OrganisationID
-- column from_day date not null
-- column to_day date
-- column zone text not null
-- column withdrawn_at timestamptz
-- column withdrawal_reason text
-- column created_at timestamptz not null
-- column version int4 not null
select o.id, c.id as centre_id, n.name as centre_name, o.kind, o.code, o.title, o.description, o.sector, o.technologies, o.audiences,
       o.platforms, o.duration_minutes, o.most_participants, o.organisation_id, lower(o.during) as from_day, upper(o.during) - 1 as to_day,
       c.zone, o.withdrawn_at, o.withdrawal_reason, o.created_at, o.version
from offers.offer o
join centres.centre c on c.centre_id = o.centre_id
left join centres.centre_name n on n.centre_id = o.centre_id and upper_inf(n.during)
where (@id is null or o.centre_id = plateau.centre_of(@id) and o.id = @id)
  and (@centre_number is null or o.centre_id = @centre_number)
  and (@kind is null or o.kind = @kind)
  and (@sector is null or o.sector = @sector)
  and (@technology is null or o.technologies @> array[@technology])
  and (@audience is null or o.audiences @> array[@audience])
  and (@words is null or o.document @@ offers.sought(@words))
  and (@on_day is null or o.withdrawn_at is null and o.during @> @on_day)
  and (@after_title is null or (o.title, o.id) > (@after_title, @after_id))
order by o.title, o.id
limit @row_limit;

-- name: ListOfferWords :many
-- The sectors and technologies of the offers that the actor may see and that are in force on a day, each with how many have it.
-- param centre_number int2
-- param on_day date not null
-- column kind text not null
-- column word text not null
-- column offers int4 not null
select w.kind, w.word, count(*)::int4 as offers
from offers.offer o
cross join lateral (
    select 'sector' as kind, o.sector as word
    union all
    select distinct 'technology', t from unnest(o.technologies) t) w
where o.withdrawn_at is null and o.during @> @on_day and (@centre_number is null or o.centre_id = @centre_number)
group by w.kind, w.word
order by w.kind, w.word;

-- name: CreateOffer :one
-- outcome: created, forbidden, audienceUnknown, platformUnknown; raises offer_centre, offer_code_once, offer_organisation.
-- param centre_number int2 not null
-- param id uuid as OfferID not null
-- param key uuid as KeyID not null
-- param kind text not null
-- param code text
-- param title text not null
-- param description text
-- param sector text not null
-- param technologies text[] not null
-- param audiences text[] not null
-- param platforms uuid[] as [ResourceID] not null
-- param duration_minutes int4
-- param most_participants int4
-- param organisation_id uuid as OrganisationID
-- param from_day date not null
-- param to_day date
-- column outcome text not null
select offers.create_offer(
           @centre_number, @id, @key, @kind, @code, @title, @description, @sector, @technologies, @audiences, @platforms,
           @duration_minutes, @most_participants, @organisation_id, @from_day, @to_day) as outcome;

-- name: ChangeOffer :one
-- outcome: changed, notFound, forbidden, versionMismatch, withdrawn, audienceUnknown, platformUnknown; raises offer_code_once, offer_organisation.
-- param centre_number int2 not null
-- param id uuid as OfferID not null
-- param version int4 not null
-- param key uuid as KeyID not null
-- param kind text not null
-- param code text
-- param title text not null
-- param description text
-- param sector text not null
-- param technologies text[] not null
-- param audiences text[] not null
-- param platforms uuid[] as [ResourceID] not null
-- param duration_minutes int4
-- param most_participants int4
-- param organisation_id uuid as OrganisationID
-- param from_day date not null
-- param to_day date
-- column outcome text not null
-- column version int4
select c.outcome, c.version
from offers.change_offer(
    @centre_number, @id, @version, @key, @kind, @code, @title, @description, @sector, @technologies, @audiences, @platforms,
    @duration_minutes, @most_participants, @organisation_id, @from_day, @to_day) as c;

-- name: WithdrawOffer :one
-- outcome: done, notFound, forbidden, versionMismatch, withdrawn.
-- param centre_number int2 not null
-- param id uuid as OfferID not null
-- param version int4 not null
-- param key uuid as KeyID not null
-- param reason text not null
-- column outcome text not null
-- column version int4
select w.outcome, w.version from offers.withdraw_offer(@centre_number, @id, @version, @key, @reason) as w;

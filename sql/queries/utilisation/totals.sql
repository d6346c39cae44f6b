-- name: FoldTotals :one
-- Brings the totals of one centre up to date. How many marks it settled; 0: nothing to do, or another is at it.
-- param batch int4 not null
-- param until int8
-- column folded int4 not null
select utilisation.fold(@batch, @until) as folded;

-- name: LastMark :one
-- The latest mark that there is.
-- column mark int8 not null
select utilisation.last_mark() as mark;

-- name: TotalsDifferences :many
-- Rows of totals of a centre that differ from what the bookings come to.
-- param centre_number int2 not null
-- param row_limit int4 not null
-- column place text not null
-- column row_key text not null
-- column held text
-- column recomputed text
select d.place, d.row_key, d.held, d.recomputed from utilisation.differences(@centre_number, @row_limit) as d;

-- name: CountedCentres :many
-- Every centre, the network itself among them.
-- column centre_number int2 not null
select c.centre_id as centre_number from centres.centre c order by c.centre_id;

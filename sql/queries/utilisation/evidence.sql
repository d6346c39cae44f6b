-- name: RenewalEvidence :one
-- What the use of a centre shows for the renewal of its label.
-- param centre_number int2 not null
-- param first_day date not null
-- param last_day date not null
-- column document text not null
select cast(utilisation.evidence(@centre_number, @first_day, @last_day) as text) as document;

-- name: LabelTerm :maybe
-- The term of the label that runs, up to today, or the last one.
-- param centre_number int2 not null
-- column first_day date not null
-- column last_day date not null
select t.first_day, t.last_day from utilisation.term_of(@centre_number) as t;

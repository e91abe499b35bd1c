-- Why a destination failed last, as one of the named reasons: the page says it in words.
alter table destination add column last_reason text;

-- Every change of an alert's state, as the decision that noticed it derived it: what a backtest replays. The labels are those
-- of the alert, whose row is never deleted before its changes are.
create table transition (
  id bigint generated always as identity,
  heard_at timestamptz not null,  -- when what changed it was reported; the decision that noticed it came then or later
  alert_fingerprint text not null,
  state text not null check (state in ('firing', 'resolved', 'stale', 'expired')),
  since timestamptz not null,     -- start of the episode
  ended_at timestamptz,           -- end of its last firing period; of one that fires, of the period before. Null: there is none
  primary key (heard_at, id)
);

-- A Prometheus may post by itself, without an Alertmanager in between. It says with each alert how long that is to count.

alter table source drop constraint source_kind_check;
alter table source add constraint source_kind_check check (kind in ('alertmanager', 'prometheus', 'self'));

alter table reporter add column expires_at timestamptz; -- the end ahead that it named itself, null when it named none

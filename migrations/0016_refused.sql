-- Read by retention: attempts to sign in that failed are kept in a limited number.
create index audit_refused on audit (id) where action = 'sign-in-failed';

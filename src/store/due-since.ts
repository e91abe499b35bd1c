/**
 * A scalar subquery: since when the oldest message is due that nobody has sent; null: there is none. `$1` is now.
 *
 * A destination that backs off keeps back what is not urgent, as `dueDestinations` knows: that is due from then on. So what a
 * dead channel has to send never looks due for long; it is found by the failures of its destinations.
 */
export const dueSince = `(select min(case when n.priority > 0 then n.next_at else greatest(n.next_at, d.retry_at) end)
    from notification n join destination d on d.id = n.destination_id
    where n.state = 'pending' and n.next_at <= $1
      and (n.priority > 0 or d.retry_at is null or d.retry_at <= $1))`;

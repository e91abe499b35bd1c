/** Every route about people and their rights. */
import type { AnyRoute } from '../http/route.ts';
import { meRoutes } from './me-routes.ts';
import { oidcRoutes } from './oidc-routes.ts';
import type { PeopleParts } from './parts.ts';
import { createRefusals } from './refusals.ts';
import { createAddressThrottle } from './sign-in.ts';
import { tokenRoutes } from './token-routes.ts';
import { userRoutes } from './user-routes.ts';

export function peopleRoutes(parts: PeopleParts): AnyRoute[] {
  const recordRefused = createRefusals(parts);
  const addresses = createAddressThrottle();
  return [
    ...meRoutes(parts, recordRefused, addresses),
    ...oidcRoutes(parts, recordRefused, addresses),
    ...userRoutes(parts),
    ...tokenRoutes(parts),
  ];
}

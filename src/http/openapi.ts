/** OpenAPI 3.1 out of the schemas that validate. */
import { z } from 'zod';
import type { AnyRoute, ResponseDoc } from './route.ts';

type Json = { [key: string]: unknown };

/** What {@link openapi} says about the service as a whole. */
export interface ApiInfo {
  title: string;
  version: string;
}

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z
    .array(z.object({ in: z.enum(['path', 'query', 'body']), path: z.string(), message: z.string() }))
    .optional(),
  request_id: z.string(),
});

/** The document that describes every route; `x-role` is the least role that may call it. */
export function openapi(routes: readonly AnyRoute[], info: ApiInfo): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const item = paths[path] ?? {};
    item[route.method] = operation(route);
    paths[path] = item;
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-mm_session',
          description:
            'From POST /api/v1/session; `mm_session` where external_url is not https. What changes something also needs the header X-CSRF-Token: csrf_token of GET /api/v1/me.',
        },
      },
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
      responses: {
        Problem: {
          description: 'An error',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

function operation(route: AnyRoute): Json {
  const { params, query, body } = route.schemas;
  return {
    tags: [route.tag],
    summary: route.summary,
    operationId: operationId(route),
    'x-role': route.role,
    security: route.role === 'public' ? [] : [{ bearer: [] }, { session: [] }],
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
    ...(body === undefined ? {} : { requestBody: requestBody(route, body) }),
    responses: responses(route),
  };
}

function operationId(route: AnyRoute): string {
  const words = route.path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '' && word !== 'api' && word !== 'v1');
  return [route.method, ...words].join('_');
}

function requestBody(route: AnyRoute, body: z.ZodType): Json {
  const schema = jsonSchema(body, 'input');
  const types = route.consumes ?? ['application/json'];
  return { required: true, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

function responses(route: AnyRoute): Json {
  const documented = Object.entries(route.responses).map(([status, doc]) => [status, response(route, doc)]);
  return { ...Object.fromEntries(documented), default: { $ref: '#/components/responses/Problem' } };
}

function response(route: AnyRoute, doc: ResponseDoc): Json {
  if (doc.schema === undefined) return { description: doc.description };
  const schema = jsonSchema(doc.schema, 'output');
  const types = route.produces ?? ['application/json'];
  return { description: doc.description, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

function parameters(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

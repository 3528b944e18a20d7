import type {} from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { type Static, type TObject, Type } from 'typebox'
import type { Access, Actor } from './auth.ts'
import { isDay } from './deadline.ts'
import { AppError } from './errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the session hook (api/app.ts) before any handler; null without a valid session. */
    actor: Actor | null
  }
}

const NOTHING = Type.Object({})

/** What is not given is no fault. @throws AppError request.invalid naming what is no day. */
export function requireDays(...days: (string | null | undefined)[]): void {
  const wrong = days.find(day => day != null && !isDay(day))
  if (wrong !== undefined)
    throw new AppError('request.invalid', { message: `「${wrong}」不是日期，请写成 2026-11-24。` })
}

interface Input<P extends TObject, Q extends TObject, B extends TObject> {
  params: Static<P>
  query: Static<Q>
  body: Static<B>
  request: FastifyRequest
  reply: FastifyReply
}

interface RouteOptions<A extends Access, P extends TObject, Q extends TObject, B extends TObject> {
  method: HTTPMethods
  url: string
  access: A
  /** One Chinese line for the published OpenAPI. */
  summary: string
  /** Calls a minute and address; for what a guesser would call. */
  rateLimit?: number
  params?: P
  query?: Q
  body?: B
  handler(input: Input<P, Q, B>, actor: A extends 'public' ? Actor | null : Actor): Promise<unknown>
}

/** @throws AppError auth.required without a session, auth.forbidden without one of the roles. */
export function checkAccess(access: Access, actor: Actor | null): void {
  if (access === 'public') return
  if (!actor) throw new AppError('auth.required')
  if (access === 'signedIn') return
  const held = [actor.roles, ...actor.deputyFor.map(principal => principal.roles)].flat()
  if (!access.some(role => held.includes(role))) throw new AppError('auth.forbidden')
}

/** Adds one route. Access has no default: a route without it does not compile. */
export function route<
  const A extends Access,
  P extends TObject = typeof NOTHING,
  Q extends TObject = typeof NOTHING,
  B extends TObject = typeof NOTHING,
>(app: FastifyInstance, options: RouteOptions<A, P, Q, B>): void {
  const { method, url, access, summary, params, query, body } = options
  app.route({
    method,
    url,
    schema: {
      summary,
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
    },
    ...(options.rateLimit !== undefined && {
      config: { rateLimit: { max: options.rateLimit, timeWindow: '1 minute' } },
    }),
    preValidation: async request => checkAccess(access, request.actor),
    handler: async (request, reply) =>
      options.handler(
        {
          params: request.params as Static<P>,
          query: request.query as Static<Q>,
          body: (request.body ?? {}) as Static<B>,
          request,
          reply,
        },
        request.actor as A extends 'public' ? Actor | null : Actor,
      ),
  })
}

/** Kinds of file that the program hands out. */
export const MEDIA = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  zip: 'application/zip',
} as const

/** A file to keep, under its Chinese name; never shown in place. */
export function sendFile(reply: FastifyReply, bytes: Uint8Array, mediaType: string, name: string) {
  return reply
    .header('content-type', mediaType)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .header('cache-control', 'no-store')
    .send(bytes)
}

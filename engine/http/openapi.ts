import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import type { TSchema } from "typebox";
import * as schemas from "../presentation/schemas";
import { PROBLEMS } from "../problems/problem";
import { REASONS, reasonCodeOf } from "../problems/reasons";

const OPENAPI_PATH = "/api/openapi.json";
const SHARED: readonly TSchema[] = [
  schemas.Order,
  schemas.Book,
  schemas.Trade,
  schemas.OwnTrade,
  schemas.PositionSchema,
  schemas.SymbolSchema,
  schemas.Analytics,
  schemas.DailyProfit,
  schemas.ProblemSchema,
];

/** Serves the OpenAPI document, made of the schemas that validate, and a page to read and try it. */
export async function serveDocumentation(app: FastifyInstance): Promise<void> {
  for (const schema of SHARED) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Matching engine",
        version: "1.0.0",
        description:
          "Orders, books, trades, positions. Prices and quantities are decimal strings; errors are problem+json with a code.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      tags: [
        { name: "orders", description: "Entering and changing orders" },
        { name: "account", description: "Positions, trades, profits" },
        { name: "market", description: "Symbols, books, public trades" },
        { name: "admin", description: "Operating the engine" },
        { name: "operations", description: "Health and metrics" },
      ],
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema${index}`) },
  });
  await app.register(swaggerUi, { routePrefix: "/docs", staticCSP: true, uiConfig: { url: OPENAPI_PATH } });
  app.get(OPENAPI_PATH, { schema: { hide: true } }, () => app.swagger());
  app.get("/docs/problems", { schema: { hide: true } }, (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(problemPage()),
  );
}

function problemPage(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, title, instead }]) =>
      `<tr id="${code}"><td>${status}</td><td><code>${code}</code></td><td>${title}</td><td>${withCode(instead)}</td></tr>`,
  );
  const reasons = Object.entries(REASONS).map(
    ([name, { means, instead }]) =>
      `<tr><td><code>${reasonCodeOf(name)}</code></td><td>${means}</td><td>${withCode(instead)}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Problem codes</title>
<style>body{font:16px/1.5 system-ui;max-width:56rem;margin:2rem auto;padding:0 1rem}td{padding:.3rem .8rem}tr:target{background:#fe8}</style>
<h1>Problem codes</h1><p>Every error is <code>application/problem+json</code> with one of these codes.</p>
<table>${rows.join("\n")}</table>
<h2>Reasons</h2><p>Why the matching engine rejected a command: <code>reason</code> next to <code>ORDER_REJECTED</code>, explained in <code>detail</code>.</p>
<table>${reasons.join("\n")}</table></html>`;
}

const withCode = (text: string): string => text.replace(/`([^`]+)`/g, "<code>$1</code>");

/** Part of every route's schema: what it answers besides success. */
export const problemResponses = (...statuses: readonly number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: Object.values(PROBLEMS)
          .filter((problem) => problem.status === status)
          .map((problem) => problem.title)
          .join("; "),
        content: { "application/problem+json": { schema: { $ref: "Problem#" } } },
      },
    ]),
  );

export const BEARER = [{ bearer: [] }];

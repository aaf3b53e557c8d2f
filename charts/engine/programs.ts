/** What the engine's image can run: the bundles that its build makes. */
export const ENGINE_PROGRAMS = { serve: "/app/dist/main.js", migrate: "/app/dist/migrate-command.js" } as const;

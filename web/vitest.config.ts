import { defineConfig } from "vitest/config";

const include = ["tests/**/*.test.ts"];
const testTimeout = 300_000; // milliseconds: a slow machine fails none

export default defineConfig({ test: { include, environment: "node", testTimeout } });

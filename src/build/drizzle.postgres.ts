import { defineConfig } from 'drizzle-kit'

const config = defineConfig({
  dialect: 'postgresql',
  schema: ['./src/features/*/schema.ts', './src/platform/*/schema.ts'],
  out: './migrations/postgres',
  casing: 'snake_case',
})

// biome-ignore lint/style/noDefaultExport: drizzle-kit reads the default export
export default config

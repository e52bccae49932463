import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run dev` shows the pages from source and passes everything else on to a running server.
const server = process.env["LABELYARD_URL"] ?? "http://127.0.0.1:8080";
const passedOn = ["/graphql", "/_gql", "/api", "/sign-in/"];

export default defineConfig({
  plugins: [react()],
  build: { target: "es2023", sourcemap: false, chunkSizeWarningLimit: 300 },
  worker: { format: "es" },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(passedOn.map((path) => [path, { target: server, changeOrigin: false }])),
  },
});

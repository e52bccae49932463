import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const media = ["image", "video", "text", "pdf", "audio", "html", "conversation", "geospatial", "dicom", "json"];
const react = ["react", "react-dom", "react/*", "react-dom/*", "wouter", "@tanstack/*"];

const noMedia = {
  regex: `^(\\.\\./)+(editors/)?(${media.join("|")})(/|$)`,
  message: "The core knows no media folder; a media folder knows no other one. Share through editors/core.",
};
const noReact = { group: react, message: "This part of the core runs in tests and workers without React." };
const noPages = { group: ["**/pages/**", "**/app/**", "**/api/**"], message: "The editors know no page, no route and no server." };

export default tseslint.config(
  { ignores: ["dist", "node_modules"] },
  ...tseslint.configs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    files: ["**/*.{ts,tsx}"],
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "max-lines": ["error", { max: 400 }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-non-null-assertion": "error",
    },
  },
  {
    files: ["src/editors/**/*.{ts,tsx}"],
    rules: { "no-restricted-imports": ["error", { patterns: [noMedia, noPages] }] },
  },
  {
    files: ["src/editors/core/{model,state,geometry,tools,viewport}/**/*.ts", "src/editors/core/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [noMedia, noReact, noPages] }] },
  },
  {
    // The headless part: values in, values out, also in a worker or in a test without a page.
    files: ["src/editors/core/{model,state,geometry,tools}/**/*.ts", "src/editors/core/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["window", "document", "HTMLElement", "navigator", "localStorage", "indexedDB", "requestAnimationFrame", "fetch"],
      ],
    },
  },
  {
    // Tests of the journal and the outbox use the browser's real storage code.
    files: ["src/editors/**/*.test.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [noMedia, noReact] }] },
  },
  {
    // The registry is the one place that names the media folders.
    files: ["src/editors/registry.ts"],
    rules: { "no-restricted-imports": "off" },
  },
);

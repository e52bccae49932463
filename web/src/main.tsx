import { createRoot } from "react-dom/client";
import "./app/theme.css";
import { App } from "./app/routes";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);

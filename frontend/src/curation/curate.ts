import "./curate.css";
import { takeOrder } from "./order";

/* The pages work without any of this. */
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-order]")) takeOrder(form);

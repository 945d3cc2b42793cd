import "./gallery.css";
import { playFilms } from "./films";
import { loadMore } from "./more";
import { startWishes } from "./wishes";

/* The gallery is whole without any of this. */
const form = document.querySelector<HTMLFormElement>("form[data-wish]");
if (form) startWishes(form);
playFilms(document.querySelectorAll<HTMLElement>(".card"));
const cards = document.querySelector<HTMLElement>("[data-cards]");
const pages = document.querySelector<HTMLElement>("[data-pages]");
if (cards && pages) loadMore(cards, pages);

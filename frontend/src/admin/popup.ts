/**
 * Tells the page that opened this window what became of its object. Served as `admin/js/popup_response.js`: unfold has
 * put one there that speaks to the page around a frame.
 */
import { opener } from "./opener";

interface Answer {
  action?: "change" | "delete";
  value: string;
  obj?: string;
  new_value?: string;
  optgroup?: string;
}

const told = document.getElementById("django-admin-popup-response-constants")?.dataset.popupResponse ?? "{}";
const { action, value, obj, new_value, optgroup } = JSON.parse(told) as Answer;
if (action === "change") opener?.dismissChangeRelatedObjectPopup(window, value, obj, new_value);
else if (action === "delete") opener?.dismissDeleteRelatedObjectPopup(window, value);
else opener?.dismissAddRelatedObjectPopup(window, value, obj, optgroup);

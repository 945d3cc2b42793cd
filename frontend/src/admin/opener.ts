/** The admin page that opened this window, with what Django's RelatedObjectLookups.js offers to such windows. */
type Dismiss = (popup: Window, ...values: (string | undefined)[]) => void;
interface Opener {
  dismissRelatedLookupPopup: Dismiss;
  dismissAddRelatedObjectPopup: Dismiss;
  dismissChangeRelatedObjectPopup: Dismiss;
  dismissDeleteRelatedObjectPopup: Dismiss;
}

export const opener = window.opener as Opener | null;

/** What a page may try and cannot have, refused the way a browser refuses. */

import { give } from "./pristine";

export function refuse(): void {
  deleteService();
  const notAllowed = () => Promise.reject(new DOMException("Permission denied", "NotAllowedError"));
  give(Navigator.prototype, "share", notAllowed);
  give(Navigator.prototype, "canShare", () => false);
  give(window, "Notification", DeniedNotification);
  // Focus is a person's to give.
  give(window, "focus", () => {});
}

function deleteService(): void {
  for (const name of ["serviceWorker", "sharedStorage"]) {
    Reflect.deleteProperty(Navigator.prototype, name);
    Reflect.deleteProperty(window, name);
  }
}

class DeniedNotification extends EventTarget {
  static readonly permission = "denied";
  static readonly maxActions = 0;

  static requestPermission(callback?: (permission: string) => void): Promise<string> {
    callback?.("denied");
    return Promise.resolve("denied");
  }

  readonly title: string;

  constructor(title: string) {
    super();
    this.title = String(title);
    setTimeout(() => this.dispatchEvent(new Event("error")));
  }

  close(): void {}
}

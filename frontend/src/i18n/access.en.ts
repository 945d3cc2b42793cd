/** Who may open a page beyond its visibility: a password, an end; and its code for other sites. */
export const access = {
  password: "Password",
  passwordHint: "Whoever opens the link has to enter it once. You need none yourself.",
  passwordSet: "A password is asked for.",
  set: "Set",
  changePassword: "Change",
  removePassword: "Remove",
  expiry: "Opens until",
  expiryHint: "After that you alone see the page, and can extend it.",
  expired: "Expired: you alone see it now.",
  copyEmbed: "Copy code for your site",
  forever: "For ever",
};

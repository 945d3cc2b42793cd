/** What the workbench says of the gallery. */
export const gallery = {
  title: "Gallery",
  filledIn: "This wish was filled in for you. What you had written is kept.",
  putBack: "Put mine back",
  submit: "Submit to the gallery",
  submitHint: "A curator looks at it first. Submitting makes it public.",
  again: "Submit again",
  withdraw: "Withdraw",
  signUp: "Sign up",
  signUpHint: "to show it in the gallery. What you made comes along.",
  failed: "This did not work. Try again in a moment.",
};

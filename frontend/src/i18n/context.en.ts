export const context = {
  title: (percent: string) => `Context: about ${percent} of the model's window`,
  heading: "What the model reads with your next wish",
  window: (used: string, window: string) => `about ${used} of ${window} tokens`,
  parts: {
    instructions: "Instructions",
    conversation: "Conversation",
    files: "Files as they are now",
    answer: "Kept free for the answer",
  },
  estimated: "Estimated from the length of the texts.",
  counted: (tokens: string) => `The endpoint counted ${tokens} tokens for the latest answer.`,
  full: "Nearly full: before the next answer, earlier exchanges are condensed to a summary.",
  overfull: "This is more than the model's window. Choose a model with a larger one, or condense.",
  condense: "Condense earlier exchanges now",
  condensing: "Condensing …",
  nothing: "Only the latest exchange is told in full; there is nothing more to condense.",
  divider: (runs: number, saved: string) =>
    `The model reads ${runs === 1 ? "the exchange" : `the ${runs} exchanges`} above as a summary (about ${saved} tokens less)`,
  outline: "The model gave no summary, so this lists the wishes.",
  undo: "Tell in full again",
};

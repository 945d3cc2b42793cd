/** How frames come, where it is not as usual. */
export const transport = {
  label: "How the answer arrives",
  name: {
    websocket: "Arrives over a websocket",
    stream: "over plain HTTP",
    poll: "fetched in pieces",
  },
  why: {
    stream:
      "This network lets no websockets through, so the answer arrives as a stream over plain HTTP. It is just as live.",
    poll: "This network holds streams back, so the answer is fetched again and again, several times a second. Nothing is lost.",
  },
  again: "A better way is tried now and then.",
  connecting: "Connecting takes longer than usual. Other ways are being tried.",
};

/** The part of it that is used here. */
declare module "@alpinejs/csp" {
  /** Its value: text, or what a script bound. */
  type Attribute = { name: string; value: unknown };
  interface Persisted {
    as(name: string): Persisted;
    using(storage: Pick<Storage, "getItem" | "setItem">): Persisted;
  }

  const Alpine: {
    /** From the plugin that unfold loads before it. */
    readonly $persist: (value: string) => Persisted;
    mapAttributes(map: (attribute: Attribute) => Attribute): void;
    interceptInit(look: (element: Element) => void): void;
    data(name: string, scope: () => object): void;
    start(): void;
  };
  export default Alpine;
}

// What the shop and its pages say to each other.

/** The service that pages speak to. */
export const shop = 'shop';

export interface Order {
  readonly order: string;
}

export interface Ordered {
  readonly cups: number;
}

/** What is pushed to a page. */
export interface Pushed {
  readonly private: { readonly text: string };
}

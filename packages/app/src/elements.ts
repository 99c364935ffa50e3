/** An element with its attributes and what it holds. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...content: ReadonlyArray<string | Node>
): HTMLElement {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...content);
  return made;
}

const placeOf = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`#${id}`);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
};

export const prepend = (id: string, content: Node): void => placeOf(id).prepend(content);

export const replace = (id: string, ...content: ReadonlyArray<string | Node>): void =>
  placeOf(id).replaceChildren(...content);

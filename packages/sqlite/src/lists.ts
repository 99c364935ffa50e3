import type {Partition, ResourceKey, StoredResponse} from 'limpid/store';
import QuickLRU from 'quick-lru';

type List = readonly StoredResponse[];

/** Whose list it is; `undefined` for everybody's. */
type Whose = Partition | undefined;

type Listed = {
  /** Lists are kept under it, and under a new one once they are forgotten: nobody has to go and find them all. */
  readonly number: number;
  /** The one that was read last, and whose it is: found without a look at the others. */
  latest: List;
  whose: Whose;
};

/** What was listed last, as long as nothing has changed in the file. */
export class Lists {
  // Each holds up to twice its `maxSize`: of a resource with more users than that, those who came last.
  readonly #lists = new QuickLRU<string, List>({maxSize: 500});
  readonly #resources = new QuickLRU<ResourceKey, Listed>({maxSize: 500});
  #numbers = 0;

  find(resource: ResourceKey, whose: Whose): List | undefined {
    const listed = this.#resources.get(resource);
    if (listed === undefined || listed.whose === whose) return listed?.latest;
    const list = this.#lists.get(nameOf(listed, whose));
    if (list !== undefined) Object.assign(listed, {latest: list, whose});
    return list;
  }

  /** The response of this id as it stands in a list that is remembered: the one read last, or its own partition's. */
  listed({resource, partition, id}: StoredResponse): StoredResponse | undefined {
    const listed = this.#resources.get(resource);
    if (listed === undefined) return undefined;
    const isIt = (stored: StoredResponse): boolean => stored.id === id;
    return listed.latest.find(isIt) ?? this.#lists.get(nameOf(listed, partition))?.find(isIt);
  }

  remember(resource: ResourceKey, whose: Whose, list: List): List {
    const number = this.#resources.get(resource)?.number ?? ++this.#numbers;
    const listed = {number, latest: list, whose};
    this.#resources.set(resource, listed);
    this.#lists.set(nameOf(listed, whose), list);
    return list;
  }

  /** Those of all partitions. */
  forget(resource: ResourceKey): void {
    this.#resources.delete(resource);
  }

  forgetAll(): void {
    this.#resources.clear();
    this.#lists.clear();
  }
}

const nameOf = ({number}: Listed, whose: Whose): string => (whose === undefined ? `${number}` : `${number} ${whose}`);

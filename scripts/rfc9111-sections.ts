// RFC 9111's table of contents, and why the sections that no file implements need none.

/** `normative`: it asks something of a cache. `notApplicable`: why no file answers it. */
export type Section = {
  readonly number: string;
  readonly title: string;
  readonly normative: boolean;
  readonly notApplicable?: string;
};

const asks = (number: string, title: string, notApplicable?: string): Section => ({
  number,
  title,
  normative: true,
  ...(notApplicable && {notApplicable}),
});

const tells = (number: string, title: string, notApplicable: string): Section => ({
  number,
  title,
  normative: false,
  notApplicable,
});

const neverTransformed = 'limpid passes content on as it was received and never transforms it';

export const sections: readonly Section[] = [
  tells('1', 'Introduction', 'informative'),
  tells('1.1', 'Requirements Notation', 'informative'),
  tells('1.2', 'Syntax Notation', 'informative'),
  tells('1.2.1', 'Imported Rules', 'grammar of RFC 9110; see the table below'),
  asks('1.2.2', 'Delta Seconds'),
  asks('2', 'Overview of Cache Operation'),
  asks('3', 'Storing Responses in Caches'),
  asks('3.1', 'Storing Header and Trailer Fields'),
  asks('3.2', 'Updating Stored Header Fields'),
  asks('3.3', 'Storing Incomplete Responses'),
  asks('3.4', 'Combining Partial Content'),
  asks('3.5', 'Storing Responses to Authenticated Requests'),
  asks('4', 'Constructing Responses from Caches'),
  asks('4.1', 'Calculating Cache Keys with the Vary Header Field'),
  asks('4.2', 'Freshness'),
  asks('4.2.1', 'Calculating Freshness Lifetime'),
  asks('4.2.2', 'Calculating Heuristic Freshness'),
  asks('4.2.3', 'Calculating Age'),
  asks('4.2.4', 'Serving Stale Responses'),
  asks('4.3', 'Validation'),
  asks('4.3.1', 'Sending a Validation Request'),
  asks('4.3.2', 'Handling a Received Validation Request'),
  asks('4.3.3', 'Handling a Validation Response'),
  asks('4.3.4', 'Freshening Stored Responses upon Validation'),
  asks('4.3.5', 'Freshening Responses with HEAD'),
  asks('4.4', 'Invalidating Stored Responses'),
  tells('5', 'Field Definitions', 'only holds the sections below'),
  asks('5.1', 'Age'),
  asks('5.2', 'Cache-Control'),
  tells('5.2.1', 'Request Directives', 'only holds the sections below'),
  asks('5.2.1.1', 'max-age'),
  asks('5.2.1.2', 'max-stale'),
  asks('5.2.1.3', 'min-fresh'),
  asks('5.2.1.4', 'no-cache'),
  asks('5.2.1.5', 'no-store'),
  asks('5.2.1.6', 'no-transform', neverTransformed),
  asks('5.2.1.7', 'only-if-cached'),
  tells('5.2.2', 'Response Directives', 'only holds the sections below'),
  asks('5.2.2.1', 'max-age'),
  asks('5.2.2.2', 'must-revalidate'),
  asks('5.2.2.3', 'must-understand'),
  asks('5.2.2.4', 'no-cache'),
  asks('5.2.2.5', 'no-store'),
  asks('5.2.2.6', 'no-transform', neverTransformed),
  asks('5.2.2.7', 'private'),
  asks('5.2.2.8', 'proxy-revalidate'),
  asks('5.2.2.9', 'public'),
  asks('5.2.2.10', 's-maxage'),
  asks('5.2.3', 'Extension Directives'),
  tells('5.2.4', 'Cache Directive Registry', 'instructions to IANA'),
  asks('5.3', 'Expires'),
  asks('5.4', 'Pragma'),
  tells('5.5', 'Warning', 'obsolete: the field is neither read nor written, only passed on'),
  tells(
    '6',
    'Relationship to Applications and Other Caches',
    'informative: history lists and other caches are not ours',
  ),
  tells('7', 'Security Considerations', 'only holds the sections below'),
  asks('7.1', 'Cache Poisoning'),
  asks(
    '7.2',
    'Timing Attacks',
    'a cache inside one application answers that application alone; between its users, partitions stand (§7.3)',
  ),
  asks('7.3', 'Caching of Sensitive Information'),
  tells('8', 'IANA Considerations', 'instructions to IANA'),
  tells('9', 'References', 'informative'),
];

// `pnpm reasons` writes packages/core/REASONS.md: every reason that limpid ever gives, from the tables in the code.

import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {
  type Explained,
  forwardDetails,
  forwardReasons,
  notReusedReasons,
  notStoredReasons,
  standInReasons,
} from '../packages/core/src/policy/reasons.ts';
import {code, plain, row} from './markdown.ts';
import {workspaceRoot} from './source.ts';

export const reasonsPath = 'packages/core/REASONS.md';

function table(reasons: Readonly<Record<string, Explained>>): string {
  const rows = Object.entries(reasons).map(([reason, {section, text}]) => row(code(reason), plain(text), section));
  return [row('reason', 'in words', 'by'), row('---', '---', '---'), ...rows].join('\n');
}

/** Nobody is told of another user's response. */
const {partition: _, ...ownReasons} = notReusedReasons;

/** The page as it should be. */
export const reasonsPage = (): string => `# Reasons

## Why a request was sent

What stands after \`fwd=\` in \`Cache-Status\`, and as \`because\` in \`explain\` and in the event \`miss\`:

${table(forwardReasons)}

What exactly stood behind it, \`detail\` in all three:

${table(forwardDetails)}

## Why a stored response answered after all

\`detail\` in \`Cache-Status\`, where the event \`hit\` says \`instead\`:

${table(standInReasons)}

## Why a stored response was passed over

\`because\` of each stored response in \`explain\`:

${table(ownReasons)}

## Why an answer was not stored

\`because\` in the event \`refuse\`:

${table(notStoredReasons)}
`;

if (import.meta.main) writeFileSync(join(workspaceRoot, reasonsPath), reasonsPage());

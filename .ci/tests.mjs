// Reads Vitest's JSON report: each failed test with its message, then a line `passed failed skipped`.
// Run by whatever Node a bare machine has, so that a report is read even where the tools could not be installed.
import {readFileSync} from 'node:fs';

const most = 2000;

const read = file => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
};

const {
  testResults = [],
  numPassedTests = 0,
  numFailedTests = 0,
  numPendingTests = 0,
  numTodoTests = 0,
} = read(process.argv[2]);

for (const {name, status: ofFile, message, assertionResults} of testResults) {
  const failed = assertionResults.filter(({status}) => status === 'failed');
  if (message) console.log(`${name}\n${message.slice(0, most)}\n`);
  // A hook, or the worker itself: the report has no words for it.
  else if (ofFile === 'failed' && failed.length === 0) console.log(`${name}\nfailed outside its tests\n`);
  for (const {fullName, failureMessages} of failed)
    console.log(`${name}\n${fullName}\n${failureMessages.join('\n').slice(0, most)}\n`);
}
console.log(numPassedTests, numFailedTests, numPendingTests + numTodoTests);

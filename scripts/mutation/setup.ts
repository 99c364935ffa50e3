// Before each test file: a mutant falls by what it computes, so that a score can be had twice.
import {configureGlobal} from 'fast-check';

// Properties try the same cases for every mutant.
configureGlobal({seed: 9111});
// Tests that measure time pass, as they should: a busy machine is not the mutant's doing. An endless loop still ends it.
performance.now = () => 0;

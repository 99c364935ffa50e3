export {type StoreCapabilities, storeContract, type TestRunner} from './stores/contract.ts';
export {response as storedResponse} from './stores/contract-support.ts';

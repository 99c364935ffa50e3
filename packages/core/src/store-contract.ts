export {type StoreCapabilities, storeContract, type TestRunner} from './stores/contract.ts';

export * from './registry';
export { defaultAdmission } from './admission';

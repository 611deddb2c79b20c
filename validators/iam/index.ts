/** The door of the policy reasoning: policy texts and worlds in, decisions out. Synchronous and pure. */
export { Allowance, SPENT } from "./allowance";
export { isAwsOwned } from "./aws-owned";
export type { BucketWorld, Decision, EncryptedPuts, KeyWorld } from "./decision";
export { type Uselessness, uselessInBucketPolicy, uselessInKeyPolicy } from "./notices";

export { anyOutsider, anyOutsiderOfKey, anyPlainHttp, anyUnencryptedPut, type PublicAccess } from "./questions";
export { readPolicy } from "./read";
export type { PolicyReading, PolicyText, Service } from "./reading";
export { isFinal, remembered } from "./remembered";
